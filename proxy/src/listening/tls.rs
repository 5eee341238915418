//! The certificate of our own listener: read at start, and again when its files change.

use std::sync::{Arc, PoisonError, RwLock};
use std::time::SystemTime;

use rustls::ServerConfig;
use rustls::crypto::ring;
use rustls::server::{ClientHello, ResolvesServerCert};
use rustls::sign::CertifiedKey;
use rustls_pki_types::pem::PemObject;
use rustls_pki_types::{CertificateDer, PrivateKeyDer};
use tokio_rustls::TlsAcceptor;

use crate::config::TlsConfig;
use crate::secrets::modified;

/// HTTP/2 by its name in the handshake.
pub(super) const HTTP_2: &[u8] = b"h2";
const HTTP_1: &[u8] = b"http/1.1";

/// TLS with the newest good certificate.
pub struct Tls {
    /// Shakes hands.
    pub acceptor: TlsAcceptor,
    files: TlsConfig,
    shown: Arc<Shown>,
    seen: RwLock<Times>,
}

/// When the certificate's file and the key's were changed.
type Times = [Option<SystemTime>; 2];

/// The certificate that is shown, with its key.
#[derive(Debug)]
struct Shown(RwLock<Arc<CertifiedKey>>);

impl ResolvesServerCert for Shown {
    fn resolve(&self, _: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        Some(self.0.read().unwrap_or_else(PoisonError::into_inner).clone())
    }
}

impl Tls {
    /// Reads both files.
    ///
    /// # Errors
    /// A sentence when one cannot be read, or when they do not belong together.
    pub fn open(files: &TlsConfig) -> Result<Tls, String> {
        let seen = RwLock::new(times(files));
        let shown = Arc::new(Shown(RwLock::new(Arc::new(read(files)?))));
        let mut config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_safe_default_protocol_versions()
            .map_err(|error| error.to_string())?
            .with_no_client_auth()
            .with_cert_resolver(shown.clone());
        config.alpn_protocols = vec![HTTP_2.to_vec(), HTTP_1.to_vec()];
        Ok(Tls { acceptor: TlsAcceptor::from(Arc::new(config)), files: files.clone(), shown, seen })
    }

    /// Shows a new certificate when the files have changed. One that is no good is told of once, and the old one stays:
    /// the other file may still be on its way.
    pub fn refresh(&self) {
        let times = times(&self.files);
        let mut seen = self.seen.write().unwrap_or_else(PoisonError::into_inner);
        if *seen == times {
            return;
        }
        *seen = times;
        match read(&self.files) {
            Ok(fresh) => {
                *self.shown.0.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(fresh);
                tracing::info!("the listener shows a new certificate");
            }
            Err(why) => tracing::error!(%why, "the listener's certificate stays as it was"),
        }
    }
}

fn times(files: &TlsConfig) -> Times {
    [modified(&files.certificate_file), modified(&files.key_file)]
}

fn read(files: &TlsConfig) -> Result<CertifiedKey, String> {
    let (certificate, key) = (files.certificate_file.display(), files.key_file.display());
    let chain = CertificateDer::pem_file_iter(&files.certificate_file)
        .and_then(Iterator::collect::<Result<Vec<_>, _>>)
        .map_err(|error| format!("{certificate}: {error}"))?;
    if chain.is_empty() {
        return Err(format!("{certificate} holds no certificate"));
    }
    let secret = PrivateKeyDer::from_pem_file(&files.key_file).map_err(|error| format!("{key}: {error}"))?;
    CertifiedKey::from_der(chain, secret, &ring::default_provider())
        .map_err(|error| format!("{certificate} and {key}: {error}"))
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::time::Duration;

    use super::*;

    fn write(files: &TlsConfig, certificate: &str, key: &str, age: u64) {
        for (path, text) in [(&files.certificate_file, certificate), (&files.key_file, key)] {
            fs::write(path, text).unwrap();
            let file = fs::File::options().write(true).open(path).unwrap();
            file.set_modified(SystemTime::now() - Duration::from_secs(age)).unwrap();
        }
    }

    fn made(name: &str) -> (String, String) {
        let made = rcgen::generate_simple_self_signed([name.to_owned()]).unwrap();
        (made.cert.pem(), made.signing_key.serialize_pem())
    }

    #[test]
    fn a_new_pair_is_shown_and_half_of_one_is_not() {
        let folder = tempfile::tempdir().unwrap();
        let files = TlsConfig {
            certificate_file: folder.path().join("certificate.pem"),
            key_file: folder.path().join("key.pem"),
        };
        let (first, second) = (made("first.example"), made("second.example"));
        write(&files, &first.0, &first.1, 30);
        let tls = Tls::open(&files).unwrap();
        let shown = || tls.shown.0.read().unwrap().cert[0].clone();
        let before = shown();
        write(&files, &second.0, &first.1, 20);
        tls.refresh();
        assert_eq!(shown(), before);
        write(&files, &second.0, &second.1, 10);
        tls.refresh();
        assert_ne!(shown(), before);
    }

    #[test]
    fn what_is_wrong_is_said_by_the_name_of_the_file() {
        let folder = tempfile::tempdir().unwrap();
        let files = TlsConfig {
            certificate_file: folder.path().join("certificate.pem"),
            key_file: folder.path().join("key.pem"),
        };
        let (good, other) = (made("good.example"), made("other.example"));
        let why = || Tls::open(&files).err().unwrap();
        assert!(why().contains("certificate.pem: "), "{}", why());
        write(&files, "", &good.1, 0);
        assert!(why().ends_with("certificate.pem holds no certificate"), "{}", why());
        write(&files, &good.0, "", 0);
        assert!(why().contains("key.pem: "), "{}", why());
        write(&files, &good.0, &other.1, 0);
        assert!(why().contains("certificate.pem and "), "{}", why());
    }
}
