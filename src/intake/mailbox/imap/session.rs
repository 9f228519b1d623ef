//! One IMAP connection (RFC 3501): a command out, its whole answer in, each under a deadline and a
//! bound on its bytes.
//!
//! io-imap encodes commands and takes answers apart. Its ready-made commands are not used, for they
//! drop the response codes, which say what a refusal means.

use super::fault::{ImapFault, code_word, words};
use crate::net::Stream;
use chrono::{DateTime, Utc};
use io_imap::codec::decode::Decoder;
use io_imap::codec::encode::Encoder;
use io_imap::codec::fragmentizer::Fragmentizer;
use io_imap::codec::{AuthenticateDataCodec, CommandCodec, ResponseCodec};
use io_imap::send::{ImapSend, ImapSendError, ImapSendOutput, ImapSendResult};
use io_imap::types::auth::AuthenticateData;
use io_imap::types::command::{Command, CommandBody};
use io_imap::types::core::{Tag, TagGenerator};
use io_imap::types::response::{
    Code, CommandContinuationRequest, Data, Response, Status, StatusBody, StatusKind,
};
use std::io::{self, ErrorKind, Read, Write};
use std::time::{Duration, Instant};

/// What an answer may have beside the content that was asked for, in bytes: a server may tell of
/// whatever happens in the folder.
const CHATTER: u64 = 1 << 20;

/// The slowest line that is waited for: so many bytes in each `timeout`.
const SLOWEST: u64 = 1 << 20;

const APART: &str = "it cannot be taken apart";

/// What the server says of the open folder.
#[derive(Default)]
pub(super) struct FolderStanding {
    /// No message is in it.
    pub empty: bool,
    /// Nothing in it may be changed (RFC 3501, 7.1, READ-ONLY).
    pub read_only: bool,
    /// No message in it can be marked as deleted (PERMANENTFLAGS).
    pub undeletable: bool,
}

/// A connection, and what is known of the server.
pub(super) struct Session {
    stream: Stream,
    fragments: Fragmentizer,
    tags: TagGenerator,
    timeout: Duration,
    /// When the server was last heard of.
    pub heard: Instant,
    /// A message is asked for again at which the connection may have broken: it gets no more time than it
    /// needs, for others wait behind it.
    pub brief: bool,
    /// What the server can do, in capitals.
    pub capabilities: Vec<String>,
    /// Of the folder that is open.
    pub validity: Option<u32>,
    /// How that folder was opened.
    pub standing: FolderStanding,
}

/// The answer to a command that was taken.
pub(super) struct ImapAnswer {
    pub data: Vec<Data<'static>>,
    pub notes: Vec<StatusBody<'static>>,
    pub code: Option<Code<'static>>,
}

/// A step of AUTHENTICATE.
pub(super) enum AuthStep {
    /// The server wants something: its challenge.
    Challenge(Vec<u8>),
    Done,
}

impl Session {
    /// Over a connection that has been greeted; `pending` came behind the greeting.
    pub fn new(stream: Stream, pending: &[u8], timeout: Duration) -> Session {
        // every command has its own bound on what is read at all
        let mut fragments = Fragmentizer::new(u32::MAX);
        fragments.enqueue_bytes(pending);
        Session {
            stream,
            fragments,
            tags: TagGenerator::new(),
            timeout,
            heard: Instant::now(),
            brief: false,
            capabilities: Vec::new(),
            validity: None,
            standing: FolderStanding::default(),
        }
    }

    /// The moment at which the server's certificate ends; `None` in the clear.
    pub fn certificate_ends(&self) -> Option<DateTime<Utc>> {
        self.stream.certificate_ends()
    }

    /// Whether the server can do something, by its name in capitals.
    pub fn offers(&self, capability: &str) -> bool {
        self.capabilities.iter().any(|known| known == capability)
    }

    /// Sends a command and reads its answer, which may bring `payload` bytes of content.
    ///
    /// # Errors
    /// `Refused` when the server says NO or BAD, and whatever happens to the connection.
    pub fn command(
        &mut self,
        body: CommandBody<'static>,
        payload: u64,
    ) -> Result<ImapAnswer, ImapFault> {
        self.command_within(body, payload, 0)
    }

