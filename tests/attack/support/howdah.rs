//! `howdah serve` as a process of its own.

use std::fmt::Display;
use std::io::{BufRead, BufReader, Read};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Output, Stdio};
use std::sync::{Arc, Condvar, Mutex};
use std::time::{Duration, Instant};

use serde_json::Value;

use super::{Reply, Service, Wire};

/// The secrets of the Hadoop Eco connection: characters that JSON, URLs and base64 each write in another way.
pub(crate) const SECRET_ID: &str = r#"id-7Q"\x/+%=&-access"#;
pub(crate) const SECRET: &str = r#"zT?>~~"quoted"\n/secret+%41key"#;
pub(crate) const KEY: &str = "open-api-key-9f8e7d6c5b4a";
/// The secret of a portal's proxy, for a test that configures one.
pub(crate) const PORTAL_SECRET: &str = "secret-of-the-portal-s-proxy";
const TOKEN: &str = "attack-token-0123456789abcdef";
/// How long the program may take to log what is waited for.
const PATIENCE: Duration = Duration::from_secs(30);

/// Seconds that a caller may take.
#[derive(Clone, Copy)]
pub(crate) struct Limits {
    pub(crate) header_seconds: u32,
    pub(crate) body_seconds: u32,
    pub(crate) reply_seconds: u32,
    pub(crate) connections: u32,
}

impl Default for Limits {
    fn default() -> Limits {
        Limits { header_seconds: 20, body_seconds: 20, reply_seconds: 20, connections: 4096 }
    }
}

/// What the program has logged, and word of each piece that comes.
#[derive(Default)]
struct Log {
    bytes: Mutex<Vec<u8>>,
    news: Condvar,
}

impl Log {
    fn add(&self, piece: &[u8]) {
        self.bytes.lock().unwrap().extend_from_slice(piece);
        self.news.notify_all();
    }

    /// Waits for a whole line with these words, after so many bytes.
    fn line_after(&self, seen: usize, words: &str) -> String {
        let find = |bytes: &[u8]| {
            let text = String::from_utf8_lossy(&bytes[seen..]).into_owned();
            text.split_inclusive('\n').find(|line| line.ends_with('\n') && line.contains(words)).map(str::to_owned)
        };
        let (bytes, waited) =
            self.news.wait_timeout_while(self.bytes.lock().unwrap(), PATIENCE, |bytes| find(bytes).is_none()).unwrap();
        assert!(!waited.timed_out(), "never logged: {words}");
        find(&bytes).unwrap()
    }
}

/// The running program; it ends with this.
pub(crate) struct Howdah {
    process: Child,
    folder: tempfile::TempDir,
    log: Arc<Log>,
    /// What was logged before it was started last, in bytes.
    logged: usize,
    address: SocketAddr,
}

impl Howdah {
    /// In front of a service, which is both a ResourceManager (connection `rm`) and a Hadoop Eco (`eco`, with the
    /// cluster `c1`).
    pub(crate) fn before(service: &Service) -> Howdah {
        Howdah::with(service, Limits::default())
    }

    pub(crate) fn with(service: &Service, limits: Limits) -> Howdah {
        let folder = tempfile::tempdir().unwrap();
        for (name, value) in
            [("id", SECRET_ID), ("secret", SECRET), ("key", KEY), ("token", TOKEN), ("portal", PORTAL_SECRET)]
        {
            std::fs::write(folder.path().join(name), value).unwrap();
        }
        let configuration = format!(
            r#"
version = 1
listen = "127.0.0.1:0"
[journal]
path = "howdah.db"
[metrics]
listen = "127.0.0.1:0"
[limits]
header_seconds = {}
body_seconds = {}
reply_seconds = {}
connections = {}
[[tokens]]
principal = "attacker"
token = {{ file = "token" }}
roles = {{ "*" = "administer" }}
[connections.rm]
system = "yarn"
url = "http://{service}/below"
credentials = {{ kind = "user-name", user = "howdah" }}
[connections.eco]
system = "hadoop-eco-v2"
url = "http://{service}"
credentials = {{ kind = "hadoop-eco", id = {{ file = "id" }}, secret = {{ file = "secret" }} }}
[[connections.eco.clusters]]
id = "c1"
name = "one"
key = {{ file = "key" }}
"#,
            limits.header_seconds,
            limits.body_seconds,
            limits.reply_seconds,
            limits.connections,
            service = service.address()
        );
        let path = folder.path().join("howdah.toml");
        std::fs::write(&path, configuration).unwrap();
        let log = Arc::default();
        let (process, address) = start(&path, &log);
        Howdah { process, folder, log, logged: 0, address }
    }

