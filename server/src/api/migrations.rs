//! `/config/workflows/{workflow}/…`: running instances to another version of their workflow.

use poem_openapi::{
    Enum, Object, OpenApi,
    param::{Path, Query},
    payload::Json,
};

use super::{caller::Caller, input::Input, page::Page};
use crate::{
    app::migrations::web::{self, Asked},
    failure::Failure,
};

/// What a migration would do; nothing has been written.
#[derive(Debug, Object)]
pub struct MigrationPlan {
    /// The workflow.
    pub workflow: String,
    /// Its title.
    pub title: String,
    /// The version to come to.
    pub to: String,
    /// The versions that can be come to.
    pub versions: Vec<VersionView>,
    /// The plan from each version that instances run on.
    pub plans: Vec<PlanView>,
    /// How many earlier migrations can still be taken back or confirmed.
    pub open: u64,
    /// A page of the instances, by id, with what would become of each.
    pub rows: Vec<MigrationRow>,
    /// How many instances run on another version.
    pub total: u64,
}

/// A version of a workflow.
#[derive(Debug, Object)]
#[oai(rename = "WorkflowVersion")]
pub struct VersionView {
    /// Its name: a hash of its content.
    pub version: String,
    /// Whether new instances start on it.
    pub in_force: bool,
}

/// How the nodes of one version become those of another.
#[derive(Debug, Object)]
#[oai(rename = "VersionPlan")]
pub struct PlanView {
    /// The version to leave.
    pub from: String,
    /// What becomes of each of its nodes.
    pub nodes: Vec<NodeFate>,
    /// What differs and stops nothing.
    pub notes: Vec<NodeText>,
}

/// What becomes of a node.
#[derive(Debug, Object)]
#[oai(skip_serializing_if_is_none)]
pub struct NodeFate {
    /// The node.
    pub node: String,
    /// Its title.
    pub title: String,
    /// What becomes of it.
    pub fate: FateView,
    /// The node that has its place.
    pub to: Option<String>,
}

/// What becomes of a node.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[oai(rename_all = "snake_case", rename = "Fate")]
pub enum FateView {
    /// It is there under the same name.
    Kept,
    /// Another one takes its place.
    Mapped,
    /// What has its place is of another kind.
    OtherKind,
    /// It is gone.
    Gone,
}

/// A sentence about a node.
#[derive(Debug, Object)]
pub struct NodeText {
    /// The node; empty where it is about the whole.
    pub node: String,
    /// Its title.
    pub title: String,
    /// The sentence.
    pub text: String,
}

/// A running instance, and what would become of it.
#[derive(Debug, Object)]
#[oai(skip_serializing_if_is_none)]
pub struct MigrationRow {
    /// The instance.
    pub instance: String,
    /// Its item.
    pub item: String,
    /// The item's title, for who may read the item.
    pub title: Option<String>,
    /// The version that it runs on.
    pub from: String,
    /// Movable, stranded or refused.
    pub verdict: MigrationState,
    /// What would become of it, where it is movable.
    pub foreseen: Option<ForeseenView>,
    /// Why it stays, where it is not.
    pub reasons: Vec<NodeText>,
}

/// What would become of an instance.
#[derive(Debug, Object)]
#[oai(rename = "Foreseen")]
pub struct ForeseenView {
    /// Where it stands, and will stand.
    pub places: Vec<PlaceView>,
    /// Fields that may be read before they are filled in.
    pub unfilled: Vec<UnfilledView>,
    /// Titles of the tasks that open.
    pub opens: Vec<String>,
    /// Titles of the tasks that close.
    pub closes: Vec<String>,
    /// The running children that are cancelled.
    pub cancels: Vec<String>,
    /// Whether the instance ends thereby.
    pub ends: bool,
    /// Whether it can be taken back.
    pub reversible: bool,
}

/// Where an instance stands, and will stand.
#[derive(Debug, Object)]
#[oai(rename = "MigrationPlace")]
pub struct PlaceView {
    /// The node.
    pub from: String,
    /// Its title.
    pub from_title: String,
    /// The node afterwards.
    pub to: String,
    /// Its title.
    pub to_title: String,
    /// How many members its group has, or elements its call.
    pub members: u32,
}

/// A field that may be read before it is filled in.
#[derive(Debug, Object)]
#[oai(rename = "Unfilled")]
pub struct UnfilledView {
    /// The node whose form it is in.
    pub node: String,
    /// Its title.
    pub title: String,
    /// The field.
    pub field: String,
}

