//! The proof that ledger, audit trail and sums hold: `poms verify`.

use super::audit::{self, Link};
use super::{Ledger, Result, anchor, seal};
use crate::clock;
use rusqlite::Connection;
use serde::Serialize;
use std::collections::HashMap;
use std::path::Path;

/// What was checked, and what does not hold.
#[derive(Debug, Default, Serialize)]
pub struct Report {
    /// Rows of the audit trail.
    pub audit_rows: i64,
    /// Rows of all other tables.
    pub table_rows: i64,
    /// Anchors that were compared.
    pub anchors: usize,
    /// The last row that an anchor outside the ledger vouches for.
    pub anchored_to: i64,
    /// Everything that does not hold, one sentence each, the first broken audit row first.
    pub problems: Vec<String>,
}

/// More problems than this are counted, not listed.
const AT_MOST: usize = 50;

impl Report {
    fn problem(&mut self, text: String) {
        if self.problems.len() < AT_MOST {
            self.problems.push(text);
        } else if self.problems.len() == AT_MOST {
            self.problems.push("… and more".to_owned());
        }
    }
}

/// Last seal of each row: its digest and the audit row that sealed it.
type Seals = HashMap<(u16, i64), (String, i64)>;

impl Ledger {
    /// Recomputes everything: SQLite's structure, the chain, every row against its last seal, the
    /// sums of orders, purchase orders and messages, and the anchors.
    ///
    /// # Errors
    /// SQLite's; what does not hold is in the report.
    pub fn verify(&self, anchors: &Path) -> Result<Report> {
        let anchors = anchor::read(anchors)?;
        self.snapshot(|tx| {
            let mut report = Report::default();
            structure(tx.conn, &mut report)?;
            let tables = seal::tables(tx.conn)?;
            let seals = chain(tx.conn, &tables, &anchors, &mut report)?;
            rows(tx.conn, &tables, seals, &mut report)?;
            sums(tx, &mut report)?;
            Ok(report)
        })
    }
}

fn structure(conn: &Connection, report: &mut Report) -> Result<()> {
    let mut statement = conn.prepare("PRAGMA integrity_check(10)")?;
    for answer in statement.query_map([], |row| row.get::<_, String>(0))? {
        match answer? {
            fine if fine == "ok" => {}
            fault => report.problem(format!("SQLite's structure: {fault}")),
        }
    }
    let mut statement = conn.prepare("PRAGMA foreign_key_check")?;
    for fault in statement.query_map([], |row| {
        Ok(format!(
            "{} row {:?} points to a row of {} that is not there",
            row.get::<_, String>(0)?,
            row.get::<_, Option<i64>>(1)?,
            row.get::<_, String>(2)?
        ))
    })? {
        report.problem(fault?);
    }
    Ok(())
}

/// One row of the trail: its hash, its anchor outside the ledger if it has one, its payload.
fn one(link: &Link, hash: &[u8; 32], anchored: Option<&str>, report: &mut Report) {
    if hash[..] != link.hash[..] {
        report.problem(format!(
            "audit row {} ({} {} by {} at {}) does not fit the chain",
            link.seq, link.kind, link.entity, link.actor, link.at
        ));
    }
    if let Some(anchored) = anchored {
        report.anchors += 1;
        report.anchored_to = link.seq;
        if anchored != clock::hex(&link.hash) {
            report.problem(format!(
                "audit row {} is not the one that its anchor outside the ledger has",
                link.seq
            ));
        }
    }
    match (&link.salt, &link.payload) {
        (Some(salt), Some(payload)) => {
            if audit::commit_to(salt, payload)[..] != link.commitment {
                report.problem(format!("the payload of audit row {} was changed", link.seq));
            }
        }
        _ => report.problem(format!("the payload of audit row {} is missing", link.seq)),
    }
}

