//! The forms in which a secret is looked for, and the search for all of them in one pass.

use std::collections::HashMap;
use std::ops::Range;

use aho_corasick::AhoCorasick;
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE_NO_PAD};
use memchr::{memchr, memchr_iter, memchr2};

use crate::random::hex;

/// The shortest secret that is looked for anywhere; a shorter one is found only as a whole string.
pub const SHORTEST: usize = 8;

/// Bytes of a text that are looked up at once.
const GRAM: usize = 4;
/// A step of this many bytes cannot pass over a needle of [`SHORTEST`] bytes: one whole gram of it is looked up.
const STEP: usize = SHORTEST - GRAM + 1;
/// Bits of the first, small table of grams.
const SIEVE_BITS: u32 = 16;

/// One form of a secret.
struct Needle {
    bytes: Vec<u8>,
    /// Hexadecimal digits come in either case.
    any_case: bool,
}

impl Needle {
    fn matches(&self, text: &[u8]) -> bool {
        if self.any_case { self.bytes.eq_ignore_ascii_case(text) } else { self.bytes == text }
    }
}

/// All forms of all secrets, and the tables that find them.
pub(super) struct Needles {
    anywhere: Vec<Needle>,
    /// A bit for the hash of each gram in the first [`SHORTEST`] bytes of each needle: most of a text ends here.
    sieve: Vec<u64>,
    /// For each gram the needles that have it, and where in them.
    grams: HashMap<u32, Vec<(usize, usize)>>,
    /// The forms of secrets that are found only as a whole string.
    whole: Vec<Needle>,
    /// The same between quotation marks.
    quoted: Option<AhoCorasick>,
    /// The length of the longest form in bytes.
    longest: usize,
}

impl Needles {
    /// The forms of secrets, each with whether it is found only as a whole string.
    pub(super) fn new<'a>(secrets: impl Iterator<Item = (&'a str, bool)>) -> Needles {
        let mut needles = Needles {
            anywhere: Vec::new(),
            sieve: vec![0; (1 << SIEVE_BITS) / 64],
            grams: HashMap::new(),
            whole: Vec::new(),
            quoted: None,
            longest: 0,
        };
        for (secret, short) in secrets.filter(|(secret, _)| !secret.is_empty()) {
            if short || secret.len() < SHORTEST { needles.add_short(secret) } else { needles.add_long(secret) }
        }
        let quoted: Vec<Vec<u8>> = needles.whole.iter().flat_map(quoted).collect();
        // Far below an automaton's limits; should it not be buildable all the same, every string is looked at.
        needles.quoted = AhoCorasick::new(quoted).ok();
        needles.longest = needles.anywhere.iter().chain(&needles.whole).map(|n| n.bytes.len()).max().unwrap_or(0);
        needles
    }

    fn add_short(&mut self, secret: &str) {
        let mut forms = vec![(secret.as_bytes().to_vec(), false), (hex(secret.as_bytes()).into_bytes(), true)];
        for engine in [STANDARD_NO_PAD, URL_SAFE_NO_PAD] {
            let mut encoded = engine.encode(secret).into_bytes();
            forms.push((encoded.clone(), false));
            encoded.resize(encoded.len().next_multiple_of(4), b'=');
            forms.push((encoded, false));
        }
        for (bytes, any_case) in forms {
            add_once(&mut self.whole, Needle { bytes, any_case });
        }
    }

    fn add_long(&mut self, secret: &str) {
        let mut forms = vec![(secret.as_bytes().to_vec(), false), (hex(secret.as_bytes()).into_bytes(), true)];
        if secret.contains(' ') {
            forms.push((secret.replace(' ', "+").into_bytes(), false));
        }
        for before in 0..3 {
            forms.push((base64_core(&STANDARD_NO_PAD, secret, before), false));
            forms.push((base64_core(&URL_SAFE_NO_PAD, secret, before), false));
        }
        for (bytes, any_case) in forms {
            let Some(index) = add_once(&mut self.anywhere, Needle { bytes, any_case }) else { continue };
            let start: Vec<u32> = self.anywhere[index].bytes[..SHORTEST].windows(GRAM).map(gram).collect();
            for (offset, gram) in start.into_iter().enumerate() {
                let (word, bit) = place(gram);
                self.sieve[word] |= bit;
                self.grams.entry(gram).or_default().push((index, offset));
            }
        }
    }

    /// Whether there is nothing to look for.
    pub(super) fn is_empty(&self) -> bool {
        self.anywhere.is_empty() && self.whole.is_empty()
    }

    /// The length of the longest form in bytes.
    pub(super) fn longest(&self) -> usize {
        self.longest
    }

    /// Where a form of a secret that may stand anywhere stands in a text, overlapping ones included, in no order.
    pub(super) fn find(&self, text: &[u8]) -> Vec<Range<usize>> {
        let mut found = Vec::new();
        if self.anywhere.is_empty() {
            return found;
        }
        let steps = text.chunks_exact(STEP);
        let rest = steps.remainder();
        let last = (rest.len() >= GRAM).then_some(rest);
        for (step, bytes) in steps.chain(last).enumerate() {
            let gram = gram(bytes);
            let (word, bit) = place(gram);
            if self.sieve[word] & bit != 0 {
                self.verify(text, step * STEP, gram, &mut found);
            }
        }
        found
    }

    #[cold]
    fn verify(&self, text: &[u8], position: usize, gram: u32, found: &mut Vec<Range<usize>>) {
        for &(index, offset) in self.grams.get(&gram).into_iter().flatten() {
            let needle = &self.anywhere[index];
            let Some(start) = position.checked_sub(offset) else { continue };
            let end = start + needle.bytes.len();
            if text.get(start..end).is_some_and(|part| needle.matches(part)) {
                found.push(start..end);
            }
        }
    }

    /// Whether a whole string is a form of a secret that is found only so.
    pub(super) fn is_whole(&self, text: &[u8]) -> bool {
        self.whole.iter().any(|needle| needle.matches(text))
    }

    /// Where in a document a quotation mark begins what may be a short secret as a whole string: without an automaton,
    /// every one of them.
    pub(super) fn find_quoted(&self, text: &[u8]) -> Vec<usize> {
        if self.whole.is_empty() {
            return Vec::new();
        }
        match &self.quoted {
            Some(quoted) => quoted.find_overlapping_iter(text).map(|found| found.start()).collect(),
            None => memchr_iter(b'"', text).collect(),
        }
    }
}

