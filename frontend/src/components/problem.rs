//! A problem as people read it: what happened, whose fault it is, what can be done; code and trace id to copy.

use howdah_shared::problem::{Code, Problem};
use leptos::prelude::*;

use super::place::use_place;
use super::telling::{Telling, Told};
use crate::i18n::*;
use crate::routes::Place;
use crate::ui::blank::Blank;
use crate::ui::button::{Button, ButtonLink};
use crate::ui::copyable::Copyable;
use crate::ui::live::{string, when};
use crate::ui::mark::Kind;

/// Howdah's own sentence for a problem, where there is room for no more.
pub(crate) fn sentence(i18n: I18nContext<Locale>, problem: &Problem) -> String {
    Telling::from(problem).own(i18n.get_locale()).text
}

/// Whether what was asked for is not there, so that asking again is of no use.
pub(crate) fn is_gone(code: Code) -> bool {
    matches!(
        code,
        Code::NotFound | Code::BadPath | Code::ConnectionNotFound | Code::RequestNotFound | Code::ClusterNotConfigured
    )
}

/// The heading for a problem.
fn heading(i18n: I18nContext<Locale>, code: Code) -> String {
    match code {
        _ if is_gone(code) => t_string!(i18n, problem.heading_gone).to_string(),
        Code::RoleMissing | Code::ServiceRefused => t_string!(i18n, problem.heading_forbidden).to_string(),
        Code::OutcomeUnknown => t_string!(i18n, problem.heading_unknown).to_string(),
        Code::Offline | Code::UpstreamUnreachable | Code::UpstreamPaused | Code::UpstreamTimeout => {
            t_string!(i18n, problem.heading_away).to_string()
        }
        _ => t_string!(i18n, problem.heading_failed).to_string(),
    }
}

/// Where to go from a page that is about nothing: to the list on which it would stand.
fn list_of(here: Option<Place>, code: Code) -> Place {
    match (code, here) {
        (Code::RequestNotFound, _) => Place::Activity,
        (Code::ClusterNotConfigured, Some(Place::Cluster(connection, _) | Place::RunAgain(connection, _))) => {
            Place::Clusters(connection)
        }
        _ => Place::Fleet,
    }
}

/// A problem in place of what it prevented, with a way to try again where that can help, else with a way on.
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
    let code = problem.with_untracked(|problem| problem.code);
    let mark = match code {
        Code::OutcomeUnknown => Some(Kind::Unknown),
        _ if is_gone(code) => None,
        _ => Some(Kind::Broken),
    };
    let way = match retry {
        _ if is_gone(code) => {
            let list = list_of(use_place().get_untracked(), code);
            let word = match list {
                Place::Activity => words!(problem.to_activity),
                Place::Clusters(_) => words!(problem.to_clusters),
                _ => words!(not_found.back),
            };
            Some(view! { <ButtonLink href=Signal::stored(list.href())>{word}</ButtonLink> }.into_any())
        }
        Some(retry) => Some(view! { <Button press=retry>{words!(problem.retry)}</Button> }.into_any()),
        None => None,
    };
    view! {
        <div role="alert" class="problem">
            <Blank title=Signal::derive(move || problem.with(|problem| heading(i18n, problem.code))) mark=mark>
                <Told telling=Signal::derive(move || problem.with(|problem| Telling::from(problem))) />
                {way}
                <ProblemFootnote problem=problem />
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
    view! {
        <div role="alert" class="problem-line">
            <Told telling=Signal::derive(move || problem.with(|problem| Telling::from(problem))) />
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn from_what_is_not_there_a_link_leads_to_the_list_on_which_it_would_stand() {
        let cluster = || Some(Place::Cluster("eco".into(), "c-1".into()));
        let again = || Some(Place::RunAgain("eco".into(), "c-1".into()));
        assert_eq!(list_of(cluster(), Code::ClusterNotConfigured), Place::Clusters("eco".into()));
        assert_eq!(list_of(again(), Code::ClusterNotConfigured), Place::Clusters("eco".into()));
        assert_eq!(list_of(again(), Code::ConnectionNotFound), Place::Fleet);
        assert_eq!(list_of(Some(Place::Run("01J".into())), Code::RequestNotFound), Place::Activity);
        assert_eq!(list_of(None, Code::NotFound), Place::Fleet);
    }
}
