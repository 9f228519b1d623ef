//! `[[mailbox]]`: where mail is fetched from.

use super::delivery::{Security, check_host, port, security};
use super::reader::Section;
use super::safety::Need;
use super::secret::SecretSource;
use std::path::PathBuf;
use std::time::Duration;

/// One mailbox.
#[derive(Clone)]
pub struct MailboxConfig {
    /// Its name in the ledger and to people; unique.
    pub name: String,
    /// Whose mail it brings.
    pub purpose: Purpose,
    /// How it is read.
    pub kind: MailboxKind,
    /// Folder into which mail goes that was taken in.
    pub processed_folder: String,
    /// Folder into which mail goes that could not be read.
    pub quarantine_folder: String,
}

/// Whose mail a mailbox brings, so that a vendor's mail is not tried as an order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// Orders from the web shop.
    Orders,
    /// Answers, shipping advices and invoices from vendors, and bounces.
    Vendors,
    /// Both.
    Any,
    /// Copies of what poms itself sent, to which nothing else is delivered: their arrival proves that
    /// the mail server took a mail whose answer was lost.
    Archive,
}

impl Purpose {
    /// Whether an order may come from there.
    pub fn brings_orders(self) -> bool {
        matches!(self, Purpose::Orders | Purpose::Any)
    }
}

/// How a mailbox is read.
#[derive(Clone)]
pub enum MailboxKind {
    /// A local Maildir.
    Maildir {
        /// The folder that has `new`, `cur` and `tmp`.
        path: PathBuf,
    },
    /// An IMAP server.
    Imap(Box<ImapConfig>),
}

/// An IMAP server (RFC 9051) and the way to it.
#[derive(Clone)]
pub struct ImapConfig {
    /// Host name or address.
    pub host: String,
    /// TCP port: 993 with TLS, else 143, unless set.
    pub port: u16,
    /// How the connection is protected.
    pub security: Security,
    /// Login name.
    pub user: String,
    /// The password, or the token when `oauth2`.
    pub password: SecretSource,
    /// Whether `password` is an OAuth2 token (SASL OAUTHBEARER or XOAUTH2).
    pub oauth2: bool,
    /// Lets `Security::None` leave this machine.
    pub allow_plaintext: bool,
    /// The folder that is read.
    pub folder: String,
    /// Certificates (PEM) to trust instead of the system's.
    pub ca_file: Option<PathBuf>,
    /// How long one answer may take.
    pub timeout: Duration,
}

#[derive(Clone, Copy, PartialEq)]
enum MailboxWay {
    Maildir,
    Imap,
}

/// Reads every `[[mailbox]]`.
pub fn mailboxes(sections: &[Section<'_>]) -> Vec<MailboxConfig> {
    let mut found: Vec<MailboxConfig> = Vec::new();
    for section in sections {
        let Some(mailbox) = mailbox(section) else {
            continue;
        };
        if found.iter().any(|other| other.name == mailbox.name) {
            section.fault("name", "is the name of another mailbox: each needs its own");
        }
        found.push(mailbox);
    }
    found
}

fn mailbox(section: &Section<'_>) -> Option<MailboxConfig> {
    let purposes = [
        ("orders", Purpose::Orders),
        ("vendors", Purpose::Vendors),
        ("any", Purpose::Any),
        ("archive", Purpose::Archive),
    ];
    let name = section.required("name", "a short name, such as \"orders\"");
    let purpose = section.choice("purpose", &purposes, Purpose::Orders);
    let processed_folder = folder(section, "processed_folder", "Processed");
    let quarantine_folder = folder(section, "quarantine_folder", "Quarantine");
    if processed_folder == quarantine_folder {
        section.fault(
            "quarantine_folder",
            "must differ from processed_folder: the one is done with, the other is not",
        );
    }
    if !section.has("kind") {
        section.fault("kind", "is missing: it must be \"maildir\" or \"imap\"");
        return None;
    }
    let kinds = [("maildir", MailboxWay::Maildir), ("imap", MailboxWay::Imap)];
    let kind = match section.choice("kind", &kinds, MailboxWay::Maildir) {
        MailboxWay::Maildir => maildir(section),
        MailboxWay::Imap => imap(section),
    };
    let kind = kind?;
    if let MailboxKind::Imap(imap) = &kind {
        for (key, target) in [
            ("processed_folder", &processed_folder),
            ("quarantine_folder", &quarantine_folder),
        ] {
            if imap.folder == *target {
                section.fault(
                    key,
                    "is the folder that is read: what is done with must leave it",
                );
            }
        }
    }
    Some(MailboxConfig {
        name,
        purpose,
        kind,
        processed_folder,
        quarantine_folder,
    })
}

/// A folder's name: one level, so that it can be neither a path out of a Maildir nor a pattern.
fn folder(section: &Section<'_>, key: &str, default: &str) -> String {
    let name = section.text(key).unwrap_or_else(|| default.to_owned());
    let allowed = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | ' ');
    if name.trim() != name || name.is_empty() || name.len() > 64 || !name.chars().all(allowed) {
        section.fault(
            key,
            "must be one folder's name: letters, digits, space, - and _",
        );
    }
    name
}

fn maildir(section: &Section<'_>) -> Option<MailboxKind> {
    for key in ["host", "user", "password", "password_file", "folder"] {
        if section.has(key) {
            section.fault(key, "is for kind = \"imap\", and this mailbox is a maildir");
        }
    }
    if !section.has("path") {
        section.fault("path", "is missing: it must be the Maildir's folder");
    }
    Some(MailboxKind::Maildir {
        path: section.path("path", Need::Open)?,
    })
}

fn imap(section: &Section<'_>) -> Option<MailboxKind> {
    if section.has("path") {
        section.fault(
            "path",
            "is for kind = \"maildir\", and this mailbox is imap",
        );
    }
    let folder = section.text("folder").unwrap_or_else(|| "INBOX".to_owned());
    let host = section.required("host", "the IMAP server's name");
    let security = security(section, Security::Tls);
    check_host(section, &host, security);
    let user = section.required("user", "the login name");
    let token = section.secret("token");
    let password = section.secret("password");
    if token.is_some() && password.is_some() {
        section.fault("user", "has both a password and a token: keep one");
    }
    let oauth2 = token.is_some();
    let Some(password) = token.or(password) else {
        section.fault(
            "user",
            "needs password_file, password_command or password_credential (or token_… for OAuth2)",
        );
        return None;
    };
    let default_port = if security == Security::Tls { 993 } else { 143 };
    let seconds = section.number("timeout_seconds", 1..=600, 60);
    Some(MailboxKind::Imap(Box::new(ImapConfig {
        host,
        port: port(section, default_port),
        security,
        user,
        password,
        oauth2,
        allow_plaintext: section.flag("allow_plaintext"),
        folder,
        ca_file: section.path("ca_file", Need::Guarded),
        timeout: Duration::from_secs(seconds.unsigned_abs()),
    })))
}
