//! One change for several applications: what becomes of each. It is kept beside the page until it is done, so that a
//! reload forgets nothing that is still open.

use howdah_shared::problem::{Code, Problem};
use serde::{Deserialize, Serialize};

use crate::api::{fresh_key, is_definite};
use crate::kept;

/// What is done with each.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum Act {
    /// It is killed.
    Kill,
    /// It is moved to a queue.
    Move(String),
}

/// What has become of one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum Became {
    /// It is sent as soon as it is its turn.
    Waiting,
    /// It has not been sent, and is not until somebody says so.
    Left,
    /// It is being sent.
    Begun,
    /// The service took it.
    Done,
    /// The application had ended before.
    Ended,
    /// It was certainly not done.
    Refused,
    /// It may have been done: asked again under its key, it tells.
    Open,
}

/// One of the applications.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Item {
    /// Its id.
    pub(super) id: String,
    /// Its name.
    pub(super) name: String,
    /// The idempotency key of its change.
    pub(super) key: String,
    /// What has become of it.
    pub(super) became: Became,
    /// Why, in words.
    pub(super) said: Option<String>,
    /// The journal's entry.
    pub(super) request: Option<String>,
}

/// The answer to one change.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Answer {
    /// The service took it, with the state that the application then had, where it says so.
    Taken {
        /// That state.
        state: Option<String>,
        /// The journal's entry.
        request: Option<String>,
    },
    /// There is a problem, told in words.
    Problem(Box<Problem>, String),
}

/// The change.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Batch {
    /// What is done.
    pub(super) act: Act,
    /// With which.
    pub(super) items: Vec<Item>,
}

impl Batch {
    /// One that has not begun; of each application its id and name.
    pub(super) fn new(act: Act, of: impl IntoIterator<Item = (String, String)>) -> Batch {
        let item = |(id, name)| Item { id, name, key: fresh_key(), became: Became::Waiting, said: None, request: None };
        Batch { act, items: of.into_iter().map(item).collect() }
    }

    /// How many have become so.
    pub(super) fn count(&self, became: Became) -> usize {
        self.items.iter().filter(|item| item.became == became).count()
    }

    /// Begins with the next one that waits; its place.
    pub(super) fn begin(&mut self) -> Option<(usize, Item)> {
        let at = self.items.iter().position(|item| item.became == Became::Waiting)?;
        self.items[at].became = Became::Begun;
        Some((at, self.items[at].clone()))
    }

    /// Takes an answer in.
    pub(super) fn settle(&mut self, at: usize, answer: Answer) {
        let Some(item) = self.items.get_mut(at) else { return };
        (item.became, item.said, item.request) = match answer {
            Answer::Taken { state, request } => {
                let over = state.as_deref().is_some_and(|state| matches!(state, "FINISHED" | "FAILED"));
                (if over { Became::Ended } else { Became::Done }, None, request)
            }
            Answer::Problem(problem, words) => {
                let became = match problem.code {
                    // It was taken under the same key before.
                    Code::AnswerNotKept => Became::Done,
                    _ if is_definite(&problem) => Became::Refused,
                    _ => Became::Open,
                };
                (became, Some(words), problem.request_id.or(item.request.take()))
            }
        };
    }

    /// Those whose turn has not come are left.
    pub(super) fn stop(&mut self) {
        for item in self.items.iter_mut().filter(|item| item.became == Became::Waiting) {
            item.became = Became::Left;
        }
    }

    /// Lets those wait for their turn that have become so: what was refused as a new change, all others as the same.
    pub(super) fn again(&mut self, became: Became) {
        for item in self.items.iter_mut().filter(|item| item.became == became) {
            if became == Became::Refused {
                item.key = fresh_key();
                item.request = None;
            }
            item.became = Became::Waiting;
            item.said = None;
        }
    }

    /// Whether something is still to be done or found out.
    pub(super) fn is_open(&self) -> bool {
        self.items.iter().any(|item| !matches!(item.became, Became::Done | Became::Ended | Became::Refused))
    }

