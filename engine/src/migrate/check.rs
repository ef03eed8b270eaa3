//! Whether an instance can be moved, and what becomes of it.

use super::{
    Place, Plan, Shown, Stranded, Why, forms,
    level::level,
    plan::{branches, renamed},
};
use crate::{
    case::{Branch, Caller, Case, Instance, Place as BranchPlace, Token},
    definition::{
        registry::{Bound, Registry},
        workflow::{Boundary, Node, NodeKind, Stage, Trigger},
    },
    expr::Expr,
    text::Name,
};

/// Branches, the outermost first: the fork, and the place.
type Loose = Vec<(Name, u16)>;

/// Both versions and the way between them.
#[derive(Clone, Copy)]
struct Between<'a> {
    plan: &'a Plan,
    from: &'a Bound,
    to: &'a Bound,
}

/// What becomes of a running instance by `plan`, which leads between these two versions.
///
/// # Errors
/// All that strands it.
pub fn check(
    case: &Case,
    instance: &Instance,
    plan: &Plan,
    (from, to): (&Bound, &Bound),
    registry: &Registry,
) -> Result<Shown, Vec<Stranded>> {
    let between = Between { plan, from, to };
    let mut stranded = Vec::new();
    let mut tokens = Vec::with_capacity(instance.tokens.len());
    let mut places = Vec::with_capacity(instance.tokens.len());
    for token in &instance.tokens {
        match between.moved(instance, token) {
            Ok(moved) => {
                let (from, to) = (token.node.clone(), moved.node.clone());
                let members = token.members.iter().filter(|member| !member.gone).count();
                places.push(Place { token: token.id, from, to, members });
                tokens.push(moved);
            }
            Err(why) => stranded.push(Stranded { token: token.id, node: token.node.clone(), why }),
        }
    }
    for child in case.instances.values().filter(|child| child.ended.is_none()) {
        let Some(caller) = child.caller.as_ref().filter(|caller| caller.instance == instance.id) else { continue };
        let Some(token) = instance.tokens.iter().find(|token| token.id == caller.token) else { continue };
        if between.loses(token, caller, child, registry) {
            let node = caller.stage.clone().unwrap_or_else(|| token.node.clone());
            stranded.push(Stranded { token: token.id, node, why: Why::ChildLost { child: child.id } });
        }
    }
    stranded.extend(unprovided(case, instance, to, registry));
    if !stranded.is_empty() {
        return Err(stranded);
    }
    let data = renamed_keys(&instance.forms, plan);
    let unfilled = forms::unfilled(to, &tokens, &data);
    Ok(Shown { instance: instance.id, places, unfilled, tokens })
}

/// The results of the new version that the call which waits for the instance has no way on for.
fn unprovided(case: &Case, instance: &Instance, to: &Bound, registry: &Registry) -> Vec<Stranded> {
    let waiting = || {
        let caller = instance.caller.as_ref().filter(|caller| caller.stage.is_none())?;
        let above = case.instances.get(&caller.instance)?;
        let token = above.tokens.iter().find(|token| token.id == caller.token)?;
        match &registry.versions.get(&above.version)?.workflow.nodes.get(&token.node)?.kind {
            NodeKind::Call(call) => Some((above.id, call)),
            _ => None,
        }
    };
    let (Some((caller, call)), Some(token)) = (waiting(), instance.tokens.first()) else { return Vec::new() };
    let lacks = |result: &Name| call.results.iter().all(|known| known.result != *result);
    let lacking = results(to).into_iter().filter(lacks);
    lacking
        .map(|result| Stranded { token: token.id, node: token.node.clone(), why: Why::NoWayOn { result, caller } })
        .collect()
}

/// What is kept by node, under the nodes' new names; a name that is taken by its own node stays that node's.
pub(crate) fn renamed_keys<T: Clone>(
    all: &std::collections::BTreeMap<Name, T>,
    plan: &Plan,
) -> std::collections::BTreeMap<Name, T> {
    crate::apply::renamed(all, &plan.renamed())
}

