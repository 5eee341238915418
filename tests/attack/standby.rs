//! Several ResourceManagers, of which one is active: Howdah finds it by asking them, goes nowhere else, and sends no
//! change a second time because of it.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use serde_json::Value;

use super::support::{Howdah, Reply, Service};

const INFO: &str = "/api/connections/rm/ws/v1/cluster/info";
const METRICS: &str = "/api/connections/rm/ws/v1/cluster/metrics";
const LIST: &str = "/api/connections/rm/ws/v1/cluster/apps";
const HEALTH: &str = "/api/health/rm";

fn get(path: &str) -> String {
    format!("GET {path} HTTP/1.1\r\nHost: {{host}}\r\nAuthorization: Bearer {{token}}\r\n\r\n")
}

/// How a server on standby turns everything away but questions about itself.
#[derive(Clone, Copy)]
enum Standby {
    /// Sends to the active one, here to a place that must never be asked.
    Redirects,
    /// Knows no active one, and says so with a redirect to nowhere.
    Lost,
    /// Knows no active one, and says so with a status of 200.
    LostWell,
}

fn turned_away(how: Standby, elsewhere: &str) -> Vec<u8> {
    let text = |status: &str, more: &str, body: &str| {
        let length = body.len();
        format!("HTTP/1.1 {status}\r\nContent-Type: text/plain\r\n{more}Content-Length: {length}\r\n\r\n{body}")
            .into_bytes()
    };
    match how {
        Standby::Redirects => text(
            "307 Temporary Redirect",
            &format!("Location: http://{elsewhere}/ws/v1/cluster/apps?user.name=howdah\r\n"),
            &format!("This is standby RM. The redirect url is: http://{elsewhere}/ws/v1/cluster/apps\n"),
        ),
        Standby::Lost => text(
            "307 Temporary Redirect",
            &format!("Refresh: 3; url=http://{elsewhere}/\r\n"),
            "Can not find any active RM. Will retry in next 3 seconds.\nHA Zookeeper Connection State: CONNECTED\n",
        ),
        Standby::LostWell => {
            text("200 OK", "", "There is no active RM right now.\nHA Zookeeper Connection State: CONNECTED\n")
        }
    }
}

/// A pair of servers, of which the one with that place is active; none where there is none.
struct Pair {
    servers: [Service; 2],
    active: Arc<AtomicUsize>,
    elsewhere: Service,
}

