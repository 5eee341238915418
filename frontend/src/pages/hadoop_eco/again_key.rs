//! The idempotency key of a try: kept for as long as it is not certain what became of it, also over a reload.

use crate::api::fresh_key;
use crate::kept;

fn place(connection: &str, cluster: &str) -> String {
    format!("howdah.again/{connection}/{cluster}")
}

/// A try whose outcome is open.
pub(super) struct Try {
    /// Its idempotency key.
    pub(super) key: String,
    /// The journal's entry of it, where that is known.
    pub(super) request: Option<String>,
}

/// The next try: the last one while its outcome is open, else a new one.
pub(super) fn take(connection: &str, cluster: &str) -> Try {
    let kept = kept::kept(&place(connection, cluster));
    match kept.as_deref().map(|kept| kept.split_once(' ').unwrap_or((kept, ""))) {
        Some((key, request)) => Try { key: key.to_owned(), request: (!request.is_empty()).then(|| request.to_owned()) },
        None => begin(connection, cluster),
    }
}

/// A new try.
pub(super) fn begin(connection: &str, cluster: &str) -> Try {
    let new = Try { key: fresh_key(), request: None };
    keep(connection, cluster, &new);
    new
}

/// Remembers a try.
pub(super) fn keep(connection: &str, cluster: &str, open: &Try) {
    // Where it cannot be kept, a reload begins a new try.
    kept::keep(&place(connection, cluster), &format!("{} {}", open.key, open.request.as_deref().unwrap_or_default()));
}

/// Forgets the key, once it is certain what became of the try.
pub(super) fn forget(connection: &str, cluster: &str) {
    kept::forget(&place(connection, cluster));
}
