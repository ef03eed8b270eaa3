//! How fast the engine is: `cargo bench -p docket-engine`. What it has been measured at stands in `docs/speed.md`.
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::print_stdout,
    clippy::panic,
    reason = "what fails here is a failure of the benchmark"
)]

#[path = "town/mod.rs"]
mod town;

use std::hint::black_box;

use criterion::{BatchSize, Criterion, Throughput, criterion_group, criterion_main};
use docket_engine::{
    case::{Case, TaskState},
    command::Command,
    load::load,
    step::{advance, step},
    value::Data,
};

/// Runs one instance of *approval-3* to its end and counts the tasks that people completed.
fn approval(world: &town::World, number: i64, forms: &mut dyn Iterator<Item = Data>) -> (usize, Case) {
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
            form: forms.next().unwrap(),
            comment: Some("同意".to_owned()),
        };
        case = advance(case, &command, world.as_person(person)).unwrap().case;
        completed += 1;
    }
    (completed, case)
}

/// Runs one instance of *fan-100*.
fn fan(world: &town::World, number: i64, forms: &mut dyn Iterator<Item = Data>) -> usize {
    let mut case = world.create(number, "fan");
    let mut completed = 0;
    while let Some((task, person, _)) = next(&case) {
        let command = Command::Complete {
            task,
            outcome: "approve".into(),
            form: forms.next().unwrap(),
            comment: Some("同意".to_owned()),
        };
        case = advance(case, &command, world.as_person(person)).unwrap().case;
        completed += 1;
    }
    completed
}

fn next(case: &Case) -> Option<(docket_engine::id::Id, docket_engine::id::PersonId, docket_engine::text::Name)> {
    let open = case.tasks.values().find(|task| task.state == TaskState::Open)?;
    Some((open.id, open.candidates[0], open.node.clone()))
}

/// Forms as they arrive: each completion has its own.
fn forms(world: &town::World, number: usize) -> impl Iterator<Item = Data> {
    let all: Vec<Data> = (0..number).map(|_| world.form()).collect();
    all.into_iter()
}

fn speed(criterion: &mut Criterion) {
    let world = town::World::new();
    let mut group = criterion.benchmark_group("completions");
    let of_ten = |mut forms: Box<dyn Iterator<Item = Data>>| -> usize {
        (1..=10).map(|number| black_box(approval(&world, number, &mut forms)).0).sum()
    };
    let in_ten = of_ten(Box::new(forms(&world, 100)));
    group.throughput(Throughput::Elements(in_ten as u64));
    group.bench_function("approval-3", |bench| {
        let setup = || -> Box<dyn Iterator<Item = Data>> { Box::new(forms(&world, in_ten)) };
        bench.iter_batched(setup, of_ten, BatchSize::SmallInput);
    });
    group.throughput(Throughput::Elements(100));
    group.bench_function("fan-100", |bench| {
        bench.iter_batched(
            || forms(&world, 100),
            |mut forms| black_box(fan(&world, 1, &mut forms)),
            BatchSize::SmallInput,
        );
    });
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
        let command = Command::Complete { task, outcome: "approve".into(), form: world.form(), comment: None };
        case = step(&case, &command, world.as_person(person)).unwrap().case;
        for instance in case.instances.values() {
            largest = largest.max(serde_json::to_string(&instance.state()).unwrap().len());
        }
    }
    println!("state of an instance of approval-3: at most {largest} bytes");
}

criterion_group!(benches, speed, size);
criterion_main!(benches);
