//! Reads a dictionary.

use std::collections::BTreeMap;

use crate::{
    check::{bad_duration, duplicate_name},
    definition::dictionary::{Dictionary, Entry},
    diagnostic::Faults,
    source::Place,
    text::Name,
    value::Span,
    yaml::read::At,
};

/// The dictionary called `name` in `root`.
pub(crate) fn read(name: &Name, root: At<'_>, faults: &mut Faults) -> Option<Dictionary> {
    let mut map = root.map(faults)?;
    map.take("dictionary");
    let title = map.title_or(name, faults);
    let mut entries = Vec::new();
    let mut spellings: BTreeMap<String, Place> = BTreeMap::new();
    let listed = map.need("entries", faults).and_then(|at| at.list(faults)).unwrap_or_default();
    for at in listed {
        entries.extend(entry(at, &mut spellings, faults));
    }
    map.finish(faults);
    Some(Dictionary { name: name.clone(), title, entries })
}

fn entry(at: At<'_>, spellings: &mut BTreeMap<String, Place>, faults: &mut Faults) -> Option<Entry> {
    let mut map = at.map(faults)?;
    let name = map.need_name("name", faults);
    let title = map.take("title").and_then(|at| at.words(faults));
    let aliases = map.take("aliases").map(|at| at.names(faults)).unwrap_or_default();
    let every = map.take("every").and_then(|at| span(at, true, faults));
    map.finish(faults);
    let (name, place) = name?;
    // A title may repeat its own name, but no two entries may be spelt alike: an import could not tell them apart.
    let mut own: Vec<(String, At<'_>)> = vec![(name.to_string(), place)];
    own.extend(aliases.iter().map(|(alias, at)| (alias.to_string(), *at)));
    for (spelling, at) in own {
        if let Some(first) = spellings.get(&spelling) {
            faults.push(duplicate_name::fault(at.place(), ("条目", "entry"), &spelling, Some(first.clone())));
        } else {
            spellings.insert(spelling, at.place());
        }
    }
    let title = title.unwrap_or_else(|| crate::text::Text::same(name.as_str()));
    Some(Entry { name, title, aliases: aliases.into_iter().map(|(alias, _)| alias.to_string()).collect(), every })
}

/// A duration such as `P7D`; `positive` refuses nothing and less.
pub(crate) fn span(at: At<'_>, positive: bool, faults: &mut Faults) -> Option<Span> {
    let text = at.text(faults)?;
    match text.parse::<Span>() {
        Ok(span) if positive && span <= Span::of_days(0) => {
            faults.push(bad_duration::not_positive(at.place(), text));
            None
        }
        Ok(span) => Some(span),
        Err(error) => {
            faults.push(bad_duration::fault(at.place(), error));
            None
        }
    }
}
