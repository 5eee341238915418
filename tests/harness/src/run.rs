//! Running programs so that a person sees what happens: one line a step, the program's own output as it comes,
//! and a sign of life when it is silent.

use std::ffi::OsStr;
use std::io::{BufRead as _, BufReader, IsTerminal as _, Read};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::mpsc::{self, RecvTimeoutError, Sender};
use std::thread;
use std::time::{Duration, Instant};

/// After this long without output a line says that the step still runs.
const SILENCE: Duration = Duration::from_secs(10);

/// The steps of one command, with the time since it began.
pub(crate) struct Progress {
    began: Instant,
}

impl Progress {
    pub(crate) fn new() -> Self {
        Self { began: Instant::now() }
    }

    /// Says what happens now.
    pub(crate) fn step(&self, what: &str) {
        eprintln!("[{:>4} s] {what}", self.began.elapsed().as_secs());
    }

    /// Runs a program to its end; `what` names it where it is silent or fails.
    pub(crate) fn run(&self, what: &str, command: &mut Command) -> Result<(), String> {
        if std::io::stderr().is_terminal() {
            // Cargo draws its own bar on a terminal, so it gets the terminal.
            let status = command.stdin(Stdio::null()).status().map_err(|error| unstarted(command, &error))?;
            return if status.success() { Ok(()) } else { Err(format!("{what} failed ({status})")) };
        }
        let mut child = command
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .map_err(|error| unstarted(command, &error))?;
        let (sender, lines) = mpsc::channel();
        if let (Some(stdout), Some(stderr)) = (child.stdout.take(), child.stderr.take()) {
            pass_on(stdout, sender.clone());
            pass_on(stderr, sender);
        }
        loop {
            match lines.recv_timeout(SILENCE) {
                Ok(line) => eprintln!("{}", String::from_utf8_lossy(&line)),
                Err(RecvTimeoutError::Timeout) => self.step(&format!("... {what}")),
                Err(RecvTimeoutError::Disconnected) => break,
            }
        }
        let status = child.wait().map_err(|error| format!("{what}: {error}"))?;
        if status.success() { Ok(()) } else { Err(format!("{what} failed ({status})")) }
    }
}

fn pass_on(output: impl Read + Send + 'static, lines: Sender<Vec<u8>>) {
    thread::spawn(move || {
        for line in BufReader::new(output).split(b'\n').map_while(Result::ok) {
            if lines.send(line).is_err() {
                return;
            }
        }
    });
}

fn unstarted(command: &Command, error: &std::io::Error) -> String {
    format!("{} could not be started: {error}", command.get_program().display())
}

/// The cargo that runs us, in the workspace. What `cargo run` sets for us alone is taken out again, so that
/// nothing is built anew because of it.
pub(crate) fn cargo() -> Command {
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    clean(&mut command);
    command
}

/// A program in the workspace's folder, with `folders` before the rest of `PATH`.
pub(crate) fn program(name: impl AsRef<OsStr>, folders: &[&Path]) -> Command {
    let mut command = Command::new(name);
    clean(&mut command);
    let path = std::env::var_os("PATH").unwrap_or_default();
    let folders = folders.iter().map(|folder| folder.to_path_buf()).chain(std::env::split_paths(&path));
    if let Ok(path) = std::env::join_paths(folders) {
        command.env("PATH", path);
    }
    command
}

fn clean(command: &mut Command) {
    for (name, _) in std::env::vars_os() {
        let text = name.to_string_lossy();
        if text.starts_with("CARGO_PKG_") || text.starts_with("CARGO_MANIFEST_") || text == "CARGO_BIN_NAME" {
            command.env_remove(&name);
        }
    }
    command.current_dir(crate::workspace::root());
}

/// What a program prints, or nothing if it is missing or fails.
pub(crate) fn output_of(command: &mut Command) -> Option<String> {
    let output = command.stdin(Stdio::null()).stderr(Stdio::null()).output().ok()?;
    output.status.success().then(|| String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

/// Where on `PATH` a program is.
pub(crate) fn find(name: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&path).map(|folder| folder.join(name)).find(|program| program.is_file())
}

/// Whether a program is on `PATH`.
pub(crate) fn on_path(name: &str) -> bool {
    find(name).is_some()
}
