//! The organisation: read from its tables into one immutable snapshot, replaced as a whole when it changes.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use docket_engine::{
    definition::{form::FieldKind, organisation::Organisation as Form},
    id::{PersonId, UnitId},
    org::{Holding, Org, Person, StandIn, Unit, UnitGroup},
    text::{Name, Text},
    value::Value,
};
use sea_orm::{ColumnTrait, ConnectionTrait, DatabaseTransaction, DbErr, EntityTrait, QueryFilter, QueryOrder};
use serde::de::DeserializeOwned;
use serde_json::{Map, Value as Json};

use super::generation;
use crate::{
    db::{
        days,
        entity::{acting_ended, person, post_holding, stand_in, unit, unit_group},
    },
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
    /// Who acts in whose name.
    pub acting: Acting,
}

/// Who acts in whose name: what the organisation form's attribute says, without what those people have ended.
#[derive(Debug, Default)]
pub struct Acting {
    /// By person: who acts in his name, and whether he has ended that.
    through: BTreeMap<PersonId, BTreeMap<PersonId, bool>>,
    /// By who acts: in whose name, where it has not been ended.
    of: BTreeMap<PersonId, BTreeSet<PersonId>>,
}

impl Acting {
    fn new(org: &Org, attribute: Option<&Name>, ended: &BTreeSet<(PersonId, PersonId)>) -> Self {
        let mut acting = Self::default();
        let Some(attribute) = attribute else { return acting };
        for person in org.people().filter(|person| person.active) {
            let named = match person.attributes.get(attribute) {
                Some(Value::List(all)) => all.as_slice(),
                Some(one) => std::slice::from_ref(one),
                None => &[],
            };
            for through in named {
                let Value::Person(through) = through else { continue };
                if *through == person.id || !org.person(*through).is_some_and(|found| found.active) {
                    continue;
                }
                let is_ended = ended.contains(&(person.id, *through));
                acting.through.entry(person.id).or_default().insert(*through, is_ended);
                if !is_ended {
                    acting.of.entry(*through).or_default().insert(person.id);
                }
            }
        }
        acting
    }

    /// In whose name `through` may act.
    pub fn people_of(&self, through: PersonId) -> impl Iterator<Item = PersonId> {
        self.of.get(&through).into_iter().flatten().copied()
    }

    /// Whether `through` may act in `person`'s name.
    #[must_use]
    pub fn may(&self, through: PersonId, person: PersonId) -> bool {
        self.of.get(&through).is_some_and(|people| people.contains(&person))
    }

    /// Who is meant to act in `person`'s name, and whether he has ended that.
    pub fn through(&self, person: PersonId) -> impl Iterator<Item = (PersonId, bool)> {
        self.through.get(&person).into_iter().flatten().map(|(through, ended)| (*through, *ended))
    }
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
    let org = read(&db, form.as_deref()).await?.with_stand_ins(stand_ins(&db, shared).await?);
    let ended = acting_ended::Entity::find().all(&db).await?;
    let ended = ended.iter().map(|row| (PersonId(row.person_id), PersonId(row.through_id))).collect();
    let acting = Acting::new(&org, form.as_deref().and_then(|form| form.acting.as_ref()), &ended);
    shared.set_organisation(Arc::new(Organisation { generation, org: Arc::new(org), acting }));
    Ok(())
}

/// Stand-ins whose last day is not over. That of a clock behind this one's ends a day later.
async fn stand_ins<C: ConnectionTrait>(db: &C, shared: &Shared) -> Result<Vec<StandIn>, DbErr> {
    let rows = stand_in::Entity::find()
        .filter(stand_in::Column::EndedAt.is_null())
        .filter(stand_in::Column::ToDay.gte(days::from_date(shared.today()).saturating_sub(1)))
        .order_by_asc(stand_in::Column::Id)
        .all(db)
        .await?;
    let stand_in = |row: stand_in::Model| StandIn {
        person: PersonId(row.person_id),
        stand_in: PersonId(row.stand_in_id),
        from: days::to_date(row.from_day),
        to: days::to_date(row.to_day),
    };
    Ok(rows.into_iter().map(stand_in).collect())
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
            from: row.valid_from.map(days::to_date),
            to: row.valid_to.map(days::to_date),
            successor: row.successor_id.map(UnitId),
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
