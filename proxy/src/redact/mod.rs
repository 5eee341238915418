//! No key in any reply: takes the secrets of a connection out of what its service says, in whatever form they come.
//!
//! A secret is looked for as it is, escaped as in JSON (also JSON within a JSON string), percent-encoded in whole or
//! in part, in hexadecimal digits of either case, and in base64 and base64url at each of the three alignments, which
//! finds it within Basic credentials too; in what is not JSON also with HTML's character references. In JSON it is looked for within strings and member names, after their
//! escapes are resolved, so that a number or the structure is never touched and the result is still JSON. In any
//! other text it is looked for everywhere.
//!
//! A secret shorter than [`SHORTEST`] bytes would be found by chance: it is looked for only as a whole string.

mod needles;
mod stream;
#[cfg(test)]
mod tests;
mod view;

use std::fmt;
use std::ops::Range;
use std::sync::Arc;

use howdah_shared::mask::MASK;
use memchr::memchr3;
use secrecy::{ExposeSecret, SecretString};
use serde::de::IgnoredAny;

use needles::Needles;
pub use needles::SHORTEST;
pub use stream::{Broken, JsonStream, begins_as_json};
use view::View;

/// How deep JSON within a JSON string within another is looked into.
const NESTED: usize = 3;

/// A secret to be taken out.
#[derive(Clone, Debug)]
pub struct Secret {
    /// The secret itself.
    pub value: SecretString,
    /// It is looked for only as a whole string. So is any that is shorter than [`SHORTEST`] bytes.
    pub short: bool,
}

/// Takes a set of secrets out of texts. Cheap to clone.
#[derive(Clone)]
pub struct Redactor {
    needles: Arc<Needles>,
}

impl fmt::Debug for Redactor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Redactor").finish_non_exhaustive()
    }
}

impl Redactor {
    /// A redactor for these secrets; without any, everything passes unchanged.
    pub fn new(secrets: impl IntoIterator<Item = Secret>) -> Redactor {
        let secrets: Vec<Secret> = secrets.into_iter().collect();
        Redactor {
            needles: Arc::new(Needles::new(secrets.iter().map(|secret| (secret.value.expose_secret(), secret.short)))),
        }
    }

    /// A text that is not known to be JSON, such as a header's value or an error's words.
    pub fn text(&self, text: &str) -> String {
        if self.is_clean(text.as_bytes()) {
            return text.to_owned();
        }
        // Whole characters are taken out, so nothing is lost here.
        String::from_utf8_lossy(&self.bytes(text.as_bytes())).into_owned()
    }

    /// A whole JSON document; what is not one is treated as text.
    pub fn json(&self, body: &[u8]) -> Vec<u8> {
        if self.is_clean(body) {
            return body.to_vec();
        }
        if serde_json::from_slice::<IgnoredAny>(body).is_ok() {
            let mut stream = self.stream();
            let mut out = stream.push(body);
            if let Ok(rest) = stream.finish() {
                out.extend(rest);
                return out;
            }
        }
        self.bytes(body)
    }

    /// A JSON document that comes in pieces.
    pub fn stream(&self) -> JsonStream {
        JsonStream::new(self.clone())
    }

    /// Whether a text can be seen to hold no secret without being read in any way: no form of one stands in it, and
    /// nothing of which another reading could be made. Most texts are so.
    fn is_clean(&self, text: &[u8]) -> bool {
        let needles = &self.needles;
        needles.is_empty()
            || (memchr3(b'\\', b'%', b'&', text).is_none()
                && needles.find(text).is_empty()
                && needles.find_quoted(text).is_empty()
                && !needles.is_whole(text.trim_ascii()))
    }

    /// Any text.
    fn bytes(&self, text: &[u8]) -> Vec<u8> {
        if self.needles.is_whole(text.trim_ascii()) {
            return MASK.as_bytes().to_vec();
        }
        let views = Views::of_text(text);
        let mut out = Vec::with_capacity(text.len());
        let mut at = 0;
        for hidden in merged(views.find(&self.needles)) {
            out.extend_from_slice(&text[at..hidden.start]);
            out.extend_from_slice(MASK.as_bytes());
            at = hidden.end;
        }
        out.extend_from_slice(&text[at..]);
        out
    }
}

/// A text in all the ways in which it may be read. The first is the text itself where it is not a JSON string, else
/// the string's value; the last is the most decoded one.
struct Views<'a> {
    readings: Vec<View<'a>>,
    /// The text as it is, if the string has escapes: a service that escapes nothing gives a secret's backslash so.
    raw: Option<&'a [u8]>,
}

impl<'a> Views<'a> {
    fn of_text(text: &'a [u8]) -> Views<'a> {
        let plain = View::plain(text);
        let html = plain.references_resolved();
        let mut views = Views::of(plain, None);
        views.readings.extend(html.map(|html| Views::of(html, None).readings).into_iter().flatten());
        views
    }

    /// Of what stands between a JSON string's quotation marks.
    fn of_string(content: &'a [u8]) -> Views<'a> {
        let plain = View::plain(content);
        match plain.unescaped() {
            Some(value) => Views::of(value, Some(content)),
            None => Views::of(plain, None),
        }
    }

    fn of(value: View<'a>, raw: Option<&'a [u8]>) -> Views<'a> {
        let mut nested = vec![value];
        while nested.len() <= NESTED
            && let Some(inner) = nested.last().and_then(View::unescaped)
        {
            nested.push(inner);
        }
        let percent: Vec<View<'a>> = nested.iter().filter_map(View::percent_decoded).collect();
        nested.extend(percent);
        Views { readings: nested, raw }
    }

    /// Where in the text secrets stand, in whole escapes; unordered and possibly overlapping.
    fn find(&self, needles: &Needles) -> Vec<Range<usize>> {
        let mut found = Vec::new();
        for view in &self.readings {
            found.extend(needles.find(&view.bytes).into_iter().map(|part| view.source(part)));
        }
        if let Some(raw) = self.raw {
            let with_backslash = needles.find(raw).into_iter().filter(|part| raw[part.clone()].contains(&b'\\'));
            found.extend(with_backslash.map(|part| {
                let value = &self.readings[0];
                let last = value.boundary(part.end - 1);
                value.boundary(part.start)..part.end.max(self.after(last))
            }));
        }
        found
    }

    /// The end of the escape that begins at a place.
    fn after(&self, place: usize) -> usize {
        let value = &self.readings[0];
        let text = self.raw.map_or(value.bytes.len(), <[u8]>::len);
        (place + 1..=text).find(|&end| value.boundary(end) == end).unwrap_or(text)
    }

    /// Whether a whole string is a short secret.
    fn is_whole(&self, needles: &Needles) -> bool {
        self.readings.iter().any(|view| needles.is_whole(&view.bytes))
    }

    /// The last place where the text may be cut so that at least `kept` bytes of each reading follow. No reading is
    /// shorter than the last, and its escapes are whole ones in the others: what follows reads the same without what
    /// went before.
    fn cut(&self, kept: usize) -> usize {
        self.readings.last().map_or(0, |view| view.origin(view.bytes.len().saturating_sub(kept)))
    }
}

/// In order, and with those that overlap or touch made one.
fn merged(mut ranges: Vec<Range<usize>>) -> Vec<Range<usize>> {
    ranges.sort_by_key(|range| range.start);
    let mut merged: Vec<Range<usize>> = Vec::with_capacity(ranges.len());
    for range in ranges {
        match merged.last_mut() {
            Some(last) if range.start <= last.end => last.end = last.end.max(range.end),
            _ => merged.push(range),
        }
    }
    merged
}
