//! What was done with the nodes of a cluster: by whom, and how far each is. The service tells of an operation only what it
//! was and when; the journal follows its nodes.

use howdah_shared::console::{Request, RequestState, RequestsQuery};
use howdah_shared::systems::cyclecloud::{ListOperations, OperationStatus, OperationsQuery, instant};
use leptos::prelude::*;

use super::frame::{Cluster, Part, parts};
use crate::components::freshness::{StaleNote, watch};
use crate::components::page::PageHead;
use crate::components::problem::{ProblemLine, ProblemView};
use crate::components::reply::{Reply, reply};
use crate::components::request_pages::{RequestWays, request_pages};
use crate::components::request_state::{RequestLasted, RequestMark};
use crate::components::url_state::url_text;
use crate::i18n::*;
use crate::pages::run::what;
use crate::routes::Place;
use crate::ui::blank::Blank;
use crate::ui::format::UNKNOWN;
use crate::ui::live::{live, memo, string};
use crate::ui::skeleton::Skeleton;
use crate::ui::time::{Ago, At};

/// The most of the service's own that are drawn.
const SHOWN: usize = 100;

/// The page.
#[component]
pub(super) fn Operations(
    /// The cluster.
    cluster: Cluster,
) -> impl IntoView {
    let i18n = use_i18n();
    let title = cluster.titled(move |cluster| t_string!(i18n, cycle_operations.title, cluster = cluster).to_string());
    let own = StoredValue::new(cluster.clone());
    let pages = request_pages(
        move || {
            own.with_value(|own| RequestsQuery {
                connection: Some(own.connection.clone()),
                target: Some(own.called()),
                ..Default::default()
            })
        },
        url_text("after"),
    );
    let read = pages.read;
    watch(read);
    let empty = memo(move || pages.is_empty());
    let failed = memo(move || read.problem.get().filter(|_| empty.with(Option::is_none)));
    let requests = Signal::derive(move || pages.requests().unwrap_or_default());
    let told = reply(&cluster.connection, &ListOperations {}, &OperationsQuery::default());
    view! {
        <PageHead title=title />
        {parts(&cluster, Some(Part::Operations))}
        <StaleNote seen=read.seen problem=read.problem />
        {live(move || match (empty.get(), failed.get()) {
            (Some(false), _) => view! { <Requests requests /> }.into_any(),
            (Some(true), _) => {
                view! { <Blank title=words!(cycle_operations.none) text=words!(cycle_operations.none_text) /> }.into_any()
            }
            (None, Some(problem)) => {
                let retry = Callback::new(move |()| read.refresh());
                view! { <ProblemView problem=Signal::stored(problem) retry /> }.into_any()
            }
            (None, None) => view! { <Skeleton lines=6 label=words!(cycle_operations.loading) /> }.into_any(),
        })}
        <RequestWays pages=pages />
        <Service told />
    }
}

/// The changes, newest first, each with how far it is.
#[component]
fn Requests(requests: Signal<Vec<Request>>) -> impl IntoView {
    view! {
        <div class="listing-box">
            <table class="listing" aria-label=words!(cycle.operations_page)>
                <thead>
                    <tr>
                        <th scope="col">{words!(requests.what)}</th>
                        <th scope="col">{words!(requests.state)}</th>
                        <th scope="col" class="from-tablet">{words!(cycle_operations.stage)}</th>
                        <th scope="col" class="from-tablet">{words!(requests.who)}</th>
                        <th scope="col" class="listing-number from-desktop">{words!(requests.elapsed)}</th>
                        <th scope="col" class="listing-number">{words!(requests.when)}</th>
                    </tr>
                </thead>
                <tbody>
                    <For each=move || requests.get() key=|request| request.id.clone() let:request>
                        {line(request, requests)}
                    </For>
                </tbody>
            </table>
        </div>
    }
}

