//! A registered image: what it is, its tags, and what can be done with it.

use howdah_shared::operation::Nothing;
use howdah_shared::problem::Problem;
use howdah_shared::systems::savanna::{
    Dialect, Image, ImageId, ImageTags, ShowImage, TagImage, TenantId, UnregisterImage, UntagImage,
};
use leptos::prelude::*;

use super::images::Row;
use super::register::Register;
use super::tenant::place;
use super::words::{rule_words, when_word};
use crate::address;
use crate::api::{At, bad_path, change, fresh_key, is_definite};
use crate::components::freshness::{StaleNote, watch};
use crate::components::listing::Listed;
use crate::components::page::{PageFoot, PageHead};
use crate::components::problem::{ProblemLine, ProblemView};
use crate::components::question::{Pending, Question, off_role};
use crate::components::raw::Raw;
use crate::components::reply::{Reply, reply};
use crate::i18n::*;
use crate::routes::Place;
use crate::ui::button::{Button, Weight};
use crate::ui::copyable::Copyable;
use crate::ui::facts::{Fact, Facts, told};
use crate::ui::field::Field;
use crate::ui::format;
use crate::ui::icon::{Glyph, Icon};
use crate::ui::live::{live, memo, string};
use crate::ui::mark::{Kind, Mark};

/// The page.
#[component]
pub(super) fn ImagePage(
    /// The connection's name.
    connection: String,
    /// The tenant.
    tenant: TenantId,
    /// The image's id.
    id: String,
) -> impl IntoView {
    match id.parse::<ImageId>() {
        Ok(image) => view! { <Known connection tenant image /> }.into_any(),
        Err(why) => view! { <ProblemView problem=Signal::stored(bad_path(why)) /> }.into_any(),
    }
}

#[component]
fn Known(connection: String, tenant: TenantId, image: ImageId) -> impl IntoView {
    let i18n = use_i18n();
    let show = ShowImage { tenant_id: tenant.clone(), image_id: image.clone() };
    let known = reply(&connection, &show, &Nothing {});
    watch(known.polled);
    let id = StoredValue::new(image.as_str().to_owned());
    let of = move |read: fn(&Image) -> Option<String>| move || known.map(|reply| read(&reply.image)).flatten();
    let standing = memo(of(|image| image.status.clone()));
    let at_time = move |read: fn(&Image) -> Option<&String>| {
        move || known.map(|reply| when_word(i18n.get_locale(), read(&reply.image))).flatten()
    };
    let name = of(|image| image.name.clone());
    let title = string(move || name().unwrap_or_else(|| id.get_value()));
    let facts = place(&connection);
    let (editing, ending) = (RwSignal::new(false), RwSignal::new(false));
    let role = off_role(&connection, words!(images.off_role));
    let first = Signal::derive(move || {
        known
            .map(|reply| {
                let image = &reply.image;
                let text = |text: &Option<String>| text.clone().unwrap_or_default();
                [id.get_value(), text(&image.username), text(&image.description), image.tags.join(", ")]
            })
            .unwrap_or_default()
    });
    let acts = ViewFn::from(move || {
        view! {
            <Button off=role press=Callback::new(move |()| editing.set(true))>{words!(images.edit)}</Button>
            <Button weight=Weight::Danger off=role press=Callback::new(move |()| ending.set(true))>
                {words!(images.unregister)}
            </Button>
        }
    });
    let foot = acts.clone();
    let at = StoredValue::new((connection.clone(), tenant.clone(), image.clone()));
    let end = Callback::new(move |key: String| -> Pending {
        let (connection, tenant_id, image_id) = at.get_value();
        Box::pin(async move {
            let unregister = UnregisterImage { tenant_id, image_id };
            let changed =
                change(At::Connection(&connection), &unregister, &Nothing {}, &Nothing {}, Some(&key)).await?;
            address::go(&Place::Images(connection).href());
            Ok(changed.request_id)
        })
    });
    let done = Callback::new(move |_| known.polled.refresh());
    view! {
        <PageHead title=title facts=facts acts=move || acts.run() />
        <StaleNote seen=known.polled.seen problem=known.polled.problem />
        {known.shown(words!(images.loading_one), move || {
            let size = of(|image| image.size.map(|size| format::mebibytes(size / (1 << 20))));
            // Where nothing is needed, there is no least.
            let disk = of(|image| image.min_disk.filter(|size| *size > 0).map(|size| format!("{size} GiB")));
            let memory = of(|image| image.min_ram.filter(|size| *size > 0).map(format::mebibytes));
            let state = live(move || match standing.get() {
                Some(standing) => {
                    let kind = Row::kind(&standing).unwrap_or(Kind::Unknown);
                    view! { <Fact name=words!(images.state)><Mark kind=kind word=Row::word(i18n, &standing) /></Fact> }
                        .into_any()
                }
                None => ().into_any(),
            });
            view! {
                <Facts>
                    <Fact name=words!(images.id)><Copyable text=Signal::stored(id.get_value()) limit=20 /></Fact>
                    {state}
                    {told(words!(images.user), of(|image| image.username.clone()))}
                    {told(words!(images.description), of(|image| image.description.clone()))}
                    {told(words!(images.size), size)}
                    {told(words!(images.min_disk), disk)}
                    {told(words!(images.min_ram), memory)}
                    {told(words!(images.made), at_time(|image| image.created.as_ref()))}
                    {told(words!(images.updated), at_time(|image| image.updated.as_ref()))}
                </Facts>
                <Tags at=at known=known role=role />
            }
            .into_any()
        })}
        <Raw connection=connection.clone() operation=show />
        <PageFoot>{foot.run()}</PageFoot>
        <Register open=editing connection tenant first=first done=done />
        <Question
            open=ending
            title=string(move || t_string!(i18n, images.unregister_title, name = title.get()).to_string())
            act=words!(images.unregister_act)
            off=role
            run=end
            done=words!(images.unregistered)
        >
            <p>{words!(images.unregister_text)}</p>
        </Question>
    }
}