/// What can come of an instance.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[oai(rename_all = "lowercase")]
pub enum MigrationState {
    /// It can be moved.
    Movable,
    /// It was moved.
    Moved,
    /// It was taken back.
    Back,
    /// It was confirmed.
    Confirmed,
    /// It stays, because something would be stranded.
    Stranded,
    /// It stays for another reason.
    Refused,
}

/// Which node takes the place of which.
#[derive(Debug, Object)]
#[oai(deny_unknown_fields)]
pub struct MappedNode {
    /// The node of the version to leave.
    pub old: String,
    /// The node of the version to come to.
    pub new: String,
}

/// What is to be moved.
#[derive(Debug, Object)]
#[oai(deny_unknown_fields)]
pub struct MigrateInput {
    /// The version to come to, or how it begins; else the one in force.
    pub to: Option<String>,
    /// Where nodes have other names.
    #[oai(default)]
    pub nodes: Vec<MappedNode>,
    /// Only the instance on this item.
    pub item: Option<String>,
    /// Only instances behind this one: `next` of the answer before.
    pub after: Option<String>,
}

/// What is to be confirmed or taken back.
#[derive(Debug, Object)]
#[oai(deny_unknown_fields)]
pub struct SettleInput {
    /// Only the instance on this item.
    pub item: Option<String>,
    /// Only instances behind this one: `next` of the answer before.
    pub after: Option<String>,
}

/// What came of at most a hundred instances.
#[derive(Debug, Object)]
#[oai(skip_serializing_if_is_none)]
pub struct MigrationPart {
    /// The instances.
    pub rows: Vec<MigratedRow>,
    /// There may be more: send the same again with this as `after`.
    pub next: Option<String>,
}

/// What came of an instance.
#[derive(Debug, Object)]
pub struct MigratedRow {
    /// The instance.
    pub instance: String,
    /// Its item.
    pub item: String,
    /// What came of it.
    pub state: MigrationState,
    /// Why it stays, where it does.
    pub reasons: Vec<NodeText>,
}

/// The endpoints.
pub struct MigrationsApi;

#[OpenApi]
impl MigrationsApi {
    /// What a migration would do, with a page of the instances.
    #[oai(path = "/config/workflows/:workflow/migration", method = "get", operation_id = "migration")]
    #[expect(clippy::too_many_arguments, reason = "each is a parameter of the address")]
    async fn migration(
        &self,
        caller: Caller,
        workflow: Path<String>,
        /// The version to come to, or how it begins; else the one in force.
        to: Query<Option<String>>,
        /// `OLD=NEW`: which node takes the place of which. Repeats.
        #[oai(default)]
        map: Query<Vec<String>>,
        /// Only the instance on this item.
        item: Query<Option<String>>,
        page: Query<Option<u32>>,
        per_page: Query<Option<u32>>,
    ) -> Result<Json<MigrationPlan>, Failure> {
        let asked = Asked { workflow: &workflow, to: to.0, map: map.0, item: item.0 };
        Ok(Json(web::plan(&caller, asked, Page::new(page.0, per_page.0)?).await?))
    }

    /// Move the next instances, at most a hundred.
    ///
    /// Each is moved by itself. Sent again, what has been moved is left out.
    #[oai(path = "/config/workflows/:workflow/migrate", method = "post", operation_id = "migrate")]
    async fn migrate(
        &self,
        caller: Caller,
        workflow: Path<String>,
        input: Input<MigrateInput>,
    ) -> Result<Json<MigrationPart>, Failure> {
        Ok(Json(web::migrate(&caller, &workflow, input.0).await?))
    }

    /// Take the next migrations back, at most a hundred.
    #[oai(path = "/config/workflows/:workflow/migrate-back", method = "post", operation_id = "migrate_back")]
    async fn migrate_back(
        &self,
        caller: Caller,
        workflow: Path<String>,
        input: Input<SettleInput>,
    ) -> Result<Json<MigrationPart>, Failure> {
        Ok(Json(web::settle(&caller, &workflow, input.0, true).await?))
    }

    /// Confirm the next migrations, at most a hundred: they can not be taken back any more.
    #[oai(path = "/config/workflows/:workflow/migrate-confirm", method = "post", operation_id = "migrate_confirm")]
    async fn migrate_confirm(
        &self,
        caller: Caller,
        workflow: Path<String>,
        input: Input<SettleInput>,
    ) -> Result<Json<MigrationPart>, Failure> {
        Ok(Json(web::settle(&caller, &workflow, input.0, false).await?))
    }
}
