//! How fast the engine is: `cargo bench -p docket-engine`. What it has been measured at stands in `docs/speed.md`.
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    missing_docs,
    reason = "what fails here is a failure of the benchmark"
)]

#[path = "town/mod.rs"]
mod town;

use std::hint::black_box;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use docket_engine::{
    case::{Case, TaskState},
    command::Command,
    load::load,
    step::step,
};

/// Runs one instance of *approval-3* to its end and counts the tasks that people completed.
fn approval(world: &town::World, number: i64) -> (usize, Case) {
    let mut case = world.create(number, "approval");
    let mut completed = 0;
    let mut returned = number % 10 != 0;
    while let Some((task, person, node)) = next(&case) {
        let back = &*node == "head" && !returned;
        returned |= back;
        let outcome = if back { "return" } else { "approve" };
        let command = Command::Complete {
            task,
            outcome: outcome.into(),
            form: world.form.clone(),
            comment: Some("同意".to_owned()),
        };
        case = step(&case, &command, world.as_person(person)).unwrap().case;
        completed += 1;
    }
    (completed, case)
}

/// Runs one instance of *fan-100*.
fn fan(world: &town::World, number: i64) -> usize {
    let mut case = world.create(number, "fan");
    let mut completed = 0;
    while let Some((task, person, _)) = next(&case) {
        let command = Command::Complete {
            task,
            outcome: "approve".into(),
            form: world.form.clone(),
            comment: Some("同意".to_owned()),
        };
        case = step(&case, &command, world.as_person(person)).unwrap().case;
        completed += 1;
    }
    completed
}

fn next(case: &Case) -> Option<(docket_engine::id::Id, docket_engine::id::PersonId, docket_engine::text::Name)> {
    let open = case.tasks.values().find(|task| task.state == TaskState::Open)?;
    Some((open.id, open.candidates[0], open.node.clone()))
}

fn speed(criterion: &mut Criterion) {
    let world = town::World::new();
    let mut group = criterion.benchmark_group("completions");
    let mut number = 0;
    let in_ten: usize = (1..=10).map(|number| approval(&world, number).0).sum();
    group.throughput(Throughput::Elements(in_ten as u64));
    group.bench_function("approval-3", |bench| {
        bench.iter(|| {
            for _ in 0..10 {
                number += 1;
                black_box(approval(&world, number));
            }
        });
    });
    group.throughput(Throughput::Elements(fan(&world, 1) as u64));
    group.bench_function("fan-100", |bench| bench.iter(|| black_box(fan(&world, 1))));
    group.finish();
    let files = town::shipped();
    criterion.bench_function("load and prove the shipped configuration", |bench| {
        bench.iter(|| black_box(load(&files)).registry.unwrap());
    });
}

/// The largest state that an instance of *approval-3* stores on its way, in bytes.
fn size(_: &mut Criterion) {
    let world = town::World::new();
    let mut largest = 0;
    let mut case = world.create(10, "approval");
    while let Some((task, person, _)) = next(&case) {
        let command = Command::Complete { task, outcome: "approve".into(), form: world.form.clone(), comment: None };
        case = step(&case, &command, world.as_person(person)).unwrap().case;
        for instance in case.instances.values() {
            largest = largest.max(serde_json::to_string(&instance.state()).unwrap().len());
        }
    }
    println!("state of an instance of approval-3: at most {largest} bytes");
}

criterion_group!(benches, speed, size);
criterion_main!(benches);
