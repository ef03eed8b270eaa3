//! The three duties of administration (三员): who holds which, which console each opens, and that nobody holds two (I2). A duty
//! comes with a post of the organisation form and gives no role: by it nobody sees a business item.

use std::collections::{BTreeMap, BTreeSet};

use docket_engine::{
    definition::organisation::Organisation as Form,
    id::PersonId,
    org::Org,
    text::{Name, Text},
};

/// One of the three duties.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Duty {
    /// Accounts, sessions, the organisation, operations.
    System,
    /// Who sees and does what.
    Security,
    /// Reads what the others did, and changes nothing.
    Audit,
}

/// A part of administration that one duty opens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Console {
    /// Accounts: locks, passwords, second factors.
    Accounts,
    /// Everybody's sessions.
    Sessions,
    /// Units, people and posts.
    Organisation,
    /// Who sees and does what.
    Policies,
    /// The administrators' log.
    Log,
    /// Running workflows to another version: without a screen so far.
    Workflows,
}

impl Duty {
    /// All three.
    pub const ALL: [Self; 3] = [Self::System, Self::Security, Self::Audit];

    /// As definitions and settings write it.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::System => "system",
            Self::Security => "security",
            Self::Audit => "audit",
        }
    }

    /// What it is called.
    #[must_use]
    pub fn title(self) -> Text {
        match self {
            Self::System => Text::new("系统管理员", "system administrator"),
            Self::Security => Text::new("安全管理员", "security administrator"),
            Self::Audit => Text::new("审计管理员", "audit administrator"),
        }
    }

    fn of(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|duty| duty.code() == code)
    }
}

impl Console {
    /// Those with a screen, in the order of a menu.
    pub const ALL: [Self; 5] = [Self::Accounts, Self::Sessions, Self::Organisation, Self::Policies, Self::Log];

    /// The stable code.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Accounts => "accounts",
            Self::Sessions => "sessions",
            Self::Organisation => "organisation",
            Self::Policies => "policies",
            Self::Log => "log",
            Self::Workflows => "workflows",
        }
    }

    /// The duty that opens it: the one place that says so.
    #[must_use]
    pub const fn duty(self) -> Duty {
        match self {
            Self::Accounts | Self::Sessions | Self::Organisation | Self::Workflows => Duty::System,
            Self::Policies => Duty::Security,
            Self::Log => Duty::Audit,
        }
    }
}

/// The duty that a post is.
#[must_use]
pub fn of_post(form: &Form, post: &str) -> Option<Duty> {
    Duty::of(form.post(post)?.duty.as_ref()?)
}

/// The duties that a person holds.
#[must_use]
pub fn held(form: Option<&Form>, org: &Org, person: PersonId) -> BTreeSet<Duty> {
    let Some(form) = form else { return BTreeSet::new() };
    org.holdings_of(person).filter_map(|holding| of_post(form, &holding.post)).collect()
}

/// The posts of somebody as they are to be.
#[derive(Debug, Clone)]
pub struct Posts {
    /// Who, as messages name him.
    pub name: String,
    /// Whether he is there.
    pub active: bool,
    /// The posts.
    pub posts: Vec<Name>,
}

/// Why a change of posts is refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refused {
    /// Stable code in kebab case.
    pub code: &'static str,
    /// What is wrong and what to do.
    pub message: Text,
}

/// Checks posts that are to be changed to `changed`: nobody holds two duties where they are `separate`; the first of a duty is made
/// on the command line alone; the last one stays.
///
/// # Errors
/// [`Refused`], with the names.
pub fn check(form: &Form, org: &Org, changed: &BTreeMap<PersonId, Posts>, separate: bool) -> Result<(), Refused> {
    let duties = |posts: &[Name]| -> BTreeSet<Duty> { posts.iter().filter_map(|post| of_post(form, post)).collect() };
    let two = changed.values().find(|posts| separate && duties(&posts.posts).len() > 1);
    if let Some(posts) = two {
        let name = &posts.name;
        return Err(Refused {
            code: "two-duties",
            message: Text::new(
                format!("{name}不能同时担任系统、安全、审计管理员中的两项（三员分立）。请只保留一项"),
                format!("{name} can not hold two of the three duties: system, security, audit. Keep one"),
            ),
        });
    }
    for duty in Duty::ALL {
        let holds = |person: PersonId| held(Some(form), org, person).contains(&duty);
        let before = org.people().filter(|person| person.active && holds(person.id)).map(|person| person.id);
        let before: BTreeSet<PersonId> = before.collect();
        let stay = before
            .iter()
            .any(|person| changed.get(person).is_none_or(|posts| posts.active && duties(&posts.posts).contains(&duty)));
        let newcomer = changed.values().find(|posts| posts.active && duties(&posts.posts).contains(&duty));
        let (title, code) = (duty.title(), duty.code());
        if let (Some(posts), true) = (newcomer, before.is_empty()) {
            let name = &posts.name;
            return Err(Refused {
                code: "first-duty",
                message: Text::new(
                    format!(
                        "{name}不能这样成为第一名{}。请在服务器上运行 `docket admin create --duty {code}`",
                        title.zh
                    ),
                    format!(
                        "{name} can not become the first {} in this way. Run `docket admin create --duty {code}` on the server",
                        title.en
                    ),
                ),
            });
        }
        if !before.is_empty() && !stay && newcomer.is_none() {
            return Err(Refused {
                code: "last-duty",
                message: Text::new(
                    format!("这样就没有{}了。请先让另一人担任", title.zh),
                    format!("there would be no {} any more. Let another person hold it first", title.en),
                ),
            });
        }
    }
    Ok(())
}
