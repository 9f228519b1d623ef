//! What exceptions about silent vendors list: purchase orders about which nothing came.

use super::exceptions::ExceptionRow;
use super::failures::Sound;
use super::{Result, Tx};
use crate::clock::{self, Moment};
use crate::domain::codes::Code;
use crate::domain::lifecycle::PoState;
use crate::domain::money::Money;
use chrono::{DateTime, NaiveDate, Utc};
use rusqlite::Row;
use serde_json::{Value, json};

/// A purchase order on such a list, with one thing that did not come.
#[derive(Clone, Debug)]
pub struct SilenceRow {
    /// Its number in the ledger.
    pub id: i64,
    /// The exception that lists it.
    pub exception_id: i64,
    /// The purchase order.
    pub po_id: i64,
    /// Its number to the vendor.
    pub po: String,
    /// The order that it is for.
    pub order_id: i64,
    /// The same as commands name it.
    pub order: String,
    /// Where the purchase order stands.
    pub state: PoState,
    /// When the vendor's side took it.
    pub sent: Option<DateTime<Utc>>,
    /// What the vendor charges for all of it.
    pub value: Money,
    /// ISO 4217.
    pub currency: String,
    /// What did not come: `acknowledgement`, `advice`, `promise`.
    pub kind: String,
    /// By when it was due.
    pub due: DateTime<Utc>,
    /// The day that the vendor had promised, where that did not come: `due` leaves it time after that.
    pub promised: Option<NaiveDate>,
    /// How often the vendor was asked.
    pub asked: i64,
    /// Since when it is listed.
    pub since: DateTime<Utc>,
}

/// What people were told of a purchase order of which something did not come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ToldOf {
    /// The open exception that lists it, and since when.
    pub listed: Option<(i64, DateTime<Utc>)>,
    /// The open exception about that purchase order alone, and since when.
    pub alone: Option<(i64, DateTime<Utc>)>,
    /// The open exception that shows a mail of its vendor about it to a person: the vendor is not silent.
    pub answer: Option<i64>,
    /// When the last of what is not open any more was over: it came, or a person decided.
    pub over: Option<DateTime<Utc>>,
}

/// Exceptions that show a vendor's mail about a purchase order: what it says waits for a person.
const ANSWERS: &str = "message_id IS NOT NULL AND code IN ('vendor_mail', 'advice_unclear', 'unknown_po', \
     'over_shipment', 'po_not_open', 'tracking_reused', 'tracking_check_digit')";

fn opened(row: &Row) -> rusqlite::Result<(i64, DateTime<Utc>)> {
    Ok((row.get(0)?, super::moment(row, 1)?))
}

const SELECT: &str = "SELECT s.id, s.exception_id, s.po_id, p.number, p.order_id, o.number, o.copy, p.state, p.sent, p.total, \
     p.currency, s.kind, s.due, s.asked, s.since, CASE s.kind WHEN 'promise' THEN (SELECT max(coalesce(t.promised, t.until)) \
     FROM po_line l JOIN po_line_status t ON t.po_line_id = l.id WHERE l.po_id = s.po_id) END FROM silence s JOIN purchase_order p ON p.id = s.po_id \
     JOIN orders o ON o.id = p.order_id";

fn silence(row: &Row) -> rusqlite::Result<SilenceRow> {
    let number: String = row.get(5)?;
    let sent: Option<Moment> = row.get(8)?;
    Ok(SilenceRow {
        id: row.get(0)?,
        exception_id: row.get(1)?,
        po_id: row.get(2)?,
        po: row.get(3)?,
        order_id: row.get(4)?,
        order: super::orders::reference(&number, row.get(6)?),
        state: super::word(row, 7, PoState::parse)?,
        sent: sent.map(Moment::time),
        value: Money(row.get(9)?),
        currency: row.get(10)?,
        kind: row.get(11)?,
        due: super::moment(row, 12)?,
        asked: row.get(13)?,
        since: super::moment(row, 14)?,
        promised: super::po_lines::day(row, 15)?,
    })
}

