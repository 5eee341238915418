//! A template: what is made of it, and what can be done with it.

use howdah_shared::operation::{Nothing, Operation};
use howdah_shared::problem::Problem;
use howdah_shared::systems::savanna::{
    ClusterTemplate, ClusterTemplateId, Configs, DeleteClusterTemplate, DeleteNodeGroupTemplate, Dialect, NodeGroup,
    NodeGroupTemplateId, NodeGroupTemplateReply, ShowClusterTemplate, ShowNodeGroupTemplate, TenantId,
};
use leptos::prelude::*;

use super::form::What;
use super::known::dialect;
use super::maker::list_of;
use super::portable::portable;
use super::tenant::place;
use super::told::template;
use super::words::{shares_word, when_word};
use crate::address;
use crate::api::{At, bad_path, change};
use crate::components::freshness::{StaleNote, watch};
use crate::components::page::{PageFoot, PageHead};
use crate::components::problem::{ProblemLine, ProblemView};
use crate::components::question::{Pending, Question, off_role};
use crate::components::raw::Raw;
use crate::components::reply::{Reply, reply};
use crate::i18n::*;
use crate::routes::Place;
use crate::ui::button::{Button, ButtonLink, Weight};
use crate::ui::copyable::Copyable;
use crate::ui::csv::save_as;
use crate::ui::facts::{Fact, Facts, told};
use crate::ui::format::cut_middle;
use crate::ui::live::{live, memo, string};

/// What the page knows of a template of either kind.
#[derive(Clone, Debug, Default, PartialEq)]
struct Known {
    whole: ClusterTemplate,
    /// What a template of a group has.
    group: Option<NodeGroup>,
}

/// The page of a template of a group of nodes.
#[component]
pub(super) fn NodeGroupTemplatePage(connection: String, tenant: TenantId, id: String) -> impl IntoView {
    let Ok(node_group_template_id) = id.parse::<NodeGroupTemplateId>() else { return no_id(&id) };
    let show = ShowNodeGroupTemplate { tenant_id: tenant.clone(), node_group_template_id };
    let told = reply(&connection, &show, &Nothing {});
    let known = memo(move || told.map(of_nodes));
    let raw = view! { <Raw connection=connection.clone() operation=show /> }.into_any();
    page(connection, tenant, What::Nodes, id, told, known, raw)
}

/// The page of a template of a cluster.
#[component]
pub(super) fn ClusterTemplatePage(connection: String, tenant: TenantId, id: String) -> impl IntoView {
    let Ok(cluster_template_id) = id.parse::<ClusterTemplateId>() else { return no_id(&id) };
    let show = ShowClusterTemplate { tenant_id: tenant.clone(), cluster_template_id };
    let told = reply(&connection, &show, &Nothing {});
    let known = memo(move || told.map(|reply| Known { whole: reply.cluster_template.clone(), group: None }));
    let raw = view! { <Raw connection=connection.clone() operation=show /> }.into_any();
    page(connection, tenant, What::Template, id, told, known, raw)
}

fn no_id(id: &str) -> AnyView {
    match id.parse::<ClusterTemplateId>() {
        Ok(_) => ().into_any(),
        Err(why) => view! { <ProblemView problem=Signal::stored(bad_path(why)) /> }.into_any(),
    }
}

fn of_nodes(reply: &NodeGroupTemplateReply) -> Known {
    let told = reply.node_group_template.clone();
    let whole = ClusterTemplate {
        id: told.group.id.clone(),
        name: told.group.name.clone(),
        description: told.description,
        plugin_name: told.plugin_name,
        hadoop_version: told.hadoop_version,
        cluster_configs: told.group.node_configs.clone(),
        created: told.group.created.clone(),
        created_at: told.group.created_at.clone(),
        updated: told.group.updated.clone(),
        updated_at: told.group.updated_at.clone(),
        shares: told.group.shares.clone(),
        is_default: told.is_default,
        is_public: told.is_public,
        is_protected: told.is_protected,
        use_autoconfig: told.group.use_autoconfig,
        ..ClusterTemplate::default()
    };
    Known { whole, group: Some(told.group) }
}

