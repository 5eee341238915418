//! A request's state as mark and word.

use howdah_shared::console::RequestState;
use leptos::prelude::*;

use crate::i18n::*;
use crate::ui::mark::{Kind, Mark};

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
