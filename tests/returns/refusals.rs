//! What is impossible, and the sentence that says why.

use super::Shop;
use crate::support::desk::TestDesk;

#[test]
fn never_more_than_shipped_less_returned() {
    let shop = Shop::new();
    shop.order();
    let open = |words: &str| shop.back(&format!("open W1 {words}"), &["--reason", "x"]);
    open("1=1").fails(1, &["0 shipped", "--kind cancelled_before_shipping"]);
    shop.ship("W1-1,AC-12163,2\n");
    open("1=3").fails(
        1,
        &["3 asked", "2 shipped and 0 already in returns: 2 at most"],
    );
    open("1=2 1=1").fails(1, &["3 asked"]);
    open("1=2").ok();
    open("1=1").fails(1, &["2 already in returns: 0 at most"]);
    open("XX-1=1").fails(
        1,
        &["'XX-1' is no line and no SKU here; there are 1 (BF63-12163), 2 (KT10-00010)"],
    );
    open("kt10-00010=1").fails(1, &["line 2 (KT10-00010): 1 asked", "0 shipped"]);
    open("9=1").fails(1, &["the order has no line 9"]);
    open("1=0").fails(1, &["0 is not a quantity"]);
    open("1").fails(1, &["'1' is not LINE=QTY"]);
    open("").fails(2, &["LINE=QTY"]);
    open("1=1 --kind broken").fails(2, &["refused_at_door"]);
    shop.back("open W1 1=1", &["--reason", " "])
        .fails(1, &["the note is empty"]);
    shop.back("open W9 1=1", &["--reason", "x"])
        .fails(1, &["there is no order W9"]);
    shop.verify();
}

#[test]
fn each_act_has_its_state() {
    let shop = Shop::new();
    shop.shipped();
    shop.open("1=2");
    let back = |words: &str| shop.back(words, &[]);
    let noted = |words: &str| shop.back(words, &["--note", "x"]);
    back("receive R-W1-1 1=1").fails(
        1,
        &[
            "is requested and cannot become received",
            "authorised or rejected",
        ],
    );
    back("inspect R-W1-1 1=restock").fails(1, &["is requested"]);
    shop.refund("R-W1-1", &[])
        .fails(1, &["is requested", "authorise it first"]);
    back("show R-W1-9").fails(1, &["there is no return R-W1-9"]);
    noted("authorise R-W1-1 --deadline-days 0").fails(1, &["1 to 365 days"]);
    shop.back("authorise R-W1-1", &[]).fails(2, &["--note"]);
    noted("authorise R-W1-1").ok();
    noted("authorise R-W1-1").fails(1, &["is authorised and cannot become authorised"]);
    back("receive R-W1-1 1=3").fails(1, &["authorises 2, of which 0 came already"]);
    back("receive R-W1-1 1=1 1=2").fails(1, &["3 cannot have come"]);
    back("receive R-W1-1 1=-1").fails(1, &["-1 pieces cannot have come"]);
    back("receive R-W1-1 2=1").fails(1, &["has no line 2: it has 1"]);
    back("receive R-W1-1 1=0").fails(1, &["nothing of return R-W1-1 came"]);
    shop.refund("R-W1-1", &[])
        .fails(1, &["received and inspected first"]);
    back("receive R-W1-1 1=2").ok();
    noted("reject R-W1-1").fails(
        1,
        &[
            "is received and cannot become rejected",
            "only become inspected",
        ],
    );
    back("inspect R-W1-1 1=fine").fails(1, &["'1=fine' is not LINE=restock"]);
    back("inspect R-W1-1 1=damaged:3").fails(1, &["2 wait to be looked at, but 3 are named"]);
    back("inspect R-W1-1 1=damaged:0").fails(1, &["0 is not a quantity"]);
    back("inspect R-W1-1 1=damaged 1=restock").fails(1, &["2 wait", "4 are named"]);
    back("inspect R-W1-1 2=damaged").fails(1, &["has no line 2: it has 1"]);
    back("inspect R-W1-1 1=damaged:1 1=restock:1").ok();
    shop.verify();
}

#[test]
fn a_refund_has_its_limits() {
    let shop = Shop::new();
    shop.shipped();
    shop.open("1=2");
    shop.authorise("R-W1-1");
    let back = |words: &str| shop.back(words, &[]);
    back("receive R-W1-1 1=2").ok();
    back("inspect R-W1-1 1=damaged").ok();
    shop.refund("R-W1-1", &["--amount", "1.x"])
        .fails(2, &["--amount 1.x"]);
    shop.refund("R-W1-1", &["--amount", "0"])
        .fails(1, &["nothing to pay back"]);
    shop.refund("R-W1-1", &["--amount", "300"])
        .fails(1, &["more than the", "--note"]);
    shop.refund("R-W1-1", &["--amount", "-5"])
        .fails(1, &["nothing to pay back"]);
    shop.refund("R-W1-1", &["--keep", "20"])
        .fails(1, &["less than the", "--note"]);
    shop.refund("R-W1-1", &["--keep", "-1", "--note", "x"])
        .fails(1, &["give what is kept, 0 or more"]);
    shop.refund("R-W1-1", &["--keep", "500", "--note", "x"])
        .fails(1, &["nothing to pay back"]);
    shop.refund("R-W1-1", &["--keep", "5", "--amount", "5"])
        .fails(2, &["cannot be used with"]);
    shop.refund("R-W1-1", &["--note", " "])
        .fails(1, &["the note is empty"]);
    shop.back("refund R-W1-1 --method card", &["--reference", " "])
        .fails(1, &["the reference must be one line"]);
    shop.back("refund R-W1-1 --method card", &[])
        .fails(2, &["--reference"]);
    shop.refund("R-W1-1", &["--amount", "410.55", "--note", "x"])
        .fails(1, &["$410.54 is the most"]);
    let card = "refund R-W1-1 --method card --reference 4111111111111111";
    back(card).fails(1, &["card number"]);
    let said = shop
        .refund("R-W1-1", &["--amount", "300", "--note", "goodwill"])
        .ok()
        .stdout;
    assert!(
        said.contains("more than the") && said.contains("noted with your name"),
        "{said}"
    );
    shop.refund("R-W1-1", &["--amount", "299"])
        .fails(1, &["is refunded already", "$300.00", "it is over"]);
    let trail = shop
        .desk
        .run(&["audit", "show", "return", "R-W1-1"])
        .ok()
        .stdout;
    assert!(
        trail.contains("goodwill") && trail.contains("more than the"),
        "{trail}"
    );
    shop.verify();
}

#[test]
fn goods_need_somewhere_to_go() {
    let desk = TestDesk::stocked();
    desk.order(&TestDesk::plain_order("W1"));
    desk.run(&["process"]).ok();
    desk.file(
        "a.csv",
        b"po_number,sku,qty,carrier,tracking_number\nW1-1,BF63-12163,3,UPS,1Z5R89390357567127\n",
    );
    desk.run(&["import-advices", "a.csv"]).ok();
    desk.run(&["return", "open", "W1", "1=1", "--reason", "x"])
        .ok();
    desk.run(&["return", "authorise", "R-W1-1", "--note", "x"])
        .fails(1, &["no street and city on file", "returns.address"]);
    let list = desk.run(&["return", "list", "--json"]).ok().json();
    assert_eq!(list["returns"][0]["state"], "requested", "{list:#}");
}
