//! The fields of a form.

use howdah_shared::systems::savanna::Dialect;
use leptos::prelude::*;

use super::form::{Form, What};
use super::group_fields::Groups;
use super::known::{Others, Plugins};
use super::listed::{Choice, Listed, choices};
use super::members::{FLAVORS, IMAGES, KEY_PAIRS, Member, NETWORKS, POOLS, Typed};
use super::option_fields::OptionFields;
use super::refusal::is_at;
use super::words::{Said, hint, member_word, said_word};
use crate::i18n::*;
use crate::ui::field::Field;
use crate::ui::live::{effect, live, memo, string, when};

/// What all fields of a form share.
#[derive(Clone, Copy)]
pub(super) struct Sheet {
    /// What is typed.
    pub(super) form: Form,
    /// Whose rules the service has.
    pub(super) dialect: Memo<Dialect>,
    /// The plugins.
    pub(super) plugins: Plugins,
    /// What others are made of.
    pub(super) others: RwSignal<Others>,
    /// What the services beside list.
    pub(super) listed: Listed,
    /// What is wrong, at which place.
    pub(super) wrong: Memo<Vec<(String, Said)>>,
    /// The places that somebody has been at.
    pub(super) touched: RwSignal<Vec<String>>,
    /// Whether none can be changed now.
    pub(super) busy: RwSignal<bool>,
}

impl Sheet {
    /// What is to be said of a place. Nothing is wrong yet with what nobody has touched.
    pub(super) fn fault(self, place: String, is_empty: Signal<bool>) -> Signal<Option<String>> {
        let i18n = use_i18n();
        Signal::derive(move || {
            let said = self
                .wrong
                .with(|wrong| wrong.iter().find(|(at, _)| is_at(at, &place)).map(|(_, said)| said.clone()))?;
            let quiet = matches!(said, Said::Rule(_)) && is_empty.get();
            let quiet = quiet && !self.touched.with(|touched| touched.contains(&place));
            (!quiet).then(|| said_word(i18n, &said))
        })
    }

    /// What may be meant, by the id of the list.
    fn choices(self, list: &str) -> Vec<Choice> {
        let Listed { flavors, networks, key_pairs, pools } = self.listed;
        let of = |listed: RwSignal<Vec<Choice>>, used: fn(&Others) -> &[String]| {
            listed.with(|listed| self.others.with(|others| choices(listed, used(others))))
        };
        match list {
            FLAVORS => of(flavors, |others| &others.flavors),
            NETWORKS => of(networks, |others| &others.networks),
            KEY_PAIRS => of(key_pairs, |others| &others.key_pairs),
            POOLS => of(pools, |others| &others.pools),
            _ => self.others.with(|others| {
                let images = others.images.iter();
                images.filter_map(|image| Some((image.id.clone()?, image.name.clone().unwrap_or_default()))).collect()
            }),
        }
    }

    /// Somebody has been there.
    pub(super) fn touch(self, place: &str) {
        if !self.touched.with_untracked(|touched| touched.iter().any(|other| other == place)) {
            self.touched.update(|touched| touched.push(place.to_owned()));
        }
    }

    /// The field of a member.
    pub(super) fn field(self, id: String, place: String, member: &'static Member, text: RwSignal<String>) -> AnyView {
        let i18n = use_i18n();
        let label = string(move || member_word(i18n, member.name));
        // Of what is listed the name is said, which tells more than its id.
        let hint = string(move || {
            let chosen = member.list.and_then(|list| {
                self.choices(list).into_iter().find(|(id, name)| text.with(|text| text == id) && !name.is_empty())
            });
            chosen.map_or_else(|| hint(i18n, member.name), |(_, name)| name)
        });
        let fault = self.fault(place.clone(), Signal::derive(move || text.with(|text| text.trim().is_empty())));
        let kind = if member.typed == Typed::Number { "number" } else { "text" };
        let unit = if member.name == "volumes_size" { "GiB" } else { "" };
        let field = match member.typed {
            Typed::Flag => {
                let options = [("", words!(form.as_service)), ("true", words!(form.yes)), ("false", words!(form.no))];
                select(id, label, fault, self.busy, text, options.map(|(value, word)| (value.to_owned(), word)).into())
            }
            _ => view! {
                <Field
                    id=id
                    label=label
                    value=text
                    fault=fault
                    hint=hint
                    kind=kind
                    unit=Signal::stored(unit.to_owned())
                    list=member.list
                    disabled=self.busy
                />
            }
            .into_any(),
        };
        view! { <div on:focusout=move |_| self.touch(&place)>{field}</div> }.into_any()
    }
}

