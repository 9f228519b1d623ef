//! Changes of the schema.

use super::{Case, Draw};

/// Any of these, with a table's name in the place of `{}`.
const OTHERS: [&str; 12] = [
    "CREATE TRIGGER zz AFTER INSERT ON {} BEGIN DELETE FROM offer; END",
    "CREATE TRIGGER aa BEFORE DELETE ON {} BEGIN SELECT 1; END",
    "CREATE VIEW mine AS SELECT * FROM {}",
    "CREATE TABLE mine (id INTEGER PRIMARY KEY, what TEXT) STRICT",
    "CREATE TABLE audit_mine AS SELECT * FROM {}",
    "CREATE INDEX mine ON {} (rowid)",
    "ALTER TABLE {} ADD COLUMN mine TEXT",
    "ALTER TABLE {} RENAME TO audit_mine",
    "ALTER TABLE {} RENAME TO audit_mine; CREATE VIEW {} AS SELECT * FROM audit_mine",
    "ALTER TABLE {} RENAME TO mine; CREATE TABLE {} AS SELECT * FROM mine",
    "ANALYZE; ANALYZE {}",
    "VACUUM",
];

/// One thing in the schema.
pub fn change(case: &Case, draw: &mut Draw) -> String {
    let conn = case.open();
    let mut statement = conn
        .prepare("SELECT type, name FROM sqlite_schema WHERE sql IS NOT NULL ORDER BY type, name")
        .unwrap();
    let objects = statement
        .query_map([], |row| {
            Ok((row.get::<_, String>(0)?, row.get::<_, String>(1)?))
        })
        .unwrap();
    let objects: Vec<_> = objects.map(Result::unwrap).collect();
    drop(statement);
    let (kind, name) = draw.of(&objects).clone();
    let tables: Vec<&str> = objects
        .iter()
        .filter(|(kind, name)| kind == "table" && !name.starts_with("sqlite_"))
        .map(|(_, name)| name.as_str())
        .collect();
    let table = *draw.of(&tables);
    let sql = match draw.below(3) {
        0 => format!("DROP {kind} {name}"),
        1 => {
            let (what, by) = *draw.of(&[
                ("NOT NULL", ""),
                ("TEXT", "text"),
                ("UNIQUE", ""),
                ("'shipped'", "'shopped'"),
                (" ", "  "),
            ]);
            format!(
                "PRAGMA writable_schema = ON; UPDATE sqlite_schema SET sql = replace(sql, '{}', '{}') WHERE name = '{name}'; \
                 PRAGMA writable_schema = RESET",
                what.replace('\'', "''"),
                by.replace('\'', "''")
            )
        }
        _ => draw.of(&OTHERS).replace("{}", table),
    };
    match conn.execute_batch(&sql) {
        Ok(()) => sql,
        Err(fault) => format!("{sql}: {fault}"),
    }
}