/// A vendor's purchase orders by which its performance is known: the latest so many.
const LATEST: i64 = 500;

impl Tx<'_> {
    /// Of the vendor's purchase orders since a moment, the latest 500 at most: how many are decided, as goods of
    /// them left or it had to be asked for them, and for how many it had to be asked.
    pub fn performance(&self, vendor: &str, since: DateTime<Utc>) -> Result<(i64, i64)> {
        let found = self.first(
            "SELECT count(*), coalesce(sum(asked), 0) FROM (SELECT p.created, p.state, EXISTS (SELECT 1 FROM chase_po c WHERE c.po_id = p.id) \
             OR EXISTS (SELECT 1 FROM silence s WHERE s.po_id = p.id) AS asked, EXISTS (SELECT 1 FROM shipment h WHERE h.po_id = p.id) \
             AS shipped FROM purchase_order p WHERE p.vendor_id = ?1 ORDER BY p.id DESC LIMIT ?2) \
             WHERE created >= ?3 AND (asked OR shipped)",
            (vendor, LATEST, clock::text(since)),
            |row| Ok((row.get(0)?, row.get(1)?)),
        )?;
        Ok(found.unwrap_or_default())
    }

    /// Reads the silences that an exception lists, the oldest purchase order first.
    pub fn silences_of(&self, exception: i64) -> Result<Vec<SilenceRow>> {
        let sql = format!(
            "{SELECT} WHERE s.exception_id = ?1 AND s.state = 'listed' ORDER BY s.po_id, s.due, s.id"
        );
        self.rows(&sql, [exception], silence)
    }

    /// Reads the silences that are listed about a purchase order.
    pub fn silences_of_po(&self, po: i64) -> Result<Vec<SilenceRow>> {
        let sql = format!("{SELECT} WHERE s.po_id = ?1 AND s.state = 'listed' ORDER BY s.id");
        self.rows(&sql, [po], silence)
    }

    /// Everything that is listed.
    pub fn silences(&self) -> Result<Sound<SilenceRow>> {
        let sql = format!(
            "{SELECT} WHERE s.exception_id IN (SELECT id FROM exception WHERE state = 'open' AND code = 'vendor_silent') \
             AND s.state = 'listed' ORDER BY s.exception_id, s.id"
        );
        self.rows_apart(&sql, [], silence)
    }

    /// Finds what people were told of a purchase order of which something of a kind did not come, and when they
    /// were done with it. `codes` are those of exceptions about that purchase order alone, the kind's first.
    pub fn told_of(
        &self,
        (po, order, number): (i64, i64, &str),
        kind: &str,
        codes: [Code; 3],
    ) -> Result<ToldOf> {
        let entity = format!("po:{number}");
        let listed = self.first(
            "SELECT s.exception_id, s.since FROM silence s JOIN exception e ON e.id = s.exception_id \
             WHERE s.po_id = ?1 AND s.kind = ?2 AND s.state = 'listed' AND e.state = 'open' ORDER BY s.id DESC LIMIT 1",
            (po, kind),
            opened,
        )?;
        let [own, second, third] = codes;
        let alone = self.first(
            "SELECT id, opened FROM exception WHERE order_id = ?1 AND entity = ?2 AND state = 'open' \
             AND code IN (?3, ?4, ?5) ORDER BY code = ?3 DESC, id DESC LIMIT 1",
            (order, &entity, own, second, third),
            opened,
        )?;
        let answer = self.first(
            &format!(
                "SELECT id FROM exception WHERE order_id = ?1 AND po_id = ?2 AND state = 'open' AND {ANSWERS} \
                 ORDER BY id DESC LIMIT 1"
            ),
            (order, po),
            |row| row.get(0),
        )?;
        let read: Option<String> = self.value(
            &format!(
                "SELECT max(resolved) FROM exception WHERE order_id = ?1 AND po_id = ?2 AND state = 'resolved' \
                 AND resolution <> 'cleared' AND {ANSWERS}"
            ),
            (order, po),
        )?;
        // what a person decides is about the whole purchase order, what came only about itself
        let off = self.rows(
            "SELECT at, kind, payload FROM audit WHERE entity = ?1 AND kind IN ('po.silence_settled', 'po.silence_ended')",
            [&entity],
            |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)),
        )?;
        let of_kind = |(_, fact, payload): &(String, String, Option<String>)| {
            let payload = payload.as_deref().unwrap_or_default();
            let about = || serde_json::from_str::<Value>(payload).unwrap_or_default();
            fact == "po.silence_settled" || about()["what"] == kind
        };
        let off = off.into_iter().filter(of_kind).map(|(at, ..)| at).max();
        let resolved: Option<String> = self.value(
            "SELECT max(resolved) FROM exception WHERE order_id = ?1 AND entity = ?2 AND state = 'resolved' \
             AND (code = ?3 OR code IN (?4, ?5) AND resolution <> 'cleared')",
            (order, &entity, own, second, third),
        )?;
        let moments = [off, resolved, read].into_iter().flatten();
        Ok(ToldOf {
            listed,
            alone,
            answer,
            over: moments.filter_map(|at| clock::parse(&at)).max(),
        })
    }

    /// Lists something that did not come.
    pub fn list_silence(
        &self,
        exception: i64,
        (po, order, number): (i64, i64, &str),
        (kind, (due, promised)): (&str, (DateTime<Utc>, Option<NaiveDate>)),
        asked: usize,
    ) -> Result<()> {
        self.insert(
            "INSERT INTO silence (exception_id, po_id, kind, due, asked, since, state) VALUES (?1, ?2, ?3, ?4, ?5, ?6, 'listed')",
            (
                exception,
                po,
                kind,
                clock::text(due),
                i64::try_from(asked).unwrap_or(i64::MAX),
                self.now_text(),
            ),
        )?;
        let payload = json!({"exception": exception, "what": kind, "due": clock::text(due), "promised": promised, "asked": asked});
        self.fact(
            "po.silence_listed",
            &format!("po:{number}"),
            Some(order),
            &payload,
        )
    }

    /// Takes something off the list: it came (`ended`), or a person decided (`settled`).
    pub fn end_silence(&self, row: &SilenceRow, state: &str, why: &str) -> Result<()> {
        self.execute(
            "UPDATE silence SET state = ?1 WHERE id = ?2 AND state = 'listed'",
            (state, row.id),
        )?;
        let payload = json!({"exception": row.exception_id, "what": row.kind, "why": why});
        let kind = format!("po.silence_{state}");
        self.fact(
            &kind,
            &format!("po:{}", row.po),
            Some(row.order_id),
            &payload,
        )
    }

    /// The open exceptions that list a purchase order of an order.
    pub fn silent_exceptions_of_order(&self, order: i64) -> Result<Vec<ExceptionRow>> {
        let ids: Vec<i64> = self.rows(
            "SELECT DISTINCT s.exception_id FROM purchase_order p JOIN silence s ON s.po_id = p.id \
             JOIN exception e ON e.id = s.exception_id WHERE p.order_id = ?1 AND s.state = 'listed' AND e.state = 'open' \
             ORDER BY 1",
            [order],
            |row| row.get(0),
        )?;
        ids.into_iter().map(|id| self.exception(id)).collect()
    }

    /// The open exceptions that list a purchase order.
    pub fn silent_exceptions_of_po(&self, po: i64) -> Result<Vec<ExceptionRow>> {
        let ids: Vec<i64> = self.rows(
            "SELECT DISTINCT s.exception_id FROM silence s JOIN exception e ON e.id = s.exception_id \
             WHERE s.po_id = ?1 AND s.state = 'listed' AND e.state = 'open' ORDER BY 1",
            [po],
            |row| row.get(0),
        )?;
        ids.into_iter().map(|id| self.exception(id)).collect()
    }
}
