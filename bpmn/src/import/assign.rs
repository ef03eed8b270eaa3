//! Who does a task: resources, else lanes, else whoever created the item.

use super::{names::slug, scope::Mapper};
use crate::{
    model::{FlowNode, attribute, child_text, children},
    report::Fate,
    xml::Node,
    yaml::{Entry, Yaml},
};

/// Elements that name who does something.
const ROLES: [&str; 4] = ["potentialOwner", "humanPerformer", "performer", "resourceRole"];

impl<'a> Mapper<'a, '_> {
    /// Who does a task, as an assignment.
    pub(crate) fn assign(&mut self, node: &FlowNode<'a>) -> Yaml {
        let resources: Vec<&'a str> =
            ROLES.iter().flat_map(|role| children(node.node, role)).filter_map(|role| self.resource(role)).collect();
        let lane = self.scope.lanes.get(node.id).copied().or(self.lane);
        let posts: Vec<String> = match (resources.as_slice(), lane) {
            ([], Some(lane)) => vec![slug(lane, "post")],
            (names, _) => names.iter().map(|name| slug(name, "post")).collect(),
        };
        match posts.as_slice() {
            [] => {
                self.say(
                    node.node,
                    Fate::Assumed,
                    "文件没有写谁来办：由创建事项的人办，请改 `assign`",
                    "the file names nobody: whoever created the item does it, change `assign`",
                );
                Yaml::Map(vec![Entry::new("person", "item.created_by")])
            }
            [only] => {
                self.say(
                    node.node,
                    Fate::Open,
                    format!("由岗位 `{only}` 办：机构文件里要有这个岗位"),
                    format!("done by the post `{only}`: the organisation must have it"),
                );
                Yaml::Map(vec![Entry::new("post", only.as_str())])
            }
            several => {
                let list = several.join(", ");
                self.say(
                    node.node,
                    Fate::Open,
                    format!("由岗位 {list} 办：机构文件里要有这些岗位"),
                    format!("done by the posts {list}: the organisation must have them"),
                );
                Yaml::Map(vec![Entry::new(
                    "post",
                    several.iter().map(|post| Yaml::from(post.as_str())).collect::<Vec<_>>(),
                )])
            }
        }
    }

    /// The name of a resource that does a task.
    fn resource(&mut self, role: Node<'a>) -> Option<&'a str> {
        let reference = child_text(role, "resourceRef").map(|id| id.rsplit_once(':').map_or(id, |(_, local)| local));
        let expression = children(role, "resourceAssignmentExpression")
            .flat_map(|expression| expression.children())
            .find_map(|expression| expression.text().map(str::trim).filter(|text| !text.is_empty()));
        self.import.ledger.part(role);
        for child in children(role, "resourceRef") {
            self.import.ledger.part(child);
        }
        for child in children(role, "resourceAssignmentExpression") {
            self.import.ledger.parts(child);
        }
        let element = reference.and_then(|id| self.import.model.ids.get(id).copied());
        if let Some(element) = element {
            let name = attribute(element, "name");
            self.import.ledger.say(element, Fate::Mapped, "它的名称成为岗位名", "its name is the name of a post");
            return name.or(reference);
        }
        reference.or(expression).or_else(|| attribute(role, "name"))
    }
}
