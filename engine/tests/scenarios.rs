//! The scenarios of the shipped workflows hold and take every way; one that does not hold says why.
#![expect(clippy::unwrap_used, reason = "what fails here is a failure of the test")]

mod support;

use std::sync::Arc;

use docket_engine::{diagnostic::render, load::load, scenario::run, source::File, text::Language};

/// The failure of one scenario's steps on the shipped configuration.
fn failure(steps: &str) -> Option<String> {
    let text = format!(
        "scenario: 甲\nmodule: yiji-liangda-sanqu\ngiven: {{item: {{kind: task, lead_unit: 教委, cycle: week}}}}\nsteps:\n{steps}"
    );
    let mut files = support::shipped();
    files.push(Arc::new(File { path: "a.scenarios.yaml".into(), text }));
    let loaded = load(&files);
    assert_eq!(render(&loaded.diagnostics, Language::En), "");
    let outcome = run(&loaded.scenarios, &loaded.registry.unwrap());
    outcome.results.into_iter().find(|(title, _)| title == "甲").unwrap().1
}

fn faults(text: &str) -> String {
    let mut files = support::shipped();
    files.push(Arc::new(File { path: "a.scenarios.yaml".into(), text: text.into() }));
    render(&load(&files).diagnostics, Language::En)
}

#[test]
fn the_shipped_scenarios_hold_and_take_every_way() {
    let loaded = load(&support::shipped());
    assert_eq!(render(&loaded.diagnostics, Language::En), "");
    assert!(loaded.scenarios.len() > 15);
    let outcome = run(&loaded.scenarios, &loaded.registry.unwrap());
    let failures: Vec<_> = outcome.results.iter().filter_map(|(title, why)| Some((title, why.as_ref()?))).collect();
    for (title, why) in &failures {
        println!("✗ {title}\n{why}\n");
    }
    assert!(failures.is_empty());
    assert_eq!(outcome.uncovered(), Vec::<&str>::new());
    assert_eq!(outcome.nodes.uncovered, Vec::<String>::new());
    assert!(outcome.outcomes.all() + outcome.events.all() >= 20, "{outcome:?}");
}

#[test]
fn a_failure_says_what_was_expected_what_is_and_what_happened() {
    let why = failure("  - on: 2026-01-09\n  - expect: {light: red, tasks: [draft]}\n").unwrap();
    assert!(why.starts_with("a.scenarios.yaml:6: 第 2 步不成立 / step 2 does not hold"), "{why}");
    let expected = "tasks";
    assert!(!why.contains(&format!("\n{expected}\n")), "the tasks are as expected");
    assert!(why.contains("light\n  预期 / expected: red\n  实际 / actual:   yellow"), "{why}");
    assert!(why.contains("2026-01-09 00:00 打开 / opens draft"), "{why}");
}

#[test]
fn a_refusal_that_is_not_expected_fails() {
    let steps = "  - on: 2026-01-09\n    do: {task: draft, by: 科长, outcome: submit, form: {progress: 已办}}\n";
    assert!(failure(steps).unwrap().contains("被拒绝 / refused: not_yours"));
    assert_eq!(failure(&format!("{steps}    refused: not_yours\n")), None);
    let why = failure(&format!("{steps}    refused: suspended\n")).unwrap();
    assert!(why.contains("拒绝 refused suspended"), "{why}");
    let steps = "  - do: {offer: suspend, by: 督查人员, form: {suspension_reason: 原因}}\n    refused: not_yours\n";
    assert!(failure(steps).unwrap().contains("已办 done"));
}

#[test]
fn what_can_not_be_done_fails() {
    for (steps, why) in [
        ("  - do: {task: draft, by: 经办人员, outcome: submit}\n", "there is no task at `draft`"),
        ("  - do: {offer: fly, by: 督查人员}\n", "there is no offer `fly`"),
        ("  - do: {offer: suspend, by: 宇航员, form: {suspension_reason: 原因}}\n", "nobody called `宇航员`"),
        ("  - do: {offer: suspend, by: 督查人员}\n", "suspension_reason"),
        ("  - do: {offer: edit, by: 督查人员, form: {due: 明天}}\n", "is not a date"),
        ("  - do: {offer: edit, by: 督查人员, form: {budget: 1}}\n", "no such field"),
        ("  - on: 2020-01-01\n", "does not go back"),
        ("  - after: 三天\n", "is not a duration"),
        ("  - refused: gone\n", "stands beside a `do`"),
        ("  - expect: {item: {title: 乙}}\n", "乙"),
        ("  - expect: {tasks: [draft]}\n", "expected: [draft]"),
        ("  - expect: {notices: [overdue]}\n", "expected: [overdue]"),
    ] {
        let found = failure(steps).unwrap();
        assert!(found.contains(why), "{steps}\n{found}");
    }
}

