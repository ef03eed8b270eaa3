//! The documents of a set of files, by kind and name.

use std::{ops::Range, sync::Arc};

use sha2::{Digest, Sha256};

use super::Document;
use crate::{
    check::{duplicate_name, not_a_document, not_utf8},
    diagnostic::{Diagnostic, Faults},
    source::{File, Place},
    text::Name,
    yaml::{self, Tree, read::At},
};

/// The kinds of document, in Chinese and English, by their first key.
const KINDS: [(&str, &str, &str); 9] = [
    ("module", "模块", "module"),
    ("workflow", "流程", "workflow"),
    ("form", "表单", "form"),
    ("policy", "权限文档", "policy"),
    ("dictionary", "字典", "dictionary"),
    ("calendar", "日历", "calendar"),
    ("organisation", "机构文档", "organisation"),
    ("template", "通知模板", "template"),
    ("scenario", "演练", "scenario"),
];

/// One document.
pub(super) struct Source {
    pub(super) kind: &'static str,
    pub(super) name: Name,
    pub(super) file: Arc<File>,
    pub(super) tree: Tree,
    /// False where a part of it could not be read.
    pub(super) whole: bool,
    span: Range<usize>,
    alone: bool,
}

/// All documents.
#[derive(Default)]
pub(super) struct Sources {
    all: Vec<Source>,
    scenarios: Vec<Source>,
    /// Whether some document could not be recognised, so that anything may be missing.
    lost: bool,
}

impl Sources {
    /// Reads `files`. Of two documents with one name the first counts.
    pub(super) fn of(files: &[Arc<File>], faults: &mut Faults) -> Self {
        let mut sources = Self::default();
        for file in files.iter().filter(|file| is_yaml(&file.path)) {
            // A file that was cut may end inside a character.
            let fits = file.text.len() <= yaml::MAX_BYTES;
            if let Some(at) = file.text.find(not_utf8::UNREADABLE).filter(|_| fits) {
                sources.lost = true;
                faults.push(not_utf8::fault(Place::new(Arc::clone(file), at..at + not_utf8::UNREADABLE.len_utf8())));
                continue;
            }
            let before = faults.errors();
            let documents = yaml::parse(file, faults);
            if documents.is_empty() {
                sources.lost |= faults.errors() > before;
                if faults.errors() == before {
                    let place = Place::new(Arc::clone(file), 0..0);
                    let empty = file.text.trim_matches(|c: char| c.is_whitespace() || c == '\u{feff}').is_empty();
                    faults.push(if empty { not_a_document::empty(place) } else { not_a_document::no_map(place) });
                }
            }
            let alone = documents.len() == 1;
            for document in documents {
                sources.add(file, document, alone, faults);
            }
        }
        sources
    }

    fn add(&mut self, file: &Arc<File>, document: yaml::Document, alone: bool, faults: &mut Faults) {
        let root = At::root(file, &document.tree);
        let Some(first) = document.tree.entries().first() else {
            self.lost = true;
            if document.whole {
                faults.push(not_a_document::no_map(root.place()));
            }
            return;
        };
        // `scenarios:` holds a list of scenarios.
        let key = if first.key == "scenarios" { "scenario" } else { first.key.as_str() };
        let Some((kind, ..)) = KINDS.into_iter().find(|(kind, ..)| *kind == key) else {
            self.lost = true;
            if document.whole {
                faults.push(not_a_document(root, &first.key));
            }
            return;
        };
        let name = if kind == "scenario" {
            Name::from("")
        } else {
            let name = root.get(kind).and_then(|at| {
                if document.whole { at.name(faults) } else { at.scalar().map(|s| Name::from(s.text.as_str())) }
            });
            let Some(name) = name else {
                self.lost = true;
                return;
            };
            name
        };
        let source = Source {
            kind,
            name,
            file: Arc::clone(file),
            whole: document.whole,
            span: document.span.clone(),
            alone,
            tree: document.tree,
        };
        self.keep(source, faults);
    }

