//! What other policies would change on the live data, as differences of sets in SQL.
//!
//! People for whom the rules decide alike form a class: same roles, and same values of the facts that the conditions read. Classes
//! whose rules do not differ cost nothing; of the others one query a kind and action counts what is gained and lost.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
    time::{Duration, Instant},
};

use docket_engine::{
    definition::{form::Form, registry::Registry},
    id::{Id, PersonId},
    org::Org,
    text::Name,
};
use sea_orm::{
    ConnectionTrait, DbErr, Order,
    sea_query::{CaseStatement, ExprTrait as _, Func, Query, SimpleExpr},
};
use serde::{Deserialize, Serialize};

use super::runs::Progress;
use crate::{
    access::{Mask, Naming, Rules, Subject, Visibility},
    state::App,
};

/// How long one may take.
pub const MOST_TIME: Duration = Duration::from_mins(2);
/// How many lines are kept: the ones with the greatest effect.
const MOST_LINES: usize = 200;
/// How many people and items are named as examples.
const EXAMPLES: u64 = 3;
/// The actions whose effect on items is counted.
const ACTIONS: [&str; 4] = ["read", "export", "urge", "resolve"];

/// What would change.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Report {
    /// One for each class, module, kind and action, those with the greatest effect first.
    pub lines: Vec<Line>,
    /// Lines that were left out.
    pub left_out: usize,
    /// People who gain something.
    pub gaining: BTreeSet<i64>,
    /// People who lose something.
    pub losing: BTreeSet<i64>,
}

/// What changes for people of one class.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Line {
    /// Module and kind.
    pub module: String,
    /// The kind.
    pub kind: String,
    /// The action.
    pub action: String,
    /// The roles of these people.
    pub roles: Vec<String>,
    /// How many they are.
    pub people: usize,
    /// Some of them.
    pub examples: Vec<i64>,
    /// How many items each of them gains and loses.
    pub gained: i64,
    /// How many each loses.
    pub lost: i64,
    /// Items that they gain, and that they lose: some of them.
    pub gained_items: Vec<i64>,
    /// Items that they lose.
    pub lost_items: Vec<i64>,
    /// Of items that they see before and after, in how many a field appears or goes.
    pub fields: Vec<FieldLine>,
}

/// What changes of one field.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FieldLine {
    /// The field.
    pub field: String,
    /// In how many items it appears.
    pub gained: i64,
    /// In how many it goes.
    pub lost: i64,
}

/// How it ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ended {
    /// Everything is counted.
    Done,
    /// It was told to stop; the report holds what was counted.
    Cancelled,
    /// It took too long.
    TimedOut,
}

/// The rules before and after.
pub struct Change {
    /// In force.
    pub before: Arc<Rules>,
    /// To be.
    pub after: Rules,
    /// The definitions that are in force.
    pub registry: Arc<Registry>,
}

/// People for whom the rules decide alike.
struct Class {
    subject: Arc<Subject>,
    people: Vec<PersonId>,
}

/// Computes what `change` does; `progress` is told before each class how many are done of how many, and says whether to go on.
///
/// # Errors
/// The database's own.
pub async fn run(app: &App, change: &Change, progress: &mut Progress) -> Result<(Report, Ended), DbErr> {
    let begun = Instant::now();
    let classes = classes(&app.org(), change);
    let mut report = Report::default();
    let mut ended = Ended::Done;
    for (place, class) in classes.iter().enumerate() {
        if !progress.told(app, (place, classes.len())).await? {
            ended = Ended::Cancelled;
            break;
        }
        if begun.elapsed() > MOST_TIME {
            ended = Ended::TimedOut;
            break;
        }
        judge(app, change, class, &mut report).await?;
    }
    report
        .lines
        .sort_by_key(|line| std::cmp::Reverse((line.gained + line.lost) * i64::try_from(line.people).unwrap_or(0)));
    report.left_out = report.lines.len().saturating_sub(MOST_LINES);
    report.lines.truncate(MOST_LINES);
    Ok((report, ended))
}

/// Every module and kind.
fn kinds(registry: &Registry) -> impl Iterator<Item = (&Name, &Name)> {
    registry.modules.iter().flat_map(|module| module.kinds.iter().map(move |kind| (&module.name, &kind.name)))
}

/// What is done with items of `kind`, before and after, where that differs.
fn differing(change: &Change, subject: &Arc<Subject>, action: &str, kind: &str) -> Option<(Visibility, Visibility)> {
    let before = change.before.visibility(subject, action, kind);
    let after = change.after.visibility(subject, action, kind);
    (!before.is_same_as(&after)).then_some((before, after))
}

/// People by what the differing rules know of them; those whose rules do not differ are in none.
fn classes(org: &Org, change: &Change) -> Vec<Class> {
    let kinds: BTreeSet<&Name> = kinds(&change.registry).map(|(_, kind)| kind).collect();
    let mut classes: BTreeMap<String, Class> = BTreeMap::new();
    for person in org.people().filter(|person| person.active) {
        let subject = Arc::new(Subject::of(org, person.id));
        let mut read = BTreeMap::new();
        let mut differs = false;
        for (kind, action) in kinds.iter().flat_map(|kind| ACTIONS.map(|action| (*kind, action))) {
            if let Some((before, after)) = differing(change, &subject, action, kind) {
                differs = true;
                read.extend(before.subject_facts());
                read.extend(after.subject_facts());
            }
        }
        if differs {
            let key = format!("{:?}{read:?}", subject.roles);
            let class = classes.entry(key).or_insert_with(|| Class { subject, people: Vec::new() });
            class.people.push(person.id);
        }
    }
    classes.into_values().collect()
}

