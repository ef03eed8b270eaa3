//! Gateways: where a path splits, and where paths come together.

use docket_engine::expr::{self, Record, Type};

use super::{
    draft::UNKNOWN,
    event::{one_line, title},
    scope::{Mapper, Treat},
};
use crate::{
    model::{Flow, FlowNode, Gate, Kind, Work, children},
    report::Fate,
    xml::Node,
    yaml::{Entry, Yaml},
};

/// The error that a workflow ends with where no condition holds, as BPMN has it.
const NO_WAY: &str = "no-way";

impl<'a> Mapper<'a, '_> {
    pub(crate) fn gateway(&mut self, node: &'a FlowNode<'a>, name: &str, gate: Gate) {
        let comment = self.comments(node.node, node.id);
        let flows = self.scope.out(node.id);
        if gate == Gate::Event {
            self.first_event(node, name, comment);
            return;
        }
        if gate == Gate::Complex {
            self.complex(node);
        }
        if gate == Gate::Exclusive {
            let mut definition = title(node, name);
            let Yaml::Map(choose) = self.branches("choose", &flows, node.default, node.node) else { return };
            definition.extend(choose);
            self.say(node.node, Fate::Mapped, format!("节点 `{name}`（分支）"), format!("node `{name}` (a choice)"));
            self.draft.add(node.node, name, definition, comment);
            return;
        }
        let opens = if gate == Gate::Parallel { "fork" } else { "any" };
        let joins = self.scope.ins(node.id) > 1;
        let split = match flows.as_slice() {
            [] => None,
            [only] => {
                let target = self.to(only);
                Some(Entry::new("next", target))
            }
            several => {
                let definition = if opens == "fork" {
                    self.fork(several)
                } else {
                    self.branches("any", several, node.default, node.node)
                };
                let Yaml::Map(split) = definition else { return };
                if !joins {
                    let mut definition = title(node, name);
                    definition.extend(split);
                    self.say(
                        node.node,
                        Fate::Mapped,
                        format!("节点 `{name}`（并行）"),
                        format!("node `{name}` (branches)"),
                    );
                    self.draft.add(node.node, name, definition, comment);
                    return;
                }
                let behind = self.draft.name(&format!("{name}-{opens}"));
                self.draft.add(node.node, &behind, split, Vec::new());
                Some(Entry::new("next", behind))
            }
        };
        let mut definition = title(node, name);
        definition.push(Entry::new("join", UNKNOWN));
        definition.push(split.unwrap_or_else(|| Entry::new("next", super::scope::end(super::scope::DONE))));
        self.say(node.node, Fate::Mapped, format!("节点 `{name}`（汇合）"), format!("node `{name}` (a join)"));
        self.draft.add(node.node, name, definition, comment);
    }

    fn complex(&mut self, node: &FlowNode<'a>) {
        for condition in children(node.node, "activationCondition") {
            self.import.ledger.parts(condition);
        }
        self.say(
            node.node,
            Fate::Assumed,
            "复杂网关当作包容网关：汇合只等 N 条路时请写 `count: N`",
            "a complex gateway is taken as an inclusive one: where it waits for N ways only write `count: N`",
        );
    }

    /// The definition of branches that are all taken.
    pub(crate) fn fork(&mut self, flows: &[Flow<'a>]) -> Yaml {
        let targets: Vec<Yaml> = flows.iter().map(|flow| self.to(flow)).collect();
        for flow in flows {
            self.unconditioned(flow);
        }
        Yaml::Map(vec![Entry::new("fork", targets)])
    }

    fn unconditioned(&mut self, flow: &Flow<'a>) {
        for condition in children(flow.node, "conditionExpression") {
            self.import.ledger.drop_whole(condition, "并行的路没有条件", "ways that are all taken have no condition");
        }
    }

    /// The definition of branches with conditions: `choose` or `any`.
    pub(crate) fn branches(&mut self, kind: &str, flows: &[Flow<'a>], default: Option<&str>, of: Node<'a>) -> Yaml {
        let bare = flows.iter().filter(|flow| flow.condition.is_none()).count();
        // One way without a condition among others with one is the way where none holds.
        let implied = (default.is_none() && bare == 1 && flows.len() > 1 && kind == "choose")
            .then(|| flows.iter().find(|flow| flow.condition.is_none()).map(|flow| flow.id))
            .flatten();
        let otherwise = flows.iter().find(|flow| default.or(implied) == Some(flow.id)).copied();
        let mut list: Vec<Yaml> = Vec::new();
        for flow in flows.iter().filter(|flow| otherwise.is_none_or(|otherwise| otherwise.id != flow.id)) {
            let when = self.when(flow, kind);
            let to = self.to(flow);
            list.push(Yaml::Map(vec![Entry::new("when", when), Entry::new("to", to)]));
        }
        let fallback = match otherwise {
            Some(flow) => {
                self.unconditioned(&flow);
                self.to(&flow)
            }
            None => self.no_way(of),
        };
        list.push(Yaml::Map(vec![Entry::new("else", fallback)]));
        Yaml::Map(vec![Entry::new(kind, list)])
    }

    /// The end where no condition holds: BPMN makes that an error.
    fn no_way(&mut self, of: Node<'a>) -> Yaml {
        if self.draft.node_mut(NO_WAY).is_none() {
            let name = self.draft.name(NO_WAY);
            self.draft.add(of, &name, vec![Entry::new("end", NO_WAY), Entry::new("how", "error")], Vec::new());
        }
        self.say(
            of,
            Fate::Assumed,
            "没有默认的路：条件都不成立时以错误 `no-way` 结束",
            "there is no default way: where no condition holds it ends with the error `no-way`",
        );
        Yaml::from(NO_WAY)
    }

    /// The condition of a way.
    fn when(&mut self, flow: &Flow<'a>, kind: &str) -> String {
        for condition in children(flow.node, "conditionExpression") {
            self.import.ledger.part(condition);
        }
        let Some(text) = flow.condition else {
            // From an activity a way without a condition is always taken.
            if kind == "any" && flow.name.is_none() {
                return "true".to_owned();
            }
            let name = flow.name.map(one_line).unwrap_or_default();
            self.import.ledger.part(flow.node);
            self.say(flow.node, Fate::Open, "这条路没有条件：请写 `when`", "this way has no condition: write `when`");
            return format!("{UNKNOWN} {name}").trim_end().to_owned();
        };
        let found = expr::compile(text, &facts(), &Type::Bool);
        if let Err(faults) = found {
            let (zh, en) = faults
                .first()
                .map_or_else(Default::default, |fault| (fault.message.zh.clone(), fault.message.en.clone()));
            let text = one_line(text);
            self.import.ledger.say(
                flow.node,
                Fate::Open,
                format!("条件 `{text}` 不是 Docket 的表达式（{zh}）：请改写 `when`"),
                format!("the condition `{text}` is no expression of Docket ({en}): rewrite `when`"),
            );
        }
        text.to_owned()
    }

    /// An event-based gateway: waits for the first of its events.
    fn first_event(&mut self, node: &'a FlowNode<'a>, name: &str, mut comment: Vec<String>) {
        let mut ways: Vec<(Vec<Entry>, Yaml)> = Vec::new();
        for flow in self.scope.out(node.id) {
            self.import.ledger.part(flow.node);
            let Some(event) = self.scope.node(flow.to) else { continue };
            comment.extend(self.comments(event.node, event.id));
            let until = match event.kind {
                Kind::Task(Work::Receive) => {
                    Some(vec![Entry::new("message", super::names::slug(event.name.unwrap_or_default(), "message"))])
                }
                _ => event.events.first().and_then(|found| self.trigger(found, event)),
            };
            let until = until.unwrap_or_else(|| vec![Entry::new("message", UNKNOWN)]);
            if self.plan.get(event.id) != Some(&Treat::With) {
                self.say(
                    event.node,
                    Fate::Open,
                    "事件网关后面的节点还有别的路通到",
                    "other ways lead to this event of a gateway as well",
                );
            }
            let to = self.after(event, name);
            self.say(
                event.node,
                Fate::Mapped,
                format!("节点 `{name}` 等的事件"),
                format!("an event that the node `{name}` waits for"),
            );
            for part in ["incoming", "outgoing"] {
                for child in children(event.node, part) {
                    self.import.ledger.part(child);
                }
            }
            ways.push((until, to));
        }
        let mut ways = ways.into_iter();
        let nothing = || (vec![Entry::new("message", UNKNOWN)], super::scope::end(super::scope::DONE));
        let (until, next) = ways.next().unwrap_or_else(nothing);
        let mut definition = title(node, name);
        definition.extend([Entry::new("wait", until), Entry::new("next", next)]);
        let on: Vec<Yaml> = ways
            .map(|(mut until, to)| {
                until.push(Entry::new("to", to));
                Yaml::Map(until)
            })
            .collect();
        if !on.is_empty() {
            definition.push(Entry::new("on", on));
        }
        self.say(
            node.node,
            Fate::Mapped,
            format!("节点 `{name}`（等待最先发生的事件）"),
            format!("node `{name}` (a wait for the first of its events)"),
        );
        self.draft.add(node.node, name, definition, comment);
    }
}

/// The facts of a workflow of which no kind is known.
pub(crate) fn facts() -> Record {
    let any = ["item", "forms", "vars"].map(|name| (name, Type::Any));
    Record::of(any).with("today", Type::Date).with("now", Type::Time).with("actor", Type::Person)
}
