//! Tables of answers that name a day of arrival, or pieces that left; and what a screen says of a purchase
//! order whose mail waits for a person.

use super::{Dock, T1};

fn answered(csv: &str) -> (Vec<String>, String, serde_json::Value) {
    let dock = Dock::tokens();
    dock.order("W1", &[("BF63-12163", 1)]);
    let to = dock.reply_address("W1-1");
    dock.mail_to(
        &to,
        "Re: Purchase order W1-1",
        "Please see attached.",
        Some(csv),
    );
    dock.run();
    dock.verify();
    let line = dock.show("W1")["purchase_orders"][0]["lines"][0].clone();
    (dock.open(), dock.po_state("W1-1"), line)
}

#[test]
fn a_day_of_arrival_is_not_that_on_which_it_leaves() {
    for (csv, day) in [
        (
            "po_number,sku,status,eta\nW1-1,BF63-12163,accepted,2025-06-06\n",
            None,
        ),
        (
            "po_number,sku,status,ship_date,eta\nW1-1,BF63-12163,accepted,2025-06-04,2025-06-06\n",
            Some("2025-06-04"),
        ),
    ] {
        let (open, state, line) = answered(csv);
        assert_eq!((open, state.as_str()), (vec![], "acknowledged"), "{csv}");
        assert_eq!(line["promised"].as_str(), day, "{csv} {line:#}");
    }
    for csv in [
        // it arrives when it leaves, or before; or in a month, and nobody says when it leaves
        "po_number,sku,status,ship_date,eta\nW1-1,BF63-12163,accepted,2025-06-06,2025-06-06\n",
        "po_number,sku,status,ship_date,eta\nW1-1,BF63-12163,accepted,2025-06-06,2025-06-05\n",
        "po_number,sku,status,eta\nW1-1,BF63-12163,accepted,2025-07-20\n",
    ] {
        let (open, state, _) = answered(csv);
        assert_eq!(open, ["vendor_mail"], "{csv}");
        assert_eq!(state, "sent", "{csv}");
    }
    let (open, state, line) =
        answered("po_number,sku,status,eta\nW1-1,BF63-12163,backordered,2025-06-20\n");
    assert_eq!(
        (open, state.as_str()),
        (vec!["po_backordered".to_owned()], "backordered")
    );
    assert_eq!(line["until"], "2025-06-20");
}

#[test]
fn an_answer_of_pieces_that_left_is_read() {
    for heading in ["qty_shipped", "Shipped Qty", "Quantity Dispatched"] {
        let csv = format!("po_number,sku,{heading},status\nW1-1,BF63-12163,1,accepted\n");
        let (open, state, _) = answered(&csv);
        assert_eq!(open, ["vendor_mail"], "{csv}");
        assert_eq!(state, "sent", "{csv}");
    }
    for heading in ["qty", "qty_confirmed"] {
        let csv = format!("po_number,sku,{heading},status\nW1-1,BF63-12163,1,accepted\n");
        let (open, state, _) = answered(&csv);
        assert_eq!((open, state.as_str()), (vec![], "acknowledged"), "{csv}");
    }
}

#[test]
fn what_waits_for_a_person_is_not_asked_about_by_mail() {
    let dock = Dock::tokens();
    dock.order("W1", &[("BF63-12163", 1)]);
    assert!(dock.says(&["order", "show", "W1"]).contains("a mail asks"));
    let to = dock.reply_address("W1-1");
    dock.mail_to(&to, "Re: it", "Which colour shall it be?", None);
    dock.run();
    let id = dock.exception("vendor_mail");
    let shown = dock.says(&["order", "show", "W1"]);
    let flat = shown.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(!flat.contains("a mail asks"), "{shown}");
    assert!(flat.contains("waits for a person"), "{shown}");
    assert!(flat.contains(&format!("exceptions show {id}")), "{shown}");
}

/// An answer that names another recipient than the purchase order.
#[test]
fn a_yes_for_somebody_else_is_a_question() {
    for (text, acts) in [
        (
            "Confirmed.\n\nShip to:\nJohn Smith\n12 Main St\nDayton, OH 45402\n",
            false,
        ),
        (
            "Confirmed.\n\nShip to:\nCesar Bustos\n49996 Gary Forks Apt. 388\nSouth Willie, MO 65367\n",
            true,
        ),
    ] {
        let dock = Dock::tokens();
        dock.order("W1", &[("BF63-12163", 1)]);
        let to = dock.reply_address("W1-1");
        dock.mail_to(&to, "Re: Purchase order W1-1", text, None);
        dock.run();
        if acts {
            // what stands there may be read or not: nothing else acts
            assert!(dock.po_state("W1-1") != "shipped", "{T1}");
        } else {
            assert_eq!(dock.open(), ["vendor_mail"], "{text}");
            assert_eq!(dock.po_state("W1-1"), "sent", "{text}");
        }
    }
}
