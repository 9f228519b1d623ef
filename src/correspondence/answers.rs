//! What people answer to mails that asked them: customers to a question, customers and vendors to a
//! mail about a return.

use super::{Ended, hold, listed};
use crate::app::App;
use crate::domain::codes::Code;
use crate::domain::foreign::cut;
use crate::domain::question::QuestionState;
use crate::domain::remit;
use crate::domain::text::one_line;
use crate::intake::inbound::Inbound;
use crate::ledger::exceptions::Subject;
use crate::ledger::questions::QuestionRow;
use crate::ledger::remits::RemitPaper;
use crate::ledger::returns::ReturnRow;
use crate::ledger::{LedgerError, Tx};
use crate::notices::returns::Party;
use crate::vendor_docs::text::quote;

/// An answer to a mail about a return: noted with its order, and for a person to act on.
pub(super) fn return_mail(
    tx: &Tx,
    site: &App,
    id: i64,
    mail: &Inbound,
    row: &ReturnRow,
    party: Party,
) -> Result<Ended, LedgerError> {
    let note = format!(
        "the {} ({}) writes about return {}: {}: {}",
        party.as_str(),
        mail.sender,
        row.number,
        mail.subject,
        mail.excerpt()
    );
    tx.note_return(row, &note)?;
    if party == Party::Vendor {
        let po = tx.po(row.po_id)?;
        let entity = format!("message:{id}");
        let paper = RemitPaper {
            vendor: Some(&po.vendor_id),
            severity: site.config.rules.severity(remit::CODE),
            entity: &entity,
            about: Subject {
                message: Some(id),
                order: Some(po.order_id),
                po: Some(po.id),
                delivery: None,
            },
            who: &format!("{} writes", po.vendor_name),
        };
        let said = remit::passages(&quote::unquoted(&mail.words()));
        tx.tell_remits(&paper, &said)?;
    }
    hold(tx, site, id, Code::ReturnMail, note)
}

/// A customer's answer to a question: noted with the order, and for a person to act on.
pub(super) fn answer(
    tx: &Tx,
    site: &App,
    id: i64,
    mail: &Inbound,
    row: &QuestionRow,
) -> Result<Ended, LedgerError> {
    let order = tx.order(row.order_id)?;
    let own = quote::own_words(mail.text.as_deref(), mail.html.as_deref());
    let words = match own {
        Some(own) => cut(&one_line(&own), 1_000),
        None => "(no words of their own)".to_owned(),
    };
    tx.note_order(
        &order,
        &format!("the customer ({}) answers: {words}", mail.sender),
    )?;
    let waits = matches!(row.state, QuestionState::Open | QuestionState::Unanswered);
    if waits {
        tx.move_question(row, QuestionState::Answered, Some(&words))?;
    }
    let settled = match row.state {
        QuestionState::Closed => ", which is settled already",
        _ => "",
    };
    let text = format!(
        "the customer of order {} answers about exception {}{settled}: {words}",
        order.reference(),
        row.exception_id
    );
    let about = Subject {
        message: Some(id),
        order: Some(order.id),
        po: Some(row.po_id),
        delivery: None,
    };
    // what comes too late does not end by itself
    let entity = match settled {
        "" => row.entity(),
        _ => format!("message:{id}"),
    };
    listed(tx, site, id, (Code::CustomerAnswer, &entity), about, &text)
}
