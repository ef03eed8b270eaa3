//! The matrix of what can be done with a task: operation × region × group × moment. For each cell, the tasks that are open
//! afterwards. What is expected is derived from the sentences of `docs/reference/engine.md` (Groups, Passing a task on,
//! Returns, Withdrawal), not from the engine; and whatever was done, the case can be brought to its end.

use docket_engine::{
    case::{Ended, TaskState},
    command::{Actor, Command, Turn},
    id::{Id, PersonId},
    rejection::Rejection,
};
use serde_json::{Map, json};

use crate::{operations::by, small::with, town::*};

/// Where the task lies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Region {
    Plain,
    Parallel,
    Inclusive,
    Called,
    Staged,
}

/// Who does it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Group {
    Single,
    All,
    Any,
    Votes,
    Sequential,
}

/// When: before anybody has voted, after the first, after the last whose vote was needed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Moment {
    Before,
    Between,
    After,
}

/// What is done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Deed {
    Transfer,
    Delegate,
    HandBack,
    Return,
    Copy,
    Urge,
    Withdraw,
    WithdrawFirst,
    AddBeside,
    AddBefore,
    AddAfter,
    RemoveSigner,
    Leave,
}

const REGIONS: [Region; 5] = [Region::Plain, Region::Parallel, Region::Inclusive, Region::Called, Region::Staged];
const GROUPS: [Group; 5] = [Group::Single, Group::All, Group::Any, Group::Votes, Group::Sequential];
const MOMENTS: [Moment; 3] = [Moment::Before, Moment::Between, Moment::After];
const DEEDS: [Deed; 13] = [
    Deed::Transfer,
    Deed::Delegate,
    Deed::HandBack,
    Deed::Return,
    Deed::Copy,
    Deed::Urge,
    Deed::Withdraw,
    Deed::WithdrawFirst,
    Deed::AddBeside,
    Deed::AddBefore,
    Deed::AddAfter,
    Deed::RemoveSigner,
    Deed::Leave,
];

/// One cell.
#[derive(Debug, Clone, Copy)]
struct Cell {
    region: Region,
    group: Group,
    moment: Moment,
}

