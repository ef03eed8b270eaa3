//! The one query behind lists, counts, cockpits and exports: visibility, filters, light and order as one SQL statement.

use docket_engine::{
    definition::{
        form::{Form, WellKnown},
        module::{Colour, Kind, Module},
    },
    id::{Id, PersonId, UnitId},
    text::Text,
};
use sea_orm::{
    Condition, DbBackend, EntityTrait, FromQueryResult, Order, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect,
    Select,
    sea_query::{CaseStatement, Expr, ExprTrait, LikeExpr, NullOrdering, Query, SimpleExpr},
};

use super::{items::Filter, labels};
use crate::{
    access::sql,
    api::caller::Caller,
    db::entity::{item, item_category, item_person, item_source, item_unit, person, unit},
    failure::{Failure, Fault},
    identity::normalise,
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
#[derive(Debug, FromQueryResult)]
pub struct Listed {
    /// The item.
    #[sea_orm(nested)]
    pub item: item::Model,
    /// The name of the light's colour.
    pub lit: Option<String>,
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
        let light = sql::light(&about.kind.lights, today, workdays, backend).map_err(Failure::internal)?;
        let mut condition = Condition::all()
            .add(ExprTrait::eq(column(item::Column::Module), about.module.name.as_str()))
            .add(ExprTrait::eq(column(item::Column::Kind), about.kind.name.as_str()));
        for action in actions {
            condition = condition.add(caller.visibility(action, &about.kind.name).condition(today, backend));
        }
        let condition = condition.add(filtered(caller, filter, &light)?);
        Ok(Self { caller, about, light, condition })
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
        Ok(select.into_model::<Listed>().all(self.caller.app.db.reader()).await?)
    }

    /// How many there are of each colour and of each value of `pivot` (an expression that selects a number or NULL).
    ///
    /// # Errors
    /// The database's own.
    pub async fn count_by(&self, pivot: Option<WellKnown>) -> Result<Vec<Counted>, Failure> {
        let mut select = self.select().select_only().expr_as(self.light.clone(), "lit");
        let key = match pivot {
            Some(WellKnown::Leader) => {
                select = select.join(sea_orm::JoinType::LeftJoin, leader_relation());
                SimpleExpr::col((item_person::Entity, item_person::Column::PersonId))
            }
            Some(_) => column(item::Column::LeadUnitId),
            None => SimpleExpr::Keyword(sea_orm::sea_query::Keyword::Null),
        };
        select = select.expr_as(key.clone(), "pivot").expr_as(column(item::Column::Id).count(), "many");
        // By its name: the same expression with parameters of its own is another one to PostgreSQL.
        select = select.group_by(SimpleExpr::col("lit"));
        if pivot.is_some() {
            select = select.group_by(key);
        }
        Ok(select.into_model::<Counted>().all(self.caller.app.db.reader()).await?)
    }

    fn order(&self, sort: Option<&str>) -> Result<Vec<(SimpleExpr, Order)>, Failure> {
        let Some(sort) = sort else {
            let list = &self.about.kind.list.sort;
            return Ok(list
                .iter()
                .filter_map(|(name, descending)| Some((self.sortable(name)?, direction(*descending))))
                .collect());
        };
        let (name, descending) = sort.strip_prefix('-').map_or((sort, false), |name| (name, true));
        let by = self.sortable(name).ok_or_else(|| {
            let message = Text::new(format!("不能按 `{name}` 排序"), format!("the list can not be sorted by `{name}`"));
            Failure::invalid("/sort", "unknown-column", message)
        })?;
        Ok(vec![(by, direction(descending))])
    }

    /// The expression that orders by the column `name`; none where it can not be sorted by.
    fn sortable(&self, name: &str) -> Option<SimpleExpr> {
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

fn leader_relation() -> sea_orm::RelationDef {
    item::Entity::belongs_to(item_person::Entity)
        .from(item::Column::Id)
        .to(item_person::Column::ItemId)
        .on_condition(|_, right| {
            Condition::all().add(ExprTrait::eq(SimpleExpr::col((right, item_person::Column::Role)), "leader"))
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

/// Whether the item has a row of `entity` that meets `condition`.
fn has<E: sea_orm::Iden + Copy + 'static>(entity: E, condition: Condition) -> SimpleExpr {
    let mut select = Query::select();
    select
        .expr(Expr::cust("1"))
        .from(entity)
        .cond_where(Condition::all().add(belongs(SimpleExpr::col((entity, "item_id")))).add(condition));
    SimpleExpr::exists(select)
}

/// All filters as one condition.
fn filtered(caller: &Caller, filter: &Filter, light: &SimpleExpr) -> Result<Condition, Failure> {
    let mut faults = Vec::new();
    let mut all = Condition::all();
    if let Some(typed) = filter.q.as_deref().map(str::trim).filter(|typed| !typed.is_empty()) {
        all = all.add(title_contains(typed));
    }
    let colours = words(&filter.lights, "light", Colour::ALL.map(Colour::name).as_slice(), &mut faults);
    if !colours.is_empty() {
        all = all.add(light.clone().is_in(colours));
    }
    let states =
        words(&filter.states, "state", labels::STATES.map(docket_engine::expr::scope::state).as_slice(), &mut faults);
    if !states.is_empty() {
        all = all.add(column(item::Column::State).is_in(states));
    }
    if !filter.cycles.is_empty() {
        all = all.add(column(item::Column::Cycle).is_in(filter.cycles.clone()));
    }
    if !filter.categories.is_empty() {
        let among =
            SimpleExpr::col((item_category::Entity, item_category::Column::Category)).is_in(filter.categories.clone());
        all = all.add(has(item_category::Entity, Condition::all().add(among)));
    }
    if !filter.sources.is_empty() {
        let among = SimpleExpr::col((item_source::Entity, item_source::Column::Source)).is_in(filter.sources.clone());
        all = all.add(has(item_source::Entity, Condition::all().add(among)));
    }
    if let Some(condition) = lead_units(&filter.lead_units, &mut faults) {
        all = all.add(condition);
    }
    if let Some(condition) = leaders(&filter.leaders, &mut faults) {
        all = all.add(condition);
    }
    if let Some(unit) = filter.unit.as_deref().and_then(|unit| number("unit", unit, &mut faults)) {
        let units = caller.app.org().with_descendants(UnitId(unit)).into_iter().map(|unit| unit.0);
        let among = SimpleExpr::col((item_unit::Entity, item_unit::Column::UnitId)).is_in(units);
        all = all.add(has(item_unit::Entity, Condition::all().add(among)));
    }
    if let Some(parent) = &filter.parent {
        match parent.parse::<Id>() {
            Ok(parent) => all = all.add(ExprTrait::eq(column(item::Column::ParentId), parent.raw())),
            Err(_) => faults.push(no_id("parent", parent)),
        }
    }
    if faults.is_empty() { Ok(all) } else { Err(Failure::Invalid(faults)) }
}

/// The title contains what was typed: compared as duplicates are, so that width, case and punctuation do not count. Where
/// only punctuation was typed, as it stands.
fn title_contains(typed: &str) -> SimpleExpr {
    let key = normalise(typed);
    if !key.is_empty() {
        // Letters and digits only: nothing in it has a meaning to LIKE.
        return column(item::Column::TitleKey).like(LikeExpr::new(format!("%{key}%")));
    }
    let escaped: String =
        typed.chars().flat_map(|c| "\\%_".contains(c).then_some('\\').into_iter().chain([c])).collect();
    column(item::Column::Title).like(LikeExpr::new(format!("%{escaped}%")).escape('\\'))
}

/// Values that must be among `known`.
fn words(sent: &[String], name: &str, known: &[&'static str], faults: &mut Vec<Fault>) -> Vec<&'static str> {
    let mut found = Vec::new();
    for word in sent {
        match known.iter().find(|known| *known == word) {
            Some(known) => found.push(*known),
            None => faults.push(Fault::new(
                format!("/{name}"),
                "enum",
                Text::new(
                    format!("`{word}` 不是可选值，应为 {}", known.join("、")),
                    format!("`{word}` is none of {}", known.join(", ")),
                ),
            )),
        }
    }
    found
}

fn number(name: &str, text: &str, faults: &mut Vec<Fault>) -> Option<i64> {
    let number = text.parse().ok();
    if number.is_none() {
        faults.push(no_id(name, text));
    }
    number
}

fn no_id(name: &str, text: &str) -> Fault {
    Fault::new(format!("/{name}"), "id", Text::new(format!("`{text}` 不是编号"), format!("`{text}` is not an id")))
}

/// Ids, and whether [`NONE`] is among them.
fn ids(sent: &[String], name: &str, faults: &mut Vec<Fault>) -> (Vec<i64>, bool) {
    let none = sent.iter().any(|text| text == NONE);
    let some = sent.iter().filter(|text| *text != NONE).filter_map(|text| number(name, text, faults)).collect();
    (some, none)
}

fn lead_units(sent: &[String], faults: &mut Vec<Fault>) -> Option<Condition> {
    let (units, none) = ids(sent, "lead_unit", faults);
    let mut any = Condition::any();
    if !units.is_empty() {
        any = any.add(column(item::Column::LeadUnitId).is_in(units));
    }
    if none {
        any = any.add(column(item::Column::LeadUnitId).is_null());
    }
    (!any.is_empty()).then_some(any)
}

fn leaders(sent: &[String], faults: &mut Vec<Fault>) -> Option<Condition> {
    let (people, none) = ids(sent, "leader", faults);
    let leads = || {
        Condition::all().add(ExprTrait::eq(SimpleExpr::col((item_person::Entity, item_person::Column::Role)), "leader"))
    };
    let mut any = Condition::any();
    if !people.is_empty() {
        let people = people.into_iter().map(|id| PersonId(id).0);
        let among = SimpleExpr::col((item_person::Entity, item_person::Column::PersonId)).is_in(people);
        any = any.add(has(item_person::Entity, leads().add(among)));
    }
    if none {
        any = any.add(ExprTrait::not(has(item_person::Entity, leads())));
    }
    (!any.is_empty()).then_some(any)
}
