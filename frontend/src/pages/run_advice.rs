//! What to do about a request that did not end well, in the words of the system that it was sent to.

use howdah_shared::console::{Request, RequestState};
use howdah_shared::problem::Code;
use leptos::prelude::*;

use crate::address;
use crate::api::Polled;
use crate::components::adopt::Adopt;
use crate::i18n::*;
use crate::routes::Place;
use crate::ui::button::{ButtonLink, Weight};

/// The path parameters by which it shows which system a request was for.
const TENANT: &str = "tenant_id";
const CYCLE: &str = "cluster";

/// What to do now; nothing where nothing is to be done.
pub(super) fn advice(
    i18n: I18nContext<Locale>,
    request: &Request,
    cluster: Option<&str>,
    known: Polled<Request>,
) -> AnyView {
    if request.target.contains_key(TENANT) {
        return savanna(i18n, request, cluster);
    }
    match request.target.get(CYCLE) {
        Some(cluster) => cycle(i18n, request, cluster),
        None => eco(i18n, request, cluster, known),
    }
}

/// A text with what can be done below it.
fn part(text: String, acts: AnyView) -> AnyView {
    view! {
        <section class="run-part" aria-labelledby="advice">
            <h2 id="advice">{words!(run.advice)}</h2>
            <p>{text}</p>
            {acts}
        </section>
    }
    .into_any()
}

fn eco(i18n: I18nContext<Locale>, request: &Request, cluster: Option<&str>, known: Polled<Request>) -> AnyView {
    let (state, connection) = (request.state, &request.connection);
    let text = match state {
        RequestState::Failed => t_string!(i18n, run.do_failed),
        RequestState::Refused => t_string!(i18n, run.do_refused),
        RequestState::Unknown => t_string!(i18n, run.do_unknown),
        RequestState::Unresolved => t_string!(i18n, run.do_unresolved),
        _ => return ().into_any(),
    };
    let again = matches!(state, RequestState::Failed | RequestState::Refused);
    let see = cluster.map(|cluster| {
        let href = Place::Cluster(connection.clone(), cluster.to_owned()).href();
        view! { <ButtonLink href=href>{words!(run.see_cluster)}</ButtonLink> }
    });
    let again = cluster.filter(|_| again).map(|cluster| {
        let href = Place::RunAgain(connection.clone(), cluster.to_owned()).href();
        view! { <ButtonLink weight=Weight::Primary href=href>{words!(run.again)}</ButtonLink> }
    });
    let lost = state == RequestState::Unknown || (state == RequestState::Unresolved && request.service_id.is_none());
    let adopt = cluster.filter(|_| lost).map(|cluster| {
        let id = request.id.clone();
        let settled = Callback::new(move |settled: Request| {
            if settled.id == id {
                known.refresh();
            } else {
                address::go(&Place::Run(settled.id).href());
            }
        });
        let request = Some(request.id.clone());
        view! { <Adopt connection=connection.clone() cluster=cluster.to_owned() request settled=settled /> }
    });
    part(text.to_string(), view! { {adopt} <div class="run-acts">{again} {see}</div> }.into_any())
}

fn savanna(i18n: I18nContext<Locale>, request: &Request, cluster: Option<&str>) -> AnyView {
    let text = match request.state {
        RequestState::Failed => t_string!(i18n, run.do_failed_savanna),
        RequestState::Refused => t_string!(i18n, run.do_refused_savanna),
        RequestState::Unknown => t_string!(i18n, run.do_unknown_savanna),
        RequestState::Unresolved => t_string!(i18n, run.do_unresolved_savanna),
        _ => return ().into_any(),
    };
    let connection = request.connection.clone();
    let (place, word) = match cluster {
        Some(cluster) => (Place::Cluster(connection, cluster.to_owned()), words!(run.see_cluster)),
        None => (Place::Clusters(connection), words!(run.see_clusters)),
    };
    let acts = view! { <div class="run-acts"><ButtonLink href=place.href()>{word}</ButtonLink></div> };
    part(text.to_string(), acts.into_any())
}

