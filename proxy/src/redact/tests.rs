//! Secrets in every form, at every place, cut at every border.

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, STANDARD_NO_PAD, URL_SAFE, URL_SAFE_NO_PAD};
use proptest::prelude::*;
use serde_json::Value;

use super::*;

fn redactor(secrets: &[&str]) -> Redactor {
    Redactor::new(secrets.iter().map(|value| Secret { value: (*value).into(), short: false }))
}

/// Through the stream in pieces of these lengths, again and again.
fn streamed(redactor: &Redactor, document: &[u8], lengths: &[usize]) -> Result<Vec<u8>, Broken> {
    let mut stream = redactor.stream();
    let mut out = Vec::new();
    let mut rest = document;
    for length in lengths.iter().cycle() {
        if rest.is_empty() {
            break;
        }
        let (piece, tail) = rest.split_at((*length).clamp(1, rest.len()));
        out.extend(stream.push(piece));
        rest = tail;
    }
    out.extend(stream.finish()?);
    Ok(out)
}

#[track_caller]
fn assert_json(secrets: &[&str], document: &str, expected: &str) {
    let redactor = redactor(secrets);
    assert_eq!(String::from_utf8_lossy(&redactor.json(document.as_bytes())), expected, "whole");
    for length in (1..40).chain([61, 64, 97, 1000]) {
        let out = streamed(&redactor, document.as_bytes(), &[length]);
        assert_eq!(out.as_deref().map(String::from_utf8_lossy), Ok(expected.into()), "in pieces of {length}");
    }
}

#[test]
fn plain_in_values_and_names() {
    assert_json(
        &["hunter2-hunter2"],
        r#"{"a":"x hunter2-hunter2 y","hunter2-hunter2":1}"#,
        r#"{"a":"x *** y","***":1}"#,
    );
}

#[test]
fn nothing_else_changes() {
    let document = r#" { "a" : [ 1.50e+3 , -0, true,null ], "b\/c":"\u00e9 100% \\ \" %41%4x","":"" } "#;
    assert_json(&["hunter2-hunter2", "AAAAAAAA"], document, document);
    let none = Redactor::new([]);
    assert_eq!(none.json(b"<not json>"), b"<not json>");
    assert_eq!(streamed(&none, document.as_bytes(), &[3]).as_deref(), Ok(document.as_bytes()));
}

