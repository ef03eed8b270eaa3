//! From text to trees, with bounds checked before anything grows, and past syntax errors so that one run reports several.

use std::{collections::BTreeMap, ops::Range, sync::Arc};

use granit_parser::{Event, Parser, ScalarStyle, Span};

use super::{Entry, Kind, MAX_BYTES, MAX_DEPTH, MAX_NODES, Scalar, Style, Tree, slips, syntax};
use crate::{
    check::{duplicate_key, too_large, yaml_alias, yaml_syntax, yaml_tag},
    diagnostic::{Diagnostic, Faults},
    source::{File, Place},
};

/// How often parsing goes on after a syntax error in one file.
const MAX_ERRORS: usize = 10;

/// One document of a file.
#[derive(Debug, Clone)]
pub(crate) struct Document {
    /// Its root.
    pub(crate) tree: Tree,
    /// Its bytes, comments before it included.
    pub(crate) span: Range<usize>,
    /// False where a part had to be left out because of a syntax error.
    pub(crate) whole: bool,
}

/// Reads the documents of `file`; what is wrong goes to `faults`.
pub(crate) fn parse(file: &Arc<File>, faults: &mut Faults) -> Vec<Document> {
    if file.text.len() > MAX_BYTES {
        faults.push(too_large::bytes(Place::new(Arc::clone(file), 0..0)));
        return Vec::new();
    }
    let mut text = file.text.clone();
    let mut blanked: Vec<Range<usize>> = Vec::new();
    loop {
        let mut attempt = Attempt::new(file, &text);
        let Err(stop) = attempt.run() else {
            let Attempt { mut documents, faults: found, .. } = attempt;
            faults.append(found);
            for document in &mut documents {
                document.whole &=
                    !blanked.iter().any(|gap| gap.start < document.span.end && document.span.start < gap.end);
            }
            return documents;
        };
        let offset = stop.place.span.start;
        let terminal = stop.terminal;
        faults.push(stop.into_diagnostic());
        let gap = lines_to_leave_out(&text, offset);
        let stuck = blanked.iter().any(|before| before.contains(&gap.start)) || gap.is_empty();
        if terminal || stuck || blanked.len() + 1 == MAX_ERRORS {
            // What was read before the fault still tells the document's name, so that others may refer to it.
            return attempt.abandon();
        }
        blank(&mut text, &gap);
        blanked.push(gap);
    }
}

/// The line of `offset` and the deeper lines below it: what belongs to a broken entry.
fn lines_to_leave_out(text: &str, offset: usize) -> Range<usize> {
    let offset = text.floor_char_boundary(offset.min(text.len()));
    let start = text.get(..offset).and_then(|before| before.rfind('\n')).map_or(0, |at| at + 1);
    let mut end = start;
    let mut first = None;
    for line in text.get(start..).unwrap_or_default().split_inclusive('\n') {
        let depth = line.len() - line.trim_start_matches([' ', '\t']).len();
        let empty = line.trim().is_empty();
        match first {
            None => first = Some(depth),
            Some(first) if !empty && depth <= first => break,
            Some(_) => {}
        }
        end += line.len();
    }
    if text.get(start..end).is_some_and(|lines| lines.trim().is_empty()) { start..start } else { start..end }
}

/// Blanks out `gap`, so that everything else keeps its place.
fn blank(text: &mut String, gap: &Range<usize>) {
    let spaces: String =
        text.get(gap.clone()).unwrap_or_default().bytes().map(|byte| if byte == b'\n' { '\n' } else { ' ' }).collect();
    text.replace_range(gap.clone(), &spaces);
}

/// Why an attempt ended early.
struct Stop {
    place: Place,
    fault: Result<granit_parser::ErrorKind, Diagnostic>,
    terminal: bool,
}

impl Stop {
    fn into_diagnostic(self) -> Diagnostic {
        match self.fault {
            Ok(kind) => {
                let (message, help) = syntax::words(&kind);
                yaml_syntax::fault(self.place, message, help)
            }
            Err(diagnostic) => diagnostic,
        }
    }
}

/// A list or map whose end has not come yet.
enum Open {
    List { start: usize, elements: Vec<Tree> },
    Map { start: usize, entries: Vec<Entry>, key: Option<(String, Range<usize>)>, seen: BTreeMap<String, Range<usize>> },
}

struct Attempt<'a> {
    file: &'a Arc<File>,
    text: &'a str,
    documents: Vec<Document>,
    faults: Faults,
    open: Vec<Open>,
    nodes: usize,
    document_start: usize,
    root: Option<Tree>,
    /// Whether the document holds what is not supported, so that what it means can not be judged.
    spoilt: bool,
}

