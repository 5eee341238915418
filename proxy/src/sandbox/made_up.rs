//! Ids and secrets that the simulators make up.

use std::io;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use secrecy::SecretString;
use sha2::{Digest, Sha256};

/// `N` random bytes.
fn random<const N: usize>() -> io::Result<[u8; N]> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).map_err(|error| io::Error::other(error.to_string()))?;
    Ok(bytes)
}

/// A secret of 38 characters, made anew each time. It holds characters that are written in another way in JSON, in a
/// URL and in base64, so that a search for it has to know those.
pub(super) fn secret() -> io::Result<SecretString> {
    let random = URL_SAFE_NO_PAD.encode(random::<24>()?);
    let (head, tail) = random.split_at(16);
    Ok(format!("{head}/+=\"\\&{tail}").into())
}

/// A public half of a key pair, 32 hexadecimal digits, made anew each time.
pub(super) fn key_id() -> io::Result<String> {
    Ok(hex(&random::<16>()?))
}

/// A new request id of Hadoop Eco.
pub(super) fn request_id() -> io::Result<String> {
    Ok(format!("req-{}", hex(&random::<16>()?)))
}

/// The request id that a name always has.
pub(super) fn request_id_of(name: &str) -> String {
    format!("req-{}", &digest(name)[..32])
}

/// The UUID that a name always has, so that links to a sandbox stay good.
pub(super) fn uuid_of(name: &str) -> String {
    uuid_from(&digest(name))
}

/// A UUID, made anew each time.
pub(super) fn uuid() -> io::Result<String> {
    Ok(uuid_from(&key_id()?))
}

/// The UUID that the first 32 hexadecimal digits give.
fn uuid_from(hex: &str) -> String {
    format!("{}-{}-4{}-8{}-{}", &hex[..8], &hex[8..12], &hex[13..16], &hex[17..20], &hex[20..32])
}

fn digest(name: &str) -> String {
    hex(&Sha256::digest(name.as_bytes()))
}

/// Lower-case hexadecimal digits.
pub(super) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// A number that looks random and is always the same for `seed` and `salt`.
pub(super) fn scatter(seed: u64, salt: u64) -> u64 {
    // The finalizer of SplitMix64: every bit of the input reaches every bit of the output.
    let mut x = seed.wrapping_mul(0x9E37_79B9_7F4A_7C15).wrapping_add(salt.wrapping_mul(0xD1B5_4A32_D192_ED03));
    x = (x ^ (x >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    x = (x ^ (x >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    x ^ (x >> 31)
}

/// The same as a fraction from 0 to below 1.
pub(super) fn fraction(seed: u64, salt: u64) -> f64 {
    (scatter(seed, salt) >> 11) as f64 / (1u64 << 53) as f64
}
