//! Questions about deliveries, each answered by an index.

use super::{DeliveryRow, SELECT, delivery};
use crate::clock::Moment;
use crate::domain::lifecycle::DeliveryState;
use crate::ledger::audit::AuditEntry;
use crate::ledger::{LedgerError, Result, Tx};
use chrono::{DateTime, Utc};
use serde_json::Value;

/// What stands in the trail of a delivery that was being handed over when its run died, by a way on which
/// repeating does no harm.
pub const INTERRUPTED: &str =
    "the run was killed while handing it over; repeating is harmless here";

impl Tx<'_> {
    /// The highest number of a delivery; 0 where there is none.
    pub fn last_delivery(&self) -> Result<i64> {
        self.value("SELECT coalesce(max(id), 0) FROM delivery", [])
    }

    /// Deliveries that a killed run left between handing over and answer.
    pub fn interrupted_deliveries(&self) -> Result<Vec<DeliveryRow>> {
        self.rows(
            &format!("{SELECT} WHERE state = 'sending' ORDER BY id"),
            [],
            delivery,
        )
    }

    /// The delivery of this key that waits in the outbox, if it does.
    pub fn waiting_delivery(&self, once: &str) -> Result<Option<DeliveryRow>> {
        let sql = format!("{SELECT} WHERE once = ?1 AND state = 'queued'");
        self.first(&sql, [once], delivery)
    }

    /// The delivery of this key, if there is one.
    pub fn delivery_once(&self, once: &str) -> Result<Option<DeliveryRow>> {
        self.first(&format!("{SELECT} WHERE once = ?1"), [once], delivery)
    }

    /// One delivery.
    ///
    /// # Errors
    /// When there is none of that number.
    pub fn delivery(&self, id: i64) -> Result<DeliveryRow> {
        self.first(&format!("{SELECT} WHERE id = ?1"), [id], delivery)?
            .ok_or_else(|| {
                LedgerError::NotFound(format!(
                    "there is no delivery {id}: see `poms outbox list --all`"
                ))
            })
    }

    /// Whether a delivery still waits to be tried.
    ///
    /// # Errors
    /// When there is none of that number.
    pub fn is_queued(&self, id: i64) -> Result<bool> {
        Ok(self.delivery(id)?.state == DeliveryState::Queued)
    }

    /// The deliveries of an order.
    pub fn deliveries_of_order(&self, order_id: i64) -> Result<Vec<DeliveryRow>> {
        self.rows(
            &format!("{SELECT} WHERE order_id = ?1 ORDER BY id"),
            [order_id],
            delivery,
        )
    }

    /// The deliveries of a purchase order.
    pub fn deliveries_of_po(&self, po_id: i64) -> Result<Vec<DeliveryRow>> {
        self.rows(
            &format!("{SELECT} WHERE po_id = ?1 ORDER BY id"),
            [po_id],
            delivery,
        )
    }

    /// Deliveries of the given states, newest first.
    pub fn deliveries(&self, states: &[DeliveryState], at_most: usize) -> Result<Vec<DeliveryRow>> {
        let which = match states.len() == DeliveryState::ALL.len() {
            // no condition, so that the newest are read and no more
            true => String::new(),
            false => {
                let states = states.iter().map(|state| format!("'{}'", state.as_str()));
                let states: Vec<String> = states.collect();
                format!("WHERE state IN ({})", states.join(","))
            }
        };
        let sql = format!("{SELECT} {which} ORDER BY id DESC LIMIT ?1");
        self.rows(&sql, [at_most as i64], delivery)
    }

    /// The attempts of a delivery, oldest first: time, outcome, the other side's answer. They are
    /// facts of the audit trail.
    pub fn attempts(&self, delivery_id: i64) -> Result<Vec<(String, String, String)>> {
        let facts = self.audit_of(&format!("delivery:{delivery_id}"))?;
        let attempts = facts.into_iter().filter_map(|fact| {
            let answer = fact.payload.get("answer")?.as_str()?.to_owned();
            Some((
                fact.at,
                fact.kind.strip_prefix("delivery.")?.to_owned(),
                answer,
            ))
        });
        Ok(attempts.collect())
    }

    /// Whether a delivery may have arrived, whatever became of it since; its trail knows: a person sent it
    /// again or dropped it while it was `unknown`, sent it again when it had been taken, or a run died
    /// while it was handed over.
    pub fn doubt_remains(&self, delivery_id: i64) -> Result<bool> {
        let facts = self.audit_of(&format!("delivery:{delivery_id}"))?;
        let doubtful =
            |fact: &AuditEntry| match (fact.kind.as_str(), fact.payload["before"].as_str()) {
                ("delivery.queued" | "delivery.dropped", Some("unknown"))
                | ("delivery.queued", Some("sent")) => true,
                ("delivery.deferred", _) => fact.payload["answer"] == INTERRUPTED,
                _ => false,
            };
        Ok(facts.iter().any(doubtful))
    }

    /// The delivery that has waited longest for its being sent.
    pub fn oldest_waiting_delivery(&self) -> Result<Option<DeliveryRow>> {
        self.first(
            &format!("{SELECT} WHERE state = 'queued' ORDER BY id LIMIT 1"),
            [],
            delivery,
        )
    }

    /// Counts deliveries by state.
    pub fn count_deliveries(&self) -> Result<Value> {
        self.tally(
            "delivery",
            DeliveryState::ALL.iter().map(|state| state.as_str()),
            DeliveryState::Sent.as_str(),
        )
    }

    /// Finds when a document with this key was put into the outbox, if it was.
    pub fn enqueued_at(&self, once: &str) -> Result<Option<DateTime<Utc>>> {
        let at: Option<Moment> = self.first(
            "SELECT created FROM delivery WHERE once = ?1",
            [once],
            |row| row.get(0),
        )?;
        Ok(at.map(Moment::time))
    }
}
