//! Running a cluster again: a form that begins with what ran last, and sends only what was changed.

use std::sync::Arc;

use howdah_shared::console::{Cluster, ListClusters, RequestState, ShowRequest};
use howdah_shared::operation::{Nothing, Role};
use howdah_shared::problem::{Code, Problem};
use howdah_shared::systems::hadoop_eco::warnings;
use leptos::prelude::*;

use super::again_form::{Form, Part, is_definite};
use super::again_key;
use super::again_words::{change_words, fault_words, part_word, warning_words};
use super::clusters::clusters_path;
use super::curl::curl;
use super::version::{Settings, Told, Version, bad_path};
use crate::address;
use crate::api::{At, Polled, call, polled};
use crate::components::fleet::use_connection;
use crate::components::freshness::{StaleNote, watch};
use crate::components::page::PageHead;
use crate::components::problem::{ProblemLine, ProblemView};
use crate::i18n::*;
use crate::routes::Place;
use crate::ui::button::{Button, ButtonLink, Weight};
use crate::ui::copyable::Copyable;
use crate::ui::field::Field;
use crate::ui::format;
use crate::ui::live::{live, memo, string, when};
use crate::ui::mark::{Kind, Mark};
use crate::ui::skeleton::Skeleton;

/// How often it is looked whether the cluster still is as the page says, in ms.
const PAUSE: i32 = 15_000;

/// What the page knows.
#[derive(Clone, PartialEq)]
pub(super) struct Known {
    pub(super) cluster: Cluster,
    /// What ran last; `None` where nothing did, or nothing that can be asked for.
    pub(super) last: Option<Result<Arc<Told>, Problem>>,
}

/// The page.
#[component]
pub(super) fn RunAgain(
    /// Which API it speaks.
    version: Version,
    /// The connection's name.
    connection: String,
    /// The cluster's id.
    cluster: String,
) -> impl IntoView {
    let i18n = use_i18n();
    let known = poll(version, connection.clone(), cluster.clone());
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
            State::Loading => view! { <Skeleton lines=7 label=words!(run_again.loading) /> }.into_any(),
            State::Failed(problem) => view! {
                <ProblemView problem=Signal::stored(*problem) retry=Callback::new(move |()| known.refresh()) />
            }
            .into_any(),
            State::Form => {
                let (connection, cluster) = names.get_value();
                view! { <AgainForm version connection cluster known /> }.into_any()
            }
        })}
    }
}

#[derive(Clone, PartialEq)]
enum State {
    Loading,
    Failed(Box<Problem>),
    Form,
}

/// Follows the cluster. What ran last is asked for again only once something else did.
pub(super) fn poll(version: Version, connection: String, cluster: String) -> Polled<Known> {
    let asked: StoredValue<Option<(String, Arc<Told>)>> = StoredValue::new(None);
    polled(
        clusters_path(&connection),
        String::new,
        move || {
            let (connection, cluster) = (connection.clone(), cluster.clone());
            async move {
                let list = ListClusters { connection: connection.parse().map_err(bad_path)? };
                let clusters = call(At::Howdah, &list, &Nothing {}, &Nothing {}).await?;
                let found = clusters.into_iter().find(|other| other.id == cluster);
                let found = found.ok_or_else(|| Problem::new(Code::ClusterNotConfigured, ""))?;
                let id = found.last_accepted.as_ref().and_then(|last| last.service_id.clone());
                let last = match id.filter(|_| found.has_key) {
                    None => None,
                    Some(id) => Some(match asked.try_get_value().flatten().filter(|(other, _)| *other == id) {
                        Some((_, last)) => Ok(last),
                        None => version.ask(&connection, &cluster, &id).await.map(Arc::new).inspect(|last| {
                            // The page may be gone by now.
                            let _ = asked.try_set_value(Some((id, last.clone())));
                        }),
                    }),
                };
                Ok(Known { cluster: found, last })
            }
        },
        |_| PAUSE,
    )
}

