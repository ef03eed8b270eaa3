//! What each command begins with.

use serde_json::{Map, Value as Json};

use super::{acts::given, offers::Taking, run::Run, task::Completion};
use crate::{case::Kept, command::Command, id::Id, rejection::Rejection};

impl Run<'_> {
    pub(super) fn command(&mut self, command: &Command) -> Result<(), Rejection> {
        match command {
            Command::Create { module, kind, fields, enter } => self.create(module, kind, fields, enter.as_ref()),
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
            Command::Message { name, key, data, from } => {
                let (name, from) = (name.clone(), from.clone());
                self.message(&Kept { name, key: key.clone(), data: data.clone(), from, causes: Vec::new() })
            }
            Command::Answer { asked, answer } => self.answer(*asked, answer),
            Command::Transfer { task, to, comment } => self.transfer(*task, *to, comment.as_deref()),
            Command::Delegate { task, to, comment } => self.delegate(*task, *to, comment.as_deref()),
            Command::HandBack { task, comment } => self.hand_back(*task, comment.as_deref()),
            Command::Return { task, to, straight, comment } => self.return_to(*task, to, *straight, comment.as_deref()),
            Command::Copy { task, people, comment } => self.copy(*task, people, comment.as_deref()),
            Command::Urge { task, comment } => self.urge(*task, comment.as_deref()),
            Command::Withdraw { task, comment } => self.withdraw(*task, comment.as_deref()),
            Command::Resolve { incident, how, comment } => self.resolve(*incident, how, comment.as_deref()),
            Command::Reopen { item, node, comment } => self.reopen_item(*item, node, comment.as_deref()),
            Command::AddSigners { task, people, turn, comment } => {
                self.add_signers(*task, people, *turn, comment.as_deref())
            }
            Command::RemoveSigner { task, person, comment } => self.remove_signer(*task, *person, comment.as_deref()),
            Command::Migrate { instance, version, nodes } => self.migrate(*instance, version, nodes),
            Command::MigrateBack { instance } => self.migrate_back(*instance),
            Command::MigrateConfirm { instance } => self.migrate_confirm(*instance),
            Command::HandOver { person, to } => self.hand_over(*person, to),
            // Candidates are resolved again when the command settles.
            Command::Reassign => Ok(()),
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
