//! The delegation tokens of the viewer that the proxy keeps: it alone knows them, here they have handles.

use howdah_shared::console::{KeptToken, ListTokens};
use howdah_shared::operation::{BadSegment, Nothing, Operation, Role};
use howdah_shared::problem::{Code, Problem};
use howdah_shared::systems::yarn::{CancelDelegationToken, CreateDelegationToken, RenewDelegationToken, TokenRequest};
use leptos::prelude::*;

use crate::api::{At, Polled, change, change_kept, fresh_key, is_definite, polled, read};
use crate::components::fleet::use_connection;
use crate::components::freshness::{StaleNote, watch};
use crate::components::page::PageHead;
use crate::components::problem::{ProblemLine, ProblemView};
use crate::components::question::{Pending, Question};
use crate::i18n::*;
use crate::ui::blank::Blank;
use crate::ui::button::{Button, Weight};
use crate::ui::copyable::Copyable;
use crate::ui::field::Field;
use crate::ui::live::{live, memo, string};
use crate::ui::skeleton::Skeleton;
use crate::ui::time::{At as Instant, Precision};
use crate::ui::toast::use_toasts;

type Kept = Polled<Vec<KeptToken>>;

/// The page.
#[component]
pub(super) fn Tokens(
    /// The connection's name.
    connection: String,
) -> impl IntoView {
    let i18n = use_i18n();
    let kept = poll(connection.clone());
    watch(kept);
    let one = use_connection(&connection);
    let place = string(move || one.with(|one| one.as_ref().map(|one| one.title.clone())).unwrap_or_default());
    let role = Signal::derive(move || {
        let may_not = one.with(|one| one.as_ref().is_some_and(|one| one.role < Role::Administer));
        may_not.then(|| t_string!(i18n, tokens.off_role).to_string())
    });
    let failed = memo(move || kept.problem.get().filter(|_| kept.value.with(Option::is_none)));
    let facts = move || view! { <span class="page-head-fact">{place}</span> }.into_any();
    let of = connection.clone();
    view! {
        <PageHead title=words!(frame.tokens) facts=facts />
        <StaleNote seen=kept.seen problem=kept.problem />
        <p class="field-hint">{words!(tokens.text)}</p>
        <Create connection=connection kept=kept role=role />
        {live(move || match (kept.value.get(), failed.get()) {
            (Some(tokens), _) if tokens.is_empty() => {
                view! { <Blank title=words!(tokens.empty) text=words!(tokens.empty_text) /> }.into_any()
            }
            (Some(tokens), _) => {
                let cards = tokens.into_iter().map(|token| {
                    view! { <Token connection=of.clone() token=token kept=kept role=role /> }
                });
                view! { <ul class="cards">{cards.collect_view()}</ul> }.into_any()
            }
            (None, Some(problem)) => view! {
                <ProblemView problem=Signal::stored(problem) retry=Callback::new(move |()| kept.refresh()) />
            }
            .into_any(),
            (None, None) => view! { <Skeleton class="skeleton-cards" lines=2 label=words!(tokens.loading) /> }.into_any(),
        })}
    }
}

/// Follows them.
fn poll(connection: String) -> Kept {
    let path = connection.parse().map(|connection| ListTokens { connection }.path()).unwrap_or_default();
    polled(
        path,
        String::new,
        move || {
            let parsed = connection.parse().map_err(|why: BadSegment| Problem::new(Code::BadPath, why.to_string()));
            async move { read(&ListTokens { connection: parsed? }, &Nothing {}).await }
        },
        |_| 15_000,
    )
}

