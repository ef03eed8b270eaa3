//! Where everything stands in a drawing: layers from left to right, one box a cell, lines in the gaps between the cells.
//!
//! INVARIANT: no two boxes share a cell, so none overlap; a line runs inside cells only on its own row, where those are empty.

use std::collections::{BTreeMap, BTreeSet};

/// Room around the drawing.
const MARGIN: i32 = 40;
/// Least room between two layers.
const GAP: i32 = 50;
/// Least room between two rows.
const ALLEY: i32 = 50;
/// Room between two lines that run side by side.
const TRACK: i32 = 12;
/// Least height of a row: an event with its label.
const ROW: i32 = 90;

/// A point of a drawing, in pixels from its upper left corner.
pub(crate) type Point = (i32, i32);

/// A box to be placed.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Size {
    /// Width.
    pub(crate) width: i32,
    /// Height.
    pub(crate) height: i32,
}

/// A line to be drawn.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Line {
    /// The box that it leaves.
    pub(crate) from: usize,
    /// How far from the box's left edge it leaves the lower edge; none leaves the middle of the right edge.
    pub(crate) below: Option<i32>,
    /// The box that it leads to.
    pub(crate) to: usize,
    /// The width of its label.
    pub(crate) label: i32,
    /// Whether it is the only one that leaves its box: its label then stands at its beginning.
    pub(crate) alone: bool,
}

/// A drawing.
#[derive(Debug, Default)]
pub(crate) struct Drawing {
    /// The upper left corner of each box.
    pub(crate) boxes: Vec<Point>,
    /// The corners of each line, from its beginning to its end.
    pub(crate) lines: Vec<Vec<Point>>,
}

/// A cell: layer and row.
type Cell = (usize, usize);

/// Lays out boxes; the first is where it begins.
pub(crate) fn lay_out(boxes: &[Size], lines: &[Line]) -> Drawing {
    let cells = rows(&layers(boxes.len(), lines), lines);
    let taken: BTreeSet<Cell> = cells.iter().copied().collect();
    let mut tracks = Tracks::default();
    let routes: Vec<Route> = lines.iter().map(|line| route(line, &cells, &taken, &mut tracks)).collect();
    let grid = Grid::of(boxes, &cells, &tracks);
    let places: Vec<Point> = boxes.iter().zip(&cells).map(|(size, cell)| grid.place(*size, *cell)).collect();
    let lines = lines.iter().zip(&routes).map(|(line, route)| grid.draw(line, route, boxes, &places, &cells)).collect();
    Drawing { boxes: places, lines }
}

/// The layer of each box: the longest way to it, lines that lead back left out.
fn layers(count: usize, lines: &[Line]) -> Vec<usize> {
    let mut out: Vec<Vec<usize>> = vec![Vec::new(); count];
    for line in lines {
        if let Some(out) = out.get_mut(line.from) {
            out.push(line.to);
        }
    }
    let (order, forward) = order(count, &out);
    let mut layers = vec![0; count];
    for from in order {
        let next = layers.get(from).copied().unwrap_or(0) + 1;
        for to in out.get(from).into_iter().flatten().filter(|to| forward.contains(&(from, **to))) {
            if let Some(layer) = layers.get_mut(*to) {
                *layer = (*layer).max(next);
            }
        }
    }
    layers
}

/// The boxes so that each follows what leads to it, and the pairs that do not lead back.
fn order(count: usize, out: &[Vec<usize>]) -> (Vec<usize>, BTreeSet<(usize, usize)>) {
    let (mut seen, mut done) = (vec![false; count], vec![false; count]);
    let mut order = Vec::new();
    let mut forward = BTreeSet::new();
    for root in 0..count {
        let mut open = vec![(root, 0)];
        while let Some((node, at)) = open.pop() {
            if at == 0 {
                if seen.get(node).copied().unwrap_or(true) {
                    continue;
                }
                set(&mut seen, node);
            }
            if let Some(next) = out.get(node).and_then(|out| out.get(at)) {
                open.push((node, at + 1));
                // A box that is begun and not done lies on the way here: the line leads back.
                let back = seen.get(*next) == Some(&true) && done.get(*next) == Some(&false);
                if !back {
                    forward.insert((node, *next));
                    open.push((*next, 0));
                }
            } else {
                set(&mut done, node);
                order.push(node);
            }
        }
    }
    order.reverse();
    (order, forward)
}

fn set(flags: &mut [bool], at: usize) {
    if let Some(flag) = flags.get_mut(at) {
        *flag = true;
    }
}

