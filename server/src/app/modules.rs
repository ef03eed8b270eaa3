//! A module as a person sees it.

use crate::{
    api::{caller::Caller, modules::ModuleView},
    failure::Failure,
};

/// One module.
pub fn view(caller: &Caller, module: &str) -> Result<ModuleView, Failure> {
    let _ = (caller, module);
    Err(Failure::NotFound)
}
