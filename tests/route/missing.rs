//! What nobody has: it waits, or is ordered from who takes backorders and says when more comes.

use super::{Shop, held, placed, went};

const BACKORDER: &str = "[[strategy]]\nname = \"later\"\nmissing = \"backorder\"";

/// Nobody has a wool rug; NORTH and WEST take backorders, SOUTH does not.
fn sold_out(shop: &Shop, north: &str, west: &str) {
    shop.list("NORTH", &format!("sku,qty,eta\nN-1,0,{north}\n"));
    shop.list("SOUTH", "sku,qty,eta\nS-1,0,06/04/2025\n");
    shop.list("WEST", &format!("sku,qty,eta\nW-1,0,{west}\n"));
}

#[test]
fn it_goes_to_who_takes_backorders_and_is_promised_for_when_it_comes() {
    let shop = Shop::new(BACKORDER);
    sold_out(&shop, "", "06/20/2025");
    let story = shop.order("W1", &[("RUG-1", 2)]);
    assert_eq!(went(&story), placed(&["RUG-1 2 WEST"]), "{story:#}");
    // Friday, and three days of handling
    let promise = &story["purchase_orders"][0]["promise"];
    assert_eq!(promise["ship_by"], "2025-06-25", "{promise:#}");
    let said = story["from_whom"][0].as_str().expect("a line");
    assert!(
        said.contains("WEST (backorder: more on 2025-06-20)"),
        "{said}"
    );
    let mails = shop.desk.mails_to("W1@mail.example");
    let told = mails.last().expect("a mail").text();
    assert!(
        told.contains("July 1, 2025") || told.contains("2025-07-01"),
        "{told}"
    );
    // closed on that day: it leaves later; open again: no earlier than the goods are there
    let close = [
        "vendors",
        "close",
        "WEST",
        "--from",
        "2025-06-23",
        "--until",
        "2025-06-27",
        "--note",
        "x",
    ];
    shop.desk.run(&close).ok();
    let ships = |shop: &Shop| shop.show("W1")["purchase_orders"][0]["promise"]["ship_by"].clone();
    assert_eq!(ships(&shop), "2025-06-30");
    shop.desk
        .run(&["vendors", "open", "WEST", "--note", "x"])
        .ok();
    assert_eq!(ships(&shop), "2025-06-30");
    shop.desk.run(&["verify"]).ok();
}

#[test]
fn nobody_who_takes_backorders_says_when() {
    for (north, west) in [("", ""), ("05/20/2025", "06/02/2025")] {
        let shop = Shop::new(BACKORDER);
        sold_out(&shop, north, west);
        let story = shop.order("W1", &[("RUG-1", 2)]);
        assert_eq!(went(&story), held(), "{north} {west}");
        assert_eq!(story["exceptions"][0]["code"], "out_of_stock");
    }
    let shop = Shop::new("[[strategy]]\nname = \"hold\"");
    sold_out(&shop, "06/20/2025", "06/20/2025");
    assert_eq!(went(&shop.order("W1", &[("RUG-1", 2)])), held());
}

#[test]
fn what_there_is_goes_at_once_or_waits() {
    let goods = [("RUG-1", 1), ("PAD-1", 2)];
    let shop = Shop::new(BACKORDER);
    sold_out(&shop, "06/20/2025", "");
    let story = shop.order("W1", &goods);
    assert_eq!(went(&story), placed(&["RUG-1 1 NORTH", "PAD-1 2 SOUTH"]));
    assert_eq!(
        story["purchase_orders"][1]["promise"]["ship_by"],
        "2025-06-03"
    );
    let shop = Shop::new(&format!("{BACKORDER}\navailable = \"together\""));
    sold_out(&shop, "06/20/2025", "");
    assert_eq!(went(&shop.order("W1", &goods)), held());
    // nothing waits for it
    assert_eq!(
        went(&shop.order("W2", &goods[..1])),
        placed(&["RUG-1 1 NORTH"])
    );
    // it comes, and all goes
    shop.list("SOUTH", "sku,qty\nS-1,4\n");
    assert_eq!(
        went(&shop.show("W1")),
        placed(&["RUG-1 1 SOUTH", "PAD-1 2 SOUTH"])
    );
}

#[test]
fn whether_a_vendor_takes_backorders_is_yes_or_no() {
    let shop = Shop::new("");
    let csv = super::VENDORS.replace("2.00,yes", "2.00,maybe");
    shop.desk.file("vendors.csv", csv.as_bytes());
    shop.desk
        .run(&["vendors", "import", "vendors.csv"])
        .fails(1, &["takes_backorders", "must be yes or no"]);
}
