//! The schema as this poms makes it, held against the one in the file. A view in a table's place, a
//! planted trigger or a dropped index would have poms itself read, write and seal what somebody else
//! wants, so that tables are known by the migrations and never asked of the file.

use super::{LedgerError, Result, migrate};
use rusqlite::Connection;
use rusqlite::types::ValueRef;
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::OnceLock;

/// Tables, indexes, views and triggers by kind and name: the table that each is of, and its SQL.
pub(super) struct Schema(BTreeMap<(String, String), String>);

/// One thing that is not as this poms makes it.
pub(super) struct Difference {
    /// For programs: `schema trigger zz`.
    pub place: String,
    /// For people.
    pub what: String,
}

/// The schema as this version's migrations make it. Written by the test below, with `POMS_DOCS=write`.
const WRITTEN: &str = include_str!("schema.json");

/// More differences than this are counted in a refusal, not listed.
const NAMED: usize = 3;

impl Schema {
    /// What this version's migrations make, as it was written down: to make it anew costs more than most
    /// commands.
    pub(super) fn current() -> Result<&'static Schema> {
        static CURRENT: OnceLock<Option<Schema>> = OnceLock::new();
        CURRENT
            .get_or_init(|| Schema::read(WRITTEN))
            .as_ref()
            .ok_or_else(|| LedgerError::Broken("poms' own schema cannot be read".to_owned()))
    }

    /// From its list of kind, name, table and SQL.
    fn read(json: &str) -> Option<Schema> {
        let rows: Vec<[String; 4]> = serde_json::from_str(json).ok()?;
        let object =
            |[kind, name, table, sql]: [String; 4]| ((kind, name), format!("{table}\n{sql}"));
        Some(Schema(rows.into_iter().map(object).collect()))
    }

    /// Makes the schema of the first `version` migrations.
    fn of(version: usize) -> Result<Schema> {
        let conn = Connection::open_in_memory()?;
        migrate::apply(&conn, version)?;
        Schema::in_file(&conn)
    }

    /// Reads the file's schema. Tables of ANALYZE are left out: they hold figures, and change no answer.
    fn in_file(conn: &Connection) -> Result<Schema> {
        let mut statement = conn.prepare(
            "SELECT type, name, tbl_name, sql FROM sqlite_schema \
             WHERE NOT (type = 'table' AND name IN ('sqlite_stat1', 'sqlite_stat4'))",
        )?;
        let mut rows = statement.query([])?;
        let mut objects = BTreeMap::new();
        while let Some(row) = rows.next()? {
            let text = |place| row.get_ref(place).map(words);
            let sql = format!("{}\n{}", text(2)?, text(3)?);
            objects.insert((text(0)?, text(1)?), sql);
        }
        Ok(Schema(objects))
    }

    /// The tables whose rows are sealed, by name: all but the trail itself.
    pub(super) fn tables(&self) -> Vec<String> {
        let tables = self.0.keys().filter(|(kind, _)| kind == "table");
        let names = tables.map(|(_, name)| name);
        let sealed = names.filter(|name| !name.starts_with("sqlite_") && *name != "audit");
        sealed.cloned().collect()
    }

    /// Lists what `file` has otherwise than this.
    fn differences(&self, file: &Schema) -> Vec<Difference> {
        let mut all: Vec<_> = self.0.keys().chain(file.0.keys()).collect();
        // views, triggers, tables, indexes: what somebody planted before what follows from it
        all.sort_unstable_by(|(kind, name), (other, another)| {
            other.cmp(kind).then_with(|| name.cmp(another))
        });
        all.dedup();
        let mut found = Vec::new();
        for key in all {
            let (kind, name) = key;
            let fault = match (self.0.get(key), file.0.get(key)) {
                (Some(ours), Some(theirs)) if ours == theirs => continue,
                (Some(_), Some(_)) => "is not as poms made it",
                (Some(_), None) => "is missing",
                (None, _) => "was not made by poms",
            };
            found.push(Difference {
                place: format!("schema {kind} {name}"),
                what: format!("the {kind} {name} {fault}"),
            });
        }
        found
    }
}

/// Lists what the file's schema has otherwise than this poms makes it.
///
/// # Errors
/// SQLite's, such as a schema that it cannot read at all.
pub(super) fn differences(conn: &Connection) -> Result<Vec<Difference>> {
    Ok(Schema::current()?.differences(&Schema::in_file(conn)?))
}

/// Refuses a ledger of this `version` whose schema is another.
///
/// # Errors
/// A sentence that names what differs.
pub(super) fn require(conn: &Connection, version: usize, path: &Path) -> Result<()> {
    let file = Schema::in_file(conn)?;
    let found = match version {
        migrate::VERSION => Schema::current()?.differences(&file),
        older => Schema::of(older)?.differences(&file),
    };
    if found.is_empty() {
        return Ok(());
    }
    let named: Vec<&str> = found.iter().take(NAMED).map(|one| &*one.what).collect();
    let more = match found.len().saturating_sub(NAMED) {
        0 => String::new(),
        more => format!("; and {more} more"),
    };
    Err(LedgerError::Broken(format!(
        "the schema of the ledger {} was changed outside poms: {}{more}. Nothing was fetched, changed or sent. \
         Keep the file for whoever investigates; `poms verify` names all that is wrong with it; restore the latest good `poms backup`",
        path.display(),
        named.join("; ")
    )))
}

/// A value of the schema as text, whatever somebody put there.
fn words(value: ValueRef) -> String {
    match value {
        ValueRef::Text(bytes) | ValueRef::Blob(bytes) => {
            String::from_utf8_lossy(bytes).into_owned()
        }
        ValueRef::Null => String::new(),
        ValueRef::Integer(number) => number.to_string(),
        ValueRef::Real(number) => number.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_down_is_what_the_migrations_make() {
        let made = Schema::of(migrate::VERSION).unwrap();
        if std::env::var_os("POMS_DOCS").is_some_and(|to| to == "write") {
            let row = |((kind, name), rest): (&(String, String), &String)| {
                let (table, sql) = rest.split_once('\n').unwrap();
                serde_json::to_string(&[kind.as_str(), name, table, sql]).unwrap()
            };
            let rows: Vec<String> = made.0.iter().map(row).collect();
            let path = crate::golden::root().join("src/ledger/schema.json");
            std::fs::write(path, format!("[\n{}\n]\n", rows.join(",\n"))).unwrap();
            return;
        }
        let written = Schema::read(WRITTEN).unwrap();
        assert!(
            written.0 == made.0,
            "POMS_DOCS=write cargo test --lib schema:: writes src/ledger/schema.json anew"
        );
    }
}