type Where = StoredValue<(String, TenantId, ImageId)>;

/// Its tags: each can be taken away, and others added.
#[component]
fn Tags(
    at: Where,
    known: Reply<howdah_shared::systems::savanna::ImageReply>,
    role: Signal<Option<String>>,
) -> impl IntoView {
    let i18n = use_i18n();
    let text = RwSignal::new(String::new());
    let busy = RwSignal::new(false);
    let refused: RwSignal<Option<Problem>> = RwSignal::new(None);
    let key = StoredValue::new(fresh_key());
    let fault = Signal::derive(move || {
        let tag = text.with(|text| text.trim().to_owned());
        let wrong = ImageTags { tags: vec![tag.clone()] }.faults(Dialect::Either).into_iter().next()?;
        (!tag.is_empty()).then(|| rule_words(i18n, wrong.rule))
    });
    let send = move |tag: String, add: bool| {
        if busy.get_untracked() || role.with_untracked(Option::is_some) {
            return;
        }
        busy.set(true);
        refused.set(None);
        leptos::task::spawn_local(async move {
            let answer = retagged(at, tag, add, &key.get_value()).await;
            // The page may be gone by now.
            if busy.try_set(false).is_some() {
                return;
            }
            if answer.as_ref().err().is_none_or(is_definite) {
                key.set_value(fresh_key());
            }
            match answer {
                Ok(()) => {
                    if add {
                        text.set(String::new());
                    }
                    known.polled.refresh();
                }
                Err(problem) => refused.set(Some(problem)),
            }
        });
    };
    let off = Signal::derive(move || {
        role.get()
            .or_else(|| fault.get())
            .or_else(|| text.with(|text| text.trim().is_empty()).then(|| t_string!(i18n, images.off_tag).to_string()))
    });
    view! {
        <section class="template-part" aria-labelledby="image-tags-head">
            <h2 id="image-tags-head">{words!(images.tags)}</h2>
            {live(move || {
                let tags = known.map(|reply| reply.image.tags.clone()).unwrap_or_default();
                if tags.is_empty() {
                    return view! { <p class="field-hint">{words!(images.no_tags)}</p> }.into_any();
                }
                let tags = tags.into_iter().map(|tag| {
                    let away = tag.clone();
                    let label = t_string!(i18n, images.untag, tag = tag.clone()).to_string();
                    view! {
                        <li class="tag tag-own">
                            <span>{tag}</span>
                            <button
                                class="tag-away"
                                type="button"
                                aria-label=label.clone()
                                title=label
                                aria-disabled=move || role.with(Option::is_some).then_some("true")
                                on:click=move |_| send(away.clone(), false)
                            >
                                <Icon glyph=Glyph::Cross />
                            </button>
                        </li>
                    }
                });
                view! { <ul class="tags">{tags.collect_view()}</ul> }.into_any()
            })}
            <form
                class="token-form"
                novalidate=true
                on:submit=move |event: web_sys::SubmitEvent| {
                    event.prevent_default();
                    if off.with_untracked(Option::is_none) {
                        send(text.get_untracked().trim().to_owned(), true);
                    }
                }
            >
                <Field id="image-tag" label=words!(images.tag) value=text fault=fault disabled=busy />
                <div><Button kind="submit" off=off busy=busy>{words!(images.add_tag)}</Button></div>
            </form>
            {live(move || match refused.get() {
                Some(problem) => view! { <ProblemLine problem=Signal::stored(problem) /> }.into_any(),
                None => ().into_any(),
            })}
        </section>
    }
}

/// Adds a tag, or takes it away.
async fn retagged(at: Where, tag: String, add: bool, key: &str) -> Result<(), Problem> {
    let (connection, tenant_id, image_id) = at.get_value();
    let (at, body) = (At::Connection(&connection), ImageTags { tags: vec![tag] });
    match add {
        true => change(at, &TagImage { tenant_id, image_id }, &Nothing {}, &body, Some(key)).await?,
        false => change(at, &UntagImage { tenant_id, image_id }, &Nothing {}, &body, Some(key)).await?,
    };
    Ok(())
}
