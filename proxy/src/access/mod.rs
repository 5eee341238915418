//! Who asks, and what they may do.

mod pace;
pub mod sessions;
mod throttle;
mod tokens;
pub mod trusted_proxy;

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::Arc;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use howdah_shared::console::Instant;
use howdah_shared::operation::Role;
use howdah_shared::problem::{Code, Problem};
use http::HeaderMap;
use http::header::{AUTHORIZATION, HeaderValue, ORIGIN};

pub use self::pace::Pace;
pub use self::throttle::Throttle;
pub use self::tokens::{Token, Tokens, digest};
pub use self::trusted_proxy::TrustedProxy;
use crate::app::{App, Snapshot};

/// Who asks.
#[derive(Clone, Debug)]
pub struct Principal {
    /// The name under which changes are journalled.
    pub name: String,
    /// By what it is known.
    pub by: By,
    /// Until when it is known at the most, in ms since the epoch.
    pub until: Option<Instant>,
    /// The digest of the token, or of the trusted proxy's secret, that came along.
    token: Option<String>,
    /// The address of the trusted proxy that it came by.
    from: Option<IpAddr>,
    roles: Arc<Roles>,
}

/// By what a principal is known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum By {
    /// A token in this request's `Authorization`, as bearer, or in the header of a service's clients: a script, or a
    /// portal's page.
    Bearer,
    /// A token as the password of Basic.
    Basic,
    /// A name from the portal's reverse proxy.
    Proxy,
    /// A session; this is the hash of its cookie.
    Session(String),
    /// Nothing: an open sandbox.
    Open,
}

/// Roles by connection, and the role on all others.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Roles {
    by_connection: HashMap<String, Role>,
    others: Option<Role>,
}

impl Roles {
    /// The roles of a configuration, in which `*` stands for all other connections.
    pub fn new<'a>(roles: impl IntoIterator<Item = (&'a String, &'a Role)>) -> Roles {
        let mut by_connection: HashMap<String, Role> =
            roles.into_iter().map(|(name, role)| (name.clone(), *role)).collect();
        let others = by_connection.remove("*");
        Roles { by_connection, others }
    }

    /// Administers every connection.
    pub fn all() -> Roles {
        Roles { by_connection: HashMap::new(), others: Some(Role::Administer) }
    }
}

impl Principal {
    /// A principal with its roles.
    pub fn new(name: impl Into<String>, by: By, roles: Arc<Roles>) -> Principal {
        Principal { name: name.into(), by, until: None, token: None, from: None, roles }
    }

    /// Whether both came in by the same token or session.
    pub fn is_same(&self, other: &Principal) -> bool {
        self.name == other.name && self.by == other.by && self.token == other.token
    }

    /// By what it is told from every other who came in: the same for the same token or session.
    pub fn identity(&self) -> String {
        format!("{} {:?} {:?}", self.name, self.by, self.token)
    }

    /// Its role on a connection; without one the connection does not exist for it.
    pub fn role(&self, connection: &str) -> Option<Role> {
        self.roles.by_connection.get(connection).copied().or(self.roles.others)
    }
}

/// Finds out who asks. A token that the caller brings itself wins over the name that the portal's proxy adds, and this
/// over a session, which may be that of whoever used the browser before. `own` is a header in which a token may stand too:
/// that of a service's clients.
///
/// # Errors
/// A 401 for nobody, for a wrong token and for a name that is not believed, the refusal of what another site asks in
/// somebody's name, and a 429 for whoever calls more often than it may.
pub async fn authenticate(
    app: &App,
    snapshot: &Snapshot,
    headers: &HeaderMap,
    own: Option<&'static str>,
    address: IpAddr,
) -> Result<Principal, Box<Problem>> {
    let found = match by_token(app, snapshot, headers, own, address)? {
        Some(principal) => Some(principal),
        None => of_browser(app, snapshot, headers, address).await?,
    };
    let_in(app, snapshot, headers, found)
}

/// Finds out who asks where neither sessions nor the portal's proxy count: by a token alone.
///
/// # Errors
/// Those of [`authenticate`].
pub fn authenticate_script(
    app: &App,
    snapshot: &Snapshot,
    headers: &HeaderMap,
    own: Option<&'static str>,
    address: IpAddr,
) -> Result<Principal, Box<Problem>> {
    let found = by_token(app, snapshot, headers, own, address)?;
    let_in(app, snapshot, headers, found)
}

/// Who brings a token in `Authorization` or in the header of a service's clients, where there is one.
fn by_token(
    app: &App,
    snapshot: &Snapshot,
    headers: &HeaderMap,
    own: Option<&'static str>,
    address: IpAddr,
) -> Result<Option<Principal>, Box<Problem>> {
    let brought = match authorization(headers)? {
        Some(brought) => Some(brought),
        None => own.and_then(|name| headers.get(name)).map(in_own_header).transpose()?,
    };
    let Some((token, by)) = brought else { return Ok(None) };
    let found = app.throttle.check(address, || snapshot.tokens.find(&token))?;
    let found = found.ok_or_else(|| Box::new(Problem::new(Code::BadToken, "This token is not valid.")))?;
    let principal = Principal::new(&found.principal, by, found.roles.clone());
    Ok(Some(Principal { token: Some(found.digest()), ..principal }))
}

