//! A service that gives a list in pages: those who watch it have all of it.

use std::sync::Mutex;

use howdah_shared::operation::Pages;

use super::super::changes::Course;
use super::super::poller::Poller;
use super::super::rows::Form;
use super::*;

/// A list of clusters, of which one page has at most so many.
struct Paged {
    ids: Mutex<Vec<String>>,
    most: usize,
    asked: Mutex<Vec<String>>,
    /// Whether it tells of a next page wherever one ends.
    endless: bool,
}

impl Paged {
    fn of(ids: &[&str], most: usize) -> Paged {
        let ids = Mutex::new(ids.iter().map(|id| (*id).to_owned()).collect());
        Paged { ids, most, asked: Mutex::default(), endless: false }
    }

    fn take_asked(&self) -> Vec<String> {
        std::mem::take(&mut self.asked.lock().unwrap())
    }
}

impl Source for Paged {
    fn is_another(&self) -> Result<bool, Box<Problem>> {
        Ok(false)
    }

    async fn ask(&self, more: &str, shape: Shape) -> Result<Polled<Page>, Box<Problem>> {
        self.asked.lock().unwrap().push(more.to_owned());
        let ids = self.ids.lock().unwrap();
        let query: Vec<(String, String)> = serde_html_form::from_str(more).unwrap();
        let begin = match &query[..] {
            [] => 0,
            [(name, marker)] if name == "marker" => match ids.iter().position(|id| id == marker) {
                Some(at) => at + 1,
                None => return Err(Box::new(Problem::new(Code::ServiceAnswered, "no such marker"))),
            },
            other => panic!("asked for {other:?}"),
        };
        let page: Vec<_> = ids.iter().skip(begin).take(self.most).collect();
        let mut reply = json!({"clusters": page.iter().map(|id| json!({"id": id})).collect::<Vec<_>>()});
        if begin + self.most < ids.len() || self.endless {
            reply["markers"] = json!({"prev": null, "next": page.last().unwrap_or(&&ids[0])});
        } else if begin > 0 {
            reply["markers"] = json!({"prev": ids[0], "next": null});
        }
        Polled::of(&reply.to_string(), shape, None)
    }

    async fn ask_for(&self, operation: &'static str) -> Result<Vec<u8>, Box<Problem>> {
        panic!("asked for {operation}")
    }
}

fn listing() -> &'static door::Row {
    savanna::TABLE.iter().find(|row| row.spec.name == "ListClusters").unwrap()
}

fn subject(query: &str) -> Subject {
    let tenant = ["775181".to_owned()];
    let call = listing().admit(&tenant, query, b"").unwrap();
    Subject::of(Scope::Connection("sahara".to_owned()), listing(), &call).unwrap()
}

fn poller(query: &str) -> Poller {
    let spec = &listing().spec;
    Poller::new(spec.tail.watch, subject(query).shape(spec), Arc::default())
}

fn held(poller: &Poller) -> Vec<String> {
    let whole: Value = serde_json::from_slice(poller.book().whole(Form::Whole).plain()).unwrap();
    whole["clusters"].as_array().unwrap().iter().map(|row| row["id"].as_str().unwrap().to_owned()).collect()
}

async fn look(poller: &Poller, source: &Paged) -> Result<bool, ()> {
    poller.look(source, &mut Course::default()).await
}

#[tokio::test]
async fn every_page_is_asked_for_and_no_row_is_missing() {
    let (poller, source) = (poller(""), Paged::of(&["a", "b&c=d", "e", "f", "g"], 2));
    assert_eq!(look(&poller, &source).await, Ok(true));
    assert_eq!(held(&poller), ["a", "b&c=d", "e", "f", "g"]);
    assert_eq!(source.take_asked(), ["", "marker=b%26c%3Dd", "marker=f"]);
    source.ids.lock().unwrap().remove(4);
    assert_eq!(look(&poller, &source).await, Ok(true));
    assert_eq!(held(&poller), ["a", "b&c=d", "e", "f"]);
    assert_eq!(source.take_asked(), ["", "marker=b%26c%3Dd"]);
    assert_eq!(look(&poller, &source).await, Ok(false));
}

#[tokio::test]
async fn a_page_that_cannot_be_had_leaves_the_picture_as_it_was() {
    let (poller, source) = (poller(""), Paged::of(&["a", "b", "c"], 2));
    assert_eq!(look(&poller, &source).await, Ok(true));
    let broken = Paged { endless: true, ..Paged::of(&["a", "b", "c", "d"], 2) };
    assert_eq!(look(&poller, &broken).await, Err(()));
    assert_eq!(poller.state().borrow().problem.as_ref().map(|problem| problem.code), Some(Code::UpstreamGarbled));
    assert_eq!(held(&poller), ["a", "b", "c"]);
}

#[tokio::test]
async fn who_asks_for_so_many_gets_so_many() {
    for query in ["limit=2", "limit=2&sort_by=name", "marker=a"] {
        let Some(Pages { next, .. }) = listing().spec.tail.pages else { panic!("it has pages") };
        assert_eq!(next, "markers.next");
        assert!(subject(query).shape(&listing().spec).pages.is_none(), "{query}");
    }
    assert!(subject("sort_by=name").shape(&listing().spec).pages.is_some());
}
