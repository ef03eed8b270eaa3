//! All published definitions together, by name and, for workflows, by version.

use std::{collections::BTreeMap, sync::Arc};

use super::{
    calendar::Calendar,
    dictionary::Dictionary,
    form::Form,
    module::{Kind, Module},
    organisation::Organisation,
    policy::Policy,
    workflow::Workflow,
};
use crate::{text::Name, workdays::Workdays};

/// A workflow at a version together with the forms at the versions that it was published with.
#[derive(Debug, Clone)]
pub struct Bound {
    /// The workflow.
    pub workflow: Arc<Workflow>,
    /// The forms that it uses, by name.
    pub forms: BTreeMap<Name, Arc<Form>>,
}

/// A notice's template: Handlebars text, checked when it loads.
#[derive(Debug, Clone)]
pub struct Template {
    /// Its name.
    pub name: Name,
    /// The notice's title in both languages.
    pub title: crate::text::Text,
    /// The notice's text in both languages.
    pub body: crate::text::Text,
}

/// All published definitions. Cheap to share; replaced as a whole when something is published.
#[derive(Debug, Clone, Default)]
pub struct Registry {
    /// Modules, in menu order.
    pub modules: Vec<Arc<Module>>,
    /// Forms in force, by name.
    pub forms: BTreeMap<Name, Arc<Form>>,
    /// Workflows in force, by name.
    pub workflows: BTreeMap<Name, Arc<Bound>>,
    /// Every version of every workflow that an instance may still run on, by version hash.
    pub versions: BTreeMap<Name, Arc<Bound>>,
    /// Calendars, by name.
    pub calendars: BTreeMap<Name, Arc<Calendar>>,
    /// Dictionaries, by name.
    pub dictionaries: BTreeMap<Name, Arc<Dictionary>>,
    /// Policies, by name.
    pub policies: BTreeMap<Name, Arc<Policy>>,
    /// The organisation form.
    pub organisation: Option<Arc<Organisation>>,
    /// Templates, by name.
    pub templates: BTreeMap<Name, Arc<Template>>,
}

impl Registry {
    /// The module called `name`.
    #[must_use]
    pub fn module(&self, name: &str) -> Option<&Arc<Module>> {
        self.modules.iter().find(|module| module.name == *name)
    }

    /// The kind called `kind` of the module called `module`.
    #[must_use]
    pub fn kind(&self, module: &str, kind: &str) -> Option<&Kind> {
        self.module(module)?.kind(kind)
    }

    /// The working days that count in the module called `module`: those of its calendar, or of the only one there is;
    /// Monday to Friday where there is none.
    #[must_use]
    pub fn workdays(&self, module: &str) -> &Workdays {
        let named = self.module(module).and_then(|module| module.calendar.as_ref());
        let calendar = match named {
            Some(name) => self.calendars.get(name),
            None if self.calendars.len() == 1 => self.calendars.values().next(),
            None => None,
        };
        calendar.map_or(const { &Workdays::PLAIN }, |calendar| &calendar.workdays)
    }

    /// The form of a kind.
    #[must_use]
    pub fn form_of(&self, module: &str, kind: &str) -> Option<&Arc<Form>> {
        self.forms.get(&self.kind(module, kind)?.form)
    }
}
