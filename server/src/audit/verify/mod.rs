//! Checking every chain: the log, each item's history, and the seals that hold them together.

mod items;
mod log;

use docket_engine::text::Text;
use sea_orm::{ConnectionTrait, DbErr};

use super::Hasher;
use crate::state::Shared;

/// Faults that are told one by one; of more only the number.
const MOST_TOLD: usize = 1_000;

/// Which chain.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Chain {
    /// The administrators' log.
    Log,
    /// The history of the items below this root.
    Item(i64),
    /// The heads that this row of the log seals.
    Seal(i64),
}

/// What is wrong where a chain breaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// Rows before this one are gone.
    Gap,
    /// The row is not what was written.
    Changed,
    /// The chain does not end where it should: rows at its end are gone or were added.
    End,
    /// The row's hash can not be computed: it needs another key, or an algorithm that this version does not know.
    Unreadable,
    /// The whole chain, or the row that a seal names, is gone.
    Removed,
}

/// The first broken row of one chain.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Broken {
    /// Which chain.
    pub chain: Chain,
    /// Its row; of a seal the number of the root.
    pub row: i64,
    /// What is wrong there.
    pub fault: Fault,
}

/// What was checked and what is broken.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Report {
    /// Rows of the log.
    pub rows: u64,
    /// Number and hash of the log's last row, to be kept elsewhere.
    pub end: (i64, String),
    /// Items' chains.
    pub items: u64,
    /// Entries in them.
    pub entries: u64,
    /// Seals.
    pub seals: u64,
    /// The first broken row of every broken chain, as far as they are told.
    pub broken: Vec<Broken>,
    /// How many chains are broken.
    pub count: u64,
}

impl Report {
    /// Whether every chain is whole.
    #[must_use]
    pub const fn is_whole(&self) -> bool {
        self.count == 0
    }

    fn add(&mut self, chain: Chain, row: i64, fault: Fault) {
        self.count += 1;
        if self.broken.len() < MOST_TOLD {
            self.broken.push(Broken { chain, row, fault });
        }
    }
}

impl Broken {
    /// What is broken, in a sentence.
    #[must_use]
    pub fn sentence(&self) -> Text {
        let row = self.row;
        let (zh, en) = match self.fault {
            Fault::Gap => ("之前的记录缺失", "rows before it are gone"),
            Fault::Changed => ("与写入时不一致", "it is not what was written"),
            Fault::End => ("之后的记录缺失或多出", "rows after it are gone, or were added"),
            Fault::Unreadable => {
                ("无法验算：密钥或算法与写入时不同", "it can not be checked: another key or algorithm")
            }
            Fault::Removed => ("整条链或被封存的记录已被删除", "the chain, or the row that is sealed, was removed"),
        };
        match self.chain {
            Chain::Log => Text::new(format!("审计日志第 {row} 条：{zh}"), format!("log, row {row}: {en}")),
            Chain::Item(root) => Text::new(
                format!("事项 {root} 的历史第 {row} 条：{zh}"),
                format!("history of item {root}, row {row}: {en}"),
            ),
            Chain::Seal(seal) => Text::new(
                format!("第 {seal} 条封存的事项 {row}：{zh}"),
                format!("item {row}, sealed by row {seal}: {en}"),
            ),
        }
    }
}

/// Checks everything, as it stands at one moment.
///
/// # Errors
/// The database's own.
pub async fn verify(shared: &Shared) -> Result<Report, DbErr> {
    check(&shared.db.snapshot().await?, &shared.settings.security.audit.hasher).await
}

/// Checks everything that `db` sees.
///
/// # Errors
/// The database's own.
pub async fn check<C: ConnectionTrait>(db: &C, hasher: &Hasher) -> Result<Report, DbErr> {
    let mut report = check_log(db, hasher).await?;
    items::check(db, &mut report).await?;
    Ok(report)
}

/// Checks the log alone.
///
/// # Errors
/// The database's own.
pub async fn check_log<C: ConnectionTrait>(db: &C, hasher: &Hasher) -> Result<Report, DbErr> {
    let mut report = Report::default();
    log::check(db, hasher, &mut report).await?;
    Ok(report)
}
