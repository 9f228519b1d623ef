//! One exception for each silent vendor: it lists the purchase orders about which nothing came,
//! grows and shrinks with them, and ends with the last one.

use super::RuleSettings;
use crate::domain::codes::{Code, Severity};
use crate::domain::money::Money;
use crate::ledger::exceptions::{ExceptionRow, Subject};
use crate::ledger::purchase_orders::PoRow;
use crate::ledger::silences::SilenceRow;
use crate::ledger::{Result, Tx};
use crate::shipping::watch::{AwaitedKind, Expected};
use chrono::NaiveDate;
use std::collections::BTreeSet;

/// The code of these exceptions.
pub const CODE: Code = Code::VendorSilent;

/// Purchase orders that the exception's sentence names.
const NAMED: usize = 6;

/// One thing that did not come.
#[derive(Clone, Copy, Debug)]
pub struct Silent<'a> {
    /// The purchase order: its number in the ledger, its order's, its own.
    pub po: (i64, i64, &'a str),
    /// What, and by when it was due.
    pub expected: Expected,
    /// The day that the vendor had promised, where that is what did not come.
    pub promised: Option<NaiveDate>,
    /// How often the vendor was asked.
    pub asked: usize,
}

fn entity(vendor_id: &str) -> String {
    format!("vendor:{vendor_id}")
}

/// Puts what did not come onto the vendor's list; returns how many exceptions were opened, one at
/// most. What the site has off is not listed.
pub fn list(
    tx: &Tx,
    settings: &RuleSettings,
    (vendor_id, vendor_name): (&str, &str),
    new: &[Silent],
) -> Result<usize> {
    let severity = settings.severity(CODE);
    let wanted = |one: &&Silent| settings.severity(one.expected.kind.code()) != Severity::Off;
    let new: Vec<&Silent> = new.iter().filter(wanted).collect();
    if severity == Severity::Off || new.is_empty() {
        return Ok(0);
    }
    let entity = entity(vendor_id);
    let known = tx.open_exceptions_of_entity(&entity)?;
    let known = known.iter().find(|row| row.code == CODE).map(|row| row.id);
    let id = match known {
        Some(id) => id,
        None => {
            let text = format!("{vendor_name} is silent");
            tx.open_exception(CODE, severity, &entity, Subject::default(), &text)?
        }
    };
    let listed = tx.silences_of(id)?;
    for one in new {
        let kind = one.expected.kind.as_str();
        if listed
            .iter()
            .any(|row| row.po_id == one.po.0 && row.kind == kind)
        {
            continue;
        }
        let due = (one.expected.due, one.promised);
        let expected = (one.expected.kind.as_str(), due);
        tx.list_silence(id, one.po, expected, one.asked)?;
    }
    refresh(tx, &tx.exception(id)?)?;
    Ok(usize::from(known.is_none()))
}

/// Takes off its vendor's list what of a purchase order is listed under these codes: it came.
pub fn end(tx: &Tx, po: &PoRow, codes: &[Code], why: &str) -> Result<()> {
    let mut lists = BTreeSet::new();
    for row in tx.silences_of_po(po.id)? {
        if AwaitedKind::parse(&row.kind).is_none_or(|kind| codes.contains(&kind.code())) {
            tx.end_silence(&row, "ended", why)?;
            lists.insert(row.exception_id);
        }
    }
    lists
        .into_iter()
        .try_for_each(|id| refresh(tx, &tx.exception(id)?))
}

/// Brings the sentence of such an exception up to date, or ends it when nothing is listed any more.
pub fn refresh(tx: &Tx, row: &ExceptionRow) -> Result<()> {
    if !row.open {
        return Ok(());
    }
    let rows = tx.silences_of(row.id)?;
    let Some(first) = rows.first() else {
        return tx.resolve_exception(row, "cleared", "nothing of it is waited for any more");
    };
    let name = tx.po(first.po_id)?.vendor_name;
    let text = sentence(&name, &gathered(&rows));
    let failed = tx.asked_about(first.po_id)?.into_iter().next_back();
    let failed = failed.filter(|asked| asked.delivery == "failed");
    let text = match failed {
        Some(asked) => format!(
            "{text}; the last question did not reach it: {}",
            asked.detail
        ),
        None => text,
    };
    tx.open_exception(
        row.code.clone(),
        row.severity,
        &row.entity,
        row.subject,
        &text,
    )?;
    Ok(())
}

