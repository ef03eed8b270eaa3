//! The organisation form: attributes of units and people, the posts and the Casbin roles that they give, and how an
//! organisation workbook is read.

use std::collections::BTreeMap;

use crate::{
    definition::form::FieldKind,
    text::{Name, Text},
};

/// The organisation form.
#[derive(Debug, Clone)]
pub struct Organisation {
    /// Its name.
    pub name: Name,
    /// The posts, in the written order.
    pub posts: Vec<Post>,
    /// Attributes of people, typed.
    pub person_attributes: BTreeMap<Name, (Text, FieldKind)>,
    /// Attributes of units, typed.
    pub unit_attributes: BTreeMap<Name, (Text, FieldKind)>,
    /// The attribute of people that names who may act in a person's name (a person or several); none: nobody may.
    pub acting: Option<Name>,
    /// The sheets of an organisation workbook, in the order in which they are read.
    pub sheets: Vec<Sheet>,
}

/// A post (岗位).
#[derive(Debug, Clone)]
pub struct Post {
    /// Its name in definitions.
    pub name: Name,
    /// Shown title, which is also its name in a workbook.
    pub title: Text,
    /// Casbin roles that it gives.
    pub roles: Vec<Name>,
    /// The administration duty that it is (三员): `system`, `security`, `audit`.
    pub duty: Option<Name>,
}

/// One sheet of an organisation workbook.
#[derive(Debug, Clone)]
pub struct Sheet {
    /// The sheet's name.
    pub name: String,
    /// What its rows are.
    pub of: SheetKind,
    /// Header to column meaning: a built-in one (`name`, `code`, `phone`, `unit`, `title`, `post`, `aliases`, `class`,
    /// `parent`, `order`, `from`, `to`, `successor`, `members`) or an attribute's name.
    pub columns: BTreeMap<String, Name>,
    /// The post that every row of a sheet of people gets, where no column names it.
    pub post: Option<Name>,
}

/// What a sheet's rows are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SheetKind {
    /// Units.
    Units,
    /// People with posts.
    People,
    /// Groups of units.
    Groups,
}

impl Organisation {
    /// The post called `name`.
    #[must_use]
    pub fn post(&self, name: &str) -> Option<&Post> {
        self.posts.iter().find(|post| post.name == *name)
    }
}
