//! From nothing to a session that is logged in: addresses, TCP, TLS or STARTTLS, greeting.

use super::fault::{ImapFault, words};
use super::login;
use super::session::{Session, ascii, broken, protocol};
use crate::config::ImapConfig;
use crate::net::{self, Security, Stream, TrustError};
use io_imap::codec::decode::Decoder;
use io_imap::codec::{GreetingCodec, ResponseCodec};
use io_imap::types::response::{GreetingKind, Response, Status, StatusKind};
use native_tls::TlsConnector;
use std::io::{ErrorKind, Read, Write};
use std::time::Duration;

/// Most bytes that are taken before there is a session.
const LONGEST: usize = 64 * 1024;

const STARTTLS: &str = "STARTTLS";

/// A server, and how to get into it.
pub(super) struct Server {
    pub config: ImapConfig,
    tls: Option<TlsConnector>,
}

impl Server {
    /// Loads the certificates; opens no connection.
    ///
    /// # Errors
    /// When the CA file cannot be used.
    pub fn new(config: ImapConfig) -> Result<Server, ImapFault> {
        let tls = match config.security {
            Security::None => None,
            Security::StartTls | Security::Tls => Some(net::connector(config.ca_file.as_deref())?),
        };
        Ok(Server { config, tls })
    }

    /// `HOST:PORT`, for messages.
    pub fn address(&self) -> String {
        format!("{}:{}", self.config.host, self.config.port)
    }

    /// A session that is secured and logged in.
    ///
    /// # Errors
    /// Whatever keeps it from that.
    pub fn open(&self) -> Result<Session, ImapFault> {
        let (config, timeout) = (&self.config, self.config.timeout);
        let addresses = net::addresses(&config.host, config.port)
            .map_err(|error| ImapFault::Address(error.to_string()))?;
        if config.security == Security::None
            && !config.allow_plaintext
            && let Some(ip) = net::outside(&addresses)
        {
            return Err(ImapFault::Outside(ip));
        }
        let mut stream = Stream::connect(&addresses, timeout)
            .map_err(|error| ImapFault::Connect(error.to_string()))?;
        if config.security == Security::Tls {
            stream = self.secure(stream)?;
        }
        let mut lines = Lines::new(stream, timeout);
        let greeted = greeting(&mut lines)?;
        if config.security == Security::StartTls {
            if greeted == GreetingKind::PreAuth {
                return Err(ImapFault::PreAuth);
            }
            let stream = self.secure(start_tls(lines)?)?;
            lines = Lines::new(stream, timeout);
        }
        let mut session = Session::new(lines.stream, &lines.pending, timeout);
        login::capabilities(&mut session)?;
        if greeted != GreetingKind::PreAuth {
            login::log_in(&mut session, config)?;
            login::capabilities(&mut session)?;
        }
        Ok(session)
    }

    fn secure(&self, stream: Stream) -> Result<Stream, ImapFault> {
        let tls = self.tls.as_ref();
        let tls = tls.ok_or_else(|| TrustError::Tls("it was not asked for".to_owned()))?;
        let secured = stream.secure(tls, &self.config.host, self.config.timeout);
        secured.map_err(|error| ImapFault::Tls(error.to_string()))
    }
}

/// A connection before it is a session: lines, and what came behind them.
struct Lines {
    stream: Stream,
    pending: Vec<u8>,
    timeout: Duration,
}

impl Lines {
    fn new(mut stream: Stream, timeout: Duration) -> Lines {
        stream.deadline(timeout, timeout);
        let pending = Vec::new();
        Lines {
            stream,
            pending,
            timeout,
        }
    }

    /// The next line with its end.
    fn next(&mut self, command: &'static str) -> Result<Vec<u8>, ImapFault> {
        loop {
            if let Some(end) = self.pending.iter().position(|byte| *byte == b'\n') {
                return Ok(self.pending.drain(..=end).collect());
            }
            if self.pending.len() > LONGEST {
                return Err(protocol(command, "its line does not end"));
            }
            let mut bytes = [0; 4096];
            let count = match self.stream.read(&mut bytes) {
                Ok(0) => Err(ErrorKind::UnexpectedEof.into()),
                other => other,
            };
            let count = count.map_err(|error| broken(&error, command, self.timeout))?;
            self.pending.extend_from_slice(&bytes[..count]);
        }
    }
}

fn greeting(lines: &mut Lines) -> Result<GreetingKind, ImapFault> {
    const GREETING: &str = "the connection (its greeting)";
    let line = ascii(&lines.next(GREETING)?);
    let Ok((_, greeting)) = GreetingCodec::new().decode(&line) else {
        return Err(protocol(GREETING, "is there an IMAP server at that port?"));
    };
    match greeting.kind {
        GreetingKind::Bye => Err(ImapFault::Bye(words(greeting.text.inner()))),
        kind => Ok(kind),
    }
}

/// STARTTLS (RFC 3501, 6.2.1): gives the bare connection back, ready for the handshake.
fn start_tls(mut lines: Lines) -> Result<Stream, ImapFault> {
    let sent = lines.stream.write_all(b"TLS STARTTLS\r\n");
    sent.map_err(|error| broken(&error, STARTTLS, lines.timeout))?;
    let mut taken = 0;
    loop {
        let line = ascii(&lines.next(STARTTLS)?);
        taken += line.len();
        if taken > LONGEST {
            return Err(protocol(STARTTLS, "it does not end"));
        }
        let status = match ResponseCodec::new().decode(&line) {
            Ok((_, Response::Status(Status::Tagged(tagged)))) => tagged.body,
            Ok((_, Response::Status(Status::Bye(bye)))) => {
                return Err(ImapFault::Bye(words(bye.text.inner())));
            }
            Ok(_) => continue,
            Err(_) => return Err(protocol(STARTTLS, "it cannot be taken apart")),
        };
        if status.kind != StatusKind::Ok {
            return Err(ImapFault::NoStartTls(words(status.text.inner())));
        }
        // what came before the handshake may be a forger's
        return match lines.pending.is_empty() {
            true => Ok(lines.stream),
            false => Err(ImapFault::Injected),
        };
    }
}