    /// Ends the program in the middle of whatever it does, as a power cut would.
    pub(crate) fn kill(&mut self) {
        self.process.kill().unwrap();
        self.process.wait().unwrap();
    }

    /// Asks it to stop.
    pub(crate) fn tell_to_stop(&self) {
        assert!(Command::new("kill").args(["-TERM", &self.pid()]).status().unwrap().success());
    }

    /// Asks it to stop, and waits until it has.
    pub(crate) fn stop(&mut self) {
        self.tell_to_stop();
        assert!(self.ended().success());
    }

    /// Its process id.
    pub(crate) fn pid(&self) -> String {
        self.process.id().to_string()
    }

    /// Waits for its end.
    pub(crate) fn ended(&mut self) -> ExitStatus {
        self.process.wait().unwrap()
    }

    /// Sets a limit of `prlimit` to the running program, which can be taken back.
    pub(crate) fn limit(&self, what: &str, most: impl Display) {
        let limit = format!("--{what}={most}:");
        assert!(Command::new("prlimit").args(["--pid", &self.pid(), &limit]).status().unwrap().success());
    }

    /// File descriptors that it has open.
    pub(crate) fn descriptors(&self) -> usize {
        std::fs::read_dir(format!("/proc/{}/fd", self.pid())).unwrap().count()
    }

