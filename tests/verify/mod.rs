//! `poms verify` against a verifier in another language that was written from `docs/ledger-format.md`
//! (`independent.py`): both must say the same of every changed ledger, schema and anchor file, down to
//! the first bad place. `POMS_VERIFY=10000` tries so many.

mod anchors;
mod releases;
mod rows;
mod schemas;

use crate::support::desk::TestDesk;
use poms::ledger::anchor::Witness;
use poms::ledger::{Ledger, Mode};
use rusqlite::Connection;
use rusqlite::config::DbConfig;
use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

/// Numbers that follow from a seed (splitmix64), so that a case that fails can be tried again.
pub struct Draw(u64);

impl Draw {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// One of `0..below`.
    pub fn below(&mut self, below: usize) -> usize {
        usize::try_from(self.next() % below.max(1) as u64).unwrap()
    }

    /// One of these.
    pub fn of<'a, T>(&mut self, all: &'a [T]) -> &'a T {
        &all[self.below(all.len())]
    }
}

/// A ledger with its anchors, and an older copy of it.
struct Base {
    ledger: Vec<u8>,
    older: Vec<u8>,
    anchors: String,
}

/// The whole ledger in one file.
fn bytes(desk: &TestDesk) -> Vec<u8> {
    let conn = Connection::open(desk.path("poms.db")).unwrap();
    conn.execute_batch("PRAGMA wal_checkpoint(TRUNCATE); PRAGMA journal_mode = DELETE")
        .unwrap();
    drop(conn);
    std::fs::read(desk.path("poms.db")).unwrap()
}

fn base() -> Base {
    let desk = TestDesk::stocked();
    desk.order(&TestDesk::plain_order("W200001"));
    desk.run(&["process"]).ok();
    let older = bytes(&desk);
    let mut held = TestDesk::plain_order("W200002");
    held["customer"]["email"] = "second@mail.example".into();
    held["ship_to"]["zip"] = "02139".into();
    desk.order(&held);
    desk.run(&["process"]).done();
    desk.run(&["order", "note", "W200001", "they rang"]).ok();
    later_tables(&desk);
    desk.run(&["stop", "on", "--note", "enough"]).ok();
    desk.run(&["order", "cancel", "W200002", "--note", "no"])
        .ok();
    Base {
        ledger: bytes(&desk),
        older,
        anchors: std::fs::read_to_string(desk.path("poms.db.anchor")).unwrap(),
    }
}

/// Rows of what later migrations added: a held row of an advice, a cancellation that its vendor refused, a
/// bill, a return.
fn later_tables(desk: &TestDesk) {
    let mut third = TestDesk::plain_order("W200003");
    third["customer"]["email"] = "third@mail.example".into();
    desk.order(&third);
    desk.run(&["process"]).done();
    let advices = "po_number,sku,qty,carrier,tracking_number,ship_date\n\
                   W200001-1,BF63-12163,99,UPS,1Z999AA10123456784,2025-06-02\n";
    desk.file("advices.csv", advices.as_bytes());
    desk.run(&["import-advices", "advices.csv"]).done();
    desk.run(&["order", "cancel", "W200003", "--note", "no"])
        .ok();
    desk.run(&["process"]).done();
    desk.run(&["po", "cancel-refused", "W200003-1", "--note", "Ann"])
        .ok();
    let bill = "Acme Home Goods,A-1,2025-06-03,W200003-1,BF63-12163,3,61.50,,184.50\n";
    let bill = format!("{}{bill}", crate::books::HEAD);
    desk.file("bills.csv", bill.as_bytes());
    desk.run(&["import-invoices", "bills.csv"]).ok();
    let conn = Connection::open(desk.path("poms.db")).unwrap();
    for rows in [
        "advice_row WHERE proved_for_it IS NOT NULL",
        "po_line_status WHERE unwanted > 0",
        "po_cancellation WHERE moved IS NOT NULL",
        "search_word WHERE kind = 'city'",
        "invoice",
    ] {
        let sql = format!("SELECT count(*) FROM {rows}");
        let count: i64 = conn.query_row(&sql, [], |row| row.get(0)).unwrap();
        assert!(count > 0, "no rows: {rows}");
    }
}

/// The other verifier, which answers as long as it is asked.
struct Independent {
    child: Child,
    ask: ChildStdin,
    answers: BufReader<ChildStdout>,
}

impl Independent {
    fn start() -> Independent {
        let root = Path::new(env!("CARGO_MANIFEST_DIR"));
        let mut child = Command::new("python3")
            .arg(root.join("tests/verify/independent.py"))
            .arg(root.join("src/ledger/migrations"))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("python3 runs");
        Independent {
            ask: child.stdin.take().unwrap(),
            answers: BufReader::new(child.stdout.take().unwrap()),
            child,
        }
    }

    fn first_bad(&mut self, case: &Case) -> String {
        let mut line = format!("{}\t{}", case.ledger.display(), case.anchors.display());
        for one in &case.witnesses {
            line.push_str(&format!("\t{}:{}", one.seq, one.hash));
        }
        writeln!(self.ask, "{line}").expect("it reads");
        let mut answer = String::new();
        self.answers.read_line(&mut answer).expect("it answers");
        answer.trim_end().to_owned()
    }
}

