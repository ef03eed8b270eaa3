//! What a file holds, as BPMN's own notions: processes, flow nodes, sequence flows, events.
//!
//! INVARIANT: every sequence flow leads from a flow node to a flow node of its own scope, every boundary event sits on an
//! activity of its own scope; a file where that is not so is refused.

mod read;

use std::collections::BTreeMap;

use crate::xml::Node;

pub(crate) use read::read;

/// A file.
#[derive(Debug)]
pub(crate) struct Model<'a> {
    /// The root.
    pub(crate) root: Node<'a>,
    /// All elements with an id.
    pub(crate) ids: BTreeMap<&'a str, Node<'a>>,
    /// The processes in the written order.
    pub(crate) processes: Vec<Process<'a>>,
}

/// A process.
#[derive(Debug)]
pub(crate) struct Process<'a> {
    /// Its element.
    pub(crate) node: Node<'a>,
    /// Its id.
    pub(crate) id: &'a str,
    /// Its name, or that of the pool that it stands in.
    pub(crate) name: Option<&'a str>,
    /// What is in it.
    pub(crate) scope: Scope<'a>,
}

/// What a process or a sub-process holds.
#[derive(Debug, Default)]
pub(crate) struct Scope<'a> {
    /// The flow nodes in the written order.
    pub(crate) nodes: Vec<FlowNode<'a>>,
    /// The sequence flows in the written order.
    pub(crate) flows: Vec<Flow<'a>>,
    /// Where each flow node stands in `nodes`, and which flows leave and enter it.
    index: BTreeMap<&'a str, Place>,
    /// The innermost lane of each flow node that lies in one, with its name.
    pub(crate) lanes: BTreeMap<&'a str, &'a str>,
    /// What text annotations say about each element.
    pub(crate) notes: BTreeMap<&'a str, Vec<Node<'a>>>,
}

/// Where a flow node stands.
#[derive(Debug, Default)]
struct Place {
    node: usize,
    out: Vec<usize>,
    into: Vec<usize>,
    borders: Vec<usize>,
}

/// A flow node.
#[derive(Debug)]
pub(crate) struct FlowNode<'a> {
    /// Its element.
    pub(crate) node: Node<'a>,
    /// Its id; one of ours where it has none.
    pub(crate) id: &'a str,
    /// Its name.
    pub(crate) name: Option<&'a str>,
    /// What it is.
    pub(crate) kind: Kind<'a>,
    /// What it waits for or causes.
    pub(crate) events: Vec<Event<'a>>,
    /// How often it is done.
    pub(crate) repeat: Option<Repeat<'a>>,
    /// The flow that is taken where no condition holds.
    pub(crate) default: Option<&'a str>,
    /// What is in it, of a sub-process.
    pub(crate) scope: Option<Scope<'a>>,
}

/// What a flow node is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind<'a> {
    /// Begins a process; of an event sub-process: whether it interrupts.
    Start(bool),
    /// Ends a path.
    End,
    /// Waits on a path.
    Catch,
    /// Causes something on a path.
    Throw,
    /// Happens at an activity.
    Boundary {
        /// The activity's id.
        host: &'a str,
        /// Whether it interrupts it.
        cancels: bool,
    },
    /// Work.
    Task(Work),
    /// A fork in the road.
    Gateway(Gate),
    /// Work with parts.
    Sub(Sub),
    /// Another process.
    Call(Option<&'a str>),
}

/// What kind of work a task is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Work {
    /// A person's: user, manual, and undefined tasks.
    Person,
    /// A system's.
    Service,
    /// A script.
    Script,
    /// Sends a message.
    Send,
    /// Waits for a message.
    Receive,
    /// Asks a table of rules.
    Rule,
}

/// What kind of gateway it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Gate {
    /// One way.
    Exclusive,
    /// All ways.
    Parallel,
    /// One or more ways.
    Inclusive,
    /// The way of the event that happens first.
    Event,
    /// Rules of its own.
    Complex,
}

/// What kind of sub-process it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Sub {
    /// In the flow.
    Embedded,
    /// All or nothing.
    Transaction,
    /// Its parts in any order.
    AdHoc,
    /// Begun by an event.
    Event,
}