impl<'a> Attempt<'a> {
    fn new(file: &'a Arc<File>, text: &'a str) -> Self {
        Self {
            file,
            text,
            documents: Vec::new(),
            faults: Faults::default(),
            open: Vec::new(),
            nodes: 0,
            document_start: 0,
            root: None,
            spoilt: false,
        }
    }

    fn run(&mut self) -> Result<(), Box<Stop>> {
        let options =
            granit_parser::options! { disallow_directives: true, emit_comments: false, emit_unresolved_aliases: true };
        let mut parser = Parser::new_from_str_with_options(self.text, options);
        while let Some(next) = parser.next_event() {
            match next {
                Ok((event, span)) => self.event(event, span)?,
                Err(error) => {
                    let at = error.marker().byte_offset().unwrap_or_default();
                    let kind = error.kind();
                    let (place, fault) = match slips::find(self.text, at, self.unclosed_before(at), kind) {
                        Some((span, slip)) => {
                            (self.place(span.clone()), Err(yaml_syntax::slip(self.place(span), slip)))
                        }
                        None => (self.place(self.around(at)), Ok(kind.clone())),
                    };
                    return Err(Box::new(Stop { place, fault, terminal: false }));
                }
            }
        }
        Ok(())
    }

    /// The innermost bracket that is still open, where it stands on an earlier line than `at`: that one is at fault.
    fn unclosed_before(&self, at: usize) -> Option<usize> {
        let start = self.open.iter().rev().find_map(|open| {
            let (Open::List { start, .. } | Open::Map { start, .. }) = open;
            self.text.get(*start..)?.starts_with(['{', '[']).then_some(*start)
        })?;
        self.text.get(start..at)?.contains('\n').then_some(start)
    }

    /// The character at `at`, or the last one before it where `at` is the end of a line.
    fn around(&self, at: usize) -> Range<usize> {
        let at = self.text.floor_char_boundary(at.min(self.text.len()));
        match self.text.get(at..).and_then(|rest| rest.chars().next()) {
            Some(char) if char != '\n' && char != '\r' => at..at + char.len_utf8(),
            _ => {
                let before = self.text.get(..at).unwrap_or_default().trim_end();
                let last = before.chars().next_back().map_or(0, char::len_utf8);
                before.len() - last..before.len()
            }
        }
    }

    fn place(&self, span: Range<usize>) -> Place {
        Place::new(Arc::clone(self.file), span)
    }

    fn range(&self, span: Span) -> Range<usize> {
        let range = span.byte_range().unwrap_or(0..0);
        let end = self.text.floor_char_boundary(range.end.min(self.text.len()));
        self.text.floor_char_boundary(range.start.min(end))..end
    }

    fn event(&mut self, event: Event<'_>, span: Span) -> Result<(), Box<Stop>> {
        let range = self.range(span);
        if let Some(tag) = event.tag() {
            let at = span.tag_span().map_or_else(|| range.clone(), |span| self.range(span));
            self.spoilt = true;
            self.faults.push(yaml_tag::fault(self.place(at), &tag.original()));
        }
        if event.is_node() {
            self.nodes += 1;
            if self.nodes > MAX_NODES {
                return Err(self.terminal(range.clone(), too_large::nodes(self.place(range))));
            }
        }
        if event.anchor_id().is_some() {
            self.faults.push(yaml_alias::anchor(self.place(self.anchor_before(range.start))));
        }
        match event {
            Event::DocumentStart(..) => {
                self.root = None;
                self.open.clear();
            }
            Event::DocumentEnd => self.end_document(range.end),
            Event::Scalar(text, style, ..) => {
                let style = match style {
                    ScalarStyle::Plain => Style::Plain,
                    ScalarStyle::SingleQuoted => Style::Single,
                    ScalarStyle::DoubleQuoted => Style::Double,
                    ScalarStyle::Literal | ScalarStyle::Folded => Style::Block,
                };
                // The parser gives `~` where nothing is written.
                let text = if style == Style::Plain && range.is_empty() { String::new() } else { text.into_owned() };
                if style == Style::Plain {
                    self.report_wide_blank(&range);
                }
                self.value(range, Kind::Scalar(Scalar { text, style }));
            }
            Event::Alias(_) | Event::UnresolvedAlias(_) => {
                self.spoilt = true;
                self.faults.push(yaml_alias::alias(self.place(range.clone())));
                self.value(range, Kind::Scalar(Scalar { text: String::new(), style: Style::Plain }));
            }
            Event::SequenceStart(..) | Event::MappingStart(..) => {
                if self.open.len() >= MAX_DEPTH {
                    return Err(self.terminal(range.clone(), too_large::depth(self.place(self.around(range.start)))));
                }
                self.open.push(if matches!(event, Event::SequenceStart(..)) {
                    Open::List { start: range.start, elements: Vec::new() }
                } else {
                    Open::Map { start: range.start, entries: Vec::new(), key: None, seen: BTreeMap::new() }
                });
            }
            Event::SequenceEnd | Event::MappingEnd => self.close(range.end),
            _ => {}
        }
        Ok(())
    }

