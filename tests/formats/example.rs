//! The example of a format as data that a new site gets.

use crate::support::desk::TestDesk;

#[test]
fn the_example_of_a_new_site_reads_its_document_once_it_is_renamed() {
    let desk = TestDesk::new();
    desk.run(&["init", "site", "--generate-key"]).ok();
    let poms = |words: &[&str]| {
        let mut args = vec!["--config", "site/poms.toml"];
        args.extend_from_slice(words);
        desk.run(&args)
    };
    let document = "site/formats/example.csv";
    // no run reads the example as it is
    let listed = poms(&["format", "list", "--json"]).ok().json();
    let names = listed["formats"].as_array().expect("a list").iter();
    assert_eq!(names.filter(|one| one["own"] == true).count(), 0);
    let example = std::fs::read(desk.path("site/formats/example.toml.txt")).expect("the example");
    desk.file("site/formats/myshop.toml", &example);
    let tried = poms(&["format", "test", "myshop", document, "--json"])
        .ok()
        .json();
    let orders = tried["orders"].as_array().expect("a list");
    assert_eq!((orders.len(), &tried["known_by_itself"]), (2, &true.into()));
    for order in orders {
        let missing = order["missing"].as_array().expect("a list").iter();
        let empty = |one: &serde_json::Value| one.to_string().contains("nothing stands in");
        assert!(missing.clone().all(empty), "{order:#}");
    }
    let first = &orders[0]["order"];
    assert_eq!(first["order_number"], "E-501");
    assert_eq!(first["ship_to"]["state"], "VT");
    assert_eq!(first["lines"].as_array().expect("lines").len(), 2);
    let shown = poms(&["format", "test", "myshop", document]).ok().stdout;
    assert!(
        shown.contains("Engraving") && shown.contains("For Ida"),
        "{shown}"
    );
}

#[test]
fn a_cancellation_is_shown_as_one() {
    let desk = TestDesk::new();
    desk.file(
        "word.json",
        br#"{"cancel": "W200001", "reason": "changed her mind"}"#,
    );
    let shown = desk.run(&["format", "test", "word.json"]).ok().stdout;
    for words in [
        "poms-json: order W200001",
        "cancels the order of this number",
        "changed her mind",
    ] {
        assert!(shown.contains(words), "{shown}");
    }
    let json = desk
        .run(&["format", "test", "word.json", "--json"])
        .ok()
        .json();
    assert_eq!(json["orders"][0]["order"]["cancel"], "W200001");
}

#[test]
fn a_line_with_an_address_of_its_own_holds_the_order() {
    let desk = TestDesk::stocked();
    let file = "fixtures/orders/shopify-graphql/plain.json";
    let text = std::fs::read_to_string(file).expect("an order");
    let mut order: serde_json::Value = serde_json::from_str(&text).expect("JSON");
    let say = |order: &serde_json::Value| {
        desk.file("order.json", order.to_string().as_bytes());
        let tried = desk
            .run(&["format", "test", "order.json", "--json"])
            .ok()
            .json();
        tried["orders"][0]["order"]["shop_order"]["holds"].to_string()
    };
    assert!(!say(&order).contains("unclear_order"));
    let line = find(&mut order).expect("a line");
    line["customAttributes"] =
        serde_json::json!([{"key": "Ship to", "value": "4 Bay Street, Portland"}]);
    let holds = say(&order);
    assert!(
        holds.contains("unclear_order") && holds.contains("Ship to"),
        "{holds}"
    );
}

/// The first line of an order, however it is wrapped.
fn find(value: &mut serde_json::Value) -> Option<&mut serde_json::Value> {
    match value {
        serde_json::Value::Object(map) if map.contains_key("originalUnitPriceSet") => Some(value),
        serde_json::Value::Object(map) => map.values_mut().find_map(find),
        serde_json::Value::Array(list) => list.iter_mut().find_map(find),
        _ => None,
    }
}
