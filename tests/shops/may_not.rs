//! Shops that may not be told: `poms check` says so, and a run does until it is mended.

use crate::support::shop::beds::ShopBed;
use serde_json::json;

fn checked(desk: &crate::support::desk::TestDesk) -> (i32, String) {
    let said = desk.run(&["check"]);
    let line = said
        .stdout
        .lines()
        .find(|line| line.contains("source webshop"));
    (said.code, line.unwrap_or_default().to_owned())
}

#[test]
fn check_says_where_woocommerce_cannot_be_told() {
    let site = ShopBed::woocommerce("tracking = \"note\"");
    let (_, line) = checked(&site.desk);
    assert!(line.starts_with("ok"), "{line}");
    site.server.with(|shop| shop.read_only = true);
    let (code, line) = checked(&site.desk);
    assert!(
        line.starts_with("WRONG") && line.contains("write permissions"),
        "{line}"
    );
    assert_eq!(code, 1);
    // no order was touched, nor could be
    let asked = site.server.asked();
    let posted: Vec<&String> = asked.iter().filter(|one| one.starts_with("POST")).collect();
    assert_eq!(posted, ["POST /wp-json/wc/v3/poms-check"; 2]);
    for (way, list, words) in [
        (
            "shipment_tracking",
            "shipment-trackings",
            "Shipment Tracking",
        ),
        ("fulfillments", "fulfillments", "fulfilments"),
    ] {
        let site = ShopBed::woocommerce(&format!("tracking = \"{way}\""));
        assert!(checked(&site.desk).1.starts_with("ok"), "{way}");
        site.server.with(|shop| shop.lacks = Some(list));
        let (_, line) = checked(&site.desk);
        assert!(line.starts_with("WRONG") && line.contains(words), "{line}");
        assert_eq!(
            site.server.with(|shop| shop.wrong.clone()),
            Vec::<String>::new()
        );
    }
}

#[test]
fn check_says_where_a_format_or_a_permission_is_wrong() {
    let site = ShopBed::woocommerce("format = \"shopify\"");
    let (_, line) = checked(&site.desk);
    assert!(
        line.starts_with("WRONG") && line.contains("leave format out"),
        "{line}"
    );
    let site = ShopBed::shopify("tracking = \"fulfillments\"");
    assert!(checked(&site.desk).1.starts_with("ok"));
    site.server
        .with(|shop| shop.scopes.retain(|one| *one != "write_orders"));
    let (_, line) = checked(&site.desk);
    assert!(
        line.starts_with("WRONG") && line.contains("write_orders"),
        "{line}"
    );
}

/// The delivery waits, each run says why, and it goes by itself once the key may write.
#[test]
fn a_key_that_may_only_read_is_told_in_every_run_until_it_may_write() {
    let site = ShopBed::woocommerce("tracking = \"note\"");
    let desk = &site.desk;
    desk.run(&["process"]).ok();
    desk.now("2025-06-03T15:00:00Z");
    let story = desk.run(&["order", "show", "727", "--json"]).ok().json();
    let po = story["purchase_orders"][0]["number"].as_str().unwrap();
    let csv = format!(
        "po,sku,qty,carrier,tracking,ship date\n{po},KT10-00010,2,UPS,1Z5R89390357567127,2025-06-03\n"
    );
    desk.file("advice.csv", csv.as_bytes());
    desk.run(&["import-advices", "advice.csv"]).ok();
    site.server.with(|shop| shop.read_only = true);
    let outbox = || {
        let list = desk.run(&["outbox", "list", "--all", "--json"]).ok().json();
        let rows = list["deliveries"].as_array().unwrap().iter();
        let rows = rows.filter(|row| row["channel"] == "shop");
        rows.map(|row| row["state"].clone()).collect::<Vec<_>>()
    };
    for minute in [0, 10, 20] {
        desk.now(&format!("2025-06-03T15:{minute:02}:00Z"));
        let said = desk.run(&["process"]);
        assert_eq!(said.code, 1, "{}", said.stderr);
        assert!(
            said.stderr.contains("source webshop") && said.stderr.contains("Read/Write"),
            "{}",
            said.stderr
        );
        assert_eq!(outbox(), [json!("queued")]);
    }
    site.server.with(|shop| shop.read_only = false);
    desk.now("2025-06-03T15:30:00Z").run(&["process"]).ok();
    desk.now("2025-06-03T15:40:00Z").run(&["process"]).ok();
    assert_eq!(outbox(), [json!("sent"), json!("sent")]);
    assert_eq!(
        site.server.with(|shop| shop.orders[0]["status"].clone()),
        "completed"
    );
    desk.run(&["verify"]).ok();
}
