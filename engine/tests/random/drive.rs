//! The engine and the naive game do the same things, and are compared after each.

use std::{collections::BTreeMap, sync::Arc};

use docket_engine::{
    apply::apply,
    case::{BranchState, Case, Ended, Instance, Task, TaskState, Token},
    command::{Actor, Command},
    context::Context,
    event::Event,
    id::{Id, PersonId},
    load::load,
    org::{Holding, Org, Person},
    rejection::Rejection,
    step::{Step, open_outcomes, step},
};
use jiff::{Timestamp, tz::TimeZone};
use serde_json::{Map, Value as Json, json};

use crate::{
    dice::Dice,
    game::Play,
    generate::{Taste, flow},
    model::{At, Flow, How, Kind},
    regions::regions,
    search::{how_many, way_out},
    state::{Addr, Game, Guards, Move},
    written::{fact, files, workflow},
};

const HANDLER: PersonId = PersonId(1);
const VOTERS: [PersonId; 3] = [PersonId(21), PersonId(22), PersonId(23)];

/// How many things happen to each case, before it is brought to its end.
const MOVES: usize = 25;

/// The facts that guards read.
#[derive(Debug, Clone, Default)]
struct Facts(BTreeMap<String, bool>);

impl Guards for Facts {
    fn holds(&mut self, at: At, place: usize) -> bool {
        self.0.get(&fact(at, place)).copied().unwrap_or_default()
    }
}

/// A case of the engine.
struct Real {
    case: Case,
    events: Vec<Event>,
    context: Context,
}

fn org() -> Arc<Org> {
    let people = VOTERS.iter().chain([&HANDLER]).map(|id| Person {
        id: *id,
        code: id.to_string(),
        name: id.to_string(),
        title: String::new(),
        attributes: BTreeMap::new(),
        active: true,
    });
    let holding = |person: PersonId, post: &str| Holding { person, post: post.into(), unit: None };
    let posts = VOTERS.iter().map(|person| holding(*person, "voter")).chain([holding(HANDLER, "handler")]);
    Arc::new(Org::new(Vec::new(), people.collect(), posts.collect(), Vec::new(), BTreeMap::new()))
}

impl Real {
    fn step(&self, person: PersonId, command: &Command) -> Result<Step, Rejection> {
        let context = Context { actor: Actor::Person(person), ..self.context.clone() };
        step(&self.case, command, &context)
    }

    fn run(&mut self, person: PersonId, command: &Command) -> Result<(), Rejection> {
        let done = self.step(person, command)?;
        // What has ended need not be loaded.
        let part = Self { case: loaded(&self.case), events: Vec::new(), context: self.context.clone() };
        assert_eq!(part.step(person, command).unwrap().events, done.events);
        self.case = done.case;
        self.events.extend(done.events);
        self.check();
        Ok(())
    }

    fn main(&self) -> &Instance {
        self.case.instances.values().find(|instance| instance.caller.is_none()).unwrap()
    }

    fn open(&self) -> impl Iterator<Item = &Task> {
        self.case.tasks.values().filter(|task| task.state == TaskState::Open)
    }

    /// Tokens are conserved, and every open task stands on one and can be completed.
    fn check(&self) {
        for instance in self.case.instances.values() {
            assert_eq!(instance.ended.is_some(), instance.tokens.is_empty());
            for token in &instance.tokens {
                assert!(!token.transit);
                let below =
                    instance.tokens.iter().filter(|below| below.place.is_some_and(|place| place.of == token.id));
                let mut below: Vec<u16> = below.map(|below| below.place.unwrap().branch).collect();
                let open = token.branches.iter().filter(|branch| branch.state == BranchState::Open);
                let mut open: Vec<u16> = open.map(|branch| branch.branch).collect();
                below.sort_unstable();
                open.sort_unstable();
                assert_eq!(below, open, "the branches of token {} at {}", token.id, token.node);
            }
        }
        for (task, token) in self.open().map(|task| (task, self.token_of(task))) {
            assert_eq!(task.node, token.node);
            let by = task.assignee.unwrap_or(task.candidates[0]);
            let open = open_outcomes(&self.case, task.id, &self.context);
            assert!(!open.is_empty(), "task {} at {} can not be completed", task.id, task.node);
            for outcome in open {
                self.step(by, &complete(task.id, &outcome)).unwrap();
            }
        }
        for timer in self.case.timers.values() {
            let instance = &self.case.instances[&timer.instance];
            assert!(instance.tokens.iter().any(|token| token.id == timer.token));
        }
        let called = self.case.instances.values().filter(|child| child.ended.is_none());
        for caller in called.filter_map(|child| child.caller.as_ref()) {
            assert!(self.case.instances[&caller.instance].tokens.iter().any(|token| token.id == caller.token));
        }
    }

