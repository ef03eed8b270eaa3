//! Items under visibility.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use docket_engine::{
    command::Command,
    definition::form::{Form, WellKnown},
    id::{Id, UnitId},
    text::{Name, Text},
    value::Value,
};
use serde_json::{Map, Value as Json, json};

use super::{
    forms, item_view, labels,
    ledger::{self, Entry},
    lists::{About, List, Listed},
    run,
    validate::{Demand, World},
};
use crate::{
    api::{
        caller::Caller,
        items::{ItemPage, ItemRow, ItemView, OfferInput},
        page::Page,
        sent::Key,
        views::Cell,
    },
    clock::from_ms,
    db::days,
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
///
/// # Errors
/// A filter or a column that is none.
pub async fn list(
    caller: &Caller,
    module: &str,
    kind: &str,
    filter: &Filter,
    sort: Option<&str>,
    page: Page,
) -> Result<ItemPage, Failure> {
    let about = About::find(caller, module, kind)?;
    let list = List::new(caller, about, &["read"], filter)?;
    let total = list.count().await?;
    let listed = list.rows(sort, page.offset(), page.limit()).await?;
    let rows = listed.iter().map(|listed| row(caller, about, listed)).collect::<Result<_, _>>()?;
    Ok(ItemPage { rows, total, today: caller.app.today().to_string() })
}

fn row(caller: &Caller, about: About<'_>, listed: &Listed) -> Result<ItemRow, Failure> {
    let cells = cells(caller, about, listed)?;
    let item = super::runner::rows::read_item(&listed.item, BTreeSet::new()).map_err(Failure::internal)?;
    let item = listed.fields.of_item(&item, Some(about.form));
    Ok(ItemRow {
        id: item.id.to_string(),
        title: ledger::title(caller, &item),
        light: listed.colour().map(|colour| labels::light(caller, about.kind, colour)),
        state: labels::state(item.state),
        stage: item.stage.as_ref().map(ToString::to_string),
        cells: cells.into_iter().map(|(name, cell)| (name.to_string(), cell)).collect::<HashMap<_, _>>(),
    })
}

/// The shown columns of a row, by name; those that the reader may not see are not there.
///
/// # Errors
/// A row that holds no item.
pub fn cells(caller: &Caller, about: About<'_>, listed: &Listed) -> Result<BTreeMap<Name, Cell>, Failure> {
    let fields: Map<String, Json> = serde_json::from_str(&listed.item.data).map_err(Failure::internal)?;
    let shown = |column: &&Name| column.as_str() == "light" || listed.fields.shows_named(Some(about.form), column);
    let columns = about.kind.list.columns.iter().filter(shown);
    Ok(columns.map(|column| (column.clone(), cell(caller, about, listed, &fields, column))).collect())
}

fn cell(caller: &Caller, about: About<'_>, listed: &Listed, fields: &Map<String, Json>, column: &str) -> Cell {
    let row = &listed.item;
    let date = |stored: Option<i32>| {
        let date = stored.map(|stored| days::to_date(stored).to_string());
        Cell { value: json!(date), text: date.unwrap_or_default() }
    };
    match column {
        "light" => {
            let light = listed.colour().map(|colour| labels::light(caller, about.kind, colour));
            Cell { value: json!(listed.lit), text: light.map(|light| light.title).unwrap_or_default() }
        }
        "state" => {
            let state = labels::STATES.into_iter().find(|state| docket_engine::expr::scope::state(*state) == row.state);
            let title = state.map(|state| caller.text(&labels::state_title(state)));
            Cell { value: json!(row.state), text: title.unwrap_or_default() }
        }
        "stage" => {
            let stages = labels::stages(caller, about.kind);
            let title = stages.iter().find(|(name, _)| Some(name.as_str()) == row.stage.as_deref());
            Cell { value: json!(row.stage), text: title.map(|(_, title)| caller.text(title)).unwrap_or_default() }
        }
        "next_due" => date(row.next_due),
        "suspended_on" => date(row.suspended_on),
        "year" => Cell { value: json!(row.year), text: row.year.to_string() },
        "created_at" => {
            let at = from_ms(row.created_at);
            let text = crate::api::format::clock_time(at, caller.app.clock.zone());
            Cell { value: json!(at.to_string()), text }
        }
        name => {
            let Some(field) = about.form.field(name) else {
                return Cell { value: Json::Null, text: String::new() };
            };
            let value = fields.get(name).map_or(Value::Null, |json| Value::from_json(json, &field.kind));
            Cell { value: value.to_json(), text: forms::text(caller, &field.kind, &value) }
        }
    }
}

/// One item.
///
/// # Errors
/// [`Failure::NotFound`] where it does not exist or is not the caller's to see.
pub async fn view(caller: &Caller, id: Id) -> Result<ItemView, Failure> {
    item_view::view(caller, &ledger::visible(caller, id).await?).await
}

/// Takes an offer of an open stage.
///
/// # Errors
/// [`Failure::NotFound`] where the item is not his to see; what the engine refuses.
pub async fn take_offer(caller: &Caller, place: OfferPlace, key: Key, input: OfferInput) -> Result<ItemView, Failure> {
    let entry = ledger::visible(caller, place.item).await?;
    if place.instance.root() != place.item.root() {
        return Err(Failure::NotFound);
    }
    let (key, sent) = (key.into_text(), (place.instance, &place.node, &place.offer, &input.form.0, &input.comment));
    let hash = super::runner::hash_of(&sent);
    if run::answered(caller, &key, &hash).await?.is_none() {
        let form = item_view::offer_form(caller, &place).await?;
        let fields = match form {
            Some(form) => {
                let org = caller.app.org();
                let world = World { org: &org, registry: &caller.published.registry };
                let sent = with_kept(&form, &entry, input.form.0)?;
                caller.app.validators.check(&form, sent, Demand::Complete, "/form", world)?
            }
            None => run::no_form(input.form.0)?,
        };
        let command = Command::TakeOffer {
            instance: place.instance,
            node: place.node,
            offer: place.offer,
            form: fields,
            comment: run::comment(input.comment)?,
        };
        run::hashed(caller, key, hash, Some(place.item.root()), command).await?;
    }
    let entry = ledger::any(caller, place.item).await?;
    item_view::view(caller, &entry).await
}

/// What was sent of an offer's form, with what the item holds in those of its fields that the sender does not see: these stay.
fn with_kept(form: &Form, entry: &Entry, mut sent: Map<String, Json>) -> Result<Map<String, Json>, Failure> {
    let fields = entry.fields();
    for field in form.fields.iter().filter(|field| !fields.shows(*field)) {
        if sent.contains_key(field.name.as_str()) {
            let message = Text::new("不能填写看不到的字段", "a field that you do not see can not be filled in");
            return Err(Failure::invalid(format!("/form/{}", field.name), "unknown-field", message));
        }
        let kept = entry.whole().fields.get_key_value(field.name.as_str());
        sent.extend(kept.map(|(name, value)| (name.clone(), value.clone())));
    }
    Ok(sent)
}

/// The lead unit of an item.
#[must_use]
pub fn lead_unit(caller: &Caller, item: &docket_engine::case::Item) -> Option<UnitId> {
    match ledger::well_known(caller, item, WellKnown::LeadUnit) {
        Value::Unit(unit) => Some(unit),
        _ => None,
    }
}
