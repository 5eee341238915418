//! The fields of a form.

use howdah_shared::systems::savanna::Dialect;
use leptos::prelude::*;

use super::form::What;
use super::group_fields::Groups;
use super::members::{FLAVORS, IMAGES, KEY_PAIRS, Member, NETWORKS, POOLS};
use super::option_fields::OptionFields;
use super::processes::processes;
use super::select::{offered, select, suggestions, with_own};
use super::share_fields::ShareFields;
use super::sheet::Sheet;
use crate::ui::live::{effect, live, memo, when};

/// All fields.
#[component]
pub(super) fn Fields(
    /// The form.
    sheet: Sheet,
    /// Has a cluster get groups of its own in the place of its template's.
    own_groups: Callback<()>,
    /// What stands beside the choice of an image.
    #[prop(into)]
    beside_image: ViewFn,
) -> impl IntoView {
    let form = sheet.form;
    let member = move |name: &str| form.texts.members.iter().find(|member| member.name == name);
    let field = move |name: &'static str| match (member(name), form.texts.of(name)) {
        (Some(member), Some(text)) => sheet.field(format!("form-{name}"), name.to_owned(), member, text),
        _ => ().into_any(),
    };
    let is_there = move |member: &&'static Member| !member.today || sheet.dialect.get() == Dialect::Today;
    let more = live(move || {
        let others = form.texts.members.iter().filter(|member| !member.first).filter(is_there);
        let fields = others.map(|member| field(member.name)).collect_view();
        view! { <div class="again-numbers">{fields}</div> }.into_any()
    });
    let shares = when(
        move || sheet.dialect.get() == Dialect::Today,
        move || view! { <ShareFields sheet=sheet place="shares".to_owned() shares=form.shares /> }.into_any(),
    );
    let options = view! { <OptionFields
        sheet=sheet
        id="form".to_owned()
        place=form.what.options().to_owned()
        options=form.options
        fits=Callback::new(move |config| form.what.has(&config))
    /> };
    view! {
        <section class="form-part" aria-labelledby="form-what">
            <h2 id="form-what">{words!(form.what)}</h2>
            <div class="again-numbers">
                {field("name")}
                {field("description")}
                {choice(sheet)}
            </div>
        </section>
        {(form.what == What::Cluster).then(|| view! { <Template sheet=sheet /> })}
        <section class="form-part" aria-labelledby="form-machines">
            <h2 id="form-machines">{words!(form.machines)}</h2>
            <div class="again-numbers">
                {(form.what == What::Nodes).then(|| field("flavor_id"))}
                {(form.what == What::Cluster).then(|| view! { <div>{image(sheet)}{beside_image.run()}</div> })}
                {(form.what != What::Nodes).then(|| field("neutron_management_network"))}
                {(form.what == What::Cluster).then(|| field("user_keypair_id"))}
            </div>
            {(form.what == What::Nodes).then(|| {
                processes(sheet, "node_processes".to_owned(), form.processes, words!(form.processes))
            })}
        </section>
        {(form.what != What::Nodes).then(|| view! { <Groups sheet=sheet own_groups=own_groups /> })}
        <section class="form-part" aria-labelledby="form-options">
            <h2 id="form-options">{words!(form.options)}</h2>
            {options}
        </section>
        {(form.what != What::Nodes).then(|| view! {
            <details class="folded">
                <summary>{words!(form.anti_affinity)}</summary>
                {processes(sheet, "anti_affinity".to_owned(), form.processes, words!(form.anti_affinity_of))}
            </details>
        })}
        <details class="folded">
            <summary>{words!(form.more)}</summary>
            {more}
            {shares}
        </details>
        {[FLAVORS, NETWORKS, KEY_PAIRS, POOLS, IMAGES].map(|list| {
            let known = memo(move || sheet.choices(list));
            suggestions(list, move || known.get())
        })}
    }
}

