//! The templates, of groups of nodes and of clusters.

use howdah_shared::systems::savanna::{ListClusterTemplates, ListNodeGroupTemplates, TemplatesQuery, TenantId};
use leptos::prelude::*;

use super::convert::Convert;
use super::form::What;
use super::template_rows::{Row, of_clusters, of_nodes};
use crate::address;
use crate::api::watched;
use crate::components::freshness::watch;
use crate::components::listing::{ListPage, Rows, Words};
use crate::components::page::PageFoot;
use crate::components::question::off_role;
use crate::routes::Place;
use crate::ui::button::{Button, ButtonLink, Weight};

/// The page.
#[component]
pub(super) fn Templates(
    /// The connection's name.
    connection: String,
    /// The tenant.
    tenant: TenantId,
    /// Whether they are of groups of nodes or of clusters.
    what: What,
) -> impl IntoView {
    let query = TemplatesQuery::default();
    let told = match what {
        What::Nodes => watched::<_, Row>(&connection, &ListNodeGroupTemplates { tenant_id: tenant.clone() }, &query),
        _ => watched::<_, Row>(&connection, &ListClusterTemplates { tenant_id: tenant.clone() }, &query),
    };
    watch(told.list);
    let rows = Rows::from(told);
    let words = match what {
        What::Nodes => Words {
            title: words!(frame.node_group_templates),
            loading: words!(templates.loading),
            search: words!(templates.search),
            empty: words!(templates.empty_nodes),
            empty_text: words!(templates.empty_nodes_text),
            none_fit: words!(templates.none_fit),
        },
        _ => Words {
            title: words!(frame.cluster_templates),
            loading: words!(templates.loading),
            search: words!(templates.search),
            empty: words!(templates.empty_clusters),
            empty_text: words!(templates.empty_clusters_text),
            none_fit: words!(templates.none_fit),
        },
    };
    let place = connection.clone();
    let open = Callback::new(move |id: String| {
        let place = place.clone();
        address::go(&match what {
            What::Nodes => Place::NodeGroupTemplate(place, id).href(),
            _ => Place::ClusterTemplate(place, id).href(),
        });
    });
    let converting = RwSignal::new(false);
    let off = off_role(&connection, words!(form.off_role));
    let of = connection.clone();
    let acts = ViewFn::from(move || {
        let of = of.clone();
        let (new, word) = match what {
            What::Nodes => (Place::NewNodeGroupTemplate(of), words!(templates.new_nodes)),
            _ => (Place::NewClusterTemplate(of), words!(templates.new_cluster)),
        };
        let convert = (what == What::Template).then(|| {
            let press = Callback::new(move |()| converting.set(true));
            view! { <Button off=off press=press>{words!(templates.convert)}</Button> }
        });
        view! {
            <ButtonLink weight=Weight::Primary href=Signal::stored(new.href())>{word}</ButtonLink>
            {convert}
        }
    });
    let foot = acts.clone();
    let (id, columns) = match what {
        What::Nodes => ("node-group-templates", of_nodes()),
        _ => ("cluster-templates", of_clusters()),
    };
    view! {
        <ListPage id=id connection=connection.clone() words rows columns first_sort="name" on_open=open acts=move || acts.run() />
        <PageFoot>{foot.run()}</PageFoot>
        {(what == What::Template).then(|| view! { <Convert open=converting connection tenant /> })}
    }
}
