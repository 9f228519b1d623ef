//! What can go wrong with an IMAP server, each as a sentence that says what to do.

use crate::domain::foreign::cut;
use crate::net::TrustError;
use io_imap::types::response::Code;
use std::net::IpAddr;

/// Longest foreign text in a message, in characters.
const LONGEST: usize = 300;

/// A reason why an IMAP server, a folder or a message on it cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ImapFault {
    /// The name has no address.
    #[error("its address cannot be found: {0}; check host and this machine's DNS")]
    Address(String),
    /// `security = "none"` to another machine.
    #[error(
        "security = \"none\" is for this machine only, and this is {0}: set security to \"tls\" or \"starttls\", \
         or allow_plaintext = true if the way there is protected otherwise"
    )]
    Outside(IpAddr),
    /// No TCP connection.
    #[error("no connection: {0}; is the server up, and are host and port right?")]
    Connect(String),
    /// The CA file, or TLS itself.
    #[error(transparent)]
    Trust(#[from] TrustError),
    /// The handshake failed, or the certificate is not to be trusted.
    #[error("no TLS: {0}")]
    Tls(String),
    /// The server offers no STARTTLS, or refuses it.
    #[error(
        "it does not go on to TLS ({0}), and nothing is sent in the clear: set security = \"tls\" if the server \
         speaks TLS from the start"
    )]
    NoStartTls(String),
    /// Bytes between the answer to STARTTLS and the handshake.
    #[error(
        "unencrypted data follows its answer to STARTTLS: somebody may sit in between; nothing was sent"
    )]
    Injected,
    /// PREAUTH before TLS: STARTTLS is then impossible (RFC 3501, 6.2.1).
    #[error("it claims to be logged in before TLS: somebody may sit in between; nothing was sent")]
    PreAuth,
    /// The server closes the door.
    #[error("it ends the session: {0}; the next run tries again")]
    Bye(String),
    /// The password or token could not be had.
    #[error("no password: {0}")]
    Secret(String),
    /// User, password or token have characters that the protocol cannot carry.
    #[error("{0} has a control character: correct it in its source")]
    Character(&'static str),
    /// No common way to log in.
    #[error("it offers no login that poms can use with a {wanted} ({offers}): {hint}")]
    NoLogin {
        /// `password` or `token`.
        wanted: &'static str,
        /// What it offers.
        offers: String,
        /// What to do.
        hint: &'static str,
    },
    /// The login was refused.
    #[error("it does not log '{user}' in: {text}; {hint}")]
    Login {
        /// As whom.
        user: String,
        /// The server's words.
        text: String,
        /// What to do.
        hint: &'static str,
    },
    /// A folder cannot be opened or made.
    #[error("the folder '{folder}' cannot be {action}: {text}; {hint}")]
    Folder {
        /// Its name.
        folder: String,
        /// `opened`, `made`, …
        action: &'static str,
        /// The server's words.
        text: String,
        /// What to do.
        hint: &'static str,
    },
    /// The folder's UIDs are not what they were (RFC 3501, 2.3.1.1).
    #[error(
        "the folder '{0}' was rebuilt on the server meanwhile: nothing was filed; the next run reads it anew"
    )]
    Rebuilt(String),
    /// No room for the message in the folder.
    #[error(
        "mail cannot be filed into '{folder}', as the mailbox is over its quota: {text}; make room on the server"
    )]
    OverQuota {
        /// The folder.
        folder: String,
        /// The server's words.
        text: String,
    },
    /// Nothing can be moved out of the folder.
    #[error(
        "mail cannot be moved out of the folder '{folder}': {why}; what poms read stays there and is not read twice, \
         but give the user the right to move and delete mail there, or name another folder"
    )]
    ReadOnly {
        /// The folder.
        folder: String,
        /// What the server said of it.
        why: &'static str,
    },
    /// A command was refused.
    #[error("it refuses {command}: {text}")]
    Refused {
        /// Which.
        command: &'static str,
        /// The server's words.
        text: String,
        /// The response code, as `OVERQUOTA`; empty when there is none (RFC 5530).
        code: String,
    },
    /// The connection broke.
    #[error("the connection broke during {command}: {reason}; the next run tries again")]
    Lost {
        /// During what.
        command: &'static str,
        /// The system's reason.
        reason: String,
    },
    /// No answer in time.
    #[error(
        "no answer to {command} within {seconds} s; the next run tries again (timeout_seconds sets how long poms waits)"
    )]
    TimedOut {
        /// To what.
        command: &'static str,
        /// How long was waited.
        seconds: u64,
    },
    /// More than was asked for.
    #[error(
        "it sent more than {bytes} bytes in answer to {command}, which is more than was asked for"
    )]
    TooMuch {
        /// To what.
        command: &'static str,
        /// The bound, in bytes.
        bytes: u64,
    },
    /// Not IMAP.
    #[error("its answer to {command} is not IMAP: {what}")]
    Protocol {
        /// To what.
        command: &'static str,
        /// What is wrong.
        what: &'static str,
    },
    /// A message that is there and cannot be had.
    #[error(
        "the message with UID {uid} cannot be had from the server ({why}); look at it with a mail client, and move it away if it is damaged"
    )]
    Unreadable {
        /// Which.
        uid: u32,
        /// What the server does instead of giving it.
        why: String,
    },
    /// A handle that is none of this mailbox.
    #[error("'{0}' is not a message of an IMAP mailbox")]
    Key(String),
}

