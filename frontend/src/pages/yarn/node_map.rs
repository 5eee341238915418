//! The nodes as a map: a square each, the fuller the darker, with a cross where one is of no use. All squares that look
//! the same are one path: ten thousand elements take far longer to draw than ten thousand squares.

use std::fmt::Write;
use std::sync::Arc;

use leptos::prelude::*;

use super::node_rows::Row;
use crate::components::fleet::use_connection;
use crate::components::freshness::StaleNote;
use crate::components::listing::{Listed, Rows, Words};
use crate::components::page::PageHead;
use crate::components::problem::ProblemView;
use crate::components::url_state::url_text;
use crate::i18n::*;
use crate::list::{Keyed, List};
use crate::ui::blank::Blank;
use crate::ui::format;
use crate::ui::live::{live, memo, string};
use crate::ui::mark::Kind;
use crate::ui::skeleton::Skeleton;

/// The width of a square with its gap, in the drawing's units.
const STEP: usize = 18;
/// The fewest that stand in a full line.
const LINE: usize = 40;
/// So many are few.
const FEW: usize = 200;

/// What the map is drawn by.
#[derive(Clone, Copy, PartialEq)]
enum Measure {
    Memory,
    Cores,
    Health,
}

impl Measure {
    fn read(text: &str) -> Measure {
        match text {
            "cores" => Measure::Cores,
            "health" => Measure::Health,
            _ => Measure::Memory,
        }
    }

    /// How full a node is; `None` where that is not known.
    fn of(self, row: &Row) -> Option<f64> {
        match self {
            Measure::Memory => row.memory(),
            Measure::Cores => row.cores(),
            Measure::Health => None,
        }
    }
}

/// How dark a square is drawn, from 0 to 4.
fn shade(part: f64) -> usize {
    match part {
        part if part <= 0.0 => 0,
        part if part < 0.5 => 1,
        part if part < 0.75 => 2,
        part if part < 0.95 => 3,
        _ => 4,
    }
}

/// The page.
#[component]
pub(super) fn NodeMap(
    /// The connection's name.
    connection: String,
    /// What it says.
    words: Words,
    /// The nodes.
    rows: Rows<Row>,
    /// The choice between map and table.
    #[prop(into)]
    acts: ViewFnOnce,
    /// Opens a node.
    open: Callback<String>,
) -> impl IntoView {
    let i18n = use_i18n();
    let known = use_connection(&connection);
    let place = string(move || known.with(|one| one.as_ref().map(|one| one.title.clone())).unwrap_or_default());
    let Rows { list, seen, problem, retry, .. } = rows;
    let by = url_text("by");
    let measure = memo(move || by.with(|by| Measure::read(by)));
    let failed = memo(move || problem.get().filter(|_| list.with(Option::is_none)));
    let is_empty = memo(move || list.with(|list| list.as_ref().map(|list| list.is_empty())));
    let facts = move || view! { <span class="page-head-fact">{place}</span> }.into_any();
    let choices = [("", words!(nodes.memory)), ("cores", words!(nodes.cores)), ("health", words!(nodes.health_only))];
    let choices = choices.map(|(value, word)| {
        view! {
            <button
                class="chip"
                type="button"
                aria-pressed=move || if by.with(|by| by == value) { "true" } else { "false" }
                on:click=move |_| by.set(value.to_owned())
            >
                {word}
            </button>
        }
    });
    let summary = string(move || {
        let Some(rows) = list.get() else { return String::new() };
        let broken = rows.iter().filter(|row| Row::kind(row.standing()) == Some(Kind::Broken)).count();
        let (all, broken) = (format::count(rows.len() as i64), format::count(broken as i64));
        t_string!(i18n, nodes.summary, all = all, broken = broken).to_string()
    });
    view! {
        <PageHead title=words.title facts=facts acts=acts />
        <StaleNote seen=seen problem=problem />
        <div class="toolbar">
            <div class="chips" role="group" aria-label=words!(nodes.by)>{choices}</div>
            <p class="legend" aria-hidden="true">
                {[0, 1, 2, 3, 4].map(|shade| view! { <span class=format!("legend-box heat-{shade}")></span> })}
                <span>{words!(nodes.legend)}</span>
            </p>
        </div>
        {live(move || match (is_empty.get(), failed.get()) {
            (Some(false), _) => view! {
                <figure class="map">
                    {Map { list, measure }.view(summary, open)}
                    <figcaption class="listing-quiet">{summary}</figcaption>
                </figure>
            }
            .into_any(),
            (Some(true), _) => view! { <Blank title=words.empty text=words.empty_text /> }.into_any(),
            (None, Some(problem)) => {
                view! { <ProblemView problem=Signal::stored(problem) retry=retry /> }.into_any()
            }
            (None, None) => view! { <Skeleton class="skeleton-rows" lines=8 label=words.loading /> }.into_any(),
        })}
    }
}

