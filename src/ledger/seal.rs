//! Seals: at each commit the audit trail takes a digest of every row that the transaction touched.
//!
//! SQLite itself reports the rows (its update hook), so that no writer can forget one. `poms verify`
//! compares every row of every table with its last seal: what an insider changed, added or removed
//! in the tables is named.

use super::schema::Schema;
use super::{Result, Tx};
use openssl::sha::Sha256;
use rusqlite::hooks::Action;
use rusqlite::types::ValueRef;
use rusqlite::{CachedStatement, Connection};
use std::collections::HashMap;
use std::fmt::Write;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// The rows that the open transaction touched, as `(table, rowid)`.
pub(super) struct Touched {
    rows: Arc<Mutex<Vec<(u16, i64)>>>,
    tables: Vec<SealedTable>,
}

/// A table whose rows are sealed.
struct SealedTable {
    name: String,
    /// The query of one row.
    select: String,
    columns: Vec<String>,
}

impl SealedTable {
    fn of(conn: &Connection, name: String) -> Result<SealedTable> {
        let select = format!("SELECT * FROM {name} WHERE rowid = ?1");
        let columns = column_names(&conn.prepare_cached(&select)?);
        Ok(SealedTable {
            name,
            select,
            columns,
        })
    }

    /// The digest of one row, or [`GONE`].
    fn digest_of(&self, conn: &Connection, rowid: i64) -> Result<String> {
        let mut statement = conn.prepare_cached(&self.select)?;
        let mut rows = statement.query([rowid])?;
        match rows.next()? {
            None => Ok(GONE.to_owned()),
            Some(row) => digest(&self.columns, |place| row.get_ref(place)),
        }
    }
}

impl Touched {
    /// Has SQLite report every insert, update and delete from now on.
    pub(super) fn watch(conn: &mut Connection) -> Result<Touched> {
        let tables = Schema::current()?.tables();
        let numbers: HashMap<String, u16> = tables
            .iter()
            .enumerate()
            .map(|(place, name)| (name.clone(), place as u16))
            .collect();
        let rows = Arc::new(Mutex::new(Vec::new()));
        let sink = Arc::clone(&rows);
        conn.update_hook(Some(move |_: Action, _: &str, table: &str, rowid: i64| {
            if let Some(number) = numbers.get(table) {
                sink.lock()
                    .unwrap_or_else(PoisonError::into_inner)
                    .push((*number, rowid));
            }
        }))?;
        let tables = tables
            .into_iter()
            .map(|name| SealedTable::of(conn, name))
            .collect::<Result<_>>()?;
        Ok(Touched { rows, tables })
    }

    /// For those who only read: nothing is reported, and no table need be there.
    pub(super) fn nothing() -> Touched {
        Touched {
            rows: Arc::default(),
            tables: Vec::new(),
        }
    }

    /// Forgets what an earlier transaction left.
    pub(super) fn clear(&self) {
        self.forget_since(0);
    }

    /// How much was touched so far.
    pub(super) fn mark(&self) -> usize {
        self.lock().len()
    }

    /// Forgets what was touched since a mark: it was undone.
    pub(super) fn forget_since(&self, mark: usize) {
        self.lock().truncate(mark);
    }

    fn lock(&self) -> MutexGuard<'_, Vec<(u16, i64)>> {
        self.rows.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Appends one seal with the digest of every touched row.
    pub(super) fn seal(&self, tx: &Tx) -> Result<()> {
        let mut rows = std::mem::take(&mut *self.lock());
        if rows.is_empty() {
            return Ok(());
        }
        rows.sort_unstable();
        rows.dedup();
        let mut payload = String::with_capacity(rows.len() * 48);
        for (table, rowid) in &rows {
            let table = &self.tables[usize::from(*table)];
            let digest = table.digest_of(tx.conn, *rowid)?;
            let _ = writeln!(payload, "{} {rowid} {digest}", table.name);
        }
        tx.append("seal", "ledger", None, payload)
    }
}

/// Marks a row that is no longer there.
pub(super) const GONE: &str = "gone";

pub(super) fn column_names(statement: &CachedStatement) -> Vec<String> {
    statement.column_names().map(str::to_owned).collect()
}

/// 128 bits of SHA-256 over the columns that are not NULL: name, type and value, each with its
/// length. A column that a later migration adds is NULL in old rows and changes nothing.
pub(super) fn digest<'r>(
    names: &[String],
    value: impl Fn(usize) -> rusqlite::Result<ValueRef<'r>>,
) -> Result<String> {
    let mut sha = Sha256::new();
    let mut part = |tag: u8, bytes: &[u8]| {
        sha.update(&[tag]);
        sha.update(&(bytes.len() as u64).to_be_bytes());
        sha.update(bytes);
    };
    for (place, name) in names.iter().enumerate() {
        let (tag, number);
        let bytes: &[u8] = match value(place)? {
            ValueRef::Null => continue,
            ValueRef::Integer(whole) => {
                (tag, number) = (b'i', whole.to_be_bytes());
                &number
            }
            ValueRef::Real(real) => {
                (tag, number) = (b'r', real.to_bits().to_be_bytes());
                &number
            }
            ValueRef::Text(text) => {
                tag = b't';
                text
            }
            ValueRef::Blob(blob) => {
                tag = b'b';
                blob
            }
        };
        part(b'n', name.as_bytes());
        part(tag, bytes);
    }
    let hash = sha.finish();
    Ok(crate::clock::hex(&hash[..16]))
}
