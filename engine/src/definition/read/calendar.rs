//! Reads a calendar.

use std::collections::BTreeMap;

use jiff::{ToSpan as _, civil::Date};

use crate::{
    check::{
        bad_date, date_outside_year, duplicate_date, duplicate_name, missing_year, no_workday, workday_on_weekday,
    },
    definition::calendar::{Calendar, Day},
    diagnostic::Faults,
    source::Place,
    text::{Name, Text},
    value::parse_date,
    workdays::Workdays,
    yaml::read::At,
};

/// The days of the week, Monday first.
const WEEK: [(&str, usize); 7] = [("mon", 0), ("tue", 1), ("wed", 2), ("thu", 3), ("fri", 4), ("sat", 5), ("sun", 6)];

/// The days found so far, with where each is written.
type Found = BTreeMap<Date, (Day, Place)>;

/// The calendar called `name` in `root`.
pub(crate) fn read(name: &Name, root: At<'_>, faults: &mut Faults) -> Option<Calendar> {
    let mut map = root.map(faults)?;
    map.take("calendar");
    let title = map.title_or(name, faults);
    let week = map.take("weekend").map_or(Workdays::PLAIN.week(), |at| week(at, faults));
    let written = map.need("years", faults).map(|at| at.named(faults)).unwrap_or_default();
    map.finish(faults);
    let (mut years, mut found) = (Vec::new(), Found::new());
    for (key, at) in written {
        let Some(year) = year(&key) else {
            faults.push(bad_date::no_year(at.key_place(), &key));
            continue;
        };
        years.push((year, at.key_place()));
        days_of(year, at, week, &mut found, faults);
    }
    years.sort_by_key(|(year, _)| *year);
    missing_year::check(&years, faults);
    let days: Vec<Day> = found.into_values().map(|(day, _)| day).collect();
    let workdays = Workdays::new(week, days.iter().map(|day| (day.date, day.works)));
    let years = years.into_iter().map(|(year, _)| year).collect();
    Some(Calendar { name: name.clone(), title, years, days, workdays })
}

/// The working days of the week, given the free ones.
fn week(at: At<'_>, faults: &mut Faults) -> [bool; 7] {
    let mut week = [true; 7];
    let mut first: BTreeMap<usize, Place> = BTreeMap::new();
    for at in at.one_or_many() {
        let Some(day) = at.choice(&WEEK, faults) else { continue };
        if let Some(first) = first.get(&day) {
            let text = at.scalar().map_or("", |scalar| scalar.text.as_str());
            faults.push(duplicate_name::fault(at.place(), ("休息日", "day of the weekend"), text, Some(first.clone())));
            continue;
        }
        first.insert(day, at.place());
        if let Some(works) = week.get_mut(day) {
            *works = false;
        }
    }
    if !week.contains(&true) {
        faults.push(no_workday::fault(at.place()));
    }
    week
}

fn year(text: &str) -> Option<i16> {
    let digits = text.len() == 4 && text.bytes().all(|byte| byte.is_ascii_digit());
    text.parse().ok().filter(|_| digits)
}

/// The holidays and the days worked of one year.
fn days_of(year: i16, at: At<'_>, week: [bool; 7], found: &mut Found, faults: &mut Faults) {
    let Some(mut map) = at.map(faults) else { return };
    let lists = [("holidays", false), ("workdays", true)];
    for (key, works) in lists {
        for at in map.take(key).and_then(|at| at.list(faults)).unwrap_or_default() {
            let Some((name, dates)) = entry(at, faults) else { continue };
            let mut outside: Option<Place> = None;
            for (date, place) in dates {
                if date.year() != year {
                    // One fault for each end of a range.
                    if outside.replace(place.clone()).as_ref() != Some(&place) {
                        faults.push(date_outside_year::fault(place, date, year));
                    }
                } else if let Some((first, there)) = found.get(&date) {
                    faults.push(duplicate_date::fault(place, date, &first.name, there.clone()));
                } else {
                    if works && Workdays::new(week, []).contains(date) {
                        faults.push(workday_on_weekday::fault(place.clone(), date));
                    }
                    found.insert(date, (Day { date, name: name.clone(), works }, place));
                }
            }
        }
    }
    map.finish(faults);
}

/// `{name, on}` with a date or several, or `{name, from, to}`: the name, and each date with its place.
fn entry(at: At<'_>, faults: &mut Faults) -> Option<(Text, Vec<(Date, Place)>)> {
    let mut map = at.map(faults)?;
    let name = map.need("name", faults).and_then(|at| at.words(faults));
    let from = map.take("from");
    let mut dates = Vec::new();
    if from.is_some() || at.get("to").is_some() {
        let from = map.need("from", faults).and_then(|at| Some((date(at, faults)?, at)));
        let to = map.need("to", faults).and_then(|at| Some((date(at, faults)?, at)));
        if let (Some((from, _)), Some((to, to_at))) = (&from, &to)
            && to < from
        {
            faults.push(bad_date::backwards(to_at.place(), *from, *to));
        }
        if let (Some((from, from_at)), Some((to, to_at))) = (from, to) {
            dates.extend(range(from, to).map(|date| {
                let at = if date.year() == from.year() { from_at } else { to_at };
                (date, at.place())
            }));
        }
    } else {
        for at in map.need("on", faults).map(At::one_or_many).unwrap_or_default() {
            dates.extend(date(at, faults).map(|date| (date, at.place())));
        }
    }
    map.finish(faults);
    Some((name?, dates))
}

/// The days of a range; of those in later years the first alone, which is enough to refuse it.
fn range(from: Date, to: Date) -> impl Iterator<Item = Date> {
    let last = from.last_of_year().tomorrow().map_or(to, |next| next.min(to));
    from.series(1.day()).take_while(move |date| *date <= last)
}

fn date(at: At<'_>, faults: &mut Faults) -> Option<Date> {
    let text = at.text(faults)?;
    let found = parse_date(text);
    if found.is_none() {
        faults.push(bad_date::fault(at.place(), text));
    }
    found
}
