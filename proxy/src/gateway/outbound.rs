//! The request that leaves: made from the row's typed parts and the connection's credentials, and from nothing else.

use bytes::Bytes;
use howdah_shared::door::{Call, Row};
use howdah_shared::problem::{Code, Problem};
use http::header::{ACCEPT, CONTENT_TYPE, HOST, HeaderValue, USER_AGENT};
use http::{HeaderMap, Request, Uri};
use http_body_util::Full;

use super::connection::Connection;
use crate::credentials::Outgoing;

/// A request for a service, complete but for how it travels.
#[derive(Clone)]
pub struct Outbound {
    method: http::Method,
    /// The absolute address.
    pub uri: Uri,
    headers: HeaderMap,
    body: Bytes,
}

impl Outbound {
    /// Makes the request of an admitted call.
    ///
    /// # Errors
    /// A problem when there is no credential for it.
    pub async fn new(connection: &Connection, row: &Row, call: &Call) -> Result<Outbound, Box<Problem>> {
        let cluster = connection.addressed(&call.segments)?;
        let mut outgoing = Outgoing { headers: HeaderMap::new(), query: call.query.clone() };
        outgoing.headers.insert(ACCEPT, HeaderValue::from_static("application/json"));
        outgoing.headers.insert(USER_AGENT, HeaderValue::from_static(concat!("howdah/", env!("CARGO_PKG_VERSION"))));
        if call.body.is_some() {
            outgoing.headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
        }
        connection.credentials.apply(&mut outgoing, cluster).await?;
        let base = connection.url.path().trim_end_matches('/');
        let question = if outgoing.query.is_empty() { "" } else { "?" };
        let target = format!("{base}{}{question}{}", call.path, outgoing.query);
        let internal = |_| Box::new(Problem::new(Code::Internal, "The service's address cannot be written."));
        let mut uri = connection.url.clone().into_parts();
        uri.path_and_query = Some(target.parse().map_err(internal)?);
        Ok(Outbound {
            method: http::Method::from_bytes(row.spec.method.as_str().as_bytes()).unwrap_or_default(),
            uri: Uri::from_parts(uri)
                .map_err(|_| Problem::new(Code::Internal, "The service's address cannot be written."))?,
            headers: outgoing.headers,
            body: call.body.clone().map(Bytes::from).unwrap_or_default(),
        })
    }

    /// The request for a pooled client, which takes an absolute address.
    pub fn pooled(&self) -> Request<Full<Bytes>> {
        self.request(self.uri.clone())
    }

    /// The request for a connection of its own, which takes a path and a `Host`.
    pub fn alone(&self) -> Request<Full<Bytes>> {
        let target = self.uri.path_and_query().map_or("/", |target| target.as_str());
        let mut request = self.request(target.parse().unwrap_or_default());
        if let Some(host) = self.uri.authority().and_then(|authority| HeaderValue::from_str(authority.as_str()).ok()) {
            request.headers_mut().insert(HOST, host);
        }
        request
    }

    fn request(&self, uri: Uri) -> Request<Full<Bytes>> {
        let mut request = Request::new(Full::new(self.body.clone()));
        *request.method_mut() = self.method.clone();
        *request.uri_mut() = uri;
        *request.headers_mut() = self.headers.clone();
        request
    }
}
