//! One order of a shop beside what the ledger has of it.

use super::Stopped;
use crate::config::SourceConfig;
use crate::domain::lifecycle::{MessageState, OrderState};
use crate::intake::read::with_prefix;
use crate::ledger::orders::OrderRow;
use crate::ledger::shop_orders::ShopDocument;
use crate::ledger::{Ledger, LedgerError, Tx};
use crate::reports::layout::quoted;
use crate::reports::shop::{ShopDifference, ShopDifferenceKind, ShopProof};
use crate::shops::compared::{ComparedOrder, ComparedShop, StandingInShop};
use crate::shops::identity_of;
use chrono::{DateTime, TimeDelta, Utc};
use chrono_tz::Tz;

/// What the shop changed so long ago must have been read; a source that is not read for longer is a difference.
const UNREAD: TimeDelta = TimeDelta::days(1);

/// By what orders are judged.
pub(super) struct Judge<'a> {
    pub source: &'a SourceConfig,
    pub place: &'a str,
    /// The format of the shop's orders.
    pub format: &'a str,
    pub from: DateTime<Utc>,
    /// All that changed before was read.
    pub read_until: Option<DateTime<Utc>>,
    pub now: DateTime<Utc>,
    /// Of the days in commands.
    pub zone: Tz,
}

impl Judge<'_> {
    /// Looks at one order of the shop, and at what the ledger has of it.
    pub(super) fn order(
        &self,
        ledger: &Ledger,
        shop: &mut dyn ComparedShop,
        seen: &ComparedOrder,
        proof: &mut ShopProof,
    ) -> Result<(), Stopped> {
        proof.orders += 1;
        let documents = {
            let identity = identity_of(&seen.id);
            let tx = ledger.read();
            tx.shop_documents(&self.source.name, self.place, &identity)?
        };
        let Some(row) = self.known(&ledger.read(), seen, &documents)? else {
            return Ok(self.unknown(&ledger.read(), seen, &documents, proof)?);
        };
        proof.known += 1;
        proof.held += usize::from(row.state == OrderState::Held);
        let is_cancelled = matches!(seen.standing, StandingInShop::Cancelled(_));
        proof.cancellations += usize::from(is_cancelled || row.state == OrderState::Cancelled);
        self.newest(&row, seen, &documents, proof);
        // who gave the money back, or sent it from elsewhere, knows that poms does not send it
        if row.state == OrderState::Cancelled && seen.standing == StandingInShop::Wanted {
            proof.differs(ShopDifference {
                kind: ShopDifferenceKind::CancelledHere,
                advice: format!("cancel it there: {}", shop.address(&seen.id)),
                at: row.updated,
                ..difference(
                    seen,
                    &row.reference(),
                    "cancelled_here",
                    "it is cancelled here, and stands in the shop, paid and to be sent",
                )
            });
        }
        self.shipments(ledger, shop, seen, &row, proof)
    }

    /// Whether an order came by this source, as far as the ledger knows.
    pub(super) fn is_of_source(
        &self,
        ledger: &Ledger,
        row: &OrderRow,
    ) -> Result<bool, LedgerError> {
        let message = ledger.read().message_of_order(row.id)?;
        Ok(message.is_some_and(|one| one.mailbox == self.source.name && one.sender == self.place))
    }

    /// The order that the ledger has: by the documents of the shop, or by its number where it came another way.
    /// Of several the one that is not cancelled.
    fn known(
        &self,
        tx: &Tx,
        seen: &ComparedOrder,
        documents: &[ShopDocument],
    ) -> Result<Option<OrderRow>, LedgerError> {
        let mut ids: Vec<i64> = documents
            .iter()
            .rev()
            .filter_map(|one| one.message.order_id)
            .collect();
        if ids.is_empty() {
            ids = tx.orders_ever_numbered(&self.number(seen))?;
        }
        let mut found: Option<OrderRow> = None;
        for id in ids {
            let row = tx.order(id)?;
            let own = &row.order.shop_order.id;
            let is_other = documents.is_empty() && !own.is_empty() && *own != seen.id;
            let better = |old: &OrderRow| old.state == OrderState::Cancelled && old.id != row.id;
            if !is_other && found.as_ref().is_none_or(better) {
                found = Some(row);
            }
        }
        Ok(found)
    }

    /// The number that the ledger has, or would have.
    fn number(&self, seen: &ComparedOrder) -> String {
        with_prefix(&self.source.order_prefix, &seen.number)
    }

    /// An order that the ledger has not.
    fn unknown(
        &self,
        tx: &Tx,
        seen: &ComparedOrder,
        documents: &[ShopDocument],
        proof: &mut ShopProof,
    ) -> Result<(), LedgerError> {
        let number = self.number(seen);
        let number = number.as_str();
        if let Some(newest) = documents.last() {
            let id = newest.message.id;
            let open = tx.open_exceptions_of_message(id)?;
            let why = match (open.first(), newest.message.state) {
                (Some(one), _) => format!("held as a message, for a person (exception {})", one.id),
                (None, MessageState::Pending) => "stored, and read by the next run".to_owned(),
                (None, _) => format!("set aside as a message (`poms message show {id}`)"),
            };
            proof.leave_out(&why, number);
            return Ok(());
        }
        match &seen.standing {
            StandingInShop::Wanted | StandingInShop::PartlyRefunded => {}
            StandingInShop::Fulfilled => {
                proof.leave_out("fulfilled in the shop, not here", number);
                return Ok(());
            }
            StandingInShop::Cancelled(_) => {
                proof.leave_out("cancelled in the shop before they were here", number);
                return Ok(());
            }
            StandingInShop::Refunded => {
                proof.leave_out("refunded in the shop", number);
                return Ok(());
            }
            StandingInShop::Unpaid(_) => {
                proof.leave_out("not paid", number);
                return Ok(());
            }
            StandingInShop::Test => {
                proof.leave_out("tests", number);
                return Ok(());
            }
        }
        if self.is_unread(seen) {
            proof.leave_out(TO_BE_READ, number);
            return Ok(());
        }
        proof.differs(ShopDifference {
            kind: ShopDifferenceKind::Order,
            remedy: Some(self.reread(seen)),
            advice: NEXT_RUN.to_owned(),
            ..difference(
                seen,
                number,
                "order",
                "the shop has it, paid and to be sent, and the ledger has not",
            )
        });
        Ok(())
    }

    /// Whether the ledger has what the shop changed last.
    fn newest(
        &self,
        row: &OrderRow,
        seen: &ComparedOrder,
        documents: &[ShopDocument],
        proof: &mut ShopProof,
    ) {
        let name = row.reference();
        let cancelled = match &seen.standing {
            StandingInShop::Cancelled(said) => Some(said),
            _ => None,
        };
        let Some(newest) = documents.last() else {
            self.by_hand(row, seen, cancelled, proof);
            return;
        };
        if newest.as_of >= seen.changed {
            return;
        }
        if self.is_unread(seen) {
            proof.leave_out(TO_BE_READ, &name);
            return;
        }
        let (kind, word, says) = match cancelled {
            Some(said) => (
                ShopDifferenceKind::CancelledInShop,
                "cancelled_there",
                format!(
                    "the shop cancelled it ({said}), and the ledger does not know: it is {}",
                    row.state
                ),
            ),
            None => (
                ShopDifferenceKind::Change,
                "change",
                "the shop changed it, and the ledger has only an older state".to_owned(),
            ),
        };
        proof.differs(ShopDifference {
            kind,
            remedy: Some(self.reread(seen)),
            advice: NEXT_RUN.to_owned(),
            ..difference(seen, &name, word, &says)
        });
    }

    /// An order that came by hand, or was under way before: the shop's documents say nothing of it.
    fn by_hand(
        &self,
        row: &OrderRow,
        seen: &ComparedOrder,
        cancelled: Option<&String>,
        proof: &mut ShopProof,
    ) {
        let name = row.reference();
        let Some(said) = cancelled.filter(|_| row.state != OrderState::Cancelled) else {
            return;
        };
        let command = format!(
            "order cancel {} --note \"cancelled in the shop\"",
            quoted(&name)
        );
        proof.differs(ShopDifference {
            kind: ShopDifferenceKind::CancelledInShop,
            remedy: Some(command),
            ..difference(
                seen,
                &name,
                "cancelled_there",
                &format!("the shop cancelled it: {said}; here it is {}", row.state),
            )
        });
    }

    /// Whether it is newer than what was read, and not so old that it should have been.
    fn is_unread(&self, seen: &ComparedOrder) -> bool {
        let read = self.read_until.is_some_and(|until| seen.changed < until);
        !read && self.now - seen.changed < UNREAD
    }

    /// What has the shop's state read: the next run by itself, where it comes there first.
    fn reread(&self, seen: &ComparedOrder) -> String {
        let day = seen.changed.with_timezone(&self.zone).format("%Y-%m-%d");
        match self.read_until.is_some_and(|until| seen.changed < until) {
            true => format!("source reread {} --from {day}", quoted(&self.source.name)),
            false => "process".to_owned(),
        }
    }
}

const TO_BE_READ: &str = "changed after poms last read the shop: the next run reads them";
const NEXT_RUN: &str = "have the shop read from that day on; the next `poms process` does it";

pub(super) fn difference(
    seen: &ComparedOrder,
    name: &str,
    word: &str,
    says: &str,
) -> ShopDifference {
    ShopDifference {
        kind: ShopDifferenceKind::Order,
        key: format!("{word} {}", seen.id),
        order: name.to_owned(),
        says: says.to_owned(),
        advice: String::new(),
        remedy: None,
        exception: None,
        at: seen.changed,
    }
}
