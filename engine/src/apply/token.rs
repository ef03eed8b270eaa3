//! Tokens: where they stand, which branches they opened, where they can return to, who their members are.

use serde_json::{Map, Value as Json};

use super::{Corrupt, corrupt, instance_of, take, token_of, undo};
use crate::{
    case::{Branch, BranchState, Case, Instance, Kept, KeptStage, Place, TaskState, Token},
    event::Kind,
    id::Id,
    text::Name,
};

pub(super) fn apply(case: &mut Case, kind: &Kind) -> Result<(), Corrupt> {
    match kind {
        Kind::NodeEntered { instance, token, node, place } => enter(case, (*instance, *token), node, *place),
        Kind::NodeLeft { instance, token, node } => leave(case, (*instance, *token), node),
        Kind::ChildBegun { instance, token, at } => {
            token_of(case, *instance, *token)?.begun_for = Some(*at);
            Ok(())
        }
        Kind::StageKept { instance, token } => {
            let token = token_of(case, *instance, *token)?;
            let members = std::mem::take(&mut token.members);
            token.kept.push(KeptStage { node: token.node.clone(), begun_for: token.begun_for, members });
            Ok(())
        }
        Kind::WorkBegun { instance, token } => {
            let token = token_of(case, *instance, *token)?;
            token.begun = true;
            token.held = None;
            Ok(())
        }
        Kind::Held { instance, token } => {
            let last = instance_of(case, *instance)?.tokens.iter().filter_map(|there| there.held).max();
            token_of(case, *instance, *token)?.held = Some(last.map_or(0, |last| last.saturating_add(1)));
            Ok(())
        }
        Kind::Split { instance, token, branches } => {
            let open = |branch: &u16| Branch { branch: *branch, state: BranchState::Open };
            token_of(case, *instance, *token)?.branches = branches.iter().map(open).collect();
            Ok(())
        }
        Kind::BranchArrived { instance, token } => arrive(case, *instance, *token),
        Kind::BranchesLoosed { instance, token } => {
            loosen(instance_of(case, *instance)?, *token);
            Ok(())
        }
        Kind::TokenEnded { instance, token, result } => end(case, *instance, *token, result.as_ref()),
        Kind::Returned { instance, token, from, to, straight } => {
            go_back(case, (*instance, *token), (from, to), *straight)
        }
        Kind::Members { instance, token, members } => {
            token_of(case, *instance, *token)?.members.clone_from(members);
            for (place, member) in (0..).zip(members) {
                let task = member.task.and_then(|task| case.tasks.get_mut(&task));
                if let Some(task) = task.filter(|task| task.state == TaskState::Open) {
                    task.member = Some(place);
                }
            }
            Ok(())
        }
        Kind::TaskSkipped { instance, token, node, person, .. } => {
            pass(token_of(case, *instance, *token)?, node);
            let instance = instance_of(case, *instance)?;
            instance.doers.insert(node.clone(), *person);
            instance.hands.entry(node.clone()).or_default().insert(*person);
            Ok(())
        }
        Kind::MessageHeard { instance, token, message, kept, form } => {
            hear(case, (*instance, *token), message, *kept, *form)
        }
        Kind::Asked { asked, instance, token, causes } => {
            take(case, *asked)?;
            token_of(case, *instance, *token)?.asked = Some(*asked);
            undo::outside(case, causes);
            Ok(())
        }
        Kind::Answered { asked, instance, token, data } => answer(case, *asked, (*instance, *token), data.as_ref()),
        _ => Ok(()),
    }
}

/// A token on its way back forgets what came after the node to which it goes.
fn go_back(
    case: &mut Case,
    (instance, token): (Id, u32),
    (from, to): (&Name, &Name),
    straight: bool,
) -> Result<(), Corrupt> {
    let above = passed_above(instance_of(case, instance)?, token, to);
    let token = token_of(case, instance, token)?;
    match token.trail.iter().position(|passed| passed == to) {
        // Who comes straight back has forgotten nothing.
        _ if straight => {}
        Some(place) => token.trail.truncate(place),
        // Everything on this branch came after it.
        None if above => token.trail.clear(),
        None => {}
    }
    token.straight = straight.then(|| from.clone());
    Ok(())
}