fn page<T: PartialEq + Send + Sync + 'static>(
    connection: String,
    tenant: TenantId,
    what: What,
    id: String,
    reply: Reply<T>,
    known: Memo<Option<Known>>,
    raw: AnyView,
) -> AnyView {
    let i18n = use_i18n();
    watch(reply.polled);
    let dialect = dialect(&connection);
    let own = StoredValue::new(id);
    let name = string(move || {
        let name = known.with(|known| known.as_ref().and_then(|known| known.whole.name.clone()));
        name.unwrap_or_else(|| own.get_value())
    });
    let role = off_role(&connection, words!(form.off_role));
    let (ending, failed) = (RwSignal::new(false), RwSignal::new(None::<Problem>));
    let at = StoredValue::new((connection.clone(), tenant));
    let export = Callback::new(move |()| {
        leptos::task::spawn_local(async move {
            let (connection, tenant) = at.get_value();
            match template(&connection, tenant, what, &own.get_value()).await {
                Ok(told) => {
                    let text = serde_json::to_string_pretty(&portable(what, &told)).unwrap_or_default();
                    // The browser may refuse: then nothing is saved, and it says so itself.
                    drop(save_as(&format!("{}.json", name.get_untracked()), "application/json", &text));
                }
                Err(problem) => drop(failed.try_set(Some(problem))),
            }
        });
    });
    let of = connection.clone();
    let edit_off = Signal::derive(move || {
        let protected = known.with(|known| known.as_ref().is_some_and(|known| known.whole.is_protected == Some(true)));
        role.get()
            .or_else(|| (dialect.get() == Dialect::Reference).then(|| t_string!(i18n, templates.off_edit).to_string()))
            .or_else(|| protected.then(|| t_string!(i18n, templates.off_protected).to_string()))
    });
    let acts = ViewFn::from(move || {
        let id = own.get_value();
        let of = of.clone();
        let (new, edit) = match what {
            What::Nodes => {
                (Place::NewNodeGroupTemplate(of.clone()), Place::EditNodeGroupTemplate(of.clone(), id.clone()))
            }
            _ => (Place::NewClusterTemplate(of.clone()), Place::EditClusterTemplate(of.clone(), id.clone())),
        };
        let copy = new.href_with(&[("from", &id)]);
        let launch = (what == What::Template).then(|| {
            let href = Place::Launch(of).href_with(&[("template", &id)]);
            view! { <ButtonLink weight=Weight::Primary href=Signal::stored(href)>{words!(launch.title)}</ButtonLink> }
        });
        let edit = edit.href();
        view! {
            {launch}
            <Button off=edit_off press=Callback::new(move |()| address::go(&edit))>{words!(templates.edit)}</Button>
            <ButtonLink href=Signal::stored(copy)>{words!(templates.copy)}</ButtonLink>
            <Button press=export>{words!(templates.export)}</Button>
            <Button weight=Weight::Danger off=role press=Callback::new(move |()| ending.set(true))>
                {words!(templates.delete)}
            </Button>
        }
    });
    let foot = acts.clone();
    let end = Callback::new(move |key: String| -> Pending {
        let (connection, tenant) = at.get_value();
        Box::pin(async move {
            let request = deleted(&connection, tenant, what, &own.get_value(), &key).await?;
            address::go(&list_of(what, connection).href());
            Ok(request)
        })
    });
    let facts = place(&connection);
    view! {
        <PageHead title=name facts=facts acts=move || acts.run() />
        <StaleNote seen=reply.polled.seen problem=reply.polled.problem />
        {live(move || match failed.get() {
            Some(problem) => view! { <ProblemLine problem=Signal::stored(problem) /> }.into_any(),
            None => ().into_any(),
        })}
        {reply.shown(words!(templates.loading_one), move || {
            let connection = connection.clone();
            live(move || match known.get() {
                Some(known) => shown(&connection, own.get_value(), known),
                None => ().into_any(),
            })
        })}
        {raw}
        <PageFoot>{foot.run()}</PageFoot>
        <Question
            open=ending
            title=string(move || t_string!(i18n, templates.delete_title, name = name.get()).to_string())
            act=words!(templates.delete_act)
            off=role
            run=end
            done=words!(templates.deleted)
        >
            <p>{words!(templates.delete_text)}</p>
        </Question>
    }
    .into_any()
}

async fn deleted(
    connection: &str,
    tenant_id: TenantId,
    what: What,
    id: &str,
    key: &str,
) -> Result<Option<String>, Problem> {
    async fn send<O: Operation<Query = Nothing, Body = Nothing>>(
        connection: &str,
        operation: O,
        key: &str,
    ) -> Result<Option<String>, Problem> {
        let changed = change(At::Connection(connection), &operation, &Nothing {}, &Nothing {}, Some(key)).await?;
        Ok(changed.request_id)
    }
    match what {
        What::Nodes => {
            let node_group_template_id = id.parse().map_err(bad_path)?;
            send(connection, DeleteNodeGroupTemplate { tenant_id, node_group_template_id }, key).await
        }
        _ => {
            let cluster_template_id = id.parse().map_err(bad_path)?;
            send(connection, DeleteClusterTemplate { tenant_id, cluster_template_id }, key).await
        }
    }
}