    /// The same where the answer may bring `leeway` bytes more, for which nobody waits longer.
    ///
    /// # Errors
    /// As [`Session::command`].
    pub fn command_within(
        &mut self,
        body: CommandBody<'static>,
        payload: u64,
        leeway: u64,
    ) -> Result<ImapAnswer, ImapFault> {
        let name = body.name();
        let tag = self.tags.generate();
        let command = Command {
            tag: tag.clone(),
            body,
        };
        let send = ImapSend::new(CommandCodec::new(), command);
        let out = self.converse(send, (payload, leeway), name)?;
        if out.continuation_request.is_some() {
            return Err(protocol(name, "it asks for more than there is"));
        }
        self.answer(out, &tag, name)
    }

    /// Begins AUTHENTICATE (RFC 3501, 6.2.2); the tag belongs to the answer of [`Session::reply`].
    pub fn authenticate(
        &mut self,
        body: CommandBody<'static>,
    ) -> Result<(Tag<'static>, AuthStep), ImapFault> {
        let name = body.name();
        let tag = self.tags.generate();
        let command = Command {
            tag: tag.clone(),
            body,
        };
        let out = self.converse(ImapSend::new(CommandCodec::new(), command), (0, 0), name)?;
        let step = self.step(out, &tag)?;
        Ok((tag, step))
    }

    /// Answers a challenge.
    pub fn reply(
        &mut self,
        tag: &Tag<'static>,
        data: AuthenticateData<'static>,
    ) -> Result<AuthStep, ImapFault> {
        let send = ImapSend::new(AuthenticateDataCodec::new(), data);
        let out = self.converse(send, (0, 0), "AUTHENTICATE")?;
        self.step(out, tag)
    }

    fn step<T: Encoder>(
        &mut self,
        out: ImapSendOutput<T>,
        tag: &Tag<'_>,
    ) -> Result<AuthStep, ImapFault> {
        match out.continuation_request {
            Some(CommandContinuationRequest::Base64(challenge)) => {
                Ok(AuthStep::Challenge(challenge.into_owned()))
            }
            Some(CommandContinuationRequest::Basic(_)) => Ok(AuthStep::Challenge(Vec::new())),
            None => self
                .answer(out, tag, "AUTHENTICATE")
                .map(|_| AuthStep::Done),
        }
    }

    fn answer<T: Encoder>(
        &mut self,
        out: ImapSendOutput<T>,
        tag: &Tag<'_>,
        command: &'static str,
    ) -> Result<ImapAnswer, ImapFault> {
        if let Some(bye) = out.bye {
            return Err(ImapFault::Bye(words(bye.text.inner())));
        }
        let Some(tagged) = out.tagged.filter(|tagged| tagged.tag == *tag) else {
            return Err(protocol(command, "it belongs to no command that was sent"));
        };
        let status = tagged.body;
        if status.kind != StatusKind::Ok {
            return Err(ImapFault::Refused {
                command,
                text: words(status.text.inner()),
                code: code_word(status.code.as_ref()),
            });
        }
        for note in &out.untagged {
            match (&note.code, self.validity) {
                (Some(Code::UidValidity(now)), Some(known)) if now.get() != known => {
                    return Err(ImapFault::Rebuilt(String::new()));
                }
                _ => {}
            }
        }
        Ok(ImapAnswer {
            data: out.data,
            notes: out.untagged,
            code: status.code,
        })
    }

