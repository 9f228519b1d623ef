//! SMTP delivery against servers that fail in every way, and against real ones.
//!
//! Three sentences hold whatever happens: what is reported accepted was taken; what was taken is
//! reported accepted or unknown; what is reported deferred, refused or unreachable was not taken.

mod ahead;
mod engine;
mod real;
mod scripted;
mod secrets;
mod underway;

use poms::delivery::channel::{Channel, DeliveryOutcome, OutgoingMessage};
use poms::delivery::smtp::{Security, Server, SmtpChannel, SmtpSettings, Timeouts};
use std::sync::Arc;
use std::time::Duration;

fn message(id: i64) -> OutgoingMessage {
    OutgoingMessage {
        id,
        reference: format!("<po-{id}@shop.example>"),
        from: "orders@shop.example".to_owned(),
        to: vec!["sales@vendor.example".to_owned()],
        subject: format!("PO {id}"),
        content: format!("Subject: PO {id}\r\n\r\n.one\r\n..two\r\nend\r\n").into_bytes(),
    }
}

fn settings(port: u16) -> SmtpSettings {
    SmtpSettings {
        host: "127.0.0.1".to_owned(),
        port,
        security: Security::None,
        allow_plaintext: false,
        ca_file: None,
        login: None,
        hello: Some("poms.example".to_owned()),
        timeouts: Timeouts::default(),
    }
}

/// Gives up soon: for servers that do not answer.
fn hasty(port: u16) -> SmtpSettings {
    let soon = Duration::from_secs(1);
    SmtpSettings {
        timeouts: Timeouts {
            connect: soon,
            command: soon,
            final_dot: soon,
        },
        ..settings(port)
    }
}

fn channel(settings: SmtpSettings) -> SmtpChannel {
    SmtpChannel::new(Arc::new(Server::new(settings).unwrap()))
}

fn send(channel: &mut dyn Channel, message: &OutgoingMessage) -> DeliveryOutcome {
    match channel.prepare(message) {
        Ok(()) => channel.complete(message),
        Err(outcome) => outcome,
    }
}

/// The word for the first outcome, and for a second message on the same channel.
fn two_words(settings: SmtpSettings) -> (&'static str, &'static str) {
    let mut channel = channel(settings);
    let first = send(&mut channel, &message(1)).word();
    let second = send(&mut channel, &message(2)).word();
    channel.close();
    (first, second)
}
