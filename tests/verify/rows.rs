//! Changes of rows and facts.

use super::{Case, Draw};
use rusqlite::Connection;

/// Names that a query gives.
fn names(conn: &Connection, sql: &str) -> Vec<String> {
    let mut statement = conn.prepare(sql).unwrap();
    let rows = statement.query_map([], |row| row.get(0)).unwrap();
    rows.map(Result::unwrap).collect()
}

pub(super) fn tables(conn: &Connection) -> Vec<String> {
    let all = names(
        conn,
        "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' AND name <> 'audit' ORDER BY name",
    );
    let full = |table: &String| {
        let any = conn.query_row(&format!("SELECT 1 FROM {table}"), [], |_| Ok(()));
        any.is_ok()
    };
    all.into_iter().filter(full).collect()
}

fn columns(conn: &Connection, table: &str) -> Vec<String> {
    names(
        conn,
        &format!("SELECT name FROM pragma_table_info('{table}')"),
    )
}

/// What is put in a value's place, as SQL.
const VALUES: [&str; 14] = [
    "NULL",
    "0",
    "-1",
    "9223372036854775807",
    "''",
    "'x'",
    "CAST(x'ff00' AS TEXT)",
    "x'00'",
    "1.5",
    "upper({})",
    "{} + 1",
    "{} || ' '",
    "CAST({} AS BLOB)",
    "'2025-06-02T08:59:59.999Z'",
];

/// Runs it; what a constraint forbids changes nothing, and both must say so.
fn run(conn: &Connection, sql: &str) -> String {
    match conn.execute_batch(sql) {
        Ok(()) => sql.to_owned(),
        Err(fault) => format!("{sql}: {fault}"),
    }
}

fn put(conn: &Connection, table: &str, draw: &mut Draw) -> String {
    let columns = columns(conn, table);
    if columns.is_empty() {
        return format!("nothing in {table}");
    }
    let column = draw.of(&columns).clone();
    let value = draw.of(&VALUES).replace("{}", &format!("\"{column}\""));
    let rows = conn.query_row(&format!("SELECT count(*) FROM {table}"), [], |row| {
        row.get(0)
    });
    let place = draw.below(usize::try_from(rows.unwrap_or(1i64)).unwrap());
    run(
        conn,
        &format!(
            "UPDATE {table} SET \"{column}\" = {value} WHERE rowid = (SELECT rowid FROM {table} ORDER BY rowid LIMIT 1 OFFSET {place})"
        ),
    )
}

/// One value in one row of any table.
pub fn value(case: &Case, draw: &mut Draw) -> String {
    let conn = case.open();
    let tables = tables(&conn);
    if tables.is_empty() {
        return "no tables".to_owned();
    }
    let table = draw.of(&tables).clone();
    put(&conn, &table, draw)
}

/// One value of the trail.
pub fn trail(case: &Case, draw: &mut Draw) -> String {
    put(&case.open(), "audit", draw)
}

/// A row that goes, comes twice or moves.
pub fn row(case: &Case, draw: &mut Draw) -> String {
    let conn = case.open();
    let mut tables = tables(&conn);
    tables.push("audit".to_owned());
    let table = draw.of(&tables).clone();
    let columns = columns(&conn, &table);
    let Some((key, rest)) = columns.split_first() else {
        return format!("nothing in {table}");
    };
    let place = draw.below(200);
    let one = format!(
        "(SELECT rowid FROM {table} ORDER BY rowid LIMIT 1 OFFSET {place} % (SELECT count(*) FROM {table}))"
    );
    let rest: Vec<String> = rest.iter().map(|name| format!("\"{name}\"")).collect();
    let rest = rest.join(", ");
    let sql = match draw.below(5) {
        0 => format!("DELETE FROM {table} WHERE rowid = {one}"),
        1 => format!("DELETE FROM {table} WHERE rowid >= {one}"),
        2 => format!("DELETE FROM {table}"),
        3 => format!("UPDATE {table} SET {key} = {key} + 1000 WHERE rowid = {one}"),
        _ => format!(
            "INSERT INTO {table} ({key}, {rest}) SELECT max({key}) + 1, {rest} FROM {table}"
        ),
    };
    run(&conn, &sql)
}

/// A fact that is chained as it should be, of any time and with any seal in it.
pub fn fact(case: &Case, draw: &mut Draw) -> String {
    let conn = case.open();
    let head = conn.query_row(
        "SELECT seq, hash FROM audit ORDER BY seq DESC LIMIT 1",
        [],
        |row| Ok((row.get::<_, i64>(0)?, row.get::<_, Vec<u8>>(1)?)),
    );
    let Ok((last, hash)) = head else {
        return "no trail".to_owned();
    };
    let seq = (last + 1).to_string();
    let at = *draw.of(&[
        "2025-06-02T10:05:00.000Z",
        "2025-06-02T09:05:00.000Z",
        "2025-06-02T09:04:59.999Z",
        "2035-01-01T00:00:00.000Z",
        "2025-02-30T00:00:00.000Z",
        "2025-06-02 10:05:00",
        "",
    ]);
    let accepted = ("setting.changed", "setting:clock_accepted_up_to_run");
    let (kind, entity) = *draw.of(&[
        ("note", "ledger"),
        accepted,
        ("seal", "ledger"),
        ("seal", "ledger"),
    ]);
    let payload = *draw.of(&[
        "null",
        "setting 1 00000000000000000000000000000000\n",
        "offer 2 gone\noffer 77 gone\n",
        "offer 77 00000000000000000000000000000000\nno_table 1 gone\nodd\n\n",
        "",
    ]);
    let done = append(&conn, (last + 1, &hash), at, (kind, entity), payload);
    format!("fact {seq} at '{at}': {kind} {entity} {payload:?} {done:?}")
}

/// A row of the trail that fits the one before it, as docs/ledger-format.md has it.
fn append(
    conn: &Connection,
    (seq, before): (i64, &[u8]),
    at: &str,
    (kind, entity): (&str, &str),
    payload: &str,
) -> rusqlite::Result<usize> {
    let commitment = openssl::sha::sha256(format!("salt{payload}").as_bytes());
    let number = seq.to_string();
    let parts: [&[u8]; 9] = [
        b"poms audit v1",
        before,
        number.as_bytes(),
        at.as_bytes(),
        b"me",
        kind.as_bytes(),
        entity.as_bytes(),
        b"",
        &commitment,
    ];
    let mut whole = Vec::new();
    for part in parts {
        whole.extend((part.len() as u64).to_be_bytes());
        whole.extend(part);
    }
    let new = openssl::sha::sha256(&whole);
    conn.execute(
        "INSERT INTO audit VALUES (?1, ?2, 'me', ?3, ?4, NULL, ?5, ?6, CAST('salt' AS BLOB), ?7)",
        (seq, at, kind, entity, &commitment[..], &new[..], payload),
    )
}
