//! A PostgreSQL server in a folder of its own, reached by a socket in that folder; it ends with the test.

use std::fs;
use std::io::{BufRead as _, BufReader};
use std::os::unix::fs::{MetadataExt as _, chown};
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStderr, Command, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};

use sqlx::{AnyConnection, AssertSqlSafe, Connection as _};
use tempfile::TempDir;

/// The newest of Debian's versions is taken from here.
const VERSIONS: &str = "/usr/lib/postgresql";

/// The server.
pub(crate) struct Server {
    folder: TempDir,
    programs: Programs,
    process: Child,
}

/// PostgreSQL's programs and, where the test runs as root, which they refuse, the user and group to run them as.
struct Programs {
    folder: PathBuf,
    run_as: Option<(u32, u32)>,
}

impl Server {
    /// Makes a database and starts the server.
    ///
    /// # Errors
    /// What is missing on this machine.
    pub(crate) async fn start() -> Result<Server, String> {
        let programs = Programs::find()?;
        let folder = tempfile::tempdir().expect("a folder");
        if let Some((user, group)) = programs.run_as {
            chown(folder.path(), Some(user), Some(group)).expect("given away");
        }
        let data = folder.path().join("data");
        let made = programs
            .command("initdb")
            .args(["--username=howdah", "--auth=trust", "--encoding=UTF8", "--locale=C", "--no-sync", "--pgdata"])
            .arg(&data)
            .output()
            .expect("run");
        assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
        let mut process = programs
            .command("postgres")
            .args(["-c", "listen_addresses=", "-c", "fsync=off", "-c", "max_connections=50", "-D"])
            .arg(&data)
            .arg("-k")
            .arg(folder.path())
            .stderr(Stdio::piped())
            .spawn()
            .expect("started");
        let log = process.stderr.take().expect("piped");
        let server = Server { folder, programs, process };
        wait_until_ready(log);
        Ok(server)
    }

    /// Makes a database and gives its address.
    pub(crate) async fn new_database(&self, name: &str) -> String {
        let mut connection = self.connect().await.expect("connected");
        let sql = AssertSqlSafe(format!("CREATE DATABASE {name}"));
        sqlx::raw_sql(sql).execute(&mut connection).await.expect("made");
        self.address(name)
    }

    /// Where the key of fingerprints stands.
    pub(crate) fn key(&self) -> PathBuf {
        self.folder.path().join("journal.key")
    }

    fn address(&self, database: &str) -> String {
        format!("postgres://howdah@localhost/{database}?host={}", self.folder.path().display())
    }

    async fn connect(&self) -> Result<AnyConnection, sqlx::Error> {
        sqlx::any::install_default_drivers();
        AnyConnection::connect(&self.address("postgres")).await
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let stopped = self
            .programs
            .command("pg_ctl")
            .args(["stop", "--mode=immediate", "--pgdata"])
            .arg(self.folder.path().join("data"))
            .status();
        if !stopped.is_ok_and(|status| status.success()) {
            _ = self.process.kill();
        }
        _ = self.process.wait();
    }
}

/// Waits for the line by which the server says that it takes connections. What it says later is read and dropped.
fn wait_until_ready(log: ChildStderr) {
    let (tell, told) = mpsc::channel();
    thread::spawn(move || {
        for line in BufReader::new(log).lines().map_while(Result::ok) {
            // Nobody listens any more once it is ready.
            _ = tell.send(line);
        }
    });
    let deadline = Instant::now() + Duration::from_secs(60);
    let mut said = Vec::new();
    loop {
        match told.recv_timeout(deadline.saturating_duration_since(Instant::now())) {
            Ok(line) if line.contains("database system is ready to accept connections") => return,
            Ok(line) => said.push(line),
            Err(error) => panic!("{error}: {}", said.join("\n")),
        }
    }
}

impl Programs {
    fn find() -> Result<Programs, String> {
        let versions = fs::read_dir(VERSIONS).into_iter().flatten().flatten();
        let version = |entry: &fs::DirEntry| entry.file_name().to_str().and_then(|name| name.parse::<u32>().ok());
        let newest = versions
            .filter(|entry| entry.path().join("bin/initdb").is_file())
            .filter_map(|entry| Some((version(&entry)?, entry.path())))
            .max();
        let Some((_, newest)) = newest else {
            return Err(format!("no PostgreSQL in {VERSIONS}: install Debian's postgresql package"));
        };
        Ok(Programs { folder: newest.join("bin"), run_as: unprivileged()? })
    }

    fn command(&self, program: &str) -> Command {
        let mut command = Command::new(self.folder.join(program));
        command.current_dir("/").stdin(Stdio::null()).stdout(Stdio::null()).env("LC_ALL", "C");
        if let Some((user, group)) = self.run_as {
            command.uid(user).gid(group);
        }
        command
    }
}

/// Another user to run as, where this one is root.
fn unprivileged() -> Result<Option<(u32, u32)>, String> {
    if fs::metadata(Path::new("/proc/self")).expect("there").uid() != 0 {
        return Ok(None);
    }
    let users = fs::read_to_string("/etc/passwd").map_err(|error| format!("/etc/passwd: {error}"))?;
    let user = |name: &str| {
        let line = users.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(':'))?;
        let mut numbers = line.split(':').skip(1).map(str::parse);
        Some((numbers.next()?.ok()?, numbers.next()?.ok()?))
    };
    let found = user("postgres").or_else(|| user("nobody"));
    found.map(Some).ok_or_else(|| "PostgreSQL does not run as root, and there is no user postgres or nobody".to_owned())
}