/// What is drawn.
#[derive(Clone, Copy)]
struct Map {
    list: Memo<Option<List<Row>>>,
    measure: Memo<Measure>,
}

impl Map {
    fn view(self, summary: Signal<String>, open: Callback<String>) -> AnyView {
        let Map { list, measure } = self;
        let i18n = use_i18n();
        let rows = memo(move || list.with(|list| list.as_ref().map(in_order).unwrap_or_default()));
        let count = memo(move || rows.with(|rows| rows.len()));
        let drawn = memo(move || rows.with(|rows| paths(rows, measure.get())));
        let path = |at: usize, class: &'static str| {
            let path = memo(move || drawn.with(|paths| paths[at].clone()));
            view! { <path class=class d=path /> }
        };
        let svg = NodeRef::<leptos::svg::Svg>::new();
        let under = move |event: &web_sys::MouseEvent| {
            let place = svg.get()?.get_bounding_client_rect();
            let (x, y) = (f64::from(event.client_x()) - place.left(), f64::from(event.client_y()) - place.top());
            let at = square(x / place.width(), y / place.height(), count.get_untracked())?;
            rows.with_untracked(|rows| rows.get(at).cloned())
        };
        let pointed = RwSignal::new(None);
        let said = string(move || {
            pointed
                .with(|row: &Option<Arc<Row>>| row.as_ref().map(|row| said(i18n, row, measure.get())))
                .unwrap_or_default()
        });
        let is_pointed = memo(move || pointed.with(Option::is_some));
        let (wide, high) = (move || across(count.get()) * STEP, move || down(count.get()) * STEP);
        // A few are drawn larger.
        let width = move || if count.get() > FEW { wide() } else { 2 * wide() };
        view! {
            <svg
                node_ref=svg
                role="img"
                class:map-pointed=move || is_pointed.get()
                aria-label=summary
                viewBox=move || format!("-1 -1 {} {}", wide() + 1, high() + 1)
                width=width
                on:mousemove=move |event| pointed.set(under(&event))
                on:click=move |event| {
                    if let Some(row) = under(&event) {
                        open.run(row.key().to_owned());
                    }
                }
            >
                <title>{said}</title>
                {CLASSES.iter().enumerate().map(|(at, class)| path(at, class)).collect_view()}
            </svg>
        }
        .into_any()
    }
}

/// The looks of squares: five shades, those of which nothing is known, those that are of no use, and their crosses.
const CLASSES: [&str; 8] = [
    "heat heat-0",
    "heat heat-1",
    "heat heat-2",
    "heat heat-3",
    "heat heat-4",
    "heat heat-none",
    "heat heat-broken",
    "heat-cross",
];
const NONE: usize = 5;
const BROKEN: usize = 6;
const CROSS: usize = 7;

/// Those of a rack stand together.
fn in_order(rows: &List<Row>) -> List<Row> {
    let mut rows: Vec<Arc<Row>> = rows.iter().cloned().collect();
    rows.sort_by(|one, other| (one.rack(), one.key()).cmp(&(other.rack(), other.key())));
    rows.into_iter().collect()
}

/// How many stand in a line: of many so many that the map is about a square.
fn across(count: usize) -> usize {
    count.isqrt().max(LINE).min(count).max(1)
}

/// How many lines there are.
fn down(count: usize) -> usize {
    count.div_ceil(across(count)).max(1)
}