    fn keep(&mut self, source: Source, faults: &mut Faults) {
        if source.kind == "scenario" {
            if source.whole {
                self.scenarios.push(source);
            }
            return;
        }
        let same =
            |other: &&Source| other.kind == source.kind && (other.name == source.name || source.kind == "organisation");
        if let Some(first) = self.all.iter().find(same) {
            let what =
                KINDS.into_iter().find(|(kind, ..)| *kind == source.kind).map_or(("", ""), |(_, zh, en)| (zh, en));
            faults.push(duplicate_name::fault(source.named().place(), what, &source.name, Some(first.named().place())));
        } else {
            self.all.push(source);
        }
    }

    /// The documents of one kind, by file.
    pub(super) fn of_kind(&self, kind: &'static str) -> impl Iterator<Item = &Source> {
        self.all.iter().filter(move |source| source.kind == kind)
    }

    /// All documents but scenarios.
    pub(super) fn all(&self) -> impl Iterator<Item = &Source> {
        self.all.iter()
    }

    /// The documents with scenarios.
    pub(super) fn scenarios(&self) -> impl Iterator<Item = &Source> {
        self.scenarios.iter()
    }

    /// Whether some document could not be recognised, so that anything may be missing.
    pub(super) const fn lost(&self) -> bool {
        self.lost
    }

    /// Whether every kind is known: every module was read as a whole.
    pub(super) fn modules_whole(&self) -> bool {
        !self.lost && self.of_kind("module").all(|source| source.whole)
    }
}

/// Why the first key `first` of a document is none: its kind may stand further below, or be written in Chinese.
fn not_a_document(root: At<'_>, first: &str) -> Diagnostic {
    let kinds = KINDS.map(|(kind, ..)| kind);
    let below = kinds.into_iter().find_map(|kind| Some((kind, root.get(kind)?)));
    if let Some((kind, at)) = below {
        return not_a_document::not_first(root.place(), first, kind, at.key_place());
    }
    let meant = KINDS.into_iter().find(|(_, zh, en)| *zh == first || en.eq_ignore_ascii_case(first));
    match meant {
        Some((kind, ..)) => not_a_document::meant(root.place(), first, kind),
        None => not_a_document::fault(root.place(), first, &kinds),
    }
}

impl Source {
    pub(super) fn root(&self) -> At<'_> {
        At::root(&self.file, &self.tree)
    }

    /// The name behind the first key.
    pub(super) fn named(&self) -> At<'_> {
        self.root().get(self.kind).unwrap_or_else(|| self.root())
    }

    fn text(&self) -> &str {
        if self.alone { &self.file.text } else { self.file.text.get(self.span.clone()).unwrap_or_default() }
    }

    /// The content hash.
    pub(super) fn version(&self) -> Name {
        hash(self.text())
    }

    /// What publishing needs.
    pub(super) fn document(&self) -> Document {
        let file = if self.alone {
            Arc::clone(&self.file)
        } else {
            Arc::new(File { path: self.file.path.clone(), text: self.text().to_owned() })
        };
        Document { kind: self.kind, name: self.name.clone(), version: self.version(), forms: Vec::new(), file }
    }
}

/// Whether a file is configuration: other files may lie beside it, such as the model of a policy.
fn is_yaml(path: &str) -> bool {
    let ending = path.rsplit_once('.').map(|(_, ending)| ending);
    ending.is_some_and(|ending| ending.eq_ignore_ascii_case("yaml") || ending.eq_ignore_ascii_case("yml"))
}

/// SHA-256 as 64 lower-case hexadecimal digits.
pub(super) fn hash(text: &str) -> Name {
    let digest = Sha256::digest(text.as_bytes());
    let mut hex = String::with_capacity(64);
    for byte in digest {
        for digit in [byte >> 4, byte & 15] {
            hex.push(char::from_digit(u32::from(digit), 16).unwrap_or('0'));
        }
    }
    Name::from(hex)
}
