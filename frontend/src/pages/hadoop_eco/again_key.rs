//! The idempotency key of a try: kept for as long as it is not certain what became of it, also over a reload.

use web_sys::Storage;

fn storage() -> Option<Storage> {
    web_sys::window()?.session_storage().ok()?
}

fn place(connection: &str, cluster: &str) -> String {
    format!("howdah.again/{connection}/{cluster}")
}

/// The key for the next try: that of the last one while its outcome is open, else a new one.
pub(super) fn take(connection: &str, cluster: &str) -> String {
    let place = place(connection, cluster);
    let storage = storage();
    if let Some(kept) = storage.as_ref().and_then(|storage| storage.get_item(&place).ok()?) {
        return kept;
    }
    let key = fresh();
    if let Some(storage) = storage {
        // A browser without room keeps no key: then a reload begins a new try.
        let _ = storage.set_item(&place, &key);
    }
    key
}

/// Forgets the key, once it is certain what became of the try.
pub(super) fn forget(connection: &str, cluster: &str) {
    if let Some(storage) = storage() {
        // What is not there need not be removed.
        let _ = storage.remove_item(&place(connection, cluster));
    }
}

/// Unlikely to be made twice; it need not be hard to guess. Browsers give real UUIDs only to pages with TLS.
fn fresh() -> String {
    let part = || (js_sys::Math::random() * f64::from(u32::MAX)) as u32;
    format!("{:x}-{:08x}-{:08x}-{:08x}", js_sys::Date::now() as u64, part(), part(), part())
}