/// The cell of each box: the row of what leads to it where that is free, else the nearest free one below. What is named first
/// has its wish first, so that the usual way runs straight on.
fn rows(layers: &[usize], lines: &[Line]) -> Vec<Cell> {
    let layer = |at: usize| layers.get(at).copied().unwrap_or(0);
    let mut into: BTreeMap<usize, Vec<(usize, &Line)>> = BTreeMap::new();
    for (index, line) in lines.iter().enumerate().filter(|(_, line)| layer(line.from) < layer(line.to)) {
        into.entry(line.to).or_default().push((index, line));
    }
    let mut by_layer: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for at in 0..layers.len() {
        by_layer.entry(layer(at)).or_default().push(at);
    }
    let mut rows: BTreeMap<usize, usize> = BTreeMap::new();
    for boxes in by_layer.values() {
        let wish = |at: usize| {
            let before = into.get(&at).into_iter().flatten();
            // The nearest of what leads to it counts.
            let nearest =
                before.min_by_key(|(index, line)| (usize::MAX - layer(line.from), line.below.is_some(), *index));
            nearest.map_or((0, false, 0), |(index, line)| {
                let row = rows.get(&line.from).copied().unwrap_or(0);
                (row + usize::from(line.below.is_some()), line.below.is_some(), *index)
            })
        };
        let mut wishes: Vec<_> = boxes.iter().map(|at| (wish(*at), *at)).collect();
        wishes.sort_unstable();
        let mut free = 0;
        for ((row, ..), at) in wishes {
            // Wishes come in order: the first free row is behind the last one given.
            let row = row.max(free);
            rows.insert(at, row);
            free = row + 1;
        }
    }
    (0..layers.len()).map(|at| (layer(at), rows.get(&at).copied().unwrap_or(0))).collect()
}

/// How many lines run in each gap and alley, and how wide their labels are.
#[derive(Debug, Default)]
struct Tracks {
    /// By the layer to its right.
    gaps: BTreeMap<usize, i32>,
    /// By the row above it.
    alleys: BTreeMap<usize, i32>,
    /// The widest label in a gap.
    labels: BTreeMap<usize, i32>,
}

impl Tracks {
    fn gap(&mut self, right_of: usize) -> (usize, i32) {
        let count = self.gaps.entry(right_of).or_default();
        *count += 1;
        (right_of, *count)
    }

    /// Keeps room for a label in a gap.
    fn label(&mut self, right_of: usize, width: i32) {
        let label = self.labels.entry(right_of).or_default();
        *label = (*label).max(width);
    }

    fn alley(&mut self, below: usize) -> (usize, i32) {
        let count = self.alleys.entry(below).or_default();
        *count += 1;
        (below, *count)
    }
}

/// The way of a line: gaps and alleys, each with its track there.
#[derive(Debug, Clone, Copy)]
enum Route {
    /// Along the row.
    Straight,
    /// Down or up in one gap.
    Step((usize, i32)),
    /// Into an alley and along it; a line from a right edge reaches it through the first gap.
    Around(Option<(usize, i32)>, (usize, i32), (usize, i32)),
}

fn route(line: &Line, cells: &[Cell], taken: &BTreeSet<Cell>, tracks: &mut Tracks) -> Route {
    let (from, to) = (cell(cells, line.from), cell(cells, line.to));
    let free = |row: usize| (from.0 + 1..to.0).all(|layer| !taken.contains(&(layer, row)));
    if line.below.is_some() {
        let alley = tracks.alley(from.1);
        tracks.label(to.0, line.label);
        return Route::Around(None, alley, tracks.gap(to.0));
    }
    if to.0 > from.0 {
        if from.1 == to.1 && free(to.1) {
            tracks.label(from.0 + 1, line.label);
            return Route::Straight;
        }
        if free(to.1) {
            tracks.label(from.0 + 1, line.label);
            return Route::Step(tracks.gap(from.0 + 1));
        }
        if free(from.1) {
            tracks.label(if line.alone { from.0 + 1 } else { to.0 }, line.label);
            return Route::Step(tracks.gap(to.0));
        }
    }
    let below = if to.0 > from.0 && to.1 > from.1 {
        to.1 - 1
    } else if to.0 > from.0 {
        to.1
    } else {
        from.1.max(to.1)
    };
    tracks.label(from.0 + 1, line.label);
    let first = tracks.gap(from.0 + 1);
    let alley = tracks.alley(below);
    Route::Around(Some(first), alley, tracks.gap(to.0))
}

fn cell(cells: &[Cell], at: usize) -> Cell {
    cells.get(at).copied().unwrap_or_default()
}

/// Where layers and rows lie.
#[derive(Debug)]
struct Grid {
    /// Left edge and width by layer.
    columns: Vec<(i32, i32)>,
    /// Upper edge and height by row.
    rows: Vec<(i32, i32)>,
}

