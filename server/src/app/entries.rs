//! How an item begins: created at its workflow's start or at a step of its kind's `enter`, or opened again at one of `reopen`.
//! A policy says who may `create`, `enter` and `reopen`; an entry's own `who` is the engine's rule.

use docket_engine::{
    case::{Case, Item, ItemState},
    command::Command,
    definition::{form::Form, module::Entry as AtNode},
    id::Id,
    step,
    text::Text,
};
use serde_json::{Map, Value as Json};

use super::{
    item_view, labels,
    ledger::{self, Entry},
    lists::About,
    run, runner,
    validate::{Demand, World},
};
use crate::{
    access::Facts,
    api::{
        caller::Caller,
        items::{CreateInput, ItemView, ReopenInput},
        operations::StepView,
        sent::Key,
    },
    failure::Failure,
};

/// Creates an item and starts its kind's workflow.
///
/// # Errors
/// [`Failure::Forbidden`], [`Failure::Invalid`], and what the engine refuses.
pub async fn create(
    caller: &Caller,
    module: &str,
    kind: &str,
    key: Key,
    input: CreateInput,
) -> Result<ItemView, Failure> {
    let about = About::find(caller, module, kind)?;
    let entry = input.enter.as_deref().map(|node| entry(about, node)).transpose()?;
    let may = caller.visibility(if entry.is_some() { "enter" } else { "create" }, kind);
    if may.is_never() {
        return Err(Failure::Forbidden);
    }
    let org = caller.app.org();
    let world = World { org: &org, registry: &caller.published.registry };
    let form = form(caller, about, entry)?;
    let fields = caller.app.validators.check(form, input.fields.0, Demand::Complete, "/fields", world)?;
    // A rule with a condition is held to the item as it will be.
    let item = as_created(caller, about, &fields);
    if !may.sees(&ledger::facts(caller, &item, None)) {
        return Err(Failure::Forbidden);
    }
    let command = Command::Create {
        module: about.module.name.clone(),
        kind: about.kind.name.clone(),
        fields,
        enter: entry.map(|entry| entry.node.clone()),
    };
    let done = run::command(caller, key, None, command).await?;
    // Whoever created an item is told of it even where its rules would not show it to him afterwards.
    item_view::view(caller, &ledger::any(caller, Id::root_item(done.root)).await?).await
}

/// The kind's entry at `node`.
fn entry<'a>(about: About<'a>, node: &str) -> Result<&'a AtNode, Failure> {
    about.kind.enter.iter().find(|entry| entry.node == *node).ok_or_else(|| {
        let message = Text::new("不能从这一步开始，请刷新后重试", "nothing begins at this step: reload and try again");
        Failure::invalid("/enter", "unknown-step", message)
    })
}

/// The form that is filled in: the entry's own, or the kind's.
fn form<'a>(caller: &'a Caller, about: About<'a>, entry: Option<&AtNode>) -> Result<&'a Form, Failure> {
    match entry.and_then(|entry| entry.form.as_ref()) {
        None => Ok(about.form),
        Some(form) => {
            let found = caller.published.registry.forms.get(form);
            found.map(AsRef::as_ref).ok_or_else(|| Failure::internal(format!("the form `{form}` is not loaded")))
        }
    }
}

/// The item that these fields will make, for conditions about it.
fn as_created(caller: &Caller, about: About<'_>, fields: &Map<String, Json>) -> Item {
    Item {
        id: Id::root_item(0),
        parent: None,
        module: about.module.name.clone(),
        kind: about.kind.name.clone(),
        state: ItemState::Open,
        stage: None,
        next_due: None,
        year: caller.app.today().year(),
        suspended_on: None,
        fields: fields.clone(),
        participants: [caller.person.id].into(),
        created_at: caller.app.now(),
        created_by: Some(caller.person.id),
    }
}

/// The steps at which the caller may open an item again.
#[must_use]
pub fn reopenable(caller: &Caller, case: &Case, entry: &Entry) -> Vec<StepView> {
    let item = &entry.item;
    let Some(kind) = ledger::kind_of(caller, item).filter(|_| may_reopen(caller, item, entry.facts(caller))) else {
        return Vec::new();
    };
    let nodes = step::reopenable(case, item.id, &caller.app.context(caller.actor()));
    let view = |node| StepView { title: caller.text(&labels::step(caller, kind, &node)), node: node.to_string() };
    nodes.into_iter().map(view).collect()
}

fn may_reopen(caller: &Caller, item: &Item, facts: Facts<'_>) -> bool {
    caller.visibility("reopen", &item.kind).sees(&facts)
}

/// Opens a closed item again at a step. Sent again, it gets the same answer, although the item is open by then.
///
/// # Errors
/// [`Failure::NotFound`] where the item is not the caller's to see; [`Failure::Forbidden`] where no policy lets him reopen it;
/// what the engine refuses.
pub async fn reopen(caller: &Caller, id: Id, key: Key, input: ReopenInput) -> Result<ItemView, Failure> {
    let entry = ledger::visible(caller, id).await?;
    let (root, key) = (Some(id.root()), key.into_text());
    let command = Command::Reopen { item: id, node: input.node.into(), comment: run::comment(input.comment)? };
    let hash = runner::hash_of(&(root, &command));
    if run::answered(caller, &key, &hash).await?.is_none() {
        if !may_reopen(caller, &entry.item, entry.facts(caller)) {
            return Err(Failure::Forbidden);
        }
        run::hashed(caller, key, hash, root, command).await?;
    }
    item_view::view(caller, &ledger::any(caller, id).await?).await
}