/// Walks the trail: each row's number, hash and payload; collects the seals; compares the anchors.
fn chain(
    conn: &Connection,
    tables: &[String],
    anchors: &[anchor::Anchor],
    report: &mut Report,
) -> Result<Seals> {
    let numbers: HashMap<&str, u16> = tables
        .iter()
        .enumerate()
        .map(|(n, name)| (name.as_str(), n as u16))
        .collect();
    let vouched: HashMap<i64, &str> = anchors
        .iter()
        .map(|anchor| (anchor.seq, anchor.hash.as_str()))
        .collect();
    let mut seals = Seals::new();
    let mut previous = [0; 32];
    let mut statement = conn.prepare(&format!("{} ORDER BY a.seq", Link::SELECT))?;
    let mut rows = statement.query([])?;
    let mut expected = 0;
    while let Some(row) = rows.next()? {
        let link = Link::read(row)?;
        expected += 1;
        report.audit_rows += 1;
        if link.seq != expected {
            report.problem(format!(
                "audit row {expected} is missing: the next one is {}",
                link.seq
            ));
            expected = link.seq;
        }
        let hash = link.expected_hash(&previous);
        one(&link, &hash, vouched.get(&link.seq).copied(), report);
        previous = link.hash.clone().try_into().unwrap_or(hash);
        if link.kind == "seal" {
            collect(&link, &numbers, &mut seals);
        }
    }
    if let Some(last) = anchors.last().filter(|last| last.seq > expected) {
        report.problem(format!(
            "the audit trail ends at row {expected}, but it had {} rows on {}: rows were removed, or an older copy was restored",
            last.seq, last.at
        ));
    }
    Ok(seals)
}

fn collect(link: &Link, numbers: &HashMap<&str, u16>, seals: &mut Seals) {
    for line in link.payload.iter().flat_map(|payload| payload.lines()) {
        let mut words = line.split(' ');
        let (Some(table), Some(rowid), Some(digest)) = (words.next(), words.next(), words.next())
        else {
            continue;
        };
        if let (Some(number), Ok(rowid)) = (numbers.get(table), rowid.parse()) {
            seals.insert((*number, rowid), (digest.to_owned(), link.seq));
        }
    }
}

/// Compares every row of every table with its last seal, and finds sealed rows that are gone.
fn rows(conn: &Connection, tables: &[String], mut seals: Seals, report: &mut Report) -> Result<()> {
    for (number, table) in tables.iter().enumerate() {
        let mut statement = conn.prepare_cached(&format!("SELECT rowid, * FROM {table}"))?;
        let names = seal::column_names(&statement).split_off(1);
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            report.table_rows += 1;
            let rowid: i64 = row.get(0)?;
            let digest = seal::digest(&names, |place| row.get_ref(place + 1))?;
            match seals.remove(&(number as u16, rowid)) {
                Some((sealed, _)) if sealed == digest => {}
                Some((_, seq)) => report.problem(format!(
                    "{table} row {rowid} was changed outside poms: it differs from audit row {seq}"
                )),
                None => report.problem(format!(
                    "{table} row {rowid} was added outside poms: no audit row knows it"
                )),
            }
        }
    }
    let mut gone: Vec<_> = seals
        .into_iter()
        .filter(|(_, (digest, _))| digest != seal::GONE)
        .collect();
    gone.sort_by_key(|(_, (_, seq))| *seq);
    for ((number, rowid), (_, seq)) in gone {
        report.problem(format!(
            "{} row {rowid} was removed outside poms: audit row {seq} had it",
            tables[usize::from(number)]
        ));
    }
    Ok(())
}

