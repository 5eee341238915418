//! Secrets in every form, at every place, cut at every border.

mod documents;
mod forms;
mod properties;
mod writing;

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
