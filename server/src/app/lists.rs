//! The one query behind lists, counts, cockpits and exports: visibility, filters, light and order as one SQL statement.

mod filters;
mod masks;

use std::collections::BTreeSet;

use docket_engine::{
    case::Item,
    definition::{
        form::{Form, WellKnown},
        module::{Colour, Kind, Module},
    },
    text::Text,
};
use sea_orm::{
    Condition, DbBackend, EntityTrait, FromQueryResult, Order, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect,
    Select,
    sea_query::{CaseStatement, Expr, ExprTrait, NullOrdering, Query, SimpleExpr},
};

use self::masks::Masks;
use super::{items::Filter, labels, ledger};
use crate::{
    access::{Fields, Mask, Visibility, sql},
    api::caller::Caller,
    db::entity::{item, item_category, item_person, item_source, person, unit},
    failure::Failure,
};

/// The word in a filter for items that have no value.
pub const NONE: &str = "none";

/// What a list is about.
#[derive(Clone, Copy)]
pub struct About<'a> {
    /// The module.
    pub module: &'a Module,
    /// The kind.
    pub kind: &'a Kind,
    /// The kind's form.
    pub form: &'a Form,
}

/// One row with its light.
#[derive(Debug)]
pub struct Listed {
    /// The item as it is stored.
    pub item: item::Model,
    /// The name of the light's colour.
    pub lit: Option<String>,
    /// Which of its fields the caller sees.
    pub fields: Fields,
}

#[derive(Debug, FromQueryResult)]
struct Fetched {
    #[sea_orm(nested)]
    item: item::Model,
    lit: Option<String>,
}

impl Listed {
    /// The light's colour.
    #[must_use]
    pub fn colour(&self) -> Option<Colour> {
        let lit = self.lit.as_deref()?;
        Colour::ALL.into_iter().find(|colour| colour.name() == lit)
    }
}

impl<'a> About<'a> {
    /// The kind `kind` of the module `module`.
    ///
    /// # Errors
    /// [`Failure::NotFound`].
    pub fn find(caller: &'a Caller, module: &str, kind: &str) -> Result<Self, Failure> {
        let registry = &caller.published.registry;
        let module = registry.module(module).ok_or(Failure::NotFound)?;
        let kind = module.kind(kind).ok_or(Failure::NotFound)?;
        let form = registry.forms.get(&kind.form).ok_or(Failure::NotFound)?;
        Ok(Self { module, kind, form })
    }
}

/// A list: what the caller may do (`action`) something with, and what `filter` leaves of it.
pub struct List<'a> {
    caller: &'a Caller,
    about: About<'a>,
    masks: Masks<'a>,
    light: SimpleExpr,
    condition: Condition,
}

impl<'a> List<'a> {
    /// What the caller may read and `actions` of `about`, filtered.
    ///
    /// # Errors
    /// A filter's value that is none.
    pub fn new(caller: &'a Caller, about: About<'a>, actions: &[&str], filter: &Filter) -> Result<Self, Failure> {
        let backend = backend(caller);
        let today = caller.app.today();
        let workdays = caller.published.registry.workdays(&about.module.name);
        let visibilities = actions.iter().map(|action| caller.visibility(action, &about.kind.name)).collect();
        let masks = Masks::new(visibilities, about.form, today, backend);
        let light = sql::light(&about.kind.lights, today, workdays, backend).map_err(Failure::internal)?;
        let light = masks.facts(&ledger::facts_of(&about.kind.lights)).value(light);
        let mut condition = Condition::all()
            .add(ExprTrait::eq(column(item::Column::Module), about.module.name.as_str()))
            .add(ExprTrait::eq(column(item::Column::Kind), about.kind.name.as_str()));
        for visibility in masks.visibilities() {
            condition = condition.add(visibility.condition(today, backend));
        }
        let condition = condition.add(filters::condition(caller, &masks, filter, &light)?);
        Ok(Self { caller, about, masks, light, condition })
    }

    /// Whether the column `name` shows something in some row.
    #[must_use]
    pub fn may_show(&self, name: &str) -> bool {
        let shown = match name {
            "light" => self.masks.facts(&ledger::facts_of(&self.about.kind.lights)),
            name => self.masks.field(name),
        };
        !shown.is_never()
    }

    fn select(&self) -> Select<item::Entity> {
        item::Entity::find().filter(self.condition.clone())
    }

    /// How many there are.
    ///
    /// # Errors
    /// The database's own.
    pub async fn count(&self) -> Result<u64, Failure> {
        Ok(self.select().count(self.caller.app.db.reader()).await?)
    }

