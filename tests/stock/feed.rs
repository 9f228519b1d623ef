//! Lists that a source brings: what they change, what holds them, and what is told when they do not come.

use super::*;
use std::os::unix::fs::DirBuilderExt;
use std::time::{Duration, SystemTime};

const ACME: &str = "[[source]]\nname = \"acme-stock\"\nkind = \"folder\"\npath = \"lists\"\ntrusted = true\n\
                    settle_seconds = 0\nstock_of = \"ACME\"\n";

/// Articles of a vendor, six of each.
pub(super) fn shelf() -> Shelf {
    let mut catalogue = CATALOGUE.to_owned();
    for number in 1..=5 {
        catalogue.push_str(&format!(
            "X-{number},Thing {number},Kitchen,ACME,AX-{number},5.00,9.90,1.0,active,1\n"
        ));
    }
    let desk = TestDesk::new().vendors(VENDORS).catalogue(&catalogue);
    let mut folder = std::fs::DirBuilder::new();
    folder.mode(0o700).create(desk.path("lists")).unwrap();
    desk.config(ACME);
    Shelf { desk }
}

/// A whole list: so many lamps, and six of all others.
pub(super) fn list(lamps: i64) -> String {
    let mut text = format!("sku,qty,cost\nAC-12163,{lamps},61.50\nAC-00010,6,14.00\n");
    for number in 1..=5 {
        text.push_str(&format!("AX-{number},6,5.00\n"));
    }
    text
}

/// Has a file been written at a moment.
pub(super) fn written(path: &std::path::Path, moment: &str) {
    let moment: chrono::DateTime<chrono::Utc> = moment.parse().unwrap();
    let seconds = u64::try_from(moment.timestamp()).unwrap();
    let file = std::fs::File::options().write(true).open(path);
    let moment = SystemTime::UNIX_EPOCH + Duration::from_secs(seconds);
    file.unwrap().set_modified(moment).unwrap();
}

impl Shelf {
    /// A list that was written at a moment; the run that takes it.
    fn comes(&self, name: &str, text: &str, written: &str) -> Value {
        self.desk.file(&format!("lists/{name}"), text.as_bytes());
        self::written(&self.desk.path(&format!("lists/{name}")), written);
        self.desk.run(&["process", "--json"]).done().json()
    }

    /// The open exceptions about lists: number, code and words.
    pub(super) fn open(&self) -> Vec<(String, String, String)> {
        let list = self.desk.run(&["exceptions", "list", "--json"]).ok().json();
        let rows = list["exceptions"].as_array().unwrap().clone();
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        rows.iter()
            .map(|row| {
                (
                    row["id"].to_string(),
                    text(&row["code"]),
                    text(&row["message"]),
                )
            })
            .collect()
    }

    /// State and reason of the newest message.
    fn last(&self) -> (String, String) {
        let list = self.desk.run(&["message", "list", "--json"]).ok().json();
        let row = &list["messages"][0];
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        (text(&row["state"]), text(&row["reason"]))
    }
}

#[test]
fn a_list_in_the_folder_counts_from_when_it_was_written() {
    let shelf = shelf();
    shelf.order("W1", 2);
    assert_eq!(shelf.goes("W1"), placed("ACME"));
    // it was written before the order, and does not know of it
    shelf.comes("today.csv", &list(3), "2025-06-02T09:00:00Z");
    let (state, reason) = shelf.last();
    assert_eq!(state, "accepted", "{reason}");
    assert!(
        reason.starts_with("today.csv: 7 articles of Acme"),
        "{reason}"
    );
    assert_eq!(shelf.available("ACME"), 1);
    shelf.order("W2", 2);
    assert_eq!(shelf.goes("W2"), placed("BLUE"));
    // nothing is left in the folder, and the same list of the next day says it anew
    shelf.desk.now("2025-06-03T14:00:00Z");
    shelf.comes("today.csv", &list(3), "2025-06-03T13:30:00Z");
    assert_eq!(shelf.last().0, "accepted");
    assert_eq!(shelf.available("ACME"), 3);
    let facts = shelf.desk.run(&["stock", "list"]).ok().stdout;
    assert!(facts.contains("2025-06-03"), "{facts}");
    assert_eq!(shelf.open(), []);
    shelf.desk.run(&["verify"]).ok();
}

#[test]
fn what_is_older_than_the_list_that_counts_changes_nothing() {
    let shelf = shelf();
    shelf.comes("b.csv", &list(9), "2025-06-02T09:00:00Z");
    shelf.comes("a.csv", &list(2), "2025-06-02T08:00:00Z");
    let (state, reason) = shelf.last();
    assert_eq!(
        (state.as_str(), reason.as_str()),
        (
            "duplicate",
            "a.csv was written before the list of Acme Home Goods that counts"
        )
    );
    assert_eq!(shelf.available("ACME"), 9);
}

#[test]
fn an_odd_list_waits_for_a_person_and_the_one_before_counts() {
    let shelf = shelf();
    shelf.comes("a.csv", &list(9), "2025-06-02T08:00:00Z");
    let half = "sku,qty,cost\nAC-12163,1,99.00\nAC-00010,6,14.00\n";
    shelf.comes("b.csv", half, "2025-06-02T09:00:00Z");
    let open = shelf.open();
    let (id, code, words) = &open[0];
    assert_eq!((open.len(), code.as_str()), (1, "stock_odd"), "{open:?}");
    for part in [
        "5 of the 7 articles of the list before are not in it",
        "BF63-12163 costs 99.00 (line 2), 61.50 before: 60 %",
    ] {
        assert!(words.contains(part), "{words}");
    }
    assert!(!words.contains("--anyway"), "{words}");
    assert_eq!(shelf.available("ACME"), 9);
    // what the screen prints is done as it stands
    let screen = shelf.desk.run(&["exceptions", "show", id]).ok().stdout;
    assert!(screen.contains("--release"), "{screen}");
    let release = [
        "exceptions",
        "resolve",
        id,
        "--release",
        "--note",
        "they rang",
    ];
    let said = shelf.desk.run(&release).ok().stdout;
    assert!(
        said.contains("BF63-12163 costs 99.00 now, 61.50 before."),
        "{said}"
    );
    assert_eq!(shelf.available("ACME"), 1);
    assert_eq!(
        (shelf.open(), shelf.last().0),
        (vec![], "accepted".to_owned())
    );
    shelf.desk.run(&["verify"]).ok();
}

