//! Nothing is forgotten and nothing is sent twice: the program is killed, and its callers go away, at any instant.

use std::collections::HashMap;
use std::hash::{BuildHasher, RandomState};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex, OnceLock};
use std::time::{Duration, Instant};

use serde_json::Value;
use sqlx::{Connection as _, SqliteConnection};
use tokio::runtime::{Builder, Runtime};

use super::support::{Howdah, Service};

/// Each change asks for another number of workers, by which it is known.
const CHANGES: u64 = 200;
/// Microseconds; a change takes some milliseconds, on a busy machine some tens of them.
const INSTANTS: u64 = 50_000;
const PATIENCE: Duration = Duration::from_secs(30);

/// A Hadoop Eco that starts a run for every POST, under an id of its own.
fn service() -> Service {
    let runs = AtomicU32::new(0);
    Service::answering(move |request| {
        let body = if request.starts_with("POST") {
            format!(r#"{{"clusterId":"c1","requestId":"req-{}"}}"#, runs.fetch_add(1, Ordering::Relaxed))
        } else {
            r#"{"requestId":"known","requestStatus":"Running","requestResult":null}"#.to_owned()
        };
        vec![Service::reply("200 OK", "application/json", body.as_bytes())]
    })
}

fn change(number: u64) -> String {
    let body = format!(r#"{{"instanceSpecs":[{{"type":"WORKER","nodeCnt":{number}}}]}}"#);
    format!(
        "POST /api/connections/eco/v2/hadoop-eco/clusters/c1 HTTP/1.1\r\nHost: {{host}}\r\nAuthorization: Bearer {{token}}\r\n\
         Idempotency-Key: key-{number}\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    )
}

fn wait_a_random_while(number: u64) {
    let while_ = Duration::from_micros(RandomState::new().hash_one(number) % INSTANTS);
    let begun = Instant::now();
    while begun.elapsed() < while_ {
        std::hint::spin_loop();
    }
}

fn workers(body: &Value) -> Option<u64> {
    body["instanceSpecs"][0]["nodeCnt"].as_u64()
}

/// What the service was sent: how many times each change.
fn sent(service: &Service) -> HashMap<u64, u32> {
    let mut sent = HashMap::new();
    for request in service.received().iter().filter(|request| request.starts_with("POST")) {
        let body = request.split_once("\r\n\r\n").unwrap().1;
        *sent.entry(workers(&serde_json::from_str(body).unwrap()).unwrap()).or_default() += 1;
    }
    sent
}

/// The journal's entries by the change that they are of.
fn journalled(howdah: &Howdah) -> HashMap<u64, Value> {
    let page = "GET /api/requests?limit=500 HTTP/1.1\r\nHost: {host}\r\nAuthorization: Bearer {token}\r\n\r\n";
    let page: Value = serde_json::from_slice(&howdah.ask(page).body).unwrap();
    let requests = page["requests"].as_array().unwrap();
    let entries: HashMap<u64, Value> =
        requests.iter().map(|one| (workers(&one["body"]).unwrap(), one.clone())).collect();
    assert_eq!(entries.len(), requests.len(), "a change has two entries");
    entries
}

#[test]
fn a_kill_at_any_instant_forgets_nothing_and_sends_nothing_twice() {
    let service = service();
    let mut howdah = Howdah::before(&service);
    let mut told = HashMap::new();
    for number in 1..=CHANGES {
        let mut wire = howdah.wire();
        wire.send(howdah.fill(&change(number)).as_bytes());
        wait_a_random_while(number);
        howdah.kill();
        if let Some(reply) = wire.reply().filter(|reply| reply.status == 200) {
            let reply: Value = serde_json::from_slice(&reply.body).unwrap();
            told.insert(number, reply["requestId"].as_str().unwrap().to_owned());
        }
        howdah.start_again();
    }
    let (entries, mut unknown) = (journalled(&howdah), 0);
    let sent_once = sent(&service);
    for (number, times) in &sent_once {
        assert_eq!(*times, 1, "change {number} was sent {times} times");
        let entry = entries.get(number).unwrap_or_else(|| panic!("change {number} was sent and has no entry"));
        match (entry["serviceId"].as_str(), entry["state"].as_str().unwrap()) {
            (Some(_), "accepted" | "running") => {}
            (None, "unknown") => unknown += 1,
            other => panic!("change {number} was sent and its entry says {other:?}"),
        }
    }
    for (number, id) in &told {
        assert_eq!(
            entries[number]["serviceId"].as_str(),
            Some(id.as_str()),
            "the caller of {number} was told another id"
        );
    }
    for (number, entry) in entries.iter().filter(|(number, _)| !sent_once.contains_key(number)) {
        // The mark stands before the first byte, so "unknown" is right where the kill fell between the two.
        let state = entry["state"].as_str().unwrap();
        assert!(matches!(state, "refused" | "unknown"), "change {number} was not sent and its entry says {state}");
    }
    println!("{} sent, {} told, {unknown} unknown, {} entries", sent_once.len(), told.len(), entries.len());
    assert!(!told.is_empty() && told.len() < CHANGES as usize, "the kills all fell on the same side");

    // Asked again under the same keys, what may have left is answered from the journal.
    for number in sent_once.keys() {
        howdah.ask(&change(*number));
    }
    assert_eq!(sent(&service), sent_once, "something was sent again");
}

#[test]
fn a_caller_that_goes_away_at_any_instant_ends_nothing() {
    let service = service();
    let howdah = Howdah::before(&service);
    for number in 1..=CHANGES {
        let mut wire = howdah.wire();
        wire.send(howdah.fill(&change(number)).as_bytes());
        wait_a_random_while(number);
        drop(wire);
    }
    let begun = Instant::now();
    loop {
        // In this order: what was sent had its entry by then. The last of them may still be on their way.
        let (sent, entries) = (sent(&service), journalled(&howdah));
        let settled = |entry: &Value| matches!(entry["state"].as_str(), Some("accepted" | "running"));
        if entries.len() == sent.len() && entries.values().all(settled) {
            assert!(sent.values().all(|times| *times == 1), "something was sent twice");
            assert!(sent.keys().all(|number| entries[number]["serviceId"].is_string()));
            return;
        }
        let count = sent.len();
        assert!(begun.elapsed() < PATIENCE, "{count} were sent, and some have no outcome: {entries:?}");
    }
}

/// Somebody else who writes the journal's database, for as long as this is there.
struct Lock {
    runtime: Runtime,
    connection: SqliteConnection,
}

impl Lock {
    fn take(database: &Path) -> Lock {
        let runtime = Builder::new_current_thread().enable_all().build().unwrap();
        let connection = runtime.block_on(async {
            let mut connection = SqliteConnection::connect(&format!("sqlite://{}", database.display())).await.unwrap();
            sqlx::raw_sql("BEGIN IMMEDIATE").execute(&mut connection).await.unwrap();
            connection
        });
        Lock { runtime, connection }
    }

    fn release(self) {
        self.runtime.block_on(self.connection.close()).unwrap();
    }
}

#[test]
fn an_outcome_that_cannot_be_written_is_given_with_a_mark_and_written_later() {
    let database: Arc<OnceLock<PathBuf>> = Arc::default();
    let lock: Arc<Mutex<Option<Lock>>> = Arc::default();
    let (path, held) = (database.clone(), lock.clone());
    let service = Service::answering(move |request| {
        let body: &[u8] = match request.starts_with("POST") {
            true => {
                // It has left, so the journal says "sent"; what comes of it finds no place there.
                *held.lock().unwrap() = Some(Lock::take(path.get().unwrap()));
                br#"{"requestId":"req-1"}"#
            }
            false => br#"{"requestId":"req-1","requestStatus":"Running"}"#,
        };
        vec![Service::reply("202 Accepted", "application/json", body)]
    });
    let howdah = Howdah::before(&service);
    database.set(howdah.database()).unwrap();
    let reply = howdah.ask(&change(1));
    assert_eq!((reply.status, String::from_utf8_lossy(&reply.body).as_ref()), (202, r#"{"requestId":"req-1"}"#));
    assert_eq!(reply.header("howdah-journal"), Some("pending"));
    assert_eq!(journalled(&howdah)[&1]["state"], "sent");
    lock.lock().unwrap().take().unwrap().release();
    let begun = Instant::now();
    while journalled(&howdah)[&1]["serviceId"] != "req-1" {
        assert!(begun.elapsed() < PATIENCE, "never written");
    }
    let again = howdah.ask(&change(1));
    assert_eq!((again.status, again.header("howdah-journal")), (202, None));
    assert_eq!(sent(&service), HashMap::from([(1, 1)]));
}