fn let_in(
    app: &App,
    snapshot: &Snapshot,
    headers: &HeaderMap,
    found: Option<Principal>,
) -> Result<Principal, Box<Problem>> {
    let principal = match found {
        Some(principal) => principal,
        None if snapshot.open => Principal::new("sandbox", By::Open, Arc::new(Roles::all())),
        None => return Err(Box::new(Problem::new(Code::SignInRequired, "Sign in, or send a token as bearer."))),
    };
    if principal.by != By::Bearer {
        own_origin(snapshot, headers)?;
    }
    app.pace.check(&principal.name)?;
    Ok(principal)
}

/// Who uses the browser: the one whom the portal's proxy names, or whose session this is.
async fn of_browser(
    app: &App,
    snapshot: &Snapshot,
    headers: &HeaderMap,
    address: IpAddr,
) -> Result<Option<Principal>, Box<Problem>> {
    if let Some(proxy) = &snapshot.trusted_proxy
        && let Some(named) = proxy.find(headers, address)?
    {
        return Ok(Some(named));
    }
    sessions::find(app, snapshot, headers).await
}

/// Finds out whether a principal that was let in before still would be, and what it may do now.
///
/// # Errors
/// When the sessions cannot be read.
pub async fn find_again(app: &App, snapshot: &Snapshot, before: &Principal) -> Result<Option<Principal>, Box<Problem>> {
    let found = match &before.by {
        By::Session(hash) => sessions::find_hash(app, snapshot, hash.clone()).await?,
        By::Proxy => snapshot.trusted_proxy.as_ref().and_then(|proxy| proxy.find_again(before)),
        By::Open => snapshot.open.then(|| before.clone()),
        By::Bearer | By::Basic => before.token.as_deref().and_then(|digest| {
            let token = snapshot.tokens.find_digest(digest)?;
            Some(Principal { roles: token.roles.clone(), ..before.clone() })
        }),
    };
    Ok(found.filter(|found| found.name == before.name))
}

/// No page of another origin can set such a header without being asked first, so it is as good as a bearer token.
fn in_own_header(value: &HeaderValue) -> Result<(String, By), Box<Problem>> {
    let token = value.to_str().map_err(|_| Box::new(Problem::new(Code::BadToken, "This token is not valid.")))?;
    Ok((token.to_owned(), By::Bearer))
}

fn authorization(headers: &HeaderMap) -> Result<Option<(String, By)>, Box<Problem>> {
    let Some(value) = headers.get(AUTHORIZATION) else { return Ok(None) };
    let bad = || {
        Box::new(Problem::new(
            Code::BadToken,
            "Authorization must be a bearer token, or Basic with a token as its password.",
        ))
    };
    let (scheme, rest) = value.to_str().map_err(|_| bad())?.split_once(' ').ok_or_else(bad)?;
    if scheme.eq_ignore_ascii_case("bearer") {
        return Ok(Some((rest.trim().to_owned(), By::Bearer)));
    }
    if scheme.eq_ignore_ascii_case("basic") {
        let decoded = STANDARD.decode(rest.trim()).map_err(|_| bad())?;
        let text = String::from_utf8(decoded).map_err(|_| bad())?;
        let (_, password) = text.split_once(':').ok_or_else(bad)?;
        return Ok(Some((password.to_owned(), By::Basic)));
    }
    Err(bad())
}

/// A browser sends cookies, Basic, what the portal's proxy knows it by and its mere reachability along with what any
/// page asks. Such a call passes only when a page of ours asked, whatever its method.
///
/// # Errors
/// 403 `cross_site`.
pub fn own_origin(snapshot: &Snapshot, headers: &HeaderMap) -> Result<(), Box<Problem>> {
    let refused =
        || Box::new(Problem::new(Code::CrossSite, "Another site asked for this with your browser. Nothing was done."));
    match headers.get("sec-fetch-site").map(|site| site.as_bytes()) {
        None | Some(b"same-origin" | b"none") => {}
        Some(_) => return Err(refused()),
    }
    let mut origins = headers.get_all(ORIGIN).iter();
    match (origins.next(), origins.next()) {
        (None, _) => Ok(()),
        (Some(origin), None) if origin.as_bytes() == snapshot.public.origin.as_bytes() => Ok(()),
        _ => Err(refused()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_star_stands_for_all_other_connections() {
        let written = [("*".to_owned(), Role::View), ("eco".to_owned(), Role::Operate)];
        let roles = Arc::new(Roles::new(written.iter().map(|(name, role)| (name, role))));
        let principal = Principal::new("a", By::Bearer, roles);
        assert_eq!((principal.role("eco"), principal.role("rm")), (Some(Role::Operate), Some(Role::View)));
        let nobody = Principal::new("b", By::Bearer, Arc::new(Roles::default()));
        assert_eq!(nobody.role("eco"), None);
    }

    #[test]
    fn tokens_come_as_bearer_or_as_password() {
        let with = |value: &str| HeaderMap::from_iter([(AUTHORIZATION, value.parse().unwrap())]);
        assert_eq!(authorization(&with("bearer abc")).unwrap(), Some(("abc".to_owned(), By::Bearer)));
        let basic = format!("Basic {}", STANDARD.encode("anyone:a:b"));
        assert_eq!(authorization(&with(&basic)).unwrap(), Some(("a:b".to_owned(), By::Basic)));
        for bad in ["abc", "Digest x", "Basic %%%"] {
            assert!(authorization(&with(bad)).is_err(), "{bad}");
        }
    }
}