    /// Bytes of memory that it holds.
    pub(crate) fn resident(&self) -> usize {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.pid())).unwrap();
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap();
        line.trim().trim_end_matches(" kB").parse::<usize>().unwrap() * 1024
    }

    /// Starts it again on what the last one left behind.
    pub(crate) fn start_again(&mut self) {
        self.logged = self.log().len();
        (self.process, self.address) = start(&self.folder.path().join("howdah.toml"), &self.log);
    }

    /// Ends it, changes its configuration, and starts it again.
    pub(crate) fn start_with(&mut self, edit: impl Fn(&str) -> String) {
        self.kill();
        self.write("howdah.toml", &edit(&self.configuration()));
        self.start_again();
    }

    /// Where it listens.
    pub(crate) fn address(&self) -> SocketAddr {
        self.address
    }

    /// Runs another command of the program on the same configuration, to its end.
    pub(crate) fn command(&self, arguments: &[&str]) -> Output {
        let mut command = Command::new(env!("CARGO_BIN_EXE_howdah"));
        command.args(arguments).arg("--config").arg(self.folder.path().join("howdah.toml")).output().unwrap()
    }

    /// A template with `{host}` and `{token}` filled in.
    pub(crate) fn fill(&self, template: &str) -> String {
        template.replace("{host}", &self.address.to_string()).replace("{token}", TOKEN)
    }

    pub(crate) fn wire(&self) -> Wire {
        Wire::to(self.address)
    }

    /// Sends a filled template on a connection of its own and reads one reply.
    pub(crate) fn ask(&self, template: &str) -> Reply {
        let mut wire = self.wire();
        wire.send(self.fill(template).as_bytes());
        wire.reply().unwrap_or_else(|| panic!("closed without a reply to {template}"))
    }

    /// As [`Howdah::ask`], again and again until there is a place for it.
    pub(crate) fn ask_for_a_place(&self, template: &str) -> Reply {
        let begun = Instant::now();
        loop {
            let reply = self.ask(template);
            if reply.code().as_deref() != Some("too_many_connections") {
                return reply;
            }
            assert!(begun.elapsed() < PATIENCE, "there was never a place");
        }
    }

    /// The newest request of the journal.
    pub(crate) fn newest(&self) -> Value {
        let reply = self.ask("GET /api/requests HTTP/1.1\r\nHost: {host}\r\nAuthorization: Bearer {token}\r\n\r\n");
        serde_json::from_slice::<Value>(&reply.body).unwrap()["requests"][0].clone()
    }

    /// Waits until the newest request is in this state.
    pub(crate) fn until(&self, state: &str) -> Value {
        loop {
            let request = self.newest();
            if request["state"] == state {
                return request;
            }
            std::thread::yield_now();
        }
    }

    /// The configuration as it stands.
    pub(crate) fn configuration(&self) -> String {
        std::fs::read_to_string(self.folder.path().join("howdah.toml")).unwrap()
    }

    /// Changes the configuration, has it read again, and gives the line that the program logs about it.
    pub(crate) fn reload(&self, edit: impl Fn(&str) -> String) -> String {
        std::fs::write(self.folder.path().join("howdah.toml"), edit(&self.configuration())).unwrap();
        let seen = self.log().len();
        let told = Command::new("kill").args(["-HUP", &self.pid()]).status().unwrap();
        assert!(told.success());
        self.log.line_after(seen, "the configuration ")
    }

    /// Gives the principal another token than `{token}`.
    pub(crate) fn change_token(&self) {
        self.write("token", "another-token-0123456789abcdef");
    }

    /// Writes a file beside the configuration, which may refer to it.
    pub(crate) fn write(&self, file: &str, text: &str) {
        let path = self.folder.path().join(file);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }

    /// Waits for a line of the log with these words.
    pub(crate) fn line(&self, words: &str) -> String {
        self.log.line_after(0, words)
    }

    /// All that the program has logged.
    pub(crate) fn log(&self) -> Vec<u8> {
        self.log.bytes.lock().unwrap().clone()
    }

    /// Where it listens for those who ask for its numbers.
    pub(crate) fn metrics_address(&self) -> SocketAddr {
        self.logged_address("metrics are served")
    }

    /// Where it listens for the connection that has an address of its own.
    pub(crate) fn own_address(&self) -> SocketAddr {
        self.logged_address("is served at an address of its own")
    }

    fn logged_address(&self, words: &str) -> SocketAddr {
        let line = self.log.line_after(self.logged, words);
        let (_, address) = line.split_once("\"address\":\"").unwrap();
        address.split('"').next().unwrap().parse().unwrap()
    }

    /// Its numbers.
    pub(crate) fn metrics(&self) -> String {
        let mut wire = Wire::to(self.metrics_address());
        wire.send(b"GET /metrics HTTP/1.1\r\nHost: howdah\r\nConnection: close\r\n\r\n");
        String::from_utf8(wire.reply().unwrap().body).unwrap()
    }

    /// The journal's database.
    pub(crate) fn database(&self) -> PathBuf {
        self.folder.path().join("howdah.db")
    }

    /// The bytes of the journal's files.
    pub(crate) fn journal(&self) -> Vec<u8> {
        let is_journal =
            |path: &Path| path.file_name().is_some_and(|name| name.to_string_lossy().contains("howdah.db"));
        let files = std::fs::read_dir(self.folder.path()).unwrap().map(|entry| entry.unwrap().path());
        files.filter(|path| is_journal(path) && path.is_file()).flat_map(|path| std::fs::read(path).unwrap()).collect()
    }
}

/// Starts the program and waits until it says where it is.
fn start(path: &Path, log: &Arc<Log>) -> (Child, SocketAddr) {
    // A write beyond what a test allows it is then an error, as on a full disk, and not the program's end.
    let mut process = Command::new("sh")
        .args(["-c", "trap '' XFSZ; exec \"$@\"", "sh", env!("CARGO_BIN_EXE_howdah")])
        .arg("serve")
        .arg("--config")
        .arg(path)
        .env("HOWDAH_LOG", "debug")
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let (kept, mut stderr) = (log.clone(), process.stderr.take().unwrap());
    std::thread::spawn(move || {
        let mut piece = [0; 4096];
        while let Ok(length @ 1..) = stderr.read(&mut piece) {
            kept.add(&piece[..length]);
        }
    });
    let stdout = BufReader::new(process.stdout.take().unwrap());
    let address = stdout.lines().map_while(Result::ok).find_map(|line| {
        let (_, address) = line.strip_prefix("Howdah is at ")?.split_once("://")?;
        Some(address.trim_end_matches('/').parse().unwrap())
    });
    let Some(address) = address else {
        panic!("howdah did not start: {}", String::from_utf8_lossy(&log.bytes.lock().unwrap()))
    };
    (process, address)
}

impl Drop for Howdah {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
