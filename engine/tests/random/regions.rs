//! Which branches a node lies in, as `docs/reference/engine.md` says it: every way to it from the start, returns left out, goes
//! through that branch and not through its join.

use crate::model::{At, Flow, Kind};

/// The branches of each node, the outermost first: fork, and place of the branch.
pub(crate) fn regions(flow: &Flow) -> Vec<Vec<(At, usize)>> {
    let mut found: Vec<Vec<(At, usize)>> = vec![Vec::new(); flow.nodes.len()];
    let mut forks: Vec<At> = (0..flow.nodes.len()).collect();
    // One without a join of its own is joined by the join around it, which is known once that is.
    forks.sort_by_key(|fork| flow.join_of(*fork).is_none());
    for fork in forks {
        let (Kind::Fork(ways) | Kind::Any(ways)) = &flow.nodes[fork].kind else { continue };
        let around = found[fork].iter().filter(|(around, _)| flow.join_of(*around).is_some());
        let around = around.max_by_key(|(around, _)| found[*around].len()).map(|(around, _)| *around);
        let joined = if flow.join_of(fork).is_some() { Some(fork) } else { around };
        for branch in 0..ways.len() {
            for at in inside(flow, fork, branch, joined) {
                found[at].push((fork, branch));
            }
        }
    }
    let depth: Vec<usize> = found.iter().map(Vec::len).collect();
    for region in &mut found {
        region.sort_by_key(|(fork, _)| depth[*fork]);
    }
    found
}

/// The nodes to which every way goes through this branch and not through the join.
fn inside(flow: &Flow, fork: At, branch: usize, joined: Option<At>) -> Vec<At> {
    let mut seen = vec![[false; 2]; flow.nodes.len()];
    let mut open = vec![(flow.start, false)];
    while let Some((at, within)) = open.pop() {
        let joins = matches!(flow.nodes[at].kind, Kind::Join { of, .. } if Some(of) == joined);
        let within = within && !joins;
        if std::mem::replace(&mut seen[at][usize::from(within)], true) {
            continue;
        }
        for (place, (to, back)) in flow.ways(at).into_iter().enumerate() {
            if !back {
                open.push((to, within || (at == fork && place == branch)));
            }
        }
    }
    (0..flow.nodes.len()).filter(|at| seen[*at] == [false, true]).collect()
}
