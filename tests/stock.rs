//! What vendors have: their lists, whom an order goes to by them, and what waits when nobody has it.

mod address;
mod feed;
mod mailed;

use crate::support::desk::{Output, TestDesk};
use serde_json::{Value, json};

const VENDORS: &str = "\
id,name,email,fax,channel,zip,handling_days,cutoff,timezone
ACME,Acme Home Goods,orders@acme.example,,email,04101,1,15:00,America/New_York
BLUE,Blue Ridge Supply,po@blueridge.example,,email,97201,2,14:00,America/Los_Angeles
";

const CATALOGUE: &str = "\
sku,description,category,vendor_id,vendor_sku,cost,retail_price,weight,status,priority
BF63-12163,Brass Floor Lamp,Lighting,ACME,AC-12163,61.50,108.23,9.5,active,1
BF63-12163,Brass Floor Lamp,Lighting,BLUE,B-12163,64.00,108.23,9.5,active,2
KT10-00010,Kettle 1.7 l,Kitchen,ACME,AC-00010,14.00,29.90,1.4,active,1
";

struct Shelf {
    desk: TestDesk,
}

impl Shelf {
    fn new() -> Shelf {
        Shelf {
            desk: TestDesk::new().vendors(VENDORS).catalogue(CATALOGUE),
        }
    }

    fn list(&self, vendor: &str, text: &str, more: &[&str]) -> Output {
        self.desk.file("list.csv", text.as_bytes());
        let args = ["stock", "import", "list.csv", "--vendor", vendor];
        self.desk.run(&[&args[..], more].concat())
    }

    /// An order of so many lamps, through a run.
    fn order(&self, number: &str, lamps: i64) -> Value {
        self.put(number, lamps);
        self.desk.run(&["process"]).ok();
        self.show(number)
    }

    fn put(&self, number: &str, lamps: i64) {
        let mut order = TestDesk::plain_order(number);
        order["lines"][0]["qty"] = json!(lamps);
        let cents = 10_823 * lamps;
        order["total"] = json!(format!("{}.{:02}", cents / 100, cents % 100));
        order["customer"]["email"] = json!(format!("{number}@mail.example"));
        order["ship_to"]["name"] = json!(format!("Customer {number}"));
        self.desk.order(&order);
    }

    fn show(&self, number: &str) -> Value {
        self.desk
            .run(&["order", "show", number, "--json"])
            .ok()
            .json()
    }

    /// State and vendors of an order.
    fn goes(&self, number: &str) -> (String, Vec<String>) {
        let story = self.show(number);
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let pos = story["purchase_orders"].as_array().expect("a list");
        (
            text(&story["state"]),
            pos.iter().map(|po| text(&po["vendor_id"])).collect(),
        )
    }

    fn available(&self, vendor: &str) -> Value {
        let list = self
            .desk
            .run(&["stock", "show", "bf63-12163", "--json"])
            .ok()
            .json();
        let rows = list["stock"].as_array().expect("a list").clone();
        let mine = rows.into_iter().find(|row| row["vendor_id"] == vendor);
        mine.unwrap_or_default()["available"].clone()
    }

    fn reason(&self) -> String {
        let list = self
            .desk
            .run(&["exceptions", "list", "--code", "out_of_stock", "--json"]);
        let list = list.ok().json();
        let rows = list["exceptions"].as_array().expect("a list").clone();
        assert_eq!(rows.len(), 1, "{list:#}");
        rows[0]["message"].as_str().unwrap_or_default().to_owned()
    }
}

fn placed(vendor: &str) -> (String, Vec<String>) {
    ("placed".to_owned(), vec![vendor.to_owned()])
}

fn held() -> (String, Vec<String>) {
    ("held".to_owned(), vec![])
}

