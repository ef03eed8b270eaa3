//! A person's own tasks.

use crate::{
    api::{caller::Caller, page::Page, todo::TodoPage},
    failure::Failure,
};

/// Open tasks.
pub async fn open(caller: &Caller, page: Page) -> Result<TodoPage, Failure> {
    let _ = (caller, page);
    Err(Failure::NotFound)
}

/// Completed tasks.
pub async fn done(caller: &Caller, page: Page) -> Result<TodoPage, Failure> {
    let _ = (caller, page);
    Err(Failure::NotFound)
}
