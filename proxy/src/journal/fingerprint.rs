//! Telling whether two calls are the same, without keeping what they said.

use std::fs;
use std::io::ErrorKind;
use std::path::Path;

use hmac::{Hmac, Mac};
use sha2::Sha256;

use super::JournalError;
use crate::private;

/// Makes fingerprints under a random key that stands in a file of its own beside the database: somebody who has the
/// database alone cannot try out what a masked body said.
pub(super) struct Fingerprints {
    /// 32 random bytes, filled up with zeros to the hash's block as HMAC does.
    key: [u8; 64],
}

impl Fingerprints {
    /// Reads the key, or makes it at the first start.
    ///
    /// # Errors
    /// The file cannot be read or made, or holds something else.
    pub(super) fn open(path: &Path) -> Result<Fingerprints, JournalError> {
        let text = match fs::read_to_string(path) {
            Ok(text) => text,
            Err(error) if error.kind() == ErrorKind::NotFound => make(path)?,
            Err(error) => return Err(JournalError::file(path)(error)),
        };
        let random = from_hex(text.trim_end()).ok_or_else(|| JournalError::BadKey(path.to_owned()))?;
        let mut key = [0; 64];
        key[..32].copy_from_slice(&random);
        Ok(Fingerprints { key })
    }

    /// The fingerprint, in hexadecimal digits.
    pub(super) fn of(&self, input: &[u8]) -> String {
        let mut mac = Hmac::<Sha256>::new(&self.key.into());
        mac.update(input);
        to_hex(&mac.finalize().into_bytes())
    }
}

fn make(path: &Path) -> Result<String, JournalError> {
    let mut key = [0; 32];
    getrandom::fill(&mut key).map_err(JournalError::Random)?;
    let text = to_hex(&key);
    private::write(path, text.as_bytes()).map_err(JournalError::file(path))?;
    Ok(text)
}

fn to_hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn from_hex(text: &str) -> Option<[u8; 32]> {
    let digits: Vec<u8> = text.chars().map(|c| c.to_digit(16).map(|digit| digit as u8)).collect::<Option<_>>()?;
    let bytes: Vec<u8> = digits.chunks_exact(2).map(|pair| pair[0] << 4 | pair[1]).collect();
    (digits.len() == 64).then_some(bytes)?.try_into().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_key_is_made_once_and_kept() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("journal.db.key");
        let first = Fingerprints::open(&path).expect("made").of(b"a");
        let again = Fingerprints::open(&path).expect("read");
        assert_eq!(again.of(b"a"), first);
        assert_ne!(again.of(b"b"), first);
        let other = Fingerprints::open(&folder.path().join("other.key")).expect("made");
        assert_ne!(other.of(b"a"), first);
    }

    #[cfg(unix)]
    #[test]
    fn only_its_owner_may_read_the_key() {
        use std::os::unix::fs::PermissionsExt as _;
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("journal.db.key");
        Fingerprints::open(&path).map(|_| ()).expect("made");
        assert_eq!(fs::metadata(&path).expect("there").permissions().mode() & 0o777, 0o600);
    }

    #[test]
    fn half_a_key_is_refused() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("journal.db.key");
        for text in ["", "abcd", &"g".repeat(64), &"a".repeat(65)] {
            fs::write(&path, text).expect("written");
            assert!(matches!(Fingerprints::open(&path), Err(JournalError::BadKey(_))), "{text:?}");
        }
    }
}
