//! Bars over time. They show what a table beside them tells.

use leptos::prelude::*;

use super::live::live;

/// One bar.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Bar {
    /// How high it is, from 0.
    pub(crate) value: f64,
    /// How it is filled: colour alone says nothing.
    pub(crate) fill: Fill,
    /// What it is, in words.
    pub(crate) title: String,
}

/// How a bar is filled.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fill {
    /// Full.
    Solid,
    /// Its outline alone.
    Hollow,
    /// A dashed outline: it still grows.
    Dashed,
}

/// All that is drawn.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Bars {
    /// In the order of time.
    pub(crate) bars: Vec<Bar>,
    /// A value with a line across, and what it is.
    pub(crate) line: Option<(f64, String)>,
    /// The highest value in words.
    pub(crate) top: String,
    /// What the first bar and the last one are at, where that is told below them.
    pub(crate) ends: Option<[String; 2]>,
    /// The whole in words.
    pub(crate) label: String,
}

/// The width of a bar with its gap, and the height of the chart, in units of the drawing.
const STEP: f64 = 14.0;
const GAP: f64 = 4.0;
const HEIGHT: f64 = 88.0;
/// A bar that is there can be seen.
const LEAST: f64 = 2.0;
/// So many bars may be as wide as the page has room for; fewer would be blocks.
const WHOLE: usize = 12;

/// The chart.
#[component]
pub(crate) fn Chart(
    /// What is drawn.
    #[prop(into)]
    bars: Signal<Bars>,
) -> impl IntoView {
    live(move || {
        let Bars { bars, line, top, ends, label } = bars.get();
        let class = if bars.len() < WHOLE { "chart" } else { "chart chart-whole" };
        let line_value = line.as_ref().map_or(0.0, |(value, _)| *value);
        let highest = bars.iter().map(|bar| bar.value).fold(line_value, f64::max);
        let width = bars.len() as f64 * STEP;
        let drawn = bars.into_iter().enumerate().map(|(at, bar)| {
            let height = scaled(bar.value, highest);
            let class = match bar.fill {
                Fill::Solid => "chart-bar",
                Fill::Hollow => "chart-bar chart-bar-hollow",
                Fill::Dashed => "chart-bar chart-bar-hollow chart-bar-dashed",
            };
            view! {
                <rect class=class x=at as f64 * STEP + 1.0 y=HEIGHT - height width=STEP - GAP height=height>
                    <title>{bar.title}</title>
                </rect>
            }
        });
        let across = line.as_ref().map(|(value, _)| {
            let y = HEIGHT - scaled(*value, highest);
            view! { <line class="chart-line" x1="0" x2=width y1=y y2=y /> }
        });
        view! {
            <figure class=class role="img" aria-label=label>
                <p class="chart-top" aria-hidden="true">{top}</p>
                <svg
                    viewBox=format!("0 -1 {width} {}", HEIGHT + 2.0)
                    width=width
                    height=HEIGHT + 2.0
                    preserveAspectRatio="none"
                    aria-hidden="true"
                >
                    {drawn.collect::<Vec<_>>()}
                    {across}
                </svg>
                {ends.map(|ends| view! {
                    <p class="chart-ends" aria-hidden="true">{ends.map(|end| view! { <span>{end}</span> })}</p>
                })}
                {line.map(|(_, word)| view! { <p class="chart-word" aria-hidden="true">{word}</p> })}
            </figure>
        }
        .into_any()
    })
}

/// How high a value is drawn.
fn scaled(value: f64, highest: f64) -> f64 {
    if highest > 0.0 { (value / highest * HEIGHT).max(LEAST) } else { LEAST }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bars_begin_at_nothing_and_end_at_the_top() {
        assert!((scaled(10.0, 10.0) - HEIGHT).abs() < 1e-9);
        assert!((scaled(5.0, 10.0) - HEIGHT / 2.0).abs() < 1e-9);
        assert!((scaled(0.0, 10.0) - LEAST).abs() < 1e-9);
        assert!((scaled(0.0, 0.0) - LEAST).abs() < 1e-9);
    }
}
