//! One cluster: what it is as far as its last run tells, and its runs.

use howdah_shared::systems::hadoop_eco::v1::{ClusterMeta, Network};
use howdah_shared::systems::hadoop_eco::v2::InstanceGroup;
use leptos::prelude::*;

use super::history::History;
use super::known::{Known, poll};
use super::version::Told;
use crate::api::Polled;
use crate::components::freshness::{StaleNote, watch};
use crate::components::page::{PageFoot, PageHead};
use crate::components::problem::{ProblemLine, ProblemView};
use crate::components::request_state::{RequestLasted, RequestMark, span};
use crate::i18n::*;
use crate::routes::Place;
use crate::ui::button::{Button, ButtonLink, Weight};
use crate::ui::copyable::Copyable;
use crate::ui::facts::{Fact, Facts};
use crate::ui::format;
use crate::ui::link::link;
use crate::ui::live::{live, memo, string, when};
use crate::ui::skeleton::Skeleton;

/// The page.
#[component]
pub(super) fn ClusterPage(
    /// The connection's name.
    connection: String,
    /// The cluster's id.
    cluster: String,
) -> impl IntoView {
    let i18n = use_i18n();
    let known = poll(connection.clone(), cluster.clone());
    watch(known);
    let again = Place::RunAgain(connection.clone(), cluster.clone()).href();
    let id = cluster.clone();
    let title = Signal::derive(move || {
        known.value.with(|known| known.as_ref().map_or_else(|| id.clone(), |known| known.cluster.name.clone()))
    });
    let has_key = memo(move || known.value.with(|known| known.as_ref().map(|known| known.cluster.has_key)));
    let acts = move || {
        let again = again.clone();
        live(move || match has_key.get() {
            Some(true) => {
                view! { <ButtonLink weight=Weight::Primary href=again.clone()>{words!(cluster.again)}</ButtonLink> }
                    .into_any()
            }
            Some(false) => {
                let off = Signal::derive(move || Some(t_string!(i18n, cluster.off_key).to_string()));
                view! { <Button weight=Weight::Primary off=off>{words!(cluster.again)}</Button> }.into_any()
            }
            None => ().into_any(),
        })
    };
    let copied = cluster.clone();
    let facts = move || {
        view! {
            <LastRun known=known />
            // While the id is all that is known it stands in the title.
            {when(
                move || known.value.with(Option::is_some),
                move || view! { <Copyable text=Signal::stored(copied.clone()) limit=40 /> }.into_any(),
            )}
        }
        .into_any()
    };
    let failed = memo(move || known.problem.get().filter(|_| known.value.with(Option::is_none)));
    let last = memo(move || known.value.with(|known| known.as_ref().map(|known: &Known| known.last.clone())));
    let usual = memo(move || known.value.with(|known| known.as_ref()?.cluster.usual));
    view! {
        <PageHead title=title facts=facts acts=acts.clone() />
        <StaleNote seen=known.seen problem=known.problem />
        {live(move || match (last.get(), failed.get()) {
            (Some(Some(Ok(last))), _) => facts_of(i18n, &last),
            (Some(Some(Err(problem))), _) => view! {
                <p>{words!(cluster.unread)}</p>
                <ProblemLine problem=Signal::stored(problem) />
            }
            .into_any(),
            (Some(None), _) if has_key.get() == Some(false) => {
                view! { <p class="listing-quiet">{words!(clusters.no_key_text)}</p> }.into_any()
            }
            (Some(None), _) => view! { <p class="listing-quiet">{words!(cluster.none)}</p> }.into_any(),
            (None, Some(problem)) => view! {
                <ProblemView problem=Signal::stored(problem) retry=Callback::new(move |()| known.refresh()) />
            }
            .into_any(),
            (None, None) => view! { <Skeleton class="facts" lines=12 label=words!(cluster.loading) /> }.into_any(),
        })}
        {when(move || last.with(Option::is_some), move || {
            let (connection, cluster) = (connection.clone(), cluster.clone());
            view! { <History connection cluster usual=usual can_adopt=has_key /> }.into_any()
        })}
        <PageFoot>{acts()}</PageFoot>
    }
}

/// How the last run stands, how long it took, and how long one usually takes.
#[component]
fn LastRun(known: Polled<Known>) -> impl IntoView {
    let i18n = use_i18n();
    let last = memo(move || known.value.with(|known| known.as_ref()?.cluster.last.clone()));
    let usual = memo(move || known.value.with(|known| known.as_ref()?.cluster.usual));
    let usual_words = string(move || {
        let usual = usual.get().map(|usual| format::duration(i18n.get_locale(), usual as f64));
        usual.map(|usual| t_string!(i18n, clusters.usual, usual = usual).to_string()).unwrap_or_default()
    });
    view! {
        {live(move || match last.get() {
            Some(last) => {
                let href = Place::Run(last.id.clone()).href();
                let lasted = span(&last).is_some().then(|| view! { <RequestLasted request=Signal::stored(last.clone()) /> });
                view! {
                    <a href=href><RequestMark state=Signal::stored(last.state) /></a>
                    {lasted}
                }
                .into_any()
            }
            None => ().into_any(),
        })}
        {when(move || usual.with(Option::is_some), move || view! { <span>{usual_words}</span> }.into_any())}
    }
}

