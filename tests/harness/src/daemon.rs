//! Programs that run beside the tests. Each hangs on a pipe: it ends when we drop it, and also when we are killed.

use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use crate::workspace;

/// How long a program may take until it says that it is ready.
const READY: Duration = Duration::from_secs(300);

/// A program that runs until this is dropped.
pub(crate) struct Daemon {
    child: Child,
    pipe: Option<ChildStdin>,
}

impl Daemon {
    /// Starts a program under `tests/peers/hold.sh`, and waits, if `ready` is given, for a line of its standard output
    /// that begins so. All that it prints is passed on.
    pub(crate) fn start(
        program: &Path,
        ready: Option<&str>,
        configure: impl FnOnce(&mut Command),
    ) -> Result<Self, String> {
        let mut command = Command::new(workspace::root().join("tests/peers/hold.sh"));
        command.arg(program).current_dir(workspace::root()).stdin(Stdio::piped()).stdout(Stdio::piped());
        configure(&mut command);
        let mut child = command.spawn().map_err(|error| format!("{}: {error}", program.display()))?;
        let pipe = child.stdin.take();
        let stdout = child.stdout.take().ok_or("standard output of a program could not be read")?;
        let daemon = Self { child, pipe };
        let (sender, is_ready) = mpsc::channel();
        let wanted = ready.map(str::to_owned);
        thread::spawn(move || {
            for line in BufReader::new(stdout).lines().map_while(Result::ok) {
                eprintln!("{line}");
                if wanted.as_ref().is_some_and(|wanted| line.starts_with(wanted)) && sender.send(()).is_err() {
                    // Nobody waits any more, and what it prints is still passed on.
                    continue;
                }
            }
        });
        if ready.is_none() {
            return Ok(daemon);
        }
        match is_ready.recv_timeout(READY) {
            Ok(()) => Ok(daemon),
            Err(mpsc::RecvTimeoutError::Timeout) => Err(format!("{} was not ready in time", program.display())),
            Err(mpsc::RecvTimeoutError::Disconnected) => Err(format!("{} ended too early", program.display())),
        }
    }
}

impl Drop for Daemon {
    fn drop(&mut self) {
        drop(self.pipe.take());
        if let Err(error) = self.child.wait() {
            eprintln!("a program could not be waited for: {error}");
        }
    }
}
