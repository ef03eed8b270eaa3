//! What each command begins with.

use serde_json::{Map, Value as Json};

use super::{acts::given, offers::Taking, run::Run, task::Completion};
use crate::{case::Kept, command::Command, event::Kind, id::Id, rejection::Rejection, text::Name};

impl Run<'_> {
    pub(super) fn command(&mut self, command: &Command) -> Result<(), Rejection> {
        match command {
            Command::Create { module, kind, fields, enter: _ } => self.create(module, kind, fields),
            Command::Claim { task } => self.claim(*task),
            Command::Release { task } => self.release(*task),
            Command::Complete { task, outcome, form, comment } => {
                self.complete(*task, &Completion { outcome, form, comment: comment.as_deref() })
            }
            Command::TakeOffer { instance, node, offer, form, comment } => {
                self.take_offer(*instance, &Taking { node, offer, form, comment: comment.as_deref() })
            }
            Command::Edit { item, fields } => self.edit(*item, fields),
            Command::FireTimer { timer } => self.fire(*timer),
            Command::Message { name, key, data } => {
                self.message(&Kept { name: name.clone(), key: key.clone(), data: data.clone() })
            }
            Command::Answer { asked, answer } => self.answer(*asked, answer),
            Command::Transfer { .. }
            | Command::Delegate { .. }
            | Command::HandBack { .. }
            | Command::AddSigners { .. }
            | Command::RemoveSigner { .. }
            | Command::Return { .. }
            | Command::Copy { .. }
            | Command::Urge { .. }
            | Command::Withdraw { .. }
            | Command::Resolve { .. }
            | Command::Reopen { .. } => Err(Rejection::NotAllowed),
            // Candidates are resolved again when the command settles.
            Command::Reassign => Ok(()),
        }
    }

    fn create(&mut self, module: &Name, kind: &Name, fields: &Map<String, Json>) -> Result<(), Rejection> {
        let registry = &self.context.registry;
        let found = registry.kind(module, kind).ok_or(Rejection::NotFound)?;
        if found.parent.is_some() || self.case.root_item().is_some() {
            return Err(Rejection::NotFound);
        }
        let workflow = found.workflow.clone();
        let id = Id::root_item(self.case.root);
        let mut item = self.new_item(id, None, module.clone(), kind.clone(), self.context.actor.person());
        item.fields = fields.iter().map(|(name, value)| (name.clone(), given(Some(value)))).collect();
        item.fields.retain(|_, value| !value.is_null());
        self.emit(Kind::ItemCreated { item })?;
        match workflow {
            Some(workflow) => self.start(&workflow, id, None, ""),
            None => Ok(()),
        }
    }

    fn edit(&mut self, item: Id, fields: &Map<String, Json>) -> Result<(), Rejection> {
        self.item(item)?;
        for (field, value) in fields {
            self.change(item, field, given(Some(value)))?;
        }
        Ok(())
    }
}
