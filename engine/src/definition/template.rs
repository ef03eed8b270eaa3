//! The notices that the platform sends by itself. A deployment's own template of the same name takes the place of one.

use std::sync::Arc;

use super::registry::Template;
use crate::text::{Name, Text};

/// Somebody was given an item to read 抄送.
pub const COPIED: &str = "copied";
/// Somebody is urged to do a task 催办.
pub const URGED: &str = "urged";

/// The built-in templates.
#[must_use]
pub fn built_in() -> [Arc<Template>; 2] {
    let copied = Template {
        name: Name::from(COPIED),
        title: Text::new("【抄送】{{root.title}}", "[Copy] {{root.title}}"),
        body: Text::new(
            "{{by}}将“{{root.title}}”抄送给您。{{comment}}",
            "{{by}} has sent you “{{root.title}}” to read. {{comment}}",
        ),
    };
    let urged = Template {
        name: Name::from(URGED),
        title: Text::new("【催办】{{root.title}}：{{node}}", "[Urged] {{root.title}}: {{node}}"),
        body: Text::new(
            "{{by}}催办“{{node}}”，请尽快办理。{{comment}}",
            "{{by}} asks you to do “{{node}}” soon. {{comment}}",
        ),
    };
    [Arc::new(copied), Arc::new(urged)]
}
