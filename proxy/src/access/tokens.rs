//! Configured tokens, each a principal with roles.

use std::sync::{Arc, PoisonError, RwLock};

use secrecy::ExposeSecret;
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

use super::Roles;
use crate::config::TokenConfig;
use crate::random::hex;
use crate::secrets::Secret;

/// A configured token.
pub struct Token {
    /// The principal's name.
    pub principal: String,
    /// Its roles.
    pub roles: Arc<Roles>,
    secret: Secret,
    /// Of its value as it is now: every call with a token asks for it.
    digest: RwLock<String>,
}

/// Every configured token.
#[derive(Default)]
pub struct Tokens(Vec<Token>);

/// A token's SHA-256 as text. Sessions are bound to it, so that they end when the token is changed or taken away.
pub fn digest(token: &[u8]) -> String {
    hex(&Sha256::digest(token))
}

impl Tokens {
    /// Reads the tokens of a configuration.
    ///
    /// # Errors
    /// A sentence that names the principal whose token cannot be read.
    pub fn open(configured: &[TokenConfig]) -> Result<Tokens, String> {
        let open = |token: &TokenConfig| -> Result<Token, String> {
            let secret =
                Secret::open(&token.token).map_err(|why| format!("the token of {}: {why}", token.principal))?;
            let roles = Arc::new(Roles::new(&token.roles));
            let digest = RwLock::new(digest_of(&secret));
            Ok(Token { principal: token.principal.clone(), roles, secret, digest })
        };
        configured.iter().map(open).collect::<Result<_, _>>().map(Tokens)
    }

    /// Whether none is configured.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The token of that value. Every token is compared, in a time that does not tell how much was right.
    pub fn find(&self, value: &str) -> Option<&Token> {
        self.find_digest(&digest(value.as_bytes()))
    }

    /// The token of that digest.
    pub fn find_digest(&self, wanted: &str) -> Option<&Token> {
        let mut found = None;
        for token in &self.0 {
            if bool::from(token.digest().as_bytes().ct_eq(wanted.as_bytes())) {
                found = Some(token);
            }
        }
        found
    }

    /// Reads tokens whose files have changed; gives whether there were any.
    pub fn refresh(&self) -> bool {
        let mut changed = false;
        for token in &self.0 {
            match token.secret.refresh() {
                Ok(true) => {
                    changed = true;
                    *token.digest.write().unwrap_or_else(PoisonError::into_inner) = digest_of(&token.secret);
                    tracing::info!(principal = token.principal, "a token has changed");
                }
                Ok(false) => {}
                Err(why) => tracing::warn!(principal = token.principal, %why, "a changed token is not taken"),
            }
        }
        changed
    }
}

impl Token {
    /// The digest of its value.
    pub fn digest(&self) -> String {
        self.digest.read().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

fn digest_of(secret: &Secret) -> String {
    digest(secret.current().expose_secret().as_bytes())
}
