//! Giving a cluster more or less nodes: its groups as they are and as they will be, new ones from templates, and what
//! that changes.

use std::collections::BTreeMap;

use howdah_shared::operation::Nothing;
use howdah_shared::problem::Problem;
use howdah_shared::systems::savanna::{Cluster, NodeGroupTemplate, ScaleCluster, ShowCluster, TenantId};
use leptos::prelude::*;

use super::cluster::{Told, follow, named, off_status};
use super::scale_fields::{Fields, Texts};
use super::scale_form::{Draft, Field, Form, Group, Why};
use super::told::node_group_templates;
use super::words::rule_words;
use crate::address;
use crate::api::{At, bad_path, change};
use crate::components::attempt::{SendActs, Sending, Sent};
use crate::components::freshness::{StaleNote, watch};
use crate::components::page::PageHead;
use crate::components::problem::ProblemView;
use crate::components::question::off_role;
use crate::i18n::*;
use crate::kept::forget;
use crate::routes::Place;
use crate::ui::button::Button;
use crate::ui::copyable::Copyable;
use crate::ui::format;
use crate::ui::live::{effect, live, memo, string, when};
use crate::ui::mark::{Kind, Mark};

/// The page.
#[component]
pub(super) fn Scale(
    /// The connection's name.
    connection: String,
    /// The tenant that it works for.
    tenant: TenantId,
    /// The cluster's id.
    cluster: String,
) -> impl IntoView {
    match cluster.parse() {
        Ok(cluster_id) => {
            let show = ShowCluster { tenant_id: tenant, cluster_id };
            view! { <Found connection show cluster /> }.into_any()
        }
        // No service would know it.
        Err(why) => {
            let problem = bad_path(why);
            view! { <PageHead title=cluster /> <ProblemView problem=Signal::stored(problem) /> }.into_any()
        }
    }
}

#[component]
fn Found(connection: String, show: ShowCluster, cluster: String) -> impl IntoView {
    let i18n = use_i18n();
    let told = follow(&connection, &show);
    watch(told.polled);
    let own = cluster.clone();
    let name = memo(move || told.map(|reply| named(&reply.cluster)).flatten().unwrap_or_else(|| own.clone()));
    let title = string(move || t_string!(i18n, savanna.scale_title, name = name.get()).to_string());
    let (connection, show) = (StoredValue::new(connection), StoredValue::new(show));
    view! {
        <PageHead title=title />
        <StaleNote seen=told.polled.seen problem=told.polled.problem />
        {told.shown(words!(savanna.cluster_loading), move || {
            view! { <ScaleForm told=told connection=connection.get_value() show=show.get_value() name=name /> }.into_any()
        })}
    }
}

/// The templates of which a group can be made; `None` until they are known.
type Templates = RwSignal<Option<Result<Vec<NodeGroupTemplate>, Problem>>>;

/// Asks for those of the cluster's plugin and version.
fn templates(connection: &str, tenant: &TenantId, cluster: &Cluster) -> Templates {
    let known: Templates = RwSignal::new(None);
    let (connection, tenant) = (connection.to_owned(), tenant.clone());
    let (plugin, version) = (cluster.plugin_name.clone(), cluster.hadoop_version.clone());
    leptos::task::spawn_local(async move {
        let answer = node_group_templates(&connection, tenant).await;
        let fits = |template: &NodeGroupTemplate| template.plugin_name == plugin && template.hadoop_version == version;
        let fitting = |every: Vec<NodeGroupTemplate>| every.into_iter().filter(fits).collect();
        // The page may be gone by now.
        known.try_set(Some(answer.map(fitting)));
    });
    known
}