impl Drop for Independent {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// One changed ledger.
pub struct Case {
    ledger: PathBuf,
    anchors: PathBuf,
    witnesses: Vec<Witness>,
}

impl Case {
    /// Whether there is anything left to change: an unreadable schema lets nobody in.
    fn opens(&self) -> bool {
        let count = "SELECT count(*) FROM sqlite_schema";
        let look = |conn: Connection| conn.query_row(count, [], |row| row.get::<_, i64>(0));
        Connection::open(&self.ledger).and_then(look).is_ok()
    }

    /// The ledger, with nothing in it that keeps anybody from changing it.
    fn open(&self) -> Connection {
        let conn = Connection::open(&self.ledger).unwrap();
        let config = DbConfig::SQLITE_DBCONFIG_ENABLE_TRIGGER;
        conn.set_db_config(config, false).unwrap();
        conn.execute_batch(
            "PRAGMA synchronous = OFF; PRAGMA foreign_keys = OFF; PRAGMA ignore_check_constraints = ON",
        )
        .unwrap();
        conn
    }

    /// What poms says; what only poms asks counts as sound.
    fn first_bad(&self) -> String {
        let Ok(ledger) = Ledger::open(&self.ledger, Mode::Examine, "test") else {
            return "schema".to_owned();
        };
        let report = ledger.verify(&self.anchors, &self.witnesses).unwrap();
        let first = report.first_bad.unwrap_or_default();
        match first.is_empty() || first.starts_with("sum ") {
            true => "sound".to_owned(),
            false => first,
        }
    }
}

/// The kinds of changes: a name, and what makes one; it says what it did.
type Change = fn(&Case, &mut Draw) -> String;
const CHANGES: [(&str, Change); 8] = [
    ("a value", rows::value),
    ("a value of the trail", rows::trail),
    ("a row", rows::row),
    ("a fact", rows::fact),
    ("the schema", schemas::change),
    ("a line of the anchors", anchors::line),
    ("bytes of the anchors", anchors::bytes),
    ("an anchor that was made up", anchors::forged),
];

fn change(base: &Base, folder: &Path, seed: u64) -> (Case, &'static str, String) {
    let mut draw = Draw(seed);
    let mut case = Case {
        ledger: folder.join("l.db"),
        anchors: folder.join("l.db.anchor"),
        witnesses: Vec::new(),
    };
    for end in ["-wal", "-shm", "-journal"] {
        let _ = std::fs::remove_file(folder.join(format!("l.db{end}")));
    }
    let older = draw.below(25) == 0;
    std::fs::write(&case.ledger, if older { &base.older } else { &base.ledger }).unwrap();
    std::fs::write(&case.anchors, &base.anchors).unwrap();
    if draw.below(4) == 0 {
        case.witnesses.push(anchors::witness(base, &mut draw));
    }
    let (kind, change) = *draw.of(&CHANGES);
    let mut said = change(&case, &mut draw);
    if draw.below(8) == 0 && case.opens() {
        let (_, another) = draw.of(&CHANGES);
        said += &format!("; then {}", another(&case, &mut draw));
    }
    if draw.below(30) == 0 {
        let _ = std::fs::remove_file(&case.anchors);
        said += "; without anchors";
    }
    (case, if older { "an older copy" } else { kind }, said)
}

#[test]
fn two_verifiers_agree_about_every_changed_ledger() {
    let cases =
        std::env::var("POMS_VERIFY").map_or(300, |number| number.parse().expect("a number"));
    let base = base();
    let folder = tempfile::tempdir().unwrap();
    let mut other = Independent::start();
    let mut tally: BTreeMap<&str, (u32, u32)> = BTreeMap::new();
    let mut apart = Vec::new();
    for seed in 0..cases {
        let (case, kind, said) = change(&base, folder.path(), seed);
        let (theirs, ours) = (other.first_bad(&case), case.first_bad());
        let sums = tally.entry(kind).or_default();
        sums.0 += 1;
        sums.1 += u32::from(ours == "sound");
        if ours != theirs {
            apart.push(format!(
                "seed {seed} ({kind}: {said}): poms {ours}, the other {theirs}"
            ));
        }
    }
    println!("{cases} ledgers, by what was changed (tried, sound all the same): {tally:?}");
    assert!(
        apart.is_empty(),
        "{} differ:\n{}",
        apart.len(),
        apart.join("\n")
    );
    assert!(
        tally.values().all(|(tried, sound)| sound < tried),
        "{tally:?}"
    );
}

#[test]
fn both_find_a_ledger_sound_that_nobody_changed() {
    let base = base();
    let folder = tempfile::tempdir().unwrap();
    let case = Case {
        ledger: folder.path().join("l.db"),
        anchors: folder.path().join("l.db.anchor"),
        witnesses: vec![anchors::of_line(base.anchors.lines().next().unwrap())],
    };
    std::fs::write(&case.ledger, &base.ledger).unwrap();
    std::fs::write(&case.anchors, &base.anchors).unwrap();
    let mut other = Independent::start();
    assert_eq!(
        (other.first_bad(&case), case.first_bad()),
        ("sound".into(), "sound".into())
    );
}
