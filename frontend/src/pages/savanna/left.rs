//! A start that failed can leave a cluster behind, which has the name until somebody deletes it.

use howdah_shared::systems::savanna::{Cluster, TenantId};
use leptos::prelude::*;

use super::told::clusters;
use crate::i18n::*;
use crate::routes::Place;
use crate::ui::live::live;

/// Looks for it, and leads to it.
#[component]
pub(super) fn Left(
    /// Where it would be.
    at: StoredValue<(String, TenantId)>,
    /// The connection's name.
    connection: String,
    /// The name that it was to have.
    name: String,
) -> impl IntoView {
    let i18n = use_i18n();
    let found: RwSignal<Option<Cluster>> = RwSignal::new(None);
    leptos::task::spawn_local(async move {
        let (connection, tenant_id) = at.get_value();
        let mut clusters = clusters(&connection, tenant_id).await.unwrap_or_default().into_iter();
        let same = clusters.find(|cluster| cluster.name.as_deref() == Some(name.as_str()));
        // The page may be gone by now.
        drop(found.try_set(same));
    });
    live(move || match found.get() {
        Some(Cluster { id: Some(id), status, .. }) => {
            let href = Place::Cluster(connection.clone(), id).href();
            let words = t_string!(i18n, launch.left, status = status.unwrap_or_default()).to_string();
            view! { <p role="status">{words} " " <a href=href>{words!(launch.left_link)}</a></p> }.into_any()
        }
        _ => ().into_any(),
    })
}
