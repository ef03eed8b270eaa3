//! Source files and places in them.

use std::{ops::Range, sync::Arc};

/// One file of configuration.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct File {
    /// Its path as shown in messages, relative to the folder that is checked, with `/`.
    pub path: String,
    /// Its text.
    pub text: String,
}

/// A place in a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// The file.
    pub file: Arc<File>,
    /// The bytes.
    pub span: Range<usize>,
}
