//! What of returns is late: goods that did not come, credits that did not, and returns that wait for
//! the shop itself.

use super::ReturnSettings;
use crate::clock;
use crate::domain::codes::Severity;
use crate::domain::lifecycle::ReturnState;
use crate::ledger::exceptions::{Filter, Subject};
use crate::ledger::invoices::ExpectedRow;
use crate::ledger::returns::ReturnRow;
use crate::ledger::{Result, Tx};
use crate::rules::settings::Settings;
use chrono::{DateTime, Days, NaiveDate, Utc};
use chrono_tz::Tz;
use std::collections::HashSet;

/// Goods that did not come.
pub const RETURN_OVERDUE: &str = "return_overdue";
/// A credit that did not come.
pub const CREDIT_OVERDUE: &str = "credit_overdue";

/// A return of which it is the shop's turn, and nothing happens.
pub const RETURN_WAITING: &str = "return_waiting";

const ALL: [&str; 3] = [RETURN_OVERDUE, CREDIT_OVERDUE, RETURN_WAITING];

/// What decides when something is late.
#[derive(Clone, Copy)]
pub struct Watch<'a> {
    /// `[returns]`.
    pub config: &'a ReturnSettings,
    /// How much each code weighs.
    pub rules: &'a Settings,
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
        true => row.received.as_deref(),
        false => row.authorised.as_deref(),
    };
    let day = today(clock::parse(since?)?, zone);
    day.checked_add_days(Days::new(u64::from(config.credit_days)))
}

/// Credits that are waited for because of returns.
///
/// # Errors
/// SQLite's.
pub fn credits(tx: &Tx) -> Result<Vec<ExpectedRow>> {
    let mut open = tx.open_credits(None)?;
    open.retain(|owed| !owed.reference.is_empty());
    Ok(open)
}

/// Whether anything is late that is not on the list, or on the list and no longer late.
///
/// # Errors
/// SQLite's.
pub fn is_due(tx: &Tx, watch: &Watch, now: DateTime<Utc>) -> Result<bool> {
    let late = late(tx, watch, now)?;
    let told = late.iter().map(|one| told(tx, one));
    let new = told.collect::<Result<Vec<bool>>>()?.contains(&false);
    Ok(new || !over(tx, &late)?.is_empty())
}

/// Puts what is late on the list, once, and takes off what is late no more. Returns how many were
/// opened.
///
/// # Errors
/// SQLite's.
pub fn watch(tx: &Tx, watch: &Watch) -> Result<usize> {
    let late = late(tx, watch, tx.now())?;
    clear(tx, &late)?;
    let mut opened = 0;
    for one in &late {
        if told(tx, one)? {
            continue;
        }
        let about = Subject {
            order: Some(one.order),
            po: Some(one.po),
            ..Subject::default()
        };
        let severity = watch.rules.severity(one.code);
        tx.open_exception(one.code, severity, &one.entity, about, &one.text)?;
        opened += 1;
    }
    Ok(opened)
}

struct Late {
    code: &'static str,
    entity: String,
    order: i64,
    po: i64,
    text: String,
    /// When the return last changed, RFC 3339 UTC.
    updated: String,
}

fn late(tx: &Tx, watch: &Watch, now: DateTime<Utc>) -> Result<Vec<Late>> {
    let today = today(now, watch.zone);
    let wanted = |code| watch.rules.severity(code) != Severity::Off;
    let mut all = Vec::new();
    for row in tx.returns_due_before(today)? {
        if wanted(RETURN_OVERDUE) {
            let deadline = row.deadline.map(long).unwrap_or_default();
            let lines = tx.return_lines(row.id)?;
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
            all.push(of(RETURN_OVERDUE, &row, text));
        }
    }
    for owed in credits(tx)? {
        let row = tx.find_return(&owed.reference)?;
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
            all.push(of(CREDIT_OVERDUE, &row, text));
        }
    }
    if wanted(RETURN_WAITING) {
        all.extend(waiting(tx, watch, today)?);
    }
    Ok(all)
}

/// Returns that nobody went on with for longer than the site allows.
fn waiting(tx: &Tx, watch: &Watch, today: NaiveDate) -> Result<Vec<Late>> {
    let mut all = Vec::new();
    for row in tx.returns_not_over()? {
        let more_may_come = row.state == ReturnState::Inspected
            && row.deadline.is_some_and(|day| day >= today)
            && tx
                .return_lines(row.id)?
                .iter()
                .any(|line| line.to_come() > 0);
        if more_may_come {
            continue;
        }
        let paid = !tx.refunds_of_return(row.id)?.is_empty();
        let what = match row.state {
            ReturnState::Requested => "was asked for, and nobody said yes or no",
            ReturnState::Received => "came back, and nobody looked at it",
            _ if paid => "was paid back in part, and is neither paid whole nor ended",
            ReturnState::Inspected => "was looked at, and is neither refunded nor rejected",
            _ if row.kind.goods_come_back() => continue,
            _ => "was authorised, and is neither refunded nor rejected",
        };
        let since = clock::parse(&row.updated).map(|at| self::today(at, watch.zone));
        let Some(since) = since else { continue };
        let days = today.signed_duration_since(since).num_days();
        if days <= i64::from(watch.config.waiting_days) {
            continue;
        }
        let text = format!(
            "return {} (order {}, {}) {what} since {}: {days} days, more than the {} of returns.waiting_days",
            row.number,
            row.order,
            row.customer,
            long(since),
            watch.config.waiting_days
        );
        all.push(of(RETURN_WAITING, &row, text));
    }
    Ok(all)
}

fn long(day: NaiveDate) -> String {
    day.format("%B %-d, %Y").to_string()
}

fn of(code: &'static str, row: &ReturnRow, text: String) -> Late {
    Late {
        code,
        entity: row.entity(),
        order: row.order_id,
        po: row.po_id,
        text,
        updated: row.updated.clone(),
    }
}

/// Whether it was on the list before: who dismissed it, waits. A return that went on and stands still
/// again is told again.
fn told(tx: &Tx, late: &Late) -> Result<bool> {
    let last = tx.last_opened(late.code, &late.entity, late.order)?;
    Ok(last.is_some_and(|at| late.code != RETURN_WAITING || at > late.updated))
}

/// What is on the list and no longer late.
fn over(tx: &Tx, late: &[Late]) -> Result<Vec<crate::ledger::exceptions::ExceptionRow>> {
    let still: HashSet<(&str, &str)> = late
        .iter()
        .map(|one| (one.code, one.entity.as_str()))
        .collect();
    let mut over = Vec::new();
    for code in ALL {
        let listed = tx.exceptions(&Filter {
            code: Some(code.to_owned()),
            ..Filter::default()
        })?;
        over.extend(
            listed
                .into_iter()
                .filter(|row| !still.contains(&(code, row.entity.as_str()))),
        );
    }
    Ok(over)
}

fn clear(tx: &Tx, late: &[Late]) -> Result<()> {
    for row in over(tx, late)? {
        tx.resolve_exception(&row, "cleared", "what it waited for has happened")?;
    }
    Ok(())
}

/// Takes what a return waited for off the list at once.
///
/// # Errors
/// SQLite's.
pub fn settled(tx: &Tx, row: &ReturnRow, codes: &[&str]) -> Result<()> {
    for open in tx.open_exceptions_of_entity(&row.entity())? {
        if codes.contains(&open.code.as_str()) {
            tx.resolve_exception(&open, "cleared", "what it waited for has happened")?;
        }
    }
    Ok(())
}
