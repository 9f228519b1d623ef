//! What follows from a mail that is no order: bounces to their deliveries, notes to their orders,
//! vendors' mails to the shipping stage, and all that nobody vouches for to a person.

mod answers;
mod archive;
mod asked;
mod carrier;
mod customer;
mod echo;
mod gateway;
mod known;
mod release;
mod replayed;
mod signs_as;
mod stock_list;
mod thanks;
mod trust;
mod unproved;
mod unread;

use crate::app::App;
use crate::delivery::bounce::{self, Returned};
use crate::domain::codes::{Code, Severity};
use crate::domain::delivery::{DeliveryChannel, DeliveryKind};
use crate::domain::enclosure;
use crate::domain::foreign::cut;
use crate::domain::lifecycle::MessageState;
use crate::domain::token::{TokenKind, TokenSubject};
use crate::intake::Refusal;
use crate::intake::classify::Class;
use crate::intake::dsn::{Action, DeliveryReport};
use crate::intake::inbound::{self, Inbound};
use crate::intake::read::MailSource;
use crate::intake::settle::refuse;
use crate::ledger::exceptions::Subject;
use crate::ledger::messages::MessageOutcome;
use crate::ledger::outbox::DeliveryRow;
use crate::ledger::purchase_orders::PoRow;
use crate::ledger::{LedgerError, Tx};
pub use archive::settle_copy;
pub use customer::{Correspondent, correspondent};
pub use release::release;
pub use stock_list::{MailedStockList, stock_list, stored_stock_list, tell_beside};
pub use unproved::waits_for_advice;

use crate::shipping::mail::{self, Attachment, Forwarded, Trust, VendorMail};

/// How a mail ended.
pub struct Ended {
    /// Its message's outcome.
    pub state: MessageState,
    /// Exceptions that were opened.
    pub opened: usize,
    /// What cron must tell, since a mail to the admins would come back as well.
    pub failure: Option<String>,
}

/// Acts on one mail, and gives its message its outcome.
pub fn settle(
    tx: &Tx,
    site: &App,
    id: i64,
    source: MailSource,
    mail: &Inbound,
) -> Result<Ended, LedgerError> {
    let again = known::with_known(tx, site, id, mail)?;
    let mail = again.as_ref().unwrap_or(mail);
    if let Some(done) = gateway::report(tx, site, id, mail)? {
        return Ok(done);
    }
    match &mail.class {
        Class::Report(found) => report(tx, site, id, mail, found),
        Class::Automatic { what } => note(tx, site, id, mail, what),
        Class::Unread { what } => unread::settle(tx, site, id, mail, what),
        Class::Complaint => note(tx, site, id, mail, "complaint of the recipient"),
        Class::Letter => letter(tx, site, id, source, mail),
    }
}

fn end(
    tx: &Tx,
    id: i64,
    state: MessageState,
    order_id: Option<i64>,
    reason: &str,
) -> Result<(), LedgerError> {
    let outcome = MessageOutcome {
        reason: Some(reason),
        order_id,
        ..MessageOutcome::default()
    };
    tx.settle_message(id, state, &outcome)
}

/// Holds a message for a person, or does not where the site has that off.
fn hold(tx: &Tx, site: &App, id: i64, code: Code, reason: String) -> Result<Ended, LedgerError> {
    let severity = site.config.rules.severity(code);
    let state = refuse(tx, id, &Refusal::new(code, reason), severity)?;
    Ok(Ended {
        state,
        opened: usize::from(severity != Severity::Off),
        failure: None,
    })
}

/// Lists what somebody wrote about an order and what was noted with it: nothing more is done with the
/// mail, so it is accepted.
fn listed(
    tx: &Tx,
    site: &App,
    id: i64,
    (code, entity): (Code, &str),
    about: Subject,
    text: &str,
) -> Result<Ended, LedgerError> {
    let severity = site.config.rules.severity(code);
    let told = severity != Severity::Off;
    if told {
        tx.open_exception(code, severity, entity, about, text)?;
    }
    end(tx, id, MessageState::Accepted, about.order, &cut(text, 200))?;
    Ok(Ended {
        state: MessageState::Accepted,
        opened: usize::from(told),
        failure: None,
    })
}

