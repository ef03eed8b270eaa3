//! The package around an .xlsx: bounded before anything reads it, and the parts of it that the workbook reader does not show.
//!
//! Every part is inflated once into nothing, so that what sizes the package claims does not matter.

use std::{
    borrow::Cow,
    collections::{BTreeMap, BTreeSet},
    io::{BufReader, Cursor, Read},
};

use docket_engine::text::Text;
use quick_xml::{
    Reader,
    events::{BytesStart, Event},
};
use zip::{CompressionMethod, ZipArchive, read::ZipFile};

use super::{MAX_ROWS, Refusal, damaged, encrypted, not_a_workbook, too_large};

/// The most bytes that a package may inflate to (100 MiB).
const MAX_INFLATED: u64 = 100 << 20;
/// The most parts of a package.
const MAX_PARTS: usize = 2_000;
/// The most elements of a style sheet: each becomes a record of several hundred bytes.
const MAX_STYLES: u64 = 300_000;
/// The most shared strings that a table may announce: the reader reserves room for as many.
const MAX_STRINGS: u64 = 2_000_000;

type Archive<'a> = ZipArchive<Cursor<&'a [u8]>>;

/// A bounded package.
pub(super) struct Package<'a> {
    archive: Archive<'a>,
}

impl<'a> Package<'a> {
    /// Bounds the package.
    ///
    /// # Errors
    /// Where it is none, is damaged, is encrypted, or inflates to more than is allowed.
    pub(super) fn open(bytes: &'a [u8]) -> Result<Self, Refusal> {
        let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(|_| damaged())?;
        if archive.len() > MAX_PARTS {
            return Err(too_large(
                &format!("文件内部有 {} 个部分，超过 {MAX_PARTS} 个", archive.len()),
                &format!("the file consists of {} parts, more than {MAX_PARTS}", archive.len()),
            ));
        }
        let mut left = MAX_INFLATED;
        for index in 0..archive.len() {
            let mut part = archive.by_index(index).map_err(|error| match error {
                zip::result::ZipError::UnsupportedArchive(_) => encrypted(),
                _ => damaged(),
            })?;
            bound(&mut part, &mut left)?;
        }
        let mut package = Self { archive };
        package.bound_strings()?;
        Ok(package)
    }

    /// The hidden rows of each sheet, from 0, by the sheet's name.
    ///
    /// # Errors
    /// Where the package is no spreadsheet.
    pub(super) fn hidden_rows(&mut self) -> Result<BTreeMap<String, BTreeSet<u32>>, Refusal> {
        let book = self.workbook_path()?;
        let (folder, file) = book.rsplit_once('/').unwrap_or(("", &book));
        let relations = self.elements(&join(folder, &format!("_rels/{file}.rels")), "Relationship")?;
        let mut hidden = BTreeMap::new();
        for sheet in self.elements(&book, "sheet")? {
            let (Some(name), Some(id)) = (sheet.get("name"), sheet.get("id")) else { continue };
            let target = relations.iter().find(|one| one.get("Id") == Some(id)).and_then(|one| one.get("Target"));
            if let Some(target) = target {
                hidden.insert(name.clone(), self.hidden_rows_of(&join(folder, target))?);
            }
        }
        Ok(hidden)
    }

    fn workbook_path(&mut self) -> Result<String, Refusal> {
        let relations = self.elements("_rels/.rels", "Relationship")?;
        let target = relations
            .iter()
            .find(|one| one.get("Type").is_some_and(|kind| kind.ends_with("/officeDocument")))
            .and_then(|one| one.get("Target"));
        let Some(target) = target else {
            return Err(not_a_workbook(&Text::new(
                "文件是压缩包，但里面不是 Excel 表格",
                "the file is an archive, but not an Excel spreadsheet",
            )));
        };
        Ok(join("", target))
    }

    fn hidden_rows_of(&mut self, path: &str) -> Result<BTreeSet<u32>, Refusal> {
        let mut hidden = BTreeSet::new();
        let mut row = 0;
        self.each_element(path, "row", |attributes| {
            row = attributes.get("r").and_then(|text| text.parse().ok()).unwrap_or(row + 1);
            let is_hidden = attributes.get("hidden").is_some_and(|value| value == "1" || value == "true");
            if is_hidden && (1..=MAX_ROWS).contains(&row) {
                hidden.insert(row - 1);
            }
            row < MAX_ROWS
        })?;
        Ok(hidden)
    }

