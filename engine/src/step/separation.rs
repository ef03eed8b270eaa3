//! Separation of duty: who did one step must not do another (`not_by`), by whatever way the task comes to him.

use std::collections::BTreeSet;

use super::{group::At, operations::definition, run::Run};
use crate::{
    case::{Task as Opened, TaskState},
    definition::workflow::NotBy,
    event::{Kind, Passing},
    id::{Id, PersonId},
    rejection::Rejection,
};

impl Run<'_> {
    /// Who must not do the task of a node. Whoever acted in somebody's name counts beside him.
    pub(super) fn barred(&self, at: At<'_>) -> BTreeSet<PersonId> {
        let mut barred = BTreeSet::new();
        let Ok(instance) = self.instance(at.instance) else { return barred };
        let did = |node: &str| instance.hands.get(node).into_iter().flatten().copied();
        for not_by in &at.task.not_by {
            match not_by {
                NotBy::Creator => {
                    barred.extend(&instance.begun_by);
                    barred.extend(self.case.items.get(&instance.item).and_then(|item| item.created_by));
                }
                NotBy::Starter => {
                    let first = self.earlier(at.instance, at.token, &at.node.name).into_iter().next();
                    barred.extend(first.iter().flat_map(|first| did(first)));
                }
                NotBy::Node(node) => barred.extend(did(node)),
            }
        }
        barred
    }

    /// Refuses people from whom a task is kept apart.
    pub(super) fn keep_apart(&self, task: &Opened, people: &[PersonId]) -> Result<(), Rejection> {
        let bound = self.bound(self.instance(task.instance)?)?;
        let (node, definition) = definition(&bound, &task.node)?;
        let barred = self.barred(At { instance: task.instance, token: task.token, node, task: definition });
        let people: Vec<PersonId> = people.iter().copied().filter(|person| barred.contains(person)).collect();
        if people.is_empty() { Ok(()) } else { Err(Rejection::Separated { people }) }
    }

    /// Whoever did a step by now loses the open tasks that must be kept apart from it: others do them, or an administrator
    /// is needed.
    pub(super) fn follow_separation(&mut self) -> Result<(), Rejection> {
        let open = self.case.tasks.values().filter(|task| task.state == TaskState::Open && !task.late);
        let open: Vec<Id> = open.map(|task| task.id).collect();
        for id in open {
            let Some(task) = self.case.tasks.get(&id).filter(|task| task.state == TaskState::Open).cloned() else {
                continue;
            };
            let bound = self.bound(self.instance(task.instance)?)?;
            let Ok((node, definition)) = definition(&bound, &task.node) else { continue };
            if definition.not_by.is_empty() {
                continue;
            }
            let at = At { instance: task.instance, token: task.token, node, task: definition };
            let barred = self.barred(at);
            let all = task.candidates.iter().chain(&task.assignee).chain(&task.owner);
            if all.clone().any(|person| barred.contains(person)) {
                self.separate(at, &task, &barred)?;
            }
        }
        Ok(())
    }

    fn separate(&mut self, at: At<'_>, task: &Opened, barred: &BTreeSet<PersonId>) -> Result<(), Rejection> {
        if task.passed {
            let mut stay: Vec<PersonId> = task.candidates.clone();
            stay.retain(|person| !barred.contains(person));
            let how = if stay.is_empty() { Passing::Back } else { Passing::Reassign };
            let to = if stay.is_empty() { self.meant_for(at, task)? } else { stay };
            return self.emit(Kind::TaskPassed { task: task.id, how, from: None, to, comment: None });
        }
        if let Some(group) = &at.task.group {
            return self.separate_group(at, group);
        }
        let candidates = self.meant_for(at, task)?;
        self.follow_candidates(task.id, candidates)
    }

    /// Whom the definition means for an open task by now.
    pub(super) fn meant_for(&self, at: At<'_>, task: &Opened) -> Result<Vec<PersonId>, Rejection> {
        let token = self.token(at.instance, at.token)?;
        match task.member.and_then(|place| super::group::member_at(token, place)) {
            Some(member) => self.candidates(at, member),
            None => self.doers_of(at),
        }
    }
}
