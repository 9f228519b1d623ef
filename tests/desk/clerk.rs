//! What a clerk reads and types, without anybody beside them who knows poms.

use super::{morning, number_of};
use crate::support::desk::TestDesk;
use serde_json::{Value, json};

/// An order of its own customer.
fn order(number: &str, change: impl Fn(&mut Value)) -> Value {
    let mut order = TestDesk::plain_order(number);
    order["customer"]["email"] = json!(format!("{number}@mail.example"));
    order["customer"]["name"] = json!(format!("Customer of {number}"));
    change(&mut order);
    order
}

/// A site with these orders, after a run.
fn with(orders: &[Value]) -> TestDesk {
    let desk = TestDesk::stocked();
    for order in orders {
        desk.order(order);
    }
    desk.run(&["process"]).ok();
    desk
}

fn flat(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn shown(desk: &TestDesk, id: &str) -> String {
    flat(&desk.run(&["exceptions", "show", id]).ok().stdout)
}

/// The command of a screen that has these words, as a person fills it in.
fn typed(desk: &TestDesk, id: &str, words: &str) -> Vec<String> {
    let screen = desk.run(&["exceptions", "show", id]).ok().stdout;
    let mut lines = screen.lines().map(str::trim);
    let line = lines.find(|line| line.starts_with("poms ") && line.contains(words));
    let line = line.unwrap_or_else(|| panic!("no '{words}' in {screen}"));
    let words = super::amendments::words(line).into_iter().skip(1);
    let fill = |word: String| match word == "WHY" {
        true => "rang her".to_owned(),
        false => word,
    };
    words.map(fill).collect()
}

fn type_it(desk: &TestDesk, words: &[String]) -> String {
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    desk.run(&words).ok().stdout
}

fn amend(desk: &TestDesk, id: &str, changes: &[&str]) -> String {
    let before = ["exceptions", "resolve", id, "--note", "rang her", "--amend"];
    desk.run(&[&before[..], changes].concat()).ok().stdout
}

#[test]
fn a_card_number_that_was_written_over_holds_no_more() {
    let card = |number: &str, more: fn(&mut Value)| {
        order(number, move |order| {
            order["ship_to"]["street2"] = json!("4111 1111 1111 1111");
            more(order);
        })
    };
    let desk = with(&[
        card("W1", |_| {}),
        card("W2", |order| {
            order["lines"][0]["description"] = json!("Lamp 5500005555555559")
        }),
    ]);
    let id_of = |number: &str| {
        let args = ["exceptions", "list", "--order", number, "--json"];
        desk.run(&args).ok().json()["exceptions"][0]["id"].to_string()
    };
    // another field leaves the stars where they are, and the order held
    let said = amend(&desk, &id_of("W1"), &["ship_to.city=Columbia"]);
    assert!(said.contains("card_number"), "{said}");
    // an address that keeps them, too
    let said = amend(
        &desk,
        &id_of("W1"),
        &["ship_to.street2=Apt 2, 4111 11** **** 1111"],
    );
    assert!(said.contains("card_number"), "{said}");
    let said = amend(&desk, &id_of("W1"), &["ship_to.street2=Apt 2"]);
    assert!(said.contains("Order W1 is placed"), "{said}");
    // of two places the other one still counts, and is named alone
    let said = amend(&desk, &id_of("W2"), &["ship_to.street2="]);
    assert!(said.contains("stood in lines[0].description"), "{said}");
    let said = amend(&desk, &id_of("W2"), &["lines.1.description="]);
    assert!(said.contains("Order W2 is placed"), "{said}");
    desk.run(&["verify"]).ok();
}

#[test]
fn an_article_that_nobody_sells_any_more_is_replaced_or_taken_off_never_waved_through() {
    let two = |number: &str| {
        order(number, |order| {
            order["lines"] = json!([
                {"sku": "GD20-00021", "qty": 1, "unit_price": "59.00"},
                {"sku": "KT10-00010", "qty": 2, "unit_price": "29.90"}]);
            order["total"] = json!("118.80");
        })
    };
    let desk = with(&[two("W1")]);
    let id = number_of(&desk, "discontinued_sku");
    let screen = shown(&desk, &id);
    assert!(!screen.contains("--release"), "{screen}");
    for words in [
        "amend the line, or take the line off",
        "If a vendor still has it, import that offer as active",
        "--amend lines.1.sku=SKU lines.1.unit_price=PRICE total=TOTAL",
    ] {
        assert!(screen.contains(words), "no '{words}' in {screen}");
    }
    desk.run(&["exceptions", "resolve", &id, "--release", "--note", "x"])
        .fails(1, &["cannot be resolved with --release"]);
    let said = type_it(&desk, &typed(&desk, &id, "--amend lines.1= total=59.80"));
    assert!(said.contains("Order W1 is placed"), "{said}");
    desk.run(&["verify"]).ok();
}

#[test]
fn what_to_type_has_the_comment_for_the_vendor() {
    let comment = |order: &mut Value| order["comments"] = json!("Please ring twice");
    let desk = with(&[order("W1", comment)]);
    let id = number_of(&desk, "customer_comment");
    let said = type_it(&desk, &typed(&desk, &id, "--release --comment-to-vendor"));
    assert!(
        said.contains("On each purchase order of it: Please ring twice"),
        "{said}"
    );
    desk.run(&["process"]).ok();
    let mails = desk.mails_to("orders@acme.example");
    assert!(mails[0].text().contains("Please ring twice"));
}

/// A mail that a stranger wrote, its words encoded as mail programs do.
#[test]
fn encoded_words_are_read_as_they_were_meant() {
    let desk = morning();
    desk.raw_mail(
        b"From: =?utf-8?q?J=C3=BCrgen_Caf=C3=A9?= <j@mail.example>\r\nTo: orders@shop.example\r\n\
          Subject: =?utf-8?b?V28gYmxlaWJ0IG1laW4gSMO2cmVyPxtbMm0=?=\r\n\r\nNot sealed.\r\n",
    );
    desk.run(&["process"]).ok();
    let list = desk.run(&["message", "list", "--json"]).ok().json();
    let id = list["messages"][0]["id"].to_string();
    let screen = desk.run(&["message", "show", &id]).ok().stdout;
    for words in [
        "J\u{fc}rgen Caf\u{e9} <j@mail.example>",
        "Wo bleibt mein H\u{f6}rer?",
        "Its bytes as they came",
    ] {
        assert!(screen.contains(words), "no '{words}' in {screen}");
    }
    assert!(
        !screen.contains("=?") && !screen.contains('\u{1b}'),
        "{screen}"
    );
    assert!(!screen.contains("still encrypted"), "{screen}");
    let exception = &desk.run(&["exceptions", "list", "--json"]).ok().json()["exceptions"];
    let all = exception.as_array().expect("a list").iter();
    let last = all.filter_map(|one| one["id"].as_i64()).max().expect("one");
    let screen = desk
        .run(&["exceptions", "show", &last.to_string()])
        .ok()
        .stdout;
    assert!(
        screen.contains("J\u{fc}rgen") && !screen.contains("=?"),
        "{screen}"
    );
}

#[test]
fn one_zone_for_screens_and_mails_and_no_word_of_the_ledger_in_a_sentence() {
    let desk = morning();
    let mails = desk.mails_to("ops@shop.example");
    let text = mails[0].text();
    assert!(text.contains("at 2025-06-02 06:05 EDT"), "{text}");
    assert!(!text.contains("UTC"), "{text}");
    // two purchase orders, one of which left
    desk.file(
        "left.csv",
        b"po_number,sku,qty,carrier,tracking_number\nW200001-2,GD20-00020,1,FedEx,770000000010\n",
    );
    let said = desk.run(&["import-advices", "left.csv"]).ok().stdout;
    assert!(said.contains("left.csv: 1 row: 1 acted on"), "{said}");
    for args in [
        &["order", "list"][..],
        &["order", "show", "W200001"],
        &["po", "list"],
        &["status"],
        &["shipment", "list"],
    ] {
        let screen = desk.run(args).ok().stdout;
        for word in ["partly_shipped", "in_transit"] {
            assert!(!screen.contains(word), "{args:?} says {word}: {screen}");
        }
    }
    let list = desk.run(&["order", "list", "--json"]).ok().json();
    assert!(list.to_string().contains("\"partly_shipped\""), "{list:#}");
    let filtered = desk
        .run(&["order", "list", "--state", "partly_shipped"])
        .ok();
    assert!(filtered.stdout.contains("W200001"), "{}", filtered.stdout);
}

/// What acts are refused for is said to those who look, too.
#[test]
fn a_look_at_a_ledger_without_its_anchors_says_so() {
    let desk = morning();
    std::fs::remove_file(desk.path("poms.db.anchor")).expect("an anchor file");
    for args in [
        &["order", "show", "W200001"][..],
        &["exceptions", "list"],
        &["po", "show", "W200001-1"],
        &["message", "list"],
    ] {
        let looked = desk.run(args);
        assert_eq!(looked.code, 0, "{args:?}");
        assert!(!looked.stdout.is_empty(), "{args:?}");
        for words in [
            "may not be the newest state",
            "the anchors of this ledger are gone",
            "poms recover",
        ] {
            assert!(looked.stderr.contains(words), "{args:?}: {}", looked.stderr);
        }
        assert_eq!(looked.stderr.lines().count(), 1, "{}", looked.stderr);
    }
    let status = desk.run(&["status"]);
    assert_eq!(status.code, 1);
    assert_eq!(
        status.stderr.matches("are gone").count(),
        1,
        "{}",
        status.stderr
    );
    let note = desk.run(&["order", "note", "W200001", "rang her"]);
    assert_eq!(
        (note.code, note.stderr.matches("are gone").count()),
        (1, 1),
        "{}",
        note.stderr
    );
}

#[test]
fn a_fault_of_a_template_is_said_once() {
    let desk = morning();
    std::fs::create_dir(desk.path("own")).expect("a folder");
    std::os::unix::fs::symlink("nowhere", desk.path("own/po_mail.txt")).expect("a link");
    let file = desk.path("poms.toml");
    let text = std::fs::read_to_string(&file).expect("a configuration");
    let text = text.replacen("ledger =", "templates = \"own\"\nledger =", 1);
    desk.file("poms.toml", text.as_bytes());
    let done = desk.run(&["process"]).fails(2, &["po_mail.txt"]);
    assert_eq!(
        done.stderr.matches("os error 2").count(),
        1,
        "{}",
        done.stderr
    );
}