#[test]
fn names_are_checked_when_a_scenario_loads() {
    let with = |given: &str, steps: &str| {
        faults(&format!("scenario: 甲\nmodule: yiji-liangda-sanqu\ngiven: {given}\nsteps:\n  - {steps}\n"))
    };
    let item = "{item: {kind: task}}";
    for (found, code) in [
        (with("{item: {kind: tusk}}", "expect: {}"), "unknown-kind"),
        (with("{item: {kind: task, titel: x}}", "expect: {}"), "unknown-field"),
        (with(item, "expect: {tasks: [draught]}"), "unknown-node"),
        (with(item, "do: {task: draught}"), "unknown-node"),
        (with(item, "expect: {lights: red}"), "unknown-key"),
        (with(item, "do: {by: 科长}"), "missing-key"),
    ] {
        assert!(found.contains(code), "{code}: {found}");
    }
    assert!(faults("scenario: 甲\nmodule: yiji-liangda-sanqu\n").contains("missing-key"));
    assert!(
        faults("scenario: 甲\nmodule: nowhere\ngiven: {item: {kind: task}}\nsteps: []\n").contains("unknown-module")
    );
}

/// The failure of a scenario on a workflow of its own.
fn operated(steps: &str) -> Option<String> {
    let text = format!(
        "form: matter\ntitle: 事\nrequired: [title]\nproperties:\n  \
           title: {{type: string, title: 名称, x-field: title}}\n  \
           unit: {{type: string, title: 单位, format: unit, x-field: lead_unit}}\n\
         ---\nmodule: small\ntitle: 小\nkinds:\n  matter:\n    title: 事\n    form: matter\n    workflow: main\n    \
             enter: {{check: {{who: {{post: supervisor}}}}}}\n    reopen: {{check: {{who: {{post: supervisor}}}}}}\n\
         ---\nworkflow: main\ntitle: 主\nstart: write\nnodes:\n  \
           write:\n    task: 写\n    assign: {{post: handler, unit: item.unit}}\n    allow: [transfer, delegate, copy]\n    \
             withdraw: {{within: PT30M}}\n    outcomes: {{submit: check}}\n  \
           check:\n    task: 核\n    assign: {{post: section_chief, unit: item.unit}}\n    allow: return\n    \
             outcomes: {{approve: done}}\n  \
           done: {{end: done, set: {{item.state: done}}}}\n\
         ---\nscenario: 甲\nmodule: small\ngiven: {{item: {{kind: matter, unit: 教委}}}}\nsteps:\n{steps}"
    );
    let mut files = support::shipped();
    files.push(Arc::new(File { path: "a.scenarios.yaml".into(), text }));
    let loaded = load(&files);
    let errors: Vec<_> = loaded.diagnostics.into_iter().filter(|found| found.code != "unused-form").collect();
    assert_eq!(render(&errors, Language::En), "");
    let outcome = run(&loaded.scenarios, &loaded.registry.unwrap());
    outcome.results.into_iter().find(|(title, _)| title == "甲").unwrap().1
}

#[test]
fn tasks_are_passed_on_returned_urged_copied_and_taken_back() {
    let steps = [
        "  - do: {transfer: write, by: 经办人员, to: 教委·联络员1}\n    expect: {tasks: [{node: write, who: 教委·联络员1}]}",
        "  - do: {delegate: write, by: 教委·联络员1, to: 教委·部门长1}",
        "  - do: {task: write, by: 教委·联络员1, outcome: submit}\n    refused: delegated",
        "  - do: {copy: write, by: 教委·部门长1, to: [教委·科长1]}\n    expect: {notices: [copied]}",
        "  - do: {urge: write, by: 督查人员1}\n    expect: {notices: [urged]}",
        "  - do: {hand_back: write, by: 教委·部门长1, comment: 可以}",
        "  - do: {task: write, by: 教委·联络员1, outcome: submit}",
        "  - after: PT10M\n    do: {withdraw: write, by: 教委·联络员1}\n    expect: {tasks: [{node: write, who: 教委·联络员1}]}",
        "  - do: {task: write, by: 教委·联络员1, outcome: submit}",
        "  - do: {return: check, by: 科长, to: write, straight: true, comment: 请改}\n    expect: {tasks: [write]}",
        "  - after: PT31M\n    do: {withdraw: write, by: 教委·联络员1}\n    refused: too_late",
    ];
    assert_eq!(operated(&format!("{}\n", steps.join("\n"))), None);
}

