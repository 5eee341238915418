//! Delegation tokens, as a ResourceManager behind Kerberos gives them, and as one without refuses to.
//!
//! Every sentence here but those to a foreign caller was seen on a real server of 3.4.2.

use std::fmt;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use http::{HeaderMap, StatusCode};
use secrecy::{ExposeSecret, SecretString};
use serde_json::{Value, json};

use super::super::clock::Clock;
use super::super::made_up;
use super::dialect::Refused;

/// How long a token is good, and how long it can be renewed, in seconds of life.
const GOOD: f64 = 24.0 * 3600.0;
const RENEWABLE: f64 = 7.0 * GOOD;
/// The header that names the token to renew or to cancel.
const NAMED_BY: &str = "hadoop-yarn-rm-delegation-token";
/// The headers by which a token speaks for its owner; the second is the older one.
const SHOWN_BY: [&str; 2] = ["x-hadoop-delegation-token", "hadoop-yarn-auth-delegation-token"];
const REALM: &str = "SANDBOX.INVALID";

/// Who asks, and how that is known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Caller {
    pub(super) name: String,
    /// What the service calls the way: `SIMPLE`, `null`, `kerberos` or `kerberos-dt`.
    pub(super) kind: &'static str,
}

/// The tokens that were given.
#[derive(Debug, Default)]
pub(super) struct Tokens(Vec<Token>);

#[derive(Debug)]
struct Token {
    text: SecretString,
    owner: String,
    renewer: String,
    issued_ms: i64,
    last_ms: i64,
    /// In seconds of life.
    expires: f64,
    last: f64,
    number: usize,
    cancelled: bool,
}

impl fmt::Display for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Token { owner, renewer, issued_ms, last_ms, number, .. } = self;
        write!(
            f,
            "(RM_DELEGATION_TOKEN owner={owner}@{REALM}, renewer={renewer}, realUser=, issueDate={issued_ms}, \
             maxDate={last_ms}, sequenceNumber={number}, masterKeyId=2)"
        )
    }
}

fn header<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get(name)?.to_str().ok()
}

/// Refuses whoever is not known by Kerberos itself.
fn check(caller: &Caller) -> Result<(), Refused> {
    if caller.kind == "kerberos" {
        return Ok(());
    }
    let sentence = "Delegation token operations can only be carried out on a Kerberos authenticated channel.";
    let types = format!("Expected auth type is kerberos, got type {}", caller.kind);
    Err(Refused::Plain(StatusCode::FORBIDDEN, format!("{sentence} {types}")))
}

impl Tokens {
    /// Who is spoken for by the token that a call shows.
    pub(super) fn shown(&self, headers: &HeaderMap, now: f64) -> Option<Result<String, String>> {
        let text = SHOWN_BY.iter().find_map(|name| header(headers, name))?;
        let good = self.0.iter().find(|token| token.text.expose_secret() == text);
        Some(match good {
            Some(token) if !token.cancelled && token.expires > now => Ok(token.owner.clone()),
            Some(token) => Err(format!("token {token} is expired or can't be found in cache")),
            None => Err("Could not decode encoded token".to_owned()),
        })
    }

    /// Gives one.
    ///
    /// # Errors
    /// The refusal.
    pub(super) fn create(&mut self, caller: &Caller, body: &[u8], clock: Clock) -> Result<Value, Refused> {
        check(caller)?;
        let renewer = serde_json::from_slice::<Value>(body).ok();
        let renewer = renewer.as_ref().and_then(|body| body["renewer"].as_str()).unwrap_or_default().to_owned();
        let broken = |error: std::io::Error| {
            Refused::with(StatusCode::INTERNAL_SERVER_ERROR, "YarnRuntimeException", Some(error.to_string()))
        };
        let unique = made_up::key_id().map_err(broken)?;
        let owner = caller.name.clone();
        let number = self.0.len() + 1;
        let text =
            URL_SAFE_NO_PAD.encode(format!("\0{owner}@{REALM}\0{renewer}\0{number}\0{unique}RM_DELEGATION_TOKEN\0"));
        let now = clock.life();
        let token = Token {
            text: text.clone().into(),
            owner,
            renewer,
            issued_ms: clock.wall_ms(now),
            last_ms: clock.wall_ms(now + RENEWABLE),
            expires: now + GOOD,
            last: now + RENEWABLE,
            number,
            cancelled: false,
        };
        let told = json!({
            "token": text,
            "renewer": token.renewer,
            "owner": format!("{}@{REALM}", token.owner),
            "kind": "RM_DELEGATION_TOKEN",
            "expiration-time": clock.wall_ms(token.expires),
            "max-validity": token.last_ms,
        });
        self.0.push(token);
        Ok(told)
    }

    fn named(&mut self, headers: &HeaderMap) -> Result<&mut Token, Refused> {
        let text = header(headers, NAMED_BY).ok_or_else(|| {
            Refused::bad_request("Header 'Hadoop-YARN-RM-Delegation-Token' containing encoded token not found")
        })?;
        let token = self.0.iter_mut().find(|token| token.text.expose_secret() == text);
        token.ok_or_else(|| Refused::bad_request("Could not decode encoded token"))
    }

    /// Makes one good for longer.
    ///
    /// # Errors
    /// The refusal.
    pub(super) fn renew(&mut self, caller: &Caller, headers: &HeaderMap, clock: Clock) -> Result<Value, Refused> {
        check(caller)?;
        let (token, now) = (self.named(headers)?, clock.life());
        if token.cancelled {
            return Err(Refused::bad_request(format!("Renewal request for unknown token {token}")));
        }
        if token.renewer != caller.name {
            let (name, renewer) = (&caller.name, &token.renewer);
            let sentence = format!("{name} tries to renew a token {token} with non-matching renewer {renewer}");
            return Err(Refused::Plain(StatusCode::FORBIDDEN, sentence));
        }
        token.expires = (now + GOOD).min(token.last);
        Ok(json!({"expiration-time": clock.wall_ms(token.expires)}))
    }

    /// Makes one worthless.
    ///
    /// # Errors
    /// The refusal.
    pub(super) fn cancel(&mut self, caller: &Caller, headers: &HeaderMap) -> Result<(), Refused> {
        check(caller)?;
        let token = self.named(headers)?;
        if token.cancelled {
            return Err(Refused::bad_request(format!("Token not found {token}")));
        }
        if caller.name != token.owner && caller.name != token.renewer {
            let sentence = format!("{} is not authorized to cancel the token {token}", caller.name);
            return Err(Refused::Plain(StatusCode::FORBIDDEN, sentence));
        }
        token.cancelled = true;
        Ok(())
    }
}
