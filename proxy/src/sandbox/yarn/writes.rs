//! What changes applications: to submit one, to move one, to kill one.
//!
//! Status, sentence and shape are those of real servers of 3.4.2 and 3.5.0. Assumed are: how long killing takes, that a
//! queue which is stopped or has queues below it fails a submission as an unknown one does, and what a member of the
//! wrong type does in a kill or a move.

use bytes::Bytes;
use http::{HeaderValue, Response, StatusCode, header};
use http_body_util::Full;
use serde_json::{Value, json};

use super::super::made_up::fraction;
use super::super::routes::lock;
use super::super::server::Answer;
use super::applications::{Application, Outcome};
use super::calls::{Call, find};
use super::dialect::{Dialect, Refused};
use super::submission::{Submission, Submitted, json_body};
use super::world::ADMINISTRATOR;

/// What is changed.
#[derive(Clone, Copy)]
pub(super) enum Change {
    State,
    Queue,
    Submit,
    CreateToken,
    RenewToken,
    CancelToken,
}

impl Call<'_> {
    /// Does it, and answers.
    ///
    /// # Errors
    /// The refusal.
    pub(super) fn change(&self, what: Change, segment: &str) -> Result<Answer, Refused> {
        let (world, dialect) = (self.world, self.dialect());
        let (caller, headers) = (self.caller, &self.asked.headers);
        match what {
            Change::State => self.change_state(segment),
            Change::Queue => self.change_queue(segment),
            Change::Submit => self.submit(),
            Change::CreateToken => {
                Ok(dialect.reply(&lock(&world.tokens).create(caller, &self.asked.body, world.clock)?))
            }
            Change::RenewToken => Ok(dialect.reply(&lock(&world.tokens).renew(caller, headers, world.clock)?)),
            Change::CancelToken => {
                lock(&world.tokens).cancel(caller, headers)?;
                Ok(Answer::text(StatusCode::OK, dialect.json(), ""))
            }
        }
    }

    fn body(&self) -> Result<Value, Refused> {
        self.check_type()?;
        json_body(&self.asked.body, self.dialect())
    }

    fn check_type(&self) -> Result<(), Refused> {
        let kind = self.asked.headers.get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
        let kind = kind.split(';').next().unwrap_or_default().trim();
        if kind.eq_ignore_ascii_case("application/json") { Ok(()) } else { Err(Refused::BodyType) }
    }

    /// The address that the call was sent to.
    fn address(&self) -> String {
        let host = self.asked.headers.get(header::HOST).and_then(|host| host.to_str().ok()).unwrap_or_default();
        format!("http://{host}{}", self.asked.uri.path())
    }

    fn accepted(&self, body: Option<&Value>, location: &str) -> Answer {
        let mut reply = Response::new(Full::new(body.map_or_else(Bytes::new, |body| body.to_string().into())));
        *reply.status_mut() = StatusCode::ACCEPTED;
        if let Ok(location) = HeaderValue::from_str(location) {
            reply.headers_mut().insert(header::LOCATION, location);
        }
        if body.is_some() || self.dialect() != Dialect::V3_5 {
            reply.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(self.dialect().json()));
        }
        Answer::Reply(Box::new(reply))
    }

    fn foreign(&self, what: &str, id: &str) -> Refused {
        let sentence = format!("Unauthorized attempt to {what} appid {id} by remote user {}", self.caller.name);
        Refused::Plain(StatusCode::FORBIDDEN, sentence)
    }

    /// Asks for another state, which only can be death.
    fn change_state(&self, id: &str) -> Result<Answer, Refused> {
        let body = self.body()?;
        let wanted = member(&body, "state")?;
        let mut population = lock(&self.world.population);
        let now = self.world.scene(&mut population, self.dialect()).now;
        let app = &mut find(&mut population, id)?.app;
        let state = app.state_word(now);
        if state == wanted {
            return Ok(self.dialect().reply(&json!({"state": state})));
        }
        if wanted != "KILLED" {
            return Err(Refused::bad_request("Only 'KILLED' is allowed as a target state."));
        }
        if !self.world.may_modify(app, &self.caller.name) {
            return Err(self.foreign("kill", id));
        }
        if app.has_ended(now) {
            return Ok(self.dialect().reply(&json!({"state": state})));
        }
        let reason = body["diagnostics"].as_str().map(str::trim).filter(|reason| !reason.is_empty());
        let reason = reason.map_or(String::new(), |reason| format!(" with diagnostic message: {reason}"));
        app.kill(now, format!("Application {} was killed by user {}{reason}", app.id, self.caller.name));
        // One that still waits is told of as it was, the first time.
        let state = if state == "ACCEPTED" { state } else { app.state_word(now) };
        Ok(self.accepted(Some(&json!({"state": state})), &self.address()))
    }

    /// Asks for another queue.
    fn change_queue(&self, id: &str) -> Result<Answer, Refused> {
        let wanted = member(&self.body()?, "queue")?;
        let mut population = lock(&self.world.population);
        let now = self.world.scene(&mut population, self.dialect()).now;
        let app = &mut find(&mut population, id)?.app;
        if *app.queue == *wanted {
            return Ok(self.dialect().reply(&json!({"queue": wanted})));
        }
        let queue = self.world.tree.find(&wanted).map(|at| &self.world.tree.queues()[at]);
        let queue = queue
            .filter(|queue| !queue.is_leaf() || self.caller.name == ADMINISTRATOR || queue.admits(&self.caller.name));
        // The same for a foreign application and for a queue that does not exist.
        let Some(queue) = queue.filter(|_| self.world.may_modify(app, &self.caller.name)) else {
            return Err(self.foreign("move", id));
        };
        let state = app.state_word(now);
        if !matches!(state, "SUBMITTED" | "ACCEPTED" | "RUNNING") {
            let sentence = format!("App in {state} state cannot be moved.");
            return Err(Refused::Plain(StatusCode::BAD_REQUEST, sentence));
        }
        if !queue.is_leaf() || queue.stopped {
            let message = || format!("The specified Queue: {wanted} is not a Leaf Queue.");
            let message = (self.dialect() == Dialect::V3_5).then(message);
            return Err(Refused::with(StatusCode::SERVICE_UNAVAILABLE, "UndeclaredThrowableException", message));
        }
        app.queue = queue.path.clone();
        Ok(self.dialect().reply(&json!({"queue": self.shown(&app.queue)})))
    }

    /// Submits an application. The same id a second time is the same application.
    fn submit(&self) -> Result<Answer, Refused> {
        self.check_type()?;
        let submission = Submission::read(&self.asked.body, self.dialect())?;
        let id = submission.id;
        let location = format!("{}/{id}", self.address());
        let mut population = lock(&self.world.population);
        let now = self.world.scene(&mut population, self.dialect()).now;
        if population.find(id).is_some() {
            return Ok(self.accepted(None, &location));
        }
        let queue = self.world.tree.find(&submission.queue).map(|at| &self.world.tree.queues()[at]);
        if let Some(queue) = queue.filter(|queue| queue.is_leaf())
            && self.caller.name != ADMINISTRATOR
            && !queue.admits(&self.caller.name)
        {
            let exception = "org.apache.hadoop.security.AccessControlException";
            let (caller, queue) = (&self.caller.name, &submission.queue);
            let sentence = format!("User {caller} does not have permission to submit {id} to queue {queue}");
            return Err(Refused::bad_request(format!("{exception}: {sentence}")));
        }
        let mut app = self.application(&submission, now);
        let (user, named) = (&self.caller.name, &submission.queue);
        match queue {
            Some(queue) if queue.is_leaf() && !queue.stopped => app.queue = queue.path.clone(),
            _ => {
                let by = format!("Application {id} submitted by user {user}");
                // The newest says it twice.
                let by = if self.dialect() == Dialect::V3_5 { format!("{by}{by}") } else { by };
                let why = match queue {
                    None => format!("{by} to unknown queue: {named}"),
                    Some(queue) if !queue.is_leaf() => format!("{by} to non-leaf queue: {named}"),
                    Some(_) => format!("Queue {named} is STOPPED. Cannot accept submission of application: {id}"),
                };
                (app.waits, app.runs, app.outcome, app.says) = (0.5, 0.0, Outcome::Failed, Some(why.into()));
            }
        }
        population.add(app, now);
        drop(population);
        let Submission { understood, .. } = submission;
        lock(&self.world.submitted).push(Submitted { id, user: self.caller.name.clone(), understood });
        Ok(self.accepted(None, &location))
    }

    fn application(&self, submission: &Submission, now: f64) -> Application {
        let Submission { id, memory, cores, priority, unmanaged, attempts, .. } = *submission;
        let (lasts, code) = submission.course();
        let (outcome, says) = match code {
            0 => (Outcome::Succeeded, None),
            code => {
                let said: String = HOSTILE.chars().cycle().take(submission.says()).collect();
                let what = format!("AM Container for {id} exited with  exitCode: {code}");
                let why = format!("Application {id} failed {attempts} times due to {what}\nFailing this attempt.");
                (Outcome::Failed, Some(format!("{why}Diagnostics: {said}").into()))
            }
        };
        let usual = if code == 0 { self.world.schedule.run(id.number) } else { 2.0 };
        Application {
            id,
            seed: id.number,
            submitted: now,
            // Nobody comes for the master of an unmanaged one.
            waits: if unmanaged { 1e12 } else { 2.0 + 3.0 * fraction(id.number, 6) },
            runs: lasts.unwrap_or(usual).max(0.5),
            outcome,
            user: self.caller.name.clone(),
            queue: submission.queue.as_str().into(),
            kind: submission.kind.clone(),
            name: submission.name.clone(),
            tags: submission.tags.join(","),
            priority,
            containers: 1,
            memory,
            cores,
            viewers: submission.viewers.clone(),
            modifiers: submission.modifiers.clone(),
            unmanaged,
            says,
            killed: None,
            odd: false,
        }
    }
}

/// What a program says that nobody has taken care of.
const HOSTILE: &str =
    "\u{1b}[31mERROR\u{1b}[0m <img src=x onerror=alert(1)></pre> & \"quoted\" \u{202e}desrever\u{202c} \u{7}한글\n";

/// The member of a body that is one text.
fn member(body: &Value, name: &str) -> Result<String, Refused> {
    let member = body[name].as_str().map(str::to_owned);
    member.ok_or_else(|| Refused::with(StatusCode::INTERNAL_SERVER_ERROR, "NullPointerException", None))
}
