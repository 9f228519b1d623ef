//! A person dismissed what a vendor said of goods that nobody waited for; then the vendor refuses the
//! cancellation, is asked where they are, and says it again.

use super::{Dock, T1};

/// Two lamps that were cancelled, left all the same, and were said to have left: dismissed.
fn dismissed(after: bool) -> Dock {
    let dock = Dock::tokens();
    dock.order("W1", &[("BF63-12163", 2)]);
    let cancel = ["order", "cancel", "W1", "--note", "changed her mind"];
    dock.desk.run(&cancel).ok();
    dock.run();
    says(&dock);
    assert_eq!(dock.open(), ["po_not_open"]);
    let refused = ["po", "cancel-refused", "W1-1", "--note", "Ann"];
    if after {
        dock.desk.run(&refused).ok();
    }
    dock.resolve("po_not_open", &["--dismiss"]);
    if !after {
        dock.desk.run(&refused).ok();
    }
    dock.resolve("cancellation_refused", &["--dismiss"]);
    dock.run();
    assert_eq!(dock.open(), [""; 0]);
    dock
}

/// The vendor writes what left.
fn says(dock: &Dock) {
    let csv = format!("po_number,sku,qty,carrier,tracking_number\nW1-1,AC-12163,2,UPS,{T1}\n");
    let to = dock.reply_address("W1-1");
    let subject = "Re: Purchase order W1-1 from Example Shop";
    dock.mail_to(&to, subject, "Please see attached.", Some(&csv));
    dock.run();
}

fn left(dock: &Dock) -> usize {
    let mails = dock.desk.mails_to("W1@mail.example");
    let left = |mail: &&crate::support::desk::SentMail| mail.subject().contains("is on its way");
    mails.iter().filter(left).count()
}

#[test]
fn goods_that_came_too_late_to_cancel_are_asked_about_again_and_told() {
    for after in [true, false] {
        let dock = dismissed(after);
        says(&dock);
        assert_eq!(dock.open(), ["advice_unclear"], "refused first: {after}");
        let id = dock.exception("advice_unclear");
        let shown = dock.desk.run(&["exceptions", "show", &id]).ok().stdout;
        assert!(shown.contains("now it waits for them"), "{shown}");
        assert!(shown.contains(&format!("resolve {id} --retry")), "{shown}");
        assert_eq!(left(&dock), 0);
        dock.resolve("advice_unclear", &["--retry"]);
        dock.run();
        assert_eq!(dock.po_state("W1-1"), "shipped");
        assert_eq!(left(&dock), 1);
        assert_eq!(dock.open(), [""; 0]);
        says(&dock);
        assert_eq!((left(&dock), dock.open().len()), (1, 0), "it is known now");
        dock.verify();
    }
}

#[test]
fn who_dismisses_it_twice_means_it() {
    let dock = dismissed(true);
    says(&dock);
    dock.resolve("advice_unclear", &["--dismiss"]);
    says(&dock);
    assert_eq!(dock.open(), [""; 0]);
    assert_eq!(dock.po_state("W1-1"), "acknowledged");
    assert_eq!(left(&dock), 0);
    dock.verify();
}

/// A mistyped number beside goods that were cancelled: the refusal names what has to be typed first.
#[test]
fn what_left_under_a_wrong_number_after_its_cancellation_is_taken_in_two_steps() {
    let dock = Dock::tokens();
    dock.order("W1", &[("BF63-12163", 2), ("KT10-00010", 1)]);
    let cancel = ["order", "cancel", "W1", "--note", "changed her mind"];
    dock.desk.run(&cancel).ok();
    dock.run();
    let csv = format!(
        "po_number,sku,qty,carrier,tracking_number,ship_date\nW1-19,KT10-00010,1,UPS,{T1},2025-06-02\n"
    );
    let from = ("orders@acme.example", "acme.example");
    dock.mail(from.0, from.1, "Shipped", "See attached.\n", Some(&csv));
    dock.run();
    let id = dock.exception("unknown_po");
    let amend = [
        "exceptions",
        "resolve",
        id.as_str(),
        "--amend",
        "po=W1-1",
        "--note",
        "Bob meant W1-1",
    ];
    let said = dock.desk.run(&amend);
    assert_eq!(said.code, 1, "{}", said.stdout);
    let first = "poms po cancel-refused W1-1 --note \"WHY\"";
    assert!(
        said.stderr.contains(first) && said.stderr.contains("type this again"),
        "{}",
        said.stderr
    );
    assert!(dock.open().contains(&"unknown_po".to_owned()));
    let late = ["po", "cancel-refused", "W1-1", "--note", "Bob"];
    dock.desk.run(&late).ok();
    dock.desk.run(&amend).ok();
    assert_eq!(dock.po_state("W1-1"), "partly_shipped");
    assert!(!dock.open().contains(&"unknown_po".to_owned()));
    dock.verify();
}
