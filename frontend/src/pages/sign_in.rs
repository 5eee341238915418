//! Signing in with a token. The one-time code of a link is exchanged before any page is drawn.

use crate::ui::live::{effect, memo};
use howdah_shared::console::Credentials;
use leptos::prelude::*;

use crate::address;
use crate::api::base;
use crate::api::session::{self, Session};
use crate::components::frame::LogoMark;
use crate::components::page::PageHead;
use crate::components::problem::ProblemLine;
use crate::i18n::*;
use crate::ui::button::{Button, Weight};
use crate::ui::field::Field;

/// The page.
#[component]
pub(crate) fn SignInPage() -> impl IntoView {
    let i18n = use_i18n();
    let token = RwSignal::new(String::new());
    let busy = RwSignal::new(false);
    let problem = session::refused();
    let next = next_place();
    lead_on_when_in(next);

    let refused = problem.clone();
    let enter = move |credentials: Credentials| {
        busy.set(true);
        refused.set(None);
        let refused = refused.clone();
        leptos::task::spawn_local(async move {
            match session::sign_in(&credentials).await {
                Ok(me) => session::session().set(Session::In(me)),
                Err(why) => {
                    refused.set(Some(why));
                    busy.set(false);
                }
            }
        });
    };
    let submit = move |event: web_sys::SubmitEvent| {
        event.prevent_default();
        let text = token.get_untracked().trim().to_owned();
        if !text.is_empty() && !busy.get_untracked() {
            enter(Credentials { token: Some(text), code: None });
        }
    };
    let off = Signal::derive(move || {
        token.with(|token| token.trim().is_empty()).then(|| t_string!(i18n, sign_in.empty).to_string())
    });
    view! {
        <main class="alone" id="page">
            <div class="sign-in">
                <div class="sign-in-mark">
                    <LogoMark />
                    <span aria-hidden="true">"Howdah"</span>
                </div>
                <PageHead title=words!(sign_in.title) />
                <form class="sign-in-form" novalidate=true on:submit=submit>
                    <Field
                        id="token"
                        kind="password"
                        autocomplete="current-password"
                        label=words!(sign_in.token)
                        hint=words!(sign_in.hint)
                        value=token
                    />
                    {move || {
                        problem.get().map(|problem| view! { <ProblemLine problem=Signal::stored(problem) /> })
                    }}
                    <Button weight=Weight::Primary kind="submit" off=off busy=busy>
                        {words!(sign_in.enter)}
                    </Button>
                </form>
            </div>
        </main>
    }
}

/// Where the person was going.
fn next_place() -> Memo<String> {
    let here = address::here();
    memo(move || {
        let next = here.with(|here| address::parameter(&here.search, "next"));
        next.as_deref().and_then(|next| inside(&base(), next)).unwrap_or("/").to_owned()
    })
}

/// Whoever is in already is led on.
fn lead_on_when_in(next: Memo<String>) {
    let session = session::session();
    effect(move || {
        if session.with(|session| matches!(session, Session::In(_))) {
            address::replace(&(base() + &next.get_untracked()));
        }
    });
}

/// The path below the base that `next` names; nothing but a path of ours.
fn inside<'a>(base: &str, next: &'a str) -> Option<&'a str> {
    let path = next.strip_prefix(base)?;
    let ours = path.starts_with('/') && !path.starts_with("//") && !path.contains('\\') && !path.contains("/sign-in");
    ours.then_some(path)
}

#[cfg(test)]
mod tests {
    use super::inside;

    #[test]
    fn only_paths_of_ours_are_led_to() {
        assert_eq!(inside("/h", "/h/requests?state=failed"), Some("/requests?state=failed"));
        assert_eq!(inside("", "/requests"), Some("/requests"));
        assert_eq!(inside("", "//evil.test/"), None);
        assert_eq!(inside("", "https://evil.test/"), None);
        assert_eq!(inside("", "/\\evil.test"), None);
        assert_eq!(inside("", "/sign-in?next=/sign-in"), None);
        assert_eq!(inside("/h", "/other"), None);
    }
}
