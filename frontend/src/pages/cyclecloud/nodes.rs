//! The nodes of a cluster: all of them, filtered and sorted here, and what is done with several at once.

use howdah_shared::systems::cyclecloud::{ListNodes, NodesQuery};
use leptos::prelude::*;

use super::frame::{Cluster, Part, parts};
use super::node_acts::Act;
use super::node_cells::columns;
use super::node_filter::{Expression, Picked, picked};
use super::node_rows::Row;
use super::nodes_dialog::{Asking, NodesDialog};
use crate::api::watched;
use crate::components::freshness::watch;
use crate::components::listing::{ListPage, Rows, Several, Words};
use crate::components::question::off_role;
use crate::components::url_state::url_text;
use crate::i18n::*;
use crate::ui::button::{Button, Weight};
use crate::ui::format;
use crate::ui::live::{memo, string, when};
use crate::ui::table::Ticks;

/// The page.
#[component]
pub(super) fn Nodes(
    /// The cluster.
    cluster: Cluster,
) -> impl IntoView {
    let i18n = use_i18n();
    let told =
        watched::<_, Row>(&cluster.connection, &ListNodes { cluster: cluster.name.clone() }, &NodesQuery::default());
    watch(told.list);
    let list = told.list;
    let all = memo(move || list.value.get());
    let expression = url_text("expr");
    let picked = memo(move || expression.with(|text| all.with(|all| picked(text, all.as_ref()))));
    // What cannot be told of an expression is said at its field, and lets all nodes through.
    let rows = Rows {
        list: memo(move || match picked.get() {
            Picked::Some(some) => Some(some),
            _ => all.get(),
        }),
        ..Rows::from(told)
    };
    let words = Words {
        title: cluster.titled(move |cluster| t_string!(i18n, cycle_nodes.title, cluster = cluster).to_string()),
        loading: words!(cycle_nodes.loading),
        search: words!(cycle_nodes.search),
        empty: words!(cycle_nodes.empty),
        empty_text: words!(cycle_nodes.empty_text),
        none_fit: words!(cycle_nodes.none_fit),
    };
    let held_back = memo(move || {
        let most = |rows: &crate::list::List<Row>| rows.iter().map(|row| row.node.held_back()).max().unwrap_or(0);
        all.with(|rows| rows.as_ref().map_or(0, most))
    });
    let ticks = Ticks::new();
    let asking = Asking::new(cluster.clone());
    let role = off_role(&cluster.connection, words!(cycle_nodes.off_role));
    let acts = move || {
        let button = |act: Act| {
            let press = Callback::new(move |()| {
                rows.list.with_untracked(|rows| {
                    if let Some(rows) = rows {
                        asking.ask(act, &ticks.of(rows));
                    }
                })
            });
            let weight = if act.ends() { Weight::Danger } else { Weight::Plain };
            view! { <Button weight=weight press=press off=role>{act.word()}</Button> }
        };
        Act::ALL.map(button).into_any()
    };
    let several = Several { ticks, acts: acts.into() };
    let look = Callback::new(move |()| list.refresh());
    let (connection, ways) = (cluster.connection.clone(), StoredValue::new(cluster));
    view! {
        <ListPage
            id="nodes"
            connection
            words
            rows
            columns=columns()
            first_sort="name"
            tabs=move || ways.with_value(|cluster| parts(cluster, Some(Part::Nodes)))
            notes=move || view! {
                <Expression expression picked all=Signal::from(all) ticks />
                {held_back_note(held_back)}
            }.into_any()
            several=Some(several)
        />
        <NodesDialog asking ticks look />
    }
}

/// Records may hold credentials: what is not known of them stays in Howdah.
fn held_back_note(held_back: Memo<u64>) -> AnyView {
    let i18n = use_i18n();
    let words = string(move || {
        let count = format::count(held_back.get() as i64);
        t_string!(i18n, cycle_nodes.held_back, count = count).to_string()
    });
    when(move || held_back.get() > 0, move || view! { <p class="field-hint">{words}</p> }.into_any())
}