/// Has one made.
#[component]
fn Create(connection: String, kept: Kept, role: Signal<Option<String>>) -> impl IntoView {
    let i18n = use_i18n();
    let renewer = RwSignal::new(String::new());
    let busy = RwSignal::new(false);
    let refused: RwSignal<Option<Problem>> = RwSignal::new(None);
    let key = StoredValue::new(fresh_key());
    let off = Signal::derive(move || {
        role.get().or_else(|| {
            renewer.with(|text| text.trim().is_empty()).then(|| t_string!(i18n, tokens.off_renewer).to_string())
        })
    });
    let submit = move |event: web_sys::SubmitEvent| {
        event.prevent_default();
        if busy.get_untracked() || off.with_untracked(Option::is_some) {
            return;
        }
        busy.set(true);
        refused.set(None);
        let (connection, key_now) = (connection.clone(), key.get_value());
        let body = TokenRequest { renewer: renewer.get_untracked().trim().to_owned() };
        leptos::task::spawn_local(async move {
            let at = At::Connection(&connection);
            let answer = change(at, &CreateDelegationToken {}, &Nothing {}, &body, Some(&key_now)).await;
            // The page may be gone by now.
            if busy.try_set(false).is_some() {
                return;
            }
            match answer {
                Ok(_) => {
                    key.set_value(fresh_key());
                    kept.refresh();
                }
                Err(problem) => {
                    if is_definite(&problem) {
                        key.set_value(fresh_key());
                    }
                    refused.set(Some(problem));
                }
            }
        });
    };
    view! {
        <form class="token-form" novalidate=true on:submit=submit>
            <Field id="renewer" label=words!(tokens.renewer) hint=words!(tokens.renewer_hint) value=renewer disabled=busy />
            <div><Button weight=Weight::Primary kind="submit" off=off busy=busy>{words!(tokens.create)}</Button></div>
            {live(move || match refused.get() {
                Some(problem) => view! { <ProblemLine problem=Signal::stored(problem) /> }.into_any(),
                None => ().into_any(),
            })}
        </form>
    }
}

/// One of them.
#[component]
fn Token(connection: String, token: KeptToken, kept: Kept, role: Signal<Option<String>>) -> impl IntoView {
    let toasts = use_toasts();
    let i18n = use_i18n();
    let (ending, busy) = (RwSignal::new(false), RwSignal::new(false));
    let refused: RwSignal<Option<Problem>> = RwSignal::new(None);
    let handle = StoredValue::new(token.handle.clone());
    let place = StoredValue::new(connection);
    let renew = Callback::new(move |()| {
        if busy.get_untracked() {
            return;
        }
        busy.set(true);
        refused.set(None);
        let renewed = t_string!(i18n, tokens.renewed).to_string();
        leptos::task::spawn_local(async move {
            let (place, handle) = (place.get_value(), handle.get_value());
            let answer = change_kept(At::Connection(&place), &RenewDelegationToken {}, &handle, &fresh_key()).await;
            // The page may be gone by now.
            if busy.try_set(false).is_some() {
                return;
            }
            match answer {
                Ok(_) => {
                    toasts.say(renewed);
                    kept.refresh();
                }
                Err(problem) => refused.set(Some(problem)),
            }
        });
    });
    let cancel = Callback::new(move |key: String| -> Pending {
        let (place, handle) = (place.get_value(), handle.get_value());
        Box::pin(async move {
            change_kept(At::Connection(&place), &CancelDelegationToken {}, &handle, &key).await?;
            kept.refresh();
            Ok(None)
        })
    });
    let told = |text: Option<String>| text.unwrap_or_else(|| "—".to_owned());
    let instant = |at: Option<i64>| match at {
        Some(at) => view! { <Instant at=Signal::stored(at) precision=Precision::Minute /> }.into_any(),
        None => "—".into_any(),
    };
    view! {
        <li class="tile">
            <h2 class="tile-title"><Copyable text=Signal::stored(token.handle) limit=30 /></h2>
            <dl class="token-facts">
                <dt>{words!(tokens.owner)}</dt><dd>{told(token.owner)}</dd>
                <dt>{words!(tokens.renewer)}</dt><dd>{told(token.renewer)}</dd>
                <dt>{words!(tokens.kind)}</dt><dd>{told(token.kind)}</dd>
                <dt>{words!(tokens.made)}</dt><dd>{instant(Some(token.made))}</dd>
                <dt>{words!(tokens.expires)}</dt><dd>{instant(token.expires)}</dd>
                <dt>{words!(tokens.latest)}</dt><dd>{instant(token.latest)}</dd>
            </dl>
            {live(move || match refused.get() {
                Some(problem) => view! { <ProblemLine problem=Signal::stored(problem) /> }.into_any(),
                None => ().into_any(),
            })}
            <div class="tree-acts">
                <Button off=role busy=busy press=renew>{words!(tokens.renew)}</Button>
                <Button weight=Weight::Danger off=role press=Callback::new(move |()| ending.set(true))>
                    {words!(tokens.cancel)}
                </Button>
            </div>
            <Question
                open=ending
                title=words!(tokens.cancel_title)
                act=words!(tokens.cancel_act)
                off=role
                run=cancel
                done=words!(tokens.cancelled)
            >
                <p>{words!(tokens.cancel_text)}</p>
            </Question>
        </li>
    }
}