/// The delivery that a mail is about: by the token in the envelope address, by our Message-ID, or
/// by the purchase order to whose address it came. Never by words.
fn delivery(
    tx: &Tx,
    site: &App,
    mail: &Inbound,
    about: &[String],
) -> Result<Option<DeliveryRow>, LedgerError> {
    let tokens = &site.reader.marks.tokens;
    if let Some(token) = mail.token(TokenKind::Delivery)
        && let Some(row) = tx.delivery_if_any(token.id)?
    {
        let named = TokenSubject::Delivery {
            id: row.id,
            reference: &row.reference,
        };
        if tokens.fits(token, &named) {
            return Ok(Some(row));
        }
    }
    for reference in about {
        if let Some(row) = tx.delivery_by_reference(reference)? {
            return Ok(Some(row));
        }
    }
    match trust::addressed(tx, tokens, mail)? {
        Some(po) => sent_mail(tx, &po),
        None => Ok(None),
    }
}

/// The mail that brought a purchase order.
fn sent_mail(tx: &Tx, po: &PoRow) -> Result<Option<DeliveryRow>, LedgerError> {
    let mut rows = tx.deliveries_of_po(po.id)?.into_iter();
    Ok(rows.find(|row| {
        row.channel == DeliveryChannel::Email && row.kind == DeliveryKind::PurchaseOrder
    }))
}

fn report(
    tx: &Tx,
    site: &App,
    id: i64,
    mail: &Inbound,
    found: &DeliveryReport,
) -> Result<Ended, LedgerError> {
    match delivery(tx, site, mail, &found.about)? {
        Some(row) => reported(tx, site, id, found, &row),
        None if found.action == Action::Delivered => {
            let reason = "a report of success about none of our mails";
            end(tx, id, MessageState::Ignored, None, reason)?;
            Ok(Ended {
                state: MessageState::Ignored,
                opened: 0,
                failure: None,
            })
        }
        None => {
            let reason = format!(
                "a delivery report from {} that names none of our mails by address or Message-ID, so anyone can have \
                 written it. Subject: {}. It says: {}",
                mail.sender, mail.subject, found.diagnostic
            );
            echo::doubt(tx, site, id, mail, Code::UntrustedSender, reason)
        }
    }
}

/// A report about a delivery of ours.
fn reported(
    tx: &Tx,
    site: &App,
    id: i64,
    found: &DeliveryReport,
    row: &DeliveryRow,
) -> Result<Ended, LedgerError> {
    let (reason, opened) = tell_delivery(tx, site, id, found, row)?;
    end(tx, id, MessageState::Accepted, row.order_id, &reason)?;
    let to_admins = opened && row.kind == DeliveryKind::AdminExceptions;
    if to_admins {
        echo::silence(tx, |about| about.delivery == Some(row.id))?;
    }
    Ok(Ended {
        state: MessageState::Accepted,
        opened: usize::from(opened),
        failure: to_admins.then(|| {
            format!(
                "the mail to {} came back: {}; correct site.admin_email, or see what is wrong there",
                row.recipients.join(", "),
                found.diagnostic
            )
        }),
    })
}

/// What a report means for the delivery that it is about: a sentence, and whether an exception was
/// opened.
fn tell_delivery(
    tx: &Tx,
    site: &App,
    id: i64,
    found: &DeliveryReport,
    row: &DeliveryRow,
) -> Result<(String, bool), LedgerError> {
    let archive = site.config.delivery.archive.as_deref().unwrap_or_default();
    let is_archive = |address: &String| address.eq_ignore_ascii_case(archive);
    let only_archive = !found.recipients.is_empty() && found.recipients.iter().all(is_archive);
    let what = match found.action {
        Action::Failed if only_archive => "the archive's copy came back",
        Action::Failed => {
            let why = Returned {
                message: id,
                recipients: &found.recipients,
                diagnostic: &found.diagnostic,
                severity: site.config.rules.severity(Code::Bounced),
            };
            let opened = bounce::returned(tx, row, &why)?;
            return Ok((format!("delivery {} came back", row.id), opened));
        }
        Action::Delayed => "it is still being tried",
        Action::Delivered => "it was delivered",
    };
    bounce::proved(tx, row, "a mail system on the way reports about it")?;
    let note = format!("{}: {what}: {}", row.subject, found.diagnostic);
    tx.note_delivery(row, id, &note)?;
    Ok((format!("about delivery {}: {what}", row.id), false))
}

