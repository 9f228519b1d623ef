//! Tables in the shapes of many vendors' systems, read by the whole site: `fixtures/tables` has a
//! table below `=== EXPECTED`; `two` after it makes an order of three lamps and two kettles (else it is one
//! lamp), a day is the one that is told, `text` has it stand in the mail's own text. `ship`, `ack`, `backorder` and `reject` are plain ones, which act by
//! themselves; below `stop` a column or cell says otherwise, and a person sees it marked; below `remit` it
//! says where money goes. Also subjects, names of files and the columns of bills.

use super::voices::{Outcome, entries, filled, outcome, ups};
use super::{Dock, T1, T2};
use crate::support::desk::TestDesk;
use rusqlite::Connection;

/// Of the plain tables so many hundredths act by themselves, at least.
const FLOOR: usize = 95;

/// A site with so many orders of one lamp: W1000, W1001, …
fn dock(orders: usize) -> Dock {
    dock_of(&vec![false; orders])
}

/// The same, where some are of three lamps and two kettles.
fn dock_of(two: &[bool]) -> Dock {
    let dock = Dock::new();
    for (place, two) in two.iter().enumerate() {
        let mut order = TestDesk::plain_order(&format!("W{}", place + 1000));
        order["lines"][0]["qty"] = 1.into();
        order["total"] = "108.23".into();
        if *two {
            order["lines"] = serde_json::json!([
                {"sku": "BF63-12163", "qty": 3, "unit_price": "108.23"},
                {"sku": "KT10-00010", "qty": 2, "unit_price": "29.90"},
            ]);
            order["total"] = "384.49".into();
        }
        order["customer"]["email"] = format!("w{place}@mail.example").into();
        dock.desk.order(&order);
    }
    dock.run();
    dock
}

/// The open exceptions of the mail about a purchase order: codes, and texts.
fn asked(ledger: &Connection, place: usize) -> Vec<(String, String)> {
    let mut query = ledger
        .prepare(
            "SELECT e.code, e.message FROM exception e JOIN message m ON m.id = e.message_id \
             WHERE m.subject LIKE ?1 AND e.state = 'open' ORDER BY e.id",
        )
        .unwrap();
    let subject = format!("%W{}-1%", place + 1000);
    let rows = query.query_map([subject], |row| Ok((row.get(0)?, row.get(1)?)));
    rows.unwrap().map(Result::unwrap).collect()
}

/// Whether a plain table did what it says by itself.
fn acted(expected: &str, did: &Outcome, asked: &[(String, String)]) -> bool {
    let told = |code: &str| !matches!(code, "po_backordered" | "po_rejected");
    let alone = !asked.iter().any(|(code, _)| told(code));
    alone
        && match expected {
            "ship" => did.shipped > 0,
            "ack" => {
                did.shipped == 0
                    && did.answers.iter().all(|answer| answer == "accepted")
                    && !did.answers.is_empty()
            }
            "backorder" => did.answers == ["backordered"],
            _ => did.answers == ["rejected"],
        }
}

/// A site where each table came with a mail of its own.
fn sent(tables: &[(String, String)]) -> Dock {
    let flag = |head: &str, flag: &str| head.split(' ').any(|word| word == flag);
    let two: Vec<bool> = tables.iter().map(|(head, _)| flag(head, "two")).collect();
    let dock = dock_of(&two);
    for (place, (head, table)) in tables.iter().enumerate() {
        let table = format!("{}\n", filled(table, place));
        let (text, file) = match flag(head, "text") {
            true => (table.as_str(), None),
            false => ("Please see attached.", Some(table.as_str())),
        };
        let subject = format!("Re: Purchase order W{}-1", place + 1000);
        dock.mail(
            "Ann <ann@acme.example>",
            "acme.example",
            &subject,
            text,
            file,
        );
    }
    dock
}

#[test]
fn no_table_is_misread() {
    // another file may be tried
    let file = std::env::var("POMS_TABLES");
    none_misread(&file.unwrap_or_else(|_| "fixtures/tables/tables.txt".to_owned()));
}

/// Single cells beside a good row, rows below it, refusals that their own row contradicts.
#[test]
fn no_cell_is_misread() {
    none_misread("fixtures/tables/cells.txt");
}

/// Extra columns of every day, and those that speak against their row.
#[test]
fn tables_of_every_day_are_told_from_those_that_are_none() {
    none_misread("fixtures/tables/everyday.txt");
}

/// Acknowledgements, days without a year, and rows of what comes later.
#[test]
fn acknowledgements_and_backorders_are_read_or_asked_about() {
    none_misread("fixtures/tables/papers.txt");
}

