//! The way of a call through Howdah: what came in is untrusted ([`Inbound`]), is admitted by the table and the
//! caller's role ([`Admitted`]), leaves as something made from nothing ([`outbound::Outbound`]), and what comes back
//! is checked and redacted before it is a [`reply::Reply`]. No function leads from inbound headers to outbound ones.

pub mod breaker;
pub mod changing;
mod choosing;
mod cleaning;
pub mod connection;
pub mod lane;
mod links;
pub mod outbound;
pub mod polling;
pub mod reading;
mod records;
pub mod reply;
pub mod route;
mod sending;
pub mod servers;
mod streaming;
pub mod tokens;
pub mod trust;

use std::sync::Arc;
use std::time::Duration;

use axum::body::Body;
use bytes::Bytes;
use howdah_shared::door::{Call, Refusal, Row};
use howdah_shared::problem::{Code, FieldFault, MEDIA_TYPE, Place, Problem};
use http::header::{ACCEPT, CONTENT_TYPE};
use http::request::Parts;
use http::{HeaderMap, Method, Request, Response};
use http_body::Body as _;
use http_body_util::{BodyExt, LengthLimitError, Limited};

use self::connection::{Connection, is_change};
use self::route::{Routed, other_methods, route};
use crate::access::Principal;
use crate::app::{App, Snapshot};
use crate::config::LimitsConfig;
use crate::watching::{Reading, sse};
use crate::{console, metrics, server};

/// What a caller sent, as it came in. Nothing of it goes further but by way of the table.
pub struct Inbound {
    /// The request's head.
    pub parts: Parts,
    /// Its body, not yet read.
    pub body: Body,
}

/// A call that may be made: its row, its parameters in their types, and who makes it.
pub struct Admitted {
    /// Who.
    pub principal: Principal,
    /// Where to.
    pub connection: Arc<Connection>,
    /// What.
    pub row: &'static Row,
    /// With which parameters.
    pub call: Call,
    /// Whether the caller reads problem details; one that does not gets the service's own words where it can.
    pub reads_problems: bool,
    /// The caller's idempotency key, where it gave one.
    pub key: Option<String>,
}

/// Answers a call below a connection: `path` is what follows, with its leading slash. Where that lies for the caller, is
/// for the caller of this to say ([`reply::placed`]).
pub async fn answer(
    app: &Arc<App>,
    principal: Principal,
    name: &str,
    path: &str,
    request: Request<Body>,
) -> Response<Body> {
    let (parts, body) = request.into_parts();
    let snapshot = app.snapshot();
    let page = |connection: &Connection| connection.system.standby.as_ref().is_some_and(|standby| standby.page == path);
    if parts.method == Method::GET
        && let Some(connection) = visible(&snapshot, &principal, name).filter(|connection| page(connection))
    {
        return whether_active(connection).await;
    }
    match find(&snapshot, &principal, name, parts.method.as_str(), path) {
        Ok(found) => {
            let (name, operation) = (found.0.name.clone(), found.1.spec.name);
            metrics::asked(&name, operation, carry_out(app, principal, found, Inbound { parts, body }).await)
        }
        Err(problem) => reply::problem(*problem),
    }
}

/// Answers what a client asks for to see whether this is an active server: by the status alone.
async fn whether_active(connection: &Arc<Connection>) -> Response<Body> {
    let Some(standby) = &connection.system.standby else { return server::text(404, "") };
    let answered = match console::ask_for(connection, standby.operation, &[], "").await {
        Ok((200, body)) if (standby.is_active)(&body) == Some(true) => server::text(200, "This server is active.\n"),
        Ok(_) => {
            let detail = format!("{} does not say that it is active.", connection.title);
            reply::problem(Problem::new(Code::UpstreamStandby, detail))
        }
        Err(problem) => reply::problem(*problem),
    };
    metrics::asked(&connection.name, standby.operation, answered)
}

/// A connection that a principal may see.
fn visible<'a>(snapshot: &'a Snapshot, principal: &Principal, name: &str) -> Option<&'a Arc<Connection>> {
    snapshot.connections.get(name).filter(|_| principal.role(name).is_some())
}

async fn carry_out(
    app: &Arc<App>,
    principal: Principal,
    found: Found<Vec<String>>,
    inbound: Inbound,
) -> Response<Body> {
    let stream = sse::Wanted::by(&inbound.parts.headers);
    match admit(app, principal, found, inbound).await {
        Ok(admitted) if is_change(admitted.row.spec.effect) => Box::pin(changing::answer(app, admitted)).await,
        Ok(admitted) => match stream {
            Some(wanted) => {
                let Admitted { principal, connection, row, call, .. } = admitted;
                sse::answer(app, principal, Reading { connection: Some(connection), row, call }, wanted)
            }
            None => reading::answer(admitted).await,
        },
        Err(problem) => reply::problem(*problem),
    }
}

