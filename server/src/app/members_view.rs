//! Who signs a task of several: who has chosen what, whose turn it is, who comes later.

use std::collections::BTreeMap;

use docket_engine::{
    case::{Case, Element, Member, TaskState},
    id::{Id, PersonId},
};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};

use super::{labels, task_view, tasks::Loaded};
use crate::{
    api::{
        caller::Caller,
        tasks::{MemberState, MemberView},
    },
    clock::from_ms,
    db::entity::task,
    failure::Failure,
};

/// The members of the open task's group, in their order; none where one person does it, or the group has ended.
///
/// # Errors
/// The database's own.
pub async fn view(caller: &Caller, loaded: &Loaded, case: &Case) -> Result<Vec<MemberView>, Failure> {
    let work = &loaded.task;
    let instance = case.instances.get(&work.instance);
    let token = instance.and_then(|instance| instance.tokens.iter().find(|token| token.id == work.token));
    let Some(token) = token.filter(|token| token.node == work.node && work.member.is_some() && !work.late) else {
        return Ok(Vec::new());
    };
    let members: Vec<&Member> = token.members.iter().filter(|member| !member.gone).collect();
    let closed = closed(caller, &members).await?;
    Ok(members.into_iter().map(|member| member_view(caller, loaded, case, &closed, member)).collect())
}

/// The tasks of members who have voted.
async fn closed(caller: &Caller, members: &[&Member]) -> Result<BTreeMap<Id, task::Model>, Failure> {
    let voted = members.iter().filter(|member| member.vote.is_some()).filter_map(|member| member.task);
    let rows =
        task::Entity::find().filter(task::Column::Id.is_in(voted.map(Id::raw))).all(caller.app.db.reader()).await?;
    Ok(rows.into_iter().map(|row| (Id::from_raw(row.id), row)).collect())
}

fn member_view(
    caller: &Caller,
    loaded: &Loaded,
    case: &Case,
    closed: &BTreeMap<Id, task::Model>,
    member: &Member,
) -> MemberView {
    let his = member.task.and_then(|task| closed.get(&task));
    let open = member.task.and_then(|task| case.tasks.get(&task)).filter(|task| task.state == TaskState::Open);
    let state = match (&member.vote, open) {
        (Some(_), _) => MemberState::Chosen,
        (None, Some(_)) => MemberState::Open,
        (None, None) => MemberState::Later,
    };
    MemberView {
        name: match &member.key {
            Element::Person(person) => labels::person(caller, *person).name,
            Element::Unit(unit) => labels::unit(caller, *unit).name,
            Element::Text(text) => text.clone(),
        },
        unit: match member.key {
            Element::Unit(_) => None,
            Element::Person(_) | Element::Text(_) => member.unit.map(|unit| labels::unit(caller, unit).name),
        },
        state,
        mine: member.task == Some(loaded.task.id),
        outcome_title: member
            .vote
            .as_ref()
            .map(|vote| task_view::outcome_title(caller, loaded, &loaded.task.node, vote)),
        comment: his.and_then(|row| row.comment.clone()),
        by: his.and_then(|row| row.closed_by).map(|person| labels::person(caller, PersonId(person))),
        at: his.and_then(|row| row.closed_at).map(|at| from_ms(at).to_string()),
        added_by: member.added_by.map(|person| labels::person(caller, person)),
    }
}