    /// As it is when the page is loaded anew: answers that were on their way are lost.
    fn after_reload(mut self) -> Batch {
        self.stop();
        for item in self.items.iter_mut().filter(|item| item.became == Became::Begun) {
            item.became = Became::Open;
        }
        self
    }
}

fn place(connection: &str) -> String {
    format!("howdah.several/{connection}")
}

/// Keeps it for a connection.
pub(super) fn keep(connection: &str, batch: &Batch) {
    if let Ok(text) = serde_json::to_string(batch) {
        // Where it cannot be kept, the journal still has it.
        kept::keep(&place(connection), &text);
    }
}

/// The one that is kept, where something of it is open.
pub(super) fn kept(connection: &str) -> Option<Batch> {
    let batch: Batch = serde_json::from_str(&kept::kept(&place(connection))?).ok()?;
    batch.is_open().then(|| batch.after_reload())
}

/// Forgets it.
pub(super) fn forget(connection: &str) {
    kept::forget(&place(connection));
}

#[cfg(test)]
mod tests {
    use super::*;

    fn batch(count: usize) -> Batch {
        let item = |at: usize| Item {
            id: format!("application_1_{at:04}"),
            name: String::new(),
            key: format!("key-{at}"),
            became: Became::Waiting,
            said: None,
            request: None,
        };
        Batch { act: Act::Kill, items: (0..count).map(item).collect() }
    }

    fn taken(state: &str) -> Answer {
        Answer::Taken { state: Some(state.into()), request: Some("01J".into()) }
    }

    fn problem(code: Code, request: Option<&str>) -> Answer {
        let problem = Problem { request_id: request.map(str::to_owned), ..Problem::new(code, "") };
        Answer::Problem(Box::new(problem), "words".into())
    }

    #[test]
    fn each_is_begun_once_and_becomes_what_its_answer_says() {
        let mut batch = batch(6);
        for (at, answer) in [
            taken("KILLING"),
            taken("FINISHED"),
            problem(Code::ServiceAnswered, Some("01K")),
            problem(Code::OutcomeUnknown, Some("01L")),
            problem(Code::Offline, None),
            problem(Code::AnswerNotKept, Some("01M")),
        ]
        .into_iter()
        .enumerate()
        {
            assert_eq!(batch.begin().map(|(at, _)| at), Some(at));
            batch.settle(at, answer);
        }
        assert_eq!(batch.begin(), None);
        let became: Vec<Became> = batch.items.iter().map(|item| item.became).collect();
        use Became::{Done, Ended, Open, Refused};
        assert_eq!(became, [Done, Ended, Refused, Open, Open, Done]);
        assert_eq!(batch.items[3].request.as_deref(), Some("01L"));
    }

    #[test]
    fn what_is_open_is_asked_again_under_its_key_until_the_journal_tells() {
        let mut batch = batch(1);
        batch.begin();
        batch.settle(0, problem(Code::UpstreamTimeout, Some("01J")));
        batch.again(Became::Refused);
        assert_eq!(batch.begin(), None);
        batch.again(Became::Open);
        assert_eq!(batch.begin().map(|(_, item)| item.key), Some("key-0".into()));
        // Who asked may be signed out by then: that says nothing of the try, whose entry stays.
        batch.settle(0, problem(Code::SignInRequired, None));
        assert_eq!((batch.items[0].became, batch.items[0].request.as_deref()), (Became::Open, Some("01J")));
    }

    #[test]
    fn a_reload_loses_answers_that_were_on_their_way_and_nothing_else() {
        let mut batch = batch(3);
        batch.begin();
        batch.settle(0, taken("KILLED"));
        batch.begin();
        let text = serde_json::to_string(&batch).unwrap();
        let batch = serde_json::from_str::<Batch>(&text).unwrap().after_reload();
        let became: Vec<Became> = batch.items.iter().map(|item| item.became).collect();
        assert_eq!(became, [Became::Done, Became::Open, Became::Left]);
        assert_eq!(batch.items[1].key, "key-1");
        assert!(batch.is_open());
    }
}
