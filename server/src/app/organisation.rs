//! Organisation workbooks into the database: all rows or none.

use std::{collections::BTreeMap, sync::Arc};

use docket_engine::{
    definition::organisation::Organisation as Form,
    id::{PersonId, UnitId},
    org::{Holding, Unit, UnitGroup},
    text::Name,
    value::Value,
};
use sea_orm::{
    ActiveModelTrait as _,
    ActiveValue::{NotSet, Set, Unchanged},
    ColumnTrait as _, DatabaseTransaction, DbErr, EntityTrait as _, QueryFilter as _,
};
use serde_json::{Map, Value as Json};

use super::{admins, generation, imports::ImportError, org, sign_in::passwords};
use crate::{
    audit::{self, Act, Origin, What},
    db::entity::{person, post_holding, unit, unit_group},
    failure::Failure,
    import::{
        note::Refusal,
        organisation::{self, Plan, Planned, Report, with_ids},
    },
    state::App,
};

/// What a workbook would make of the organisation; nothing is written.
///
/// # Errors
/// Where the file as a whole is refused, or no organisation form is published.
pub async fn read(app: &App, name: &str, bytes: Vec<u8>) -> Result<Report, ImportError> {
    let form = form(app)?;
    let org = app.org();
    let report = read_alone(app, name, bytes).await?;
    let checked = admins::check_plan(app, &form, &org, &report.plan);
    checked.map_err(|refused| ImportError::Refused(Refusal { code: refused.code, message: refused.message }))?;
    Ok(report)
}

fn form(app: &App) -> Result<Arc<Form>, ImportError> {
    app.registry().organisation.clone().ok_or_else(|| ImportError::Refused(no_form()))
}

/// As [`read`], whoever gets which duty.
async fn read_alone(app: &App, name: &str, bytes: Vec<u8>) -> Result<Report, ImportError> {
    let form = form(app)?;
    let (org, name) = (app.org(), name.to_owned());
    let read = tokio::task::spawn_blocking(move || organisation::read(&name, &bytes, &form, &org)).await;
    read.map_err(|error| Failure::internal(format!("an import broke off: {error}")))?.map_err(ImportError::Refused)
}

/// How often a workbook is read again because the organisation changed meanwhile.
const ATTEMPTS: u32 = 5;

/// Reads a workbook and, where no row of it is refused, writes it.
///
/// # Errors
/// As [`read`], and the database's own.
pub async fn import(app: &App, name: &str, bytes: Vec<u8>, origin: &Origin) -> Result<Report, ImportError> {
    for _ in 0..ATTEMPTS {
        let generation = app.organisation().generation;
        let report = read(app, name, bytes.clone()).await?;
        let act = Act::done(origin.clone(), What::OrganisationChanged).with("file", name);
        if !report.is_clean() || store(app, &report.plan, generation, None, act).await? {
            return Ok(report);
        }
        org::reload(app).await.map_err(Failure::from)?;
    }
    Err(Failure::Busy.into())
}

/// The organisation of a demonstration, as a client would deliver his.
const DEMO: &[u8] = include_bytes!("../../../demo/organisation.xlsx");

/// Fills an empty organisation with the demonstration's, where everybody has the one password, in one transaction; true where
/// it did. What is there is never touched; of nodes that start at the same time one does it.
///
/// # Errors
/// As [`import`].
pub async fn seed_demo(app: &App, password: &str) -> Result<bool, ImportError> {
    let before = app.organisation();
    if before.org.people().next().is_some() || before.org.units().next().is_some() {
        return Ok(false);
    }
    // Of a demonstration nobody has to make the first administrators by hand.
    let report = read_alone(app, "organisation.xlsx", DEMO.to_vec()).await?;
    if !report.is_clean() {
        let faults = report.to_json(docket_engine::text::Language::En);
        return Err(Failure::internal(format!("the organisation of the demonstration has faults: {faults}")).into());
    }
    let password_hash = app.sessions.passwords.hash(&app.settings.web, password).await?;
    let act = Act::done(Origin::system(), What::OrganisationChanged);
    let seeded = store(app, &report.plan, before.generation, Some(&password_hash), act).await?;
    if !seeded {
        org::reload(app).await.map_err(Failure::from)?;
    }
    Ok(seeded)
}

fn no_form() -> Refusal {
    Refusal::new(
        "no-organisation-form",
        "没有发布组织机构表单。请先发布配置",
        "no organisation form is published. Publish the configuration first",
    )
}

/// Writes a plan in one transaction, with a password for everybody in it where one is given; every node reloads the
/// organisation. False, and nothing written, where the organisation is no longer of the generation that the plan was made for.
async fn store(
    app: &App,
    plan: &Plan,
    generation: i64,
    password_hash: Option<&str>,
    act: Act,
) -> Result<bool, Failure> {
    let write = app.db.write().await?;
    generation::lock(&*write, org::GENERATION).await?;
    if generation::current(&*write, org::GENERATION).await? != generation {
        return Ok(false);
    }
    let ids = Ids { units: give_units(&write, plan).await?, people: give_people(&write, plan).await? };
    for unit in &plan.units {
        update_unit(&write, unit, &ids).await?;
    }
    for planned in &plan.people {
        update_person(&write, planned, &ids).await?;
    }
    for group in &plan.groups {
        put_group(&write, group, &ids).await?;
    }
    if let Some(password_hash) = password_hash {
        let people: Vec<PersonId> = plan.people.iter().map(|planned| PersonId(ids.person(planned.person.id))).collect();
        passwords::give(app, &*write, &people, password_hash, false).await?;
    }
    org::changed(app, &write).await?;
    let act = act.with("units", plan.units.len()).with("people", plan.people.len()).with("groups", plan.groups.len());
    audit::record(app, &*write, act).await?;
    write.commit().await?;
    org::reload(app).await?;
    Ok(true)
}