/// The form with what it would change.
#[component]
fn AgainForm(version: Version, connection: String, cluster: String, known: Polled<Known>) -> impl IntoView {
    let i18n = use_i18n();
    let one = use_connection(&connection);
    // The form keeps what it began with: a field must not change under the hand that fills it.
    let last = known.value.with_untracked(|known| known.as_ref().and_then(|known| known.last.clone()));
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
    let masked = |text: Option<String>| text.is_some_and(|text| text.contains(howdah_shared::mask::MASK));
    let masks = (masked(task.exec_opts), masked(task.exec_params));
    let policy = StoredValue::new(task.termination_policy);
    let before = StoredValue::new(first);
    let form = memo(move || {
        texts.with_value(|texts| {
            texts.iter().fold(Form::new(version), |form, (part, text)| form.with(*part, text.get()))
        })
    });
    let faults = memo(move || form.with(|form| before.with_value(|before| form.faults(before))));
    let changes = memo(move || {
        let mut changes = form.with(|form| before.with_value(|before| form.changes(before)));
        // What is refused changes nothing.
        faults.with(|faults| changes.retain(|(part, ..)| faults.iter().all(|(other, _)| other != part)));
        changes
    });
    let settings = memo(move || form.with(|form| before.with_value(|before| form.settings(before))));
    let number = move |part| form.with(|form| before.with_value(|before| form.number(before, part)));
    let warned = memo(move || {
        policy.with_value(|policy| warnings(number(Part::Replication), number(Part::Workers), policy.as_deref()))
    });
    let cluster_now = memo(move || known.value.with(|known| known.as_ref().map(|known| known.cluster.clone())));
    let unknown = memo(move || cluster_now.with(|cluster| cluster.as_ref().map_or(0, |cluster| cluster.unknown)));

    let busy = RwSignal::new(false);
    let refused: RwSignal<Option<Problem>> = RwSignal::new(None);
    let under_way = memo(move || {
        // A refusal speaks of the same request.
        let last = cluster_now.get().filter(|_| refused.with(Option::is_none))?.last;
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
    let anew = Callback::new(move |()| {
        names.with_value(|(connection, cluster)| again_key::forget(connection, cluster));
        refused.set(None);
    });
    let send = Callback::new(move |()| {
        if busy.get_untracked() || off.with_untracked(Option::is_some) {
            return;
        }
        busy.set(true);
        refused.set(None);
        let (connection, cluster) = names.get_value();
        let body = settings.get_untracked();
        leptos::task::spawn_local(async move {
            match start(&connection, &cluster, &body).await {
                Ok(id) => {
                    // Whoever has left the page is not led elsewhere.
                    if busy.try_get_untracked().is_some() {
                        let to = id.map_or(Place::Cluster(connection, cluster), Place::Run);
                        address::go(&to.href());
                    }
                }
                Err(problem) => {
                    // The page may be gone by now.
                    if refused.try_set(Some(problem)).is_none() {
                        known.refresh();
                    }
                }
            }
            busy.try_set(false);
        });
    });
    let fault = move |part: Part| {
        Signal::derive(move || {
            let found = faults.with(|faults| faults.iter().find(|(other, _)| *other == part).cloned());
            found.map(|(_, fault)| fault_words(i18n, &fault))
        })
    };
    let hint = move |part: Part| {
        let masked = match part {
            Part::Options => masks.0,
            Part::Parameters => masks.1,
            _ => false,
        };
        Signal::derive(move || match (masked, part.range(version)) {
            (true, _) => t_string!(i18n, run_again.hint_masked).to_string(),
            (false, Some(range)) => t_string!(
                i18n,
                run_again.hint_range,
                from = format::count((*range.start()).into()),
                to = format::count((*range.end()).into())
            )
            .to_string(),
            (false, None) => String::new(),
        })
    };
    let text =
        move |part| texts.with_value(|texts| texts.iter().find(|(other, _)| *other == part).map(|(_, text)| *text));
    let field = move |id: &'static str, part: Part, unit: &'static str| {
        let Some(text) = text(part) else { return ().into_any() };
        let label = Signal::derive(move || part_word(i18n, part));
        let kind = if part.range(version).is_some() { "number" } else { "text" };
        view! {
            <Field
                id=id
                kind=kind
                label=label
                value=text
                fault=fault(part)
                hint=hint(part)
                placeholder=words!(run_again.as_it_is)
                unit=unit.to_owned()
                disabled=busy
            />
        }
        .into_any()
    };
    let as_curl = string(move || {
        let service = one.with(|one| one.as_ref().map(|one| one.url.clone())).unwrap_or_default();
        names.with_value(|(_, cluster)| settings.with(|settings| curl(&service, cluster, settings)))
    });
    let submit = move |event: web_sys::SubmitEvent| {
        event.prevent_default();
        send.run(());
    };
    let act = move || match number(Part::Workers) {
        Some(1) => t_string!(i18n, run_again.act_one).to_string(),
        Some(count) => t_string!(i18n, run_again.act_workers, count = format::count(count)).to_string(),
        None => t_string!(i18n, run_again.act).to_string(),
    };
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
            <div class="again-numbers">
                {field("workers", Part::Workers, "")}
                {field("volume", Part::Volume, "GB")}
                {field("block", Part::Block, "MB")}
                {field("replication", Part::Replication, "")}
            </div>
            {text(Part::Mode).filter(|_| !is_hive).map(|text| view! { <ModeField text=text busy=busy /> })}
            {field("options", Part::Options, "")}
            {field("parameters", Part::Parameters, "")}
            {(version == Version::V2).then(|| view! {
                <details class="folded">
                    <summary>{words!(run_again.more)}</summary>
                    <div class="again-numbers">
                        {field("masters", Part::Masters, "")}
                        {field("master-volume", Part::MasterVolume, "GB")}
                        {field("tasks", Part::Tasks, "")}
                        {field("task-volume", Part::TaskVolume, "GB")}
                    </div>
                    {field("security-groups", Part::SecurityGroups, "")}
                </details>
            })}
            </div>
            <div class="again-side">
            <section class="again-changes" aria-labelledby="changes">
                <h2 id="changes">{words!(run_again.changes)}</h2>
                {live(move || {
                    let changes = changes.get();
                    if changes.is_empty() {
                        return view! { <p>{words!(run_again.no_changes)}</p> }.into_any();
                    }
                    let lines = changes.into_iter().map(|(part, from, to)| {
                        view! { <li>{change_words(i18n, part, &from, &to)}</li> }
                    });
                    view! { <ul>{lines.collect::<Vec<_>>()}</ul> }.into_any()
                })}
                <div role="status">
                    {live(move || {
                        let warned = warned.get();
                        if warned.is_empty() {
                            return ().into_any();
                        }
                        let lines = warned.into_iter().map(|warning| {
                            let word = Signal::stored(warning_words(i18n, warning));
                            view! { <li><Mark kind=Kind::Caution word=word /></li> }
                        });
                        view! { <ul class="again-warnings">{lines.collect::<Vec<_>>()}</ul> }.into_any()
                    })}
                </div>
            </section>
            <details class="folded">
                <summary>{words!(run_again.as_curl)}</summary>
                <p>{words!(run_again.as_curl_text)}</p>
                <Copyable text=as_curl block=Some(words!(run_again.as_curl)) />
            </details>
            {live(move || match refused.get() {
                Some(problem) => refusal(problem, anew),
                None => ().into_any(),
            })}
            <div class="again-acts">
                <Button weight=Weight::Primary kind="submit" off=off busy=busy>
                    {string(act)}
                </Button>
                <ButtonLink href=names.with_value(|(connection, cluster)| {
                    Place::Cluster(connection.clone(), cluster.clone()).href()
                })>{words!(run_again.cancel)}</ButtonLink>
            </div>
            <p class="field-hint" role="status">
                {string(move || match busy.get() {
                    true => t_string!(i18n, run_again.sending).to_string(),
                    false => off.get().unwrap_or_default(),
                })}
            </p>
            </div>
        </form>
    }
}

/// Sends it; the journal's id of the change.
async fn start(connection: &str, cluster: &str, settings: &Settings) -> Result<Option<String>, Problem> {
    let mut open = again_key::take(connection, cluster);
    if let Some(request) = &open.request
        && is_settled(request).await?
    {
        open = again_key::begin(connection, cluster);
    }
    let answer = settings.send(connection, cluster, &open.key).await;
    match &answer {
        Err(problem) if !is_definite(problem) => {
            open.request = problem.request_id.clone().or(open.request);
            again_key::keep(connection, cluster, &open);
        }
        _ => again_key::forget(connection, cluster),
    }
    answer
}

/// Whether the journal has come to know what became of a try: its stored answer does not change any more.
async fn is_settled(request: &str) -> Result<bool, Problem> {
    let show = ShowRequest { request: request.parse().map_err(bad_path)? };
    let state = match call(At::Howdah, &show, &Nothing {}, &Nothing {}).await {
        Ok(request) => request.state,
        Err(problem) if problem.code == Code::RequestNotFound => return Ok(true),
        Err(problem) => return Err(problem),
    };
    Ok(!matches!(state, RequestState::Intended | RequestState::Sent | RequestState::Unknown))
}

/// A problem with the way to the journal's entry where there is one, and to a new try where the outcome stays open.
fn refusal(problem: Problem, anew: Callback<()>) -> AnyView {
    let entry = problem.request_id.clone().map(|id| Place::Run(id).href());
    let stuck = matches!(problem.code, Code::OutcomeUnknown | Code::Unreadable);
    view! {
        <ProblemView problem=Signal::stored(problem) />
        {entry.map(|href| view! { <p><a href=href>{words!(run_again.entry)}</a></p> })}
        {stuck.then(|| view! {
            <p>{words!(run_again.anew_text)}</p>
            <div><Button press=anew>{words!(run_again.anew)}</Button></div>
        })}
    }
    .into_any()
}

/// Where a Spark driver runs.
#[component]
fn ModeField(text: RwSignal<String>, busy: RwSignal<bool>) -> impl IntoView {
    view! {
        <div class="field">
            <label class="field-label" for="mode">{words!(run_again.mode)}</label>
            <select
                class="input"
                id="mode"
                name="mode"
                disabled=move || busy.get()
                prop:value=move || text.get()
                on:change=move |event| text.set(event_target_value(&event))
            >
                <option value="">{words!(run_again.as_it_is)}</option>
                <option value="client" selected=move || text.with(|text| text == "client")>"client"</option>
                <option value="cluster" selected=move || text.with(|text| text == "cluster")>"cluster"</option>
            </select>
        </div>
    }
}
