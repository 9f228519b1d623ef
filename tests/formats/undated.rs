//! Exports of a site's own that say nothing of when an order was changed: what comes later by the same source is
//! newer; nothing is placed twice, and nothing old undoes what is new.

use crate::support::desk::TestDesk;
use serde_json::Value;

const FORMAT: &str = r#"
about = "Export of the counter"
[document]
kind = "table"
headings = ["Nr", "State", "SKU"]
[order]
order_number = "Nr"
date = "Placed"
currency = { constant = "USD" }
"customer.name" = "Name"
"customer.email" = "Mail"
"customer.phone" = { constant = "207-555-0142" }
"ship_to.name" = "Name"
"ship_to.street1" = "Street"
"ship_to.city" = "City"
"ship_to.state" = "ST"
"ship_to.zip" = "ZIP"
"ship_to.country" = { constant = "US" }
total = "Total"
[line]
sku = "SKU"
qty = "Qty"
unit_price = "Price"
[gate]
from = "State"
place = ["paid"]
hold = ["open"]
cancel = ["cancelled"]
"#;

fn site() -> TestDesk {
    let desk = TestDesk::stocked();
    desk.folder("formats");
    desk.file("formats/counter.toml", FORMAT.as_bytes());
    desk.folder("in");
    desk.config(
        "[[source]]\nname = \"counter\"\nkind = \"folder\"\npath = \"in\"\ntrusted = true\nsettle_seconds = 0\n\
         format = \"counter\"\n",
    );
    desk
}

/// A file with the order in this state, and a run.
fn export(desk: &TestDesk, hour: u32, state: &str, street: &str) {
    let csv = format!(
        "Nr,State,Placed,Name,Mail,Street,City,ST,ZIP,Total,SKU,Qty,Price\n\
         N-1,{state},2025-06-02T08:00:00-04:00,Ada Byron,ada@mail.example,{street},Portland,ME,04101,59.80,KT10-00010,2,29.90\n"
    );
    desk.file(&format!("in/{hour}.csv"), csv.as_bytes());
    desk.now(&format!("2025-06-02T{hour}:00:00Z"));
    desk.run(&["process"]);
}

/// Every order with its state, and the codes of what is open.
fn stands(desk: &TestDesk) -> (Vec<String>, Vec<String>) {
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let list = desk.run(&["order", "list", "--json"]).ok().json();
    let orders = list["orders"].as_array().unwrap().iter();
    let orders = orders.map(|one| format!("{} {}", text(&one["order"]), text(&one["state"])));
    let open = desk.run(&["exceptions", "list", "--json"]).ok().json();
    let codes = open["exceptions"].as_array().unwrap().iter();
    let mut codes: Vec<String> = codes.map(|one| text(&one["code"])).collect();
    codes.sort();
    (orders.collect(), codes)
}

fn is(desk: &TestDesk, order: &str, codes: &[&str]) {
    let (orders, open) = stands(desk);
    assert_eq!(orders, [order]);
    assert_eq!(open, codes);
}

#[test]
fn paid_later_takes_over_what_was_not_paid() {
    let desk = site();
    export(&desk, 15, "open", "1 Elm St");
    is(&desk, "N-1 held", &["not_paid"]);
    export(&desk, 16, "paid", "1 Elm St");
    is(&desk, "N-1 placed", &[]);
    // the first export again: known, and undoes nothing
    export(&desk, 17, "open", "1 Elm St");
    is(&desk, "N-1 placed", &[]);
    assert_eq!(desk.mails_to("orders@acme.example").len(), 1);
    desk.run(&["verify"]).ok();
}

#[test]
fn cancelled_later_is_asked_of_the_first_and_of_no_twin() {
    let desk = site();
    export(&desk, 15, "paid", "1 Elm St");
    export(&desk, 16, "cancelled", "1 Elm St");
    is(&desk, "N-1 placed", &["changed_in_shop"]);
}

#[test]
fn what_comes_late_takes_no_cancellation_back() {
    let desk = site();
    export(&desk, 15, "open", "1 Elm St");
    export(&desk, 16, "cancelled", "1 Elm St");
    let (orders, _) = stands(&desk);
    assert_eq!(orders, ["N-1 cancelled"]);
    // of before, and never seen
    export(&desk, 17, "paid", "2 Elm St");
    is(&desk, "N-1 cancelled", &["changed_in_shop"]);
    assert_eq!(desk.mails_to("orders@acme.example").len(), 0);
}