/// Adds what is not there yet and says where.
fn add_once(needles: &mut Vec<Needle>, needle: Needle) -> Option<usize> {
    if needles.iter().any(|known| known.bytes == needle.bytes && known.any_case == needle.any_case) {
        return None;
    }
    needles.push(needle);
    Some(needles.len() - 1)
}

/// Four bytes as a number that is the same in either case of a letter.
fn gram(bytes: &[u8]) -> u32 {
    u32::from_le_bytes([bytes[0], bytes[1], bytes[2], bytes[3]]) | 0x2020_2020
}

/// The word and the bit of a gram in the sieve.
fn place(gram: u32) -> (usize, u64) {
    let hash = gram.wrapping_mul(0x9E37_79B1) >> (32 - SIEVE_BITS);
    ((hash / 64) as usize, 1 << (hash % 64))
}

/// What base64 makes of a secret that follows `before` bytes of something else (modulo 3), as far as it depends on
/// the secret alone.
fn base64_core(engine: &impl base64::Engine, secret: &str, before: usize) -> Vec<u8> {
    let mut plain = vec![0; before];
    plain.extend_from_slice(secret.as_bytes());
    let encoded = engine.encode(&plain).into_bytes();
    let start = (before * 8).div_ceil(6);
    let end = plain.len() * 8 / 6;
    encoded[start..end].to_vec()
}

/// A form as a JSON string, where it needs no escape there; an escape is seen by itself.
fn quoted(needle: &Needle) -> Vec<Vec<u8>> {
    if memchr2(b'"', b'\\', &needle.bytes).is_some() || memchr(b'%', &needle.bytes).is_some() {
        return Vec::new();
    }
    let mut forms = vec![needle.bytes.clone()];
    if needle.any_case {
        forms.push(needle.bytes.to_ascii_uppercase());
    }
    forms.iter().map(|form| [b"\"", form.as_slice(), b"\""].concat()).collect()
}
