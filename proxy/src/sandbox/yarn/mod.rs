//! A small YARN ResourceManager of version 3.4: information, metrics, the list of applications and their counts.
//!
//! Applications come, wait, run and end by themselves, as many as are wanted are kept, and the oldest are forgotten.
//! Identity is `user.name` in the query, without a check, as in a cluster without Kerberos; without it the caller is
//! `dr.who`. What is in `root.finance` is shown with zeros to those who may not see it.

mod applications;
mod filters;
mod replies;

use std::collections::BTreeMap;
use std::io;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use howdah_shared::systems::yarn::TABLE;
use http::{HeaderValue, StatusCode, header};
use serde_json::{Value, json};

use super::Options;
use super::clock::Clock;
use super::made_up::scatter;
use super::routes::{Found, Routes, lock};
use super::server::{Answer, Asked, Servers, Service};
use applications::{Application, Outcome, Schedule, State};
use filters::{Filters, Refused, Statistics};
use replies::Counts;

/// The user that may see everything.
const ADMINISTRATOR: &str = "howdah";
const JSON: &str = "application/json;charset=utf-8";

/// The running simulator, as its caller must know it.
#[derive(Clone, Debug)]
pub struct Yarn {
    /// Where it listens.
    pub address: SocketAddr,
    /// The user to speak as, by `user.name`: one that may see everything.
    pub user: String,
}

#[derive(Clone, Copy)]
enum Handler {
    Info,
    Metrics,
    Applications,
    Statistics,
}

fn handler(name: &str) -> Option<Handler> {
    match name {
        "ShowCluster" | "ShowClusterRoot" => Some(Handler::Info),
        "ShowMetrics" => Some(Handler::Metrics),
        "ListApplications" => Some(Handler::Applications),
        "ShowApplicationStatistics" => Some(Handler::Statistics),
        _ => None,
    }
}

pub(super) async fn start(options: &Options, clock: Clock, servers: &mut Servers) -> io::Result<Yarn> {
    let simulator = Simulator {
        routes: Routes::of(TABLE, handler)?,
        schedule: Schedule::keeping(options.applications),
        clock,
        ended: Mutex::default(),
        forgotten: Mutex::default(),
    };
    let address = servers.serve(Arc::new(simulator)).await?;
    Ok(Yarn { address, user: ADMINISTRATOR.to_owned() })
}

struct Simulator {
    routes: Routes<Handler>,
    schedule: Schedule,
    clock: Clock,
    /// The text of those that have ended, by number: it never changes again.
    ended: Mutex<BTreeMap<u64, Arc<str>>>,
    /// The counts of those that are no longer kept; `submitted` is how many they are.
    forgotten: Mutex<Counts>,
}

impl Service for Simulator {
    async fn answer(&self, asked: Asked) -> Answer {
        match (asked.method.as_str(), asked.uri.path()) {
            ("GET", "/_sandbox/calls") => return Answer::json(StatusCode::OK, &self.routes.calls()),
            ("GET", "/_sandbox/runs") => return Answer::json(StatusCode::OK, &json!([])),
            _ => {}
        }
        let query = asked.uri.query().unwrap_or_default();
        let mut answer = match self.routes.find(asked.method.as_str(), asked.uri.path()) {
            Found::Row(Handler::Info, _) => json_reply(&replies::info(self.clock, self.schedule)),
            Found::Row(Handler::Metrics, _) => json_reply(&replies::metrics(self.counts(), self.schedule)),
            Found::Row(Handler::Applications, _) => match Filters::read(query) {
                Ok(filters) => Answer::text(StatusCode::OK, JSON, self.list(&filters)),
                Err(refused) => refused.answer(),
            },
            Found::Row(Handler::Statistics, _) => match Statistics::read(query) {
                Ok(wanted) => json_reply(&self.statistics(&wanted)),
                Err(refused) => refused.answer(),
            },
            // The real one says 503 to a wrong method.
            Found::OtherMethod => {
                refusal(StatusCode::SERVICE_UNAVAILABLE, "NotAllowedException", "HTTP 405 Method Not Allowed")
            }
            Found::Nothing => {
                let page = "<!DOCTYPE html>\n<html><title>Sorry</title><body><h1>There is nothing here (404)</h1></body></html>";
                Answer::text(StatusCode::NOT_FOUND, "text/html;charset=utf-8", page)
            }
        };
        if let Answer::Reply(reply) = &mut answer {
            let headers = reply.headers_mut();
            headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-cache"));
            // A cookie that would speak for whoever asked first, if it were kept.
            let caller = Filters::read(query).ok().and_then(|filters| filters.caller);
            if let Some(caller) = caller.filter(|caller| caller.bytes().all(|byte| byte.is_ascii_alphanumeric()))
                && let Ok(cookie) =
                    HeaderValue::from_str(&format!("hadoop.auth=\"u={caller}&p={caller}&t=simple\"; HttpOnly"))
            {
                headers.insert(header::SET_COOKIE, cookie);
            }
        }
        answer
    }
}

