//! What customers read of parcels that arrived before they were told, and of what came into a shipment
//! that they know: nothing is on its way that is there, and nothing is told twice.

use super::{Dock, T1, T2};

const UPS: &str = "UPS <mcinfo@ups.com>";
const SUBJECT: &str = "UPS Update: Package Delivered";

fn notice(number: &str) -> String {
    format!(
        "Your package was delivered.\nDelivered On: Thursday, 06/05/2025\nLeft At: Front Door\nTracking Number: {number}\n"
    )
}

fn row(sku: &str, qty: i64, number: &str) -> String {
    format!("po,sku,qty,carrier,tracking,ship date\nW1-1,{sku},{qty},UPS,{number},2025-06-03\n")
}

/// An order whose purchase order was sent, two days after.
fn placed(lines: &[(&str, i64)]) -> Dock {
    let dock = Dock::tokens();
    dock.order("W1", lines);
    dock.desk.now("2025-06-05T20:00:00Z");
    dock
}

fn mails(dock: &Dock) -> Vec<(String, String)> {
    let all = dock.desk.mails_to("W1@mail.example");
    let words = |text: String| text.split_whitespace().collect::<Vec<_>>().join(" ");
    let mails = all.iter();
    mails
        .map(|mail| (mail.subject(), words(mail.text())))
        .collect()
}

fn last(dock: &Dock) -> (String, String) {
    mails(dock).pop().unwrap()
}

/// A carrier's mail through the vendor's hands, about a purchase order.
fn forwarded(dock: &Dock, number: &str) {
    let text = format!(
        "PO W1-1\n\n---------- Forwarded message ---------\nFrom: {UPS}\nSubject: {SUBJECT}\n\n{}",
        notice(number)
    );
    dock.acme(&format!("Fwd: {SUBJECT}"), &text);
}

#[test]
fn a_parcel_that_arrived_in_the_same_run_is_not_on_its_way() {
    for by in ["the carrier", "the vendor", "a person"] {
        let dock = placed(&[("BF63-12163", 3)]);
        dock.import("left.csv", &row("BF63-12163", 3, T1), &[]);
        match by {
            "the carrier" => dock.mail(UPS, "ups.com", SUBJECT, &notice(T1), None),
            "the vendor" => forwarded(&dock, T1),
            _ => {
                let typed = ["po", "delivered", "W1-1", "--note", "by telephone"];
                dock.desk.run(&typed).ok();
            }
        }
        dock.run();
        assert_eq!(dock.show("W1")["state"], "delivered", "{by}");
        let all = mails(&dock);
        assert_eq!(all.len(), 2, "{by}: {all:?}");
        assert_eq!(all[1].0, "Your order W1 was delivered", "{by}");
        let text = &all[1].1;
        assert!(
            text.contains("Delivered on Thursday, June 5, 2025") && text.contains(T1),
            "{by}: {text}"
        );
        assert!(
            !text.contains("on its way") && !text.contains("Expected by"),
            "{by}: {text}"
        );
        dock.run();
        assert_eq!(mails(&dock).len(), 2, "{by}");
        dock.verify();
    }
}

/// The first that is heard of a parcel is that it arrived.
#[test]
fn the_first_word_of_a_parcel_that_is_there() {
    let dock = placed(&[("BF63-12163", 1)]);
    let to = dock.reply_address("W1-1");
    dock.mail_to(&to, SUBJECT, &format!("From: {UPS}\n{}", notice(T1)), None);
    dock.run();
    assert_eq!(dock.show("W1")["state"], "delivered", "{:?}", dock.open());
    assert_eq!(last(&dock).0, "Your order W1 was delivered");
    dock.verify();
}

#[test]
fn of_two_parcels_each_is_told_as_it_is() {
    let dock = placed(&[("BF63-12163", 3)]);
    dock.import("a.csv", &row("BF63-12163", 2, T1), &[]);
    dock.import("b.csv", &row("BF63-12163", 1, T2), &[]);
    dock.mail(UPS, "ups.com", SUBJECT, &notice(T1), None);
    dock.run();
    let (subject, text) = last(&dock);
    assert_eq!(subject, "Your order W1 is on its way");
    let places = ["Delivered on Thursday", T1, "Expected by", T2].map(|words| text.find(words));
    assert!(
        places.is_sorted() && places[0].is_some(),
        "{places:?}: {text}"
    );
    // one shipment in two parcels, of which one is there
    let dock = placed(&[("BF63-12163", 3)]);
    let both = row("BF63-12163", 3, &format!("{T1} {T2}"));
    dock.import("a.csv", &both, &[]);
    dock.mail(UPS, "ups.com", SUBJECT, &notice(T2), None);
    dock.run();
    let (subject, text) = last(&dock);
    assert_eq!(subject, "Your order W1 is on its way");
    assert!(
        text.contains(&format!("{T2}, delivered on Thursday, June 5, 2025")),
        "{text}"
    );
    dock.verify();
}

/// A mail that waits for the end of quiet hours says what is so in the morning.
#[test]
fn what_arrives_in_quiet_hours_is_told_as_arrived() {
    let dock = Dock::with("[notices]\nquiet_hours = \"21:00-08:00\"\n");
    dock.order("W1", &[("BF63-12163", 3)]);
    dock.desk.now("2025-06-05T14:05:00Z");
    dock.run();
    let told = mails(&dock).len();
    dock.desk.now("2025-06-06T05:00:00Z");
    dock.import("left.csv", &row("BF63-12163", 3, T1), &[]);
    dock.run();
    assert_eq!(mails(&dock).len(), told, "quiet hours");
    dock.mail(UPS, "ups.com", SUBJECT, &notice(T1), None);
    dock.run();
    dock.desk.now("2025-06-06T15:05:00Z");
    dock.run();
    let all = mails(&dock);
    assert_eq!(all.len(), told + 1, "{all:?}");
    assert_eq!(last(&dock).0, "Your order W1 was delivered");
    dock.verify();
}

