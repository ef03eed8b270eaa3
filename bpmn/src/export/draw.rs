//! The drawing of a graph: sizes, places, lines and labels, in pixels.

use super::{
    graph::{Graph, Shape},
    layout::{self, BORDER, Point, Size},
};

/// A rectangle.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Bounds {
    /// Left edge.
    pub(crate) x: i32,
    /// Upper edge.
    pub(crate) y: i32,
    /// Width.
    pub(crate) width: i32,
    /// Height.
    pub(crate) height: i32,
}

/// Where everything stands.
#[derive(Debug, Default)]
pub(crate) struct Drawing {
    /// The shapes, in the graph's order.
    pub(crate) shapes: Vec<Bounds>,
    /// Where the name of each shape stands, where that is beside it.
    pub(crate) names: Vec<Option<Bounds>>,
    /// The corners of each line, in the graph's order.
    pub(crate) lines: Vec<Vec<Point>>,
    /// Where the name of each line stands.
    pub(crate) labels: Vec<Option<Bounds>>,
}

/// Size of an activity inside a stage.
const INNER: Size = Size { width: 110, height: 60 };
/// Room between the activities of a stage, and around them.
const PADDING: i32 = 20;
/// Room for the title of a stage.
const HEAD: i32 = 36;
/// Activities of a stage side by side.
const ABREAST: usize = 3;
/// Room around the events at a border.
const APART: i32 = 14;
/// The widest name below an event.
const NAME: i32 = 110;
/// Height of a line of text.
const TEXT: i32 = 14;

/// Lays the graph out.
pub(crate) fn draw(graph: &Graph) -> Drawing {
    // What sits at a border or lies inside another shape has its place from that.
    let free: Vec<usize> = at_places(graph, |shape| shape.host.is_none() && shape.inside.is_none());
    let index = |place: usize| free.binary_search(&place).ok();
    let sizes: Vec<Size> = free.iter().map(|place| size(graph, *place)).collect();
    let lines: Vec<layout::Line> = graph
        .lines
        .iter()
        .map(|line| {
            let host = graph.shapes.get(line.from).and_then(|shape| shape.host);
            layout::Line {
                from: index(host.map_or(line.from, |(host, _)| host)).unwrap_or(0),
                below: host.map(|(host, at)| border(graph, host, at).0),
                to: index(line.to).unwrap_or(0),
                label: if line.name.is_empty() { 0 } else { width(&line.name) + 8 },
                alone: alone(graph, line.from),
            }
        })
        .collect();
    let found = layout::lay_out(&sizes, &lines);
    let mut drawing = Drawing { shapes: vec![Bounds::default(); graph.shapes.len()], ..Drawing::default() };
    for ((place, size), (x, y)) in free.iter().zip(&sizes).zip(&found.boxes) {
        if let Some(bounds) = drawing.shapes.get_mut(*place) {
            *bounds = Bounds { x: *x, y: *y, width: size.width, height: size.height };
        }
    }
    place_parts(graph, &mut drawing);
    drawing.names = graph.shapes.iter().zip(&drawing.shapes).map(|(shape, bounds)| name(shape, *bounds)).collect();
    drawing.labels = graph
        .lines
        .iter()
        .zip(&found.lines)
        .map(|(line, points)| label(&line.name, points, alone(graph, line.from)))
        .collect();
    drawing.lines = found.lines;
    drawing
}

/// Whether a shape has one line out of its right edge.
fn alone(graph: &Graph, from: usize) -> bool {
    let border = graph.shapes.get(from).is_some_and(|shape| shape.host.is_some());
    !border && graph.lines.iter().filter(|line| line.from == from).count() == 1
}

fn at_places(graph: &Graph, wanted: impl Fn(&Shape) -> bool) -> Vec<usize> {
    graph.shapes.iter().enumerate().filter(|(_, shape)| wanted(shape)).map(|(place, _)| place).collect()
}

/// Where the middle of an event at a border stands, from the left edge of its host, and how much room it needs up to there and
/// behind: its name stands beside its lower half.
fn border(graph: &Graph, host: usize, at: usize) -> (i32, i32) {
    let mut x = 0;
    let mut middle = 0;
    for event in graph.shapes.iter().filter(|shape| shape.host.is_some_and(|(on, place)| on == host && place <= at)) {
        middle = x + APART + BORDER / 2;
        x = middle + BORDER / 2 + (width(&event.name) + 8).min(NAME) * i32::from(!event.name.is_empty());
    }
    (middle, x + APART)
}

