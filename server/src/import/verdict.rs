//! Verdicts: what becomes of each row, judged against the rows before it and the ledger.

use std::collections::{BTreeMap, BTreeSet};

use docket_engine::{
    case::Case,
    command::Command,
    definition::{form::Field, module::Colour},
    id::Id,
    step,
    text::Name,
    value::Value,
};
use serde_json::{Map, Value as Json};

use super::{
    directory::Directory,
    note::{Note, Remark},
    report::{Column, Draft, Row, Verdict},
    setting::Setting,
    shown,
};
use crate::identity::normalise;

/// An item on the ledger with the same key as a row's title.
#[derive(Debug, Clone, PartialEq)]
pub struct Known {
    /// Its id.
    pub id: Id,
    /// Its home module.
    pub module: Name,
    /// Its kind.
    pub kind: Name,
    /// Its title.
    pub title: String,
    /// Its form's fields.
    pub fields: Map<String, Json>,
    /// Whether it is done: a row may not change it.
    pub done: bool,
    /// Whether whoever imports may read it. Of one that he may not, a preview says that it is there and nothing else.
    pub seen: bool,
}

/// Judges rows.
#[derive(Debug)]
pub struct Judge<'a> {
    /// What the import is made with.
    pub setting: &'a Setting<'a>,
    /// The organisation by names.
    pub directory: &'a Directory<'a>,
    /// The columns of the sheet: only what they fill is compared.
    pub columns: &'a [Column],
}

/// The keys of the rows' titles, for finding items on the ledger.
#[must_use]
pub fn keys(drafts: &[Draft]) -> BTreeSet<String> {
    drafts.iter().filter_map(|draft| draft.title.as_deref()).map(normalise).filter(|key| !key.is_empty()).collect()
}

