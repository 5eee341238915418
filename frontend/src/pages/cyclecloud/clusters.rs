//! The clusters of a connection: those that its configuration names, and those that the server lists where it does and the
//! configuration lets it.

use std::collections::BTreeMap;
use std::sync::Arc;

use howdah_shared::console::Cluster;
use howdah_shared::systems::cyclecloud::{ClusterListQuery, ListClusters, ListedCluster};
use leptos::prelude::*;

use super::cluster_cells::columns;
use super::cluster_rows::{Figures, Row};
use super::frame;
use super::standing::NEVER;
use crate::address;
use crate::components::configured::configured;
use crate::components::freshness::watch;
use crate::components::listing::{ListPage, Rows, Words};
use crate::components::reply::reply;
use crate::list::List;
use crate::routes::Place;
use crate::ui::live::{effect, memo};

/// So many clusters are followed at once for their figures: each is a question of its own to the service.
const FOLLOWED: usize = 24;

/// The page.
#[component]
pub(super) fn Clusters(
    /// The connection's name.
    connection: String,
) -> impl IntoView {
    let named = configured(connection.clone());
    watch(named);
    let listed = reply(&connection, &ListClusters {}, &ClusterListQuery { summary: Some(true), cloud_instances: None });
    let told = memo(move || listed.map(|listed| listed.clone()).unwrap_or_default());
    let names = memo(move || {
        let named = named.value.get();
        // Where the server cannot be asked for a list, those that stand in the configuration are all that is known.
        told.with(|told| named.as_ref().map(|named| union(named, told)))
    });
    let figures = RwSignal::new(BTreeMap::<String, Figures>::new());
    let list = memo(move || {
        let names = names.get()?;
        let row = |(id, name): (String, String)| {
            let known = figures.with(|figures| figures.get(&id).cloned());
            let known = known.filter(|known| known.state.is_some()).unwrap_or_else(|| Figures {
                problem: known_problem(figures, &id),
                ..told.with(|told| from_list(told, &id))
            });
            Arc::new(Row::new(id, name, known))
        };
        Some(names.into_iter().map(row).collect::<List<Row>>())
    });
    let rows = Rows {
        list,
        complete: Signal::stored(true),
        seen: named.seen,
        problem: named.problem,
        retry: Callback::new(move |()| named.refresh()),
    };
    let words = Words {
        title: words!(frame.clusters),
        loading: words!(cycle.clusters_loading),
        search: words!(cycle.clusters_search),
        empty: words!(cycle.clusters_empty),
        empty_text: words!(cycle.clusters_empty_text),
        none_fit: words!(cycle.clusters_none_fit),
    };
    let followed = memo(move || {
        let names = names.get().unwrap_or_default();
        names.into_keys().take(FOLLOWED).collect::<Vec<_>>()
    });
    let (place, asked) = (connection.clone(), connection.clone());
    let open = Callback::new(move |id: String| address::go(&Place::Cluster(place.clone(), id).href()));
    view! {
        <ListPage id="clusters" connection words rows columns=columns() first_sort="name" on_open=open />
        <For each=move || followed.get() key=String::clone let:id>
            <Follow connection=asked.clone() id figures />
        </For>
    }
}

/// Their names with what they are called, in the order of the names.
fn union(named: &[Cluster], told: &[ListedCluster]) -> BTreeMap<String, String> {
    let told = told.iter().filter_map(|cluster| Some((cluster.name.clone()?, cluster.name.clone()?)));
    told.chain(named.iter().map(|cluster| (cluster.id.clone(), cluster.name.clone()))).collect()
}

/// What the list says of a cluster.
fn from_list(told: &[ListedCluster], id: &str) -> Figures {
    let found = told.iter().find(|cluster| cluster.name.as_deref() == Some(id));
    let state = found.map(|cluster| cluster.state.clone().unwrap_or_else(|| NEVER.to_owned()));
    Figures { state, target: found.and_then(|cluster| cluster.target_state.clone()), ..Figures::default() }
}

fn known_problem(figures: RwSignal<BTreeMap<String, Figures>>, id: &str) -> Option<howdah_shared::problem::Problem> {
    figures.with(|figures| figures.get(id).and_then(|known| known.problem.clone()))
}

/// Follows one of them as long as it is in the list.
#[component]
fn Follow(connection: String, id: String, figures: RwSignal<BTreeMap<String, Figures>>) -> impl IntoView {
    if let Ok(name) = id.parse() {
        let told = frame::Cluster { connection, name }.follow();
        effect(move || {
            let problem = told.polled.problem.get();
            let known = told.map(Figures::of).unwrap_or_else(|| Figures { problem, ..Figures::default() });
            figures.update(|figures| drop(figures.insert(id.clone(), known)));
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn listed(name: &str, state: Option<&str>) -> ListedCluster {
        ListedCluster { name: Some(name.to_owned()), state: state.map(str::to_owned), target_state: None }
    }

    #[test]
    fn a_cluster_keeps_the_name_of_the_configuration() {
        let named = Cluster {
            system: "cyclecloud".into(),
            id: "b".into(),
            name: "Night".into(),
            has_key: false,
            last: None,
            last_accepted: None,
            usual: None,
            unknown: 0,
        };
        let names = union(&[named], &[listed("b", None), listed("a / 1", None), ListedCluster::default()]);
        assert_eq!(
            names.into_iter().collect::<Vec<_>>(),
            [("a / 1".into(), "a / 1".into()), ("b".into(), "Night".into())]
        );
    }

    #[test]
    fn what_the_list_does_not_tell_is_not_known() {
        let told = [listed("a", Some("Started")), listed("b", None)];
        assert_eq!(from_list(&told, "a").state.as_deref(), Some("Started"));
        assert_eq!(from_list(&told, "b").state.as_deref(), Some(NEVER));
        assert_eq!(from_list(&told, "c").state, None);
    }
}
