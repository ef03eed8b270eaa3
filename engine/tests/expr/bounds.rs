//! Expressions are bounded in time and memory, whatever is written and whatever the facts hold.

use docket_engine::{
    expr::{Env, EvalError, Expr, MAX_DEPTH, MAX_LENGTH, MAX_LIST, MAX_TEXT, Record, Type, compile},
    text::Name,
    value::{Span, Value},
};

/// Facts as large as an item may bring them: `item.text` and `item.list`.
struct Large {
    text: Value,
    list: Value,
    zone: jiff::tz::TimeZone,
}

impl Large {
    fn new(text: usize, list: usize) -> Self {
        let elements = (0..list).map(|n| Value::Text(format!("{n:09}"))).collect();
        Self { text: Value::Text("字".repeat(text)), list: Value::List(elements), zone: jiff::tz::TimeZone::UTC }
    }
}

impl Env for Large {
    fn get(&self, path: &[Name]) -> Value {
        match path.last().map(Name::as_str) {
            Some("text") => self.text.clone(),
            Some("list") => self.list.clone(),
            _ => Value::Null,
        }
    }

    fn cycle(&self, _: &str) -> Option<Span> {
        None
    }

    fn zone(&self) -> &jiff::tz::TimeZone {
        &self.zone
    }
}

fn compiled(source: &str) -> Expr {
    let item = Record::default().with("text", Type::Text).with("list", Type::list(Type::Text));
    compile(source, &Record::default().with("item", item.into()), &Type::Any).unwrap()
}

fn refused(source: &str, facts: &Large) -> EvalError {
    compiled(source).eval(facts).unwrap_err()
}

#[test]
fn texts_stay_within_their_bound() {
    let third = Large::new(MAX_TEXT / 9, 0);
    assert!(compiled("item.text + item.text").eval(&third).is_ok());
    let full = Large::new(MAX_TEXT / 3, 0);
    assert!(refused("item.text + item.text", &full).message.contains("item.text + item.text"), "it names itself");
    // As many additions as an expression holds: each result is checked, so none is larger than the bound and one operand.
    let sum = vec!["item.text"; 30].join(" + ");
    refused(&sum, &full);
    let grown = Large { text: Value::Text("ẞ".repeat(MAX_TEXT)), ..Large::new(0, 0) };
    refused("item.text.lower()", &grown);
}

#[test]
fn lists_stay_within_their_bound() {
    let half = Large::new(0, MAX_LIST / 2);
    assert!(compiled("item.list + item.list").eval(&half).is_ok());
    refused("item.list + item.list + item.list", &half);
}

/// Work grows with the length of the lists, not with its square: at the bound a quadratic function would compare hundreds of
/// millions of texts in each of these and the test would not end in a minute.
#[test]
fn functions_of_lists_are_no_worse_than_sorting() {
    let full = Large::new(0, MAX_LIST);
    for source in [
        "size(distinct(item.list)) == 10000",
        "item.list.overlaps(item.list)",
        "'000009999' in item.list",
        "item.list == item.list",
        "first(item.list) == '000000000'",
    ] {
        let many = (0..20).map(|_| format!("({source})")).collect::<Vec<_>>().join(" && ");
        if many.len() <= MAX_LENGTH {
            assert_eq!(compiled(&many).eval(&full), Ok(Value::Bool(true)), "{source}");
        }
    }
}

#[test]
fn sources_at_the_bounds_are_read_and_beyond_them_refused() {
    let code = |source: &str| compile(source, &Record::default(), &Type::Any).err().map(|faults| faults[0].code);
    let brackets = |depth: usize| format!("{}1{}", "(".repeat(depth), ")".repeat(depth));
    assert_eq!(code(&brackets(MAX_DEPTH - 1)), None);
    for source in [
        brackets(MAX_DEPTH + 1),
        brackets(MAX_LENGTH / 2 - 1),
        "!".repeat(MAX_LENGTH - 4) + "true",
        "-".repeat(MAX_LENGTH - 1) + "1",
        "[".repeat(MAX_LENGTH),
        "true ? ".repeat(MAX_LENGTH / 7 - 1) + "1",
        "1 + ".repeat(MAX_LENGTH / 4 - 1) + "1",
        "size(".repeat(MAX_LENGTH / 5),
    ] {
        assert_eq!(code(&source), Some("expression-too-deep"), "{}…", &source[..20]);
    }
    let chain = vec!["true"; MAX_LENGTH / 8].join(" && ");
    assert_eq!(code(&chain), None, "a long list of conditions is not deep");
    assert_eq!(code(&"一".repeat(MAX_LENGTH / 3 + 1)), Some("expression-too-long"));
    assert_eq!(code(&" ".repeat(MAX_LENGTH + 1)), Some("expression-too-long"));
    assert_eq!(code(&" ".repeat(1 << 20)), Some("expression-too-long"), "refused before anything is read");
}

#[test]
fn a_source_full_of_faults_gives_no_more_than_its_length() {
    for source in ["＝".repeat(MAX_LENGTH / 3), vec!["x"; MAX_LENGTH / 5].join(" && "), "$".repeat(MAX_LENGTH)] {
        let faults = compile(&source, &Record::default(), &Type::Any).unwrap_err();
        assert!(!faults.is_empty() && faults.len() <= MAX_LENGTH);
    }
}
