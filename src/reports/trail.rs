//! A part of the audit trail, found by what people type.

use crate::ledger::audit::AuditEntry;
use crate::ledger::{LedgerError, Result, Tx};

/// Facts, oldest first.
pub struct Trail {
    /// Of what, in words.
    pub about: String,
    /// The latest of them.
    pub entries: Vec<AuditEntry>,
    /// Whether there are earlier ones that are left out.
    pub earlier: bool,
}

/// What the trail has facts about beside orders and purchase orders.
const KINDS: &[(&str, &[&str])] = &[
    ("order", &["order", "orders"]),
    ("po", &["po", "pos", "purchase_order"]),
    ("message", &["message", "messages", "mail"]),
    ("delivery", &["delivery", "deliveries", "outbox"]),
    ("exception", &["exception", "exceptions"]),
    ("setting", &["setting", "settings"]),
    ("return", &["return", "returns", "rma"]),
    ("run", &["run", "runs"]),
    ("sku", &["sku", "catalogue"]),
    ("vendor", &["vendor", "vendors"]),
];

/// The facts about what was typed: `W200001`, `W200001~2`, `W200001-1`, `message:12`, `exception 5`;
/// the latest of all when nothing was.
///
/// # Errors
/// When there is no such thing, in a sentence that says what there is; SQLite's.
pub fn find(tx: &Tx, typed: &str, at_most: usize) -> Result<Trail> {
    let typed = typed.trim();
    if typed.is_empty() {
        let entries = tx.audit_latest(at_most.saturating_add(1))?;
        return Ok(latest("everything".to_owned(), entries, at_most));
    }
    let (about, entries) = match kind_and_name(typed) {
        Some((kind, name)) => of_kind(tx, kind, name)?,
        None => of_order_or_po(tx, typed)?,
    };
    if entries.is_empty() {
        return Err(LedgerError::NotFound(format!(
            "the trail has no fact about {about}: {HELP}"
        )));
    }
    Ok(latest(about, entries, at_most))
}

const HELP: &str = "name an order (W200001), a purchase order (W200001-1), or message 12, delivery 7, exception 5, return R-W200001-1, run 3, \
     sku BF-1, vendor ACME, setting stop_switch";

fn latest(about: String, mut entries: Vec<AuditEntry>, at_most: usize) -> Trail {
    let surplus = entries.len().saturating_sub(at_most);
    entries.drain(..surplus);
    Trail {
        about,
        entries,
        earlier: surplus > 0,
    }
}

/// `message:12`, `message 12`, `message#12`, `Message 12`.
fn kind_and_name(typed: &str) -> Option<(&'static str, &str)> {
    let at = typed.find([':', ' ', '#'])?;
    let word = typed[..at].to_lowercase();
    let name = typed[at + 1..].trim();
    let (kind, _) = KINDS
        .iter()
        .find(|(_, words)| words.contains(&word.as_str()))?;
    Some((kind, name))
}

fn number(kind: &str, name: &str) -> Result<i64> {
    name.trim_start_matches('#').parse().map_err(|_| {
        LedgerError::NotFound(format!(
            "'{name}' is no number of a {kind}: write for example {kind} 12"
        ))
    })
}

fn of_kind(tx: &Tx, kind: &str, name: &str) -> Result<(String, Vec<AuditEntry>)> {
    match kind {
        "order" => of_order(tx, name),
        "po" => of_po(tx, name),
        "message" => {
            let row = tx.message(number(kind, name)?)?;
            let entries = tx.audit_of(&format!("message:{}", row.id))?;
            Ok((format!("message {}", row.id), entries))
        }
        "delivery" => {
            let row = tx.delivery(number(kind, name)?)?;
            Ok((format!("delivery {}", row.id), tx.audit_of(&row.entity())?))
        }
        "exception" => {
            let row = tx.exception(number(kind, name)?)?;
            let mut entries = match row.subject.order {
                // its entity's name changes when an order's number is amended
                Some(order) => tx.audit_of_order(order)?,
                None => tx.audit_of(&row.entity)?,
            };
            entries.retain(|entry| entry.payload["exception"] == row.id);
            Ok((format!("exception {}", row.id), entries))
        }
        "return" => {
            let row = tx.find_return(name)?;
            Ok((
                format!("return {}", row.number),
                tx.audit_of(&row.entity())?,
            ))
        }
        other => Ok((
            format!("{other} {name}"),
            tx.audit_of(&format!("{other}:{name}"))?,
        )),
    }
}

fn of_order(tx: &Tx, name: &str) -> Result<(String, Vec<AuditEntry>)> {
    let row = tx.find_order(name)?;
    let entries = tx.audit_of_order(row.id)?;
    Ok((format!("order {}", row.reference()), entries))
}

/// A purchase order's facts with those of its deliveries.
fn of_po(tx: &Tx, name: &str) -> Result<(String, Vec<AuditEntry>)> {
    let row = tx.find_po(name)?;
    let mut entries = tx.audit_of(&row.entity())?;
    for delivery in tx.deliveries_of_po(row.id)? {
        entries.extend(tx.audit_of(&delivery.entity())?);
    }
    entries.sort_by_key(|entry| entry.seq);
    Ok((format!("purchase order {}", row.number), entries))
}

fn of_order_or_po(tx: &Tx, name: &str) -> Result<(String, Vec<AuditEntry>)> {
    let found = of_order(tx, name).or_else(|fault| match fault {
        LedgerError::NotFound(_) => of_po(tx, name),
        other => Err(other),
    });
    match found {
        Err(LedgerError::NotFound(_)) => Err(LedgerError::NotFound(format!(
            "nothing is named '{name}': {HELP}"
        ))),
        found => found,
    }
}
