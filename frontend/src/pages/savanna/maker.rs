//! The page on which a template or a cluster is made: the form, what it comes to, and what became of it.

use howdah_shared::problem::Problem;
use howdah_shared::systems::savanna::TenantId;
use leptos::prelude::*;
use serde_json::Value;
use wasm_bindgen::JsCast;

use super::fields::Fields;
use super::form::{Come, Form, Kept, What, edit, shown, shown_edit};
use super::import::Import;
use super::known::{dialect, others, plugins};
use super::listed::listed;
use super::portable::{Brought, imported};
use super::refusal::places;
use super::register::Register;
use super::send;
use super::sheet::Sheet;
use super::steps::Steps;
use super::told::template;
use super::words::{Said, member_word};
use crate::address;
use crate::components::attempt::{attempt, refusal};
use crate::components::frame::reload;
use crate::components::page::PageHead;
use crate::components::problem::ProblemLine;
use crate::components::question::off_role;
use crate::i18n::*;
use crate::kept::{forget, keep_draft, kept_draft};
use crate::routes::Place;
use crate::ui::button::{Button, ButtonLink, Weight};
use crate::ui::copyable::Copyable;
use crate::ui::live::{effect, live, memo, string};
use crate::ui::toast::use_toasts;

/// The page.
#[component]
pub(super) fn Maker(
    /// The connection's name.
    connection: String,
    /// The tenant.
    tenant: TenantId,
    /// What is made.
    what: What,
    /// The template that is edited.
    #[prop(default = None)]
    edited: Option<String>,
) -> impl IntoView {
    let i18n = use_i18n();
    let toasts = use_toasts();
    let form = Form::new(what);
    let search = address::here().get_untracked().search;
    let asked = |name: &str| address::parameter(&search, name);
    let drawer = StoredValue::new(drawer(&connection, what, edited.as_deref(), &search));
    let draft: Option<Kept> = drawer.with_value(|drawer| kept_draft(drawer));
    let found = draft.as_ref().map(|draft| draft.lacks);
    // Where the keys are kept of what was sent and whose outcome is open.
    let sent_at = move |as_what: What| drawer.with_value(|drawer| format!("{drawer}/{as_what:?}"));
    let at = StoredValue::new((connection.clone(), tenant.clone()));

    let choice = memo(move || (form.texts.get("plugin_name"), form.texts.get("hadoop_version")));
    let plugins = plugins(&connection, &tenant, choice);
    let again = RwSignal::new(0);
    let others = others(&connection, &tenant, again);
    let listed = listed(&connection);
    let dialect = dialect(&connection);
    let known = move || plugins.chosen.with(|plugin| plugin.as_ref().map(|plugin| plugin.configs.clone()));
    let come = memo(move || form.come(dialect.get(), &known().unwrap_or_default()));

    // What the form begins with: what was typed before, what a template has, or what the address says.
    let (unread, secrets) = (RwSignal::new(None::<Problem>), RwSignal::new(false));
    // What it is now, by the same reading as what is typed.
    let (whole, began) = (Form::new(what), RwSignal::new(false));
    let from = edited.clone().or_else(|| asked("from"));
    let is_edit = edited.is_some();
    if let Some(draft) = &draft {
        form.keep(draft.clone());
    } else {
        for (name, member) in
            [("plugin", "plugin_name"), ("version", "hadoop_version"), ("template", "cluster_template_id")]
        {
            if let Some(text) = asked(name) {
                form.texts.set(member, text);
            }
        }
    }
    match from {
        Some(id) if is_edit || draft.is_none() => {
            let drafted = draft.is_some();
            leptos::task::spawn_local(async move {
                let (connection, tenant) = at.get_value();
                let told = template(&connection, tenant, what, &id).await;
                // The page may be gone by now.
                if unread.is_disposed() {
                    return;
                }
                match told {
                    Ok(told) => {
                        secrets.set(whole.fill(&told));
                        if !drafted {
                            form.fill(&told);
                            if !is_edit {
                                form.texts.set("name", String::new());
                            }
                        }
                        began.set(true);
                    }
                    Err(problem) => unread.set(Some(problem)),
                }
            });
        }
        _ => {}
    }

    let refused: RwSignal<Option<(What, Problem)>> = RwSignal::new(None);
    let refusals = RwSignal::new(Vec::<(String, String)>::new());
    let body = memo(move || {
        let body = come.with(|come| come.body.clone());
        match (is_edit, began.get()) {
            (true, true) => edit(&whole.come(dialect.get(), &[]).body, &body),
            _ => body,
        }
    });
    let wrong = memo(move || {
        let refused = refusals.get().into_iter().map(|(at, words)| (at, Said::Service(words)));
        come.with(|Come { wrong, .. }| wrong.iter().cloned().chain(refused).collect::<Vec<_>>())
    });
    // What the service did not like is of what was sent.
    effect(move || {
        body.track();
        refusals.set(Vec::new());
    });
    let keep = move || {
        let draft = form.kept();
        drawer.try_with_value(|drawer| keep_draft(drawer, Some(&draft)));
    };
    // What a form begins with is no draft, nor is what was made.
    let (touched, made) = (RwSignal::new(draft.is_some()), StoredValue::new(false));
    effect(move || {
        come.track();
        if touched.get() && !made.get_value() {
            keep();
        }
    });

    let busy = RwSignal::new(false);
    let sheet = Sheet { form, dialect, plugins, others, listed, wrong, touched: RwSignal::new(Vec::new()), busy };
    let role = off_role(&connection, words!(form.off_role));
    let off = Signal::derive(move || {
        role.get()
            .or_else(|| {
                let first = come.with(|come| come.wrong.first().map(|(place, _)| place.clone()))?;
                Some(t_string!(i18n, form.off, field = member_word(i18n, &first)).to_string())
            })
            .or_else(|| (is_edit && !began.get()).then(|| t_string!(i18n, form.off_unread).to_string()))
            .or_else(|| {
                let nothing = is_edit && body.with(|body| body.as_object().is_some_and(serde_json::Map::is_empty));
                nothing.then(|| t_string!(i18n, form.off_nothing).to_string())
            })
    });
    let edited = StoredValue::new(edited);
    let off_template = Signal::derive(move || {
        off.get().or_else(|| form.of_template().then(|| t_string!(i18n, form.off_groups).to_string()))
    });
    let send = move |as_what: What| {
        let stopped = if as_what == what { off } else { off_template };
        if busy.get_untracked() || stopped.with_untracked(Option::is_some) {
            return;
        }
        busy.set(true);
        refused.set(None);
        let body = match as_what == what {
            true => body.get_untracked(),
            false => untrack(|| template_of(form, dialect.get(), &known().unwrap_or_default())),
        };
        leptos::task::spawn_local(async move {
            let (connection, tenant) = at.get_value();
            let run = async |key: String| match edited.get_value() {
                Some(id) => send::edit(&connection, tenant, what, &id, &body, &key).await,
                None => send::make(&connection, tenant, as_what, &body, &key).await,
            };
            let answer = attempt(&sent_at(as_what), run).await;
            // The page may be gone by now.
            if busy.try_set(false).is_some() {
                return;
            }
            match answer {
                Ok(_) if as_what != what => {
                    again.update(|again| *again += 1);
                    toasts.say(t_string!(i18n, form.saved_template).to_string());
                }
                Ok(id) => {
                    made.set_value(true);
                    drawer.with_value(|drawer| forget(drawer));
                    address::go(&page_of(what, connection, id).href());
                }
                Err(problem) => {
                    refusals.set(places(&problem, &body));
                    refused.set(Some((as_what, problem)));
                }
            }
        });
    };
    let json = string(move || body.with(|body| if is_edit { shown_edit(what, body) } else { shown(what, body) }));
    let own_groups = Callback::new(move |()| {
        let id = form.texts.get("cluster_template_id");
        leptos::task::spawn_local(async move {
            let (connection, tenant) = at.get_value();
            match template(&connection, tenant, What::Template, &id).await {
                Ok(told) => {
                    let whole = Form::new(What::Template);
                    let lacks = whole.fill(&told);
                    secrets.try_update(|secrets| *secrets |= lacks);
                    if form.groups.try_set(whole.groups.get_untracked()).is_none() {
                        form.own_groups.set(true);
                    }
                }
                Err(problem) => drop(unread.try_set(Some(problem))),
            }
        });
    });
    let anew = Callback::new(move |()| {
        made.set_value(true);
        drawer.with_value(|drawer| forget(drawer));
        reload();
    });
    let bring = Callback::new(move |text: String| {
        let Brought { told, open } = imported(&text)?;
        secrets.set(form.fill(&told));
        Ok(open)
    });
    let registering = RwSignal::new(false);
    let first = Signal::derive(move || [String::new(), String::new(), String::new(), plugins.tags().join(", ")]);
    let registered = Callback::new(move |id: String| {
        form.texts.set("default_image_id", id);
        again.update(|again| *again += 1);
    });
    let (title, act) = titles(what, is_edit);
    let back = list_of(what, connection.clone());
    view! {
        <PageHead title=title />
        {(what == What::Cluster).then(|| view! { <Steps sheet=sheet /> })}
        <form
            class="again maker"
            novalidate=true
            on:input=move |_| touched.set(true)
            on:change=move |_| touched.set(true)
            on:click=move |event| touched.update(|touched| *touched |= is_of_button(&event))
            on:submit=move |event: web_sys::SubmitEvent| {
                event.prevent_default();
                send(what);
            }
        >
            <div class="again-fields">
                {found.map(|lacks| view! {
                    <div class="again-note" role="status">
                        <p>{if lacks { words!(form.draft_lacks) } else { words!(form.draft) }}</p>
                        <Button press=anew>{words!(submit.anew)}</Button>
                    </div>
                })}
                {live(move || match secrets.get() {
                    true => view! { <p class="again-note" role="status">{words!(form.secrets)}</p> }.into_any(),
                    false => ().into_any(),
                })}
                {live(move || match (unread.get(), plugins.problem.get()) {
                    (Some(problem), _) | (None, Some(problem)) => {
                        view! { <ProblemLine problem=Signal::stored(problem) /> }.into_any()
                    }
                    (None, None) => ().into_any(),
                })}
                {(!is_edit && what != What::Cluster).then(|| view! { <Import bring=bring /> })}
                <Fields sheet=sheet own_groups=own_groups beside_image=move || view! {
                    <p><button class="link" type="button" on:click=move |_| registering.set(true)>
                        {words!(form.register_image)}
                    </button></p>
                } />
            </div>
            <div class="again-side">
                <section aria-labelledby="form-json">
                    <h2 id="form-json">{words!(submit.json)}</h2>
                    <Copyable text=json block=Some(words!(submit.json)) />
                </section>
                {live(move || match refused.get() {
                    Some((as_what, problem)) => {
                        let another = Callback::new(move |()| {
                            forget(&sent_at(as_what));
                            refused.set(None);
                        });
                        let left = (what == What::Cluster && problem.request_id.is_some()).then(|| {
                            let (connection, _) = at.get_value();
                            view! { <super::left::Left at=at connection name=untrack(|| form.texts.get("name")) /> }
                        });
                        view! {
                            {refusal(problem, another)}
                            {left}
                        }
                        .into_any()
                    }
                    None => ().into_any(),
                })}
                <div class="again-acts">
                    <Button weight=Weight::Primary kind="submit" off=off busy=busy>{act}</Button>
                    {(what == What::Cluster).then(|| {
                        let press = Callback::new(move |()| send(What::Template));
                        view! { <Button off=off_template busy=busy press=press>{words!(form.save_template)}</Button> }
                    })}
                    <ButtonLink href=Signal::stored(back.href())>{words!(run_again.cancel)}</ButtonLink>
                </div>
                <p class="field-hint" role="status">
                    {string(move || match busy.get() {
                        true => t_string!(i18n, form.sending).to_string(),
                        false => off.get().unwrap_or_default(),
                    })}
                </p>
            </div>
        </form>
        <Register open=registering connection tenant first=first done=registered />
    }
}

