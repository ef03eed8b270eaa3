//! What somebody does with a task beside completing it, as scenarios write it.

use super::{Act, play::Play};
use crate::{
    case::{Incident, Task, TaskState},
    command::{Command, Resolution, Turn},
    id::{Id, PersonId},
    text::Name,
};

/// Which of the operations.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Operation {
    Transfer,
    Delegate,
    HandBack,
    Return,
    Copy,
    Urge,
    Withdraw,
    Resolve,
    Reopen,
    AddSigners,
    RemoveSigner,
}

/// The keys of operations, each with the node that it is about.
pub(super) const OPERATIONS: [(&str, Operation); 11] = [
    ("transfer", Operation::Transfer),
    ("delegate", Operation::Delegate),
    ("hand_back", Operation::HandBack),
    ("return", Operation::Return),
    ("copy", Operation::Copy),
    ("urge", Operation::Urge),
    ("withdraw", Operation::Withdraw),
    ("resolve", Operation::Resolve),
    ("reopen", Operation::Reopen),
    ("add_signers", Operation::AddSigners),
    ("remove_signer", Operation::RemoveSigner),
];

impl Play<'_> {
    /// Who acts, and the command.
    pub(super) fn operation(
        &self,
        operation: Operation,
        node: &str,
        act: &Act,
    ) -> Result<(Option<PersonId>, Command), String> {
        let comment = act.comment.clone();
        let open = || self.open_task(node, act);
        let who = |task: &Task| {
            let preferred: Vec<PersonId> = task.assignee.into_iter().chain(task.candidates.iter().copied()).collect();
            act.by.as_deref().map(|by| self.person(by, &preferred)).transpose()
        };
        let by = || act.by.as_deref().map(|by| self.person(by, &[])).transpose();
        Ok(match operation {
            Operation::Transfer | Operation::Delegate => {
                let (task, to) = (open()?, self.one_of(&act.to)?);
                let id = task.id;
                let command = if operation == Operation::Transfer {
                    Command::Transfer { task: id, to, comment }
                } else {
                    Command::Delegate { task: id, to, comment }
                };
                (who(task)?, command)
            }
            Operation::HandBack => (who(open()?)?, Command::HandBack { task: open()?.id, comment }),
            Operation::Return => {
                let to = Name::from(act.to.first().ok_or("缺少 `to` / `to` is missing")?.as_str());
                (who(open()?)?, Command::Return { task: open()?.id, to, straight: act.straight, comment })
            }
            Operation::Copy => {
                (who(open()?)?, Command::Copy { task: open()?.id, people: self.all_of(&act.to)?, comment })
            }
            Operation::Urge => (by()?, Command::Urge { task: open()?.id, comment }),
            Operation::Withdraw => {
                let (person, task) = self.completed(node, act)?;
                (person, Command::Withdraw { task, comment })
            }
            Operation::Resolve => {
                let found = self.incident(node)?;
                (by()?, Command::Resolve { incident: found.id, how: self.resolution(act)?, comment })
            }
            Operation::Reopen => {
                let item = self.case.root_item().ok_or("没有事项 / there is no item")?.id;
                (by()?, Command::Reopen { item, node: node.into(), comment })
            }
            Operation::AddSigners => {
                let (people, turn) = (self.all_of(&act.to)?, turn(act)?);
                (who(open()?)?, Command::AddSigners { task: open()?.id, people, turn, comment })
            }
            Operation::RemoveSigner => {
                let person = self.one_of(&act.to)?;
                // His own task, or before his turn any of the group.
                let task = self.tasks_at(node).find(|task| is_for(task, &[person])).map_or_else(open, Ok)?.id;
                (by()?, Command::RemoveSigner { task, person, comment })
            }
        })
    }

    /// The open task at a node that `by` may do, else the task there.
    pub(super) fn open_task(&self, node: &str, act: &Act) -> Result<&Task, String> {
        let named = act.by.as_deref().map(|by| self.called(by)).unwrap_or_default();
        match self.tasks_at(node).find(|task| is_for(task, &named)) {
            Some(task) => Ok(task),
            None => self.task(node),
        }
    }

    /// The open tasks at a node; those that only take a comment last.
    pub(super) fn tasks_at(&self, node: &str) -> impl Iterator<Item = &Task> {
        let open = move |late: bool| {
            let here = move |task: &&Task| task.node == *node && task.late == late && task.state == TaskState::Open;
            self.case.tasks.values().filter(here)
        };
        open(false).chain(open(true))
    }

    /// The last task at a node that `by` completed; else the last one.
    fn completed(&self, node: &str, act: &Act) -> Result<(Option<PersonId>, Id), String> {
        let named = act.by.as_deref().map(|by| self.called(by)).unwrap_or_default();
        let done = |task: &Task| match &task.state {
            TaskState::Completed { by, .. } if task.node == *node => Some((*by, task.id)),
            _ => None,
        };
        let his = self.case.tasks.values().filter_map(done).rfind(|(by, _)| named.contains(by));
        if let Some((by, task)) = his {
            return Ok((Some(by), task));
        }
        let person = act.by.as_deref().map(|by| self.person(by, &[])).transpose()?;
        Ok((person, self.task(node)?.id))
    }

    fn incident(&self, node: &str) -> Result<&Incident, String> {
        let mut all = self.case.incidents.values();
        all.find(|incident| incident.node == *node)
            .ok_or_else(|| format!("`{node}` 没有故障 / there is no incident at `{node}`"))
    }

    fn resolution(&self, act: &Act) -> Result<Resolution, String> {
        Ok(match act.how.as_deref() {
            Some("reassign") => Resolution::Reassign { people: self.all_of(&act.to)? },
            Some("retry") => Resolution::Retry,
            Some("skip") => Resolution::Skip { outcome: act.outcome.as_deref().map(Name::from) },
            Some("jump") => {
                let to = act.to.first().ok_or("缺少 `to` / `to` is missing")?;
                Resolution::Jump { node: to.as_str().into() }
            }
            _ => return Err("`how` 应为 reassign、retry、skip 或 jump / is one of these".to_owned()),
        })
    }

    fn one_of(&self, to: &[String]) -> Result<PersonId, String> {
        self.person(to.first().ok_or("缺少 `to` / `to` is missing")?, &[])
    }

    fn all_of(&self, to: &[String]) -> Result<Vec<PersonId>, String> {
        to.iter().map(|name| self.person(name, &[])).collect()
    }
}

/// Whether a task is one of these people's to do.
fn is_for(task: &Task, people: &[PersonId]) -> bool {
    let doers = task.assignee.map_or_else(|| task.candidates.clone(), |person| vec![person]);
    doers.iter().chain(task.owner.iter()).any(|person| people.contains(person))
}

/// When added signers have their turn.
fn turn(act: &Act) -> Result<Turn, String> {
    match act.how.as_deref() {
        Some("before") => Ok(Turn::Before),
        Some("after") => Ok(Turn::After),
        Some("beside") => Ok(Turn::Beside),
        _ => Err("`how` 应为 before、after 或 beside / is one of these".to_owned()),
    }
}