#[test]
fn incidents_are_seen_and_resolved_and_closed_items_reopened() {
    let steps = [
        "  - posts: {科长: 0}\n    do: {task: write, by: 经办人员, outcome: submit}\n    expect: {incidents: [{node: check, cause: nobody}]}",
        "  - do: {resolve: check, by: 督查人员, how: reassign, to: 教委·部门长1}\n    expect: {incidents: [], tasks: [{node: check, who: 教委·部门长1}]}",
        "  - do: {task: check, by: 教委·部门长1, outcome: approve}\n    expect: {state: done}",
        "  - do: {reopen: check, by: 督查人员, comment: 有误}\n    expect: {state: open, tasks: [check], incidents: [check]}",
        "  - do: {resolve: check, by: 督查人员, how: skip, outcome: approve, comment: 空缺}\n    expect: {state: done, incidents: []}",
    ];
    assert_eq!(operated(&format!("{}\n", steps.join("\n"))), None);
    let why = operated("  - expect: {incidents: [write]}\n").unwrap();
    assert!(why.contains("incidents\n  预期 / expected: [write]\n  实际 / actual:   []"), "{why}");
    let why = operated("  - do: {resolve: write, how: retry}\n").unwrap();
    assert!(why.contains("there is no incident at `write`"), "{why}");
}

#[test]
fn groups_are_driven_by_who_votes_and_seen_by_their_counts() {
    let text = "\
form: matter
title: 事
required: [title]
properties:
  title: {type: string, title: 名称, x-field: title}
  unit: {type: string, title: 单位, format: unit, x-field: lead_unit}
  others: {type: array, items: {type: string, format: unit}, title: 协办单位, x-field: co_units}
---
module: small
title: 小
kinds: {matter: {title: 事, form: matter, workflow: main}}
---
workflow: main
title: 主
start: sign
nodes:
  sign:
    task: 签收
    each: {post: liaison, unit: '[item.unit] + item.others', per: unit}
    outcomes:
      object: {zh: 异议, en: Object, when: any, to: {end: objected}}
      accept: {when: lead, to: review, rest: stay}
  review:
    task: 会审
    each: {post: section_chief, unit: item.unit}
    allow: [add-signer, remove-signer]
    outcomes:
      approve: {when: 60%, to: {end: approved}}
      reject: {when: rest, to: {end: rejected}}
---
scenario: 甲
module: small
given: {item: {kind: matter, unit: 教委, others: [卫健委, 民政局]}, posts: {科长: 2}}
steps:
  - expect: {tasks: {sign: 3}}
  - do: {task: sign, by: 卫健委·联络员1, outcome: accept}
  - expect: {tasks: [sign, {node: sign, of: 教委}]}
  - do: {task: sign, by: 教委·联络员, outcome: accept}
    expect: {tasks: {sign: 1, review: 2}}
  - expect: {tasks: [{node: sign, late: true, who: 民政局·联络员1}, review, review]}
  - do: {task: sign, by: 民政局·联络员, outcome: accept, comment: 已收}
  - do: {add_signers: review, by: 教委·科长2, to: [教委·部门长1], how: beside}
    expect: {tasks: {review: 3}}
  - do: {task: review, by: 教委·部门长1, outcome: reject}
  - do: {remove_signer: review, by: 教委·科长1, to: 教委·科长2}
    expect: {tasks: []}
";
    let play = |text: &str| {
        let mut files = support::shipped();
        files.push(Arc::new(File { path: "a.scenarios.yaml".into(), text: text.into() }));
        let loaded = load(&files);
        let outcome = run(&loaded.scenarios, &loaded.registry?);
        let taken = outcome.outcomes.covered.into_iter().filter(|way| way.starts_with("main/")).collect::<Vec<_>>();
        Some((outcome.results.into_iter().find(|(title, _)| title == "甲").unwrap().1, taken))
    };
    let (failure, taken) = play(text).unwrap();
    assert_eq!(failure, None);
    assert_eq!(taken, ["main/end:rejected/end rejected", "main/review/reject", "main/sign/accept"]);
    let why = play(&text.replace("{sign: 3}", "{sign: 2}")).unwrap().0.unwrap();
    assert!(why.contains("tasks\n  预期 / expected: {sign: 2}\n  实际 / actual:   {sign: 3}"), "{why}");
    assert!(play(&text.replace("{sign: 3}", "{sing: 3}")).is_none(), "a name that does not exist");
}