/// The size of a shape, wide enough for the events at its border and high enough for what lies in it.
fn size(graph: &Graph, place: usize) -> Size {
    let Some(shape) = graph.shapes.get(place) else { return INNER };
    let own = match shape.element {
        "startEvent" | "endEvent" | "intermediateCatchEvent" => return Size { width: BORDER, height: BORDER },
        element if element.ends_with("Gateway") => return Size { width: 50, height: 50 },
        "adHocSubProcess" | "subProcess" => {
            let count = at_places(graph, |inner| inner.inside == Some(place)).len();
            let side = |count: usize, size: i32| i32::try_from(count).unwrap_or(0) * (size + PADDING) + PADDING;
            let lines = count.div_ceil(ABREAST);
            Size { width: side(count.clamp(1, ABREAST), INNER.width), height: HEAD + side(lines, INNER.height) }
        }
        _ => Size { width: 120, height: 80 },
    };
    let (_, needed) = border(graph, place, usize::MAX);
    Size { width: own.width.max(needed), height: own.height }
}

/// Places the events at borders, and what lies inside stages.
fn place_parts(graph: &Graph, drawing: &mut Drawing) {
    let mut counts = vec![0_usize; graph.shapes.len()];
    for (place, shape) in graph.shapes.iter().enumerate() {
        let found = if let Some((host, at)) = shape.host {
            let (middle, _) = border(graph, host, at);
            drawing.shapes.get(host).map(|host| Bounds {
                x: host.x + middle - BORDER / 2,
                y: host.y + host.height - BORDER / 2,
                width: BORDER,
                height: BORDER,
            })
        } else if let (Some(stage), Some(count)) = (shape.inside, shape.inside.and_then(|stage| counts.get_mut(stage)))
        {
            let at = |n: usize, size: i32| PADDING + i32::try_from(n).unwrap_or(0) * (size + PADDING);
            let (column, line) = (*count % ABREAST, *count / ABREAST);
            *count += 1;
            drawing.shapes.get(stage).map(|stage| Bounds {
                x: stage.x + at(column, INNER.width),
                y: stage.y + HEAD + at(line, INNER.height),
                width: INNER.width,
                height: INNER.height,
            })
        } else {
            None
        };
        if let (Some(found), Some(bounds)) = (found, drawing.shapes.get_mut(place)) {
            *bounds = found;
        }
    }
}

/// Where the name of an event or a gateway stands: below it; beside an event at a border.
fn name(shape: &Shape, bounds: Bounds) -> Option<Bounds> {
    let outside = shape.element.ends_with("Event") || shape.element.ends_with("Gateway");
    if !outside || shape.name.is_empty() {
        return None;
    }
    let width = (width(&shape.name) + 8).min(NAME);
    let height = TEXT * lines(&shape.name, width);
    Some(if shape.host.is_some() {
        Bounds { x: bounds.x + BORDER + 2, y: bounds.y + BORDER / 2 + 2, width, height }
    } else {
        Bounds { x: bounds.x + (bounds.width - width) / 2, y: bounds.y + bounds.height + 4, width, height }
    })
}

/// Where the name of a line stands: beside its first turn, in the room that the layout has kept for it.
fn label(name: &str, points: &[Point], alone: bool) -> Option<Bounds> {
    if name.is_empty() {
        return None;
    }
    let (width, height) = (width(name), TEXT);
    let (start, turn, next) = (points.first()?, points.get(1)?, points.get(2));
    // A line from a lower edge has its name beside its last turn, where it is alone.
    let last = points.len().checked_sub(3).and_then(|at| Some((points.get(at)?, points.get(at + 1)?)));
    let (x, y) = match next {
        _ if alone => (start.0 + 4, start.1 - height - 2),
        None => (start.0 + 4, start.1 - height - 2),
        Some(_) if start.0 == turn.0 => last.map_or((start.0 + 4, start.1 + 4), |(before, turn)| {
            let above = before.1 > turn.1;
            (turn.0 - width - 4, if above { turn.1 + 4 } else { turn.1 - height - 2 })
        }),
        Some(next) if next.1 < start.1 => (turn.0 - width - 4, next.1 + 4),
        Some(next) => (turn.0 - width - 4, next.1 - height - 2),
    };
    Some(Bounds { x, y, width, height })
}

/// The width of a text: 7 pixels for a Latin letter, 12 for a Chinese character.
fn width(text: &str) -> i32 {
    text.chars().map(|char| if char < '\u{1100}' { 7 } else { 12 }).sum::<i32>().clamp(14, 220)
}

fn lines(text: &str, room: i32) -> i32 {
    let whole: i32 = text.chars().map(|char| if char < '\u{1100}' { 7 } else { 12 }).sum();
    (whole / room.max(1) + i32::from(whole % room.max(1) > 0)).clamp(1, 4)
}
