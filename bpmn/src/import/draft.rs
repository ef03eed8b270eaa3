//! A workflow in the making: nodes that lead to each other by name; joins and reach are settled at the end.

use std::collections::{BTreeMap, BTreeSet};

use super::names::Names;
use crate::{
    ways,
    xml::Node,
    yaml::{Entry, Yaml},
};

/// A place that `docket check` points at, where the file does not say enough.
pub(crate) const UNKNOWN: &str = "?";

/// A workflow in the making.
#[derive(Debug, Default)]
pub(crate) struct Draft<'a> {
    names: Names,
    nodes: Vec<Entry>,
    origins: BTreeMap<String, Node<'a>>,
}

impl<'a> Draft<'a> {
    /// A name for a node.
    pub(crate) fn name(&mut self, wish: &str) -> String {
        self.names.give(wish)
    }

    /// Adds a node.
    pub(crate) fn add(&mut self, from: Node<'a>, name: &str, definition: impl Into<Yaml>, comment: Vec<String>) {
        let mut entry = Entry::new(name, definition);
        entry.comment = comment;
        self.origins.insert(name.to_owned(), from);
        self.nodes.push(entry);
    }

    /// Puts the nodes into the order of their elements; one that was added behind another one follows it.
    pub(crate) fn sort(&mut self, main: &BTreeSet<String>) {
        let Self { nodes, origins, .. } = self;
        nodes.sort_by_key(|entry| {
            let at = origins.get(&entry.key).map_or(0, |node| node.range().start);
            (at, !main.contains(&entry.key))
        });
    }

    /// The node called `name`.
    pub(crate) fn node_mut(&mut self, name: &str) -> Option<&mut Yaml> {
        self.nodes.iter_mut().find(|entry| entry.key == name).map(|entry| &mut entry.value)
    }

    /// Where the nodes come from.
    pub(crate) const fn origins(&self) -> &BTreeMap<String, Node<'a>> {
        &self.origins
    }

    /// The nodes that `start` reaches, and those of our own files wherever they stand; their joins settled.
    pub(crate) fn from(&self, start: &str) -> Vec<Entry> {
        let edges = edges(&self.nodes);
        let mut reached = BTreeSet::new();
        let mut open = vec![start];
        while let Some(name) = open.pop() {
            if reached.insert(name) {
                open.extend(edges.get(name).into_iter().flatten().map(String::as_str));
            }
        }
        let ours = |name: &str| self.origins.get(name).is_some_and(|origin| super::ours::treat(*origin).is_some());
        let kept = |entry: &&Entry| reached.contains(entry.key.as_str()) || ours(&entry.key);
        let mut nodes: Vec<Entry> = self.nodes.iter().filter(kept).cloned().collect();
        join(start, &mut nodes);
        nodes
    }
}

/// The nodes that each node leads to.
fn edges(nodes: &[Entry]) -> BTreeMap<String, Vec<String>> {
    let known: BTreeSet<&str> = nodes.iter().map(|entry| entry.key.as_str()).collect();
    let mut edges = BTreeMap::new();
    for entry in nodes {
        let mut out = Vec::new();
        ways::visit(&mut entry.value.clone(), &mut |_, target| {
            out.extend(target.text().filter(|to| known.contains(to)).map(str::to_owned));
        });
        edges.insert(entry.key.clone(), out);
    }
    edges
}

/// Names the `fork` or `any` of each join: the nearest one that every way to the join goes through, and that no join on these
/// ways has closed.
fn join(start: &str, nodes: &mut [Entry]) {
    let edges = edges(nodes);
    let above = dominators(start, &edges);
    let opens: BTreeSet<String> = nodes
        .iter()
        .filter(|entry| matches!(ways::kind(&entry.value), Some("fork" | "any")))
        .map(|entry| entry.key.clone())
        .collect();
    let mut joins: Vec<String> =
        nodes.iter().filter(|entry| ways::kind(&entry.value) == Some("join")).map(|entry| entry.key.clone()).collect();
    // Outer joins come after the inner ones that they lie behind.
    let depth = |name: &str| chain(name, &above).len();
    joins.sort_by_key(|name| depth(name));
    let mut found: BTreeMap<String, String> = BTreeMap::new();
    for name in &joins {
        let mut skip: BTreeSet<&str> = BTreeSet::new();
        let mut of = None;
        for over in chain(name, &above) {
            if let Some(closed) = found.get(over) {
                skip.insert(closed);
            } else if opens.contains(over) && !skip.contains(over) {
                of = Some(over.to_owned());
                break;
            }
        }
        if let Some(of) = of {
            found.insert(name.clone(), of);
        }
    }
    for entry in nodes {
        let open = entry.value.text_of("join") == Some(UNKNOWN);
        if let (true, Some(of), Some(place)) = (open, found.get(&entry.key), entry.value.get_mut("join")) {
            *place = Yaml::Text(of.clone());
        }
    }
}

