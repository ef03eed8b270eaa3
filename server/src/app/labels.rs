//! Names and titles of what definitions and the organisation name.

use docket_engine::{
    case::ItemState,
    definition::module::{Colour, Kind},
    id::{PersonId, UnitId},
    text::{Name, Text},
};

use crate::api::{
    caller::Caller,
    views::{Light, LightView, Ref, StateView},
};

/// A person by id, with the name.
#[must_use]
pub fn person(caller: &Caller, id: PersonId) -> Ref {
    let org = caller.app.org();
    Ref { id: id.to_string(), name: org.person(id).map_or_else(String::new, |person| person.name.clone()) }
}

/// A unit by id, with the name.
#[must_use]
pub fn unit(caller: &Caller, id: UnitId) -> Ref {
    let org = caller.app.org();
    Ref { id: id.to_string(), name: org.unit(id).map_or_else(String::new, |unit| unit.name.clone()) }
}

/// A state as the wire has it.
#[must_use]
pub const fn state(state: ItemState) -> StateView {
    match state {
        ItemState::Open => StateView::Open,
        ItemState::Suspended => StateView::Suspended,
        ItemState::Done => StateView::Done,
        ItemState::Cancelled => StateView::Cancelled,
    }
}

/// All states, in the order of a filter.
pub const STATES: [ItemState; 4] = [ItemState::Open, ItemState::Suspended, ItemState::Done, ItemState::Cancelled];

/// The title of an outcome that no definition names: a return by the operation of that name.
#[must_use]
pub fn outcome(name: &str) -> Text {
    if name == "return" { Text::new("退回", "Return") } else { Text::same(name) }
}

/// A state's title.
#[must_use]
pub fn state_title(state: ItemState) -> Text {
    match state {
        ItemState::Open => Text::new("办理中", "Open"),
        ItemState::Suspended => Text::new("已中止", "Suspended"),
        ItemState::Done => Text::new("已完成", "Done"),
        ItemState::Cancelled => Text::new("已取消", "Cancelled"),
    }
}

/// A colour as the wire has it.
#[must_use]
pub const fn colour(colour: Colour) -> Light {
    match colour {
        Colour::Green => Light::Green,
        Colour::Yellow => Light::Yellow,
        Colour::Red => Light::Red,
        Colour::Blue => Light::Blue,
        Colour::Grey => Light::Grey,
    }
}

/// A light with the word that its kind gives it.
#[must_use]
pub fn light(caller: &Caller, kind: &Kind, lit: Colour) -> LightView {
    let word = kind.lights.iter().find(|light| light.colour == lit).map(|light| caller.text(&light.title));
    LightView { colour: colour(lit), title: word.unwrap_or_else(|| lit.name().to_owned()) }
}

/// The stage bar of a kind's workflow, in force now: name and title.
#[must_use]
pub fn stages<'a>(caller: &'a Caller, kind: &Kind) -> &'a [(Name, Text)] {
    let workflow = kind.workflow.as_ref().and_then(|workflow| caller.published.registry.workflows.get(workflow));
    workflow.map_or(&[], |bound| &bound.workflow.stages)
}

/// The title of a step at which a kind's workflow, in force now, may begin.
#[must_use]
pub fn step(caller: &Caller, kind: &Kind, node: &Name) -> Text {
    let workflow = kind.workflow.as_ref().and_then(|workflow| caller.published.registry.workflows.get(workflow));
    let found = workflow.and_then(|bound| bound.workflow.nodes.get(node));
    found.map_or_else(|| Text::same(node.to_string()), |node| node.title.clone())
}

/// The title of a platform attribute that a list shows.
#[must_use]
pub fn attribute(name: &str) -> Option<Text> {
    Some(match name {
        "light" => Text::new("状态灯", "Light"),
        "state" => Text::new("状态", "State"),
        "stage" => Text::new("阶段", "Stage"),
        "next_due" => Text::new("应反馈日期", "Next due"),
        "suspended_on" => Text::new("中止日期", "Suspended on"),
        "created_at" => Text::new("创建时间", "Created"),
        "year" => Text::new("年度", "Year"),
        _ => return None,
    })
}
