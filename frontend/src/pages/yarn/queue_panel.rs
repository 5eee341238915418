//! One queue beside the tree: its share, what else bounds it, its users, and the way to its applications.

use std::sync::Arc;

use howdah_shared::systems::yarn::{Amount, Level, Queue, UserShare};
use leptos::prelude::*;

use super::queues::percent;
use crate::i18n::*;
use crate::routes::Place;
use crate::ui::button::{Button, ButtonLink};
use crate::ui::copyable::Copyable;
use crate::ui::facts::{self, Facts};
use crate::ui::format::{self, UNKNOWN};
use crate::ui::live::{live, memo, string, when};

/// The panel.
#[component]
pub(super) fn Panel(
    /// The connection's name.
    connection: String,
    /// The queue; it is not shown without one.
    level: Memo<Option<Arc<Level>>>,
    /// Closes it.
    close: Callback<()>,
) -> impl IntoView {
    let i18n = use_i18n();
    let path =
        string(move || level.with(|level| level.as_ref().map(|level| level.queue.path.clone())).unwrap_or_default());
    let is_leaf = memo(move || level.with(|level| level.as_ref().is_some_and(|level| level.leaf)));
    let users =
        memo(move || level.with(|level| level.as_ref().map(|level| level.queue.users.clone())).unwrap_or_default());
    let (place, submit) = (Place::Applications(connection.clone()), Place::Submit(connection));
    let href = string(move || place.href_with(&[("queue", &path.get())]));
    let submit = string(move || submit.href_with(&[("queue", &path.get())]));
    let fact = move |(name, of): (Signal<String>, Of)| {
        facts::told(name, move || level.with(|level| of(i18n, &level.as_ref()?.queue)))
    };
    view! {
        <aside class="tree-panel" aria-label=path>
            <div class="tree-panel-head">
                <h2><Copyable text=path limit=40 /></h2>
                <Button press=close>{words!(queues.close)}</Button>
            </div>
            <Facts>{all().into_iter().map(fact).collect_view()}</Facts>
            {when(move || !users.with(Vec::is_empty), move || view! { <Users users=users /> }.into_any())}
            {when(move || is_leaf.get(), move || view! {
                <div class="tree-acts">
                    <ButtonLink href=href>{words!(queues.its_applications)}</ButtonLink>
                    <ButtonLink href=submit>{words!(overview.submit)}</ButtonLink>
                </div>
            }.into_any())}
        </aside>
    }
}

fn amount(amount: Amount) -> Option<String> {
    let memory = amount.memory.map(format::mebibytes);
    let cores = amount.v_cores.map(|cores| format!("{} vcores", format::count(cores)));
    let both: Vec<String> = memory.into_iter().chain(cores).collect();
    (!both.is_empty()).then(|| both.join(", "))
}

/// What is told of a queue by one fact.
type Of = fn(I18nContext<Locale>, &Queue) -> Option<String>;

fn all() -> Vec<(Signal<String>, Of)> {
    vec![
        (words!(applications.state), |_, queue| queue.state.clone()),
        (words!(queues.used), |_, queue| both(queue.used, queue.used_amount)),
        (words!(queues.used_of), |_, queue| percent(queue.used_of_configured)),
        (words!(queues.configured), |_, queue| both(queue.configured, queue.configured_amount)),
        (words!(queues.max), |_, queue| both(queue.max, queue.max_amount)),
        (words!(queues.active), |_, queue| queue.active.map(format::count)),
        (words!(queues.pending), |_, queue| queue.pending.map(format::count)),
        (words!(overview.containers), |_, queue| queue.containers.map(format::count)),
        (words!(queues.pending_containers), |_, queue| queue.pending_containers.map(format::count)),
        (words!(queues.limit_applications), |_, queue| queue.limits.applications.map(format::count)),
        (words!(queues.limit_user_applications), |_, queue| queue.limits.applications_per_user.map(format::count)),
        (words!(queues.limit_parallel), |_, queue| queue.limits.parallel.map(format::count)),
        (words!(queues.limit_user), |_, queue| percent(queue.limits.user)),
        (words!(queues.limit_factor), |_, queue| {
            queue.limits.user_factor.filter(|factor| factor.is_finite()).map(format::decimal)
        }),
        (words!(queues.masters), |i18n, queue| {
            match (amount(queue.limits.masters_used), amount(queue.limits.masters)) {
                (Some(used), Some(most)) => Some(t_string!(i18n, queues.of_most, used = used, most = most).to_string()),
                (_, most) => most,
            }
        }),
        (words!(queues.lifetime), |i18n, queue| {
            let lifetime = queue.limits.lifetime?;
            Some(format::duration(i18n.get_locale(), lifetime as f64 * 1000.0))
        }),
    ]
}

/// A part of the cluster, and how much that is.
fn both(part: Option<f64>, of: Amount) -> Option<String> {
    match (percent(part), amount(of)) {
        (Some(part), Some(of)) => Some(format!("{part} · {of}")),
        (part, of) => part.or(of),
    }
}

#[component]
fn Users(users: Memo<Vec<UserShare>>) -> impl IntoView {
    let row = |user: UserShare| {
        let dash = || UNKNOWN.to_owned();
        view! {
            <tr>
                <th scope="row">{user.name}</th>
                <td>{amount(user.used).unwrap_or_else(dash)}</td>
                <td>{amount(user.limit).unwrap_or_else(dash)}</td>
                <td>{user.active.map_or_else(dash, format::count)}</td>
                <td>{user.pending.map_or_else(dash, format::count)}</td>
            </tr>
        }
    };
    view! {
        <h3>{words!(queues.users)}</h3>
        <div class="figures-scroll" tabindex="0">
            <table class="figures">
                <thead>
                    <tr>
                        <th scope="col">{words!(applications.user)}</th>
                        <th scope="col">{words!(queues.used)}</th>
                        <th scope="col">{words!(queues.limit)}</th>
                        <th scope="col">{words!(queues.active)}</th>
                        <th scope="col">{words!(queues.pending)}</th>
                    </tr>
                </thead>
                <tbody>{live(move || users.get().into_iter().map(row).collect_view().into_any())}</tbody>
            </table>
        </div>
    }
}