/// What dominates a node, the nearest first.
fn chain<'b>(name: &str, above: &'b BTreeMap<String, String>) -> Vec<&'b str> {
    let mut found = Vec::new();
    let mut at = above.get(name);
    while let Some(over) = at {
        found.push(over.as_str());
        at = above.get(over).filter(|next| *next != over);
    }
    found
}

/// The immediate dominator of each node that `start` reaches, but `start` (Cooper, Harvey, Kennedy).
fn dominators(start: &str, edges: &BTreeMap<String, Vec<String>>) -> BTreeMap<String, String> {
    let order = postorder(start, edges);
    let number: BTreeMap<&str, usize> = order.iter().enumerate().map(|(at, name)| (*name, at)).collect();
    let mut before: Vec<Vec<usize>> = vec![Vec::new(); order.len()];
    for (from, out) in edges {
        let Some(from) = number.get(from.as_str()) else { continue };
        for to in out.iter().filter_map(|to| number.get(to.as_str())) {
            if let Some(list) = before.get_mut(*to) {
                list.push(*from);
            }
        }
    }
    let root = order.len().saturating_sub(1);
    let mut above: Vec<Option<usize>> = vec![None; order.len()];
    if let Some(top) = above.get_mut(root) {
        *top = Some(root);
    }
    let up = |above: &[Option<usize>], at: usize| above.get(at).copied().flatten().unwrap_or(root);
    let mut changed = true;
    while changed {
        changed = false;
        for at in (0..root).rev() {
            let known =
                before.get(at).into_iter().flatten().filter(|from| above.get(**from).copied().flatten().is_some());
            let new = known.copied().reduce(|mut a, mut b| {
                while a != b {
                    if a < b { a = up(&above, a) } else { b = up(&above, b) }
                }
                a
            });
            if let (Some(new), Some(slot)) = (new, above.get_mut(at))
                && *slot != Some(new)
            {
                *slot = Some(new);
                changed = true;
            }
        }
    }
    let name = |at: usize| order.get(at).copied().unwrap_or_default().to_owned();
    (0..root).filter_map(|at| Some((name(at), name(above.get(at).copied().flatten()?)))).collect()
}

/// The nodes that `start` reaches, each after those that it leads to.
fn postorder<'b>(start: &'b str, edges: &'b BTreeMap<String, Vec<String>>) -> Vec<&'b str> {
    let mut seen = BTreeSet::from([start]);
    let mut order = Vec::new();
    let mut open = vec![(start, 0)];
    while let Some((name, at)) = open.pop() {
        match edges.get(name).and_then(|out| out.get(at)) {
            Some(next) => {
                open.push((name, at + 1));
                if seen.insert(next) {
                    open.push((next, 0));
                }
            }
            None => order.push(name),
        }
    }
    order
}

#[cfg(test)]
mod tests {
    use super::*;

    fn joined(nodes: &str) -> Vec<String> {
        let document = Yaml::read(nodes).unwrap().remove(0);
        let mut nodes = document.entries().to_vec();
        join("a", &mut nodes);
        nodes.iter().filter_map(|entry| Some(format!("{} of {}", entry.key, entry.value.text_of("join")?))).collect()
    }

    #[test]
    fn a_join_closes_the_nearest_open_fork() {
        let found = joined(
            "a: {fork: [b, x]}\nb: {fork: [c, d]}\nc: {action: {}, next: j}\nd: {action: {}, next: j}\nj: {join: \"?\", next: k}\nx: {action: {}, next: k}\nk: {join: \"?\", next: e}\ne: {end: done}\n",
        );
        assert_eq!(found, ["j of b", "k of a"]);
    }

    #[test]
    fn a_second_fork_behind_a_join_has_its_own() {
        let found = joined(
            "a: {fork: [c, d]}\nc: {action: {}, next: j}\nd: {action: {}, next: j}\nj: {join: \"?\", next: f}\nf: {fork: [g, h]}\ng: {action: {}, next: k}\nh: {action: {}, next: k}\nk: {join: \"?\", next: e}\ne: {end: done}\n",
        );
        assert_eq!(found, ["j of a", "k of f"]);
    }

    #[test]
    fn a_join_without_a_fork_stays_open() {
        assert_eq!(joined("a: {action: {}, next: j}\nj: {join: \"?\", next: a}\n"), ["j of ?"]);
    }
}
