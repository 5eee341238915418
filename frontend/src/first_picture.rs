//! The first picture of a page, drawn by the proxy: whoever opens a list that is watched sees it before the console has
//! come. It is the page's own view as text, drawn of what the page would be told; nothing in it can be used.

use std::sync::Once;
use std::task::{Context, Waker};

use any_spawner::{CustomExecutor, Executor, PinnedFuture, PinnedLocalFuture};
use howdah_shared::watch::Version;
use leptos::prelude::*;

use crate::api::ahead;
use crate::app::App;
use crate::browser;
use crate::components::preferences::{language, tag};
use crate::pages::parts;
use crate::routes::Place;

/// Who comes where.
#[derive(Clone, Debug, Default)]
pub struct Visit {
    /// The path of the page's base, with a slash at its end.
    pub base: String,
    /// The path of the address, with the base.
    pub path: String,
    /// Its query with the question mark; empty without parameters.
    pub query: String,
    /// The languages that the viewer prefers, the best first, as in `Accept-Language`.
    pub languages: Vec<String>,
    /// Now by the proxy's clock, in ms since the epoch.
    pub now: f64,
    /// What Howdah answers, by path with the base.
    pub answers: Vec<(String, String)>,
}

/// A list that a page begins with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Subject {
    /// The connection's name.
    pub connection: String,
    /// The path of the read.
    pub path: String,
    /// Its query.
    pub query: String,
}

/// A list as its watchers are told of it.
pub struct Picture {
    /// Its version.
    pub version: Version,
    /// Whether all rows are in it.
    pub is_complete: bool,
    /// Its rows, as the console fetches them.
    pub rows: Vec<u8>,
}

/// A page as text.
#[derive(Debug)]
pub struct Drawn {
    /// What stands in its body.
    pub body: String,
    /// Its language, as in `<html lang>`.
    pub language: &'static str,
}

/// The list that the page at a path begins with, where it can be drawn of it. The path of the base has no slash at its
/// end.
pub fn begins_with(base: &str, path: &str) -> Option<Subject> {
    parts::begins_with(&Place::at(base, path)?)
}

/// Goes with each task as far as it comes at once: nothing that it would wait for will come.
struct AtOnce;

impl CustomExecutor for AtOnce {
    fn spawn(&self, task: PinnedFuture<()>) {
        self.spawn_local(task);
    }

    fn spawn_local(&self, mut task: PinnedLocalFuture<()>) {
        let _ = task.as_mut().poll(&mut Context::from_waker(Waker::noop()));
    }

    fn poll_local(&self) {}
}

/// Draws the page of a visit. It takes a thread of its own for some milliseconds: what the console keeps beside the
/// reactive tree it keeps by the thread. `None` where that fails.
pub fn draw(visit: Visit, subject: Subject, picture: Picture) -> Option<Drawn> {
    static EXECUTOR: Once = Once::new();
    // Nobody else in the process could have set one.
    EXECUTOR.call_once(|| drop(Executor::init_custom_executor(AtOnce)));
    let draw = move || {
        browser::stand_in(visit);
        ahead::give(subject, picture);
        let owner = Owner::new();
        // Without the marks for a page that is taken over as it stands. What a service says cannot hold one: it is escaped.
        let body = owner.with(|| App().to_html()).replace("<!>", "");
        Drawn { body, language: tag(language()) }
    };
    std::thread::Builder::new().name("first-picture".to_owned()).spawn(draw).ok()?.join().ok()
}

#[cfg(test)]
mod tests;
