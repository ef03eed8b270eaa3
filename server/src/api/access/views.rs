//! The wire types of `/access/…`.

use poem_openapi::{Enum, Object};

use crate::api::views::Ref;

/// A policy document as sent.
#[derive(Debug, Object)]
#[oai(deny_unknown_fields)]
pub struct DocumentInput {
    /// Its path: `policies/NAME.yaml`.
    pub path: String,
    /// Its YAML.
    pub text: String,
}

/// Policies as sent.
#[derive(Debug, Object)]
#[oai(deny_unknown_fields)]
pub struct DocumentsInput {
    /// All of them: they take the place of those in force.
    pub documents: Vec<DocumentInput>,
}

/// A draft as sent.
#[derive(Debug, Object)]
#[oai(deny_unknown_fields)]
pub struct PolicyDraftInput {
    /// All policies.
    pub documents: Vec<DocumentInput>,
    /// The version on which it is based.
    pub base: i64,
}

/// Policies to publish.
#[derive(Debug, Object)]
#[oai(deny_unknown_fields)]
pub struct PublishInput {
    /// All policies.
    pub documents: Vec<DocumentInput>,
    /// The version on which they are based: it must still be in force.
    pub base: i64,
    /// Why, in 1 to 500 characters.
    pub why: String,
}

/// Why an earlier version is put in force again.
#[derive(Debug, Object)]
#[oai(deny_unknown_fields)]
pub struct RestoreInput {
    /// Why.
    pub why: Option<String>,
}

/// A policy document.
#[derive(Debug, Clone, PartialEq, Object)]
#[oai(skip_serializing_if_is_none)]
pub struct DocumentView {
    /// Its path.
    pub path: String,
    /// Its YAML.
    pub text: String,
}

/// A rule.
#[derive(Debug, Clone, PartialEq, Object)]
#[oai(skip_serializing_if_is_none)]
pub struct RuleView {
    /// The document in which it stands.
    pub policy: String,
    /// For whom.
    pub role: String,
    /// What it allows or denies.
    pub actions: Vec<String>,
    /// The kind of item, or `any`.
    pub on: String,
    /// The condition.
    pub when: Option<String>,
    /// The fields that it is about; without them the whole item.
    pub fields: Option<Vec<String>>,
    /// Whether it denies.
    pub deny: bool,
}

/// A role that includes another.
#[derive(Debug, Clone, PartialEq, Object)]
#[oai(skip_serializing_if_is_none)]
pub struct IncludeView {
    /// The role.
    pub role: String,
    /// The included one.
    pub included: String,
}

/// Something wrong in a document.
#[derive(Debug, Clone, PartialEq, Object)]
#[oai(skip_serializing_if_is_none)]
pub struct FaultView {
    /// The file.
    pub path: String,
    /// From 1.
    pub line: u32,
    /// From 1, in characters.
    pub column: u32,
    /// Else it is a warning.
    pub error: bool,
    /// Stable code; `docket explain CODE` says more.
    pub code: String,
    /// What is wrong.
    pub message: String,
    /// What to write instead.
    pub help: Option<String>,
}

/// What is wrong with policies, and their rules where nothing is.
#[derive(Debug, Clone, PartialEq, Object)]
#[oai(skip_serializing_if_is_none)]
pub struct CheckView {
    /// Errors and warnings.
    pub faults: Vec<FaultView>,
    /// The rules, in the written order.
    pub rules: Vec<RuleView>,
    /// The inclusions.
    pub includes: Vec<IncludeView>,
}

/// A version of the policies.
#[derive(Debug, Clone, PartialEq, Object)]
#[oai(skip_serializing_if_is_none)]
pub struct VersionView {
    /// Its number.
    pub id: i64,
    /// When it was published.
    pub at: String,
    /// By whom; nobody by the command line.
    pub by: Option<Ref>,
    /// Why.
    pub why: String,
    /// Whether it is in force.
    pub current: bool,
}

/// Versions.
#[derive(Debug, Clone, PartialEq, Object)]
#[oai(skip_serializing_if_is_none)]
pub struct VersionsView {
    /// The newest first.
    pub rows: Vec<VersionView>,
}

/// A version with what it changed.
#[derive(Debug, Clone, PartialEq, Object)]
#[oai(skip_serializing_if_is_none)]
pub struct VersionDetail {
    /// The version.
    pub version: VersionView,
    /// Its documents.
    pub documents: Vec<DocumentView>,
    /// Rules that the version before had not.
    pub added: Vec<RuleView>,
    /// Rules that only the version before had.
    pub removed: Vec<RuleView>,
}

/// The policies in force.
#[derive(Debug, Clone, PartialEq, Object)]
#[oai(skip_serializing_if_is_none)]
pub struct PoliciesView {
    /// Their version.
    pub version: VersionView,
    /// Their documents.
    pub documents: Vec<DocumentView>,
    /// Their rules.
    pub rules: Vec<RuleView>,
    /// Their inclusions.
    pub includes: Vec<IncludeView>,
}

