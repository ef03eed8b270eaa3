//! Reads how a spreadsheet of items is imported.

use std::collections::{BTreeMap, BTreeSet};

use crate::{
    check::{bad_import_column, unknown_field},
    definition::{
        form::{Field, FieldKind, Form},
        module::{Import, ImportColumn},
    },
    diagnostic::Faults,
    text::Name,
    yaml::read::At,
};

/// The import behind `at` into items of `form`; without a form, fields are not checked.
pub(crate) fn read(at: At<'_>, form: Option<&Form>, faults: &mut Faults) -> Option<Import> {
    let mut map = at.map(faults)?;
    let written = map.need("columns", faults).map(|at| at.named(faults)).unwrap_or_default();
    let open_ended = map.take("open_ended").map(|at| at.names(faults)).unwrap_or_default();
    map.finish(faults);
    let mut headers = BTreeSet::new();
    let mut filled: BTreeMap<Name, String> = BTreeMap::new();
    let mut columns = Vec::new();
    for (header, at) in written {
        columns.extend(column(&header, at, form, &mut headers, &mut filled, faults));
    }
    // A column with a misspelt field is probably the one that is missing.
    let sound = form.is_some_and(|form| filled.keys().all(|name| form.field(name).is_some()));
    for field in form.into_iter().flat_map(|form| &form.fields).filter(|field| field.required) {
        if sound && !filled.contains_key(&field.name) {
            faults.push(bad_import_column::required_is_missing(at.place(), &field.name));
        }
    }
    Some(Import { columns, open_ended: open_ended.into_iter().map(|(word, _)| word.to_string()).collect() })
}

fn column(
    header: &Name,
    at: At<'_>,
    form: Option<&Form>,
    headers: &mut BTreeSet<String>,
    filled: &mut BTreeMap<Name, String>,
    faults: &mut Faults,
) -> Option<ImportColumn> {
    let mut map = at.map(faults)?;
    let field = map.take("field").and_then(|at| Some((at.name(faults)?, at)));
    let required = map.take("required").and_then(|at| at.bool(faults)).unwrap_or(false);
    let aliases = map.take("aliases").map(|at| at.names(faults)).unwrap_or_default();
    let remark = map.take("remark").and_then(|at| Some((at.name(faults)?, at)));
    map.finish(faults);
    if !headers.insert(header.to_string()) {
        faults.push(bad_import_column::header_twice(at.key_place(), header));
    }
    for (alias, at) in &aliases {
        if !headers.insert(alias.to_string()) {
            faults.push(bad_import_column::header_twice(at.place(), alias));
        }
    }
    let target = field.as_ref().and_then(|(name, at)| known(name, *at, form, faults));
    if let Some((name, at)) = &field {
        if target.is_some_and(|target| target.read_only) {
            faults.push(bad_import_column::read_only(at.place(), name));
        }
        if let Some(first) = filled.get(name) {
            faults.push(bad_import_column::twice(at.place(), name, first));
        } else {
            filled.insert(name.clone(), header.to_string());
        }
    }
    if let Some((name, at)) = &remark {
        check_remark(name, *at, target, form, faults);
    }
    Some(ImportColumn {
        header: header.to_string(),
        aliases: aliases.into_iter().map(|(alias, _)| alias.to_string()).collect(),
        field: field.map(|(name, _)| name),
        required,
        remark: remark.map(|(name, _)| name),
    })
}

fn known<'a>(name: &Name, at: At<'_>, form: Option<&'a Form>, faults: &mut Faults) -> Option<&'a Field> {
    let form = form?;
    let found = form.field(name);
    if found.is_none() {
        let of = (format!("表单 `{}` ", form.name), format!("the form `{}`", form.name));
        let known = form.fields.iter().map(|field| field.name.as_str());
        faults.push(unknown_field::fault(at.place(), name, (&of.0, &of.1), known));
    }
    found
}

/// `remark` keeps what a column of dates, units or people could not take, in a field of text.
fn check_remark(name: &Name, at: At<'_>, target: Option<&Field>, form: Option<&Form>, faults: &mut Faults) {
    let element = |kind: &FieldKind| match kind {
        FieldKind::List(element) => (**element).clone(),
        kind => kind.clone(),
    };
    let useful = |field: &Field| matches!(element(&field.kind), FieldKind::Date | FieldKind::Unit | FieldKind::Person);
    if target.is_some_and(|field| !useful(field)) {
        faults.push(bad_import_column::remark_without_use(at.key_place()));
    }
    if let Some(field) = known(name, at, form, faults)
        && !matches!(field.kind, FieldKind::Text { .. })
    {
        faults.push(bad_import_column::remark_is_no_text(at.place(), name));
    }
}
