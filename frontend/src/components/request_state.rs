//! A request's state as mark and word, and how long it took.

use howdah_shared::console::{Request, RequestState};
use leptos::prelude::*;

use crate::i18n::*;
use crate::ui::live::{live, memo};
use crate::ui::mark::{Kind, Mark};
use crate::ui::time::Lasted;

/// The shape of a state.
pub(crate) fn kind(state: RequestState) -> Kind {
    match state {
        RequestState::Intended | RequestState::Sent | RequestState::Accepted => Kind::Waiting,
        RequestState::Running => Kind::Moving,
        RequestState::Succeeded => Kind::Good,
        RequestState::Failed | RequestState::Refused => Kind::Broken,
        RequestState::Unknown | RequestState::Unresolved => Kind::Unknown,
    }
}

/// The word for a state.
pub(crate) fn word(i18n: I18nContext<Locale>, state: RequestState) -> String {
    let word = match state {
        RequestState::Intended => t_string!(i18n, request.intended),
        RequestState::Sent => t_string!(i18n, request.sent),
        RequestState::Accepted => t_string!(i18n, request.accepted),
        RequestState::Refused => t_string!(i18n, request.refused),
        RequestState::Unknown => t_string!(i18n, request.unknown),
        RequestState::Running => t_string!(i18n, request.running),
        RequestState::Succeeded => t_string!(i18n, request.succeeded),
        RequestState::Failed => t_string!(i18n, request.failed),
        RequestState::Unresolved => t_string!(i18n, request.unresolved),
    };
    word.to_string()
}

/// Mark and word of a request's state.
#[component]
pub(crate) fn RequestMark(
    /// The state.
    #[prop(into)]
    state: Signal<RequestState>,
) -> impl IntoView {
    let i18n = use_i18n();
    view! {
        <Mark kind=Signal::derive(move || kind(state.get())) word=Signal::derive(move || word(i18n, state.get())) />
    }
}

/// When it ended; what was refused ended with the answer.
fn end(request: &Request) -> Option<i64> {
    request.ended.or(match request.state {
        RequestState::Refused => request.answered,
        _ => None,
    })
}

/// From when to when it went on, as far as that is known: nobody here saw what was started elsewhere begin.
pub(crate) fn span(request: &Request) -> Option<(i64, Option<i64>)> {
    let ended = end(request);
    (!request.adopted && (request.state.is_open() || ended.is_some())).then_some((request.created, ended))
}

/// How long a request goes on, or went on.
#[component]
pub(crate) fn RequestLasted(
    /// The request.
    #[prop(into)]
    request: Signal<Request>,
) -> impl IntoView {
    let span = memo(move || request.with(span));
    live(move || match span.get() {
        Some((from, to)) => view! { <Lasted from=Signal::stored(from) to=Signal::stored(to) /> }.into_any(),
        None => "—".into_any(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn request(state: &str, ended: Option<i64>, adopted: bool) -> Request {
        serde_json::from_value(json!({
            "id": "01J", "connection": "a", "operation": "StartRework", "target": {}, "principal": "p",
            "state": state, "created": 1, "answered": 5, "ended": ended, "adopted": adopted,
        }))
        .unwrap()
    }

    #[test]
    fn only_what_was_refused_ends_with_the_answer() {
        assert_eq!(span(&request("refused", None, false)), Some((1, Some(5))));
        assert_eq!(span(&request("running", None, false)), Some((1, None)));
        assert_eq!(span(&request("succeeded", Some(9), false)), Some((1, Some(9))));
    }

    #[test]
    fn what_is_not_known_is_not_told() {
        assert_eq!(span(&request("unknown", None, false)), None);
        assert_eq!(span(&request("succeeded", Some(9), true)), None);
    }
}
