//! Random workflows: what the loader says of them is compared with an exhaustive search, and what the engine does with them
//! with a naive token game, both written from `docs/reference/` alone. `docs/testing.md` says how to run more of them.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "what fails here is a failure of the test")]

#[path = "random/dice.rs"]
mod dice;
#[path = "random/drive.rs"]
mod drive;
#[path = "random/game.rs"]
mod game;
#[path = "random/generate.rs"]
mod generate;
#[path = "random/look.rs"]
mod look;
#[path = "random/model.rs"]
mod model;
#[path = "random/regions.rs"]
mod regions;
#[path = "random/search.rs"]
mod search;
#[path = "random/state.rs"]
mod state;
#[path = "random/written.rs"]
mod written;
