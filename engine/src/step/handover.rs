//! Somebody has left, or has other posts: what becomes of his open tasks.

use super::{group::At, operations::definition, run::Run};
use crate::{
    case::{Task as Opened, TaskState},
    command::Handover,
    event::{Kind, Passing},
    id::{Id, PersonId},
    rejection::Rejection,
};

impl Run<'_> {
    /// Gives somebody's open tasks to others. What the definition means him to do still stays with him.
    pub(super) fn hand_over(&mut self, person: PersonId, to: &Handover) -> Result<(), Rejection> {
        if self.context.actor.person().is_some() {
            return Err(Rejection::NotYours);
        }
        let open = self.case.tasks.values().filter(|task| task.state == TaskState::Open && !task.late);
        let his: Vec<Id> = open.filter(|task| is_his(task, person)).map(|task| task.id).collect();
        for task in his {
            self.hand_over_task(task, person, to)?;
        }
        Ok(())
    }

    fn hand_over_task(&mut self, id: Id, person: PersonId, to: &Handover) -> Result<(), Rejection> {
        let Some(task) = self.case.tasks.get(&id).cloned() else { return Ok(()) };
        let bound = self.bound(self.instance(task.instance)?)?;
        let (node, definition) = definition(&bound, &task.node)?;
        let at = At { instance: task.instance, token: task.token, node, task: definition };
        let here = |one: &PersonId| self.context.org.person(*one).is_some_and(|found| found.active);
        let meant = self.meant_for(at, &task)?;
        if here(&person) && (task.passed || meant.contains(&person)) {
            return Ok(());
        }
        if let Some(owner) = task.owner.filter(|owner| *owner != person && here(owner)) {
            let how = Passing::HandBack;
            return self.emit(Kind::TaskPassed { task: id, how, from: Some(person), to: vec![owner], comment: None });
        }
        let barred = self.barred(at);
        let fits = |one: &PersonId| *one != person && here(one) && !barred.contains(one) && !self.in_group(&task, *one);
        let (how, to) = match to {
            Handover::Candidates => (Passing::Back, meant),
            Handover::Nobody => (Passing::Reassign, Vec::new()),
            Handover::People { people } => {
                let mut people: Vec<PersonId> = people.iter().copied().filter(fits).collect();
                people.sort_unstable();
                people.dedup();
                if people.is_empty() { (Passing::Back, meant) } else { (Passing::Reassign, people) }
            }
        };
        self.emit(Kind::TaskPassed { task: id, how, from: Some(person), to, comment: None })
    }
}

/// Whether a task is somebody's alone, or passed on to him: what others may do anyhow needs no handing over.
fn is_his(task: &Opened, person: PersonId) -> bool {
    let alone = task.assignee.is_none() && task.candidates == [person];
    task.assignee == Some(person) || task.owner == Some(person) || alone
}
