//! What the tests share: files of the project, expectations.
#![allow(dead_code, reason = "each test uses a part of it")]
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "what fails here is a failure of the test")]

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

use docket_bpmn::Yaml;

/// The root of the project.
pub(crate) fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_owned()
}

/// The files below a folder of the project with this ending, in the order of their names.
pub(crate) fn files(folder: &str, ending: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut open = vec![root().join(folder)];
    while let Some(folder) = open.pop() {
        for entry in fs::read_dir(&folder).into_iter().flatten() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                open.push(path);
            } else if path.to_string_lossy().ends_with(ending) {
                found.push(path);
            }
        }
    }
    found.sort();
    found
}

/// The name of a file without its folders.
pub(crate) fn name(path: &Path) -> String {
    path.file_name().unwrap().to_string_lossy().into_owned()
}

/// Every workflow of the project: those that are shipped, those of the engine's tests, and our own. Each with where it stands.
pub(crate) fn workflows() -> Vec<(String, Yaml)> {
    let mut found = Vec::new();
    for folder in ["workflows", "engine/tests/patterns", "engine/tests/stories", "bpmn/tests/workflows"] {
        for path in files(folder, ".yaml") {
            let text = fs::read_to_string(&path).unwrap();
            let Ok(documents) = Yaml::read(&text) else { continue };
            for document in documents {
                if document.entries().first().is_some_and(|first| first.key == "workflow") {
                    let at = path.strip_prefix(root()).unwrap().display();
                    found.push((format!("{at}: {}", document.text_of("workflow").unwrap()), document));
                }
            }
        }
    }
    found
}

/// Holds `found` against the file at `path`; `UPDATE_EXPECT=1` writes it.
pub(crate) fn expect(path: &Path, found: &str) {
    if std::env::var_os("UPDATE_EXPECT").is_some() {
        fs::write(path, found).unwrap();
        return;
    }
    let expected = fs::read_to_string(path).unwrap_or_default();
    assert!(expected == found, "{} differs; see it with UPDATE_EXPECT=1 and git diff\n{found}", path.display());
}

/// Elements that an entry of the element around them speaks for.
const PARTS: [&str; 32] = [
    "definitions",
    "collaboration",
    "laneSet",
    "childLaneSet",
    "incoming",
    "outgoing",
    "flowNodeRef",
    "sequenceFlow",
    "documentation",
    "text",
    "conditionExpression",
    "timeDuration",
    "timeDate",
    "timeCycle",
    "condition",
    "script",
    "potentialOwner",
    "humanPerformer",
    "performer",
    "resourceRole",
    "resourceRef",
    "resourceAssignmentExpression",
    "formalExpression",
    "expression",
    "standardLoopCharacteristics",
    "multiInstanceLoopCharacteristics",
    "loopCondition",
    "loopCardinality",
    "completionCondition",
    "activationCondition",
    "loopDataInputRef",
    "inputDataItem",
];

/// Every element of a file stands in its report, or is a part of one that does.
pub(crate) fn complete(at: &str, text: &str, report: &docket_bpmn::Report) {
    let document = roxmltree::Document::parse(text).unwrap();
    let breaks: Vec<usize> = text.match_indices('\n').map(|(at, _)| at).collect();
    let line = |node: roxmltree::Node<'_, '_>| breaks.partition_point(|at| *at < node.range().start) + 1;
    let mut entries: BTreeMap<(usize, &str), &docket_bpmn::Entry> = BTreeMap::new();
    for entry in &report.entries {
        entries.entry((entry.line, &entry.element)).or_insert(entry);
    }
    let entry = |node: roxmltree::Node<'_, '_>| entries.get(&(line(node), node.tag_name().name())).copied();
    let ids: BTreeMap<&str, roxmltree::Node<'_, '_>> =
        document.descendants().filter_map(|node| Some((node.attribute("id")?, node))).collect();
    for node in document.descendants().filter(roxmltree::Node::is_element) {
        let name = node.tag_name().name();
        let dropped = node.ancestors().skip(1).filter_map(entry).any(|entry| entry.fate == docket_bpmn::Fate::Dropped);
        let empty = name == "extensionElements" && !node.has_children();
        let blank = name == "extensionElements" && node.children().all(|child| !child.is_element());
        let part = PARTS.contains(&name) || name.ends_with("EventDefinition");
        let ours = node.tag_name().namespace() == Some(docket_bpmn::DOCKET);
        assert!(
            entry(node).is_some() || dropped || part || empty || blank || ours,
            "{at}:{}: nothing is said of {name}",
            line(node)
        );
        if name == "sequenceFlow" && entry(node).is_none() && !dropped {
            // A flow that is a part of its nodes leads from one that is there to one that is there.
            for end in ["sourceRef", "targetRef"] {
                let id = node.attribute(end).unwrap();
                let end = ids[id.rsplit(':').next().unwrap()];
                let said = entry(end).is_some_and(|entry| !entry.text.en.starts_with("no way"));
                let ours = end.attributes().any(|attribute| attribute.namespace() == Some(docket_bpmn::DOCKET));
                assert!(said || ours, "{at}:{}: a flow to nowhere", line(node));
            }
        }
    }
}