/// Open tasks: node, and who is to do each; nobody is 0.
type Open = Vec<(&'static str, i64)>;

impl Cell {
    /// The members, in their order.
    fn members(self) -> &'static [PersonId] {
        const ALL: [PersonId; 3] = [CHIEF, DEPUTY, OTHER_DEPUTY];
        if self.group == Group::Single { &ALL[..1] } else { &ALL }
    }

    /// How many must approve.
    fn needed(self) -> usize {
        match self.group {
            Group::Single | Group::Any => 1,
            Group::Votes => 2,
            Group::All | Group::Sequential => 3,
        }
    }

    /// How many have approved; none where there is no such moment.
    fn voted(self) -> Option<usize> {
        match self.moment {
            Moment::Before => Some(0),
            Moment::Between => (self.needed() > 1).then_some(1),
            Moment::After => Some(self.needed()),
        }
    }

    fn one_by_one(self) -> bool {
        matches!(self.group, Group::Single | Group::Sequential)
    }

    // The oracle: a few sentences of the reference.

    /// What is open beside the task: a branch that nobody touches.
    fn beside(self) -> Open {
        match self.region {
            Region::Parallel | Region::Inclusive => vec![("other", HEAD.0)],
            Region::Plain | Region::Called | Region::Staged => Vec::new(),
        }
    }

    /// The tasks of those of `members` who have not voted: all of them, or the first, whose turn it is.
    fn asked(self, members: &[PersonId]) -> Open {
        let turns = if self.one_by_one() { 1 } else { members.len() };
        members.iter().take(turns).map(|person| ("work", person.0)).collect()
    }

    /// With what is open beside it.
    fn with(self, mut work: Open) -> Open {
        work.extend(self.beside());
        work
    }

    /// What is open at this moment.
    fn base(self) -> Open {
        let voted = self.voted().unwrap();
        if self.moment != Moment::After {
            return self.with(self.asked(&self.members()[voted..]));
        }
        match self.region {
            // The join waits for the other branch; a stage stays open without a task.
            Region::Parallel | Region::Inclusive | Region::Staged => self.beside(),
            Region::Plain | Region::Called => vec![("last", SUPERVISOR.0)],
        }
    }

    /// Who acts: whose turn it is, or who voted last.
    fn actor(self) -> PersonId {
        let voted = self.voted().unwrap();
        if self.moment == Moment::After { self.members()[voted - 1] } else { self.members()[voted] }
    }

    /// What is refused, and what is open afterwards.
    fn expected(self, deed: Deed) -> Option<(Option<&'static str>, Open)> {
        let voted = self.voted()?;
        let done = |open: Open| Some((None, open));
        let refused = |code: &'static str| Some((Some(code), self.base()));
        let ended = matches!(self.region, Region::Called | Region::Staged);
        match deed {
            Deed::Withdraw if self.moment == Moment::Before => refused("not_allowed"),
            // Its run has ended with the called workflow.
            Deed::Withdraw | Deed::WithdrawFirst if self.moment == Moment::After && ended => match deed {
                Deed::WithdrawFirst if voted < 2 => None,
                _ => refused("too_late"),
            },
            // As it was before this vote.
            Deed::Withdraw => done(self.with(self.asked(&self.members()[voted - 1..]))),
            // Only his vote is taken back; the later ones stay.
            Deed::WithdrawFirst if self.moment == Moment::After && voted > 1 => {
                let mut open = vec![self.members()[0]];
                open.extend(&self.members()[voted..]);
                done(self.with(self.asked(&open)))
            }
            Deed::WithdrawFirst => None,
            Deed::Leave if self.moment == Moment::After => done(self.base()),
            _ if self.moment == Moment::After => refused("task_closed"),
            // He has it in place of the other.
            Deed::Transfer | Deed::Delegate => {
                let mut open = self.base();
                open[0].1 = LIAISON.0;
                done(open)
            }
            // Out of branches all of them close; never out of the called workflow.
            Deed::Return if ended => done(vec![("pre", HANDLER.0)]),
            Deed::Return => done(vec![("first", HANDLER.0)]),
            Deed::AddBeside if self.one_by_one() => refused("not_allowed"),
            Deed::AddBeside => {
                let mut work = self.asked(&self.members()[voted..]);
                work.push(("work", LIAISON.0));
                done(self.with(work))
            }
            Deed::AddBefore | Deed::AddAfter if !self.one_by_one() => refused("not_allowed"),
            // He loses his task until they have signed.
            Deed::AddBefore => done(self.with(vec![("work", LIAISON.0)])),
            Deed::AddAfter | Deed::HandBack | Deed::Copy | Deed::Urge => done(self.base()),
            Deed::RemoveSigner if self.group == Group::Single => refused("not_possible"),
            Deed::Leave if self.group == Group::Single => done(self.with(vec![("work", 0)])),
            // The last member, who has not voted, is out.
            Deed::RemoveSigner | Deed::Leave => done(self.with(self.asked(&self.members()[voted..2]))),
        }
    }

    fn work(self, next: &str) -> String {
        let (who, rules) = match self.group {
            Group::Single => ("assign: {post: section_chief, unit: item.unit}", format!("approve: {next}")),
            Group::All | Group::Sequential => {
                (EACH, format!("approve: {{when: all, to: {next}}}, reject: {{when: any, to: {next}}}"))
            }
            Group::Any => (EACH, format!("approve: {{when: any, to: {next}}}, reject: {{when: all, to: {next}}}")),
            Group::Votes => (EACH, format!("approve: {{when: 2, to: {next}}}, reject: {{when: rest, to: {next}}}")),
        };
        let order = if self.group == Group::Sequential { ", order: one-by-one}" } else { "}" };
        let who = if self.group == Group::Single { who.to_owned() } else { format!("{who}{order}") };
        format!(
            "  work:\n    task: 办\n    {who}\n    allow: [transfer, delegate, add-signer, remove-signer, return, copy]\n    \
               withdraw: {{within: PT30M}}\n    outcomes: {{{rules}}}\n"
        )
    }

    fn workflows(self) -> String {
        let task = |name: &str, who: &str, outcome: &str, next: &str| {
            format!("  {name}:\n    task: {name}\n    assign: {{{who}}}\n    outcomes: {{{outcome}: {next}}}\n")
        };
        let (unit, head) = ("post: handler, unit: item.unit", "post: department_head, unit: item.unit");
        let other = task("other", head, "approve", "together") + "  together: {join: both, next: last}\n";
        let inside = matches!(self.region, Region::Called | Region::Staged);
        let (next, middle) = match self.region {
            Region::Plain => ("work", self.work("last")),
            Region::Parallel => ("both", format!("  both: {{fork: [work, other]}}\n{}{other}", self.work("together"))),
            Region::Inclusive => {
                let any = "[{when: item.amount > 1, to: work}, {when: item.amount > 2, to: other}, {else: together}]";
                ("both", format!("  both: {{any: {any}}}\n{}{other}", self.work("together")))
            }
            Region::Called => ("sub", "  sub: {call: below, then: {good: last}}\n".to_owned()),
            Region::Staged => {
                let offer = "{zh: 办结, en: Finish, who: {post: supervisor}, to: last}";
                let stage = "stage: 阶段\n    every: {at: today, call: below}\n    on_done: {below: {good: {}}}";
                ("hold", format!("  hold:\n    {stage}\n    offers: {{finish: {offer}}}\n"))
            }
        };
        let below = if inside {
            task("pre", unit, "submit", "work") + &self.work("{end: good}")
        } else {
            "  pre: {end: good}\n".to_owned()
        };
        format!(
            "workflow: main\ntitle: 主\nstart: first\nnodes:\n{}{middle}{}---\nworkflow: below\ntitle: 分\nstart: pre\nnodes:\n{below}",
            task("first", unit, "submit", next),
            task("last", "post: supervisor", "approve", "{end: good}"),
        )
    }

    /// The case at this moment.
    fn town(self) -> Town {
        let mut town = Town::with(with(&self.workflows()));
        town.create("small", "matter", fields(json!({"title": "甲", "unit": "1", "amount": 5})));
        complete(&mut town, "first", HANDLER);
        if matches!(self.region, Region::Called | Region::Staged) {
            complete(&mut town, "pre", HANDLER);
        }
        for person in self.members().iter().take(self.voted().unwrap()) {
            complete(&mut town, "work", *person);
        }
        town
    }

    fn perform(self, town: &mut Town, deed: Deed) -> Result<(), Rejection> {
        let actor = self.actor();
        let task = task_of(town, "work", actor);
        let comment = || Some("意见".to_owned());
        let add = |turn| Command::AddSigners { task, people: vec![LIAISON], turn, comment: comment() };
        match deed {
            Deed::Transfer => by(town, actor, &Command::Transfer { task, to: LIAISON, comment: comment() }),
            Deed::Delegate => by(town, actor, &Command::Delegate { task, to: LIAISON, comment: comment() }),
            Deed::HandBack => {
                by(town, actor, &Command::Delegate { task, to: LIAISON, comment: comment() })?;
                let early = town.complete_task(task, actor, "approve", Map::new(), None);
                assert_eq!(early, Err(Rejection::Delegated { person: LIAISON }), "{self:?}");
                by(town, LIAISON, &Command::HandBack { task, comment: comment() })
            }
            Deed::Return => {
                let to = if matches!(self.region, Region::Called | Region::Staged) { "pre" } else { "first" };
                by(town, actor, &Command::Return { task, to: to.into(), straight: false, comment: comment() })
            }
            Deed::Copy => by(town, actor, &Command::Copy { task, people: vec![HANDLER], comment: comment() }),
            Deed::Urge => by(town, SUPERVISOR, &Command::Urge { task, comment: comment() }),
            Deed::Withdraw => {
                let who = if self.moment == Moment::Between { self.members()[0] } else { actor };
                let task = task_of(town, "work", who);
                by(town, who, &Command::Withdraw { task, comment: comment() })
            }
            Deed::WithdrawFirst => {
                let task = task_of(town, "work", self.members()[0]);
                by(town, self.members()[0], &Command::Withdraw { task, comment: comment() })
            }
            Deed::AddBeside => by(town, actor, &add(Turn::Beside)),
            Deed::AddBefore => by(town, actor, &add(Turn::Before)),
            Deed::AddAfter => by(town, actor, &add(Turn::After)),
            Deed::RemoveSigner => {
                by(town, actor, &Command::RemoveSigner { task, person: OTHER_DEPUTY, comment: comment() })
            }
            Deed::Leave => {
                let gone = *self.members().last().unwrap();
                town.org = org(holdings().into_iter().filter(|holding| holding.person != gone).collect());
                town.run(Actor::System, &Command::Reassign)
            }
        }
    }
}

