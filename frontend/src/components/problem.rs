//! A problem as people read it: what happened, whose fault it is, what can be done; code and trace id to copy.

use crate::ui::live::{string, when};
use howdah_shared::problem::{Code, Problem};
use leptos::prelude::*;

use crate::i18n::*;
use crate::ui::blank::Blank;
use crate::ui::button::Button;
use crate::ui::copyable::Copyable;
use crate::ui::mark::Kind;

/// The sentence for a problem in the viewer's language: the console's own where it has one, else the proxy's.
pub(crate) fn sentence(i18n: I18nContext<Locale>, problem: &Problem) -> String {
    let said = problem.service.as_ref().map(|service| service.message.clone()).filter(|words| !words.is_empty());
    match problem.code {
        Code::Offline => t_string!(i18n, problem.offline).to_string(),
        Code::Unreadable => t_string!(i18n, problem.unreadable).to_string(),
        Code::SignInRequired => t_string!(i18n, problem.sign_in_required).to_string(),
        Code::BadToken => t_string!(i18n, problem.bad_token).to_string(),
        Code::TooManySignIns => t_string!(i18n, problem.too_many_sign_ins).to_string(),
        Code::RoleMissing => t_string!(i18n, problem.role_missing).to_string(),
        Code::NotFound => t_string!(i18n, problem.not_found).to_string(),
        Code::ConnectionNotFound => t_string!(i18n, problem.connection_not_found).to_string(),
        Code::RequestNotFound => t_string!(i18n, problem.request_not_found).to_string(),
        Code::ClusterNotConfigured => t_string!(i18n, problem.cluster_not_configured).to_string(),
        Code::ClusterKeyMissing => t_string!(i18n, problem.cluster_key_missing).to_string(),
        Code::CannotAdopt => t_string!(i18n, problem.cannot_adopt).to_string(),
        Code::ServiceAnswered | Code::ServiceRefused | Code::UpstreamFailed => match (problem.code, said) {
            (Code::ServiceRefused, Some(said)) => {
                t_string!(i18n, problem.service_refused_said, said = said).to_string()
            }
            (Code::ServiceRefused, None) => t_string!(i18n, problem.service_refused).to_string(),
            (Code::UpstreamFailed, Some(said)) => {
                t_string!(i18n, problem.upstream_failed_said, said = said).to_string()
            }
            (Code::UpstreamFailed, None) => t_string!(i18n, problem.upstream_failed).to_string(),
            (_, Some(said)) => t_string!(i18n, problem.service_answered_said, said = said).to_string(),
            (_, None) => problem.detail.clone(),
        },
        Code::UpstreamRefusedCredential => t_string!(i18n, problem.upstream_refused_credential).to_string(),
        Code::UpstreamGarbled => t_string!(i18n, problem.upstream_garbled).to_string(),
        Code::UpstreamRedirected => t_string!(i18n, problem.upstream_redirected).to_string(),
        Code::UpstreamTooLarge => t_string!(i18n, problem.upstream_too_large).to_string(),
        Code::UpstreamUnreachable => not_sent(i18n, problem, t_string!(i18n, problem.upstream_unreachable)),
        Code::UpstreamBroken => t_string!(i18n, problem.upstream_broken).to_string(),
        Code::UpstreamTimeout => t_string!(i18n, problem.upstream_timeout).to_string(),
        Code::UpstreamPaused => not_sent(i18n, problem, t_string!(i18n, problem.upstream_paused)),
        Code::OutcomeUnknown => t_string!(i18n, problem.outcome_unknown).to_string(),
        Code::JournalUnavailable => t_string!(i18n, problem.journal_unavailable).to_string(),
        Code::Stopping => t_string!(i18n, problem.stopping).to_string(),
        Code::Internal => t_string!(i18n, problem.internal).to_string(),
        _ => problem.detail.clone(),
    }
}

/// What that means for a change: of a read it need not be said.
fn not_sent(i18n: I18nContext<Locale>, problem: &Problem, happened: &str) -> String {
    match problem.request_id {
        Some(_) => format!("{happened} {}", t_string!(i18n, problem.nothing_sent)),
        None => happened.to_owned(),
    }
}

/// The heading for a problem.
pub(crate) fn heading(i18n: I18nContext<Locale>, code: Code) -> String {
    match code {
        Code::RoleMissing | Code::ServiceRefused => t_string!(i18n, problem.heading_forbidden).to_string(),
        Code::NotFound | Code::ConnectionNotFound | Code::RequestNotFound | Code::ClusterNotConfigured => {
            t_string!(i18n, problem.heading_gone).to_string()
        }
        Code::OutcomeUnknown => t_string!(i18n, problem.heading_unknown).to_string(),
        Code::Offline | Code::UpstreamUnreachable | Code::UpstreamPaused | Code::UpstreamTimeout => {
            t_string!(i18n, problem.heading_away).to_string()
        }
        _ => t_string!(i18n, problem.heading_failed).to_string(),
    }
}

/// A problem in place of what it prevented, with a way to try again.
#[component]
pub(crate) fn ProblemView(
    /// The problem.
    #[prop(into)]
    problem: Signal<Problem>,
    /// Tries again.
    #[prop(optional, into)]
    retry: Option<Callback<()>>,
) -> impl IntoView {
    let i18n = use_i18n();
    let kind = problem.with_untracked(|problem| match problem.code {
        Code::OutcomeUnknown => Kind::Unknown,
        _ => Kind::Broken,
    });
    view! {
        <div role="alert" class="problem">
            <Blank
                title=Signal::derive(move || problem.with(|problem| heading(i18n, problem.code)))
                mark=kind
                text=Signal::derive(move || problem.with(|problem| sentence(i18n, problem)))
            >
                {retry
                    .map(|retry| {
                        view! { <Button press=retry>{words!(problem.retry)}</Button> }
                    })} <ProblemFootnote problem=problem />
            </Blank>
        </div>
    }
}

/// A problem beside what it is about: one line, in a form or a card.
#[component]
pub(crate) fn ProblemLine(
    /// The problem.
    #[prop(into)]
    problem: Signal<Problem>,
) -> impl IntoView {
    let i18n = use_i18n();
    view! {
        <div role="alert" class="problem-line">
            <p>{string(move || problem.with(|problem| sentence(i18n, problem)))}</p>
            <ProblemFootnote problem=problem />
        </div>
    }
}

/// Code and trace id, small and copyable.
#[component]
fn ProblemFootnote(problem: Signal<Problem>) -> impl IntoView {
    let trace = Signal::derive(move || problem.with(|problem| problem.trace_id.clone()));
    view! {
        <p class="footnote">
            <code>{string(move || problem.with(|problem| problem.code.as_str().to_owned()))}</code>
            {when(move || !trace.with(String::is_empty), move || view! {
                <span class="footnote-trace">{words!(problem.trace)} " " <Copyable text=trace limit=24 /></span>
            }.into_any())}
        </p>
    }
}