#[test]
fn an_order_goes_to_who_has_it_and_each_takes_from_what_is_left() {
    let shelf = Shelf::new();
    let said = shelf.list(
        "acme",
        "Item #;Qty Available;Colour\nAC-12163;3;brass\nX-1;9;\n",
        &[],
    );
    let said = said.ok().stdout;
    for words in [
        "list.csv: 1 articles of Acme Home Goods are known: 1 in stock, 0 sold out, 0 without a number.",
        "1 rows are of articles that the catalogue does not have from it.",
        "Columns that are not used: Colour.",
    ] {
        assert!(said.contains(words), "{said}");
    }
    shelf.order("W1", 2);
    assert_eq!(shelf.goes("W1"), placed("ACME"));
    assert_eq!(shelf.available("ACME"), 1);
    // nobody knows what the other has: it is asked
    shelf.order("W2", 2);
    assert_eq!(shelf.goes("W2"), placed("BLUE"));
    shelf.order("W3", 1);
    assert_eq!(shelf.goes("W3"), placed("ACME"));
    assert_eq!(shelf.available("ACME"), 0);
    // what is cancelled is there again
    shelf
        .desk
        .run(&["order", "cancel", "W3", "--note", "x"])
        .ok();
    shelf
        .desk
        .run(&["po", "cancel-agreed", "W3-1", "--note", "x"])
        .ok();
    assert_eq!(shelf.available("ACME"), 1);
    let screen = shelf.desk.run(&["stock", "list"]).ok().stdout;
    assert!(
        screen.contains("BF63-12163") && screen.contains("ACME"),
        "{screen}"
    );
    shelf.desk.run(&["verify"]).ok();
}

/// Two orders of one run for the last pieces.
#[test]
fn the_last_pieces_are_ordered_once() {
    let shelf = Shelf::new();
    shelf.list("ACME", "sku,qty\nAC-12163,3\n", &[]).ok();
    shelf
        .list("BLUE", "sku,qty,eta\nB-12163,0,06/20/2025\n", &[])
        .ok();
    shelf.put("W1", 2);
    shelf.put("W2", 2);
    shelf.desk.run(&["process"]).ok();
    let mut went = vec![shelf.goes("W1"), shelf.goes("W2")];
    went.sort();
    assert_eq!(went, [held(), placed("ACME")]);
    let why = shelf.reason();
    for words in [
        "2 of BF63-12163: Acme Home Goods has 1 (its list of 2025-06-02 10:05 UTC, 2 of it ordered since)",
        "Blue Ridge Supply has none (its list of 2025-06-02 10:05 UTC, more on 2025-06-20)",
    ] {
        assert!(why.contains(words), "{why}");
    }
    shelf.desk.run(&["verify"]).ok();
}

#[test]
fn what_nobody_has_waits_and_goes_by_itself_when_a_list_has_it() {
    let shelf = Shelf::new();
    shelf.list("ACME", "sku,qty\nAC-12163,1\n", &[]).ok();
    shelf
        .list("BLUE", "sku,stock\nB-12163,Out of Stock\n", &[])
        .ok();
    shelf.order("W1", 3);
    assert_eq!(shelf.goes("W1"), held());
    shelf.reason();
    let said = shelf.list("BLUE", "sku,qty\nB-12163,40\n", &[]).ok().stdout;
    assert!(said.contains("Order W1 is placed."), "{said}");
    assert_eq!(shelf.goes("W1"), placed("BLUE"));
    shelf.desk.run(&["verify"]).ok();
}

#[test]
fn a_person_may_order_all_the_same() {
    let shelf = Shelf::new();
    for (vendor, number) in [("ACME", "AC-12163"), ("BLUE", "B-12163")] {
        shelf
            .list(vendor, &format!("sku,qty\n{number},0\n"), &[])
            .ok();
    }
    shelf.order("W1", 3);
    let list = shelf
        .desk
        .run(&["exceptions", "list", "--json"])
        .ok()
        .json();
    let id = list["exceptions"][0]["id"].to_string();
    let words = [
        "exceptions",
        "resolve",
        &id,
        "--release",
        "--note",
        "they promised by telephone",
    ];
    shelf.desk.run(&words).ok();
    assert_eq!(shelf.goes("W1"), placed("ACME"));
    shelf.desk.run(&["verify"]).ok();
}

#[test]
fn a_list_counts_for_two_days_and_packs_are_sold_whole() {
    let shelf = Shelf::new();
    shelf
        .list("ACME", "sku,qty,case pack\nAC-12163,60,6\n", &[])
        .ok();
    shelf.order("W1", 3);
    assert_eq!(
        shelf.goes("W1"),
        placed("BLUE"),
        "no three of a pack of six"
    );
    shelf.order("W2", 6);
    assert_eq!(shelf.goes("W2"), placed("ACME"));
    shelf.list("ACME", "sku,qty\nAC-12163,0\n", &[]).ok();
    shelf.desk.now("2025-06-04T10:00:00Z");
    shelf.order("W3", 1);
    assert_eq!(shelf.goes("W3"), placed("BLUE"));
    shelf.desk.now("2025-06-04T10:06:00Z");
    shelf.order("W4", 1);
    assert_eq!(shelf.goes("W4"), placed("ACME"), "nobody knows any more");
    let screen = shelf.desk.run(&["stock", "list"]).ok().stdout;
    assert!(screen.contains("too old"), "{screen}");
}