fn shown(connection: &str, id: String, known: Known) -> AnyView {
    let language = use_i18n().get_locale();
    let Known { whole, group } = known;
    let fact = |name: Signal<String>, text: Option<String>| told(name, move || text.clone());
    let flag = |name: Signal<String>, flag: Option<bool>| {
        let word = match flag {
            Some(true) => Some(words!(form.yes)),
            Some(false) => Some(words!(form.no)),
            None => None,
        };
        word.map(|word| view! { <Fact name=name>{word}</Fact> })
    };
    let plugin = whole.plugin_name.clone().zip(whole.hadoop_version.clone()).map(|(name, version)| {
        let href = Place::PluginVersion(connection.to_owned(), name.clone(), version.clone()).href();
        view! { <Fact name=words!(form.plugin)><a href=href>{format!("{name} {version}")}</a></Fact> }
    });
    let image = whole.default_image_id.clone().or_else(|| group.as_ref()?.image_id.clone()).map(|id| {
        let href = Place::Image(connection.to_owned(), id.clone()).href();
        view! { <Fact name=words!(form.image)><a href=href title=id.clone()><code>{cut_middle(&id, 20)}</code></a></Fact> }
    });
    let network = whole.neutron_management_network.filter(|id| !id.is_empty()).map(|id| {
        view! { <Fact name=words!(form.network)><Copyable text=Signal::stored(id) limit=20 /></Fact> }
    });
    let anti_affinity = (!whole.anti_affinity.is_empty()).then(|| whole.anti_affinity.join(", "));
    let nodes = group.map(|group| {
        let number = |number: Option<i64>| number.map(|number| number.to_string());
        // Volumes that are not there have no size.
        let size = group.volumes_size.filter(|_| group.volumes_per_node.is_some_and(|count| count > 0));
        let size = size.map(|size| format!("{size} GiB"));
        view! {
            {fact(words!(form.flavor), group.flavor_id)}
            {fact(words!(form.processes), Some(group.node_processes.join(", ")))}
            {fact(words!(form.volumes), number(group.volumes_per_node))}
            {fact(words!(form.volume_size), size)}
            {fact(words!(form.mount), group.volume_mount_prefix)}
            {fact(words!(form.pool), group.floating_ip_pool)}
            {fact(words!(form.zone), group.availability_zone)}
            {fact(words!(form.security_groups), Some(group.security_groups.join(", ")))}
        }
    });
    view! {
        <Facts>
            <Fact name=words!(images.id)><Copyable text=Signal::stored(id) limit=20 /></Fact>
            {plugin}
            {fact(words!(form.description), whole.description)}
            {image}
            {network}
            {fact(words!(form.anti_affinity), anti_affinity)}
            {nodes}
            {fact(words!(form.shares), shares_word(language, &whole.shares))}
            {flag(words!(form.autoconfig), whole.use_autoconfig)}
            {flag(words!(form.public), whole.is_public)}
            {flag(words!(form.protected), whole.is_protected)}
            {fact(words!(images.made), when_word(language, whole.created_at.or(whole.created).as_ref()))}
            {fact(words!(images.updated), when_word(language, whole.updated_at.or(whole.updated).as_ref()))}
        </Facts>
        {(!whole.node_groups.is_empty()).then(|| groups(connection, &whole.node_groups))}
        {options(&whole.cluster_configs)}
    }
    .into_any()
}

fn groups(connection: &str, groups: &[NodeGroup]) -> AnyView {
    let rows = groups.iter().map(|group| {
        let name = group.name.clone().unwrap_or_default();
        let template = group.node_group_template_id.clone().map(|id| {
            let href = Place::NodeGroupTemplate(connection.to_owned(), id.clone()).href();
            view! { <a href=href title=id.clone()><code>{cut_middle(&id, 20)}</code></a> }
        });
        view! {
            <tr>
                <th scope="row">{name}</th>
                <td class="number">{group.count.map(|count| count.to_string())}</td>
                <td>{group.node_processes.join(", ")}</td>
                <td>{group.flavor_id.clone()}</td>
                <td>{template}</td>
            </tr>
        }
    });
    view! {
        <section class="template-part" aria-labelledby="template-groups">
            <h2 id="template-groups">{words!(form.groups)}</h2>
            <div class="figures-scroll" tabindex="0">
                <table class="figures figures-words">
                    <thead>
                        <tr>
                            <th scope="col">{words!(form.name)}</th>
                            <th scope="col">{words!(form.count)}</th>
                            <th scope="col">{words!(form.processes)}</th>
                            <th scope="col">{words!(form.flavor)}</th>
                            <th scope="col">{words!(form.group_template)}</th>
                        </tr>
                    </thead>
                    <tbody>{rows.collect_view()}</tbody>
                </table>
            </div>
        </section>
    }
    .into_any()
}

fn options(configs: &Configs) -> AnyView {
    let set = configs.0.iter().flat_map(|(target, named)| named.iter().map(move |(name, value)| (target, name, value)));
    let rows: Vec<_> = set
        .map(|(target, name, value)| {
            view! {
                <tr><td>{target.clone()}</td><th scope="row"><code>{name.clone()}</code></th><td>{value.to_string()}</td></tr>
            }
        })
        .collect();
    if rows.is_empty() {
        return ().into_any();
    }
    view! {
        <section class="template-part" aria-labelledby="template-options">
            <h2 id="template-options">{words!(form.options)}</h2>
            <div class="figures-scroll" tabindex="0">
                <table class="figures figures-words">
                    <thead>
                        <tr>
                            <th scope="col">{words!(plugins.service)}</th>
                            <th scope="col">{words!(plugins.option)}</th>
                            <th scope="col">{words!(form.value)}</th>
                        </tr>
                    </thead>
                    <tbody>{rows}</tbody>
                </table>
            </div>
        </section>
    }
    .into_any()
}
