//! Page numbers (decision 0004): from 1, bounded in size and depth.

use docket_engine::text::Text;

use crate::failure::{Failure, Fault};

/// The most rows of one page.
pub const MAX_PER_PAGE: u32 = 100;
/// The deepest row that paging reaches; beyond it, filters are the way.
pub const MAX_DEPTH: u64 = 10_000;

/// A page that was asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Page {
    /// From 1.
    pub number: u32,
    /// Rows a page, 1 to [`MAX_PER_PAGE`].
    pub size: u32,
}

impl Page {
    /// The page `number` (1 by default) of `size` rows (20 by default).
    ///
    /// # Errors
    /// A fault for each number out of its range.
    pub fn new(number: Option<u32>, size: Option<u32>) -> Result<Self, Failure> {
        let page = Self { number: number.unwrap_or(1), size: size.unwrap_or(20) };
        let mut faults = Vec::new();
        if !(1..=MAX_PER_PAGE).contains(&page.size) {
            let message = Text::new("每页应为 1 至 100 条", "between 1 and 100 rows a page");
            faults.push(Fault::new("/per_page", "range", message));
        } else if page.number == 0 || u64::from(page.number) * u64::from(page.size) > MAX_DEPTH {
            let message = Text::new(
                "页码过大：请用筛选缩小范围（最多翻到第 10000 条）",
                "too deep: filter instead (at most 10,000 rows deep)",
            );
            faults.push(Fault::new("/page", "range", message));
        }
        if faults.is_empty() { Ok(page) } else { Err(Failure::Invalid(faults)) }
    }

    /// How many rows lie before it.
    #[must_use]
    pub fn offset(self) -> u64 {
        u64::from(self.number - 1) * u64::from(self.size)
    }

    /// How many rows it holds.
    #[must_use]
    pub fn limit(self) -> u64 {
        u64::from(self.size)
    }
}
