//! A purchase order as its vendor last agreed to it.

use super::po_lines::LineState;
use super::purchase_orders::PoRow;
use super::revisions::RevisionRow;
use super::{LedgerError, Result, Tx};
use crate::domain::po_head::PoHead;
use serde::{Deserialize, Serialize};

/// Pieces of a line that a vendor agreed to, sent ones among them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AgreedLine {
    /// The line's number on the purchase order.
    pub line: i64,
    /// Pieces.
    pub qty: i64,
}

/// A purchase order as its vendor last agreed to it, or was sent it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Agreed {
    /// What is no line's.
    pub head: PoHead,
    /// Its lines.
    pub lines: Vec<AgreedLine>,
}

impl Agreed {
    /// As it stands now.
    ///
    /// # Errors
    /// The ledger's.
    pub fn now(tx: &Tx, po: &PoRow) -> Result<Agreed> {
        let states = tx.line_states(po.id)?;
        Ok(Agreed {
            head: PoHead::on(&po.as_made()?),
            lines: states.iter().map(in_all).collect(),
        })
    }

    /// As it stood before a revision.
    ///
    /// # Errors
    /// When the ledger's copy is broken.
    pub fn before(row: &RevisionRow) -> Result<Agreed> {
        serde_json::from_value(row.document["before"].clone()).map_err(|fault| {
            LedgerError::Broken(format!(
                "revision {} cannot be read: {fault}; run `poms verify`",
                row.shown()
            ))
        })
    }

    /// Pieces of a line; none of one that came later.
    pub fn of(&self, line: i64) -> i64 {
        let found = self.lines.iter().find(|one| one.line == line);
        found.map_or(0, |one| one.qty)
    }

    /// How it differs from what is wanted now, in sentences for the vendor.
    pub fn differences(&self, states: &[LineState], now: &PoHead) -> Vec<String> {
        let mut all = self.head.differences(now);
        for state in states {
            let (before, now) = (self.of(state.line), in_all(state).qty);
            let own = match state.vendor_sku.trim() {
                "" => state.sku.as_str(),
                own => own,
            };
            let line = format!("line {}, {own}", state.line);
            all.extend(match (before, now) {
                (before, now) if before == now => None,
                (0, now) => Some(format!("{line}: NEW, {now}")),
                (before, 0) => Some(format!("{line}: NOT WANTED any more (was {before})")),
                (before, now) => Some(format!("{line}: {now} in all (was {before})")),
            });
            let shipped = state.pieces.shipped;
            if shipped > 0 && now > 0 {
                all.push(format!("{line}: {shipped} of them shipped already"));
            }
        }
        all
    }
}

fn in_all(state: &LineState) -> AgreedLine {
    AgreedLine {
        line: state.line,
        qty: state.pieces.ordered - state.pieces.cancelled,
    }
}