#[test]
fn a_newer_list_ends_what_waited_for_a_person() {
    let shelf = shelf();
    shelf.comes("a.csv", &list(9), "2025-06-02T08:00:00Z");
    shelf.comes("b.csv", "sku,qty\nAC-12163,1\n", "2025-06-02T08:10:00Z");
    shelf.comes("c.csv", "%PDF-1.4 no list", "2025-06-02T08:20:00Z");
    let codes: Vec<String> = shelf.open().into_iter().map(|row| row.1).collect();
    assert_eq!(codes, ["stock_odd", "stock_unread"]);
    shelf.comes("d.csv", &list(4), "2025-06-02T08:30:00Z");
    assert_eq!(shelf.open(), []);
    assert_eq!(shelf.available("ACME"), 4);
    shelf.desk.run(&["verify"]).ok();
}

#[test]
fn columns_of_its_own_are_named_in_the_configuration() {
    let shelf = shelf();
    let own = "Art.-Nr.;Bestand (Stk);EK netto\nAC-12163;3;61,50\nAC-00010;0;14,00\n";
    shelf.comes("a.csv", own, "2025-06-02T08:00:00Z");
    let open = shelf.open();
    assert_eq!(open[0].1, "stock_unread", "{open:?}");
    assert!(
        open[0].2.contains("of vendor ACME: a.csv: line 1"),
        "{open:?}"
    );
    let named = "number_column = \"Art.-Nr.\"\non_hand_column = \"Bestand (Stk)\"\ncost_column = \"EK netto\"\n";
    shelf.desk.config(&format!("{ACME}{named}"));
    let retry = [
        "exceptions",
        "resolve",
        &open[0].0,
        "--retry",
        "--note",
        "named",
    ];
    shelf.desk.run(&retry).ok();
    shelf.desk.run(&["process"]).ok();
    assert_eq!(
        (shelf.open(), shelf.last().0),
        (vec![], "accepted".to_owned())
    );
    assert_eq!(shelf.available("ACME"), 3);
}

#[test]
fn lists_that_do_not_come_are_told_once() {
    let shelf = shelf();
    shelf.comes("a.csv", &list(9), "2025-06-02T08:00:00Z");
    shelf.desk.now("2025-06-04T07:00:00Z");
    shelf.desk.run(&["process"]).ok();
    assert_eq!(shelf.open(), []);
    shelf.desk.now("2025-06-04T09:00:00Z");
    for _ in 0..2 {
        shelf.desk.run(&["process"]).done();
        let open = shelf.open();
        assert_eq!(
            (open.len(), open[0].1.as_str()),
            (1, "stock_stale"),
            "{open:?}"
        );
        assert!(
            open[0].2.contains("the source acme-stock brought no list"),
            "{open:?}"
        );
    }
    let id = &shelf.open()[0].0;
    let dismiss = [
        "exceptions",
        "resolve",
        id,
        "--dismiss",
        "--note",
        "they are shut",
    ];
    shelf.desk.run(&dismiss).ok();
    shelf.desk.run(&["process"]).done();
    assert_eq!(shelf.open(), []);
    shelf.comes("b.csv", &list(9), "2025-06-04T08:50:00Z");
    // and the next time anew, which the next list ends
    shelf.desk.now("2025-06-07T09:00:00Z");
    shelf.desk.run(&["process"]).done();
    assert_eq!(shelf.open()[0].1, "stock_stale");
    shelf.comes("c.csv", &list(9), "2025-06-07T08:50:00Z");
    assert_eq!(shelf.open(), []);
}

#[test]
fn a_source_of_lists_is_configured_whole_or_refused() {
    let shelf = shelf();
    for (more, key, words) in [
        ("format = \"poms-json\"", "source.format", "is for orders"),
        (
            "order_prefix = \"EU-\"",
            "source.order_prefix",
            "is for orders",
        ),
    ] {
        shelf.desk.config(&format!("{ACME}{more}\n"));
        shelf.desk.run(&["process"]).fails(2, &[key, words]);
    }
    let orders = ACME.replace("stock_of = \"ACME\"", "on_hand_column = \"Qty\"");
    shelf.desk.config(&orders);
    shelf.desk.run(&["process"]).fails(
        2,
        &["source.on_hand_column", "is for lists of stock", "stock_of"],
    );
    // one whose vendor is nobody's: said by check, and of each list
    shelf.desk.config(&ACME.replace("ACME\"", "ACMF\""));
    let checked = shelf.desk.run(&["check"]);
    assert_eq!(checked.code, 1);
    let said = checked.stdout;
    assert!(
        said.contains("\"ACMF\" is no vendor on file (ACME, BLUE)"),
        "{said}"
    );
    shelf.comes("a.csv", &list(9), "2025-06-02T08:00:00Z");
    let open = shelf.open();
    assert_eq!(open[0].1, "stock_unread");
    assert!(
        open[0].2.contains("ACMF") && open[0].2.contains("stock_of"),
        "{open:?}"
    );
}
