//! `poms message answer`: what a person writes back to who wrote to us, in the thread, once.

use super::{Said, reason, refused, resolve};
use crate::app::App;
use crate::correspondence::{Correspondent, correspondent};
use crate::domain::business_refusal::BusinessRefusal;
use crate::domain::codes::Code;
use crate::domain::delivery::DeliveryKind;
use crate::domain::email;
use crate::domain::foreign::{cut, is_hidden};
use crate::domain::lifecycle::MessageState;
use crate::intake::cards;
use crate::intake::classify::Class;
use crate::intake::inbound::{self, Inbound};
use crate::ledger::messages::MessageRow;
use crate::ledger::orders::OrderRow;
use crate::ledger::purchase_orders::PoRow;
use crate::ledger::{LedgerError, Tx};
use crate::mail::compose::Letter;
use crate::mail::outbox::{self, OutboxDocument, Purpose};
use serde_json::json;

/// Exceptions that an answer ends: a mail that a person must read.
pub(super) const ENDS: &[Code] = &[Code::CustomerMail, Code::VendorMail, Code::ReturnMail];
/// Longest text of an answer, in characters.
const LONGEST: usize = 50_000;
/// Most Message-IDs that are repeated from what is answered.
const THREAD: usize = 20;
/// Most answers to one message.
const MOST: usize = 100;

/// What the person writes.
#[derive(Clone, Copy, Debug)]
pub struct MailAnswer<'a> {
    /// The mail's text.
    pub text: &'a str,
    /// Why, for whoever reads it later.
    pub note: &'a str,
    /// The address, where there are two to choose from.
    pub to: Option<&'a str>,
    /// Whether a message that was answered is answered once more.
    pub again: bool,
    /// Whether one whose sender is not proved is answered.
    pub unproved: bool,
}

/// Who gets the answer, and where theirs goes.
struct Party {
    kind: DeliveryKind,
    name: String,
    /// On file; empty when nobody is.
    on_file: String,
    reply_to: Option<String>,
    order: Option<OrderRow>,
}

/// Puts the answer into the outbox and closes what it answers.
///
/// # Errors
/// A sentence that says why it is impossible, and what to type instead.
pub fn answer(tx: &Tx, site: &App, id: i64, what: &MailAnswer) -> Result<Said, LedgerError> {
    let note = reason(what.note)?;
    let text = text(what.text)?;
    let row = tx.message(id)?;
    let mail = mail(tx, site, &row)?;
    let party = party(tx, site, id, &mail)?;
    let to = recipient(id, &party, &mail, what.to)?;
    if !what.unproved {
        proved(tx, id, &to)?;
    }
    let letter = Letter {
        reply_to: party.reply_to.clone(),
        subject: subject(&mail),
        text: format!("{text}\n"),
        auto_submitted: false,
        extra_headers: thread(&mail),
        ..Letter::by_machine(
            (
                site.config.site.name.clone(),
                site.config.site.email.clone(),
            ),
            vec![(party.name.clone(), to.clone())],
            tx.now(),
        )
    };
    let document = OutboxDocument::mail(letter)
        .map_err(|fault| refused(BusinessRefusal::cannot_be_made(fault.to_string())))?;
    let put = |once: &str| {
        let purpose = Purpose {
            kind: party.kind.clone(),
            once,
            order_id: party.order.as_ref().map(|order| order.id),
            po_id: None,
        };
        outbox::put(tx, &site.config.site.email, &document, &purpose)
    };
    let delivery = put_once(id, what.again, put)?;
    answered(tx, id, party.order.as_ref(), (delivery, &to, note), text)?;
    let mut said = vec![format!(
        "Message {id} is answered: the next `poms process` sends delivery {delivery} to {to}."
    )];
    said.extend(close(tx, site, &row, &party, note)?);
    Ok(said)
}

