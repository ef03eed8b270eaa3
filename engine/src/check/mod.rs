//! The checks of definitions: one rule, one file, one code, one folder of fixtures (`engine/tests/cases/<code>`).
//!
//! A rule says in words what is wrong and what to do. Some rules are asked by the readers in `definition/read` while they
//! read (`unknown-key`); those about the shape of a workflow look at its [`flow::Flow`] as a whole (`unreachable-node`).

pub mod explain;
pub(crate) mod flow;
pub(crate) mod soundness;
pub(crate) mod suggest;

use explain::Explanation;
pub(crate) use explain::Frame;

use crate::{
    diagnostic::{Diagnostic, Severity},
    source::Place,
    text::{Language, Text},
};

/// A rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rule {
    /// Its code in kebab case, which names the fault.
    pub code: &'static str,
    /// How bad a fault is.
    pub severity: Severity,
    about: (&'static str, &'static str),
    /// Its title and examples.
    pub explanation: Option<Explanation>,
}

impl Rule {
    pub(crate) const fn error(code: &'static str, zh: &'static str, en: &'static str) -> Self {
        Self { code, severity: Severity::Error, about: (zh, en), explanation: None }
    }

    pub(crate) const fn warning(code: &'static str, zh: &'static str, en: &'static str) -> Self {
        Self { code, severity: Severity::Warning, about: (zh, en), explanation: None }
    }

    /// What it is about, why it matters, and what to do.
    #[must_use]
    pub const fn about(&self, language: Language) -> &'static str {
        match language {
            Language::Zh => self.about.0,
            Language::En => self.about.1,
        }
    }

    /// A fault of this rule.
    pub(crate) fn at(&self, place: Place, zh: impl Into<String>, en: impl Into<String>) -> Diagnostic {
        Diagnostic {
            code: self.code,
            severity: self.severity,
            place,
            message: Text::new(cut(zh.into()), cut(en.into())),
            help: None,
            related: Vec::new(),
        }
    }
}

/// The longest message, in bytes: it may quote a name of any length.
const MAX_MESSAGE: usize = 600;

fn cut(mut message: String) -> String {
    if message.len() > MAX_MESSAGE {
        message.truncate(message.floor_char_boundary(MAX_MESSAGE));
        message.push('…');
    }
    message
}

macro_rules! rules {
    ($($module:ident),* $(,)?) => {
        $(pub(crate) mod $module;)*

        /// All rules, by code.
        pub const RULES: &[&Rule] = &[$(&$module::RULE),*];
    };
}

rules! {
    bad_date,
    bad_duration,
    bad_entry,
    bad_field,
    bad_group,
    bad_http,
    bad_import_column,
    bad_join,
    bad_skip,
    bad_withdrawal,
    bad_repeat,
    calendar_ends,
    choose_without_else,
    date_outside_year,
    dead_node,
    duplicate_date,
    duplicate_key,
    duplicate_name,
    duplicate_rule,
    expression_arguments,
    expression_syntax,
    expression_too_deep,
    expression_too_long,
    expression_type,
    fields_of_no_reading,
    fork_within_itself,
    form_not_filled,
    group_without_outcome,
    impossible_error,
    invalid_template,
    light_never_last_true,
    loop_without_task,
    loose_branch,
    misplaced_act,
    missing_key,
    missing_year,
    needs_not_met,
    never_changes,
    no_calendar,
    no_kind_runs_workflow,
    no_open_outcome,
    no_outcome,
    no_title,
    no_way_to_end,
    no_workday,
    not_a_document,
    not_a_node,
    not_a_return,
    not_in_sql_subset,
    not_utf8,
    path_lost,
    pause_without_resume,
    role_includes_itself,
    run_gets_stuck,
    set_read_only,
    set_unknown_field,
    set_wrong_type,
    timer_never,
    too_complex,
    too_large,
    two_results,
    uncaught_error,
    unhandled_result,
    unheard_message,
    unknown_calendar,
    unknown_dictionary,
    unknown_entry,
    unknown_fact,
    unknown_field,
    unknown_form,
    unknown_function,
    unknown_key,
    unknown_kind,
    unknown_module,
    unknown_node,
    unknown_post,
    unknown_role,
    unknown_template,
    unknown_word,
    unknown_workflow,
    unreachable_node,
    unused_form,
    which_calendar,
    workday_on_weekday,
    wrong_parent,
    wrong_type,
    yaml_alias,
    yaml_syntax,
    yaml_tag,
}
