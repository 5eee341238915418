//! One change for several rows of a list: what becomes of each. It is kept beside the page until it is done, so that a
//! reload forgets nothing that is still open.

mod dialog;
mod run;

use std::pin::Pin;

use howdah_shared::problem::{Code, Problem};
use leptos::prelude::*;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

pub(crate) use self::dialog::SeveralDialog;
pub(crate) use self::run::{Run, left_note, several};
use super::listing::Listed;
use crate::api::{fresh_key, is_definite};
use crate::i18n::*;
use crate::kept;
use crate::ui::button::Weight;

/// What is done with each.
pub(crate) trait Act: Clone + PartialEq + Serialize + DeserializeOwned + Send + Sync + 'static {
    /// The rows of the list.
    type Row: Listed;
    /// The table's id.
    const TABLE: &'static str;

    /// Does it to one of them, under its key.
    fn send(&self, connection: &str, item: &Item) -> Sent;
    /// What is done with so many.
    fn title(&self, i18n: I18nContext<Locale>, count: usize) -> String;
    /// What to know before saying yes.
    fn text(&self) -> Signal<String>;
    /// How much the button stands out that says yes.
    fn weight(&self) -> Weight;
    /// What is to be chosen or typed before, where there is something.
    fn choice(&self, run: Run<Self>) -> Option<Choice<Self>>;
    /// Whether it can be done to a row.
    fn takes(row: &Self::Row) -> bool;
    /// What people call a row.
    fn name(row: &Self::Row) -> String;
    /// Its words.
    fn words() -> ActWords;
}

/// What is said of rows of one kind.
#[derive(Clone, Copy)]
pub(crate) struct ActWords {
    /// What they are.
    pub(crate) list: Signal<String>,
    /// That nothing can be done to any of those that are ticked.
    pub(crate) off_all: Signal<String>,
    /// Why the viewer may not.
    pub(crate) off_role: Signal<String>,
    /// How many of those that are ticked are left out.
    pub(crate) left_out: fn(I18nContext<Locale>, String) -> String,
    /// How many of how many of an earlier one are open.
    pub(crate) left: fn(I18nContext<Locale>, String, String) -> String,
}

/// What is to be chosen before.
pub(crate) struct Choice<A: 'static> {
    /// Where.
    pub(crate) view: AnyView,
    /// Why what is chosen will not do.
    pub(crate) off: Signal<Option<String>>,
    /// What is done then.
    pub(crate) act: Callback<(), A>,
}

/// What becomes of one: whether it had ended before, and the journal's entry.
pub(crate) type Sent = Pin<Box<dyn Future<Output = Result<(bool, Option<String>), Problem>>>>;

/// What has become of one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Became {
    /// It is sent as soon as it is its turn.
    Waiting,
    /// It has not been sent, and is not until somebody says so.
    Left,
    /// It is being sent.
    Begun,
    /// The service took it.
    Done,
    /// It had ended before.
    Ended,
    /// It was certainly not done.
    Refused,
    /// It may have been done: asked again under its key, it tells.
    Open,
}

/// One of the rows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Item {
    /// Its id.
    pub(crate) id: String,
    /// Its name.
    pub(crate) name: String,
    /// The idempotency key of its change.
    pub(crate) key: String,
    /// What has become of it.
    pub(crate) became: Became,
    /// Why, in words.
    pub(crate) said: Option<String>,
    /// The journal's entry.
    pub(crate) request: Option<String>,
}

/// The answer to one change.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Answer {
    /// The service took it.
    Taken {
        /// Whether it had ended before.
        ended: bool,
        /// The journal's entry.
        request: Option<String>,
    },
    /// There is a problem, told in words.
    Problem(Box<Problem>, String),
}

/// The change.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Batch<A> {
    /// What is done.
    pub(crate) act: A,
    /// With which.
    pub(crate) items: Vec<Item>,
}

impl<A> Batch<A> {
    /// One that has not begun; of each row its id and name.
    pub(crate) fn new(act: A, of: impl IntoIterator<Item = (String, String)>) -> Batch<A> {
        let item = |(id, name)| Item { id, name, key: fresh_key(), became: Became::Waiting, said: None, request: None };
        Batch { act, items: of.into_iter().map(item).collect() }
    }

    /// How many have become so.
    pub(crate) fn count(&self, became: Became) -> usize {
        self.items.iter().filter(|item| item.became == became).count()
    }

    /// Begins with the next one that waits; its place.
    pub(crate) fn begin(&mut self) -> Option<(usize, Item)> {
        let at = self.items.iter().position(|item| item.became == Became::Waiting)?;
        self.items[at].became = Became::Begun;
        Some((at, self.items[at].clone()))
    }

    /// Takes an answer in.
    pub(crate) fn settle(&mut self, at: usize, answer: Answer) {
        let Some(item) = self.items.get_mut(at) else { return };
        (item.became, item.said, item.request) = match answer {
            Answer::Taken { ended, request } => (if ended { Became::Ended } else { Became::Done }, None, request),
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
    pub(crate) fn stop(&mut self) {
        for item in self.items.iter_mut().filter(|item| item.became == Became::Waiting) {
            item.became = Became::Left;
        }
    }

    /// Lets those wait for their turn that have become so: what was refused as a new change, all others as the same.
    pub(crate) fn again(&mut self, became: Became) {
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
    pub(crate) fn is_open(&self) -> bool {
        self.items.iter().any(|item| !matches!(item.became, Became::Done | Became::Ended | Became::Refused))
    }

    /// As it is when the page is loaded anew: answers that were on their way are lost.
    fn after_reload(mut self) -> Batch<A> {
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
fn keep<A: Serialize>(connection: &str, batch: &Batch<A>) {
    // Where it cannot be kept, the journal still has it.
    kept::keep_draft(&place(connection), Some(batch));
}

/// The one that is kept, where something of it is open.
fn kept<A: DeserializeOwned>(connection: &str) -> Option<Batch<A>> {
    let batch: Batch<A> = kept::kept_draft(&place(connection))?;
    batch.is_open().then(|| batch.after_reload())
}

/// Forgets it.
fn forget(connection: &str) {
    kept::forget(&place(connection));
}

#[cfg(test)]
mod tests {
    use super::*;

    fn batch(count: usize) -> Batch<&'static str> {
        let item = |at: usize| Item {
            id: format!("application_1_{at:04}"),
            name: String::new(),
            key: format!("key-{at}"),
            became: Became::Waiting,
            said: None,
            request: None,
        };
        Batch { act: "kill", items: (0..count).map(item).collect() }
    }

    fn taken(ended: bool) -> Answer {
        Answer::Taken { ended, request: Some("01J".into()) }
    }

    fn problem(code: Code, request: Option<&str>) -> Answer {
        let problem = Problem { request_id: request.map(str::to_owned), ..Problem::new(code, "") };
        Answer::Problem(Box::new(problem), "words".into())
    }

    #[test]
    fn each_is_begun_once_and_becomes_what_its_answer_says() {
        let mut batch = batch(6);
        for (at, answer) in [
            taken(false),
            taken(true),
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
        batch.settle(0, taken(false));
        batch.begin();
        let text = serde_json::to_string(&batch).unwrap();
        let batch = serde_json::from_str::<Batch<&str>>(&text).unwrap().after_reload();
        let became: Vec<Became> = batch.items.iter().map(|item| item.became).collect();
        assert_eq!(became, [Became::Done, Became::Open, Became::Left]);
        assert_eq!(batch.items[1].key, "key-1");
        assert!(batch.is_open());
    }
}