    /// Some of them in the order of `sort`, a column with `-` before it from the largest to the smallest; ties by id,
    /// absent values last.
    ///
    /// # Errors
    /// A column that can not be sorted by.
    pub async fn rows(&self, sort: Option<&str>, offset: u64, limit: u64) -> Result<Vec<Listed>, Failure> {
        let mut select = self.select().expr_as(self.light.clone(), "lit");
        for (by, order) in self.order(sort)? {
            select = select.order_by_with_nulls(by, order, NullOrdering::Last);
        }
        let select = select.order_by_asc(item::Column::Id).offset(offset).limit(limit);
        let fetched = select.into_model::<Fetched>().all(self.caller.app.db.reader()).await?;
        let fields = self.fields(&fetched).await?;
        let rows = fetched.into_iter().zip(fields);
        Ok(rows.map(|(Fetched { item, lit }, fields)| Listed { item, lit, fields }).collect())
    }

    /// Which fields of each row the caller sees.
    async fn fields(&self, rows: &[Fetched]) -> Result<Vec<Fields>, Failure> {
        if self.masks.visibilities().iter().all(Visibility::is_whole) {
            return Ok(vec![Fields::whole(); rows.len()]);
        }
        let db = self.caller.app.db.reader();
        let above: BTreeSet<i64> = rows.iter().filter_map(|row| row.item.parent_id).collect();
        let above = ledger::items(db, &above).await?;
        let items = ledger::with_participants(db, rows.iter().map(|row| row.item.clone()).collect()).await?;
        let of = |item: &Item| {
            let facts = ledger::facts(self.caller, item, item.parent.and_then(|parent| above.get(&parent)));
            let all = self.masks.visibilities().iter().map(|visibility| visibility.fields(&facts));
            // What changed between the query and here is no longer seen.
            all.map(|fields| fields.unwrap_or_else(Fields::nothing)).fold(Fields::whole(), Fields::and)
        };
        Ok(items.iter().map(of).collect())
    }

    /// How many there are of each colour and of each value of `pivot` (an expression that selects a number or NULL).
    ///
    /// # Errors
    /// The database's own.
    pub async fn count_by(&self, pivot: Option<WellKnown>) -> Result<Vec<Counted>, Failure> {
        let mut select = self.select().select_only().expr_as(self.light.clone(), "lit");
        let key = match pivot {
            Some(WellKnown::Leader) => {
                let mask = self.masks.role(WellKnown::Leader);
                select = select.join(sea_orm::JoinType::LeftJoin, leader_relation(mask));
                SimpleExpr::col((item_person::Entity, item_person::Column::PersonId))
            }
            Some(_) => self.masks.role(WellKnown::LeadUnit).value(column(item::Column::LeadUnitId)),
            None => SimpleExpr::Keyword(sea_orm::sea_query::Keyword::Null),
        };
        select = select.expr_as(key, "pivot").expr_as(column(item::Column::Id).count(), "many");
        // By their names: the same expression with parameters of its own is another one to PostgreSQL.
        select = select.group_by(SimpleExpr::col("lit"));
        if pivot.is_some() {
            select = select.group_by(SimpleExpr::col("pivot"));
        }
        Ok(select.into_model::<Counted>().all(self.caller.app.db.reader()).await?)
    }

    fn order(&self, sort: Option<&str>) -> Result<Vec<(SimpleExpr, Order)>, Failure> {
        let Some(sort) = sort else {
            let columns = self.about.kind.list.sort.iter();
            return Ok(columns
                .filter_map(|(name, descending)| {
                    Some((self.shown_order(name, self.ordering(name)?)?, direction(*descending)))
                })
                .collect());
        };
        let (name, descending) = sort.strip_prefix('-').map_or((sort, false), |name| (name, true));
        let by = self.ordering(name).ok_or_else(|| {
            let message = Text::new(format!("不能按 `{name}` 排序"), format!("the list can not be sorted by `{name}`"));
            Failure::invalid("/sort", "unknown-column", message)
        })?;
        Ok(self.shown_order(name, by).map(|by| (by, direction(descending))).into_iter().collect())
    }

    /// `by`, which orders by the column `name`, absent where the caller does not see that; none where he sees it of no item.
    fn shown_order(&self, name: &str, by: SimpleExpr) -> Option<SimpleExpr> {
        let shown = match name {
            "light" => self.masks.facts(&ledger::facts_of(&self.about.kind.lights)),
            name => self.masks.field(name),
        };
        (!shown.is_never()).then(|| shown.value(by))
    }

