//! What a vendor answered to a purchase order, by the word of the person who read or heard it.

use super::resolve::{self, Case};
use super::{Said, reason, refused};
use crate::app::App;
use crate::domain::business_refusal::BusinessRefusal;
use crate::domain::codes::Code;
use crate::domain::lifecycle::MessageState;
use crate::domain::rule_settings::RuleSettings;
use crate::domain::shipment::Answer;
use crate::ledger::purchase_orders::PoRow;
use crate::ledger::shipments::Origin;
use crate::ledger::{LedgerError, Tx};
use crate::shipping::apply::{ProvedPaper, answer};
use crate::vendor_docs::reply::{Ack, Scope};
use chrono::NaiveDate;

/// An answer.
pub struct Heard<'a> {
    /// What the vendor says.
    pub answer: Answer,
    /// When it comes or leaves, if the vendor named a day.
    pub until: Option<NaiveDate>,
    /// Of these lines of the purchase order, from 1; of all that is open where none is named.
    pub lines: &'a [i64],
}

/// Notes what a vendor answered to a purchase order.
///
/// # Errors
/// When the purchase order is not open or has no such line, in a sentence.
pub fn answered(
    tx: &Tx,
    site: &App,
    number: &str,
    heard: &Heard,
    note: &str,
) -> Result<Said, LedgerError> {
    let note = reason(note)?;
    let po = tx.find_po(number)?;
    let said = words(tx, &po, heard, note)?;
    let new = take(tx, &site.config.rules, &po, &said)?;
    let po = tx.po(po.id)?;
    let mut told = vec![match new {
        true => format!(
            "{} on purchase order {}, which is {}.",
            heard.answer.as_str(),
            po.number,
            po.state
        ),
        false => format!(
            "That is known of purchase order {}, or nothing of it is open: nothing was changed.",
            po.number
        ),
    }];
    for row in tx.open_exceptions_of_po(&po, &[Code::PoRejected, Code::PoBackordered])? {
        told.push(format!(
            "  What becomes of it waits as exception {0}: poms exceptions show {0}",
            row.id
        ));
    }
    Ok(told)
}

/// An answer as a vendor's paper would give it.
fn words(tx: &Tx, po: &PoRow, heard: &Heard, note: &str) -> Result<Vec<(Scope, Ack)>, LedgerError> {
    if let (Some(day), true) = (heard.until, heard.answer == Answer::Rejected) {
        return Err(refused(
            BusinessRefusal::bad_word("what does not come has no day")
                .with_remedy(format!(": leave --until {day} away, or say backordered")),
        ));
    }
    let ack = match (heard.answer, heard.until) {
        (Answer::Rejected, _) => Ack::Rejected {
            reason: note.to_owned(),
        },
        (Answer::Backordered, until) => Ack::Backordered { until },
        (Answer::Accepted, Some(date)) => Ack::ShipDate { date },
        (Answer::Accepted, None) => Ack::Accepted,
    };
    let states = tx.line_states(po.id)?;
    let scope = |line: &i64| {
        let found = states.iter().find(|one| one.line == *line);
        let sku = found.map(|one| Scope::Sku(one.sku.clone()));
        sku.ok_or_else(|| {
            refused(BusinessRefusal::unknown(format!(
                "purchase order {} has no line {line}: it has {}",
                po.number,
                states.len()
            )))
        })
    };
    let scopes = match heard.lines {
        [] => vec![Scope::All],
        lines => lines.iter().map(scope).collect::<Result<_, _>>()?,
    };
    Ok(scopes.into_iter().map(|one| (one, ack.clone())).collect())
}

/// Acts on an answer; whether it says anything new.
fn take(
    tx: &Tx,
    settings: &RuleSettings,
    po: &PoRow,
    said: &[(Scope, Ack)],
) -> Result<bool, LedgerError> {
    let paper = ProvedPaper {
        origin: Origin {
            source: "a person",
            ..Origin::default()
        },
        vendor: Some(&po.vendor_id),
        only_po: None,
        about: Some(po.id),
        sole: true,
        written: None,
        settings,
        released: &[],
    };
    match answer::answer(tx, &paper, po, said)? {
        Ok(new) => Ok(new),
        Err(hold) => Err(refused(BusinessRefusal::wrong_state(hold.message))),
    }
}

/// Does what a person wants of goods that a vendor's mail refuses: notes that they do not come, and acts on
/// that as on any refusal.
///
/// # Errors
/// As the remedy itself.
pub(super) fn will_not_come(case: &Case, po: i64, message: i64) -> Result<Said, LedgerError> {
    let Case { tx, site, note, .. } = *case;
    let (po, settings) = (tx.po(po)?, &site.config.rules);
    let ack = Ack::Rejected {
        reason: note.to_owned(),
    };
    take(tx, settings, &po, &[(Scope::All, ack)])?;
    let listed = tx.open_exceptions_of_po(&po, &[Code::PoRejected])?;
    let id = match listed.first() {
        Some(row) => row.id,
        None => {
            let text = format!("{} on {}: {note}", po.vendor_name, po.number);
            let (severity, about) = (settings.severity(Code::PoRejected), case.row.subject);
            tx.open_exception(Code::PoRejected, severity, &po.entity(), about, &text)?
        }
    };
    // it is decided at once: no admin need be told of it
    tx.mark_mailed([id])?;
    let about = tx.exception(id)?;
    let done = resolve::act_on(&Case {
        row: &about,
        ..*case
    })?;
    case.end()?;
    let row = tx.message(message)?;
    if row.state.may_become(MessageState::Accepted)
        && tx.open_exceptions_of_message(message)?.is_empty()
    {
        tx.move_message(message, MessageState::Accepted, note)?;
    }
    Ok(done)
}
