//! One request: where it is, what was sent, what was seen of it, and what can be done now.

use howdah_shared::console::{Event, Request, RequestState, ShowRequest};
use howdah_shared::operation::{BadSegment, Nothing, Operation};
use howdah_shared::problem::{Code, Problem};
use leptos::prelude::*;

use super::run_advice::advice;
use crate::api::{Polled, polled, read};
use crate::components::fleet::use_fleet;
use crate::components::freshness::{StaleNote, watch};
use crate::components::page::PageHead;
use crate::components::problem::ProblemView;
use crate::components::request_body::leaves;
use crate::components::request_state::{RequestLasted, RequestMark, span};
use crate::components::telling::{Telling, Told};
use crate::i18n::*;
use crate::routes::Place;
use crate::ui::copyable::Copyable;
use crate::ui::facts::{Fact, Facts};
use crate::ui::format;
use crate::ui::live::{live, memo, string, when};
use crate::ui::skeleton::Skeleton;
use crate::ui::time::{Ago, At, Precision, use_clock};

/// The path parameters that name a cluster.
const CLUSTER: [&str; 2] = ["cluster_id", "cluster"];

/// The page.
#[component]
pub(crate) fn Run(
    /// The request's id.
    request: String,
) -> impl IntoView {
    let i18n = use_i18n();
    let known = poll(request.clone());
    watch(known);
    let state = memo(move || match (known.value.with(Option::is_some), known.problem.get()) {
        (true, _) => State::There,
        (false, Some(problem)) => State::Failed(Box::new(problem)),
        (false, None) => State::Loading,
    });
    let title = Signal::derive(move || {
        known.value.with(|known| {
            known.as_ref().map_or_else(|| t_string!(i18n, run.title).to_string(), |known| what(i18n, known))
        })
    });
    let facts = move || {
        let seen = memo(move || known.value.with(|one| one.as_ref().map(|one| one.state)));
        live(move || match seen.get() {
            Some(state) => view! { <RequestMark state=Signal::stored(state) /> }.into_any(),
            None => ().into_any(),
        })
    };
    view! {
        <PageHead title=title facts=facts />
        <StaleNote seen=known.seen problem=known.problem />
        {live(move || match state.get() {
            State::Loading => view! { <Skeleton class="facts run" lines=6 label=words!(run.loading) /> }.into_any(),
            State::Failed(problem) => view! {
                <ProblemView problem=Signal::stored(*problem) retry=Callback::new(move |()| known.refresh()) />
            }
            .into_any(),
            State::There => match known.value.get_untracked() {
                Some(first) => view! { <Known first known /> }.into_any(),
                None => ().into_any(),
            },
        })}
    }
}

#[derive(Clone, PartialEq)]
enum State {
    Loading,
    Failed(Box<Problem>),
    There,
}

/// Follows the request.
fn poll(request: String) -> Polled<Request> {
    let path = request.parse().map(|request| ShowRequest { request }.path()).unwrap_or_default();
    polled(
        path,
        String::new,
        move || {
            let parsed = request.parse().map_err(|why: BadSegment| Problem::new(Code::BadPath, why.to_string()));
            async move { read(&ShowRequest { request: parsed? }, &Nothing {}).await }
        },
        |request| if request.is_none_or(|request| request.state.is_open()) { 2_000 } else { 15_000 },
    )
}

