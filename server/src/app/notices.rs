//! Notices to a person.

use docket_engine::{id::Id, text::Language};
use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect, sea_query::Expr};

use crate::{
    api::{
        caller::Caller,
        notices::{NoticePage, NoticeView},
        page::Page,
    },
    clock::from_ms,
    db::entity::notice,
    failure::Failure,
    push::Stale,
};

/// A page of the caller's notices, the newest first.
///
/// # Errors
/// The database's own.
pub async fn list(caller: &Caller, page: Page) -> Result<NoticePage, Failure> {
    let mine = || notice::Entity::find().filter(notice::Column::PersonId.eq(caller.person.id.0));
    let db = caller.app.db.reader();
    let total = mine().count(db).await?;
    let unread = mine().filter(notice::Column::ReadAt.is_null()).count(db).await?;
    let rows = mine().order_by_desc(notice::Column::Id).offset(page.offset()).limit(page.limit()).all(db).await?;
    Ok(NoticePage { rows: rows.into_iter().map(|row| view(caller, row)).collect(), total, unread })
}

fn view(caller: &Caller, row: notice::Model) -> NoticeView {
    let (title, body) = match caller.language {
        Language::Zh => (row.title_zh, row.body_zh),
        Language::En => (row.title_en, row.body_en),
    };
    NoticeView {
        id: row.id.to_string(),
        title,
        body,
        item: row.item_id.map(|id| Id::from_raw(id).to_string()),
        task: row.task_id.map(|id| Id::from_raw(id).to_string()),
        created_at: from_ms(row.created_at).to_string(),
        read: row.read_at.is_some(),
    }
}

/// Marks one of the caller's notices as read; the first reading counts.
///
/// # Errors
/// [`Failure::NotFound`] where it is not his.
pub async fn read(caller: &Caller, id: i64) -> Result<(), Failure> {
    let row = notice::Entity::find_by_id(id).one(caller.app.db.reader()).await?;
    let row = row.filter(|row| row.person_id == caller.person.id.0).ok_or(Failure::NotFound)?;
    if row.read_at.is_none() {
        mark(caller, Some(row.id)).await?;
    }
    Ok(())
}

/// Marks all of the caller's notices as read.
///
/// # Errors
/// The database's own.
pub async fn read_all(caller: &Caller) -> Result<(), Failure> {
    mark(caller, None).await
}

async fn mark(caller: &Caller, id: Option<i64>) -> Result<(), Failure> {
    let write = caller.app.db.write().await?;
    let mut unread = notice::Entity::update_many()
        .col_expr(notice::Column::ReadAt, Expr::value(caller.app.now().as_millisecond()))
        .filter(notice::Column::PersonId.eq(caller.person.id.0))
        .filter(notice::Column::ReadAt.is_null());
    if let Some(id) = id {
        unread = unread.filter(notice::Column::Id.eq(id));
    }
    unread.exec(&*write).await?;
    write.commit().await?;
    // His other windows show the count too.
    caller.app.hub.tell(Stale { notices: [caller.person.id].into(), ..Stale::default() });
    Ok(())
}