/// Writes down that a message is answered, by which delivery and to whom, and why.
fn answered(
    tx: &Tx,
    id: i64,
    order: Option<&OrderRow>,
    (delivery, to, note): (i64, &str, &str),
    text: &str,
) -> Result<(), LedgerError> {
    let payload = json!({"delivery": delivery, "to": to, "note": note});
    let order_id = order.map(|order| order.id);
    tx.fact(
        "message.answered",
        &format!("message:{id}"),
        order_id,
        &payload,
    )?;
    match order {
        Some(order) => {
            let told = format!("message {id} is answered to {to}: {}", cut(text, 1_500));
            tx.note_order(order, &told)
        }
        None => Ok(()),
    }
}

/// Refuses an answer to who may be a forger: what was held for its sender, and nobody believed since.
fn proved(tx: &Tx, id: i64, to: &str) -> Result<(), LedgerError> {
    match tx.unproved(id)? {
        None => Ok(()),
        Some(why) => Err(refused(
            BusinessRefusal::unproved(format!(
                "who wrote message {id} is not proved ({why}), and the answer would go \
                 to {to}"
            ))
            .with_remedy(": make sure of it by telephone; --unproved answers all the same"),
        )),
    }
}

/// The text as it is sent.
fn text(text: &str) -> Result<&str, LedgerError> {
    let text = text.trim();
    if text.is_empty() {
        return Err(refused(
            BusinessRefusal::needs_word("the answer is empty")
                .with_remedy(": --text \"…\" or --file FILE"),
        ));
    }
    if text.chars().count() > LONGEST {
        return Err(refused(BusinessRefusal::over_limit(format!(
            "the answer is longer than {LONGEST} characters"
        ))));
    }
    let odd = |c: &char| is_hidden(*c) && !matches!(c, '\n' | '\r' | '\t');
    if let Some(c) = text.chars().find(odd) {
        return Err(refused(
            BusinessRefusal::bad_word(format!(
                "the answer has a control character (U+{:04X})",
                u32::from(c)
            ))
            .with_remedy(": take it out and try again"),
        ));
    }
    if cards::mask_text(text).is_some() {
        return Err(refused(
            BusinessRefusal::bad_word("a payment card number stands in the answer")
                .with_remedy(": take it out; such numbers are never sent by mail"),
        ));
    }
    Ok(text)
}

fn mail(tx: &Tx, site: &App, row: &MessageRow) -> Result<Inbound, LedgerError> {
    let id = row.id;
    let received = row.received.time();
    let mail = inbound::read(&tx.message_raw(id)?, &site.reader.marks, received, tx.now());
    let mail = mail.map_err(|fault| {
        refused(BusinessRefusal::unreadable(format!(
            "message {id} cannot be read: {fault}"
        )))
    })?;
    match mail.class {
        Class::Letter => Ok(mail),
        ref other => Err(refused(BusinessRefusal::not_for_this(format!(
            "message {id} is no letter but a mail that a machine wrote ({}): nobody reads an answer to it",
            other.word()
        )))),
    }
}

fn party(tx: &Tx, site: &App, id: i64, mail: &Inbound) -> Result<Party, LedgerError> {
    let buyer = site.buyer();
    Ok(match correspondent(tx, site, id, mail)? {
        Correspondent::Customer(order) => Party {
            kind: DeliveryKind::AnswerCustomer,
            name: email::shown_name(&order.order.customer.name),
            on_file: email::deliverable(&order.order.customer.email).unwrap_or_default(),
            reply_to: buyer.customer_reply_to(&order),
            order: Some(*order),
        },
        Correspondent::Vendor { id, po } => {
            let vendor = tx.vendor(&id)?;
            let reply = |po: &PoRow| buyer.reply_to(po.id, &po.number, &po.vendor_id);
            Party {
                kind: DeliveryKind::AnswerVendor,
                name: vendor.as_ref().map_or_else(String::new, |v| v.name.clone()),
                on_file: vendor.map_or_else(String::new, |v| v.email.trim().to_owned()),
                reply_to: po.as_deref().and_then(reply),
                order: po.map(|po| tx.order(po.order_id)).transpose()?,
            }
        }
        Correspondent::Unknown => Party {
            kind: DeliveryKind::Answer,
            name: String::new(),
            on_file: String::new(),
            reply_to: None,
            order: None,
        },
    })
}

