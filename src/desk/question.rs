//! Asking the customer what shall become of goods that do not come as ordered, and acting on the
//! answer.

use super::resolve::{self, Case};
use super::{Said, refused};
use crate::domain::business_refusal::BusinessRefusal;
use crate::domain::codes::{Code, Remedy};
use crate::domain::email;
use crate::domain::lifecycle::OrderState;
use crate::domain::question::{QuestionState, Unanswered};
use crate::domain::shipment::VendorEvent;
use crate::domain::token::{self, TokenSubject};
use crate::ledger::exceptions::ExceptionRow;
use crate::ledger::orders::OrderRow;
use crate::ledger::po_lines::LineState;
use crate::ledger::purchase_orders::PoRow;
use crate::ledger::questions::QuestionRow;
use crate::ledger::{LedgerError, Tx};
use crate::notices::NoticeKind;
use crate::notices::gather::Gathered;
use crate::notices::question::deadline;
use crate::notices::queue::{self, MailIdentity};
use crate::shipping::apply::withdraw::{concerned, must_be_placed};

/// Puts the question into the outbox, once while it is open.
///
/// # Errors
/// When the customer was asked already or cannot be asked by mail, in a sentence.
pub fn ask(case: &Case, po: &PoRow) -> Result<Said, LedgerError> {
    let Case {
        tx,
        site,
        row,
        note,
        ..
    } = *case;
    let lines = possible(tx, row, po)?;
    let order = tx.order(po.order_id)?;
    let settings = &site.config.notices;
    let days = settings.answer_days;
    let by = deadline(&order.order.ship_to, &site.hours(), days, tx.now());
    let question = tx.ask_customer(row, (order.id, po.id), by, note)?;
    tx.happened(VendorEvent::AskCustomer {
        order: po.order_id,
        po: po.id,
    });
    post(case, &lines, &question)?;
    Ok(said(row, &order, &question, settings.unanswered))
}

/// The lines that the customer of a purchase order can be asked about now.
///
/// # Errors
/// As [`ask`].
pub fn possible(
    tx: &Tx,
    row: &ExceptionRow,
    po: &PoRow,
) -> Result<Vec<(LineState, i64)>, LedgerError> {
    must_be_placed(tx, po)?;
    let lines = concerned(tx, row, po)?;
    not_yet_asked(tx, row)?;
    let order = tx.order(po.order_id)?;
    let customer = &order.order.customer;
    match email::deliverable(&customer.email) {
        Ok(_) => Ok(lines),
        Err(_) => Err(refused(
            BusinessRefusal::cannot_be_made(format!(
                "the customer of order {} has no e-mail address to be asked at",
                order.reference()
            ))
            .with_remedy(format!(
                ": telephone {}, then resolve exception {} as they wish",
                match customer.phone.trim() {
                    "" => "them (no number is known)",
                    phone => phone,
                },
                row.id
            ))
            .of_exception(row.id),
        )),
    }
}

fn not_yet_asked(tx: &Tx, row: &ExceptionRow) -> Result<(), LedgerError> {
    let Some(before) = tx.question_about(row.id)? else {
        return Ok(());
    };
    match before.state {
        QuestionState::Open => Err(refused(
            BusinessRefusal::done(format!(
                "the customer was asked about exception {} on {} and may answer until {}",
                row.id, before.asked, before.answer_by
            ))
            .of_exception(row.id),
        )),
        QuestionState::Answered => Err(refused(
            BusinessRefusal::done(format!(
                "the customer has answered about exception {}: {}",
                row.id,
                before.said.as_deref().unwrap_or("(no words)")
            ))
            .of_exception(row.id),
        )),
        QuestionState::Unanswered | QuestionState::Closed => Ok(()),
    }
}

fn post(
    case: &Case,
    lines: &[(LineState, i64)],
    question: &QuestionRow,
) -> Result<(), LedgerError> {
    let Case { tx, site, row, .. } = *case;
    let buyer = site.buyer();
    let order = tx.order(question.order_id)?;
    let reference = order.reference();
    let order = Gathered::of(tx, order, &buyer.letterhead, buyer.timezone)?;
    let unanswered = site.config.notices.unanswered;
    let context = order.question(&row.code, lines, question.answer_by, unanswered);
    let mail = site
        .templates
        .customer(NoticeKind::Question, &context)
        .map_err(|fault| refused(BusinessRefusal::cannot_be_made(fault.to_string())))?;
    let named = TokenSubject::Question {
        id: question.id,
        order: &reference,
    };
    let token = site.reader.marks.tokens.make(&named);
    let what = MailIdentity {
        kind: NoticeKind::Question.delivery(),
        once: &format!("{}:{}", NoticeKind::Question.delivery(), question.id),
        reply_to: token.map(|token| token::address(&site.config.site.reply_address, &token)),
    };
    queue::post(tx, &buyer.letterhead, &site.hours(), &order.row, what, mail)?;
    Ok(())
}

