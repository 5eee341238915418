//! Sessions of people: an HttpOnly cookie, of which only the hash is kept, bound to the token that signed in.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use howdah_shared::console::Credentials;
use howdah_shared::problem::{Code, Problem};
use http::HeaderMap;
use http::header::{COOKIE, HeaderValue};
use secrecy::{ExposeSecret, SecretString};
use subtle::ConstantTimeEq;
use tokio::time::Instant;

use super::{By, Principal, Roles, Throttle, digest};
use crate::app::{App, Snapshot, now};
use crate::config::PublicUrl;
use crate::journal::NewSession;

/// How long a printed sign-in link is good.
pub const LINK_LASTS: Duration = Duration::from_secs(600);
/// The principal that a printed sign-in link makes.
const LINK_PRINCIPAL: &str = "administrator";

/// The one-time code of a printed sign-in link, and what its sessions are bound to: this process.
pub struct Link {
    code: Mutex<Option<(SecretString, Instant)>>,
    process: String,
}

impl Link {
    /// Makes a link for this process.
    ///
    /// # Errors
    /// When the operating system has no randomness to give.
    pub fn new() -> Result<(Link, SecretString), getrandom::Error> {
        let code = SecretString::from(crate::random::word()?);
        let expires = Instant::now() + LINK_LASTS;
        let link = Link { code: Mutex::new(Some((code.clone(), expires))), process: crate::random::word()? };
        Ok((link, code))
    }

    /// Uses the code up, if it is this one.
    fn take(&self, code: &str) -> Option<()> {
        let mut held = self.code.lock().unwrap_or_else(PoisonError::into_inner);
        let (expected, expires) = held.as_ref()?;
        let right = bool::from(expected.expose_secret().as_bytes().ct_eq(code.as_bytes())) && Instant::now() < *expires;
        right.then(|| *held = None)
    }
}

/// The cookie's name. Browsers let only secure pages of the whole host set one that begins with `__Host-`.
pub fn cookie_name(public: &PublicUrl) -> &'static str {
    if public.secure { "__Host-howdah" } else { "howdah" }
}

/// The cookie that signs in; without a value, the one that signs out.
fn cookie(snapshot: &Snapshot, value: Option<&str>) -> Option<HeaderValue> {
    let public = &snapshot.public;
    let name = cookie_name(public);
    // A __Host- cookie is one of the whole host.
    let path = if public.secure { "/" } else { &public.base };
    let site = match (public.secure, snapshot.portals.is_empty()) {
        (true, false) => "; Secure; SameSite=None; Partitioned",
        (true, true) => "; Secure; SameSite=Strict",
        (false, _) => "; SameSite=Strict",
    };
    let end = if value.is_none() { "; Max-Age=0" } else { "" };
    let value = value.unwrap_or("");
    let mut header = HeaderValue::from_str(&format!("{name}={value}; Path={path}; HttpOnly{site}{end}")).ok()?;
    header.set_sensitive(true);
    Some(header)
}

fn presented(snapshot: &Snapshot, headers: &HeaderMap) -> Option<String> {
    let name = cookie_name(&snapshot.public);
    let mut found =
        headers.get_all(COOKIE).iter().filter_map(|line| line.to_str().ok()).flat_map(|line| line.split(';'));
    let value = found.find_map(|pair| pair.trim().strip_prefix(name)?.strip_prefix('='))?;
    Some(value.to_owned())
}

/// The principal of the session whose cookie came along, if it is still good.
///
/// # Errors
/// When the sessions cannot be read.
pub async fn find(app: &App, snapshot: &Snapshot, headers: &HeaderMap) -> Result<Option<Principal>, Box<Problem>> {
    let Some(value) = presented(snapshot, headers) else { return Ok(None) };
    find_hash(app, snapshot, digest(value.as_bytes())).await
}

