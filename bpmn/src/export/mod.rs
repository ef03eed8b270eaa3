//! From a workflow to BPMN 2.0 XML with its drawing.

mod draw;
mod events;
pub(crate) mod graph;
mod layout;
mod write;

use crate::{
    error::{Error, Problem},
    yaml::Yaml,
};
use docket_engine::text::Text;

/// Most nodes of a workflow that is drawn.
const MAX_NODES: usize = 2_000;

/// The BPMN 2.0 XML of the workflow whose YAML document is `text`. Comments are not carried over; everything else is, what BPMN
/// has no element for in `extensionElements` of the namespace [`crate::DOCKET`].
///
/// # Errors
/// Where the text is no YAML, or not one document that begins with `workflow:`.
pub fn export(text: &str) -> Result<String, Error> {
    let documents = Yaml::read(text).map_err(|faults| {
        let problem = |fault: &docket_engine::diagnostic::Diagnostic| {
            Problem::new(fault.code, fault.place.start().line, fault.message.clone())
        };
        Error::of(faults.iter().map(problem).collect())
    })?;
    let [document] = documents.as_slice() else {
        return Err(refused(
            format!("应有一份文档，得到 {} 份", documents.len()),
            format!("one document is expected, there are {}", documents.len()),
        ));
    };
    let name = document.entries().first().filter(|first| first.key == "workflow").and_then(|first| first.value.text());
    let Some(name) = name else {
        return Err(refused("文档不以 `workflow: 名称` 开头", "the document does not begin with `workflow: NAME`"));
    };
    let count = document.get("nodes").map_or(0, |nodes| nodes.entries().len());
    if count > MAX_NODES {
        return Err(refused(
            format!("流程有 {count} 个节点，最多画 {MAX_NODES} 个；请把一部分移到用 call 调用的流程里"),
            format!(
                "the workflow has {count} nodes; at most {MAX_NODES} are drawn: move a part into a workflow that it calls"
            ),
        ));
    }
    let graph = graph::graph(document);
    let drawing = draw::draw(&graph);
    Ok(write::write(name, document, &graph, &drawing))
}

fn refused(zh: impl Into<String>, en: impl Into<String>) -> Error {
    Error::of(vec![Problem::new("not-a-workflow", 1, Text::new(zh, en))])
}
