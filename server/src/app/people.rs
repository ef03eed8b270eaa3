//! Search for people.

use docket_engine::org::Person;

use super::{pinyin, units::MAX_FOUND};
use crate::api::{caller::Caller, directory::PersonFound};

/// Active people whose name, staff number or title matches `q`, the best match first. Where there are `ids`, those alone.
#[must_use]
pub fn search(caller: &Caller, q: &str, ids: &[String]) -> Vec<PersonFound> {
    let org = caller.app.org();
    let query = pinyin::Query::new(q);
    let mut people: Vec<(u8, &Person)> = org
        .people()
        .filter(|person| person.active)
        .filter(|person| ids.is_empty() || ids.contains(&person.id.to_string()))
        .filter_map(|person| {
            let rank = query.rank(&person.name).or_else(|| query.rank_exactly(&person.code));
            rank.map(|rank| (rank, person))
        })
        .collect();
    people.sort_by(|(a_rank, a), (b_rank, b)| (a_rank, &a.name, a.id).cmp(&(b_rank, &b.name, b.id)));
    people
        .into_iter()
        .take(MAX_FOUND)
        .map(|(_, person)| PersonFound {
            id: person.id.to_string(),
            name: person.name.clone(),
            title: person.title.clone(),
            unit: org.holdings_of(person.id).find_map(|holding| org.unit(holding.unit?)).map(|unit| unit.name.clone()),
        })
        .collect()
}
