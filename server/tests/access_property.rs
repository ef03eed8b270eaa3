//! Visibility is one rule, used twice (`DESIGN.md`, principle 5): what an expression of the SQL subset says of one item in
//! memory, and which items its SQL form finds, agree on random items, people and expressions.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "what is not as meant is a failure of the test"
)]

#[path = "access_property/database.rs"]
mod database;
#[path = "access_property/expressions.rs"]
mod expressions;
#[path = "access_property/items.rs"]
mod items;
#[path = "access_property/policies.rs"]
mod policies;

use std::{cell::Cell, sync::Arc};

use docket_engine::{
    definition::module::{Colour, Light},
    expr::{Expr, Type, compile, scope, sql_subset},
    text::Text,
    workdays::Workdays,
};
use docket_server::access::{Naming, Rules, Subject, sql};
use jiff::tz::TimeZone;
use proptest::test_runner::{Config, RngAlgorithm, TestCaseError, TestRng, TestRunner};
use tokio::runtime::Runtime;

use self::{
    database::Database,
    expressions::conditions,
    items::{NAME, World, attributes, world},
    policies::{Drawn, FIELDS, policies, rules},
};

/// How many worlds are tried with conditions by themselves, each with its own items and person.
const WORLDS: u32 = 60;
/// How many expressions are tried in each.
const EXPRESSIONS: usize = 24;

/// How many worlds are tried with policies, with how many items and people, and how many policies each.
const POLICY_WORLDS: u32 = 52;
const ITEMS: usize = 32;
const PEOPLE: usize = 6;
const POLICIES: usize = 14;
/// Person × item × policy: at least this many are judged both ways, with each of [`FIELDS`].
const TRIPLES: u64 = 100_000;

#[test]
fn evaluation_and_sql_agree_on_sqlite() {
    let runtime = runtime();
    let database = runtime.block_on(Database::sqlite());
    agree(&runtime, &database);
    policies_agree(&runtime, &database);
}

#[test]
fn evaluation_and_sql_agree_on_postgresql() {
    let Ok(url) = std::env::var("DOCKET_TEST_POSTGRES") else {
        eprintln!("skipped: DOCKET_TEST_POSTGRES is not set");
        return;
    };
    let runtime = runtime();
    let database = runtime.block_on(Database::postgres(&url));
    agree(&runtime, &database);
    policies_agree(&runtime, &database);
    runtime.block_on(database.drop_it());
}

fn runtime() -> Runtime {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap()
}

fn agree(runtime: &Runtime, database: &Database) {
    let config = Config { cases: WORLDS, failure_persistence: None, max_shrink_iters: 500, ..Config::default() };
    let mut runner = TestRunner::new_with_rng(config, TestRng::from_seed(RngAlgorithm::ChaCha, &[11; 32]));
    let both = (world((8, 1)), proptest::collection::vec(conditions(), EXPRESSIONS));
    let outcome = runner.run(&both, |(world, sources)| {
        runtime.block_on(database.fill(&world));
        for source in &sources {
            runtime.block_on(agree_on(database, &world, source))?;
        }
        runtime.block_on(lights_agree(database, &world, &sources))
    });
    if let Err(error) = outcome {
        panic!("{error}");
    }
}

/// Whole policies, with denies and fields, through Casbin: what is decided of one item is what one query finds of all.
fn policies_agree(runtime: &Runtime, database: &Database) {
    let config = Config { cases: POLICY_WORLDS, failure_persistence: None, max_shrink_iters: 300, ..Config::default() };
    let mut runner = TestRunner::new_with_rng(config, TestRng::from_seed(RngAlgorithm::ChaCha, &[23; 32]));
    let drawn = (world((ITEMS, PEOPLE)), proptest::collection::vec(policies(), POLICIES));
    let judged = Cell::new(0_u64);
    let outcome = runner.run(&drawn, |(world, drawn)| {
        runtime.block_on(database.fill(&world));
        for policy in &drawn {
            let rules = runtime.block_on(rules(policy, &world.registry));
            for subject in &world.subjects {
                let many = runtime.block_on(policy_agrees(database, &world, subject, &rules, policy))?;
                judged.set(judged.get() + many);
            }
        }
        Ok(())
    });
    if let Err(error) = outcome {
        panic!("{error}");
    }
    assert!(judged.get() >= TRIPLES, "only {} triples", judged.get());
    eprintln!("{} triples of person, item and policy", judged.get());
}