fn none_misread(file: &str) {
    let tables = entries(file);
    let dock = sent(&tables);
    dock.run();
    dock.verify();
    let ledger = Connection::open(dock.desk.path("poms.db")).unwrap();
    let (mut plain, mut alone, mut wrong) = (0, 0, Vec::new());
    for (place, (head, table)) in tables.iter().enumerate() {
        let expected = head.split(' ').next().unwrap_or_default();
        let did = outcome(&ledger, place);
        let asked = asked(&ledger, place);
        let still = did.shipped == 0 && did.answers.is_empty();
        let said = |word: &&str| word.starts_with("20");
        let day = head.split(' ').find(said).map(str::to_owned);
        let acted = acted(expected, &did, &asked) && (day.is_none() || day == did.day);
        let right = match expected {
            "stop" => still && !asked.is_empty(),
            "remit" => still && asked.iter().any(|(code, _)| code == "remit_to_changed"),
            _ => {
                plain += 1;
                alone += usize::from(acted);
                acted || still && !asked.is_empty()
            }
        };
        if !right || expected != "stop" && expected != "remit" && !acted {
            let shown = format!(
                "{head}: {} {:?} {asked:?}\n{table}\n",
                did.shipped, did.answers
            );
            match right {
                true => println!("ASKED {shown}"),
                false => wrong.push(shown),
            }
        }
    }
    println!(
        "{} tables, {} misread; of {plain} plain ones {alone} act by themselves",
        tables.len(),
        wrong.len()
    );
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(tables.len() >= 60 && plain >= 30);
    assert!(alone * 100 >= FLOOR * plain, "{alone} of {plain}");
}

/// A row that a cell stopped is shown with its order, and a person may have it acted on all the same.
#[test]
fn a_stopped_row_names_the_cell_and_can_be_released() {
    let dock = dock(1);
    let table = format!(
        "po_number,sku,qty,carrier,tracking_number,ship_date,Verdict\nW1000-1,BF63-12163,1,UPS,{T1},2025-06-02,gone\n"
    );
    dock.mail(
        "Ann <ann@acme.example>",
        "acme.example",
        "W1000-1",
        "Please see attached.",
        Some(&table),
    );
    dock.run();
    let id = dock.exception("advice_unclear");
    let case = dock.desk.run(&["exceptions", "show", &id]).ok().stdout;
    let flat = case.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(flat.contains("column 'Verdict' says >>gone<<"), "{case}");
    assert!(flat.contains("W1000"), "{case}");
    dock.resolve("advice_unclear", &["--release"]);
    assert_eq!(dock.show("W1000")["state"], "shipped");
    dock.verify();
}

/// What a subject says besides what is understood stops an answer.
#[test]
fn a_subject_may_take_an_answer_back() {
    let subjects = [
        "Cannot fill Purchase order {po} from Test Shop",
        "NOT Re: Purchase order {po}",
        "Price increase - Purchase order {po}",
        "Re: Purchase order {po} - backordered",
    ];
    let dock = dock(subjects.len() + 1);
    for (place, subject) in subjects
        .iter()
        .chain(&["RE: {po} order confirmation"])
        .enumerate()
    {
        dock.acme(&filled(subject, place), "Confirmed.");
    }
    dock.run();
    let ledger = Connection::open(dock.desk.path("poms.db")).unwrap();
    for (place, subject) in subjects.iter().enumerate() {
        let (did, asked) = (outcome(&ledger, place), asked(&ledger, place));
        assert!(did.answers.is_empty(), "{subject}: {asked:?}");
        let told = |(code, text): &(String, String)| code == "vendor_mail" && text.contains(">>");
        assert!(asked.iter().any(told), "{subject}: {asked:?}");
    }
    assert_eq!(outcome(&ledger, subjects.len()).answers, ["accepted"]);
    dock.verify();
}

/// So does the name of a table's file.
#[test]
fn the_name_of_a_table_may_take_it_back() {
    let stop = [
        "forecast.csv",
        "template.csv",
        "backorder.csv",
        "open-orders.csv",
    ];
    let fine = [
        "shipments.csv",
        "ASN_20250602.csv",
        "Acme ship confirm 0602.csv",
        "worldship.csv",
    ];
    let dock = dock(stop.len() + fine.len());
    for (place, name) in stop.iter().chain(&fine).enumerate() {
        let row = format!(
            "W{}-1,BF63-12163,1,UPS,{},2025-06-02",
            place + 1000,
            ups(place * 2)
        );
        dock.mail(
            "Ann <ann@acme.example>",
            "acme.example",
            &format!("W{}-1", place + 1000),
            "Please see attached.",
            Some(&format!("po,sku,qty,carrier,tracking,ship date\n{row}\n")),
        );
        dock.last_mail(|mail| mail.replace("a.csv", name));
    }
    dock.run();
    let ledger = Connection::open(dock.desk.path("poms.db")).unwrap();
    for (place, name) in stop.iter().chain(&fine).enumerate() {
        let (did, asked) = (outcome(&ledger, place), asked(&ledger, place));
        let stopped = place < stop.len();
        assert_eq!(did.shipped == 0, stopped, "{name}: {asked:?}");
        assert_eq!(!asked.is_empty(), stopped, "{name}: {asked:?}");
    }
    dock.verify();
}

