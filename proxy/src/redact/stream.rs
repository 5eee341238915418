//! A JSON document that passes through in pieces.
//!
//! Only strings may hold a secret, and almost none does: each piece is searched as raw bytes at memory speed, and
//! only a string with a match or with escapes is looked at closely. Where a piece ends, the last part of a string (as
//! long as the longest form of a secret) waits for what follows.

use std::ops::Range;

use howdah_shared::mask::MASK;
use memchr::{memchr, memchr_iter, memchr2, memchr2_iter, memrchr};

use super::view::percent_escape;
use super::{Redactor, Views, merged};

/// As much of a piece as is looked at in one go: bounds the memory whatever the pieces are.
const BLOCK: usize = 64 * 1024;
/// The last bytes of a reading may be of an escape that is not there in full: an escaped surrogate pair of each depth.
const SLACK: usize = 64;

/// The document was not JSON or ended within a string; what had not been given out yet is kept back.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Broken {
    /// Something stands outside of a string that JSON does not know.
    #[error("the reply is not JSON")]
    NotJson,
    /// The document ended within a string.
    #[error("the reply ends within a string")]
    Unfinished,
}

/// Whether a document begins as JSON does, after any blanks. HTML, for one, does not.
pub fn begins_as_json(start: &[u8]) -> bool {
    let first = start.trim_ascii_start().first();
    matches!(first, Some(b'{' | b'[' | b'"' | b'-' | b'0'..=b'9' | b't' | b'f' | b'n'))
}

/// Takes secrets out of a JSON document as it comes.
#[derive(Debug)]
pub struct JsonStream {
    redactor: Redactor,
    /// What came and was not given out yet.
    held: Vec<u8>,
    /// Below this length a string that goes on is not worth another look.
    patience: usize,
    place: Place,
    broken: Option<Broken>,
}

/// Where in the document the held part begins.
#[derive(Clone, Copy, Debug)]
enum Place {
    Outside,
    /// Within a string.
    Inside {
        /// At its first byte.
        whole: bool,
        /// A mask was the last that was given out, and it covers so much of what is held.
        masked: Option<usize>,
    },
}

const FRESH: Place = Place::Inside { whole: true, masked: None };

/// Something for which a string deserves a closer look.
enum Suspect {
    /// A form of a secret, in raw bytes.
    Match(Range<usize>),
    /// A backslash or a percent escape.
    Escape(usize),
    /// The first byte after a quotation mark with which a short secret may begin.
    Quoted(usize),
}

impl Suspect {
    fn at(&self) -> usize {
        match self {
            Suspect::Match(range) => range.start,
            Suspect::Escape(at) | Suspect::Quoted(at) => *at,
        }
    }
}

impl JsonStream {
    pub(super) fn new(redactor: Redactor) -> JsonStream {
        JsonStream { redactor, held: Vec::new(), patience: 0, place: Place::Outside, broken: None }
    }

    /// Takes the next piece and gives what can be given out. After the document broke nothing more is given out.
    pub fn push(&mut self, piece: &[u8]) -> Vec<u8> {
        if self.redactor.needles.is_empty() {
            return piece.to_vec();
        }
        let mut out = Vec::with_capacity(self.held.len() + piece.len());
        for block in piece.chunks(BLOCK) {
            self.held.extend_from_slice(block);
            let goes_on = matches!(self.place, Place::Inside { .. }) && memchr(b'"', block).is_none();
            if goes_on && self.held.len() < self.patience {
                continue;
            }
            self.advance(false, &mut out);
            self.patience = 2 * self.held.len() + SLACK;
        }
        out
    }

    /// Why nothing more is given out, as soon as it is known.
    pub fn broken(&self) -> Option<Broken> {
        self.broken
    }

    /// Gives the rest once the whole document has come, or says how it broke.
    pub fn finish(mut self) -> Result<Vec<u8>, Broken> {
        let mut out = Vec::new();
        if !self.redactor.needles.is_empty() {
            self.advance(true, &mut out);
        }
        match (self.broken, self.place) {
            (Some(broken), _) => Err(broken),
            (None, Place::Inside { .. }) => Err(Broken::Unfinished),
            (None, Place::Outside) => Ok(out),
        }
    }

    /// Gives out what is held as far as no secret can begin in it.
    fn advance(&mut self, last: bool, out: &mut Vec<u8>) {
        if self.broken.is_some() {
            self.held.clear();
            return;
        }
        let held = std::mem::take(&mut self.held);
        match self.walk(&held, last, out) {
            Ok(done) => {
                self.held = held;
                self.held.drain(..done);
            }
            Err(broken) => self.broken = Some(broken),
        }
    }