async fn judge(app: &App, change: &Change, class: &Class, report: &mut Report) -> Result<(), DbErr> {
    let kinds: Vec<(&Name, &Name)> = kinds(&change.registry).collect();
    for (module, kind) in kinds {
        for action in ACTIONS {
            let Some((before, after)) = differing(change, &class.subject, action, kind) else { continue };
            let form = change.registry.form_of(module, kind).map(AsRef::as_ref);
            let comparison = Comparison { app, module, kind, form, before, after };
            let Some(line) = comparison.line(class, action).await? else { continue };
            let people = || class.people.iter().map(|person| person.0);
            if line.gained > 0 || line.fields.iter().any(|field| field.gained > 0) {
                report.gaining.extend(people());
            }
            if line.lost > 0 || line.fields.iter().any(|field| field.lost > 0) {
                report.losing.extend(people());
            }
            report.lines.push(line);
        }
    }
    Ok(())
}

/// What one class may do with one kind, before and after.
struct Comparison<'a> {
    app: &'a App,
    module: &'a Name,
    kind: &'a Name,
    form: Option<&'a Form>,
    before: Visibility,
    after: Visibility,
}

impl Comparison<'_> {
    async fn line(&self, class: &Class, action: &str) -> Result<Option<Line>, DbErr> {
        let (today, backend) = (self.app.today(), self.app.db.reader().get_database_backend());
        let (before, after) = (self.before.seen(today, backend), self.after.seen(today, backend));
        let gained = after.clone().but_not(before.clone());
        let lost = before.clone().but_not(after.clone());
        let names: Vec<Name> = self.before.named_fields().union(&self.after.named_fields()).cloned().collect();
        let both = before.and(after);
        let mut masks = vec![gained.clone(), lost.clone()];
        for name in &names {
            let naming = Naming::of(self.form, name);
            let was = self.before.mask(naming, today, backend);
            let is = self.after.mask(naming, today, backend);
            masks.push(both.clone().and(is.clone().but_not(was.clone())));
            masks.push(both.clone().and(was.but_not(is)));
        }
        let counts = self.counts(masks).await?;
        let mut counts = counts.into_iter();
        let (many_gained, many_lost) = (counts.next().unwrap_or_default(), counts.next().unwrap_or_default());
        let mut fields = Vec::new();
        for name in names {
            let (gained, lost) = (counts.next().unwrap_or_default(), counts.next().unwrap_or_default());
            if gained + lost > 0 {
                fields.push(FieldLine { field: name.to_string(), gained, lost });
            }
        }
        if many_gained + many_lost == 0 && fields.is_empty() {
            return Ok(None);
        }
        Ok(Some(Line {
            module: self.module.to_string(),
            kind: self.kind.to_string(),
            action: action.to_owned(),
            roles: class.subject.roles.iter().map(ToString::to_string).collect(),
            people: class.people.len(),
            examples: class.people.iter().take(usize::try_from(EXAMPLES).unwrap_or(1)).map(|person| person.0).collect(),
            gained_items: self.examples(gained, many_gained).await?,
            lost_items: self.examples(lost, many_lost).await?,
            gained: many_gained,
            lost: many_lost,
            fields,
        }))
    }

    fn of_kind(&self) -> sea_orm::sea_query::SelectStatement {
        let mut select = Query::select();
        select
            .from("item")
            .and_where(SimpleExpr::col(("item", "module")).eq(self.module.as_str()))
            .and_where(SimpleExpr::col(("item", "kind")).eq(self.kind.as_str()));
        select
    }

    /// How many items meet each of `masks`, in one query.
    async fn counts(&self, masks: Vec<Mask>) -> Result<Vec<i64>, DbErr> {
        let many = masks.len();
        let mut select = self.of_kind();
        for mask in masks {
            let counted = CaseStatement::new().case(mask.condition(), SimpleExpr::cust("1"));
            let counted: SimpleExpr = counted.into();
            select.expr(Func::count(counted));
        }
        let row = self.app.db.reader().query_one(&select).await?;
        let row = row.ok_or_else(|| DbErr::Custom("a count gives no row".to_owned()))?;
        (0..many).map(|place| row.try_get_by_index(place)).collect()
    }

    async fn examples(&self, mask: Mask, many: i64) -> Result<Vec<i64>, DbErr> {
        if many == 0 {
            return Ok(Vec::new());
        }
        let mut select = self.of_kind();
        select.column(("item", "id")).and_where(mask.condition()).order_by(("item", "id"), Order::Desc).limit(EXAMPLES);
        let rows = self.app.db.reader().query_all(&select).await?;
        rows.iter().map(|row| row.try_get_by_index(0)).collect()
    }
}

/// An item's id as people write it.
#[must_use]
pub fn shown(item: i64) -> String {
    Id::from_raw(item).to_string()
}