/// Whether a press was on a button: some change what is typed.
fn is_of_button(event: &web_sys::MouseEvent) -> bool {
    let target = event.target().and_then(|target| target.dyn_into::<web_sys::Element>().ok());
    target.is_some_and(|target| target.closest("button").is_ok_and(|button| button.is_some()))
}

/// Where the draft of a form is kept: by all that it began with.
fn drawer(connection: &str, what: What, edited: Option<&str>, search: &str) -> String {
    let of = |name: &str| address::parameter(search, name).unwrap_or_default();
    let edited = edited.unwrap_or_default();
    format!("howdah.savanna/{connection}/{what:?}/{edited}/{}/{}/{}", of("from"), of("template"), of("plugin"))
}

/// The template that a cluster would be of: what it has besides what only a cluster has.
fn template_of(
    form: Form,
    dialect: howdah_shared::systems::savanna::Dialect,
    known: &[howdah_shared::systems::savanna::PluginConfig],
) -> Value {
    let mut body = form.come(dialect, known).body;
    if let Some(body) = body.as_object_mut() {
        for name in ["cluster_template_id", "user_keypair_id", "is_transient"] {
            body.remove(name);
        }
    }
    body
}

fn titles(what: What, is_edit: bool) -> (Signal<String>, Signal<String>) {
    match (what, is_edit) {
        (What::Nodes, false) => (words!(templates.new_nodes), words!(templates.make)),
        (What::Nodes, true) => (words!(templates.edit_nodes), words!(templates.save)),
        (What::Template, false) => (words!(templates.new_cluster), words!(templates.make)),
        (What::Template, true) => (words!(templates.edit_cluster), words!(templates.save)),
        (What::Cluster, _) => (words!(launch.title), words!(launch.act)),
    }
}

/// The page of what was made.
fn page_of(what: What, connection: String, id: String) -> Place {
    match what {
        What::Nodes => Place::NodeGroupTemplate(connection, id),
        What::Template => Place::ClusterTemplate(connection, id),
        What::Cluster => Place::Cluster(connection, id),
    }
}

/// The list on which it stands.
pub(super) fn list_of(what: What, connection: String) -> Place {
    match what {
        What::Nodes => Place::NodeGroupTemplates(connection),
        What::Template => Place::ClusterTemplates(connection),
        What::Cluster => Place::Clusters(connection),
    }
}