/// The facts that a run's reply tells; what it does not tell is left out.
fn facts_of(i18n: I18nContext<Locale>, told: &Told) -> AnyView {
    let last = &told.rework;
    let yes_no = |yes: bool| if yes { t_string!(i18n, cluster.yes) } else { t_string!(i18n, cluster.no) }.to_owned();
    let groups = |groups: &[InstanceGroup]| {
        let group = |group: &InstanceGroup| {
            let flavor = group.flavor_name.clone().unwrap_or_else(|| "—".into());
            let volume = group.volume_size.map_or_else(|| "—".into(), |size| size.to_string());
            match group.node_cnt {
                Some(count) => {
                    t_string!(i18n, cluster.group, count = count, flavor = flavor, volume = volume).to_string()
                }
                None => t_string!(i18n, cluster.group_uncounted, flavor = flavor, volume = volume).to_string(),
            }
        };
        (!groups.is_empty()).then(|| groups.iter().map(group).collect::<Vec<_>>().join(", "))
    };
    let mut facts = vec![
        (words!(cluster.kind), last.cluster_type.clone()),
        (words!(cluster.version), last.cluster_version.clone()),
        (words!(cluster.components), list(&last.install_components)),
        (words!(cluster.masters), groups(&last.master_info)),
        (words!(cluster.ha), last.is_ha.map(yes_no)),
        (words!(cluster.workers), groups(&last.worker_info)),
        (words!(cluster.tasks), groups(&last.task_info)),
        (words!(cluster.image), last.image_name.clone()),
        (words!(cluster.key_pair), last.keypair_name.clone()),
        (words!(cluster.block), last.config.hdfs_block_size.map(|size| format!("{size} MB"))),
        (words!(cluster.replication), last.config.hdfs_replication.map(|copies| copies.to_string())),
        (words!(cluster.task), last.user_task.kind.clone()),
        (words!(cluster.policy), last.user_task.termination_policy.clone()),
        (words!(cluster.mode), last.user_task.deploy_mode.clone()),
    ];
    match &told.legacy {
        Some(meta) => facts.extend(legacy_facts(meta, yes_no)),
        None => facts.push((words!(cluster.owner), last.owner.clone())),
    }
    let networks = told.legacy.as_ref().map(|meta| [&meta.worker_vm.network, &meta.master_vm.network]);
    let network =
        |of: fn(&Network) -> &Option<String>| networks.and_then(|all| all.into_iter().find_map(|one| of(one).clone()));
    let addresses = [
        (words!(cluster.file), last.user_task.file_url.clone()),
        (words!(cluster.log), last.user_task.log_url.clone()),
    ];
    let codes = [
        (words!(cluster.query), last.user_task.hive_query.clone()),
        (words!(cluster.options), last.user_task.exec_opts.clone()),
        (words!(cluster.parameters), last.user_task.exec_params.clone()),
        (words!(cluster.network), network(|network| &network.uuid)),
        (words!(cluster.subnet), network(|network| &network.subnet_id)),
        (words!(cluster.security_groups), list(&last.security_group_ids)),
    ];
    // Long, and in them people leave secrets: shown when somebody asks for them.
    let mut folded = vec![
        (words!(cluster.config_text), last.config.config_text.clone()),
        (words!(cluster.user_script), last.config.user_script.clone()),
    ];
    let other = told.legacy.as_ref().map_or(&last.other, |meta| &meta.other);
    if !other.is_empty() {
        folded.push((words!(cluster.other), serde_json::to_string_pretty(other).ok()));
    }
    let facts = told_of(facts).map(|(name, value)| view! { <Fact name=name>{value}</Fact> }.into_any());
    let addresses = told_of(addresses);
    let addresses = addresses.map(|(name, url)| view! { <Fact name=name wide=true>{link(url)}</Fact> }.into_any());
    let codes = told_of(codes);
    let codes = codes.map(|(name, value)| view! { <Fact name=name wide=true><code>{value}</code></Fact> }.into_any());
    let folded = told_of(folded).map(|(name, value)| {
        view! {
            <details class="folded">
                <summary>{name}</summary>
                <Copyable text=Signal::stored(value) block=Some(name) />
            </details>
        }
    });
    view! {
        <h2>{words!(cluster.facts)}</h2>
        <Facts>{facts.chain(addresses).chain(codes).collect::<Vec<_>>()}</Facts>
        {folded.collect::<Vec<_>>()}
    }
    .into_any()
}

/// Those of which something is told.
fn told_of<T>(facts: impl IntoIterator<Item = (T, Option<String>)>) -> impl Iterator<Item = (T, String)> {
    let told = |(name, value): (T, Option<String>)| Some((name, value.filter(|value| !value.trim().is_empty())?));
    facts.into_iter().filter_map(told)
}

/// What only v1 tells.
fn legacy_facts(meta: &ClusterMeta, yes_no: impl Fn(bool) -> String) -> Vec<(Signal<String>, Option<String>)> {
    let masters = &meta.master_vm;
    let mut active =
        vec![masters.master_active.as_deref(), masters.master_standby.as_deref(), masters.master_etc.as_deref()];
    // A single master is named as each of the three.
    active.dedup();
    let active: Vec<String> = active.into_iter().flatten().map(str::to_owned).collect();
    let timeouts = [meta.service_check_timeout, meta.socket_timeout, meta.global_timeout];
    let timeouts: Vec<String> = timeouts.iter().flatten().map(ToString::to_string).collect();
    vec![
        (words!(cluster.project), meta.project.name.clone()),
        (words!(cluster.organization), meta.project.domain.name.clone()),
        (words!(cluster.active_masters), list(&active)),
        (words!(cluster.worker_hosts), list(&meta.worker_vm.host_list)),
        (words!(cluster.monitoring), meta.monitoring.map(yes_no)),
        (words!(cluster.timeouts), (!timeouts.is_empty()).then(|| timeouts.join(" / "))),
    ]
}

fn list(texts: &[String]) -> Option<String> {
    (!texts.is_empty()).then(|| texts.join(", "))
}
