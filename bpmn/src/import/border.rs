//! Events at the border of an activity, as entries of `on`.

use super::{
    names::slug,
    scope::{Mapper, NO_COMPENSATION},
};
use crate::{
    model::{EventKind, Flow, FlowNode, Kind, Work, children},
    report::Fate,
    yaml::{Entry, Yaml},
};

impl<'a> Mapper<'a, '_> {
    /// The events at the border of an activity; `call`: whether it is a call, which alone can end with an error.
    pub(crate) fn border(&mut self, node: &'a FlowNode<'a>, call: bool) -> Vec<Yaml> {
        let mut on = Vec::new();
        let borders: Vec<&'a FlowNode<'a>> = self.scope.borders(node.id).collect();
        for border in borders {
            let Kind::Boundary { cancels, .. } = border.kind else { continue };
            if !self.keeps(border, node) {
                let (zh, en) = why_not(border, call);
                self.import.ledger.drop_whole(border.node, zh, en);
                for flow in self.scope.out(border.id) {
                    self.import.ledger.drop_whole(
                        flow.node,
                        "它的起点不在流程里",
                        "it leaves what is not in the workflow",
                    );
                }
                continue;
            }
            for child in children(border.node, "outgoing") {
                self.import.ledger.part(child);
            }
            self.comment(border);
            let Some(mut entry) = border.events.first().and_then(|event| self.trigger(event, border)) else { continue };
            self.several_events(border);
            if cancels {
                let to = self.after(border, "after");
                entry.push(Entry::new("to", to));
            } else if let Some(acts) = self.meanwhile(border) {
                entry.push(Entry::new("do", acts));
            } else {
                continue;
            }
            self.say(border.node, Fate::Mapped, "成为它所在节点的 `on`", "an entry of `on` of its node");
            on.push(Yaml::Map(entry));
        }
        on
    }

    /// Whether a boundary event is carried over.
    pub(crate) fn keeps(&self, border: &FlowNode<'a>, host: &FlowNode<'a>) -> bool {
        let Kind::Boundary { cancels, .. } = border.kind else { return false };
        let call = matches!(host.kind, Kind::Sub(_) | Kind::Call(_));
        let known = border.events.first().is_some_and(|event| match event.kind {
            EventKind::Error | EventKind::Cancel => call,
            EventKind::Message | EventKind::Timer | EventKind::Signal | EventKind::Condition => true,
            EventKind::Escalation | EventKind::Link | EventKind::Terminate | EventKind::Compensate => false,
        });
        let has_border = matches!(
            host.kind,
            Kind::Task(Work::Person | Work::Receive | Work::Service) | Kind::Sub(_) | Kind::Call(_) | Kind::Catch
        );
        known && has_border && (cancels || self.sends(border).is_some())
    }

    /// What follows a notice that is sent beside the flow: nothing but an end can.
    fn behind_notice(&mut self, flow: &Flow<'a>) {
        let ends = self.scope.node(flow.to).is_some_and(|next| next.kind == Kind::End && next.events.is_empty());
        if ends {
            self.import.ledger.part(flow.node);
        } else {
            self.import.ledger.drop_whole(
                flow.node,
                "不打断的事件发送之后不能再走一条路",
                "behind what an event sends that does not interrupt there is no path",
            );
        }
    }

    /// Whether it is what a boundary event that does not interrupt sends.
    pub(crate) fn sent_aside(&self, node: &FlowNode<'a>) -> bool {
        let into = self.scope.into(node.id);
        let borders = into.iter().filter_map(|flow| self.scope.node(flow.from));
        borders.into_iter().any(|border| {
            let Kind::Boundary { host, cancels: false } = border.kind else { return false };
            let kept = self.scope.node(host).is_some_and(|host| self.keeps(border, host));
            kept && self.sends(border).is_some_and(|sends| sends.id == node.id)
        })
    }

    /// What an event that does not interrupt sends.
    fn sends(&self, border: &FlowNode<'a>) -> Option<&'a FlowNode<'a>> {
        let flow = self.scope.out(border.id).into_iter().next()?;
        let next = self.scope.node(flow.to)?;
        (matches!(next.kind, Kind::Task(Work::Send) | Kind::Throw) && self.scope.ins(next.id) == 1).then_some(next)
    }

    /// What an event does that does not interrupt: a message that is sent, and nothing else.
    fn meanwhile(&mut self, border: &'a FlowNode<'a>) -> Option<Yaml> {
        let sends = self.sends(border)?;
        for flow in self.scope.out(border.id) {
            self.import.ledger.part(flow.node);
        }
        let acts = if let Some(message) = self.message(sends) {
            vec![Entry::new("send", message)]
        } else {
            let name = sends.events.first().and_then(|event| event.reference).or(sends.name);
            let template = slug(name.unwrap_or_default(), "notice");
            self.say(
                border.node,
                Fate::Open,
                format!("发送通知 `{template}`：请写这个模板"),
                format!("sends the notice `{template}`: write this template"),
            );
            vec![Entry::new("notify", template), Entry::new("to", "assignees")]
        };
        self.say(sends.node, Fate::Mapped, "由边界事件的 `do` 发送", "sent by `do` of the boundary event");
        for event in &sends.events {
            self.import.ledger.parts(event.node);
        }
        for flow in self.scope.out(sends.id) {
            self.behind_notice(&flow);
        }
        Some(Yaml::Map(acts))
    }
}

/// Why a boundary event is not carried over, and what to do.
fn why_not(border: &FlowNode<'_>, call: bool) -> (&'static str, &'static str) {
    match border.events.first().map(|event| event.kind) {
        None => ("边界事件没有写等什么", "a boundary event that does not say what it waits for"),
        Some(EventKind::Compensate) => NO_COMPENSATION,
        Some(EventKind::Error | EventKind::Cancel) if !call => (
            "只有 `call` 会以错误结束；人工任务请写成一个结果，接口失败是管理员看得见的事件",
            "a `call` alone ends with an error; of a task make it an outcome, a failed request is an incident that an administrator sees",
        ),
        Some(EventKind::Escalation | EventKind::Link | EventKind::Terminate) => {
            ("升级事件没有对应：请写成结果或提醒", "there are no escalations: make it an outcome, or a reminder")
        }
        Some(_) => (
            "不打断的事件只能做事（`do`），不能另开一条路：请改用阶段的 `every`、`offers`，或打断",
            "an event that does not interrupt only acts (`do`), it opens no path: use `every` or `offers` of a stage, or let it interrupt",
        ),
    }
}
