//! Numbers of pieces and days that cannot be meant, a row of nothing, and who vouches for a row: what a
//! vendor writes of them goes to a person, and no command acts on it by mistake.

use super::{Dock, T1, T2};

#[test]
fn a_number_of_pieces_that_is_not_open_is_for_a_person() {
    for (ordered, words, state) in [
        (1, "Shipped 0 pieces. Tracking number: {T}", "sent"),
        (1, "Shipped 5 pieces. Tracking number: {T}", "sent"),
        (1, "Shipped 2 pieces. Tracking number: {T}", "sent"),
        (1, "Shipped 3 units.\nTracking number: {T}", "sent"),
        (1, "2 x BF63-12163 shipped. Tracking number: {T}", "sent"),
        (3, "Shipped 2 pieces. Tracking number: {T}", "sent"),
        (1, "Shipped 1 piece. Tracking number: {T}", "shipped"),
        (3, "Shipped 3 pieces. Tracking number: {T}", "shipped"),
    ] {
        let dock = Dock::new();
        dock.order("W1", &[("BF63-12163", ordered)]);
        dock.acme("Re: Purchase order W1-1", &words.replace("{T}", T1));
        dock.run();
        assert_eq!(dock.po_state("W1-1"), state, "{words}: {:?}", dock.open());
        assert_eq!(dock.open().is_empty(), state == "shipped", "{words}");
        dock.verify();
    }
}

#[test]
fn a_row_of_no_piece_ships_nothing_whatever_is_released() {
    let dock = Dock::new();
    dock.order("W1", &[("BF63-12163", 1)]);
    let csv =
        format!("po,sku,qty,carrier,tracking,ship date\nW1-1,BF63-12163,0,UPS,{T1},2025-06-02\n");
    dock.mail(
        "Ann <ann@acme.example>",
        "acme.example",
        "Re: Purchase order W1-1",
        "Attached.",
        Some(&csv),
    );
    dock.run();
    assert_eq!(dock.open(), ["advice_unclear"]);
    let id = dock.exception("advice_unclear");
    let case = dock.desk.run(&["exceptions", "show", &id]).ok().stdout;
    assert!(
        case.contains("BF63-12163") && case.contains("W1-1"),
        "{case}"
    );
    assert!(
        !case.contains("--release") && !case.contains("--retry"),
        "{case}"
    );
    for how in ["--release", "--retry"] {
        let args = ["exceptions", "resolve", &id, how, "--note", "so be it"];
        let done = dock.desk.run(&args);
        assert_ne!(done.code, 0, "{}", done.stdout);
        assert!(
            done.stderr.contains("nothing was shipped"),
            "{}",
            done.stderr
        );
    }
    assert_eq!(dock.po_state("W1-1"), "sent");
    dock.resolve("advice_unclear", &["--amend", "BF63-12163=1"]);
    assert_eq!(dock.po_state("W1-1"), "shipped");
    dock.verify();
}

/// A row of which not even the quantity can be read.
#[test]
fn an_unreadable_row_ships_nothing_when_released() {
    let dock = Dock::new();
    dock.order("W1", &[("BF63-12163", 1)]);
    let csv = format!("po,sku,qty,tracking\nW1-1,BF63-12163,-2,{T1}\n");
    dock.mail(
        "Ann <ann@acme.example>",
        "acme.example",
        "Re: Purchase order W1-1",
        "Attached.",
        Some(&csv),
    );
    dock.run();
    let id = dock.exception("advice_unclear");
    let args = ["exceptions", "resolve", &id, "--release", "--note", "yes"];
    assert_ne!(dock.desk.run(&args).code, 0);
    assert_eq!(dock.po_state("W1-1"), "sent");
}

#[test]
fn only_a_release_vouches_for_a_row_about_another_purchase_order() {
    let dock = Dock::tokens();
    dock.order("W1", &[("BF63-12163", 1)]);
    dock.order("W2", &[("BF63-12163", 1)]);
    let csv = format!("po,sku,qty,tracking\nW2-1,BF63-12163,1,{T2}\n");
    let to = dock.reply_address("W1-1");
    dock.mail_to(&to, "Shipped", "Attached.", Some(&csv));
    dock.run();
    assert_eq!(dock.open(), ["untrusted_sender"]);
    let id = dock.exception("untrusted_sender");
    let case = dock.desk.run(&["exceptions", "show", &id]).ok().stdout;
    assert!(!case.contains("--retry"), "{case}");
    let args = ["exceptions", "resolve", &id, "--retry", "--note", "again"];
    assert_ne!(dock.desk.run(&args).code, 0);
    assert_eq!(dock.po_state("W2-1"), "sent");
    dock.resolve("untrusted_sender", &["--release"]);
    assert_eq!(dock.po_state("W2-1"), "shipped");
    dock.verify();
}

