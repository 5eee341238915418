//! Every connection at a glance, a card each. Each card asks for its own health: one sick service is one sick card.

use crate::ui::live::{live, memo, string, when};
use howdah_shared::console::{Connection, Health, Request};
use leptos::prelude::*;

use super::parts::{self, Part};
use super::system_name;
use crate::api::Polled;
use crate::components::fleet::{health, use_fleet};
use crate::components::freshness::{StaleNote, watch};
use crate::components::page::PageHead;
use crate::components::problem::ProblemView;
use crate::components::telling::{Telling, Told};
use crate::i18n::*;
use crate::routes::Place;
use crate::ui::blank::Blank;
use crate::ui::format;
use crate::ui::mark::{Kind, Mark};
use crate::ui::skeleton::Skeleton;
use crate::ui::time::Ago;

/// The page.
#[component]
pub(crate) fn FleetPage() -> impl IntoView {
    let fleet = use_fleet();
    watch(fleet);
    // As people look for them: by what they are called.
    let connections = move || {
        let mut connections = fleet.value.get().unwrap_or_default();
        connections.sort_by(|one, other| one.title.cmp(&other.title));
        connections
    };
    let waits = memo(move || {
        fleet.value.with(|list| list.as_ref().is_some_and(|list| list.iter().any(|one| one.unsettled > 0)))
    });
    let state = memo(move || match (fleet.value.with(|v| v.as_ref().map(Vec::is_empty)), fleet.problem.get()) {
        (Some(false), _) => State::Cards,
        (Some(true), _) => State::Empty,
        (None, Some(problem)) => State::Failed(Box::new(problem)),
        (None, None) => State::Loading,
    });
    view! {
        <PageHead title=words!(fleet.title) />
        <StaleNote seen=fleet.seen problem=fleet.problem />
        {live(move || match state.get() {
            State::Loading => view! {
                <Skeleton
                    class="skeleton-cards"
                    lines=4
                    label=words!(fleet.loading)
                />
            }
            .into_any(),
            State::Empty => view! {
                <Blank
                    title=words!(fleet.empty)
                    text=words!(fleet.empty_text)
                />
            }
            .into_any(),
            State::Failed(problem) => view! {
                <ProblemView problem=Signal::stored(*problem) retry=Callback::new(move |()| fleet.refresh()) />
            }
            .into_any(),
            State::Cards => view! {
                <ul class="cards">
                    <For each=connections key=|connection| connection.name.clone() let:connection>
                        <Card connection=connection />
                    </For>
                </ul>
                {when(move || waits.get(), || parts::page_of(Part::Requests, Place::Fleet))}
            }
            .into_any(),
        })}
    }
}

#[derive(Clone, PartialEq)]
enum State {
    Loading,
    Empty,
    Failed(Box<howdah_shared::problem::Problem>),
    Cards,
}

/// One connection.
#[component]
fn Card(connection: Connection) -> impl IntoView {
    let fleet = use_fleet();
    let name = connection.name.clone();
    // The list is polled as a whole; the card keeps its place and follows its own part.
    let first = connection.clone();
    let one = memo(move || {
        let found = fleet.value.with(|list| list.as_ref()?.iter().find(|other| other.name == first.name).cloned());
        found.unwrap_or_else(|| first.clone())
    });
    let health = health(&name);
    let href = Place::Connection(name.clone()).href();
    let title_id = format!("card-{name}");
    let labelled = title_id.clone();
    view! {
        <li class="card" class:card-sick=move || sick(health) aria-labelledby=labelled>
            <div class="card-head">
                <h2 class="card-title" id=title_id>
                    <a href=href>{string(move || one.with(|one| one.title.clone()))}</a>
                </h2>
                <p class="card-system">
                    <span>{string(move || one.with(|one| system_name(&one.system).to_owned()))}</span>
                    <code>{name.clone()}</code>
                </p>
            </div>
            <HealthLine health=health />
            <dl class="card-counts">
                <CountLink
                    label=words!(fleet.running)
                    number=Signal::derive(move || one.with(|one| one.running))
                    tone="count-running"
                    href=Place::Activity.href_with(&[("connection", &name), ("state", "intended,sent,accepted,running")])
                />
                <CountLink
                    label=words!(fleet.unsettled)
                    number=Signal::derive(move || one.with(|one| one.unsettled))
                    tone="count-unsettled"
                    href=Place::Activity.href_with(&[("connection", &name), ("state", "unknown,unresolved")])
                />
            </dl>
            <div class="card-foot">
                {live(move || match one.with(|one| one.failed.clone()) {
                    Some(failed) => view! { <FailedLine failed=failed /> }.into_any(),
                    None => view! { <p class="card-quiet">{words!(fleet.no_failure)}</p> }.into_any(),
                })}
            </div>
        </li>
    }
}