    /// The expression that orders by the column `name`; none where it can not be sorted by.
    fn ordering(&self, name: &str) -> Option<SimpleExpr> {
        let text = |of: item::Column| by_code_point(of, backend(self.caller));
        let platform = match name {
            "light" => Some(self.urgency()),
            "state" => Some(text(item::Column::State)),
            "stage" => Some(self.stage_order()),
            "next_due" => Some(column(item::Column::NextDue)),
            "suspended_on" => Some(column(item::Column::SuspendedOn)),
            "created_at" => Some(column(item::Column::CreatedAt)),
            "year" => Some(column(item::Column::Year)),
            _ => None,
        };
        platform.or_else(|| match self.about.form.field(name)?.role? {
            WellKnown::Title => Some(text(item::Column::Title)),
            WellKnown::Due => Some(column(item::Column::Due)),
            WellKnown::Cycle => Some(text(item::Column::Cycle)),
            WellKnown::LeadUnit => Some(unit_position()),
            WellKnown::Leader => Some(first_leader()),
            WellKnown::Category => Some(first(item_category::Entity, item_category::Column::Category)),
            WellKnown::Source => Some(first(item_source::Entity, item_source::Column::Source)),
            WellKnown::CoUnits => None,
        })
    }

    /// The most urgent first.
    fn urgency(&self) -> SimpleExpr {
        let order = [Colour::Red, Colour::Yellow, Colour::Green, Colour::Blue, Colour::Grey];
        let mut cases = CaseStatement::new();
        for (colour, place) in order.into_iter().zip(0_i32..) {
            cases = cases.case(ExprTrait::eq(self.light.clone(), colour.name()), place);
        }
        cases.into()
    }

    /// In the order of the bar.
    fn stage_order(&self) -> SimpleExpr {
        let stages = labels::stages(self.caller, self.about.kind);
        if stages.is_empty() {
            return column(item::Column::Stage);
        }
        let mut cases = CaseStatement::new();
        for ((stage, _), place) in stages.iter().zip(0_i32..) {
            cases = cases.case(ExprTrait::eq(column(item::Column::Stage), stage.as_str()), place);
        }
        cases.into()
    }
}

/// How many items there are of one colour and one value of a pivot.
#[derive(Debug, FromQueryResult)]
pub struct Counted {
    /// The colour's name.
    pub lit: Option<String>,
    /// The pivot's value.
    pub pivot: Option<i64>,
    /// How many.
    pub many: i64,
}

fn backend(caller: &Caller) -> DbBackend {
    caller.app.db.reader().get_database_backend()
}

const fn direction(descending: bool) -> Order {
    if descending { Order::Desc } else { Order::Asc }
}

fn column(column: item::Column) -> SimpleExpr {
    SimpleExpr::col((item::Entity, column))
}

/// Texts are ordered by code point on both databases.
fn by_code_point(of: item::Column, backend: DbBackend) -> SimpleExpr {
    match backend {
        DbBackend::Postgres => Expr::cust_with_expr("$1 COLLATE \"C\"", column(of)),
        _ => column(of),
    }
}

/// The leaders that `shown` shows.
fn leader_relation(shown: Mask) -> sea_orm::RelationDef {
    item::Entity::belongs_to(item_person::Entity)
        .from(item::Column::Id)
        .to(item_person::Column::ItemId)
        .on_condition(move |_, right| {
            let leads = ExprTrait::eq(SimpleExpr::col((right, item_person::Column::Role)), "leader");
            Condition::all().add(shown.clone().guard(leads))
        })
        .into()
}

/// The lead unit's place in the organisation's own order.
fn unit_position() -> SimpleExpr {
    let mut select = Query::select();
    select
        .column((unit::Entity, unit::Column::Position))
        .from(unit::Entity)
        .and_where(ExprTrait::eq(SimpleExpr::col((unit::Entity, unit::Column::Id)), column(item::Column::LeadUnitId)));
    SimpleExpr::SubQuery(None, Box::new(select.into()))
}

/// The first of the leaders' names.
fn first_leader() -> SimpleExpr {
    let mut select = Query::select();
    select
        .expr(SimpleExpr::col((person::Entity, person::Column::Name)).min())
        .from(item_person::Entity)
        .inner_join(
            person::Entity,
            ExprTrait::eq(
                SimpleExpr::col((person::Entity, person::Column::Id)),
                SimpleExpr::col((item_person::Entity, item_person::Column::PersonId)),
            ),
        )
        .and_where(belongs(SimpleExpr::col((item_person::Entity, item_person::Column::ItemId))))
        .and_where(ExprTrait::eq(SimpleExpr::col((item_person::Entity, item_person::Column::Role)), "leader"));
    SimpleExpr::SubQuery(None, Box::new(select.into()))
}

/// The smallest of a join table's values.
fn first<E, C>(entity: E, value: C) -> SimpleExpr
where
    E: sea_orm::Iden + Copy + 'static,
    C: sea_orm::Iden + Copy + 'static,
{
    let mut select = Query::select();
    select
        .expr(SimpleExpr::col((entity, value)).min())
        .from(entity)
        .and_where(belongs(SimpleExpr::col((entity, "item_id"))));
    SimpleExpr::SubQuery(None, Box::new(select.into()))
}

fn belongs(owner: SimpleExpr) -> SimpleExpr {
    ExprTrait::eq(owner, column(item::Column::Id))
}