    fn token_of(&self, task: &Task) -> &Token {
        let tokens = &self.case.instances[&task.instance].tokens;
        tokens.iter().find(|token| token.id == task.token).unwrap()
    }

    /// The branches that a token is in, of a loose one only those that it opened itself.
    fn stack(&self, token: &Token) -> Vec<(String, usize)> {
        let mut stack = Vec::new();
        let mut place = token.place;
        while let Some(at) = place {
            let above = self.main().tokens.iter().find(|above| above.id == at.of).unwrap();
            stack.push((above.node.to_string(), usize::from(at.branch)));
            place = above.place;
        }
        stack.reverse();
        stack
    }

    /// The token of a path of the game; none where two look the same.
    fn find(&self, play: &Play<'_>, addr: &Addr) -> Option<&Token> {
        let outside = addr.loose.map_or(0, |loose| play.game.loose[loose].inside.len());
        let stack = play.stack(addr).split_off(outside);
        let stack: Vec<(String, usize)> =
            stack.into_iter().map(|(fork, branch)| (format!("n{fork}"), branch)).collect();
        let node = format!("n{}", play.path(addr).at);
        let fits = |token: &&Token| token.node == *node && self.stack(token) == stack;
        let mut all = self.main().tokens.iter().filter(fits);
        let found = all.next();
        assert!(found.is_some(), "no token at {node} in {stack:?}");
        found.filter(|_| all.next().is_none())
    }
}

/// The part of a case that is loaded for a command.
fn loaded(case: &Case) -> Case {
    let mut part = case.clone();
    part.tasks.retain(|_, task| task.state == TaskState::Open);
    part.instances.retain(|_, instance| instance.ended.is_none());
    part
}

fn complete(task: Id, outcome: &str) -> Command {
    Command::Complete { task, outcome: outcome.into(), form: Map::new().into(), comment: Some("意见".into()) }
}

/// The command that is a move of the game, and who gives it.
fn command(real: &Real, play: &Play<'_>, what: &Move) -> Option<(PersonId, Command)> {
    let task = |addr: &Addr, by: PersonId| {
        let token = real.find(play, addr)?.id;
        let main = real.main().id;
        let may = |task: &&Task| task.candidates.contains(&by);
        Some(real.open().filter(|task| task.instance == main && task.token == token).find(may).unwrap().id)
    };
    let message = |name: String| Command::Message { name: name.into(), key: None, data: Map::new(), from: None };
    Some(match what {
        Move::Outcome(addr, place) => (HANDLER, complete(task(addr, HANDLER)?, &format!("o{place}"))),
        Move::Vote(addr, voter, place) => (VOTERS[*voter], complete(task(addr, VOTERS[*voter])?, &format!("o{place}"))),
        Move::Return(addr, to, straight) => {
            let (task, to) = (task(addr, HANDLER)?, format!("n{to}").into());
            (HANDLER, Command::Return { task, to, straight: *straight, comment: Some("退".into()) })
        }
        Move::Result(addr, place) => {
            let token = real.find(play, addr)?.id;
            let child = real.case.instances.values().find(|child| {
                child.ended.is_none() && child.caller.as_ref().is_some_and(|caller| caller.token == token)
            });
            let child = child.unwrap().id;
            let task = real.open().find(|task| task.instance == child).unwrap().id;
            (HANDLER, complete(task, ["good", "bad"][*place]))
        }
        Move::Offer(addr, place) => {
            let node = real.find(play, addr)?.node.clone();
            if real.main().tokens.iter().filter(|token| token.node == node).count() > 1 {
                return None;
            }
            let offer = format!("o{place}").into();
            (HANDLER, Command::TakeOffer { instance: real.main().id, node, offer, form: Map::new(), comment: None })
        }
        Move::Arrive(_) => return None,
        Move::Message(at) => (HANDLER, message(format!("m{at}"))),
        Move::Event(at) => (HANDLER, message(format!("e{at}"))),
    })
}

