//! One HTTP exchange with the proxy.

use gloo_net::http::{Method as HttpMethod, RequestBuilder, Response};
use howdah_shared::operation::Method;
use howdah_shared::problem::{Code, MEDIA_TYPE, Problem};
use howdah_shared::watch::Version;
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::JsFuture;
use web_sys::AbortController;

use super::{early, session};
use crate::browser;

/// A good answer.
pub(super) struct Answer {
    pub(super) body: Vec<u8>,
    pub(super) trace_id: String,
    pub(super) request_id: Option<String>,
    /// The `ETag`, without its quotes.
    tag: Option<String>,
    /// Of a picture: whether all rows are in it.
    pub(super) is_complete: bool,
}

impl Answer {
    /// The version of what was read, where it can be watched.
    pub(super) fn version(&self) -> Option<Version> {
        self.tag.as_deref().and_then(|tag| tag.parse().ok())
    }
}

/// Ends the exchange when nobody waits for it any more.
struct AbortOnDrop(Option<AbortController>);

impl Drop for AbortOnDrop {
    fn drop(&mut self) {
        if let Some(controller) = &self.0 {
            controller.abort();
        }
    }
}

fn offline(error: gloo_net::Error) -> Problem {
    Problem::new(Code::Offline, error.to_string())
}

pub(super) async fn exchange(
    method: Method,
    url: &str,
    changes: bool,
    body: Option<String>,
    headers: &[(&str, &str)],
) -> Result<Answer, Problem> {
    if browser::ABSENT {
        let Some(body) = browser::told(url) else { return std::future::pending().await };
        return Ok(Answer {
            body: body.into_bytes(),
            trace_id: String::new(),
            request_id: None,
            tag: None,
            is_complete: true,
        });
    }
    if let (Method::Get, []) = (method, headers)
        && let Some(asked) = early::asked(url)
    {
        let offline = |_| Problem::new(Code::Offline, "Howdah cannot be reached.");
        let response: web_sys::Response = JsFuture::from(asked).await.map_err(offline)?.unchecked_into();
        return answered(response.into()).await;
    }
    let guard = AbortOnDrop(AbortController::new().ok());
    let signal = guard.0.as_ref().map(AbortController::signal);
    let mut builder = RequestBuilder::new(url)
        .method(match method {
            Method::Get => HttpMethod::GET,
            Method::Post => HttpMethod::POST,
            Method::Put => HttpMethod::PUT,
            Method::Patch => HttpMethod::PATCH,
            Method::Delete => HttpMethod::DELETE,
        })
        .abort_signal(signal.as_ref())
        .header("Accept", "application/json, application/problem+json");
    if changes {
        builder = builder.header("Content-Type", "application/json");
    }
    for (name, value) in headers {
        builder = builder.header(name, value);
    }
    let request = match body {
        Some(body) => builder.body(body),
        None => builder.build(),
    };
    answered(request.map_err(offline)?.send().await.map_err(offline)?).await
}

async fn answered(response: Response) -> Result<Answer, Problem> {
    let trace_id = response.headers().get("howdah-trace-id").unwrap_or_default();
    let request_id = response.headers().get("howdah-request-id");
    let tag = response.headers().get("etag").map(|tag| tag.trim_matches('"').to_owned());
    let is_complete = response.headers().get("howdah-complete").is_none_or(|word| word != "false");
    let bytes = response.binary().await.map_err(offline)?;
    if response.ok() {
        return Ok(Answer { body: bytes, trace_id, request_id, tag, is_complete });
    }
    let problem = problem(&response, &bytes, trace_id, request_id);
    if problem.status == 401 && matches!(problem.code, Code::SignInRequired | Code::BadToken) {
        session::ended();
    }
    Err(problem)
}

fn problem(response: &Response, bytes: &[u8], trace_id: String, request_id: Option<String>) -> Problem {
    let is_problem = response.headers().get("content-type").is_some_and(|kind| kind.starts_with(MEDIA_TYPE));
    let read = is_problem.then(|| serde_json::from_slice::<Problem>(bytes).ok()).flatten();
    let mut problem = read.unwrap_or_else(|| {
        let detail = format!("HTTP {} {}", response.status(), response.status_text());
        Problem { status: response.status(), ..Problem::new(Code::Unreadable, detail) }
    });
    if problem.trace_id.is_empty() {
        problem.trace_id = trace_id;
    }
    if problem.request_id.is_none() {
        problem.request_id = request_id;
    }
    problem
}
