//! A program module: kinds of items, their lists, lights, imports, and a cockpit (`DESIGN.md`, A module).

use std::collections::BTreeMap;

use crate::{
    definition::{form::WellKnown, workflow::Assign},
    expr::Expr,
    text::{Name, Text},
};

/// A module.
#[derive(Debug, Clone)]
pub struct Module {
    /// Its name, unique among modules; part of URLs.
    pub name: Name,
    /// Shown title (R2).
    pub title: Text,
    /// Its place in menus, ascending.
    pub order: i64,
    /// The calendar that its working days go by; none: the only one there is.
    pub calendar: Option<Name>,
    /// The dictionary of its categories (事项分类) and those of its entries that belong to this module.
    pub categories: Vec<Name>,
    /// Its kinds, in the written order.
    pub kinds: Vec<Kind>,
    /// Its charts, in the written order.
    pub cockpit: Vec<Chart>,
}

/// A kind of item.
#[derive(Debug, Clone)]
pub struct Kind {
    /// Its name, unique in the module.
    pub name: Name,
    /// Shown title.
    pub title: Text,
    /// Its form.
    pub form: Name,
    /// The workflow that starts with an item of this kind.
    pub workflow: Option<Name>,
    /// The kind of its parent item, for kinds that lie below another.
    pub parent: Option<Name>,
    /// The well-known field by whose normalised value duplicates are found.
    pub identity: Option<WellKnown>,
    /// The lights: the first whose condition is true.
    pub lights: Vec<Light>,
    /// The list.
    pub list: List,
    /// The spreadsheet import, if there is one.
    pub import: Option<Import>,
    /// The nodes at which an item's workflow may begin instead of at its start.
    pub enter: Vec<Entry>,
    /// The nodes at which a closed item may be opened again.
    pub reopen: Vec<Entry>,
}

/// A node at which a workflow may begin.
#[derive(Debug, Clone)]
pub struct Entry {
    /// The node.
    pub node: Name,
    /// Who may.
    pub who: Assign,
    /// Of `enter`: the form that is filled in instead of the kind's own.
    pub form: Option<Name>,
}

/// The colours of lights (R10, R11).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Colour {
    /// Normal.
    Green,
    /// Near due.
    Yellow,
    /// Overdue.
    Red,
    /// Done.
    Blue,
    /// Suspended.
    Grey,
}

impl Colour {
    /// All of them, in the order of a legend.
    pub const ALL: [Self; 5] = [Self::Green, Self::Yellow, Self::Red, Self::Blue, Self::Grey];

    /// The name in YAML, URLs and JSON.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Green => "green",
            Self::Yellow => "yellow",
            Self::Red => "red",
            Self::Blue => "blue",
            Self::Grey => "grey",
        }
    }
}

/// One light.
#[derive(Debug, Clone)]
pub struct Light {
    /// Its colour.
    pub colour: Colour,
    /// Its word (临近, 超期), shown with colour and shape.
    pub title: Text,
    /// In the SQL subset, over `item` and `today`.
    pub when: Expr,
}

/// A module's list of one kind.
#[derive(Debug, Clone, Default)]
pub struct List {
    /// Shown columns: field names or platform attributes.
    pub columns: Vec<Name>,
    /// Columns with a filter.
    pub filters: Vec<Name>,
    /// Columns to sort by at first; true descends.
    pub sort: Vec<(Name, bool)>,
}

/// How a spreadsheet of items is read.
#[derive(Debug, Clone)]
pub struct Import {
    /// Columns of the sheet, by their header.
    pub columns: Vec<ImportColumn>,
    /// Words of a date column that mean "no date" (长期坚持); the text is kept.
    pub open_ended: Vec<String>,
}

/// One column of a spreadsheet.
#[derive(Debug, Clone)]
pub struct ImportColumn {
    /// Its header.
    pub header: String,
    /// Other headers that mean the same.
    pub aliases: Vec<String>,
    /// The field that it fills; none: recognised and left out.
    pub field: Option<Name>,
    /// Whether a sheet without it is refused as a whole.
    pub required: bool,
    /// The field that keeps the text where a date column's cell has a text that is no date, or a bracket that names no unit.
    pub remark: Option<Name>,
}

/// One chart of a cockpit: lights counted by a pivot (R27).
#[derive(Debug, Clone)]
pub struct Chart {
    /// The kind that is counted.
    pub kind: Name,
    /// Shown title.
    pub title: Text,
    /// The pivot: a well-known field that names a unit or people.
    pub by: WellKnown,
}

impl Module {
    /// The kind called `name`.
    #[must_use]
    pub fn kind(&self, name: &str) -> Option<&Kind> {
        self.kinds.iter().find(|kind| kind.name == *name)
    }
}

/// Titles of things by name.
pub type Titles = BTreeMap<Name, Text>;
