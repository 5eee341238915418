//! The runs of a cluster: how long they took, with what they were asked for, and a way to take in others.

use howdah_shared::console::{Request, RequestState, RequestsQuery};
use leptos::prelude::*;

use crate::address;
use crate::components::adopt::Adopt;
use crate::components::freshness::StaleNote;
use crate::components::problem::ProblemLine;
use crate::components::request_body::brief;
use crate::components::request_pages::{RequestWays, request_pages};
use crate::components::request_state::{RequestLasted, RequestMark, span, word};
use crate::components::url_state::url_text;
use crate::i18n::*;
use crate::routes::Place;
use crate::ui::chart::{Bar, Bars, Chart, Fill};
use crate::ui::format;
use crate::ui::live::{live, memo, when};
use crate::ui::skeleton::Skeleton;
use crate::ui::time::Ago;

/// From so many runs on there is something to compare.
const CHART_FROM: usize = 2;

/// The runs, newest first, a page at a time.
#[component]
pub(super) fn History(
    /// The connection's name.
    connection: String,
    /// The cluster's id.
    cluster: String,
    /// How long its runs usually take, in ms.
    usual: Memo<Option<u64>>,
    /// Whether it can be asked for runs that were started elsewhere.
    can_adopt: Memo<Option<bool>>,
) -> impl IntoView {
    let i18n = use_i18n();
    let after = url_text("after");
    let names = StoredValue::new((connection, cluster));
    let pages = request_pages(
        move || {
            let (connection, target) = names.get_value();
            RequestsQuery { connection: Some(connection), target: Some(target), ..Default::default() }
        },
        after,
    );
    let page = pages.read;
    let runs = memo(move || pages.requests());
    let empty = memo(move || pages.is_empty());
    let failed = memo(move || page.problem.get().filter(|_| empty.with(Option::is_none)));
    let bars = memo(move || runs.with(|runs| bars(i18n, runs.as_deref().unwrap_or_default(), usual.get())));
    let listed = Signal::derive(move || runs.get().unwrap_or_default());
    let adopted = Callback::new(move |request: Request| address::go(&Place::Run(request.id).href()));
    view! {
        <h2>{words!(cluster.history)}</h2>
        <StaleNote seen=page.seen problem=page.problem />
        {when(move || bars.with(|bars| bars.bars.len() >= CHART_FROM), move || view! { <Chart bars=bars /> }.into_any())}
        {live(move || match (empty.get(), failed.get()) {
            (Some(false), _) => view! { <Runs runs=listed /> }.into_any(),
            (Some(true), _) => view! { <p class="listing-quiet">{words!(cluster.no_history)}</p> }.into_any(),
            (None, Some(problem)) => view! { <ProblemLine problem=Signal::stored(problem) /> }.into_any(),
            (None, None) => view! { <Skeleton lines=3 label=words!(cluster.loading) /> }.into_any(),
        })}
        <RequestWays pages=pages />
        {when(move || can_adopt.get() == Some(true), move || {
            let (connection, cluster) = names.get_value();
            view! {
                <details class="folded">
                    <summary>{words!(cluster.adopt)}</summary>
                    <p>{words!(cluster.adopt_text)}</p>
                    <Adopt connection cluster request=None settled=adopted />
                </details>
            }
            .into_any()
        })}
    }
}

/// The durations of runs, oldest first. What is not known of a run is not drawn.
fn bars(i18n: I18nContext<Locale>, runs: &[Request], usual: Option<u64>) -> Bars {
    let language = i18n.get_locale();
    let words = |ms: f64| format::duration(language, ms);
    let bar = |run: &Request| {
        let (from, to) = span(run)?;
        // One that goes on is as high as it was when it was last asked for.
        let value = to.or(run.checked).map_or(0, |to| to - from).max(0) as f64;
        let fill = match run.state {
            RequestState::Succeeded => Fill::Solid,
            state if state.is_open() => Fill::Dashed,
            _ => Fill::Hollow,
        };
        Some(Bar { value, fill, title: format!("{}, {}", word(i18n, run.state), words(value)) })
    };
    let bars: Vec<Bar> = runs.iter().rev().filter_map(bar).collect();
    let highest = bars.iter().map(|bar| bar.value).fold(0.0, f64::max);
    let usual = usual.map(|usual| usual as f64);
    let count = format::count(bars.len() as i64);
    let label = t_string!(i18n, cluster.chart, count = count, longest = words(highest)).to_string();
    Bars {
        line: usual.map(|usual| (usual, t_string!(i18n, clusters.usual, usual = words(usual)).to_string())),
        top: words(highest.max(usual.unwrap_or_default())),
        ends: None,
        label,
        bars,
    }
}

#[component]
fn Runs(runs: Signal<Vec<Request>>) -> impl IntoView {
    view! {
        <div class="listing-box">
            <table class="listing" aria-label=words!(cluster.history)>
                <thead>
                    <tr>
                        <th scope="col">{words!(requests.state)}</th>
                        <th scope="col" class="from-tablet">{words!(cluster.asked)}</th>
                        <th scope="col" class="from-tablet">{words!(requests.who)}</th>
                        <th scope="col" class="listing-number">{words!(requests.elapsed)}</th>
                        <th scope="col" class="listing-number">{words!(requests.when)}</th>
                    </tr>
                </thead>
                <tbody>
                    <For each=move || runs.get() key=|run| run.id.clone() let:run>
                        <Line first=run runs=runs />
                    </For>
                </tbody>
            </table>
        </div>
    }
}

/// One run. The list is asked for as a whole; the line keeps its place and follows its own part.
#[component]
fn Line(first: Request, runs: Signal<Vec<Request>>) -> impl IntoView {
    let href = Place::Run(first.id.clone()).href();
    let (created, principal) = (first.created, first.principal.clone());
    let asked = match first.body.as_ref().map(brief).filter(|text| !text.is_empty()) {
        Some(text) => view! { <code title=text.clone()>{text.clone()}</code> }.into_any(),
        None if first.adopted => "—".into_any(),
        None => view! { <span class="listing-quiet">{words!(cluster.asked_nothing)}</span> }.into_any(),
    };
    let one = memo(move || {
        runs.with(|list| list.iter().find(|other| other.id == first.id).cloned()).unwrap_or_else(|| first.clone())
    });
    view! {
        <tr>
            <td><a href=href><RequestMark state=Signal::derive(move || one.with(|one| one.state)) /></a></td>
            <td class="from-tablet listing-code">{asked}</td>
            <td class="from-tablet">{principal}</td>
            <td class="listing-number"><RequestLasted request=one /></td>
            <td class="listing-number"><Ago at=Signal::stored(Some(created)) /></td>
        </tr>
    }
}
