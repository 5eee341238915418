//! What a tab keeps through a reload, and forgets with the tab.

use serde::Serialize;
use serde::de::DeserializeOwned;
use web_sys::Storage;

use crate::browser;

fn storage() -> Option<Storage> {
    // Within some frames reading the storage throws.
    browser::window()?.session_storage().ok()?
}

/// Keeps a text at a place. A browser without room keeps none.
pub(crate) fn keep(place: &str, text: &str) {
    if let Some(storage) = storage() {
        // Then a reload begins anew.
        let _ = storage.set_item(place, text);
    }
}

/// The text that is kept at a place.
pub(crate) fn kept(place: &str) -> Option<String> {
    storage()?.get_item(place).ok()?
}

/// Keeps what is typed and not sent yet at a place; where there is nothing in it, nothing is kept.
pub(crate) fn keep_draft<T: Serialize>(place: &str, draft: Option<&T>) {
    match draft.and_then(|draft| serde_json::to_string(draft).ok()) {
        Some(text) => keep(place, &text),
        None => forget(place),
    }
}

/// The draft that is kept at a place.
pub(crate) fn kept_draft<T: DeserializeOwned>(place: &str) -> Option<T> {
    serde_json::from_str(&kept(place)?).ok()
}

/// Forgets the text at a place.
pub(crate) fn forget(place: &str) {
    if let Some(storage) = storage() {
        // What is not there need not be removed.
        let _ = storage.remove_item(place);
    }
}
