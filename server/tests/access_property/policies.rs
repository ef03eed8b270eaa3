//! Random policies, published as the server publishes them: as Casbin rows.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use docket_engine::{
    definition::{
        policy::{Condition, Policy, Rule},
        registry::Registry,
    },
    text::Name,
};
use docket_server::{
    access::Rules,
    app::definitions::{Published, casbin_rows},
    db::entity::casbin_rule,
    effects::templates::Templates,
};
use proptest::{option, prelude::*, sample::select};

use super::{compiled, expressions::conditions, items::NAME};

/// The fields that rules name and the test asks about: by role, and attributes of the platform.
pub(crate) const FIELDS: [&str; 6] = ["title", "lead_unit", "leader", "category", "next_due", "stage"];

/// A rule as drawn: role, kind, condition, fields, deny.
pub(crate) type Drawn = (&'static str, &'static str, Option<String>, Option<Vec<&'static str>>, bool);

/// A few rules; with them, whether the role `Z` includes another.
pub(crate) fn policies() -> impl Strategy<Value = (Vec<Drawn>, bool)> {
    let fields = option::weighted(0.5, proptest::sample::subsequence(FIELDS.to_vec(), 1..4));
    let rule = (
        select(vec!["anyone", "anyone", "Z", "重点", "nobody"]),
        select(vec!["any", NAME, "others"]),
        option::weighted(0.85, conditions()),
        fields,
        proptest::bool::weighted(0.3),
    );
    (proptest::collection::vec(rule, 1..6), any::<bool>())
}

/// The rules as Casbin selects them.
pub(crate) async fn rules((drawn, includes): &(Vec<Drawn>, bool), registry: &Registry) -> Rules {
    let rule = |(role, on, when, fields, deny): &Drawn| Rule {
        role: (*role).into(),
        may: vec!["read".into()],
        on: (*on).into(),
        when: when.as_ref().map(|source| Condition { source: source.clone(), expr: compiled(source) }),
        fields: fields.as_ref().map(|names| names.iter().copied().map(Name::from).collect::<BTreeSet<_>>()),
        deny: *deny,
    };
    let includes = if *includes { vec![("Z".into(), "nobody".into())] } else { vec![] };
    let policy = Policy { name: "p".into(), includes, rules: drawn.iter().map(rule).collect() };
    let rows = casbin_rows([&policy].into_iter()).into_iter().zip(1..).map(|((ptype, columns), id)| {
        let [v0, v1, v2, v3, v4, v5] = columns;
        casbin_rule::Model { id, ptype: ptype.to_owned(), v0, v1, v2, v3, v4, v5 }
    });
    let rows = rows.collect();
    let registry = Registry { policies: BTreeMap::from([("p".into(), Arc::new(policy))]), ..registry.clone() };
    let published =
        Published { generation: 0, registry: Arc::new(registry), rules: rows, templates: Templates::default() };
    Rules::read(&published).await.unwrap()
}