/// The principal of the session of that hash, if it is still good. Asking keeps it alive.
///
/// # Errors
/// When the sessions cannot be read.
pub async fn find_hash(app: &App, snapshot: &Snapshot, hash: String) -> Result<Option<Principal>, Box<Problem>> {
    let session = app.journal.find_session(&hash, now()).await.map_err(|error| {
        tracing::error!(%error, "sessions cannot be read");
        Box::new(Problem::new(
            Code::JournalUnavailable,
            "Sessions cannot be read. Whoever runs Howdah must look at its disk.",
        ))
    })?;
    let Some(session) = session else { return Ok(None) };
    let bound = session.token_id.as_deref().unwrap_or("");
    let until = Some(session.expires);
    if snapshot.link.as_ref().is_some_and(|link| link.process == bound) {
        let found = Principal::new(LINK_PRINCIPAL, By::Session(hash), Arc::new(Roles::all()));
        return Ok(Some(Principal { until, ..found }));
    }
    let token = snapshot.tokens.find_digest(bound);
    Ok(token.map(|token| {
        let found = Principal::new(&token.principal, By::Session(hash), token.roles.clone());
        Principal { until, ..found }
    }))
}

/// Signs in: checks what was presented and makes a session of it. Gives the principal and the cookie to set.
///
/// # Errors
/// 401 for a wrong token or code, 429 after too many of them.
pub async fn sign_in(
    app: &App,
    snapshot: &Snapshot,
    throttle: &Throttle,
    address: std::net::IpAddr,
    credentials: &Credentials,
) -> Result<(Principal, HeaderValue), Box<Problem>> {
    let found = throttle.check(address, || match (&credentials.token, &credentials.code) {
        (Some(token), None) => {
            let token = snapshot.tokens.find(token)?;
            Some((token.principal.clone(), token.roles.clone(), token.digest()))
        }
        (None, Some(code)) => {
            let link = snapshot.link.as_ref()?;
            link.take(code)?;
            Some((LINK_PRINCIPAL.to_owned(), Arc::new(Roles::all()), link.process.clone()))
        }
        _ => None,
    })?;
    let (name, roles, bound) = found.ok_or_else(|| {
        let detail = match credentials.code {
            Some(_) => "This link has been used, or is older than ten minutes. Start Howdah again for a new one.",
            None => "This token is not valid.",
        };
        Box::new(Problem::new(Code::BadToken, detail))
    })?;
    let internal = || Box::new(Problem::new(Code::Internal, "No session could be made."));
    let value = crate::random::word().and_then(|one| Ok(one + &crate::random::word()?)).map_err(|_| internal())?;
    let hash = digest(value.as_bytes());
    let session = NewSession {
        hash: hash.clone(),
        principal: name.clone(),
        token_id: Some(bound),
        created: now(),
        idle: snapshot.session_idle,
        absolute: snapshot.session_absolute,
    };
    app.journal.create_session(session).await.map_err(|error| {
        tracing::error!(%error, "a session cannot be written");
        Box::new(Problem::new(
            Code::JournalUnavailable,
            "No session could be written. Whoever runs Howdah must look at its disk.",
        ))
    })?;
    let cookie = cookie(snapshot, Some(&value)).ok_or_else(internal)?;
    Ok((Principal::new(name, By::Session(hash), roles), cookie))
}

/// Signs out: ends the session and gives the cookie that takes the old one away.
///
/// # Errors
/// When the session cannot be ended for good.
pub async fn sign_out(
    app: &App,
    snapshot: &Snapshot,
    principal: &Principal,
) -> Result<Option<HeaderValue>, Box<Problem>> {
    if let By::Session(hash) = &principal.by {
        app.journal.end_session(hash).await.map_err(|error| {
            tracing::error!(%error, "a session cannot be ended");
            Box::new(Problem::new(
                Code::JournalUnavailable,
                "The session could not be ended. Whoever runs Howdah must look at its disk.",
            ))
        })?;
        app.rights_changed();
    }
    Ok(cookie(snapshot, None))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn a_link_is_good_once_and_for_ten_minutes() {
        let (link, code) = Link::new().unwrap();
        assert!(link.take("wrong").is_none());
        assert!(link.take(code.expose_secret()).is_some());
        assert!(link.take(code.expose_secret()).is_none());
        let (link, code) = Link::new().unwrap();
        tokio::time::advance(LINK_LASTS).await;
        assert!(link.take(code.expose_secret()).is_none());
    }
}
