//! A process or sub-process as a workflow: what becomes of each flow node, where the flows lead, where it starts.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    Called, Import, Made,
    document::{Parts, document},
    draft::{Draft, UNKNOWN},
    ours,
    plan::undoes,
};
use crate::{
    model::{Event, EventKind, Flow, FlowNode, Kind, Scope, Sub, Work, children},
    report::Fate,
    ways,
    xml::{BPMN, Node},
    yaml::{Entry, Yaml},
};

/// The result of an end without a name.
pub(crate) const DONE: &str = "done";

/// What becomes of a flow node.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Treat {
    /// A node of this name.
    Node(String),
    /// A target `{end: RESULT}`.
    End(String),
    /// Nothing happens there: what leads to it leads on.
    Pass,
    /// It belongs to another node.
    With,
    /// No way leads there.
    Lost,
}

/// The mapping of one scope.
#[derive(Debug)]
pub(crate) struct Mapper<'a, 'i> {
    pub(crate) import: &'i mut Import<'a>,
    pub(crate) scope: &'a Scope<'a>,
    /// The workflow's name.
    pub(crate) name: &'i str,
    /// The lane of the sub-process that this is.
    pub(crate) lane: Option<&'a str>,
    pub(crate) draft: Draft<'a>,
    pub(crate) plan: BTreeMap<&'a str, Treat>,
    /// Whether paths run beside each other.
    pub(super) branches: bool,
    /// Comments of what has no node of its own.
    loose: Vec<String>,
}

/// Makes the workflow called `name` of a scope.
pub(crate) fn workflow<'a>(
    import: &mut Import<'a>,
    name: &str,
    from: Node<'a>,
    title: Option<&'a str>,
    scope: &'a Scope<'a>,
    lane: Option<&'a str>,
) -> Called {
    let mut mapper = Mapper {
        import,
        scope,
        name,
        lane,
        draft: Draft::default(),
        plan: BTreeMap::new(),
        branches: Mapper::has_branches(scope),
        loose: Vec::new(),
    };
    mapper.plan();
    for node in &scope.nodes {
        mapper.emit(node);
    }
    mapper.rest();
    ours::added(&mut mapper);
    let starts = mapper.starts(from);
    mapper.finish(from, title, &starts)
}

