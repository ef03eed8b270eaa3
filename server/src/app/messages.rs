//! Messages of other systems, each taken once: what waits for them says what their data must hold.

use std::{collections::BTreeSet, sync::Arc};

use docket_engine::{
    case::Kept,
    command::{Actor, Command},
    definition::form::Form,
    id::Id,
    step::{self, Listener},
    text::{Name, Text},
};
use serde_json::{Map, Value as Json};

use super::{
    run,
    runner::{self, Request},
    validate::{Demand, World},
};
use crate::{
    api::{
        messages::{MessageInput, MessageTaken},
        signed::Signed,
    },
    failure::{Failure, Fault, pointer_token},
    state::App,
};

/// The longest key, in characters.
const MAX_KEY: usize = 200;

/// Takes a message, once for each id of the service.
///
/// # Errors
/// [`Failure::Invalid`] names what is wrong with it; [`Failure::NotFound`] where there is no such item, [`Failure::NotHeard`]
/// where nothing there waits for it; [`Failure::IdempotencyMismatch`] where the id was used for another message.
pub async fn take(message: Signed<MessageInput>) -> Result<MessageTaken, Failure> {
    let Signed { app, service, id, hash, input } = message;
    allowed(&app, &service, &input.name)?;
    let item: Id = input.item.parse().map_err(|_| Failure::NotFound)?;
    let key = format!("message/{service}/{id}");
    let answered = runner::answered(&app, &Actor::System, &key, &hash).await;
    if answered.map_err(|error| run::refusal(&app, error))?.is_none() {
        let sent = Kept {
            name: input.name.as_str().into(),
            key: correlation(input.key)?,
            data: input.data.0,
            from: Some(service),
            causes: Vec::new(),
        };
        let Kept { name, key: wanted, data, from, .. } = fitting(&app, item, sent).await?;
        let command = Command::Message { name, key: wanted, data, from };
        let request = Request { actor: Actor::System, key, body_hash: hash, root: Some(item.root()), command };
        runner::execute(&app, request).await.map_err(|error| run::refusal(&app, error))?;
    }
    Ok(MessageTaken { id, item: item.to_string() })
}

/// Refuses what the settings do not allow the service to say.
fn allowed(app: &App, service: &str, name: &str) -> Result<(), Failure> {
    let Some(allowed) = app.settings.services.messages(service) else { return Err(Failure::Unsigned) };
    if allowed.contains(name) {
        return Ok(());
    }
    let names: Vec<&str> = allowed.iter().map(String::as_str).collect();
    let message = if names.is_empty() {
        Text::new("设置没有允许本系统发送任何消息", "the settings allow this service no messages")
    } else {
        Text::new(
            format!("本系统可以发送的消息：{}", names.join("、")),
            format!("this service may send: {}", names.join(", ")),
        )
    };
    Err(Failure::invalid("/name", "not-allowed", message))
}

fn correlation(key: Option<String>) -> Result<Option<String>, Failure> {
    match key {
        // It becomes part of history, where U+0000 can not be stored.
        Some(key) if key.chars().count() > MAX_KEY || key.contains('\0') => {
            let message = Text::new("对应编号最多 200 个字", "a key has at most 200 characters");
            Err(Failure::invalid("/key", "too-long", message))
        }
        key => Ok(key),
    }
}

/// The message with its data as the forms of what waits for it take it.
async fn fitting(app: &App, item: Id, sent: Kept) -> Result<Kept, Failure> {
    let refused = |error| run::refusal(app, error);
    let case = runner::load_with_item(app, item).await.map_err(refused)?;
    if !case.items.contains_key(&item) {
        return Err(Failure::NotFound);
    }
    let listeners = step::listeners(&case, &sent, &app.context(Actor::System));
    let listeners = listeners.map_err(|rejection| Failure::rejected(rejection, &app.org()))?;
    if listeners.is_empty() {
        return Err(Failure::NotHeard);
    }
    let forms = forms(app, &listeners)?;
    let data = checked(app, &forms, &sent.data)?;
    Ok(Kept { data, ..sent })
}

/// The forms that the data must fit.
fn forms(app: &App, listeners: &[Listener]) -> Result<Vec<Arc<Form>>, Failure> {
    let registry = app.registry();
    let of = |listener: &Listener| {
        let form = listener.form.as_ref()?;
        let found = registry.versions.get(&listener.version).and_then(|bound| bound.forms.get(form));
        Some(found.cloned().ok_or_else(|| Failure::internal(format!("the form `{form}` is not loaded"))))
    };
    listeners.iter().filter_map(of).collect()
}

/// The data as every form takes its part of it; what no form has is refused.
fn checked(app: &App, forms: &[Arc<Form>], sent: &Map<String, Json>) -> Result<Map<String, Json>, Failure> {
    let known: BTreeSet<&Name> = forms.iter().flat_map(|form| form.fields.iter().map(|field| &field.name)).collect();
    let unknown = sent.keys().filter(|name| !known.iter().any(|known| known.as_str() == name.as_str()));
    let mut faults: Vec<Fault> = unknown.map(|name| unknown_field(name)).collect();
    let org = app.org();
    let registry = app.registry();
    let world = World { org: &org, registry: &registry };
    let mut data = Map::new();
    for form in forms {
        let part = sent.iter().filter(|(name, _)| form.field(name).is_some());
        let part = part.map(|(name, value)| (name.clone(), value.clone())).collect();
        match app.validators.check(form, part, Demand::Complete, "/data", world) {
            Ok(fields) => data.extend(fields),
            Err(Failure::Invalid(found)) => faults.extend(found),
            Err(other) => return Err(other),
        }
    }
    if faults.is_empty() { Ok(data) } else { Err(Failure::Invalid(faults)) }
}

fn unknown_field(name: &str) -> Fault {
    let message = Text::new(
        format!("等待这条消息的步骤不需要 `{name}`"),
        format!("what waits for this message asks for no `{name}`"),
    );
    Fault::new(format!("/data/{}", pointer_token(name)), "unknown-field", message)
}
