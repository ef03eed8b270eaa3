//! Why a person may do something with an item, or may not: which rule decided, or which came closest and what it lacked.

use std::{collections::BTreeSet, sync::Arc};

use docket_engine::{
    case::Item,
    id::{Id, PersonId},
    org::Org,
    text::Text,
    value::Value,
};

use super::is_security;
use crate::{
    access::{Facts, Fields, Subject, rules::Candidate},
    api::{
        access::{ExplainView, ExplainedRule, FactView, LackingView},
        caller::Caller,
    },
    app::{labels, ledger},
    failure::Failure,
    state::App,
};

/// What is not told of an item to who may not read it.
const HIDDEN: &str = "…";
/// The most rules that are told.
const MOST_RULES: usize = 20;

/// A question.
#[derive(Debug, Clone, Copy)]
pub struct Question<'a> {
    /// Whom it is about.
    pub person: PersonId,
    /// The action.
    pub action: &'a str,
    /// The item.
    pub item: &'a Item,
    /// The item above it.
    pub parent: Option<&'a Item>,
}

/// An answer.
#[derive(Debug, Clone, PartialEq)]
pub struct Explained {
    /// Whether he may.
    pub allowed: bool,
    /// In a sentence.
    pub summary: Text,
    /// The rules, those that decide or come closest first.
    pub rules: Vec<Told>,
}

/// A rule and what became of it.
#[derive(Debug, Clone, PartialEq)]
pub struct Told {
    /// The rule as a sentence.
    pub text: Text,
    /// Its role.
    pub role: String,
    /// Whether the person has the role.
    pub has_role: bool,
    /// Whether it is a deny.
    pub deny: bool,
    /// Its condition.
    pub condition: Option<String>,
    /// Its fields.
    pub fields: Option<Vec<String>>,
    /// Whether it is the person's and its condition holds.
    pub holds: bool,
    /// Atoms that would have to be otherwise.
    pub lacking: Vec<Lacks>,
}

/// An atom that would have to be otherwise.
#[derive(Debug, Clone, PartialEq)]
pub struct Lacks {
    /// As written.
    pub atom: String,
    /// Whether it holds and should not.
    pub holds: bool,
    /// What it reads: fact and value as shown.
    pub facts: Vec<(String, String)>,
}

/// Answers by the rules in force; `shown` says which facts of the item may be told.
///
/// # Errors
/// Where the rules can not be read.
pub async fn explain(app: &App, question: Question<'_>, shown: &Fields) -> Result<Explained, Failure> {
    let published = app.published();
    let rules = app.access.rules(&published).await?;
    let org = app.org();
    let subject = Arc::new(Subject::of(&org, question.person));
    let registry = &published.registry;
    let Question { action, item, parent, .. } = question;
    let facts = Facts { item, parent, registry, today: app.today(), zone: app.clock.zone() };
    let form = registry.form_of(&item.module, &item.kind).map(AsRef::as_ref);
    let allowed = rules.visibility(&subject, action, &item.kind).sees(&facts);
    let env = facts.for_subject(&subject);
    let value = |name: &str, value: &Value| match name.strip_prefix("item.") {
        Some(fact) if !shown.shows_facts(form, [fact]) => HIDDEN.to_owned(),
        _ => written(&org, value),
    };
    let mut told: Vec<Told> = rules
        .candidates(&subject, action, &item.kind)
        .iter()
        .map(|rule| {
            let lacking = rule.condition.map(|condition| condition.lacking(&env)).unwrap_or_default();
            let lacking: Vec<Lacks> = lacking
                .into_iter()
                .map(|atom| Lacks {
                    facts: atom.facts.iter().map(|(name, found)| (name.clone(), value(name, found))).collect(),
                    atom: atom.source,
                    holds: atom.holds,
                })
                .collect();
            tell(rule, action, lacking)
        })
        .collect();
    told.sort_by_key(|rule| (rank(rule, allowed), rule.lacking.len() + usize::from(!rule.has_role)));
    told.truncate(MOST_RULES);
    Ok(Explained { summary: summary(allowed, &told), allowed, rules: told })
}

/// What decides first: a deny that holds, an allow that holds, then allows by what they lack, denies that do not hold last.
const fn rank(rule: &Told, allowed: bool) -> u8 {
    match (rule.deny, rule.holds, rule.fields.is_some()) {
        (true, true, false) => 0,
        (false, true, _) => 1,
        (true, true, true) => 2,
        (false, false, _) => 3,
        (true, false, _) => {
            if allowed {
                4
            } else {
                5
            }
        }
    }
}

fn tell(rule: &Candidate<'_>, action: &str, lacking: Vec<Lacks>) -> Told {
    let fields: Option<Vec<String>> = rule.fields.map(|fields| fields.iter().map(ToString::to_string).collect());
    let condition = rule.condition.map(|condition| condition.source().to_owned());
    let when = |zh: bool| match (&condition, zh) {
        (Some(condition), true) => format!("，条件 {condition}"),
        (Some(condition), false) => format!(", when {condition}"),
        (None, _) => String::new(),
    };
    let of = |zh: bool| match (&fields, zh) {
        (Some(fields), true) => format!("，字段 {}", fields.join("、")),
        (Some(fields), false) => format!(", fields {}", fields.join(", ")),
        (None, _) => String::new(),
    };
    let (may_zh, may_en) = if rule.deny { ("不得", "may not") } else { ("可以", "may") };
    let Candidate { role, on, .. } = rule;
    Told {
        text: Text::new(
            format!("{role} {may_zh} {action} {on}{}{}", when(true), of(true)),
            format!("{role} {may_en} {action} {on}{}{}", when(false), of(false)),
        ),
        role: rule.role.to_owned(),
        has_role: rule.has_role,
        deny: rule.deny,
        holds: rule.has_role && lacking.is_empty(),
        condition,
        fields,
        lacking,
    }
}

