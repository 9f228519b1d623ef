//! Whom orders go to by the site's strategies, and what is said of it.

use super::{Shop, held, placed, went};
use serde_json::json;

const CHEAPEST: &str = "[[strategy]]\nname = \"cheapest\"\nkeys = [\"landed_cost\", \"priority\"]";

#[test]
fn goods_fees_and_freight_are_weighed_together() {
    let shop = Shop::new(CHEAPEST);
    // 50.00 + 11.00, 58.00, 55.00 + 4.00
    let one = shop.order("W1", &[("RUG-1", 1)]);
    assert_eq!(went(&one), placed(&["RUG-1 1 SOUTH"]));
    assert_eq!(
        one["from_whom"],
        json!([
            "RUG-1 from SOUTH (NORTH: landed_cost 61.00 against 58.00; WEST: landed_cost 59.00 against 58.00)"
        ])
    );
    let screen = shop
        .desk
        .run_wide(&["order", "show", "W1"], 160)
        .ok()
        .stdout;
    assert!(
        screen.contains("From whom  RUG-1 from SOUTH (NORTH: landed_cost 61.00"),
        "{screen}"
    );
    // 150.00 + 11.00 against 174.00 and 165.00 + 4.00
    let three = shop.order("W2", &[("RUG-1", 3)]);
    assert_eq!(went(&three), placed(&["RUG-1 3 NORTH"]));
    // each alone would go to SOUTH and to WEST: 58.00 + 42.00 + 4.00; both from one: 101.00
    let both = shop.order("W3", &[("RUG-1", 1), ("RUG-2", 2)]);
    assert_eq!(went(&both), placed(&["RUG-1 1 NORTH", "RUG-2 2 NORTH"]));
    shop.desk.run(&["verify"]).ok();
}

#[test]
fn few_parcels_go_before_priority_but_not_before_what_there_is() {
    let goods = [("RUG-1", 1), ("RUG-2", 1)];
    let plain = Shop::new("");
    let story = plain.order("W1", &goods);
    assert_eq!(went(&story), placed(&["RUG-1 1 NORTH", "RUG-2 1 WEST"]));
    assert!(story["from_whom"].is_null(), "nobody set a strategy");
    let shop = Shop::new("[[strategy]]\nname = \"one box\"\nparcels = \"required\"");
    assert_eq!(
        went(&shop.order("W1", &goods)),
        placed(&["RUG-1 1 NORTH", "RUG-2 1 NORTH"])
    );
    shop.list("NORTH", "sku,qty\nN-1,5\nN-2,0\n");
    assert_eq!(
        went(&shop.order("W2", &goods)),
        placed(&["RUG-1 1 WEST", "RUG-2 1 WEST"])
    );
    shop.list("WEST", "sku,qty\nW-1,0\nW-2,7\n");
    assert_eq!(
        went(&shop.order("W3", &goods)),
        placed(&["RUG-1 1 NORTH", "RUG-2 1 WEST"])
    );
}

#[test]
fn pieces_are_divided_where_that_is_allowed() {
    let lists = |shop: &Shop| {
        shop.list("NORTH", "sku,qty\nN-1,2\n");
        shop.list("SOUTH", "sku,qty\nS-1,2\n");
        shop.list("WEST", "sku,qty\nW-1,0\n");
    };
    let whole = Shop::new(CHEAPEST);
    lists(&whole);
    assert_eq!(went(&whole.order("W1", &[("RUG-1", 4)])), held());
    let shop = Shop::new(&format!("{CHEAPEST}\nsplit = true"));
    lists(&shop);
    // the same article on two lines
    let story = shop.order("W1", &[("RUG-1", 1), ("RUG-1", 3)]);
    let from = placed(&["RUG-1 1 NORTH", "RUG-1 1 NORTH", "RUG-1 2 SOUTH"]);
    assert_eq!(went(&story), from, "{story:#}");
    // what they had is taken
    assert_eq!(went(&shop.order("W2", &[("RUG-1", 2)])), held());
    shop.desk.run(&["verify"]).ok();
}

#[test]
fn the_day_on_which_all_is_there() {
    let shop = Shop::new("[[strategy]]\nname = \"soon\"\nkeys = [\"promised_day\", \"priority\"]");
    let story = shop.order("W1", &[("RUG-1", 1)]);
    assert_eq!(went(&story), placed(&["RUG-1 1 SOUTH"]));
    // that of the pad does not come sooner by any choice of the rug
    let line = &shop.route("W1", &[])["lines"][0];
    assert_eq!(line["others"][0]["key"], "promised_day", "{line:#}");
}

#[test]
fn who_has_to_be_asked_gets_less() {
    let shop = Shop::new(
        "[[strategy]]\nname = \"reliable\"\nkeys = [\"performance\", \"priority\"]\nleast_count = 1",
    );
    assert_eq!(
        went(&shop.order("W1", &[("RUG-1", 1)])),
        placed(&["RUG-1 1 NORTH"]),
        "nothing is known of anybody"
    );
    shop.order("W2", &[("PAD-1", 1)]);
    let advice = "po_number,sku,qty,carrier,tracking_number,ship_date\nW2-1,S-9,1,UPS,1Z5R89390357567127,2025-06-02\n";
    shop.desk.file("advice.csv", advice.as_bytes());
    shop.desk.run(&["import-advices", "advice.csv"]).ok();
    // NORTH says nothing, and is asked
    shop.desk.now("2025-06-06T18:00:00Z");
    shop.desk.run(&["process"]).done();
    let story = shop.order("W3", &[("RUG-1", 1)]);
    assert_eq!(went(&story), placed(&["RUG-1 1 SOUTH"]), "{story:#}");
    let line = &shop.route("W3", &[])["lines"][0];
    assert_eq!(line["candidates"][0]["asked_percent"], 100, "{line:#}");
    assert_eq!(line["candidates"][1]["asked_percent"], 0, "{line:#}");
    // of WEST nothing is known: the mean of the others
    assert!(line["candidates"][2]["asked_percent"].is_null(), "{line:#}");
    assert_eq!(line["others"][1]["with_it"], "50");
}

