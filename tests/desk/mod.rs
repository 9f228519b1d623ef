//! The admin's and support's commands, typed as a person types them, on a whole site.

use crate::support::desk::TestDesk;
use serde_json::json;

#[test]
fn a_good_order_is_placed_and_a_bad_one_is_listed() {
    let desk = TestDesk::stocked();
    let mut bad = TestDesk::plain_order("W200002");
    bad["ship_to"]["zip"] = json!("10001");
    desk.order(&TestDesk::plain_order("W200001")).order(&bad);
    let report = desk.run(&["process", "--json"]).ok().json();
    assert_eq!(report["orders"]["placed"], 1, "{report:#}");
    assert_eq!(report["orders"]["held"], 1, "{report:#}");
    let mut to: Vec<String> = desk.mails().iter().map(|mail| mail.to()).collect();
    to.sort();
    assert_eq!(
        to,
        ["c@mail.example", "ops@shop.example", "orders@acme.example"]
    );
    assert_eq!(desk.waiting(), 0);
}
