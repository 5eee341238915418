//! The Keystone before the simulated Savanna: tokens for one project, by a password or an application credential.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use http::{HeaderMap, HeaderValue, Method, StatusCode};
use secrecy::{ExposeSecret, SecretString};
use serde_json::{Value, json};

use super::super::clock::Clock;
use super::super::made_up;
use super::super::routes::lock;
use super::super::server::{Answer, Asked, Service};
use super::super::times::time;
use super::behaviour::Behaviour;

/// Whom it knows.
#[derive(Clone, Debug)]
pub(super) struct Account {
    pub(super) tenant: String,
    pub(super) user: String,
    pub(super) password: SecretString,
    pub(super) credential_id: String,
    pub(super) credential_secret: SecretString,
}

/// The tokens that it has given, and until when each is good, in ms since the epoch.
#[derive(Default)]
pub(super) struct Tokens(Mutex<BTreeMap<String, i64>>);

impl Tokens {
    /// Whether a call brings a token that is good now.
    pub(super) fn lets_in(&self, headers: &HeaderMap, now: i64) -> bool {
        let brought = headers.get("x-auth-token").and_then(|token| token.to_str().ok());
        brought.is_some_and(|token| lock(&self.0).get(token).is_some_and(|until| *until > now))
    }

    /// How many were given since none was good.
    pub(super) fn given(&self) -> usize {
        lock(&self.0).len()
    }

    /// Ends every token.
    pub(super) fn revoke(&self) {
        lock(&self.0).clear();
    }
}

pub(super) struct Keystone {
    pub(super) account: Account,
    pub(super) tokens: Arc<Tokens>,
    pub(super) behaviour: Arc<Mutex<Behaviour>>,
    pub(super) clock: Clock,
}

impl Service for Keystone {
    async fn answer(&self, asked: Asked) -> Answer {
        match (&asked.method, asked.uri.path()) {
            (&Method::POST, "/v3/auth/tokens") => self.give(&asked.body),
            (&Method::GET, "/v3" | "/v3/") => {
                Answer::json(StatusCode::OK, &json!({"version": {"id": "v3.14", "status": "stable", "links": []}}))
            }
            _ => refused(StatusCode::NOT_FOUND, "The resource could not be found."),
        }
    }
}

fn refused(status: StatusCode, message: &str) -> Answer {
    let title = status.canonical_reason().unwrap_or_default();
    Answer::json(status, &json!({"error": {"code": status.as_u16(), "message": message, "title": title}}))
}

impl Keystone {
    fn give(&self, body: &[u8]) -> Answer {
        let Ok(body) = serde_json::from_slice::<Value>(body) else {
            return refused(StatusCode::BAD_REQUEST, "Expecting to find valid JSON.");
        };
        let Some(method) = self.knows(&body["auth"]) else {
            return refused(StatusCode::UNAUTHORIZED, "The request you have made requires authentication.");
        };
        let (Ok(head), Ok(tail)) = (made_up::key_id(), made_up::key_id()) else {
            return refused(StatusCode::INTERNAL_SERVER_ERROR, "An unexpected error occurred.");
        };
        let token = format!("gAAAAAB{head}{tail}");
        let now = self.clock.now_ms();
        let until = now + i64::from(lock(&self.behaviour).token_seconds) * 1000;
        lock(&self.tokens.0).insert(token.clone(), until);
        let written = |ms| format!("{}.000000Z", time(ms));
        let domain = json!({"id": "default", "name": "Default"});
        let told = json!({"token": {
            "methods": [method],
            "user": {"name": self.account.user, "id": made_up::uuid_of(&self.account.user), "domain": domain},
            "project": {"id": self.account.tenant, "name": "data", "domain": domain},
            "roles": [{"id": "member", "name": "member"}], "catalog": [], "audit_ids": [],
            "issued_at": written(now), "expires_at": written(until),
        }});
        let mut answer = Answer::json(StatusCode::CREATED, &told);
        if let (Answer::Reply(reply), Ok(value)) = (&mut answer, HeaderValue::from_str(&token)) {
            reply.headers_mut().insert("x-subject-token", value);
        }
        answer
    }

    /// By which method, if it is whom it knows.
    fn knows(&self, auth: &Value) -> Option<&'static str> {
        let is = |value: &Value, secret: &SecretString| value.as_str() == Some(secret.expose_secret());
        let Account { tenant, user, password, credential_id, credential_secret } = &self.account;
        let identity = &auth["identity"];
        match identity["methods"][0].as_str()? {
            "password" => {
                let named = &identity["password"]["user"];
                let good = named["name"] == user.as_str()
                    && (named["domain"]["name"] == "Default" || named["domain"]["id"] == "default")
                    && is(&named["password"], password)
                    && auth["scope"]["project"]["id"] == tenant.as_str();
                good.then_some("password")
            }
            "application_credential" => {
                let credential = &identity["application_credential"];
                // It is for one project, and takes no other scope.
                let good = credential["id"] == credential_id.as_str()
                    && is(&credential["secret"], credential_secret)
                    && auth.get("scope").is_none();
                good.then_some("application_credential")
            }
            _ => None,
        }
    }
}
