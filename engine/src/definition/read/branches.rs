//! Reads what opens branches and what joins them: `fork` and `join`. (`any` is written as `choose` is.)

use super::workflow::{Reader, Ways};
use crate::{
    check::{bad_join, wrong_type},
    definition::workflow::Join,
    diagnostic::Faults,
    text::Name,
    yaml::read::{At, Map, Want},
};

/// The branches of a `fork`: two targets or more. One that is named several times is as many branches.
pub(crate) fn fork(at: At<'_>, reader: &Reader<'_>, ways: &mut Ways, faults: &mut Faults) -> Option<Vec<Name>> {
    let listed = at.list(faults)?;
    if listed.len() < 2 {
        faults.push(bad_join::one_branch(at.key_place()));
        ways.gap();
        return None;
    }
    if listed.len() > usize::from(u16::MAX) {
        faults.push(wrong_type::fault(at, Want::List));
        return None;
    }
    listed.into_iter().map(|at| reader.target(at, ways, faults)).collect()
}

/// A `join` of the branches of a node.
pub(crate) fn join(
    at: At<'_>,
    map: &mut Map<'_>,
    reader: &Reader<'_>,
    ways: &mut Ways,
    faults: &mut Faults,
) -> Option<Join> {
    let of = reader.sibling(at, faults);
    if let Some(of) = &of
        && !reader.opens_branches(of)
    {
        faults.push(bad_join::opens_none(at.place(), of));
    }
    let count = map.take("count");
    let number = count.and_then(|at| at.integer(faults));
    let number = match (count, number.map(u32::try_from)) {
        (Some(at), Some(Err(_) | Ok(0))) => {
            faults.push(bad_join::no_count(at.place()));
            None
        }
        (_, Some(Ok(number))) => Some(number),
        _ => None,
    };
    let stay = map.take("rest").and_then(|at| at.choice(&[("stay", true), ("cancel", false)], faults)).unwrap_or(false);
    let next = reader.need_target(map, "next", ways, faults);
    Some(Join { of: of?, count: number, stay, next: next? })
}