/// One person under one policy; gives how many items were judged.
async fn policy_agrees(
    database: &Database,
    world: &World,
    subject: &Arc<Subject>,
    rules: &Rules,
    policy: &(Vec<Drawn>, bool),
) -> Result<u64, TestCaseError> {
    let visibility = rules.visibility(subject, "read", NAME);
    let form = world.registry.form_of(NAME, NAME).map(AsRef::as_ref);
    let namings = FIELDS.map(|name| Naming::of(form, name));
    let zone = TimeZone::UTC;
    let decided: Vec<(i64, Vec<bool>)> = world
        .facts(&zone)
        .map(|(id, facts)| {
            let fields = visibility.fields(&facts);
            let shown = namings.map(|naming| fields.as_ref().is_some_and(|fields| fields.shows(naming)));
            (id, [visibility.sees(&facts)].into_iter().chain(shown).collect())
        })
        .collect();
    let (today, backend) = (world.today, database.backend());
    let seen = visibility.condition(today, backend);
    let fields = namings.map(|naming| visibility.mask(naming, today, backend).guard(seen.clone()));
    let found = database.judged([seen.clone()].into_iter().chain(fields).collect()).await?;
    if found != decided {
        let differing = found.iter().zip(&decided).find(|(found, decided)| found != decided);
        return Err(TestCaseError::fail(format!("{policy:#?}\nfound and decided: {differing:?}")));
    }
    Ok(u64::try_from(found.len()).unwrap())
}

fn compiled(source: &str) -> Expr {
    let expr = compile(source, &scope::policy_scope(&attributes()), &Type::Bool)
        .unwrap_or_else(|faults| panic!("{source}: {faults:#?}"));
    sql_subset(&expr).unwrap_or_else(|faults| panic!("{source}: {faults:#?}"));
    expr
}

/// The condition and its negation find exactly the items of which they are true.
async fn agree_on(database: &Database, world: &World, source: &str) -> Result<(), TestCaseError> {
    let expr = compiled(source);
    let zone = TimeZone::UTC;
    let mut seen = Vec::new();
    let mut others = Vec::new();
    for (id, facts) in world.facts(&zone) {
        let holds =
            expr.is_true(&facts.for_subject(&world.subjects[0])).map_err(|error| TestCaseError::fail(error.message))?;
        if holds { seen.push(id) } else { others.push(id) }
    }
    let condition = sql::condition(&expr, Some(&world.subjects[0]), world.today, database.backend())
        .map_err(|error| TestCaseError::fail(format!("{source}: {error}")))?;
    let found = database.ids_where(condition.clone(), source).await?;
    if found != seen {
        return Err(TestCaseError::fail(format!("{source}\nevaluated: {seen:?}\nSQL: {found:?}\n{condition:?}")));
    }
    let found = database.ids_where(sea_orm::sea_query::ExprTrait::not(condition), source).await?;
    if found != others {
        return Err(TestCaseError::fail(format!("!({source})\nevaluated: {others:?}\nSQL: {found:?}")));
    }
    Ok(())
}

/// The first lights' colours agree, and so does having none.
async fn lights_agree(database: &Database, world: &World, sources: &[String]) -> Result<(), TestCaseError> {
    let speaks_of_items = |source: &&String| !source.contains("subject.");
    let lights: Vec<Light> = sources
        .iter()
        .filter(speaks_of_items)
        .zip(Colour::ALL)
        .map(|(source, colour)| Light { colour, title: Text::default(), when: compiled(source) })
        .collect();
    let zone = TimeZone::UTC;
    let mut evaluated = Vec::new();
    for (id, facts) in world.facts(&zone) {
        let first = lights.iter().find(|light| light.when.is_true(&facts.alone()) == Ok(true));
        evaluated.push((id, first.map(|light| light.colour.name().to_owned())));
    }
    let light = sql::light(&lights, world.today, &Workdays::PLAIN, database.backend())
        .map_err(|error| TestCaseError::fail(error.to_string()))?;
    let found = database.colours(light).await?;
    if found != evaluated {
        let sources: Vec<&str> = lights.iter().map(|light| light.when.source()).collect();
        return Err(TestCaseError::fail(format!("{sources:#?}\nevaluated: {evaluated:?}\nSQL: {found:?}")));
    }
    Ok(())
}