/// Commands that can not be carried out are refused, and change nothing.
fn nonsense(real: &mut Real, dice: &mut Dice) {
    let ids: Vec<Id> = real.case.tasks.keys().chain(real.case.instances.keys()).copied().collect();
    let id = ids[dice.below(ids.len())];
    let node: docket_engine::text::Name = format!("n{}", dice.below(9)).into();
    let stranger = PersonId(99);
    let (by, command) = match dice.below(6) {
        0 => (stranger, complete(id, "o0")),
        1 => (HANDLER, complete(id, "nothing")),
        2 => (HANDLER, Command::Message { name: "nothing".into(), key: None, data: Map::new(), from: None }),
        3 => (HANDLER, Command::FireTimer { timer: id }),
        4 => (stranger, Command::Return { task: id, to: node, straight: false, comment: Some("退".into()) }),
        _ => (stranger, Command::TakeOffer { instance: id, node, offer: "o0".into(), form: Map::new(), comment: None }),
    };
    let before = (real.case.clone(), real.events.len());
    assert!(real.run(by, &command).is_err(), "{command:?} is not refused");
    assert!(before == (real.case.clone(), real.events.len()), "what is refused changes nothing");
}

/// Guards get new values, in both.
fn edit(real: &mut Real, flow: &Flow, facts: &mut Facts, dice: &mut Dice) {
    for (at, node) in flow.nodes.iter().enumerate() {
        if let Kind::Choose(ways) | Kind::Any(ways) = &node.kind {
            for place in 0..ways.len() - 1 {
                facts.0.insert(fact(at, place), dice.percent(50));
            }
        }
    }
    let fields: Map<String, Json> = facts.0.iter().map(|(name, value)| (name.clone(), json!(value))).collect();
    let item = Id::root_item(1);
    real.run(HANDLER, &Command::Edit { item, fields }).unwrap();
}

fn compare(real: &Real, play: &Play<'_>) -> Result<(), String> {
    let main = real.main();
    let ended = main.ended.clone().map(|ended| match ended {
        Ended::With(result) => result.to_string(),
        Ended::Error(error) => format!("error {error}"),
        Ended::Cancelled => "cancelled".to_owned(),
    });
    let expected = play.game.ended.map(|(how, result)| match how {
        How::Error => format!("error r{result}"),
        _ => format!("r{result}"),
    });
    if ended != expected {
        return Err(format!("the engine has ended with {ended:?}, the game with {expected:?}"));
    }
    let mut standing: BTreeMap<String, usize> = BTreeMap::new();
    for token in &main.tokens {
        *standing.entry(token.node.to_string()).or_default() += 1;
    }
    let expected: BTreeMap<String, usize> =
        play.standing().into_iter().map(|(at, count)| (format!("n{at}"), count)).collect();
    if standing == expected {
        Ok(())
    } else {
        Err(format!("the engine stands at {standing:?}, the game at {expected:?}"))
    }
}

