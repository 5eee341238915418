//! A raw connection to the program.

use std::io::{ErrorKind, Read, Write};
use std::net::{Shutdown, SocketAddr, TcpStream};
use std::time::{Duration, Instant};

use serde_json::Value;

/// How long anything may take before a test fails.
const PATIENCE: Duration = Duration::from_secs(30);
/// Longer than any deadline of the table.
const DEADLINE: Duration = Duration::from_secs(90);

/// A reply as it came.
#[derive(Debug)]
pub(crate) struct Reply {
    pub(crate) status: u16,
    /// Status line and headers.
    pub(crate) head: String,
    pub(crate) body: Vec<u8>,
}

impl Reply {
    /// The code of the problem that it carries, or nothing.
    pub(crate) fn code(&self) -> Option<String> {
        let body: Value = serde_json::from_slice(&self.body).ok()?;
        Some(body.get("code")?.as_str()?.to_owned())
    }

    /// A header's value.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.head.lines().find_map(|line| {
            let (found, value) = line.split_once(':')?;
            found.eq_ignore_ascii_case(name).then(|| value.trim())
        })
    }

    /// All bytes of it.
    pub(crate) fn bytes(&self) -> Vec<u8> {
        [self.head.as_bytes(), &self.body].concat()
    }
}

/// A raw connection.
pub(crate) struct Wire {
    stream: TcpStream,
    held: Vec<u8>,
}

impl Wire {
    pub(crate) fn to(address: SocketAddr) -> Wire {
        let stream = TcpStream::connect(address).unwrap();
        stream.set_nodelay(true).unwrap();
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        Wire { stream, held: Vec::new() }
    }

    /// Sends bytes. The program may have closed already; what it said before is still to be read.
    pub(crate) fn send(&mut self, bytes: &[u8]) {
        let _ = self.stream.write_all(bytes);
    }

    /// Says that nothing more is sent.
    pub(crate) fn end(&mut self) {
        let _ = self.stream.shutdown(Shutdown::Write);
    }

    /// The next reply; none when the connection was closed before one.
    pub(crate) fn reply(&mut self) -> Option<Reply> {
        let end = loop {
            if let Some(at) = self.held.windows(4).position(|bytes| bytes == b"\r\n\r\n") {
                break at + 4;
            }
            if !self.more() {
                return None;
            }
        };
        let head = String::from_utf8_lossy(&self.held[..end]).into_owned();
        self.held.drain(..end);
        let status = head.split(' ').nth(1).and_then(|status| status.parse().ok()).unwrap();
        let mut reply = Reply { status, head, body: Vec::new() };
        let chunked = reply.header("transfer-encoding") == Some("chunked");
        reply.body = match reply.header("content-length").map(|length| length.parse().unwrap()) {
            Some(length) => self.take(length),
            None if chunked => self.chunks(),
            None => self.rest(),
        };
        Some(reply)
    }

    /// The reply to what the service takes longer for than it may.
    pub(crate) fn reply_past_the_deadline(&mut self) -> Reply {
        self.stream.set_read_timeout(Some(DEADLINE)).unwrap();
        let reply = self.reply().unwrap();
        self.stream.set_read_timeout(Some(PATIENCE)).unwrap();
        reply
    }

    /// Whether the program closes the connection and says nothing more; `meanwhile` is sent over and over, slowly.
    pub(crate) fn is_closed(&mut self, meanwhile: &[u8]) -> bool {
        self.stream.set_read_timeout(Some(Duration::from_millis(50))).unwrap();
        let deadline = Instant::now() + PATIENCE;
        while Instant::now() < deadline {
            let mut piece = [0; 1024];
            match self.stream.read(&mut piece) {
                Ok(0) => return true,
                Ok(length) => self.held.extend_from_slice(&piece[..length]),
                Err(error) if matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut) => {
                    let _ = self.stream.write_all(meanwhile);
                }
                Err(_) => return true,
            }
        }
        false
    }

    /// Waits until these words have come, and takes all up to their end.
    pub(crate) fn until(&mut self, words: &str) -> String {
        let deadline = Instant::now() + PATIENCE;
        loop {
            if let Some(at) = self.held.windows(words.len()).position(|bytes| bytes == words.as_bytes()) {
                return String::from_utf8_lossy(&self.take(at + words.len())).into_owned();
            }
            assert!(Instant::now() < deadline, "{words} never came; so far: {}", self.leftover());
            assert!(self.more(), "closed before {words}; so far: {}", self.leftover());
        }
    }

    /// What came and was not read as a reply.
    pub(crate) fn leftover(&self) -> String {
        String::from_utf8_lossy(&self.held).into_owned()
    }

    fn more(&mut self) -> bool {
        let mut piece = [0; 4096];
        match self.stream.read(&mut piece) {
            Ok(length @ 1..) => self.held.extend_from_slice(&piece[..length]),
            Err(error) if matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut) => {
                panic!("no answer in time; so far: {}", self.leftover())
            }
            _ => return false,
        }
        true
    }

    pub(super) fn take(&mut self, length: usize) -> Vec<u8> {
        while self.held.len() < length && self.more() {}
        self.held.drain(..length.min(self.held.len())).collect()
    }

    fn chunks(&mut self) -> Vec<u8> {
        let mut body = Vec::new();
        loop {
            let line = loop {
                if let Some(end) = self.held.windows(2).position(|bytes| bytes == b"\r\n") {
                    break self.take(end + 2);
                }
                if !self.more() {
                    return body;
                }
            };
            let length = usize::from_str_radix(String::from_utf8_lossy(&line).trim(), 16).unwrap();
            body.extend(self.take(length));
            self.take(2);
            if length == 0 {
                return body;
            }
        }
    }

    fn rest(&mut self) -> Vec<u8> {
        while self.more() {}
        std::mem::take(&mut self.held)
    }
}
