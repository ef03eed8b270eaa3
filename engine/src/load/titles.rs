//! Titles and the names that they belong to: people write `办结` where the node's name `closed` is meant.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use super::sources::{Source, Sources};
use crate::{diagnostic::Diagnostic, source::File, text::Text, yaml::read::At};

/// Names by what they name and the title.
#[derive(Default)]
pub(super) struct Titles {
    names: BTreeMap<(&'static str, String), BTreeSet<String>>,
    /// The titles of nodes hold in their file only.
    nodes: BTreeMap<(String, String), BTreeSet<String>>,
}

/// The maps whose entries have titles: the kind of document, its key, and what the entries are.
const BELOW: [(&str, &str, &str); 4] = [
    ("module", "kinds", "kind"),
    ("organisation", "posts", "post"),
    ("form", "properties", "field"),
    ("workflow", "nodes", "node"),
];

impl Titles {
    /// The titles of all documents.
    pub(super) fn of(sources: &Sources) -> Self {
        let mut titles = Self::default();
        for source in sources.all() {
            titles.document(source);
        }
        titles
    }

    fn document(&mut self, source: &Source) {
        let root = source.root();
        self.add(source.kind, root, &source.name);
        for (kind, key, what) in BELOW.into_iter().filter(|(kind, ..)| *kind == source.kind) {
            for (name, at) in root.get(key).map(At::named_silently).unwrap_or_default() {
                if what == "node" {
                    for title in ["task", "stage", "title"].into_iter().filter_map(|key| at.get(key)).flat_map(words) {
                        let names = self.nodes.entry((source.file.path.clone(), title.to_owned())).or_default();
                        names.insert(name.to_string());
                    }
                } else {
                    self.add(what, at, &name);
                }
                if kind == "organisation" {
                    self.roles(at, &name);
                }
            }
        }
        if source.kind == "dictionary" {
            for at in root.get("entries").map(At::one_or_many).unwrap_or_default() {
                if let Some(name) = at.get("name").and_then(At::scalar) {
                    self.add("entry", at, &name.text);
                }
            }
        }
    }

    fn add(&mut self, what: &'static str, at: At<'_>, name: &str) {
        for title in at.get("title").into_iter().flat_map(words) {
            self.names.entry((what, title.to_owned())).or_default().insert(name.to_owned());
        }
    }

    /// The roles that a post gives, by the post's name and titles.
    fn roles(&mut self, post: At<'_>, name: &str) {
        let roles = post.get("roles").map(At::one_or_many).unwrap_or_default();
        let roles: Vec<&str> = roles.into_iter().filter_map(|at| Some(at.scalar()?.text.as_str())).collect();
        let titles = post.get("title").into_iter().flat_map(words);
        for said in titles.chain([name]) {
            let names = self.names.entry(("role", said.to_owned())).or_default();
            names.extend(roles.iter().map(|role| (*role).to_owned()));
        }
    }

    /// Says in `fault` which name was meant, where a title stands in its place.
    pub(super) fn help(&self, fault: &mut Diagnostic) {
        let Some(what) = wanted(fault.code) else { return };
        let said = fault.place.text().trim_matches(['"', '\'', '`']).to_owned();
        let names = if what == "node" {
            self.nodes.get(&(path(&fault.place.file), said.clone()))
        } else {
            self.names.get(&(what, said.clone()))
        };
        let names: Vec<String> = names.into_iter().flatten().take(3).map(|name| format!("`{name}`")).collect();
        if names.is_empty() {
            return;
        }
        let (zh, en) = (names.join(" 或 "), names.join(" or "));
        fault.help = Some(if what == "role" {
            Text::new(
                format!("`{said}` 是岗位，它给出的角色是 {zh}"),
                format!("`{said}` is a post; the role that it gives is {en}"),
            )
        } else {
            Text::new(
                format!("`{said}` 是标题；此处要写名称 {zh}"),
                format!("`{said}` is a title; write the name {en} here"),
            )
        });
    }
}

fn path(file: &Arc<File>) -> String {
    file.path.clone()
}

/// What a name is wanted of, by the code of a fault.
fn wanted(code: &str) -> Option<&'static str> {
    Some(match code {
        "unknown-dictionary" => "dictionary",
        "unknown-entry" => "entry",
        "unknown-fact" | "unknown-field" | "set-unknown-field" => "field",
        "unknown-form" => "form",
        "unknown-kind" => "kind",
        "unknown-module" => "module",
        "unknown-node" => "node",
        "unknown-post" => "post",
        "unknown-role" => "role",
        "unknown-template" => "template",
        "unknown-workflow" => "workflow",
        _ => return None,
    })
}

/// A text in both languages, or in one.
fn words(at: At<'_>) -> Vec<&str> {
    let texts = [Some(at), at.get("zh"), at.get("en")];
    texts.into_iter().flatten().filter_map(|at| Some(at.scalar()?.text.as_str())).collect()
}