fn line(first: Request, requests: Signal<Vec<Request>>) -> AnyView {
    let i18n = use_i18n();
    let href = Place::Run(first.id.clone()).href();
    let (created, principal) = (first.created, first.principal.clone());
    let one = memo(move || {
        requests.with(|list| list.iter().find(|other| other.id == first.id).cloned()).unwrap_or_else(|| first.clone())
    });
    let words = string(move || {
        one.with(|one| match one.target.get("nodearray") {
            Some(array) => format!("{} · {array}", what(i18n, one)),
            None => what(i18n, one),
        })
    });
    let stage = string(move || one.with(stage).unwrap_or_else(|| UNKNOWN.to_owned()));
    view! {
        <tr>
            <td class="listing-name"><a href=href>{words}</a></td>
            <td><RequestMark state=Signal::derive(move || one.with(|one| one.state)) /></td>
            <td class="from-tablet">{stage}</td>
            <td class="from-tablet">{principal}</td>
            <td class="listing-number from-desktop"><RequestLasted request=one /></td>
            <td class="listing-number"><Ago at=Signal::stored(Some(created)) /></td>
        </tr>
    }
    .into_any()
}

/// How far it is, in the service's own words. Of nodes that have vanished they tell what was seen last, which is over.
fn stage(request: &Request) -> Option<String> {
    let vanish = matches!(request.operation.as_str(), "RemoveNodes" | "ShutdownNodes" | "TerminateNodes");
    request.stage.clone().filter(|_| !(vanish && request.state == RequestState::Succeeded))
}

/// What the service itself tells: also of what others began, of any of its clusters.
#[component]
fn Service(told: Reply<Vec<OperationStatus>>) -> impl IntoView {
    let failed = memo(move || told.polled.problem.get().filter(|_| told.value.with(Option::is_none)));
    let listed = memo(move || {
        told.map(|operations| {
            let mut listed: Vec<(Option<i64>, String)> = operations.iter().map(begun).collect();
            listed.sort_by(|one, other| other.cmp(one));
            listed.truncate(SHOWN);
            listed
        })
    });
    view! {
        <details class="folded">
            <summary>{words!(cycle_operations.service)}</summary>
            <p class="field-hint">{words!(cycle_operations.service_hint)}</p>
            {live(move || match (listed.get(), failed.get()) {
                (Some(listed), _) if listed.is_empty() => {
                    view! { <p class="listing-quiet">{words!(cycle_operations.service_none)}</p> }.into_any()
                }
                (Some(listed), _) => view! {
                    <div class="listing-box">
                        <table class="listing" aria-label=words!(cycle_operations.service)>
                            <thead>
                                <tr>
                                    <th scope="col">{words!(cycle_operations.action)}</th>
                                    <th scope="col" class="listing-number">{words!(cycle_operations.begun)}</th>
                                </tr>
                            </thead>
                            <tbody>{listed.into_iter().map(service_line).collect_view()}</tbody>
                        </table>
                    </div>
                }
                .into_any(),
                (None, Some(problem)) => view! { <ProblemLine problem=Signal::stored(problem) /> }.into_any(),
                (None, None) => view! { <Skeleton lines=3 label=words!(cycle_operations.loading) /> }.into_any(),
            })}
        </details>
    }
}

/// When an operation began, and what it does.
fn begun(operation: &OperationStatus) -> (Option<i64>, String) {
    let at = operation.start_time.as_deref().and_then(instant).map(|seconds| seconds * 1000);
    (at, operation.action.clone().unwrap_or_else(|| UNKNOWN.to_owned()))
}

fn service_line((at, action): (Option<i64>, String)) -> AnyView {
    let at = match at {
        Some(at) => view! { <At at=Signal::stored(at) /> }.into_any(),
        None => UNKNOWN.into_any(),
    };
    view! { <tr><td>{action}</td><td class="listing-number">{at}</td></tr> }.into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_operation_begins_at_an_instant_of_utc() {
        let of =
            |at: Option<&str>| OperationStatus { action: Some("create".into()), start_time: at.map(str::to_owned) };
        assert_eq!(begun(&of(Some("1970-01-01T00:01:00Z"))), (Some(60_000), "create".into()));
        assert_eq!(begun(&of(Some("now"))).0, None);
        assert_eq!(begun(&OperationStatus::default()), (None, UNKNOWN.into()));
    }
}
