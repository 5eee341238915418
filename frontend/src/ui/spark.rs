//! A small line over time. It shows what figures beside it and a table below it tell.

use leptos::prelude::*;

use super::live::live;

/// A figure at an instant; `None` where it was not known then.
pub(crate) type Point = (f64, Option<f64>);

/// All that is drawn.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Line {
    /// In the order of time.
    pub(crate) points: Vec<Point>,
    /// The instants between which it is drawn.
    pub(crate) span: (f64, f64),
    /// The figure at the top; the bottom is 0.
    pub(crate) top: f64,
    /// The whole in words.
    pub(crate) label: String,
}

/// The drawing's own units; it takes the width that there is.
const WIDTH: f64 = 240.0;
const HEIGHT: f64 = 40.0;
/// Two figures further apart than this, in ms, have something unknown between them.
const GAP: f64 = 60_000.0;

/// The line.
#[component]
pub(crate) fn Spark(
    /// What is drawn.
    #[prop(into)]
    line: Signal<Line>,
) -> impl IntoView {
    live(move || {
        let line = line.get();
        let (stroke, area) = paths(&line);
        view! {
            <svg
                class="spark"
                role="img"
                aria-label=line.label
                viewBox=format!("0 -2 {WIDTH} {}", HEIGHT + 3.0)
                preserveAspectRatio="none"
            >
                <path class="spark-area" d=area />
                <line class="spark-base" x1="0" x2=WIDTH y1=HEIGHT y2=HEIGHT />
                <path class="spark-line" d=stroke />
            </svg>
        }
        .into_any()
    })
}

/// The line, and what lies between it and the bottom; a stretch for each run of known figures.
fn paths(line: &Line) -> (String, String) {
    let (from, to) = line.span;
    let x = |at: f64| ((at - from) / (to - from).max(1.0) * WIDTH).clamp(0.0, WIDTH);
    let y = |figure: f64| HEIGHT - (figure / line.top.max(f64::MIN_POSITIVE)).clamp(0.0, 1.0) * HEIGHT;
    let (mut stroke, mut area) = (String::new(), String::new());
    for run in runs(&line.points) {
        let (Some(first), Some(last)) = (run.first(), run.last()) else { continue };
        area.push_str(&format!("M{:.1} {HEIGHT}", x(first.0)));
        for (at, (instant, figure)) in run.iter().enumerate() {
            let point = format!("{:.1} {:.1}", x(*instant), y(*figure));
            stroke.push_str(if at == 0 { "M" } else { "L" });
            stroke.push_str(&point);
            area.push('L');
            area.push_str(&point);
        }
        if run.len() == 1 {
            // One figure is a dot: a line of no length with a round end.
            stroke.push_str("h0");
        }
        area.push_str(&format!("L{:.1} {HEIGHT}Z", x(last.0)));
    }
    (stroke, area)
}

fn runs(points: &[Point]) -> Vec<Vec<(f64, f64)>> {
    let mut runs: Vec<Vec<(f64, f64)>> = Vec::new();
    let mut before = None;
    for (at, figure) in points {
        let Some(figure) = figure else {
            before = None;
            continue;
        };
        match (before.filter(|before| at - before <= GAP), runs.last_mut()) {
            (Some(_), Some(run)) => run.push((*at, *figure)),
            _ => runs.push(vec![(*at, *figure)]),
        }
        before = Some(*at);
    }
    runs
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_not_known_is_a_gap() {
        let known = |at: f64| (at, Some(1.0));
        assert_eq!(runs(&[known(0.0), known(1e4), (2e4, None), known(3e4)]).len(), 2);
        assert_eq!(runs(&[known(0.0), known(1e4), known(9e4)]).len(), 2);
        assert!(runs(&[(0.0, None)]).is_empty());
    }

    #[test]
    fn a_line_stays_within_its_drawing() {
        let line =
            Line { points: vec![(-5.0, Some(9.0)), (5.0, Some(-1.0))], span: (0.0, 10.0), top: 3.0, ..Line::default() };
        assert_eq!(paths(&line).0, "M0.0 0.0L120.0 40.0");
        let flat = Line { points: vec![(5.0, Some(0.0))], span: (0.0, 10.0), ..Line::default() };
        assert_eq!(paths(&flat).0, "M120.0 40.0h0");
    }
}