/// A carrier's own mail mistypes no number of its own: what fails its check digit is another number.
#[test]
fn a_carriers_number_with_a_wrong_check_digit_is_for_a_person() {
    let wrong = format!("{}8", &T1[..T1.len() - 1]);
    let dock = placed(&[("BF63-12163", 1)]);
    let to = dock.reply_address("W1-1");
    let shipped = format!("From: {UPS}\nYour shipment is on the way.\nTracking Number: {wrong}\n");
    dock.mail_to(&to, "UPS Ship Notification", &shipped, None);
    dock.mail_to(
        &to,
        SUBJECT,
        &format!("From: {UPS}\n{}", notice(&wrong)),
        None,
    );
    dock.run();
    assert_eq!(dock.show("W1")["state"], "placed");
    let open = dock.open();
    assert!(
        !open.is_empty() && open.iter().all(|code| code == "advice_unclear"),
        "{open:?}"
    );
    assert_eq!(mails(&dock).len(), 1);
    let id = {
        let list = dock.desk.run(&["exceptions", "list", "--json"]).ok().json();
        list["exceptions"][0]["id"].to_string()
    };
    let shown = dock.desk.run(&["exceptions", "show", &id]).ok().stdout;
    assert!(
        shown.contains("check digit") && shown.contains(&wrong),
        "{shown}"
    );
    // a person who looked it up lets it in
    let typed = ["exceptions", "resolve", &id, "--release", "--note", "it is"];
    dock.desk.run(&typed).ok();
    assert_ne!(dock.show("W1")["state"], "placed");
    dock.verify();
    // the vendor's own mistyped number is acted on and told, and the carrier's mail about it arrives
    let dock = placed(&[("BF63-12163", 1)]);
    dock.import("left.csv", &row("BF63-12163", 1, &wrong), &[]);
    let to = dock.reply_address("W1-1");
    dock.mail_to(
        &to,
        SUBJECT,
        &format!("From: {UPS}\n{}", notice(&wrong)),
        None,
    );
    dock.run();
    assert_eq!(dock.show("W1")["state"], "delivered", "{:?}", dock.open());
}

#[test]
fn what_came_into_a_parcel_later_is_told_alone() {
    let dock = placed(&[("BF63-12163", 2), ("KT10-00010", 2)]);
    dock.import("a.csv", &row("BF63-12163", 2, T1), &[]);
    dock.run();
    assert!(last(&dock).1.contains("2 x Brass Floor Lamp"));
    // another document, and the same parcel
    dock.import("b.csv", &row("KT10-00010", 1, T1), &[]);
    dock.run();
    let (subject, text) = last(&dock);
    assert_eq!(subject, "A part of your order W1 is on its way");
    assert!(
        text.contains("You read of this shipment before; this is in it, too: 1 x Kettle 1.7 l"),
        "{text}"
    );
    assert!(!text.contains("Brass Floor Lamp"), "{text}");
    // two rows of one document
    let more = format!(
        "{}W1-1,KT10-00010,1,UPS,{T2},2025-06-03\n",
        row("KT10-00010", 0, T1).lines().next().unwrap().to_owned() + "\n"
    );
    dock.import("c.csv", &more, &[]);
    dock.run();
    let (subject, text) = last(&dock);
    assert_eq!(subject, "The rest of your order W1 is on its way");
    assert!(text.contains(T2) && !text.contains(T1), "{text}");
    dock.verify();
}

#[test]
fn a_second_row_for_the_same_parcel_tells_its_pieces_alone() {
    let dock = placed(&[("BF63-12163", 3)]);
    let to = dock.reply_address("W1-1");
    let both = format!(
        "{}W1-1,BF63-12163,1,UPS,{T1},2025-06-03\n",
        row("BF63-12163", 2, T1)
    );
    dock.mail_to(&to, "W1-1", "Attached.", Some(&both));
    dock.run();
    let (subject, text) = last(&dock);
    // both rows came before the customer was told: one parcel, three pieces
    assert_eq!(subject, "Your order W1 is on its way");
    assert!(text.contains("3 x Brass Floor Lamp"), "{text}");
    dock.verify();
}

#[test]
fn what_a_person_adds_is_told_as_an_addition() {
    let dock = placed(&[("BF63-12163", 3)]);
    dock.import("a.csv", &row("BF63-12163", 3, T1), &[]);
    dock.run();
    let typed = ["shipment", "add", "W1-1", "--tracking", T2, "--note", "x"];
    dock.desk.run(&typed).ok();
    dock.run();
    let (subject, text) = last(&dock);
    assert_eq!(subject, "A tracking number of your order W1");
    assert!(
        text.contains("what left for you before") && text.contains(&format!("{T2} (new)")),
        "{text}"
    );
    assert!(!text.contains("on its way"), "{text}");
    // a number for what left without one
    let dock = placed(&[("BF63-12163", 3)]);
    let bare = "po,sku,qty,ship date\nW1-1,BF63-12163,3,2025-06-03\n";
    dock.import("a.csv", bare, &[]);
    dock.run();
    assert_eq!(last(&dock).0, "Your order W1 is on its way");
    dock.import("b.csv", &row("BF63-12163", 3, T1), &[]);
    dock.run();
    let (subject, text) = last(&dock);
    assert_eq!(subject, "A tracking number of your order W1");
    assert!(text.contains(&format!("{T1} (new)")), "{text}");
    dock.verify();
}