fn said(
    row: &ExceptionRow,
    order: &OrderRow,
    question: &QuestionRow,
    unanswered: Unanswered,
) -> Said {
    let id = row.id;
    let mut said = vec![
        format!(
            "The customer of order {} ({}) is asked by mail: the next `poms process` sends it.",
            order.reference(),
            order.order.customer.email.trim()
        ),
        format!(
            "  They may answer until {}; exception {id} stays on the list until then.",
            question.answer_by.format("%A, %B %-d, %Y")
        ),
        match unanswered.about(&row.code) {
            Unanswered::Tell => "  Without an answer, a person is told.".to_owned(),
            Unanswered::Wait => "  Without an answer, they are taken to wait.".to_owned(),
            Unanswered::TakeOff => "  Without an answer, it is taken off the order.".to_owned(),
        },
        "  When they answer (by mail, it comes onto the list), type one of:".to_owned(),
    ];
    for (remedy, wish) in [
        (Remedy::Dismiss, "they wait"),
        (Remedy::CancelLine, "take it off"),
        (Remedy::Cancel, "cancel the order"),
    ] {
        let possible = match remedy {
            Remedy::Dismiss => row.code != Code::PoRejected,
            Remedy::Cancel => order.state == OrderState::Placed,
            _ => true,
        };
        if possible {
            said.push(format!(
                "    poms exceptions resolve {id} --{} --note \"customer: {wish}\"",
                remedy.as_str()
            ));
        }
    }
    said
}

/// Settles what a customer was asked about in the way that is chosen for the answer, or for the
/// lack of one.
///
/// # Errors
/// As the remedy itself.
pub fn settle(case: &Case) -> Result<Said, LedgerError> {
    let Case { tx, row, .. } = *case;
    let id = row.entity.strip_prefix("question:").unwrap_or_default();
    let question = tx.question(id.parse().unwrap_or(0))?;
    let about = tx.exception(question.exception_id)?;
    case.end()?;
    if !about.open {
        return Ok(vec![format!(
            "Exception {} is closed; what it was about was settled on {}.",
            row.id,
            about
                .resolved
                .map_or_else(String::new, |at| at.time().format("%B %-d, %Y").to_string())
        )]);
    }
    resolve::act_on(&Case {
        row: &about,
        ..*case
    })
}

/// What a customer was asked about whose answer came when its question was settled already: it may be
/// open all the same. `None` where a mail is about something else.
pub fn answered_late(tx: &Tx, row: &ExceptionRow) -> Result<Option<ExceptionRow>, LedgerError> {
    let late = row.code == Code::CustomerAnswer && row.entity.starts_with("message:");
    let (true, Some(order), Some(po)) = (late, row.subject.order, row.subject.po) else {
        return Ok(None);
    };
    let asked = tx.questions_of_order(order)?;
    match asked.iter().rfind(|question| question.po_id == po) {
        Some(question) => tx.exception(question.exception_id).map(Some),
        None => Ok(None),
    }
}

/// Does with the goods what a late answer wants. `None` where it is about something else, or wants
/// nothing of the goods.
///
/// # Errors
/// As the remedy itself.
pub fn late(case: &Case) -> Result<Option<Said>, LedgerError> {
    let Case {
        tx, site, row, act, ..
    } = *case;
    if !matches!(act.remedy, Remedy::CancelLine | Remedy::OtherVendor) {
        return Ok(None);
    }
    let Some(mut about) = answered_late(tx, row)? else {
        return Ok(None);
    };
    if !about.open {
        let severity = site.config.rules.severity_of(&about.code);
        let (entity, subject) = (about.entity.as_str(), about.subject);
        let id = tx.open_exception(
            about.code.clone(),
            severity,
            entity,
            subject,
            &about.message,
        )?;
        // it is decided at once: no admin need be told of it
        tx.mark_mailed([id])?;
        about = tx.exception(id)?;
    }
    let done = resolve::act_on(&Case {
        row: &about,
        ..*case
    })?;
    case.end()?;
    Ok(Some(done))
}