impl<'a> Mapper<'a, '_> {
    /// Says what became of an element.
    pub(crate) fn say(&mut self, node: Node<'_>, fate: Fate, zh: impl Into<String>, en: impl Into<String>) {
        self.import.ledger.say(node, fate, zh, en);
    }

    /// Makes a flow node.
    fn emit(&mut self, node: &'a FlowNode<'a>) {
        let treat = self.plan.get(node.id).cloned().unwrap_or(Treat::With);
        if ours::treat(node.node).is_some() {
            if let Treat::Node(name) = &treat {
                ours::node(self, node, name);
            }
            ours::account(self, node);
            return;
        }
        if treat == Treat::Lost {
            self.lost(node);
            return;
        }
        match &treat {
            Treat::Lost => {}
            Treat::End(result) => self.end(node, result),
            Treat::Pass => self.pass(node),
            Treat::With => self.with(node),
            Treat::Node(name) => match node.kind {
                Kind::Task(Work::Person) => self.person(node, name),
                Kind::Task(Work::Receive) | Kind::Catch => self.wait(node, name),
                Kind::Task(work) => self.action(node, name, work),
                Kind::Throw => self.throw(node, name),
                Kind::Gateway(gate) => self.gateway(node, name, gate),
                Kind::Sub(Sub::AdHoc) => self.ad_hoc(node, name),
                Kind::Sub(kind) => self.sub(node, name, kind),
                Kind::Call(called) => self.call(node, name, called),
                Kind::End => self.special_end(node, name),
                Kind::Start(_) | Kind::Boundary { .. } => {}
            },
        }
        for part in ["incoming", "outgoing"] {
            for child in children(node.node, part) {
                self.import.ledger.part(child);
            }
        }
        for event in &node.events {
            self.import.ledger.part(event.node);
        }
    }

    /// What no way leads to is not in the workflow.
    fn lost(&mut self, node: &FlowNode<'a>) {
        if !self.import.ledger.seen(node.node) {
            self.import.ledger.drop_whole(
                node.node,
                "没有路通到这里，所以不在流程里；请补上通到它的路",
                "no way that is carried over leads here, so it is not in the workflow; draw a way to it",
            );
        }
        for flow in self.scope.out(node.id) {
            self.import.ledger.drop_whole(flow.node, "它的起点不在流程里", "it leaves what is not in the workflow");
        }
    }

    fn end(&mut self, node: &FlowNode<'a>, result: &str) {
        self.say(node.node, Fate::Mapped, format!("结束，结果 `{result}`"), format!("ends with the result `{result}`"));
        if node.events.iter().any(|event| event.kind == EventKind::Compensate) {
            self.say(node.node, Fate::Dropped, NO_COMPENSATION.0, NO_COMPENSATION.1);
        }
        self.comment(node);
    }

    fn pass(&mut self, node: &FlowNode<'a>) {
        let to = self.beyond(node);
        let shown = shown(&to);
        self.say(node.node, Fate::Mapped, format!("直接到 {shown}"), format!("leads straight to {shown}"));
        if node.events.iter().any(|event| event.kind == EventKind::Compensate) {
            self.say(node.node, Fate::Dropped, NO_COMPENSATION.0, NO_COMPENSATION.1);
        }
        for condition in node.node.children().filter(|child| child.has_tag_name((BPMN, "activationCondition"))) {
            self.import.ledger.say(condition, Fate::Dropped, "复杂网关的条件", "the condition of a complex gateway");
        }
        self.comment(node);
    }

    /// What belongs to another node is spoken of there; here what nothing else speaks of.
    fn with(&mut self, node: &'a FlowNode<'a>) {
        if undoes(node) {
            self.import.ledger.drop_whole(node.node, NO_COMPENSATION.0, NO_COMPENSATION.1);
        } else if matches!(node.kind, Kind::Sub(Sub::Event)) {
            self.event_sub(node);
        }
    }

    /// Keeps the comment of what has no node of its own for the head of the workflow.
    pub(crate) fn comment(&mut self, node: &FlowNode<'a>) {
        let lines = self.comments(node.node, node.id);
        let name = node.name.unwrap_or(node.id);
        self.loose.extend(lines.into_iter().filter(|line| !line.is_empty()).map(|line| format!("{name}: {line}")));
    }

    /// Documentation and notes of an element, as lines of a comment.
    pub(crate) fn comments(&mut self, node: Node<'a>, id: &str) -> Vec<String> {
        let mut lines = Vec::new();
        for child in children(node, "documentation") {
            self.import.ledger.parts(child);
            lines.extend(child.text().into_iter().flat_map(str::lines).map(|line| line.trim().to_owned()));
        }
        for note in self.scope.notes.get(id).into_iter().flatten() {
            let text = crate::model::child_text(*note, "text").unwrap_or_default();
            lines.extend(text.lines().map(|line| line.trim().to_owned()));
            self.import.ledger.say(*note, Fate::Mapped, "成为注释", "kept as a comment");
            for child in children(*note, "text") {
                self.import.ledger.part(child);
            }
        }
        while lines.last().is_some_and(String::is_empty) {
            lines.pop();
        }
        while lines.first().is_some_and(String::is_empty) {
            lines.remove(0);
        }
        lines
    }

    /// Where a flow leads.
    pub(crate) fn to(&mut self, flow: &Flow<'a>) -> Yaml {
        self.import.ledger.part(flow.node);
        self.follow(flow.to)
    }

    /// The target for what leads to the node `id`.
    pub(crate) fn follow(&mut self, id: &'a str) -> Yaml {
        let mut at = id;
        let mut seen = BTreeSet::new();
        while seen.insert(at) {
            let next = match self.plan.get(at) {
                Some(Treat::Node(name)) => return Yaml::from(name.as_str()),
                Some(Treat::End(result)) => return end(result),
                Some(Treat::Pass) => self.next_of(at),
                Some(Treat::With | Treat::Lost) | None => return Yaml::from(UNKNOWN),
            };
            match next {
                Some(next) => at = next,
                None => return end(DONE),
            }
        }
        Yaml::from(UNKNOWN)
    }

    /// What follows a node at which nothing happens: its flow, or the other end of a link.
    fn next_of(&mut self, id: &str) -> Option<&'a str> {
        let node = self.scope.node(id)?;
        if let Some(other) = self.linked(node) {
            return Some(other.id);
        }
        let flow = self.scope.out(id).into_iter().next()?;
        self.import.ledger.part(flow.node);
        if let Some(condition) = children(flow.node, "conditionExpression").next() {
            self.import.ledger.say(
                condition,
                Fate::Dropped,
                "只有一条路，条件不起作用",
                "there is one way only, which a condition does not close",
            );
        }
        Some(flow.to)
    }

    fn beyond(&mut self, node: &FlowNode<'a>) -> Yaml {
        self.next_of(node.id).map_or_else(|| end(DONE), |next| self.follow(next))
    }

    /// What follows an activity or event: a target; several flows at once become a node that opens branches.
    pub(crate) fn after(&mut self, node: &'a FlowNode<'a>, base: &str) -> Yaml {
        let flows = self.scope.out(node.id);
        match flows.as_slice() {
            [] => end(DONE),
            [only] if only.condition.is_none() => self.to(only),
            several => {
                let plain = several.iter().all(|flow| flow.condition.is_none());
                let name = self.draft.name(&format!("{base}-{}", if plain { "fork" } else { "ways" }));
                let definition =
                    if plain { self.fork(several) } else { self.branches("any", several, node.default, node.node) };
                self.draft.add(node.node, &name, definition, Vec::new());
                let (zh, en) =
                    if plain { ("并行", "at the same time") } else { ("按条件", "by their conditions") };
                self.say(
                    node.node,
                    Fate::Mapped,
                    format!("后面的几条路{zh}进行：节点 `{name}`"),
                    format!("the ways behind it are taken {en}: node `{name}`"),
                );
                Yaml::from(name)
            }
        }
    }

    /// Where the workflow starts: start events, or what nothing leads to.
    fn starts(&mut self, from: Node<'a>) -> Vec<String> {
        let mut starts: Vec<&'a FlowNode<'a>> =
            self.scope.nodes.iter().filter(|node| matches!(node.kind, Kind::Start(_))).collect();
        // The one without a trigger is the usual one.
        starts.sort_by_key(|node| !node.events.is_empty());
        let mut found = Vec::new();
        for node in starts {
            let start = self.start(node);
            if !found.contains(&start) {
                found.push(start);
            }
        }
        if found.is_empty() {
            found.extend(self.implicit_start(from));
        }
        found
    }

    fn start(&mut self, node: &'a FlowNode<'a>) -> String {
        let to = self.after(node, "start");
        self.comment(node);
        let name = if let Some(name) = to.text() {
            name.to_owned()
        } else {
            // A start that leads to an end alone still needs a node.
            let name = self.draft.name(DONE);
            let result = ways::end_of(&to).unwrap_or(DONE).to_owned();
            self.draft.add(node.node, &name, vec![Entry::new("end", result)], Vec::new());
            name
        };
        self.say(node.node, Fate::Mapped, format!("从 `{name}` 开始"), format!("starts at `{name}`"));
        for event in &node.events {
            let (zh, en) = trigger_words(event);
            self.say(
                node.node,
                Fate::Assumed,
                format!("{zh}不会自己启动流程：由模块的 `workflow` 或别的流程的 `call`、`every` 启动"),
                format!(
                    "{en} starts no workflow by itself: a kind's `workflow`, or a `call` or `every` of another one does"
                ),
            );
        }
        for part in node
            .node
            .children()
            .filter(|child| ["incoming", "outgoing"].iter().any(|name| child.has_tag_name((BPMN, *name))))
        {
            self.import.ledger.part(part);
        }
        for event in &node.events {
            self.import.ledger.parts(event.node);
        }
        name
    }

    /// Without a start event BPMN starts everything that nothing leads to.
    fn implicit_start(&mut self, from: Node<'a>) -> Option<String> {
        let free: Vec<&'a str> = self
            .scope
            .nodes
            .iter()
            .filter(|node| {
                self.scope.ins(node.id) == 0 && matches!(self.plan.get(node.id), Some(Treat::Node(_) | Treat::Pass))
            })
            .map(|node| node.id)
            .collect();
        let mut targets: Vec<Yaml> = free.iter().map(|id| self.follow(id)).collect();
        targets.dedup();
        match targets.as_slice() {
            [] => self.plan.values().find_map(|treat| match treat {
                Treat::Node(name) => Some(name.clone()),
                _ => None,
            }),
            [only] => only.text().map(str::to_owned),
            _ => {
                let name = self.draft.name("start");
                let definition = vec![Entry::new("fork", targets)];
                self.draft.add(from, &name, definition, Vec::new());
                Some(name)
            }
        }
    }

    /// Documentation and notes of flows stand at the head of the workflow.
    fn rest(&mut self) {
        for flow in &self.scope.flows {
            let lines = self.comments(flow.node, flow.id);
            let name = flow.name.unwrap_or(flow.id);
            self.loose.extend(lines.into_iter().filter(|line| !line.is_empty()).map(|line| format!("{name}: {line}")));
        }
    }

    /// Writes the workflows: one for each start.
    fn finish(self, from: Node<'a>, title: Option<&'a str>, starts: &[String]) -> Called {
        let Self { import, scope, name, mut draft, plan, loose, .. } = self;
        let main = plan.values().filter_map(|treat| match treat {
            Treat::Node(name) => Some(name.clone()),
            _ => None,
        });
        draft.sort(&main.collect());
        let mut called = Called { name: name.to_owned(), results: Vec::new() };
        let mut names = Vec::new();
        for (at, start) in starts.iter().enumerate() {
            let nodes = draft.from(start);
            let name = if at == 0 { name.to_owned() } else { import.name_below(name, start) };
            if at == 0 {
                called.results = results(&nodes);
            }
            let parts = Parts { name: &name, from, title, start, loose: &loose };
            let document = document(&parts, nodes, scope, import);
            ours::changed(import, from, &document);
            names.push(name.clone());
            import.keep(Made { name, from, document, origins: draft.origins().clone() });
        }
        let list = names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ");
        if names.is_empty() {
            import.ledger.say(from, Fate::Dropped, "这里没有可以开始的节点", "there is nothing here to start with");
        } else {
            import.ledger.say(from, Fate::Mapped, format!("流程 {list}"), format!("the workflow {list}"));
        }
        called
    }
}

