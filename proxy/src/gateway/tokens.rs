//! Delegation tokens that a service made for callers. They are credentials: kept here in memory and nowhere else, and
//! known outside by handles, each of which is of use to its principal alone.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Instant as Moment;

use howdah_shared::console::{Instant, KeptToken};
use howdah_shared::keeping::Told;
use howdah_shared::problem::{Code, Problem};
use secrecy::SecretString;
use serde_json::Value;

use crate::app::now;
use crate::random;
use crate::secrets::PREVIOUS_IS_KEPT;

/// Tokens that are kept for a connection, and for each principal there.
const MOST: usize = 128;
const MOST_OF_ONE: usize = 16;
/// Characters of the part of a handle that tells the tokens of one start from those of another.
const START: usize = 8;

/// The tokens of a connection.
pub struct Tokens {
    /// What the handles begin with, another at each start.
    start: String,
    kept: Mutex<BTreeMap<String, Kept>>,
    /// Those that were ended, which may turn up until then.
    past: Mutex<Vec<(Arc<SecretString>, Moment)>>,
    /// How many tokens have come.
    changes: AtomicU64,
}

struct Kept {
    value: Arc<SecretString>,
    principal: String,
    token: KeptToken,
}

impl Tokens {
    /// None yet.
    ///
    /// # Errors
    /// When the operating system has no randomness to give.
    pub fn new() -> Result<Tokens, String> {
        let start = random::word().map_err(|error| error.to_string())?.chars().take(START).collect();
        Ok(Tokens { start, kept: Mutex::default(), past: Mutex::default(), changes: AtomicU64::new(0) })
    }

    /// Those that are good still.
    fn kept(&self) -> MutexGuard<'_, BTreeMap<String, Kept>> {
        let now = now();
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        kept.retain(|_, kept| kept.token.expires.is_none_or(|until| until > now));
        kept
    }

    /// Whether there is a place for another one.
    ///
    /// # Errors
    /// 429 where there is none; then none may be asked for.
    pub fn has_place(&self, principal: &str) -> Result<(), Box<Problem>> {
        let kept = self.kept();
        let of_one = kept.values().filter(|kept| kept.principal == principal).count();
        if kept.len() < MOST && of_one < MOST_OF_ONE {
            return Ok(());
        }
        let detail =
            "As many delegation tokens are kept as may be. Cancel one that is no longer needed. Nothing was sent.";
        Err(Box::new(Problem::new(Code::TooManyTokens, detail)))
    }

    /// Takes the token out of the reply that made it and puts its handle there. `None` where there is none, or no
    /// handle is to be had: then nothing of the reply may be shown.
    pub fn keep(&self, principal: &str, member: &str, told: Told, body: &[u8]) -> Option<Vec<u8>> {
        let mut reply: Value = serde_json::from_slice(body).ok()?;
        let place = reply.as_object_mut()?.get_mut(member)?;
        let value = place.as_str().filter(|token| !token.is_empty())?.to_owned();
        let handle = format!("{}-{}", self.start, random::word().ok()?);
        *place = Value::String(handle.clone());
        let Told { owner, renewer, kind, expires, latest } = told;
        let token = KeptToken { handle: handle.clone(), owner, renewer, kind, made: now(), expires, latest };
        let kept = Kept { value: Arc::new(value.into()), principal: principal.to_owned(), token };
        let reply = serde_json::to_vec(&reply).ok()?;
        self.kept().insert(handle, kept);
        self.changes.fetch_add(1, Ordering::Release);
        Some(reply)
    }

    /// The token of a principal's handle.
    ///
    /// # Errors
    /// 404 for one that is not this principal's, 410 for one of another start.
    pub fn find(&self, principal: &str, handle: &str) -> Result<Arc<SecretString>, Box<Problem>> {
        if let Some(kept) = self.kept().get(handle).filter(|kept| kept.principal == principal) {
            return Ok(kept.value.clone());
        }
        Err(Box::new(if is_handle(handle) && !handle.starts_with(&self.start) {
            let detail = "Howdah was started again, or reads another address since, and keeps delegation tokens in memory \
                          alone. At the service this one lives until it expires. Nothing was sent.";
            Problem::new(Code::TokenDropped, detail)
        } else {
            not_found()
        }))
    }

    /// The token of a handle, whosever it is.
    ///
    /// # Errors
    /// 404 where it is not kept any more.
    pub fn value(&self, handle: &str) -> Result<Arc<SecretString>, Box<Problem>> {
        self.kept().get(handle).map(|kept| kept.value.clone()).ok_or_else(|| Box::new(not_found()))
    }

    /// A token is good until then.
    pub fn renewed(&self, handle: &str, until: Option<Instant>) {
        if let Some(kept) = self.kept().get_mut(handle) {
            kept.token.expires = until.or(kept.token.expires);
        }
    }

    /// A token is no more.
    pub fn ended(&self, handle: &str) {
        let Some(kept) = self.kept().remove(handle) else { return };
        let mut past = self.past.lock().unwrap_or_else(PoisonError::into_inner);
        past.retain(|(_, until)| *until > Moment::now());
        past.push((kept.value, Moment::now() + PREVIOUS_IS_KEPT));
    }

    /// Every value that may turn up in a reply.
    pub fn values(&self) -> Vec<Arc<SecretString>> {
        let past = self.past.lock().unwrap_or_else(PoisonError::into_inner);
        let past = past.iter().filter(|(_, until)| *until > Moment::now()).map(|(value, _)| value.clone());
        past.chain(self.kept().values().map(|kept| kept.value.clone())).collect()
    }

    /// Counts those that have come.
    pub fn changes(&self) -> u64 {
        self.changes.load(Ordering::Acquire)
    }

    /// What may be told of a principal's tokens.
    pub fn list(&self, principal: &str) -> Vec<KeptToken> {
        let mut list: Vec<KeptToken> =
            self.kept().values().filter(|kept| kept.principal == principal).map(|kept| kept.token.clone()).collect();
        list.sort_by_key(|token| std::cmp::Reverse(token.made));
        list
    }
}

