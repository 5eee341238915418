//! Running a cluster again: a form that begins with what ran last, and sends only what was changed.

use howdah_shared::mask::MASK;
use howdah_shared::operation::Role;
use howdah_shared::problem::Problem;
use howdah_shared::systems::hadoop_eco::warnings;
use leptos::prelude::*;

use super::again_difference::{Difference, Warnings};
use super::again_fields::{Fields, Masked};
use super::again_form::{Form, Part};
use super::again_words::part_word;
use super::curl::curl;
use super::known::{Known, poll};
use crate::address;
use crate::api::Polled;
use crate::components::attempt::{SendActs, Sending, Sent};
use crate::components::fleet::use_connection;
use crate::components::freshness::{StaleNote, watch};
use crate::components::page::PageHead;
use crate::components::problem::{ProblemLine, ProblemView};
use crate::i18n::*;
use crate::routes::Place;
use crate::ui::copyable::Copyable;
use crate::ui::format;
use crate::ui::live::{live, memo, string, when};
use crate::ui::mark::{Kind, Mark};
use crate::ui::skeleton::Skeleton;

/// The page.
#[component]
pub(super) fn RunAgain(
    /// The connection's name.
    connection: String,
    /// The cluster's id.
    cluster: String,
) -> impl IntoView {
    let i18n = use_i18n();
    let known = poll(connection.clone(), cluster.clone());
    watch(known);
    let names = StoredValue::new((connection, cluster));
    let name = memo(move || {
        let name = known.value.with(|known| known.as_ref().map(|known| known.cluster.name.clone()));
        name.unwrap_or_else(|| names.with_value(|(_, cluster)| cluster.clone()))
    });
    let state = memo(move || match (known.value.with(Option::is_some), known.problem.get()) {
        (true, _) => State::Form,
        (false, Some(problem)) => State::Failed(Box::new(problem)),
        (false, None) => State::Loading,
    });
    let title = Signal::derive(move || t_string!(i18n, run_again.title, name = name.get()).to_string());
    view! {
        <PageHead title=title />
        <StaleNote seen=known.seen problem=known.problem />
        {live(move || match state.get() {
            State::Loading => view! {
                <div class="again"><Skeleton class="again-numbers" lines=8 label=words!(run_again.loading) /></div>
            }
            .into_any(),
            State::Failed(problem) => view! {
                <ProblemView problem=Signal::stored(*problem) retry=Callback::new(move |()| known.refresh()) />
            }
            .into_any(),
            State::Form => match known.value.get_untracked() {
                Some(first) => {
                    let (connection, cluster) = names.get_value();
                    view! { <AgainForm first connection cluster known /> }.into_any()
                }
                None => ().into_any(),
            },
        })}
    }
}

/// Where a tab keeps the key of a run whose outcome is open.
fn kept_at(connection: &str, cluster: &str) -> String {
    format!("howdah.again/{connection}/{cluster}")
}

#[derive(Clone, PartialEq)]
enum State {
    Loading,
    Failed(Box<Problem>),
    Form,
}

