//! `sum` in SQL that cannot overflow. SQLite's own ends the statement with "integer overflow": two bills
//! that no one can have meant, taken in by an older poms, would end every run, report and `verify`.

use super::Result;
use rusqlite::Connection;
use rusqlite::functions::{Aggregate, Context, FunctionFlags};
use rusqlite::types::ValueRef;

/// The greatest sum, and with a minus the least: far beyond every ceiling, and with room left, so that
/// what is added to a sum still fits.
pub(super) const LARGEST: i64 = i64::MAX / 8;

/// Puts it in the place of SQLite's.
pub(super) fn install(conn: &Connection) -> Result<()> {
    let flags = FunctionFlags::SQLITE_UTF8
        | FunctionFlags::SQLITE_DETERMINISTIC
        | FunctionFlags::SQLITE_INNOCUOUS;
    Ok(conn.create_aggregate_function("sum", 1, flags, Sum)?)
}

struct Sum;

impl Aggregate<Option<i128>, Option<i64>> for Sum {
    fn init(&self, _: &mut Context<'_>) -> rusqlite::Result<Option<i128>> {
        Ok(None)
    }

    fn step(&self, context: &mut Context<'_>, sum: &mut Option<i128>) -> rusqlite::Result<()> {
        let value = match context.get_raw(0) {
            ValueRef::Integer(whole) => i128::from(whole),
            // SQLite's own product of two whole numbers, where it did not fit; `as` saturates
            ValueRef::Real(real) => i128::from(real as i64),
            _ => return Ok(()),
        };
        *sum = Some(sum.unwrap_or(0).saturating_add(value));
        Ok(())
    }

    fn finalize(
        &self,
        _: &mut Context<'_>,
        sum: Option<Option<i128>>,
    ) -> rusqlite::Result<Option<i64>> {
        let largest = i128::from(LARGEST);
        let fits = |sum: i128| i64::try_from(sum.clamp(-largest, largest)).unwrap_or(LARGEST);
        Ok(sum.flatten().map(fits))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sums_as_sqlite_does_and_stops_at_the_largest() {
        let conn = Connection::open_in_memory().unwrap();
        install(&conn).unwrap();
        let value =
            |sql: &str| -> Option<i64> { conn.query_row(sql, [], |row| row.get(0)).unwrap() };
        let of = |values: &str| value(&format!("SELECT sum(column1) FROM (VALUES {values})"));
        assert_eq!(of("(1),(2),(-5)"), Some(-2));
        assert_eq!(of("(NULL),(7)"), Some(7));
        assert_eq!(value("SELECT sum(1) WHERE 0"), None);
        assert_eq!(value("SELECT sum(2) FILTER (WHERE 0)"), None);
        let most = i64::MAX;
        assert_eq!(of(&format!("({most}),({most})")), Some(LARGEST));
        assert_eq!(of(&format!("(-{most}),(-{most})")), Some(-LARGEST));
        assert_eq!(value(&format!("SELECT sum({most} * 5)")), Some(LARGEST));
        // the whole sum counts, not the steps to it
        assert_eq!(
            of(&format!("({most}),({most}),(-{most}),(-{most}),(3)")),
            Some(3)
        );
    }
}
