//! Taking in what was started elsewhere.

use howdah_shared::console::{AdoptRequest, Adoption, Request};
use howdah_shared::operation::{Nothing, Role};
use howdah_shared::problem::Problem;
use leptos::prelude::*;

use super::fleet::use_connection;
use super::problem::ProblemLine;
use crate::api::{At, call};
use crate::i18n::*;
use crate::ui::button::{Button, Weight};
use crate::ui::field::Field;
use crate::ui::live::live;

/// The form: takes in a run by the service's own id of it, or settles with it a request whose outcome is unknown.
#[component]
pub(crate) fn Adopt(
    /// The connection's name.
    connection: String,
    /// The cluster's id.
    cluster: String,
    /// The request that it settles, if any.
    request: Option<String>,
    /// What to do with the request that it became.
    settled: Callback<Request>,
) -> impl IntoView {
    let i18n = use_i18n();
    let one = use_connection(&connection);
    let id = RwSignal::new(String::new());
    let busy = RwSignal::new(false);
    let refused: RwSignal<Option<Problem>> = RwSignal::new(None);
    let off = Signal::derive(move || {
        if one.with(|one| one.as_ref().is_some_and(|one| one.role < Role::Operate)) {
            return Some(t_string!(i18n, run.off_role).to_string());
        }
        id.with(|id| id.trim().is_empty()).then(|| t_string!(i18n, run.off_empty).to_string())
    });
    let submit = move |event: web_sys::SubmitEvent| {
        event.prevent_default();
        if busy.get_untracked() || off.with_untracked(Option::is_some) {
            return;
        }
        busy.set(true);
        refused.set(None);
        let adoption = Adoption {
            connection: connection.clone(),
            cluster: cluster.clone(),
            service_id: id.get_untracked().trim().to_owned(),
            request: request.clone(),
        };
        leptos::task::spawn_local(async move {
            let answer = call(At::Howdah, &AdoptRequest {}, &Nothing {}, &adoption).await;
            // The page may be gone by now.
            if busy.try_set(false).is_some() {
                return;
            }
            match answer {
                Ok(request) => settled.run(request),
                Err(problem) => refused.set(Some(problem)),
            }
        });
    };
    view! {
        <form class="run-adopt" novalidate=true on:submit=submit>
            <Field id="service-id" label=words!(run.adopt_id) hint=words!(run.adopt_hint) value=id disabled=busy />
            {live(move || match refused.get() {
                Some(problem) => view! { <ProblemLine problem=Signal::stored(problem) /> }.into_any(),
                None => ().into_any(),
            })}
            <div>
                <Button weight=Weight::Primary kind="submit" off=off busy=busy>{words!(run.adopt)}</Button>
            </div>
        </form>
    }
}
