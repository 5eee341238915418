//! How well a cluster is, as the service found last, and a way to have it look again. Services of the reference do not
//! look.

use howdah_shared::systems::savanna::{Check, ClusterReply, instant};
use leptos::prelude::*;

use super::cluster::Told;
use super::cluster_acts::{Target, check};
use super::lifecycle;
use crate::api::{fresh_key, is_definite};
use crate::components::problem::ProblemLine;
use crate::components::question::off_role;
use crate::i18n::*;
use crate::ui::button::Button;
use crate::ui::format::UNKNOWN;
use crate::ui::live::{live, memo, when};
use crate::ui::mark::Mark;
use crate::ui::time::Ago;
use crate::ui::toast::use_toasts;
use howdah_shared::problem::Problem;

/// The health with its checks.
#[component]
pub(super) fn Health(
    /// What is told of the cluster.
    told: Told,
    /// Which it is.
    target: Target,
    /// Whether it is there no more.
    gone: Memo<bool>,
) -> impl IntoView {
    let i18n = use_i18n();
    let toasts = use_toasts();
    let of = move |of: fn(&ClusterReply) -> Option<String>| memo(move || told.map(of).flatten());
    let status = of(|reply| reply.cluster.verification.status.clone());
    let active = memo(move || told.map(|reply| reply.cluster.status.as_deref() == Some("Active")) == Some(true));
    let at = memo(move || {
        told.map(|reply| {
            let verification = &reply.cluster.verification;
            verification.updated_at.as_deref().or(verification.created_at.as_deref()).and_then(instant)
        })
        .flatten()
    });
    let checks = memo(move || told.map(|reply| reply.cluster.verification.checks.clone()).unwrap_or_default());
    let role = off_role(&target.connection, words!(savanna.check_off_role));
    let off = Signal::derive(move || {
        let why = match status.get().as_deref() {
            _ if gone.get() => t_string!(i18n, savanna.off_gone),
            Some("CHECKING") => t_string!(i18n, savanna.check_off_checking),
            _ if !active.get() => t_string!(i18n, savanna.check_off_status),
            _ => return role.get(),
        };
        Some(role.get().unwrap_or_else(|| why.to_string()))
    });
    let (busy, refused) = (RwSignal::new(false), RwSignal::new(None::<Problem>));
    let key = StoredValue::new(fresh_key());
    let press = Callback::new(move |()| {
        busy.set(true);
        refused.set(None);
        let Target { connection, tenant, id } = target.clone();
        leptos::task::spawn_local(async move {
            let answer = check(&connection, tenant, &id, &key.get_value()).await;
            // The page may be gone by now.
            if busy.try_set(false).is_some() {
                return;
            }
            if answer.as_ref().err().is_none_or(is_definite) {
                key.set_value(fresh_key());
            }
            match answer {
                Ok(_) => {
                    toasts.say(t_string!(i18n, savanna.check_done).to_string());
                    told.polled.refresh();
                }
                Err(problem) => refused.set(Some(problem)),
            }
        });
    });
    view! {
        <h2>{words!(savanna.health)}</h2>
        <div class="health">
            {live(move || match status.get() {
                Some(status) => {
                    let (kind, word) = lifecycle::health(i18n, &status);
                    view! { <Mark kind=kind word=word /> }.into_any()
                }
                None => view! { <span class="listing-quiet">{words!(savanna.not_checked)}</span> }.into_any(),
            })}
            {live(move || match at.get() {
                Some(at) => view! { <span class="listing-quiet"><Ago at=Signal::stored(Some(at)) /></span> }.into_any(),
                None => ().into_any(),
            })}
            <Button off=off busy=busy press=press>{words!(savanna.check)}</Button>
        </div>
        {live(move || match refused.get() {
            Some(problem) => view! { <ProblemLine problem=Signal::stored(problem) /> }.into_any(),
            None => ().into_any(),
        })}
        {when(move || checks.with(|checks| !checks.is_empty()), move || view! {
            <div class="listing-box">
                <table class="listing" aria-label=words!(savanna.checks)>
                    <thead>
                        <tr>
                            <th scope="col">{words!(savanna.check_name)}</th>
                            <th scope="col">{words!(savanna.health)}</th>
                            <th scope="col">{words!(savanna.check_found)}</th>
                        </tr>
                    </thead>
                    <tbody>{live(move || checks.get().iter().map(row).collect_view().into_any())}</tbody>
                </table>
            </div>
        }.into_any())}
    }
}

fn row(check: &Check) -> AnyView {
    let i18n = use_i18n();
    let (kind, word) = lifecycle::health(i18n, check.status.as_deref().unwrap_or_default());
    let told = |text: &Option<String>| text.clone().unwrap_or_else(|| UNKNOWN.to_owned());
    view! {
        <tr>
            <td class="listing-name" lang="en">{told(&check.name)}</td>
            <td><Mark kind=kind word=word /></td>
            <td class="listing-name" lang="en">{told(&check.description)}</td>
        </tr>
    }
    .into_any()
}