async fn admit(
    app: &App,
    principal: Principal,
    (connection, row, segments): Found<Vec<String>>,
    inbound: Inbound,
) -> Result<Admitted, Box<Problem>> {
    let Inbound { parts, body } = inbound;
    may_call(&principal, &connection, row)?;
    accepts_json(&parts.headers)?;
    let key = idempotency_key(&parts.headers)?;
    connection.check_tenant(row, &segments)?;
    connection.check_service(row)?;
    let query = without_identity(parts.uri.query().unwrap_or(""), connection.system.identity);
    let body = read_body(&parts.headers, body, row, &app.snapshot().limits).await?;
    let mut call = row.admit(&segments, &query, &body).map_err(refused)?;
    if let Some(header) = row.spec.tail.keeping.and_then(|keeping| keeping.header()) {
        call.handle = Some(handle(&parts.headers, header)?);
    }
    let reads_problems = reads_problems(&parts.headers);
    Ok(Admitted { principal, connection, row, call, reads_problems, key })
}

/// A row of a connection, with parameters of some kind.
type Found<P> = (Arc<Connection>, &'static Row, P);

/// Finds a row of the table of a connection that a principal may see, with its decoded path parameters.
fn find(
    snapshot: &Snapshot,
    principal: &Principal,
    name: &str,
    method: &str,
    path: &str,
) -> Result<Found<Vec<String>>, Box<Problem>> {
    let connection = visible(snapshot, principal, name).ok_or_else(|| {
        Box::new(Problem::new(Code::ConnectionNotFound, "There is no connection of this name for you."))
    })?;
    let (row, segments) = match route(connection.system.table, &connection.system.spelling, method, path) {
        Routed::Found(row, segments) => (row, segments),
        Routed::OtherMethods(methods) => return Err(Box::new(other_methods(&methods))),
        Routed::Nowhere => {
            let detail = format!("{} has no such operation in Howdah.", connection.system.id);
            return Err(Box::new(Problem::new(Code::NotFound, detail)));
        }
    };
    Ok((connection.clone(), row, segments))
}

fn may_call(principal: &Principal, connection: &Connection, row: &Row) -> Result<(), Box<Problem>> {
    let name = &connection.name;
    if principal.role(name) < Some(row.spec.role) {
        let needed = format!("{:?}", row.spec.role).to_lowercase();
        let detail = format!("This needs the role {needed} on {name}.");
        return Err(Box::new(Problem::new(Code::RoleMissing, detail)));
    }
    Ok(())
}

/// A read that a principal wants to watch: its connection, its row and its parameters in their types.
///
/// # Errors
/// The problem, as for the read itself.
pub fn watched(
    snapshot: &Snapshot,
    principal: &Principal,
    name: &str,
    path: &str,
    query: &str,
) -> Result<Reading, Box<Problem>> {
    let (connection, row, segments) = find(snapshot, principal, name, "GET", path)?;
    may_call(principal, &connection, row)?;
    if is_change(row.spec.effect) {
        return Err(Box::new(Problem::new(Code::NotFound, "What changes something cannot be watched.")));
    }
    connection.check_tenant(row, &segments)?;
    connection.check_service(row)?;
    let query = without_identity(query, connection.system.identity);
    let call = row.admit(&segments, &query, b"").map_err(refused)?;
    Ok(Reading { connection: Some(connection), row, call })
}

fn refused(refusal: Refusal) -> Box<Problem> {
    let first = &refusal.faults[0];
    let place = match first.place {
        Place::Path => "path",
        Place::Query => "query",
        Place::Header => "header",
        Place::Body => "body",
    };
    let field = if first.field.is_empty() { "it".to_owned() } else { format!("`{}`", first.field) };
    let detail = format!("The {place} is not acceptable: {field}: {}. Nothing was sent.", first.message);
    let mut problem = Problem::new(refusal.code, detail);
    problem.errors = refusal.faults;
    Box::new(problem)
}

/// Reads a body up to the limit of its row, in a limited time, of a type that the row takes.
///
/// # Errors
/// The problem for the caller.
pub async fn read_body(
    headers: &HeaderMap,
    body: Body,
    row: &Row,
    limits: &LimitsConfig,
) -> Result<Bytes, Box<Problem>> {
    if body.is_end_stream() {
        return Ok(Bytes::new());
    }
    let limit = row.spec.tail.body_limit.min(usize::try_from(limits.body_bytes).unwrap_or(usize::MAX));
    let time = Duration::from_secs(limits.body_seconds.into());
    let reading = tokio::time::timeout(time, Limited::new(body, limit).collect());
    let bytes = match reading.await {
        Ok(Ok(collected)) => collected.to_bytes(),
        Ok(Err(error)) if error.is::<LengthLimitError>() => {
            let detail = format!("The body has more than the {limit} bytes that this operation takes.");
            return Err(Box::new(Problem::new(Code::BodyTooLarge, detail)));
        }
        Ok(Err(_)) => return Err(Box::new(Problem::new(Code::BadRequest, "The body broke off."))),
        Err(_) => {
            let detail = format!("The body did not arrive within {} s.", time.as_secs());
            return Err(Box::new(Problem::new(Code::RequestTimeout, detail)));
        }
    };
    if !bytes.is_empty() {
        let kind = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or("");
        let essence = kind.split(';').next().unwrap_or("").trim();
        // Text is text, whatever it is called.
        if !row.spec.tail.text && !essence.eq_ignore_ascii_case("application/json") {
            return Err(Box::new(Problem::new(Code::UnsupportedMediaType, "Send the body as application/json.")));
        }
    }
    Ok(bytes)
}

/// The problem for a caller that would take XML and nothing else.
fn accepts_json(headers: &HeaderMap) -> Result<(), Box<Problem>> {
    let mut any = false;
    for accept in headers.get_all(ACCEPT) {
        for range in accept.to_str().unwrap_or("").split(',') {
            let essence = range.split(';').next().unwrap_or("").trim().to_ascii_lowercase();
            if matches!(
                essence.as_str(),
                "*/*" | "application/*" | "application/json" | MEDIA_TYPE | "text/event-stream"
            ) {
                return Ok(());
            }
            any |= !essence.is_empty();
        }
    }
    if any {
        return Err(Box::new(Problem::new(Code::NotAcceptable, "Howdah speaks JSON: accept application/json.")));
    }
    Ok(())
}

/// Whether a caller asks for problem details by name.
pub fn reads_problems(headers: &HeaderMap) -> bool {
    headers.get_all(ACCEPT).iter().any(|accept| accept.to_str().is_ok_and(|accept| accept.contains(MEDIA_TYPE)))
}

/// The handle of a kept token in a request's header.
fn handle(headers: &HeaderMap, name: &'static str) -> Result<String, Box<Problem>> {
    let mut values = headers.get_all(name).iter();
    let (Some(value), None) = (values.next(), values.next()) else {
        let mut problem =
            Problem::new(Code::BadRequest, format!("The header {name} names the token, and stands once."));
        let message = "must hold the handle of a token".to_owned();
        problem.errors.push(FieldFault { place: Place::Header, field: name.to_owned(), message });
        return Err(Box::new(problem));
    };
    // What is no handle may be a token, which must stand nowhere.
    value.to_str().ok().filter(|value| tokens::is_handle(value)).map(str::to_owned).ok_or_else(|| {
        let detail = "This is not the handle of a delegation token that Howdah keeps. Nothing was sent.";
        Box::new(Problem::new(Code::TokenNotFound, detail))
    })
}

fn idempotency_key(headers: &HeaderMap) -> Result<Option<String>, Box<Problem>> {
    let mut keys = headers.get_all("idempotency-key").iter();
    let Some(key) = keys.next() else { return Ok(None) };
    let good = |text: &&str| (1..=128).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_graphic());
    match key.to_str().ok().filter(good) {
        Some(text) if keys.next().is_none() => Ok(Some(text.to_owned())),
        _ => {
            let detail = "An Idempotency-Key has 1 to 128 visible ASCII characters and stands once.";
            let mut problem = Problem::new(Code::BadIdempotencyKey, detail);
            let message = "is not acceptable".to_owned();
            problem.errors.push(FieldFault { place: Place::Header, field: "Idempotency-Key".to_owned(), message });
            Err(Box::new(problem))
        }
    }
}

