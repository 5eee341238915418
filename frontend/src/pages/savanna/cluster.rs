//! One cluster: where it is in its life, what it is made of, how well it is, what was done to it here, and what can be
//! done.

use howdah_shared::problem::{Code, Problem};
use howdah_shared::systems::savanna::{Cluster, ClusterQuery, ClusterReply, Dialect, ShowCluster, TenantId};
use leptos::prelude::*;

use super::cluster_acts::{Target, Terminate};
use super::cluster_facts::{facts_of, links};
use super::cluster_groups::Groups;
use super::cluster_health::Health;
use super::cluster_history::History;
use super::cluster_options::Options;
use super::cluster_steps::{Lifecycle, Steps};
use super::lifecycle;
use crate::address;
use crate::api::bad_path;
use crate::components::freshness::{StaleNote, watch};
use crate::components::page::{PageFoot, PageHead};
use crate::components::problem::ProblemView;
use crate::components::question::off_role;
use crate::components::raw::Raw;
use crate::components::reply::{Reply, reply};
use crate::i18n::*;
use crate::routes::Place;
use crate::ui::button::{Button, Weight};
use crate::ui::copyable::Copyable;
use crate::ui::live::{live, memo, string, when};
use crate::ui::mark::{Kind, Mark};

/// What is told of it.
pub(super) type Told = Reply<ClusterReply>;

/// The page.
#[component]
pub(super) fn ClusterPage(
    /// The connection's name.
    connection: String,
    /// The tenant that it works for.
    tenant: TenantId,
    /// The cluster's id.
    cluster: String,
) -> impl IntoView {
    match cluster.parse() {
        Ok(cluster_id) => {
            let show = ShowCluster { tenant_id: tenant.clone(), cluster_id };
            let target = Target { connection, tenant, id: cluster };
            view! { <Found target show /> }.into_any()
        }
        // No service would know it.
        Err(why) => {
            let problem = bad_path(why);
            view! { <PageHead title=cluster /> <ProblemView problem=Signal::stored(problem) /> }.into_any()
        }
    }
}

/// Follows a cluster with what happens within its steps.
pub(super) fn follow(connection: &str, show: &ShowCluster) -> Told {
    reply(connection, show, &ClusterQuery { show_progress: Some(true) })
}

#[component]
fn Found(target: Target, show: ShowCluster) -> impl IntoView {
    let i18n = use_i18n();
    let Target { connection, id, .. } = target.clone();
    let told = follow(&connection, &show);
    watch(told.polled);
    let own = id.clone();
    let name = memo(move || told.map(|reply| named(&reply.cluster)).flatten().unwrap_or_else(|| own.clone()));
    let status = memo(move || told.map(|reply| reply.cluster.status.clone().unwrap_or_default()));
    let gone = memo(move || {
        told.value.with(Option::is_some) && told.polled.problem.with(|problem| problem.as_ref().is_some_and(is_missing))
    });
    let dialect = memo(move || told.map(|reply| reply.cluster.dialect()));
    let terminating = RwSignal::new(false);
    let off_gone = move || gone.get().then(|| t_string!(i18n, savanna.off_gone).to_string());
    let role = off_role(&connection, words!(savanna.scale_off_role));
    let off_scale = Signal::derive(move || {
        let why = || off_gone().or_else(|| off_status(i18n, &status.get().unwrap_or_default()));
        role.get().or_else(why)
    });
    let role = off_role(&connection, words!(savanna.terminate_off_role));
    let off_terminate = Signal::derive(move || {
        let deleting = status.with(|status| status.as_deref() == Some("Deleting"));
        let why = || deleting.then(|| t_string!(i18n, savanna.off_deleting).to_string());
        role.get().or_else(off_gone).or_else(why)
    });
    let scale = Place::Scale(connection.clone(), id.clone()).href();
    let scale = Callback::new(move |()| address::go(&scale));
    let acts = move || {
        when(
            move || told.value.with(Option::is_some),
            move || {
                view! {
                    <Button weight=Weight::Primary off=off_scale press=scale>{words!(savanna.scale)}</Button>
                    <Button weight=Weight::Danger off=off_terminate press=Callback::new(move |()| terminating.set(true))>
                        {words!(savanna.terminate)}
                    </Button>
                }
                .into_any()
            },
        )
    };
    let copied = id.clone();
    let facts = move || {
        view! {
            {live(move || match status.get() {
                Some(_) if gone.get() => view! { <Mark kind=Kind::Ended word=words!(savanna.gone) /> }.into_any(),
                Some(status) => {
                    let kind = lifecycle::kind(&status);
                    view! { <Mark kind=kind word=string(move || lifecycle::word(i18n, &status)) /> }.into_any()
                }
                None => ().into_any(),
            })}
            {live(move || match told.map(|reply| kind_of(&reply.cluster)) {
                Some(kind) if !kind.is_empty() => view! { <span class="page-head-fact">{kind}</span> }.into_any(),
                _ => ().into_any(),
            })}
            // While the id is all that is known it stands in the title.
            {when(
                move || told.value.with(Option::is_some),
                move || view! { <Copyable text=Signal::stored(copied.clone()) limit=40 /> }.into_any(),
            )}
        }
        .into_any()
    };
    let stale = Signal::derive(move || told.polled.problem.get().filter(|_| !gone.get()));
    let (target, raw) = (StoredValue::new(target), StoredValue::new(show));
    view! {
        <PageHead title=name facts=facts acts=acts />
        <StaleNote seen=told.polled.seen problem=stale />
        {when(move || gone.get(), || view! {
            <div class="again-note" role="status">
                <Mark kind=Kind::Ended word=words!(savanna.gone) />
                <p>{words!(savanna.gone_text)}</p>
            </div>
        }.into_any())}
        {told.shown(words!(savanna.cluster_loading), move || {
            let Target { connection, tenant, .. } = target.get_value();
            view! {
                <Trouble told=told status=status />
                {when(move || !gone.get(), move || view! { <Lifecycle told=told /> }.into_any())}
                <Groups told=told />
                {links(told)}
                {facts_of(told, &connection)}
                {when(move || dialect.get() == Some(Dialect::Today), move || {
                    view! { <Health told=told target=target.get_value() gone=gone /> }.into_any()
                })}
                <Options told=told connection=connection.clone() tenant=tenant.clone() />
                <Steps told=told />
                <Raw connection=connection operation=raw.get_value() />
            }
            .into_any()
        })}
        <History connection=connection cluster=id />
        <Terminate
            open=terminating
            target=target.get_value()
            name=name.into()
            look=Callback::new(move |()| told.polled.refresh())
        />
        <PageFoot>{acts()}</PageFoot>
    }
}

