//! The node arrays of a cluster with the kinds of machines that their nodes may be made of.

use howdah_shared::systems::cyclecloud::{Bucket, NodeArray, PlacementGroup};
use leptos::prelude::*;

use super::frame::{Cluster, Told};
use super::limit_view::LimitsView;
use super::limits::{Limits, active, cores_of, is_spot, limits};
use crate::i18n::*;
use crate::routes::Place;
use crate::ui::facts::{Fact, Facts};
use crate::ui::format::{self, UNKNOWN};
use crate::ui::live::{live, memo, string, when};
use crate::ui::mark::{Kind, Mark};

/// The arrays.
#[component]
pub(super) fn Arrays(
    /// What is told of the cluster.
    told: Told,
    /// The cluster.
    cluster: Cluster,
) -> impl IntoView {
    let names = memo(move || {
        let name = |array: &NodeArray| array.name.clone().unwrap_or_default();
        told.map(|status| status.nodearrays.iter().map(name).collect::<Vec<_>>()).unwrap_or_default()
    });
    let at = StoredValue::new(cluster);
    view! {
        <h2>{words!(cycle.arrays)}</h2>
        {when(move || names.with(Vec::is_empty), || view! {
            <p class="listing-quiet">{words!(cycle.no_arrays)}</p>
        }.into_any())}
        {live(move || names.get().into_iter().map(|name| array_view(told, name, at)).collect_view().into_any())}
    }
}

/// The array of a name, as it is told now.
pub(super) fn array_of(told: Told, name: &str) -> Option<NodeArray> {
    let is = |array: &&NodeArray| array.name.as_deref().unwrap_or_default() == name;
    told.map(|status| status.nodearrays.iter().find(is).cloned()).flatten()
}

fn array_view(told: Told, name: String, at: StoredValue<Cluster>) -> AnyView {
    let i18n = use_i18n();
    let wanted = name.clone();
    let array = memo(move || array_of(told, &wanted).unwrap_or_default());
    let facts = string(move || array.with(|array| facts(i18n, array)));
    let count = memo(move || array.with(|array| array.buckets.len()));
    let href = at.with_value(|cluster| cluster.place(Place::ClusterNodes).href_with(&[("array", &name)]));
    view! {
        <section class="group array">
            <h3><a href=href>{name}</a></h3>
            <p class="group-facts">{facts}</p>
            <div class="buckets">
                {live(move || (0..count.get()).map(|place| bucket_view(told, array, place)).collect_view().into_any())}
            </div>
        </section>
    }
    .into_any()
}

/// How much the array has, and what its nodes are.
fn facts(i18n: I18nContext<Locale>, array: &NodeArray) -> String {
    let (nodes, cores) = active(array);
    let of = |used: i64, most: Option<i64>| {
        let most = most.map_or_else(|| UNKNOWN.to_owned(), format::count);
        (format::count(used), most)
    };
    let (used, most) = of(nodes, array.max_count);
    let mut parts = vec![t_string!(i18n, cycle.used_nodes, used = used, most = most).to_string()];
    let (used, most) = of(cores, array.max_core_count);
    parts.push(t_string!(i18n, cycle.used_cores, used = used, most = most).to_string());
    let record = &array.nodearray;
    if !record.0.is_empty() {
        parts.push(match is_spot(array) {
            true => t_string!(i18n, cycle.spot).to_string(),
            false => t_string!(i18n, cycle.regular).to_string(),
        });
    }
    parts.extend(record.text("Region"));
    if let Some(policy) = record.text("ShutdownPolicy") {
        parts.push(t_string!(i18n, cycle.policy, policy = policy).to_string());
    }
    parts.join(" · ")
}

