//! E-mail by SMTP (RFC 5321): one reused connection, MAIL to DATA in one round trip where the
//! server offers PIPELINING (RFC 2920), and a certain end: either the server's own words or
//! `Unknown`.

mod envelope;
mod server;
mod session;
mod wire;

pub use server::{Login, Security, Server, SmtpSettings, SmtpSetupError, Timeouts};

use super::channel::{Channel, DeliveryOutcome, OutgoingMessage, one_line};
use chrono::{DateTime, Utc};
use session::Session;
use std::io;
use std::sync::Arc;
use std::time::Duration;
use wire::Reply;

/// How long to look for an answer that may have come before a write failed, or to QUIT.
const BRIEFLY: Duration = Duration::from_secs(3);

/// One connection to a mail server, opened when first needed.
pub struct SmtpChannel {
    server: Arc<Server>,
    session: Option<Session>,
    /// The session has answered a message before: it may have died of idleness since.
    used: bool,
    prepared: Option<i64>,
}

/// How an offer to the server ended.
enum Offer {
    /// 354: the body may come.
    Taken,
    /// The message's fate; the session goes on or has been dropped.
    Failed(DeliveryOutcome),
    /// No answer to MAIL, or 421: of a reused session it says nothing.
    Lost(String),
}

impl SmtpChannel {
    /// A channel that has no connection yet.
    pub fn new(server: Arc<Server>) -> SmtpChannel {
        SmtpChannel {
            server,
            session: None,
            used: false,
            prepared: None,
        }
    }

    /// Connects, secures and logs in, then takes leave: what `poms check` asks. Returns when the
    /// server's certificate ends, if there is one.
    ///
    /// # Errors
    /// A sentence that says what failed and what to do.
    pub fn check(&mut self) -> Result<Option<DateTime<Utc>>, String> {
        let opened = session::open(&self.server).map_err(|why| one_line(&why))?;
        let ends = opened.wire.certificate_ends();
        self.session = Some(opened);
        self.close();
        Ok(ends)
    }

    fn offer(&mut self, message: &OutgoingMessage) -> Offer {
        let session = match &mut self.session {
            Some(session) => session,
            empty => match session::open(&self.server) {
                Ok(session) => empty.insert(session),
                Err(why) => return Offer::Failed(DeliveryOutcome::unreachable(why)),
            },
        };
        let lines = match envelope::commands(message, &session.offers) {
            Ok(lines) => lines,
            Err(outcome) => return Offer::Failed(outcome),
        };
        let (replies, broken) = converse(session, &lines, self.server.settings.timeouts.command);
        let offer = judge(message, &replies, broken.as_ref(), &self.server.address());
        let in_step = broken.is_none()
            && !matches!(offer, Offer::Lost(_) | Offer::Failed(DeliveryOutcome::Unreachable { .. }))
            // 354 for the recipients that were taken: only the end of the connection says no now
            && !(matches!(offer, Offer::Failed(_)) && replies.len() == lines.len() && replies.last().is_some_and(|r| r.code == 354));
        if !in_step {
            self.session = None;
        } else if matches!(offer, Offer::Failed(_)) {
            self.reset();
        }
        offer
    }

    /// RSET; a session that does not take it is dropped.
    fn reset(&mut self) {
        let limit = self.server.settings.timeouts.command;
        if let Some(session) = &mut self.session {
            let answer = session
                .wire
                .send(b"RSET\r\n", limit)
                .and_then(|()| session.wire.reply(limit));
            if !answer.is_ok_and(|reply| reply.positive()) {
                self.session = None;
            }
        }
    }
}

impl Channel for SmtpChannel {
    fn prepare(&mut self, message: &OutgoingMessage) -> Result<(), DeliveryOutcome> {
        if self.prepared.is_some() {
            self.abandon();
        }
        envelope::check(message)?;
        let reused = self.session.is_some() && self.used;
        let mut offer = self.offer(message);
        if reused && matches!(offer, Offer::Lost(_)) {
            offer = self.offer(message);
        }
        self.used = true;
        match offer {
            Offer::Taken => {
                self.prepared = Some(message.id);
                Ok(())
            }
            Offer::Failed(outcome) => Err(outcome),
            Offer::Lost(why) => Err(DeliveryOutcome::unreachable(why)),
        }
    }