/// Whether a task was passed before the branches opened that a token is in.
fn passed_above(found: &Instance, token: u32, node: &Name) -> bool {
    let by_id = |id: u32| found.tokens.iter().find(|there| there.id == id);
    let mut at = by_id(token).and_then(|there| there.place);
    while let Some(above) = at.and_then(|place| by_id(place.of)) {
        if above.trail.contains(node) {
            return true;
        }
        at = above.place;
    }
    false
}

/// The branches of a token belong to it no longer; where they lie in the definition, they keep.
fn loosen(found: &mut Instance, token: u32) {
    let mut around: Vec<(Name, u16)> = Vec::new();
    let mut at = found.tokens.iter().find(|there| there.id == token);
    let Some(fork) = at.map(|there| there.node.clone()) else { return };
    while let Some(there) = at {
        around.splice(0..0, there.loose.iter().cloned());
        let above = there.place.and_then(|place| found.tokens.iter().find(|above| above.id == place.of));
        if let (Some(place), Some(above)) = (there.place, above) {
            around.insert(0, (above.node.clone(), place.branch));
        }
        at = above;
    }
    for branch in &mut found.tokens {
        if let Some(place) = branch.place.filter(|place| place.of == token) {
            branch.place = None;
            branch.loose = around.iter().cloned().chain([(fork.clone(), place.branch)]).collect();
        }
    }
}

fn enter(case: &mut Case, (instance, token): (Id, u32), node: &Name, place: Option<Place>) -> Result<(), Corrupt> {
    let found = instance_of(case, instance)?;
    let unfit = || corrupt(format!("token {token} of instance {instance} can not enter `{node}`"));
    if found.ended.is_some() {
        return Err(unfit());
    }
    if let Some(there) = found.tokens.iter_mut().find(|there| there.id == token) {
        if !there.transit {
            return Err(unfit());
        }
        there.node = node.clone();
        there.transit = false;
        // A stage that was left with its children running goes on where it stood.
        let kept = there.kept.iter().position(|kept| kept.node == *node).map(|place| there.kept.remove(place));
        (there.begun_for, there.members) = kept.map_or((None, Vec::new()), |kept| (kept.begun_for, kept.members));
        there.branches = Vec::new();
        there.asked = None;
        there.task = None;
        there.begun = false;
        there.held = None;
        there.straight = there.straight.take().filter(|back| back != node);
        return Ok(());
    }
    let causes = match place {
        None => Vec::new(),
        Some(Place { of, branch }) => {
            let above = found.tokens.iter_mut().find(|there| there.id == of).ok_or_else(unfit)?;
            // A branch that is over may be opened again.
            match above.branches.iter_mut().find(|there| there.branch == branch) {
                Some(there) => there.state = BranchState::Open,
                None => above.branches.push(Branch { branch, state: BranchState::Open }),
            }
            above.causes.clone()
        }
    };
    found.next_token = found.next_token.max(token.saturating_add(1));
    found.tokens.push(Token {
        id: token,
        node: node.clone(),
        transit: false,
        begun_for: None,
        place,
        loose: Vec::new(),
        branches: Vec::new(),
        trail: Vec::new(),
        straight: None,
        members: Vec::new(),
        kept: Vec::new(),
        asked: None,
        task: None,
        held: None,
        begun: false,
        causes,
    });
    Ok(())
}

