//! Two shops that count alike: a prefix tells their orders apart, wherever a number is written.

use crate::support::desk::TestDesk;
use crate::support::shop::ShopServer;
use crate::support::shop::beds::shopify_order;
use crate::support::shop::shopify::{self, CLIENT, FakeShopify, SECRET};
use serde_json::{Value, json};

/// The order #1001 of a shop, for a customer of its own.
fn order(customer: &str) -> Value {
    let mut order = shopify_order(1001, "2025-06-02T09:00:00Z");
    order["email"] = json!(format!("{customer}@customer.example"));
    order["shippingAddress"]["name"] = json!(format!("{customer} Byron"));
    order
}

struct Two {
    desk: TestDesk,
    west: ShopServer<FakeShopify>,
    east: ShopServer<FakeShopify>,
}

impl Two {
    fn new() -> Two {
        let two = Two {
            desk: TestDesk::stocked(),
            west: shopify::start(),
            east: shopify::start(),
        };
        for (shop, customer) in [(&two.west, "ada"), (&two.east, "eva")] {
            shop.with(|shop| {
                let more = ["write_merchant_managed_fulfillment_orders", "write_orders"];
                shop.scopes.extend(more);
                shop.orders = vec![order(customer)];
            });
        }
        two.desk.file("keys/shopify.secret", SECRET.as_bytes());
        two.configure("order_prefix = \"EU-\"");
        two
    }

    fn configure(&self, more: &str) {
        let table = |name: &str, shop: &ShopServer<FakeShopify>, more: &str| {
            format!(
                "[[source]]\nname = \"{name}\"\nkind = \"shopify\"\nshop = \"{name}-goods.myshopify.com\"\n\
                 base_url = \"{}\"\nclient_id = \"{CLIENT}\"\nclient_secret_file = \"keys/shopify.secret\"\n\
                 since = \"2025-06-01\"\ntracking = \"fulfillments\"\n{more}\n",
                shop.url()
            )
        };
        let (west, east) = (
            table("west", &self.west, ""),
            table("east", &self.east, more),
        );
        self.desk.config(&format!("{west}{east}"));
    }

    fn orders(&self) -> Vec<(String, String)> {
        let list = self.desk.run(&["--json", "order", "list"]).ok().json();
        let rows = list["orders"].as_array().expect("a list").iter();
        let text = |value: &Value| value.as_str().expect("words").to_owned();
        let mut all: Vec<_> = rows
            .map(|row| (text(&row["reference"]), text(&row["state"])))
            .collect();
        all.sort();
        all
    }
}

fn placed(numbers: &[&str]) -> Vec<(String, String)> {
    let of = |number: &&str| ((*number).to_owned(), "placed".to_owned());
    numbers.iter().map(of).collect()
}

#[test]
fn a_prefix_tells_the_orders_of_two_shops_apart() {
    let two = Two::new();
    two.desk.run(&["process"]).ok();
    assert_eq!(two.orders(), placed(&["#1001", "EU-1001"]));
    let story = two
        .desk
        .run(&["order", "show", "EU-1001", "--json"])
        .ok()
        .json();
    let po = story["purchase_orders"][0]["number"]
        .as_str()
        .expect("a number")
        .to_owned();
    assert_eq!(po, "EU-1001-1");
    assert_eq!(story["number_for_customer"], "#1001");
    let shown = two.desk.run(&["order", "show", "EU-1001"]).ok().stdout;
    // who looks for the one sees that there is another
    let other = two.desk.run(&["order", "show", "#1001"]).ok().stdout;
    assert!(
        other.contains("EU-1001, whose number is #1001 in its shop"),
        "{other}"
    );
    assert!(
        shown.contains("#1001: the number that the customer knows"),
        "{shown}"
    );
    // the vendor knows our number, the customer the shop's
    let vendor = two.desk.mails_to("orders@acme.example");
    let mut subjects: Vec<String> = vendor.iter().map(|mail| mail.subject()).collect();
    subjects.sort();
    assert!(
        subjects[1].contains("EU-1001-1") && !subjects[0].contains("EU-"),
        "{subjects:?}"
    );
    let to_eva = two.desk.mails_to("eva@customer.example");
    assert!(
        to_eva[0].subject().contains("#1001"),
        "{}",
        to_eva[0].subject()
    );
    assert!(!to_eva[0].text().contains("EU-"), "{}", to_eva[0].text());
    // by either number
    let found = |words: &str| {
        let found = two
            .desk
            .run(&["order", "search", words, "--json"])
            .ok()
            .json();
        let rows = found["orders"].as_array().expect("a list").iter();
        let mut rows: Vec<String> = rows
            .map(|row| row["reference"].as_str().unwrap().to_owned())
            .collect();
        rows.sort();
        rows
    };
    assert_eq!(found("#1001"), ["#1001", "EU-1001"]);
    assert_eq!(found("eu-1001"), ["EU-1001"]);
}

