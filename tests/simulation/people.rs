//! What people type: every remedy of every exception, and acts on orders, deliveries and returns.

use super::chance::Chance;
use super::world::Came;
use poms::app::App;
use poms::desk::resolve::{self, Act};
use poms::desk::returns::{Paid, Sum};
use poms::desk::{Said, cancel, orders, outbox, refund, returns, shipments};
use poms::domain::codes::Remedy;
use poms::domain::rma::ReturnKind;
use poms::invoicing::formats;
use poms::invoicing::{ingest::take, rematch};
use poms::ledger::exceptions::{ExceptionRow, Filter};
use poms::ledger::{Ledger, LedgerError, Tx};
use poms::run::invoices::books;

const NOTE: &str = "as agreed by telephone";

/// One thing that a person types, of what can be seen now.
#[derive(Clone, Debug)]
pub enum Typed {
    Resolve(i64, Remedy),
    Hold(String),
    Release(String),
    Cancel(String),
    Refund(String),
    Retry(i64),
    Confirm(i64),
    Drop(i64),
    Resend(String),
    Return(String),
    Authorise(String),
    Receive(String),
    Inspect(String),
    PayBack(String),
    Stop(bool),
    /// A vendor's bill, as CSV.
    Bill(String),
    /// A shipment that did not happen.
    Undo(i64),
    /// All of a purchase order arrived.
    Arrived(String),
}

/// The newest of everything, as a person has it on the screen.
/// Orders of which something is in doubt, as those of whom people think.
const DOUBTFUL: &str = "SELECT o.number FROM orders o JOIN purchase_order p ON p.order_id = o.id JOIN delivery d ON d.po_id = p.id \
     WHERE o.copy = 1 AND p.state IN ('queued', 'failed') AND d.attempts > 0 ORDER BY o.id DESC LIMIT 6";
const ORDERS: &str = "SELECT CASE copy WHEN 1 THEN number ELSE number || '~' || copy END FROM orders ORDER BY id DESC LIMIT 12";
const POS: &str = "SELECT number FROM purchase_order ORDER BY id DESC LIMIT 8";
const RETURNS: &str = "SELECT number FROM rma ORDER BY id DESC LIMIT 6";
const SHIPMENTS: &str = "SELECT CAST(id AS TEXT) FROM shipment ORDER BY id DESC LIMIT 6";
const DELIVERIES: &str = "SELECT CAST(id AS TEXT) FROM delivery WHERE state <> 'sent' ORDER BY state <> 'unknown', id DESC LIMIT 6";
const LINES: &str = "SELECT p.vendor_id || ',' || p.number || ',' || l.sku || ',' || l.qty || ',' || l.unit_cost FROM po_line l \
     JOIN purchase_order p ON p.id = l.po_id ORDER BY l.id DESC LIMIT 12";

/// What a person may type now.
pub fn choose(ledger: &Ledger, chance: &mut Chance) -> Option<Typed> {
    let tx = ledger.read();
    let open = tx.exceptions(&Filter::default()).expect("a list");
    if !open.is_empty() && !chance.one_in(3) {
        let row = chance.pick(&open)?;
        let remedy = chance.pick(row.definition().remedies)?;
        return Some(Typed::Resolve(row.id, *remedy));
    }
    let one = |sql: &str, chance: &mut Chance| -> Option<String> {
        let conn = rusqlite::Connection::open(ledger.path()).expect("a ledger");
        let mut rows = conn.prepare(sql).expect("a question");
        let rows = rows.query_map([], |row| row.get(0)).expect("rows");
        let all: Vec<String> = rows.map(|row| row.expect("a name")).collect();
        chance.pick(&all).cloned()
    };
    Some(match chance.below(20) {
        0 => Typed::Hold(one(ORDERS, chance)?),
        1 => Typed::Release(one(ORDERS, chance)?),
        2 => Typed::Cancel(one(ORDERS, chance)?),
        3 => Typed::Cancel(one(DOUBTFUL, chance).or_else(|| one(ORDERS, chance))?),
        4 => Typed::Refund(one(ORDERS, chance)?),
        5 => Typed::Retry(one(DELIVERIES, chance)?.parse().ok()?),
        6 => Typed::Confirm(one(DELIVERIES, chance)?.parse().ok()?),
        7 => Typed::Drop(one(DELIVERIES, chance)?.parse().ok()?),
        8 => Typed::Resend(one(POS, chance)?),
        9 => Typed::Return(one(ORDERS, chance)?),
        10 => Typed::Authorise(one(RETURNS, chance)?),
        11 => Typed::Receive(one(RETURNS, chance)?),
        12 => Typed::Inspect(one(RETURNS, chance)?),
        13 => Typed::PayBack(one(RETURNS, chance)?),
        14 => Typed::Stop(chance.one_in(3)),
        15..18 => Typed::Bill(bill(&one(LINES, chance)?, chance)?),
        18 => Typed::Undo(one(SHIPMENTS, chance)?.parse().ok()?),
        _ => Typed::Arrived(one(POS, chance)?),
    })
}

/// A bill over something that was ordered.
pub fn some_bill(ledger: &Ledger, chance: &mut Chance) -> Option<String> {
    let conn = rusqlite::Connection::open(ledger.path()).expect("a ledger");
    let mut rows = conn.prepare(LINES).expect("a question");
    let rows = rows.query_map([], |row| row.get(0)).expect("rows");
    let all: Vec<String> = rows.map(|row| row.expect("a line")).collect();
    bill(chance.pick(&all)?, chance)
}