fn leave(case: &mut Case, (instance, token): (Id, u32), node: &Name) -> Result<(), Corrupt> {
    let found = token_of(case, instance, token)?;
    if found.transit || found.node != *node {
        return Err(corrupt(format!("token {token} of {instance} is not at `{node}`")));
    }
    found.transit = true;
    found.held = None;
    let causes = found.causes.clone();
    if !causes.is_empty() {
        undo::waits(instance_of(case, instance)?, &causes, false);
    }
    Ok(())
}

/// Takes a token out, and tells the token that opened its branch what has become of it.
fn remove(found: &mut Instance, token: u32, becomes: BranchState) -> Result<Token, Corrupt> {
    let place = found.tokens.iter().position(|there| there.id == token);
    let place = place.ok_or_else(|| corrupt(format!("instance {} has no token {token}", found.id)))?;
    let gone = found.tokens.remove(place);
    if let Some(Place { of, branch }) = gone.place
        && let Some(above) = found.tokens.iter_mut().find(|there| there.id == of)
        && let Some(branch) = above.branches.iter_mut().find(|there| there.branch == branch)
    {
        branch.state = becomes;
    }
    Ok(gone)
}

fn arrive(case: &mut Case, instance: Id, token: u32) -> Result<(), Corrupt> {
    let found = instance_of(case, instance)?;
    let gone = remove(found, token, BranchState::Arrived)?;
    let above = gone.place.and_then(|place| found.tokens.iter_mut().find(|there| there.id == place.of));
    if let Some(above) = above {
        for node in &gone.trail {
            if !above.trail.contains(node) {
                above.trail.push(node.clone());
            }
        }
        led(above, &gone.causes);
    }
    undo::waits(found, &gone.causes, true);
    Ok(())
}

/// What led to a branch has led to the path that opened it, once the branch is over.
fn led(above: &mut Token, causes: &[Id]) {
    for cause in causes {
        if !above.causes.contains(cause) {
            above.causes.push(*cause);
        }
    }
}

fn end(case: &mut Case, instance: Id, token: u32, result: Option<&Name>) -> Result<(), Corrupt> {
    let found = instance_of(case, instance)?;
    let gone = remove(found, token, BranchState::Ended)?;
    if let Some(result) = result {
        found.result = Some(result.clone());
        if let Some(above) = gone.place.and_then(|place| found.tokens.iter_mut().find(|there| there.id == place.of)) {
            led(above, &gone.causes);
            undo::waits(found, &gone.causes, true);
        }
    }
    Ok(())
}

/// Notes that a task was passed. One that is passed again forgets what came after it, unless the path goes straight back.
pub(super) fn pass(token: &mut Token, node: &Name) {
    match token.trail.iter().position(|passed| passed == node) {
        Some(place) if token.straight.is_none() => token.trail.truncate(place + 1),
        Some(_) => {}
        None => token.trail.push(node.clone()),
    }
}

fn hear(case: &mut Case, at: (Id, u32), message: &Kept, kept: bool, form: bool) -> Result<(), Corrupt> {
    let node = token_of(case, at.0, at.1)?.node.clone();
    let found = instance_of(case, at.0)?;
    if kept {
        let same = |there: &Kept| there.name == message.name && there.key == message.key;
        let place = found.kept.iter().position(same);
        found.kept.remove(place.ok_or_else(|| corrupt(format!("no message `{}` is kept", message.name)))?);
    }
    if form {
        found.forms.insert(node, message.data.clone().into());
    }
    // What it led to is not followed: what it came from can not be taken back any more.
    undo::outside(case, &message.causes);
    Ok(())
}

fn answer(case: &mut Case, asked: Id, at: (Id, u32), data: Option<&Map<String, Json>>) -> Result<(), Corrupt> {
    let token = token_of(case, at.0, at.1)?;
    if token.asked != Some(asked) {
        return Err(corrupt(format!("token {} does not wait for {asked}", token.id)));
    }
    token.asked = None;
    let node = token.node.clone();
    if let Some(data) = data {
        instance_of(case, at.0)?.forms.insert(node, data.clone().into());
    }
    Ok(())
}