    fn complete(&mut self, message: &OutgoingMessage) -> DeliveryOutcome {
        let prepared = self.prepared.take();
        if prepared != Some(message.id) {
            self.session = None;
            return DeliveryOutcome::deferred("the document was not prepared; nothing was sent");
        }
        let Some(session) = &mut self.session else {
            return DeliveryOutcome::deferred("the connection is gone; nothing was sent");
        };
        let limit = self.server.settings.timeouts.final_dot;
        let sent = session.wire.send(&envelope::body(&message.content), limit);
        // a server may refuse in the middle of the body and close
        let answer = session
            .wire
            .reply(if sent.is_ok() { limit } else { BRIEFLY });
        let at = self.server.address();
        let outcome = match (&sent, answer) {
            (Ok(()), Ok(reply)) if reply.positive() => DeliveryOutcome::accepted(reply.to_string()),
            (_, Ok(reply)) if reply.code == 421 => {
                DeliveryOutcome::unreachable(format!("{at}: {reply}"))
            }
            (_, Ok(reply)) if reply.negative() => refusal(&reply, String::new()),
            (_, Ok(reply)) => {
                self.session = None;
                DeliveryOutcome::unknown(format!("{at} answered the document with '{reply}'"))
            }
            (_, Err(error)) => {
                self.session = None;
                let error = sent.as_ref().err().unwrap_or(&error);
                DeliveryOutcome::unknown(format!(
                    "{at} may have taken the document, but did not say so: {error}"
                ))
            }
        };
        if sent.is_err() || matches!(outcome, DeliveryOutcome::Unreachable { .. }) {
            self.session = None;
        }
        outcome
    }

    fn abandon(&mut self) {
        if self.prepared.take().is_some() {
            // in the middle of DATA: closing is the only word that is not part of the document
            self.session = None;
        }
    }

    fn close(&mut self) {
        self.abandon();
        if let Some(mut session) = self.session.take() {
            // the answer does not matter: every message has its own
            let _ = session.wire.send(b"QUIT\r\n", BRIEFLY);
            let _ = session.wire.reply(BRIEFLY);
        }
    }
}

/// Sends the commands and reads the replies: in one write when the server offers PIPELINING, else
/// one by one, and then DATA only when all recipients were taken.
fn converse(
    session: &mut Session,
    lines: &[String],
    limit: Duration,
) -> (Vec<Reply>, Option<io::Error>) {
    let mut replies: Vec<Reply> = Vec::with_capacity(lines.len());
    let wire = &mut session.wire;
    if session.offers.pipelining {
        let sent = wire.send(lines.concat().as_bytes(), limit);
        while replies.len() < lines.len() {
            match wire.reply(if sent.is_ok() { limit } else { BRIEFLY }) {
                Ok(reply) => replies.push(reply),
                Err(error) => return (replies, Some(sent.err().unwrap_or(error))),
            }
        }
        return (replies, sent.err());
    }
    for (index, line) in lines.iter().enumerate() {
        let last = index + 1 == lines.len();
        let refused = replies.iter().any(|reply| !reply.positive());
        if refused && (last || replies.len() == 1) {
            break;
        }
        match wire
            .send(line.as_bytes(), limit)
            .and_then(|()| wire.reply(limit))
        {
            Ok(reply) if reply.code == 421 => {
                replies.push(reply);
                break;
            }
            Ok(reply) => replies.push(reply),
            Err(error) => return (replies, Some(error)),
        }
    }
    (replies, None)
}

/// What the replies to MAIL, RCPT … and DATA mean for the message. One recipient refused refuses the
/// whole message, for a document reaches all of its recipients or none.
fn judge(
    message: &OutgoingMessage,
    replies: &[Reply],
    broken: Option<&io::Error>,
    at: &str,
) -> Offer {
    let gone = |after: &str| match broken {
        Some(error) => format!("{at} is gone after {after}: {error}"),
        None => format!("{at} is out of step after {after}"),
    };
    let Some(mail) = replies.first() else {
        return Offer::Lost(gone("connecting"));
    };
    if mail.code == 421 {
        return Offer::Lost(format!("{at}: {mail}"));
    }
    if let Some(leave) = replies.iter().find(|reply| reply.code == 421) {
        return Offer::Failed(DeliveryOutcome::unreachable(format!("{at}: {leave}")));
    }
    if mail.negative() {
        return Offer::Failed(refusal(mail, String::new()));
    }
    let recipients = &replies[1..replies.len().min(message.to.len() + 1)];
    let worst = recipients
        .iter()
        .zip(&message.to)
        .filter(|(reply, _)| reply.negative())
        .max_by_key(|(reply, _)| reply.code / 100);
    if let Some((reply, address)) = worst {
        let whom = match message.to.len() {
            1 => String::new(),
            _ => format!("{address}: "),
        };
        return Offer::Failed(refusal(reply, whom));
    }
    let in_order = mail.positive() && recipients.iter().all(Reply::positive);
    match replies.get(message.to.len() + 1) {
        Some(data) if in_order && data.code == 354 && broken.is_none() => Offer::Taken,
        Some(data) if in_order && data.negative() => Offer::Failed(refusal(data, String::new())),
        _ => Offer::Failed(DeliveryOutcome::unreachable(gone("MAIL"))),
    }
}

/// 4xx and 5xx for one message; "log in first" (RFC 4954, 6) is about the server.
fn refusal(reply: &Reply, whom: String) -> DeliveryOutcome {
    match reply.code {
        530 | 534 | 535 | 538 => {
            DeliveryOutcome::unreachable(format!("{reply}; check user and security"))
        }
        400..500 => DeliveryOutcome::deferred(format!("{whom}{reply}")),
        _ => DeliveryOutcome::refused(format!("{whom}{reply}")),
    }
}
