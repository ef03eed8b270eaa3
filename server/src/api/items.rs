//! `/items`: lists under visibility, one item, and what may be done with it.

use std::collections::HashMap;

use poem_openapi::{
    Object, OpenApi,
    param::{Path, Query},
    payload::Json,
};

use super::{
    caller::Caller,
    json::JsonObject,
    operations::StepView,
    page::Page,
    sent::Sent,
    views::{Cell, FormView, LightView, Ref, Shown, StateView},
};
use crate::{
    app::{self, items::Filter},
    failure::Failure,
};

/// A page of items.
#[derive(Debug, Object)]
pub struct ItemPage {
    /// The items of this page.
    pub rows: Vec<ItemRow>,
    /// How many match in all.
    pub total: u64,
    /// The day by which lights and dates were computed.
    pub today: String,
}

/// One item of a list.
#[derive(Debug, Object)]
#[oai(skip_serializing_if_is_none)]
pub struct ItemRow {
    /// Its id.
    pub id: String,
    /// Its title.
    pub title: String,
    /// Its light.
    pub light: Option<LightView>,
    /// Where it stands.
    pub state: StateView,
    /// Its stage.
    pub stage: Option<String>,
    /// The shown columns, by name.
    pub cells: HashMap<String, Cell>,
}

/// One item.
#[derive(Debug, Object)]
#[oai(skip_serializing_if_is_none)]
pub struct ItemView {
    /// Its id.
    pub id: String,
    /// The root item that it lies below; itself for a root.
    pub root: String,
    /// The item above it.
    pub parent: Option<String>,
    /// Its module.
    pub module: String,
    /// The module's title.
    pub module_title: String,
    /// Its kind.
    pub kind: String,
    /// The kind's title.
    pub kind_title: String,
    /// Its title.
    pub title: String,
    /// Its light.
    pub light: Option<LightView>,
    /// Where it stands.
    pub state: StateView,
    /// The state's title.
    pub state_title: String,
    /// Its stage bar.
    pub stages: Vec<StageView>,
    /// The nearest unmet date.
    pub next_due: Option<String>,
    /// The final date.
    pub due: Option<String>,
    /// When it was created.
    pub created_at: String,
    /// By whom; absent for an item that the platform created.
    pub created_by: Option<Ref>,
    /// Its fields.
    pub values: Vec<Shown>,
    /// What the reader may do now.
    pub offers: Vec<OfferView>,
    /// The steps at which the reader may open it again, with a reason; empty while it is not closed.
    pub reopen: Vec<StepView>,
    /// Its open tasks.
    pub tasks: Vec<ItemTask>,
    /// What lies directly below it and may be seen, the newest first.
    pub children: Vec<ChildView>,
}

/// One stage of the bar.
#[derive(Debug, Object)]
pub struct StageView {
    /// Its name.
    pub name: String,
    /// Its title.
    pub title: String,
    /// Where it stands.
    pub state: StageState,
}

/// Where a stage stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, poem_openapi::Enum)]
#[oai(rename_all = "lowercase")]
pub enum StageState {
    /// Behind.
    Done,
    /// Here.
    Current,
    /// Still to come.
    Ahead,
}

/// What the reader may do with an item now.
#[derive(Debug, Object)]
#[oai(skip_serializing_if_is_none)]
pub struct OfferView {
    /// The instance.
    pub instance: String,
    /// The stage node.
    pub node: String,
    /// The offer.
    pub offer: String,
    /// The button's text.
    pub title: String,
    /// Whether a comment must be given.
    pub requires_comment: bool,
    /// The form to complete.
    pub form: Option<FormView>,
    /// What the item holds now in the form's fields.
    pub data: JsonObject,
    /// What taking it does to the work that is open.
    pub effect: OfferEffect,
}

/// What taking an offer does to the work that is open.
#[derive(Debug, Clone, Copy, PartialEq, Eq, poem_openapi::Enum)]
#[oai(rename_all = "snake_case")]
pub enum OfferEffect {
    /// It goes on.
    GoesOn,
    /// What is open inside the stage ends, since the stage does.
    Ends,
    /// It rests until somebody resumes it.
    Pauses,
    /// It ends, and the item or the run is cancelled.
    Cancels,
}

/// An open task of an item.
#[derive(Debug, Object)]
#[oai(skip_serializing_if_is_none)]
#[expect(clippy::struct_excessive_bools, reason = "the contract's own shape: one flag for each sign and button")]
pub struct ItemTask {
    /// Its id.
    pub id: String,
    /// What is to be done.
    pub title: String,
    /// Who has taken it.
    pub assignee: Option<Ref>,
    /// Who may do it.
    pub candidates: Vec<Ref>,
    /// The day by which it is due.
    pub due: Option<String>,
    /// Whether the reader may do it.
    pub mine: bool,
    /// Whether the reader has delegated it, and can take it back.
    pub delegated: bool,
    /// Whether the reader may urge 催办 those who are to do it.
    pub urge: bool,
    /// Whether its group has ended without it: it stays for a comment, from which nothing follows.
    pub late: bool,
}

