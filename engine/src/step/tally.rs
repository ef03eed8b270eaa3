//! Counts the votes of a group, and says which rule holds, or still can. The same for outcomes of a task and results of
//! children.

use std::collections::BTreeMap;

use crate::{case::Member, definition::workflow::Rule, expr::Expr, id::UnitId, text::Name, value::Value};

/// The votes of a round.
#[derive(Debug, Clone)]
pub(super) struct Tally<'m> {
    votes: BTreeMap<&'m Name, u32>,
    /// The members that count.
    pub(super) total: u32,
    /// How many of them have not voted.
    pub(super) open: u32,
    /// The votes of the members of the lead unit, none for one who has not voted.
    lead: Vec<Option<&'m Name>>,
}

impl<'m> Tally<'m> {
    /// Counts the votes of members; `lead` is the item's lead unit.
    pub(super) fn of(members: &'m [Member], lead: Option<UnitId>) -> Self {
        let mut tally = Self { votes: BTreeMap::new(), total: 0, open: 0, lead: Vec::new() };
        for member in members.iter().filter(|member| !member.gone) {
            tally.total += 1;
            match &member.vote {
                Some(vote) => *tally.votes.entry(vote).or_default() += 1,
                None => tally.open += 1,
            }
            if lead.is_some() && member.unit == lead {
                tally.lead.push(member.vote.as_ref());
            }
        }
        tally
    }

    fn of_option(&self, option: &Name) -> u32 {
        self.votes.get(option).copied().unwrap_or_default()
    }

    /// Whether a rule of an option holds; an expression and `rest` are not for this to say.
    fn holds(&self, option: &Name, rule: &Rule) -> bool {
        let votes = self.of_option(option);
        let all = self.total > 0 && votes == self.total;
        match rule {
            Rule::Any => votes > 0,
            Rule::All => all,
            Rule::Lead if self.lead.is_empty() => all,
            Rule::Lead => self.lead.contains(&Some(option)),
            Rule::Count(count) => votes >= *count,
            Rule::Percent(percent) => self.total > 0 && votes >= share(self.total, *percent),
            Rule::Rest | Rule::When(_) => false,
        }
    }

    /// Whether a rule of an option can hold once those have voted who have not.
    fn can_hold(&self, option: &Name, rule: &Rule) -> bool {
        let most = self.of_option(option) + self.open;
        match rule {
            Rule::Any => most > 0,
            Rule::All => most == self.total,
            Rule::Lead if self.lead.is_empty() => most == self.total,
            Rule::Lead => self.lead.iter().any(|lead| lead.is_none_or(|vote| vote == option)),
            Rule::Count(count) => most >= *count,
            Rule::Percent(percent) => most >= share(self.total, *percent),
            Rule::Rest => false,
            Rule::When(_) => self.open > 0,
        }
    }

    /// The option that the group ends with, if it does by now: the first one whose rule holds. `when` evaluates an expression
    /// over [`Tally::facts`].
    pub(super) fn decide<'o, E>(
        &self,
        options: &[(&'o Name, &Rule)],
        mut when: impl FnMut(&Expr) -> Result<bool, E>,
    ) -> Result<Option<&'o Name>, E> {
        for (option, rule) in options {
            let holds = match rule {
                Rule::When(expr) => when(expr)?,
                rule => self.holds(option, rule),
            };
            if holds {
                return Ok(Some(option));
            }
        }
        // `rest` stands where no other rule holds, nor can any more.
        let possible = options.iter().any(|(option, rule)| self.can_hold(option, rule));
        let rest = options.iter().find(|(_, rule)| matches!(rule, Rule::Rest)).map(|(option, _)| *option);
        Ok(rest.filter(|_| !possible))
    }

    /// What expressions read as `votes`: how many chose each option, `total`, `open`.
    pub(super) fn facts(&self, options: &[(&Name, &Rule)]) -> Value {
        let number = |count: u32| Value::Number(count.into());
        let of = |(option, _): &(&Name, &Rule)| ((*option).clone(), number(self.of_option(option)));
        let mut all: BTreeMap<Name, Value> = options.iter().map(of).collect();
        all.insert("total".into(), number(self.total));
        all.insert("open".into(), number(self.open));
        Value::Record(all)
    }
}

/// So many per cent of the members, rounded up to whole ones.
fn share(total: u32, percent: u8) -> u32 {
    let exact = u64::from(total) * u64::from(percent);
    u32::try_from(exact.div_ceil(100)).unwrap_or(u32::MAX)
}
