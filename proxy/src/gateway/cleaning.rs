//! A reply that is passed on as it comes: without the connection's keys, the secrets among its options, and what is held
//! back of its records.

use howdah_shared::door::Row;
use howdah_shared::mask::Options;

use super::connection::Connection;
use super::records::Keeper;
use crate::redact::{Broken, JsonStream};

/// Takes all of them out of what comes. Keys first: a mask ends where a word does, and could leave the half of a key that no
/// longer looks like one.
pub(super) struct Cleaning {
    redacting: JsonStream,
    masking: Options,
    keeping: Option<Keeper>,
}

impl Cleaning {
    /// Cleans a reply to an operation.
    pub(super) fn new(connection: &Connection, row: &Row) -> Cleaning {
        Cleaning {
            redacting: connection.redactor().stream(),
            masking: Options::new(row.spec.tail.options),
            keeping: Keeper::new(connection, row),
        }
    }

    /// Takes the next piece and gives what can be given out.
    ///
    /// # Errors
    /// The reply is not JSON.
    pub(super) fn push(&mut self, piece: &[u8]) -> Result<Vec<u8>, Broken> {
        let redacted = self.redacting.push(piece);
        match self.redacting.broken() {
            Some(broken) => Err(broken),
            None => self.masking.take(redacted).map(|masked| kept(&mut self.keeping, masked)).ok_or(Broken::NotJson),
        }
    }

    /// Gives the rest once the whole reply has come.
    ///
    /// # Errors
    /// How it broke.
    pub(super) fn finish(self) -> Result<Vec<u8>, Broken> {
        let Cleaning { redacting, mut masking, mut keeping } = self;
        let clean = masking.take(redacting.finish()?).ok_or(Broken::NotJson)?;
        if masking.is_whole() { Ok(kept(&mut keeping, clean)) } else { Err(Broken::Unfinished) }
    }
}

/// What may leave of the records in a piece.
fn kept(keeping: &mut Option<Keeper>, piece: Vec<u8>) -> Vec<u8> {
    match keeping {
        Some(keeper) => keeper.push(&piece),
        None => piece,
    }
}
