//! Mutations of a corpus, seeded, and the loop that tries them: so many in CI, or for `DOCKET_FUZZ_SECONDS` by hand.
#![expect(clippy::print_stdout, reason = "what was tried, and what failed")]

use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    time::{Duration, Instant},
};

use crate::dice::Dice;

/// Longest input that is made.
const MAX_BYTES: usize = 20_000;

/// Tries `count` inputs, or goes on for as long as `DOCKET_FUZZ_SECONDS` says. No input may panic, nor take longer than `limit`.
pub(crate) fn fuzz(name: &str, count: u64, limit: Duration, make: impl Fn(&mut Dice) -> String, try_it: impl Fn(&str)) {
    let seconds: Option<u64> = std::env::var("DOCKET_FUZZ_SECONDS").ok().and_then(|text| text.parse().ok());
    let first: u64 = std::env::var("DOCKET_FUZZ_SEED").ok().and_then(|text| text.parse().ok()).unwrap_or_default();
    let begun = Instant::now();
    let goes_on = |tried: u64| match seconds {
        Some(seconds) => begun.elapsed() < Duration::from_secs(seconds),
        None => tried < count,
    };
    let (mut tried, mut faults) = (0, 0);
    while goes_on(tried) && faults < 10 {
        let seed = first + tried;
        let input = make(&mut Dice::new(seed));
        let one = Instant::now();
        let survived = catch_unwind(AssertUnwindSafe(|| try_it(&input))).is_ok();
        // What takes too long is a fault by hand only: how fast a test machine is says nothing.
        if !survived || (seconds.is_some() && one.elapsed() > limit) {
            faults += 1;
            println!("{name}, seed {seed}, {:?}, survived: {survived}:\n{input:?}\n", one.elapsed());
        }
        tried += 1;
    }
    println!("{name}: {tried} inputs in {:?}, {faults} faults", begun.elapsed());
    assert_eq!(faults, 0, "{name}");
}

/// One of the corpus, changed in a few places; seldom bytes that are made up.
pub(crate) fn mutated(dice: &mut Dice, corpus: &[String]) -> Vec<u8> {
    let mut bytes = match dice.below(40) {
        0 => (0..dice.below(200)).map(|_| u8::try_from(dice.below(256)).unwrap()).collect(),
        _ => corpus[dice.below(corpus.len())].clone().into_bytes(),
    };
    for _ in 0..=dice.below(6) {
        change(dice, &mut bytes, corpus);
    }
    bytes.truncate(MAX_BYTES);
    bytes
}

/// What has a meaning to one of the readers.
const WORDS: [&str; 44] = [
    "\n",
    "\n  ",
    ": ",
    "- ",
    "{",
    "}",
    "[",
    "]",
    "&a ",
    "*a",
    "!!str ",
    "|\n",
    ">-\n",
    "'",
    "\"",
    "\\",
    "#",
    "---\n",
    "? ",
    "<<: ",
    "null",
    "~",
    "true",
    "-1",
    "0",
    "9999999999999999999",
    "1e400",
    ".",
    "(",
    ")",
    "==",
    "&&",
    "||",
    "?",
    ":",
    "P1D",
    "date('2028-02-29')",
    "item.",
    "\u{feff}",
    "\u{0}",
    "\u{85}",
    "中",
    "<",
    "/>",
];

fn change(dice: &mut Dice, bytes: &mut Vec<u8>, corpus: &[String]) {
    let at = dice.below(bytes.len() + 1);
    let end = at + dice.below((bytes.len() - at).min(80) + 1);
    match dice.below(8) {
        0 => drop(bytes.drain(at..end)),
        1 => bytes.insert(at, u8::try_from(dice.below(256)).unwrap()),
        2 => {
            if let Some(byte) = bytes.get_mut(at) {
                *byte ^= 1 << dice.below(8);
            }
        }
        3 | 4 => drop(bytes.splice(at..at, WORDS[dice.below(WORDS.len())].bytes())),
        5 => {
            let part = bytes[at..end].to_vec();
            let to = dice.below(bytes.len() + 1);
            let again = 1 + dice.below(3) * dice.below(60);
            drop(bytes.splice(to..to, part.repeat(again)));
        }
        6 => {
            let other = corpus[dice.below(corpus.len())].as_bytes();
            let from = dice.below(other.len() + 1);
            let to = from + dice.below((other.len() - from).min(200) + 1);
            drop(bytes.splice(at..end, other[from..to].iter().copied()));
        }
        _ => bytes.truncate(at),
    }
}