#[test]
fn costs_follow_and_their_history_is_kept() {
    let shelf = Shelf::new();
    let said = shelf
        .list("ACME", "sku,qty,your cost\nAC-12163,9,65.00\n", &[])
        .ok()
        .stdout;
    assert!(
        said.contains("BF63-12163 costs 65.00 now, 61.50 before."),
        "{said}"
    );
    shelf.order("W1", 1);
    let po = shelf
        .desk
        .run(&["po", "show", "W1-1", "--json"])
        .ok()
        .json();
    assert_eq!(po["total"], "65.00");
    let shown = shelf
        .desk
        .run(&["stock", "show", "BF63-12163", "--json"])
        .ok()
        .json();
    let costs: Vec<&Value> = shown["costs"]
        .as_array()
        .expect("a list")
        .iter()
        .map(|one| &one["cost"])
        .collect();
    assert_eq!(costs, ["61.50", "64.00", "65.00"]);
    assert_eq!(shown["unknown"], json!(["BLUE"]));
}

/// Twelve articles of one vendor.
fn many(shelf: &Shelf) -> (String, String) {
    let mut catalogue = CATALOGUE.to_owned();
    let mut list = "sku,qty,cost\n".to_owned();
    for number in 0..12 {
        catalogue +=
            &format!("S{number},Thing {number},Things,ACME,A{number},10.00,20.00,1,active,1\n");
        list += &format!("A{number},5,10.00\n");
    }
    shelf.desk.file("more.csv", catalogue.as_bytes());
    shelf.desk.run(&["catalogue", "import", "more.csv"]).ok();
    (catalogue, list)
}

#[test]
fn an_odd_list_is_shown_before_it_counts() {
    let shelf = Shelf::new();
    let (_, whole) = many(&shelf);
    shelf.list("ACME", &whole, &[]).ok();
    let part: String = whole
        .lines()
        .take(6)
        .map(|line| format!("{line}\n"))
        .collect();
    let sold = whole.replace(",5,", ",0,");
    let dear = whole.replace("A3,5,10.00", "A3,5,13.00");
    for (text, why) in [
        (
            &part,
            "7 of the 12 articles of the list before are not in it",
        ),
        (&sold, "12 of 12 articles are sold out at once"),
        (&dear, "S3 costs 13.00 (line 5), 10.00 before: 30 %"),
    ] {
        shelf.list("ACME", text, &[]).fails(
            1,
            &[
                "is not taken in as what Acme Home Goods has",
                why,
                "--anyway --note WHY",
            ],
        );
        let list = shelf.desk.run(&["stock", "list", "--json"]).ok().json();
        assert_eq!(list["stock"][3]["available"], 5, "{why}");
    }
    shelf
        .list("ACME", &dear, &["--anyway"])
        .fails(2, &["--note"]);
    let said = shelf
        .list("ACME", &dear, &["--anyway", "--note", "asked Ms Lee"])
        .ok()
        .stdout;
    assert!(said.contains("S3 costs 13.00 now, 10.00 before."), "{said}");
    let said = shelf
        .list("ACME", &part, &["--anyway", "--note", "a small one"])
        .ok()
        .stdout;
    assert!(
        said.contains("7 articles of the list before are not in it: nobody knows of them now."),
        "{said}"
    );
    shelf.desk.run(&["verify"]).ok();
}

#[test]
fn what_is_no_list_of_the_vendor_is_refused() {
    let shelf = Shelf::new();
    let two = "sku,qty\nAC-12163,3\nBF63-12163,4\nAC-00010,2\n";
    let said = shelf.list("ACME", two, &[]).ok().stdout;
    assert!(
        said.contains("BF63-12163 stands on line 2 and, otherwise, on line 3"),
        "{said}"
    );
    assert_eq!(shelf.available("ACME"), Value::Null);
    shelf
        .list("BLUE", "sku,qty\nAC-12163,3\n", &[])
        .fails(1, &["none of the 1 rows", "is it its list?"]);
    shelf
        .list("ACMR", two, &[])
        .fails(1, &["did you mean ACME?"]);
    shelf
        .list("ACME", "sku,colour\nAC-12163,brass\n", &[])
        .fails(1, &["no row of headings"]);
    shelf
        .list("ACME", "sku,qty\nAC-12163,many\nAC-1,few\n", &[])
        .fails(1, &["line 2", "not a whole number"]);
    shelf
        .desk
        .run(&["stock", "show", "NO-1"])
        .fails(1, &["is not in the catalogue"]);
}