/// Whether the service does not know it any more.
pub(super) fn is_missing(problem: &Problem) -> bool {
    problem.code == Code::ServiceAnswered && problem.service.as_ref().is_some_and(|service| service.status == 404)
}

/// Its name, where it has one that can be seen.
pub(super) fn named(cluster: &Cluster) -> Option<String> {
    cluster.name.clone().filter(|name| !name.trim().is_empty())
}

/// Its plugin with the version.
fn kind_of(cluster: &Cluster) -> String {
    let parts = [&cluster.plugin_name, &cluster.hadoop_version].into_iter().flatten().map(String::as_str);
    parts.collect::<Vec<_>>().join(" ")
}

/// Why a cluster of a status cannot be scaled.
pub(super) fn off_status(i18n: I18nContext<Locale>, status: &str) -> Option<String> {
    (status != "Active").then(|| {
        let status = lifecycle::word(i18n, status);
        t_string!(i18n, savanna.off_status, status = status).to_string()
    })
}

/// What the service says of how it stands: why it is broken, or why what was wanted of it last did not come to be.
#[component]
fn Trouble(told: Told, status: Memo<Option<String>>) -> impl IntoView {
    let broken = memo(move || status.with(|status| status.as_deref() == Some("Error")));
    let said = memo(move || {
        let said = told.map(|reply| reply.cluster.status_description.clone()).flatten();
        said.map(|said| said.trim().to_owned()).filter(|said| !said.is_empty())
    });
    when(
        move || broken.get() || said.with(Option::is_some),
        move || {
            view! {
                <section class="again-note diagnostics" aria-labelledby="trouble">
                    <h2 id="trouble">{words!(savanna.trouble)}</h2>
                    {when(move || broken.get(), || view! { <p>{words!(savanna.trouble_text)}</p> }.into_any())}
                    {when(move || said.with(Option::is_some), move || {
                        let said = string(move || said.get().unwrap_or_default());
                        view! { <Copyable text=said block=Some(words!(savanna.trouble)) /> }.into_any()
                    })}
                </section>
            }
            .into_any()
        },
    )
}

#[cfg(test)]
mod tests {
    use howdah_shared::problem::ServiceWords;

    use super::*;

    #[test]
    fn only_the_services_own_404_says_that_it_is_gone() {
        let said = |code, status| Problem {
            service: Some(ServiceWords { status, message: String::new() }),
            ..Problem::new(code, "")
        };
        assert!(is_missing(&said(Code::ServiceAnswered, 404)));
        assert!(!is_missing(&said(Code::ServiceAnswered, 400)));
        assert!(!is_missing(&said(Code::UpstreamFailed, 404)));
        assert!(!is_missing(&Problem::new(Code::NotFound, "")));
    }

    #[test]
    fn what_is_not_told_of_its_kind_is_left_out() {
        let of = |plugin: Option<&str>, version: Option<&str>| {
            kind_of(&Cluster {
                plugin_name: plugin.map(str::to_owned),
                hadoop_version: version.map(str::to_owned),
                ..Cluster::default()
            })
        };
        assert_eq!(of(Some("vanilla"), Some("1.2.1")), "vanilla 1.2.1");
        assert_eq!(of(None, None), "");
    }
}
