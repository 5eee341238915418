//! A change that a form sends, once: its idempotency key is kept for as long as it is not certain what became of it, also
//! over a reload, and what became of a try is asked of the journal before another is made.

use howdah_shared::console::{RequestState, ShowRequest};
use howdah_shared::operation::Nothing;
use howdah_shared::problem::{Code, Problem};
use leptos::prelude::*;

use super::problem::ProblemView;
use crate::api::{At, bad_path, call, fresh_key, is_definite};
use crate::kept;
use crate::routes::Place;
use crate::ui::button::Button;

/// A try whose outcome is open.
struct Try {
    /// Its idempotency key.
    key: String,
    /// The journal's entry of it, where that is known.
    request: Option<String>,
    /// Whether it may have been sent before.
    is_open: bool,
}

impl Try {
    /// The next one: the last one while its outcome is open, else a new one.
    fn take(place: &str) -> Try {
        let kept = kept::kept(place);
        match kept.as_deref().map(|kept| kept.split_once(' ').unwrap_or((kept, ""))) {
            Some((key, request)) => {
                let request = (!request.is_empty()).then(|| request.to_owned());
                Try { key: key.to_owned(), request, is_open: true }
            }
            None => Try::begin(place),
        }
    }

    /// A new one.
    fn begin(place: &str) -> Try {
        let new = Try { key: fresh_key(), request: None, is_open: false };
        new.keep(place);
        new
    }

    fn keep(&self, place: &str) {
        // Where it cannot be kept, a reload begins a new try.
        kept::keep(place, &format!("{} {}", self.key, self.request.as_deref().unwrap_or_default()));
    }
}

/// Sends a change under the key that is kept at a place of the tab's; what it gives.
///
/// # Errors
/// As of the change.
pub(crate) async fn attempt<T, F: Future<Output = Result<T, Problem>>>(
    place: &str,
    send: impl FnOnce(String) -> F,
) -> Result<T, Problem> {
    let mut open = Try::take(place);
    if let Some(request) = &open.request
        && is_settled(request).await?
    {
        open = Try::begin(place);
    }
    let answer = send(open.key.clone()).await;
    match &answer {
        // What was sent before was something else, and what became of that is as open as it was.
        Err(problem) if open.is_open && problem.code == Code::IdempotencyKeyReused => {}
        Err(problem) if !is_definite(problem) => {
            open.request = problem.request_id.clone().or(open.request);
            open.keep(place);
        }
        _ => kept::forget(place),
    }
    answer
}

/// Whether the journal has come to know what became of a try: its stored answer does not change any more.
async fn is_settled(request: &str) -> Result<bool, Problem> {
    let show = ShowRequest { request: request.parse().map_err(bad_path)? };
    let state = match call(At::Howdah, &show, &Nothing {}, &Nothing {}).await {
        Ok(request) => request.state,
        Err(problem) if problem.code == Code::RequestNotFound => return Ok(true),
        Err(problem) => return Err(problem),
    };
    Ok(!matches!(state, RequestState::Intended | RequestState::Sent | RequestState::Unknown))
}

/// A problem with the way to the journal's entry where there is one, and to a new try where the outcome stays open.
pub(crate) fn refusal(problem: Problem, anew: Callback<()>) -> AnyView {
    let entry = problem.request_id.clone().map(|id| Place::Run(id).href());
    let stuck = matches!(problem.code, Code::OutcomeUnknown | Code::Unreadable | Code::IdempotencyKeyReused);
    view! {
        <ProblemView problem=Signal::stored(problem) />
        {entry.map(|href| view! { <p><a href=href>{words!(run_again.entry)}</a></p> })}
        {stuck.then(|| view! {
            <p>{words!(run_again.anew_text)}</p>
            <div><Button press=anew>{words!(run_again.anew)}</Button></div>
        })}
    }
    .into_any()
}
