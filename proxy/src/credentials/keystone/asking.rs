//! Asking Keystone for a token.

use std::path::Path;
use std::time::Duration;

use bytes::Bytes;
use howdah_shared::problem::{Code, Problem, ServiceWords};
use http::header::{ACCEPT, CONTENT_TYPE, HeaderValue, USER_AGENT};
use http::{Method, Request, Uri};
use http_body_util::{BodyExt, Full, Limited};
use hyper_util::client::legacy::Client;
use hyper_util::rt::TokioExecutor;
use secrecy::{ExposeSecret, SecretString};
use serde_json::{Value, json};

use super::Means;
use super::time::between;
use crate::gateway::lane::{Connector, connector};
use crate::gateway::trust::Trust;
use crate::redact::{self, Redactor};
use crate::secrets::Secret;

/// How long all of it may take.
const PATIENCE: Duration = Duration::from_secs(10);
/// The most of a reply that is read: the catalogue of a large cloud is long.
const LIMIT: usize = 4 << 20;
/// How long a token is used whose end is not told.
const UNTOLD: Duration = Duration::from_secs(300);
/// The most characters of what Keystone says that a problem quotes.
const QUOTED: usize = 300;
const SUBJECT_TOKEN: &str = "x-subject-token";

/// Where and with what a token is asked for.
pub(super) struct Asking {
    uri: Uri,
    means: Means,
    tenant: String,
    client: Client<Connector, Full<Bytes>>,
}

/// A token, and how long it is good.
pub(super) struct Granted {
    pub(super) token: SecretString,
    pub(super) life: Duration,
}

impl Asking {
    pub(super) fn new(url: &str, means: Means, tenant: &str, ca_file: Option<&Path>) -> Result<Asking, String> {
        let text = format!("{}/auth/tokens", url.trim_end_matches('/'));
        let uri = text.parse().map_err(|_| "credentials.url is not an address".to_owned())?;
        // None is kept: an hour is between two of them.
        let client =
            Client::builder(TokioExecutor::new()).pool_max_idle_per_host(0).build(connector(Trust::file(ca_file))?);
        Ok(Asking { uri, means, tenant: tenant.to_owned(), client })
    }

    pub(super) fn secret(&self) -> &Secret {
        self.means.secret()
    }

    fn body(&self) -> Value {
        match &self.means {
            Means::Password { user, domain, password } => json!({"auth": {
                "identity": {"methods": ["password"], "password": {"user": {
                    "name": user, "domain": {"name": domain}, "password": password.current().expose_secret(),
                }}},
                "scope": {"project": {"id": self.tenant}},
            }}),
            // It is for one project, and takes no other scope.
            Means::ApplicationCredential { id, secret } => json!({"auth": {
                "identity": {"methods": ["application_credential"], "application_credential": {
                    "id": id, "secret": secret.current().expose_secret(),
                }},
            }}),
        }
    }

    fn host(&self) -> &str {
        self.uri.authority().map_or("", |authority| authority.as_str())
    }

    /// Asks once.
    ///
    /// # Errors
    /// The problem for whoever needs the token; nothing was sent to the service.
    pub(super) async fn ask(&self) -> Result<Granted, Box<Problem>> {
        let host = self.host();
        match tokio::time::timeout(PATIENCE, self.exchange()).await {
            Ok(answered) => answered,
            Err(_) => {
                let seconds = PATIENCE.as_secs();
                let detail = format!("Keystone at {host} gave no token within {seconds} s. Nothing was sent.");
                Err(Box::new(Problem::new(Code::UpstreamTimeout, detail)))
            }
        }
    }

    async fn exchange(&self) -> Result<Granted, Box<Problem>> {
        let host = self.host();
        let mut request = Request::new(Full::new(Bytes::from(self.body().to_string())));
        *request.method_mut() = Method::POST;
        *request.uri_mut() = self.uri.clone();
        let headers = request.headers_mut();
        headers.insert(ACCEPT, HeaderValue::from_static("application/json"));
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
        headers.insert(USER_AGENT, HeaderValue::from_static(concat!("howdah/", env!("CARGO_PKG_VERSION"))));
        let unreachable = |_| {
            let detail = format!("No connection to Keystone at {host} could be made, or it broke. Nothing was sent.");
            Box::new(Problem::new(Code::UpstreamUnreachable, detail))
        };
        let response = self.client.request(request).await.map_err(unreachable)?;
        let (head, body) = response.into_parts();
        let body = Limited::new(body, LIMIT).collect().await.map(|body| body.to_bytes()).unwrap_or_default();
        let status = head.status.as_u16();
        if !head.status.is_success() {
            let (code, what) = match status {
                401 | 403 => (Code::UpstreamRefusedCredential, "refused the credentials that Howdah sent"),
                _ => (Code::UpstreamFailed, "gave no token"),
            };
            let detail = format!("Keystone at {host} {what} ({status}). Whoever runs Howdah must look at them.");
            let mut problem = Problem::new(code, detail);
            problem.service = self.said(status, &body);
            return Err(Box::new(problem));
        }
        let garbled = |what: &str| {
            let detail = format!("The reply of Keystone at {host} {what}. Nothing was sent.");
            Box::new(Problem::new(Code::UpstreamGarbled, detail))
        };
        let mut token = head.headers.get(SUBJECT_TOKEN).cloned().ok_or_else(|| garbled("has no token"))?;
        token.set_sensitive(true);
        let token = token.to_str().ok().filter(|token| token.len() >= crate::secrets::SHORTEST);
        let token = SecretString::from(token.ok_or_else(|| garbled("has no token"))?);
        let told: Value = serde_json::from_slice(&body).map_err(|_| garbled("cannot be read"))?;
        let told = &told["token"];
        let project = told["project"]["id"].as_str().unwrap_or_default();
        if project != self.tenant {
            let detail = format!(
                "Keystone at {host} gave a token for the project {project:?}, and the configured tenant is {:?}. Nothing \
                 was sent.",
                self.tenant
            );
            return Err(Box::new(Problem::new(Code::UpstreamRefusedCredential, detail)));
        }
        // By its own clock from end to end: ours may be set otherwise.
        let life = told["issued_at"].as_str().zip(told["expires_at"].as_str());
        Ok(Granted { token, life: life.and_then(|(from, to)| between(from, to)).unwrap_or(UNTOLD) })
    }

    /// What Keystone says of its refusal, without the secret, which some gateways before it echo.
    fn said(&self, status: u16, body: &[u8]) -> Option<ServiceWords> {
        let value: Value = serde_json::from_slice(body).ok()?;
        let message = value["error"]["message"].as_str()?;
        let secret = self.secret();
        let known = secret.known().into_iter();
        let secrets = known.map(|value| redact::Secret { value: (*value).clone(), short: secret.is_short() });
        let message = Redactor::new(secrets).text(message);
        Some(ServiceWords { status, message: message.chars().filter(|c| !c.is_control()).take(QUOTED).collect() })
    }
}