/// Lives one case of a sound workflow; what differs, with what was done.
fn live(
    flow: &Flow,
    registry: Arc<docket_engine::definition::registry::Registry>,
    dice: &mut Dice,
) -> Result<bool, String> {
    let regions = regions(flow);
    let now: Timestamp = "2026-01-05T01:00:00Z".parse().unwrap();
    let zone = TimeZone::get("Asia/Shanghai").unwrap();
    let context = Context { now, zone, actor: Actor::Person(HANDLER), org: org(), registry };
    let mut real = Real { case: Case::new(1), events: Vec::new(), context };
    let mut facts = Facts::default();
    let mut play = Play::new(flow, &regions, Game::default());
    let entry = flow.entries.first().filter(|_| dice.percent(60));
    match entry {
        Some(at) => play.enter(*at, &mut facts),
        None => play.start(&mut facts),
    }
    let (module, kind, enter) = ("small".into(), "matter".into(), entry.map(|at| format!("n{at}").into()));
    let create = Command::Create { module, kind, fields: Map::new(), enter };
    let mut done: Vec<String> = Vec::new();
    real.run(HANDLER, &create).map_err(|refused| format!("{refused:?}"))?;
    for turn in 0..4 * MOVES {
        compare(&real, &play).map_err(|fault| format!("{fault}\nafter {}", done.join("\n      ")))?;
        if play.game.ended.is_some() {
            break;
        }
        if dice.percent(30) {
            edit(&mut real, flow, &mut facts, dice);
        }
        if dice.percent(15) {
            nonsense(&mut real, dice);
        }
        let mut moves = play.moves(true);
        // At last, forward.
        if turn > MOVES {
            let onward = |what: &&Move| match what {
                Move::Outcome(_, place) | Move::Vote(_, _, place) => *place == 0,
                Move::Return(..) | Move::Event(_) | Move::Arrive(_) => false,
                Move::Result(..) | Move::Offer(..) | Move::Message(_) => true,
            };
            let forward: Vec<Move> = moves.iter().filter(onward).cloned().collect();
            if !forward.is_empty() {
                moves = forward;
            }
        }
        let what = moves[dice.below(moves.len())].clone();
        let Some((by, command)) = command(&real, &play, &what) else { continue };
        done.push(format!("{what:?}"));
        real.run(by, &command).map_err(|refused| format!("{refused:?} at {}", done.join("\n      ")))?;
        play.perform(&what, &mut facts);
        if !play.bad.is_empty() {
            return Err(format!("{:?} after {}", play.bad, done.join("\n      ")));
        }
    }
    let mut replayed = Case::new(1);
    for event in &real.events {
        let stored = serde_json::to_string(event).unwrap();
        apply(&mut replayed, &serde_json::from_str(&stored).unwrap()).unwrap();
    }
    assert_eq!(serde_json::to_string(&replayed).unwrap(), serde_json::to_string(&real.case).unwrap());
    let ended = play.game.ended.is_some();
    if !ended && way_out(flow, &play.game) == Some(false) {
        return Err(format!("it can not be completed after {}", done.join("\n      ")));
    }
    Ok(ended)
}

#[test]
fn the_engine_agrees_with_a_naive_token_game() {
    let (mut sound, mut ended, mut wrong) = (0, 0, 0);
    let mut seed = 1_000_000 + crate::search::first_seed();
    let wanted = how_many(10_000);
    while sound < wanted {
        seed += 1;
        let mut dice = Dice::new(seed);
        let size = 1 + dice.below(7);
        let bends = usize::from(dice.percent(20));
        let (memory, groups) = (dice.percent(50), dice.percent(50));
        let entries = if dice.percent(30) { 2 } else { 0 };
        let flow = flow(&mut dice, Taste { size, bends, memory, groups, entries });
        let Some(registry) = load(&files(&flow)).registry else { continue };
        sound += 1;
        match live(&flow, Arc::new(registry), &mut dice) {
            Ok(over) => ended += u64::from(over),
            Err(fault) => {
                wrong += 1;
                if wrong <= 3 {
                    println!("seed {seed}: {fault}\n{}", workflow(&flow));
                } else {
                    println!("seed {seed}: {}", fault.lines().next().unwrap());
                }
            }
        }
    }
    println!("{sound} cases, {ended} of them brought to their end");
    assert_eq!(wrong, 0);
    assert!(ended * 10 > sound * 8, "only {ended} of {sound} came to their end");
}
