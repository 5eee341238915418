//! A reply that is passed on as it comes: without the connection's keys, and without the secrets among its options.

use howdah_shared::door::Row;
use howdah_shared::mask::Options;

use crate::redact::{Broken, JsonStream, Redactor};

/// Takes both out of what comes. Keys first: a mask ends where a word does, and could leave the half of a key that no
/// longer looks like one.
pub(super) struct Cleaning {
    redacting: JsonStream,
    masking: Options,
}

impl Cleaning {
    /// Cleans a reply to an operation.
    pub(super) fn new(redactor: &Redactor, row: &Row) -> Cleaning {
        Cleaning { redacting: redactor.stream(), masking: Options::new(row.spec.tail.options) }
    }

    /// Takes the next piece and gives what can be given out.
    ///
    /// # Errors
    /// The reply is not JSON.
    pub(super) fn push(&mut self, piece: &[u8]) -> Result<Vec<u8>, Broken> {
        let redacted = self.redacting.push(piece);
        match self.redacting.broken() {
            Some(broken) => Err(broken),
            None => self.masking.take(redacted).ok_or(Broken::NotJson),
        }
    }

    /// Gives the rest once the whole reply has come.
    ///
    /// # Errors
    /// How it broke.
    pub(super) fn finish(self) -> Result<Vec<u8>, Broken> {
        let Cleaning { redacting, mut masking } = self;
        let clean = masking.take(redacting.finish()?).ok_or(Broken::NotJson)?;
        if masking.is_whole() { Ok(clean) } else { Err(Broken::Unfinished) }
    }
}