/// The request once it is known.
#[component]
fn Known(first: Request, known: Polled<Request>) -> impl IntoView {
    let i18n = use_i18n();
    let fleet = use_fleet();
    let one = memo(move || known.value.get().unwrap_or_else(|| first.clone()));
    let created = memo(move || one.with(|one| one.created));
    let service_id = memo(move || one.with(|one| one.service_id.clone()));
    let sent = memo(move || one.with(|one| one.body.as_ref().map(leaves).unwrap_or_default()));
    let events = memo(move || one.with(|one| one.events.clone()));
    let connection = one.with_untracked(|one| one.connection.clone());
    let href = Place::Connection(connection.clone()).href();
    let named = connection.clone();
    let connection_title = string(move || {
        let found = fleet
            .value
            .with(|list| list.as_ref()?.iter().find(|other| other.name == named).map(|found| found.title.clone()));
        found.unwrap_or_else(|| named.clone())
    });
    let cluster = memo(move || one.with(cluster_of));
    let advised = memo(move || one.with(|one| (one.state, one.code, one.status, one.service_id.clone())));
    let place = connection.clone();
    let cluster_link = live(move || match cluster.get() {
        Some(cluster) => {
            let href = Place::Cluster(place.clone(), cluster.clone()).href();
            let name = string(move || one.with(called).unwrap_or_else(|| cluster.clone()));
            view! { <Fact name=words!(run.cluster)><a href=href>{name}</a></Fact> }.into_any()
        }
        None => ().into_any(),
    });
    view! {
        <div class="run">
            <Facts>
                {cluster_link}
                <Fact name=words!(run.connection)><a href=href>{connection_title}</a></Fact>
                {when(move || one.with(|one| span(one).is_some()), move || view! {
                    <Fact name=words!(run.elapsed)><Elapsed one=one /></Fact>
                }.into_any())}
                <Fact name=words!(run.who)>{string(move || one.with(|one| one.principal.clone()))}</Fact>
                <Fact name=words!(run.when)>
                    <span class="run-elapsed"><At at=created /> <span class="listing-quiet"><Ago at=Signal::derive(move || Some(created.get())) /></span></span>
                </Fact>
                {when(move || service_id.with(Option::is_some), move || view! {
                    <Fact name=words!(run.service_id)>
                        <Copyable text=Signal::derive(move || service_id.get().unwrap_or_default()) limit=18 />
                    </Fact>
                }.into_any())}
                {live(move || match one.with(|one| one.status) {
                    Some(status) => view! { <Fact name=words!(run.status)><code>{status}</code></Fact> }.into_any(),
                    None => ().into_any(),
                })}
                <Fact name=words!(run.id)><Copyable text=string(move || one.with(|one| one.id.clone())) limit=18 /></Fact>
            </Facts>
            {live(move || match one.with(untold) {
                Some(telling) => view! { <Told telling=Signal::stored(telling) /> }.into_any(),
                None => ().into_any(),
            })}
            {when(move || one.with(|one| one.adopted), || view! { <p>{words!(run.adopted)}</p> }.into_any())}
            {when(move || one.with(may_have_been_at_work), || view! { <p>{words!(run.under_way)}</p> }.into_any())}
            {live(move || {
                // Nothing else of it changes what is to be done, and what is typed there stays.
                advised.track();
                let cluster = cluster.get();
                one.with_untracked(|one| advice(i18n, one, cluster.as_deref(), known))
            })}
            <section class="run-part" aria-labelledby="timeline">
                <h2 id="timeline">{words!(run.timeline)}</h2>
                {live(move || {
                    // Of what was taken in the page tells already.
                    let adopted = one.with_untracked(|one| one.adopted);
                    let told = |event: &Event| adopted && event.state == RequestState::Accepted;
                    let lines = events.get().into_iter().map(|event| {
                        let more = if told(&event) { None } else { more(i18n, &event) };
                        line(event, more)
                    });
                    view! { <ol class="run-events">{lines.collect::<Vec<_>>()}</ol> }.into_any()
                })}
            </section>
            <section class="run-part" aria-labelledby="sent">
                <h2 id="sent">{words!(run.sent)}</h2>
                {live(move || {
                    let sent = sent.get();
                    if sent.is_empty() {
                        let none = match one.with_untracked(|one| one.adopted) {
                            true => words!(run.sent_elsewhere),
                            false => words!(run.sent_nothing),
                        };
                        return view! { <p>{none}</p> }.into_any();
                    }
                    let facts = sent.into_iter().map(|(name, value)| {
                        view! { <Fact name=Signal::stored(name)><code>{value}</code></Fact> }.into_any()
                    });
                    view! { <Facts>{facts.collect::<Vec<_>>()}</Facts> }.into_any()
                })}
            </section>
        </div>
    }
}

/// How long it goes on, or went on, beside how long one for the same cluster usually took before.
#[component]
fn Elapsed(one: Memo<Request>) -> impl IntoView {
    let i18n = use_i18n();
    let clock = use_clock();
    let usual = memo(move || one.with(|one| one.usual).filter(|usual| *usual > 0));
    let words = string(move || match usual.get() {
        Some(usual) => {
            let usual = format::duration(i18n.get_locale(), usual as f64);
            t_string!(i18n, run.usual, usual = usual).to_string()
        }
        None => t_string!(i18n, run.no_usual).to_string(),
    });
    // Of what has ended the two durations tell.
    let percent = memo(move || match one.with(span) {
        Some((from, None)) => {
            let took = (clock.server() as i64).saturating_sub(from).max(0);
            Some(took.saturating_mul(100) / i64::try_from(usual.get()?).ok()?)
        }
        _ => None,
    });
    let percent_words =
        string(move || percent.get().map(|percent| format::percent(percent as f64)).unwrap_or_default());
    let width = string(move || format!("{}%", percent.get().unwrap_or_default().min(100)));
    view! {
        <span class="run-elapsed">
            <RequestLasted request=one />
            <span class="listing-quiet">{words}</span>
        </span>
        {when(move || percent.with(Option::is_some), move || view! {
            <span class="progress">
                <span class="progress-bar" aria-hidden="true">
                    <span class="progress-done" style:width=width></span>
                </span>
                <span class="number">{percent_words}</span>
            </span>
        }.into_any())}
    }
}

