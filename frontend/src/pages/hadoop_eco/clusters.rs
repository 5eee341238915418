//! The clusters that a connection's configuration names, with what ran last on each.

use howdah_shared::console::{Cluster, ListClusters};
use howdah_shared::operation::{BadSegment, Nothing, Operation};
use howdah_shared::problem::{Code, Problem};
use leptos::prelude::*;

use crate::api::{At, Polled, call, polled};
use crate::components::fleet::use_connection;
use crate::components::freshness::{StaleNote, watch};
use crate::components::page::PageHead;
use crate::components::problem::ProblemView;
use crate::components::request_state::{RequestLasted, RequestMark};
use crate::i18n::*;
use crate::routes::Place;
use crate::ui::blank::Blank;
use crate::ui::copyable::Copyable;
use crate::ui::format;
use crate::ui::live::{live, memo, string, when};
use crate::ui::mark::{Kind, Mark};
use crate::ui::skeleton::Skeleton;
use crate::ui::time::Ago;

/// The page.
#[component]
pub(super) fn Clusters(
    /// The connection's name.
    connection: String,
) -> impl IntoView {
    let known = use_connection(&connection);
    let list = poll(connection.clone());
    watch(list);
    let connection = StoredValue::new(connection);
    let state = memo(move || match (list.value.with(|list| list.as_ref().map(Vec::is_empty)), list.problem.get()) {
        (Some(true), _) => State::Empty,
        (Some(false), _) => State::List,
        (None, Some(problem)) => State::Failed(Box::new(problem)),
        (None, None) => State::Loading,
    });
    let facts = move || {
        let title = string(move || known.with(|one| one.as_ref().map(|one| one.title.clone())).unwrap_or_default());
        view! { <span class="page-head-fact">{title}</span> }.into_any()
    };
    view! {
        <PageHead title=words!(clusters.title) facts=facts />
        <StaleNote seen=list.seen problem=list.problem />
        {live(move || match state.get() {
            State::Loading => view! { <Skeleton class="skeleton-rows" lines=4 label=words!(clusters.loading) /> }.into_any(),
            State::Empty => view! { <Blank title=words!(clusters.empty) text=words!(clusters.empty_text) /> }.into_any(),
            State::Failed(problem) => view! {
                <ProblemView problem=Signal::stored(*problem) retry=Callback::new(move |()| list.refresh()) />
            }
            .into_any(),
            State::List => view! { <Listing connection=connection.get_value() list=list /> }.into_any(),
        })}
    }
}

#[derive(Clone, PartialEq)]
enum State {
    Loading,
    Empty,
    Failed(Box<Problem>),
    List,
}

/// Where the clusters of a connection are listed; nowhere for what cannot be the name of one.
pub(super) fn clusters_path(connection: &str) -> String {
    connection.parse().map(|connection| ListClusters { connection }.path()).unwrap_or_default()
}

/// Follows the clusters.
fn poll(connection: String) -> Polled<Vec<Cluster>> {
    let path = clusters_path(&connection);
    polled(
        path,
        String::new,
        move || {
            let parsed = connection.parse().map_err(|why: BadSegment| Problem::new(Code::BadPath, why.to_string()));
            async move { call(At::Howdah, &ListClusters { connection: parsed? }, &Nothing {}, &Nothing {}).await }
        },
        |clusters| {
            let open = |cluster: &Cluster| cluster.last.as_ref().is_some_and(|last| last.state.is_open());
            if clusters.is_some_and(|clusters| clusters.iter().any(open)) { 3_000 } else { 10_000 }
        },
    )
}

#[component]
fn Listing(connection: String, list: Polled<Vec<Cluster>>) -> impl IntoView {
    let line = move |cluster: Cluster| {
        let href = Place::Cluster(connection.clone(), cluster.id.clone()).href();
        view! { <Line first=cluster href=href list=list /> }
    };
    view! {
        <div class="listing-box">
            <table class="listing" id="clusters" aria-label=words!(clusters.title)>
                <thead>
                    <tr>
                        <th scope="col">{words!(clusters.name)}</th>
                        <th scope="col" class="from-desktop">{words!(clusters.id)}</th>
                        <th scope="col">{words!(clusters.last)}</th>
                        <th scope="col" class="listing-number from-tablet">{words!(clusters.elapsed)}</th>
                        <th scope="col" class="listing-number">{words!(clusters.when)}</th>
                    </tr>
                </thead>
                <tbody>
                    <For each=move || list.value.get().unwrap_or_default() key=|one| one.id.clone() children=line />
                </tbody>
            </table>
        </div>
    }
}

/// One cluster. The list is polled as a whole; the line keeps its place and follows its own part.
#[component]
fn Line(first: Cluster, href: String, list: Polled<Vec<Cluster>>) -> impl IntoView {
    let i18n = use_i18n();
    let id = first.id.clone();
    let one = memo(move || {
        let found = list.value.with(|list| list.as_ref()?.iter().find(|other| other.id == first.id).cloned());
        found.unwrap_or_else(|| first.clone())
    });
    let last = memo(move || one.with(|one| one.last.clone()));
    let usual = memo(move || one.with(|one| one.usual));
    let usual_words = string(move || {
        let Some(usual) = usual.get() else { return String::new() };
        let usual = format::duration(i18n.get_locale(), usual as f64);
        t_string!(i18n, clusters.usual, usual = usual).to_string()
    });
    view! {
        <tr>
            <td class="listing-name"><a href=href>{string(move || one.with(|one| one.name.clone()))}</a></td>
            <td class="from-desktop"><Copyable text=Signal::stored(id) limit=20 /></td>
            <td>
                {live(move || match last.get() {
                    Some(last) => {
                        let run = Place::Run(last.id).href();
                        view! { <a href=run><RequestMark state=Signal::stored(last.state) /></a> }.into_any()
                    }
                    None => view! { <span class="listing-quiet">{words!(clusters.never)}</span> }.into_any(),
                })}
                {when(move || one.with(|one| !one.has_key), move || view! {
                    <span class="listing-note" title=words!(clusters.no_key_text)>
                        <Mark kind=Signal::stored(Kind::Broken) word=words!(clusters.no_key) />
                    </span>
                }.into_any())}
            </td>
            <td class="listing-number from-tablet">
                {when(move || usual.with(Option::is_some), move || view! {
                    <span class="listing-quiet">{usual_words}</span> " "
                }.into_any())}
                {live(move || last.get().map(|last| view! { <RequestLasted request=Signal::stored(last) /> }).into_any())}
            </td>
            <td class="listing-number">{live(move || last.get().map(|last| view! { <Ago at=Signal::stored(last.created) /> }).into_any())}</td>
        </tr>
    }
}