/// The sums: each question selects what does not hold, as sentences.
const SUMS: &[&str] = &[
    "SELECT 'purchase order ' || p.number || ': its total is ' || p.total || ' cents, its lines make ' || sum(l.qty * l.unit_cost) \
     FROM purchase_order p JOIN po_line l ON l.po_id = p.id GROUP BY p.id HAVING p.total <> sum(l.qty * l.unit_cost)",
    "SELECT 'purchase order ' || number || ' has no lines' FROM purchase_order WHERE id NOT IN (SELECT po_id FROM po_line)",
    "SELECT 'purchase order ' || number || ' is ' || state || ' and nothing in the outbox brings it' FROM purchase_order p \
     WHERE state NOT IN ('draft', 'cancelled') AND NOT EXISTS (SELECT 1 FROM delivery d WHERE d.po_id = p.id)",
    "SELECT 'order ' || o.number || ' line ' || (j.key + 1) || ': ordered ' || (j.value ->> 'qty') || ', on purchase orders ' || \
       coalesce((SELECT sum(l.qty - coalesce(s.moved, 0)) FROM po_line l JOIN purchase_order p ON p.id = l.po_id \
                 LEFT JOIN po_line_status s ON s.po_line_id = l.id \
                 WHERE p.order_id = o.id AND l.order_line = j.key + 1), 0) \
     FROM orders o, json_each(o.document, '$.lines') j WHERE o.state IN ('placed', 'partly_shipped', 'shipped', 'delivered', 'closed') \
     AND (j.value ->> 'qty') <> coalesce((SELECT sum(l.qty - coalesce(s.moved, 0)) FROM po_line l \
                 JOIN purchase_order p ON p.id = l.po_id LEFT JOIN po_line_status s ON s.po_line_id = l.id \
                 WHERE p.order_id = o.id AND l.order_line = j.key + 1), 0)",
    "SELECT 'purchase order ' || p.number || ' line ' || l.line || ': ' || l.qty || ' ordered, but ' || s.shipped || ' shipped and ' \
       || s.cancelled || ' cancelled' FROM po_line_status s JOIN po_line l ON l.id = s.po_line_id \
     JOIN purchase_order p ON p.id = l.po_id WHERE s.shipped + s.cancelled > l.qty",
    "SELECT 'invoice ' || i.id || ': its ' || w.value || ' is ' || c.cents || ' cents, its paper says ' || (i.document ->> ('$.' || w.value)) \
     FROM invoice i JOIN json_each('[\"total\",\"freight\",\"fees\"]') w \
     JOIN (SELECT id, 'total' AS what, total AS cents FROM invoice UNION ALL SELECT id, 'freight', freight FROM invoice \
           UNION ALL SELECT id, 'fees', fees FROM invoice) c ON c.id = i.id AND c.what = w.value \
     WHERE c.cents <> CAST(round((i.document ->> ('$.' || w.value)) * 100) AS INTEGER)",
    "SELECT 'invoice ' || i.id || ' line ' || n.line || ': ' || n.amount || ' cents, its paper says ' || (j.value ->> 'amount') FROM invoice i \
     JOIN invoice_line n ON n.invoice_id = i.id JOIN json_each(i.document, '$.lines') j ON j.key = n.line - 1 \
     WHERE n.amount <> CAST(round((j.value ->> 'amount') * 100) AS INTEGER)",
    "SELECT 'purchase order ' || p.number || ' line ' || l.line || ': ' || s.shipped || ' shipped, its shipments hold ' || \
       coalesce((SELECT sum(c.qty) FROM shipment_line c JOIN shipment h ON h.id = c.shipment_id WHERE c.po_line_id = l.id AND h.state <> 'undone'), 0) \
     FROM po_line_status s JOIN po_line l ON l.id = s.po_line_id JOIN purchase_order p ON p.id = l.po_id \
     WHERE s.shipped <> coalesce((SELECT sum(c.qty) FROM shipment_line c JOIN shipment h ON h.id = c.shipment_id WHERE c.po_line_id = l.id AND h.state <> 'undone'), 0)",
    "SELECT 'purchase order ' || p.number || ' line ' || l.line || ': ' || (l.qty - s.shipped - s.cancelled) || ' open, but ' \
       || s.accepted || ' accepted, ' || s.backordered || ' on backorder and ' || s.rejected || ' rejected' \
     FROM po_line_status s JOIN po_line l ON l.id = s.po_line_id JOIN purchase_order p ON p.id = l.po_id \
     WHERE min(s.accepted, s.backordered, s.rejected) < 0 OR s.accepted + s.backordered + s.rejected > l.qty - s.shipped - s.cancelled",
    "SELECT 'purchase order ' || p.number || ' is rejected and ' || sum(l.qty - s.shipped - s.cancelled - s.rejected) \
       || ' pieces are still its vendor''s' FROM purchase_order p JOIN po_line l ON l.po_id = p.id \
     JOIN po_line_status s ON s.po_line_id = l.id WHERE p.state = 'rejected' GROUP BY p.id \
     HAVING sum(l.qty - s.shipped - s.cancelled - s.rejected) > 0",
    "SELECT 'parcel ' || c.id || ' is replaced by one of another shipment' FROM parcel c JOIN parcel n ON n.id = c.replaced_by \
     WHERE n.shipment_id <> c.shipment_id OR n.id = c.id",
    "SELECT 'shipment ' || s.id || ' holds a line of another purchase order' FROM shipment s \
     JOIN shipment_line c ON c.shipment_id = s.id JOIN po_line l ON l.id = c.po_line_id WHERE l.po_id <> s.po_id",
    "SELECT 'purchase order ' || p.number || ' is ' || p.state || ' and ' || sum(l.qty - coalesce(s.shipped, 0) - coalesce(s.cancelled, 0)) \
       || ' pieces are open' FROM purchase_order p JOIN po_line l ON l.po_id = p.id LEFT JOIN po_line_status s ON s.po_line_id = l.id \
     WHERE p.state IN ('shipped', 'closed') GROUP BY p.id HAVING sum(l.qty - coalesce(s.shipped, 0) - coalesce(s.cancelled, 0)) <> 0",
    "SELECT 'row ' || id || ' of an advice is held and no open exception says why' FROM advice_row r WHERE state = 'held' \
     AND NOT EXISTS (SELECT 1 FROM exception e WHERE e.entity = 'advice:' || r.id AND e.state = 'open')",
    "SELECT 'order ' || number || ' is held and no open exception says why' FROM orders o WHERE state = 'held' \
     AND NOT EXISTS (SELECT 1 FROM exception e WHERE e.order_id = o.id AND e.state = 'open' AND e.severity = 'hold')",
    "SELECT 'message ' || id || ' was accepted and no order came of it' FROM message WHERE state = 'accepted' AND order_id IS NULL AND reason IS NULL",
    "SELECT 'message ' || id || ' is ' || state || ' and no open exception says why' FROM message m WHERE state IN ('held', 'quarantined') \
     AND NOT EXISTS (SELECT 1 FROM exception e WHERE e.message_id = m.id AND e.state = 'open')",
    "SELECT 'delivery ' || id || ' has no content' FROM delivery WHERE id NOT IN (SELECT delivery_id FROM delivery_content)",
    "SELECT 'delivery ' || id || ' is unknown and no open exception names it' FROM delivery d WHERE state = 'unknown' \
     AND NOT EXISTS (SELECT 1 FROM exception e WHERE e.delivery_id = d.id AND e.state = 'open')",
    "SELECT 'invoice ' || id || ' is ' || state || ' and counts on no purchase order' FROM invoice \
     WHERE state IN ('variance', 'matched') AND (po_id IS NULL OR counted IS NULL)",
    "SELECT 'invoice ' || i.id || ' is over several purchase orders: its total is ' || i.total || ' cents, its parts make ' || coalesce(sum(c.total), 0) \
     FROM invoice i LEFT JOIN invoice c ON c.part_of = i.id WHERE i.state = 'split' GROUP BY i.id HAVING i.total <> coalesce(sum(c.total), 0)",
    "SELECT 'invoice ' || c.id || ' is a part of invoice ' || i.id || ', which is ' || i.state FROM invoice c JOIN invoice i ON i.id = c.part_of \
     WHERE i.state <> 'split'",
    "SELECT 'invoice ' || id || ' is held and nothing that is wrong with it is open' FROM invoice i WHERE state = 'variance' \
     AND NOT EXISTS (SELECT 1 FROM variance v WHERE v.invoice_id = i.id AND v.state IN ('open', 'disputed'))",
    "SELECT 'invoice ' || i.id || ' is matched, and exception ' || e.id || ' (' || e.code || ') about it is open' FROM invoice i \
     JOIN exception e ON e.entity = 'invoice:' || i.id WHERE i.state = 'matched' AND e.state = 'open' AND e.severity = 'hold'",
    "SELECT 'variance ' || v.id || ' of invoice ' || v.invoice_id || ' is ' || v.state || ' and its exception ' || e.id || ' is resolved' \
     FROM variance v JOIN exception e ON e.id = v.exception_id WHERE v.state IN ('open', 'disputed') AND e.state <> 'open'",
    "SELECT 'invoice ' || i.id || ' is a ' || i.kind || ' over ' || i.total || ' cents, and settles ' || sum(s.amount) || ' of what is owed' \
     FROM credit_settlement s JOIN invoice i ON i.id = s.invoice_id GROUP BY i.id HAVING sum(s.amount) > i.total OR i.kind <> 'credit'",
    "SELECT 'credit ' || c.id || ' received ' || c.received || ' cents, its settlements make ' || coalesce(sum(s.amount), 0) \
     FROM expected_credit c LEFT JOIN credit_settlement s ON s.expected_id = c.id GROUP BY c.id HAVING c.received <> coalesce(sum(s.amount), 0)",
];

fn sums(tx: &super::Tx, report: &mut Report) -> Result<()> {
    for question in SUMS.iter().chain(super::returns::SUMS) {
        for fault in tx.rows(question, [], |row| row.get::<_, String>(0))? {
            report.problem(fault);
        }
    }
    Ok(())
}