/// What there is to tell of something that was seen.
fn more(i18n: I18nContext<Locale>, event: &Event) -> Option<AnyView> {
    if let Some(name) = event.by.clone() {
        return Some(view! { <p>{t_string!(i18n, run.taken_in, name = name).to_string()}</p> }.into_any());
    }
    let telling = Telling::from(event);
    (!telling.is_empty()).then(|| view! { <Told telling=Signal::stored(telling) /> }.into_any())
}

/// Something that was seen: when, state, the service's own word, and what more there is to tell.
fn line(event: Event, more: Option<AnyView>) -> AnyView {
    view! {
        <li class="run-event">
            <At at=Signal::stored(event.at) precision=Precision::Second />
            <RequestMark state=Signal::stored(event.state) />
            {event.stage.filter(|stage| !stage.is_empty()).map(|stage| view! { <code lang="en">{stage}</code> })}
            {more.map(|more| view! { <div class="run-event-more">{more}</div> })}
        </li>
    }
    .into_any()
}

/// The cluster that a request is about: the one that its path names, or that the service made by it.
fn cluster_of(request: &Request) -> Option<String> {
    let made = || request.service_id.clone().filter(|_| request.operation == "StartCluster");
    CLUSTER.iter().find_map(|name| request.target.get(*name)).cloned().or_else(made)
}

/// What people call what a request is about: as it is configured, or as it was asked for.
fn called(request: &Request) -> Option<String> {
    let asked = || request.body.as_ref()?.get("name")?.as_str().map(str::to_owned);
    request.name.clone().or_else(asked)
}

/// What a request does, in words; an operation that the console does not know keeps its own name.
fn operation_word(i18n: I18nContext<Locale>, operation: &str) -> String {
    match operation {
        "StartRework" => t_string!(i18n, run.start_rework).to_string(),
        "StartCluster" => t_string!(i18n, run.start_cluster).to_string(),
        "ScaleCluster" => t_string!(i18n, run.scale_cluster).to_string(),
        "TerminateCluster" => t_string!(i18n, run.terminate_cluster).to_string(),
        "EditCluster" => t_string!(i18n, run.edit_cluster).to_string(),
        "CreateNodes" => t_string!(i18n, run.create_nodes).to_string(),
        "ScaleNodeArray" => t_string!(i18n, run.scale_node_array).to_string(),
        "StartNodes" => t_string!(i18n, run.start_nodes).to_string(),
        "ShutdownNodes" => t_string!(i18n, run.shutdown_nodes).to_string(),
        "DeallocateNodes" => t_string!(i18n, run.deallocate_nodes).to_string(),
        "TerminateNodes" => t_string!(i18n, run.terminate_nodes).to_string(),
        "RemoveNodes" => t_string!(i18n, run.remove_nodes).to_string(),
        other => other.to_owned(),
    }
}

/// What there is to tell of a request that no event tells.
fn untold(request: &Request) -> Option<Telling> {
    let telling = Telling::from(request);
    let told = |event: &Event| Telling::from(event) == telling;
    (!telling.is_empty() && !request.events.iter().any(told)).then_some(telling)
}

/// Whether the service answered in the way by which it also says that the cluster is at work already.
fn may_have_been_at_work(request: &Request) -> bool {
    request.operation == "StartRework" && request.status == Some(202) && request.service_id.is_some()
}

/// What a request does, and to what.
pub(crate) fn what(i18n: I18nContext<Locale>, request: &Request) -> String {
    let checks = || request.body.as_ref().is_some_and(|body| body.get("verification").is_some());
    match (request.operation.as_str(), called(request)) {
        ("StartRework", Some(name)) => t_string!(i18n, run.start_rework_of, name = name).to_string(),
        ("StartCluster", Some(name)) => t_string!(i18n, run.start_cluster_of, name = name).to_string(),
        ("EditCluster", _) if checks() => t_string!(i18n, run.check_cluster).to_string(),
        _ => operation_word(i18n, &request.operation),
    }
}