#[test]
fn what_left_is_told_to_the_shop_that_it_is_of_and_to_its_customer() {
    let two = Two::new();
    two.desk.run(&["process"]).ok();
    two.desk.now("2025-06-03T15:00:00Z");
    let csv = "po,sku,qty,carrier,tracking,ship date\nEU-1001-1,KT10-00010,2,UPS,1Z5R89390357567127,2025-06-03\n";
    two.desk.file("advice.csv", csv.as_bytes());
    two.desk.run(&["import-advices", "advice.csv"]).ok();
    two.desk.run(&["process"]).ok();
    let fulfilled = |shop: &ShopServer<FakeShopify>| {
        shop.with(|shop| {
            assert_eq!(shop.wrong, Vec::<String>::new());
            shop.orders[0]["fulfillments"]
                .as_array()
                .map_or(0, Vec::len)
        })
    };
    assert_eq!((fulfilled(&two.west), fulfilled(&two.east)), (0, 1));
    let mail = two.desk.mails_to("eva@customer.example");
    let mail = mail.last().expect("a mail");
    assert!(
        mail.subject().contains("#1001") && !mail.text().contains("EU-"),
        "{}",
        mail.text()
    );
    let proof = two.desk.run(&["report", "shop", "--json"]).ok().json();
    for shop in proof["shops"].as_array().expect("a list") {
        assert_eq!(shop["compared"]["in_ledger"], 1, "{proof:#}");
    }
    two.desk.run(&["verify"]).ok();
}

#[test]
fn what_the_shop_says_later_is_of_the_order_that_is_there_whatever_the_prefix_is_now() {
    let two = Two::new();
    two.desk.run(&["process"]).ok();
    for (more, hour) in [
        ("order_prefix = \"UK-\"", 11),
        ("", 12),
        ("order_prefix = \"EU-\"", 13),
    ] {
        two.configure(more);
        let changed = format!("2025-06-02T{hour}:00:00Z");
        let wish = json!({"note": format!("please call at {hour}")});
        two.east.with(|shop| shop.change(1001, &changed, wish));
        two.desk.now(&format!("2025-06-02T{hour}:10:00Z"));
        two.desk.run(&["process"]).done();
        assert_eq!(two.orders(), placed(&["#1001", "EU-1001"]), "{more}");
        let open = two.desk.run(&["exceptions", "list", "--json"]).ok().json();
        let open = open["exceptions"].as_array().expect("a list");
        assert_eq!(open.len(), 1, "{open:?}");
        assert_eq!(
            (&open[0]["code"], &open[0]["order"]),
            (&json!("changed_in_shop"), &json!("EU-1001"))
        );
    }
    // a new one has the prefix of now
    two.configure("order_prefix = \"UK-\"");
    two.east.with(|shop| {
        let mut new = shopify_order(1002, "2025-06-02T14:00:00Z");
        new["email"] = json!("mia@customer.example");
        new["shippingAddress"]["name"] = json!("Mia Byron");
        shop.orders.push(new);
    });
    two.desk
        .now("2025-06-02T14:10:00Z")
        .run(&["process"])
        .done();
    assert_eq!(two.orders(), placed(&["#1001", "EU-1001", "UK-1002"]));
    two.desk.run(&["verify"]).ok();
}

