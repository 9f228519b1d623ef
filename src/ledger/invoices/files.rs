//! Files of invoices, and the names that vendors have in them.

use crate::ledger::{Result, Tx};
use serde_json::{Value, json};

/// A file of invoices that was read.
pub struct NewInvoiceFile<'a> {
    /// SHA-256 of its bytes.
    pub sha256: &'a [u8],
    /// Its name, without folders.
    pub name: &'a str,
    /// In which format.
    pub format: &'a str,
    /// Bills in it.
    pub bills: usize,
    /// Credits in it.
    pub credits: usize,
    /// What could not be read, was skipped, and its totals.
    pub report: &'a Value,
}

impl Tx<'_> {
    /// Finds when and under which name a file of these bytes was imported.
    pub fn invoice_file(&self, sha256: &[u8]) -> Result<Option<(i64, String, String)>> {
        self.first(
            "SELECT id, name, imported FROM invoice_file WHERE sha256 = ?1",
            [sha256],
            |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)),
        )
    }

    /// Puts a file on record.
    pub fn insert_invoice_file(&self, new: &NewInvoiceFile) -> Result<i64> {
        let id = self.insert(
            "INSERT INTO invoice_file (sha256, name, format, imported, bills, credits, report) VALUES (?1,?2,?3,?4,?5,?6,?7)",
            (new.sha256, new.name, new.format, self.now_text(), new.bills as i64, new.credits as i64, new.report.to_string()),
        )?;
        let payload = json!({"name": new.name, "sha256": crate::clock::hex(new.sha256), "format": new.format,
            "bills": new.bills, "credits": new.credits});
        self.fact(
            "invoices.imported",
            &format!("invoice_file:{id}"),
            None,
            &payload,
        )?;
        Ok(id)
    }

    /// The other names of vendors: (vendor's id, alias).
    pub fn vendor_aliases(&self) -> Result<Vec<(String, String)>> {
        self.rows(
            "SELECT vendor_id, written FROM vendor_alias ORDER BY id",
            [],
            |row| Ok((row.get(0)?, row.get(1)?)),
        )
    }

    /// Learns that a name is a vendor's; a name that was another's is this one's from now on.
    /// `alias` is the name without its trimmings.
    pub fn teach_alias(&self, alias: &str, written: &str, vendor_id: &str) -> Result<()> {
        self.execute(
            "INSERT INTO vendor_alias (alias, vendor_id, written, at, actor) VALUES (?1, ?2, ?3, ?4, ?5) \
             ON CONFLICT (alias) DO UPDATE SET vendor_id = ?2, written = ?3, at = ?4, actor = ?5",
            (alias, vendor_id, written, self.now_text(), self.actor()),
        )?;
        let payload = json!({"alias": written});
        self.fact(
            "vendor.alias",
            &format!("vendor:{vendor_id}"),
            None,
            &payload,
        )
    }
}
