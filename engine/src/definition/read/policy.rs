//! Reads access rules.

use std::collections::BTreeSet;

use super::{
    module,
    scope::{self, Scope},
    world::{Known, World},
};
use crate::{
    check::{not_in_sql_subset, unknown_kind, unknown_role},
    definition::policy::{Condition, Policy, Rule},
    diagnostic::Faults,
    expr::{self, Expr},
    text::Name,
    yaml::read::At,
};

/// What a rule can allow or deny.
const ACTIONS: [&str; 15] = [
    "read", "create", "enter", "reopen", "edit", "import", "export", "merge", "suspend", "instruct", "disclose",
    "act_for", "urge", "resolve", "migrate",
];

/// The role of everybody who is signed in.
const ANYONE: &str = "anyone";

/// The policy called `name` in `root`.
pub(crate) fn read(name: &Name, root: At<'_>, world: &World, faults: &mut Faults) -> Option<Policy> {
    let mut map = root.map(faults)?;
    map.take("policy");
    map.take("title").map(|at| at.words(faults));
    let declared = map.take("roles").map(|at| at.named(faults)).unwrap_or_default();
    let known = known_roles(world);
    let mut includes = Vec::new();
    for (role, at) in &declared {
        check_role(role, at.key_place(), known.as_ref(), faults);
        for (included, at) in at.names(faults) {
            check_role(&included, at.place(), known.as_ref(), faults);
            includes.push((role.clone(), included));
        }
    }
    let facts = scope::policy(world);
    let mut rules = Vec::new();
    for at in map.need("rules", faults).and_then(|at| at.list(faults)).unwrap_or_default() {
        rules.extend(rule(at, known.as_ref(), &facts, world, faults));
    }
    map.finish(faults);
    Some(Policy { name: name.clone(), includes, rules })
}

/// The roles that somebody can have: those of posts, and `anyone`; none where the organisation is not known.
fn known_roles(world: &World) -> Option<BTreeSet<Name>> {
    let organisation = match &world.organisation {
        Some(Known::Broken) => return None,
        Some(Known::Whole(organisation)) => Some(organisation),
        None => None,
    };
    let mut roles: BTreeSet<Name> =
        organisation.into_iter().flat_map(|found| &found.posts).flat_map(|post| post.roles.iter().cloned()).collect();
    roles.insert(Name::from(ANYONE));
    Some(roles)
}

fn check_role(role: &Name, place: crate::source::Place, roles: Option<&BTreeSet<Name>>, faults: &mut Faults) {
    if let Some(roles) = roles
        && !roles.contains(role)
    {
        faults.push(unknown_role::fault(place, role, roles.iter().map(Name::as_str)));
    }
}

/// A condition that the database can evaluate whatever the module.
fn condition(at: At<'_>, facts: &Scope, faults: &mut Faults) -> Option<Expr> {
    let found = module::subset(at, facts, faults)?;
    if let Some(call) = expr::counts_workdays(found.ast()) {
        faults.push(not_in_sql_subset::no_calendar(at.inside(call.span.clone())));
        return None;
    }
    Some(found)
}

fn rule(at: At<'_>, roles: Option<&BTreeSet<Name>>, facts: &Scope, world: &World, faults: &mut Faults) -> Option<Rule> {
    let actions = ACTIONS.map(|action| (action, action));
    let mut map = at.map(faults)?;
    let role = map.need_name("role", faults);
    let (may, may_not) = (map.take("may"), map.take("may_not"));
    let on = map.need_name("on", faults);
    let when = map.take("when").map(|at| condition(at, facts, faults));
    map.finish(faults);
    let (deny, actions_at) = match (may, may_not) {
        (Some(may), None) => (false, Some(may)),
        (None, Some(may_not)) => (true, Some(may_not)),
        (Some(_), Some(may_not)) => {
            faults.push(crate::check::wrong_type::exclusive(may_not.key_place(), "may", "may_not"));
            (true, None)
        }
        (None, None) => {
            faults.push(crate::check::missing_key::fault(at.place(), "may"));
            (false, None)
        }
    };
    let listed = actions_at.map(At::one_or_many).unwrap_or_default();
    let may = listed.into_iter().filter_map(|at| at.choice(&actions, faults)).map(Name::from).collect();
    if let Some((role, at)) = &role {
        check_role(role, at.place(), roles, faults);
    }
    if let Some((on, at)) = &on
        && *on != "any"
        && world.kinds_whole
        && !world.kinds.iter().any(|kind| kind.name == *on)
    {
        let known = world.kinds.iter().map(|kind| kind.name.as_str()).chain(["any"]);
        faults.push(unknown_kind::fault(at.place(), on, known));
    }
    let when = match when {
        None => None,
        Some(expr) => {
            let expr = expr?;
            Some(Condition { source: expr.source().to_owned(), expr })
        }
    };
    Some(Rule { role: role?.0, may, on: on?.0, when, deny })
}
