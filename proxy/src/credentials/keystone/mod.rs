//! OpenStack's Keystone v3: a token for a project, fetched with a password or an application credential. It is used until
//! shortly before it expires, and fetched by one call for all that wait for it.

mod asking;
mod time;

use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex as Held, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use futures_util::future::BoxFuture;
use howdah_shared::problem::Problem;
use secrecy::SecretString;
use tokio::sync::Mutex;

use self::asking::{Asking, Granted};
use super::given_token::KEYSTONE;
use super::{AddressedCluster, Credentials, Outgoing, set_secret};
use crate::secrets::{PREVIOUS_IS_KEPT, Secret};

/// How long before its end a token is not used any more, unless its whole life is short.
const MARGIN: Duration = Duration::from_secs(120);
/// For how long a token is new: one that is refused so soon is not refused for its age, and another would be too.
const NEW: Duration = Duration::from_secs(10);

/// What a token is asked for with.
pub(super) enum Means {
    /// A name in a domain, and a password.
    Password { user: String, domain: String, password: Secret },
    /// An application credential, which is for one project.
    ApplicationCredential { id: String, secret: Secret },
}

impl Means {
    fn secret(&self) -> &Secret {
        match self {
            Means::Password { password: secret, .. } | Means::ApplicationCredential { secret, .. } => secret,
        }
    }
}

/// Tokens that are fetched.
pub(super) struct Keystone {
    asking: Asking,
    /// One call fetches at a time.
    fetching: Mutex<Failure>,
    kept: Held<Kept>,
    changes: AtomicU64,
}

/// What the last try to fetch one failed with, and when.
#[derive(Default)]
struct Failure(Option<(Instant, Problem)>);

#[derive(Default)]
struct Kept {
    token: Option<Arc<Token>>,
    /// Those of before, and until when they may still turn up.
    past: Vec<(Arc<Token>, Instant)>,
}

struct Token {
    value: SecretString,
    fetched: Instant,
    /// When it is not used any more.
    until: Instant,
}

impl Keystone {
    /// # Errors
    /// A sentence when the certificates cannot be read.
    pub(super) fn new(url: &str, means: Means, tenant: &str, ca_file: Option<&Path>) -> Result<Keystone, String> {
        let asking = Asking::new(url, means, tenant, ca_file)?;
        Ok(Keystone { asking, fetching: Mutex::default(), kept: Held::default(), changes: AtomicU64::new(0) })
    }

    fn kept(&self) -> MutexGuard<'_, Kept> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The token, where there is one that was fetched after this instant and is good still.
    fn good_since(&self, since: Option<Instant>) -> Option<Arc<Token>> {
        let fresh =
            |token: &Arc<Token>| token.until > Instant::now() && since.is_none_or(|since| token.fetched > since);
        self.kept().token.clone().filter(fresh)
    }

    /// The token, or a new one, which is fetched once for all that want one.
    async fn token(&self, since: Option<Instant>) -> Result<Arc<Token>, Box<Problem>> {
        if let Some(token) = self.good_since(since) {
            return Ok(token);
        }
        let asked = Instant::now();
        let mut failure = self.fetching.lock().await;
        if let Some(token) = self.good_since(since) {
            return Ok(token);
        }
        // Whoever waited for a try that failed has had it.
        if let Failure(Some((at, problem))) = &*failure
            && *at > asked
        {
            return Err(Box::new(problem.clone()));
        }
        let fetched = Instant::now();
        match self.asking.ask().await {
            Ok(Granted { token: value, life }) => {
                let until = fetched + life.saturating_sub(MARGIN.min(life / 4));
                let token = Arc::new(Token { value, fetched, until });
                let mut kept = self.kept();
                let now = Instant::now();
                kept.past.retain(|(_, until)| *until > now);
                if let Some(old) = kept.token.replace(token.clone()) {
                    kept.past.push((old, now + PREVIOUS_IS_KEPT));
                }
                drop(kept);
                self.changes.fetch_add(1, Ordering::Release);
                *failure = Failure(None);
                Ok(token)
            }
            Err(problem) => {
                *failure = Failure(Some((Instant::now(), (*problem).clone())));
                Err(problem)
            }
        }
    }
}

impl Credentials for Keystone {
    fn apply<'a>(
        &'a self,
        outgoing: &'a mut Outgoing,
        _: Option<AddressedCluster<'a>>,
    ) -> BoxFuture<'a, Result<(), Box<Problem>>> {
        Box::pin(async move {
            let token = self.token(None).await?;
            set_secret(&mut outgoing.headers, KEYSTONE, &token.value)
        })
    }

    fn renew(&self, since: Instant) -> BoxFuture<'_, bool> {
        Box::pin(async move {
            // What was refused may be older than the token that others have fetched meanwhile.
            if self.good_since(Some(since)).is_some() {
                return true;
            }
            let is_new = self.kept().token.as_ref().is_some_and(|token| token.fetched.elapsed() < NEW);
            // A password that was changed in its file since it was last looked at.
            let changed = self.asking.secret().refresh() == Ok(true);
            if is_new && !changed {
                return false;
            }
            self.token(Some(since)).await.is_ok()
        })
    }

    fn secrets(&self) -> Vec<Secret> {
        vec![self.asking.secret().clone()]
    }

    fn fetched(&self) -> Vec<SecretString> {
        let kept = self.kept();
        let now = Instant::now();
        let past = kept.past.iter().filter(|(_, until)| *until > now).map(|(token, _)| token);
        kept.token.iter().chain(past).map(|token| token.value.clone()).collect()
    }

    fn changes(&self) -> u64 {
        self.changes.load(Ordering::Acquire)
    }
}
