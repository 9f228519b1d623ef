//! Every row of every table against its last seal.

use super::VerifyReport;
use super::trail::Seals;
use crate::ledger::schema::Schema;
use crate::ledger::{Result, seal};
use rusqlite::Connection;

/// Compares table by table, and finds sealed rows that are gone.
///
/// # Errors
/// When poms' own schema cannot be made; what SQLite says about a table is in the report.
pub(super) fn ask(conn: &Connection, mut seals: Seals, report: &mut VerifyReport) -> Result<()> {
    let tables = Schema::current()?.tables();
    for (number, table) in tables.iter().enumerate() {
        let what = format!("the table {table}");
        report.ask(table, &what, |report| {
            one(conn, (number as u16, table), &mut seals, report)
        });
    }
    let mut gone: Vec<_> = seals
        .into_iter()
        .filter(|(_, (digest, _))| digest != seal::GONE)
        .map(|((table, rowid), (_, seq))| (seq, table, rowid))
        .collect();
    gone.sort_unstable();
    report.ask("gone", "rows that are gone", |report| {
        for (seq, number, rowid) in gone {
            let table = &tables[usize::from(number)];
            let place = format!("{table} {rowid}");
            report.problem(
                &place,
                format!("{table} row {rowid} was removed outside poms: audit row {seq} had it"),
            );
        }
        Ok::<_, std::convert::Infallible>(())
    });
    Ok(())
}

fn one(
    conn: &Connection,
    (number, table): (u16, &str),
    seals: &mut Seals,
    report: &mut VerifyReport,
) -> Result<()> {
    let sql = format!("SELECT rowid, * FROM {table} ORDER BY rowid");
    let mut statement = conn.prepare_cached(&sql)?;
    let names = seal::column_names(&statement).split_off(1);
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        report.table_rows += 1;
        let rowid: i64 = row.get(0)?;
        let place = format!("{table} {rowid}");
        let digest = seal::digest(&names, |column| row.get_ref(column + 1))?;
        match seals.remove(&(number, rowid)) {
            Some((sealed, _)) if sealed == digest => {}
            Some((_, seq)) => report.problem(
                &place,
                format!(
                    "{table} row {rowid} was changed outside poms: it differs from audit row {seq}"
                ),
            ),
            None => report.problem(
                &place,
                format!("{table} row {rowid} was added outside poms: no audit row knows it"),
            ),
        }
    }
    Ok(())
}