#[test]
fn each_article_by_the_first_strategy_that_names_it() {
    let shop = Shop::new(
        "[[strategy]]\nname = \"jute\"\nskus = [\"RUG-2\"]\nkeys = [\"landed_cost\"]\n\
         [[strategy]]\nname = \"rugs\"\ncategories = [\"rugs\"]\nkeys = [\"promised_day\"]",
    );
    let rug = shop.order("W2", &[("RUG-1", 1), ("PAD-1", 2)]);
    assert_eq!(went(&rug), placed(&["RUG-1 1 SOUTH", "PAD-1 2 SOUTH"]));
    // what comes from WEST is there last, and the wool rug need not be there before: the cheapest
    let story = shop.order("W1", &[("RUG-1", 1), ("RUG-2", 1), ("PAD-1", 2)]);
    assert_eq!(
        went(&story),
        placed(&["RUG-1 1 NORTH", "RUG-2 1 WEST", "PAD-1 2 SOUTH"])
    );
    let route = shop.route("W1", &[]);
    let of = |place: usize| {
        route["lines"][place]["strategy"]
            .as_str()
            .unwrap_or_default()
    };
    assert_eq!([of(0), of(1), of(2)], ["jute", "rugs", "by priority"]);
}

#[test]
fn another_vendor_is_tried_and_nothing_is_done() {
    let shop = Shop::new(CHEAPEST);
    shop.list("SOUTH", "sku,qty\nS-1,0\n");
    shop.list("NORTH", "sku,qty\nN-1,9\n");
    shop.list("WEST", "sku,qty\nW-1,9\n");
    shop.desk.run(&["stop", "on", "--note", "x"]).ok();
    assert_eq!(went(&shop.order("W1", &[("RUG-1", 2)])), held());
    let screen = shop
        .desk
        .run_wide(&["order", "route", "W1"], 120)
        .ok()
        .stdout;
    for words in [
        "Order W1 is held",
        "RUG-1: 2 pieces, strategy 'cheapest' (availability, landed_cost, priority)",
        "2 from  NORTH",
        "0: short",
        "RUG-1 from NORTH (SOUTH: does not have it; WEST: landed_cost 114.00 against 111.00)",
    ] {
        assert!(screen.contains(words), "no {words} in {screen}");
    }
    let before = shop.show("W1");
    for with in ["west", "vendor=WEST", "RUG-1=WEST", "rug-1=West"] {
        let screen = shop
            .desk
            .run_wide(&["order", "route", "W1", "--with", with], 120)
            .ok()
            .stdout;
        let said = "By strategy 'cheapest' it is worse: landed_cost 114.00, 111.00 as chosen.";
        assert!(screen.contains(said), "{screen}");
        assert!(
            screen.contains("RUG-1 from WEST (as it is tried)"),
            "{screen}"
        );
    }
    let same = shop.route("W1", &["--with", "NORTH"]);
    assert_eq!(same["comparison"], json!([]));
    assert_eq!(shop.show("W1"), before);
    for (with, words) in [
        ("WETS", "did you mean WEST?"),
        (
            "RUG-9=WEST",
            "'RUG-9' is no article of the order: did you mean RUG-1?",
        ),
        ("RUG-1=", "'' is no vendor of it that can be asked"),
    ] {
        shop.desk
            .run(&["order", "route", "W1", "--with", with])
            .fails(2, &[words]);
    }
    shop.desk.run(&["order", "route", "W9"]).fails(1, &["W9"]);
}

#[test]
fn a_strategy_that_cannot_be_is_refused() {
    let shop = Shop::new("");
    for (text, words) in [
        (
            "name = \"a\"\nkeys = [\"cost\"]",
            "'cost' is no key: there are priority, availability, landed_cost",
        ),
        (
            "name = \"a\"\nkeys = [\"priority\", \"priority\"]",
            "has 'priority' twice",
        ),
        (
            "name = \"a\"\nkeys = [\"priority\", \"availability\"]",
            "availability behind others",
        ),
        (
            "name = \"a\"\nfreight_per_parcel = \"-1\"",
            "must be an amount of 0 or more",
        ),
        (
            "name = \"a\"\nmissing = \"wait\"",
            "must be \"hold\" or \"backorder\"",
        ),
        (
            "name = \"a\"\navailable = \"together\"",
            "is of no use without missing",
        ),
        ("name = \"a\"\nskus = []", "leave the key away"),
        ("keys = [\"priority\"]", "is missing"),
        ("name = \"a\"\n[[strategy]]\nname = \"b\"", "is never tried"),
        (
            "name = \"a\"\nskus = [\"X\"]\n[[strategy]]\nname = \"a\"",
            "is the name of another strategy",
        ),
    ] {
        shop.desk.config(&format!("[[strategy]]\n{text}"));
        shop.desk.run(&["status"]).fails(2, &["poms.toml:", words]);
    }
}
