//! The organisation: read from its tables into one immutable snapshot, replaced as a whole when it changes.

use std::{collections::BTreeMap, sync::Arc};

use docket_engine::{
    definition::{form::FieldKind, organisation::Organisation as Form},
    id::{PersonId, UnitId},
    org::{Holding, Org, Person, Unit, UnitGroup},
    text::{Name, Text},
    value::Value,
};
use sea_orm::{ConnectionTrait, DatabaseTransaction, DbErr, EntityTrait, QueryOrder};
use serde::de::DeserializeOwned;
use serde_json::{Map, Value as Json};

use super::generation;
use crate::{
    db::entity::{person, post_holding, unit, unit_group},
    push::{News, announce},
    state::{App, Shared},
};

/// Name of the generation of the organisation.
pub(crate) const GENERATION: &str = "organisation";

/// The organisation as of a generation.
#[derive(Debug, Default)]
pub struct Organisation {
    /// Grows with every change, on all nodes alike.
    pub generation: i64,
    /// The snapshot.
    pub org: Arc<Org>,
}

/// To be called in the transaction that changes units, people, posts or groups, before it commits: every node will reload.
///
/// # Errors
/// The database's own.
pub async fn changed(app: &App, transaction: &DatabaseTransaction) -> Result<(), DbErr> {
    generation::next(transaction, GENERATION).await?;
    announce(transaction, &app.node, &News::Organisation).await
}

/// Reloads the organisation on this node: after the commit that changed it, and after the organisation form changed.
///
/// # Errors
/// The database's own.
pub async fn reload(shared: &Shared) -> Result<(), DbErr> {
    let _turn = shared.reloading.lock().await;
    let db = shared.db.snapshot().await?;
    let generation = generation::current(&db, GENERATION).await?;
    let form = shared.registry().organisation.clone();
    let org = read(&db, form.as_deref()).await?;
    shared.set_organisation(Arc::new(Organisation { generation, org: Arc::new(org) }));
    Ok(())
}

async fn read<C: ConnectionTrait>(db: &C, form: Option<&Form>) -> Result<Org, DbErr> {
    let none = BTreeMap::new();
    let of_units = form.map_or(&none, |form| &form.unit_attributes);
    let of_people = form.map_or(&none, |form| &form.person_attributes);
    let units = unit::Entity::find().order_by_asc(unit::Column::Id).all(db).await?;
    let people = person::Entity::find().order_by_asc(person::Column::Id).all(db).await?;
    let holdings = post_holding::Entity::find().order_by_asc(post_holding::Column::Id).all(db).await?;
    let groups = unit_group::Entity::find().order_by_asc(unit_group::Column::Id).all(db).await?;
    let units = units.into_iter().map(|row| {
        Ok(Unit {
            id: UnitId(row.id),
            aliases: json(&row.aliases)?,
            parent: row.parent_id.map(UnitId),
            order: row.position,
            attributes: attributes(&row.attributes, of_units)?,
            name: row.name,
            class: row.class,
        })
    });
    let people = people.into_iter().map(|row| {
        Ok(Person {
            id: PersonId(row.id),
            attributes: attributes(&row.attributes, of_people)?,
            code: row.code,
            name: row.name,
            title: row.title,
            active: row.active,
        })
    });
    let holdings = holdings.into_iter().map(|row| Holding {
        person: PersonId(row.person_id),
        post: row.post.into(),
        unit: row.unit_id.map(UnitId),
    });
    let groups = groups.into_iter().map(|row| {
        let members: Vec<String> = json(&row.members)?;
        let members = members.iter().filter_map(|id| id.parse().ok()).map(UnitId).collect();
        Ok(UnitGroup { aliases: json(&row.aliases)?, members, name: row.name })
    });
    // A duty shows nobody a business item: its post gives no role.
    let roles = form.into_iter().flat_map(|form| &form.posts).filter(|post| post.duty.is_none());
    let roles = roles.map(|post| (post.name.clone(), post.roles.clone()));
    Ok(Org::new(
        units.collect::<Result<_, DbErr>>()?,
        people.collect::<Result<_, DbErr>>()?,
        holdings.collect(),
        groups.collect::<Result<_, DbErr>>()?,
        roles.collect(),
    ))
}

fn json<T: DeserializeOwned>(text: &str) -> Result<T, DbErr> {
    serde_json::from_str(text).map_err(|error| DbErr::Custom(format!("the organisation's tables are damaged: {error}")))
}

/// Attributes that the organisation form declares; others are left in the table.
fn attributes(text: &str, declared: &BTreeMap<Name, (Text, FieldKind)>) -> Result<BTreeMap<Name, Value>, DbErr> {
    let stored: Map<String, Json> = json(text)?;
    Ok(declared
        .iter()
        .filter_map(|(name, (_, kind))| Some((name.clone(), Value::from_json(stored.get(name.as_str())?, kind))))
        .filter(|(_, value)| *value != Value::Null)
        .collect())
}
