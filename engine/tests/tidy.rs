//! House rules that no compiler knows. Each failure says which file, which line and what to do.
#![expect(clippy::unwrap_used, reason = "a file that cannot be read is a failure of the test")]

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
};

use calamine::{Reader as _, Xlsx, open_workbook};

/// Folders whose content is built, fetched or taken by tests.
const NOT_OURS: [&str; 6] = ["node_modules", "dist", "target", "screenshots", ".git", "data"];
/// Longest source file, in lines.
const LONGEST: usize = 800;
/// Crates that do no IO, read no clock and draw no random number.
const PURE: [&str; 10] = [
    "granit-parser",
    "jiff",
    "num-bigint",
    "num-traits",
    "rust_decimal",
    "serde",
    "serde_json",
    "sha2",
    "smallvec",
    "unicode-width",
];
/// What the engine's code may not reach for.
const IMPURE: [&str; 7] =
    ["std::fs", "std::net", "std::env", "std::process", "SystemTime::now", "Instant::now", "tokio"];
/// Names of the shipped configuration that are ordinary words of programs as well: the platform's own `task`, a `report`
/// of an import, a `handler` of a request.
const ORDINARY: [&str; 5] = ["task", "tasks", "任务", "report", "handler"];

fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_owned()
}

/// Every file of ours below `folder` (of the repository) with one of the `endings`, in the order of their names.
fn files(folder: &str, endings: &[&str]) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut open = vec![repository().join(folder)];
    while let Some(folder) = open.pop() {
        for entry in fs::read_dir(&folder).into_iter().flatten() {
            let path = entry.unwrap().path();
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            if path.is_dir() {
                if !NOT_OURS.contains(&name.as_str()) {
                    open.push(path);
                }
            } else if endings.iter().any(|ending| name.ends_with(ending)) {
                found.push(path);
            }
        }
    }
    found.sort();
    found
}

fn sources() -> Vec<PathBuf> {
    ["bpmn", "engine", "migrations", "server", "admin-ui", "scripts"]
        .iter()
        .flat_map(|folder| files(folder, &[".rs", ".ts", ".tsx", ".mjs", ".js", ".css", ".sh"]))
        .filter(|path| !path.ends_with("schema.d.ts"))
        .collect()
}

fn shown(path: &Path) -> String {
    path.strip_prefix(repository()).unwrap().display().to_string()
}

/// The lines of a source file that are not its tests, with their numbers.
fn code(path: &Path) -> Vec<(usize, String)> {
    let name = path.file_name().unwrap().to_string_lossy().into_owned();
    if name == "tests.rs" || name.ends_with("_tests.rs") || name.contains(".test.") {
        return Vec::new();
    }
    let text = fs::read_to_string(path).unwrap();
    let lines = text.lines().collect::<Vec<_>>();
    // By the house's order a file's tests are its last part.
    let tests = lines
        .windows(2)
        .position(|pair| matches!(pair, ["#[cfg(test)]", next] if next.starts_with("mod ") && next.ends_with('{')))
        .unwrap_or(lines.len());
    lines.iter().take(tests).enumerate().map(|(at, line)| (at + 1, (*line).to_owned())).collect()
}

fn assert_none(faults: &[String], rule: &str) {
    assert!(faults.is_empty(), "{rule}\n{}\n", faults.join("\n"));
}

#[test]
fn the_engine_depends_on_nothing_impure() {
    let manifest = fs::read_to_string(repository().join("engine/Cargo.toml")).unwrap();
    let faults = manifest
        .lines()
        .skip_while(|line| *line != "[dependencies]")
        .skip(1)
        .take_while(|line| !line.starts_with('['))
        .filter_map(|line| line.split(['=', '.']).next().map(str::trim))
        .filter(|name| !name.is_empty() && !PURE.contains(name))
        .map(|name| format!("engine/Cargo.toml: {name}"))
        .collect::<Vec<_>>();
    assert_none(
        &faults,
        "The engine has no IO, no async, no clock and no randomness. A crate that has none either may join PURE.",
    );

    let mut faults = Vec::new();
    for path in files("engine/src", &[".rs"]) {
        for (number, line) in code(&path) {
            let statement = line.split("//").next().unwrap_or_default();
            if let Some(word) = IMPURE.iter().find(|word| statement.contains(**word)) {
                faults.push(format!("{}:{number}: {word}", shown(&path)));
            }
        }
    }
    assert_none(&faults, "The engine reads no file, no clock and no environment: they come in through `Context`.");
}

#[test]
fn no_file_is_too_long_to_read() {
    let faults = sources()
        .iter()
        .map(|path| (fs::read_to_string(path).unwrap().lines().count(), path))
        .filter(|(lines, _)| *lines > LONGEST)
        .map(|(lines, path)| format!("{}: {lines} lines", shown(path)))
        .collect::<Vec<_>>();
    assert_none(&faults, "A file has at most 800 lines: split it where its subjects part.");
}

