//! Registering an image: as whom one signs in on its machines, and which tags it gets.

use howdah_shared::operation::Nothing;
use howdah_shared::problem::Problem;
use howdah_shared::systems::savanna::{
    Dialect, ImageRegistration, ImageTags, ListPlugins, RegisterImage, ShowPluginVersion, TagImage, TenantId,
};
use leptos::prelude::*;

use super::listed::stored_images;
use super::members::listed;
use super::select::suggestions;
use super::words::rule_words;
use crate::api::{At, bad_path, call, change};
use crate::components::problem::ProblemLine;
use crate::components::question::{Pending, Question, off_role};
use crate::i18n::*;
use crate::ui::button::{Button, Weight};
use crate::ui::field::Field;
use crate::ui::live::{live, string};

/// The id of the list of images that can be registered.
const STORED: &str = "stored-images";

/// The question.
#[component]
pub(super) fn Register(
    /// Whether it is asked.
    open: RwSignal<bool>,
    /// The connection's name.
    connection: String,
    /// The tenant.
    tenant: TenantId,
    /// What the fields hold at first: its id, its user, what it is, its tags.
    #[prop(into, default = Signal::stored(Default::default()))]
    first: Signal<[String; 4]>,
    /// Told the image's id when it is done.
    done: Callback<String>,
) -> impl IntoView {
    let i18n = use_i18n();
    let fields = [(); 4].map(|()| RwSignal::new(String::new()));
    let [id, user, description, tags] = fields;
    Effect::new(move |_| {
        if open.get() {
            first.get_untracked().into_iter().zip(fields).for_each(|(text, field)| field.set(text));
        }
    });
    let bad = Signal::derive(move || {
        let tags = ImageTags { tags: tags.with(|text| listed(text)) };
        let fault = tags.faults(Dialect::Either).into_iter().next()?;
        Some(rule_words(i18n, fault.rule))
    });
    let role = off_role(&connection, words!(images.off_role));
    let stored = stored_images(&connection, open);
    let called = string(move || {
        let chosen = stored.with(|stored| stored.iter().find(|(own, _)| id.with(|id| id.trim() == own)).cloned());
        chosen.map_or_else(|| t_string!(i18n, images.id_hint).to_string(), |(_, name)| name)
    });
    let off = Signal::derive(move || {
        let empty = |field: RwSignal<String>| field.with(|text| text.trim().is_empty());
        role.get().or_else(|| match () {
            () if empty(id) => Some(t_string!(i18n, images.off_id).to_string()),
            () if empty(user) => Some(t_string!(i18n, images.off_user).to_string()),
            () => bad.get(),
        })
    });
    let at = StoredValue::new((connection, tenant));
    let run = Callback::new(move |key: String| -> Pending {
        let text = |field: RwSignal<String>| field.get_untracked().trim().to_owned();
        let registration = ImageRegistration {
            username: text(user),
            description: Some(text(description)).filter(|text| !text.is_empty()),
        };
        let (image, tags) = (text(id), ImageTags { tags: listed(&tags.get_untracked()) });
        let (connection, tenant_id) = at.get_value();
        Box::pin(async move {
            let place = At::Connection(&connection);
            let image_id: howdah_shared::systems::savanna::ImageId = image.parse().map_err(bad_path)?;
            let register = RegisterImage { tenant_id: tenant_id.clone(), image_id: image_id.clone() };
            let changed = change(place, &register, &Nothing {}, &registration, Some(&key)).await?;
            if !tags.tags.is_empty() {
                let tag = TagImage { tenant_id, image_id };
                change(place, &tag, &Nothing {}, &tags, Some(&format!("{key}-tags"))).await?;
            }
            done.try_run(image);
            Ok(changed.request_id)
        })
    });
    view! {
        <Question
            open=open
            title=words!(images.register_title)
            act=words!(images.register_act)
            weight=Weight::Primary
            off=off
            run=run
            done=words!(images.registered)
        >
            <Field id="image-id" label=words!(images.id) hint=called list=Some(STORED) value=id />
            {suggestions(STORED, move || stored.get())}
            <Field id="image-user" label=words!(images.user) hint=words!(images.user_hint) value=user />
            <Field id="image-description" label=words!(images.description) value=description />
            <Field id="image-tags" label=words!(images.tags) hint=words!(images.tags_hint) value=tags fault=bad />
            <TagsOf at=at tags=tags />
        </Question>
    }
}

