//! Faxes in the hands of a service: one row for each that it took, and what became of it.

use super::outbox::DeliveryRow;
use super::{Result, Tx};
use crate::clock::Moment;
use crate::domain::delivery::DeliveryChannel;
use crate::domain::lifecycle::DeliveryState;
use rusqlite::Row;
use serde::Serialize;
use serde_json::json;

/// A fax that a service took.
pub struct NewFaxJob<'a> {
    /// `sinch`, `gateway` or `hylafax`.
    pub service: &'a str,
    /// The service's own number for it.
    pub job: &'a str,
    /// The number that is called, E.164.
    pub number: &'a str,
    /// Whether the service can be asked about it.
    pub tells: bool,
    /// What the service said when it took it.
    pub detail: &'a str,
}

/// The answer of the service when it was asked.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FaxNews {
    /// `waiting`, `delivered`, `failed` or `lost`.
    pub state: &'static str,
    /// The service's own word.
    pub status: String,
    /// Its error code.
    pub error: Option<String>,
    /// What it said, one line.
    pub detail: String,
    /// Pages sent.
    pub pages: Option<i64>,
    /// Seconds from taking it to the end.
    pub seconds: Option<i64>,
    /// Calls that the service made.
    pub attempts: Option<i64>,
}

/// A fax job that is not over.
#[derive(Clone, Debug)]
pub struct WaitingFax {
    /// Its number in the ledger.
    pub id: i64,
    /// The delivery that it brings.
    pub delivery_id: i64,
    /// `sinch` or `hylafax`.
    pub service: String,
    /// The service's own number for it.
    pub job: String,
    /// When the service took it.
    pub handed: Moment,
    /// Whether the delivery has been handed over again since.
    pub replaced: bool,
}

/// A line of the fax log.
#[derive(Clone, Debug, Serialize)]
pub struct FaxLine {
    /// The delivery.
    pub delivery: i64,
    /// What it brings.
    pub subject: String,
    /// The purchase order, if it is one.
    pub po: Option<String>,
    /// Who gets it.
    pub vendor: Option<String>,
    /// As the vendor writes it, until a service has it; then E.164.
    pub number: String,
    /// Where the delivery stands.
    pub delivery_state: DeliveryState,
    /// How often poms handed it over or tried to.
    pub tries: i64,
    /// When it is tried next, if it waits.
    pub next_attempt: Option<Moment>,
    /// The service that took it.
    pub service: Option<String>,
    /// The service's number for it.
    pub job: Option<String>,
    /// `waiting`, `delivered`, `failed`, `lost`, `untold`; none when no service took it.
    pub result: Option<String>,
    /// The service's own word.
    pub status: Option<String>,
    /// Its error code.
    pub error: Option<String>,
    /// What was said last.
    pub detail: String,
    /// Pages sent.
    pub pages: Option<i64>,
    /// Seconds from taking it to the end.
    pub seconds: Option<i64>,
    /// Calls that the service made.
    pub attempts: Option<i64>,
    /// When the service took it, else when it was put into the outbox.
    pub at: Moment,
    /// When it was over.
    pub finished: Option<Moment>,
}

const LOG: &str = "SELECT d.id, d.subject, p.number, v.name, coalesce(f.number, d.recipients), d.state, d.attempts, d.next_attempt, \
     f.service, f.job, f.state, f.status, f.error, coalesce(f.detail, d.detail), f.pages, f.seconds, f.attempts, \
     coalesce(f.handed, d.created), f.finished FROM delivery d LEFT JOIN fax_job f ON f.delivery_id = d.id \
     LEFT JOIN purchase_order p ON p.id = d.po_id LEFT JOIN vendor v ON v.vendor_id = p.vendor_id";

fn line(row: &Row) -> rusqlite::Result<FaxLine> {
    let number: String = row.get(4)?;
    Ok(FaxLine {
        delivery: row.get(0)?,
        subject: row.get(1)?,
        po: row.get(2)?,
        vendor: row.get(3)?,
        // without a job these are the outbox's recipients, a JSON list
        number: serde_json::from_str::<Vec<String>>(&number)
            .map_or(number, |recipients| recipients.join(", ")),
        delivery_state: super::word(row, 5, DeliveryState::parse)?,
        tries: row.get(6)?,
        next_attempt: row.get(7)?,
        service: row.get(8)?,
        job: row.get(9)?,
        result: row.get(10)?,
        status: row.get(11)?,
        error: row.get(12)?,
        detail: row.get(13)?,
        pages: row.get(14)?,
        seconds: row.get(15)?,
        attempts: row.get(16)?,
        at: row.get(17)?,
        finished: row.get(18)?,
    })
}

