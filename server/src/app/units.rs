//! Search for units.

use docket_engine::org::{Org, Unit};

use super::pinyin;
use crate::api::{caller::Caller, directory::UnitFound};

/// The most that one search gives.
pub const MAX_FOUND: usize = 50;

/// Units in force that match `q`, in the order of the organisation; all of them for an empty `q`. Where there are `ids`, those alone.
#[must_use]
pub fn search(caller: &Caller, q: &str, ids: &[String]) -> Vec<UnitFound> {
    let (org, today) = (caller.app.org(), caller.app.today());
    let query = pinyin::Query::new(q);
    let mut units: Vec<(u8, &Unit)> = org
        .units()
        .filter(|unit| if ids.is_empty() { unit.is_in_force(today) } else { ids.contains(&unit.id.to_string()) })
        .filter_map(|unit| {
            let names = std::iter::once(&unit.name).chain(&unit.aliases);
            names.filter_map(|name| query.rank(name)).min().map(|rank| (rank, unit))
        })
        .collect();
    units.sort_by_key(|(rank, unit)| (*rank, unit.order, unit.id));
    units
        .into_iter()
        .take(MAX_FOUND)
        .map(|(_, unit)| UnitFound {
            id: unit.id.to_string(),
            name: unit.name.clone(),
            path: path(&org, unit),
            class: unit.class.clone(),
        })
        .collect()
}

/// The units above `unit` and itself, joined by ` / `.
#[must_use]
pub fn path(org: &Org, unit: &Unit) -> String {
    let mut names = vec![unit.name.as_str()];
    let mut above = unit.parent;
    // A broken organisation may loop; no real one is deeper.
    while let Some(unit) = above.and_then(|id| org.unit(id)).filter(|_| names.len() < 16) {
        names.push(&unit.name);
        above = unit.parent;
    }
    names.reverse();
    names.join(" / ")
}
