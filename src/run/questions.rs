//! Questions that customers did not answer in time: a person is told, or what the site set follows.

use super::Run;
use crate::app::App;
use crate::domain::codes::{Code, Remedy, Severity};
use crate::domain::lifecycle::DeliveryState;
use crate::domain::question::{QuestionState, Unanswered};
use crate::invoicing::reduced_claims;
use crate::ledger::exceptions::{ExceptionRow, Subject};
use crate::ledger::questions::QuestionRow;
use crate::ledger::{LedgerError, Tx};
use crate::purchasing::cancellation::{self, TakenBack};
use crate::shipping::apply::{standing, withdraw};

impl Run<'_> {
    /// Ends questions whose time is over, and what waits for answers that no longer matter; a question
    /// that is settled before its mail left (quiet hours) is not sent.
    pub(super) fn watch_questions(&mut self) -> anyhow::Result<()> {
        if self.stopping() {
            return Ok(());
        }
        let (site, now) = (self.site, self.site.clock.now());
        let tx = self.ledger.read();
        let (mut over, settled) = (tx.questions_over(now)?, tx.settled_questions()?);
        // a customer who wrote elsewhere has answered, as long as nobody read that it is none
        let mut read = Ok(());
        over.retain(|row| match tx.customer_waits(row.order_id, row.asked) {
            Ok(found) => found.is_none(),
            Err(fault) => {
                read = Err(fault);
                false
            }
        });
        read?;
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
                let what = format!("do what follows where question {} has no answer", row.id);
                let of_one = || end(tx, site, row);
                let (new, listed) = tx.item(&format!("answer:{}", row.id), &what, of_one)?;
                opened += usize::from(new.unwrap_or_default()) + usize::from(listed);
            }
            Ok(opened)
        };
        self.report.exceptions.opened += self.ledger.write(now, act)?;
        Ok(())
    }
}

/// Does what follows without an answer; returns whether an exception was opened.
fn end(tx: &Tx, site: &App, row: &QuestionRow) -> Result<bool, LedgerError> {
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
            match take_off(tx, site, row, &about, how) {
                Ok(said) => {
                    let order = tx.order(row.order_id)?;
                    tx.note_order(&order, &format!("{note}. {}", said.join(" ")))?;
                    Ok(false)
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

/// Takes it off, and tells the vendor; or neither.
fn take_off(
    tx: &Tx,
    site: &App,
    row: &QuestionRow,
    about: &ExceptionRow,
    how: (&str, &str),
) -> Result<Vec<String>, LedgerError> {
    let po = tx.po(row.po_id)?;
    cancellation::not_on_its_way(tx, &po)?;
    let known = standing::may_be_known(tx, &po)?;
    let off = withdraw::take_off(tx, &site.config.rules, about, &po, how)?;
    let taken = TakenBack {
        po: po.id,
        known,
        pieces: &off.to_tell,
        rma: None,
        moved: false,
        why: how.1,
    };
    let mut said = off.said;
    said.extend(cancellation::tell(tx, &site.buyer(), &taken)?);
    said.extend(reduced_claims::look_again(
        tx,
        &site.match_context(),
        po.id,
    )?);
    Ok(said.iter().map(|line| line.trim().to_owned()).collect())
}

fn tell(
    tx: &Tx,
    site: &App,
    row: &QuestionRow,
    about: &ExceptionRow,
    more: &str,
) -> Result<bool, LedgerError> {
    let severity = site.config.rules.severity(Code::CustomerUnanswered);
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
    let entity = row.entity();
    tx.open_exception(Code::CustomerUnanswered, severity, &entity, subject, &text)?;
    Ok(true)
}