#[component]
fn ScaleForm(told: Told, connection: String, show: ShowCluster, name: Memo<String>) -> impl IntoView {
    let i18n = use_i18n();
    let ShowCluster { tenant_id, cluster_id } = show.clone();
    let id = cluster_id.as_str().to_owned();
    // The form keeps the groups that it began with; their counts may change under it, and are shown as they are.
    let first = told.map(|reply| reply.cluster.clone()).unwrap_or_default();
    let known = templates(&connection, &tenant_id, &first);
    let place = StoredValue::new(format!("howdah.scale/{connection}/{id}"));
    let drawer = StoredValue::new(format!("howdah.scale-draft/{connection}/{id}"));
    let draft = drawer.with_value(|drawer| Draft::kept(drawer));
    let found = RwSignal::new(draft.is_some());
    let texts = Texts::of(&first, draft.unwrap_or_default());
    let status = memo(move || told.map(|reply| reply.cluster.status.clone().unwrap_or_default()).unwrap_or_default());
    let dialect = first.dialect();
    let now = memo(move || {
        let of = |cluster: &Cluster| {
            let each = cluster.node_groups.iter();
            let count = |group: &howdah_shared::systems::savanna::NodeGroup| {
                Some((group.name.clone()?, group.count.unwrap_or_default()))
            };
            each.filter_map(count).collect::<BTreeMap<_, _>>()
        };
        told.map(|reply| of(&reply.cluster)).unwrap_or_default()
    });
    let form = memo(move || {
        let groups = texts.groups.with_value(|groups| {
            let group = |(name, typed): &(String, RwSignal<String>)| {
                // One that is gone meanwhile has no nodes.
                let now = now.with(|now| now.get(name).copied().unwrap_or_default());
                Group { name: name.clone(), now, typed: typed.get() }
            };
            groups.iter().map(group).collect()
        });
        Form { groups, added: texts.added() }
    });
    let made = StoredValue::new(false);
    effect(move || {
        let draft = form.with(Form::draft);
        if !made.get_value() {
            drawer.with_value(|drawer| draft.keep(drawer));
        }
    });
    let said = RwSignal::new(None::<(Form, Field, String)>);
    let faults = memo(move || {
        let mut faults = name.with(|name| form.with(|form| form.faults(name, dialect)));
        said.with(|said| {
            // What the service said of a field holds as long as nobody changes what was sent.
            if let Some((sent, field, words)) = said
                && form.with(|form| form == sent)
            {
                faults.entry(*field).or_insert(Why::Said(words.clone()));
            }
        });
        faults
    });
    let sending = Sending::new();
    let busy = sending.busy;
    let role = off_role(&connection, words!(savanna.scale_off_role));
    let off = Signal::derive(move || {
        let own = || match form.with(Form::is_idle) {
            true => Some(t_string!(i18n, savanna.scale_off_idle).to_string()),
            false => {
                let wrong = faults.with(|faults| faults.values().any(|why| !matches!(why, Why::Said(_))));
                wrong.then(|| t_string!(i18n, savanna.scale_off_fault).to_string())
            }
        };
        role.get().or_else(|| off_status(i18n, &status.get())).or_else(own)
    });
    let to = Place::Cluster(connection.clone(), id);
    let back = to.href();
    let connection = StoredValue::new(connection);
    let send = Callback::new(move |()| {
        if busy.get_untracked() || off.with_untracked(Option::is_some) {
            return;
        }
        said.set(None);
        let (sent, to, at) = (form.get_untracked(), to.clone(), connection.get_value());
        let operation = ScaleCluster { tenant_id: tenant_id.clone(), cluster_id: cluster_id.clone() };
        let (body, drawn) = (sent.scaling(), drawer.get_value());
        let run = move |key: String| -> Sent<()> {
            Box::pin(async move {
                change(At::Connection(&at), &operation, &Nothing {}, &body, Some(&key)).await?;
                // The page may be gone by now.
                made.try_set_value(true);
                forget(&drawn);
                Ok(())
            })
        };
        sending.go(place.get_value(), run, move |outcome| match outcome {
            Ok(()) => address::go(&to.href()),
            Err(problem) => {
                let words = problem.service.as_ref().map(|service| service.message.clone()).unwrap_or_default();
                if let Some(field) = sent.named(&words) {
                    let words = words.lines().next().unwrap_or_default().to_owned();
                    said.set(Some((sent, field, words)));
                }
                told.polled.refresh();
            }
        });
    });
    let clear = Callback::new(move |()| {
        now.with_untracked(|now| texts.clear(now));
        found.set(false);
    });
    let submit = move |event: web_sys::SubmitEvent| {
        event.prevent_default();
        send.run(());
    };
    let sent = string(move || form.with(|form| serde_json::to_string_pretty(&form.scaling()).unwrap_or_default()));
    let act = string(move || match form.with(Form::nodes) {
        1 => t_string!(i18n, savanna.scale_act_one).to_string(),
        nodes => t_string!(i18n, savanna.scale_act, count = format::count(nodes)).to_string(),
    });
    let words = Callback::new(move |why: Why| match why {
        Why::Rule(rule) => rule_words(i18n, rule),
        Why::NoNumber => t_string!(i18n, savanna.scale_no_number).to_string(),
        Why::NoTemplate => t_string!(i18n, savanna.scale_no_template).to_string(),
        Why::NoNodes => t_string!(i18n, savanna.scale_no_nodes).to_string(),
        Why::Said(said) => t_string!(i18n, savanna.scale_said, said = said).to_string(),
    });
    view! {
        <form class="again" novalidate=true on:submit=submit>
            <div class="again-fields">
                {live(move || match off_status(i18n, &status.get()) {
                    Some(why) => view! {
                        <p class="again-note" role="status"><Mark kind=Kind::Moving word=why /></p>
                    }
                    .into_any(),
                    None => ().into_any(),
                })}
                {when(move || found.get(), move || view! {
                    <div class="again-note" role="status">
                        <p>{words!(form.draft)}</p>
                        <Button press=clear>{words!(submit.anew)}</Button>
                    </div>
                }.into_any())}
                <Fields texts=texts now=now known=known faults=faults words=words busy=busy />
            </div>
            <div class="again-side">
                <section class="again-changes" aria-labelledby="changes">
                    <h2 id="changes">{words!(savanna.scale_changes)}</h2>
                    <Difference form=form />
                    {when(move || form.with(Form::shrinks), || view! {
                        <ul class="again-warnings"><li>
                            <Mark kind=Kind::Caution word=words!(savanna.scale_shrinks) />
                        </li></ul>
                    }.into_any())}
                </section>
                <details class="folded">
                    <summary>{words!(savanna.scale_sent)}</summary>
                    <Copyable text=sent block=Some(words!(savanna.scale_sent)) />
                </details>
                <SendActs sending=sending act=act off=off back=back />
            </div>
        </form>
    }
}

