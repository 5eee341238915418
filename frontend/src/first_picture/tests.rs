use howdah_shared::operation::Operation;
use howdah_shared::systems::yarn::ListApplications;
use howdah_shared::watch::{columns, lines};
use serde_json::{Value, json};

use super::*;

const PATH: &str = "/tools/connections/rm/applications";

/// What is drawn for a visitor with these languages and this query, of a list with these applications.
fn drawn(query: &str, languages: &[&str], applications: &[Value]) -> Drawn {
    let names = ListApplications::SPEC.tail.rows.unwrap().shown;
    let value = |row: &Value, name: &&str| row.get(*name).map(Value::to_string);
    let row = |row| {
        let values: Vec<_> = names.iter().map(|name| value(row, name)).collect();
        columns::write(values.iter().map(Option::as_deref))
    };
    let rows: Vec<String> = applications.iter().map(row).collect();
    let rows = lines::write("{\"apps\":{\"app\":[", rows.iter().map(String::as_str), "]}}").into_bytes();
    let me = json!({"principal": "kim", "session": true, "sandbox": false, "build": "b", "now": 1_000_000});
    let one = json!({
        "name": "rm", "system": "yarn", "title": "Analytics", "role": "operate", "url": "http://rm", "running": 0,
        "unsettled": 0,
    });
    let visit = Visit {
        base: "/tools/".to_owned(),
        path: PATH.to_owned(),
        query: query.to_owned(),
        languages: languages.iter().map(|word| (*word).to_owned()).collect(),
        now: 1_000_000.0,
        answers: vec![
            ("/tools/api/me".to_owned(), me.to_string()),
            ("/tools/api/connections".to_owned(), json!([one]).to_string()),
        ],
    };
    let picture = Picture { version: "0000000000000001.1".parse().unwrap(), is_complete: true, rows };
    draw(visit, begins_with("/tools", PATH).unwrap(), picture).unwrap()
}

fn application(number: u32, name: &str) -> Value {
    json!({
        "id": format!("application_1_{number:04}"), "name": name, "state": "RUNNING", "user": "kim",
        "startedTime": 1000 * number, "progress": 40.0,
    })
}

#[test]
fn the_page_is_drawn_as_the_console_would() {
    let Drawn { body, language } = drawn("", &["en"], &[application(1, "first"), application(2, "second")]);
    assert_eq!(language, "en");
    for said in ["<h1 tabindex=\"-1\">Applications", "2 in all", "Analytics", "href=\"/tools/connections/rm/nodes\""] {
        assert!(body.contains(said), "{said}: {body}");
    }
    // The newest first.
    assert!(body.find("second").unwrap() < body.find("first").unwrap(), "{body}");
    // The page's policy lets no text bring styles or scripts.
    assert!(!body.contains(" style=") && !body.contains("<script"), "{body}");
}

#[test]
fn it_is_in_the_viewer_s_language_and_as_the_address_says() {
    let applications = [application(1, "nightly"), application(2, "hourly")];
    let Drawn { body, language } = drawn("?q=night&cols=name,tags", &["fr", "ko-KR", "en"], &applications);
    assert_eq!(language, "ko");
    for (said, is) in [("nightly", true), ("hourly", false), ("애플리케이션", true), ("<code", false)] {
        assert_eq!(body.contains(said), is, "{said}: {body}");
    }
    assert_eq!(drawn("?lang=en", &["ko"], &applications).language, "en");
    assert!(!drawn("?embed", &["en"], &applications).body.contains("<nav"));
}

#[test]
fn what_a_service_says_is_never_markup() {
    let hostile = "</div><img src=x onerror=alert(1)>\"'&\u{202e}";
    let Drawn { body, .. } = drawn("", &["en"], &[application(1, hostile)]);
    assert!(!body.contains("<img") && body.contains("&lt;img src=x"), "{body}");
}

#[test]
fn an_empty_list_and_one_that_cannot_be_read_are_drawn_too() {
    assert!(drawn("", &["en"], &[]).body.contains("<h1"));
    let subject = begins_with("", "/connections/rm/applications").unwrap();
    let picture = Picture { version: "0000000000000001.1".parse().unwrap(), is_complete: false, rows: b"?".to_vec() };
    assert!(draw(Visit::default(), subject, picture).is_some());
}

#[test]
fn only_lists_that_a_page_begins_with_are_drawn() {
    let subject = begins_with("/tools", PATH).unwrap();
    assert_eq!((&*subject.connection, &*subject.path), ("rm", "/ws/v1/cluster/apps"));
    for elsewhere in ["/tools/connections/rm/nodes", "/connections/rm/applications", "/tools/", "/tools/x.js"] {
        assert_eq!(begins_with("/tools", elsewhere), None, "{elsewhere}");
    }
}