/// Why a change at a CycleCloud did not end well.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Cycle {
    /// It refused the user name and the password that Howdah has.
    Credential,
    /// Its user may not do this.
    Role,
    /// It does not show the certificate that is trusted.
    Certificate,
    /// It was never sent.
    NotSent,
    /// It does not know the cluster, or the array.
    Gone,
    /// It has taken another call under this id.
    UsedId,
    /// It found something wrong in what was asked for.
    Wrong,
    /// No node was added.
    NothingAdded,
    /// Nodes were added or started, and some did not come to be ready.
    NotReady,
    /// Nothing was done with any of the nodes, or some did not come to rest.
    NotDone,
    /// The nodes were ended by somebody before they were ready.
    EndedElsewhere,
    /// What became of it is not known; its nodes show it.
    Open,
    /// What became of it is not known; how much the array has shows it.
    OpenScale,
    /// It could not be followed to its end.
    Unfollowed,
}

impl Cycle {
    /// Why; `None` where there is nothing to do.
    fn of(request: &Request) -> Option<Cycle> {
        let adds = matches!(request.operation.as_str(), "CreateNodes" | "ScaleNodeArray");
        let starts = adds || request.operation == "StartNodes";
        let begun = request.stage.is_some() || request.events.iter().any(|event| event.state == RequestState::Running);
        Some(match (request.state, request.code) {
            (RequestState::Refused, Some(Code::UpstreamRefusedCredential)) => Cycle::Credential,
            (RequestState::Refused, Some(Code::ServiceRefused)) => Cycle::Role,
            (RequestState::Refused, Some(Code::UpstreamUntrusted)) => Cycle::Certificate,
            (RequestState::Refused, Some(Code::RequestIdUsed)) => Cycle::UsedId,
            (RequestState::Refused, _) => match request.status {
                Some(404) => Cycle::Gone,
                Some(_) => Cycle::Wrong,
                None => Cycle::NotSent,
            },
            (RequestState::Failed, _) if adds && !begun => Cycle::NothingAdded,
            (RequestState::Failed, _) if starts => Cycle::NotReady,
            (RequestState::Failed, _) => Cycle::NotDone,
            (RequestState::Unknown, _) if request.operation == "ScaleNodeArray" => Cycle::OpenScale,
            (RequestState::Unknown, _) => Cycle::Open,
            (RequestState::Unresolved, Some(Code::EndedOtherwise)) => Cycle::EndedElsewhere,
            (RequestState::Unresolved, _) => Cycle::Unfollowed,
            _ => return None,
        })
    }

    fn text(self, language: Locale) -> &'static str {
        match self {
            Cycle::Credential => td_string!(language, run.cycle_credential),
            Cycle::Role => td_string!(language, run.cycle_role),
            Cycle::Certificate => td_string!(language, run.cycle_certificate),
            Cycle::NotSent => td_string!(language, run.cycle_not_sent),
            Cycle::Gone => td_string!(language, run.cycle_gone),
            Cycle::UsedId => td_string!(language, run.cycle_used_id),
            Cycle::Wrong => td_string!(language, run.cycle_wrong),
            Cycle::NothingAdded => td_string!(language, run.cycle_nothing_added),
            Cycle::NotReady => td_string!(language, run.cycle_not_ready),
            Cycle::NotDone => td_string!(language, run.cycle_not_done),
            Cycle::EndedElsewhere => td_string!(language, run.cycle_ended_elsewhere),
            Cycle::Open => td_string!(language, run.cycle_open),
            Cycle::OpenScale => td_string!(language, run.cycle_open_scale),
            Cycle::Unfollowed => td_string!(language, run.cycle_unfollowed),
        }
    }

    /// Where what helps is seen, with what is chosen there: the clusters, the cluster with its limits, or the nodes.
    fn place<'a>(self, request: &'a Request, cluster: &str) -> (Place, Option<(&'static str, &'a str)>) {
        let (connection, cluster) = (request.connection.clone(), cluster.to_owned());
        match self {
            Cycle::Gone => (Place::Clusters(connection), None),
            Cycle::NotReady | Cycle::NotDone | Cycle::EndedElsewhere | Cycle::Open | Cycle::Unfollowed => {
                // Nodes keep the id of the request that added them.
                let id = request.service_id.as_deref().filter(|_| request.operation == "CreateNodes");
                (Place::ClusterNodes(connection, cluster), id.map(|id| ("request", id)))
            }
            _ => (Place::Cluster(connection, cluster), None),
        }
    }
}

