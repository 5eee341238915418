//! Kerberos by keytab: with each request the first token of SPNEGO, unasked.
//!
//! The tokens are made by a process beside this one, [`tokens`], one for each connection. The GSSAPI library takes the
//! place of a keytab from the environment alone, and may wait long for a KDC that does not answer: a process has an
//! environment of its own, and can be ended while it waits.

pub mod tokens;

use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::{Duration, Instant};

use futures_util::future::BoxFuture;
use howdah_shared::problem::{Code, Problem};
use http::header::AUTHORIZATION;
use secrecy::SecretString;
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::process::{Child, ChildStdin, ChildStdout, Command};
use tokio::sync::Mutex;

use super::{AddressedCluster, Credentials, Outgoing, set_secret};
use crate::secrets::Secret;

/// The command of this program by which it makes tokens.
pub const COMMAND: &str = "kerberos-tokens";
/// How long a token may take: the KDC may have to be asked for two tickets.
const PATIENCE: Duration = Duration::from_secs(10);
/// For how long tickets are new: a service that refuses new ones refuses others too.
const NEW: Duration = Duration::from_secs(60);
/// What a keytab begins with.
const KEYTAB: [u8; 2] = [5, 2];

/// A principal with the place of its key.
pub struct Kerberos {
    principal: String,
    keytab: PathBuf,
    maker: Mutex<Option<Maker>>,
}

/// The process that makes tokens; it ends with this.
struct Maker {
    input: ChildStdin,
    output: BufReader<ChildStdout>,
    started: Instant,
    /// Held, because the process is killed when this is dropped.
    _process: Child,
}

impl Kerberos {
    /// # Errors
    /// A sentence when the keytab cannot be read.
    pub(super) fn open(principal: &str, keytab: &Path) -> Result<Kerberos, String> {
        let name = keytab.display();
        let mut begins = [0; KEYTAB.len()];
        File::open(keytab)
            .and_then(|mut file| file.read_exact(&mut begins))
            .map_err(|error| format!("{name}: {error}"))?;
        if begins != KEYTAB {
            return Err(format!("{name} is not a keytab"));
        }
        Ok(Kerberos { principal: principal.to_owned(), keytab: keytab.to_owned(), maker: Mutex::new(None) })
    }

    /// A token for a host, or why there is none.
    async fn token(&self, host: &str) -> Result<SecretString, String> {
        let mut place = self.maker.lock().await;
        // It is taken out while it works: whoever gives up in between leaves none behind that would answer the next
        // question with the answer to this one.
        if let Some(maker) = place.take()
            && let Ok(answer) = self.answer(&mut place, maker, host).await
        {
            return answer;
        }
        let made = Maker::start(&self.principal, &self.keytab);
        let made = made.map_err(|error| format!("the process that makes tokens could not be started: {error}"))?;
        let answer = self.answer(&mut place, made, host).await;
        answer.unwrap_or_else(|error| Err(format!("the process that makes tokens ended: {error}")))
    }

    async fn answer(
        &self,
        place: &mut Option<Maker>,
        mut maker: Maker,
        host: &str,
    ) -> std::io::Result<Result<SecretString, String>> {
        maker.input.write_all(format!("{host}\n").as_bytes()).await?;
        let mut line = String::new();
        if maker.output.read_line(&mut line).await? == 0 {
            return Err(std::io::ErrorKind::UnexpectedEof.into());
        }
        *place = Some(maker);
        Ok(match line.trim_end().split_once(' ') {
            Some((tokens::TOKEN, token)) => Ok(SecretString::from(format!("Negotiate {token}"))),
            Some((_, why)) => Err(why.to_owned()),
            None => Err("no reason was given".to_owned()),
        })
    }
}

impl Maker {
    fn start(principal: &str, keytab: &Path) -> std::io::Result<Maker> {
        // What runs now, also when another version has been put in its place.
        let mut command = Command::new("/proc/self/exe");
        command.arg0("howdah").args([COMMAND, principal]);
        // No secret of ours is in its environment, but what is said to Kerberos there holds for it too.
        let krb5 = std::env::vars_os().filter(|(name, _)| name.to_string_lossy().starts_with("KRB5"));
        command.env_clear().envs(krb5);
        let mut place = std::ffi::OsString::from("FILE:");
        place.push(keytab);
        command.env("KRB5_CLIENT_KTNAME", place).env("KRB5CCNAME", "MEMORY:howdah");
        let mut process = command.stdin(Stdio::piped()).stdout(Stdio::piped()).kill_on_drop(true).spawn()?;
        let pipes = process.stdin.take().zip(process.stdout.take());
        let (input, output) = pipes.ok_or(std::io::ErrorKind::BrokenPipe)?;
        Ok(Maker { input, output: BufReader::new(output), started: Instant::now(), _process: process })
    }
}

impl Credentials for Kerberos {
    fn apply<'a>(
        &'a self,
        outgoing: &'a mut Outgoing,
        _: Option<AddressedCluster<'a>>,
    ) -> BoxFuture<'a, Result<(), Box<Problem>>> {
        Box::pin(async move {
            let host = &outgoing.host;
            let token = tokio::time::timeout(PATIENCE, self.token(host)).await;
            let token = token.unwrap_or_else(|_| Err(format!("no KDC answered within {} s", PATIENCE.as_secs())));
            match token {
                Ok(token) => set_secret(&mut outgoing.headers, AUTHORIZATION, &token),
                Err(why) => {
                    let principal = &self.principal;
                    tracing::warn!(principal, host, why, "there is no Kerberos token");
                    let why = why.replace(&*self.keytab.to_string_lossy(), "KEYTAB");
                    let detail =
                        format!("Kerberos gave {principal} no ticket for HTTP@{host}: {why}. Nothing was sent.");
                    Err(Box::new(Problem::new(Code::UpstreamUnreachable, detail)))
                }
            }
        })
    }

    fn renew(&self, _: Instant) -> BoxFuture<'_, bool> {
        // The service may have a new key, which tickets of the old one do not know.
        Box::pin(async {
            let mut maker = self.maker.lock().await;
            maker.take_if(|maker| maker.started.elapsed() > NEW).is_some()
        })
    }

    fn secrets(&self) -> Vec<Secret> {
        // A token is good once, and for one service; the key never leaves the library.
        Vec::new()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_keytab_is_looked_at_before_anybody_needs_it() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("howdah.keytab");
        let open = || Kerberos::open("howdah@HOWDAH.TEST", &path).err();
        assert!(open().unwrap().contains("howdah.keytab: No such file"));
        std::fs::write(&path, "").unwrap();
        assert!(open().unwrap().contains("howdah.keytab: failed to fill whole buffer"));
        std::fs::write(&path, "a password").unwrap();
        assert!(open().unwrap().ends_with("howdah.keytab is not a keytab"));
        std::fs::write(&path, [5, 2, 0, 0]).unwrap();
        assert_eq!(open(), None);
    }
}
