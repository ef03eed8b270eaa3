//! What runs on items: instances, tasks, timers, commands, history, outbox.

use sea_orm_migration::{prelude::*, sea_query::ConditionalStatement};

use crate::columns::{below, big, flag, given, index, int, key, maybe, primary, table, text, unique};

pub(super) fn tables() -> Vec<TableCreateStatement> {
    vec![instance(), task(), task_candidate(), task_draft(), timer(), command(), history(), outbox(), notice()]
}

pub(super) fn indexes() -> Vec<IndexCreateStatement> {
    let mut undelivered = index("outbox_undelivered", "outbox", &["root_id", "id"]);
    undelivered.and_where(Expr::col("delivered_at").is_null());
    let mut running = index("instance_running", "instance", &["version"]);
    running.and_where(Expr::col("ended").is_null());
    vec![
        index("instance_root", "instance", &["root_id", "ended"]),
        index("instance_item", "instance", &["item_id"]),
        running,
        index("task_root", "task", &["root_id", "state"]),
        index("task_item", "task", &["item_id", "state"]),
        index("task_instance", "task", &["instance_id"]),
        index("task_assignee", "task", &["assignee_id", "state"]),
        index("task_closed_by", "task", &["closed_by", "closed_at"]),
        index("task_candidate_person", "task_candidate", &["person_id", "task_id"]),
        index("timer_due", "timer", &["due_at"]),
        index("timer_root", "timer", &["root_id"]),
        undelivered,
        index("notice_person", "notice", &["person_id", "id"]),
        unique("notice_once", "notice", &["outbox_id", "person_id"]),
    ]
}

fn instance() -> TableCreateStatement {
    let mut instance = table(
        "instance",
        &mut [
            key(big("id")),
            big("root_id"),
            big("item_id"),
            text("workflow"),
            text("version"),
            maybe(text("ended")),
            text("state"),
        ],
    );
    below(&mut instance, "root_id", "root");
    instance
}

fn task() -> TableCreateStatement {
    let mut task = table(
        "task",
        &mut [
            key(big("id")),
            big("root_id"),
            big("instance_id"),
            big("item_id"),
            text("workflow"),
            text("node"),
            big("token"),
            text("state"),
            maybe(big("assignee_id")),
            maybe(int("due")),
            big("opened_at"),
            maybe(big("closed_at")),
            maybe(big("closed_by")),
            maybe(text("outcome")),
            maybe(text("comment")),
        ],
    );
    below(&mut task, "root_id", "root");
    task
}

fn task_candidate() -> TableCreateStatement {
    let mut candidate = table("task_candidate", &mut [big("task_id"), big("person_id")]);
    primary(&mut candidate, &["task_id", "person_id"]);
    below(&mut candidate, "task_id", "task");
    candidate
}

fn task_draft() -> TableCreateStatement {
    let mut draft = table("task_draft", &mut [big("task_id"), big("person_id"), text("data"), big("saved_at")]);
    primary(&mut draft, &["task_id", "person_id"]);
    below(&mut draft, "task_id", "task");
    draft
}

fn timer() -> TableCreateStatement {
    let mut timer = table(
        "timer",
        &mut [
            key(big("id")),
            big("root_id"),
            big("instance_id"),
            big("token"),
            text("purpose"),
            big("due_at"),
            flag("paused"),
            int("attempts"),
            maybe(text("last_error")),
        ],
    );
    below(&mut timer, "root_id", "root");
    timer
}

fn command() -> TableCreateStatement {
    table(
        "command",
        &mut [
            key(text("key")),
            maybe(big("actor_id")),
            text("body_hash"),
            maybe(big("root_id")),
            maybe(text("answer")),
            big("at"),
        ],
    )
}

fn history() -> TableCreateStatement {
    let mut history = table(
        "history",
        &mut [
            big("root_id"),
            big("sequence"),
            big("at"),
            maybe(big("actor_id")),
            text("command_key"),
            text("event"),
            text("hash"),
        ],
    );
    primary(&mut history, &["root_id", "sequence"]);
    history
}

fn outbox() -> TableCreateStatement {
    let mut outbox = table(
        "outbox",
        &mut [
            given("id"),
            big("root_id"),
            text("effect"),
            big("created_at"),
            maybe(big("delivered_at")),
            int("attempts"),
            maybe(text("last_error")),
        ],
    );
    below(&mut outbox, "root_id", "root");
    outbox
}

fn notice() -> TableCreateStatement {
    table(
        "notice",
        &mut [
            given("id"),
            big("outbox_id"),
            big("person_id"),
            maybe(big("item_id")),
            maybe(big("task_id")),
            text("title_zh"),
            text("title_en"),
            text("body_zh"),
            text("body_en"),
            big("created_at"),
            maybe(big("read_at")),
        ],
    )
}
