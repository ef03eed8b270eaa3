//! What became stale, told to the streams of those who may know. Events carry no data: a browser refetches.

mod change;
mod redis;

use std::{collections::BTreeSet, sync::Arc};

use docket_engine::{case::Item, id::PersonId};
use serde::{Deserialize, Serialize};
use tokio::sync::broadcast;

pub(crate) use self::{
    change::{Follower, News, announce},
    redis::{listen, speak},
};

/// How many messages a slow stream may lag behind before it is told to refetch everything.
const BACKLOG: usize = 1024;

/// More items than this are not told one by one: a large import makes everything stale.
const MANY: usize = 200;

/// What one commit made stale.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Stale {
    /// Items that changed, and the items above them.
    pub items: Vec<ItemChange>,
    /// People whose to-do list changed.
    pub todo: BTreeSet<PersonId>,
    /// People who got a notice.
    pub notices: BTreeSet<PersonId>,
    /// Everything may be stale: definitions, organisation or clock changed, or messages were missed.
    pub everything: bool,
}

/// One item before and after a commit. Who sees it on either side may learn that it changed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ItemChange {
    /// Before; none where it was created.
    pub before: Option<Item>,
    /// After.
    pub after: Item,
    /// The item that it lies below, after the commit.
    pub parent: Option<Item>,
    /// False where the item stayed as it was, and only its tasks, offers or what lies below it changed.
    pub changed: bool,
    /// Whether its open incidents are others than before.
    pub incidents: bool,
}

/// The in-process broadcast.
#[derive(Debug)]
pub struct Hub {
    sender: broadcast::Sender<Arc<Stale>>,
}

/// One stream's end of the broadcast.
#[derive(Debug)]
pub struct Subscription {
    receiver: broadcast::Receiver<Arc<Stale>>,
}

impl Default for Hub {
    fn default() -> Self {
        Self { sender: broadcast::channel(BACKLOG).0 }
    }
}

impl Hub {
    /// Listens from now on.
    #[must_use]
    pub fn subscribe(&self) -> Subscription {
        Subscription { receiver: self.sender.subscribe() }
    }

    /// Tells every stream of this process.
    pub fn tell(&self, stale: Stale) {
        // Without a listener there is nobody to tell.
        let _ = self.sender.send(Arc::new(stale));
    }
}

impl Subscription {
    /// The next message; [`Stale::everything`] where some were missed. Never ends while the process runs.
    pub async fn next(&mut self) -> Option<Arc<Stale>> {
        match self.receiver.recv().await {
            Ok(stale) => Some(stale),
            Err(broadcast::error::RecvError::Lagged(_)) => {
                Some(Arc::new(Stale { everything: true, ..Stale::default() }))
            }
            Err(broadcast::error::RecvError::Closed) => None,
        }
    }
}

impl Stale {
    /// Everything is stale.
    #[must_use]
    pub fn everything() -> Self {
        Self { everything: true, ..Self::default() }
    }

    /// Adds what another command of the same commit made stale.
    pub(crate) fn add(&mut self, other: Self) {
        self.items.extend(other.items);
        self.todo.extend(other.todo);
        self.notices.extend(other.notices);
        self.everything |= other.everything;
        if self.everything || self.items.len() > MANY {
            *self = Self::everything();
        }
    }

    /// Whether there is nothing to tell.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        !self.everything && self.items.is_empty() && self.todo.is_empty() && self.notices.is_empty()
    }

    /// What became stale for `person`, who does the tasks of `doers` and may do what is named (`read`, `resolve`) with an item (given
    /// with the item above it) where `may` says so: any of `todo`, `items`, `cockpit`, `notices`, `incidents` and `item:<id>`. Empty:
    /// nothing, unless `everything`.
    pub fn told_to(
        &self,
        person: PersonId,
        doers: &BTreeSet<PersonId>,
        mut may: impl FnMut(&str, &Item, Option<&Item>) -> bool,
    ) -> Vec<String> {
        let mut what = Vec::new();
        if !self.todo.is_disjoint(doers) {
            what.push("todo".to_owned());
        }
        let (mut list, mut incidents) = (false, false);
        for item in &self.items {
            let parent = item.parent.as_ref();
            let sides = [Some(&item.after), item.before.as_ref()];
            let mut may = |action: &str| sides.into_iter().flatten().any(|side| may(action, side, parent));
            if may("read") {
                list |= item.changed;
                what.push(format!("item:{}", item.after.id));
            }
            incidents |= item.incidents && may("resolve");
        }
        if incidents {
            what.push("incidents".to_owned());
        }
        if list {
            what.extend(["items".to_owned(), "cockpit".to_owned()]);
        }
        if self.notices.contains(&person) {
            what.push("notices".to_owned());
        }
        what
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn change(number: i64) -> ItemChange {
        let item = Item {
            id: docket_engine::id::Id::root_item(number),
            parent: None,
            module: "module".into(),
            kind: "kind".into(),
            state: docket_engine::case::ItemState::Open,
            stage: None,
            next_due: None,
            year: 2026,
            suspended_on: None,
            fields: serde_json::Map::new(),
            participants: BTreeSet::new(),
            created_at: jiff::Timestamp::UNIX_EPOCH,
            created_by: None,
        };
        ItemChange { before: None, after: item, parent: None, changed: true, incidents: false }
    }

    #[test]
    fn a_large_batch_makes_everything_stale_and_carries_no_items() {
        let mut all = Stale::default();
        for number in 1..=200 {
            all.add(Stale { items: vec![change(number)], ..Stale::default() });
        }
        assert_eq!((all.items.len(), all.everything), (200, false));
        all.add(Stale { items: vec![change(201)], ..Stale::default() });
        all.add(Stale { items: vec![change(202)], ..Stale::default() });
        assert_eq!(all, Stale::everything());
    }
}
