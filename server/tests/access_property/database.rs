//! A database with the tables as migrated, filled with the items of a world.

use docket_engine::{case::Item, definition::form::Form, expr::scope, id::Id, value::Value};
use docket_migrations::{Migrator, MigratorTrait};
use docket_server::db::{
    days,
    entity::{item, item_category, item_person, item_source, item_unit, root},
};
use proptest::test_runner::TestCaseError;
use sea_orm::{
    ActiveModelTrait, ConnectOptions, ConnectionTrait, DatabaseConnection, DbBackend, EntityTrait, IntoActiveModel,
    Order, QueryResult,
    sea_query::{CaseStatement, Query, SimpleExpr},
};

use super::items::World;

/// A database of this test's own.
pub(crate) struct Database {
    connection: DatabaseConnection,
    /// For PostgreSQL, where it was created.
    server: Option<(DatabaseConnection, String)>,
}

/// The tables of items, those that refer to others first.
const TABLES: [&str; 6] = ["item_unit", "item_person", "item_category", "item_source", "item", "root"];

async fn connect(url: String) -> DatabaseConnection {
    let mut options = ConnectOptions::new(url);
    // Each connection to an in-memory database would have one of its own.
    options.max_connections(1).sqlx_logging(false);
    sea_orm::Database::connect(options).await.unwrap()
}

impl Database {
    /// In memory.
    pub(crate) async fn sqlite() -> Self {
        let connection = connect("sqlite::memory:".to_owned()).await;
        Migrator::up(&connection, None).await.unwrap();
        Self { connection, server: None }
    }

    /// A new database on the server at `url`, ordered by the rules of a language, so that code-point order shows.
    pub(crate) async fn postgres(url: &str) -> Self {
        let server = connect(url.to_owned()).await;
        let name = format!("docket_access_{}", std::process::id());
        server.execute_unprepared(&format!("DROP DATABASE IF EXISTS {name}")).await.unwrap();
        server
            .execute_unprepared(&format!(
                "CREATE DATABASE {name} TEMPLATE template0 ENCODING 'UTF8' LOCALE_PROVIDER icu ICU_LOCALE 'zh-CN'"
            ))
            .await
            .unwrap();
        let (place, _) = url.rsplit_once('/').unwrap();
        let connection = connect(format!("{place}/{name}")).await;
        Migrator::up(&connection, None).await.unwrap();
        Self { connection, server: Some((server, name)) }
    }

    /// Removes the database from its server.
    pub(crate) async fn drop_it(self) {
        self.connection.close().await.unwrap();
        if let Some((server, name)) = self.server {
            server.execute_unprepared(&format!("DROP DATABASE {name}")).await.unwrap();
        }
    }

    pub(crate) fn backend(&self) -> DbBackend {
        self.connection.get_database_backend()
    }

    /// Replaces all items by those of `world`.
    pub(crate) async fn fill(&self, world: &World) {
        let db = &self.connection;
        for table in TABLES {
            db.execute(Query::delete().from_table(table)).await.unwrap();
        }
        let root =
            root::Model { id: 1, version: 0, chain_head: String::new(), chain_length: 0, sequence: 1, created_at: 0 };
        root::Entity::insert(root.into_active_model().reset_all()).exec(db).await.unwrap();
        let facts: Vec<Stored<'_>> = world.items.iter().map(|item| Stored::new(world, item)).collect();
        self.insert::<item::Entity, _>(facts.iter().map(Stored::item)).await;
        self.insert::<item_unit::Entity, _>(facts.iter().flat_map(Stored::units)).await;
        self.insert::<item_person::Entity, _>(facts.iter().flat_map(Stored::people)).await;
        self.insert::<item_category::Entity, _>(facts.iter().flat_map(Stored::categories)).await;
        self.insert::<item_source::Entity, _>(facts.iter().flat_map(Stored::sources)).await;
    }

    async fn insert<E, A>(&self, rows: impl Iterator<Item = E::Model>)
    where
        E: EntityTrait,
        E::Model: IntoActiveModel<A>,
        A: ActiveModelTrait<Entity = E>,
    {
        let rows: Vec<A> = rows.map(|row| row.into_active_model().reset_all()).collect();
        if !rows.is_empty() {
            E::insert_many(rows).exec_without_returning(&self.connection).await.unwrap();
        }
    }

    /// The ids of the items that meet `condition`, ascending.
    pub(crate) async fn ids_where(&self, condition: SimpleExpr, source: &str) -> Result<Vec<i64>, TestCaseError> {
        let mut select = Query::select();
        select.column(("item", "id")).from("item").and_where(condition).order_by(("item", "id"), Order::Asc);
        let rows = self.connection.query_all(&select).await;
        let rows = rows.map_err(|error| TestCaseError::fail(format!("{source}: {error}")))?;
        Ok(rows.iter().map(|row| row.try_get_by_index(0).unwrap()).collect())
    }