fn json_reply(body: &Value) -> Answer {
    Answer::text(StatusCode::OK, JSON, body.to_string())
}

fn refusal(status: StatusCode, exception: &str, message: &str) -> Answer {
    Answer::text(status, JSON, replies::remote_exception(exception, message).to_string())
}

impl Refused {
    fn answer(self) -> Answer {
        refusal(StatusCode::BAD_REQUEST, self.exception, &self.message)
    }
}

impl Simulator {
    /// Counts what is kept, whoever may see it.
    fn statistics(&self, wanted: &Statistics) -> Value {
        let now = self.clock.life();
        let kept = self.schedule.kept(now).map(|number| self.schedule.application(number));
        let mut counts: BTreeMap<&str, u64> = wanted.states.iter().map(|state| (state.as_str(), 0)).collect();
        for app in kept.filter(|app| wanted.kind.as_deref().is_none_or(|kind| kind == app.kind.to_lowercase())) {
            if let Some(count) = counts.get_mut(app.state(now).words().0) {
                *count += 1;
            }
        }
        replies::statistics(&counts, wanted.kind.as_deref().unwrap_or("*"))
    }

    fn counts(&self) -> Counts {
        let now = self.clock.life();
        let kept = self.schedule.kept(now);
        let mut counts = {
            let mut forgotten = lock(&self.forgotten);
            for number in forgotten.submitted + 1..*kept.start() {
                let outcome = self.schedule.application(number).outcome;
                count(&mut forgotten, State::Ended(outcome), 0);
            }
            *forgotten
        };
        for number in kept {
            let app = self.schedule.application(number);
            count(&mut counts, app.state(now), app.containers);
        }
        counts
    }

    fn list(&self, filters: &Filters) -> String {
        let now = self.clock.life();
        let caller = filters.caller.as_deref().unwrap_or("dr.who");
        let kept = self.schedule.kept(now);
        let mut cache = lock(&self.ended);
        *cache = cache.split_off(kept.start());
        // As the real one: in no order that means anything, and cut before the final status is looked at.
        let mut found: Vec<(Application, State)> = kept
            .map(|number| self.schedule.application(number))
            .map(|app| (app.state(now), app))
            .filter(|(state, app)| {
                let finished = if matches!(state, State::Ended(_)) { self.clock.wall_ms(app.ends()) } else { 0 };
                filters.pass(app, *state, self.clock.wall_ms(app.submitted), finished)
            })
            .map(|(state, app)| (app, state))
            .collect();
        found.sort_by_cached_key(|(app, _)| scatter(app.number, 99));
        found.truncate(filters.limit());
        found.retain(|(_, state)| filters.pass_final(*state));
        if found.is_empty() {
            return json!({"apps": {}}).to_string();
        }
        let mut text = String::with_capacity(found.len() * 2000);
        // The same for each that has ended, as it holds nothing any more.
        let of_ended = extras(filters, 0, State::Ended(Outcome::Succeeded));
        for (app, state) in &found {
            text.push_str(if text.is_empty() { "{\"apps\":{\"app\":[" } else { "," });
            let hidden = app.restricted && caller != ADMINISTRATOR && caller != app.user;
            let whole = || replies::application(self.clock, self.schedule, app, now, hidden).to_string();
            if matches!(state, State::Ended(_)) && !hidden {
                text.push_str(cache.entry(app.number).or_insert_with(|| whole().into()));
            } else {
                text.push_str(&whole());
            }
            text.pop();
            match state {
                State::Ended(_) => text.push_str(&of_ended),
                _ => text.push_str(&extras(filters, app.containers, *state)),
            }
            text.push('}');
        }
        text.push_str("]}}");
        text
    }
}

/// What the query has not deselected, as members that follow others.
fn extras(filters: &Filters, containers: u64, state: State) -> String {
    let extras = replies::extras(containers, state).into_iter();
    let selected = extras.filter(|(name, value)| filters.selects(name) && !value.is_null());
    selected.map(|(name, value)| format!(",\"{name}\":{value}")).collect()
}

fn count(counts: &mut Counts, state: State, containers: u64) {
    counts.submitted += 1;
    match state {
        State::Submitted | State::Accepted => counts.pending += 1,
        State::Running(_) => {
            counts.running += 1;
            counts.containers += containers;
        }
        State::Ended(Outcome::Succeeded | Outcome::SaidFailed) => counts.finished += 1,
        State::Ended(Outcome::Failed) => counts.failed += 1,
        State::Ended(Outcome::Killed) => counts.killed += 1,
    }
}
