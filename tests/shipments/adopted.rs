//! Orders that were under way before poms came: taken over as they stand, and then treated as its own.

use super::{Dock, T1, T2};
use crate::support::desk::TestDesk;
use serde_json::{Value, json};

/// An order of three lamps and a kettle, of which two lamps left under another system.
fn under_way() -> Value {
    let mut order = TestDesk::plain_order("W900");
    order["lines"] = json!([
        {"sku": "BF63-12163", "qty": 3, "unit_price": "108.23"},
        {"sku": "KT10-00010", "qty": 1, "unit_price": "29.90"}
    ]);
    order["total"] = json!("354.59");
    order["customer"]["email"] = json!("W900@mail.example");
    order["date"] = json!("2025-05-27T09:00:00-04:00");
    json!({"orders": [{"order": order, "purchase_orders": [{
        "number": "4711", "vendor": "ACME", "sent": "2025-05-28", "acknowledged": true, "promised": "2025-06-06",
        "lines": [{"line": 1, "unit_cost": "60.00"}, {"line": 2}],
        "shipments": [{"date": "2025-05-30", "carrier": "UPS", "tracking": [T1], "lines": [{"line": 1, "qty": 2}]}]
    }]}]})
}

fn adopt(dock: &Dock, file: &Value) -> crate::support::desk::Output {
    dock.desk
        .file("under-way.json", file.to_string().as_bytes());
    dock.desk.run(&[
        "order",
        "adopt",
        "under-way.json",
        "--note",
        "from the old system",
    ])
}

#[test]
fn what_is_under_way_is_taken_over_and_nothing_is_sent() {
    let dock = Dock::new();
    let said = adopt(&dock, &under_way()).ok().stdout;
    assert!(
        said.contains("Order W900 is taken over with 1 purchase order: it is partly shipped"),
        "{said}"
    );
    dock.run();
    assert_eq!(dock.desk.mails().len(), 0, "nothing is sent");
    assert_eq!(dock.open(), [""; 0]);
    let story = dock.show("W900");
    assert_eq!(story["state"], "partly_shipped");
    assert_eq!(story["purchase_orders"][0]["number"], "4711");
    let screen = dock.desk.run(&["order", "show", "W900"]).ok().stdout;
    assert!(
        screen.contains("taken over as it stood: from the old system"),
        "{screen}"
    );
    assert!(screen.contains("it was sent on 2025-05-28"), "{screen}");
    assert!(!screen.contains("passed every check"), "{screen}");
    // the same file again does nothing
    let again = adopt(&dock, &under_way()).ok().stdout;
    assert!(
        again.contains("is there already with this content"),
        "{again}"
    );
    // its vendor's advice finds it, and the customer reads of what is new alone
    let table = format!(
        "po_number,sku,qty,carrier,tracking_number,ship_date\n4711,AC-12163,1,UPS,{T2},2025-06-02\n4711,AC-00010,1,UPS,{T2},2025-06-02\n"
    );
    let from = ("Ann <ann@acme.example>", "acme.example");
    dock.mail(from.0, from.1, "PO 4711", "Thanks!", Some(&table));
    dock.desk.now("2025-06-02T15:00:00Z");
    dock.run();
    assert_eq!(dock.show("W900")["state"], "shipped", "{:?}", dock.open());
    let mails = dock.desk.mails_to("W900@mail.example");
    assert_eq!(mails.len(), 1);
    let text = mails[0].text();
    assert!(text.contains(T2) && !text.contains(T1), "{text}");
    // and so does its bill, at the cost that was agreed then
    dock.desk.file("bills.csv", b"vendor,invoice_number,invoice_date,po_number,sku,quantity,unit_price,amount\nAcme Home Goods,77,2025-05-31,4711,BF63-12163,3,60.00,180.00\nAcme Home Goods,77,2025-05-31,4711,KT10-00010,1,14.00,14.00\n");
    let bill = dock.desk.run(&["import-invoices", "bills.csv"]);
    assert_eq!(bill.code, 0, "{}{}", bill.stdout, bill.stderr);
    assert_eq!(dock.open(), [""; 0]);
    dock.verify();
}

