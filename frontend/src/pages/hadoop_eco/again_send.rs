//! Sending a run, once: what became of a try is asked of the journal before another is made.

use howdah_shared::console::{RequestState, ShowRequest};
use howdah_shared::operation::Nothing;
use howdah_shared::problem::{Code, Problem};
use leptos::prelude::*;

use super::again_key;
use super::version::{Settings, bad_path};
use crate::api::{At, call, is_definite};
use crate::components::problem::ProblemView;
use crate::routes::Place;
use crate::ui::button::Button;

/// Sends it; the journal's id of the change.
pub(super) async fn start(connection: &str, cluster: &str, settings: &Settings) -> Result<Option<String>, Problem> {
    let mut open = again_key::take(connection, cluster);
    if let Some(request) = &open.request
        && is_settled(request).await?
    {
        open = again_key::begin(connection, cluster);
    }
    let answer = settings.send(connection, cluster, &open.key).await;
    match &answer {
        Err(problem) if !is_definite(problem) => {
            open.request = problem.request_id.clone().or(open.request);
            again_key::keep(connection, cluster, &open);
        }
        _ => again_key::forget(connection, cluster),
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
pub(super) fn refusal(problem: Problem, anew: Callback<()>) -> AnyView {
    let entry = problem.request_id.clone().map(|id| Place::Run(id).href());
    let stuck = matches!(problem.code, Code::OutcomeUnknown | Code::Unreadable);
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
