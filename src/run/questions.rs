//! Questions that customers did not answer in time: a person is told, or what the site set follows.

use super::Run;
use super::site::Site;
use crate::domain::codes::{Remedy, Severity};
use crate::domain::lifecycle::DeliveryState;
use crate::domain::question::{QuestionState, Unanswered};
use crate::ledger::exceptions::{ExceptionRow, Subject};
use crate::ledger::questions::QuestionRow;
use crate::ledger::{LedgerError, Tx};
use crate::shipping::apply::withdraw;

impl Run<'_> {
    /// Ends questions whose time is over, and what waits for answers that no longer matter; a question
    /// that is settled before its mail left (quiet hours) is not sent.
    pub(super) fn watch_questions(&mut self) -> anyhow::Result<()> {
        if self.stopping() {
            return Ok(());
        }
        let (site, now) = (self.site, self.site.clock.now());
        let tx = self.ledger.read();
        let (over, settled) = (tx.questions_over(now)?, tx.settled_questions()?);
        let needless = tx.needless_questions()?;
        if over.is_empty() && settled.is_empty() && needless.is_empty() {
            return Ok(());
        }
        let act = |tx: &Tx| -> Result<usize, LedgerError> {
            for row in &settled {
                tx.resolve_exception(row, "cleared", "what was asked about is settled")?;
            }
            for row in &needless {
                let why = "what it asks about is settled";
                tx.move_delivery(row, DeliveryState::Dropped, why)?;
            }
            let mut opened = 0;
            for row in &over {
                opened += usize::from(end(tx, site, row)?);
            }
            Ok(opened)
        };
        self.report.exceptions.opened += self.ledger.write(now, act)?;
        Ok(())
    }
}

/// Does what follows without an answer; returns whether an exception was opened.
fn end(tx: &Tx, site: &Site, row: &QuestionRow) -> Result<bool, LedgerError> {
    let about = tx.exception(row.exception_id)?;
    tx.move_question(row, QuestionState::Unanswered, None)?;
    let wanted = site.config.notices.unanswered.about(&about.code);
    let note = format!(
        "the customer did not answer by {}: notices.unanswered = \"{}\"",
        row.answer_by,
        wanted.as_str()
    );
    match wanted {
        Unanswered::Tell => tell(tx, site, row, &about, ""),
        Unanswered::Wait => {
            tx.resolve_exception(&about, Remedy::Dismiss.as_str(), &note)?;
            Ok(false)
        }
        Unanswered::TakeOff => {
            let how = (Remedy::CancelLine.as_str(), note.as_str());
            let po = tx.po(row.po_id)?;
            match withdraw::take_off(tx, &site.config.rules, &about, &po, how) {
                Ok(said) => {
                    let order = tx.order(row.order_id)?;
                    tx.note_order(&order, &format!("{note}. {}", said.join(" ")))?;
                    // a person must tell the vendor, who may be sending it
                    match withdraw::tell_vendor(&about, &po) {
                        Some(todo) => tell(
                            tx,
                            site,
                            row,
                            &about,
                            &format!("; it was taken off. {}", todo.trim()),
                        ),
                        None => Ok(false),
                    }
                }
                Err(LedgerError::Refused(why)) => tell(
                    tx,
                    site,
                    row,
                    &about,
                    &format!("; it cannot be taken off: {why}"),
                ),
                Err(fault) => Err(fault),
            }
        }
    }
}

fn tell(
    tx: &Tx,
    site: &Site,
    row: &QuestionRow,
    about: &ExceptionRow,
    more: &str,
) -> Result<bool, LedgerError> {
    let severity = site.config.rules.severity("customer_unanswered");
    if severity == Severity::Off {
        return Ok(false);
    }
    let order = tx.order(row.order_id)?;
    let text = format!(
        "the customer of order {} was asked about exception {} ({}) and has not answered by {}{more}",
        order.reference(),
        about.id,
        about.code,
        row.answer_by
    );
    let subject = Subject {
        order: Some(order.id),
        po: Some(row.po_id),
        ..Subject::default()
    };
    // what is settled by taking it off would be cleared by the next run
    let entity = match more.starts_with("; it was") {
        true => tx.po(row.po_id)?.entity(),
        false => row.entity(),
    };
    tx.open_exception("customer_unanswered", severity, &entity, subject, &text)?;
    Ok(true)
}
