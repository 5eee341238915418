//! A text as it reads after its escapes are resolved, with the way back to where each byte came from.

use std::borrow::Cow;
use std::ops::Range;

use memchr::memchr;

/// A decoded text.
pub(super) struct View<'a> {
    pub(super) bytes: Cow<'a, [u8]>,
    /// For each byte where its escape begins in the text, then the text's length; none where nothing was decoded.
    origins: Option<Vec<usize>>,
}

impl<'a> View<'a> {
    /// A text as it is.
    pub(super) fn plain(text: &'a [u8]) -> View<'a> {
        View { bytes: Cow::Borrowed(text), origins: None }
    }

    /// Where a byte's escape begins in the text; for the length of the view it is the length of the text.
    pub(super) fn origin(&self, index: usize) -> usize {
        self.origins.as_ref().map_or(index, |origins| origins[index])
    }

    /// The part of the text that a part of the view was decoded from, in whole escapes.
    pub(super) fn source(&self, part: Range<usize>) -> Range<usize> {
        let start = self.origin(part.start);
        let last = self.origin(part.end - 1);
        let after = (part.end..=self.bytes.len()).map(|index| self.origin(index)).find(|&origin| origin > last);
        start..after.unwrap_or_else(|| self.origin(self.bytes.len()))
    }

    /// The last beginning of an escape (or of a plain byte) at or before a place in the text.
    pub(super) fn boundary(&self, place: usize) -> usize {
        self.origins.as_ref().map_or(place, |origins| {
            let after = origins.partition_point(|&origin| origin <= place);
            after.checked_sub(1).map_or(0, |index| origins[index])
        })
    }

    /// The same with the escapes of JSON strings resolved; what is not a whole escape stays as it is.
    pub(super) fn unescaped(&self) -> Option<View<'a>> {
        self.decoded(b'\\', |rest, out| {
            let (unit, length) = json_escape(rest)?;
            out.extend_from_slice(unit.encode_utf8(&mut [0; 4]).as_bytes());
            Some(length)
        })
    }

    /// The same with percent escapes resolved; what is not a whole escape stays as it is.
    pub(super) fn percent_decoded(&self) -> Option<View<'a>> {
        self.decoded(b'%', |rest, out| {
            out.push(percent_escape(rest)?);
            Some(3)
        })
    }

    /// The same with the character references of HTML resolved; what is not a whole one stays as it is.
    pub(super) fn references_resolved(&self) -> Option<View<'a>> {
        self.decoded(b'&', |rest, out| {
            let (character, length) = reference(rest)?;
            out.extend_from_slice(character.encode_utf8(&mut [0; 4]).as_bytes());
            Some(length)
        })
    }

    /// Resolves what begins with `mark`; none where there is no mark.
    fn decoded(&self, mark: u8, escape: impl Fn(&[u8], &mut Vec<u8>) -> Option<usize>) -> Option<View<'a>> {
        memchr(mark, &self.bytes)?;
        let mut bytes = Vec::with_capacity(self.bytes.len());
        let mut origins = Vec::with_capacity(self.bytes.len() + 1);
        let mut at = 0;
        while at < self.bytes.len() {
            let length = if self.bytes[at] == mark { escape(&self.bytes[at..], &mut bytes) } else { None };
            if length.is_none() {
                bytes.push(self.bytes[at]);
            }
            origins.resize(bytes.len(), self.origin(at));
            at += length.unwrap_or(1);
        }
        origins.push(self.origin(at));
        Some(View { bytes: Cow::Owned(bytes), origins: Some(origins) })
    }
}

/// The byte of a percent escape at the beginning of a text.
pub(super) fn percent_escape(text: &[u8]) -> Option<u8> {
    match text {
        [b'%', high, low, ..] => u8::try_from(digits(&[*high, *low])?).ok(),
        _ => None,
    }
}

/// The character of a JSON escape at the beginning of a text, and how many bytes the escape has. A lone surrogate is
/// the replacement character.
fn json_escape(text: &[u8]) -> Option<(char, usize)> {
    let character = match text.get(1)? {
        quoted @ (b'"' | b'\\' | b'/') => char::from(*quoted),
        b'b' => '\u{8}',
        b'f' => '\u{c}',
        b'n' => '\n',
        b'r' => '\r',
        b't' => '\t',
        b'u' => {
            let first = digits(text.get(2..6)?)?;
            let second = match text.get(6..12) {
                Some([b'\\', b'u', low @ ..]) => digits(low),
                _ => None,
            };
            return match (first, second) {
                (0xD800..0xDC00, Some(low @ 0xDC00..0xE000)) => {
                    let scalar = 0x1_0000 + ((first - 0xD800) << 10) + (low - 0xDC00);
                    Some((char::from_u32(scalar).unwrap_or(char::REPLACEMENT_CHARACTER), 12))
                }
                _ => Some((char::from_u32(first).unwrap_or(char::REPLACEMENT_CHARACTER), 6)),
            };
        }
        _ => return None,
    };
    Some((character, 2))
}

/// The longest character reference that is looked at, in bytes.
const LONGEST_REFERENCE: usize = 24;

/// The character of an HTML character reference at the beginning of a text, and how many bytes the reference has: one by
/// number, or one of those by name that every writer of HTML uses.
fn reference(text: &[u8]) -> Option<(char, usize)> {
    let end = text.iter().take(LONGEST_REFERENCE).position(|&byte| byte == b';')?;
    let numbered = |digits, radix| char::from_u32(u32::from_str_radix(str::from_utf8(digits).ok()?, radix).ok()?);
    let character = match &text[1..end] {
        b"amp" => '&',
        b"lt" => '<',
        b"gt" => '>',
        b"quot" => '"',
        b"apos" => '\'',
        [b'#', b'x' | b'X', digits @ ..] => numbered(digits, 16)?,
        [b'#', digits @ ..] => numbered(digits, 10)?,
        _ => return None,
    };
    Some((character, end + 1))
}

/// Hexadecimal digits as a number.
fn digits(text: &[u8]) -> Option<u32> {
    text.iter().try_fold(0, |number, &digit| Some(number * 16 + char::from(digit).to_digit(16)?))
}
