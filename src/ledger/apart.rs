//! One item of many, by itself: what its work wrote is undone when it fails, and the others go on in
//! the same transaction.

use super::exceptions::Subject;
use super::{LedgerError, Result, Tx, orders};
use crate::domain::business_refusal::BusinessRefusal;
use crate::domain::codes::{Code, Severity};
use crate::domain::lifecycle::OrderState;
use crate::ledger::sqlite::unindexed;
use serde_json::json;

/// The code of an order that could not be checked or placed.
pub const ORDER: Code = Code::OrderFailed;

/// The code of any other piece of work at which poms failed.
pub const WORK: Code = Code::WorkFailed;

/// What stands in the sentence of whatever was set aside.
pub const ADVICE: &str = "`poms verify` names what is wrong in the ledger";

impl Tx<'_> {
    /// Does the work of one item. Where that fails, the ledger is as it was before it: tables, audit
    /// trail and seals, and what this transaction keeps in memory of them.
    ///
    /// # Errors
    /// In the outer result those that end all: the ledger cannot be read or written. In the inner one
    /// what is about this item.
    pub fn apart<T>(&self, work: impl FnOnce() -> Result<T>) -> Result<Result<T>> {
        let (head, touched) = (self.head.borrow().clone(), self.touched.mark());
        let (events, anew) = (self.events.borrow().clone(), self.begins_anew.get());
        self.savepoint("SAVEPOINT item")?;
        let fault = match work() {
            Ok(value) => {
                self.savepoint("RELEASE item")?;
                return Ok(Ok(value));
            }
            Err(fault) if fault.ends_all() => return Err(fault),
            Err(fault) => fault,
        };
        self.savepoint("ROLLBACK TO item")?;
        self.savepoint("RELEASE item")?;
        self.touched.forget_since(touched);
        *self.head.borrow_mut() = head;
        *self.events.borrow_mut() = events;
        self.begins_anew.set(anew);
        Ok(Err(fault))
    }

    /// The same; where it fails that is listed as [`WORK`] about `entity`, once, and taken off again when
    /// it is done. Returns what it made, and whether something is new on the list. `what` follows "could
    /// not".
    pub fn item<T>(
        &self,
        entity: &str,
        what: &str,
        work: impl FnOnce() -> Result<T>,
    ) -> Result<(Option<T>, bool)> {
        let fault = match self.apart(work)? {
            Ok(value) => {
                self.end_failed(entity)?;
                return Ok((Some(value), false));
            }
            Err(fault) => fault,
        };
        let text = format!("poms could not {what}, and undid what it had begun: {fault}; {ADVICE}");
        Ok((None, self.list_failed(entity, &text)?.1))
    }

    /// Lists what failed. What a person dismissed in the same words is not listed again; then there is no
    /// number.
    pub fn list_failed(&self, entity: &str, text: &str) -> Result<(Option<i64>, bool)> {
        let dismissed: bool = self.value(
            concat!(
                "SELECT EXISTS (SELECT 1 FROM exception WHERE entity = ?1 AND ",
                unindexed!("state"),
                " <> 'open' AND code = ?2 AND message = ?3 \
             AND resolution = 'dismiss')"
            ),
            (entity, WORK, text),
        )?;
        if dismissed {
            return Ok((None, false));
        }
        let (id, new) =
            self.list_exception(WORK, Severity::Hold, entity, Subject::default(), text)?;
        Ok((Some(id), new))
    }

    /// Takes off the list what failed before and is done.
    pub fn end_failed(&self, entity: &str) -> Result<()> {
        for row in self.open_exceptions_of_entity(entity)? {
            if row.code == WORK {
                self.resolve_exception(&row, "cleared", "it was done")?;
            }
        }
        Ok(())
    }

    fn savepoint(&self, sql: &str) -> Result<()> {
        self.conn.prepare_cached(sql)?.execute([])?;
        Ok(())
    }

    /// Holds an order whose work failed, and lists why; nothing of its document need be readable. Says
    /// whether that is new on the list.
    ///
    /// # Errors
    /// SQLite's, or when goods are already ordered for it.
    pub fn set_order_aside(&self, id: i64, what: &str, fault: &LedgerError) -> Result<bool> {
        let known = self.first(
            "SELECT number, copy, state FROM orders WHERE id = ?1",
            [id],
            |row| {
                let (number, copy) = (row.get::<_, String>(0)?, row.get(1)?);
                Ok((number, copy, super::word(row, 2, OrderState::parse)?))
            },
        )?;
        let (number, copy, state) = known.ok_or_else(|| {
            LedgerError::NotFound(format!("there is no order with the ledger's number {id}"))
        })?;
        let entity = format!("order:{}", orders::reference(&number, copy));
        if state != OrderState::Held {
            if !state.may_become(OrderState::Held) {
                return Err(LedgerError::Refused(BusinessRefusal::wrong_state(format!(
                    "order {number} is {state}: it cannot be held any more"
                ))));
            }
            self.move_state("orders", id, state.as_str(), OrderState::Held.as_str())?;
            let payload = json!({"before": state, "why": {"codes": [ORDER]}});
            self.fact("order.held", &entity, Some(id), &payload)?;
        }
        let about = Subject {
            order: Some(id),
            ..Subject::default()
        };
        let text =
            format!("poms could not {what} it, and undid what it had begun: {fault}; {ADVICE}");
        let listed = self.list_exception(ORDER, Severity::Hold, &entity, about, &text)?;
        Ok(listed.1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ledger::{Ledger, Mode};
    use rusqlite::ErrorCode;

    fn list(tx: &Tx, entity: &str) -> Result<i64> {
        let about = Subject::default();
        tx.open_exception(Code::ManualHold, Severity::Hold, entity, about, "why")
    }

    #[test]
    fn what_fails_leaves_no_trace_in_tables_trail_and_seals() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("poms.db");
        let mut ledger = Ledger::open(&path, Mode::Write, "test").unwrap();
        let now = "2025-06-02T10:05:00Z".parse().unwrap();
        let work = |tx: &Tx| {
            list(tx, "order:1")?;
            let head = tx.audit_head()?;
            let inner = || {
                list(tx, "order:2")?;
                list(tx, "order:3")?;
                // one within the other, done before the outer one fails
                tx.apart(|| list(tx, "order:4"))??;
                Err::<(), _>(LedgerError::Refused(BusinessRefusal::wrong_state("no")))
            };
            assert!(tx.apart(inner)?.is_err());
            assert_eq!(tx.audit_head()?, head);
            assert!(tx.apart(|| list(tx, "order:5"))?.is_ok());
            Ok::<_, LedgerError>(())
        };
        ledger.write(now, work).unwrap();
        let tx = ledger.read();
        assert_eq!(tx.count_open_exceptions().unwrap(), 2);
        let sealed: String = tx
            .value(
                "SELECT payload FROM audit WHERE kind = 'seal' ORDER BY seq DESC LIMIT 1",
                [],
            )
            .unwrap();
        let exceptions = sealed.lines().filter(|line| line.starts_with("exception "));
        assert_eq!(exceptions.count(), 2, "{sealed}");
        let report = ledger.verify(&dir.path().join("anchor"), &[]).unwrap();
        assert_eq!(report.problems, Vec::<String>::new());
    }

    #[test]
    fn a_ledger_that_cannot_be_written_ends_all() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("poms.db");
        let mut ledger = Ledger::open(&path, Mode::Write, "test").unwrap();
        let now = "2025-06-02T10:05:00Z".parse().unwrap();
        let full = || {
            let code = rusqlite::ffi::Error {
                code: ErrorCode::DiskFull,
                extended_code: 13,
            };
            Err::<(), _>(LedgerError::Sql(rusqlite::Error::SqliteFailure(code, None)))
        };
        let done = ledger.write(now, |tx| {
            list(tx, "order:1")?;
            tx.apart(full)?
        });
        assert!(done.is_err_and(|fault| fault.ends_all()));
        assert_eq!(ledger.read().count_open_exceptions().unwrap(), 0);
    }

    #[test]
    fn what_failed_is_listed_once_not_after_it_was_dismissed_and_ends_when_it_is_done() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("poms.db");
        let mut ledger = Ledger::open(&path, Mode::Write, "test").unwrap();
        let now = "2025-06-02T10:05:00Z".parse().unwrap();
        let fails = || Err::<(), _>(LedgerError::Refused(BusinessRefusal::wrong_state("no")));
        let work = |tx: &Tx| {
            let mut new = Vec::new();
            let fail = || tx.item("bill:7", "take it in", fails).map(|done| done.1);
            new.extend([fail()?, fail()?]);
            let open = tx.open_exceptions_of_entity("bill:7")?;
            tx.resolve_exception(&open[0], "dismiss", "seen")?;
            new.push(fail()?);
            let other = || {
                Err::<(), _>(LedgerError::Refused(BusinessRefusal::wrong_state(
                    "for another reason",
                )))
            };
            new.push(tx.item("bill:7", "take it in", other)?.1);
            tx.item("bill:7", "take it in", || Ok(()))?;
            Ok::<_, LedgerError>((new, tx.count_open_exceptions()?))
        };
        let (new, open) = ledger.write(now, work).unwrap();
        assert_eq!((new, open), (vec![true, false, false, true], 0));
    }
}
