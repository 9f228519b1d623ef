//! The site's own user with sqlite3 and an editor, against the ledger: what poms then runs, believes
//! and says.

mod anchors;
mod clock;
mod places;
mod recovered;

use crate::support::desk::TestDesk;
use crate::support::scene::Scene;
use rusqlite::Connection;

const NOW: &str = "2025-06-02T10:05:00Z";
const LATER: &str = "2025-06-02T10:15:00Z";

/// An order that is placed and sent, and one that waits for a run.
fn site() -> Scene {
    let desk = TestDesk::stocked();
    desk.order(&TestDesk::plain_order("W200001"));
    desk.run(&["process"]).ok();
    let mut order = TestDesk::plain_order("W200002");
    order["customer"]["email"] = "second@mail.example".into();
    desk.order(&order);
    Scene::of(&desk)
}

fn sql(scene: &Scene, batch: &str) {
    let conn = Connection::open(scene.path("poms.db")).unwrap();
    conn.execute_batch(batch).unwrap();
}

fn mails(scene: &Scene) -> usize {
    std::fs::read_dir(scene.path("mail/sent/new"))
        .unwrap()
        .count()
}

/// What `verify` says: the first bad place and all problems.
fn verified(scene: &Scene) -> (String, String) {
    let done = scene.run(&["--json", "verify"], LATER);
    assert_eq!(done.code, 1, "{}", done.stdout);
    let report = done.json();
    assert_eq!(report["ok"], false);
    let first = report["first_bad"].as_str().unwrap().to_owned();
    (first, report["problems"].to_string())
}

const VIEW: &str = "PRAGMA legacy_alter_table = OFF; ALTER TABLE vendor RENAME TO audit_vendor; \
                CREATE VIEW vendor AS SELECT id, vendor_id, name, 'evil@evil.example' AS email, fax, channel, street1, city, state, \
                zip, country, handling_days, cutoff, timezone, active, extra, fallback FROM audit_vendor;";
const TRIGGER: &str = "CREATE TRIGGER zz AFTER INSERT ON delivery BEGIN \
                   UPDATE delivery SET recipients = '[\"evil@evil.example\"]' WHERE id = NEW.id; END;";
const CONSTRAINT: &str = "PRAGMA writable_schema = ON; \
                      UPDATE sqlite_schema SET sql = replace(sql, 'CHECK (shipped >= 0)', '') WHERE name = 'po_line_status'; \
                      PRAGMA writable_schema = RESET;";

/// What is done to the schema, and what is then said.
const CHANGES: &[(&str, &str)] = &[
    (VIEW, "the view vendor was not made by poms"),
    (TRIGGER, "the trigger zz was not made by poms"),
    (
        "DROP TABLE message_raw;",
        "the table message_raw is missing",
    ),
    ("DROP TABLE run;", "the table run is missing"),
    (
        "DROP TRIGGER audit_no_update;",
        "the trigger audit_no_update is missing",
    ),
    (
        "DROP TRIGGER notice_cancelled;",
        "the trigger notice_cancelled is missing",
    ),
    (
        "DROP INDEX delivery_queue;",
        "the index delivery_queue is missing",
    ),
    (
        "CREATE INDEX mine ON orders (total);",
        "the index mine was not made by poms",
    ),
    (
        "CREATE TABLE audit_mine (id INTEGER PRIMARY KEY);",
        "the table audit_mine was not made by poms",
    ),
    (
        "ALTER TABLE orders ADD COLUMN mine TEXT;",
        "the table orders is not as poms made it",
    ),
    (
        CONSTRAINT,
        "the table po_line_status is not as poms made it",
    ),
];

#[test]
fn a_schema_that_was_changed_is_named_and_nothing_runs_in_it() {
    for &(change, named) in CHANGES {
        let scene = site();
        let before = mails(&scene);
        sql(&scene, change);
        for args in [
            &["process"][..],
            &["process", "--dry-run"],
            &["stop", "on", "--note", "x"],
            &["order", "list"],
            &["recover", "--note", "x"],
        ] {
            let done = scene.run(args, LATER).fails(1, &[named, "poms verify"]);
            assert_eq!(done.stderr.lines().count(), 1, "{args:?} {}", done.stderr);
        }
        assert_eq!(mails(&scene), before, "{change}");
        let (first, problems) = verified(&scene);
        assert!(first.starts_with("schema "), "{change}: {first}");
        assert!(problems.contains(named), "{change}: {problems}");
    }
}

#[test]
fn a_schema_that_changes_under_an_open_ledger_ends_what_is_written() {
    use poms::ledger::{Ledger, LedgerError, Mode};
    let scene = site();
    let mut ledger = Ledger::open(&scene.path("poms.db"), Mode::Write, "test").unwrap();
    let now = NOW.parse().unwrap();
    // figures of ANALYZE are no schema of anybody's
    sql(&scene, "ANALYZE");
    let on = |ledger: &mut Ledger| {
        ledger.write(now, |tx| {
            tx.set_setting("stop_switch", "x", "x")?;
            Ok::<_, LedgerError>(())
        })
    };
    on(&mut ledger).unwrap();
    sql(
        &scene,
        "CREATE TRIGGER zz AFTER UPDATE ON setting BEGIN DELETE FROM offer; END",
    );
    let said = on(&mut ledger).unwrap_err().to_string();
    assert!(
        said.contains("the trigger zz was not made by poms"),
        "{said}"
    );
    assert_eq!(scene.count("SELECT count(*) FROM offer"), 4);
    sql(&scene, "DROP TRIGGER zz");
    on(&mut ledger).unwrap();
    scene.run(&["verify"], LATER).ok();
}

#[test]
fn one_unreadable_value_is_named_and_hides_nothing() {
    let scene = site();
    // a word that no state machine knows, text that is no UTF-8, a sum beyond 64 bits, a fact that was
    // changed, and a row that is gone
    sql(
        &scene,
        "DROP TRIGGER audit_no_update; DROP TRIGGER audit_no_delete; \
         UPDATE purchase_order SET state = 'lost'; \
         UPDATE offer SET description = CAST(x'ff' AS TEXT) WHERE id = 2; \
         INSERT INTO po_line SELECT 99, po_id, 99, order_line, sku, vendor_sku, 9223372036854775807, 9223372036854775807, unit_price FROM po_line LIMIT 1; \
         UPDATE audit SET actor = CAST(x'fe' AS TEXT) WHERE seq = 5; \
         DELETE FROM setting",
    );
    let (first, problems) = verified(&scene);
    assert_eq!(first, "schema trigger audit_no_delete");
    for named in [
        "the trigger audit_no_update is missing",
        "audit row 5 ",
        "offer row 2 was changed",
        "po_line row 99 was added",
        "purchase_order row 1 was changed",
        "setting row 1 was removed",
        "its lines make 1152921504606846975",
    ] {
        assert!(problems.contains(named), "no '{named}' in {problems}");
    }
}
