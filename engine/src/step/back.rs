//! Returns 退回: a path goes back to an earlier node, also out of branches and into them.

use super::run::{Run, Work};
use crate::{
    case::Place,
    definition::workflow::{Goto, Node},
    event::Kind,
    id::Id,
    rejection::Rejection,
    text::Name,
};

impl Run<'_> {
    /// The node that an outcome leads to; none where it leads back and there is nothing to go back to.
    pub(super) fn target(&self, instance: Id, token: u32, from: &Name, to: &Goto) -> Option<Name> {
        match to {
            Goto::Node(node) => Some(node.clone()),
            Goto::Previous => self.earlier(instance, token, from).pop(),
            Goto::Starter => self.earlier(instance, token, from).into_iter().next(),
        }
    }

    /// The tasks on the path of a token that came before `node`, the first one first.
    pub(super) fn earlier(&self, instance: Id, token: u32, node: &Name) -> Vec<Name> {
        self.trail(instance, token).into_iter().take_while(|passed| passed != node).collect()
    }

    /// The tasks that were completed on the path of a token, before its branch opened too; each once, the first one first.
    pub(super) fn trail(&self, instance: Id, token: u32) -> Vec<Name> {
        let mut tokens = Vec::new();
        let mut at = Some(token);
        while let Some(token) = at.and_then(|token| self.token(instance, token).ok()) {
            tokens.push(token);
            at = token.place.map(|place| place.of);
        }
        let mut trail: Vec<Name> = Vec::new();
        for passed in tokens.iter().rev().flat_map(|token| &token.trail) {
            if !trail.contains(passed) {
                trail.push(passed.clone());
            }
        }
        trail
    }

    /// A token goes back. Straight: it alone, and it comes back afterwards. Otherwise what it leaves behind closes: going back
    /// out of branches closes all of them, going back into a branch opens that one alone.
    pub(super) fn go_back(
        &mut self,
        instance: Id,
        token: u32,
        from: &Node,
        to: &Name,
        straight: bool,
    ) -> Result<(), Rejection> {
        self.back.insert((instance, to.clone()));
        if straight {
            let (from_name, to) = (from.name.clone(), to.clone());
            self.emit(Kind::Returned { instance, token, from: from_name, to: to.clone(), straight })?;
            return self.go(instance, token, from, &to);
        }
        let found = self.instance(instance)?;
        let region = self.bound(found)?.workflow.regions.get(to).cloned().unwrap_or_default();
        let stack = self.stack(instance, token)?;
        // A branch that its join has not waited for stays in its branches, as the definition has them.
        let outermost = self.token(instance, stack.first().map_or(token, |(_, place)| place.of))?;
        let outside = outermost.loose.iter().zip(&region).take_while(|(a, b)| a == b).count();
        let region = region.get(outside..).unwrap_or_default();
        let shared =
            stack.iter().zip(region).take_while(|((fork, place), into)| *fork == into.0 && place.branch == into.1);
        let shared = shared.count();
        let moving = stack.get(shared).map_or(token, |(_, place)| place.of);
        let standing = self.token(instance, moving)?.node.clone();
        let (from, to) = (from.name.clone(), to.clone());
        self.emit(Kind::Returned { instance, token: moving, from, to: to.clone(), straight })?;
        self.leave(instance, moving, &standing)?;
        self.open_region(instance, moving, region.get(shared..).unwrap_or_default(), &to)
    }

    /// A token that has left its node goes to `to`, which lies inside these branches.
    pub(super) fn open_region(
        &mut self,
        instance: Id,
        token: u32,
        region: &[(Name, u16)],
        to: &Name,
    ) -> Result<(), Rejection> {
        let (token, place) = self.open_forks(instance, token, None, region)?;
        match place {
            Some(place) => self.work.push_back(Work::Branch { instance, place, node: to.clone() }),
            None => self.work.push_back(Work::Enter { instance, token, node: to.clone() }),
        }
        Ok(())
    }

    /// A token goes to the innermost of these branches, whose forks each open that one branch; the token that stands there
    /// then, and its place.
    pub(super) fn open_forks(
        &mut self,
        instance: Id,
        token: u32,
        place: Option<Place>,
        region: &[(Name, u16)],
    ) -> Result<(u32, Option<Place>), Rejection> {
        let (mut token, mut place) = (token, place);
        for (fork, branch) in region {
            self.emit(Kind::NodeEntered { instance, token, node: fork.clone(), place })?;
            self.emit(Kind::Split { instance, token, branches: vec![*branch] })?;
            place = Some(Place { of: token, branch: *branch });
            token = self.instance(instance)?.next_token;
        }
        Ok((token, place))
    }

    /// The branches that a token is in, the outermost first: the fork, and the place.
    pub(super) fn stack(&self, instance: Id, token: u32) -> Result<Vec<(Name, Place)>, Rejection> {
        let mut stack = Vec::new();
        let mut at = self.token(instance, token)?.place;
        while let Some(place) = at {
            let above = self.token(instance, place.of)?;
            stack.push((above.node.clone(), place));
            at = above.place;
        }
        stack.reverse();
        Ok(stack)
    }
}
