//! The XML underneath: parsed within bounds, every element with its line.
//!
//! INVARIANT: a [`Document`] nests at most [`MAX_DEPTH`] elements deep, so that walking down it by recursion is safe.

pub(crate) mod write;

use std::collections::BTreeMap;

use docket_engine::text::Text;

use crate::error::{Error, Problem};

/// An element, comment or text of a document.
pub(crate) type Node<'a> = roxmltree::Node<'a, 'a>;

/// Largest file, in bytes.
pub const MAX_BYTES: usize = 8 << 20;
/// Deepest nesting of elements.
pub const MAX_DEPTH: usize = 64;
/// Most elements and texts.
pub const MAX_NODES: u32 = 400_000;

/// The namespace of BPMN's elements.
pub(crate) const BPMN: &str = "http://www.omg.org/spec/BPMN/20100524/MODEL";
/// The namespace of BPMN's diagrams.
pub(crate) const DI: &str = "http://www.omg.org/spec/BPMN/20100524/DI";
/// The namespace of bounds.
pub(crate) const DC: &str = "http://www.omg.org/spec/DD/20100524/DC";
/// The namespace of waypoints.
pub(crate) const DD: &str = "http://www.omg.org/spec/DD/20100524/DI";
/// The namespace of schema instances, as in `xsi:type`.
pub(crate) const XSI: &str = "http://www.w3.org/2001/XMLSchema-instance";
/// The namespace of what BPMN has no element for.
pub const DOCKET: &str = "urn:docket:bpmn:1";

/// A parsed file.
#[derive(Debug)]
pub(crate) struct Document<'a> {
    /// The tree.
    pub(crate) tree: roxmltree::Document<'a>,
    lines: Lines,
}

impl<'a> Document<'a> {
    /// Parses `text`.
    pub(crate) fn parse(text: &'a str) -> Result<Self, Error> {
        if text.len() > MAX_BYTES {
            return Err(too_large(
                1,
                format!("文件有 {} 字节，最多 {MAX_BYTES} 字节", text.len()),
                format!("the file has {} bytes; at most {MAX_BYTES} are read", text.len()),
            ));
        }
        let lines = Lines::of(text);
        if let Some(deep) = deepest(text) {
            return Err(too_large(
                lines.line(deep),
                format!("元素嵌套超过 {MAX_DEPTH} 层"),
                format!("elements are nested more than {MAX_DEPTH} levels deep"),
            ));
        }
        let options = roxmltree::ParsingOptions { allow_dtd: false, nodes_limit: MAX_NODES, entity_resolver: None };
        let tree =
            roxmltree::Document::parse_with_options(text, options).map_err(|error| refused(&error, text, &lines))?;
        Ok(Self { tree, lines })
    }

    /// The line of an element, from 1.
    pub(crate) fn line(&self, node: Node<'_>) -> usize {
        self.lines.line(node.range().start)
    }

    /// The elements by their `id`, and a problem for each id that stands twice.
    pub(crate) fn ids(&'a self) -> Result<BTreeMap<&'a str, Node<'a>>, Error> {
        let mut ids: BTreeMap<&str, Node<'_>> = BTreeMap::new();
        let mut problems = Vec::new();
        for node in self.tree.descendants().filter(roxmltree::Node::is_element) {
            // Ids of foreign elements are none of ours.
            let space = node.tag_name().namespace();
            let Some(id) = node.attribute("id").filter(|_| space == Some(BPMN) || space == Some(DI)) else { continue };
            if let Some(first) = ids.insert(id, node) {
                let first = self.line(first);
                problems.push(Problem::new(
                    "duplicate-id",
                    self.line(node),
                    Text::new(
                        format!("编号 `{id}` 已在第 {first} 行用过；请让每个元素的 id 各不相同"),
                        format!("the id `{id}` stands in line {first} already; give each element an id of its own"),
                    ),
                ));
            }
        }
        if problems.is_empty() { Ok(ids) } else { Err(Error::of(problems)) }
    }
}

/// Where lines begin.
#[derive(Debug)]
struct Lines(Vec<usize>);

