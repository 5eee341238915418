//! Calling the proxy: typed by the table of operations, with one kind of error.

mod address;
pub(crate) mod ahead;
mod early;
mod exchange;
mod key;
mod polled;
pub(crate) mod session;
pub(crate) mod socket;
mod watched;

use howdah_shared::operation::{BadSegment, Effect, Input, Nothing, Operation};
use howdah_shared::problem::{Code, Problem};
use howdah_shared::watch::Version;
use leptos::prelude::GetUntracked;

use self::exchange::Answer;
pub(crate) use address::{At, base};
pub(crate) use key::{fresh_key, is_definite};
pub(crate) use polled::{Polled, polled};
pub(crate) use watched::{Watched, Whole, watched, watched_whole};

/// What a change brought.
#[derive(Clone, Debug)]
pub(crate) struct Changed<R> {
    /// The reply.
    pub(crate) reply: R,
    /// The journal's id of the change; `None` for an operation that is not journalled.
    pub(crate) request_id: Option<String>,
}

/// Calls an operation and reads its reply. Dropping the future ends the exchange in the browser; what a change has
/// begun goes on in the proxy.
///
/// # Errors
/// The proxy's problem, or one of the browser's own: [`Code::Offline`], [`Code::Unreadable`], [`Code::Renewed`].
pub(crate) async fn call<O: Operation>(
    at: At<'_>,
    operation: &O,
    query: &O::Query,
    body: &O::Body,
) -> Result<O::Reply, Problem> {
    change(at, operation, query, body, None).await.map(|changed| changed.reply)
}

/// A reply to a read of Howdah's own, or what was made of it.
pub(crate) struct Read<T> {
    /// The reply.
    pub(crate) reply: T,
    /// Its version, from which it can be watched.
    version: Option<Version>,
}

impl<T> Read<T> {
    /// With something else made of the reply.
    pub(crate) fn with<U>(self, make: impl FnOnce(T) -> U) -> Read<U> {
        Read { reply: make(self.reply), version: self.version }
    }
}

/// Reads what is Howdah's own.
///
/// # Errors
/// As of [`call`].
pub(crate) async fn read<O>(operation: &O, query: &O::Query) -> Result<Read<O::Reply>, Problem>
where
    O: Operation<Body = Nothing>,
{
    let (reply, answer) = send(At::Howdah, operation, query, &Nothing {}, &[]).await?;
    Ok(Read { reply, version: answer.version() })
}

/// The reply to a read as it came.
///
/// # Errors
/// As of [`call`].
pub(crate) async fn text<O: Operation>(at: At<'_>, operation: &O, query: &O::Query) -> Result<String, Problem> {
    let url = address::address(&base(), at, &operation.path(), query);
    let answer = exchange::exchange(O::SPEC.method, &url, false, None, &[]).await?;
    String::from_utf8(answer.body).map_err(|error| unreadable(&error.to_string(), &answer.trace_id))
}

/// Calls an operation that changes something, under an idempotency key: the same key with the same body is sent to
/// the service once, however often it is called.
///
/// # Errors
/// As of [`call`]; `request_id` names the journal's entry where there is one.
pub(crate) async fn change<O: Operation>(
    at: At<'_>,
    operation: &O,
    query: &O::Query,
    body: &O::Body,
    key: Option<&str>,
) -> Result<Changed<O::Reply>, Problem> {
    let key: &[_] = &key.map(|key| (IDEMPOTENCY_KEY, key)).into_iter().collect::<Vec<_>>();
    let (reply, answer) = send(at, operation, query, body, key).await?;
    Ok(Changed { reply, request_id: answer.request_id })
}

const IDEMPOTENCY_KEY: &str = "Idempotency-Key";

/// Calls an operation that changes a credential which the proxy keeps, named by its handle.
///
/// # Errors
/// As of [`change`].
pub(crate) async fn change_kept<O>(at: At<'_>, operation: &O, handle: &str, key: &str) -> Result<O::Reply, Problem>
where
    O: Operation<Query = Nothing, Body = Nothing>,
{
    let named = O::SPEC.tail.keeping.and_then(|keeping| keeping.header()).map(|header| (header, handle));
    let headers: Vec<_> = named.into_iter().chain([(IDEMPOTENCY_KEY, key)]).collect();
    let (reply, _) = send(at, operation, &Nothing {}, &Nothing {}, &headers).await?;
    Ok(reply)
}

async fn send<O: Operation>(
    at: At<'_>,
    operation: &O,
    query: &O::Query,
    body: &O::Body,
    headers: &[(&str, &str)],
) -> Result<(O::Reply, Answer), Problem> {
    let url = address::address(&base(), at, &operation.path(), query);
    let changes = O::SPEC.effect != Effect::Read;
    if changes && socket::renewed().get_untracked() {
        return Err(Problem::new(Code::Renewed, "This page is of another build than Howdah."));
    }
    let body = match O::Body::PRESENT {
        true => Some(written::<O>(body).map_err(|error| unreadable(&error.to_string(), ""))?),
        false => None,
    };
    let answer = exchange::exchange(O::SPEC.method, &url, changes, body, headers).await?;
    let bytes: &[u8] = if answer.body.is_empty() { b"{}" } else { &answer.body };
    let reply = serde_json::from_slice(bytes).map_err(|error| unreadable(&error.to_string(), &answer.trace_id))?;
    Ok((reply, answer))
}

/// A body as it is sent: text as it is, anything else as JSON.
fn written<O: Operation>(body: &O::Body) -> serde_json::Result<String> {
    match O::SPEC.tail.text {
        true => serde_json::to_value(body).and_then(serde_json::from_value),
        false => serde_json::to_string(body),
    }
}

/// What cannot be a path parameter: no service would know it.
pub(crate) fn bad_path(why: BadSegment) -> Problem {
    Problem::new(Code::BadPath, why.to_string())
}

fn unreadable(why: &str, trace_id: &str) -> Problem {
    Problem { trace_id: trace_id.to_owned(), ..Problem::new(Code::Unreadable, why) }
}