#[test]
fn a_vendor_that_owes_goods_is_watched_from_then_on() {
    let dock = Dock::new();
    adopt(&dock, &under_way()).ok();
    let of_vendor = |dock: &Dock| dock.desk.mails_to("orders@acme.example").len();
    dock.desk.now("2025-06-02T15:00:00Z");
    dock.run();
    assert_eq!(of_vendor(&dock), 0, "it has its time from now on");
    for day in 3..=13 {
        dock.desk.now(&format!("2025-06-{day:02}T15:00:00Z"));
        dock.run();
    }
    assert!(of_vendor(&dock) > 0, "it is asked");
    // the day passed that the customer was told
    let told = dock.desk.mails_to("W900@mail.example");
    assert!(
        told.iter().any(|mail| mail.subject().contains("is late")),
        "{}",
        told.len()
    );
    dock.verify();
}

/// A good order, and one for each way to be wrong.
fn all_wrong_but_the_first() -> Vec<Value> {
    let good = under_way()["orders"][0].clone();
    let with = |number: &str, change: &dyn Fn(&mut Value)| {
        let mut one = good.clone();
        one["order"]["order_number"] = json!(number);
        one["purchase_orders"][0]["number"] = json!(number);
        one["purchase_orders"][0]["shipments"] = json!([]);
        change(&mut one);
        one
    };
    let po = |one: &mut Value, key: &str, to: Value| one["purchase_orders"][0][key] = to;
    vec![
        good.clone(),
        with("W901", &|one| po(one, "vendor", json!("NOBODY"))),
        with("W902", &|one| po(one, "lines", json!([{"line": 1}]))),
        with("W903", &|one| po(one, "sent", json!("2025-06-09"))),
        with("W904", &|one| po(one, "number", json!("4711"))),
        with("W905", &|one| {
            po(
                one,
                "lines",
                json!([{"line": 1}, {"line": 2}, {"line": 3, "qty": 1}]),
            )
        }),
        with("W906", &|one| {
            po(
                one,
                "shipments",
                json!([{"date": "2025-05-30", "lines": [{"line": 1, "qty": 4}]}]),
            );
        }),
        with("W907", &|one| {
            po(
                one,
                "shipments",
                json!([{"date": "2025-05-01", "lines": [{"line": 1}]}]),
            );
        }),
        with("W908", &|one| one["order"]["total"] = json!("x")),
    ]
}

#[test]
fn all_of_the_file_or_nothing_with_every_fault() {
    let dock = Dock::new();
    let all = all_wrong_but_the_first();
    let said = adopt(&dock, &json!({"orders": all}));
    assert_eq!(said.code, 1, "{}", said.stdout);
    for words in [
        "nothing was taken over",
        "order 2 (W901): vendor 'NOBODY' is not on file",
        "order 3 (W902): line 2 (KT10-00010) has 1 pieces, and its purchase orders have 0",
        "order 4 (W903)",
        "which is still to come",
        "the ledger has a purchase order 4711 already",
        "line 3 is none of the order's",
        "4 of BF63-12163",
        "before it was sent on 2025-05-28",
        "order 9 (W908)",
    ] {
        assert!(
            said.stderr.contains(words),
            "no '{words}' in {}",
            said.stderr
        );
    }
    dock.desk
        .run(&["order", "show", "W900"])
        .fails(1, &["W900"]);
    let said = adopt(
        &dock,
        &json!({"orders": [{"order": {}, "purchase_orders": [], "extra": 1}]}),
    );
    assert!(
        said.stderr.contains("unknown field `extra`"),
        "{}",
        said.stderr
    );
    dock.verify();
}
