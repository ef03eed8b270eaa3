//! Published policies as Casbin rows.

use std::collections::BTreeSet;

use docket_engine::{
    definition::{policy::Policy, registry::Registry},
    text::Name,
};
use sea_orm::{
    ActiveValue::{NotSet, Set},
    ConnectionTrait, DbErr, EntityTrait,
};

use crate::{
    access::rules::{ALL_FIELDS, BETWEEN_FIELDS},
    db::entity::casbin_rule,
};

/// The rows of `policies`, each with its type and the columns `v0` to `v5`: `p, role, resource, action, condition, fields, effect` and `g, role, included`.
#[must_use]
pub fn rows<'a>(policies: impl Iterator<Item = &'a Policy>) -> Vec<(&'static str, [String; 6])> {
    let mut rows = Vec::new();
    for policy in policies {
        let none = String::new;
        let includes = policy.includes.iter();
        rows.extend(
            includes.map(|(role, included)| {
                ("g", [role.to_string(), included.to_string(), none(), none(), none(), none()])
            }),
        );
        for rule in &policy.rules {
            let effect = if rule.deny { "deny" } else { "allow" };
            let condition = rule.when.as_ref().map_or("", |condition| condition.source.as_str());
            let fields = fields_column(rule.fields.as_ref());
            rows.extend(rule.may.iter().map(|may| {
                let texts = [rule.role.as_str(), rule.on.as_str(), may.as_str(), condition, &fields, effect];
                ("p", texts.map(str::to_owned))
            }));
        }
    }
    rows
}

fn fields_column(fields: Option<&BTreeSet<Name>>) -> String {
    let joined =
        |fields: &BTreeSet<Name>| fields.iter().map(Name::as_str).collect::<Vec<_>>().join(&BETWEEN_FIELDS.to_string());
    fields.map_or_else(|| ALL_FIELDS.to_owned(), joined)
}

/// The policies as Casbin rows, in the place of those before.
pub(super) async fn store<C: ConnectionTrait>(db: &C, registry: &Registry) -> Result<(), DbErr> {
    casbin_rule::Entity::delete_many().exec(db).await?;
    let rows = rows(registry.policies.values().map(AsRef::as_ref)).into_iter().map(|(ptype, columns)| {
        let [v0, v1, v2, v3, v4, v5] = columns.map(Set);
        casbin_rule::ActiveModel { id: NotSet, ptype: Set(ptype.to_owned()), v0, v1, v2, v3, v4, v5 }
    });
    // Databases bound the number of parameters of a statement.
    for part in rows.collect::<Vec<_>>().chunks(500) {
        casbin_rule::Entity::insert_many(part.to_vec()).exec_without_returning(db).await?;
    }
    Ok(())
}