    /// Goes through the held bytes and returns up to where they are done.
    fn walk(&mut self, held: &[u8], last: bool, out: &mut Vec<u8>) -> Result<usize, Broken> {
        let mut at = 0;
        if let Place::Inside { .. } = self.place {
            at += self.string(held, last, out)?;
            if let Place::Inside { .. } = self.place {
                return Ok(at);
            }
        }
        for suspect in self.suspects(held) {
            if suspect.at() < at {
                continue;
            }
            // Between `at` and the suspect is no escape, so each quotation mark begins or ends a string.
            let before = &held[at..suspect.at()];
            if memchr_iter(b'"', before).count().is_multiple_of(2) {
                check_outside(held, &suspect)?;
                continue;
            }
            let start = at + memrchr(b'"', before).map_or(0, |mark| mark + 1);
            out.extend_from_slice(&held[at..start]);
            self.place = FRESH;
            at = start + self.string(&held[start..], last, out)?;
            if let Place::Inside { .. } = self.place {
                return Ok(at);
            }
        }
        let rest = &held[at..];
        let run = memrchr(b'"', rest).map_or(0, |mark| mark + 1);
        let inside = !memchr_iter(b'"', rest).count().is_multiple_of(2);
        // Also outside of strings something waits, so that a secret that breaks the document is seen in full.
        let done = if last && !inside { rest.len() } else { run.max(rest.len().saturating_sub(self.window())) };
        out.extend_from_slice(&rest[..done]);
        self.place = match inside {
            true => Place::Inside { whole: done == run, masked: None },
            false => Place::Outside,
        };
        Ok(at + done)
    }

    /// How many bytes of a reading stay held.
    fn window(&self) -> usize {
        self.redactor.needles.longest() + SLACK
    }

    fn suspects(&self, held: &[u8]) -> Vec<Suspect> {
        let needles = &self.redactor.needles;
        let matches = needles.find(held).into_iter().map(Suspect::Match);
        let quoted = needles.find_quoted(held).into_iter().map(|mark| Suspect::Quoted(mark + 1));
        let escapes = memchr2_iter(b'\\', b'%', held)
            .filter(|&at| held[at] == b'\\' || percent_escape(&held[at..]).is_some())
            .map(Suspect::Escape);
        let mut suspects: Vec<Suspect> = escapes.chain(matches).chain(quoted).collect();
        suspects.sort_by_key(Suspect::at);
        suspects
    }

    /// Goes through a string from the place where `held` begins in it, and returns up to where it is done: behind its
    /// closing quotation mark if that has come.
    fn string(&mut self, held: &[u8], last: bool, out: &mut Vec<u8>) -> Result<usize, Broken> {
        let Place::Inside { whole, masked } = self.place else { return Ok(0) };
        let needles = &self.redactor.needles;
        let end = closing_mark(held);
        let content = &held[..end.unwrap_or(held.len())];
        let views = Views::of_string(content);
        let mut cut = content.len();
        let found = match end {
            Some(end) => {
                check_after_string(&held[end + 1..])?;
                let mut found = views.find(needles);
                if whole && views.is_whole(needles) {
                    found.push(0..content.len());
                }
                found
            }
            None if last => return Err(Broken::Unfinished),
            None => {
                cut = views.cut(self.window());
                views.find(needles).into_iter().filter(|range| range.start < cut).collect()
            }
        };
        let masked = give_masked(content, cut, masked, &merged(found), out);
        if end.is_some() {
            out.push(b'"');
            self.place = Place::Outside;
            return Ok(cut + 1);
        }
        self.place = Place::Inside { whole: whole && cut == 0, masked };
        Ok(cut)
    }
}

/// Gives out a string's content up to `cut` with ranges masked. `masked` is how far a mask that was given out before
/// reaches into it; returned is how far the last one reaches beyond the cut.
fn give_masked(
    content: &[u8],
    cut: usize,
    mut masked: Option<usize>,
    ranges: &[Range<usize>],
    out: &mut Vec<u8>,
) -> Option<usize> {
    let mut at = masked.unwrap_or(0);
    for range in ranges {
        if masked.is_none_or(|reach| reach < range.start) {
            out.extend_from_slice(&content[at..range.start]);
            out.extend_from_slice(MASK.as_bytes());
        }
        at = at.max(range.end);
        masked = Some(at);
    }
    if at < cut {
        out.extend_from_slice(&content[at..cut]);
    }
    masked.and_then(|reach| reach.checked_sub(cut))
}

/// Where a string ends, from a place in it that is not within an escape.
fn closing_mark(text: &[u8]) -> Option<usize> {
    let mut at = 0;
    loop {
        at += memchr2(b'"', b'\\', text.get(at..)?)?;
        if text[at] == b'"' {
            return Some(at);
        }
        at += 2;
    }
}

/// Outside of strings JSON has no escapes, and no text but numbers and three words: a secret there breaks it.
fn check_outside(held: &[u8], suspect: &Suspect) -> Result<(), Broken> {
    let legal = |byte: &u8| b" \t\r\n{}[]:,+-.0123456789eEtrufalsn".contains(byte);
    let fine = match suspect {
        Suspect::Escape(_) => false,
        Suspect::Quoted(_) => true,
        Suspect::Match(range) => held[range.clone()].iter().take_while(|byte| **byte != b'"').all(legal),
    };
    if fine { Ok(()) } else { Err(Broken::NotJson) }
}

/// A string followed by anything else was not escaped where it should have been.
fn check_after_string(rest: &[u8]) -> Result<(), Broken> {
    match rest.trim_ascii_start().first() {
        None | Some(b':' | b',' | b']' | b'}') => Ok(()),
        Some(_) => Err(Broken::NotJson),
    }
}
