//! What is recorded: acts by their stable codes, by whom, from where, on what.

use std::net::IpAddr;

use docket_engine::{id::PersonId, text::Text};
use serde_json::{Map, Value as Json};

/// Declares the acts: a name here, the stable code in the log, what it is called.
macro_rules! acts {
    ($($(#[$doc:meta])* $name:ident $code:literal $zh:literal $en:literal;)*) => {
        /// What was done or refused. Codes are stable: they stand in logs for years.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum What {
            $($(#[$doc])* $name,)*
        }

        impl What {
            /// All of them, in the order of a menu.
            pub const ALL: &[Self] = &[$(Self::$name,)*];

            /// The stable code.
            #[must_use]
            pub const fn code(self) -> &'static str {
                match self { $(Self::$name => $code,)* }
            }

            /// What it is called.
            #[must_use]
            pub fn title(self) -> Text {
                match self { $(Self::$name => Text::new($zh, $en),)* }
            }
        }
    };
}

acts! {
    /// Signing in; refused where the password, the code or the account does not do.
    SignIn "sign-in" "登录" "Sign-in";
    /// Signing out.
    SignOut "sign-out" "退出登录" "Sign-out";
    /// Something that the person has no right to.
    Refused "refused" "越权操作" "Without the right";
    /// Somebody's session is ended, by himself elsewhere or by an administrator.
    SessionEnded "session-ended" "结束会话" "Session ended";
    /// Somebody changes his own password.
    PasswordChanged "password-changed" "修改密码" "Password changed";
    /// Somebody is given a password by an administrator.
    PasswordSet "password-set" "重设密码" "Password reset";
    /// A second factor is set up.
    FactorSet "factor-set" "启用动态口令" "Second factor set up";
    /// A second factor is taken away.
    FactorRemoved "factor-removed" "停用动态口令" "Second factor removed";
    /// A lock after failures is lifted.
    Unlocked "unlocked" "解除锁定" "Account unlocked";
    /// One of the three duties is given.
    DutyGiven "duty-given" "授予管理员职责" "Duty given";
    /// The organisation is changed: units, people, posts.
    OrganisationChanged "organisation-changed" "变更组织机构" "Organisation changed";
    /// The organisation is written into a workbook.
    OrganisationExported "organisation-exported" "导出组织机构" "Organisation exported";
    /// Somebody has left: his account is disabled.
    PersonDisabled "person-disabled" "停用账号" "Account disabled";
    /// Somebody is here again.
    PersonEnabled "person-enabled" "恢复账号" "Account enabled";
    /// Somebody is to stand in for a person.
    StandInSet "stand-in-set" "设置代办" "Stand-in set";
    /// Somebody no longer stands in for a person.
    StandInEnded "stand-in-ended" "结束代办" "Stand-in ended";
    /// Somebody begins to act in a person's name, or for himself again.
    ActingChosen "acting-chosen" "切换代办身份" "In somebody's name";
    /// Somebody no longer acts in a person's name.
    ActingEnded "acting-ended" "停止他人代办" "Acting ended";
    /// Somebody may act in a person's name again.
    ActingAllowed "acting-allowed" "恢复他人代办" "Acting allowed";
    /// The configuration is published.
    Published "published" "发布配置" "Configuration published";
    /// Running instances are moved to another version, or back, or their migration is confirmed.
    Migrated "migrated" "迁移运行中的流程" "Running instances migrated";
    /// The log is exported.
    LogExported "log-exported" "导出审计日志" "Log exported";
    /// The heads of chains are sealed.
    Sealed "sealed" "封存链首" "Chains sealed";
    /// Rows older than the retention are removed.
    Trimmed "trimmed" "清理过期日志" "Old rows removed";
}

impl What {
    /// The act with this code.
    #[must_use]
    pub fn of(code: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|what| what.code() == code)
    }
}

/// By which way an act came.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Via {
    /// Over HTTP.
    Http,
    /// On the command line of a server.
    CommandLine,
    /// By Docket itself.
    System,
}

impl Via {
    /// As it stands in the log.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Http => "http",
            Self::CommandLine => "command-line",
            Self::System => "system",
        }
    }
}

/// Who acts, for whom, and from where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Origin {
    /// Who; nobody where he is not known, and for Docket itself.
    pub who: Option<PersonId>,
    /// For whom he acts.
    pub for_whom: Option<PersonId>,
    /// By which way.
    pub via: Via,
    /// The address that he acts from.
    pub address: Option<IpAddr>,
}

impl Origin {
    /// On the command line, where nobody signs in.
    #[must_use]
    pub const fn command_line() -> Self {
        Self { who: None, for_whom: None, via: Via::CommandLine, address: None }
    }

    /// Docket itself.
    #[must_use]
    pub const fn system() -> Self {
        Self { who: None, for_whom: None, via: Via::System, address: None }
    }

    /// A request of somebody.
    #[must_use]
    pub const fn http(who: Option<PersonId>, address: Option<IpAddr>) -> Self {
        Self { who, for_whom: None, via: Via::Http, address }
    }
}

/// What an act is done to: a kind of thing and which one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Object {
    /// Such as `person`, `unit`, `definition`; stable.
    pub kind: &'static str,
    /// Its id or name.
    pub id: String,
}

impl Object {
    /// The thing of this kind and name.
    pub fn new(kind: &'static str, id: impl Into<String>) -> Self {
        Self { kind, id: id.into() }
    }

    /// A person.
    #[must_use]
    pub fn person(person: PersonId) -> Self {
        Self::new("person", person.to_string())
    }
}

/// How an act ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// It was done.
    Done,
    /// It was refused.
    Refused,
}

impl Outcome {
    /// As it stands in the log.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::Refused => "refused",
        }
    }
}

/// One act, to be recorded.
#[derive(Debug, Clone)]
pub struct Act {
    /// Who, for whom, from where.
    pub origin: Origin,
    /// What.
    pub what: What,
    /// On what.
    pub on: Option<Object>,
    /// More of it, as `name: value`: no secret, no form data.
    pub detail: Map<String, Json>,
    /// How it ended.
    pub outcome: Outcome,
}

impl Act {
    /// An act that is done.
    #[must_use]
    pub fn done(origin: Origin, what: What) -> Self {
        Self { origin, what, on: None, detail: Map::new(), outcome: Outcome::Done }
    }

    /// An act that is refused.
    #[must_use]
    pub fn refused(origin: Origin, what: What) -> Self {
        Self { outcome: Outcome::Refused, ..Self::done(origin, what) }
    }

    /// On what it is done.
    #[must_use]
    pub fn on(self, object: Object) -> Self {
        Self { on: Some(object), ..self }
    }

    /// With one more detail.
    #[must_use]
    pub fn with(mut self, name: &str, value: impl Into<Json>) -> Self {
        self.detail.insert(name.to_owned(), value.into());
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_stands_for_one_act() {
        for what in What::ALL {
            assert_eq!(What::of(what.code()), Some(*what), "{what:?}");
        }
        assert_eq!(What::of("nothing"), None);
    }
}
