//! Items on the ledger that rows may repeat or change: found by the normalised form of their title, in all modules.

use std::{collections::BTreeSet, sync::Arc};

use docket_engine::{
    definition::{form::WellKnown, registry::Registry},
    id::{Id, PersonId},
};
use sea_orm::{ColumnTrait, ConnectionTrait, DbErr, EntityTrait, QueryFilter, QueryOrder};

use crate::{
    access::{Facts, Fields, Naming, Subject},
    app::ledger,
    db::entity::item,
    failure::Failure,
    import::verdict::Known,
    state::App,
};

/// How many keys one query asks for: databases bound the number of parameters.
const AT_ONCE: usize = 500;

/// The items whose title has one of these keys, without cancelled ones and kinds that have no identity.
pub(super) async fn known<C: ConnectionTrait>(
    db: &C,
    registry: &Registry,
    keys: &BTreeSet<String>,
) -> Result<Vec<Known>, DbErr> {
    let keys: Vec<&String> = keys.iter().collect();
    let mut known = Vec::new();
    for some in keys.chunks(AT_ONCE) {
        let rows = item::Entity::find()
            .filter(item::Column::TitleKey.is_in(some.iter().copied()))
            .filter(item::Column::State.ne("cancelled"))
            .order_by_asc(item::Column::Id)
            .all(db)
            .await?;
        for row in rows {
            let has_identity = registry.kind(&row.module, &row.kind).is_none_or(|kind| kind.identity.is_some());
            if has_identity {
                known.push(of(row)?);
            }
        }
    }
    Ok(known)
}

/// `known` as far as `reader` may read it: fields that he does not see are absent, and of items that he does not see nothing is
/// told but that there is one.
pub(super) async fn masked(app: &App, reader: PersonId, mut known: Vec<Known>) -> Result<Vec<Known>, Failure> {
    let published = app.published();
    let rules = app.access.rules(&published).await?;
    let subject = Arc::new(Subject::of(&app.org(), reader));
    let ids: BTreeSet<i64> = known.iter().map(|item| item.id.raw()).collect();
    let items = ledger::items(app.db.reader(), &ids).await?;
    let above: BTreeSet<i64> = items.values().filter_map(|item| item.parent.map(Id::raw)).collect();
    let above = ledger::items(app.db.reader(), &above).await?;
    for known in &mut known {
        let fields = items.get(&known.id).and_then(|item| {
            let parent = item.parent.and_then(|parent| above.get(&parent));
            let registry = &published.registry;
            let facts = Facts { item, parent, registry, today: app.today(), zone: app.clock.zone() };
            rules.visibility(&subject, "read", &item.kind).fields(&facts)
        });
        let form = published.registry.form_of(&known.module, &known.kind).map(AsRef::as_ref);
        known.seen = fields.as_ref().is_some_and(|fields| fields.shows(Naming::playing(form, WellKnown::Title)));
        known.fields = fields.unwrap_or_else(Fields::nothing).of_data(form, &known.fields);
    }
    Ok(known)
}

fn of(row: item::Model) -> Result<Known, DbErr> {
    let fields = serde_json::from_str(&row.data).map_err(|error| DbErr::Custom(format!("item {}: {error}", row.id)))?;
    Ok(Known {
        id: Id::from_raw(row.id),
        module: row.module.into(),
        kind: row.kind.into(),
        title: row.title.unwrap_or_default(),
        fields,
        done: row.state == "done",
        seen: true,
    })
}
