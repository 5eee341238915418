//! Which certificates of a service are trusted: those of the machine, those of a file, or the one of a fingerprint. There
//! is no way to trust any.

use std::error::Error;
use std::path::Path;
use std::str::FromStr;
use std::sync::Arc;
use std::{fmt, io};

use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::{CryptoProvider, WebPkiSupportedAlgorithms, ring, verify_tls12_signature, verify_tls13_signature};
use rustls::{CertificateError, ClientConfig, DigitallySignedStruct, OtherError, SignatureScheme};
use rustls_pki_types::pem::PemObject;
use rustls_pki_types::{CertificateDer, ServerName, UnixTime};
use serde::Deserialize;
use sha2::{Digest, Sha256};

/// Whose certificates are trusted.
#[derive(Clone, Copy, Debug)]
pub enum Trust<'a> {
    /// Those that the machine trusts.
    Machine,
    /// Those of a file.
    File(&'a Path),
    /// The one with this fingerprint, whoever has signed it and whatever name it has: it proves itself by its key.
    Pinned(Fingerprint),
}

impl<'a> Trust<'a> {
    /// That of a file where there is one.
    pub fn file(file: Option<&'a Path>) -> Trust<'a> {
        file.map_or(Trust::Machine, Trust::File)
    }

    /// The configuration of TLS for it.
    ///
    /// # Errors
    /// A sentence when the certificates cannot be read.
    pub fn client(self) -> Result<ClientConfig, String> {
        let provider = Arc::new(ring::default_provider());
        let tls = ClientConfig::builder_with_provider(provider.clone())
            .with_safe_default_protocol_versions()
            .map_err(|error| error.to_string())?;
        let mut roots = rustls::RootCertStore::empty();
        match self {
            Trust::Pinned(fingerprint) => {
                let pinned = Arc::new(Pinned::new(fingerprint, &provider));
                return Ok(tls.dangerous().with_custom_certificate_verifier(pinned).with_no_client_auth());
            }
            Trust::File(file) => {
                let name = file.display();
                let found = CertificateDer::pem_file_iter(file).map_err(|error| format!("{name}: {error}"))?;
                for certificate in found {
                    let certificate = certificate.map_err(|error| format!("{name}: {error}"))?;
                    roots.add(certificate).map_err(|error| format!("{name}: {error}"))?;
                }
                if roots.is_empty() {
                    return Err(format!("{name} holds no certificate"));
                }
            }
            Trust::Machine => {
                for certificate in rustls_native_certs::load_native_certs().certs {
                    // A store may hold certificates that are not for this use; those that are count.
                    let _ = roots.add(certificate);
                }
            }
        }
        Ok(tls.with_root_certificates(roots).with_no_client_auth())
    }
}

/// The SHA-256 of a certificate, as it stands in a configuration: 64 hexadecimal digits, with or without colons.
#[derive(Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct Fingerprint([u8; 32]);

impl Fingerprint {
    /// That of a certificate.
    pub fn of(certificate: &CertificateDer<'_>) -> Fingerprint {
        Fingerprint(Sha256::digest(certificate.as_ref()).into())
    }
}

impl fmt::Display for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let bytes = self.0.iter().map(|byte| format!("{byte:02X}"));
        f.write_str(&bytes.collect::<Vec<_>>().join(":"))
    }
}

impl fmt::Debug for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl FromStr for Fingerprint {
    type Err = String;

    fn from_str(text: &str) -> Result<Fingerprint, String> {
        let digits: Vec<u8> = text.bytes().filter(|byte| *byte != b':').collect();
        let byte = |pair: &[u8]| {
            let pair =
                std::str::from_utf8(pair).ok().filter(|pair| pair.bytes().all(|digit| digit.is_ascii_hexdigit()));
            u8::from_str_radix(pair?, 16).ok()
        };
        let bytes: Option<Vec<u8>> = digits.chunks(2).map(byte).collect();
        let bytes: Option<[u8; 32]> = bytes.and_then(|bytes| bytes.try_into().ok());
        let rule = || "a fingerprint is the SHA-256 of a certificate: 64 hexadecimal digits, with or without colons";
        bytes.filter(|_| digits.len() == 64).map(Fingerprint).ok_or_else(|| rule().to_owned())
    }
}

impl TryFrom<String> for Fingerprint {
    type Error = String;

    fn try_from(text: String) -> Result<Fingerprint, String> {
        text.parse()
    }
}

/// Whether an error is that of a certificate which is not trusted.
pub fn is_untrusted(error: &(dyn Error + 'static)) -> bool {
    let mut next = Some(error);
    while let Some(error) = next {
        if matches!(error.downcast_ref(), Some(rustls::Error::InvalidCertificate(_))) {
            return true;
        }
        // What an error of input or output was made of is no cause of it, but it itself.
        let within = error.downcast_ref::<io::Error>().and_then(io::Error::get_ref);
        next = within.map(|within| within as &(dyn Error + 'static)).or_else(|| error.source());
    }
    false
}

/// Another certificate than the one of the configured fingerprint.
struct Another(Fingerprint);

impl fmt::Display for Another {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the certificate's fingerprint is {}, which is not the configured one", self.0)
    }
}

// The library writes it so.
impl fmt::Debug for Another {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl Error for Another {}

/// Trusts one certificate. That the server has its key is checked as ever.
#[derive(Debug)]
struct Pinned {
    fingerprint: Fingerprint,
    algorithms: WebPkiSupportedAlgorithms,
}

impl Pinned {
    fn new(fingerprint: Fingerprint, provider: &CryptoProvider) -> Pinned {
        Pinned { fingerprint, algorithms: provider.signature_verification_algorithms }
    }
}

impl ServerCertVerifier for Pinned {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        _intermediates: &[CertificateDer<'_>],
        _server_name: &ServerName<'_>,
        _ocsp_response: &[u8],
        _now: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        let found = Fingerprint::of(end_entity);
        if found == self.fingerprint {
            return Ok(ServerCertVerified::assertion());
        }
        Err(CertificateError::Other(OtherError(Arc::new(Another(found)))).into())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        verify_tls12_signature(message, certificate, signed, &self.algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        verify_tls13_signature(message, certificate, signed, &self.algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.algorithms.supported_schemes()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fingerprint_is_written_with_colons_or_without() {
        let digits = "0aF1".repeat(16);
        let plain: Fingerprint = digits.parse().unwrap();
        assert_eq!(plain.to_string().parse(), Ok(plain));
        assert!(plain.to_string().starts_with("0A:F1:"));
        for bad in
            ["", "0a", &digits[1..], &format!("{digits}00"), &digits.replace('a', "g"), &digits.replace('a', "é")]
        {
            assert!(bad.parse::<Fingerprint>().is_err(), "{bad}");
        }
    }
}
