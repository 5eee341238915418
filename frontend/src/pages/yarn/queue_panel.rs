//! One queue beside the tree: its share, what else bounds it, its users, and the way to its applications.

use howdah_shared::systems::yarn::{Amount, Queue, UserShare};
use leptos::prelude::*;

use super::queue_tree::Level;
use crate::i18n::*;
use crate::routes::Place;
use crate::ui::button::{Button, ButtonLink};
use crate::ui::copyable::Copyable;
use crate::ui::facts::{Fact, Facts};
use crate::ui::format;

/// The panel.
#[component]
pub(super) fn Panel(
    /// The connection's name.
    connection: String,
    /// The queue.
    level: Level,
    /// Closes it.
    close: Callback<()>,
) -> impl IntoView {
    let i18n = use_i18n();
    let Level { path, queue, leaf, .. } = level;
    let href = Place::Applications(connection.clone()).href_with(&[("queue", &path)]);
    let submit = Place::Submit(connection).href_with(&[("queue", &path)]);
    let label = path.clone();
    let facts = facts(i18n, &queue).into_iter().filter_map(|(name, value)| {
        let value = value?;
        Some(view! { <Fact name=name>{value}</Fact> }.into_any())
    });
    let users = queue.users;
    view! {
        <aside class="tree-panel" aria-label=label>
            <div class="tree-panel-head">
                <h2><Copyable text=Signal::stored(path) limit=40 /></h2>
                <Button press=close>{words!(queues.close)}</Button>
            </div>
            <Facts>{facts.collect::<Vec<_>>()}</Facts>
            {(!users.is_empty()).then(|| view! { <Users users=users /> })}
            {leaf.then(|| view! {
                <div class="tree-acts">
                    <ButtonLink href=href>{words!(queues.its_applications)}</ButtonLink>
                    <ButtonLink href=submit>{words!(overview.submit)}</ButtonLink>
                </div>
            })}
        </aside>
    }
}

fn amount(amount: Amount) -> Option<String> {
    let memory = amount.memory.map(format::mebibytes);
    let cores = amount.v_cores.map(|cores| format!("{} vcores", format::count(cores)));
    let both: Vec<String> = memory.into_iter().chain(cores).collect();
    (!both.is_empty()).then(|| both.join(", "))
}

fn facts(i18n: I18nContext<Locale>, queue: &Queue) -> Vec<(Signal<String>, Option<String>)> {
    let percent =
        |part: Option<f64>| part.filter(|part| part.is_finite()).map(|part| format!("{} %", format::decimal(part)));
    let with = |part: Option<f64>, of: Amount| match (percent(part), amount(of)) {
        (Some(part), Some(of)) => Some(format!("{part} · {of}")),
        (part, of) => part.or(of),
    };
    let limits = &queue.limits;
    let count = |count: Option<i64>| count.map(format::count);
    vec![
        (words!(applications.state), queue.state.clone()),
        (words!(queues.used), with(queue.used, queue.used_amount)),
        (words!(queues.used_of), percent(queue.used_of_configured)),
        (words!(queues.configured), with(queue.configured, queue.configured_amount)),
        (words!(queues.max), with(queue.max, queue.max_amount)),
        (words!(queues.active), count(queue.active)),
        (words!(queues.pending), count(queue.pending)),
        (words!(overview.containers), count(queue.containers)),
        (words!(queues.pending_containers), count(queue.pending_containers)),
        (words!(queues.limit_applications), count(limits.applications)),
        (words!(queues.limit_user_applications), count(limits.applications_per_user)),
        (words!(queues.limit_parallel), count(limits.parallel)),
        (words!(queues.limit_user), percent(limits.user)),
        (words!(queues.limit_factor), limits.user_factor.filter(|factor| factor.is_finite()).map(format::decimal)),
        (
            words!(queues.masters),
            match (amount(limits.masters_used), amount(limits.masters)) {
                (Some(used), Some(most)) => Some(t_string!(i18n, queues.of_most, used = used, most = most).to_string()),
                (_, most) => most,
            },
        ),
        (
            words!(queues.lifetime),
            limits.lifetime.map(|seconds| format::duration(i18n.get_locale(), seconds as f64 * 1000.0)),
        ),
    ]
}

#[component]
fn Users(users: Vec<UserShare>) -> impl IntoView {
    let row = |user: UserShare| {
        let dash = || "—".to_owned();
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
                <tbody>{users.into_iter().map(row).collect_view()}</tbody>
            </table>
        </div>
    }
}