fn summary(allowed: bool, rules: &[Told]) -> Text {
    let said = |rule: &Told| rule.text.clone();
    if allowed {
        let rule = rules.iter().find(|rule| rule.holds && !rule.deny).map(said).unwrap_or_default();
        return Text::new(format!("允许：{}", rule.zh), format!("allowed: {}", rule.en));
    }
    if let Some(rule) = rules.iter().find(|rule| rule.holds && rule.deny && rule.fields.is_none()).map(said) {
        return Text::new(format!("被拒绝：{}", rule.zh), format!("denied: {}", rule.en));
    }
    let Some(closest) = rules.iter().find(|rule| !rule.deny) else {
        return Text::new("没有任何规则允许这个动作", "no rule allows this action at all");
    };
    let atoms: Vec<String> = closest.lacking.iter().map(|atom| atom.atom.clone()).collect();
    let (mut zh, mut en) = (Vec::new(), Vec::new());
    if !closest.has_role {
        zh.push(format!("没有角色 {}", closest.role));
        en.push(format!("the role {}", closest.role));
    }
    if !atoms.is_empty() {
        zh.push(format!("不满足 {}", atoms.join("；")));
        en.push(atoms.join("; "));
    }
    Text::new(
        format!("不允许；最接近的规则：{}。缺少：{}", closest.text.zh, zh.join("，")),
        format!("not allowed; the closest rule: {}. It lacks: {}", closest.text.en, en.join(", and ")),
    )
}

/// A value as people read it.
fn written(org: &Org, value: &Value) -> String {
    match value {
        Value::Null => "—".to_owned(),
        Value::Text(text) => format!("'{text}'"),
        Value::Unit(unit) => org.unit(*unit).map_or_else(|| unit.0.to_string(), |unit| unit.name.clone()),
        Value::Person(person) => org.person(*person).map_or_else(|| person.0.to_string(), |person| person.name.clone()),
        Value::List(all) if all.len() > MOST_RULES => {
            let some: Vec<String> = all.iter().take(MOST_RULES).map(|one| written(org, one)).collect();
            format!("[{}, …]", some.join(", "))
        }
        Value::List(all) => {
            let all: Vec<String> = all.iter().map(|one| written(org, one)).collect();
            format!("[{}]", all.join(", "))
        }
        other => match other.to_json() {
            serde_json::Value::String(text) => text,
            json => json.to_string(),
        },
    }
}

/// The item with the one above it.
///
/// # Errors
/// [`Failure::NotFound`].
pub async fn item(app: &App, id: Id) -> Result<(Item, Option<Item>), Failure> {
    let db = app.db.reader();
    let item = ledger::items(db, &BTreeSet::from([id.raw()])).await?.remove(&id).ok_or(Failure::NotFound)?;
    let parent = match item.parent {
        Some(parent) => ledger::items(db, &BTreeSet::from([parent.raw()])).await?.remove(&parent),
        None => None,
    };
    Ok((item, parent))
}

/// Answers a person about himself, where he sees the item; the security administrator about anybody.
///
/// # Errors
/// [`Failure::NotFound`], [`Failure::Forbidden`].
pub async fn view(caller: &Caller, person: Option<&str>, id: &str, action: &str) -> Result<ExplainView, Failure> {
    let id = caller.id(id)?;
    let person = match person {
        Some(person) => PersonId(person.parse().map_err(|_| Failure::NotFound)?),
        None => caller.person.id,
    };
    let shown = if is_security(caller) {
        Fields::whole()
    } else if person == caller.person.id {
        // Of an item that he may not see, he is not even told that it is there.
        ledger::visible(caller, id).await?.fields()
    } else {
        return Err(Failure::Forbidden);
    };
    let named = caller.app.org().person(person).map(|_| labels::person(caller, person)).ok_or(Failure::NotFound)?;
    let (item, parent) = item(&caller.app, id).await?;
    let question = Question { person, action, item: &item, parent: parent.as_ref() };
    let explained = explain(&caller.app, question, &shown).await?;
    Ok(ExplainView {
        person: named,
        item: id.to_string(),
        action: action.to_owned(),
        allowed: explained.allowed,
        summary: caller.text(&explained.summary),
        rules: explained.rules.into_iter().map(|rule| rule_view(caller, rule)).collect(),
    })
}

fn rule_view(caller: &Caller, rule: Told) -> ExplainedRule {
    ExplainedRule {
        text: caller.text(&rule.text),
        role: rule.role,
        has_role: rule.has_role,
        deny: rule.deny,
        holds: rule.holds,
        condition: rule.condition,
        fields: rule.fields,
        lacking: rule
            .lacking
            .into_iter()
            .map(|atom| LackingView {
                atom: atom.atom,
                holds: atom.holds,
                facts: atom.facts.into_iter().map(|(name, value)| FactView { name, value }).collect(),
            })
            .collect(),
    }
}
