//! A calendar of working days: the weekend, the holidays of each year, and the weekend days that are worked instead (E7).

use jiff::civil::Date;

use crate::{
    text::{Name, Text},
    workdays::Workdays,
};

/// A calendar.
#[derive(Debug, Clone)]
pub struct Calendar {
    /// Its name, unique among calendars.
    pub name: Name,
    /// Shown title.
    pub title: Text,
    /// The years whose holidays it holds, ascending and without a gap. In other years only the weekend is free.
    pub years: Vec<i16>,
    /// The days that are named in it, by date.
    pub days: Vec<Day>,
    /// The working days that follow.
    pub workdays: Workdays,
}

/// A day that is named in a calendar.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Day {
    /// Which.
    pub date: Date,
    /// The holiday's name, or for what the day is worked.
    pub name: Text,
    /// True for a weekend day that is worked.
    pub works: bool,
}

impl Calendar {
    /// What `date` is named, if it is.
    #[must_use]
    pub fn day(&self, date: Date) -> Option<&Day> {
        self.days.binary_search_by_key(&date, |day| day.date).ok().and_then(|at| self.days.get(at))
    }
}