impl Grid {
    fn of(boxes: &[Size], cells: &[Cell], tracks: &Tracks) -> Self {
        let last = |pick: fn(&Cell) -> usize| cells.iter().map(pick).max().unwrap_or(0);
        let widest = |layer: usize| {
            cells.iter().zip(boxes).filter(|(cell, _)| cell.0 == layer).map(|(_, size)| size.width).max()
        };
        let highest =
            |row: usize| cells.iter().zip(boxes).filter(|(cell, _)| cell.1 == row).map(|(_, size)| size.height).max();
        let mut columns = Vec::new();
        let mut x = MARGIN;
        for layer in 0..=last(|cell| cell.0) {
            let count = tracks.gaps.get(&layer).copied().unwrap_or(0);
            let label = tracks.labels.get(&layer).copied().unwrap_or(0);
            x += GAP + TRACK * count + label;
            let width = widest(layer).unwrap_or(0);
            columns.push((x, width));
            x += width;
        }
        let mut rows = Vec::new();
        let mut y = MARGIN;
        for row in 0..=last(|cell| cell.1) {
            let height = highest(row).unwrap_or(0).max(ROW);
            rows.push((y, height));
            y += height + ALLEY + TRACK * tracks.alleys.get(&row).copied().unwrap_or(0);
        }
        Self { columns, rows }
    }

    fn column(&self, layer: usize) -> (i32, i32) {
        self.columns.get(layer).copied().unwrap_or_default()
    }

    fn row(&self, row: usize) -> (i32, i32) {
        self.rows.get(row).copied().unwrap_or_default()
    }

    /// The upper left corner of a box in the middle of its cell.
    fn place(&self, size: Size, cell: Cell) -> Point {
        let ((x, width), (y, height)) = (self.column(cell.0), self.row(cell.1));
        (x + (width - size.width) / 2, y + (height - size.height) / 2)
    }

    /// Where a line in the gap left of a layer runs. A gap behind the last layer has none: its lines run right of that.
    fn gap(&self, (right_of, track): (usize, i32)) -> i32 {
        match self.columns.get(right_of) {
            Some((x, _)) => x - GAP / 2 - TRACK * (track - 1),
            None => self.columns.last().map_or(0, |(x, width)| x + width) + GAP / 2 + TRACK * (track - 1),
        }
    }

    /// Where a line in the alley below a row runs.
    fn alley(&self, (below, track): (usize, i32)) -> i32 {
        let (y, height) = self.row(below);
        y + height + ALLEY - TRACK + TRACK * (track - 1)
    }

    fn draw(&self, line: &Line, route: &Route, boxes: &[Size], places: &[Point], cells: &[Cell]) -> Vec<Point> {
        let spot = |at: usize| {
            let size = boxes.get(at).copied().unwrap_or(Size { width: 0, height: 0 });
            (places.get(at).copied().unwrap_or_default(), size)
        };
        let ((from_x, from_y), from) = spot(line.from);
        let ((to_x, to_y), to) = spot(line.to);
        let end = (to_x, to_y + to.height / 2);
        let start = match line.below {
            Some(x) => (from_x + x, from_y + from.height + BORDER / 2),
            None => (from_x + from.width, from_y + from.height / 2),
        };
        let mut points = vec![start];
        match route {
            Route::Straight => {}
            Route::Step(gap) => {
                let x = self.gap(*gap);
                points.extend([(x, start.1), (x, end.1)]);
            }
            Route::Around(first, alley, last) => {
                let y = self.alley(*alley);
                match first {
                    Some(gap) => points.extend([(self.gap(*gap), start.1), (self.gap(*gap), y)]),
                    None => points.push((start.0, y)),
                }
                points.extend([(self.gap(*last), y), (self.gap(*last), end.1)]);
            }
        }
        points.push(end);
        debug_assert!(cells.len() == boxes.len());
        points.dedup();
        points
    }
}

/// The width and height of an event at a border.
pub(crate) const BORDER: i32 = 36;

#[cfg(test)]
mod tests {
    use super::*;

    fn line(from: usize, to: usize) -> Line {
        Line { from, below: None, to, label: 0, alone: false }
    }

    #[test]
    fn a_loop_leads_back_and_everything_else_forward() {
        let lines = [line(0, 1), line(1, 2), line(2, 1), line(2, 3), line(0, 3)];
        assert_eq!(layers(4, &lines), [0, 1, 2, 3]);
    }

    #[test]
    fn many_boxes_are_laid_out_without_recursion() {
        let boxes = vec![Size { width: 10, height: 10 }; 20_000];
        let lines: Vec<Line> = (0..19_999).map(|at| line(at, at + 1)).collect();
        let found = layers(boxes.len(), &lines);
        assert_eq!(found.last(), Some(&19_999));
    }
}
