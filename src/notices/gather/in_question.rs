//! What of an order its customer is asked about: who is asked knows that it does not come as ordered.

use crate::domain::question::QuestionState;
use crate::ledger::po_lines::LineState;
use crate::ledger::{LedgerError, Result, Tx};
use crate::shipping::apply::withdraw::{answer_of, concerned};
use std::collections::HashMap;

/// Pieces by line of a purchase order, of questions that are open or answered and not carried out.
#[derive(Default)]
pub struct InQuestion {
    all: HashMap<i64, i64>,
    /// Of these what is late without a word of its vendor, so that no day holds for it.
    undated: HashMap<i64, i64>,
}

impl InQuestion {
    /// Reads the questions of an order.
    pub fn of(tx: &Tx, order_id: i64) -> Result<InQuestion> {
        let mut found = InQuestion::default();
        for question in tx.questions_of_order(order_id)? {
            if !matches!(
                question.state,
                QuestionState::Open | QuestionState::Answered
            ) {
                continue;
            }
            let about = tx.exception(question.exception_id)?;
            let lines = match concerned(tx, &about, &tx.po(question.po_id)?) {
                // what was asked about left or was cancelled meanwhile
                Err(LedgerError::Refused(_)) => Vec::new(),
                lines => lines?,
            };
            for (line, qty) in lines {
                *found.all.entry(line.id).or_default() += qty;
                if answer_of(&about).is_none() {
                    *found.undated.entry(line.id).or_default() += qty;
                }
            }
        }
        Ok(found)
    }

    /// The open pieces of a line that are not in question.
    pub fn rest(&self, line: &LineState) -> i64 {
        line.pieces.open() - self.all.get(&line.id).copied().unwrap_or_default()
    }

    /// The pieces of a line that are in question as they are late.
    pub fn undated(&self, line: &LineState) -> i64 {
        self.undated.get(&line.id).copied().unwrap_or_default()
    }
}
