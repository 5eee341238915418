//! A service that keeps every byte it was sent and answers what a test tells it to.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};

/// From the whole request as text to the pieces of the reply, each sent by itself. A piece of nothing ends the connection.
type Answer = dyn Fn(&str) -> Vec<Vec<u8>> + Send + Sync;

/// The service. Its threads end with the test's process.
pub(crate) struct Service {
    address: SocketAddr,
    received: Arc<Mutex<Vec<String>>>,
}

impl Service {
    /// Answers every request with an empty list of applications.
    pub(crate) fn plain() -> Service {
        Service::answering(|_| vec![Service::reply("200 OK", "application/json", br#"{"apps":null}"#)])
    }

    pub(crate) fn answering(answer: impl Fn(&str) -> Vec<Vec<u8>> + Send + Sync + 'static) -> Service {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let received = Arc::new(Mutex::new(Vec::new()));
        let (kept, answer): (_, Arc<Answer>) = (received.clone(), Arc::new(answer));
        std::thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                let (kept, answer) = (kept.clone(), answer.clone());
                std::thread::spawn(move || serve(stream, &kept, &*answer));
            }
        });
        Service { address, received }
    }

    pub(crate) fn address(&self) -> SocketAddr {
        self.address
    }

    /// The requests so far, each whole.
    pub(crate) fn received(&self) -> Vec<String> {
        self.received.lock().unwrap().clone()
    }

    /// A whole reply.
    pub(crate) fn reply(status: &str, media_type: &str, body: &[u8]) -> Vec<u8> {
        let length = body.len();
        let head = format!("HTTP/1.1 {status}\r\nContent-Type: {media_type}\r\nContent-Length: {length}\r\n\r\n");
        [head.as_bytes(), body].concat()
    }
}

fn serve(mut stream: TcpStream, received: &Mutex<Vec<String>>, answer: &Answer) {
    // Each piece leaves as a packet of its own.
    let _ = stream.set_nodelay(true);
    let mut held = Vec::new();
    while let Some(request) = request(&mut stream, &mut held) {
        received.lock().unwrap().push(request.clone());
        for piece in answer(&request) {
            if piece.is_empty() || stream.write_all(&piece).and_then(|()| stream.flush()).is_err() {
                return;
            }
        }
    }
}

/// The next request, whole; none when the connection ends. Howdah gives every body a length.
fn request(stream: &mut TcpStream, held: &mut Vec<u8>) -> Option<String> {
    loop {
        if let Some(end) = held.windows(4).position(|bytes| bytes == b"\r\n\r\n") {
            let head = String::from_utf8_lossy(&held[..end]).to_ascii_lowercase();
            let length = head.lines().find_map(|line| line.strip_prefix("content-length:"));
            let whole = end + 4 + length.map_or(0, |length| length.trim().parse::<usize>().unwrap());
            if held.len() >= whole {
                let request: Vec<u8> = held.drain(..whole).collect();
                return Some(String::from_utf8_lossy(&request).into_owned());
            }
        }
        let mut piece = [0; 4096];
        match stream.read(&mut piece) {
            Ok(length @ 1..) => held.extend_from_slice(&piece[..length]),
            _ => return None,
        }
    }
}
