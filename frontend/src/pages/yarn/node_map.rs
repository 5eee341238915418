//! The nodes as a map: a square each, the fuller the darker, with a cross where one is of no use.

use std::sync::Arc;

use leptos::prelude::*;
use wasm_bindgen::JsCast;

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

/// The width of a square with its gap, and how many stand in a line, in the drawing's units.
const STEP: usize = 18;
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
    let press = move |event: web_sys::MouseEvent| {
        let target = event.target().and_then(|target| target.dyn_into::<web_sys::Element>().ok());
        let square = target.and_then(|target| target.closest("[data-node]").ok().flatten());
        if let Some(node) = square.and_then(|square| square.get_attribute("data-node")) {
            open.run(node);
        }
    };
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
                <figure class="map" on:click=press>
                    {live(move || drawing(i18n, &list.get().unwrap_or_default(), measure.get(), &summary.get()))}
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

fn drawing(i18n: I18nContext<Locale>, rows: &List<Row>, measure: Measure, summary: &str) -> AnyView {
    let mut rows: Vec<&Arc<Row>> = rows.iter().collect();
    // Those of a rack stand together.
    rows.sort_by(|one, other| (&one.node.rack, one.key()).cmp(&(&other.node.rack, other.key())));
    let lines = rows.len().div_ceil(LINE).max(1);
    let width = rows.len().clamp(1, LINE) * STEP;
    // A few are drawn larger.
    let drawn = if rows.len() > FEW { width } else { 2 * width };
    let squares = rows.into_iter().enumerate().map(|(at, row)| {
        let (x, y) = (at % LINE * STEP, at / LINE * STEP);
        let kind = Row::kind(row.standing()).unwrap_or(Kind::Unknown);
        let part = measure.of(row);
        let class = match (kind, measure, part) {
            (Kind::Broken, ..) => "heat heat-broken".to_owned(),
            (Kind::Good, Measure::Health, _) => "heat heat-2".to_owned(),
            (Kind::Good | Kind::Moving, _, Some(part)) => format!("heat heat-{}", shade(part)),
            _ => "heat heat-none".to_owned(),
        };
        let word = Row::word(i18n, row.standing());
        let told = part.map_or(word.clone(), |part| format!("{word}, {} %", (part * 100.0).round() as i64));
        let cross = (kind == Kind::Broken).then(|| {
            let (a, b) = (4, STEP - 6);
            let path = format!("M{} {}L{} {}M{} {}L{} {}", x + a, y + a, x + b, y + b, x + b, y + a, x + a, y + b);
            view! { <path class="heat-cross" d=path /> }
        });
        view! {
            <g data-node=row.key().to_owned()>
                <title>{format!("{}: {told}", row.host())}</title>
                <rect class=class x=x y=y width=STEP - 2 height=STEP - 2 rx="2" />
                {cross}
            </g>
        }
    });
    view! {
        <svg role="img" aria-label=summary.to_owned() viewBox=format!("-1 -1 {} {}", width + 1, lines * STEP + 1) width=drawn>
            {squares.collect_view()}
        </svg>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_full_is_darkest() {
        assert_eq!([0.0, 0.1, 0.5, 0.8, 1.0].map(shade), [0, 1, 2, 3, 4]);
    }
}
