//! Positions of many places in a few files: each file is gone through once.

use std::{collections::BTreeMap, ops::Range, sync::Arc};

use crate::source::{File, Index, Place, Position};

/// The files that were asked for.
#[derive(Debug, Default)]
pub(super) struct Positions {
    /// By their address, which is theirs alone while they are kept here.
    files: BTreeMap<*const File, (Arc<File>, Index)>,
}

impl Positions {
    /// Where a place begins and ends.
    pub(super) fn of(&mut self, place: &Place) -> (Position, Position) {
        let index = self.index(&place.file);
        (index.position(&place.file, place.span.start), index.position(&place.file, place.span.end))
    }

    /// The bytes of a line of the place's file, numbered from 1; without its line break.
    pub(super) fn line(&mut self, place: &Place, line: usize) -> Range<usize> {
        self.index(&place.file).line(&place.file, line)
    }

    fn index(&mut self, file: &Arc<File>) -> &Index {
        let new = || (Arc::clone(file), Index::of(file));
        &self.files.entry(Arc::as_ptr(file)).or_insert_with(new).1
    }
}