#[test]
fn nothing_is_left_behind() {
    // Put together here, so that this file does not find itself.
    let words = [["TO", "DO"], ["FIX", "ME"], ["XX", "X"], ["todo", "!("], ["unimplemented", "!("], ["#[ign", "ore"]]
        .map(|word| word.concat());
    let in_tests =
        [[".on", "ly("], ["test.sk", "ip("], ["it.sk", "ip("], ["describe.sk", "ip("]].map(|word| word.concat());
    let mut faults = Vec::new();
    for path in sources() {
        for (at, line) in fs::read_to_string(&path).unwrap().lines().enumerate() {
            if words.iter().chain(&in_tests).any(|word| holds(line, word)) {
                faults.push(format!("{}:{}: {}", shown(&path), at + 1, line.trim()));
            }
        }
    }
    assert_none(&faults, "Finish it, or write an issue and take the note out. A test runs or is deleted.");
}

#[test]
fn code_names_no_configuration() {
    let names = configured_names();
    assert!(
        names.len() > 150,
        "the shipped configuration and the demo organisation have more than {} names",
        names.len()
    );
    let mut faults = Vec::new();
    for folder in ["bpmn/src", "engine/src", "server/src", "migrations/src", "admin-ui/src"] {
        for path in files(folder, &[".rs", ".ts", ".tsx", ".css"]) {
            for (number, line) in code(&path) {
                for (name, from) in names.iter().filter(|(name, _)| holds(&line, name)) {
                    faults.push(format!("{}:{number}: {name} ({from})", shown(&path)));
                }
            }
        }
    }
    assert_none(
        &faults,
        "Rust and TypeScript know no module, kind, post, unit or person by name: read it from the configuration.",
    );
}

#[test]
fn documents_name_paths_that_exist() {
    let roots = fs::read_dir(repository())
        .unwrap()
        .map(|entry| entry.unwrap())
        .filter(|entry| entry.path().is_dir())
        .map(|entry| format!("{}/", entry.file_name().to_string_lossy()))
        .filter(|name| !NOT_OURS.contains(&name.trim_end_matches('/')))
        .collect::<Vec<_>>();
    let mut documents = files("docs", &[".md"]);
    documents.extend(["README.md", "README.zh-CN.md", "CHANGELOG.md"].map(|name| repository().join(name)));
    let mut faults = Vec::new();
    for document in documents {
        let text = fs::read_to_string(&document).unwrap();
        for (at, line) in text.lines().enumerate() {
            for quoted in line.split('`').skip(1).step_by(2) {
                let path = quoted.split(':').next().unwrap_or_default();
                let pattern =
                    path.contains(['*', '<', '{', '…', ' ', '?', '=']) || path.split(['/', '.']).any(is_placeholder);
                let ours = !path.split('/').any(|part| NOT_OURS.contains(&part));
                if roots.iter().any(|root| path.starts_with(root))
                    && !pattern
                    && ours
                    && !repository().join(path).exists()
                {
                    faults.push(format!("{}:{}: {path}", shown(&document), at + 1));
                }
            }
        }
    }
    assert_none(&faults, "A document that names a path that is not there misleads: mend the name or take it out.");
}

#[test]
fn every_folder_says_what_it_is_for() {
    let mut folders = BTreeSet::new();
    for root in ["bpmn/src", "engine/src", "server/src"] {
        for file in files(root, &[".rs"]) {
            folders.insert(file.parent().unwrap().to_owned());
        }
    }
    let faults = folders
        .iter()
        .filter(|folder| {
            // A module's text stands in its `mod.rs` or in the file beside the folder; a crate's in `lib.rs` or `main.rs`.
            let beside = folder.with_extension("rs");
            let candidates = ["mod.rs", "lib.rs", "main.rs", "README.md"].map(|name| folder.join(name));
            !candidates.iter().chain([&beside]).any(|path| {
                fs::read_to_string(path).is_ok_and(|text| text.starts_with("//!") || text.starts_with("# "))
            })
        })
        .map(|folder| shown(folder))
        .collect::<Vec<_>>();
    assert_none(&faults, "A folder's module file begins with `//!` and what the folder is for, in a sentence.");
}

/// A word that stands for another in a path: `NAME`, `DIR`, `NNNN`.
fn is_placeholder(part: &str) -> bool {
    part.len() > 1
        && part.chars().all(|c| c.is_ascii_uppercase())
        && !matches!(part, "README" | "LICENSE" | "CHANGELOG")
}