/// The square at a place of the drawing, told in parts of its width and height.
fn square(x: f64, y: f64, count: usize) -> Option<usize> {
    let place = |part: f64, squares: usize| (0.0..1.0).contains(&part).then_some((part * squares as f64) as usize);
    Some(place(y, down(count))? * across(count) + place(x, across(count))?).filter(|at| *at < count)
}

/// The squares, as one path for each look.
fn paths(rows: &[Arc<Row>], measure: Measure) -> [String; CLASSES.len()] {
    let mut paths = [const { String::new() }; CLASSES.len()];
    let (line, side) = (across(rows.len()), STEP - 2);
    for (at, row) in rows.iter().enumerate() {
        let (x, y) = (at % line * STEP, at / line * STEP);
        let kind = Row::kind(row.standing()).unwrap_or(Kind::Unknown);
        let class = match (kind, measure, measure.of(row)) {
            (Kind::Broken, ..) => BROKEN,
            (Kind::Good, Measure::Health, _) => 2,
            (Kind::Good | Kind::Moving, _, Some(part)) => shade(part),
            _ => NONE,
        };
        // To write into a text fails never.
        let _ = write!(paths[class], "M{x} {y}h{side}v{side}h-{side}z");
        if kind == Kind::Broken {
            let (a, b) = (4, STEP - 10);
            let _ = write!(paths[CROSS], "M{} {}l{b} {b}m0-{b}l-{b} {b}", x + a, y + a);
        }
    }
    paths
}

/// What is said of a node.
fn said(i18n: I18nContext<Locale>, row: &Row, measure: Measure) -> String {
    let word = Row::word(i18n, row.standing());
    match measure.of(row) {
        Some(part) => format!("{}: {word}, {}", row.host(), format::percent((part * 100.0).round())),
        None => format!("{}: {word}", row.host()),
    }
}

#[cfg(test)]
mod tests {
    use howdah_shared::systems::yarn::Node;

    use super::*;

    #[test]
    fn what_is_full_is_darkest() {
        assert_eq!([0.0, 0.1, 0.5, 0.8, 1.0].map(shade), [0, 1, 2, 3, 4]);
    }

    #[test]
    fn the_square_under_the_pointer_is_that_of_the_node() {
        for count in [1, 7, 40, 41, 1_700, 10_000] {
            let (wide, high) = (across(count), down(count));
            for at in [0, count / 2, count - 1] {
                let (x, y) = ((at % wide) as f64 + 0.5, (at / wide) as f64 + 0.5);
                assert_eq!(square(x / wide as f64, y / high as f64, count), Some(at), "{at} of {count}");
            }
        }
        assert_eq!([(0.5, 1.2), (-0.1, 0.5)].map(|(x, y)| square(x, y, 40)), [None, None]);
        // The last line is not full.
        assert_eq!(square(0.99, 0.99, 41), None);
    }

    #[test]
    fn each_node_is_in_one_path() {
        let node = |id: &str, state: &str, used: i64| {
            let text =
                format!(r#"{{"id":"{id}","state":"{state}","usedMemoryMB":{used},"availMemoryMB":{}}}"#, 10 - used);
            Arc::new(Row::from(serde_json::from_str::<Node>(&text).unwrap()))
        };
        let rows = [node("a", "RUNNING", 0), node("b", "RUNNING", 10), node("c", "LOST", 0), node("d", "NEW", 0)];
        let squares = |measure| paths(&rows, measure).map(|path| path.matches('z').count());
        assert_eq!(squares(Measure::Memory)[0], 1);
        assert_eq!(squares(Measure::Memory)[4], 1);
        assert_eq!(squares(Measure::Memory)[BROKEN], 1);
        assert_eq!(squares(Measure::Health)[2], 2);
        for measure in [Measure::Memory, Measure::Cores, Measure::Health] {
            assert_eq!(squares(measure).iter().sum::<usize>(), rows.len());
        }
        assert_eq!(paths(&rows, Measure::Memory)[CROSS], format!("M{} 4l8 8m0-8l-8 8", 2 * STEP + 4));
    }
}
