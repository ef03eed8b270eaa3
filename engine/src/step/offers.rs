//! Offers: what somebody may do while a stage is open.

use serde_json::{Map, Value as Json};

use super::{
    Way,
    acts::{Around, given},
    call::Child,
    run::Run,
    task::comment,
};
use crate::{
    case::{Instance, ItemState},
    definition::workflow::{Node, NodeKind, Offer},
    event::Kind,
    id::Id,
    rejection::Rejection,
    text::Name,
    value::Value,
};

/// What an offer is taken with.
#[derive(Debug)]
pub(super) struct Taking<'c> {
    pub(super) node: &'c Name,
    pub(super) offer: &'c Name,
    pub(super) form: &'c Map<String, Json>,
    pub(super) comment: Option<&'c str>,
}

impl Run<'_> {
    fn is_for_actor(&self, instance: &Instance, node: &Node, offer: &Offer) -> Result<bool, Rejection> {
        let Some(actor) = self.context.actor.person() else { return Ok(false) };
        let who = self.people(instance, &node.name, &offer.who)?;
        Ok(self.context.org.standing_in(who, || self.context.today()).contains(&actor))
    }

    fn holds(&self, instance: &Instance, node: &Node, offer: &Offer) -> Result<bool, Rejection> {
        // While the workflow that it began runs, it is closed.
        let token = instance.tokens.iter().find(|token| token.node == node.name).filter(|_| offer.call.is_some());
        if token.is_some_and(|token| self.is_begun(instance.id, token.id, node, Some(&offer.name))) {
            return Ok(false);
        }
        match &offer.when {
            Some(when) => Ok(self.eval(instance.id, &node.name, when)? == Value::Bool(true)),
            None => Ok(true),
        }
    }

    /// The names of the offers of a stage that are open to the actor now.
    pub(super) fn open_offers(&self, instance: &Instance, node: &Name) -> Vec<Name> {
        let Ok(bound) = self.bound(instance) else { return Vec::new() };
        let Some(node @ Node { kind: NodeKind::Stage(stage), .. }) = bound.workflow.nodes.get(node) else {
            return Vec::new();
        };
        let open = |offer: &&Offer| {
            self.is_for_actor(instance, node, offer).unwrap_or(false)
                && self.holds(instance, node, offer).unwrap_or(false)
        };
        stage.offers.iter().filter(open).map(|offer| offer.name.clone()).collect()
    }

    pub(super) fn take_offer(&mut self, instance: Id, with: &Taking<'_>) -> Result<(), Rejection> {
        let found = self.instance(instance)?;
        let (bound, item) = (self.bound(found)?, found.item);
        let token = found.tokens.iter().find(|token| token.node == *with.node).map(|token| token.id);
        let refused = || Rejection::NoSuchOffer { expected: self.open_offers(found, with.node) };
        let stands = token.and_then(|token| Some((token, bound.workflow.nodes.get(with.node)?)));
        let (token, node) = stands.ok_or_else(refused)?;
        let NodeKind::Stage(stage) = &node.kind else { return Err(refused()) };
        let offer = stage.offers.iter().find(|offer| offer.name == *with.offer).ok_or_else(refused)?;
        if !self.is_for_actor(found, node, offer)? {
            return Err(Rejection::NotYours);
        }
        if !self.holds(found, node, offer)? {
            return Err(refused());
        }
        let comment = comment(with.comment, &offer.requires)?;
        let workflow = found.workflow.clone();
        self.begin_work(instance, token)?;
        self.at = Some((instance, token));
        self.take(&workflow, &node.name, Way::Offer(offer.name.clone()));
        self.emit(Kind::OfferTaken {
            instance,
            node: node.name.clone(),
            offer: offer.name.clone(),
            form: with.form.clone(),
            comment,
        })?;
        let form = offer.form.as_ref().and_then(|form| bound.forms.get(form)).map(AsRef::as_ref);
        if let (true, Some(form)) = (offer.set_form, form) {
            for field in form.fields.iter().filter(|field| !field.read_only) {
                self.change(item, &field.name, given(with.form.get(field.name.as_str())))?;
            }
        }
        let around = Around { form: form.map(|form| (form, with.form)), ..Around::default() };
        self.acts((instance, token), node, &offer.acts, around)?;
        match offer.pause {
            Some(true) => self.set_state(item, ItemState::Suspended)?,
            Some(false) => self.set_state(item, ItemState::Open)?,
            None => {}
        }
        if let Some(call) = &offer.call {
            let (by, stage) = (self.context.actor.person(), Some(node.name.clone()));
            let begun = Some(offer.name.clone());
            let child = Child { by, stage, offer: begun, ..Child::new(&call.workflow, &call.item) };
            self.begin_child(instance, token, node, &child)?;
        }
        let Some(to) = &offer.to else { return Ok(()) };
        if offer.keep {
            return self.go_keeping(instance, token, node, to);
        }
        self.go(instance, token, node, to)
    }
}
