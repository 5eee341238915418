//! The process that makes tokens: a line with a host comes in, a line with the first token of SPNEGO for its
//! `HTTP@HOST` goes out, or why there is none. The GSSAPI library keeps the tickets in memory, and fetches new ones with
//! the keytab before they expire.

use std::io::{self, BufRead, Write};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use libgssapi::context::{ClientCtx, CtxFlags};
use libgssapi::credential::{Cred, CredUsage};
use libgssapi::error::Error;
use libgssapi::name::Name;
use libgssapi::oid::{GSS_MECH_KRB5, GSS_MECH_SPNEGO, GSS_NT_HOSTBASED_SERVICE, GSS_NT_KRB5_PRINCIPAL, OidSet};

/// What an answer with a token begins with.
pub(super) const TOKEN: &str = "token";

/// Answers lines from standard input on standard output, until there are no more.
///
/// # Errors
/// A sentence when one of them breaks.
pub fn make(principal: &str) -> Result<(), String> {
    let mut output = io::stdout().lock();
    for host in io::stdin().lock().lines() {
        let answer = host.and_then(|host| {
            let answer = match token(principal, &host) {
                Ok(token) => format!("{TOKEN} {}", STANDARD.encode(token)),
                Err(error) => format!("error {}", error.to_string().replace(['\n', '\r'], " ")),
            };
            writeln!(output, "{answer}").and_then(|()| output.flush())
        });
        answer.map_err(|error| error.to_string())?;
    }
    Ok(())
}

fn token(principal: &str, host: &str) -> Result<Vec<u8>, Error> {
    let principal = Name::new(principal.as_bytes(), Some(GSS_NT_KRB5_PRINCIPAL))?;
    // Each time anew: this is where the library looks whether it is time for another ticket.
    let kerberos = OidSet::singleton(GSS_MECH_KRB5)?;
    let credential = Cred::acquire(Some(&principal), None, CredUsage::Initiate, Some(&kerberos))?;
    let service = Name::new(format!("HTTP@{host}").as_bytes(), Some(GSS_NT_HOSTBASED_SERVICE))?;
    let mut context = ClientCtx::new(Some(credential), service, CtxFlags::empty(), Some(GSS_MECH_SPNEGO));
    let token = context.step(None, None)?;
    Ok(token.map(|token| token.to_vec()).unwrap_or_default())
}
