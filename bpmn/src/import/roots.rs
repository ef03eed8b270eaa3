//! What stands beside the processes: pools, lanes, and what events refer to.

use super::Import;
use crate::{
    model::{FlowNode, Scope, attribute, children},
    report::Fate,
    xml::Node,
};

/// Speaks of pools, lanes, messages, signals, errors and escalations.
pub(crate) fn roots(import: &mut Import<'_>) {
    let model = import.model;
    for collaboration in children(model.root, "collaboration") {
        import.ledger.part(collaboration);
        for participant in children(collaboration, "participant") {
            pool(import, participant);
        }
    }
    for process in &model.processes {
        lanes(import, process.node);
        referred(import, &process.scope);
    }
    for process in
        model.processes.iter().filter(|process| process.node.attribute((crate::xml::DOCKET, "workflow")).is_some())
    {
        // What stands beside the nodes of our own files follows from them.
        for child in process.node.parent_element().into_iter().flat_map(|root| root.children()) {
            if ["message", "error"].iter().any(|name| child.has_tag_name((crate::xml::BPMN, *name))) {
                import.ledger.part(child);
            }
        }
    }
}

fn pool(import: &mut Import<'_>, participant: Node<'_>) {
    let id = attribute(participant, "processRef").map(|id| id.rsplit_once(':').map_or(id, |(_, local)| local));
    let known = id.and_then(|id| import.processes.iter().find(|(process, _)| **process == id));
    match known {
        Some((_, called)) => {
            let name = called.name.clone();
            import.ledger.say(participant, Fate::Mapped, format!("流程 `{name}`"), format!("the workflow `{name}`"));
        }
        None => import.ledger.say(
            participant,
            Fate::Dropped,
            "池里没有流程：对外的参与者由通知、接口和 wait 体现",
            "a pool without a process: notices, requests and waits take the place of a participant outside",
        ),
    }
}

/// Lanes are the posts of their tasks.
fn lanes(import: &mut Import<'_>, node: Node<'_>) {
    for set in children(node, "laneSet").chain(children(node, "childLaneSet")) {
        import.ledger.part(set);
        for lane in children(set, "lane") {
            match attribute(lane, "name") {
                Some(name) => {
                    let post = super::names::slug(name, "post");
                    import.ledger.say(
                        lane,
                        Fate::Mapped,
                        format!("其中任务的岗位 `{post}`"),
                        format!("the post `{post}` of its tasks"),
                    );
                }
                None => import.ledger.say(lane, Fate::Dropped, "泳道没有名称", "a lane without a name"),
            }
            for child in children(lane, "flowNodeRef") {
                import.ledger.part(child);
            }
            lanes(import, lane);
        }
    }
}

/// Messages, signals, errors and escalations give events their names.
fn referred(import: &mut Import<'_>, scope: &Scope<'_>) {
    let model = import.model;
    let mut open: Vec<&FlowNode<'_>> = scope.nodes.iter().collect();
    while let Some(node) = open.pop() {
        let elements = node.events.iter().map(|event| event.node).chain([node.node]);
        for element in elements {
            for name in ["messageRef", "signalRef", "errorRef", "escalationRef"] {
                let id = attribute(element, name).map(|id| id.rsplit_once(':').map_or(id, |(_, local)| local));
                if let Some(found) = id.and_then(|id| model.ids.get(id)) {
                    import.ledger.say(*found, Fate::Mapped, "它的名称用在事件里", "its name is used by its events");
                }
            }
        }
        open.extend(node.scope.iter().flat_map(|scope| &scope.nodes));
    }
}