impl Between<'_> {
    fn node(&self, name: &Name) -> Option<&Node> {
        self.to.workflow.nodes.get(name)
    }

    /// The token by the new version.
    fn moved(&self, instance: &Instance, token: &Token) -> Result<Token, Why> {
        let target = match self.plan.target(&token.node) {
            Some(target) => target,
            None if renamed(self.plan, &token.node).is_some() => return Err(Why::OtherKind),
            None => return Err(Why::Gone),
        };
        let node = self.node(&target).ok_or(Why::Gone)?;
        let (place, loose) = self.stands(instance, token, &target)?;
        let straight = token.straight.as_ref().map(|back| self.task(back)).transpose()?;
        let votes = token.members.iter().filter_map(|member| member.vote.as_ref());
        if let Some(outcome) = votes.into_iter().find(|vote| !has_vote(node, vote)) {
            return Err(Why::VoteGone { outcome: outcome.clone() });
        }
        let mut moved = Token { node: target, place, loose, straight, causes: Vec::new(), ..token.clone() };
        moved.branches = self.opened(token, node)?;
        moved.trail = token.trail.iter().filter_map(|passed| self.task(passed).ok()).collect();
        moved.kept = Vec::new();
        for kept in &token.kept {
            // One that is gone has no child running, or the instance is stranded for that.
            if let Some(node) = self.plan.target(&kept.node) {
                moved.kept.push(crate::case::KeptStage { node, ..kept.clone() });
            }
        }
        Ok(moved)
    }

    /// A task of the old version, by its new name.
    fn task(&self, name: &Name) -> Result<Name, Why> {
        let target = self.plan.target(name);
        let task = target.filter(|target| self.node(target).is_some_and(|node| matches!(node.kind, NodeKind::Task(_))));
        task.ok_or_else(|| Why::WayBackGone { node: name.clone() })
    }

    /// The place of a branch by the new version.
    fn place_of(&self, fork: &Name, place: u16) -> Option<u16> {
        let old = branches(&self.from.workflow.nodes.get(fork)?.kind);
        let new = branches(&self.node(&self.plan.target(fork)?)?.kind);
        let first = old.get(usize::from(place))?;
        // Of branches that begin with the same node, each is the one that comes as often before it.
        let before = old.iter().take(usize::from(place)).filter(|other| *other == first).count();
        let target = renamed(self.plan, first)?;
        let mut same = (0..).zip(&new).filter(|(_, other)| **other == target);
        same.nth(before).map(|(place, _)| place)
    }

    fn opened(&self, token: &Token, node: &Node) -> Result<Vec<Branch>, Why> {
        let old = self.from.workflow.nodes.get(&token.node).map(|node| branches(&node.kind)).unwrap_or_default();
        let mut opened: Vec<Branch> = Vec::with_capacity(token.branches.len());
        for branch in &token.branches {
            let place = self.place_of(&token.node, branch.branch);
            let place = place.filter(|place| opened.iter().all(|other| other.branch != *place));
            let first = || old.get(usize::from(branch.branch)).cloned().unwrap_or_else(|| node.name.clone());
            let place = place.ok_or_else(|| Why::BranchGone { first: first() })?;
            opened.push(Branch { branch: place, state: branch.state });
        }
        Ok(opened)
    }

    /// The branches in which the token is by the new version, where a token of that version can stand at `target` in them: the
    /// one that its join waits for, and those that it is in although none does.
    fn stands(&self, instance: &Instance, token: &Token, target: &Name) -> Result<(Option<BranchPlace>, Loose), Why> {
        let mut own = None;
        let mut all = Vec::new();
        let mut at = token;
        while let Some(place) = at.place {
            let above = instance.tokens.iter().find(|there| there.id == place.of).ok_or(Why::Elsewhere)?;
            let (fork, branch) = self.branch(&above.node, place.branch)?;
            own = own.or(Some(BranchPlace { of: place.of, branch }));
            all.push((fork, branch));
            at = above;
        }
        // The outermost of them may be one that its own join did not wait for.
        let loose = at.loose.iter().map(|(fork, branch)| self.branch(fork, *branch)).collect::<Result<Loose, _>>()?;
        all.extend(loose.iter().rev().cloned());
        all.reverse();
        if !level(&self.to.workflow, &all).contains(target) || !self.nested(&all) {
            return Err(Why::Elsewhere);
        }
        Ok((own, if token.place.is_none() { loose } else { Vec::new() }))
    }

    /// A branch of the old version, by the fork's new name and its place there.
    fn branch(&self, fork: &Name, branch: u16) -> Result<(Name, u16), Why> {
        let place = self.place_of(fork, branch).ok_or(Why::Elsewhere)?;
        Ok((self.plan.target(fork).ok_or(Why::Elsewhere)?, place))
    }

    /// Whether the forks lie in each other as these say.
    fn nested(&self, stack: &[(Name, u16)]) -> bool {
        stack
            .iter()
            .enumerate()
            .all(|(depth, (fork, _))| level(&self.to.workflow, stack.get(..depth).unwrap_or_default()).contains(fork))
    }

    /// Whether a running child could not go on below what its caller's node becomes.
    fn loses(&self, token: &Token, caller: &Caller, child: &Instance, registry: &Registry) -> bool {
        let at = caller.stage.as_ref().unwrap_or(&token.node);
        let Some(node) = self.plan.target(at).and_then(|target| self.node(&target)) else {
            // That the token's own node is gone is told already.
            return *at != token.node;
        };
        match &node.kind {
            NodeKind::Call(call) => {
                let results = registry.versions.get(&child.version).map(|bound| results(bound)).unwrap_or_default();
                call.workflow != child.workflow
                    || results.iter().any(|result| call.results.iter().all(|known| known.result != *result))
            }
            NodeKind::Stage(stage) => !has_child(stage, caller, &child.workflow),
            _ => true,
        }
    }
}

