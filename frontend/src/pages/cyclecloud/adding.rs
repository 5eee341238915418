//! Sending what adds nodes, once, and what came of it.

use howdah_shared::problem::Problem;
use howdah_shared::systems::cyclecloud::NodeCreationResult;
use leptos::prelude::*;

use crate::api::Changed;
use crate::components::attempt::{attempt, refusal};
use crate::components::question::Pending;
use crate::i18n::*;
use crate::kept::forget;
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

/// How the sending stands.
#[derive(Clone, Copy)]
pub(super) struct Adding {
    /// Whether it is under way.
    pub(super) busy: RwSignal<bool>,
    refused: RwSignal<Option<Problem>>,
    added: RwSignal<Option<Added>>,
    place: StoredValue<String>,
}

/// What is sent, under a key: the answer.
pub(super) type Sent = std::pin::Pin<Box<dyn Future<Output = Result<Changed<NodeCreationResult>, Problem>>>>;

/// What to send, and how its answer is read.
pub(super) struct Asked {
    /// Where the try is kept: the same for the same nodes.
    pub(super) place: String,
    /// How many nodes are asked for, where that is known.
    pub(super) count: Option<i64>,
    /// Where the nodes are listed, by the key.
    pub(super) nodes: Box<dyn Fn(&str) -> String>,
    /// Sends it.
    pub(super) send: Box<dyn FnOnce(String) -> Sent>,
}

impl Adding {
    /// Nothing was sent yet.
    pub(super) fn new() -> Adding {
        Adding {
            busy: RwSignal::new(false),
            refused: RwSignal::new(None),
            added: RwSignal::new(None),
            place: StoredValue::new(String::new()),
        }
    }

    /// Sends it.
    pub(super) fn go(self, asked: Asked, look: Callback<()>) {
        if self.busy.get_untracked() {
            return;
        }
        self.busy.set(true);
        self.refused.set(None);
        self.added.set(None);
        let Asked { place, count, nodes, send } = asked;
        self.place.set_value(place.clone());
        let run = move |key: String| -> Pending {
            Box::pin(async move {
                let Changed { reply, request_id } = send(key.clone()).await?;
                let added = Added { result: reply, asked: count, request: request_id.clone(), nodes: nodes(&key) };
                // The page may be gone by now.
                self.added.try_set(Some(added));
                Ok(request_id)
            })
        };
        leptos::task::spawn_local(async move {
            let outcome = attempt(&place, run).await;
            if self.busy.try_set(false).is_some() {
                return;
            }
            if let Err(problem) = outcome {
                self.refused.set(Some(problem));
            }
            look.run(());
        });
    }

    /// What came of it, or what kept it from being done.
    pub(super) fn outcome(self) -> AnyView {
        let i18n = use_i18n();
        let anew = Callback::new(move |()| {
            self.place.with_value(|place| forget(place));
            self.refused.set(None);
        });
        live(move || match (self.refused.get(), self.added.get()) {
            (Some(problem), _) => refusal(problem, anew),
            (None, Some(added)) => added_view(i18n, &added),
            (None, None) => ().into_any(),
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

/// A place for a try of a body: the same body has the same one.
pub(super) fn place(kind: &str, connection: &str, cluster: &str, body: &str) -> String {
    use std::hash::{DefaultHasher, Hash as _, Hasher as _};
    let mut hasher = DefaultHasher::new();
    body.hash(&mut hasher);
    format!("howdah.{kind}/{connection}/{cluster}/{:x}", hasher.finish())
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

    #[test]
    fn a_try_is_kept_by_what_is_sent() {
        let of = |body: &str| place("add", "c", "a / b", body);
        assert_eq!(of("{}"), of("{}"));
        assert_ne!(of("{}"), of("[]"));
    }
}
