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

/// Whether what a page is about is not there, so that asking again is of no use.
pub(crate) fn is_gone(here: Option<&Place>, problem: &Problem) -> bool {
    let unknown = problem.code == Code::ServiceAnswered
        && problem.service.as_ref().is_some_and(|service| service.status == 404)
        // Of a list it says that the address of the service is wrong, which somebody may mend.
        && matches!(
            here,
            Some(
                Place::Application(..)
                    | Place::Node(..)
                    | Place::Cluster(..)
                    | Place::Scale(..)
                    | Place::PluginVersion(..)
                    | Place::Image(..)
                    | Place::NodeGroupTemplate(..)
                    | Place::EditNodeGroupTemplate(..)
                    | Place::ClusterTemplate(..)
                    | Place::EditClusterTemplate(..)
            )
        );
    unknown
        || matches!(
            problem.code,
            Code::NotFound
                | Code::BadPath
                | Code::ConnectionNotFound
                | Code::RequestNotFound
                | Code::ClusterNotConfigured
        )
}

/// The heading for a problem.
fn heading(i18n: I18nContext<Locale>, code: Code, gone: bool) -> String {
    match code {
        _ if gone => t_string!(i18n, problem.heading_gone).to_string(),
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
        (Code::BadPath | Code::ServiceAnswered, Some(Place::Application(connection, _))) => {
            Place::Applications(connection)
        }
        (Code::BadPath | Code::ServiceAnswered, Some(Place::Node(connection, _))) => Place::Nodes(connection),
        (Code::BadPath | Code::ServiceAnswered, Some(Place::Cluster(connection, _) | Place::Scale(connection, _))) => {
            Place::Clusters(connection)
        }
        (Code::BadPath | Code::ServiceAnswered, Some(Place::PluginVersion(connection, ..))) => {
            Place::Plugins(connection)
        }
        (Code::BadPath | Code::ServiceAnswered, Some(Place::Image(connection, _))) => Place::Images(connection),
        (
            Code::BadPath | Code::ServiceAnswered,
            Some(Place::NodeGroupTemplate(connection, _) | Place::EditNodeGroupTemplate(connection, _)),
        ) => Place::NodeGroupTemplates(connection),
        (
            Code::BadPath | Code::ServiceAnswered,
            Some(Place::ClusterTemplate(connection, _) | Place::EditClusterTemplate(connection, _)),
        ) => Place::ClusterTemplates(connection),
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
    let here = use_place().get_untracked();
    let gone = problem.with_untracked(|problem| is_gone(here.as_ref(), problem));
    let mark = match code {
        Code::OutcomeUnknown => Some(Kind::Unknown),
        _ if gone => None,
        _ => Some(Kind::Broken),
    };
    let way = match retry {
        _ if gone => {
            let list = list_of(here, code);
            let word = match list {
                Place::Activity => words!(problem.to_activity),
                Place::Clusters(_) => words!(problem.to_clusters),
                Place::Applications(_) => words!(problem.to_applications),
                Place::Nodes(_) => words!(problem.to_nodes),
                Place::Plugins(_) => words!(problem.to_plugins),
                Place::Images(_) => words!(problem.to_images),
                Place::NodeGroupTemplates(_) | Place::ClusterTemplates(_) => words!(problem.to_templates),
                _ => words!(not_found.back),
            };
            Some(view! { <ButtonLink href=Signal::stored(list.href())>{word}</ButtonLink> }.into_any())
        }
        Some(retry) => Some(view! { <Button press=retry>{words!(problem.retry)}</Button> }.into_any()),
        None => None,
    };
    view! {
        <div role="alert" class="problem">
            <Blank title=Signal::derive(move || problem.with(|problem| heading(i18n, problem.code, gone))) mark=mark>
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
    use howdah_shared::problem::ServiceWords;

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
        let (application, node) = (Place::Application("rm".into(), "a".into()), Place::Node("rm".into(), "n".into()));
        assert_eq!(list_of(Some(application), Code::ServiceAnswered), Place::Applications("rm".into()));
        assert_eq!(list_of(Some(node), Code::BadPath), Place::Nodes("rm".into()));
        assert_eq!(list_of(cluster(), Code::ServiceAnswered), Place::Clusters("eco".into()));
    }

    #[test]
    fn what_the_service_does_not_know_is_gone_and_a_list_that_it_does_not_know_may_come() {
        let said = |status| Problem {
            service: Some(ServiceWords { status, message: String::new() }),
            ..Problem::new(Code::ServiceAnswered, "")
        };
        let (one, list) = (Place::Application("rm".into(), "a".into()), Place::Applications("rm".into()));
        assert!(is_gone(Some(&one), &said(404)));
        assert!(!is_gone(Some(&one), &said(400)));
        assert!(!is_gone(Some(&list), &said(404)));
        assert!(is_gone(None, &Problem::new(Code::NotFound, "")));
    }
}
