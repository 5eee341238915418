//! The nodes of a cluster, as a table or as a map of how much of each is used.

use howdah_shared::systems::yarn::{ListNodes, NodesQuery};
use leptos::prelude::*;

use super::node_cells::columns;
use super::node_map::NodeMap;
use super::node_rows::Row;
use crate::address;
use crate::api::watched;
use crate::components::freshness::watch;
use crate::components::listing::{ListPage, Rows, Words};
use crate::components::url_state::url_text;
use crate::routes::Place;
use crate::ui::live::{live, memo};

/// The page.
#[component]
pub(super) fn Nodes(
    /// The connection's name.
    connection: String,
) -> impl IntoView {
    let told = watched::<_, Row>(&connection, &ListNodes {}, &NodesQuery::default());
    watch(told.list);
    let rows = Rows::from(told);
    let drawn = url_text("view");
    let is_map = memo(move || drawn.with(|view| view == "map"));
    let place = connection.clone();
    let open = Callback::new(move |node: String| address::go(&Place::Node(place.clone(), node).href()));
    let turn = move || {
        let choices = [("", words!(nodes.table)), ("map", words!(nodes.map))].map(|(view, word)| {
            view! {
                <button
                    class="chip"
                    type="button"
                    aria-pressed=move || if drawn.with(|drawn| drawn == view) { "true" } else { "false" }
                    on:click=move |_| drawn.set(view.to_owned())
                >
                    {word}
                </button>
            }
        });
        view! { <div class="chips" role="group" aria-label=words!(nodes.shown_as)>{choices}</div> }.into_any()
    };
    live(move || {
        let words = Words {
            title: words!(frame.nodes),
            loading: words!(nodes.loading),
            search: words!(nodes.search),
            empty: words!(nodes.empty),
            empty_text: words!(nodes.empty_text),
            none_fit: words!(nodes.none_fit),
        };
        let connection = connection.clone();
        if is_map.get() {
            return view! { <NodeMap connection words rows acts=turn open=open /> }.into_any();
        }
        view! { <ListPage id="nodes" connection words rows columns=columns() first_sort="id" on_open=open acts=turn /> }
            .into_any()
    })
}
