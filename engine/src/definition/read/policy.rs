//! Reads access rules.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    module,
    scope::{self, Scope},
    world::{Found, KindFacts, Known, World},
};
use crate::{
    check::{
        duplicate_rule, fields_of_no_reading, not_in_sql_subset, role_includes_itself, unknown_field, unknown_kind,
        unknown_role,
    },
    definition::{
        form::{Form, WellKnown},
        policy::{self, Condition, Policy, Rule},
    },
    diagnostic::Faults,
    expr::{self, Expr},
    source::Place,
    text::Name,
    yaml::read::At,
};

/// What a rule can allow or deny.
const ACTIONS: [&str; 14] = [
    "read", "create", "enter", "reopen", "edit", "import", "export", "merge", "suspend", "instruct", "disclose",
    "act_for", "urge", "resolve",
];

/// The role of everybody who is signed in.
const ANYONE: &str = "anyone";

/// The actions that show something of an item: only their rules may name fields.
const SHOWING: [&str; 2] = ["read", "export"];

/// The longest list of fields of a rule.
const MOST_FIELDS: usize = 100;

/// A policy with where its rules and inclusions stand, for the checks over all policies.
pub(crate) struct Placed {
    /// The policy.
    pub(crate) policy: Policy,
    /// Of each rule.
    rules: Vec<Place>,
    /// Of each inclusion.
    includes: Vec<Place>,
}

/// The policy called `name` in `root`.
pub(crate) fn read(name: &Name, root: At<'_>, world: &World, faults: &mut Faults) -> Option<Placed> {
    let mut map = root.map(faults)?;
    map.take("policy");
    map.take("title").map(|at| at.words(faults));
    let declared = map.take("roles").map(|at| at.named(faults)).unwrap_or_default();
    let known = known_roles(world);
    let (mut includes, mut include_places) = (Vec::new(), Vec::new());
    for (role, at) in &declared {
        check_role(role, at.key_place(), known.as_ref(), faults);
        for (included, at) in at.names(faults) {
            check_role(&included, at.place(), known.as_ref(), faults);
            includes.push((role.clone(), included));
            include_places.push(at.place());
        }
    }
    let facts = scope::policy(world);
    let (mut rules, mut rule_places) = (Vec::new(), Vec::new());
    for at in map.need("rules", faults).and_then(|at| at.list(faults)).unwrap_or_default() {
        if let Some(found) = rule(at, known.as_ref(), &facts, world, faults) {
            rules.push(found);
            rule_places.push(at.shown());
        }
    }
    map.finish(faults);
    let policy = Policy { name: name.clone(), includes, rules };
    Some(Placed { policy, rules: rule_places, includes: include_places })
}

/// What only shows when all policies are there: the same rule twice, and roles that include themselves.
pub(crate) fn together(all: &[Placed], faults: &mut Faults) {
    let mut seen: BTreeMap<String, &Place> = BTreeMap::new();
    for (rule, place) in all.iter().flat_map(|one| one.policy.rules.iter().zip(&one.rules)) {
        for may in &rule.may {
            let when = rule.when.as_ref().map(|when| when.source.as_str());
            let key = format!("{:?}", (&rule.role, may, &rule.on, when, &rule.fields, rule.deny));
            match seen.get(&key) {
                Some(first) => faults.push(duplicate_rule::fault(place.clone(), may, (*first).clone())),
                None => drop(seen.insert(key, place)),
            }
        }
    }
    let includes = || all.iter().flat_map(|one| one.policy.includes.iter().zip(&one.includes));
    for ((role, included), place) in includes() {
        if let Some(way) = way(included, role, &includes().map(|(pair, _)| pair).collect::<Vec<_>>()) {
            faults.push(role_includes_itself::fault(place.clone(), role, &way));
        }
    }
}

/// The roles from `from` to `to`, each including the next.
fn way(from: &Name, to: &Name, includes: &[&(Name, Name)]) -> Option<Vec<Name>> {
    let mut open = vec![vec![from.clone()]];
    let mut seen = BTreeSet::from([from.clone()]);
    while let Some(way) = open.pop() {
        let last = way.last()?;
        if last == to {
            return Some(way);
        }
        for (_, next) in includes.iter().filter(|(role, _)| role == last) {
            if seen.insert(next.clone()) {
                open.push(way.iter().cloned().chain([next.clone()]).collect());
            }
        }
    }
    None
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
    let fields_at = map.take("fields");
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
    let may: Vec<Name> = listed.into_iter().filter_map(|at| at.choice(&actions, faults)).map(Name::from).collect();
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
    let fields = fields_at.map(|at| {
        if let Some(action) = may.iter().find(|action| !SHOWING.contains(&action.as_str())) {
            faults.push(fields_of_no_reading::fault(at.key_place(), action));
        }
        fields(at, on.as_ref().map(|(on, _)| on), world, faults)
    });
    let when = match when {
        None => None,
        Some(expr) => {
            let expr = expr?;
            Some(Condition { source: expr.source().to_owned(), expr })
        }
    };
    Some(Rule { role: role?.0, may, on: on?.0, when, fields, deny })
}

/// The fields of a rule about the kind `on`, which must be some of the kind's, of the forms filled in at its workflows, roles of
/// fields, or attributes of the platform.
fn fields(at: At<'_>, on: Option<&Name>, world: &World, faults: &mut Faults) -> BTreeSet<Name> {
    let known = on.and_then(|on| known_fields(on, world));
    let mut fields = BTreeSet::new();
    for (name, at) in at.names(faults).into_iter().take(MOST_FIELDS) {
        if let Some(known) = &known
            && !known.contains(name.as_str())
        {
            let of = ("规则所涉种类", "what the rule is about");
            faults.push(unknown_field::fault(at.place(), &name, of, known.iter().copied()));
        }
        fields.insert(name);
    }
    fields
}

/// What may be named; none where that can not be told because a form is broken.
fn known_fields<'a>(on: &Name, world: &'a World) -> Option<BTreeSet<&'a str>> {
    if !world.kinds_whole {
        return None;
    }
    let mut known: BTreeSet<&str> = WellKnown::ALL.map(WellKnown::name).into_iter().chain(policy::ATTRIBUTES).collect();
    for kind in world.kinds.iter().filter(|kind| *on == "any" || kind.name == *on) {
        for form in forms_of(kind, world) {
            match form {
                Found::Whole(form) => known.extend(form.fields.iter().map(|field| field.name.as_str())),
                Found::Broken => return None,
                Found::Missing => {}
            }
        }
    }
    Some(known)
}

/// The form of a kind, and those that are filled in at the workflows that its items run.
fn forms_of<'a>(kind: &KindFacts, world: &'a World) -> Vec<Found<&'a std::sync::Arc<Form>>> {
    let mut forms = vec![world.form_of(kind)];
    forms.extend(kind.entry_forms.iter().map(|form| world.form(form)));
    let running = world.workflows.iter().filter(|(name, _)| world.runners(name).contains(&kind));
    forms.extend(running.flat_map(|(_, outline)| &outline.forms).map(|form| world.form(form)));
    forms
}
