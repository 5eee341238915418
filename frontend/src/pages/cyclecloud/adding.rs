//! Sending what adds nodes, once, and what came of it.

use howdah_shared::systems::cyclecloud::{ListNodes, NodeCreationResult, NodesQuery};
use leptos::prelude::*;

use super::frame::Cluster;
use super::node_rows::Row;
use crate::api::{Changed, watched};
use crate::components::attempt::{Sending, Sent};
use crate::i18n::*;
use crate::routes::Place;
use crate::ui::format;
use crate::ui::live::{live, memo, string};
use crate::ui::mark::{Kind, Mark};

/// What the service answered.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Added {
    result: NodeCreationResult,
    /// How many nodes were asked for, where that is known.
    asked: Option<i64>,
    /// The journal's entry.
    request: Option<String>,
    /// The key, which is the id of the request where the service takes one.
    key: String,
    /// Where the nodes are listed.
    nodes: String,
    /// What tells how many there are where the answer was lost.
    lost: Lost,
}

/// What tells how many nodes were added where the service has done it and its answer was lost.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Lost {
    /// The nodes of the request.
    Nodes(Cluster),
    /// That it is known to be done: the array has as much as was asked for.
    Done,
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
    /// What tells how many there are where the answer was lost.
    pub(super) lost: Lost,
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
        let Asked { place, count, nodes, lost, send } = asked;
        let run = move |key: String| -> Sent<Added> {
            Box::pin(async move {
                let Changed { reply, request_id } = send(key.clone()).await?;
                let nodes = nodes(&key);
                Ok(Added { result: reply, asked: count, request: request_id, key, nodes, lost })
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

/// What is said of how many were added.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Count {
    /// The service tells it.
    Told(i64),
    /// There are so many now.
    Found(i64),
    /// They are being counted.
    Counting,
    /// There is as much as was asked for.
    Done,
    /// Nothing tells it.
    Untold,
}

/// How many were added of how many, in words.
fn count_word(i18n: I18nContext<Locale>, count: Count, asked: Option<i64>) -> (Kind, String) {
    let all = asked.map(format::count);
    match (count, all) {
        (Count::Told(added), Some(all)) => {
            let words = t_string!(i18n, cycle_add.added_of, count = format::count(added), all = all).to_string();
            (enough(added, asked), words)
        }
        (Count::Told(added), None) => {
            (Kind::Good, t_string!(i18n, cycle_add.added, count = format::count(added)).to_string())
        }
        (Count::Found(found), Some(all)) => {
            let words = t_string!(i18n, cycle_add.found_of, count = format::count(found), all = all).to_string();
            (enough(found, asked), words)
        }
        (Count::Found(found), None) => {
            (Kind::Good, t_string!(i18n, cycle_add.found, count = format::count(found)).to_string())
        }
        (Count::Counting, _) => (Kind::Unknown, t_string!(i18n, cycle_add.counting).to_string()),
        (Count::Done, _) => (Kind::Good, t_string!(i18n, cycle_add.reached).to_string()),
        (Count::Untold, _) => (Kind::Unknown, t_string!(i18n, cycle_add.added_untold).to_string()),
    }
}

fn enough(added: i64, asked: Option<i64>) -> Kind {
    if asked.is_some_and(|asked| added < asked) { Kind::Caution } else { Kind::Good }
}

/// What is known of how many were added.
fn count_of(told: &Added) -> Signal<Count> {
    match (added_of(&told.result), &told.lost) {
        (Some(added), _) => Signal::stored(Count::Told(added)),
        (None, Lost::Done) => Signal::stored(Count::Done),
        (None, Lost::Nodes(cluster)) => {
            let query = NodesQuery { request_id: Some(told.key.clone()), ..NodesQuery::default() };
            let nodes =
                watched::<_, Row>(&cluster.connection, &ListNodes { cluster: cluster.name.clone() }, &query).list;
            Signal::derive(move || match nodes.value.with(|nodes| nodes.as_ref().map(|nodes| nodes.len())) {
                Some(found) => Count::Found(found as i64),
                None if nodes.problem.with(Option::is_some) => Count::Untold,
                None => Count::Counting,
            })
        }
    }
}

fn added_view(i18n: I18nContext<Locale>, told: &Added) -> AnyView {
    let (count, asked) = (count_of(told), told.asked);
    let word = memo(move || count_word(i18n, count.get(), asked));
    let messages: Vec<String> = told.result.sets.iter().filter_map(|set| set.message.clone()).collect();
    let messages = messages.into_iter().filter(|message| !message.trim().is_empty());
    let entry = told.request.clone().map(|id| Place::Run(id).href());
    view! {
        <section class="again-note" role="status" aria-label=words!(cycle_add.outcome)>
            <Mark kind=Signal::derive(move || word.get().0) word=string(move || word.get().1) />
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