fn not_found() -> Problem {
    Problem::new(Code::TokenNotFound, "No delegation token with this handle is kept for you. Nothing was sent.")
}

/// Whether a word has the form of a handle, of whichever start.
pub fn is_handle(word: &str) -> bool {
    let hexadecimal = |part: &str| part.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
    word.split_once('-').is_some_and(|(start, rest)| {
        start.len() == START && rest.len() == 32 && hexadecimal(start) && hexadecimal(rest)
    })
}

#[cfg(test)]
mod tests {
    use secrecy::ExposeSecret;

    use super::*;

    fn handle(body: &[u8]) -> String {
        serde_json::from_slice::<Value>(body).unwrap()["token"].as_str().unwrap().to_owned()
    }

    fn keep(tokens: &Tokens, principal: &str, token: &str) -> String {
        let body = format!(r#"{{"token":"{token}","renewer":"a"}}"#);
        handle(&tokens.keep(principal, "token", Told::default(), body.as_bytes()).unwrap())
    }

    #[test]
    fn a_handle_is_of_use_to_its_principal_and_start_alone() {
        let (tokens, later) = (Tokens::new().unwrap(), Tokens::new().unwrap());
        let minji = keep(&tokens, "minji", "the-token");
        assert!(!minji.contains("the-token"));
        assert_eq!(tokens.find("minji", &minji).unwrap().expose_secret(), "the-token");
        let code = |tokens: &Tokens, principal, handle: &str| tokens.find(principal, handle).unwrap_err().code;
        assert_eq!(code(&tokens, "junho", &minji), Code::TokenNotFound);
        assert_eq!(code(&later, "minji", &minji), Code::TokenDropped);
        for odd in ["", "-", "the-token", &format!("{}-x", tokens.start), "LQoSaG93ZGFoQEhPV0RBSC5URVNU"] {
            assert_eq!(code(&tokens, "minji", odd), Code::TokenNotFound, "{odd}");
        }
        tokens.ended(&minji);
        assert_eq!(code(&tokens, "minji", &minji), Code::TokenNotFound);
        assert_eq!(tokens.values()[0].expose_secret(), "the-token", "it may still turn up");
    }

    #[test]
    fn one_that_has_expired_is_forgotten() {
        let tokens = Tokens::new().unwrap();
        let handle = keep(&tokens, "minji", "the-token");
        tokens.renewed(&handle, Some(now() + 60_000));
        assert_eq!(tokens.list("minji").len(), 1);
        tokens.renewed(&handle, Some(now() - 1));
        assert_eq!((tokens.list("minji").len(), tokens.values().len()), (0, 0));
    }

    #[test]
    fn nobody_has_more_than_there_are_places() {
        let tokens = Tokens::new().unwrap();
        for number in 0..MOST_OF_ONE {
            tokens.has_place("minji").unwrap();
            keep(&tokens, "minji", &format!("token-{number}"));
        }
        assert_eq!(tokens.has_place("minji").unwrap_err().code, Code::TooManyTokens);
        tokens.has_place("junho").unwrap();
    }

    #[test]
    fn a_reply_without_a_token_is_not_passed_on() {
        let tokens = Tokens::new().unwrap();
        for body in ["", "[]", "{}", r#"{"token":""}"#, r#"{"token":7}"#, r#"{"token":{"x":"secret"}}"#] {
            assert!(tokens.keep("minji", "token", Told::default(), body.as_bytes()).is_none(), "{body}");
        }
        assert!(tokens.values().is_empty());
    }
}
