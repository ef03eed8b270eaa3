//! An exhaustive search over everything that the naive game can come to, guards taken as free: what the loader proves must be
//! what this finds.

use std::{
    collections::{BTreeSet, HashMap, HashSet, VecDeque},
    sync::LazyLock,
};

use docket_engine::{diagnostic::Severity, load::load};

use crate::{
    dice::Dice,
    game::Play,
    generate::{Taste, flow},
    model::{At, Flow},
    regions::regions,
    state::{Bad, Branch, Game, Guards, Path, State},
    written::{files, workflow},
};

/// Most states that are looked at.
const MAX_STATES: usize = 800;

/// Most ways in which guards can let one thing happen.
const MAX_WAYS: usize = 200;

/// What a search found.
#[derive(Debug)]
pub(crate) struct Found {
    pub(crate) bad: BTreeSet<Bad>,
    /// Whether everything was looked at.
    pub(crate) whole: bool,
}

/// Guards that give what a script says, and go on with no.
#[derive(Debug, Default)]
struct Script {
    given: Vec<bool>,
    next: usize,
}

impl Guards for Script {
    fn holds(&mut self, _: At, _: usize) -> bool {
        if self.next == self.given.len() {
            self.given.push(false);
        }
        self.next += 1;
        self.given[self.next - 1]
    }
}

impl Script {
    /// The next script in order; none after the last.
    fn following(mut self) -> Option<Self> {
        self.given.truncate(self.next);
        while self.given.pop()? {}
        self.given.push(true);
        self.next = 0;
        Some(self)
    }
}

/// Every way in which something can happen, guards being free; false where these are too many.
fn each(mut play: impl FnMut(&mut dyn Guards)) -> bool {
    let mut script = Some(Script::default());
    for _ in 0..MAX_WAYS {
        let Some(mut now) = script else { return true };
        play(&mut now);
        script = now.following();
    }
    false
}

/// Leaves out what has no bearing on where things can go: what was done, unless something goes back to that.
fn plain(mut game: Game, memory: bool) -> Game {
    fn path(at: &mut Path, memory: bool) {
        if !memory {
            at.trail.clear();
        }
        for Branch { state, .. } in &mut at.round {
            match state {
                State::Open(below) => path(below, memory),
                State::Arrived | State::Ended(_) => {}
            }
        }
    }
    game.root.iter_mut().chain(game.loose.iter_mut().map(|loose| &mut loose.path)).for_each(|at| path(at, memory));
    game.result = None;
    if let Some(ended) = &mut game.ended {
        ended.1 = 0;
    }
    game
}

/// Looks at everything that a workflow can come to.
pub(crate) fn search(flow: &Flow, max: usize) -> Found {
    let regions = regions(flow);
    let memory = flow.remembers();
    let (mut bad, mut entered) = (BTreeSet::new(), BTreeSet::new());
    let mut seen: HashMap<Game, usize> = HashMap::new();
    let (mut states, mut before): (Vec<Game>, Vec<Vec<usize>>) = (Vec::new(), Vec::new());
    let mut come = |play: Play<'_>, from: Option<usize>, states: &mut Vec<Game>, before: &mut Vec<Vec<usize>>| {
        entered.extend(play.entered);
        let over = play.bad.contains(&Bad::WithinItself) || play.bad.contains(&Bad::Circle);
        bad.extend(play.bad);
        if over {
            return;
        }
        let game = plain(play.game, memory);
        let place = *seen.entry(game.clone()).or_insert_with(|| {
            states.push(game);
            before.push(Vec::new());
            states.len() - 1
        });
        before[place].extend(from);
    };
    let mut whole = each(|guards| {
        let mut play = Play::slow(flow, &regions, Game::default());
        play.start(guards);
        come(play, None, &mut states, &mut before);
    });
    for entry in &flow.entries {
        whole &= each(|guards| {
            let mut play = Play::slow(flow, &regions, Game::default());
            play.enter(*entry, guards);
            come(play, None, &mut states, &mut before);
        });
    }
    let mut next = 0;
    while whole && next < states.len() && states.len() <= max {
        let game = states[next].clone();
        for what in Play::slow(flow, &regions, game.clone()).moves(false) {
            whole &= each(|guards| {
                let mut play = Play::slow(flow, &regions, game.clone());
                play.perform(&what, guards);
                come(play, Some(next), &mut states, &mut before);
            });
        }
        next += 1;
    }
    let whole = whole && next == states.len();
    if whole {
        let mut ending = vec![false; states.len()];
        let mut open: Vec<usize> = (0..states.len()).filter(|state| states[*state].ended.is_some()).collect();
        while let Some(state) = open.pop() {
            if !std::mem::replace(&mut ending[state], true) {
                open.extend(before[state].iter().copied());
            }
        }
        if !ending.iter().all(|ending| *ending) {
            bad.insert(Bad::Stuck);
        }
        if entered.len() < flow.nodes.len() {
            bad.insert(Bad::Dead);
        }
    }
    Found { bad, whole }
}

