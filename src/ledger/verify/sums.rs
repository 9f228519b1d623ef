//! The sums: each question by itself, so that a value that no sum can be made of hides no other fault.

use super::{VerifyReport, text};
use crate::ledger::sqlite::{lines_of, member_of};
use crate::ledger::{Result, Tx, returns};

/// The sums: each question selects what does not hold, as sentences.
const SUMS: &[&str] = &[
    "SELECT 'purchase order ' || p.number || ': its total is ' || p.total || ' cents, its lines make ' || sum(l.qty * l.unit_cost) \
     FROM purchase_order p JOIN po_line l ON l.po_id = p.id GROUP BY p.id HAVING p.total <> sum(l.qty * l.unit_cost)",
    "SELECT 'purchase order ' || number || ' has no lines' FROM purchase_order WHERE id NOT IN (SELECT po_id FROM po_line)",
    "SELECT 'purchase order ' || number || ' is ' || state || ' and nothing in the outbox brings it' FROM purchase_order p \
     WHERE state NOT IN ('draft', 'cancelled') AND NOT EXISTS (SELECT 1 FROM delivery d WHERE d.po_id = p.id) \
     AND NOT EXISTS (SELECT 1 FROM audit a WHERE a.order_id = p.order_id AND a.kind = 'po.adopted' AND a.entity = 'po:' || p.number)",
    concat!(
        "SELECT 'order ' || o.number || ' line ' || (j.key + 1) || ': ordered ' || ",
        member_of!("j.value", "'$.qty'"),
        " || ', on purchase orders ' || \
       coalesce((SELECT sum(l.qty - coalesce(s.moved, 0) - coalesce(s.twice, 0)) FROM po_line l JOIN purchase_order p ON p.id = l.po_id \
                 LEFT JOIN po_line_status s ON s.po_line_id = l.id \
                 WHERE p.order_id = o.id AND l.order_line = j.key + 1), 0) \
     FROM orders o, ",
        lines_of!("o.document"),
        " j WHERE o.state IN ('placed', 'partly_shipped', 'shipped', 'delivered', 'closed') \
     AND ",
        member_of!("j.value", "'$.qty'"),
        " <> coalesce((SELECT sum(l.qty - coalesce(s.moved, 0) - coalesce(s.twice, 0)) FROM po_line l \
                 JOIN purchase_order p ON p.id = l.po_id LEFT JOIN po_line_status s ON s.po_line_id = l.id \
                 WHERE p.order_id = o.id AND l.order_line = j.key + 1), 0)"
    ),
    "SELECT 'purchase order ' || p.number || ' line ' || l.line || ': ' || l.qty || ' ordered, but ' || s.shipped || ' shipped and ' \
       || s.cancelled || ' cancelled' FROM po_line_status s JOIN po_line l ON l.id = s.po_line_id \
     JOIN purchase_order p ON p.id = l.po_id WHERE s.shipped + s.cancelled > l.qty",
    concat!(
        "SELECT 'invoice ' || i.id || ': its ' || c.what || ' is ' || c.cents || ' cents, its paper says ' || ",
        member_of!("i.document", "('$.' || c.what)"),
        " \
     FROM invoice i JOIN (SELECT id, 'total' AS what, total AS cents FROM invoice UNION ALL SELECT id, 'freight', freight FROM invoice \
           UNION ALL SELECT id, 'fees', fees FROM invoice) c ON c.id = i.id \
     WHERE c.cents <> CAST(round(",
        member_of!("i.document", "('$.' || c.what)"),
        " * 100) AS INTEGER)"
    ),
    concat!(
        "SELECT 'invoice ' || i.id || ' line ' || n.line || ': ' || n.amount || ' cents, its paper says ' || ",
        member_of!("j.value", "'$.amount'"),
        " FROM invoice i \
     JOIN invoice_line n ON n.invoice_id = i.id JOIN ",
        lines_of!("i.document"),
        " j ON j.key = n.line - 1 \
     WHERE n.amount <> CAST(round(",
        member_of!("j.value", "'$.amount'"),
        " * 100) AS INTEGER)"
    ),
    "SELECT 'purchase order ' || p.number || ' line ' || l.line || ': ' || s.shipped || ' shipped, its shipments hold ' || \
       coalesce((SELECT sum(c.qty) FROM shipment_line c JOIN shipment h ON h.id = c.shipment_id WHERE c.po_line_id = l.id AND h.state <> 'undone'), 0) \
     FROM po_line_status s JOIN po_line l ON l.id = s.po_line_id JOIN purchase_order p ON p.id = l.po_id \
     WHERE s.shipped <> coalesce((SELECT sum(c.qty) FROM shipment_line c JOIN shipment h ON h.id = c.shipment_id WHERE c.po_line_id = l.id AND h.state <> 'undone'), 0)",
    "SELECT 'purchase order ' || p.number || ' line ' || l.line || ': ' || s.unwanted || ' come although they are cancelled, of ' \
       || (l.qty - s.cancelled) || ' that come' FROM po_line_status s JOIN po_line l ON l.id = s.po_line_id \
     JOIN purchase_order p ON p.id = l.po_id WHERE s.unwanted NOT BETWEEN 0 AND l.qty - s.cancelled",
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
     JOIN exception e ON e.entity = 'invoice:' || i.id WHERE i.state = 'matched' AND e.state = 'open' AND e.severity = 'hold' \
     AND e.code <> 'remit_to_changed'",
    "SELECT 'variance ' || v.id || ' of invoice ' || v.invoice_id || ' is ' || v.state || ' and its exception ' || e.id || ' is resolved' \
     FROM variance v JOIN exception e ON e.id = v.exception_id WHERE v.state IN ('open', 'disputed') AND e.state <> 'open'",
    "SELECT 'invoice ' || i.id || ' is a ' || i.kind || ' over ' || i.total || ' cents, and settles ' || sum(s.amount) || ' of what is owed' \
     FROM credit_settlement s JOIN invoice i ON i.id = s.invoice_id GROUP BY i.id HAVING sum(s.amount) > i.total OR i.kind <> 'credit'",
    "SELECT 'credit ' || c.id || ' received ' || c.received || ' cents, its settlements make ' || coalesce(sum(s.amount), 0) \
     FROM expected_credit c LEFT JOIN credit_settlement s ON s.expected_id = c.id GROUP BY c.id HAVING c.received <> coalesce(sum(s.amount), 0)",
    // as an older poms took them in, or somebody wrote them; `Money::CEILING` and `order::MOST_PIECES`
    "SELECT what || ' is ' || cents || ' cents: more than 1,000,000,000.00 is an amount that poms takes in from nobody' FROM ( \
       SELECT 'order ' || number || ': its total' AS what, total AS cents FROM orders \
       UNION ALL SELECT 'purchase order ' || number || ': its total', total FROM purchase_order \
       UNION ALL SELECT 'purchase order ' || p.number || ' line ' || l.line || ': its cost', l.unit_cost FROM po_line l JOIN purchase_order p ON p.id = l.po_id \
       UNION ALL SELECT 'invoice ' || id || ': its total', total FROM invoice \
       UNION ALL SELECT 'refund ' || id || ': its amount', amount FROM refund \
       UNION ALL SELECT 'SKU ' || sku || ' of ' || vendor_id || ': its cost', cost FROM offer \
       UNION ALL SELECT 'SKU ' || sku || ' of ' || vendor_id || ': its price', retail_price FROM offer) \
     WHERE cents NOT BETWEEN -100000000000 AND 100000000000",
    "SELECT 'purchase order ' || p.number || ' line ' || l.line || ': ' || l.qty || ' pieces: 1,000,000 are the most that poms takes in' \
     FROM po_line l JOIN purchase_order p ON p.id = l.po_id WHERE l.qty NOT BETWEEN -1000000 AND 1000000",
];

