//! What of returns is late: goods that did not come, credits that did not, and returns that wait for
//! the shop itself.

use super::ReturnSettings;
use crate::clock::Moment;
use crate::domain::codes::{Code, Severity};
use crate::domain::lifecycle::ReturnState;
use crate::domain::rule_settings::RuleSettings;
use crate::ledger::exceptions::{ExceptionRow, Filter, Subject};
use crate::ledger::failures::{Failures, Sound};
use crate::ledger::invoices::ExpectedRow;
use crate::ledger::returns::{ReturnLineRow, ReturnRow};
use crate::ledger::{Result, Tx};
use chrono::{DateTime, Days, NaiveDate, Utc};
use chrono_tz::Tz;
use std::collections::HashSet;

/// Goods that did not come.
pub const RETURN_OVERDUE: Code = Code::ReturnOverdue;
/// A credit that did not come.
pub const CREDIT_OVERDUE: Code = Code::CreditOverdue;

/// A return of which it is the shop's turn, and nothing happens.
pub const RETURN_WAITING: Code = Code::ReturnWaiting;

const ALL: [Code; 3] = [RETURN_OVERDUE, CREDIT_OVERDUE, RETURN_WAITING];

/// What decides when something is late.
#[derive(Clone, Copy)]
pub struct Watch<'a> {
    /// `[returns]`.
    pub config: &'a ReturnSettings,
    /// How much each code weighs.
    pub rules: &'a RuleSettings,
    /// In which the shop's days begin and end.
    pub zone: Tz,
}

/// The day in the shop.
pub fn today(now: DateTime<Utc>, zone: Tz) -> NaiveDate {
    now.with_timezone(&zone).date_naive()
}

/// The last day on which the vendor's credit for a return should have come; `None` while nothing
/// was received or authorised.
pub fn credit_due(row: &ReturnRow, config: &ReturnSettings, zone: Tz) -> Option<NaiveDate> {
    let since = match row.kind.goods_come_back() {
        true => row.received,
        false => row.authorised,
    };
    let day = today(since?.time(), zone);
    day.checked_add_days(Days::new(u64::from(config.credit_days)))
}

/// Credits that are waited for because of returns.
pub fn credits(tx: &Tx) -> Result<Sound<ExpectedRow>> {
    tx.open_credits_of_returns()
}

/// Whether anything is late that is not on the list, or on the list and no longer late.
pub fn is_due(tx: &Tx, watch: &Watch, now: DateTime<Utc>) -> Result<bool> {
    let mut found = LateReturns::of(tx, watch, now)?;
    for one in &found.late {
        let item = (one.entity.clone(), what(&one.entity));
        let told = told(tx, one);
        if found.failures.keep(&item.0, &item.1, told)? == Some(false) {
            return Ok(true);
        }
    }
    Ok(found.failures.is_due(tx)? || !found.over(tx)?.is_empty())
}

/// Puts what is late on the list, once, and takes off what is late no more. Returns how many were
/// opened.
pub fn watch(tx: &Tx, watch: &Watch) -> Result<usize> {
    let mut found = LateReturns::of(tx, watch, tx.now())?;
    for row in found.over(tx)? {
        tx.resolve_exception(&row, "cleared", "what it waited for has happened")?;
    }
    let mut opened = 0;
    for one in &found.late {
        let tell = || {
            if told(tx, one)? {
                return Ok(false);
            }
            let about = Subject {
                order: Some(one.order),
                po: Some(one.po),
                ..Subject::default()
            };
            let severity = watch.rules.severity(one.code);
            tx.open_exception(one.code, severity, &one.entity, about, &one.text)?;
            Ok(true)
        };
        let item = (one.entity.as_str(), what(&one.entity));
        let new = found.failures.apart(tx, (item.0, &item.1), tell)?;
        opened += usize::from(new.unwrap_or_default());
    }
    Ok(opened + found.failures.settle(tx)?)
}

fn what(entity: &str) -> String {
    format!("look whether {} is late", entity.replacen(':', " ", 1))
}

/// What is late now.
struct LateReturns {
    late: Vec<Late>,
    failures: Failures,
    /// The returns of which nothing is known: nothing about them is taken off the list.
    unknown: HashSet<String>,
}

impl LateReturns {
    fn of(tx: &Tx, watch: &Watch, now: DateTime<Utc>) -> Result<LateReturns> {
        let mut found = LateReturns {
            late: Vec::new(),
            failures: Failures::of("returns"),
            unknown: HashSet::new(),
        };
        found.look(tx, watch, today(now, watch.zone))?;
        Ok(found)
    }

    /// The rows that can be read.
    fn rows(&mut self, tx: &Tx, sound: Sound<ReturnRow>) -> Result<Vec<ReturnRow>> {
        for (id, fault) in sound.bad {
            let entity = tx.return_entity(id)?.unwrap_or_else(|| id.to_string());
            self.keep(&entity, Err::<(), _>(fault))?;
        }
        Ok(sound.rows)
    }

    fn keep<T>(&mut self, entity: &str, done: Result<T>) -> Result<Option<T>> {
        let made = self.failures.keep(entity, &what(entity), done)?;
        if made.is_none() {
            self.unknown.insert(entity.to_owned());
        }
        Ok(made)
    }