impl Tx<'_> {
    /// Notes that a service took a fax.
    pub fn insert_fax_job(&self, delivery: &DeliveryRow, new: &NewFaxJob) -> Result<i64> {
        let state = if new.tells { "waiting" } else { "untold" };
        let id = self.insert(
            "INSERT INTO fax_job (delivery_id, service, job, reference, number, state, status, detail, handed) \
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, '', ?7, ?8)",
            (
                delivery.id,
                new.service,
                new.job,
                &delivery.reference,
                new.number,
                state,
                new.detail,
                self.now_text(),
            ),
        )?;
        let payload = json!({"service": new.service, "job": new.job, "number": new.number});
        self.fact(
            "fax.handed_over",
            &delivery.entity(),
            delivery.order_id,
            &payload,
        )?;
        Ok(id)
    }

    /// Writes down what the service said of a fax.
    pub fn note_fax(&self, id: i64, delivery: &DeliveryRow, news: &FaxNews) -> Result<()> {
        let over = news.state != "waiting";
        self.execute(
            "UPDATE fax_job SET state = ?1, status = ?2, error = ?3, detail = ?4, pages = coalesce(?5, pages), \
             seconds = coalesce(?6, seconds), attempts = coalesce(?7, attempts), checked = ?8, finished = ?9 WHERE id = ?10",
            (
                news.state,
                &news.status,
                &news.error,
                &news.detail,
                news.pages,
                news.seconds,
                news.attempts,
                self.now_text(),
                over.then(|| self.now_text()),
                id,
            ),
        )?;
        if !over {
            return Ok(());
        }
        let payload = json!({"fax_job": id, "status": news.status, "error": news.error, "detail": news.detail,
            "pages": news.pages, "seconds": news.seconds, "attempts": news.attempts});
        let kind = format!("fax.{}", news.state);
        self.fact(&kind, &delivery.entity(), delivery.order_id, &payload)
    }

    /// Faxes whose end is not known yet, oldest first.
    pub fn waiting_faxes(&self, service: &str, at_most: usize) -> Result<Vec<WaitingFax>> {
        self.rows(
            "SELECT f.id, f.delivery_id, f.service, f.job, f.handed, \
             EXISTS (SELECT 1 FROM fax_job n WHERE n.delivery_id = f.delivery_id AND n.id > f.id) \
             FROM fax_job f WHERE f.state = 'waiting' AND f.service = ?1 ORDER BY coalesce(f.checked, ''), f.id LIMIT ?2",
            (service, at_most as i64),
            |row| {
                Ok(WaitingFax {
                    id: row.get(0)?,
                    delivery_id: row.get(1)?,
                    service: row.get(2)?,
                    job: row.get(3)?,
                    handed: row.get(4)?,
                    replaced: row.get(5)?,
                })
            },
        )
    }

    /// Counts the faxes whose end is not known yet.
    pub fn count_waiting_faxes(&self) -> Result<i64> {
        self.value("SELECT count(*) FROM fax_job WHERE state = 'waiting'", [])
    }

    /// The service's numbers that are known of a delivery.
    pub fn fax_jobs_of(&self, delivery_id: i64) -> Result<Vec<String>> {
        self.rows(
            "SELECT job FROM fax_job WHERE delivery_id = ?1 ORDER BY id",
            [delivery_id],
            |row| row.get(0),
        )
    }

    /// The newest fax job of a delivery whose service cannot be asked, and that is not over.
    pub fn untold_fax(&self, delivery_id: i64) -> Result<Option<i64>> {
        self.first(
            "SELECT id FROM fax_job WHERE delivery_id = ?1 AND state = 'untold' ORDER BY id DESC LIMIT 1",
            [delivery_id],
            |row| row.get(0),
        )
    }

    /// Deliveries with a fax that a service took since then and cannot be asked about, with their
    /// purchase orders' numbers.
    pub fn untold_faxes(&self, since: &str) -> Result<Vec<(i64, String)>> {
        self.rows(
            "SELECT DISTINCT d.id, p.number FROM fax_job f JOIN delivery d ON d.id = f.delivery_id \
             JOIN purchase_order p ON p.id = d.po_id WHERE f.state = 'untold' AND f.handed >= ?1 ORDER BY d.id",
            [since],
            |row| Ok((row.get(0)?, row.get(1)?)),
        )
    }

    /// Counts how often a service took this delivery since it was last put into the outbox.
    pub fn count_fax_jobs(&self, delivery: &DeliveryRow) -> Result<i64> {
        self.value(
            "SELECT count(*) FROM fax_job WHERE delivery_id = ?1 AND handed >= coalesce(?2, '')",
            (delivery.id, &delivery.first_attempt),
        )
    }

    /// Faxes that may or may not have been taken, those that a killed run left included; oldest
    /// first.
    pub fn doubtful_faxes(&self) -> Result<Vec<i64>> {
        self.rows(
            "SELECT id FROM delivery WHERE state IN ('unknown', 'sending') AND channel = 'fax' ORDER BY id",
            [],
            |row| row.get(0),
        )
    }

    /// The fax log, newest first: one line for each fax that a service took, and one for each that
    /// none took yet.
    pub fn fax_log(&self, po: Option<&str>, at_most: usize) -> Result<Vec<FaxLine>> {
        let sql = format!(
            "{LOG} WHERE d.channel = 'fax' AND (?1 IS NULL OR p.number = ?1) ORDER BY d.id DESC, f.id DESC LIMIT ?2"
        );
        self.rows(&sql, (po, at_most as i64), line)
    }

    /// Purchase orders whose way to the vendor is dead and whose vendor named a second way that has
    /// not been taken: the failed delivery, the purchase order, and the way.
    pub fn fallbacks_due(&self, fax: bool) -> Result<Vec<(i64, i64, DeliveryChannel)>> {
        self.rows(
            "SELECT max(d.id), p.id, v.fallback FROM delivery d JOIN purchase_order p ON p.id = d.po_id \
             JOIN vendor v ON v.vendor_id = p.vendor_id \
             WHERE d.state = 'failed' AND d.kind = 'purchase_order' AND p.state = 'failed' \
             AND v.fallback IS NOT NULL AND v.fallback <> d.channel AND (?1 OR v.fallback <> 'fax') \
             AND NOT EXISTS (SELECT 1 FROM delivery o WHERE o.once = 'purchase_order:' || p.id || ':' || v.fallback) \
             GROUP BY p.id ORDER BY p.id",
            [fax],
            |row| {
                let way: String = row.get(2)?;
                Ok((row.get(0)?, row.get(1)?, DeliveryChannel::of(&way)))
            },
        )
    }
}
