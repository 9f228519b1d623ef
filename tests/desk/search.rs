//! Searches by what a customer, a bank or a carrier says, on the screen and for programs.

use super::{morning, number_of};
use crate::support::desk::TestDesk;
use rusqlite::Connection;
use serde_json::{Value, json};

fn searched(desk: &TestDesk, words: &[&str]) -> Value {
    let args: Vec<&str> = ["order", "search", "--json"]
        .into_iter()
        .chain(words.iter().copied())
        .collect();
    desk.run(&args).ok().json()
}

/// References found, newest first, each with its fields.
fn found(desk: &TestDesk, words: &[&str]) -> Vec<(String, String)> {
    let list = searched(desk, words);
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let by = |order: &Value| {
        let fields = order["found_by"].as_array().expect("fields").iter();
        fields.map(text).collect::<Vec<_>>().join(" ")
    };
    let orders = list["orders"].as_array().expect("orders").iter();
    orders
        .map(|order| (text(&order["reference"]), by(order)))
        .collect()
}

fn only(desk: &TestDesk, words: &[&str], reference: &str, by: &str) {
    assert_eq!(
        found(desk, words),
        [(reference.to_owned(), by.to_owned())],
        "{words:?}"
    );
}

/// Two orders that have nothing in common but the shop.
fn two_customers() -> TestDesk {
    let desk = TestDesk::stocked();
    let mut gift = TestDesk::plain_order("W300001");
    gift["customer"] = json!({"name": "Ana María Peña-Ortiz", "email": "ana@correo.example", "phone": "+1 (312) 555-0164 x77"});
    gift["ship_to"] = json!({"name": "Seán O'Connor", "street1": "12 Old Mill Lane", "street2": "Unit #4B",
        "city": "Boston", "state": "MA", "zip": "02139-1001", "country": "US"});
    gift["payment"] = json!({"method": "card", "reference": "ch_3NqT77Xy"});
    gift["lines"] = json!([{"sku": "KT10-00010", "qty": 1, "unit_price": "29.90", "description": "Whistling teapot, blue"}]);
    gift["total"] = json!("29.90");
    desk.order(&gift).order(&TestDesk::plain_order("W300002"));
    desk.run(&["process"]).ok();
    desk
}

/// What is typed, and by which fields it finds the first of them.
const SEARCHES: &[(&[&str], &str)] = &[
    (&["o'connor"], "recipient"),
    (&["OConnor"], "recipient"),
    (&["sean"], "recipient"),
    (&["ortiz"], "customer"),
    (&["peña"], "customer"),
    (&["mill"], "street"),
    (&["old mill lane"], "street"),
    (&["#4b"], "street"),
    (&["02139"], "zip"),
    (&["02139-1001"], "zip"),
    (&["kt10"], "sku"),
    (&["KT10-00010"], "sku"),
    (&["teapot"], "article"),
    (&["CH_3NQT77XY"], "payment"),
    (&["correo.example"], "domain"),
    (&["@correo.example"], "domain"),
    (&["0164"], "phone"),
    (&["312-555-0164"], "phone"),
    (&["555-0164"], "phone"),
    (&["555", "0164"], "phone"),
    (&["5550164"], "phone"),
    (&["#W300001"], "order_number purchase_order"),
    (&["#w300001-1"], "purchase_order"),
    (&["W300001~1"], "order_number purchase_order"),
    (&["300001"], "order_number purchase_order"),
    (&["boston"], "city"),
    (&["teapot", "boston"], "article city"),
    (&["ac-00010"], "vendor_sku"),
    (&["acme", "boston"], "city vendor"),
    (&["ana@"], "email"),
    (&["W300001-1"], "purchase_order"),
    // each word must be found, in whichever field; quoted or not
    (&["teapot", "02139"], "article zip"),
    (&["boston-nobody teapot"], ""),
    (&["sean mill 0164"], "phone recipient street"),
];

#[test]
fn an_order_is_found_by_each_field_and_says_which() {
    let desk = two_customers();
    for (words, by) in SEARCHES {
        match *by {
            "" => assert_eq!(found(&desk, words), [], "{words:?}"),
            by => only(&desk, words, "W300001", by),
        }
    }
    // a ZIP+4 of the address's ZIP
    only(&desk, &["65367-0001"], "W300002", "zip");
    // the catalogue's name, where the order has none
    only(&desk, &["brass floor"], "W300002", "article");
    for nobody in [
        "teapot 65367",
        "016",
        "164",
        "1643",
        "x77",
        "kettle",
        "556-0164",
        "555-0165",
        "b-77",
        "blue ridge",
    ] {
        assert_eq!(found(&desk, &[nobody]), [], "{nobody}");
    }
    let screen = desk.run(&["order", "search", "teapot", "mill"]).ok().stdout;
    for word in ["Found by", "article, street", "order show W300001"] {
        assert!(screen.contains(word), "{word}: {screen}");
    }
    desk.run(&["verify"]).ok();
}

