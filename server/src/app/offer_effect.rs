//! What taking an offer does to the work that is open, read off its workflow.

use std::collections::BTreeSet;

use docket_engine::{
    definition::workflow::{Act, Ending, NodeKind, Offer, Workflow},
    expr::AstKind,
    text::Name,
    value::Value,
};

use crate::api::items::OfferEffect;

/// What `offer` of a stage of `workflow` does.
#[must_use]
pub fn of(workflow: &Workflow, offer: &Offer) -> OfferEffect {
    let led_to = offer.to.as_ref();
    if offer.acts.iter().any(cancels) || led_to.is_some_and(|to| leads_to_cancelling(workflow, to)) {
        OfferEffect::Cancels
    } else if offer.pause == Some(true) {
        OfferEffect::Pauses
    } else if led_to.is_some() && !offer.keep {
        OfferEffect::Ends
    } else {
        OfferEffect::GoesOn
    }
}

/// Whether what follows from `node`, before somebody has to do something, cancels the item or the run.
fn leads_to_cancelling(workflow: &Workflow, node: &Name) -> bool {
    let (mut seen, mut ahead) = (BTreeSet::new(), vec![node]);
    while let Some(name) = ahead.pop() {
        if !seen.insert(name) {
            continue;
        }
        match workflow.nodes.get(name).map(|node| &node.kind) {
            Some(NodeKind::End(end)) if end.how != Ending::Normal || end.acts.iter().any(cancels) => return true,
            Some(NodeKind::Action(action)) if action.acts.iter().any(cancels) => return true,
            Some(NodeKind::Action(action)) => ahead.push(&action.next),
            // Where it depends on the facts which way it goes, nothing is foretold.
            _ => {}
        }
    }
    false
}

/// Whether an act cancels the item.
fn cancels(act: &Act) -> bool {
    let Act::Set { target, value } = act else { return false };
    let cancelled = matches!(&value.ast().kind, AstKind::Literal(Value::Text(word)) if word == "cancelled");
    cancelled && !target.parent && target.field.as_str() == "state"
}
