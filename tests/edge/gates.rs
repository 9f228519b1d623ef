//! Every edge is a gate: whatever number stands in a field of what comes in, nothing overflows or panics,
//! nobody else's work stops, and every command answers.

mod config;
mod quickbooks;

use crate::support::desk::{CATALOGUE, Output, TestDesk, VENDORS};
use crate::support::scene::problems;
use serde_json::{Value, json};

/// Numbers at and beyond the ends of what can be meant, and of what can be held.
const EXTREMES: &[&str] = &[
    "0",
    "-1",
    "1000000",
    "1000001",
    "1000000000.00",
    "1000000000.01",
    "9223372036854775807",
    "-9223372036854775808",
    "92233720368547758.07",
    "4294967295",
    "1e308",
    "NaN",
    "1234567890123456789012345678901234567890",
];

/// A site on which limits only warn, with one order that is placed and sent.
fn site() -> TestDesk {
    let desk = TestDesk::stocked();
    warned(&desk, "");
    desk.order(&TestDesk::plain_order("W200001"));
    desk.run(&["process"]).ok();
    desk
}

/// The configuration with all limits that only warn, and more rules.
fn warned(desk: &TestDesk, more: &str) {
    let limits = [
        "below_cost",
        "price_mismatch",
        "total_mismatch",
        "quantity_limit",
        "order_value_limit",
        "suspected_duplicate",
    ];
    let rules = limits.iter().filter(|code| !more.contains(*code));
    let rules: String = rules
        .map(|code| format!("{code} = {{ severity = \"warn\" }}\n"))
        .collect();
    desk.config(&format!("[rules]\n{rules}{more}"));
}

/// What poms may answer to anything.
fn answered(done: &Output, what: &str) {
    let said = format!("{}{}", done.stdout, done.stderr);
    assert!(matches!(done.code, 0..=2), "{what}: {} {said}", done.code);
    for word in ["overflow", "a fault inside poms", "the ledger failed"] {
        assert!(!said.contains(word), "{what}: {said}");
    }
}

/// Every command that looks at all of it.
fn looks(desk: &TestDesk) {
    for args in [
        &["process"][..],
        &["status"],
        &["exceptions", "list", "--all"],
        &["order", "list", "--limit", "1000"],
        &["order", "show", "W200001"],
        &["po", "list"],
        &["po", "show", "W200001-1"],
        &["invoice", "list"],
        &["report", "money-at-risk"],
        &["report", "margin"],
        &["report", "payables"],
        &["report", "refunds-due"],
        &["return", "list"],
    ] {
        answered(&desk.run(args), &args.join(" "));
    }
    desk.run(&["verify"]).ok();
    assert_eq!(problems(&desk.path("poms.db")), Vec::<String>::new());
}

/// The plain order as text, with a number put raw in the place of a field.
fn with(number: &str, field: &str, value: &str) -> String {
    let mut order = TestDesk::plain_order(number);
    order["customer"]["email"] = json!(format!("{number}@mail.example"));
    order["discount"] = json!("0.00");
    let place = match field {
        "qty" | "unit_price" => &mut order["lines"][0][field],
        _ => &mut order[field],
    };
    *place = Value::from("HERE");
    let text = order.to_string();
    match field {
        "qty" => text.replace("\"HERE\"", value),
        _ => text.replace("HERE", value),
    }
}

/// An order mail of any text.
fn send(desk: &TestDesk, text: &str) {
    use poms::intake::openpgp::make;
    let entity = make::json_entity(text);
    let sealed = make::seal(
        &entity,
        desk.webshop_key(),
        &[desk.shop_key()],
        desk.moment(),
    );
    desk.sealed_mail(&sealed.expect("sealed"));
}

