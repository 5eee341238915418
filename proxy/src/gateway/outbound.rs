//! The request that leaves: made from the row's typed parts and the connection's credentials, and from nothing else.

use bytes::Bytes;
use howdah_shared::door::{Call, Row};
use howdah_shared::problem::{Code, Problem};
use http::header::{ACCEPT, CONTENT_TYPE, HOST, HeaderName, HeaderValue, USER_AGENT};
use http::{HeaderMap, Request, Uri};
use http_body_util::Full;

use super::choosing;
use super::connection::{Connection, is_change};
use crate::credentials::{Outgoing, set_secret};

/// A request for a service, complete but for how it travels.
#[derive(Clone)]
pub struct Outbound {
    method: http::Method,
    /// The absolute address.
    pub uri: Uri,
    /// Which of the connection's servers that is.
    pub server: usize,
    headers: HeaderMap,
    body: Bytes,
}

impl Outbound {
    /// Makes the request of an admitted call, for the server that is active.
    ///
    /// # Errors
    /// A problem when no server is active, or there is no credential for it.
    pub async fn new(connection: &Connection, row: &Row, call: &Call) -> Result<Outbound, Box<Problem>> {
        Outbound::to(connection, connection.server().await?, row, call).await
    }

    /// As [`Outbound::new`], for one of the servers.
    ///
    /// # Errors
    /// A problem when there is no credential for it.
    pub async fn to(connection: &Connection, server: usize, row: &Row, call: &Call) -> Result<Outbound, Box<Problem>> {
        let cluster = connection.addressed(row, &call.segments)?;
        let beside = connection.beside(row);
        let address = beside.map_or_else(|| connection.servers.address(server), |service| &service.address);
        let host = address.host().unwrap_or_default().to_owned();
        let mut outgoing = Outgoing { host, headers: HeaderMap::new(), query: choosing::sent(row, call) };
        outgoing.headers.insert(ACCEPT, HeaderValue::from_static("application/json"));
        outgoing.headers.insert(USER_AGENT, HeaderValue::from_static(concat!("howdah/", env!("CARGO_PKG_VERSION"))));
        if call.body.is_some() {
            let kind = if row.spec.tail.text { "text/plain; charset=utf-8" } else { "application/json" };
            outgoing.headers.insert(CONTENT_TYPE, HeaderValue::from_static(kind));
        }
        if is_change(row.spec.effect) {
            for (name, value) in connection.system.of_changes {
                outgoing.headers.insert(HeaderName::from_static(name), HeaderValue::from_static(value));
            }
        }
        if let (Some(header), Some(handle)) = (row.spec.tail.keeping.and_then(|keeping| keeping.header()), &call.handle)
        {
            let token = connection.tokens().value(handle)?;
            set_secret(&mut outgoing.headers, HeaderName::from_static(header), &token)?;
        }
        connection.credentials.apply(&mut outgoing, cluster).await?;
        let mut base = address.path().trim_end_matches('/');
        if beside.is_some() {
            base = without_version(base, &call.path);
        }
        let question = if outgoing.query.is_empty() { "" } else { "?" };
        let target = format!("{base}{}{question}{}", call.path, outgoing.query);
        let internal = |_| Box::new(Problem::new(Code::Internal, "The service's address cannot be written."));
        let mut uri = address.clone().into_parts();
        uri.path_and_query = Some(target.parse().map_err(internal)?);
        Ok(Outbound {
            method: http::Method::from_bytes(row.spec.method.as_str().as_bytes()).unwrap_or_default(),
            uri: Uri::from_parts(uri)
                .map_err(|_| Problem::new(Code::Internal, "The service's address cannot be written."))?,
            server,
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

/// The path of an address before that of a call, whose version it may end with.
fn without_version<'a>(base: &'a str, path: &str) -> &'a str {
    let version = path.split('/').nth(1).unwrap_or_default();
    base.strip_suffix(version).and_then(|base| base.strip_suffix('/')).unwrap_or(base)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_version_stands_in_an_address_once() {
        let meant =
            [("", ""), ("/v2.1", ""), ("/compute/v2.1", "/compute"), ("/compute", "/compute"), ("/xv2.1", "/xv2.1")];
        for (base, meant) in meant {
            assert_eq!(without_version(base, "/v2.1/flavors/detail"), meant, "{base}");
        }
    }
}