/// Whether a game can be played to its end; none where that was not found out.
pub(crate) fn way_out(flow: &Flow, game: &Game) -> Option<bool> {
    let regions = regions(flow);
    let mut seen: HashSet<Game> = HashSet::from([game.clone()]);
    let mut open = VecDeque::from([game.clone()]);
    let mut whole = true;
    while let Some(game) = open.pop_front() {
        if game.ended.is_some() {
            return Some(true);
        }
        for what in Play::new(flow, &regions, game.clone()).moves(false) {
            whole &= each(|guards| {
                let mut play = Play::new(flow, &regions, game.clone());
                play.perform(&what, guards);
                if seen.len() < MAX_STATES && seen.insert(play.game.clone()) {
                    open.push_back(play.game);
                }
            });
        }
    }
    (whole && seen.len() < MAX_STATES).then_some(false)
}

/// What the loader says: nothing, or the codes of its errors.
pub(crate) fn codes(flow: &Flow) -> BTreeSet<&'static str> {
    let found = load(&files(flow)).diagnostics;
    found.into_iter().filter(|found| found.severity == Severity::Error).map(|found| found.code).collect()
}

/// How many workflows each test makes: `DOCKET_RANDOM`, or what CI has time for.
pub(crate) fn how_many(usual: u64) -> u64 {
    static ASKED: LazyLock<Option<u64>> = LazyLock::new(|| std::env::var("DOCKET_RANDOM").ok()?.parse().ok());
    ASKED.unwrap_or(usual)
}

/// The codes of the proof, and what each of them is in the game.
const PROVED: [(&str, Bad); 6] = [
    ("run-gets-stuck", Bad::Stuck),
    ("path-lost", Bad::Lost),
    ("fork-within-itself", Bad::WithinItself),
    ("two-results", Bad::TwoResults),
    ("loose-branch", Bad::Loose),
    ("dead-node", Bad::Dead),
];

#[test]
fn the_proof_agrees_with_an_exhaustive_search() {
    let (mut sound, mut refused, mut skipped) = (0, 0, 0);
    let mut wrong = 0;
    for seed in first_seed()..first_seed() + how_many(1_000) {
        let mut dice = Dice::new(seed);
        let size = 1 + dice.below(5);
        let bends = if dice.percent(50) { 0 } else { 1 + dice.below(2) };
        let (memory, groups) = (dice.percent(30), dice.percent(30));
        let entries = if dice.percent(40) { 2 } else { 0 };
        let flow = flow(&mut dice, Taste { size, bends, memory, groups, entries });
        let codes = codes(&flow);
        if codes.contains("loop-without-task") {
            skipped += 1;
            continue;
        }
        let found = search(&flow, MAX_STATES);
        let proved: Vec<&(&str, Bad)> = PROVED.iter().filter(|(code, _)| codes.contains(code)).collect();
        let fault = if codes.is_empty() {
            sound += 1;
            !found.bad.is_empty()
        } else if proved.is_empty() || !found.whole {
            skipped += 1;
            false
        } else {
            refused += 1;
            // What follows a first fault may be one only because of it. What was done before is told from the shape, so that more
            // is refused than need be.
            !flow.remembers() && !proved.iter().any(|(_, bad)| found.bad.contains(bad))
        };
        if fault {
            wrong += 1;
            println!("seed {seed}: the loader says {codes:?}, the search {found:?}");
            if wrong <= 3 {
                println!("{}", workflow(&flow));
            }
        }
    }
    println!("{sound} sound, {refused} refused, {skipped} skipped");
    assert_eq!(wrong, 0);
    assert!(sound > refused / 4 && refused > 0, "{sound} sound, {refused} refused, {skipped} skipped");
}

/// The first seed: `DOCKET_RANDOM_SEED`, to see one again or to go on from where another run ended.
pub(crate) fn first_seed() -> u64 {
    std::env::var("DOCKET_RANDOM_SEED").map_or(0, |seed| seed.parse().unwrap())
}