impl ImapFault {
    /// Whether the session cannot go on after it.
    pub(super) fn is_fatal(&self) -> bool {
        !matches!(
            self,
            ImapFault::Refused { .. }
                | ImapFault::Folder { .. }
                | ImapFault::OverQuota { .. }
                | ImapFault::ReadOnly { .. }
                | ImapFault::Unreadable { .. }
                | ImapFault::Key(_)
        )
    }

    /// Whether the connection broke, fell silent, or brought what is no answer: with another
    /// message it may go on.
    pub(super) fn breaks(&self) -> bool {
        matches!(
            self,
            ImapFault::Lost { .. }
                | ImapFault::TimedOut { .. }
                | ImapFault::Bye(_)
                | ImapFault::Protocol { .. }
                | ImapFault::TooMuch { .. }
        )
    }

    /// The same as the fault of one message.
    pub(super) fn at(&self, uid: u32) -> ImapFault {
        let why = match self {
            ImapFault::Unreadable { .. } => return self.clone(),
            ImapFault::Refused { command, text, .. } => format!("it refuses {command}: {text}"),
            ImapFault::Lost { reason, .. } => format!("the connection breaks there: {reason}"),
            ImapFault::TimedOut { seconds, .. } => format!("no answer within {seconds} s"),
            ImapFault::Bye(text) => format!("it ends the session there: {text}"),
            ImapFault::TooMuch { bytes, .. } => format!("it sends more than {bytes} bytes"),
            other => other.to_string(),
        };
        ImapFault::Unreadable { uid, why }
    }
}

/// A server's words, as one harmless line.
pub(super) fn words(text: &str) -> String {
    match text.trim() {
        "" => "without a reason".to_owned(),
        text => cut(text, LONGEST),
    }
}

/// The word of a response code, in capitals; empty for those that do not matter here.
pub(super) fn code_word(code: Option<&Code<'_>>) -> String {
    match code {
        Some(Code::OverQuota) => "OVERQUOTA".to_owned(),
        Some(Code::TryCreate) => "TRYCREATE".to_owned(),
        Some(Code::Other(other)) => {
            let text = String::from_utf8_lossy(other.inner()).to_ascii_uppercase();
            text.split(' ').next().unwrap_or_default().to_owned()
        }
        _ => String::new(),
    }
}
