//! One SMTP connection: bytes out, replies in, each under a deadline of its own.
//!
//! lettre's `SmtpConnection` is not used for this: its implicit-TLS handshake has no timeout, what
//! a man in the middle appends to the answer to STARTTLS is read as if it came encrypted, a reply
//! that is not UTF-8 or has no text fails (after the final dot that would be an unknown outcome),
//! and it cannot tell whether the server offers PIPELINING.

use crate::net::Stream;
use chrono::{DateTime, Utc};
use native_tls::TlsConnector;
use std::io::{self, ErrorKind, Read, Write};
use std::net::SocketAddr;
use std::time::Duration;

/// Longest line of a reply; RFC 5321, 4.5.3.1.5 wants 512.
const LONGEST_LINE: usize = 4096;
/// Most bytes of one reply.
const LONGEST_REPLY: usize = 64 * 1024;

/// A reply of the server (RFC 5321, 4.2).
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Reply {
    pub code: u16,
    pub lines: Vec<String>,
}

impl Reply {
    pub fn positive(&self) -> bool {
        self.code / 100 == 2
    }

    pub fn negative(&self) -> bool {
        matches!(self.code / 100, 4 | 5)
    }
}

impl std::fmt::Display for Reply {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "{} {}", self.code, self.lines.join(" "))
    }
}

/// The connection.
pub(super) struct Wire {
    stream: Stream,
    /// Bytes that came and are not yet part of a reply that was read.
    pending: Vec<u8>,
}

impl Wire {
    /// Connects to the first of the addresses that answers; they share `limit`.
    pub fn connect(addresses: &[SocketAddr], limit: Duration) -> io::Result<Wire> {
        Ok(Wire {
            stream: Stream::connect(addresses, limit)?,
            pending: Vec::new(),
        })
    }

    /// The moment at which the server's certificate ends; `None` in the clear.
    pub fn certificate_ends(&self) -> Option<DateTime<Utc>> {
        self.stream.certificate_ends()
    }

    /// Goes on under TLS, with the certificate verified for `host`.
    pub fn secure(self, tls: &TlsConnector, host: &str, limit: Duration) -> io::Result<Wire> {
        if !self.pending.is_empty() {
            // RFC 3207, 6: what came before the handshake may be a forger's
            return Err(bad("unencrypted data follows the answer to STARTTLS"));
        }
        Ok(Wire {
            stream: self.stream.secure(tls, host, limit)?,
            pending: Vec::new(),
        })
    }

    /// Writes all of `bytes` before `limit` has passed.
    pub fn send(&mut self, bytes: &[u8], limit: Duration) -> io::Result<()> {
        self.stream.deadline(limit, limit);
        self.stream.write_all(bytes)?;
        self.stream.flush()
    }

    /// Reads one reply before `limit` has passed.
    pub fn reply(&mut self, limit: Duration) -> io::Result<Reply> {
        self.stream.deadline(limit, limit);
        let mut taken = 0;
        let mut reply: Option<Reply> = None;
        loop {
            let line = self.line()?;
            taken += line.len();
            let (code, more, text) = parse_line(&line)?;
            let so_far = reply.get_or_insert(Reply {
                code,
                lines: Vec::new(),
            });
            if so_far.code != code || taken > LONGEST_REPLY {
                return Err(bad(
                    "the reply is not SMTP: its lines do not belong together",
                ));
            }
            so_far.lines.push(text);
            if !more && let Some(reply) = reply.take() {
                return Ok(reply);
            }
        }
    }

    fn line(&mut self) -> io::Result<Vec<u8>> {
        let mut looked = 0;
        loop {
            if let Some(end) = self.pending[looked..].iter().position(|b| *b == b'\n') {
                return Ok(self.pending.drain(..=looked + end).collect());
            }
            looked = self.pending.len();
            if looked > LONGEST_LINE {
                return Err(bad("the reply is not SMTP: its line does not end"));
            }
            let mut bytes = [0; 4096];
            let count = self.stream.read(&mut bytes)?;
            if count == 0 {
                return Err(io::Error::new(
                    ErrorKind::UnexpectedEof,
                    "the server closed the connection",
                ));
            }
            self.pending.extend_from_slice(&bytes[..count]);
        }
    }
}

/// Code, whether more lines follow, and the text of one line with its end; a bare code will do
/// (RFC 5321, 4.2.1), and text in another charset is read as well as may be.
fn parse_line(line: &[u8]) -> io::Result<(u16, bool, String)> {
    let line = line.strip_suffix(b"\n").unwrap_or(line);
    let line = line.strip_suffix(b"\r").unwrap_or(line);
    let (digits, rest) = line.split_at(line.len().min(3));
    let more = match rest.first() {
        None | Some(b' ') => false,
        Some(b'-') => true,
        Some(_) => return Err(bad("the reply is not SMTP: no three-digit code")),
    };
    match digits {
        [b'2'..=b'5', b'0'..=b'9', b'0'..=b'9'] => {}
        _ => return Err(bad("the reply is not SMTP: no three-digit code")),
    }
    let code = digits
        .iter()
        .fold(0, |code, digit| code * 10 + u16::from(digit - b'0'));
    let text = String::from_utf8_lossy(rest.get(1..).unwrap_or_default());
    Ok((code, more, text.into_owned()))
}

fn bad(what: &'static str) -> io::Error {
    io::Error::new(ErrorKind::InvalidData, what)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn lines_of_a_reply() {
        assert_eq!(parse_line(b"250\r\n").unwrap(), (250, false, String::new()));
        assert_eq!(
            parse_line(b"550-5.1.1 f\xfcr\n").unwrap(),
            (550, true, "5.1.1 f\u{fffd}r".to_owned())
        );
        for wrong in [
            &b"25\r\n"[..],
            b"2500 x\r\n",
            b"150 x\r\n",
            b"\r\n",
            b"HTTP/1.1\r\n",
        ] {
            assert!(parse_line(wrong).is_err());
        }
    }

    proptest! {
        #[test]
        fn any_line_is_read_or_refused(line: Vec<u8>) {
            if let Ok((code, _, _)) = parse_line(&line) {
                prop_assert!((200..600).contains(&code));
            }
        }
    }
}
