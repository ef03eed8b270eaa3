//! The table `change`: how the news of one commit reaches every node, and every process that works on the same database.
//!
//! Each commit writes what became stale as its last row; nodes read the rows of others every second, or at once when Redis
//! wakes them. Numbers are given in nearly, not exactly, the order of the commits, so a reader looks back a little.

use std::collections::BTreeSet;

use sea_orm::{
    ActiveValue::{NotSet, Set},
    ColumnTrait, ConnectionTrait, DbErr, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
};
use serde::{Deserialize, Serialize};

use super::Stale;
use crate::{clock::Mode, db::entity::change};

/// How far back a reader looks for rows that were committed late.
const LOOK_BACK: i64 = 256;

/// How many rows are kept.
const KEPT: i64 = 10_000;

/// More unread rows than this are not read one by one: everything is stale.
const MANY: usize = 500;

/// What the other nodes must hear.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum News {
    /// This became stale.
    Stale(Stale),
    /// Definitions were published.
    Definitions,
    /// The organisation changed.
    Organisation,
    /// The clock was moved.
    Clock(Mode),
}

/// Writes news in the transaction that makes it, as the last thing before it commits.
pub(crate) async fn announce<C: ConnectionTrait>(db: &C, node: &str, news: &News) -> Result<(), DbErr> {
    let what = serde_json::to_string(news).map_err(|error| DbErr::Custom(error.to_string()))?;
    let row = change::ActiveModel { id: NotSet, node: Set(node.to_owned()), what: Set(what) };
    change::Entity::insert(row).exec_without_returning(db).await?;
    Ok(())
}

/// One node's place in the news.
#[derive(Debug)]
pub(crate) struct Follower {
    node: String,
    last: i64,
    seen: BTreeSet<i64>,
}

impl Follower {
    /// Follows from now on, without the news of `node` itself.
    pub(crate) async fn start<C: ConnectionTrait>(db: &C, node: &str) -> Result<Self, DbErr> {
        let mut follower = Self { node: node.to_owned(), last: 0, seen: BTreeSet::new() };
        let newest = change::Entity::find().order_by_desc(change::Column::Id).one(db).await?;
        follower.last = newest.map_or(0, |row| row.id);
        let there = follower.unseen(db).await?;
        follower.saw(&there);
        Ok(follower)
    }

    /// The news since it was last asked. What could not be read is still news the next time.
    pub(crate) async fn read<C: ConnectionTrait>(&mut self, db: &C) -> Result<Vec<News>, DbErr> {
        let unseen = self.unseen(db).await?;
        if unseen.is_empty() {
            return Ok(Vec::new());
        }
        if unseen.len() > MANY {
            self.saw(&unseen);
            return Ok(vec![News::Definitions, News::Organisation, News::Stale(Stale::everything())]);
        }
        let rows = change::Entity::find()
            .filter(change::Column::Id.is_in(unseen.iter().copied()))
            .filter(change::Column::Node.ne(self.node.as_str()))
            .order_by_asc(change::Column::Id)
            .all(db)
            .await?;
        self.saw(&unseen);
        // A row that this version can not read was written by a newer one.
        Ok(rows
            .iter()
            .map(|row| serde_json::from_str(&row.what).unwrap_or_else(|_| News::Stale(Stale::everything())))
            .collect())
    }

    async fn unseen<C: ConnectionTrait>(&self, db: &C) -> Result<Vec<i64>, DbErr> {
        let ids: Vec<i64> = change::Entity::find()
            .select_only()
            .column(change::Column::Id)
            .filter(change::Column::Id.gt(self.last - LOOK_BACK))
            .into_tuple()
            .all(db)
            .await?;
        Ok(ids.into_iter().filter(|id| !self.seen.contains(id)).collect())
    }

    fn saw(&mut self, ids: &[i64]) {
        self.seen.extend(ids);
        self.last = ids.iter().copied().max().unwrap_or(0).max(self.last);
        self.seen = self.seen.split_off(&(self.last - LOOK_BACK));
    }

    /// Removes rows that every node has read long ago.
    pub(crate) async fn trim<C: ConnectionTrait>(&self, db: &C) -> Result<(), DbErr> {
        change::Entity::delete_many().filter(change::Column::Id.lt(self.last - KEPT)).exec(db).await?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{db::Db, settings::Settings};

    #[tokio::test]
    async fn what_could_not_be_read_is_read_the_next_time() {
        let folder = tempfile::tempdir().unwrap();
        let db = Db::connect(&Settings::new(folder.path())).await.unwrap();
        db.migrate().await.unwrap();
        let mut follower = Follower::start(db.reader(), "me").await.unwrap();
        let write = db.write().await.unwrap();
        announce(&*write, "other", &News::Definitions).await.unwrap();
        announce(&*write, "me", &News::Organisation).await.unwrap();
        write.commit().await.unwrap();
        let rename = async |to: &str, from: &str| {
            let write = db.write().await.unwrap();
            let sql = format!("ALTER TABLE change RENAME COLUMN {from} TO {to}");
            sea_orm::ConnectionTrait::execute_unprepared(&*write, &sql).await.unwrap();
            write.commit().await.unwrap();
        };
        rename("gone", "what").await;
        follower.read(db.reader()).await.unwrap_err();
        rename("what", "gone").await;
        assert_eq!(follower.read(db.reader()).await.unwrap(), [News::Definitions]);
        assert_eq!(follower.read(db.reader()).await.unwrap(), []);
    }
}