/// Adds all tags that the images of a version of a plugin need.
#[component]
fn TagsOf(at: StoredValue<(String, TenantId)>, tags: RwSignal<String>) -> impl IntoView {
    let i18n = use_i18n();
    let known: RwSignal<Vec<(String, String)>> = RwSignal::new(Vec::new());
    let chosen = RwSignal::new(String::new());
    let refused: RwSignal<Option<Problem>> = RwSignal::new(None);
    leptos::task::spawn_local(async move {
        let (connection, tenant_id) = at.get_value();
        let list = ListPlugins { tenant_id };
        match call(At::Connection(&connection), &list, &Nothing {}, &Nothing {}).await {
            Ok(reply) => {
                let of = |plugin: howdah_shared::systems::savanna::Plugin| {
                    let name = plugin.name.unwrap_or_default();
                    plugin.versions.into_iter().map(move |version| (name.clone(), version))
                };
                drop(known.try_set(reply.plugins.into_iter().flat_map(of).collect()));
            }
            Err(problem) => drop(refused.try_set(Some(problem))),
        }
    });
    let press = Callback::new(move |()| {
        let chosen = chosen.get_untracked();
        let found = known.with_untracked(|known| known.iter().find(|one| written(one) == chosen).cloned());
        let Some((name, version)) = found else { return };
        leptos::task::spawn_local(async move {
            let (connection, tenant_id) = at.get_value();
            let needed = needed_tags(&connection, tenant_id, &name, &version).await;
            match needed {
                Ok(needed) => drop(tags.try_update(|text| *text = with_tags(text, &needed))),
                Err(problem) => drop(refused.try_set(Some(problem))),
            }
        });
    });
    let off =
        Signal::derive(move || chosen.with(String::is_empty).then(|| t_string!(i18n, images.off_plugin).to_string()));
    view! {
        <div class="field">
            <label class="field-label" for="image-plugin">{words!(images.tags_of)}</label>
            <div class="field-row">
                <select class="input" id="image-plugin" on:change=move |event| chosen.set(event_target_value(&event))>
                    <option value="">{words!(images.choose_plugin)}</option>
                    <For each=move || known.get() key=Clone::clone let:one>
                        <option value=written(&one)>{written(&one)}</option>
                    </For>
                </select>
                <Button off=off press=press>{words!(images.add_tags)}</Button>
            </div>
            {live(move || match refused.get() {
                Some(problem) => view! { <ProblemLine problem=Signal::stored(problem) /> }.into_any(),
                None => ().into_any(),
            })}
            <p class="field-hint" role="status">{string(move || tags.with(|text| listed(text).join(", ")))}</p>
        </div>
    }
}

fn written((name, version): &(String, String)) -> String {
    format!("{name} {version}")
}

/// The tags that the images of a version of a plugin need; where it tells none, its name and version.
async fn needed_tags(connection: &str, tenant_id: TenantId, name: &str, version: &str) -> Result<Vec<String>, Problem> {
    let (plugin_name, of) = (name.parse().map_err(bad_path)?, version.parse().map_err(bad_path)?);
    let show = ShowPluginVersion { tenant_id, plugin_name, version: of };
    let reply = call(At::Connection(connection), &show, &Nothing {}, &Nothing {}).await?;
    let told = reply.plugin.required_image_tags;
    Ok(if told.is_empty() { vec![name.to_owned(), version.to_owned()] } else { told })
}

/// The tags of a text, and these.
pub(super) fn with_tags(text: &str, more: &[String]) -> String {
    let mut tags = listed(text);
    for tag in more {
        if !tags.contains(tag) {
            tags.push(tag.clone());
        }
    }
    tags.join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tag_stands_once() {
        let more = ["vanilla".to_owned(), "1.2.1".to_owned()];
        assert_eq!(with_tags("", &more), "vanilla, 1.2.1");
        assert_eq!(with_tags(" mine ,vanilla,, ", &more), "mine, vanilla, 1.2.1");
    }
}
