//! The compound file around an .xls, walked within bounds before the reader sees it.
//!
//! The reader reserves room for the rectangle up to the farthest cell and follows sector chains without an end, so this walks the
//! same chains and records first, refuses what leaves the bounds, and notes the hidden rows that the reader does not show.

use std::collections::BTreeSet;

use super::{
    MAX_CELLS, MAX_COLUMNS, MAX_ROWS, MAX_SHEETS, Refusal, damaged, encrypted, too_far, xlsx::too_many_sheets,
};

/// How a compound file begins.
pub(super) const SIGNATURE: &[u8] = b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1";

const END_OF_CHAIN: u32 = 0xFFFF_FFFE;
const RESERVED: u32 = 0xFFFF_FFFA;
const DIFSECT: u32 = 0xFFFF_FFFC;
/// Streams shorter than this lie in the mini stream.
const MINI_LIMIT: usize = 4096;
const MINI_SECTOR: usize = 64;

/// Bounds the workbook in a compound file: the hidden rows of each of its sheets, from 0.
///
/// # Errors
/// Where it is damaged, encrypted or too large.
pub(super) fn bound(bytes: &[u8]) -> Result<Vec<BTreeSet<u32>>, Refusal> {
    let file = File::open(bytes).ok_or_else(damaged)?;
    if file.entry("EncryptedPackage").is_some() {
        return Err(encrypted());
    }
    let entry = file.entry("Workbook").or_else(|| file.entry("Book")).ok_or_else(damaged)?;
    let stream = file.stream(entry).ok_or_else(damaged)?;
    let offsets = sheet_offsets(&stream)?;
    if offsets.len() > MAX_SHEETS {
        return Err(too_many_sheets());
    }
    offsets.into_iter().map(|offset| bound_sheet(stream.get(offset..).ok_or_else(damaged)?)).collect()
}

/// A compound file's table of contents.
struct File<'a> {
    /// What follows the header.
    body: &'a [u8],
    sector: usize,
    fat: Vec<u32>,
    mini_fat: Vec<u32>,
    mini_stream: Vec<u8>,
    entries: Vec<Entry>,
}

/// A stream of a compound file.
struct Entry {
    name: String,
    start: u32,
    length: usize,
}

impl<'a> File<'a> {
    fn open(bytes: &'a [u8]) -> Option<Self> {
        let sector = match u16_at(bytes, 30)? {
            9 => 512,
            12 => 4096,
            _ => return None,
        };
        let mut file = Self {
            body: bytes.get(sector..)?,
            sector,
            fat: Vec::new(),
            mini_fat: Vec::new(),
            mini_stream: Vec::new(),
            entries: Vec::new(),
        };
        file.read_fat(bytes)?;
        let directory = file.chain(u32_at(bytes, 48)?, usize::MAX)?;
        file.entries = directory.chunks_exact(128).filter_map(|entry| Entry::read(entry, sector)).collect();
        let mini_sectors = u32_at(bytes, 64)? as usize;
        if mini_sectors > 0 {
            let root = file.entries.first()?;
            file.mini_stream = file.chain(root.start, root.length)?;
            file.mini_fat = words(&file.chain(u32_at(bytes, 60)?, mini_sectors.checked_mul(sector)?)?);
        }
        Some(file)
    }

    fn read_fat(&mut self, header: &[u8]) -> Option<()> {
        let mut table = words(header.get(76..512)?);
        let mut next = u32_at(header, 68)?;
        let mut walked = 0;
        while next < RESERVED {
            walked += 1;
            if walked > self.count() + 1 {
                return None;
            }
            table.extend(words(self.sector_at(next)?));
            next = table.pop()?;
        }
        for id in table.into_iter().filter(|id| *id < DIFSECT) {
            let sector = words(self.sector_at(id)?);
            self.fat.extend(sector);
        }
        Some(())
    }

    /// The number of sectors of the file.
    const fn count(&self) -> usize {
        self.body.len() / self.sector + 1
    }

    /// A sector; the last one may be short.
    fn sector_at(&self, id: u32) -> Option<&'a [u8]> {
        let start = (id as usize).checked_mul(self.sector)?;
        let end = start.checked_add(self.sector)?.min(self.body.len());
        self.body.get(start..end)
    }

    /// The bytes of a chain of sectors, at most `length`. A chain longer than the file runs in a circle.
    fn chain(&self, start: u32, length: usize) -> Option<Vec<u8>> {
        let mut bytes = Vec::new();
        let mut id = start;
        for _ in 0..self.count() {
            if id == END_OF_CHAIN || bytes.len() >= length {
                break;
            }
            let sector = self.sector_at(id)?;
            bytes.extend_from_slice(sector.get(..sector.len().min(length - bytes.len()))?);
            id = *self.fat.get(id as usize)?;
        }
        (id == END_OF_CHAIN || bytes.len() >= length).then_some(bytes)
    }

    fn mini_chain(&self, start: u32, length: usize) -> Option<Vec<u8>> {
        let mut bytes = Vec::new();
        let mut id = start;
        while id != END_OF_CHAIN && bytes.len() < length {
            let at = (id as usize).checked_mul(MINI_SECTOR)?;
            let sector = self.mini_stream.get(at..at + MINI_SECTOR.min(length - bytes.len()))?;
            bytes.extend_from_slice(sector);
            id = *self.mini_fat.get(id as usize)?;
        }
        Some(bytes)
    }

    fn entry(&self, name: &str) -> Option<&Entry> {
        self.entries.iter().find(|entry| entry.name.eq_ignore_ascii_case(name))
    }

    fn stream(&self, entry: &Entry) -> Option<Vec<u8>> {
        if entry.length < MINI_LIMIT {
            self.mini_chain(entry.start, entry.length)
        } else {
            self.chain(entry.start, entry.length)
        }
    }
}

