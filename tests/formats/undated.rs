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

#[test]
fn what_was_never_paid_is_owed_to_nobody() {
    let desk = site();
    export(&desk, 15, "open", "1 Elm St");
    export(&desk, 16, "cancelled", "1 Elm St");
    is(&desk, "N-1 cancelled", &[]);
    let shown = desk.run(&["order", "show", "N-1", "--json"]).ok().json();
    assert!(
        !shown["money"].to_string().contains("59.80\",\"refunded"),
        "{}",
        shown["money"]
    );
    let due = desk.run(&["report", "refunds-due", "--json"]).ok().stdout;
    assert!(!due.contains("N-1"), "{due}");
}

#[test]
fn a_cancellation_that_an_export_takes_back_is_asked_about() {
    let desk = site();
    export(&desk, 15, "open", "1 Elm St");
    export(&desk, 16, "cancelled", "1 Elm St");
    export(&desk, 17, "paid", "1 Elm St");
    is(&desk, "N-1 cancelled", &["changed_in_shop"]);
    assert_eq!(desk.mails_to("orders@acme.example").len(), 0);
}

#[test]
fn an_old_export_that_comes_again_is_asked_about_and_undoes_nothing() {
    let desk = site();
    export(&desk, 15, "open", "1 Elm St");
    export(&desk, 16, "open", "2 Elm St");
    is(&desk, "N-1 held", &["not_paid"]);
    export(&desk, 17, "open", "1 Elm St");
    is(&desk, "N-1 held", &["changed_in_shop", "not_paid"]);
    let shown = desk.run(&["order", "show", "N-1", "--json"]).ok().json();
    assert_eq!(shown["ship_to"]["street1"], "2 Elm St");
    // and the same file under another name is told once
    export(&desk, 18, "open", "1 Elm St");
    is(&desk, "N-1 held", &["changed_in_shop", "not_paid"]);
}

#[test]
fn a_row_without_a_number_holds_its_neighbours_and_no_other_order() {
    let desk = site();
    let row = |number: &str, who: &str| {
        format!(
            "{number},paid,2025-06-02T08:00:00-04:00,{who} Byron,{who}@mail.example,1 Elm St,Portland,ME,04101,59.80,KT10-00010,2,29.90\n"
        )
    };
    let rows = [
        ("N-1", "Ada"),
        ("N-2", "Bea"),
        ("", "Cleo"),
        ("N-3", "Dora"),
        ("N-4", "Ella"),
    ];
    let rows: String = rows.iter().map(|(number, who)| row(number, who)).collect();
    let csv = format!("Nr,State,Placed,Name,Mail,Street,City,ST,ZIP,Total,SKU,Qty,Price\n{rows}");
    desk.file("in/rows.csv", csv.as_bytes());
    desk.now("2025-06-02T15:00:00Z");
    desk.run(&["process"]);
    let (mut orders, codes) = stands(&desk);
    orders.sort();
    assert_eq!(orders, ["N-1 placed", "N-2 held", "N-3 held", "N-4 placed"]);
    assert_eq!(codes, ["unclear_order", "unclear_order", "unknown_format"]);
    let said = desk.run(&["message", "show", "1"]).ok().stdout;
    assert!(said.contains("the column \"Nr\" is empty"), "{said}");
}

#[test]
fn discounts_of_the_lines_and_of_the_order_are_told_apart_by_the_total() {
    let desk = TestDesk::stocked();
    desk.folder("formats");
    let format = FORMAT
        .replace(
            "total = \"Total\"",
            "total = \"Total\"\ndiscount = \"Voucher\"",
        )
        .replace("qty = \"Qty\"", "qty = \"Qty\"\ndiscount = \"Off\"");
    desk.file("formats/counter.toml", format.as_bytes());
    // both together; the order's has the line's in it; neither makes the total
    for (number, total, fits) in [
        ("D-1", "53.80", true),
        ("D-2", "55.80", true),
        ("D-3", "50.00", false),
    ] {
        let csv = format!(
            "Nr,State,Placed,Name,Mail,Street,City,ST,ZIP,Total,SKU,Qty,Price,Voucher,Off\n\
             {number},paid,2025-06-02T08:00:00-04:00,Ada Byron,{number}@mail.example,1 Elm St,Portland,ME,04101,{total},KT10-00010,2,29.90,4.00,-2.00\n"
        );
        let name = format!("{number}.csv");
        desk.file(&name, csv.as_bytes());
        desk.run(&["order", "add", &name, "--note", "x"]).ok();
        let open = desk.run(&["exceptions", "list", "--json"]).ok().stdout;
        let told = open.contains("total_mismatch") && open.contains(number);
        assert_eq!(told, !fits, "{number}: {open}");
    }
}
