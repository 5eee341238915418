//! The other side of a WebSocket, by hand.

use std::collections::BTreeSet;

use serde_json::Value;

use super::Wire;

/// The most messages that are passed over in search of one.
const PASSED_OVER: usize = 1000;

/// An open WebSocket.
pub(crate) struct Socket(Wire);

enum Frame {
    Text(String),
    Close(u16, String),
    Other,
}

impl Socket {
    /// Asks for a socket, and gets it.
    pub(crate) fn over(mut wire: Wire, request: &str) -> Socket {
        wire.send(request.as_bytes());
        let head = wire.until("\r\n\r\n");
        assert!(head.starts_with("HTTP/1.1 101 "), "{head}");
        // As RFC 6455 computes it for the key of its example.
        assert!(head.contains("s3pPLMBiTxaQ9kYGzzhZRbK+xOo="), "{head}");
        Socket(wire)
    }

    /// Sends a text message. Its mask is all zeros, which changes nothing.
    pub(crate) fn say(&mut self, message: &Value) {
        let text = message.to_string();
        let length = u16::try_from(text.len()).unwrap();
        let mut frame = vec![0x81];
        match length {
            ..126 => frame.push(0x80 | u8::try_from(length).unwrap()),
            _ => {
                frame.push(0x80 | 126);
                frame.extend(length.to_be_bytes());
            }
        }
        frame.extend([0; 4]);
        frame.extend(text.as_bytes());
        self.0.send(&frame);
    }

    /// The next thing of this kind that is told about this subscription; others are passed over.
    pub(crate) fn told(&mut self, id: u32, kind: &str) -> Value {
        for _ in 0..PASSED_OVER {
            match self.frame() {
                Some(Frame::Text(text)) => {
                    let mut message: Value = serde_json::from_str(&text).unwrap();
                    if message[0] == id && message[1].get(kind).is_some() {
                        return message[1][kind].take();
                    }
                }
                Some(Frame::Close(code, reason)) => panic!("closed with {code} {reason} before {id} {kind}"),
                Some(Frame::Other) => {}
                None => panic!("cut off before {id} {kind}"),
            }
        }
        panic!("never told {id} {kind}")
    }

    /// Waits until each of these subscriptions has been told something of this kind; others are passed over.
    pub(crate) fn told_each(&mut self, ids: impl IntoIterator<Item = u32>, kind: &str) {
        let mut left: BTreeSet<u32> = ids.into_iter().collect();
        while !left.is_empty() {
            match self.frame() {
                Some(Frame::Text(text)) => {
                    let message: Value = serde_json::from_str(&text).unwrap();
                    if message[1].get(kind).is_some() {
                        left.remove(&u32::try_from(message[0].as_u64().unwrap()).unwrap());
                    }
                }
                Some(Frame::Other) => {}
                Some(Frame::Close(..)) | None => panic!("closed before {kind} for {left:?}"),
            }
        }
    }

    /// With what the socket is closed.
    pub(crate) fn closed(&mut self) -> (u16, String) {
        for _ in 0..PASSED_OVER {
            match self.frame() {
                Some(Frame::Close(code, reason)) => return (code, reason),
                Some(_) => {}
                None => break,
            }
        }
        panic!("not closed properly")
    }

    /// Whether nothing more comes.
    pub(crate) fn is_cut_off(&mut self) -> bool {
        (0..PASSED_OVER).any(|_| matches!(self.frame(), None | Some(Frame::Close(..))))
    }

    fn frame(&mut self) -> Option<Frame> {
        let head = self.0.take(2);
        let [kind, length] = head[..] else { return None };
        let length = match length {
            126 => self.0.take(2).iter().fold(0, |length, byte| length << 8 | usize::from(*byte)),
            127 => self.0.take(8).iter().fold(0, |length, byte| length << 8 | usize::from(*byte)),
            short => usize::from(short),
        };
        let body = self.0.take(length);
        Some(match kind {
            0x81 => Frame::Text(String::from_utf8(body).unwrap()),
            0x88 => {
                let code = u16::from_be_bytes([body[0], body[1]]);
                Frame::Close(code, String::from_utf8_lossy(&body[2..]).into_owned())
            }
            _ => Frame::Other,
        })
    }
}