fn bucket_view(told: Told, array: Memo<NodeArray>, place: usize) -> AnyView {
    let i18n = use_i18n();
    let bucket = memo(move || array.with(|array| array.buckets.get(place).cloned()).unwrap_or_default());
    let known =
        memo(move || {
            told.map(|status| array.with(|array| bucket.with(|bucket| limits(status, array, bucket))))
                .unwrap_or(Limits { bounds: Vec::new(), binding: super::limits::Binding::Unknown, fits: None })
        });
    let count = move |of: fn(&Bucket) -> Option<i64>| {
        string(move || bucket.with(of).map_or_else(|| UNKNOWN.to_owned(), format::count))
    };
    let machine = string(move || bucket.with(machine_type).unwrap_or_else(|| UNKNOWN.to_owned()));
    let like = string(move || bucket.with(|bucket| machine_word(i18n, bucket)));
    let failed = memo(move || bucket.with(|bucket| bucket.last_capacity_failure));
    view! {
        <article class="bucket" aria-label=machine>
            <header class="bucket-head">
                <h4>{machine}</h4>
                <p class="group-facts">{like}</p>
            </header>
            <LimitsView limits=known />
            <Facts>
                <Fact name=words!(cycle.active)>{count(|bucket| bucket.active_count)}</Fact>
                <Fact name=words!(cycle.available)>{count(|bucket| bucket.available_count)}</Fact>
                <Fact name=words!(cycle.most)>{count(|bucket| bucket.max_count)}</Fact>
                <Fact name=words!(cycle.last_failure)>
                    {string(move || match failed.get() {
                        Some(ago) => format::ago(i18n.get_locale(), ago * 1000.0),
                        None => t_string!(i18n, cycle.never).to_string(),
                    })}
                </Fact>
                {live(move || match bucket.with(|bucket| bucket.spot_placement_score.clone()).filter(|score| !score.is_empty()) {
                    Some(score) => view! { <Fact name=words!(cycle.score)>{score_word(i18n, &score)}</Fact> }.into_any(),
                    None => ().into_any(),
                })}
            </Facts>
            {live(move || bucket.with(|bucket| groups(i18n, bucket)))}
        </article>
    }
    .into_any()
}

/// The machine type of a bucket.
pub(super) fn machine_type(bucket: &Bucket) -> Option<String> {
    bucket.definition.machine_type.clone()
}

/// What the machines of a bucket are like.
pub(super) fn machine_word(i18n: I18nContext<Locale>, bucket: &Bucket) -> String {
    let machine = &bucket.virtual_machine;
    let mut parts = Vec::new();
    if let Some(cores) = cores_of(bucket) {
        parts.push(t_string!(i18n, cycle.cores, count = format::count(cores)).to_string());
    }
    if let Some(memory) = machine.memory {
        parts.push(format!("{} GB", format::decimal(memory)));
    }
    if let Some(gpus) = machine.gpu_count.filter(|gpus| *gpus > 0) {
        parts.push(t_string!(i18n, cycle.gpus, count = format::count(gpus)).to_string());
    }
    if machine.infiniband == Some(true) {
        parts.push("InfiniBand".to_owned());
    }
    parts.join(" · ")
}

fn score_word(i18n: I18nContext<Locale>, score: &str) -> String {
    match score {
        "High" => t_string!(i18n, cycle.score_high).to_string(),
        "Medium" => t_string!(i18n, cycle.score_medium).to_string(),
        "Low" => t_string!(i18n, cycle.score_low).to_string(),
        other => other.to_owned(),
    }
}

/// The placement groups, each with how full it is.
fn groups(i18n: I18nContext<Locale>, bucket: &Bucket) -> AnyView {
    if bucket.placement_groups.is_empty() {
        return ().into_any();
    }
    let most = bucket.max_placement_group_size;
    let group = |group: &PlacementGroup| {
        let (name, used) = (group.name.clone().unwrap_or_default(), group.active_count.unwrap_or_default());
        let is_full = most.is_some_and(|most| used >= most);
        let words = match most {
            Some(most) => {
                let (used, most) = (format::count(used), format::count(most));
                t_string!(i18n, cycle.group_of, name = name, used = used, most = most).to_string()
            }
            None => t_string!(i18n, cycle.group, name = name, used = format::count(used)).to_string(),
        };
        match is_full {
            true => view! { <li><Mark kind=Kind::Caution word=words /></li> }.into_any(),
            false => view! { <li>{words}</li> }.into_any(),
        }
    };
    view! {
        <div class="bucket-groups">
            <span>{words!(cycle.groups)}</span>
            <ul>{bucket.placement_groups.iter().map(group).collect_view()}</ul>
        </div>
    }
    .into_any()
}
