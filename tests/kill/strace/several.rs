//! A message with several orders, in a format that the site describes itself.

use super::mail::making;
use super::sweep::{Faults, Sweep};
use super::*;
use crate::kill::site::{Inbox, Way};
use crate::support::export;

/// One message, four orders of two vendors' goods each, of which one has goods that nobody knows.
const FOUR: Expected = Expected {
    accepted: 1,
    quarantined: 0,
    placed: 3,
    held: 1,
    purchase_orders: 6,
    letters: 3,
};

fn orders() -> String {
    let mut csv = export::HEAD.to_owned();
    for number in 1..=4 {
        let goods = if number == 3 { "NO-SUCH" } else { "KT10-00010" };
        for (sku, price) in [(goods, "29.90"), ("GD20-00020", "39.00")] {
            csv += &format!(
                "E-{number},06/01/2025,Ida Feld {number},customer{number}@mail.example,{number} Elm St,{sku},1,{price},68.90\n"
            );
        }
    }
    csv
}

#[test]
fn at_every_system_call_with_several_orders_in_a_message() {
    let desk = TestDesk::stocked();
    desk.folder("formats");
    desk.file("formats/export.toml", export::format("0.00").as_bytes());
    let entity = format!("Content-Type: text/csv; charset=utf-8\r\n\r\n{}", orders());
    let sealed = make::seal(
        entity.as_bytes(),
        desk.webshop_key(),
        &[desk.shop_key()],
        desk.moment(),
    );
    desk.sealed_mail(&sealed.unwrap());
    let batch = Scene::of(&desk);
    let way = Way {
        inbox: Inbox::Maildir,
        smtp: None,
        ..Way::SMTP
    };
    let sum = Sweep {
        name: "several orders in a message, by a format of the site's",
        make: &making(&batch, way, FOUR),
        trace: Trace::of_run(&all_calls()),
        every: step(12),
        faults: Faults::fewer(),
    }
    .run();
    assert_eq!(sum.unknown, 0, "a Maildir can be asked: {sum:?}");
}