/// Whether `line` holds `name`: a Chinese one anywhere, one in Latin letters as a whole word.
fn holds(line: &str, name: &str) -> bool {
    let word = |c: Option<char>| c.is_some_and(|c| c.is_ascii_alphanumeric() || c == '_');
    let starts_as_word = word(name.chars().next());
    let ends_as_word = word(name.chars().next_back());
    line.match_indices(name).any(|(at, _)| {
        let before = line.get(..at).and_then(|text| text.chars().next_back());
        let after = line.get(at + name.len()..).and_then(|text| text.chars().next());
        !(starts_as_word && word(before) || ends_as_word && word(after))
    })
}

/// Every module, kind and post of the shipped configuration, every unit and person of the demo organisation: their names
/// and titles, and where each comes from.
fn configured_names() -> BTreeMap<String, String> {
    let mut names = BTreeMap::new();
    for path in files("modules", &[".yaml"]) {
        let text = fs::read_to_string(&path).unwrap();
        let from = shown(&path);
        add(&mut names, top_value(&text, "module"), &from);
        for title in titles(top_value(&text, "title")) {
            add(&mut names, &title, &from);
        }
        for category in top_value(&text, "categories").trim_matches(['[', ']']).split(',') {
            add(&mut names, category, &from);
        }
        for (kind, body) in children(&text, "kinds") {
            add(&mut names, &kind, &from);
            for title in titles(&body) {
                add(&mut names, &title, &from);
            }
        }
    }
    for path in files("organisation", &[".yaml"]) {
        let from = shown(&path);
        for (post, body) in children(&fs::read_to_string(&path).unwrap(), "posts") {
            // A post with a duty administers the platform itself: system, security, audit.
            if !body.contains("duty:") {
                add(&mut names, &post, &from);
                for title in titles(&body) {
                    add(&mut names, &title, &from);
                }
            }
        }
    }
    for path in files("demo", &[".xlsx"]) {
        add_names_of_workbook(&mut names, &path);
    }
    names
}

fn add(names: &mut BTreeMap<String, String>, name: &str, from: &str) {
    let name = name.trim().trim_matches(['"', '\'']);
    if name.chars().count() > 1 && !ORDINARY.contains(&name.to_lowercase().as_str()) {
        names.insert(name.to_owned(), from.to_owned());
    }
}

/// The columns of names of every sheet: units, their aliases, people, groups.
fn add_names_of_workbook(names: &mut BTreeMap<String, String>, path: &Path) {
    let mut workbook: Xlsx<_> = open_workbook(path).unwrap();
    for (sheet, range) in workbook.worksheets() {
        let mut rows = range.rows();
        let headers = rows.next().unwrap_or_default().iter().map(ToString::to_string).collect::<Vec<_>>();
        for row in rows {
            for (header, cell) in headers.iter().zip(row) {
                if ["单位名称", "简称/别名", "姓名", "名称", "别名"].contains(&header.as_str()) {
                    for name in cell.to_string().lines() {
                        add(names, name, &format!("{}, sheet {sheet}", shown(path)));
                    }
                }
            }
        }
    }
}

/// What stands behind `key:` at the start of a line.
fn top_value<'text>(text: &'text str, key: &str) -> &'text str {
    text.lines()
        .find_map(|line| line.strip_prefix(key)?.strip_prefix(':'))
        .map(|value| value.split(" #").next().unwrap_or_default().trim())
        .unwrap_or_default()
}

/// The keys right below a key of the document, each with its text.
fn children(text: &str, key: &str) -> Vec<(String, String)> {
    let mut found: Vec<(String, String)> = Vec::new();
    let below = text
        .lines()
        .skip_while(|line| !line.starts_with(&format!("{key}:")))
        .skip(1)
        .take_while(|line| line.is_empty() || line.starts_with([' ', '#']));
    for line in below {
        let child = line.strip_prefix("  ").filter(|rest| rest.starts_with(|c: char| c.is_alphanumeric()));
        if let Some((name, rest)) = child.and_then(|child| child.split_once(':')) {
            found.push((name.to_owned(), rest.to_owned()));
        } else if let Some((_, body)) = found.last_mut() {
            // Of a kind only its own title counts, not those of its lights and columns.
            if line.starts_with("    title:") {
                body.push_str(line);
            }
        }
    }
    found
}

/// The texts of `{zh: …, en: …}`, or the plain text itself.
fn titles(value: &str) -> Vec<String> {
    let part = |key: &str| {
        let (_, rest) = value.split_once(&format!("{key}: "))?;
        match rest.strip_prefix('"') {
            Some(quoted) => quoted.split('"').next(),
            None => rest.split([',', '}']).next(),
        }
    };
    match (part("zh"), part("en")) {
        (Some(zh), Some(en)) => vec![zh.to_owned(), en.to_owned()],
        _ => vec![value.to_owned()],
    }
}
