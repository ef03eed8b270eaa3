//! Items under visibility.

use docket_engine::{id::Id, text::Name};
use serde_json::{Map, Value as Json};

use crate::{
    api::{
        caller::{Caller, Key},
        items::{ItemPage, ItemView, OfferInput},
        page::Page,
    },
    failure::Failure,
};

/// The filters of a list, as sent.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    /// Part of the title.
    pub q: Option<String>,
    /// Colours of lights.
    pub lights: Vec<String>,
    /// States.
    pub states: Vec<String>,
    /// Categories.
    pub categories: Vec<String>,
    /// Lead units, by id; `none` for items without one.
    pub lead_units: Vec<String>,
    /// A unit that leads or co-operates, or a unit below it does.
    pub unit: Option<String>,
    /// Supervising leaders, by id; `none` for items without one.
    pub leaders: Vec<String>,
    /// Cycles.
    pub cycles: Vec<String>,
    /// Sources.
    pub sources: Vec<String>,
    /// The item above.
    pub parent: Option<String>,
}

/// Where an offer stands.
#[derive(Debug, Clone)]
pub struct OfferPlace {
    /// The item from which it is taken.
    pub item: Id,
    /// The instance.
    pub instance: Id,
    /// The stage node.
    pub node: Name,
    /// The offer.
    pub offer: Name,
}

/// A page of a list.
pub async fn list(
    caller: &Caller,
    module: &str,
    kind: &str,
    filter: &Filter,
    sort: Option<&str>,
    page: Page,
) -> Result<ItemPage, Failure> {
    let _ = (caller, module, kind, filter, sort, page);
    Err(Failure::NotFound)
}

/// Creates.
pub async fn create(
    caller: &Caller,
    module: &str,
    kind: &str,
    key: Key,
    fields: Map<String, Json>,
) -> Result<ItemView, Failure> {
    let _ = (caller, module, kind, key, fields);
    Err(Failure::NotFound)
}

/// One item.
pub async fn view(caller: &Caller, id: Id) -> Result<ItemView, Failure> {
    let _ = (caller, id);
    Err(Failure::NotFound)
}

/// Takes an offer.
pub async fn take_offer(caller: &Caller, place: OfferPlace, key: Key, input: OfferInput) -> Result<ItemView, Failure> {
    let _ = (caller, place, key, input);
    Err(Failure::NotFound)
}
