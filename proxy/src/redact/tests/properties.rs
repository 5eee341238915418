//! What holds for any document, any secret and any cut.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use proptest::prelude::*;
use serde_json::Value;

use super::writing::{Dice, Part, Writer, document, parts, referenced, secrets, written};
use super::*;

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

/// A page as it reads, resolved in another way than the code under test does.
fn without_references(page: &str) -> String {
    let mut read = String::new();
    for (index, part) in page.split('&').enumerate() {
        let whole = part.split_once(';').filter(|_| index > 0).and_then(|(name, rest)| {
            let character = match name.strip_prefix('#') {
                Some(number) => {
                    let hex = number.strip_prefix(['x', 'X']).map(|digits| u32::from_str_radix(digits, 16));
                    char::from_u32(hex.unwrap_or_else(|| number.parse()).ok()?)?
                }
                None => {
                    let names = [("amp", '&'), ("lt", '<'), ("gt", '>'), ("quot", '"'), ("apos", '\'')];
                    names.into_iter().find(|(known, _)| *known == name)?.1
                }
            };
            Some(format!("{character}{rest}"))
        });
        read.push_str(if index > 0 && whole.is_none() { "&" } else { "" });
        read.push_str(whole.as_deref().unwrap_or(part));
    }
    read
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
    fn a_page_gives_no_form_away(secrets in secrets(), parts in parts(), seed in any::<u64>()) {
        let mut dice = Dice(seed);
        let page: String = parts.iter().map(|part| match part {
            Part::Text(text) => text.clone(),
            Part::Secret(index, form) => {
                let written = written(&secrets[index % secrets.len()], *form, &mut dice);
                referenced(&written, &mut dice)
            }
        }).collect();
        let names: Vec<&str> = secrets.iter().map(String::as_str).collect();
        let out = without_references(&redactor(&names).text(&page));
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