#[test]
fn orders_with_any_number_keep_no_other_waiting() {
    let desk = site();
    let fields = ["qty", "unit_price", "shipping", "tax", "total", "discount"];
    let mut number = 300_000;
    for _ in 0..2 {
        desk.order(&TestDesk::plain_order(&format!("W{number}")));
        for field in fields {
            for value in EXTREMES {
                number += 1;
                send(&desk, &with(&format!("W{number}"), field, value));
            }
        }
        number += 1;
        desk.order(&TestDesk::plain_order(&format!("W{number}")));
        let done = desk.run(&["process", "--json"]);
        answered(&done, "process");
        let run = done.json();
        assert_eq!(run["messages"]["quarantined"], 0, "{run}");
        for good in [
            number,
            number - 1 - fields.len() as i64 * EXTREMES.len() as i64,
        ] {
            let shown = desk.run(&["order", "show", &format!("W{good}"), "--json"]);
            assert_eq!(shown.ok().json()["state"], "placed", "W{good}");
        }
        number += 1;
    }
    let held = desk
        .run(&["message", "list", "--state", "held", "--json"])
        .ok();
    assert!(
        held.stdout.contains("1,000,000 pieces are the most"),
        "{}",
        held.stdout
    );
    assert!(
        held.stdout.contains("is too large an amount"),
        "{}",
        held.stdout
    );
    looks(&desk);
}

#[test]
fn bills_and_advices_with_any_number_keep_no_other_out() {
    let desk = site();
    let mut bills = crate::books::HEAD.to_owned();
    let mut place = 0;
    for _ in 0..2 {
        for field in 5..9 {
            for value in EXTREMES {
                place += 1;
                let number = format!("A-{place}");
                let mut row = [
                    "Acme Home Goods",
                    &number,
                    "2025-06-03",
                    "W200001-1",
                    "BF63-12163",
                    "1",
                    "61.50",
                    "0.00",
                    "61.50",
                ];
                row[field] = value;
                bills += &(row.join(",") + "\n");
            }
        }
    }
    bills += "Acme Home Goods,GOOD-1,2025-06-03,W200001-1,BF63-12163,3,61.50,,184.50\n";
    let mut advices = "po_number,sku,qty,carrier,tracking_number,ship_date\n".to_owned();
    for value in EXTREMES.iter().chain(EXTREMES) {
        advices += &format!("W200001-1,BF63-12163,{value},UPS,1Z999AA10123456784,2025-06-02\n");
    }
    let mut answers = "po_number,sku,qty,status\n".to_owned();
    for value in EXTREMES.iter().chain(EXTREMES) {
        answers += &format!("W200001-1,BF63-12163,{value},accepted\n");
    }
    for (name, text, command) in [
        ("bills.csv", &bills, "import-invoices"),
        ("answers.csv", &answers, "import-advices"),
        ("advices.csv", &advices, "import-advices"),
    ] {
        desk.file(name, text.as_bytes());
        for _ in 0..2 {
            answered(&desk.run(&[command, name]), name);
        }
    }
    let listed = desk
        .run(&["invoice", "list", "--limit", "1000", "--json"])
        .ok()
        .stdout;
    assert!(listed.contains("GOOD-1"), "{listed}");
    looks(&desk);
}

#[test]
fn a_catalogue_and_vendors_with_any_number_are_taken_or_refused_whole() {
    let desk = site();
    let vendors = VENDORS.replace(
        "channel,zip",
        "channel,zip,handling_days,tolerance_amount,freight_per_order,freight_percent",
    );
    for value in EXTREMES {
        for (what, text, sound) in [
            ("catalogue", CATALOGUE.replace("61.50", value), CATALOGUE),
            ("catalogue", CATALOGUE.replace("108.23", value), CATALOGUE),
            (
                "catalogue",
                CATALOGUE.replace(",9.5,", &format!(",{value},")),
                CATALOGUE,
            ),
            (
                "catalogue",
                CATALOGUE.replace("active,1\nKT", &format!("active,{value}\nKT")),
                CATALOGUE,
            ),
            (
                "vendors",
                vendors
                    .replace("04101", &format!("04101,{value},,,"))
                    .replace("28801", "28801,,,,"),
                VENDORS,
            ),
            (
                "vendors",
                vendors
                    .replace("04101", &format!("04101,1,{value},,"))
                    .replace("28801", "28801,,,,"),
                VENDORS,
            ),
            (
                "vendors",
                vendors
                    .replace("04101", &format!("04101,1,,{value},"))
                    .replace("28801", "28801,,,,"),
                VENDORS,
            ),
            (
                "vendors",
                vendors
                    .replace("04101", &format!("04101,1,,,{value}"))
                    .replace("28801", "28801,,,,"),
                VENDORS,
            ),
        ] {
            desk.file("in.csv", text.as_bytes());
            answered(&desk.run(&[what, "import", "in.csv"]), &text);
            answered(&desk.run(&["process"]), &text);
            desk.file("in.csv", sound.as_bytes());
            answered(&desk.run(&[what, "import", "in.csv"]), sound);
        }
    }
    looks(&desk);
}

