//! Every call names the tenant, which the connection knows: a page is drawn once that is there.

use howdah_shared::problem::{Code, Problem};
use howdah_shared::systems::savanna::TenantId;
use leptos::prelude::*;

use crate::components::fleet::{use_connection, use_fleet};
use crate::components::problem::ProblemView;
use crate::ui::live::{live, memo, string};
use crate::ui::skeleton::Skeleton;

/// Draws a page of a connection for its tenant.
pub(super) fn of_tenant(
    connection: String,
    draw: impl Fn(String, TenantId) -> AnyView + Send + Sync + 'static,
) -> AnyView {
    let fleet = use_fleet();
    let one = use_connection(&connection);
    let tenant = memo(move || one.with(|one| one.as_ref()?.tenant.as_ref()?.parse::<TenantId>().ok()));
    let failed =
        memo(move || {
            let is_known = fleet.value.with(Option::is_some);
            fleet.problem.get().filter(|_| !is_known).or_else(|| {
                (is_known && tenant.with(Option::is_none)).then(|| Problem::new(Code::ConnectionNotFound, ""))
            })
        });
    live(move || match (tenant.get(), failed.get()) {
        (Some(tenant), _) => draw(connection.clone(), tenant),
        (None, Some(problem)) => {
            let retry = Callback::new(move |()| fleet.refresh());
            view! { <ProblemView problem=Signal::stored(problem) retry=retry /> }.into_any()
        }
        (None, None) => view! { <Skeleton label=words!(frame.loading) /> }.into_any(),
    })
}

/// What the connection is called, for the head of a page.
pub(super) fn place(connection: &str) -> ViewFnOnce {
    let one = use_connection(connection);
    let title = string(move || one.with(|one| one.as_ref().map(|one| one.title.clone())).unwrap_or_default());
    ViewFnOnce::from(move || view! { <span class="page-head-fact">{title}</span> })
}
