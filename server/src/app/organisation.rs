//! Organisation workbooks into the database: all rows or none.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use docket_engine::{
    definition::organisation::Organisation as Form,
    id::{PersonId, UnitId},
    org::{Holding, Unit, UnitGroup},
    text::{Name, Text},
    value::Value,
};
use sea_orm::{
    ActiveModelTrait as _,
    ActiveValue::{NotSet, Set, Unchanged},
    ColumnTrait as _, DatabaseTransaction, DbErr, EntityTrait as _, QueryFilter as _,
};
use serde_json::{Map, Value as Json};

use super::{
    admins,
    follow_ups::{self, Work},
    generation,
    imports::ImportError,
    org,
    sign_in::passwords,
};
use crate::{
    api::{caller::Caller, upload::FileUpload},
    audit::{self, Act, Origin, What},
    db::{
        chunks, days,
        entity::{person, post_holding, unit, unit_group},
    },
    failure::Failure,
    import::{
        note::Refusal,
        organisation::{self, Plan, Planned, Report, Verdict, with_ids},
    },
    push::Stale,
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
    let read = read.map_err(|error| Failure::internal(format!("an import broke off: {error}")))?;
    let mut report = read.map_err(ImportError::Refused)?;
    other_phones(app, &mut report).await.map_err(Failure::from)?;
    Ok(report)
}

/// Rows of people whose telephone number alone is another one are changed too: the snapshot of the organisation has none.
async fn other_phones(app: &App, report: &mut Report) -> Result<(), DbErr> {
    let planned: BTreeMap<i64, &str> = report
        .plan
        .people
        .iter()
        .filter_map(|planned| Some((planned.person.id.0, planned.phone.as_deref()?)))
        .collect();
    let mut other = BTreeSet::new();
    for part in chunks(&planned.keys().copied().collect()) {
        let rows = person::Entity::find().filter(person::Column::Id.is_in(part)).all(app.db.reader()).await?;
        let differs = rows.iter().filter(|row| row.phone.as_deref() != planned.get(&row.id).copied());
        other.extend(differs.map(|row| PersonId(row.id)));
    }
    for row in report.rows.iter_mut().filter(|row| row.verdict == Verdict::Unchanged) {
        if row.person.is_some_and(|person| other.contains(&person)) {
            row.verdict = Verdict::Changed;
        }
    }
    Ok(())
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

/// As [`import`], for who has seen what it would do to the organisation of this generation: false, and nothing written, where
/// that has changed since.
///
/// # Errors
/// As [`import`].
pub async fn import_seen(
    app: &App,
    name: &str,
    bytes: Vec<u8>,
    (generation, origin): (i64, Origin),
) -> Result<Option<Report>, ImportError> {
    if app.organisation().generation != generation {
        return Ok(None);
    }
    let report = read(app, name, bytes).await?;
    let act = Act::done(origin, What::OrganisationChanged).with("file", name);
    if !report.is_clean() || store(app, &report.plan, generation, None, act).await? {
        return Ok(Some(report));
    }
    Ok(None)
}

/// What an uploaded workbook does: shown, or imported where it is what was seen at `generation`. Gives the report, the
/// generation that it was read against, and whether it was imported.
///
/// # Errors
/// As [`import`]; [`Failure::LedgerChanged`] where the organisation has changed since it was seen.
pub async fn upload(
    caller: &Caller,
    generation: Option<&str>,
    file: FileUpload,
) -> Result<(Report, i64, bool), Failure> {
    let app = &caller.app;
    let Some(seen) = generation else {
        let generation = app.organisation().generation;
        return Ok((read(app, &file.name, file.bytes).await?, generation, false));
    };
    let changed = || {
        Failure::LedgerChanged(Text::new(
            "预览之后组织机构有变化，请重新预览",
            "the organisation has changed since the preview: look at it again",
        ))
    };
    let seen: i64 = seen.parse().map_err(|_| changed())?;
    let report = import_seen(app, &file.name, file.bytes, (seen, caller.origin())).await?.ok_or_else(changed)?;
    let imported = report.is_clean();
    if imported {
        app.hub.tell(Stale::everything());
    }
    Ok((report, app.organisation().generation, imported))
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
    let by = act.origin.who;
    follow_ups::begin(app, &write, &Work::Resolve, (by, app.now())).await?;
    let org = app.org();
    for unit in &plan.units {
        let before = org.unit(unit.id).map(|before| (before.successor, before.to));
        if let (Some(successor), Some(to)) = (unit.successor, unit.to)
            && before != Some((unit.successor, unit.to))
        {
            let work = Work::Succeed { unit: ids.unit(unit.id), successor: ids.unit(successor) };
            let begins = follow_ups::morning_after(app, to);
            follow_ups::begin(app, &write, &work, (by, begins)).await?;
        }
    }
    org::changed(app, &write).await?;
    let act = act.with("units", plan.units.len()).with("people", plan.people.len()).with("groups", plan.groups.len());
    audit::record(app, &*write, act).await?;
    write.commit().await?;
    org::reload(app).await?;
    app.wake.follow_ups.notify_one();
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
            valid_from: Set(None),
            valid_to: Set(None),
            successor_id: Set(None),
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
        valid_from: Set(planned.from.map(days::from_date)),
        valid_to: Set(planned.to.map(days::from_date)),
        successor_id: Set(planned.successor.map(|successor| ids.unit(successor))),
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