/// A day that is far ahead, and words beside a yes that nobody understands: the yes does not act.
#[test]
fn far_days_and_a_yes_beside_unknown_words_are_for_a_person() {
    for words in [
        "Confirmed, ships December 2 2062.",
        "Confirmed. Ships December 25, 2027.",
        "Backordered until December 25, 2027.",
        "Accepted. Subject to prior sale.",
        "Accepted. Payment in advance.",
        "Confirmed. Please prepay.",
        "Confirmed. Silver instead of brass.",
        "Confirmed. Only one left.",
        "Confirmed. Quantity reduced to 0.",
        "Confirmed, ships June 4. Your credit limit is exceeded.",
        "Confirmed. Freight collect.",
    ] {
        let dock = Dock::new();
        dock.order("W1", &[("BF63-12163", 1)]);
        dock.acme("Re: Purchase order W1-1", words);
        dock.run();
        assert_eq!(dock.po_state("W1-1"), "sent", "{words}");
        assert_eq!(dock.open(), ["vendor_mail"], "{words}");
    }
    let dock = Dock::new();
    dock.order("W1", &[("BF63-12163", 1)]);
    let csv = "po,sku,status,date\nW1-1,BF63-12163,accepted,2062-12-02\n";
    dock.mail(
        "Ann <ann@acme.example>",
        "acme.example",
        "Re: Purchase order W1-1",
        "Attached.",
        Some(csv),
    );
    dock.run();
    assert_eq!(dock.po_state("W1-1"), "sent");
    assert_eq!(dock.open(), ["vendor_mail"]);
}

/// A covering letter that counts otherwise than the rows beside it: a person is asked, and of what is
/// counted alike the rows act.
#[test]
fn a_letter_that_counts_otherwise_than_its_rows_is_for_a_person() {
    let both = format!("W1-1,BF63-12163,2,UPS,{T1}\nW1-1,KT10-00010,1,UPS,{T2}\n");
    let one = format!("W1-1,BF63-12163,2,UPS,{T1}\n");
    for (letter, rows, shipped) in [
        ("3 pieces shipped, see attached.", &both, 3),
        ("4 pieces shipped, see attached.", &both, 0),
        ("3 pieces shipped, see attached.", &one, 0),
        ("2 pieces shipped, see attached.", &both, 0),
        ("2 pieces shipped, see attached.", &one, 2),
        (
            "2 x BF63-12163 and 1 x KT10-00010 shipped, see attached.",
            &both,
            3,
        ),
        ("3 x BF63-12163 shipped, see attached.", &both, 0),
        ("2 packages shipped, tracking attached.", &both, 3),
        ("3 packages shipped, tracking attached.", &both, 0),
        ("Shipped 2 orders, see attached.", &both, 0),
        ("Shipped 1 order, see attached.", &both, 3),
    ] {
        let dock = Dock::new();
        dock.order("W1", &[("BF63-12163", 3), ("KT10-00010", 1)]);
        let csv = format!("po,sku,qty,carrier,tracking\n{rows}");
        let subject = "Re: Purchase order W1-1";
        dock.mail(
            "Ann <ann@acme.example>",
            "acme.example",
            subject,
            letter,
            Some(&csv),
        );
        dock.run();
        let story = dock.show("W1");
        let lines = story["shipments"].as_array().unwrap().iter();
        let left: i64 = lines
            .flat_map(|one| one["lines"].as_array().unwrap())
            .map(|line| line["qty"].as_i64().unwrap())
            .sum();
        let asked = !dock.open().is_empty();
        assert!(
            left == shipped && (left > 0 || asked) || left == 0 && asked,
            "{letter}: {left} of {shipped}, {:?}",
            dock.open()
        );
        dock.verify();
    }
}