const EACH: &str = "each: {post: [section_chief, deputy_head], unit: item.unit";

/// The latest task of a person at a node: his open one, else the one that he completed.
fn task_of(town: &Town, node: &str, person: PersonId) -> Id {
    let his = |state: &TaskState, assignee: Option<PersonId>, candidates: &[PersonId]| match state {
        TaskState::Open => assignee.map_or(candidates.contains(&person), |assignee| assignee == person),
        TaskState::Completed { by, .. } => *by == person,
        TaskState::Cancelled { .. } => false,
    };
    let mut all = town.case.tasks.values().filter(|task| task.node == *node);
    let found = all.rfind(|task| his(&task.state, task.assignee, &task.candidates));
    assert!(found.is_some(), "no task of {person} at {node}");
    found.unwrap().id
}

fn complete(town: &mut Town, node: &str, person: PersonId) {
    let outcome = if ["first", "pre"].contains(&node) { "submit" } else { "approve" };
    let task = task_of(town, node, person);
    town.complete_task(task, person, outcome, Map::new(), None).unwrap();
}

fn open(town: &Town) -> Vec<(String, i64)> {
    let of = |task: &&docket_engine::case::Task| {
        let person = task.assignee.or(task.candidates.first().copied()).map_or(0, |person| person.0);
        (task.node.to_string(), person)
    };
    let mut open: Vec<(String, i64)> = town.open().iter().map(of).collect();
    open.sort();
    open
}

