//! Purchase orders that wait for their vendors.

use super::failures::Sound;
use super::po_lines::day;
use super::{Result, Tx};
use crate::clock::Moment;
use crate::domain::lifecycle::PoState;
use crate::ledger::sqlite::unindexed;
use chrono::{DateTime, NaiveDate, Utc};

/// Of the deliveries of one revision: all that were ever sent are many more.
const SENT: &str = unindexed!("d.state");

/// A purchase order that waits for its vendor.
#[derive(Clone, Debug)]
pub struct WaitingPo {
    /// Its number in the ledger.
    pub id: i64,
    /// Its number to the vendor.
    pub number: String,
    /// The order.
    pub order_id: i64,
    /// Who ships.
    pub vendor_id: String,
    /// Where it stands.
    pub state: PoState,
    /// When the vendor's side took it.
    pub sent: Option<DateTime<Utc>>,
    /// Pieces still to come: open, and not refused.
    pub open: i64,
    /// The last day on which open pieces shall leave, if the vendor said days for all of them.
    pub promised: Option<NaiveDate>,
    /// When the vendor last answered about something that is open.
    pub answered: Option<DateTime<Utc>>,
    /// When poms last learnt of a shipment of it, or that one did not happen.
    pub shipped: Option<DateTime<Utc>>,
    /// When the vendor's side took a revision that it has not answered.
    pub revised: Option<DateTime<Utc>>,
    /// That revision's number.
    pub revision: Option<i64>,
}

impl Tx<'_> {
    /// The purchase orders that wait for their vendors, all of them or one order's.
    pub fn waiting_pos(&self, order: Option<i64>) -> Result<Vec<WaitingPo>> {
        let mut sound = self.waiting_pos_apart(order)?;
        match sound.bad.pop() {
            Some((_, fault)) => Err(fault),
            None => Ok(sound.rows),
        }
    }

    /// The same, each read by itself.
    pub fn waiting_pos_apart(&self, order: Option<i64>) -> Result<Sound<WaitingPo>> {
        // what the vendor refused is waited for by nobody; rows without shares are older than these
        const OPEN: &str = "(l.qty - coalesce(s.shipped, 0) - coalesce(s.cancelled, 0) - coalesce(s.rejected, \
             CASE s.answer WHEN 'rejected' THEN min(coalesce(s.answer_qty, l.qty), l.qty - s.shipped - s.cancelled) END, 0))";
        let whose = match order {
            Some(_) => concat!("p.order_id = ?1 AND ", unindexed!("p.state")),
            None => "?1 IS NULL AND p.state",
        };
        let sql = format!(
            "SELECT p.id, p.number, p.order_id, p.vendor_id, p.state, p.sent, sum({OPEN}), \
             CASE WHEN count(*) FILTER (WHERE {OPEN} > 0 AND coalesce(s.promised, s.until) IS NULL) = 0 \
               THEN max(coalesce(s.promised, s.until)) FILTER (WHERE {OPEN} > 0) END, \
             max(s.answered) FILTER (WHERE {OPEN} > 0), \
             (SELECT max(CASE state WHEN 'undone' THEN updated ELSE created END) FROM shipment WHERE po_id = p.id), \
             (SELECT min(d.updated) FROM po_revision r JOIN delivery d ON d.once IN ('po_revision:' || r.id || ':email', \
               'po_revision:' || r.id || ':fax') AND {SENT} = 'sent' WHERE r.po_id = p.id AND r.state = 'open'), \
             (SELECT r.number FROM po_revision r WHERE r.po_id = p.id AND r.state = 'open') \
             FROM purchase_order p JOIN po_line l ON l.po_id = p.id LEFT JOIN po_line_status s ON s.po_line_id = l.id \
             WHERE {whose} IN ('sent', 'acknowledged', 'backordered', 'partly_shipped') GROUP BY p.id ORDER BY p.id"
        );
        self.rows_apart(&sql, [order], |row| {
            let moment = |place: usize| -> rusqlite::Result<Option<DateTime<Utc>>> {
                let moment: Option<Moment> = row.get(place)?;
                Ok(moment.map(Moment::time))
            };
            Ok(WaitingPo {
                id: row.get(0)?,
                number: row.get(1)?,
                order_id: row.get(2)?,
                vendor_id: row.get(3)?,
                state: super::word(row, 4, PoState::parse)?,
                sent: moment(5)?,
                open: row.get(6)?,
                promised: day(row, 7)?,
                answered: moment(8)?,
                shipped: moment(9)?,
                revised: moment(10)?,
                revision: row.get(11)?,
            })
        })
    }
}
