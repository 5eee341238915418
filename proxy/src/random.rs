//! Random words for ids and keys, from the operating system.

use std::fmt::Write;

/// A word of 32 hexadecimal digits: 128 random bits.
///
/// # Errors
/// When the operating system has no randomness to give.
pub fn word() -> Result<String, getrandom::Error> {
    let mut bytes = [0; 16];
    getrandom::fill(&mut bytes)?;
    Ok(hex(&bytes))
}

/// Bytes as lower-case hexadecimal digits.
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        // Writing to a String cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}
