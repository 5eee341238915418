//! Documents that stay what they are, and such as are none.

use super::*;

#[test]
fn nothing_else_changes() {
    let document = r#" { "a" : [ 1.50e+3 , -0, true,null ], "b\/c":"\u00e9 100% \\ \" %41%4x","":"" } "#;
    assert_json(&["hunter2-hunter2", "AAAAAAAA"], document, document);
    let none = Redactor::new([]);
    assert_eq!(none.json(b"<not json>"), b"<not json>");
    assert_eq!(streamed(&none, document.as_bytes(), &[3]).as_deref(), Ok(document.as_bytes()));
}

#[test]
fn numbers_and_structure_are_never_touched() {
    let document = r#"{"n":1234567890,"s":"1234567890","a":[true,false,null],"x":"a","y":"b"}"#;
    let expected = r#"{"n":1234567890,"s":"***","a":[true,false,null],"x":"a","y":"b"}"#;
    assert_json(&["1234567890", "true,false", r#""a","y":"b"#, r#":"a","y""#], document, expected);
}

#[test]
fn what_is_not_json_is_text() {
    let redactor = redactor(&["hunter2-hunter2"]);
    assert_eq!(redactor.json(b"Bad key hunter2-hunter2\xff."), b"Bad key ***\xff.");
    assert_eq!(redactor.json(br#"{"k":"hunter2\u002dhunter2","#), br#"{"k":"***","#);
    assert_eq!(redactor.json(b"{key: hunter2-hunter2}"), b"{key: ***}");
}

#[test]
fn a_document_that_breaks_gives_no_secret_away() {
    let secrets = ["hunter2-hunter2", "quo\"ted-secret", "back\\nslash"];
    let cases: [(&str, Broken); 5] = [
        (r#"{"a":hunter2-hunter2}"#, Broken::NotJson),
        (r#"{"a":hunter2\u002dhunter2}"#, Broken::NotJson),
        (r#"{"a":%68unter2-hunter2}"#, Broken::NotJson),
        (r#"{"a":"x","b":"hunter2-hun"#, Broken::Unfinished),
        (r#"{"a":"x","b":"hunter2-hunter2"#, Broken::Unfinished),
    ];
    for (document, broken) in cases {
        for length in [1, 2, 3, 8, 100] {
            let mut stream = redactor(&secrets).stream();
            let mut out = Vec::new();
            for piece in document.as_bytes().chunks(length) {
                out.extend(stream.push(piece));
            }
            assert!(!String::from_utf8_lossy(&out).contains("unter2"), "{}", String::from_utf8_lossy(&out));
            assert_eq!(stream.finish(), Err(broken), "{document} in pieces of {length}");
        }
    }
    let unescaped = streamed(&redactor(&secrets), br#"{"a":"bad key quo"ted-secret"}"#, &[100]);
    assert_eq!(unescaped, Err(Broken::NotJson));
    assert_json(&secrets, r#"["x back\nslash y"]"#, r#"["x *** y"]"#);
}

#[test]
fn memory_is_bounded_whatever_the_length_of_a_string() {
    let redactor = redactor(&["hunter2-hunter2"]);
    for filler in ["x", "\\n", "\\u0041", "\\\\", "%41", "\\u005cu0041"] {
        let mut stream = redactor.stream();
        let (mut given, mut taken) = (stream.push(b"[\"").len(), 2);
        let piece = filler.repeat(1000);
        for _ in 0..300 {
            given += stream.push(piece.as_bytes()).len();
            taken += piece.len();
            assert!(taken - given < 32 * 1024, "{} bytes of {filler} are held", taken - given);
        }
        given += stream.push(b"\"]").len();
        assert_eq!(given + stream.finish().unwrap().len(), taken + 2);
    }
}

#[test]
fn how_json_begins() {
    for yes in ["{", " \r\n[", "\"", "-1", "0", "true", "null"] {
        assert!(begins_as_json(yes.as_bytes()), "{yes}");
    }
    for no in ["", "  ", "<html>", "Not found", "\u{feff}{", "'", "+1"] {
        assert!(!begins_as_json(no.as_bytes()), "{no}");
    }
}

#[test]
fn it_does_not_show_its_secrets() {
    let secret = Secret { value: "hunter2-hunter2".into(), short: false };
    let shown =
        format!("{secret:?} {:?} {:?}", redactor(&["hunter2-hunter2"]), redactor(&["hunter2-hunter2"]).stream());
    assert!(!shown.contains("hunter2"), "{shown}");
}
