//! What a cluster is, and where its services say that they can be seen.

use howdah_shared::systems::savanna::{Cluster, instant};
use leptos::prelude::*;

use super::cluster::Told;
use super::words::shares_word;
use crate::i18n::*;
use crate::routes::Place;
use crate::ui::facts::{self, Fact, Facts};
use crate::ui::format;
use crate::ui::link::link;
use crate::ui::live::{live, memo, when};
use crate::ui::time::{self, Precision};

/// What is told of a cluster by one fact.
type Of = fn(Locale, &Cluster) -> Option<String>;

/// What it is; what is not told is left out.
pub(super) fn facts_of(told: Told, connection: &str) -> AnyView {
    let i18n = use_i18n();
    let fact = move |(name, of): (Signal<String>, Of)| {
        facts::told(name, move || told.map(|reply| of(i18n.get_locale(), &reply.cluster)).flatten())
    };
    let of = StoredValue::new(connection.to_owned());
    let template = way(
        words!(savanna.template),
        told,
        |cluster| cluster.cluster_template_id.clone(),
        move |id| Place::ClusterTemplate(of.get_value(), id),
    );
    let image = way(
        words!(savanna.image),
        told,
        |cluster| cluster.default_image_id.clone(),
        move |id| Place::Image(of.get_value(), id),
    );
    view! {
        <h2>{words!(savanna.facts)}</h2>
        <Facts>
            {first().into_iter().map(fact).collect_view()}
            {template}
            {image}
            {others().into_iter().map(fact).collect_view()}
        </Facts>
    }
    .into_any()
}

/// A fact that leads to the page of what it names.
fn way(
    name: Signal<String>,
    told: Told,
    of: fn(&Cluster) -> Option<String>,
    to: impl Fn(String) -> Place + Send + Sync + 'static,
) -> AnyView {
    let id = memo(move || told.map(|reply| of(&reply.cluster)).flatten().filter(|id| !id.is_empty()));
    live(move || match id.get() {
        Some(id) => {
            let (short, href) = (format::cut_middle(&id, 20), to(id.clone()).href());
            view! { <Fact name=name><a href=href title=id><code>{short}</code></a></Fact> }.into_any()
        }
        None => ().into_any(),
    })
}

fn first() -> Vec<(Signal<String>, Of)> {
    vec![
        (words!(savanna.description), |_, cluster| cluster.description.clone()),
        (words!(savanna.plugin), |_, cluster| cluster.plugin_name.clone()),
        (words!(savanna.version), |_, cluster| cluster.hadoop_version.clone()),
        (words!(savanna.nodes), |_, cluster| Some(format::count(cluster.nodes()))),
        (words!(savanna.made), |language, cluster| {
            cluster.made().map(|at| time::short(language, at, Precision::Second))
        }),
        (words!(savanna.changed), |language, cluster| {
            let changed = cluster.updated_at.as_deref().or(cluster.updated.as_deref())?;
            Some(time::short(language, instant(changed)?, Precision::Second))
        }),
    ]
}

fn others() -> Vec<(Signal<String>, Of)> {
    vec![
        (words!(savanna.network), |_, cluster| cluster.neutron_management_network.clone()),
        (words!(savanna.key_pair), |_, cluster| cluster.user_keypair_id.clone()),
        (words!(savanna.anti_affinity), |_, cluster| Some(cluster.anti_affinity.join(", "))),
        (words!(savanna.domain), |_, cluster| cluster.domain_name.clone()),
        (words!(form.shares), |language, cluster| shares_word(language, &cluster.shares)),
        (words!(savanna.public), |language, cluster| yes(language, cluster.is_public)),
        (words!(savanna.protected), |language, cluster| yes(language, cluster.is_protected)),
        (words!(savanna.transient), |language, cluster| yes(language, cluster.is_transient)),
    ]
}

/// What is not so is what one expects.
fn yes(language: Locale, flag: Option<bool>) -> Option<String> {
    (flag == Some(true)).then(|| td_string!(language, cluster.yes).to_owned())
}

/// Where its services say that they can be seen.
pub(super) fn links(told: Told) -> AnyView {
    let links = memo(move || {
        let of = |cluster: &Cluster| {
            let each = cluster.info.iter().flat_map(|(service, pages)| {
                pages.iter().map(move |(name, url)| (format!("{service} · {name}"), url.clone()))
            });
            each.filter(|(_, url)| !url.trim().is_empty()).collect::<Vec<_>>()
        };
        told.map(|reply| of(&reply.cluster)).unwrap_or_default()
    });
    when(
        move || links.with(|links| !links.is_empty()),
        move || {
            let drawn = live(move || {
                let fact = |(name, url)| {
                    view! { <Fact name=Signal::stored(name) wide=true>{link(url)}</Fact> }
                };
                links.get().into_iter().map(fact).collect_view().into_any()
            });
            view! {
                <h2>{words!(savanna.links)}</h2>
                <Facts>{drawn}</Facts>
            }
            .into_any()
        },
    )
}