/// A bill over a line of a purchase order: as ordered, or with one thing wrong; now and then a number
/// that was billed before.
fn bill(line: &str, chance: &mut Chance) -> Option<String> {
    let mut parts = line.split(',');
    let (vendor, po, sku) = (parts.next()?, parts.next()?, parts.next()?);
    let (qty, cost) = (
        parts.next()?.parse::<i64>().ok()?,
        parts.next()?.parse::<i64>().ok()?,
    );
    let qty = qty + i64::from(chance.one_in(6));
    let cost = cost + if chance.one_in(5) { 150 } else { 0 };
    let many = if chance.one_in(4) { 5 } else { 100_000 };
    let number = chance.below(many);
    let money = |cents: i64| format!("{}.{:02}", cents / 100, cents % 100);
    let credit = chance.one_in(8);
    Some(format!(
        "vendor,invoice_number,invoice_date,po_number,sku,qty,unit_price,freight,total\n{vendor},{}{number},2025-06-03,{po},{}\n",
        if credit { "CM" } else { "B" },
        match credit {
            true => ",,,,-1.50".to_owned(),
            false => format!("{sku},{qty},{},,{}", money(cost), money(cost * qty)),
        }
    ))
}

/// Types it.
pub fn types(tx: &Tx, site: &App, typed: &Typed) -> Result<Said, LedgerError> {
    let paid = |reference| Paid {
        sum: Sum::Whole,
        method: Some("card"),
        reference: Some(reference),
        last: false,
        note: None,
    };
    match typed {
        Typed::Resolve(id, remedy) => {
            let row = tx.exception(*id)?;
            resolves(tx, site, &row, *remedy)
        }
        Typed::Hold(order) => orders::hold(tx, &tx.find_order(order)?, NOTE),
        Typed::Release(order) => orders::release(tx, site, &tx.find_order(order)?, NOTE),
        Typed::Cancel(order) => cancel::cancel(tx, site, &tx.find_order(order)?, NOTE),
        Typed::Refund(order) => refund::refund(tx, &tx.find_order(order)?, &paid(order)),
        Typed::Retry(id) => outbox::retry(tx, site, *id, NOTE),
        Typed::Confirm(id) => outbox::confirm(tx, *id, NOTE),
        Typed::Drop(id) => outbox::drop(tx, *id, NOTE),
        Typed::Resend(po) => outbox::resend(tx, site, po, NOTE),
        Typed::Return(order) => {
            let order = tx.find_order(order)?;
            let kind = ReturnKind::ALL[(order.id as usize) % ReturnKind::ALL.len()];
            returns::open(tx, &order, kind, &["1=1".to_owned()], NOTE).map(|(said, _)| said)
        }
        Typed::Authorise(rma) => returns::authorise(tx, site, rma, None, NOTE),
        Typed::Receive(rma) => returns::receive(tx, site, rma, &["1=1".to_owned()], NOTE),
        Typed::Inspect(rma) => returns::inspect(tx, site, rma, &["1=restock".to_owned()], NOTE),
        Typed::PayBack(rma) => returns::refund(tx, site, rma, &paid(rma)),
        Typed::Stop(on) => {
            let why = if *on { NOTE } else { "" };
            tx.set_setting("stop_switch", why, NOTE)?;
            Ok(Vec::new())
        }
        Typed::Bill(csv) => {
            let desk = site.match_context();
            rematch::goods(tx, &desk)?;
            let file = formats::read(csv.as_bytes(), &books(&site.config));
            let file = file.unwrap_or_else(|fault| panic!("{fault}: {csv}"));
            take(tx, &desk, "bill.csv", &file, &|_| {})?;
            Ok(Vec::new())
        }
        Typed::Undo(id) => shipments::undo(tx, site, (*id, None), NOTE),
        Typed::Arrived(po) => shipments::delivered(tx, site, po, None, NOTE),
    }
}

/// A remedy as a sensible person types it.
pub fn resolves(
    tx: &Tx,
    site: &App,
    row: &ExceptionRow,
    remedy: Remedy,
) -> Result<Said, LedgerError> {
    let changes: Vec<String> = match (remedy, row.code.as_str()) {
        (Remedy::Amend, "bad_zip") => vec!["ship_to.zip=65367".to_owned()],
        (Remedy::Amend, "unknown_sku") => vec!["lines.1.sku=KT10-00010".to_owned()],
        (Remedy::Amend, _) => vec!["customer.phone=859-589-9228".to_owned()],
        _ => Vec::new(),
    };
    let act = Act {
        remedy,
        note: NOTE,
        changes: &changes,
        po: None,
        comment: None,
        all: row.code.as_str() == "vendor_silent",
    };
    resolve::resolve(tx, site, row.id, &act)
}

/// Whether an act may bring a document to somebody once more.
pub fn may_send_again(typed: &Typed) -> bool {
    matches!(
        typed,
        Typed::Resolve(_, Remedy::Retry | Remedy::Amend) | Typed::Retry(_) | Typed::Resend(_)
    )
}

/// Whether it did, or may have: an act whose commit met a fault may have come to pass.
pub fn sends_again(typed: &Typed, came: &Came) -> bool {
    !matches!(came, Came::Refused(_)) && may_send_again(typed)
}