/// An item below another.
#[derive(Debug, Object)]
pub struct ChildView {
    /// Its id.
    pub id: String,
    /// Its kind.
    pub kind: String,
    /// The kind's title.
    pub kind_title: String,
    /// Its title.
    pub title: String,
    /// Where it stands.
    pub state: StateView,
    /// The state's title.
    pub state_title: String,
    /// When it was created.
    pub created_at: String,
    /// Its fields.
    pub values: Vec<Shown>,
}

/// A new item.
#[derive(Object)]
#[oai(deny_unknown_fields)]
pub struct CreateInput {
    /// The form's fields: those of the kind's form, or of the entry's where it has one.
    pub fields: JsonObject,
    /// The node of one of the kind's entries: the workflow begins there, instead of at its start.
    pub enter: Option<String>,
}

/// Where a closed item is opened again.
#[derive(Object)]
#[oai(deny_unknown_fields)]
pub struct ReopenInput {
    /// The step's node.
    pub node: String,
    /// The reason, which is needed.
    pub comment: Option<String>,
}

/// What takes an offer.
#[derive(Object)]
#[oai(deny_unknown_fields)]
pub struct OfferInput {
    /// The form; empty where the offer has none.
    pub form: JsonObject,
    /// A comment.
    pub comment: Option<String>,
}

/// The endpoints.
pub struct ItemsApi;

#[OpenApi]
impl ItemsApi {
    /// Items of one kind under the reader's visibility. Filters are joined by and, their values by or.
    #[oai(path = "/items", method = "get", operation_id = "items")]
    #[expect(clippy::too_many_arguments, reason = "each query parameter is documented by itself")]
    async fn list(
        &self,
        caller: Caller,
        module: Query<String>,
        kind: Query<String>,
        /// Part of the title.
        q: Query<Option<String>>,
        #[oai(default)] light: Query<Vec<String>>,
        #[oai(default)] state: Query<Vec<String>>,
        #[oai(default)] category: Query<Vec<String>>,
        /// Unit ids; `none` for items without one.
        #[oai(default)]
        lead_unit: Query<Vec<String>>,
        /// A unit id: leads or co-operates, or a unit below it does.
        unit: Query<Option<String>>,
        /// Person ids; `none` for items without one.
        #[oai(default)]
        leader: Query<Vec<String>>,
        #[oai(default)] cycle: Query<Vec<String>>,
        #[oai(default)] source: Query<Vec<String>>,
        /// The item above.
        parent: Query<Option<String>>,
        /// A column, with `-` before it from the largest to the smallest. Absent values come last.
        sort: Query<Option<String>>,
        /// From 1; at most 10,000 rows deep.
        page: Query<Option<u32>>,
        /// 1 to 100, 20 by default.
        per_page: Query<Option<u32>>,
    ) -> Result<Json<ItemPage>, Failure> {
        let filter = Filter {
            q: q.0,
            lights: light.0,
            states: state.0,
            categories: category.0,
            lead_units: lead_unit.0,
            unit: unit.0,
            leaders: leader.0,
            cycles: cycle.0,
            sources: source.0,
            parent: parent.0,
        };
        let page = Page::new(page.0, per_page.0)?;
        Ok(Json(app::items::list(&caller, &module, &kind, &filter, sort.0.as_deref(), page).await?))
    }

    /// Create an item.
    #[oai(path = "/items", method = "post", operation_id = "create_item")]
    async fn create(
        &self,
        module: Query<String>,
        kind: Query<String>,
        #[oai(name = "Idempotency-Key")] sent: Sent<CreateInput>,
    ) -> Result<Json<ItemView>, Failure> {
        Ok(Json(app::entries::create(&sent.caller, &module, &kind, sent.key, sent.input).await?))
    }

    /// One item.
    #[oai(path = "/items/:id", method = "get", operation_id = "item")]
    async fn item(&self, caller: Caller, id: Path<String>) -> Result<Json<ItemView>, Failure> {
        Ok(Json(app::items::view(&caller, caller.id(&id)?).await?))
    }

    /// Open a closed item again at a step.
    #[oai(path = "/items/:id/reopen", method = "post", operation_id = "reopen_item")]
    async fn reopen(
        &self,
        id: Path<String>,
        #[oai(name = "Idempotency-Key")] sent: Sent<ReopenInput>,
    ) -> Result<Json<ItemView>, Failure> {
        Ok(Json(app::entries::reopen(&sent.caller, sent.id(&id)?, sent.key, sent.input).await?))
    }

    /// Take an offer of an open stage.
    #[oai(path = "/items/:id/offers/:instance/:node/:offer", method = "post", operation_id = "take_offer")]
    async fn take_offer(
        &self,
        id: Path<String>,
        instance: Path<String>,
        node: Path<String>,
        offer: Path<String>,
        #[oai(name = "Idempotency-Key")] sent: Sent<OfferInput>,
    ) -> Result<Json<ItemView>, Failure> {
        let place = app::items::OfferPlace {
            item: sent.id(&id)?,
            instance: sent.id(&instance)?,
            node: node.0.into(),
            offer: offer.0.into(),
        };
        Ok(Json(app::items::take_offer(&sent.caller, place, sent.key, sent.input).await?))
    }
}
