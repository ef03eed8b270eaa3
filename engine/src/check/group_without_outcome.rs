//! A group in which all can have voted without any rule holding.
//!
//! **The proof.** After the last vote of *n* members, no rule holds exactly where each option got at most so many votes as its
//! rule lets pass: none (`any`), *n* − 1 (`all`; `lead`, at worst where no member is of the lead unit), *c* − 1 (a number *c*),
//! ⌈*pn*/100⌉ − 1 (*p* per cent), and any number where an expression decides, which proves nothing. So a group can end without
//! an outcome where for some *n* these caps together are at least *n*; a group with `rest` never can.
//!
//! **The bound.** With *k* options and *c* the greatest number: beyond *c*, a hundred members more change the sum of the caps
//! minus *n* by the same amount each time. Where that is negative or zero, no *n* beyond *c* + 100 is worse than one before; where it
//! is positive, at least 1, the sum is reached by *n* = 100 *k*. So *n* up to max(*c*, 100 *k*) + 100 decides for all *n*.

use super::{Frame, Rule as Check};
use crate::{definition::workflow::Rule, diagnostic::Diagnostic, source::Place, text::Name};

/// The rule.
pub(crate) const RULE: Check = Check::error(
    "group-without-outcome",
    "会签的各条规则合起来，必须保证最后一票之后总有一条成立，无论几个成员、怎样投票；否则流程会停在这里。最简单的办法是让一个结果写 `when: rest`。条件表达式不作保证。",
    "After the last vote some rule of a group must hold, however many members there are and whatever they vote; else the run would stop there. The simplest way is one outcome with `when: rest`. A condition guarantees nothing.",
)
.explained(
    "会签可能没有结果",
    "A group that may end with no outcome",
    Frame::Nodes,
    r"draft:
  task: 会签
  each: {post: head}
  outcomes:
    approve: {when: 60%, to: {end: accepted}}
    reject: {when: 60%, to: {end: accepted}}",
    r"draft:
  task: 会签
  each: {post: head}
  outcomes:
    approve: {when: 60%, to: {end: accepted}}
    reject: {when: rest, to: {end: accepted}}",
);

pub(crate) fn fault(place: Place, gap: &Gap) -> Diagnostic {
    let votes: Vec<String> =
        gap.votes.iter().filter(|(_, votes)| *votes > 0).map(|(name, votes)| format!("{name} × {votes}")).collect();
    let votes = votes.join(", ");
    RULE.at(
        place,
        format!("投票为 {votes} 时，所有人都已投过，却没有规则成立"),
        format!("with the votes {votes} all have voted, and no rule holds"),
    )
    .help("请让一个结果写 `when: rest`（其余情形）", "give one outcome `when: rest`")
}

/// How a group can end without an outcome.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Gap {
    votes: Vec<(Name, u32)>,
}

/// The smallest group in which all can have voted and no rule holds.
pub(crate) fn gap(options: &[(&Name, &Rule)]) -> Option<Gap> {
    if options.is_empty() || options.iter().any(|(_, rule)| matches!(rule, Rule::Rest)) {
        return None;
    }
    let greatest = options.iter().map(|(_, rule)| if let Rule::Count(count) = rule { *count } else { 0 }).max();
    let many = u32::try_from(options.len()).unwrap_or(u32::MAX).saturating_mul(100);
    let bound = greatest.unwrap_or_default().max(many).saturating_add(100);
    (1..=bound).find_map(|members| {
        let mut left = members;
        let mut votes = Vec::new();
        for (name, rule) in options {
            let given = left.min(cap(rule, members));
            left -= given;
            votes.push(((*name).clone(), given));
        }
        (left == 0).then_some(Gap { votes })
    })
}

/// How many votes of all `members` an option can have without its rule holding.
fn cap(rule: &Rule, members: u32) -> u32 {
    match rule {
        Rule::Any | Rule::Rest => 0,
        Rule::All | Rule::Lead => members - 1,
        Rule::Count(count) => count.saturating_sub(1),
        Rule::Percent(percent) => (members * u32::from(*percent)).div_ceil(100).saturating_sub(1),
        Rule::When(_) => members,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ends(rules: &[Rule]) -> bool {
        let names: Vec<Name> = (0..rules.len()).map(|at| Name::from(format!("o{at}"))).collect();
        gap(&names.iter().zip(rules).collect::<Vec<_>>()).is_none()
    }

    #[test]
    fn the_usual_groups_always_end() {
        assert!(ends(&[Rule::Any, Rule::All]));
        assert!(ends(&[Rule::Any, Rule::Any, Rule::Lead]));
        assert!(ends(&[Rule::Percent(50), Rule::Percent(50)]));
        assert!(ends(&[Rule::Percent(51), Rule::Percent(49)]));
        assert!(ends(&[Rule::Percent(100)]));
        assert!(ends(&[Rule::Count(500), Rule::Rest]));
    }

    #[test]
    fn a_gap_is_found_at_its_smallest() {
        for (rules, members) in [
            (vec![Rule::All, Rule::All], 2),
            (vec![Rule::Percent(60), Rule::Percent(60)], 2),
            (vec![Rule::Count(2)], 1),
            (vec![Rule::Any, Rule::Lead, Rule::Lead], 2),
            (vec![Rule::Percent(50), Rule::Percent(51)], 51),
        ] {
            let names: Vec<Name> = (0..rules.len()).map(|at| Name::from(format!("o{at}"))).collect();
            let found = gap(&names.iter().zip(&rules).collect::<Vec<_>>());
            let total = found.map(|gap| gap.votes.iter().map(|(_, votes)| votes).sum::<u32>());
            assert_eq!(total, Some(members), "{rules:?}");
        }
    }
}