/// The plugin and its version.
fn choice(sheet: Sheet) -> AnyView {
    let texts = sheet.form.texts;
    let (Some(plugin), Some(version)) = (texts.of("plugin_name"), texts.of("hadoop_version")) else {
        return ().into_any();
    };
    let versions = sheet.plugins.versions;
    // Of another plugin there are other versions: the only one is chosen.
    let shown = memo(move || {
        let plugin = plugin.get();
        versions
            .with(|known| known.iter().find(|(name, _)| *name == plugin).map(|(_, of)| of.clone()))
            .unwrap_or_default()
    });
    effect(move || {
        let offered = shown.get();
        if !offered.is_empty() && !offered.contains(&version.get_untracked()) {
            version.set(if let [only] = &offered[..] { only.clone() } else { String::new() });
        }
    });
    let none = words!(form.choose);
    let empty = |text: RwSignal<String>| Signal::derive(move || text.with(String::is_empty));
    let names = live(move || {
        let mut names: Vec<String> = versions.with(|known| known.iter().map(|(name, _)| name.clone()).collect());
        with_own(&mut names, plugin);
        let fault = sheet.fault("plugin_name".to_owned(), empty(plugin));
        select("form-plugin_name".to_owned(), words!(form.plugin), fault, sheet.busy, plugin, offered(none, names))
    });
    let of = live(move || {
        let mut of = shown.get();
        with_own(&mut of, version);
        let fault = sheet.fault("hadoop_version".to_owned(), empty(version));
        select("form-hadoop_version".to_owned(), words!(form.version), fault, sheet.busy, version, offered(none, of))
    });
    view! { {names}{of} }.into_any()
}

/// The image of a cluster: one of those that have the tags which the plugin needs.
fn image(sheet: Sheet) -> AnyView {
    let Some(image) = sheet.form.texts.of("default_image_id") else { return ().into_any() };
    let none = words!(form.image_of_template);
    let choose = words!(form.choose);
    let template = sheet.form.texts.of("cluster_template_id");
    live(move || {
        let tags = sheet.plugins.tags();
        let of_template = template.is_some_and(|template| template.with(|id| !id.is_empty()));
        let mut options = vec![(String::new(), if of_template { none } else { choose })];
        options.extend(sheet.others.with(|others| {
            let images = others.images_with(&tags).into_iter();
            images
                .filter_map(|image| {
                    let id = image.id?;
                    Some((id.clone(), Signal::stored(image.name.unwrap_or(id))))
                })
                .collect::<Vec<_>>()
        }));
        let own = image.get_untracked();
        if !own.is_empty() && !options.iter().any(|(id, _)| *id == own) {
            options.push((own.clone(), Signal::stored(own)));
        }
        let fault = sheet.fault("default_image_id".to_owned(), Signal::derive(move || image.with(String::is_empty)));
        select("form-default_image_id".to_owned(), words!(form.image), fault, sheet.busy, image, options)
    })
}

/// The template of a cluster.
#[component]
fn Template(sheet: Sheet) -> impl IntoView {
    let texts = sheet.form.texts;
    let Some(template) = texts.of("cluster_template_id") else { return ().into_any() };
    let none = words!(form.no_template);
    let before = StoredValue::new(template.get_untracked());
    effect(move || {
        let id = template.get();
        // It is of one plugin in one version.
        let found = sheet.others.with(|others| others.templates.iter().find(|found| found[0] == id).cloned());
        if let Some([_, _, plugin, version]) = found {
            texts.set("plugin_name", plugin);
            texts.set("hadoop_version", version);
        }
        if before.get_value() != id {
            before.set_value(id);
            sheet.form.own_groups.set(false);
        }
    });
    let choose = live(move || {
        let mut options = vec![(String::new(), none)];
        options.extend(sheet.others.with(|others| {
            let templates = others.templates.iter();
            templates
                .map(|[id, name, plugin, version]| (id.clone(), Signal::stored(format!("{name} ({plugin} {version})"))))
                .collect::<Vec<_>>()
        }));
        let own = template.get_untracked();
        if !own.is_empty() && !options.iter().any(|(id, _)| *id == own) {
            options.push((own.clone(), Signal::stored(own)));
        }
        let fault = sheet.fault("cluster_template_id".to_owned(), Signal::stored(true));
        select("form-cluster_template_id".to_owned(), words!(form.template), fault, sheet.busy, template, options)
    });
    view! {
        <section class="form-part" aria-labelledby="form-template">
            <h2 id="form-template">{words!(form.template)}</h2>
            <p class="field-hint">{words!(form.template_text)}</p>
            {choose}
        </section>
    }
    .into_any()
}