    /// What is on the list and no longer late.
    fn over(&self, tx: &Tx) -> Result<Vec<ExceptionRow>> {
        let still = self.late.iter().map(|one| (one.code, one.entity.as_str()));
        let still: HashSet<(Code, &str)> = still.collect();
        let mut over = Vec::new();
        for code in ALL {
            let listed = tx.exceptions(&Filter {
                code: Some(code),
                ..Filter::default()
            })?;
            over.extend(listed.into_iter().filter(|row| {
                !still.contains(&(code, row.entity.as_str())) && !self.unknown.contains(&row.entity)
            }));
        }
        Ok(over)
    }
}

struct Late {
    code: Code,
    entity: String,
    order: i64,
    po: i64,
    text: String,
    /// When the return last changed.
    updated: Moment,
}

impl LateReturns {
    fn look(&mut self, tx: &Tx, watch: &Watch, today: NaiveDate) -> Result<()> {
        let wanted = |code| watch.rules.severity(code) != Severity::Off;
        let due = tx.returns_due_before(today)?;
        for row in self.rows(tx, due)? {
            let lines = tx.return_lines(row.id);
            if let Some(lines) = self.keep(&row.entity(), lines)?
                && wanted(RETURN_OVERDUE)
            {
                self.late.push(overdue(&row, &lines));
            }
        }
        for owed in self.credits(tx)? {
            let row = tx.find_return(&owed.reference);
            let Some(row) = self.keep(&format!("return:{}", owed.reference), row)? else {
                continue;
            };
            let due = credit_due(&row, watch.config, watch.zone);
            if let Some(due) = due.filter(|due| *due < today && wanted(CREDIT_OVERDUE)) {
                let text = format!(
                    "{} owes {} for return {} (purchase order {}): the credit should have come by {}",
                    row.vendor_name,
                    owed.owed().display(&row.currency),
                    row.number,
                    row.po,
                    long(due)
                );
                self.late.push(of(CREDIT_OVERDUE, &row, text));
            }
        }
        if wanted(RETURN_WAITING) {
            let open = tx.returns_not_over()?;
            for row in self.rows(tx, open)? {
                let waits = waiting(tx, watch, today, &row);
                let waits = self.keep(&row.entity(), waits)?;
                self.late.extend(waits.flatten());
            }
        }
        Ok(())
    }

    /// The credits that can be read.
    fn credits(&mut self, tx: &Tx) -> Result<Vec<ExpectedRow>> {
        let sound = credits(tx)?;
        for (id, fault) in sound.bad {
            let about = tx.return_of_credit(id)?;
            self.keep(
                &about.unwrap_or_else(|| format!("credit:{id}")),
                Err::<(), _>(fault),
            )?;
        }
        Ok(sound.rows)
    }
}

fn overdue(row: &ReturnRow, lines: &[ReturnLineRow]) -> Late {
    let deadline = row.deadline.map(long).unwrap_or_default();
    let missing = lines.iter().filter(|line| line.to_come() > 0);
    let missing: Vec<String> = missing
        .map(|line| format!("{} of {}", line.to_come(), line.sku))
        .collect();
    let text = format!(
        "{} of return {} (order {}, {}) should have come to {} by {deadline}",
        missing.join(", "),
        row.number,
        row.order,
        row.customer,
        row.vendor_name
    );
    of(RETURN_OVERDUE, row, text)
}

/// A return that nobody went on with for longer than the site allows.
fn waiting(tx: &Tx, watch: &Watch, today: NaiveDate, row: &ReturnRow) -> Result<Option<Late>> {
    let more_may_come = row.state == ReturnState::Inspected
        && row.deadline.is_some_and(|day| day >= today)
        && tx
            .return_lines(row.id)?
            .iter()
            .any(|line| line.to_come() > 0);
    if more_may_come {
        return Ok(None);
    }
    let paid = !tx.refunds_of_return(row.id)?.is_empty();
    let what = match row.state {
        ReturnState::Requested => "was asked for, and nobody said yes or no",
        ReturnState::Received => "came back, and nobody looked at it",
        _ if paid => "was paid back in part, and is neither paid whole nor ended",
        ReturnState::Inspected => "was looked at, and is neither refunded nor rejected",
        _ if row.kind.goods_come_back() => return Ok(None),
        _ => "was authorised, and is neither refunded nor rejected",
    };
    let since = self::today(row.updated.time(), watch.zone);
    let days = today.signed_duration_since(since).num_days();
    if days <= i64::from(watch.config.waiting_days) {
        return Ok(None);
    }
    let text = format!(
        "return {} (order {}, {}) {what} since {}: {days} days, more than the {} of returns.waiting_days",
        row.number,
        row.order,
        row.customer,
        long(since),
        watch.config.waiting_days
    );
    Ok(Some(of(RETURN_WAITING, row, text)))
}

fn long(day: NaiveDate) -> String {
    day.format("%B %-d, %Y").to_string()
}

fn of(code: Code, row: &ReturnRow, text: String) -> Late {
    Late {
        code,
        entity: row.entity(),
        order: row.order_id,
        po: row.po_id,
        text,
        updated: row.updated,
    }
}

/// Whether it was on the list before: who dismissed it, waits. A return that went on and stands still
/// again is told again.
fn told(tx: &Tx, late: &Late) -> Result<bool> {
    let last = tx.last_opened(late.code, &late.entity, late.order)?;
    Ok(last.is_some_and(|at| late.code != RETURN_WAITING || at > late.updated))
}

/// Takes what a return waited for off the list at once.
pub fn settled(tx: &Tx, row: &ReturnRow, codes: &[Code]) -> Result<()> {
    for open in tx.open_exceptions_of_entity(&row.entity())? {
        if open.code.is_one_of(codes) {
            tx.resolve_exception(&open, "cleared", "what it waited for has happened")?;
        }
    }
    Ok(())
}
