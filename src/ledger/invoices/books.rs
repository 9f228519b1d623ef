//! What went out to the books.

use super::{InvoiceRow, SELECT, invoice};
use crate::clock::Moment;
use crate::domain::invoice::InvoiceKind;
use crate::domain::money::Money;
use crate::ledger::{Result, Tx};
use serde_json::json;

/// A file for the books.
pub struct NewExport<'a> {
    /// `bill` or `credit`; later files for the books have words of their own.
    pub kind: &'a str,
    /// First day, ISO 8601.
    pub from: &'a str,
    /// Last day.
    pub to: &'a str,
    /// The file's name.
    pub name: &'a str,
    /// SHA-256 of its bytes.
    pub sha256: &'a [u8],
    /// What it comes to.
    pub total: Money,
    /// What is in it, by number in the ledger.
    pub items: &'a [i64],
}

/// A note that something went out.
#[derive(Clone, Debug)]
pub struct ExportItem {
    /// Number of the export.
    pub export_id: i64,
    /// When, RFC 3339 UTC.
    pub at: Moment,
    /// The file's name.
    pub name: String,
}

impl Tx<'_> {
    /// Matched papers of a kind dated within these days (ISO 8601, both included), by vendor, date
    /// and number, each with when it went out last, if it did. One over several purchase orders is
    /// matched when all its parts are, and goes out whole.
    pub fn invoices_for_books(
        &self,
        kind: InvoiceKind,
        from: &str,
        to: &str,
    ) -> Result<Vec<(InvoiceRow, Option<ExportItem>)>> {
        let rows = self.rows(
            &format!(
                "{SELECT} WHERE i.kind = ?1 AND i.date BETWEEN ?2 AND ?3 AND i.part_of IS NULL AND (i.state = 'matched' OR i.state = 'split' AND NOT EXISTS \
                 (SELECT 1 FROM invoice c WHERE c.part_of = i.id AND c.state <> 'matched')) ORDER BY v.name, i.date, i.number, i.id"
            ),
            (kind.as_str(), from, to),
            invoice,
        )?;
        rows.into_iter()
            .map(|row| {
                let out = self.exported(kind.as_str(), row.id)?;
                Ok((row, out))
            })
            .collect()
    }

    /// Finds when something went out last.
    pub fn exported(&self, kind: &str, item: i64) -> Result<Option<ExportItem>> {
        self.first(
            "SELECT e.id, e.at, e.name FROM books_export_item t JOIN books_export e ON e.id = t.export_id \
             WHERE t.kind = ?1 AND t.item_id = ?2 ORDER BY t.id DESC LIMIT 1",
            (kind, item),
            |row| {
                Ok(ExportItem {
                    export_id: row.get(0)?,
                    at: row.get(1)?,
                    name: row.get(2)?,
                })
            },
        )
    }

    /// Marks a file as gone out, with what is in it.
    pub fn insert_export(&self, new: &NewExport) -> Result<i64> {
        let id = self.insert(
            "INSERT INTO books_export (kind, from_date, to_date, at, actor, name, sha256, documents, total) VALUES (?1,?2,?3,?4,?5,?6,?7,?8,?9)",
            (
                new.kind,
                new.from,
                new.to,
                self.now_text(),
                self.actor(),
                new.name,
                new.sha256,
                new.items.len() as i64,
                new.total.0,
            ),
        )?;
        for item in new.items {
            self.insert(
                "INSERT INTO books_export_item (export_id, kind, item_id) VALUES (?1, ?2, ?3)",
                (id, new.kind, item),
            )?;
        }
        let payload = json!({"kind": new.kind, "from": new.from, "to": new.to, "file": new.name,
            "sha256": crate::clock::hex(new.sha256), "documents": new.items.len(), "total": new.total});
        self.fact("books.exported", &format!("export:{id}"), None, &payload)?;
        Ok(id)
    }
}
