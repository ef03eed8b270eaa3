//! Tasks: opened, taken, passed on, completed.

use super::{Corrupt, corrupt, instance_of, item_of, take, token, token_of};
use crate::{
    case::{Case, Task, TaskState},
    event::{Event, Kind, Passing},
    id::{Id, PersonId},
};

fn open_task(case: &mut Case, id: Id) -> Result<&mut Task, Corrupt> {
    match case.tasks.get_mut(&id) {
        Some(task) if task.state == TaskState::Open => Ok(task),
        _ => Err(corrupt(format!("there is no open task {id}"))),
    }
}

fn takes_part(case: &mut Case, task: Id, person: Option<PersonId>) -> Result<(), Corrupt> {
    if let (Some(person), Some(task)) = (person, case.tasks.get(&task)) {
        let item = task.item;
        item_of(case, item)?.participants.insert(person);
    }
    Ok(())
}

pub(super) fn apply(case: &mut Case, event: &Event) -> Result<(), Corrupt> {
    match &event.kind {
        Kind::TaskOpened { .. } => open(case, event),
        Kind::TaskAssigned { task, assignee } => {
            open_task(case, *task)?.assignee = *assignee;
            takes_part(case, *task, *assignee)
        }
        Kind::TaskCandidates { task, candidates } => {
            open_task(case, *task)?.candidates.clone_from(candidates);
            Ok(())
        }
        Kind::TaskDue { task, due } => {
            open_task(case, *task)?.due = *due;
            Ok(())
        }
        Kind::TaskPassed { task, how, from, to, .. } => pass(case, *task, *how, *from, to),
        Kind::TaskLate { task } => {
            open_task(case, *task)?.late = true;
            Ok(())
        }
        Kind::TaskUrged { task, .. } | Kind::SignersAdded { task, .. } => open_task(case, *task).map(|_| ()),
        Kind::TaskCompleted { .. } => complete(case, event),
        Kind::TaskCancelled { task } => {
            open_task(case, *task)?.state = TaskState::Cancelled { at: event.at };
            Ok(())
        }
        _ => Ok(()),
    }
}

fn open(case: &mut Case, event: &Event) -> Result<(), Corrupt> {
    let Kind::TaskOpened { task, instance, token, node, candidates, assignee, due, member } = &event.kind else {
        return Ok(());
    };
    let item = instance_of(case, *instance)?.item;
    take(case, *task)?;
    let standing = token_of(case, *instance, *token)?;
    if let Some(member) = member {
        let token = standing;
        let place = usize::try_from(*member).ok().and_then(|member| token.members.get_mut(member));
        place.ok_or_else(|| corrupt(format!("there is no member {member} at token {}", token.id)))?.task = Some(*task);
    } else {
        standing.task = Some(*task);
    }
    let opened = Task {
        id: *task,
        instance: *instance,
        item,
        token: *token,
        node: node.clone(),
        candidates: candidates.clone(),
        assignee: *assignee,
        due: *due,
        opened_at: event.at,
        state: TaskState::Open,
        member: *member,
        owner: None,
        passed: false,
        late: false,
    };
    case.tasks.insert(*task, opened);
    takes_part(case, *task, *assignee)
}

fn pass(case: &mut Case, id: Id, how: Passing, from: Option<PersonId>, to: &[PersonId]) -> Result<(), Corrupt> {
    let task = open_task(case, id)?;
    match how {
        Passing::Delegate => {
            task.owner = task.owner.or(from);
            task.assignee = to.first().copied();
        }
        Passing::HandBack => task.assignee = task.owner.take(),
        Passing::Transfer | Passing::Reassign | Passing::Back => {
            task.candidates = to.to_vec();
            task.assignee = match to {
                [one] => Some(*one),
                _ => None,
            };
            task.owner = None;
        }
    }
    task.passed = how != Passing::Back;
    let assignee = task.assignee;
    takes_part(case, id, assignee)
}

fn complete(case: &mut Case, event: &Event) -> Result<(), Corrupt> {
    let Kind::TaskCompleted { task, outcome, by, form, comment } = &event.kind else { return Ok(()) };
    let found = open_task(case, *task)?;
    found.assignee = Some(*by);
    found.state = TaskState::Completed {
        outcome: outcome.clone(),
        by: *by,
        through: event.by.through(),
        at: event.at,
        comment: comment.clone(),
    };
    let (id, number, node, member) = (found.instance, found.token, found.node.clone(), found.member);
    if found.late {
        return takes_part(case, *task, Some(*by));
    }
    let instance = instance_of(case, id)?;
    if let Some(form) = form {
        instance.forms.insert(node.clone(), form.clone());
    }
    instance.doers.insert(node.clone(), *by);
    instance.hands.entry(node.clone()).or_default().extend(event.by.hands().chain([*by]));
    if let Some(standing) = instance.tokens.iter_mut().find(|there| there.id == number) {
        token::pass(standing, &node);
        let place = member.and_then(|member| usize::try_from(member).ok());
        if let Some(member) = place.and_then(|place| standing.members.get_mut(place)) {
            member.vote = Some(outcome.clone());
        }
    }
    takes_part(case, *task, Some(*by))
}