/// The form with what it would change.
#[component]
fn AgainForm(first: Known, connection: String, cluster: String, known: Polled<Known>) -> impl IntoView {
    let i18n = use_i18n();
    let one = use_connection(&connection);
    // The form keeps what it began with: a field must not change under the hand that fills it.
    let Known { version, cluster: begun, last } = first;
    let (last, unread) = match last {
        Some(Ok(last)) => (Some(last), None),
        Some(Err(problem)) => (None, Some(problem)),
        None => (None, None),
    };
    let first = Form::of(version, last.as_deref());
    let parts = Part::of(version);
    let texts = StoredValue::new(
        parts.iter().map(|part| (*part, RwSignal::new(first.text(*part).to_owned()))).collect::<Vec<_>>(),
    );
    let task = last.as_ref().map(|last| last.rework.user_task.clone()).unwrap_or_default();
    let is_hive = task.kind.is_some_and(|kind| kind.eq_ignore_ascii_case("hive"));
    let masked = [(Part::Options, task.exec_opts), (Part::Parameters, task.exec_params)];
    let masked = masked.into_iter().filter_map(|(part, text)| Some((part, text.filter(|text| text.contains(MASK))?)));
    let masked: Masked = StoredValue::new(masked.collect());
    let (ran, knows) = (begun.last_accepted.is_some(), last.is_some());
    let policy = StoredValue::new(task.termination_policy);
    let before = StoredValue::new(first);
    let form = memo(move || {
        texts.with_value(|texts| {
            texts.iter().fold(Form::new(version), |form, (part, text)| form.with(*part, text.get()))
        })
    });
    let faults = memo(move || form.with(|form| before.with_value(|before| form.faults(before))));
    let sound =
        memo(move || faults.with(|faults| form.with(|form| before.with_value(|before| form.without(faults, before)))));
    let changes = memo(move || sound.with(|form| before.with_value(|before| form.changes(before))));
    let settings = memo(move || sound.with(|form| before.with_value(|before| form.settings(before))));
    let number = move |part| {
        let is_refused = faults.with(|faults| faults.iter().any(|(other, _)| *other == part));
        if is_refused { None } else { form.with(|form| before.with_value(|before| form.number(before, part))) }
    };
    let warned = memo(move || {
        policy.with_value(|policy| warnings(number(Part::Replication), number(Part::Workers), policy.as_deref()))
    });
    let cluster_now = memo(move || known.value.with(|known| known.as_ref().map(|known| known.cluster.clone())));
    let unknown = memo(move || cluster_now.with(|cluster| cluster.as_ref().map_or(0, |cluster| cluster.unknown)));

    let sending = Sending::new();
    let busy = sending.busy;
    let under_way = memo(move || {
        // A refusal speaks of the same request.
        let last = cluster_now.get().filter(|_| sending.refused.with(Option::is_none))?.last;
        Some(last.filter(|last| last.state.is_open())?.id)
    });
    let unknown_href = Place::Activity.href_with(&[("connection", &connection), ("state", "unknown")]);
    let off = Signal::derive(move || {
        if cluster_now.with(|cluster| cluster.as_ref().is_some_and(|cluster| !cluster.has_key)) {
            return Some(t_string!(i18n, run_again.off_key).to_string());
        }
        if one.with(|one| one.as_ref().is_some_and(|one| one.role < Role::Operate)) {
            return Some(t_string!(i18n, run_again.off_role).to_string());
        }
        let part = faults.with(|faults| faults.first().map(|(part, _)| *part))?;
        Some(t_string!(i18n, run_again.off_fault, field = part_word(i18n, part)).to_string())
    });
    let names = StoredValue::new((connection, cluster));
    let send = Callback::new(move |()| {
        if off.with_untracked(Option::is_some) {
            return;
        }
        let (connection, cluster) = names.get_value();
        let (at, of, body) = (connection.clone(), cluster.clone(), settings.get_untracked());
        let run =
            move |key: String| -> Sent<Option<String>> { Box::pin(async move { body.send(&at, &of, &key).await }) };
        sending.go(kept_at(&connection, &cluster), run, move |outcome| match outcome {
            Ok(id) => {
                let to = id.map_or(Place::Cluster(connection, cluster), Place::Run);
                address::go(&to.href());
            }
            Err(_) => known.refresh(),
        });
    });
    let as_curl = string(move || {
        let service = one.with(|one| one.as_ref().map(|one| one.url.clone())).unwrap_or_default();
        names.with_value(|(_, cluster)| settings.with(|settings| curl(&service, cluster, settings)))
    });
    let submit = move |event: web_sys::SubmitEvent| {
        event.prevent_default();
        send.run(());
    };
    let act = string(move || match number(Part::Workers) {
        Some(1) => t_string!(i18n, run_again.act_one).to_string(),
        Some(count) => t_string!(i18n, run_again.act_workers, count = format::count(count)).to_string(),
        None => t_string!(i18n, run_again.act).to_string(),
    });
    let back = names.with_value(|(connection, cluster)| Place::Cluster(connection.clone(), cluster.clone()).href());
    view! {
        <form class="again" novalidate=true on:submit=submit>
            <div class="again-fields">
            {unread.map(|problem| view! {
                <div class="again-note">
                    <p>{words!(run_again.unread)}</p>
                    <ProblemLine problem=Signal::stored(problem) />
                </div>
            })}
            {when(move || { unknown.get() > 0 }, move || view! {
                <p class="again-note" role="status">
                    <Mark kind=Kind::Unknown word=words!(run_again.unknown) />
                    " "
                    <a href=unknown_href.clone()>{words!(run_again.unknown_link)}</a>
                </p>
            }.into_any())}
            {live(move || match under_way.get() {
                Some(id) => view! {
                    <p class="again-note">
                        <Mark kind=Kind::Moving word=words!(run_again.under_way) />
                        " "
                        <a href=Place::Run(id).href()>{words!(run_again.entry)}</a>
                    </p>
                }
                .into_any(),
                None => ().into_any(),
            })}
            <Fields version=version texts=texts faults=faults masked=masked is_hive=is_hive busy=busy />
            </div>
            <div class="again-side">
            <section class="again-changes" aria-labelledby="changes">
                <h2 id="changes">{words!(run_again.changes)}</h2>
                <Difference changes=changes masked=masked ran=ran knows=knows />
                <Warnings warned=warned />
            </section>
            <details class="folded">
                <summary>{words!(run_again.as_curl)}</summary>
                <p>{words!(run_again.as_curl_text)}</p>
                <Copyable text=as_curl block=Some(words!(run_again.as_curl)) />
            </details>
            <SendActs sending=sending act=act off=off back=back />
            </div>
        </form>
    }
}
