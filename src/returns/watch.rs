//! What of returns is late: goods that did not come, credits that did not.

use super::ReturnSettings;
use crate::clock;
use crate::domain::codes::Severity;
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
    }
}

/// Whether it was ever on the list: who dismissed it, waits.
fn told(tx: &Tx, late: &Late) -> Result<bool> {
    Ok(tx
        .last_opened(late.code, &late.entity, late.order)?
        .is_some())
}

/// What is on the list and no longer late.
fn over(tx: &Tx, late: &[Late]) -> Result<Vec<crate::ledger::exceptions::ExceptionRow>> {
    let still: HashSet<(&str, &str)> = late
        .iter()
        .map(|one| (one.code, one.entity.as_str()))
        .collect();
    let mut over = Vec::new();
    for code in [RETURN_OVERDUE, CREDIT_OVERDUE] {
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
