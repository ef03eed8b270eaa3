//! The expressions of a node, in one list: what it reads wherever it reads it.

use super::workflow::{
    Act, Assign, CallItem, Delay, Due, Node, NodeKind, Offer, Outcome, Recipient, Rule, Stage, Task, Trigger,
};
use crate::expr::{Expr, counts_workdays};

impl Node {
    /// Every expression of this node, those of its boundary events included.
    #[must_use]
    pub fn expressions(&self) -> Vec<&Expr> {
        let mut all = Vec::new();
        match &self.kind {
            NodeKind::Task(task) => of_task(task, &mut all),
            NodeKind::Action(action) => of_acts(&action.acts, &mut all),
            NodeKind::Choose(choose) | NodeKind::Any(choose) => {
                all.extend(choose.branches.iter().map(|(when, _)| when));
            }
            NodeKind::Fork(_) | NodeKind::Join(_) => {}
            NodeKind::Wait(wait) => of_trigger(&wait.until, &mut all),
            NodeKind::Call(call) => {
                of_item(&call.item, &mut all);
                all.extend(call.each.iter().map(|each| &each.list));
                call.results.iter().for_each(|result| of_rule(result.rule.as_ref(), &mut all));
            }
            NodeKind::Stage(stage) => of_stage(stage, &mut all),
            NodeKind::End(end) => of_acts(&end.acts, &mut all),
        }
        for boundary in &self.boundary {
            of_trigger(&boundary.trigger, &mut all);
            of_acts(&boundary.acts, &mut all);
        }
        all
    }

    /// Whether it counts working days: in an expression, a due date or a timer.
    #[must_use]
    pub fn counts_workdays(&self) -> bool {
        let timer = |trigger: &Trigger| matches!(trigger, Trigger::After(Delay::Workdays(_)));
        let own = match &self.kind {
            NodeKind::Task(task) => matches!(task.due, Some(Due::After(Delay::Workdays(_)))),
            NodeKind::Wait(wait) => timer(&wait.until),
            _ => false,
        };
        own || self.boundary.iter().any(|boundary| timer(&boundary.trigger))
            || self.expressions().into_iter().any(|expr| counts_workdays(expr.ast()).is_some())
    }
}

fn of_task<'n>(task: &'n Task, all: &mut Vec<&'n Expr>) {
    of_assign(&task.assign, all);
    task.fallback.iter().for_each(|assign| of_assign(assign, all));
    all.extend(task.due.as_ref().and_then(Due::expr));
    task.outcomes.iter().for_each(|outcome| of_outcome(outcome, all));
    all.extend(task.withdraw.iter().filter_map(|withdraw| withdraw.when.as_ref()));
}

fn of_outcome<'n>(outcome: &'n Outcome, all: &mut Vec<&'n Expr>) {
    all.extend(&outcome.when);
    of_rule(outcome.rule.as_ref(), all);
}

fn of_rule<'n>(rule: Option<&'n Rule>, all: &mut Vec<&'n Expr>) {
    if let Some(Rule::When(when)) = rule {
        all.push(when);
    }
}

fn of_stage<'n>(stage: &'n Stage, all: &mut Vec<&'n Expr>) {
    if let Some(every) = &stage.every {
        all.push(&every.at);
        of_item(&every.item, all);
    }
    if let Some(each) = &stage.each {
        all.push(&each.each.list);
        of_item(&each.item, all);
    }
    stage.on_done.values().for_each(|acts| of_acts(acts, all));
    stage.offers.iter().for_each(|offer| of_offer(offer, all));
}

fn of_offer<'n>(offer: &'n Offer, all: &mut Vec<&'n Expr>) {
    of_assign(&offer.who, all);
    all.extend(&offer.when);
    of_acts(&offer.acts, all);
    offer.call.iter().for_each(|call| of_item(&call.item, all));
}

fn of_item<'n>(item: &'n CallItem, all: &mut Vec<&'n Expr>) {
    if let CallItem::New { set, .. } = item {
        all.extend(set.iter().map(|(_, value)| value));
    }
}

fn of_assign<'n>(assign: &'n Assign, all: &mut Vec<&'n Expr>) {
    match assign {
        Assign::Post { unit, .. } => all.extend(unit),
        Assign::Person(person) => all.push(person),
    }
}

fn of_recipients<'n>(to: &'n [Recipient], all: &mut Vec<&'n Expr>) {
    for recipient in to {
        if let Recipient::Who(assign) = recipient {
            of_assign(assign, all);
        }
    }
}

fn of_acts<'n>(acts: &'n [Act], all: &mut Vec<&'n Expr>) {
    for act in acts {
        match act {
            Act::Set { value, .. } => all.push(value),
            Act::Notify { to, .. } | Act::Copy(to) => of_recipients(to, all),
            Act::Reassign(to) => to.iter().for_each(|assign| of_assign(assign, all)),
            Act::Http(http) => all.extend(http.body.iter().map(|(_, value)| value)),
            Act::Send(send) => all.extend(send.key.iter().chain(send.data.iter().map(|(_, value)| value))),
        }
    }
}

fn of_trigger<'n>(trigger: &'n Trigger, all: &mut Vec<&'n Expr>) {
    match trigger {
        Trigger::At(at) => all.push(at),
        Trigger::Changed(watched) => all.extend(watched),
        Trigger::Message(message) => all.extend(&message.key),
        Trigger::After(_) | Trigger::Error(_) => {}
    }
}