#[test]
fn every_json_escape() {
    let secret = "pa\"s\\s/w\u{1F418}rd\té";
    let ways = [
        r#""pa\"s\\s/w🐘rd\té""#,
        r#""pa\"s\\s\/w\ud83d\udc18rd\t\u00e9""#,
        r#""\u0070\u0061\u0022\u0073\u005c\u0073\u002f\u0077\uD83D\uDC18\u0072\u0064\u0009\u00E9""#,
    ];
    for way in ways {
        assert_json(&[secret], &format!(r#"{{"k":{way},"n":17}}"#), r#"{"k":"***","n":17}"#);
    }
}

#[test]
fn json_within_a_json_string() {
    let inner = serde_json::json!({"key": "quo\"ted\\secret\u{1F418}"}).to_string();
    let outer = serde_json::json!({"message": inner, "n": 1}).to_string();
    assert_json(&["quo\"ted\\secret\u{1F418}"], &outer, r#"{"message":"{\"key\":\"***\"}","n":1}"#);
    let outermost = serde_json::json!([outer]).to_string();
    let expected = serde_json::json!([r#"{"message":"{\"key\":\"***\"}","n":1}"#]).to_string();
    assert_json(&["quo\"ted\\secret\u{1F418}"], &outermost, &expected);
    let text = format!("It said {outer}.");
    assert_eq!(
        redactor(&["quo\"ted\\secret\u{1F418}"]).text(&text),
        r#"It said {"message":"{\"key\":\"***\"}","n":1}."#
    );
}

#[test]
fn a_run_of_backslashes_is_read_in_one_way_wherever_it_is_cut() {
    let secret = "\nline\nsecret";
    for before in 0..80 {
        let text = format!("{}{}", r"\\".repeat(before * 3), r"\nline\nsecret");
        let document = serde_json::json!([text]).to_string();
        let expected = serde_json::json!([text.replace(r"\nline\nsecret", "***")]).to_string();
        assert_json(&[secret], &document, &expected);
    }
}

#[test]
fn an_escape_that_is_cut_in_two_stays_whole() {
    assert_json(&[r"abcdefg\u00"], r#"["abcdefg\u0041"]"#, r#"["***"]"#);
    assert_json(&["abcdefgA"], r#"["abcdefg\u0041"]"#, r#"["***"]"#);
}

#[test]
fn percent_encoded_in_whole_or_in_part() {
    let secret = "s3cret/with+é";
    for way in ["s3cret%2Fwith%2B%C3%A9", "s3cret%2fwith+%c3%a9", "%73%33%63%72%65%74%2f%77%69%74%68%2B%C3%A9"] {
        assert_json(&[secret], &format!(r#"["?k={way}&x"]"#), r#"["?k=***&x"]"#);
        assert_eq!(redactor(&[secret]).text(&format!("?k={way}&x")), "?k=***&x");
    }
    assert_json(&["pass phrase one"], r#"["pass+phrase+one","pass%20phrase%20one"]"#, r#"["***","***"]"#);
}

#[test]
fn hexadecimal_in_either_case() {
    assert_json(
        &["hunter2!"],
        r#"["68756E74657232 21","0x68756e7465723221","68756E74657232216"]"#,
        r#"["68756E74657232 21","0x***","***6"]"#,
    );
    assert_json(&["jjkkllmm"], r#"["6a6A6b6B6C6c6D6d"]"#, r#"["***"]"#);
}

#[test]
fn base64_at_each_alignment_and_within_basic() {
    let secret = "opens?sesame>~~";
    for user in ["", "u", "us", "use", "user"] {
        for after in ["", "!", "!!", "!!!"] {
            let plain = format!("{user}:{secret}{after}");
            for (engine, mark) in [(&STANDARD, "+/"), (&STANDARD_NO_PAD, "+/")]
                .map(|(e, m)| (e.encode(&plain), m))
                .into_iter()
                .chain([&URL_SAFE, &URL_SAFE_NO_PAD].map(|e| (e.encode(&plain), "-_")))
            {
                let out = redactor(&[secret]).text(&format!("Basic {engine}"));
                assert!(out.starts_with("Basic ") && out.contains("***") && out.len() < 24, "{out} {mark}");
            }
        }
    }
}

#[test]
fn overlapping_secrets_and_one_within_another() {
    let secrets = ["abcdefgh", "abcdefghij", "efghijkl"];
    assert_json(&secrets, r#"["abcdefghijkl","abcdefgh-","abcdefghi","xefghijkl"]"#, r#"["***","***-","***i","x***"]"#);
    assert_json(&["aaaaaaaa"], &format!(r#"["{}","b"]"#, "a".repeat(500)), r#"["***","b"]"#);
    assert_json(&["abcdefgh"], r#"["abcdefghabcdefgh"]"#, r#"["***"]"#);
    assert_json(&["0123abcdefgh4567", "abcdefgh"], r#"["0123abcdefgh4567"]"#, r#"["***"]"#);
}

#[test]
fn numbers_and_structure_are_never_touched() {
    let document = r#"{"n":1234567890,"s":"1234567890","a":[true,false,null],"x":"a","y":"b"}"#;
    let expected = r#"{"n":1234567890,"s":"***","a":[true,false,null],"x":"a","y":"b"}"#;
    assert_json(&["1234567890", "true,false", r#""a","y":"b"#, r#":"a","y""#], document, expected);
}

#[test]
fn short_ones_only_as_a_whole_string() {
    let document =
        r#"{"pin":"1234","x":"12345","1234":1234,"u":"\u0031234","h":"31323334","b":"MTIzNA==","p":"%31234"}"#;
    let expected = r#"{"pin":"***","x":"12345","***":1234,"u":"***","h":"***","b":"***","p":"***"}"#;
    assert_json(&["1234"], document, expected);
    assert_eq!(redactor(&["1234"]).text("1234"), "***");
    assert_eq!(redactor(&["1234"]).text("id 1234"), "id 1234");
    let marked = Redactor::new([Secret { value: "elephants".into(), short: true }]);
    assert_eq!(marked.json(br#"["elephants","elephants!"]"#), br#"["***","elephants!"]"#);
    assert_eq!(redactor(&[""]).json(br#"["",1]"#), br#"["",1]"#);
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

/// A form in which a secret is written into a string.
#[derive(Clone, Copy, Debug)]
enum Form {
    Plain,
    Percent,
    Hex,
    NestedJson,
    Base64 { before: usize, url: bool },
}

/// A part of a string.
#[derive(Clone, Debug)]
enum Part {
    Text(String),
    Secret(usize, Form),
}

#[derive(Clone, Debug)]
enum Node {
    Token(String),
    String(Vec<Part>),
    Array(Vec<Node>),
    Object(Vec<(Vec<Part>, Node)>),
}

/// Numbers that decide how things are written.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 = self.0.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
        (self.0 >> 33) as usize % sides
    }
}

/// Writes a JSON document in one of the many ways in which it can be written, and what must become of it.
struct Writer<'a> {
    secrets: &'a [String],
    dice: Dice,
    document: String,
    /// The strings' values with masks; none for one that holds base64, of which a few bits at the edges stay.
    strings: Vec<Option<String>>,
}

impl Writer<'_> {
    fn node(&mut self, node: &Node) {
        self.blank();
        match node {
            Node::Token(token) => self.document.push_str(token),
            Node::String(parts) => self.string(parts),
            Node::Array(nodes) => {
                self.document.push('[');
                for (index, node) in nodes.iter().enumerate() {
                    self.document.push_str(if index > 0 { "," } else { "" });
                    self.node(node);
                }
                self.document.push(']');
            }
            Node::Object(members) => {
                self.document.push('{');
                for (index, (name, node)) in members.iter().enumerate() {
                    self.document.push_str(if index > 0 { "," } else { "" });
                    self.blank();
                    self.string(name);
                    self.blank();
                    self.document.push(':');
                    self.node(node);
                }
                self.document.push('}');
            }
        }
        self.blank();
    }

    fn blank(&mut self) {
        self.document.push_str(["", "", "", " ", "\n", "\t "][self.dice.roll(6)]);
    }

    fn string(&mut self, parts: &[Part]) {
        self.document.push('"');
        let mut value = Some(String::new());
        let mut masked = false;
        for part in parts {
            match part {
                Part::Text(text) => {
                    self.escaped(text);
                    masked = masked && text.is_empty();
                    value.iter_mut().for_each(|value| value.push_str(text));
                }
                Part::Secret(index, form) => {
                    let secret = &self.secrets[index % self.secrets.len()];
                    let written = written(secret, *form, &mut self.dice);
                    self.escaped(&written);
                    match form {
                        Form::Base64 { .. } => value = None,
                        _ if masked => {}
                        _ => value.iter_mut().for_each(|value| value.push_str(MASK)),
                    }
                    masked = true;
                }
            }
        }
        self.document.push('"');
        self.strings.push(value);
    }

    /// Each character plainly where that is legal, or by one of its escapes.
    fn escaped(&mut self, text: &str) {
        for character in text.chars() {
            let must = matches!(character, '"' | '\\') || character < ' ';
            let roll = self.dice.roll(8);
            match character {
                _ if roll > 1 && !must => self.document.push(character),
                '"' | '\\' | '/' if roll != 0 => self.document.extend(['\\', character]),
                '\n' if roll != 0 => self.document.push_str("\\n"),
                _ => {
                    for unit in character.encode_utf16(&mut [0; 2]) {
                        let lower = self.dice.roll(2) == 0;
                        let escape = if lower { format!("\\u{unit:04x}") } else { format!("\\u{unit:04X}") };
                        self.document.push_str(&escape);
                    }
                }
            }
        }
    }
}

fn written(secret: &str, form: Form, dice: &mut Dice) -> String {
    match form {
        Form::Plain => secret.to_owned(),
        Form::Percent => percent(secret, dice),
        Form::Hex => {
            let digit = |byte: u8, dice: &mut Dice| match dice.roll(2) {
                0 => format!("{byte:02x}"),
                _ => format!("{byte:02X}"),
            };
            secret.bytes().map(|byte| digit(byte, dice)).collect()
        }
        Form::NestedJson => {
            let mut writer = Writer { secrets: &[], dice: Dice(dice.0), document: String::new(), strings: Vec::new() };
            writer.escaped(secret);
            writer.document
        }
        Form::Base64 { before, url } => {
            let plain = [&b"user:"[..before], secret.as_bytes()].concat();
            if url { URL_SAFE_NO_PAD.encode(plain) } else { STANDARD.encode(plain) }
        }
    }
}

/// Each byte by itself where that reads the same, or as an escape.
fn percent(secret: &str, dice: &mut Dice) -> String {
    let mut out = String::new();
    for character in secret.chars() {
        if character != '%' && dice.roll(2) == 0 {
            out.push(character);
            continue;
        }
        for byte in character.to_string().bytes() {
            out.push_str(&if dice.roll(2) == 0 { format!("%{byte:02x}") } else { format!("%{byte:02X}") });
        }
    }
    out
}

fn parts() -> impl Strategy<Value = Vec<Part>> {
    let form = prop_oneof![
        Just(Form::Plain),
        Just(Form::Percent),
        Just(Form::Hex),
        Just(Form::NestedJson),
        (0..4usize, any::<bool>()).prop_map(|(before, url)| Form::Base64 { before, url }),
    ];
    // Nothing here may stand in a secret or before one as a part of its form.
    let part = prop_oneof![
        "[ .;<>{}:,가나🐘\"\n]{0,12}".prop_map(Part::Text),
        (any::<usize>(), form).prop_map(|(index, form)| Part::Secret(index, form)),
    ];
    proptest::collection::vec(part, 0..5)
}

fn document() -> impl Strategy<Value = Node> {
    let token = prop_oneof!["-?(0|[1-9][0-9]{0,12})(\\.[0-9]{1,6})?([eE][+-]?[0-9]{1,2})?", "true|false|null"];
    let leaf = prop_oneof![token.prop_map(Node::Token), parts().prop_map(Node::String)];
    leaf.prop_recursive(4, 40, 6, |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..6).prop_map(Node::Array),
            proptest::collection::vec((parts(), inner), 0..6).prop_map(Node::Object),
        ]
    })
}

/// None ends in what would be the beginning of an escape for the text behind it.
fn secrets() -> impl Strategy<Value = Vec<String>> {
    let secret =
        prop_oneof!["[a-zA-Z0-9]{8,24}", "[0-9]{8,12}", "[a-zA-Z0-9/+=_%é🐙'\t\\-]{6,22}[g-z]{2}", "[ab]{8,10}"];
    // Some begin as others do, or end where others go on.
    (proptest::collection::vec(secret, 1..5), any::<bool>()).prop_map(|(mut secrets, related)| {
        if related {
            let longer = format!("{}-more", secrets[0]);
            let later = format!("{}yz", secrets[0].chars().skip(2).collect::<String>());
            secrets.extend([longer, later]);
        }
        secrets
    })
}

/// What stands in a document outside of its strings, and the values of these.
fn taken_apart(document: &[u8]) -> (Vec<u8>, Vec<String>) {
    let (mut outside, mut strings) = (Vec::new(), Vec::new());
    let mut at = 0;
    while at < document.len() {
        if document[at] != b'"' {
            outside.push(document[at]);
            at += 1;
            continue;
        }
        let mut values = serde_json::Deserializer::from_slice(&document[at..]).into_iter::<String>();
        strings.push(values.next().unwrap().unwrap());
        at += values.byte_offset();
        outside.extend(b"\"\"");
    }
    (outside, strings)
}

/// Looks for a secret in all that a text can be decoded to, in other ways than the code under test.
fn gives_away(text: &str, secret: &str) -> bool {
    let mut readings = vec![text.as_bytes().to_vec(), percent_encoding::percent_decode_str(text).collect()];
    if let Ok(nested) = serde_json::from_str::<String>(&format!("\"{text}\"")) {
        readings.push(nested.into_bytes());
    }
    let standard: String = text
        .chars()
        .map(|c| {
            if c == '-' {
                '+'
            } else if c == '_' {
                '/'
            } else {
                c
            }
        })
        .collect();
    for run in standard.split(|c: char| !c.is_ascii_alphanumeric() && c != '+' && c != '/') {
        for skip in 0..run.len().min(4) {
            let whole = (run.len() - skip) / 4 * 4;
            readings.extend(STANDARD.decode(&run[skip..skip + whole]).ok());
            let most = (run.len() - skip) - usize::from((run.len() - skip) % 4 == 1);
            let lenient = base64::engine::GeneralPurpose::new(
                &base64::alphabet::STANDARD,
                base64::engine::GeneralPurposeConfig::new()
                    .with_decode_allow_trailing_bits(true)
                    .with_decode_padding_mode(base64::engine::DecodePaddingMode::Indifferent),
            );
            readings.extend(lenient.decode(&run[skip..skip + most]).ok());
        }
    }
    let lower = text.to_ascii_lowercase();
    let digits: String = secret.bytes().map(|byte| format!("{byte:02x}")).collect();
    lower.contains(&digits)
        || readings.iter().any(|reading| reading.windows(secret.len()).any(|part| part == secret.as_bytes()))
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(256) })]

    #[test]
    fn no_form_of_a_secret_comes_through(
        secrets in secrets(),
        document in document(),
        seed in any::<u64>(),
        lengths in proptest::collection::vec(1usize..90, 1..20),
    ) {
        let mut writer =
            Writer { secrets: &secrets, dice: Dice(seed), document: String::new(), strings: Vec::new() };
        writer.node(&document);
        let (document, expected) = (writer.document, writer.strings);
        let names: Vec<&str> = secrets.iter().map(String::as_str).collect();
        let redactor = redactor(&names);

        let out = redactor.json(document.as_bytes());
        prop_assert!(serde_json::from_slice::<Value>(&out).is_ok(), "no JSON: {}", String::from_utf8_lossy(&out));
        let (outside_before, _) = taken_apart(document.as_bytes());
        let (outside, strings) = taken_apart(&out);
        prop_assert_eq!(String::from_utf8_lossy(&outside), String::from_utf8_lossy(&outside_before));
        for (string, expected) in strings.iter().zip(&expected) {
            if let Some(expected) = expected {
                prop_assert_eq!(string, expected);
            }
            for secret in &secrets {
                prop_assert!(!gives_away(string, secret), "{} in {}", secret, string);
            }
        }
        prop_assert_eq!(strings.len(), expected.len());

        for lengths in [&lengths[..], &[1], &[65536]] {
            let pieces = streamed(&redactor, document.as_bytes(), lengths);
            prop_assert_eq!(
                pieces.as_deref().map(String::from_utf8_lossy),
                Ok(String::from_utf8_lossy(&out)),
                "in pieces of {:?}", lengths
            );
        }
    }

    #[test]
    fn a_text_gives_no_form_away(secrets in secrets(), parts in parts(), seed in any::<u64>()) {
        let mut dice = Dice(seed);
        let text: String = parts.iter().map(|part| match part {
            Part::Text(text) => text.clone(),
            Part::Secret(index, form) => written(&secrets[index % secrets.len()], *form, &mut dice),
        }).collect();
        let names: Vec<&str> = secrets.iter().map(String::as_str).collect();
        let out = redactor(&names).text(&text);
        for secret in &secrets {
            prop_assert!(!gives_away(&out, secret), "{} in {}", secret, out);
        }
    }

    #[test]
    fn any_bytes_go_through_without_a_fault(
        bytes in proptest::collection::vec(prop_oneof![any::<u8>(), proptest::sample::select(&b"\"\\u%{},09aAdD8"[..])], 0..400),
        lengths in proptest::collection::vec(1usize..30, 1..8),
    ) {
        let redactor = redactor(&["hunter2-hunter2", "12345678"]);
        let out = redactor.json(&bytes);
        prop_assert_eq!(&out, &bytes);
        if let Ok(out) = streamed(&redactor, &bytes, &lengths) {
            prop_assert_eq!(out, bytes);
        }
    }
}
