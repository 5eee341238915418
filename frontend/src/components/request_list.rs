//! Requests as a table, each a link to its page.

use howdah_shared::console::{Connection, Request};
use leptos::prelude::*;

use super::fleet::use_fleet;
use super::request_state::{RequestLasted, RequestMark};
use crate::i18n::*;
use crate::pages::run::what;
use crate::routes::Place;
use crate::ui::live::{memo, string};
use crate::ui::time::Ago;

/// The table.
#[component]
pub(crate) fn RequestList(
    /// What it lists.
    #[prop(into)]
    label: Signal<String>,
    /// The requests, in the order in which they are shown.
    #[prop(into)]
    requests: Signal<Vec<Request>>,
) -> impl IntoView {
    view! {
        <div class="listing-box">
            <table class="listing" aria-label=label>
                <thead>
                    <tr>
                        <th scope="col">{words!(requests.what)}</th>
                        <th scope="col" class="from-desktop">{words!(requests.place)}</th>
                        <th scope="col">{words!(requests.state)}</th>
                        <th scope="col" class="from-tablet">{words!(requests.who)}</th>
                        <th scope="col" class="listing-number from-tablet">{words!(requests.elapsed)}</th>
                        <th scope="col" class="listing-number">{words!(requests.when)}</th>
                    </tr>
                </thead>
                <tbody>
                    <For each=move || requests.get() key=|request| request.id.clone() let:request>
                        <Line first=request requests=requests />
                    </For>
                </tbody>
            </table>
        </div>
    }
}

/// One request. The list is asked for as a whole; the line keeps its place and follows its own part.
#[component]
fn Line(first: Request, requests: Signal<Vec<Request>>) -> impl IntoView {
    let i18n = use_i18n();
    let fleet = use_fleet();
    let href = Place::Run(first.id.clone()).href();
    let created = first.created;
    let principal = first.principal.clone();
    let one = memo(move || {
        requests.with(|list| list.iter().find(|other| other.id == first.id).cloned()).unwrap_or_else(|| first.clone())
    });
    let connection = string(move || {
        let name = one.with(|one| one.connection.clone());
        let found =
            |list: &Vec<_>| list.iter().find(|other: &&Connection| other.name == name).map(|one| one.title.clone());
        fleet.value.with(|list| list.as_ref().and_then(found)).unwrap_or(name)
    });
    view! {
        <tr>
            <td class="listing-name"><a href=href>{string(move || one.with(|one| what(i18n, one)))}</a></td>
            <td class="from-desktop">{connection}</td>
            <td><RequestMark state=Signal::derive(move || one.with(|one| one.state)) /></td>
            <td class="from-tablet">{principal}</td>
            <td class="listing-number from-tablet"><RequestLasted request=one /></td>
            <td class="listing-number"><Ago at=Signal::stored(Some(created)) /></td>
        </tr>
    }
}
