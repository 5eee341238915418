//! Who is signed in, as far as the page knows: the cookie itself is out of its reach.

use howdah_shared::console::{Credentials, Me, ShowMe, SignIn, SignOut};
use howdah_shared::operation::Nothing;
use howdah_shared::problem::{Code, Problem};
use leptos::prelude::*;

use super::{At, call};
use crate::browser;

/// What the page knows of the session.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Session {
    /// The proxy has not answered yet.
    Unknown,
    /// Somebody is in.
    In(Me),
    /// Nobody is.
    Out,
    /// The proxy could not say.
    Failed(Problem),
}

thread_local! {
    // Beside the reactive tree: an exchange may end after the page that began it is gone.
    static SESSION: ArcRwSignal<Session> = ArcRwSignal::new(Session::Unknown);
    static REFUSED: ArcRwSignal<Option<Problem>> = ArcRwSignal::new(None);
}

/// The session; reading it subscribes.
pub(crate) fn session() -> ArcRwSignal<Session> {
    SESSION.with(Clone::clone)
}

/// Notes that the proxy no longer knows us: the frame leads to the sign-in page.
pub(super) fn ended() {
    let session = session();
    if session.with_untracked(|session| *session != Session::Out) {
        session.set(Session::Out);
    }
}

/// Why a one-time code of the address was refused; the sign-in page says it.
pub(crate) fn refused() -> ArcRwSignal<Option<Problem>> {
    REFUSED.with(Clone::clone)
}

/// Finds out who is in: exchanges a one-time code that stands in the address, else asks.
pub(crate) async fn begin() {
    let Some(code) = take_code() else { return ask().await };
    match sign_in(&Credentials { code: Some(code), token: None }).await {
        Ok(me) => session().set(Session::In(me)),
        Err(problem) => {
            refused().set(Some(problem));
            // Perhaps somebody is in already, and only the link was old.
            ask().await;
        }
    }
}

/// Takes a one-time code out of the address, so that neither history nor a shared link keeps it.
fn take_code() -> Option<String> {
    let window = browser::window()?;
    let hash = window.location().hash().ok()?;
    let code = hash.strip_prefix("#code=")?.to_owned();
    let clean = format!("{}{}", window.location().pathname().ok()?, window.location().search().ok()?);
    window.history().ok()?.replace_state_with_url(&wasm_bindgen::JsValue::NULL, "", Some(&clean)).ok()?;
    (!code.is_empty()).then_some(code)
}

/// Asks who is signed in.
pub(crate) async fn ask() {
    settle(call(At::Howdah, &ShowMe {}, &Nothing {}, &Nothing {}).await);
}

/// Signs in with a token or a one-time code; the caller tells the page.
///
/// # Errors
/// The proxy's problem; the session stays as it was.
pub(crate) async fn sign_in(credentials: &Credentials) -> Result<Me, Problem> {
    call(At::Howdah, &SignIn {}, &Nothing {}, credentials).await
}

/// Ends the session.
///
/// # Errors
/// The proxy's problem; the session then still stands.
pub(crate) async fn sign_out() -> Result<(), Problem> {
    call(At::Howdah, &SignOut {}, &Nothing {}, &Nothing {}).await?;
    session().set(Session::Out);
    Ok(())
}

fn settle(answer: Result<Me, Problem>) {
    let session = session();
    match answer {
        Ok(me) => session.set(Session::In(me)),
        // A token would not help where the portal's proxy is refused: the problem itself is to be seen.
        Err(problem) if problem.status == 401 && problem.code != Code::ProxyRefused => ended(),
        // Whoever was in stays in: a proxy that is away for a moment must not tear the page down.
        Err(problem) => session.update(|session| {
            if !matches!(session, Session::In(_)) {
                *session = Session::Failed(problem);
            }
        }),
    }
}
