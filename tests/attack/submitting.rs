//! A submission is of one application, whatever becomes of its reply, and is followed until it is accepted or has failed.

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use serde_json::Value;

use super::support::{Howdah, Reply, Service};

const ID: &str = "application_1700000000000_0007";

/// What becomes of a submission's first tries.
#[derive(Clone, Copy, PartialEq)]
enum Fault {
    /// It is done, and the connection breaks before the reply.
    DoneAndLost,
    /// It is not done, and the connection breaks.
    Lost,
}

/// A ResourceManager that knows the applications it was given, and in which state they are.
struct Manager {
    service: Service,
    known: Arc<Mutex<BTreeSet<String>>>,
    state: Arc<Mutex<&'static str>>,
}

impl Manager {
    fn with(fault: Fault, times: usize) -> Manager {
        let known: Arc<Mutex<BTreeSet<String>>> = Arc::default();
        let state = Arc::new(Mutex::new("ACCEPTED"));
        let (applications, now, tries) = (known.clone(), state.clone(), AtomicUsize::new(0));
        let service = Service::answering(move |request| {
            let line = request.lines().next().unwrap();
            if line.starts_with("POST") {
                let body: Value = serde_json::from_str(request.split_once("\r\n\r\n").unwrap().1).unwrap();
                let faulty = tries.fetch_add(1, Ordering::SeqCst) < times;
                if !faulty || fault == Fault::DoneAndLost {
                    applications.lock().unwrap().insert(body["application-id"].as_str().unwrap().to_owned());
                }
                return match faulty {
                    true => vec![Vec::new()],
                    false => vec![b"HTTP/1.1 202 Accepted\r\nContent-Length: 0\r\n\r\n".to_vec()],
                };
            }
            if line.starts_with("PUT") {
                return vec![Service::reply("202 Accepted", "application/json", br#"{"state":"KILLING"}"#)];
            }
            let id = line.split('/').find(|part| part.starts_with("application_")).unwrap_or("");
            let id = id.split([' ', '?']).next().unwrap();
            if !applications.lock().unwrap().contains(id) {
                let words = br#"{"RemoteException":{"exception":"NotFoundException","message":"app not found"}}"#;
                return vec![Service::reply("404 Not Found", "application/json", words)];
            }
            let state = *now.lock().unwrap();
            let body = match line.contains("/state") {
                true => format!(r#"{{"state":"{state}"}}"#),
                false => format!(r#"{{"app":{{"id":"{id}","state":"{state}","diagnostics":"to unknown queue: x"}}}}"#),
            };
            vec![Service::reply("200 OK", "application/json", body.as_bytes())]
        });
        Manager { service, known, state }
    }

    /// How often an application was submitted.
    fn submitted(&self) -> usize {
        self.service.received().iter().filter(|request| request.starts_with("POST")).count()
    }

    fn is(&self, state: &'static str) {
        *self.state.lock().unwrap() = state;
    }
}

fn change(method: &str, path: &str, body: &str) -> String {
    format!(
        "{method} /api/connections/rm/ws/v1/cluster/{path} HTTP/1.1\r\nHost: {{host}}\r\nAuthorization: Bearer {{token}}\r\n\
         Content-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    )
}

fn submission() -> String {
    change("POST", "apps", &format!(r#"{{"application-id":"{ID}","application-name":"a","queue":"x"}}"#))
}

fn assert_accepted(reply: &Reply) {
    assert_eq!((reply.status, reply.body.len()), (202, 0), "{}", String::from_utf8_lossy(&reply.body));
}

#[test]
fn a_lost_reply_is_one_application() {
    for (fault, times, sent) in [(Fault::DoneAndLost, 1, 1), (Fault::Lost, 1, 2), (Fault::Lost, 2, 3)] {
        let manager = Manager::with(fault, times);
        let howdah = Howdah::before(&manager.service);
        assert_accepted(&howdah.ask(&submission()));
        assert_eq!((manager.submitted(), manager.known.lock().unwrap().len()), (sent, 1));
        let bodies: BTreeSet<String> =
            manager.service.received().into_iter().filter(|one| one.starts_with("POST")).collect();
        assert_eq!(bodies.len(), 1, "it is the same each time");
        assert!(bodies.iter().all(|one| one.to_ascii_lowercase().contains("x-xsrf-header: ")));
        let request = howdah.until("succeeded");
        assert_eq!((&request["serviceId"], &request["stage"]), (&ID.into(), &"ACCEPTED".into()));
    }
}

#[test]
fn where_it_is_to_be_found_is_told_by_our_own_path() {
    const THEIRS: &str = "http://rm.internal.example:8088/ws/v1/cluster/apps/application_1_0001";
    const OURS: &str = "/api/connections/rm/ws/v1/cluster/apps/application_1_0001";
    for (location, told) in [
        (format!("{THEIRS}?user.name=howdah&doAs=root"), Some(OURS)),
        ("/below/ws/v1/cluster/apps/application_1_0001/state".to_owned(), Some(&*format!("{OURS}/state"))),
        // No address of an operation that reads.
        ("http://rm.internal.example:8088/proxy/application_1_0001/".to_owned(), None),
        (format!("{THEIRS}/..%2f..%2fsecret"), None),
        (format!("{THEIRS}/../../../secret"), None),
        ("http://rm.internal.example:8088/ws/v1/cluster/apps/new-application/".to_owned(), None),
        ("//elsewhere.example/".to_owned(), None),
        ("javascript:alert(1)".to_owned(), None),
        ("".to_owned(), None),
    ] {
        let reply = format!("HTTP/1.1 202 Accepted\r\nLocation: {location}\r\nContent-Length: 0\r\n\r\n");
        let service = Service::answering(move |request| match request.starts_with("POST") {
            true => vec![reply.clone().into_bytes()],
            false => vec![Service::reply("200 OK", "application/json", br#"{"app":{"state":"ACCEPTED"}}"#)],
        });
        let howdah = Howdah::before(&service);
        let keyed = submission().replacen("\r\n", "\r\nIdempotency-Key: 0123456789abcdef\r\n", 1);
        // The second time it comes from the journal.
        for _ in 0..2 {
            let reply = howdah.ask(&keyed);
            assert_accepted(&reply);
            assert_eq!(reply.header("location"), told, "{location}");
        }
    }
}

#[test]
fn one_that_fails_after_it_was_taken_says_so_in_the_service_s_words() {
    let manager = Manager::with(Fault::Lost, 0);
    manager.is("SUBMITTED");
    let howdah = Howdah::before(&manager.service);
    assert_accepted(&howdah.ask(&submission()));
    howdah.until("running");
    manager.is("FAILED");
    let request = howdah.until("failed");
    assert_eq!((&request["stage"], &request["said"]), (&"FAILED".into(), &"to unknown queue: x".into()));
    assert_eq!(manager.submitted(), 1);
}

#[test]
fn after_a_kill_it_is_looked_up_and_not_sent_again() {
    let (tell, told) = std::sync::mpsc::channel();
    let tell = Mutex::new(tell);
    let known = Arc::new(AtomicUsize::new(0));
    let has = known.clone();
    let service = Service::answering(move |request| {
        if request.starts_with("POST") {
            has.store(1, Ordering::SeqCst);
            tell.lock().unwrap().send(()).unwrap();
            // No reply, and the connection stays.
            return Vec::new();
        }
        let body = format!(r#"{{"app":{{"id":"{ID}","state":"RUNNING"}}}}"#);
        vec![Service::reply("200 OK", "application/json", body.as_bytes())]
    });
    let mut howdah = Howdah::before(&service);
    let mut wire = howdah.wire();
    wire.send(howdah.fill(&submission()).as_bytes());
    told.recv().unwrap();
    howdah.kill();
    howdah.start_again();
    let request = howdah.until("succeeded");
    assert_eq!((&request["serviceId"], &request["stage"]), (&ID.into(), &"RUNNING".into()));
    assert_eq!(service.received().iter().filter(|request| request.starts_with("POST")).count(), 1);
}

#[test]
fn a_kill_is_followed_until_the_application_has_ended() {
    let manager = Manager::with(Fault::Lost, 0);
    let howdah = Howdah::before(&manager.service);
    assert_accepted(&howdah.ask(&submission()));
    manager.is("RUNNING");
    let kill = howdah.ask(&change("PUT", &format!("apps/{ID}/state"), r#"{"state":"KILLED"}"#));
    assert_eq!((kill.status, kill.body.as_slice()), (202, &br#"{"state":"KILLING"}"#[..]));
    let request = howdah.until("running");
    assert_eq!((&request["operation"], &request["serviceId"]), (&"ChangeApplicationState".into(), &ID.into()));
    manager.is("KILLED");
    assert_eq!(howdah.until("succeeded")["stage"], "KILLED");
}
