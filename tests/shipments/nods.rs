//! Answers of a word or two, and answers that name lines by their place on the purchase order.

use super::Dock;

/// Where each line of a purchase order stands: what was answered, and the day.
fn lines(dock: &Dock, order: &str) -> Vec<String> {
    let story = dock.show(order);
    let lines = story["purchase_orders"][0]["lines"].as_array().unwrap();
    let said = |line: &serde_json::Value| {
        let day = line["until"].as_str().or(line["promised"].as_str());
        let words = [line["answer"].as_str(), day];
        words.into_iter().flatten().collect::<Vec<_>>().join(" ")
    };
    lines.iter().map(said).collect()
}

#[test]
fn a_plain_yes_acknowledges_and_a_receipt_or_a_doubt_does_not() {
    let dock = Dock::tokens();
    let replies = [
        ("Acknowledged.", true),
        ("ok\n\nSent from my iPhone", true),
        (
            "Hi,\n\nReceived, will ship.\n\nThanks,\nAnn Kerr\nOrders not confirmed by 12/1 are void",
            true,
        ),
        ("Got it, thanks", false),
        ("ok?", false),
        ("Ok, but the kettle is blue.", false),
    ];
    for (place, _) in replies.iter().enumerate() {
        dock.order(
            &format!("W{place}"),
            &[("BF63-12163", 1), ("KT10-00010", 1)],
        );
    }
    for (place, (text, _)) in replies.iter().enumerate() {
        let po = format!("W{place}-1");
        let quote = "\n\nOn Mon, Jun 2, 2025 at 6:05 AM Shop <orders@shop.example> wrote:\n\n> Please confirm it.\n";
        dock.mail_to(
            &dock.reply_address(&po),
            &format!("Re: {po}"),
            &format!("{text}{quote}"),
            None,
        );
    }
    dock.run();
    for (place, (text, yes)) in replies.iter().enumerate() {
        let wanted = if *yes { "acknowledged" } else { "sent" };
        assert_eq!(dock.po_state(&format!("W{place}-1")), wanted, "{text}");
    }
    // that it came is no answer, and asks nobody for anything: the vendor is asked at its deadline
    assert_eq!(dock.open(), ["vendor_mail", "vendor_mail"]);
    let noted = dock.desk.run(&["order", "show", "W3"]).ok().stdout;
    assert!(noted.contains("no answer"), "{noted}");
    dock.verify();
}

/// "ok" is an answer to what was said last, which poms may not know: a backorder stays one.
#[test]
fn a_nod_takes_nothing_back() {
    let dock = Dock::new();
    dock.order("W1", &[("BF63-12163", 3)]);
    dock.acme(
        "Re: Purchase order W1-1",
        "BF63-12163 is backordered until June 20.\n",
    );
    dock.run();
    dock.acme("Re: Purchase order W1-1", "ok\n");
    dock.run();
    assert_eq!(dock.open(), ["po_backordered", "vendor_mail"]);
    assert_eq!(lines(&dock, "W1"), ["backordered 2025-06-20"]);
}

#[test]
fn lines_by_their_place_on_the_purchase_order() {
    for (text, wanted, person) in [
        ("Line 2 is discontinued.", ["", "rejected"], false),
        (
            "Item #1 ships June 4 and item #2 on June 11.",
            ["accepted 2025-06-04", "accepted 2025-06-11"],
            false,
        ),
        (
            "Line 1: OK\nLine 2: backordered until June 20",
            ["accepted", "backordered 2025-06-20"],
            false,
        ),
        // a line that is not there, two names for one line, a word of a description
        ("Line 3 is discontinued.", ["", ""], true),
        ("Line 1 (KT10-00010) is discontinued.", ["", ""], true),
        ("Kettle discontinued.", ["", ""], true),
        ("2 of line 1 are out of stock.", ["", ""], true),
    ] {
        let dock = Dock::new();
        dock.order("W1", &[("BF63-12163", 3), ("KT10-00010", 1)]);
        dock.acme("Re: Purchase order W1-1", text);
        dock.run();
        assert_eq!(lines(&dock, "W1"), wanted, "{text}");
        assert_eq!(
            dock.open().contains(&"vendor_mail".to_owned()),
            person,
            "{text}"
        );
    }
}

/// Between the quoted lines, below the description of an entry.
#[test]
fn below_the_entry_that_it_answers() {
    let dock = Dock::new();
    dock.order("W1", &[("BF63-12163", 3), ("KT10-00010", 1)]);
    let text = "On 6/2/25 6:05 AM, Example Shop wrote:\n>    1  AC-12163  BF63-12163  3  61.50  184.50\n\
                >       Brass Floor Lamp\n\nok\n\n>    2  AC-00010  KT10-00010  1  14.00  14.00\n>       Kettle 1.7 l\n\n\
                Backordered until 6/25\n\n> --------\n> 2 lines, 4 pieces   Total $198.50\n";
    dock.acme("Re: Purchase order W1-1", text);
    dock.run();
    assert_eq!(lines(&dock, "W1"), ["accepted", "backordered 2025-06-25"]);
    assert_eq!(dock.open(), ["po_backordered"]);
}

/// The vendor said yes to a cancellation by telephone, and writes it after that: nobody need read it.
#[test]
fn an_agreement_that_was_noted_before_is_no_news() {
    let dock = Dock::tokens();
    dock.order("W1", &[("BF63-12163", 2)]);
    let desk = &dock.desk;
    desk.run(&["order", "cancel", "W1", "--note", "the customer telephoned"])
        .ok();
    dock.run();
    desk.run(&["po", "cancel-agreed", "W1-1", "--note", "Bob, by telephone"])
        .ok();
    let subject = "Re: Do not ship: purchase order W1-1 is cancelled";
    dock.acme(subject, "Confirmed, it is cancelled.\n\nBob\n");
    dock.run();
    assert_eq!(dock.open(), Vec::<String>::new());
    // anything else is read
    dock.acme(
        subject,
        "Confirmed, it is cancelled. A fee of $10 applies.\n",
    );
    dock.run();
    assert_eq!(dock.open().len(), 1);
    dock.verify();
}