impl Lines {
    fn of(text: &str) -> Self {
        Self(text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n').map(|(at, _)| at + 1).collect())
    }

    fn line(&self, offset: usize) -> usize {
        self.0.partition_point(|start| *start <= offset) + 1
    }
}

/// Where elements nest too deeply, seen without building a tree: counts tags, and skips what only looks like one.
fn deepest(text: &str) -> Option<usize> {
    let mut depth = 0_usize;
    let mut at = 0;
    while let Some(found) = text.get(at..).and_then(|rest| rest.find('<')) {
        let start = at + found;
        let rest = text.get(start..).unwrap_or_default();
        let skip = [("<!--", "-->"), ("<![CDATA[", "]]>"), ("<?", "?>"), ("<!", ">")];
        if let Some((_, end)) = skip.iter().find(|(begin, _)| rest.starts_with(begin)) {
            at = start + rest.find(end).map_or(rest.len(), |found| found + end.len());
            continue;
        }
        let end = tag_end(rest);
        let tag = rest.get(..end).unwrap_or_default();
        if tag.starts_with("</") {
            depth = depth.saturating_sub(1);
        } else if !tag.ends_with("/>") {
            depth += 1;
            if depth > MAX_DEPTH {
                return Some(start);
            }
        }
        at = start + end.max(1);
    }
    None
}

/// The length of the tag that `rest` begins with; `>` in a quoted value does not end it.
fn tag_end(rest: &str) -> usize {
    let mut quote = None;
    for (at, char) in rest.char_indices() {
        match (quote, char) {
            (None, '>') => return at + 1,
            (None, '"' | '\'') => quote = Some(char),
            (Some(open), _) if open == char => quote = None,
            _ => {}
        }
    }
    rest.len()
}

fn too_large(line: usize, zh: String, en: String) -> Error {
    Error::of(vec![Problem::new("too-large", line, Text::new(zh, en))])
}

fn refused(error: &roxmltree::Error, text: &str, lines: &Lines) -> Error {
    use roxmltree::Error as E;
    let problem = match error {
        E::DtdDetected => Problem::new(
            "dtd",
            text.find("<!DOCTYPE").map_or(1, |at| lines.line(at)),
            Text::new(
                "文件含有 DTD（`<!DOCTYPE …>`），出于安全不读取；请删去它",
                "the file has a DTD (`<!DOCTYPE …>`), which is not read for safety; take it out",
            ),
        ),
        E::NodesLimitReached | E::AttributesLimitReached | E::NamespacesLimitReached => {
            return too_large(
                1,
                format!("文件的元素超过 {MAX_NODES} 个"),
                format!("the file has more than {MAX_NODES} elements"),
            );
        }
        E::UnclosedRootNode => Problem::new(
            "xml",
            lines.line(text.trim_end().len()),
            Text::new("文件在元素结束之前就没有了", "the file ends before its elements are closed"),
        ),
        other => Problem::new(
            "xml",
            usize::try_from(other.pos().row).unwrap_or(1),
            Text::new(format!("不是有效的 XML：{other}"), format!("this is not valid XML: {other}")),
        ),
    };
    Error::of(vec![problem])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code(text: &str) -> (&'static str, usize) {
        let error = Document::parse(text).unwrap_err();
        (error.problems[0].code, error.problems[0].line)
    }

    #[test]
    fn what_is_no_xml_is_refused_with_its_line() {
        assert_eq!(code(""), ("xml", 1));
        assert_eq!(code("<a>\n<b>\n</a>"), ("xml", 3));
        assert_eq!(code("<a>\n  <b>"), ("xml", 2));
        assert_eq!(code("<a>\n&unknown;</a>"), ("xml", 2));
        assert_eq!(code("\n<!DOCTYPE a [<!ENTITY b 'c'>]>\n<a>&b;</a>"), ("dtd", 2));
    }

    #[test]
    fn deep_nesting_is_refused_before_a_tree_is_built() {
        let text = format!("{}{}", "<a>".repeat(200_000), "</a>".repeat(200_000));
        assert_eq!(code(&text), ("too-large", 1));
        let wide = format!("<a>{}</a>", "<b c='>'/><!-- <x> --><![CDATA[<y>]]><?z <z> ?><b></b>".repeat(1_000));
        assert!(Document::parse(&wide).is_ok());
    }

    #[test]
    fn lines_count_from_one() {
        let document = Document::parse("<a>\n\n  <b/></a>").unwrap();
        assert_eq!(document.line(document.tree.root_element()), 1);
        assert_eq!(document.line(document.tree.root_element().first_element_child().unwrap()), 3);
    }
}
