//! Requests as a table, each a link to its page.

use howdah_shared::console::Request;
use leptos::prelude::*;

use super::request_state::RequestMark;
use crate::i18n::*;
use crate::pages::run::{end, operation_word};
use crate::routes::Place;
use crate::ui::format::cut_middle;
use crate::ui::live::{memo, string, when};
use crate::ui::time::{Ago, Lasted};

/// The table.
#[component]
pub(crate) fn RequestList(
    /// What it lists.
    #[prop(into)]
    label: Signal<String>,
    /// The requests, in the order in which they are shown.
    #[prop(into)]
    requests: Signal<Vec<Request>>,
    /// Whether they are of several targets, so that each has to be named.
    #[prop(default = false)]
    targets: bool,
) -> impl IntoView {
    let place = targets.then(|| view! { <th scope="col">{words!(requests.place)}</th> });
    view! {
        <div class="listing-box">
            <table class="listing" aria-label=label>
                <thead>
                    <tr>
                        <th scope="col">{words!(requests.what)}</th>
                        {place}
                        <th scope="col">{words!(requests.state)}</th>
                        <th scope="col">{words!(requests.who)}</th>
                        <th scope="col">{words!(requests.when)}</th>
                        <th scope="col" class="listing-number">{words!(requests.elapsed)}</th>
                    </tr>
                </thead>
                <tbody>
                    <For each=move || requests.get() key=|request| request.id.clone() let:request>
                        <Line first=request requests=requests targets=targets />
                    </For>
                </tbody>
            </table>
        </div>
    }
}

/// One request. The list is polled as a whole; the line keeps its place and follows its own part.
#[component]
fn Line(first: Request, requests: Signal<Vec<Request>>, targets: bool) -> impl IntoView {
    let i18n = use_i18n();
    let href = Place::Run(first.id.clone()).href();
    let created = first.created;
    let principal = first.principal.clone();
    let place = targets.then(|| {
        let target: Vec<&str> = first.target.values().map(String::as_str).collect();
        let whole = format!("{} {}", first.connection, target.join(" "));
        let connection = first.connection.clone();
        view! { <td title=whole>{connection} " " <code>{cut_middle(&target.join(" "), 16)}</code></td> }
    });
    let one = memo(move || {
        requests.with(|list| list.iter().find(|other| other.id == first.id).cloned()).unwrap_or_else(|| first.clone())
    });
    let state = memo(move || one.with(|one| one.state));
    let ended = memo(move || one.with(end));
    view! {
        <tr>
            <td><a href=href>{string(move || one.with(|one| operation_word(i18n, &one.operation)))}</a></td>
            {place}
            <td><RequestMark state=state /></td>
            <td>{principal}</td>
            <td><Ago at=Signal::stored(created) /></td>
            <td class="listing-number">
                {when(move || state.get().is_open() || ended.with(Option::is_some), move || view! {
                    <Lasted from=Signal::stored(created) to=ended />
                }.into_any())}
            </td>
        </tr>
    }
}