/// What a person may type with a number in it.
fn typed(value: &str) -> Vec<Vec<String>> {
    let (pieces, named, to) = (
        format!("1={value}"),
        format!("BF63-12163={value}"),
        format!("po=W200001-1:{value}"),
    );
    let lines: &[&[&str]] = &[
        &[
            "return",
            "open",
            "W200001",
            &pieces,
            "--reason",
            "x",
            "--kind",
            "cancelled_before_shipping",
        ],
        &["return", "receive", "R1", &pieces],
        &[
            "order",
            "refund",
            "W200001",
            "--method",
            "card",
            "--reference",
            value,
            "--amount",
            value,
            "--note",
            "x",
        ],
        &["exceptions", "resolve", "1", "--amend", &to, "--note", "x"],
        &["exceptions", "snooze", "1", "--days", value],
        &[
            "exceptions",
            "resolve",
            "1",
            "--amend",
            &named,
            "--note",
            "x",
        ],
        &["exceptions", "show", value],
        &["exceptions", "list", "--older-than", value],
        &["order", "list", "--days", value],
        &["order", "list", "--limit", value],
        &["po", "list", "--limit", value],
        &["message", "show", value],
        &["outbox", "retry", value],
        &["audit", "show", value],
    ];
    let owned = |line: &&[&str]| line.iter().map(|word| (*word).to_owned()).collect();
    lines.iter().map(owned).collect()
}

#[test]
fn commands_with_any_number_answer() {
    let desk = site();
    // a bill without a purchase order
    let bill = "Acme Home Goods,A-1,2025-06-03,X1,BF63-12163,1,61.50,,61.50\n";
    desk.file("b.csv", format!("{}{bill}", crate::books::HEAD).as_bytes());
    desk.run(&["import-invoices", "b.csv"]).ok();
    for value in EXTREMES {
        for line in typed(value) {
            let args: Vec<&str> = line.iter().map(String::as_str).collect();
            answered(&desk.run(&args), &args.join(" "));
        }
    }
    looks(&desk);
}

#[test]
fn limits_of_any_number_are_taken_or_refused() {
    let desk = site();
    let mut number = 400_000;
    for value in EXTREMES {
        for limit in [
            format!("order_value_limit = {{ max = \"{value}\" }}"),
            format!("spending_limit = {{ limit = \"{value}\" }}"),
            format!("price_mismatch = {{ tolerance = \"{value}\" }}"),
            format!("quantity_limit = {{ max_qty = {value} }}"),
            format!("stale_order = {{ max_days = {value} }}"),
            format!("future_order = {{ max_hours = {value} }}"),
            format!("suspected_duplicate = {{ hours = {value} }}"),
            format!("invoice_date = {{ before_days = {value}, ahead_days = {value} }}"),
        ] {
            warned(&desk, &limit);
            number += 1;
            desk.order(&TestDesk::plain_order(&format!("W{number}")));
            answered(&desk.run(&["process"]), &limit);
        }
    }
    warned(&desk, "");
    answered(&desk.run(&["process"]), "in the end");
    looks(&desk);
}