/// Does everything that is open, to the end.
fn finish(town: &mut Town, cell: Cell) {
    for _ in 0..40 {
        let next =
            town.open().first().map(|task| (task.id, task.node.to_string(), task.assignee, task.owner.is_some()));
        match next {
            Some((task, _, Some(person), true)) => {
                by(town, person, &Command::HandBack { task, comment: None }).unwrap();
            }
            Some((_, node, Some(person), false)) => complete(town, &node, person),
            Some((_, node, None, _)) => unreachable!("nobody has the task at {node}: {cell:?}"),
            None if town.case.instances.values().next().unwrap().ended.is_some() => break,
            None => {
                let instance = town.case.instances.values().next().unwrap().id;
                let (node, offer) = ("hold".into(), "finish".into());
                let offer = Command::TakeOffer { instance, node, offer, form: Map::new(), comment: None };
                by(town, SUPERVISOR, &offer).unwrap();
            }
        }
    }
    let ended = town.case.instances.values().next().unwrap().ended.clone();
    assert_eq!(ended, Some(Ended::With("good".into())), "{cell:?}");
}

fn code(refused: &Rejection) -> String {
    serde_json::to_value(refused).unwrap()["rejection"].as_str().unwrap().to_owned()
}

#[test]
fn every_cell_of_the_matrix_is_as_the_reference_says() {
    let mut cells = 0;
    for (region, group) in REGIONS.iter().flat_map(|region| GROUPS.iter().map(move |group| (*region, *group))) {
        for moment in MOMENTS {
            let cell = Cell { region, group, moment };
            if cell.voted().is_none() {
                continue;
            }
            let start = cell.town();
            let sorted = |all: Open| {
                let mut all: Vec<(String, i64)> = all.into_iter().map(|(node, who)| (node.to_owned(), who)).collect();
                all.sort();
                all
            };
            assert_eq!(open(&start), sorted(cell.base()), "at first: {cell:?}");
            for deed in DEEDS {
                let Some((refusal, expected)) = cell.expected(deed) else { continue };
                let mut town = start.clone();
                let refused = cell.perform(&mut town, deed).err().map(|refused| code(&refused));
                assert_eq!(refused.as_deref(), refusal, "{deed:?} {cell:?}");
                assert_eq!(open(&town), sorted(expected), "{deed:?} {cell:?}");
                if !(deed == Deed::Leave && group == Group::Single && moment == Moment::Before) {
                    finish(&mut town, cell);
                }
                cells += 1;
            }
        }
    }
    assert_eq!(cells, 795, "the whole matrix");
}