/// What is listed of each purchase order: the gravest thing, the oldest purchase order first.
pub fn gathered(rows: &[SilenceRow]) -> Vec<&SilenceRow> {
    let mut all: Vec<&SilenceRow> = Vec::new();
    for row in rows {
        match all.iter_mut().find(|known| known.po_id == row.po_id) {
            Some(known) if AwaitedKind::parse(&known.kind) < AwaitedKind::parse(&row.kind) => {
                *known = row
            }
            Some(_) => {}
            None => all.push(row),
        }
    }
    all
}

/// What did not come, in words that follow a purchase order's number.
pub fn words(kind: &str) -> &'static str {
    match AwaitedKind::parse(kind) {
        Some(AwaitedKind::Promise) => "not shipped as promised",
        Some(AwaitedKind::Advice) => "not shipped",
        _ => "not confirmed",
    }
}

fn sentence(name: &str, pos: &[&SilenceRow]) -> String {
    let questions = match pos.iter().map(|row| row.asked).max().unwrap_or(0) {
        0 => String::new(),
        1 => ", and did not answer when asked".to_owned(),
        n => format!(", and did not answer when asked {n} times"),
    };
    let value = value(pos).map_or_else(String::new, |value| format!(" ({value})"));
    if let [one] = pos {
        let what = words(&one.kind);
        return format!("{name} has {what} {}{value}{questions}", one.po);
    }
    let kinds = [
        AwaitedKind::Promise,
        AwaitedKind::Advice,
        AwaitedKind::Acknowledgement,
    ];
    let counted = kinds.iter().filter_map(|kind| {
        let of = pos.iter().filter(|row| row.kind == kind.as_str()).count();
        (of > 0).then(|| format!("{of} {}", words(kind.as_str())))
    });
    let counted: Vec<String> = counted.collect();
    let named: Vec<&str> = pos.iter().take(NAMED).map(|row| row.po.as_str()).collect();
    let more = match pos.len().saturating_sub(NAMED) {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    format!(
        "{name} is silent about {} purchase orders{value}: {}{questions}: {}{more}",
        pos.len(),
        counted.join(", "),
        named.join(", ")
    )
}

/// What the vendor charges for all of them, if that is one sum.
pub fn value(pos: &[&SilenceRow]) -> Option<String> {
    let currency = &pos.first()?.currency;
    let same = pos.iter().all(|row| row.currency == *currency);
    let sum = Money::sum(pos.iter().map(|row| row.value)).filter(|_| same)?;
    Some(sum.display(currency))
}

/// The exception that lists a purchase order of this order, as one about that purchase order alone;
/// `None` when none does.
pub fn as_its_own(tx: &Tx, order: i64) -> Result<Option<ExceptionRow>> {
    for row in tx.silent_exceptions_of_order(order)? {
        let listed = tx.silences_of(row.id)?;
        let pos = gathered(&listed);
        if let Some(one) = pos.iter().find(|one| one.order_id == order) {
            return Ok(Some(ExceptionRow {
                code: code_of(&one.kind).into(),
                subject: Subject {
                    order: Some(order),
                    po: Some(one.po_id),
                    ..Subject::default()
                },
                ..row
            }));
        }
    }
    Ok(None)
}

/// The code of an exception about one purchase order alone of which this did not come.
pub fn code_of(kind: &str) -> Code {
    AwaitedKind::parse(kind)
        .unwrap_or(AwaitedKind::Acknowledgement)
        .code()
}