#[test]
fn numbers_and_articles_are_found_as_people_write_them() {
    let desk = TestDesk::stocked();
    for number in ["1001", "#1001"] {
        desk.order(&TestDesk::plain_order(number));
    }
    desk.run(&["process"]).ok();
    for word in ["1001", "#1001"] {
        let references: Vec<String> = found(&desk, &[word]).into_iter().map(|one| one.0).collect();
        assert_eq!(references, ["#1001", "1001"], "{word}");
    }
    let mut order = TestDesk::plain_order("W1");
    order["lines"][0]["sku"] = json!("KITC-1001");
    desk.order(&order);
    desk.run(&["process"]).ok();
    only(&desk, &["kitc1001"], "W1", "sku");
}

#[test]
fn what_an_amendment_took_away_is_found_no_more() {
    let desk = morning();
    only(&desk, &["10001"], "W200002", "zip");
    let id = number_of(&desk, "bad_zip");
    let changes = ["ship_to.zip=65367", "ship_to.street1=7 Elm Court"];
    let args = [
        "exceptions",
        "resolve",
        &id,
        "--note",
        "asked her",
        "--amend",
    ];
    desk.run(&[&args[..], &changes[..]].concat()).ok();
    assert_eq!(found(&desk, &["10001"]), []);
    only(&desk, &["elm court"], "W200002", "street");
    only(&desk, &["wojcik", "65367"], "W200002", "customer zip");
    desk.run(&["verify"]).ok();
}

#[test]
fn a_card_number_is_never_a_word() {
    let desk = TestDesk::stocked();
    let mut order = TestDesk::plain_order("W300003");
    order["payment"] = json!({"method": "card", "reference": "4111 1111 1111 1111"});
    order["lines"][0]["description"] = json!("Lamp 4111111111111111");
    order["ship_to"]["street2"] = json!("5500005555555559");
    desk.order(&order);
    desk.run(&["process"]).ok();
    let ledger = Connection::open(desk.path("poms.db")).unwrap();
    let mut words = ledger.prepare("SELECT word FROM search_word").unwrap();
    let words: Vec<String> = words
        .query_map([], |row| row.get(0))
        .unwrap()
        .map(Result::unwrap)
        .collect();
    assert!(words.iter().any(|word| word == "lamp"), "{words:?}");
    let digits = |word: &&String| word.chars().filter(char::is_ascii_digit).count() > 10;
    assert_eq!(words.iter().find(digits), None);
    // nor are its halves: "4111 1111" would be two words
    assert_eq!(found(&desk, &["4111 1111"]), []);
}

#[test]
fn a_vendors_name_finds_the_orders_that_it_ships() {
    let desk = morning();
    let of = |words: &[&str]| -> Vec<String> {
        let all = found(&desk, words).into_iter();
        all.map(|(reference, _)| reference).collect()
    };
    assert_eq!(of(&["blue ridge"]), ["W200001"]);
    assert_eq!(of(&["acme goods"]), ["W200001"]);
    assert_eq!(of(&["BLUE"]), ["W200001"]);
    // one letter is a word of no vendor
    assert_eq!(of(&["g"]), [""; 0]);
}

/// Takes the columns of refused cancellations (0025) and the orders of messages (0028) away.
const UNREFUSED: &str = "DROP TABLE vendor_habit; DROP TABLE vendor_closure; DROP TABLE stock; DROP TABLE stock_list; DROP INDEX message_by_source; DROP TABLE early_cancellation; ALTER TABLE po_line_status DROP COLUMN unwanted; ALTER TABLE po_line_status DROP COLUMN twice; \
     ALTER TABLE po_cancellation DROP COLUMN moved; ALTER TABLE po_cancellation DROP COLUMN revision_id; DROP TABLE po_revision; DROP TABLE message_order; DROP TABLE message_document; DROP TABLE source_cursor; DROP TABLE shop_notice; DROP TABLE hook_cursor; ALTER TABLE order_taken DROP COLUMN changed_at;";

