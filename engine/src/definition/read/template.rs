//! Reads a notice's template. Its texts may hold placeholders `{{path}}` and nothing else, so that a text never runs as a
//! program.

use super::world::{Found, World};
use crate::{
    check::invalid_template,
    definition::{registry::Template, template},
    diagnostic::Faults,
    expr,
    text::Name,
    yaml::read::At,
};

/// The items of which a notice may show fields: the one that it is about, and the root item above it.
const ITEMS: [&str; 2] = ["item", "root"];
/// What else it may show: the node's title, the task's date, the day; and in the platform's own, who did it and his comment.
const PLAIN: [&str; 5] = ["node", "due", "today", "by", "comment"];

/// The plain words that the template called `name` may show.
fn plain(name: &Name) -> &'static [&'static str] {
    let own = [template::COPIED, template::URGED].contains(&name.as_str());
    PLAIN.get(..if own { 5 } else { 3 }).unwrap_or(&PLAIN)
}

/// The fields of items that a template may show: those of any kind; none where some kind's form is not known.
pub(crate) fn shown(world: &World) -> Option<Vec<Name>> {
    let mut shown: Vec<Name> = expr::scope::item_record(None).fields.into_keys().collect();
    for kind in &world.kinds {
        match world.form_of(kind) {
            Found::Whole(form) => shown.extend(form.fields.iter().map(|field| field.name.clone())),
            Found::Broken | Found::Missing => return None,
        }
    }
    Some(shown).filter(|_| world.kinds_whole && !world.kinds.is_empty())
}

/// The template called `name` in `root`; `shown` lists the fields of items that it may show, none where that is not known.
pub(crate) fn read(name: &Name, root: At<'_>, shown: Option<&[Name]>, faults: &mut Faults) -> Option<Template> {
    let mut map = root.map(faults)?;
    map.take("template");
    let title = map.need("title", faults);
    let body = map.need("body", faults);
    map.finish(faults);
    for at in [title, body].into_iter().flatten() {
        if at.is_map() {
            at.named_silently().into_iter().for_each(|(_, at)| placeholders(name, at, shown, faults));
        } else {
            placeholders(name, at, shown, faults);
        }
    }
    let title = title?.words(faults);
    let body = body?.words(faults);
    Some(Template { name: name.clone(), title: title?, body: body? })
}

fn placeholders(name: &Name, at: At<'_>, shown: Option<&[Name]>, faults: &mut Faults) {
    let Some(scalar) = at.scalar() else { return };
    let mut from = 0;
    while let Some(open) = scalar.text.get(from..).and_then(|rest| rest.find("{{")).map(|found| from + found) {
        let Some(length) = scalar.text.get(open + 2..).and_then(|rest| rest.find("}}")) else {
            faults.push(invalid_template::unclosed(at.inside(open..open + 2)));
            return;
        };
        let end = open + 2 + length;
        let inner = scalar.text.get(open + 2..end).unwrap_or_default();
        let place = || at.inside(open..end + 2);
        let path: Vec<&str> = inner.trim().split('.').collect();
        let is_plain =
            |part: &&str| !part.is_empty() && part.chars().all(|c| c.is_alphanumeric() || c == '_' || c == '-');
        if !path.iter().all(is_plain) {
            faults.push(invalid_template::no_path(place(), inner));
        } else if let [start, field] = path.as_slice()
            && ITEMS.contains(start)
        {
            if let Some(shown) = shown
                && !shown.iter().any(|name| name == field)
            {
                let known: Vec<String> = shown.iter().map(|name| format!("{start}.{name}")).collect();
                faults.push(invalid_template::unknown(place(), inner.trim(), known.iter().map(String::as_str)));
            }
        } else if !matches!(path.as_slice(), [word] if plain(name).contains(word)) {
            let known = ["item.title", "root.title"].into_iter().chain(plain(name).iter().copied());
            faults.push(invalid_template::unknown(place(), inner.trim(), known));
        }
        from = end + 2;
    }
}