fn cycle(i18n: I18nContext<Locale>, request: &Request, cluster: &str) -> AnyView {
    let Some(why) = Cycle::of(request) else { return ().into_any() };
    let (place, chosen) = why.place(request, cluster);
    let word = match place {
        Place::Clusters(_) => words!(run.see_clusters),
        Place::ClusterNodes(..) => words!(run.see_nodes),
        _ => words!(run.see_cluster),
    };
    let href = place.href_with(&Vec::from_iter(chosen));
    let acts = view! { <div class="run-acts"><ButtonLink href=href>{word}</ButtonLink></div> };
    part(why.text(i18n.get_locale()).to_owned(), acts.into_any())
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use serde_json::{Value, json};

    use super::*;

    fn request(more: Value) -> Request {
        let mut request = json!({
            "id": "01J", "connection": "c", "operation": "CreateNodes", "target": {"cluster": "a / b"},
            "principal": "mina", "state": "failed", "serviceId": "key 1", "created": 0,
        });
        for (name, value) in more.as_object().unwrap() {
            request[name] = value.clone();
        }
        serde_json::from_value(request).unwrap()
    }

    #[track_caller]
    fn advises(more: Value, why: Option<Cycle>) {
        assert_eq!(Cycle::of(&request(more.clone())), why, "{more}");
    }

    #[test]
    fn why_a_change_at_a_cyclecloud_did_not_end_well() {
        let refused = |code: &str, status: Value| json!({"state": "refused", "code": code, "status": status});
        advises(refused("upstream_refused_credential", json!(401)), Some(Cycle::Credential));
        advises(refused("service_refused", json!(403)), Some(Cycle::Role));
        advises(refused("upstream_untrusted", Value::Null), Some(Cycle::Certificate));
        advises(refused("upstream_unreachable", Value::Null), Some(Cycle::NotSent));
        advises(refused("never_sent", Value::Null), Some(Cycle::NotSent));
        advises(refused("service_answered", json!(404)), Some(Cycle::Gone));
        advises(refused("service_answered", json!(409)), Some(Cycle::Wrong));
        advises(refused("request_id_used", json!(409)), Some(Cycle::UsedId));
        advises(json!({}), Some(Cycle::NothingAdded));
        advises(json!({"operation": "ScaleNodeArray"}), Some(Cycle::NothingAdded));
        advises(json!({"stage": "Failed 1, Ready 2"}), Some(Cycle::NotReady));
        advises(json!({"events": [{"at": 0, "state": "running"}]}), Some(Cycle::NotReady));
        advises(json!({"operation": "StartNodes"}), Some(Cycle::NotReady));
        advises(json!({"operation": "RemoveNodes"}), Some(Cycle::NotDone));
        advises(json!({"state": "unknown", "code": "upstream_broken"}), Some(Cycle::Open));
        advises(json!({"state": "unknown", "operation": "ScaleNodeArray"}), Some(Cycle::OpenScale));
        advises(json!({"state": "unresolved", "code": "ended_otherwise"}), Some(Cycle::EndedElsewhere));
        advises(json!({"state": "unresolved", "code": "forgotten"}), Some(Cycle::Unfollowed));
        for state in ["intended", "sent", "accepted", "running", "succeeded"] {
            advises(json!({"state": state}), None);
        }
    }

    #[test]
    fn what_helps_is_a_page_away() {
        #[track_caller]
        fn leads(why: Cycle, more: Value, to: fn(String, String) -> Place, chosen: Option<&str>) {
            let expected = (to("c".into(), "a / b".into()), chosen.map(|id| ("request", id)));
            assert_eq!(why.place(&request(more), "a / b"), expected);
        }
        leads(Cycle::Gone, json!({}), |connection, _| Place::Clusters(connection), None);
        leads(Cycle::NothingAdded, json!({}), Place::Cluster, None);
        leads(Cycle::NotReady, json!({}), Place::ClusterNodes, Some("key 1"));
        leads(Cycle::NotDone, json!({"operation": "RemoveNodes"}), Place::ClusterNodes, None);
    }

    #[test]
    fn each_reason_has_advice_of_its_own_in_every_language() {
        let all = [
            Cycle::Credential,
            Cycle::Role,
            Cycle::Certificate,
            Cycle::NotSent,
            Cycle::Gone,
            Cycle::UsedId,
            Cycle::Wrong,
            Cycle::NothingAdded,
            Cycle::NotReady,
            Cycle::NotDone,
            Cycle::EndedElsewhere,
            Cycle::Open,
            Cycle::OpenScale,
            Cycle::Unfollowed,
        ];
        let texts: BTreeSet<&str> =
            all.iter().flat_map(|why| [Locale::en, Locale::ko].map(|of| why.text(of))).collect();
        assert_eq!(texts.len(), all.len() * 2);
    }
}
