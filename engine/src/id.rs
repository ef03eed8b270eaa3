//! Identifiers: everything below one root item carries that root's number, so any id tells which row to lock.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

/// Bits of an [`Id`] that number things inside one root item: at most 2^20 (1,048,576) items, instances, tasks and
/// timers together below one root.
pub const SEQUENCE_BITS: u32 = 20;

/// The largest sequence number below one root.
pub const MAX_SEQUENCE: u32 = (1 << SEQUENCE_BITS) - 1;

/// The id of an item, instance, task or timer: the root item's number and a sequence number below it.
///
/// The root item itself has sequence 0. Written `1042` for a root and `1042-7` for what lies below it; stored as one
/// 64-bit integer (`root << 20 | sequence`). Sequence numbers are given by [`crate::case::Case::fresh`], so the engine
/// needs no randomness and a replay gives the same ids.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Id(i64);

impl Id {
    /// The id of a root item; `root` is a positive number given by the database, below 2^43.
    #[must_use]
    pub const fn root_item(root: i64) -> Self {
        Self(root << SEQUENCE_BITS)
    }

    /// The id of something below `root`.
    #[must_use]
    pub const fn below(root: i64, sequence: u32) -> Self {
        Self((root << SEQUENCE_BITS) | (sequence & MAX_SEQUENCE) as i64)
    }

    /// The id stored as `raw`.
    #[must_use]
    pub const fn from_raw(raw: i64) -> Self {
        Self(raw)
    }

    /// The integer to store.
    #[must_use]
    pub const fn raw(self) -> i64 {
        self.0
    }

    /// The number of the root item that this belongs to.
    #[must_use]
    pub const fn root(self) -> i64 {
        self.0 >> SEQUENCE_BITS
    }

    /// The sequence number below the root; 0 for the root item itself.
    #[must_use]
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "the mask leaves 20 bits")]
    pub const fn sequence(self) -> u32 {
        (self.0 & MAX_SEQUENCE as i64) as u32
    }
}

impl fmt::Display for Id {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.sequence() == 0 {
            write!(f, "{}", self.root())
        } else {
            write!(f, "{}-{}", self.root(), self.sequence())
        }
    }
}

impl fmt::Debug for Id {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// The text is not an id such as `1042` or `1042-7`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NotAnId;

impl FromStr for Id {
    type Err = NotAnId;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (root, sequence) = text.split_once('-').unwrap_or((text, "0"));
        let root: i64 = root.parse().map_err(|_| NotAnId)?;
        let sequence: u32 = sequence.parse().map_err(|_| NotAnId)?;
        if !(1..1 << 43).contains(&root) || sequence > MAX_SEQUENCE {
            return Err(NotAnId);
        }
        Ok(Self::below(root, sequence))
    }
}

macro_rules! number_id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub i64);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }
    };
}

number_id!(
    /// A person of the organisation.
    PersonId
);
number_id!(
    /// A unit of the organisation.
    UnitId
);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_reads_as_it_is_written() {
        for text in ["1042", "1042-7", "1-1048575"] {
            assert_eq!(text.parse::<Id>().unwrap().to_string(), text);
        }
        for text in ["", "0", "-1", "1-1048576", "1-", "a", "1-2-3"] {
            assert_eq!(text.parse::<Id>(), Err(NotAnId), "{text}");
        }
    }

    #[test]
    fn any_id_tells_its_root() {
        let id = Id::below(1042, 7);
        assert_eq!((id.root(), id.sequence()), (1042, 7));
        assert_eq!(Id::from_raw(id.raw()), id);
    }
}