/// The address on file, else the one that wrote; the other of the two on request, and no third.
fn recipient(
    id: i64,
    party: &Party,
    mail: &Inbound,
    wanted: Option<&str>,
) -> Result<String, LedgerError> {
    let from = mail.from.as_deref().unwrap_or_default();
    let mut known: Vec<&str> = [&*party.on_file, from]
        .into_iter()
        .filter(|one| !one.is_empty())
        .collect();
    known.dedup_by(|one, other| one.eq_ignore_ascii_case(other));
    let Some(first) = known.first() else {
        return Err(refused(BusinessRefusal::cannot_be_made(format!(
            "message {id} has no address to answer to: its From: does not hold exactly one, and none is on file"
        ))));
    };
    let Some(wanted) = wanted.map(str::trim) else {
        return Ok((*first).to_owned());
    };
    let found = known.iter().find(|one| one.eq_ignore_ascii_case(wanted));
    found.map(|one| (*one).to_owned()).ok_or_else(|| {
        refused(
            BusinessRefusal::not_for_this(format!(
                "message {id} is answered to {} only",
                known.join(" or ")
            ))
            .with_remedy(": whoever else shall know it is told by another mail"),
        )
    })
}

fn subject(mail: &Inbound) -> String {
    let subject = cut(&mail.subject, 200);
    match subject
        .get(..3)
        .is_some_and(|begin| begin.eq_ignore_ascii_case("re:"))
    {
        true => subject,
        false if subject.is_empty() => "Re: your mail".to_owned(),
        false => format!("Re: {subject}"),
    }
}

/// What ties the answer to what it answers (RFC 5322, 3.6.4).
fn thread(mail: &Inbound) -> Vec<(String, String)> {
    let Some(own) = &mail.message_id else {
        return Vec::new();
    };
    // In-Reply-To comes first there, and is the last of the thread
    let mut ids: Vec<&str> = Vec::new();
    let earlier = mail.answers.iter().skip(1).chain(mail.answers.first());
    for id in earlier.take(THREAD).chain([own]).map(String::as_str) {
        ids.retain(|known| *known != id);
        ids.push(id);
    }
    vec![
        ("In-Reply-To".to_owned(), own.clone()),
        ("References".to_owned(), ids.join(" ")),
    ]
}

/// Puts it into the outbox: once, or once more where that is said.
fn put_once(
    id: i64,
    again: bool,
    put: impl Fn(&str) -> Result<Option<i64>, LedgerError>,
) -> Result<i64, LedgerError> {
    for count in 1..=MOST {
        if let Some(delivery) = put(&format!("message_answer:{id}:{count}"))? {
            return Ok(delivery);
        }
        if !again {
            return Err(refused(
                BusinessRefusal::done(format!("message {id} was answered before")).with_remedy(
                    format!(
                        ": `poms audit show \"message {id}\"` says with what; --again answers it \
                         once more"
                    ),
                ),
            ));
        }
    }
    Err(refused(BusinessRefusal::over_limit(format!(
        "message {id} was answered {MOST} times"
    ))))
}

/// Closes the exceptions that only waited for an answer, and names the others.
fn close(
    tx: &Tx,
    site: &App,
    row: &MessageRow,
    party: &Party,
    note: &str,
) -> Result<Said, LedgerError> {
    let mut said = Vec::new();
    let mut left = false;
    for open in tx.open_exceptions_of_message(row.id)? {
        if open.code.is_one_of(ENDS) {
            tx.resolve_exception(&open, "answered", note)?;
            said.push(format!("Exception {} ({}) is closed.", open.id, open.code));
        } else {
            left = true;
            said.push(format!(
                "Exception {} ({}) stays open: poms exceptions show {0}",
                open.id, open.code
            ));
        }
    }
    if row.state == MessageState::Held && !left {
        tx.move_message(row.id, MessageState::Ignored, note)?;
    }
    if let Some(order) = party.order.as_ref().filter(|_| !said.is_empty()) {
        said.extend(resolve::after_mail(tx, site, order)?);
    }
    Ok(said)
}
