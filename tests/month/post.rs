//! Mails out of the shop as who gets them reads them, and mails to it.

use chrono::{DateTime, Utc};
use mail_parser::{MessageParser, MimeHeaders};

/// One that left.
#[derive(Clone)]
pub struct Sent {
    pub at: DateTime<Utc>,
    /// Message-ID without its brackets.
    pub id: String,
    pub to: String,
    /// Where answers go.
    pub reply: String,
    pub subject: String,
    pub text: String,
    /// The table that is attached.
    pub csv: Option<String>,
}

impl Sent {
    pub fn read(raw: &[u8], at: DateTime<Utc>) -> Sent {
        let mail = MessageParser::default().parse(raw).expect("a mail");
        let first = |to: Option<&mail_parser::Address>| {
            let first = to.and_then(|to| to.first()).and_then(|to| to.address());
            first.unwrap_or_default().to_owned()
        };
        let from = first(mail.from());
        let reply = first(mail.reply_to());
        let csv = mail.attachments().find(|part| {
            let kind = part.content_type();
            kind.is_some_and(|kind| kind.c_subtype.as_deref() == Some("csv"))
        });
        Sent {
            at,
            id: mail.message_id().unwrap_or_default().to_owned(),
            to: first(mail.to()),
            reply: if reply.is_empty() { from } else { reply },
            subject: mail.subject().unwrap_or_default().to_owned(),
            text: mail.body_text(0).unwrap_or_default().replace("\r\n", "\n"),
            csv: csv.map(|part| String::from_utf8_lossy(part.contents()).into_owned()),
        }
    }

    /// Purchase orders that it names, each once.
    pub fn purchase_orders(&self) -> Vec<String> {
        let pattern = regex::Regex::new(r"\bW\d+-\d+\b").unwrap();
        let all = format!("{}\n{}", self.subject, self.text);
        let mut found: Vec<String> = Vec::new();
        for one in pattern.find_iter(&all) {
            if !found.iter().any(|known| known == one.as_str()) {
                found.push(one.as_str().to_owned());
            }
        }
        found
    }
}

/// One to the shop.
#[derive(Clone, Default)]
pub struct Letter {
    /// Message-ID without its brackets.
    pub id: String,
    pub from: String,
    pub to: String,
    pub subject: String,
    pub text: String,
    /// A table beside it.
    pub csv: Option<String>,
    /// All of it, where it is none that a person wrote.
    pub raw: Option<String>,
}

impl Letter {
    pub fn mail(&self, now: DateTime<Utc>) -> Vec<u8> {
        if let Some(raw) = &self.raw {
            return raw.replace('\n', "\r\n").into_bytes();
        }
        let head = format!(
            "From: {}\nTo: {}\nSubject: {}\nDate: {}\nMessage-ID: <{}>\nMIME-Version: 1.0\n",
            self.from,
            self.to,
            self.subject,
            now.to_rfc2822(),
            self.id
        );
        let plain = "Content-Type: text/plain; charset=utf-8\n\n";
        let mail = match &self.csv {
            None => format!("{head}{plain}{}\n", self.text),
            Some(csv) => format!(
                "{head}Content-Type: multipart/mixed; boundary=\"b\"\n\n--b\n{plain}{}\n--b\n\
                 Content-Type: text/csv; name=\"a.csv\"\nContent-Disposition: attachment; filename=\"a.csv\"\n\n{csv}\n--b--\n",
                self.text
            ),
        };
        mail.replace('\n', "\r\n").into_bytes()
    }
}