/// A choice of one of a few.
pub(super) fn select(
    id: String,
    label: Signal<String>,
    fault: Signal<Option<String>>,
    busy: RwSignal<bool>,
    text: RwSignal<String>,
    options: Vec<(String, Signal<String>)>,
) -> AnyView {
    let fault_id = format!("{id}-fault");
    let described = fault_id.clone();
    let options = options.into_iter().map(|(value, word)| {
        let own = value.clone();
        view! { <option value=value prop:selected=move || text.with(|text| *text == own)>{word}</option> }
    });
    view! {
        <div class="field">
            <label class="field-label" for=id.clone()>{label}</label>
            <select
                class="input"
                id=id
                disabled=move || busy.get()
                aria-invalid=move || fault.with(Option::is_some).then_some("true")
                aria-describedby=move || fault.with(Option::is_some).then(|| described.clone())
                on:change=move |event| text.set(event_target_value(&event))
            >
                {options.collect_view()}
            </select>
            {when(move || fault.with(Option::is_some), move || view! {
                <p class="field-fault" id=fault_id.clone()>{string(move || fault.get().unwrap_or_default())}</p>
            }.into_any())}
        </div>
    }
    .into_any()
}

/// A choice of processes, by service.
pub(super) fn processes(sheet: Sheet, place: String, chosen: RwSignal<Vec<String>>, title: Signal<String>) -> AnyView {
    let fault = sheet.fault(place.clone(), Signal::derive(move || chosen.with(Vec::is_empty)));
    let services = memo(move || {
        let mut services = sheet.plugins.processes();
        // What is chosen is seen, also where the plugin does not have it.
        let strange = chosen.with_untracked(|chosen| {
            let has = |name: &&String| services.iter().any(|(_, processes)| processes.contains(name));
            chosen.iter().filter(|name| !has(name)).cloned().collect::<Vec<_>>()
        });
        if !strange.is_empty() {
            services.push(("?".to_owned(), strange));
        }
        services
    });
    let boxes = live(move || {
        let services = services.get();
        if services.is_empty() {
            return view! { <p class="field-hint">{words!(form.no_processes)}</p> }.into_any();
        }
        let place = place.clone();
        let services = services.into_iter().map(move |(service, names)| {
            let boxes = names.into_iter().map(|name| process(sheet, place.clone(), chosen, name)).collect_view();
            view! {
                <div class="choice" role="group" aria-label=service.clone()>
                    <span class="choice-name">{service.clone()}</span>
                    {boxes}
                </div>
            }
        });
        view! { <div class="choices">{services.collect_view()}</div> }.into_any()
    });
    view! {
        <fieldset class="field choice-field">
            <legend class="field-label">{title}</legend>
            {boxes}
            <p class="field-fault" role="status" hidden=move || fault.with(Option::is_none)>
                {string(move || fault.get().unwrap_or_default())}
            </p>
        </fieldset>
    }
    .into_any()
}

fn process(sheet: Sheet, place: String, chosen: RwSignal<Vec<String>>, name: String) -> AnyView {
    let (own, word) = (name.clone(), name.clone());
    view! {
        <label class="check">
            <input
                type="checkbox"
                disabled=move || sheet.busy.get()
                prop:checked=move || chosen.with(|chosen| chosen.contains(&own))
                on:change=move |event| {
                    let on = event_target_checked(&event);
                    sheet.touch(&place);
                    chosen.update(|chosen| {
                        chosen.retain(|other| *other != name);
                        if on {
                            chosen.push(name.clone());
                        }
                    });
                }
            />
            <span>{word}</span>
        </label>
    }
    .into_any()
}

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

/// What is chosen is offered, also where nothing else knows it.
pub(super) fn with_own(offered: &mut Vec<String>, chosen: RwSignal<String>) {
    let own = chosen.get_untracked();
    if !own.is_empty() && !offered.contains(&own) {
        offered.push(own);
    }
}

fn offered(none: Signal<String>, names: Vec<String>) -> Vec<(String, Signal<String>)> {
    let names = names.into_iter().map(|name| (name.clone(), Signal::stored(name)));
    std::iter::once((String::new(), none)).chain(names).collect()
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

/// A list of what may be meant.
pub(super) fn suggestions(id: &'static str, known: impl Fn() -> Vec<Choice> + Send + Sync + 'static) -> AnyView {
    view! {
        <datalist id=id>
            <For each=known key=Clone::clone let((id, name))>
                <option value=id label=(!name.is_empty()).then_some(name)></option>
            </For>
        </datalist>
    }
    .into_any()
}