/// The ids that new units and people were given.
struct Ids {
    units: BTreeMap<UnitId, UnitId>,
    people: BTreeMap<PersonId, PersonId>,
}

impl Ids {
    fn unit(&self, unit: UnitId) -> i64 {
        self.units.get(&unit).unwrap_or(&unit).0
    }

    fn person(&self, person: PersonId) -> i64 {
        self.people.get(&person).unwrap_or(&person).0
    }

    fn attributes(&self, attributes: &BTreeMap<Name, Value>) -> String {
        let json: Map<String, Json> = attributes
            .iter()
            .map(|(name, value)| (name.to_string(), with_ids(value, &self.units, &self.people).to_json()))
            .collect();
        Json::Object(json).to_string()
    }
}

/// Rows for new units, still without what refers to others.
async fn give_units(db: &DatabaseTransaction, plan: &Plan) -> Result<BTreeMap<UnitId, UnitId>, DbErr> {
    let mut ids = BTreeMap::new();
    for planned in plan.units.iter().filter(|unit| unit.id.0 < 0) {
        let row = unit::ActiveModel {
            id: NotSet,
            name: Set(planned.name.clone()),
            aliases: Set(texts(&planned.aliases)),
            parent_id: Set(None),
            class: Set(planned.class.clone()),
            position: Set(planned.order),
            attributes: Set("{}".to_owned()),
        };
        ids.insert(planned.id, UnitId(row.insert(db).await?.id));
    }
    Ok(ids)
}

/// Rows for new people, still without what refers to others.
async fn give_people(db: &DatabaseTransaction, plan: &Plan) -> Result<BTreeMap<PersonId, PersonId>, DbErr> {
    let mut ids = BTreeMap::new();
    for planned in plan.people.iter().filter(|planned| planned.person.id.0 < 0) {
        let row = person::ActiveModel {
            id: NotSet,
            code: Set(planned.person.code.clone()),
            name: Set(planned.person.name.clone()),
            title: Set(planned.person.title.clone()),
            phone: Set(planned.phone.clone()),
            attributes: Set("{}".to_owned()),
            active: Set(true),
        };
        ids.insert(planned.person.id, PersonId(row.insert(db).await?.id));
    }
    Ok(ids)
}

async fn update_unit(db: &DatabaseTransaction, planned: &Unit, ids: &Ids) -> Result<(), DbErr> {
    let row = unit::ActiveModel {
        id: Unchanged(ids.unit(planned.id)),
        name: Set(planned.name.clone()),
        aliases: Set(texts(&planned.aliases)),
        parent_id: Set(planned.parent.map(|parent| ids.unit(parent))),
        class: Set(planned.class.clone()),
        position: Set(planned.order),
        attributes: Set(ids.attributes(&planned.attributes)),
    };
    row.update(db).await?;
    Ok(())
}

/// Brings a person up to date. The posts replace those held before; a telephone number that the workbook does not have stays.
async fn update_person(db: &DatabaseTransaction, planned: &Planned, ids: &Ids) -> Result<(), DbErr> {
    let id = ids.person(planned.person.id);
    let row = person::ActiveModel {
        id: Unchanged(id),
        code: Set(planned.person.code.clone()),
        name: Set(planned.person.name.clone()),
        title: Set(planned.person.title.clone()),
        phone: planned.phone.clone().map_or(NotSet, |phone| Set(Some(phone))),
        attributes: Set(ids.attributes(&planned.person.attributes)),
        active: Set(planned.person.active),
    };
    row.update(db).await?;
    post_holding::Entity::delete_many().filter(post_holding::Column::PersonId.eq(id)).exec(db).await?;
    let holdings: Vec<_> = planned.holdings.iter().map(|holding| held(id, holding, ids)).collect();
    if !holdings.is_empty() {
        post_holding::Entity::insert_many(holdings).exec_without_returning(db).await?;
    }
    Ok(())
}

fn held(person: i64, holding: &Holding, ids: &Ids) -> post_holding::ActiveModel {
    post_holding::ActiveModel {
        id: NotSet,
        person_id: Set(person),
        post: Set(holding.post.to_string()),
        unit_id: Set(holding.unit.map(|unit| ids.unit(unit))),
    }
}

async fn put_group(db: &DatabaseTransaction, group: &UnitGroup, ids: &Ids) -> Result<(), DbErr> {
    let members: Vec<String> = group.members.iter().map(|unit| ids.unit(*unit).to_string()).collect();
    let known = unit_group::Entity::find().filter(unit_group::Column::Name.eq(&group.name)).one(db).await?;
    let row = unit_group::ActiveModel {
        id: known.as_ref().map_or(NotSet, |known| Unchanged(known.id)),
        name: Set(group.name.clone()),
        aliases: Set(texts(&group.aliases)),
        members: Set(texts(&members)),
    };
    if known.is_some() {
        row.update(db).await?;
    } else {
        row.insert(db).await?;
    }
    Ok(())
}

fn texts(all: &[String]) -> String {
    Json::from(all.to_vec()).to_string()
}