/// A draft.
#[derive(Debug, Clone, PartialEq, Object)]
#[oai(skip_serializing_if_is_none)]
pub struct PolicyDraftView {
    /// Its documents.
    pub documents: Vec<DocumentView>,
    /// The version on which it is based.
    pub base: i64,
    /// Whether another version is in force meanwhile.
    pub outdated: bool,
    /// When it was saved; never where there is none.
    pub saved_at: Option<String>,
}

/// How a dry run stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[oai(rename_all = "kebab-case")]
pub enum DryRunState {
    /// There are faults; nothing was computed.
    Refused,
    /// It is being computed.
    Running,
    /// Everything is counted.
    Done,
    /// It was ended; the lines are what was counted till then.
    Cancelled,
    /// It took too long; the lines are what was counted till then.
    TimedOut,
    /// It broke down.
    Failed,
}

/// An item named as an example.
#[derive(Debug, Clone, PartialEq, Object)]
#[oai(skip_serializing_if_is_none)]
pub struct ExampleView {
    /// Its id.
    pub id: String,
    /// Its title, or its id where the reader may not see it.
    pub title: String,
}

/// What changes of one field.
#[derive(Debug, Clone, PartialEq, Object)]
#[oai(skip_serializing_if_is_none)]
pub struct FieldChange {
    /// The field.
    pub field: String,
    /// In how many items it appears.
    pub gained: u64,
    /// In how many it goes.
    pub lost: u64,
}

/// What changes for people of one class and one kind of item.
#[derive(Debug, Clone, PartialEq, Object)]
#[oai(skip_serializing_if_is_none)]
pub struct DryRunLine {
    /// The module.
    pub module: String,
    /// Its title.
    pub module_title: String,
    /// The kind.
    pub kind: String,
    /// Its title.
    pub kind_title: String,
    /// The action.
    pub action: String,
    /// The roles of these people.
    pub roles: Vec<String>,
    /// How many they are.
    pub people: u64,
    /// Some of them.
    pub examples: Vec<Ref>,
    /// How many items each of them gains.
    pub gained: u64,
    /// How many each loses.
    pub lost: u64,
    /// Some of those gained.
    pub gained_items: Vec<ExampleView>,
    /// Some of those lost.
    pub lost_items: Vec<ExampleView>,
    /// Fields that appear or go in items seen before and after.
    pub fields: Vec<FieldChange>,
}

/// A dry run.
#[derive(Debug, Clone, PartialEq, Object)]
#[oai(skip_serializing_if_is_none)]
pub struct DryRunView {
    /// Its number; none where it was refused.
    pub id: Option<i64>,
    /// How it stands.
    pub state: DryRunState,
    /// Classes of people that are counted.
    pub done: u64,
    /// Classes of people in all.
    pub total: u64,
    /// Why it was refused.
    pub faults: Vec<FaultView>,
    /// Those with the greatest effect first.
    pub lines: Vec<DryRunLine>,
    /// Lines beyond the most that are shown.
    pub left_out: u64,
    /// People who gain something.
    pub people_gaining: u64,
    /// People who lose something.
    pub people_losing: u64,
}

/// A fact.
#[derive(Debug, Clone, PartialEq, Object)]
#[oai(skip_serializing_if_is_none)]
pub struct FactView {
    /// As written: `item.state`.
    pub name: String,
    /// As shown.
    pub value: String,
}

/// An atom of a condition that would have to be otherwise.
#[derive(Debug, Clone, PartialEq, Object)]
#[oai(skip_serializing_if_is_none)]
pub struct LackingView {
    /// As written.
    pub atom: String,
    /// Whether it holds and should not.
    pub holds: bool,
    /// What it reads.
    pub facts: Vec<FactView>,
}

/// A rule, and what became of it.
#[derive(Debug, Clone, PartialEq, Object)]
#[oai(skip_serializing_if_is_none)]
pub struct ExplainedRule {
    /// The rule in a sentence.
    pub text: String,
    /// Its role.
    pub role: String,
    /// Whether the person has the role.
    pub has_role: bool,
    /// Whether it denies.
    pub deny: bool,
    /// Whether it is his and its condition holds.
    pub holds: bool,
    /// Its condition.
    pub condition: Option<String>,
    /// Its fields.
    pub fields: Option<Vec<String>>,
    /// What it lacks.
    pub lacking: Vec<LackingView>,
}

/// Why a person may do something with an item, or may not.
#[derive(Debug, Clone, PartialEq, Object)]
#[oai(skip_serializing_if_is_none)]
pub struct ExplainView {
    /// Whom it is about.
    pub person: Ref,
    /// The item.
    pub item: String,
    /// The action.
    pub action: String,
    /// Whether he may.
    pub allowed: bool,
    /// In a sentence.
    pub summary: String,
    /// The rules that decide or come closest first.
    pub rules: Vec<ExplainedRule>,
}
