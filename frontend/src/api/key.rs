//! Idempotency keys, and how long they hold.

use howdah_shared::problem::{Code, Problem};

/// A new one. It is unlikely to be made twice; it need not be hard to guess. Browsers give real UUIDs only to pages with
/// TLS.
pub(crate) fn fresh_key() -> String {
    let part = || (js_sys::Math::random() * f64::from(u32::MAX)) as u32;
    format!("{:x}-{:08x}-{:08x}-{:08x}", js_sys::Date::now() as u64, part(), part(), part())
}

/// Whether it is certain what became of the try, so that the next one is a new one. A problem that does not come from
/// the journal says nothing about an earlier try under the same key.
pub(crate) fn is_definite(problem: &Problem) -> bool {
    match problem.code {
        // After a timeout Howdah goes on waiting for the service.
        Code::OutcomeUnknown | Code::UpstreamTimeout | Code::Offline | Code::Unreadable => false,
        Code::IdempotencyKeyReused => true,
        _ => problem.request_id.is_some(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_journal_tells_what_became_of_a_try() {
        let journalled = |code| Problem { request_id: Some("01J".into()), ..Problem::new(code, "") };
        assert!(is_definite(&journalled(Code::ServiceAnswered)));
        assert!(is_definite(&Problem::new(Code::IdempotencyKeyReused, "")));
        assert!(!is_definite(&journalled(Code::OutcomeUnknown)));
        assert!(!is_definite(&journalled(Code::UpstreamTimeout)));
        assert!(!is_definite(&Problem::new(Code::SignInRequired, "")));
        assert!(!is_definite(&Problem::new(Code::Offline, "")));
    }
}
