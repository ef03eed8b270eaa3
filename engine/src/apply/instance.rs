//! Instances: started, ended; what is kept for them, and what needs an administrator.

use std::collections::BTreeMap;

use super::{Corrupt, corrupt, instance_of, item_of, take, token_of};
use crate::{
    case::{Caller, Case, Ended, Incident, Instance, Member, Token},
    event::{Event, Kind},
    id::Id,
    text::Name,
};

pub(super) fn apply(case: &mut Case, event: &Event) -> Result<(), Corrupt> {
    match &event.kind {
        Kind::InstanceStarted { instance, workflow, version, item, caller, pinned } => {
            item_of(case, *item)?;
            take(case, *instance)?;
            belongs(case, caller.as_ref(), *instance)?;
            let started = Instance {
                id: *instance,
                workflow: workflow.clone(),
                version: version.clone(),
                item: *item,
                caller: caller.clone(),
                tokens: Vec::new(),
                next_token: 0,
                forms: BTreeMap::new(),
                doers: BTreeMap::new(),
                hands: BTreeMap::new(),
                begun_by: event.by.hands().collect(),
                result: None,
                kept: Vec::new(),
                undo: Vec::new(),
                pinned: pinned.clone(),
                migrated: None,
                ended: None,
                started_at: event.at,
            };
            case.instances.insert(*instance, started);
            Ok(())
        }
        Kind::InstanceEnded { instance, ended } => end(case, *instance, ended),
        Kind::OfferTaken { instance, .. } | Kind::SignerRemoved { instance, .. } => {
            instance_of(case, *instance).map(|_| ())
        }
        Kind::MessageKept { instance, message } => {
            instance_of(case, *instance)?.kept.push(message.clone());
            Ok(())
        }
        Kind::IncidentOpened { incident, instance, token, node, task, cause } => {
            token_of(case, *instance, *token)?;
            take(case, *incident)?;
            let opened = Incident {
                id: *incident,
                instance: *instance,
                token: *token,
                node: node.clone(),
                task: *task,
                cause: cause.clone(),
                opened_at: event.at,
            };
            case.incidents.insert(*incident, opened);
            Ok(())
        }
        Kind::IncidentClosed { incident, .. } => match case.incidents.remove(incident) {
            Some(_) => Ok(()),
            None => Err(corrupt(format!("there is no incident {incident}"))),
        },
        _ => Ok(()),
    }
}

/// A child for an element is that member's child.
fn belongs(case: &mut Case, caller: Option<&Caller>, child: Id) -> Result<(), Corrupt> {
    let Some(caller @ Caller { instance, token, member: Some(member), .. }) = caller else { return Ok(()) };
    let found = member_of(token_of(case, *instance, *token)?, caller, *member);
    found.ok_or_else(|| corrupt(format!("there is no member {member} at token {token}")))?.child = Some(child);
    Ok(())
}

fn end(case: &mut Case, id: Id, ended: &Ended) -> Result<(), Corrupt> {
    let found = instance_of(case, id)?;
    if found.ended.is_some() || found.tokens.iter().any(|token| !token.transit) {
        return Err(corrupt(format!("instance {id} can not end")));
    }
    found.tokens.clear();
    found.undo.clear();
    found.kept.clear();
    found.migrated = None;
    found.ended = Some(ended.clone());
    match (found.caller.clone(), ended) {
        (Some(caller), Ended::With(result)) => {
            vote(case, id, &caller, result);
            Ok(())
        }
        _ => Ok(()),
    }
}

/// The member that a child runs for, at the token or in a stage that it has left.
fn member_of<'t>(token: &'t mut Token, caller: &Caller, member: u32) -> Option<&'t mut Member> {
    let kept = token.kept.iter_mut().find(|kept| Some(&kept.node) == caller.stage.as_ref());
    let members = kept.map_or(&mut token.members, |kept| &mut kept.members);
    members.get_mut(usize::try_from(member).ok()?)
}

/// The result of a member's child is his vote; a caller that has gone on no longer counts it.
fn vote(case: &mut Case, child: Id, caller: &Caller, result: &Name) {
    let tokens = case.instances.get_mut(&caller.instance).map(|found| &mut found.tokens);
    let token = tokens.and_then(|tokens| tokens.iter_mut().find(|there| there.id == caller.token));
    let member = token.zip(caller.member).and_then(|(token, member)| member_of(token, caller, member));
    if let Some(member) = member.filter(|member| member.child == Some(child)) {
        member.vote = Some(result.clone());
    }
}
