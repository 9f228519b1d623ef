//! Another price that the vendor agreed to after its purchase order was made.

use super::scenes::{import, open, ship, site};
use crate::support::desk::{SentMail, TestDesk};
use serde_json::Value;

const BILL: &str = "Acme Home Goods,A-1,2025-06-03,W200001-1,BF63-12163,3,63.00,,189.00\n";

fn agree(desk: &TestDesk, more: &[&str]) -> crate::support::desk::Output {
    let args = ["po", "cost", "W200001-1", "--note", "new list, Ms Lee"];
    desk.run(&[&args[..], more].concat())
}

fn po(desk: &TestDesk) -> Value {
    desk.run(&["po", "show", "W200001-1", "--json"]).ok().json()
}

fn offered(desk: &TestDesk) -> String {
    let sql = "SELECT cost FROM offer WHERE sku = 'BF63-12163' AND vendor_id = 'ACME'";
    let ledger = rusqlite::Connection::open(desk.path("poms.db")).expect("a ledger");
    let cents: i64 = ledger
        .query_row(sql, [], |row| row.get(0))
        .expect("an offer");
    format!("{}.{:02}", cents / 100, cents % 100)
}

#[test]
fn a_bill_at_the_agreed_price_fits_whichever_comes_first() {
    for bill_first in [true, false] {
        let desk = site("");
        ship(&desk, 3);
        let bill = || import(&desk, "b.csv", BILL);
        if bill_first {
            bill();
            let (code, id, text) = open(&desk).remove(0);
            assert_eq!(code, "invoice_price", "{text}");
            let shown = desk
                .run(&["exceptions", "show", &id.to_string()])
                .ok()
                .stdout;
            assert!(shown.contains("poms po cost"), "{shown}");
        }
        let said = agree(&desk, &["BF63-12163=63.00"]).ok().stdout;
        for words in [
            "BF63-12163 on purchase order W200001-1 costs 63.00 each, 61.50 before.",
            "The purchase order is of 189.00 now.",
            "The catalogue has 61.50 for BF63-12163 still: --catalogue changes it as well.",
        ] {
            assert!(said.contains(words), "{said}");
        }
        assert_eq!(
            said.contains("is closed: the bill fits now."),
            bill_first,
            "{said}"
        );
        if !bill_first {
            bill();
        }
        assert_eq!(open(&desk), []);
        desk.run(&["process"]).ok();
        assert_eq!(po(&desk)["state"], "closed");
        desk.run(&["verify"]).ok();
        let story = desk.run(&["order", "show", "W200001"]).ok().stdout;
        let flat = story.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(
            flat.contains("another price was agreed for purchase order W200001-1: BF63-12163 costs 63.00 each, 61.50 before: new list, Ms Lee"),
            "{story}"
        );
    }
}

/// A bill that fitted does not any more when a lower price was agreed.
#[test]
fn a_bill_above_the_agreed_price_is_asked_about() {
    let desk = site("");
    ship(&desk, 2);
    let bill = "Acme Home Goods,A-1,2025-06-03,W200001-1,BF63-12163,2,61.50,,123.00\n";
    import(&desk, "b.csv", bill);
    assert_eq!(open(&desk), []);
    let said = agree(&desk, &["BF63-12163=60.00"]).ok().stdout;
    assert!(said.contains("A bill has it on it: exception"), "{said}");
    let (code, _, text) = open(&desk).remove(0);
    assert_eq!(code, "invoice_price");
    assert!(text.contains("3.00"), "{text}");
    desk.run(&["verify"]).ok();
}

#[test]
fn the_catalogue_follows_where_it_shall() {
    let desk = site("");
    let said = agree(&desk, &["BF63-12163=140.00", "--catalogue"])
        .ok()
        .stdout;
    for words in [
        "The catalogue has that price of BF63-12163 for Acme Home Goods from now on",
        "That is more than the customer paid for BF63-12163: 108.23.",
    ] {
        assert!(said.contains(words), "{said}");
    }
    assert_eq!(offered(&desk), "140.00");
    // what is sent again has the price that counts
    desk.run(&["po", "resend", "W200001-1", "--note", "lost there"])
        .ok();
    // into a folder the same Message-ID is not written twice: what would leave stands in the outbox
    let ledger = rusqlite::Connection::open(desk.path("poms.db")).expect("a ledger");
    let sql = "SELECT c.content FROM delivery_content c JOIN delivery d ON d.id = c.delivery_id \
               WHERE d.state = 'queued' AND d.kind = 'purchase_order'";
    let raw: Vec<u8> = ledger.query_row(sql, [], |row| row.get(0)).expect("a mail");
    let again = SentMail { raw }.text();
    assert!(again.contains("420.00"), "{again}");
    desk.run(&["verify"]).ok();
}

/// What has not left goes with the price.
#[test]
fn a_paper_that_waits_has_the_agreed_price() {
    let desk = TestDesk::stocked();
    desk.order(&TestDesk::plain_order("W200001"));
    let out = desk.path("mail/sent");
    std::fs::remove_dir_all(&out).expect("a folder");
    std::fs::write(&out, "").expect("a file in its place");
    desk.run(&["process"]);
    std::fs::remove_file(&out).expect("a file");
    let said = agree(&desk, &["BF63-12163=60.00"]).ok().stdout;
    assert!(
        said.contains("It had not left: it goes to Acme Home Goods with that price."),
        "{said}"
    );
    desk.now("2025-06-02T11:00:00Z").run(&["process"]).ok();
    let mails = desk.mails_to("orders@acme.example");
    assert_eq!(mails.len(), 1);
    let text = mails[0].text();
    assert!(
        text.contains("180.00") && !text.contains("184.50"),
        "{text}"
    );
}

#[test]
fn what_cannot_be_agreed_is_refused_whole() {
    let desk = site("");
    let before = po(&desk)["total"].clone();
    agree(&desk, &["BF63-12136=60.00"])
        .fails(1, &["has no line of BF63-12136: did you mean BF63-12163?"]);
    agree(&desk, &["BF63-12163=61.50"]).fails(1, &["costs that already"]);
    agree(&desk, &["BF63-12163=60.00", "BF63-12163=59.00"]).fails(1, &["is named twice"]);
    agree(&desk, &["BF63-12163"]).fails(2, &["such as KT10-00010=12.50"]);
    agree(&desk, &["BF63-12163=-1"]).fails(2, &["a price is not negative"]);
    agree(&desk, &["BF63-12163=400000000.00"]).fails(1, &["too large"]);
    assert_eq!(po(&desk)["total"], before);
    desk.run(&["order", "cancel", "W200001", "--note", "x"])
        .ok();
    desk.run(&["po", "cancel-agreed", "W200001-1", "--note", "x"])
        .ok();
    agree(&desk, &["BF63-12163=60.00"]).fails(1, &["is cancelled: its prices stay as they are"]);
    desk.run(&["verify"]).ok();
}