/// A ledger whose words were taken before cities were.
#[test]
fn the_cities_of_earlier_orders_are_taken_in_by_the_next_run() {
    let desk = two_customers();
    let ledger = Connection::open(desk.path("poms.db")).unwrap();
    let old = "DROP INDEX search_word_by_city; DROP INDEX po_line_by_vendor_sku; PRAGMA user_version = 23";
    ledger.execute_batch(&format!("{UNREFUSED} {old}")).unwrap();
    ledger
        .execute(
            "UPDATE search_word SET kind = 'none' WHERE kind = 'city'",
            [],
        )
        .unwrap();
    drop(ledger);
    desk.run(&["catalogue", "import", "catalogue.csv"]).ok();
    assert_eq!(searched(&desk, &["boston"])["complete"], false);
    desk.run(&["process"]).ok();
    only(&desk, &["boston"], "W300001", "city");
    only(&desk, &["teapot"], "W300001", "article");
    assert_eq!(searched(&desk, &["boston"])["complete"], true);
}

/// Makes the ledger one of the poms before words were kept.
fn of_an_older_poms(desk: &TestDesk) -> Connection {
    let ledger = Connection::open(desk.path("poms.db")).unwrap();
    let old = "DROP TABLE remit; DROP TABLE search_word; DROP INDEX po_line_by_vendor_sku; \
         ALTER TABLE advice_row DROP COLUMN proved_for_it; PRAGMA user_version = 19; \
         CREATE INDEX order_revision_first ON order_revision (json_extract(document, '$.order_number')) WHERE revision = 1";
    ledger.execute_batch(&format!("{UNREFUSED} {old}")).unwrap();
    ledger
}

#[test]
fn a_ledger_of_an_older_poms_is_filled_by_the_next_run() {
    let desk = two_customers();
    of_an_older_poms(&desk);
    desk.run(&["order", "search", "teapot"])
        .fails(1, &["poms process"]);
    // an act of a person brings the schema up to date; the words are the run's work
    desk.run(&["catalogue", "import", "catalogue.csv"]).ok();
    let before = searched(&desk, &["teapot"]);
    assert_eq!(
        (&before["complete"], &before["orders"]),
        (&json!(false), &json!([]))
    );
    let screen = desk.run(&["order", "search", "W300001"]).ok().stdout;
    assert!(screen.contains("Some earlier orders"), "{screen}");
    // a rehearsal leaves nothing
    desk.run(&["process", "--dry-run"]).ok();
    assert_eq!(searched(&desk, &["teapot"])["complete"], false);
    desk.run(&["process"]).ok();
    assert_eq!(searched(&desk, &["teapot"])["complete"], true);
    only(&desk, &["teapot"], "W300001", "article");
    only(&desk, &["floor"], "W300002", "article");
    desk.run(&["verify"]).ok();
}

#[test]
fn an_order_that_cannot_be_read_is_told_once_and_keeps_none_back() {
    let desk = two_customers();
    let ledger = of_an_older_poms(&desk);
    ledger
        .execute(
            "UPDATE orders SET document = '{\"order_number\"' WHERE number = 'W300002'",
            [],
        )
        .unwrap();
    let told = desk
        .run(&["process"])
        .fails(1, &["order W300002 is found by number"]);
    assert_eq!(told.stderr.lines().count(), 1, "{}", told.stderr);
    only(&desk, &["teapot"], "W300001", "article");
    let both = searched(&desk, &["W30000"]);
    assert_eq!(
        (&both["complete"], &both["unreadable"]),
        (&json!(true), &json!(1))
    );
    assert_eq!(both["orders"][0]["reference"], "W300001", "{both:#}");
    let screen = desk.run(&["order", "search", "W30000"]).ok().stdout;
    assert!(
        screen.contains("1 more order that fits cannot be read"),
        "{screen}"
    );
    // once; and new orders are taken in as ever
    let mut new = TestDesk::plain_order("W300004");
    new["customer"] =
        json!({"name": "Ida Berg", "email": "ida@mail.example", "phone": "312-555-0199"});
    desk.order(&new);
    desk.run(&["process"]).ok();
    only(&desk, &["floor", "49996"], "W300004", "article street");
    // the row that was changed outside poms is still named: nothing sealed it anew
    let verify = desk.run(&["verify", "--json"]);
    let first = &verify.json()["first_bad"];
    assert!(first.to_string().contains("orders 2"), "{first:#}");
}

#[test]
fn a_word_that_somebody_changed_is_named() {
    let desk = two_customers();
    let ledger = Connection::open(desk.path("poms.db")).unwrap();
    let changed = "UPDATE search_word SET word = 'kettle' WHERE word = 'teapot'";
    assert_eq!(ledger.execute(changed, []), Ok(1));
    let row: i64 = ledger
        .query_row(
            "SELECT id FROM search_word WHERE word = 'kettle'",
            [],
            |row| row.get(0),
        )
        .unwrap();
    let verify = desk.run(&["verify"]);
    assert_eq!(verify.code, 1);
    let said = format!("{}{}", verify.stdout, verify.stderr);
    assert!(said.contains(&format!("search_word row {row} ")), "{said}");
}
