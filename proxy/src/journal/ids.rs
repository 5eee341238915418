//! Ids that sort by creation.

use howdah_shared::console::Instant;

use super::JournalError;

/// Crockford's alphabet in lower case: no letter that looks like a digit, and in the order of the bytes.
const ALPHABET: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";
/// 26 digits of 5 bits hold 48 bits of time and 80 of chance.
const LENGTH: usize = 26;

/// Makes ids: the time, then chance. Each is greater than all before it, also within a millisecond and when the clock
/// is set back.
#[derive(Debug, Default)]
pub(super) struct Ids {
    last: u128,
}

impl Ids {
    /// Goes on after the greatest id that there is.
    pub(super) fn after(last: Option<&str>) -> Ids {
        Ids { last: last.and_then(read).unwrap_or(0) }
    }

    /// The next id.
    ///
    /// # Errors
    /// The operating system gives no random bytes.
    pub(super) fn next(&mut self, now: Instant) -> Result<String, JournalError> {
        let mut chance = [0; 16];
        getrandom::fill(&mut chance[6..]).map_err(JournalError::Random)?;
        let time = u128::from(now.unsigned_abs() & ((1 << 48) - 1)) << 80;
        let fresh = time | u128::from_be_bytes(chance);
        self.last = if fresh > self.last { fresh } else { self.last.wrapping_add(1) };
        Ok(write(self.last))
    }
}

fn write(id: u128) -> String {
    (0..LENGTH).rev().map(|digit| char::from(ALPHABET[(id >> (5 * digit)) as usize & 31])).collect()
}

fn read(id: &str) -> Option<u128> {
    if id.len() != LENGTH {
        return None;
    }
    id.bytes().try_fold(0_u128, |sum, byte| {
        let digit = ALPHABET.iter().position(|digit| *digit == byte)?;
        Some(sum << 5 | digit as u128)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_sort_by_creation_whatever_the_clock_does() {
        let mut ids = Ids::default();
        let made: Vec<String> = [5, 5, 5, 4, 1_700_000_000_000, 1_700_000_000_001, 3]
            .iter()
            .map(|now| ids.next(*now).expect("random bytes"))
            .collect();
        assert!(made.is_sorted_by(|a, b| a < b), "{made:?}");
        assert!(made.iter().all(|id| id.len() == LENGTH && read(id).map(write).as_deref() == Some(id)));
    }

    #[test]
    fn goes_on_after_the_greatest_there_was() {
        let mut before = Ids::default();
        let last = before.next(1_700_000_000_000).expect("random bytes");
        assert!(Ids::after(Some(&last)).next(1_600_000_000_000).expect("random bytes") > last);
        assert!(Ids::after(Some("not an id")).next(1).is_ok());
    }

    #[test]
    fn the_time_leads() {
        let mut ids = Ids::default();
        let early = ids.next(1_700_000_000_000).expect("random bytes");
        let late = ids.next(1_700_000_100_000).expect("random bytes");
        assert_ne!(early[..10], late[..10]);
    }
}