#[test]
fn stand_ins_come_with_the_day_that_begins_an_absence() {
    let steps = |from: &str| {
        let away = format!("{{person: 教委·经办人员1, stand_in: 教委·联络员1, from: {from}, to: 2026-01-08}}");
        format!(
            "  - away: {away}\n  - do: {{task: write, by: 教委·联络员1, outcome: submit}}\n    \
                 expect: {{tasks: [check]}}\n"
        )
    };
    assert_eq!(operated(&steps("2026-01-05")), None);
    assert!(operated(&steps("2026-01-07")).is_some(), "not yet");
}

#[test]
fn a_row_of_an_import_edits() {
    let steps = "  - do: {edit: {lead_unit: 卫健委}, by: 督查人员}\n    expect: {item: {lead_unit: 卫健委}}\n";
    assert_eq!(failure(steps), None);
    let steps = "  - do: {edit: {remark: 新}, by: 督查人员}\n    expect: {item: {remark: 新}}\n";
    assert_eq!(failure(steps), None);
}

/// A configuration of its own, with messages and another system.
const OUTSIDE: &str = "\
form: matter
title: 事
properties:
  title: {type: string, title: 名称, x-field: title}
  amount: {type: number, title: 数额}
---
form: receipt
title: 回执
required: [amount]
properties:
  amount: {type: number, title: 数额}
---
module: small
title: 小
kinds:
  matter: {title: 事, form: matter, workflow: main}
---
workflow: main
title: 主
start: ask
nodes:
  ask:
    action: {http: {service: archive, path: /numbers, body: {title: item.title}, form: receipt}}
    next: wait
  wait:
    wait: {message: paid, key: item.title}
    form: receipt
    next: done
    on: [{after: P2D, to: late}]
  late: {end: late, set: {item.state: cancelled}}
  done:
    action: {set: {item.amount: forms.ask.amount + forms.wait.amount, item.state: done}}
    next: {end: good}
";

/// The failure of one scenario's steps on [`OUTSIDE`].
fn outside(steps: &str) -> Option<String> {
    let scenario =
        format!("scenario: 乙\nmodule: small\ngiven: {{item: {{kind: matter, title: 甲}}}}\nsteps:\n{steps}");
    let file = |path: &str, text: String| Arc::new(File { path: path.into(), text });
    let loaded = load(&[file("small.yaml", OUTSIDE.into()), file("small.scenarios.yaml", scenario)]);
    assert_eq!(render(&loaded.diagnostics, Language::En), "");
    let outcome = run(&loaded.scenarios, &loaded.registry.unwrap());
    outcome.results.into_iter().next().unwrap().1
}

#[test]
fn messages_and_answers_come_from_outside() {
    let steps = "  - do: {message: paid, key: 甲, data: {amount: 1}}\n    refused: not_heard\n  \
                 - do: {answer: ask, form: {amount: 40}}\n  \
                 - do: {message: paid, key: 乙, data: {amount: 1}}\n    refused: not_heard\n  \
                 - do: {message: paid, key: 甲, data: {amount: 2}}\n    expect: {state: done, item: {amount: 42}}\n";
    assert_eq!(outside(steps), None);
    let late = "  - do: {answer: ask, form: {amount: 40}}\n  - after: P2D\n    expect: {state: cancelled}\n";
    assert_eq!(outside(late), None);
    let fails = "  - do: {answer: ask, fails: 停机}\n  - do: {answer: ask, form: {amount: 1}}\n";
    let why = outside(fails).unwrap();
    assert!(why.contains("waits for no answer of another system") && why.contains("incident at ask"), "{why}");
    let incomplete = "  - do: {answer: ask, form: {}}\n    refused: invalid\n";
    assert_eq!(outside(incomplete), None);
}

#[test]
fn a_message_that_no_workflow_waits_for_is_a_fault() {
    let text = format!(
        "{OUTSIDE}---\nscenario: 乙\nmodule: small\ngiven: {{item: {{kind: matter}}}}\nsteps:\n  \
         - do: {{message: payd}}\n  - do: {{answer: wait}}\n"
    );
    let parts: Vec<&str> = text.splitn(2, "---\nscenario").collect();
    let file = |path: &str, text: String| Arc::new(File { path: path.into(), text });
    let files = [file("small.yaml", parts[0].into()), file("small.scenarios.yaml", format!("scenario{}", parts[1]))];
    let found = render(&load(&files).diagnostics, Language::En);
    assert!(found.contains("unknown-word") && found.contains("`paid`"), "{found}");
    assert!(found.contains("unknown-node") && found.contains("`ask`"), "{found}");
}