/// What no person wrote is noted with its order, and never answered.
fn note(tx: &Tx, site: &App, id: i64, mail: &Inbound, what: &str) -> Result<Ended, LedgerError> {
    let row = delivery(tx, site, mail, &mail.answers)?;
    let reason = match &row {
        Some(row) => {
            let note = format!(
                "{what} from {} to \"{}\": {}: {}",
                mail.sender,
                row.subject,
                mail.subject,
                mail.excerpt()
            );
            tx.note_delivery(row, id, &note)?;
            format!("{what} to delivery {}", row.id)
        }
        None => format!("{what}, to none of our mails that it names"),
    };
    let order = row.and_then(|row| row.order_id);
    end(tx, id, MessageState::Ignored, order, &reason)?;
    Ok(Ended {
        state: MessageState::Ignored,
        opened: 0,
        failure: None,
    })
}

/// A mail that somebody wrote: to the shipping stage when its sender is proved, else to a person.
fn letter(
    tx: &Tx,
    site: &App,
    id: i64,
    source: MailSource,
    mail: &Inbound,
) -> Result<Ended, LedgerError> {
    if let Some((row, party)) = trust::about_return(tx, &site.reader.marks.tokens, mail)? {
        let party = customer::of_return(tx, mail, (&row, party))?;
        return answers::return_mail(tx, site, id, mail, &row, party);
    }
    if let Some(row) = trust::about_question(tx, &site.reader.marks.tokens, mail)? {
        return answers::answer(tx, site, id, mail, &row);
    }
    if let Some(tied) = customer::tied(tx, &site.reader.marks, mail)? {
        return customer::settle(tx, site, id, mail, &tied);
    }
    let proved = match trust::judge(tx, &site.reader.marks, mail)? {
        Ok(proved) => proved,
        Err(why) => {
            let why = why.to_string();
            return unproved::settle(tx, site, id, source, mail, (&why, None));
        }
    };
    if !matches!(proved.trust, Trust::Token { .. })
        && let Some(earlier) = tx.word_taken(&proved.marks, id)?
    {
        return replayed::settle(tx, site, id, mail, earlier);
    }
    if let Some(why) = signs_as::another(tx, site, mail, &proved)? {
        return unproved::settle(tx, site, id, source, mail, (&why, proved.po.as_ref()));
    }
    let (proved, asked) = asked::about(tx, &site.reader.marks.tokens, mail, proved)?;
    if let Some(tied) = customer::instead(tx, mail, proved.po.as_slice())? {
        return customer::settle(tx, site, id, mail, &tied);
    }
    let vendors = VendorMail {
        asked: asked.numbers,
        yes_to_all: asked.yes_to_all,
        ..vendor_mail(tx, id, mail, &proved)
    };
    let handled = mail::handle(tx, &site.config.rules, &vendors)?;
    if let Some(vendor) = &proved.vendor {
        tx.keep_word(&proved.marks, id, vendor)?;
    }
    let (state, opened) = match handled.accepted {
        true => (MessageState::Accepted, 0),
        false => (MessageState::Held, 1),
    };
    let order = proved.po.map(|po| po.order_id);
    end(tx, id, state, order, &handled.summary)?;
    Ok(Ended {
        state,
        opened,
        failure: None,
    })
}

/// The files of a mail in a sentence; `None` without any.
fn attached(mail: &Inbound) -> Option<String> {
    let files = mail.files.iter();
    enclosure::sentence(files.map(|file| (&*file.name, &*file.mime, file.bytes.len())))
}

/// A Message-ID without its brackets.
fn bare(id: &str) -> String {
    id.trim().trim_matches(['<', '>']).to_owned()
}

fn vendor_mail(tx: &Tx, id: i64, mail: &Inbound, proved: &trust::Proved) -> VendorMail {
    let file = |file: &inbound::File| Attachment {
        name: file.name.clone(),
        mime: file.mime.clone(),
        bytes: file.bytes.clone(),
    };
    let forwarded = |mail: &inbound::Forwarded| Forwarded {
        from: mail.from.clone(),
        subject: mail.subject.clone(),
        text: mail.text.clone(),
        html: mail.html.clone(),
    };
    VendorMail {
        message_id: id,
        trust: proved.trust.clone(),
        po: proved.po.as_ref().map(|po| po.id),
        vendor_id: proved.vendor.clone(),
        asked: Vec::new(),
        yes_to_all: false,
        answers: mail.answers.iter().map(|id| bare(id)).collect(),
        from: mail.from.clone().unwrap_or_else(|| mail.sender.clone()),
        subject: match proved.subject {
            true => mail.subject.clone(),
            false => String::new(),
        },
        date: proved.date.unwrap_or(tx.now()),
        text: mail.text.clone(),
        html: mail.html.clone(),
        attachments: mail.files.iter().map(file).collect(),
        forwarded: mail.forwarded.iter().map(forwarded).collect(),
    }
}
