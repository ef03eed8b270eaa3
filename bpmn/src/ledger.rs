//! Keeps account of every element of a file, so that none is left out silently.

use docket_engine::text::Text;

use crate::{
    report::{Entry, Fate},
    xml::{BPMN, DI, DOCKET, Document, Node},
};

/// Attributes that the mapping reads, or that say nothing about how a process runs.
const READ: [&str; 34] = [
    "activityRef",
    "attachedToRef",
    "behavior",
    "calledElement",
    "cancelActivity",
    "cancelRemainingInstances",
    "default",
    "errorCode",
    "errorRef",
    "escalationCode",
    "escalationRef",
    "eventGatewayType",
    "evaluatesToTypeRef",
    "gatewayDirection",
    "id",
    "instantiate",
    "isExecutable",
    "isImmediate",
    "isInterrupting",
    "isSequential",
    "language",
    "loopMaximum",
    "messageRef",
    "name",
    "operationRef",
    "ordering",
    "processRef",
    "processType",
    "scriptFormat",
    "signalRef",
    "sourceRef",
    "targetRef",
    "testBefore",
    "triggeredByEvent",
];
/// Attributes that say nothing where they have this value, which BPMN assumes without them.
const USUAL: [(&str, &str); 8] = [
    ("completionQuantity", "1"),
    ("implementation", "##unspecified"),
    ("implementation", "##WebService"),
    ("isClosed", "false"),
    ("isForCompensation", "false"),
    ("method", "##Compensate"),
    ("parallelMultiple", "false"),
    ("startQuantity", "1"),
];

/// The account.
#[derive(Debug)]
pub(crate) struct Ledger<'a> {
    document: &'a Document<'a>,
    marks: Vec<Mark>,
    entries: Vec<Entry>,
}

/// What is known of an element.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Mark {
    /// Nothing yet.
    Unseen,
    /// It belongs to the element around it, which has an entry.
    Part,
    /// It has an entry, and so has what lies in it.
    Entry(usize),
    /// It has an entry, which speaks for all that lies in it.
    Whole,
}

impl<'a> Ledger<'a> {
    pub(crate) fn new(document: &'a Document<'a>) -> Self {
        let count = document.tree.descendants().count();
        Self { document, marks: vec![Mark::Unseen; count], entries: Vec::new() }
    }

    fn set(&mut self, node: Node<'_>, mark: Mark) {
        if let Some(slot) = self.marks.get_mut(node.id().get_usize()) {
            *slot = mark;
        }
    }

    fn mark(&self, node: Node<'_>) -> Mark {
        self.marks.get(node.id().get_usize()).copied().unwrap_or(Mark::Unseen)
    }

    /// Whether anything is known of the element.
    pub(crate) fn seen(&self, node: Node<'_>) -> bool {
        self.mark(node) != Mark::Unseen
    }

    /// Says what became of an element. What was said of it before stays, unless this is worse: then both stand in one entry.
    pub(crate) fn say(&mut self, node: Node<'_>, fate: Fate, zh: impl Into<String>, en: impl Into<String>) {
        let text = Text::new(zh, en);
        if self.mark(node) == Mark::Whole {
            return;
        }
        if let Mark::Entry(at) = self.mark(node)
            && let Some(entry) = self.entries.get_mut(at)
        {
            if entry.text.en != text.en {
                // What it became comes first, then what is to be said of that.
                let first = fate == Fate::Mapped && entry.fate != Fate::Mapped;
                let (a, b) = if first { (&text, &entry.text) } else { (&entry.text, &text) };
                entry.text = Text::new(format!("{}；{}", a.zh, b.zh), format!("{}; {}", a.en, b.en));
                entry.fate = entry.fate.max(fate);
            }
            return;
        }
        self.set(node, Mark::Entry(self.entries.len()));
        let entry = self.entry(node, fate, text);
        self.entries.push(entry);
    }

    /// Says that an element and all that lies in it is left out.
    pub(crate) fn drop_whole(&mut self, node: Node<'_>, zh: impl Into<String>, en: impl Into<String>) {
        self.say(node, Fate::Dropped, zh, en);
        self.set(node, Mark::Whole);
    }

    /// The element belongs to the one around it.
    pub(crate) fn part(&mut self, node: Node<'_>) {
        if self.mark(node) == Mark::Unseen {
            self.set(node, Mark::Part);
        }
    }

    /// The element and all that lies in it belong to the one around it.
    pub(crate) fn parts(&mut self, node: Node<'_>) {
        for node in node.descendants().filter(Node::is_element) {
            self.part(node);
        }
    }

    fn entry(&self, node: Node<'_>, fate: Fate, text: Text) -> Entry {
        let attribute = |name: &str| node.attribute(name).filter(|text| !text.trim().is_empty()).map(str::to_owned);
        Entry {
            line: self.document.line(node),
            element: node.tag_name().name().to_owned(),
            id: attribute("id"),
            name: attribute("name"),
            fate,
            text,
        }
    }

    /// All entries by line. Whatever nobody spoke of is named as left out.
    pub(crate) fn finish(mut self) -> Vec<Entry> {
        let mut open = vec![self.document.tree.root_element()];
        while let Some(node) = open.pop() {
            match self.mark(node) {
                Mark::Whole => continue,
                Mark::Unseen => {
                    self.leave_out(node);
                    continue;
                }
                Mark::Part | Mark::Entry(_) => {}
            }
            self.attributes(node);
            open.extend(node.children().filter(Node::is_element));
        }
        self.entries.sort_by_key(|entry| entry.line);
        self.entries
    }

