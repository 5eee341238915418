//! The clusters of a tenant: all of them, filtered and sorted here.

use howdah_shared::systems::savanna::{ClustersQuery, ListClusters, TenantId};
use leptos::prelude::*;

use super::cluster_cells::columns;
use super::cluster_rows::Row;
use super::clusters_several::Terminate;
use crate::address;
use crate::api::watched;
use crate::components::batch::{Run, SeveralDialog, left_note, several};
use crate::components::freshness::watch;
use crate::components::listing::{ListPage, Listed, Rows, Words};
use crate::components::page::PageFoot;
use crate::i18n::*;
use crate::routes::Place;
use crate::ui::button::{ButtonLink, Weight};
use crate::ui::format;
use crate::ui::live::{effect, memo, string, when};
use crate::ui::mark::{Kind, Mark};
use crate::ui::table::Ticks;

/// The page.
#[component]
pub(super) fn Clusters(
    /// The connection's name.
    connection: String,
    /// The tenant that it works for.
    tenant: TenantId,
) -> impl IntoView {
    let terminate = Terminate::of(&tenant);
    let every = ListClusters { tenant_id: tenant };
    let told = watched::<_, Row>(&connection, &every, &ClustersQuery::default());
    watch(told.list);
    let list = told.list;
    let rows = Rows::from(told);
    let words = Words {
        title: words!(savanna.clusters),
        loading: words!(savanna.clusters_loading),
        search: words!(savanna.clusters_search),
        empty: words!(savanna.clusters_empty),
        empty_text: words!(savanna.clusters_empty_text),
        none_fit: words!(savanna.clusters_none_fit),
    };
    let broken = memo(move || {
        rows.list.with(|rows| rows.iter().flat_map(|rows| rows.iter()).filter(|row| row.standing() == "Error").count())
    });
    let errors = Place::Clusters(connection.clone()).href_with(&[("state", "Error")]);
    let place = connection.clone();
    let open = Callback::new(move |id: String| address::go(&Place::Cluster(place.clone(), id).href()));
    let ticks = Ticks::new();
    let run = Run::<Terminate>::new(&connection);
    // What has been done is seen at once, not when the service is asked next.
    effect(move || {
        if run.begun.get() && run.lanes.get() == 0 {
            list.refresh();
        }
    });
    let several = several(run, ticks, rows.list, vec![terminate]);
    let launch = Place::Launch(connection.clone()).href();
    let acts = ViewFn::from(move || {
        let href = Signal::stored(launch.clone());
        view! { <ButtonLink weight=Weight::Primary href=href>{words!(launch.title)}</ButtonLink> }
    });
    let foot = acts.clone();
    view! {
        <ListPage
            id="clusters"
            connection
            words
            rows
            columns=columns()
            first_sort="name"
            on_open=open
            acts=move || acts.run()
            notes=move || view! { {left_note(run)} {broken_note(broken, errors.clone())} }.into_any()
            several=Some(several)
        />
        <PageFoot>{foot.run()}</PageFoot>
        <SeveralDialog run=run ticks=ticks />
    }
}

/// What is left behind by a start that failed stays until somebody terminates it.
fn broken_note(broken: Memo<usize>, href: String) -> AnyView {
    let i18n = use_i18n();
    let words = string(move || match broken.get() {
        1 => t_string!(i18n, savanna.broken_one).to_string(),
        count => t_string!(i18n, savanna.broken, count = format::count(count as i64)).to_string(),
    });
    when(
        move || broken.get() > 0,
        move || {
            view! {
                <p class="note" role="status">
                    <Mark kind=Kind::Broken word=words />
                    " "
                    <a href=href.clone()>{words!(savanna.broken_show)}</a>
                </p>
            }
            .into_any()
        },
    )
}