fn has_child(stage: &Stage, caller: &Caller, workflow: &Name) -> bool {
    let expected = match (&caller.offer, caller.member) {
        (Some(offer), _) => {
            let offer = stage.offers.iter().find(|known| known.name == *offer);
            offer.and_then(|offer| offer.call.as_ref()).map(|call| &call.workflow)
        }
        (None, Some(_)) => stage.each.as_ref().map(|each| &each.call),
        (None, None) => stage.every.as_ref().map(|every| &every.call),
    };
    expected == Some(workflow)
}

/// The results with which a workflow can end.
fn results(bound: &Bound) -> Vec<Name> {
    let ends = bound.workflow.nodes.values().filter_map(|node| match &node.kind {
        NodeKind::End(end) if !matches!(end.how, crate::definition::workflow::Ending::Error) => {
            Some(end.result.clone())
        }
        _ => None,
    });
    ends.collect()
}

fn has_vote(node: &Node, vote: &Name) -> bool {
    match &node.kind {
        NodeKind::Task(task) => task.outcomes.iter().any(|outcome| outcome.name == *vote),
        NodeKind::Call(call) => call.results.iter().any(|result| result.result == *vote),
        _ => true,
    }
}

/// Whether two boundary events happen at the same times.
pub(crate) fn same_event(one: &Boundary, other: &Boundary) -> bool {
    let repeat = match (&one.repeat, &other.repeat) {
        (None, None) => true,
        (Some(one), Some(other)) => one.every == other.every && one.times == other.times && one.missed == other.missed,
        _ => false,
    };
    repeat && same_trigger(&one.trigger, &other.trigger)
}

/// Whether two triggers wait for the same.
pub(crate) fn same_trigger(one: &Trigger, other: &Trigger) -> bool {
    let key = |key: &Option<Expr>| key.as_ref().map(|key| key.source().to_owned());
    match (one, other) {
        (Trigger::After(one), Trigger::After(other)) => one == other,
        (Trigger::At(one), Trigger::At(other)) => one.source() == other.source(),
        (Trigger::Changed(one), Trigger::Changed(other)) => {
            one.iter().map(Expr::source).eq(other.iter().map(Expr::source))
        }
        (Trigger::Message(one), Trigger::Message(other)) => one.name == other.name && key(&one.key) == key(&other.key),
        (Trigger::Error(one), Trigger::Error(other)) => one == other,
        _ => false,
    }
}