    /// Names an element of which nothing is known.
    fn leave_out(&mut self, node: Node<'_>) {
        let inside = node.descendants().filter(Node::is_element).count() - 1;
        let name = node.tag_name().name().to_owned();
        if inside == 0 && name == "extensionElements" {
            return;
        }
        let (zh, en) = match (node.tag_name().namespace(), name.as_str()) {
            (Some(DI), "BPMNDiagram") => (
                "图的位置与样式：导出时重新排版".to_owned(),
                "positions and styles of a diagram: export lays it out anew".to_owned(),
            ),
            (Some(BPMN), "extensionElements") => {
                let names = foreign(node);
                (format!("其他软件的扩展：{names}"), format!("extensions of other programs: {names}"))
            }
            (Some(BPMN), _) => words(&name),
            _ if node.parent_element().is_some_and(|parent| parent.has_tag_name((BPMN, "extensionElements"))) => {
                ("其他软件的扩展".to_owned(), "an extension of another program".to_owned())
            }
            _ => ("不是 BPMN 元素".to_owned(), "this is no element of BPMN".to_owned()),
        };
        let (zh, en) = if inside == 0 {
            (zh, en)
        } else {
            (format!("{zh}（连同其中 {inside} 个元素）"), format!("{en} (with {inside} elements in it)"))
        };
        self.drop_whole(node, zh, en);
    }

    /// Names attributes that nobody reads.
    fn attributes(&mut self, node: Node<'_>) {
        let unread: Vec<String> = node
            .attributes()
            .filter(|attribute| match attribute.namespace() {
                None => !is_read(attribute.name(), attribute.value()),
                Some(DOCKET | crate::xml::XSI) => false,
                Some(_) => true,
            })
            .map(|attribute| format!("{}=\"{}\"", attribute.name(), cut(attribute.value())))
            .collect();
        if unread.is_empty() || node.tag_name().name() == "definitions" {
            return;
        }
        let list = unread.join(", ");
        let text = Text::new(format!("属性未转换：{list}"), format!("attributes not carried over: {list}"));
        let entry = self.entry(node, Fate::Dropped, text);
        self.entries.push(entry);
    }
}

/// Whether an attribute is read by the mapping, or says nothing.
fn is_read(name: &str, value: &str) -> bool {
    READ.contains(&name) || value.is_empty() || USUAL.contains(&(name, value))
}

/// The names of foreign elements right below `node`, each with how often it stands there.
fn foreign(node: Node<'_>) -> String {
    let mut names: Vec<(String, usize)> = Vec::new();
    for child in node.children().filter(Node::is_element) {
        let name = child.tag_name().name().to_owned();
        match names.iter_mut().find(|(known, _)| *known == name) {
            Some((_, count)) => *count += 1,
            None => names.push((name, 1)),
        }
    }
    let shown = names.iter().map(|(name, count)| if *count == 1 { name.clone() } else { format!("{name} × {count}") });
    shown.collect::<Vec<_>>().join(", ")
}

/// Why an element of BPMN is left out, and what to do.
fn words(name: &str) -> (String, String) {
    let (zh, en) = match name {
        "dataObject"
        | "dataObjectReference"
        | "dataState"
        | "property"
        | "itemDefinition"
        | "ioSpecification"
        | "dataInputAssociation"
        | "dataOutputAssociation"
        | "dataInput"
        | "dataOutput"
        | "inputSet"
        | "outputSet" => (
            "数据：事项和表单的字段取代它，写在 forms/ 里",
            "data: fields of the item and of forms take its place, written in forms/",
        ),
        "dataStore" | "dataStoreReference" => (
            "数据存储：事项本身就存在平台里；外部系统用 action 调用",
            "a data store: items are stored by the platform; call another system by an action",
        ),
        "message" | "signal" | "error" | "escalation" => {
            ("没有流程元素用到它", "no element of a process that was carried over uses it")
        }
        "messageFlow" => (
            "池之间的消息：由发送方的通知或接口调用、接收方的 wait 实现",
            "a message between pools: a notice or a call of the sender, a wait of the receiver",
        ),
        "group" | "category" | "categoryValue" => ("分组只在图上有意义", "a group, which only the drawing shows"),
        "association" => ("图上的连线", "a line of the drawing"),
        "interface" | "operation" | "endPoint" => (
            "服务的地址是服务器设置，不写在流程里",
            "the address of a service is a setting of the server, no part of a workflow",
        ),
        "resource" | "resourceRole" | "performer" | "humanPerformer" | "potentialOwner" => {
            ("人员由 assign 指派", "people are named by `assign`")
        }
        "globalTask" | "globalUserTask" | "globalManualTask" | "globalScriptTask" | "globalBusinessRuleTask" => (
            "全局任务：请写成一个单独的流程，用 call 调用",
            "a global task: write it as a workflow of its own and call it",
        ),
        "conversation"
        | "subConversation"
        | "callConversation"
        | "conversationLink"
        | "correlationKey"
        | "correlationProperty"
        | "correlationSubscription"
        | "choreography"
        | "globalConversation" => ("会话与编排图没有对应", "conversations and choreographies have no counterpart"),
        "import" => ("引用的文件不读取", "files that are referred to are not read"),
        "relationship" | "extension" | "auditing" | "monitoring" => ("不影响运行", "says nothing about how it runs"),
        _ => ("没有对应的写法", "has no counterpart"),
    };
    (zh.to_owned(), en.to_owned())
}

/// A text as it fits into a line.
fn cut(text: &str) -> String {
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if text.chars().count() <= 60 { text } else { text.chars().take(60).chain(['…']).collect() }
}