/// But for a table that says itself what its name says; one that is not read is told with its headings.
#[test]
fn a_table_of_backorders_may_be_called_so_and_one_that_is_not_read_is_named() {
    let dock = dock(2);
    for (place, table) in [
        "PO,SKU,Qty,Status,ETA\nW1000-1,BF63-12163,1,Backordered,06/20/2025\n",
        "BSN02,PRF01,LIN03,SN102\nSH001,W1001-1,BF63-12163,1\n",
    ]
    .iter()
    .enumerate()
    {
        let subject = format!("Re: Purchase order W{}-1", place + 1000);
        let text = "Please see attached.";
        dock.mail(
            "Ann <ann@acme.example>",
            "acme.example",
            &subject,
            text,
            Some(table),
        );
        dock.last_mail(|mail| mail.replace("a.csv", ["bo.csv", "856.csv"][place]));
    }
    dock.run();
    let ledger = Connection::open(dock.desk.path("poms.db")).unwrap();
    assert_eq!(
        outcome(&ledger, 0).answers,
        ["backordered"],
        "{:?}",
        asked(&ledger, 0)
    );
    let told = asked(&ledger, 1);
    let said = "the table 856.csv is not read: among its headings (BSN02, PRF01, LIN03, SN102) is neither a status";
    assert!(told.iter().any(|(_, text)| text.contains(said)), "{told:?}");
    dock.verify();
}

/// Two numbers for one piece: which is right, or whether it is one parcel more, a person finds out
/// before the customer is told of any.
#[test]
fn two_numbers_of_one_piece_are_a_question() {
    for text in [
        format!("PO Number: W1000-1\nTracking Number: {T1}\nTracking Number: {T2}\n"),
        format!(
            "PO Number: W1000-1\nSKU: BF63-12163\nQty: 1\nTracking Number: {T1}\nTracking Number: {T2}\n"
        ),
    ] {
        let dock = dock(1);
        dock.acme("W1000-1", &text);
        dock.run();
        let ledger = Connection::open(dock.desk.path("poms.db")).unwrap();
        let did = outcome(&ledger, 0);
        assert_eq!(did.shipped, 0, "{:?}", did.messages);
        assert_eq!(dock.open(), ["vendor_mail"], "{text}");
    }
}

/// A vendor's own table that waits in a mail is written out under a name of its own.
#[test]
fn each_table_is_written_out_under_its_own_name() {
    let dock = dock(2);
    for place in 0..2 {
        let table = format!(
            "po,sku,qty,tracking,ship date\nW{}-1,BF63-12163,1,{},2025-06-02\n",
            place + 1000,
            ups(place * 2)
        );
        dock.mail(
            "Ann <ann@acme.example>",
            "acme.example",
            &format!("W{}-1", place + 1000),
            "Not quite sure.",
            Some(&table),
        );
    }
    dock.run();
    let list = dock
        .desk
        .run(&["exceptions", "list", "--code", "vendor_mail", "--json"])
        .ok()
        .json();
    let mut names = Vec::new();
    for row in list["exceptions"].as_array().unwrap() {
        let case = dock
            .desk
            .run(&["exceptions", "show", &row["id"].to_string()])
            .ok()
            .stdout;
        let flat = case.split_whitespace().collect::<Vec<_>>().join(" ");
        let name = flat
            .split("-o table-")
            .nth(1)
            .and_then(|rest| rest.split(' ').next());
        names.push(format!(
            "table-{}",
            name.unwrap_or_else(|| panic!("{case}"))
        ));
    }
    assert_eq!(names.len(), 2, "{names:?}");
    assert_ne!(names[0], names[1]);
    // taken by hand, the question about it ends by itself
    for name in &names {
        let mut parts = name.trim_end_matches(".csv").split('-').skip(1);
        let (message, number) = (parts.next().unwrap(), parts.next().unwrap());
        dock.desk
            .run(&["message", "attachment", message, number, "-o", name])
            .ok();
        dock.desk.run(&["import-advices", name]).ok();
    }
    assert_eq!(dock.open(), Vec::<String>::new());
    assert_eq!(dock.show("W1000")["state"], "shipped");
    dock.verify();
}
