//! Sending what adds nodes, once, and what came of it.

use howdah_shared::systems::cyclecloud::NodeCreationResult;
use leptos::prelude::*;

use crate::api::Changed;
use crate::components::attempt::{Sending, Sent};
use crate::i18n::*;
use crate::routes::Place;
use crate::ui::format;
use crate::ui::live::live;
use crate::ui::mark::{Kind, Mark};

/// What the service answered.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Added {
    result: NodeCreationResult,
    /// How many nodes were asked for, where that is known.
    asked: Option<i64>,
    /// The journal's entry.
    request: Option<String>,
    /// Where the nodes are listed.
    nodes: String,
}

/// The sending of what adds nodes, and what came of it.
#[derive(Clone, Copy)]
pub(super) struct Adding {
    /// How the sending stands.
    pub(super) sending: Sending,
    added: RwSignal<Option<Added>>,
}

/// What to send, and how its answer is read.
pub(super) struct Asked {
    /// Where the try is kept: the same for the same nodes.
    pub(super) place: String,
    /// How many nodes are asked for, where that is known.
    pub(super) count: Option<i64>,
    /// Where the nodes are listed, by the key.
    pub(super) nodes: Box<dyn Fn(&str) -> String>,
    /// Sends it.
    pub(super) send: Box<dyn FnOnce(String) -> Sent<Changed<NodeCreationResult>>>,
}

impl Adding {
    /// Nothing was sent yet.
    pub(super) fn new() -> Adding {
        Adding { sending: Sending::new(), added: RwSignal::new(None) }
    }

    /// Sends it.
    pub(super) fn go(self, asked: Asked, look: Callback<()>) {
        self.added.set(None);
        let Asked { place, count, nodes, send } = asked;
        let run = move |key: String| -> Sent<Added> {
            Box::pin(async move {
                let Changed { reply, request_id } = send(key.clone()).await?;
                Ok(Added { result: reply, asked: count, request: request_id, nodes: nodes(&key) })
            })
        };
        self.sending.go(place, run, move |outcome| {
            self.added.set(outcome.ok());
            look.run(());
        });
    }

    /// What came of it.
    pub(super) fn outcome(self) -> AnyView {
        let i18n = use_i18n();
        live(move || match self.added.get() {
            Some(added) => added_view(i18n, &added),
            None => ().into_any(),
        })
    }
}

/// How many were added; `None` where the answer was lost, and the service knows no more than that it has taken the call.
fn added_of(result: &NodeCreationResult) -> Option<i64> {
    (!result.sets.is_empty()).then(|| result.sets.iter().filter_map(|set| set.added).sum())
}

/// How many were added of how many, in words.
fn added_word(i18n: I18nContext<Locale>, added: Option<i64>, asked: Option<i64>) -> String {
    let Some(added) = added else { return t_string!(i18n, cycle_add.added_untold).to_string() };
    let count = format::count(added);
    match asked {
        Some(asked) => t_string!(i18n, cycle_add.added_of, count = count, all = format::count(asked)).to_string(),
        None => t_string!(i18n, cycle_add.added, count = count).to_string(),
    }
}

fn added_view(i18n: I18nContext<Locale>, told: &Added) -> AnyView {
    let added = added_of(&told.result);
    let kind = match (added, told.asked) {
        (None, _) => Kind::Unknown,
        (Some(added), Some(asked)) if added < asked => Kind::Caution,
        _ => Kind::Good,
    };
    let words = added_word(i18n, added, told.asked);
    let messages: Vec<String> = told.result.sets.iter().filter_map(|set| set.message.clone()).collect();
    let messages = messages.into_iter().filter(|message| !message.trim().is_empty());
    let entry = told.request.clone().map(|id| Place::Run(id).href());
    view! {
        <section class="again-note" role="status" aria-label=words!(cycle_add.outcome)>
            <Mark kind=kind word=words />
            {messages.map(|message| view! { <p dir="auto">{message}</p> }).collect_view()}
            <p class="added-ways">
                <a href=told.nodes.clone()>{words!(cycle_add.see_nodes)}</a>
                {entry.map(|href| view! { <a href=href>{words!(run_again.entry)}</a> })}
            </p>
        </section>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_lost_answer_tells_no_count() {
        let of = |reply| added_of(&serde_json::from_value::<NodeCreationResult>(reply).unwrap());
        assert_eq!(of(json!({})), None);
        assert_eq!(of(json!({"operationId": "a", "sets": [{"added": 2}, {"added": 0}]})), Some(2));
    }
}
