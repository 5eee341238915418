//! `howdah requests`: the journal is read and copied while Howdah runs, and a copy is put in its place while it does not.

use serde_json::Value;

use super::support::{Howdah, KEY, SECRET, Service};

fn change(howdah: &Howdah, workers: u32) {
    let body = format!(r#"{{"instanceSpecs":[{{"type":"WORKER","nodeCnt":{workers}}}]}}"#);
    let reply = howdah.ask(&format!(
        "POST /api/connections/eco/v2/hadoop-eco/clusters/c1 HTTP/1.1\r\nHost: {{host}}\r\n\
         Authorization: Bearer {{token}}\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    ));
    assert_eq!(reply.status, 200);
}

fn service() -> Service {
    Service::answering(|request| {
        let body = if request.starts_with("POST") {
            r#"{"clusterId":"c1","requestId":"req-1"}"#
        } else {
            r#"{"requestId":"req-1","requestStatus":"Running","requestResult":null}"#
        };
        vec![Service::reply("200 OK", "application/json", body.as_bytes())]
    })
}

fn told(howdah: &Howdah, arguments: &[&str]) -> String {
    let output = howdah.command(arguments);
    assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

fn refused(howdah: &Howdah, arguments: &[&str], words: &str) {
    let output = howdah.command(arguments);
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(!output.status.success() && said.contains(words), "{arguments:?}: {said}");
    assert!(output.stdout.is_empty());
}

#[test]
fn requests_are_listed_exported_copied_and_brought_back() {
    let service = service();
    let mut howdah = Howdah::before(&service);
    assert_eq!(told(&howdah, &["requests", "list"]), "");
    change(&howdah, 3);

    let listed = told(&howdah, &["requests", "list"]);
    assert_eq!(listed.lines().count(), 1, "{listed}");
    for word in ["StartRework", "eco c1", "attacker", " GMT"] {
        assert!(listed.contains(word), "{word}: {listed}");
    }
    for none in [&["--connection", "rm"][..], &["--target", "c2"], &["--state", "failed"], &["--principal", "mina"]] {
        assert_eq!(told(&howdah, &[&["requests", "list"], none].concat()), "", "{none:?}");
    }
    assert_eq!(told(&howdah, &["requests", "list", "--days", "1", "--connection", "eco"]).lines().count(), 1);
    refused(&howdah, &["requests", "list", "--state", "gone"], "there are intended, sent, accepted");

    let exported = told(&howdah, &["requests", "export"]);
    let request: Value = serde_json::from_str(exported.trim_end()).unwrap();
    assert_eq!(request["body"]["instanceSpecs"][0]["nodeCnt"], 3);
    assert!(request["events"].as_array().is_some_and(|events| events.len() >= 2), "{request}");
    assert!(!exported.contains(SECRET) && !exported.contains(KEY));

    let copy = howdah.database().with_file_name("copy.db");
    let copy = copy.to_str().unwrap();
    assert_eq!(told(&howdah, &["requests", "backup", copy]), "");
    refused(&howdah, &["requests", "backup", copy], "copy.db");
    refused(&howdah, &["requests", "restore", copy], "in use by another process");
    change(&howdah, 4);
    assert_eq!(told(&howdah, &["requests", "list"]).lines().count(), 2);

    howdah.kill();
    refused(&howdah, &["requests", "restore", howdah.database().with_file_name("token").to_str().unwrap()], "token");
    assert_eq!(told(&howdah, &["requests", "list"]).lines().count(), 2);
    told(&howdah, &["requests", "restore", copy]);
    howdah.start_again();
    let reply = howdah.ask("GET /api/requests HTTP/1.1\r\nHost: {host}\r\nAuthorization: Bearer {token}\r\n\r\n");
    let page: Value = serde_json::from_slice(&reply.body).unwrap();
    let ids: Vec<&Value> = page["requests"].as_array().unwrap().iter().map(|request| &request["id"]).collect();
    assert_eq!(ids, [&request["id"]], "{page}");
}