impl Judge<'_> {
    /// Judges `drafts`, in their order, against the items in `known`.
    #[must_use]
    pub fn judge(&self, drafts: Vec<Draft>, known: &[Known]) -> Vec<Row> {
        let mut ledger: BTreeMap<String, Vec<&Known>> = BTreeMap::new();
        for item in known {
            ledger.entry(normalise(&item.title)).or_default().push(item);
        }
        for items in ledger.values_mut() {
            items.sort_by_key(|item| item.id);
        }
        let mut seen = Seen { rows: BTreeMap::new(), claimed: BTreeSet::new(), ledger };
        drafts.into_iter().map(|draft| self.judge_one(draft, &mut seen)).collect()
    }

    fn judge_one(&self, draft: Draft, seen: &mut Seen<'_>) -> Row {
        let mut row = Row {
            draft,
            verdict: Verdict::New,
            of_row: None,
            of_item: None,
            of_title: None,
            hidden: false,
            light: None,
            notes: Vec::new(),
            edited: Map::new(),
        };
        if row.draft.left_out {
            row.verdict = Verdict::LeftOut;
            return row;
        }
        if !row.draft.notes.iter().all(Note::lets_in) {
            row.verdict = Verdict::Refused;
            return row;
        }
        self.compare(&mut row, seen);
        if matches!(row.verdict, Verdict::New | Verdict::Duplicate) {
            self.try_out(&mut row);
        }
        if row.verdict != Verdict::Refused
            && let Some(key) = self.key(&row.draft)
        {
            seen.rows.entry(key).or_insert((row.draft.row, row.draft.title.clone().unwrap_or_default()));
        }
        row
    }

    /// The key of the row's identity; none where the kind has none, or the text is punctuation alone.
    fn key(&self, draft: &Draft) -> Option<String> {
        let field = self.setting.identity()?;
        draft.fields.get(&*field.name).and_then(Json::as_str).map(normalise).filter(|key| !key.is_empty())
    }

    /// Whether the row repeats or changes something.
    fn compare(&self, row: &mut Row, seen: &mut Seen<'_>) {
        let Some(key) = self.key(&row.draft) else { return };
        let items = seen.ledger.get(&key).map_or(&[][..], Vec::as_slice);
        let same = items.iter().find(|item| {
            item.seen
                && !seen.claimed.contains(&item.id)
                && item.module == self.setting.module.name
                && item.kind == self.setting.kind.name
                && row.draft.title.as_deref() == Some(&item.title)
        });
        if let Some(item) = same {
            (row.notes, row.edited) = self.differences(&row.draft, item);
            row.verdict = match (row.notes.is_empty(), item.done) {
                (true, _) => Verdict::Unchanged,
                (false, false) => Verdict::Changed,
                (false, true) => Verdict::Duplicate,
            };
            if row.verdict == Verdict::Duplicate {
                row.edited.clear();
                row.notes = vec![self.identity_note(repeats_done(item))];
            }
            refer(row, item);
            seen.claimed.insert(item.id);
        } else if let Some((earlier, title)) = seen.rows.get(&key) {
            row.verdict = Verdict::Duplicate;
            row.of_row = Some(*earlier);
            row.of_title = Some(title.clone());
            row.notes = vec![self.identity_note(Remark::warning(
                "repeats-row",
                format!("与第 {earlier} 行“{title}”重复，默认不导入"),
                format!("repeats row {earlier}, “{title}”; it stays out unless you say otherwise"),
            ))];
        } else if let Some(item) = items.first() {
            row.verdict = Verdict::Duplicate;
            row.notes = vec![self.identity_note(self.repeats_item(item))];
            refer(row, item);
        }
    }

    fn repeats_item(&self, item: &Known) -> Remark {
        if !item.seen {
            return Remark::warning(
                "repeats-item",
                "台账中已有同名事项，您无权查看；默认不导入".to_owned(),
                "an item of this title that you may not see is on the ledger already; the row stays out unless you say otherwise"
                    .to_owned(),
            );
        }
        let module = self.setting.context.registry.module(&item.module).map(|module| module.title.clone());
        let module = module.unwrap_or_else(|| docket_engine::text::Text::same(&*item.module));
        Remark::warning(
            "repeats-item",
            format!("台账“{}”中已有“{}”（编号 {}），默认不导入", module.zh, item.title, item.id),
            format!(
                "“{}” (number {}) is on the ledger of “{}” already; it stays out unless you say otherwise",
                item.title, item.id, module.en,
            ),
        )
    }

    fn identity_note(&self, remark: Remark) -> Note {
        let field = self.setting.identity();
        let column = field.and_then(|field| self.columns.iter().find(|one| one.field.as_ref() == Some(&field.name)));
        remark.at(column.map_or("", |column| &column.column))
    }

    /// A note for each field of the sheet that the item has otherwise, and what to write for it.
    fn differences(&self, draft: &Draft, item: &Known) -> (Vec<Note>, Map<String, Json>) {
        let (mut notes, mut edited) = (Vec::new(), Map::new());
        for (column, field) in self.compared(draft) {
            let of = |fields: &Map<String, Json>| {
                fields.get(&*field.name).map_or(Value::Null, |json| Value::from_json(json, &field.kind))
            };
            let (before, after) = (of(&item.fields), of(&draft.fields));
            if before == after || (before.is_absent() && after.is_absent()) {
                continue;
            }
            edited.insert(field.name.to_string(), draft.fields.get(&*field.name).cloned().unwrap_or(Json::Null));
            let (before, after) = (shown::text(&before, self.directory), shown::text(&after, self.directory));
            notes.push(
                Remark::warning(
                    "changed",
                    format!("“{}”由“{before}”改为“{after}”", field.title.zh),
                    format!("“{}” changes from “{before}” to “{after}”", field.title.en),
                )
                .at(&column),
            );
        }
        (notes, edited)
    }

    /// The fields that the sheet fills, with the column to name: those of its columns, and those that the row has a value for.
    fn compared(&self, draft: &Draft) -> Vec<(String, &Field)> {
        let column_of = |field: &Field| self.columns.iter().find(|column| column.field.as_ref() == Some(&field.name));
        let fields = self.setting.form.fields.iter();
        fields
            .filter_map(|field| match column_of(field) {
                Some(column) => Some((column.column.clone(), field)),
                None => draft.fields.contains_key(&*field.name).then(|| (field.title.zh.clone(), field)),
            })
            .collect()
    }

    /// Creates the item in memory: what the commit will do, and the light that it will show.
    fn try_out(&self, row: &mut Row) {
        match light(self.setting, &row.draft.fields) {
            Ok(light) => row.light = light.map(|colour| colour.name().to_owned()),
            Err(why) => {
                row.verdict = Verdict::Refused;
                row.notes.push(self.identity_note(Remark::error(
                    "cannot-start",
                    format!("流程无法启动：{why}。请联系系统管理员"),
                    format!("the workflow cannot start: {why}. Ask the system administrator"),
                )));
            }
        }
    }
}

struct Seen<'a> {
    rows: BTreeMap<String, (u32, String)>,
    claimed: BTreeSet<Id>,
    ledger: BTreeMap<String, Vec<&'a Known>>,
}

fn refer(row: &mut Row, item: &Known) {
    row.of_item = Some(item.id.to_string());
    row.of_title = Some(item.title.clone()).filter(|_| item.seen);
    row.hidden = !item.seen;
}

fn repeats_done(item: &Known) -> Remark {
    Remark::warning(
        "repeats-done-item",
        format!("“{}”（编号 {}）已办结，不再修改；默认不导入", item.title, item.id),
        format!(
            "“{}” (number {}) is done and is not changed; the row stays out unless you say otherwise",
            item.title, item.id
        ),
    )
}

/// The light of an item with `fields`, handed out now.
fn light(setting: &Setting<'_>, fields: &Map<String, Json>) -> Result<Option<Colour>, String> {
    let command = Command::Create {
        module: setting.module.name.clone(),
        kind: setting.kind.name.clone(),
        fields: fields.clone(),
        enter: None,
    };
    let step = step::step(&Case::new(1), &command, &setting.context).map_err(|rejection| format!("{rejection:?}"))?;
    Ok(step::light(&step.case, Id::root_item(1), &setting.context))
}