/// Asks them all.
pub(super) fn ask(tx: &Tx, report: &mut VerifyReport) {
    for (number, question) in SUMS.iter().chain(returns::SUMS).enumerate() {
        let place = format!("sum {}", number + 1);
        report.ask(&place, &about(question), |report| {
            one(tx, question, &place, report)
        });
    }
}

fn one(tx: &Tx, question: &str, place: &str, report: &mut VerifyReport) -> Result<()> {
    let mut statement = tx.conn.prepare_cached(question)?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        let fault = text(row.get_ref(0)?);
        // NULL: a row with a value of which no sentence can be made
        report.problem(
            place,
            match fault.is_empty() {
                true => format!(
                    "a row has a value that cannot be read ({})",
                    about(question)
                ),
                false => fault,
            },
        );
    }
    Ok(())
}

/// A question in a few words, for where it cannot be answered: the tables that it looks into.
fn about(question: &str) -> String {
    let mut tables: Vec<&str> = question
        .split("FROM ")
        .chain(question.split("JOIN "))
        .skip(1)
        .filter_map(|after| after.split([' ', ')', '(']).next())
        .filter(|word| !word.is_empty() && word.chars().all(|c| c.is_ascii_lowercase() || c == '_'))
        .collect();
    tables.sort_unstable();
    tables.dedup();
    format!("the sums of {}", tables.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::money::Money;
    use crate::domain::order::MOST_PIECES;

    #[test]
    fn the_ceilings_are_those_of_the_edges() {
        let all = SUMS.concat();
        for most in [Money::CEILING.0, MOST_PIECES] {
            assert!(
                all.contains(&format!("NOT BETWEEN -{most} AND {most}")),
                "{most}"
            );
        }
    }
}