impl Pair {
    fn with(how: Standby) -> Pair {
        let active = Arc::new(AtomicUsize::new(0));
        let elsewhere = Service::plain();
        let servers = [0, 1].map(|number| {
            let (active, elsewhere) = (active.clone(), elsewhere.address().to_string());
            Service::answering(move |request| {
                let is_active = active.load(Ordering::SeqCst) == number;
                let json = |body: &str| vec![Service::reply("200 OK", "application/json", body.as_bytes())];
                if request.starts_with("GET /below/ws/v1/cluster/info") {
                    let state = if is_active { "ACTIVE" } else { "STANDBY" };
                    return json(&format!(
                        r#"{{"clusterInfo":{{"id":17{number},"startedOn":17{number},"haState":"{state}"}}}}"#
                    ));
                }
                match is_active {
                    true => json(&format!(r#"{{"apps":null,"clusterMetrics":{{"appsSubmitted":{number}}}}}"#)),
                    false => vec![turned_away(how, &elsewhere)],
                }
            })
        });
        Pair { servers, active, elsewhere }
    }

    fn howdah(&self) -> Howdah {
        let mut howdah = Howdah::before(&self.servers[0]);
        let other = format!("/below\"\nstandby_urls = [\"http://{}/below\"]", self.servers[1].address());
        howdah.start_with(|text| text.replacen("/below\"", &other, 1));
        howdah
    }

    fn make_active(&self, number: usize) {
        self.active.store(number, Ordering::SeqCst);
    }

    /// How many kills a server was sent.
    fn killed(&self, number: usize) -> usize {
        self.servers[number].received().iter().filter(|request| request.starts_with("PUT")).count()
    }

    /// What a server was asked, but for what it is.
    fn asked(&self, number: usize) -> usize {
        let asked = self.servers[number].received();
        asked.iter().filter(|request| !request.starts_with("GET /below/ws/v1/cluster/info")).count()
    }
}

impl Drop for Pair {
    fn drop(&mut self) {
        if !std::thread::panicking() {
            assert_eq!(self.elsewhere.received(), Vec::<String>::new(), "a standby's redirect was followed");
        }
    }
}

fn json(reply: &Reply) -> Value {
    assert_eq!(reply.status, 200, "{}", String::from_utf8_lossy(&reply.body));
    serde_json::from_slice(&reply.body).unwrap()
}

#[test]
fn reads_go_to_the_active_one_however_it_changes() {
    for how in [Standby::Redirects, Standby::Lost, Standby::LostWell] {
        let pair = Pair::with(how);
        pair.make_active(1);
        let howdah = pair.howdah();
        for active in [1, 0, 1] {
            pair.make_active(active);
            assert_eq!(json(&howdah.ask(&get(METRICS)))["clusterMetrics"]["appsSubmitted"], active);
            assert_eq!(json(&howdah.ask(&get(LIST)))["clusterMetrics"]["appsSubmitted"], active, "a list");
            assert_eq!(json(&howdah.ask(&get(INFO)))["clusterInfo"]["haState"], "ACTIVE");
        }
        pair.make_active(0);
        assert_eq!(json(&howdah.ask(&get(INFO)))["clusterInfo"]["id"], 170, "also where each answers by itself");
    }
}

#[test]
fn while_none_is_active_that_is_said_and_the_next_to_be_is_found() {
    let pair = Pair::with(Standby::Redirects);
    let howdah = pair.howdah();
    assert_eq!(howdah.ask(&get(METRICS)).status, 200);
    pair.make_active(2);
    for path in [METRICS, LIST, INFO] {
        let reply = howdah.ask(&get(path));
        assert_eq!((reply.status, reply.code().as_deref()), (503, Some("upstream_standby")), "{path}");
        assert!(reply.header("retry-after").is_some());
        assert_eq!(reply.header("location"), None);
    }
    pair.make_active(1);
    while howdah.ask(&get(METRICS)).status != 200 {
        std::thread::yield_now();
    }
    let page = howdah.command(&["check"]);
    let page = String::from_utf8_lossy(&page.stdout).into_owned();
    let active = pair.servers[1].address().to_string();
    assert!(page.contains("rm: reachable, ") && page.contains(&format!("{active} is active")), "{page}");
}

#[test]
fn a_server_that_is_gone_is_left_for_the_other() {
    let pair = Pair::with(Standby::Redirects);
    pair.make_active(1);
    let mut howdah = pair.howdah();
    // Nobody listens there any more.
    let gone = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    howdah.start_with(|text| text.replacen(&pair.servers[0].address().to_string(), &gone.to_string(), 1));
    assert_eq!(json(&howdah.ask(&get(METRICS)))["clusterMetrics"]["appsSubmitted"], 1);
    pair.make_active(2);
    assert_eq!(howdah.ask(&get(METRICS)).code().as_deref(), Some("upstream_standby"));
}

#[test]
fn the_health_names_the_active_one() {
    let pair = Pair::with(Standby::Redirects);
    pair.make_active(1);
    let howdah = pair.howdah();
    let health = json(&howdah.ask(&get(HEALTH)));
    assert_eq!(health["server"], pair.servers[1].address().to_string());
    let listed = json(&howdah.ask(&get("/api/connections")));
    let rm = listed.as_array().unwrap().iter().find(|one| one["name"] == "rm").unwrap();
    assert_eq!(rm["url"], format!("http://{}/below", pair.servers[1].address()));
}

#[test]
fn who_watches_sees_the_other_one_s_list() {
    let pair = Pair::with(Standby::Redirects);
    let howdah = pair.howdah();
    let mut wire = howdah.wire();
    let watch = get(METRICS).replace("\r\n\r\n", "\r\nAccept: text/event-stream\r\n\r\n");
    wire.send(howdah.fill(&watch).as_bytes());
    wire.until(r#""appsSubmitted":0"#);
    pair.make_active(1);
    wire.until(r#""appsSubmitted":1"#);
}

#[test]
fn a_single_one_on_standby_tells_what_it_is_and_nothing_else() {
    let pair = Pair::with(Standby::Redirects);
    pair.make_active(1);
    let howdah = Howdah::before(&pair.servers[0]);
    assert_eq!(json(&howdah.ask(&get(INFO)))["clusterInfo"]["haState"], "STANDBY");
    let reply = howdah.ask(&get(METRICS));
    assert_eq!((reply.status, reply.code().as_deref()), (503, Some("upstream_standby")));
    assert!(String::from_utf8_lossy(&reply.body).contains("standby_urls"));
    assert_eq!(pair.asked(1), 0);
}

#[test]
fn what_only_sounds_like_a_standby_is_none() {
    let service = Service::answering(|_| {
        let body = br#"{"RemoteException":{"exception":"ForbiddenException","message":"This is standby RM."}}"#;
        vec![Service::reply("403 Forbidden", "application/json", body)]
    });
    let howdah = Howdah::before(&service);
    let reply = howdah.ask(&get(METRICS));
    assert_eq!(reply.status, 403);
    let redirecting = Service::answering(|_| {
        vec![
            b"HTTP/1.1 307 Temporary Redirect\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 9\r\n\r\nelsewhere"
                .to_vec(),
        ]
    });
    let howdah = Howdah::before(&redirecting);
    assert_eq!(howdah.ask(&get(METRICS)).code().as_deref(), Some("upstream_redirected"));
}

#[test]
fn a_change_that_meets_a_standby_is_not_sent_again_and_the_next_goes_to_the_active_one() {
    let kill = |howdah: &Howdah| {
        let body = r#"{"state":"KILLED"}"#;
        howdah.ask(&format!(
            "PUT /api/connections/rm/ws/v1/cluster/apps/application_1_0001/state HTTP/1.1\r\nHost: {{host}}\r\n\
             Authorization: Bearer {{token}}\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
            body.len()
        ))
    };
    for how in [Standby::Redirects, Standby::Lost, Standby::LostWell] {
        let pair = Pair::with(how);
        let howdah = pair.howdah();
        // Known by a read: a kill that was taken would be followed, and whoever follows it looks for the active one too.
        assert_eq!(howdah.ask(&get(METRICS)).status, 200);
        pair.make_active(1);
        let refused = kill(&howdah);
        assert_eq!((refused.status, refused.code().as_deref()), (503, Some("upstream_standby")));
        assert_eq!((pair.killed(0), pair.killed(1)), (1, 0), "once to the first, and not to the other");
        let requests = json(&howdah.ask(&get("/api/requests")));
        assert_eq!(
            (&requests["requests"][0]["state"], &requests["requests"][0]["code"]),
            (&"refused".into(), &"upstream_standby".into())
        );
        assert_eq!(kill(&howdah).status, 200);
        assert_eq!(pair.killed(1), 1);
    }
}
