//! `howdah health`: asks the Howdah that runs with a configuration whether it is ready, where nothing else is there to
//! ask it: in an image that holds no other program.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use axum::body::Body;
use http::header::HOST;
use http::{Request, StatusCode};
use hyper::client::conn::http1;
use hyper_util::rt::TokioIo;
use rustls_pki_types::pem::PemObject;
use rustls_pki_types::{CertificateDer, ServerName};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;

use crate::config::{Config, TlsConfig};
use crate::gateway::trust::{Fingerprint, Trust};

/// How long all of it may take.
const PATIENCE: Duration = Duration::from_secs(5);

/// `howdah health`
///
/// # Errors
/// The sentence for whoever asked: it is not there, or not ready.
pub async fn health(path: &Path) -> Result<(), String> {
    let config = Config::load(path).map_err(|error| error.to_string())?;
    let public = config.public().map_err(|error| error.to_string())?;
    let host = public.hosts.into_iter().next().unwrap_or_default();
    let status = tokio::time::timeout(PATIENCE, ask(&config, &host)).await;
    match status.map_err(|_| format!("no answer within {} s", PATIENCE.as_secs()))?? {
        StatusCode::OK => Ok(()),
        status => Err(format!("/readyz answers {}", status.as_u16())),
    }
}

async fn ask(config: &Config, host: &str) -> Result<StatusCode, String> {
    let address = reached_at(config.listen);
    let stream = TcpStream::connect(address).await.map_err(|error| format!("{address}: {error}"))?;
    let Some(files) = &config.tls else { return status(stream, host).await };
    // Only the certificate decides, so the name says nothing.
    let name = ServerName::IpAddress(address.ip().into());
    let stream = connector(files)?.connect(name, stream).await.map_err(|error| format!("{address}: {error}"))?;
    status(stream, host).await
}

/// Who listens everywhere is reached on loopback.
fn reached_at(listen: SocketAddr) -> SocketAddr {
    let ip = match listen.ip() {
        IpAddr::V4(ip) if ip.is_unspecified() => Ipv4Addr::LOCALHOST.into(),
        IpAddr::V6(ip) if ip.is_unspecified() => Ipv6Addr::LOCALHOST.into(),
        ip => ip,
    };
    SocketAddr::new(ip, listen.port())
}

async fn status(
    stream: impl AsyncRead + AsyncWrite + Send + Unpin + 'static,
    host: &str,
) -> Result<StatusCode, String> {
    let text = |error: hyper::Error| error.to_string();
    let (mut sender, connection) = http1::handshake(TokioIo::new(stream)).await.map_err(text)?;
    let request = Request::get("/readyz").header(HOST, host).body(Body::empty()).map_err(|error| error.to_string())?;
    let reply = sender.send_request(request);
    tokio::select! {
        reply = reply => Ok(reply.map_err(text)?.status()),
        ended = connection => Err(ended.map_or_else(text, |()| "the connection was closed".to_owned())),
    }
}

/// Takes our own certificate and no other: who asks itself has no use for authorities and names.
fn connector(files: &TlsConfig) -> Result<TlsConnector, String> {
    let certificate = CertificateDer::from_pem_file(&files.certificate_file)
        .map_err(|error| format!("{}: {error}", files.certificate_file.display()))?;
    let config = Trust::Pinned(Fingerprint::of(&certificate)).client()?;
    Ok(TlsConnector::from(Arc::new(config)))
}

#[cfg(test)]
mod tests {
    use super::reached_at;

    #[test]
    fn who_listens_everywhere_is_reached_on_loopback() {
        for (listen, reached) in [
            ("0.0.0.0:8700", "127.0.0.1:8700"),
            ("[::]:1", "[::1]:1"),
            ("10.0.0.1:2", "10.0.0.1:2"),
            ("127.0.0.1:3", "127.0.0.1:3"),
        ] {
            assert_eq!(reached_at(listen.parse().unwrap()), reached.parse().unwrap());
        }
    }
}