/// An export that is written again and again must not be ordered again because its numbers are written otherwise.
#[test]
fn a_folder_that_gets_a_prefix_orders_nothing_again() {
    let desk = TestDesk::stocked();
    desk.folder("in");
    let folder = |more: &str| {
        desk.config(&format!(
            "[[source]]\nname = \"files\"\nkind = \"folder\"\npath = \"in\"\ntrusted = true\nsettle_seconds = 0\n{more}\n"
        ));
    };
    let states = || {
        let list = desk.run(&["--json", "order", "list"]).ok().json();
        let rows = list["orders"].as_array().expect("a list").iter();
        let rows: Vec<String> = rows
            .map(|row| {
                format!(
                    "{} {}",
                    row["reference"].as_str().unwrap(),
                    row["state"].as_str().unwrap()
                )
            })
            .collect();
        rows
    };
    let text = TestDesk::plain_order("W200001").to_string();
    folder("");
    desk.file("in/a.json", text.as_bytes());
    desk.run(&["process"]).ok();
    assert_eq!(states(), ["W200001 placed"]);
    folder("order_prefix = \"B-\"");
    desk.file("in/b.json", text.as_bytes());
    desk.run(&["process"]).ok();
    assert_eq!(states(), ["W200001 placed"]);
    desk.file(
        "in/c.json",
        TestDesk::plain_order("W200002").to_string().as_bytes(),
    );
    desk.file(
        "in/d.json",
        br#"{"cancel": "W200001", "reason": "changed her mind"}"#,
    );
    desk.now("2025-06-02T11:00:00Z").run(&["process"]).done();
    assert_eq!(states().len(), 2, "{:?}", states());
    assert!(
        states().iter().any(|one| one.starts_with("B-W200002")),
        "{:?}",
        states()
    );
    let open = desk.run(&["exceptions", "list"]).ok().stdout;
    assert!(
        open.contains("changed_in_shop") && open.contains("W200001"),
        "{open}"
    );
    desk.run(&["verify"]).ok();
}

#[test]
fn a_prefix_that_makes_no_number_is_refused() {
    let desk = TestDesk::stocked();
    desk.folder("in");
    for wrong in ["12", "-A", "EU ", "much-too-long-a-prefix", ""] {
        desk.config(&format!(
            "[[source]]\nname = \"files\"\nkind = \"folder\"\npath = \"in\"\norder_prefix = \"{wrong}\"\n"
        ));
        desk.run(&["process"])
            .fails(2, &["order_prefix", "such as \"EU-\""]);
    }
}

/// What a person brings of such a shop is its order, and no second one when the shop's own comes.
#[test]
fn a_file_of_a_shop_with_a_prefix_says_of_which_it_is() {
    let two = Two::new();
    let file = json!({"orders": [order("eva")]}).to_string();
    two.desk.file("export.json", file.as_bytes());
    let add = |more: &[&str]| {
        let args = ["order", "add", "export.json", "--note", "missed"];
        two.desk.run(&[&args[..], more].concat())
    };
    add(&[]).fails(
        1,
        &[
            "order #1001 is of a shop",
            "--source east (its orders begin with EU-), --source west",
        ],
    );
    add(&["--source", "eats"]).fails(2, &["did you mean east?"]);
    let said = add(&["--source", "east"]).ok().stdout;
    assert!(said.contains("Order EU-1001 is placed."), "{said}");
    two.desk.run(&["process"]).ok();
    // the shop's own form of it says more than the file: a person is asked, and nothing is ordered twice
    let mut wanted = placed(&["#1001", "EU-1001"]);
    wanted.push(("EU-1001~2".to_owned(), "held".to_owned()));
    assert_eq!(two.orders(), wanted);
    two.desk.run(&["verify"]).ok();
}

#[test]
fn orders_under_way_of_a_shop_with_a_prefix_are_taken_over_under_it() {
    let two = Two::new();
    let file = json!({"orders": [{
        "order": TestDesk::plain_order("1001"),
        "purchase_orders": [{"number": "PO-77", "vendor": "ACME", "sent": "2025-05-28", "lines": [{"line": 1}]}],
    }]});
    two.desk.file("before.json", file.to_string().as_bytes());
    let args = ["order", "adopt", "before.json", "--note", "from before"];
    two.desk
        .run(&[&args[..], &["--source", "east"]].concat())
        .ok();
    assert_eq!(two.orders(), placed(&["EU-1001"]));
}