/// Takes out what would make the caller speak for somebody else; who speaks is ours to say.
fn without_identity(query: &str, identity: &[&str]) -> String {
    if identity.is_empty() {
        return query.to_owned();
    }
    let kept = query.split('&').filter(|pair| {
        let name = pair.split('=').next().unwrap_or("").replace('+', " ");
        let name = percent_encoding::percent_decode_str(&name).decode_utf8_lossy().trim().to_ascii_lowercase();
        let dropped = identity.contains(&name.as_str());
        if dropped {
            tracing::debug!(parameter = name, "an identity parameter of the caller is dropped");
        }
        !dropped
    });
    kept.collect::<Vec<_>>().join("&")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn identity_is_dropped_however_it_is_spelt() {
        let identity = &["user.name", "doas"];
        let query = "states=RUNNING&user.name=eve&User.Name=eve&user%2Ename=eve&doAs=eve&limit=3";
        assert_eq!(without_identity(query, identity), "states=RUNNING&limit=3");
    }

    #[test]
    fn xml_alone_is_not_acceptable() {
        let with = |accept: &'static str| HeaderMap::from_iter([(ACCEPT, accept.parse().unwrap())]);
        assert!(accepts_json(&HeaderMap::new()).is_ok());
        assert!(accepts_json(&with("application/xml, */*;q=0.1")).is_ok());
        assert!(accepts_json(&with("application/xml")).is_err());
    }

    #[test]
    fn an_idempotency_key_is_one_word() {
        let with =
            |key: &'static str| HeaderMap::from_iter([("idempotency-key".parse().unwrap(), key.parse().unwrap())]);
        assert_eq!(idempotency_key(&with("k-1")).unwrap().as_deref(), Some("k-1"));
        assert!(idempotency_key(&with("")).is_err());
        assert!(idempotency_key(&with("a b")).is_err());
    }
}