    /// Refuses a table of shared strings that announces more than it can hold.
    fn bound_strings(&mut self) -> Result<(), Refusal> {
        let tables: Vec<String> = self
            .archive
            .file_names()
            .flatten()
            .filter(|name| name.to_ascii_lowercase().ends_with("sharedstrings.xml"))
            .map(Cow::into_owned)
            .collect();
        for table in tables {
            let mut announced = 0;
            self.each_element(&table, "sst", |attributes| {
                announced = attributes.get("uniqueCount").and_then(|text| text.parse().ok()).unwrap_or(0);
                false
            })?;
            if announced > MAX_STRINGS {
                return Err(too_large(
                    "文件声明的文本数量过多",
                    "the file announces more texts than a spreadsheet can hold",
                ));
            }
        }
        Ok(())
    }

    /// The attributes of every element called `element` in a part; none where there is no such part.
    fn elements(&mut self, path: &str, element: &str) -> Result<Vec<BTreeMap<String, String>>, Refusal> {
        let mut all = Vec::new();
        self.each_element(path, element, |attributes| {
            all.push(attributes);
            all.len() < MAX_PARTS
        })?;
        Ok(all)
    }

    /// Hands the attributes of the elements called `element` to `each`, until that says false.
    fn each_element(
        &mut self,
        path: &str,
        element: &str,
        mut each: impl FnMut(BTreeMap<String, String>) -> bool,
    ) -> Result<(), Refusal> {
        let Some(index) = self.index_of(path) else { return Ok(()) };
        let part = self.archive.by_index(index).map_err(|_| damaged())?;
        let mut xml = Reader::from_reader(BufReader::new(part));
        xml.config_mut().check_end_names = false;
        let mut buffer = Vec::new();
        loop {
            buffer.clear();
            match xml.read_event_into(&mut buffer).map_err(|_| damaged())? {
                Event::Start(start) | Event::Empty(start)
                    if start.local_name().as_ref() == element && !each(attributes(&start)) =>
                {
                    return Ok(());
                }
                Event::Eof => return Ok(()),
                _ => {}
            }
        }
    }

    fn index_of(&self, path: &str) -> Option<usize> {
        let found = self.archive.index_for_name(path);
        found.or_else(|| {
            let name = self.archive.file_names().flatten().find(|name| name.eq_ignore_ascii_case(path))?;
            self.archive.index_for_name(&name)
        })
    }
}

/// Inflates a part into nothing, and counts.
fn bound(part: &mut ZipFile<'_, Cursor<&[u8]>>, left: &mut u64) -> Result<(), Refusal> {
    if part.encrypted() {
        return Err(encrypted());
    }
    if !matches!(part.compression(), CompressionMethod::Stored | CompressionMethod::Deflated) {
        return Err(damaged());
    }
    let is_styles = part.name().map_err(|_| damaged())?.to_ascii_lowercase().ends_with("styles.xml");
    let mut elements = 0_u64;
    let mut buffer = [0_u8; 1 << 14];
    loop {
        let read = part.read(&mut buffer).map_err(|_| damaged())?;
        if read == 0 {
            return Ok(());
        }
        *left = left.checked_sub(read as u64).ok_or_else(inflates)?;
        if is_styles {
            elements += buffer.iter().take(read).filter(|byte| **byte == b'<').map(|_| 1).sum::<u64>();
            if elements > MAX_STYLES {
                return Err(too_large("文件中的单元格样式过多", "the file holds too many cell styles"));
            }
        }
    }
}

fn inflates() -> Refusal {
    too_large(
        &format!("文件解压后超过 {} MB", MAX_INFLATED >> 20),
        &format!("the file inflates to more than {} MB", MAX_INFLATED >> 20),
    )
}

/// A relation's target as the name of a part.
fn join(folder: &str, target: &str) -> String {
    match target.strip_prefix('/') {
        Some(absolute) => absolute.to_owned(),
        None if folder.is_empty() => target.to_owned(),
        None => format!("{folder}/{target}"),
    }
}

/// The attributes of an element by their local names; what is malformed is left out.
fn attributes(start: &BytesStart<'_>) -> BTreeMap<String, String> {
    let mut all = BTreeMap::new();
    for attribute in start.attributes().with_checks(false).flatten() {
        let name = attribute.key.local_name().as_ref().to_owned();
        if let Ok(value) = quick_xml::escape::unescape(&attribute.value) {
            all.insert(name, value.into_owned());
        }
    }
    all
}