    /// Reports a blank at either end of an unquoted text that YAML takes for a letter: nobody sees it.
    fn report_wide_blank(&mut self, range: &Range<usize>) {
        let text = self.text.get(range.clone()).unwrap_or_default();
        let is_blank = |c: &char| (c.is_whitespace() || *c == '\u{200b}') && !c.is_ascii();
        let first = text.chars().next().filter(is_blank).map(|c| range.start..range.start + c.len_utf8());
        let last = text.chars().next_back().filter(is_blank).map(|c| range.end - c.len_utf8()..range.end);
        if let Some(span) = first.or(last) {
            self.spoilt = true;
            self.faults.push(yaml_syntax::wide_blank(self.place(span)));
        }
    }

    fn terminal(&self, range: Range<usize>, fault: Diagnostic) -> Box<Stop> {
        Box::new(Stop { place: self.place(range), fault: Err(fault), terminal: true })
    }

    /// The `&name` that stands before a value.
    fn anchor_before(&self, at: usize) -> Range<usize> {
        let before = self.text.get(..at).unwrap_or_default();
        let Some(start) = before.rfind('&') else { return self.around(at) };
        let name = before.get(start..).unwrap_or_default();
        start..start + name.find(char::is_whitespace).unwrap_or(name.len())
    }

    fn close(&mut self, end: usize) {
        let Some(open) = self.open.pop() else { return };
        let (start, last, kind) = match open {
            Open::List { start, elements } => (start, elements.last().map(|tree| tree.span.end), Kind::List(elements)),
            Open::Map { start, entries, .. } => {
                (start, entries.last().map(|entry| entry.value.span.end.max(entry.key_span.end)), Kind::Map(entries))
            }
        };
        // In block style the end event stands behind blank lines and comments.
        let flow = self.text.get(start..).is_some_and(|rest| rest.starts_with(['{', '[']));
        let end = if flow { end } else { last.unwrap_or(end) };
        self.value(start..end.max(start), kind);
    }

    fn value(&mut self, span: Range<usize>, kind: Kind) {
        let mut unkeyed = None;
        let mut wide_colon = None;
        match self.open.last_mut() {
            None => self.root = Some(Tree { span, kind }),
            Some(Open::List { elements, .. }) => elements.push(Tree { span, kind }),
            Some(Open::Map { entries, key, .. }) => match key.take() {
                Some((key, key_span)) => entries.push(Entry { key, key_span, value: Tree { span, kind } }),
                None => match kind {
                    Kind::Scalar(scalar) => {
                        wide_colon =
                            scalar.text.find('：').filter(|_| scalar.style == Style::Plain).map(|at| span.start + at);
                        *key = Some((scalar.text, span));
                    }
                    Kind::List(_) | Kind::Map(_) => {
                        *key = Some((String::new(), span.clone()));
                        unkeyed = Some(span);
                    }
                },
            },
        }
        if let Some(span) = unkeyed {
            self.faults.push(yaml_syntax::key_is_no_text(self.place(span)));
        }
        if let Some(at) = wide_colon {
            self.spoilt = true;
            self.faults.push(yaml_syntax::wide_colon(self.place(at..at + '：'.len_utf8())));
        }
        self.report_duplicate();
    }

    /// Reports the entry just added to the innermost map, where its key stands there already.
    fn report_duplicate(&mut self) {
        let Some(Open::Map { entries, key: None, seen, .. }) = self.open.last_mut() else { return };
        let Some(last) = entries.last().filter(|entry| !entry.key.is_empty()) else { return };
        let Some(first) = seen.get(&last.key) else {
            seen.insert(last.key.clone(), last.key_span.clone());
            return;
        };
        let (key, at, first) = (last.key.clone(), last.key_span.clone(), first.clone());
        if at != first {
            self.faults.push(duplicate_key::fault(self.place(at), &key, self.place(first)));
        }
    }

    fn end_document(&mut self, end: usize) {
        let span = self.document_start..end;
        self.document_start = end;
        if let Some(tree) = self.root.take()
            && !tree.is_absent()
        {
            self.documents.push(Document { tree, span, whole: !self.spoilt });
        }
        self.spoilt = false;
    }

    /// The documents read so far, and what there is of the one with the fault.
    fn abandon(mut self) -> Vec<Document> {
        let end = self.text.len();
        while !self.open.is_empty() {
            self.close(end);
        }
        self.end_document(end);
        if let Some(last) = self.documents.last_mut() {
            last.whole = false;
        }
        self.documents
    }
}