/// The groups that would be otherwise: as they are, as they would be.
#[component]
fn Difference(form: Memo<Form>) -> impl IntoView {
    let i18n = use_i18n();
    let changes = memo(move || form.with(Form::changes));
    live(move || {
        let changes = changes.get();
        if changes.is_empty() {
            return view! { <p>{words!(savanna.scale_none)}</p> }.into_any();
        }
        let line = |(name, now, then): (String, Option<i64>, i64)| {
            let by = then - now.unwrap_or_default();
            let by = if by > 0 { format!("+{}", format::count(by)) } else { format::count(by) };
            let now = now.map_or_else(|| t_string!(i18n, savanna.scale_new).to_string(), format::count);
            view! {
                <tr>
                    <th scope="row">{name}</th>
                    <td class="again-before">{now}</td>
                    <td>{format::count(then)} " (" {by} ")"</td>
                </tr>
            }
        };
        view! {
            <table class="again-difference">
                <thead>
                    <tr>
                        <th scope="col">{words!(savanna.group)}</th>
                        <th scope="col">{words!(savanna.scale_now)}</th>
                        <th scope="col">{words!(savanna.scale_then)}</th>
                    </tr>
                </thead>
                <tbody>{changes.into_iter().map(line).collect_view()}</tbody>
            </table>
        }
        .into_any()
    })
}