    fn converse<T: Encoder>(
        &mut self,
        mut send: ImapSend<T>,
        (payload, leeway): (u64, u64),
        command: &'static str,
    ) -> Result<ImapSendOutput<T>, ImapFault> {
        let most = payload.saturating_add(leeway).saturating_add(CHATTER);
        let total = patience(self.timeout, payload, self.brief);
        self.stream.deadline(total, self.timeout);
        let lost = |error: io::Error| broken(&error, command, self.timeout);
        let mut bytes = vec![0; 64 * 1024];
        let mut read: u64 = 0;
        let mut fresh = 0..0;
        loop {
            let arg = (!fresh.is_empty()).then(|| &bytes[fresh.clone()]);
            fresh = 0..0;
            match send.resume(&mut self.fragments, arg) {
                ImapSendResult::WantsWrite(out) => {
                    self.stream.write_all(&out).map_err(lost)?;
                    self.stream.flush().map_err(lost)?;
                }
                ImapSendResult::WantsRead => {
                    let count = self.stream.read(&mut bytes).map_err(lost)?;
                    if count == 0 {
                        return Err(lost(ErrorKind::UnexpectedEof.into()));
                    }
                    self.heard = Instant::now();
                    read += count as u64;
                    if read > most {
                        return Err(ImapFault::TooMuch {
                            command,
                            bytes: most,
                        });
                    }
                    fresh = 0..count;
                }
                ImapSendResult::Ok(output) => return Ok(*output),
                ImapSendResult::Err(ImapSendError::Eof) => {
                    return Err(lost(ErrorKind::UnexpectedEof.into()));
                }
                ImapSendResult::Err(ImapSendError::DecodingFailure(line)) => {
                    return Err(undecoded(line.declassify(), command));
                }
                ImapSendResult::Err(_) => return Err(protocol(command, APART)),
            }
        }
    }
}

/// How long an answer with so many bytes of content is waited for, however steadily it trickles.
fn patience(timeout: Duration, payload: u64, brief: bool) -> Duration {
    let parts = u32::try_from(payload / SLOWEST).unwrap_or(u32::MAX);
    let spare = if brief { 1 } else { 2 };
    timeout.saturating_mul(parts.saturating_add(spare))
}

/// Takes leave, without waiting for the answer.
impl Drop for Session {
    fn drop(&mut self) {
        let brief = Duration::from_secs(1);
        self.stream.deadline(brief, brief);
        // whether it arrives does not matter: nothing is outstanding
        let _ = self.stream.write_all(b"BYE LOGOUT\r\n");
    }
}

/// What an answer means that the codec does not take: a refusal in words that are no ASCII, as
/// servers give that name a folder, is one all the same.
fn undecoded(line: &[u8], command: &'static str) -> ImapFault {
    match ResponseCodec::new().decode(&ascii(line)) {
        Ok((_, Response::Status(Status::Tagged(tagged)))) if tagged.body.kind != StatusKind::Ok => {
            let status = tagged.body;
            let line = line.trim_ascii_end();
            let text = &line[line.len().saturating_sub(status.text.inner().len())..];
            ImapFault::Refused {
                command,
                text: words(&String::from_utf8_lossy(text)),
                code: code_word(status.code.as_ref()),
            }
        }
        _ => protocol(command, APART),
    }
}

/// A line as the codec takes it, of the same length.
pub(super) fn ascii(line: &[u8]) -> Vec<u8> {
    let plain = |byte: &u8| if byte.is_ascii() { *byte } else { b'?' };
    line.iter().map(plain).collect()
}

pub(super) fn protocol(command: &'static str, what: &'static str) -> ImapFault {
    ImapFault::Protocol { command, what }
}

/// Says what an error of the connection means.
pub(super) fn broken(error: &io::Error, command: &'static str, timeout: Duration) -> ImapFault {
    let reason = match error.kind() {
        ErrorKind::TimedOut => {
            let seconds = timeout.as_secs();
            return ImapFault::TimedOut { command, seconds };
        }
        ErrorKind::UnexpectedEof => "the server closed it".to_owned(),
        _ => error.to_string(),
    };
    ImapFault::Lost { command, reason }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn small_mail_is_not_waited_for_as_large_is() {
        let timeout = Duration::from_secs(60);
        assert_eq!(patience(timeout, 20_000, false), timeout * 2);
        assert_eq!(patience(timeout, 20_000, true), timeout);
        assert_eq!(patience(timeout, 5 << 20, false), timeout * 7);
        assert_eq!(patience(timeout, u64::MAX, true), timeout * u32::MAX);
    }
}