impl Entry {
    fn read(entry: &[u8], sector: usize) -> Option<Self> {
        let units: Vec<u16> = (0..32).filter_map(|at| u16_at(entry, at * 2)).take_while(|unit| *unit != 0).collect();
        let length = u32_at(entry, 120)? as usize;
        let high = if sector == 512 { 0 } else { u32_at(entry, 124)? as usize };
        Some(Self {
            name: String::from_utf16_lossy(&units),
            start: u32_at(entry, 116)?,
            length: length | high.checked_shl(32)?,
        })
    }
}

/// Where the sheets begin.
fn sheet_offsets(stream: &[u8]) -> Result<Vec<usize>, Refusal> {
    let mut offsets = Vec::new();
    for record in Records(stream) {
        match (record.kind, u16_at(record.data, 0)) {
            (0x002F, Some(method)) if method != 0 => return Err(encrypted()),
            (0x0085, _) => offsets.push(u32_at(record.data, 0).ok_or_else(damaged)? as usize),
            (0x000A, _) => break,
            _ => {}
        }
    }
    Ok(offsets)
}

/// Bounds one sheet's cells; its hidden rows.
fn bound_sheet(stream: &[u8]) -> Result<BTreeSet<u32>, Refusal> {
    let mut hidden = BTreeSet::new();
    let mut depth = 0_usize;
    for record in Records(stream) {
        match record.kind {
            0x0809 => depth += 1,
            0x000A => {
                depth = depth.saturating_sub(1);
                if depth == 0 {
                    break;
                }
            }
            0x0200 => bound_dimensions(record.data)?,
            0x0203 | 0x0204 | 0x00D6 | 0x0205 | 0x027E | 0x00FD | 0x0006 => bound_cell(record.data, 2)?,
            0x00BD => {
                bound_cell(record.data, 2)?;
                bound_cell(record.data, record.data.len().saturating_sub(2))?;
            }
            0x0208 => {
                let (row, flags) = (u16_at(record.data, 0), u16_at(record.data, 12));
                if let (Some(row), Some(flags)) = (row, flags)
                    && flags & 0x20 != 0
                {
                    hidden.insert(row.into());
                }
            }
            _ => {}
        }
    }
    Ok(hidden)
}

/// A cell record: the row first, the column at `at`.
fn bound_cell(data: &[u8], at: usize) -> Result<(), Refusal> {
    let row = u16_at(data, 0).ok_or_else(damaged)?.into();
    let column = u16_at(data, at).ok_or_else(damaged)?.into();
    if row >= MAX_ROWS || column >= MAX_COLUMNS { Err(too_far(row, column)) } else { Ok(()) }
}

/// The announced rectangle, which may include empty rows and columns but not so many that room for them is missing.
fn bound_dimensions(data: &[u8]) -> Result<(), Refusal> {
    let (first_row, last_row, first_column, last_column) = if data.len() == 10 {
        let at = |at| u16_at(data, at).map(u32::from);
        (at(0), at(2), at(4), at(6))
    } else {
        let at = |at| u16_at(data, at).map(u32::from);
        (u32_at(data, 0), u32_at(data, 4), at(8), at(10))
    };
    let (Some(top), Some(bottom), Some(left), Some(right)) = (first_row, last_row, first_column, last_column) else {
        return Err(damaged());
    };
    if bottom < top || right > 1 << 14 {
        return if bottom == 0 { Ok(()) } else { Err(damaged()) };
    }
    let left = if left > 0xFF || right < left { 0 } else { left };
    let cells = u64::from(bottom - top + 1) * u64::from(right - left + 1);
    if cells > 8 * MAX_CELLS as u64 { Err(too_far(bottom.saturating_sub(1), right.saturating_sub(1))) } else { Ok(()) }
}

/// A record of a workbook stream.
struct Record<'a> {
    kind: u16,
    data: &'a [u8],
}

/// The records of a stream, up to the first that is cut off.
struct Records<'a>(&'a [u8]);

impl<'a> Iterator for Records<'a> {
    type Item = Record<'a>;

    fn next(&mut self) -> Option<Self::Item> {
        let (kind, length) = (u16_at(self.0, 0)?, u16_at(self.0, 2)?);
        let end = 4 + usize::from(length);
        let data = self.0.get(4..end)?;
        self.0 = self.0.get(end..)?;
        Some(Record { kind, data })
    }
}

fn u16_at(bytes: &[u8], at: usize) -> Option<u16> {
    bytes.get(at..at.checked_add(2)?)?.try_into().ok().map(u16::from_le_bytes)
}

fn u32_at(bytes: &[u8], at: usize) -> Option<u32> {
    bytes.get(at..at.checked_add(4)?)?.try_into().ok().map(u32::from_le_bytes)
}

fn words(bytes: &[u8]) -> Vec<u32> {
    bytes.chunks_exact(4).filter_map(|word| u32_at(word, 0)).collect()
}