/// Why nothing is undone.
pub(crate) const NO_COMPENSATION: (&str, &str) =
    ("没有补偿：请把撤销写成普通的节点", "there is no compensation: write what undoes work as nodes of the flow");

/// The target for an end with this result.
pub(crate) fn end(result: &str) -> Yaml {
    Yaml::Map(vec![Entry::new("end", result)])
}

/// A target as it is shown.
pub(crate) fn shown(target: &Yaml) -> String {
    ways::end_of(target)
        .map_or_else(|| format!("`{}`", target.text().unwrap_or(UNKNOWN)), |result| format!("{{end: {result}}}"))
}

fn trigger_words(event: &Event<'_>) -> (&'static str, &'static str) {
    match event.kind {
        EventKind::Timer => ("定时", "a timer"),
        EventKind::Message => ("消息", "a message"),
        EventKind::Signal => ("信号", "a signal"),
        EventKind::Condition => ("条件", "a condition"),
        _ => ("事件", "an event"),
    }
}

/// The results that the nodes can end with, but errors.
fn results(nodes: &[Entry]) -> Vec<String> {
    let mut found = BTreeSet::new();
    for entry in nodes {
        if entry.value.text_of("how") != Some("error") {
            found.extend(entry.value.text_of("end").map(str::to_owned));
        }
        ways::visit(&mut entry.value.clone(), &mut |_, target| {
            found.extend(ways::end_of(target).map(str::to_owned));
        });
    }
    found.into_iter().collect()
}