/// How often an activity is done.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Repeat<'a> {
    /// Again and again while a condition holds.
    Loop(Node<'a>),
    /// Once for each element of a list.
    Each(Node<'a>),
}

/// What an event waits for or causes.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Event<'a> {
    /// Its element.
    pub(crate) node: Node<'a>,
    /// What it is.
    pub(crate) kind: EventKind,
    /// The name of the message, signal, error or escalation that it refers to.
    pub(crate) reference: Option<&'a str>,
}

/// What kind of event it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum EventKind {
    /// A message.
    Message,
    /// A time.
    Timer,
    /// An error.
    Error,
    /// An escalation.
    Escalation,
    /// A signal.
    Signal,
    /// A condition.
    Condition,
    /// A jump.
    Link,
    /// The end of everything.
    Terminate,
    /// Undoes work.
    Compensate,
    /// Cancels a transaction.
    Cancel,
}

/// A sequence flow.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Flow<'a> {
    /// Its element.
    pub(crate) node: Node<'a>,
    /// Its id.
    pub(crate) id: &'a str,
    /// Its name.
    pub(crate) name: Option<&'a str>,
    /// The node that it leaves.
    pub(crate) from: &'a str,
    /// The node that it leads to.
    pub(crate) to: &'a str,
    /// Its condition.
    pub(crate) condition: Option<&'a str>,
}

impl<'a> Scope<'a> {
    /// Notes where everything stands.
    fn index(&mut self) {
        for (at, node) in self.nodes.iter().enumerate() {
            self.index.entry(node.id).or_default().node = at;
        }
        for (at, flow) in self.flows.iter().enumerate() {
            if let Some(place) = self.index.get_mut(flow.from) {
                place.out.push(at);
            }
            if let Some(place) = self.index.get_mut(flow.to) {
                place.into.push(at);
            }
        }
        for (at, node) in self.nodes.iter().enumerate() {
            if let Kind::Boundary { host, .. } = node.kind
                && let Some(place) = self.index.get_mut(host)
            {
                place.borders.push(at);
            }
        }
    }

    /// The flow node with this id.
    pub(crate) fn node(&self, id: &str) -> Option<&FlowNode<'a>> {
        self.nodes.get(self.index.get(id)?.node)
    }

    fn flows_at(&self, places: &[usize]) -> Vec<Flow<'a>> {
        places.iter().filter_map(|at| self.flows.get(*at)).copied().collect()
    }

    /// The flows out of a node, in the written order.
    pub(crate) fn out(&self, id: &str) -> Vec<Flow<'a>> {
        self.index.get(id).map(|place| self.flows_at(&place.out)).unwrap_or_default()
    }

    /// The flows into a node, in the written order.
    pub(crate) fn into(&self, id: &str) -> Vec<Flow<'a>> {
        self.index.get(id).map(|place| self.flows_at(&place.into)).unwrap_or_default()
    }

    /// How many flows lead into a node.
    pub(crate) fn ins(&self, id: &str) -> usize {
        self.index.get(id).map_or(0, |place| place.into.len())
    }

    /// The events at the border of an activity.
    pub(crate) fn borders(&self, id: &str) -> impl Iterator<Item = &FlowNode<'a>> {
        let places = self.index.get(id).into_iter().flat_map(|place| &place.borders);
        places.filter_map(|at| self.nodes.get(*at))
    }
}

/// The text of an attribute, where there is one that says something.
pub(crate) fn attribute<'a>(node: Node<'a>, name: &str) -> Option<&'a str> {
    node.attribute(name).map(str::trim).filter(|text| !text.is_empty())
}

/// The children that are elements of BPMN with this name.
pub(crate) fn children<'a>(node: Node<'a>, name: &'static str) -> impl Iterator<Item = Node<'a>> {
    node.children().filter(move |child| child.has_tag_name((crate::xml::BPMN, name)))
}

/// The text of the first child with this name.
pub(crate) fn child_text<'a>(node: Node<'a>, name: &'static str) -> Option<&'a str> {
    children(node, name).next().and_then(|child| child.text()).map(str::trim).filter(|text| !text.is_empty())
}
