//! Files of shipping advices, their rows that wait for a person, and what rows are matched by.

use super::inbound::hashed;
use super::purchase_orders::PoRow;
use super::{LedgerError, Result, Tx};
use crate::clock::Moment;
use crate::domain::business_refusal::BusinessRefusal;
use crate::domain::codes::{Code, ExceptionCode};
use crate::domain::lifecycle::AdviceRowState;
use crate::ledger::sqlite::{nocase, unindexed};
use rusqlite::Row;
use serde_json::{Value, json};

/// A file of advices as the ledger has it.
#[derive(Clone, Debug)]
pub struct AdviceFile {
    /// Its number.
    pub id: i64,
    /// When it was taken first.
    pub taken: Moment,
    /// Whether every row of it was acted on: it need not be read again.
    pub complete: bool,
}

/// A file of advices to be recorded.
pub struct NewAdviceFile<'a> {
    /// SHA-256 of its bytes: its identity.
    pub sha256: [u8; 32],
    /// Its name; shown, never a path.
    pub name: &'a str,
    /// The message that it came in.
    pub message: Option<i64>,
    /// Whose it is, if that is known.
    pub vendor: Option<&'a str>,
    /// How it was read.
    pub format: &'a str,
}

/// A row that cannot be acted on at once.
pub struct NewHeldRow<'a> {
    /// What makes it the only one of its kind.
    pub fingerprint: [u8; 32],
    /// The document, such as `message:12`.
    pub source: &'a str,
    /// Its line in the document.
    pub line: i64,
    /// The message.
    pub message: Option<i64>,
    /// The file.
    pub file: Option<i64>,
    /// Whose it is, if that is known.
    pub vendor: Option<&'a str>,
    /// The only purchase order that it may be about.
    pub only_po: Option<i64>,
    /// Whether its sender is proved for that one alone, and not as its vendor.
    pub proved_for_it: bool,
    /// Why it is held.
    pub code: Code,
    /// The row itself.
    pub content: &'a Value,
}

/// A row of an advice as the ledger has it.
#[derive(Clone, Debug)]
pub struct HeldRow {
    /// Its number.
    pub id: i64,
    /// The document, such as `message:12`.
    pub source: String,
    /// Its line in the document.
    pub line: i64,
    /// The message.
    pub message: Option<i64>,
    /// The file.
    pub file: Option<i64>,
    /// Whose it is, if that is known.
    pub vendor: Option<String>,
    /// The only purchase order that it may be about.
    pub only_po: Option<i64>,
    /// Whether its sender is proved for that one alone, and not as its vendor; so it is for rows of
    /// ledgers that did not note it.
    pub proved_for_it: bool,
    /// Why it is held.
    pub code: ExceptionCode,
    /// Where it stands.
    pub state: AdviceRowState,
    /// The row itself.
    pub content: Value,
    /// The checks that a person overrode for it.
    pub released: Vec<String>,
}

impl HeldRow {
    /// Its name in the audit trail and on the exceptions list.
    pub fn entity(&self) -> String {
        entity_of_row(self.id)
    }
}

impl HeldRow {
    /// Whether a person, or a later document, decided on it.
    pub fn is_over(&self) -> bool {
        self.state != AdviceRowState::Held
    }
}

/// The name of a held row in the audit trail and on the exceptions list.
pub fn entity_of_row(id: i64) -> String {
    format!("advice:{id}")
}

const HELD: &str = "SELECT id, source, line, message_id, file_id, vendor_id, only_po, code, state, content, coalesce(released, ''), coalesce(proved_for_it, 1) FROM advice_row";

fn held(row: &Row) -> rusqlite::Result<HeldRow> {
    let content: String = row.get(9)?;
    let released: String = row.get(10)?;
    Ok(HeldRow {
        id: row.get(0)?,
        source: row.get(1)?,
        line: row.get(2)?,
        message: row.get(3)?,
        file: row.get(4)?,
        vendor: row.get(5)?,
        only_po: row.get(6)?,
        code: row.get(7)?,
        state: super::word(row, 8, AdviceRowState::parse)?,
        content: super::json(9, &content)?,
        proved_for_it: row.get(11)?,
        released: released.split_whitespace().map(str::to_owned).collect(),
    })
}

