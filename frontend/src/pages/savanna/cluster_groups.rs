//! The groups of a cluster's nodes, and the nodes with their addresses.

use howdah_shared::systems::savanna::{Instance, NodeGroup};
use leptos::prelude::*;

use super::cluster::Told;
use super::words::shares_word;
use crate::i18n::*;
use crate::ui::copyable::Copyable;
use crate::ui::format::{self, UNKNOWN};
use crate::ui::live::{live, memo, string, when};

/// So many nodes of a group are drawn before somebody asks for all.
const SHOWN: usize = 100;

/// The groups.
#[component]
pub(super) fn Groups(told: Told) -> impl IntoView {
    let names = memo(move || {
        let name = |group: &NodeGroup| group.name.clone().unwrap_or_default();
        told.map(|reply| reply.cluster.node_groups.iter().map(name).collect::<Vec<_>>()).unwrap_or_default()
    });
    view! {
        <h2>{words!(savanna.groups)}</h2>
        {when(move || names.with(Vec::is_empty), || view! {
            <p class="listing-quiet">{words!(savanna.no_groups)}</p>
        }.into_any())}
        {live(move || names.get().into_iter().map(|name| group_view(told, name)).collect_view().into_any())}
    }
}

fn group_view(told: Told, name: String) -> AnyView {
    let i18n = use_i18n();
    let wanted = name.clone();
    let group = memo(move || {
        let of = |group: &&NodeGroup| group.name.as_deref().unwrap_or_default() == wanted;
        told.map(|reply| reply.cluster.node_groups.iter().find(of).cloned()).flatten().unwrap_or_default()
    });
    let whole = RwSignal::new(false);
    let facts = string(move || group.with(|group| facts(i18n, group)));
    let nodes = memo(move || group.with(|group| group.instances.clone()));
    let shown = memo(move || nodes.with(|nodes| if whole.get() { nodes.len() } else { nodes.len().min(SHOWN) }));
    let called = name.clone();
    let label = string(move || t_string!(i18n, savanna.nodes_of, group = called.clone()).to_string());
    view! {
        <section class="group">
            <h3>{name}</h3>
            <p class="group-facts">{facts}</p>
            {when(move || nodes.with(Vec::is_empty), || view! {
                <p class="listing-quiet">{words!(savanna.no_nodes)}</p>
            }.into_any())}
            {when(move || nodes.with(|nodes| !nodes.is_empty()), move || view! {
                <div class="listing-box">
                    <table class="listing" aria-label=label>
                        <thead>
                            <tr>
                                <th scope="col">{words!(savanna.node)}</th>
                                <th scope="col">{words!(savanna.inner)}</th>
                                <th scope="col" class="from-tablet">{words!(savanna.outer)}</th>
                                <th scope="col" class="from-desktop">{words!(savanna.machine)}</th>
                            </tr>
                        </thead>
                        <tbody>
                            {live(move || {
                                let shown = shown.get();
                                nodes.with(|nodes| nodes[..shown].iter().map(node_row).collect_view().into_any())
                            })}
                        </tbody>
                    </table>
                </div>
            }.into_any())}
            {when(move || nodes.with(Vec::len) > shown.get(), move || view! {
                <button class="button" type="button" on:click=move |_| whole.set(true)>
                    {string(move || {
                        let count = format::count(nodes.with(Vec::len) as i64);
                        t_string!(i18n, savanna.nodes_all, count = count).to_string()
                    })}
                </button>
            }.into_any())}
        </section>
    }
    .into_any()
}

/// How many nodes it has, what runs on them, and what they are like.
fn facts(i18n: I18nContext<Locale>, group: &NodeGroup) -> String {
    let there = group.instances.len() as i64;
    let count = match group.count {
        Some(count) if count != there => {
            let (there, count) = (format::count(there), format::count(count));
            t_string!(i18n, savanna.nodes_of_count, there = there, count = count).to_string()
        }
        _ if there == 1 => t_string!(i18n, savanna.nodes_one).to_string(),
        _ => t_string!(i18n, savanna.nodes_count, count = format::count(there)).to_string(),
    };
    let told = |text: &Option<String>| text.clone().filter(|text| !text.is_empty());
    let mut parts = vec![count];
    parts.extend(Some(group.node_processes.join(", ")).filter(|text| !text.is_empty()));
    parts.extend(told(&group.flavor_id).map(|id| t_string!(i18n, savanna.of_flavor, id = id).to_string()));
    if let Some(disks) = group.volumes_per_node.filter(|disks| *disks > 0) {
        let size = group.volumes_size.map_or_else(|| UNKNOWN.to_owned(), |size| size.to_string());
        parts.push(t_string!(i18n, savanna.of_disks, count = format::count(disks), size = size).to_string());
    }
    parts.extend(shares_word(i18n.get_locale(), &group.shares));
    parts.extend(told(&group.image_id).map(|id| t_string!(i18n, savanna.of_image, id = id).to_string()));
    parts.join(" · ")
}

fn node_row(node: &Instance) -> AnyView {
    let name = node.instance_name.clone().or_else(|| node.dns_hostname.clone());
    let address = |address: &Option<String>| match address.clone().filter(|address| !address.is_empty()) {
        Some(address) => view! { <Copyable text=Signal::stored(address) /> }.into_any(),
        None => UNKNOWN.into_any(),
    };
    let machine = match node.instance_id.clone() {
        Some(id) => view! { <Copyable text=Signal::stored(id) limit=20 /> }.into_any(),
        None => UNKNOWN.into_any(),
    };
    view! {
        <tr>
            <td class="listing-name">{name.unwrap_or_else(|| UNKNOWN.to_owned())}</td>
            <td>{address(&node.internal_ip)}</td>
            <td class="from-tablet">{address(&node.management_ip)}</td>
            <td class="from-desktop">{machine}</td>
        </tr>
    }
    .into_any()
}
