//! A line that its vendor refused and that was ordered from another one; then the first says that all of
//! its purchase order left, as if it had never refused.

use super::{Dock, T1};

/// ACME refuses the lamp and confirms the kettle; the lamp is ordered from BLUE.
fn moved() -> Dock {
    let dock = Dock::tokens();
    dock.order("W1", &[("BF63-12163", 1), ("KT10-00010", 1)]);
    let to = dock.reply_address("W1-1");
    dock.mail_to(
        &to,
        "Re: Purchase order W1-1",
        "BF63-12163: discontinued\nKT10-00010: confirmed\n",
        None,
    );
    dock.run();
    let said = dock.resolve("po_rejected", &["--other-vendor"]);
    assert!(said.contains("W1-2"), "{said}");
    dock.run();
    dock
}

fn writes(dock: &Dock, text: &str) {
    let to = dock.reply_address("W1-1");
    dock.mail_to(&to, "Re: Purchase order W1-1", text, None);
    dock.run();
}

#[test]
fn all_of_it_left_is_a_question_where_a_part_was_refused() {
    for text in [
        format!("Shipped complete today. UPS {T1}"),
        format!("Your order W1-1 shipped complete today. UPS {T1}"),
        format!("The complete order shipped today, UPS {T1}."),
    ] {
        let dock = moved();
        writes(&dock, &text);
        assert_eq!(dock.open(), ["vendor_mail"], "{text}");
        let id = dock.exception("vendor_mail");
        let case = dock.says(&["exceptions", "show", &id]);
        assert!(case.contains("BF63-12163"), "{case}");
        // nothing left by it, and the lamp is still wanted of the other vendor
        assert_eq!(dock.po_state("W1-1"), "acknowledged", "{text}");
        assert_eq!(dock.po_state("W1-2"), "sent", "{text}");
        dock.verify();
    }
}

#[test]
fn what_is_said_of_the_rest_acts() {
    for text in [
        format!("KT10-00010 shipped today. UPS {T1}"),
        format!("Shipped today. UPS {T1}"),
    ] {
        let dock = moved();
        writes(&dock, &text);
        assert_eq!(dock.open(), Vec::<String>::new(), "{text}");
        assert_eq!(dock.po_state("W1-1"), "shipped", "{text}");
    }
}