impl Tx<'_> {
    /// Looks up what is known of a file of these bytes in this vendor's name.
    pub fn advice_file(
        &self,
        sha256: &[u8; 32],
        vendor: Option<&str>,
    ) -> Result<Option<AdviceFile>> {
        self.first(
            "SELECT id, taken, complete FROM advice_file WHERE sha256 = ?1 AND vendor_id IS NOT DISTINCT FROM ?2",
            (&sha256[..], vendor),
            |row| {
                Ok(AdviceFile {
                    id: row.get(0)?,
                    taken: row.get(1)?,
                    complete: row.get(2)?,
                })
            },
        )
    }

    /// Records a file; returns its number.
    ///
    /// # Errors
    /// SQLite's; the same bytes a second time are refused by the ledger.
    pub fn insert_advice_file(&self, new: &NewAdviceFile) -> Result<i64> {
        let id = self.insert(
            "INSERT INTO advice_file (sha256, name, message_id, vendor_id, format, taken, complete, summary) \
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, 0, '')",
            (
                &new.sha256[..],
                new.name,
                new.message,
                new.vendor,
                new.format,
                self.now_text(),
            ),
        )?;
        let payload = json!({"sha256": crate::clock::hex(&new.sha256), "name": new.name, "format": new.format, "vendor": new.vendor});
        self.fact("advice.file", &format!("file:{id}"), None, &payload)?;
        Ok(id)
    }

    /// Writes what came of a file.
    pub fn sum_up_advice_file(&self, id: i64, summary: &Value, complete: bool) -> Result<()> {
        self.execute(
            "UPDATE advice_file SET summary = ?1, complete = ?2 WHERE id = ?3",
            (summary.to_string(), complete, id),
        )?;
        self.fact("advice.taken", &format!("file:{id}"), None, summary)
    }

    /// Keeps a row that cannot be acted on at once; `None` when the same row is known already.
    pub fn hold_advice_row(&self, new: &NewHeldRow) -> Result<Option<i64>> {
        if self.advice_row_of(&new.fingerprint)?.is_some() {
            return Ok(None);
        }
        let id = self.insert(
            "INSERT INTO advice_row (fingerprint, source, line, message_id, file_id, vendor_id, only_po, code, state, content, created, updated, proved_for_it) \
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, 'held', ?9, ?10, ?10, ?11)",
            (
                &new.fingerprint[..],
                new.source,
                new.line,
                new.message,
                new.file,
                new.vendor,
                new.only_po,
                new.code,
                new.content.to_string(),
                self.now_text(),
                new.proved_for_it,
            ),
        )?;
        let payload =
            json!({"source": new.source, "line": new.line, "code": new.code, "row": new.content});
        self.fact("advice.held", &entity_of_row(id), None, &payload)?;
        Ok(Some(id))
    }

    /// The row of this fingerprint, if it was held before, whatever became of it.
    pub fn advice_row_of(&self, fingerprint: &[u8; 32]) -> Result<Option<HeldRow>> {
        let sql = format!("{HELD} WHERE fingerprint = ?1");
        self.first(&sql, [&fingerprint[..]], held)
    }

    /// One held row.
    ///
    /// # Errors
    /// When there is none of that number.
    pub fn advice_row(&self, id: i64) -> Result<HeldRow> {
        self.first(&format!("{HELD} WHERE id = ?1"), [id], held)?
            .ok_or_else(|| {
                LedgerError::NotFound(format!("there is no row {id} of a shipping advice"))
            })
    }

    /// Notes the checks that a person overrode for a held row, and the code for which it waits now.
    pub fn release_advice_row(&self, row: &HeldRow, released: &[String], code: Code) -> Result<()> {
        let words = released.join(" ");
        self.execute(
            "UPDATE advice_row SET released = nullif(?1, ''), code = ?2, updated = ?3 WHERE id = ?4 AND state = 'held'",
            (words, code, self.now_text(), row.id),
        )?;
        let payload = json!({"before": row.code, "released": released, "code": code});
        self.fact("advice.released", &row.entity(), None, &payload)
    }

    /// Decides on a held row.
    ///
    /// # Errors
    /// When its state forbids it.
    pub fn move_advice_row(&self, row: &HeldRow, to: AdviceRowState, why: &str) -> Result<()> {
        if !row.state.may_become(to) {
            return Err(LedgerError::Refused(BusinessRefusal::wrong_state(format!(
                "row {} of a shipping advice is {} and cannot become {to}",
                row.id, row.state
            ))));
        }
        self.move_state("advice_row", row.id, row.state.as_str(), to.as_str())?;
        self.fact(
            &format!("advice.{}", to.as_str()),
            &row.entity(),
            None,
            &json!({"before": row.state, "why": why}),
        )
    }

    /// The purchase orders that a number of a vendor's document may mean, by what it is: our
    /// purchase order's, our order's, the vendor's own order's. Case does not matter.
    pub fn pos_meant_by(&self, number: &str) -> Result<Vec<PoRow>> {
        let number = number.trim();
        if let Ok(po) = self.find_po(number) {
            return Ok(vec![po]);
        }
        let mut names = [hashed(number), hashed(&number.to_uppercase())].concat();
        names.dedup();
        for name in names {
            let found = self.ids_of(
                "SELECT p.id FROM purchase_order p JOIN orders o ON o.id = p.order_id WHERE o.number = ?1 ORDER BY p.id",
                &name,
            )?;
            if !found.is_empty() {
                return Ok(found);
            }
        }
        self.ids_of(
            concat!(
                "SELECT id FROM purchase_order WHERE vendor_order_number = ?1 ",
                nocase!(),
                " ORDER BY id"
            ),
            number,
        )
    }

    /// The purchase orders of a vendor that can still ship, newest first.
    pub fn shippable_pos(&self, vendor_id: &str) -> Result<Vec<PoRow>> {
        self.ids_of(
            concat!(
                "SELECT id FROM purchase_order WHERE vendor_id = ?1 AND ",
                unindexed!("state"),
                " IN ('sent', 'acknowledged', 'backordered', 'partly_shipped') ORDER BY id DESC LIMIT 5000"
            ),
            vendor_id,
        )
    }

    fn ids_of(&self, sql: &str, key: &str) -> Result<Vec<PoRow>> {
        let ids = self.rows(sql, [key], |row| row.get::<_, i64>(0))?;
        ids.into_iter().map(|id| self.po(id)).collect()
    }
}