fn sick(health: Polled<Health>) -> bool {
    health.problem.with(Option::is_some)
        || health.value.with(|value| value.as_ref().is_some_and(|health| health.problem.is_some()))
}

/// Whether the service is there: with its latency, or what is wrong with it in a sentence.
#[component]
fn HealthLine(health: Polled<Health>) -> impl IntoView {
    let i18n = use_i18n();
    // Our own proxy failing says nothing about the service.
    let problem =
        memo(move || health.problem.get().or_else(|| health.value.with(|value| value.as_ref()?.problem.clone())));
    let kind = Signal::derive(move || match (problem.with(Option::is_some), health.value.with(Option::is_some)) {
        (true, _) if health.problem.with(Option::is_some) => Kind::Unknown,
        (true, _) => Kind::Broken,
        (false, true) => Kind::Good,
        (false, false) => Kind::Waiting,
    });
    let word = Signal::derive(move || match kind.get() {
        Kind::Broken => t_string!(i18n, fleet.unreachable).to_string(),
        Kind::Unknown => t_string!(i18n, fleet.unknown).to_string(),
        Kind::Good => t_string!(i18n, fleet.reachable).to_string(),
        _ => t_string!(i18n, fleet.asking).to_string(),
    });
    // With the server that is active, where there are several.
    let latency = memo(move || {
        health.value.with(|value| {
            let health = value.as_ref()?;
            let latency = format!("{} ms", format::count(health.latency? as i64));
            Some(health.server.iter().fold(latency, |text, server| text + " · " + server))
        })
    });
    view! {
        <div class="card-health">
            <Mark kind=kind word=word />
            {when(move || problem.with(Option::is_none) && latency.with(Option::is_some), move || view! {
                <span class="card-latency number">
                    {string(move || latency.get().unwrap_or_default())}
                </span>
            }.into_any())}
            <div class="card-problem" hidden=move || problem.with(Option::is_none)>
                <Told telling=Signal::derive(move || problem.with(|problem| problem.as_ref().map(Telling::from).unwrap_or_default())) />
            </div>
        </div>
    }
}

/// A number that leads to the list that it counts.
#[component]
fn CountLink(label: Signal<String>, number: Signal<u64>, tone: &'static str, href: String) -> impl IntoView {
    view! {
        <div class=format!("count {tone}") class:count-none=move || number.get() == 0>
            <dt>{label}</dt>
            <dd>
                <a
                    class="number"
                    href=href
                    aria-label=move || format!("{}: {}", label.get(), format::count(number.get() as i64))
                >
                    {string(move || format::count(number.get() as i64))}
                </a>
            </dd>
        </div>
    }
}

/// The request that failed last.
#[component]
fn FailedLine(failed: Request) -> impl IntoView {
    let at = failed.ended.or(failed.answered).unwrap_or(failed.created);
    view! {
        <a class="card-failed" href=Place::Run(failed.id).href()>
            <Mark kind=Kind::Broken word=words!(fleet.failed_last) />
            <span class="card-failed-what">{failed.name}</span>
            <Ago at=Signal::stored(Some(at)) />
        </a>
    }
}