    /// Every item's id with whether it meets each of `conditions`.
    pub(crate) async fn judged(&self, conditions: Vec<SimpleExpr>) -> Result<Vec<(i64, Vec<bool>)>, TestCaseError> {
        let many = conditions.len();
        let mut select = Query::select();
        select.column(("item", "id")).from("item").order_by(("item", "id"), Order::Asc);
        for condition in conditions {
            let (yes, no) = (SimpleExpr::cust("1"), SimpleExpr::cust("0"));
            select.expr(CaseStatement::new().case(condition, yes).finally(no));
        }
        let rows = self.connection.query_all(&select).await;
        let rows = rows.map_err(|error| TestCaseError::fail(error.to_string()))?;
        let holds = |row: &QueryResult, place| row.try_get_by_index::<i32>(place).unwrap() == 1;
        Ok(rows
            .iter()
            .map(|row| (row.try_get_by_index(0).unwrap(), (1..=many).map(|place| holds(row, place)).collect()))
            .collect())
    }

    /// Every item's id with its `light`.
    pub(crate) async fn colours(&self, light: SimpleExpr) -> Result<Vec<(i64, Option<String>)>, TestCaseError> {
        let mut select = Query::select();
        select.column(("item", "id")).expr(light).from("item").order_by(("item", "id"), Order::Asc);
        let rows = self.connection.query_all(&select).await;
        let rows = rows.map_err(|error| TestCaseError::fail(error.to_string()))?;
        Ok(rows.iter().map(|row| (row.try_get_by_index(0).unwrap(), row.try_get_by_index(1).unwrap())).collect())
    }
}

/// An item as `docs/architecture.md` (Storage) says that it is stored.
struct Stored<'a> {
    item: &'a Item,
    form: &'a Form,
}

impl<'a> Stored<'a> {
    fn new(world: &'a World, item: &'a Item) -> Self {
        Self { item, form: world.registry.form_of(&item.module, &item.kind).unwrap() }
    }

    fn fact(&self, name: &str) -> Value {
        scope::item_fact(self.item, Some(self.form), name)
    }

    fn text(&self, name: &str) -> Option<String> {
        match self.fact(name) {
            Value::Text(text) => Some(text),
            _ => None,
        }
    }

    fn day(&self, name: &str) -> Option<i32> {
        match self.fact(name) {
            Value::Date(date) => Some(days::from_date(date)),
            _ => None,
        }
    }

    fn list(&self, name: &str) -> Vec<Value> {
        match self.fact(name) {
            Value::List(all) => all,
            Value::Null => vec![],
            one => vec![one],
        }
    }

    fn texts(&self, name: &str) -> Vec<String> {
        let text = |value| if let Value::Text(text) = value { Some(text) } else { None };
        self.list(name).into_iter().filter_map(text).collect()
    }

    fn item(&self) -> item::Model {
        let item = self.item;
        let lead = |value: &Value| if let Value::Unit(unit) = value { Some(unit.0) } else { None };
        item::Model {
            id: item.id.raw(),
            root_id: item.id.root(),
            parent_id: item.parent.map(Id::raw),
            module: item.module.to_string(),
            kind: item.kind.to_string(),
            state: scope::state(item.state).to_owned(),
            stage: self.text("stage"),
            title: self.text("title"),
            title_key: None,
            lead_unit_id: self.list("lead_unit").first().and_then(lead),
            due: self.day("due"),
            next_due: self.day("next_due"),
            cycle: self.text("cycle"),
            suspended_on: self.day("suspended_on"),
            year: item.year.into(),
            created_at: 0,
            created_by: item.created_by.map(|person| person.0),
            updated_at: 0,
            data: "{}".to_owned(),
        }
    }

    fn units(&self) -> Vec<item_unit::Model> {
        let rows = |name: &str, role: &str| {
            let row = |value: Value| match value {
                Value::Unit(unit) => {
                    Some(item_unit::Model { item_id: self.item.id.raw(), unit_id: unit.0, role: role.to_owned() })
                }
                _ => None,
            };
            self.list(name).into_iter().filter_map(row).collect::<Vec<_>>()
        };
        [rows("lead_unit", "lead"), rows("co_units", "co")].concat()
    }

    fn people(&self) -> Vec<item_person::Model> {
        let rows = |name: &str, role: &str| {
            let row = |value: Value| match value {
                Value::Person(person) => {
                    Some(item_person::Model { item_id: self.item.id.raw(), person_id: person.0, role: role.to_owned() })
                }
                _ => None,
            };
            self.list(name).into_iter().filter_map(row).collect::<Vec<_>>()
        };
        [rows("leader", "leader"), rows("participants", "participant")].concat()
    }

    fn categories(&self) -> Vec<item_category::Model> {
        let row = |category| item_category::Model { item_id: self.item.id.raw(), category };
        self.texts("category").into_iter().map(row).collect()
    }

    fn sources(&self) -> Vec<item_source::Model> {
        let row = |(source, position)| item_source::Model { item_id: self.item.id.raw(), position, source };
        self.texts("source").into_iter().zip(0..).map(row).collect()
    }
}
