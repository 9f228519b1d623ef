//! The demo's orders: first those that are placed, then one for each thing that can be wrong.

use super::{DemoOrder, Draft, Envelope, Person, with};
use crate::domain::codes::Code;
use chrono::{DateTime, Utc};
use serde_json::{Value, json};

// telephone numbers 555-01xx and .example addresses belong to nobody
const BUSTOS: Person = (
    "César Bustos",
    "cesar.bustos@mail.example",
    "573-555-0127",
    "4996 Gary Forks Apt. 38",
    "Columbia",
    "MO",
    "65201",
);
const WOJCIK: Person = (
    "Łukasz Wójcik",
    "lukasz@wojcik.example",
    "312-555-0164",
    "1640 W Division Street",
    "Chicago",
    "IL",
    "60622",
);
const YILDIZ: Person = (
    "Şebnem Yıldız",
    "sebnem.yildiz@mail.example",
    "201-555-0119",
    "77 Hudson Street",
    "Jersey City",
    "NJ",
    "07302",
);
const ANGSTROM: Person = (
    "Zoë Ångström",
    "zoe@angstrom.example",
    "612-555-0188",
    "2301 Como Avenue",
    "Saint Paul",
    "MN",
    "55108",
);
const OBRIEN: Person = (
    "Siobhán O'Brien",
    "siobhan.obrien@mail.example",
    "617-555-0135",
    "15 Beacon Street",
    "Boston",
    "MA",
    "02108",
);
const NGUYEN: Person = (
    "Nguyễn Thị Mai",
    "mai.nguyen@mail.example",
    "714-555-0151",
    "9200 Bolsa Avenue",
    "Westminster",
    "CA",
    "92683",
);
const HART: Person = (
    "Eleanor Hart",
    "eleanor.hart@mail.example",
    "512-555-0170",
    "801 Red River Street",
    "Austin",
    "TX",
    "78701",
);
const PRICE: Person = (
    "Marcus Price",
    "mprice@mail.example",
    "404-555-0193",
    "250 Peachtree Street",
    "Atlanta",
    "GA",
    "30303",
);
const LINDGREN: Person = (
    "Björn Lindgren",
    "bjorn@lindgren.example",
    "206-555-0106",
    "1912 Pike Place",
    "Seattle",
    "WA",
    "98101",
);
const KOWALSKI: Person = (
    "Dana Kowalski",
    "dana.kowalski@mail.example",
    "216-555-0148",
    "3400 Clark Avenue",
    "Cleveland",
    "OH",
    "44109",
);
const REYES: Person = (
    "Inés Reyes",
    "ines.reyes@mail.example",
    "505-555-0122",
    "110 Don Gaspar Avenue",
    "Santa Fe",
    "NM",
    "87501",
);
const FOSTER: Person = (
    "Grace Foster",
    "grace.foster@mail.example",
    "802-555-0157",
    "41 Church Street",
    "Burlington",
    "VT",
    "05401",
);

/// The demo's mail, as if the orders had been placed shortly before `now`; in order of arrival.
pub fn orders(now: DateTime<Utc>) -> Vec<DemoOrder> {
    let draft = Draft::new(now);
    let mut mail = good(&draft);
    mail.extend(wrong_goods(&draft));
    mail.extend(wrong_customer(&draft));
    mail.extend(wrong_mail(&draft));
    mail
}

fn sealed(about: &'static str, expect: Option<Code>, order: Value) -> DemoOrder {
    DemoOrder {
        about,
        expect,
        order,
        envelope: Envelope::Sealed,
    }
}

/// Those that are placed; between them they reach every active vendor.
fn good(draft: &Draft) -> Vec<DemoOrder> {
    let order = |number, hours, person, goods: &[_]| draft.order(number, hours, person, goods);
    vec![
        sealed(
            "one vendor",
            None,
            order("W200101", 20, BUSTOS, &[("KITC-1001", 1), ("KITC-1005", 2)]),
        ),
        sealed(
            "four vendors",
            None,
            order(
                "W200102",
                18,
                WOJCIK,
                &[
                    ("CAMP-1003", 1),
                    ("KITC-1006", 1),
                    ("GARD-1003", 1),
                    ("LITE-1003", 3),
                ],
            ),
        ),
        sealed(
            "two vendors",
            None,
            order("W200103", 15, YILDIZ, &[("LITE-1001", 1), ("TOOL-1007", 1)]),
        ),
        sealed(
            "an article that two vendors have",
            None,
            order(
                "W200104",
                11,
                ANGSTROM,
                &[("TOOL-1004", 1), ("TOOL-1005", 1)],
            ),
        ),
        sealed(
            "a name that needs its own letters",
            None,
            order("W200105", 9, NGUYEN, &[("KITC-1007", 1), ("CAMP-1004", 4)]),
        ),
    ]
}

fn wrong_goods(draft: &Draft) -> Vec<DemoOrder> {
    let order = |number, person, goods: &[_]| draft.order(number, 6, person, goods);
    let price = order("W200107", PRICE, &[("LITE-1002", 1)]);
    // a price off the catalogue in a total that adds up to it
    let price = with(
        price,
        &[
            ("/lines/0/unit_price", json!("129.00")),
            ("/total", json!("135.95")),
        ],
    );
    let total = order("W200108", KOWALSKI, &[("GARD-1002", 1), ("GARD-1001", 1)]);
    vec![
        sealed(
            "a SKU that the catalogue does not have",
            Some(Code::UnknownSku),
            order("W200106", HART, &[("CAMP-9999", 1), ("CAMP-1002", 1)]),
        ),
        sealed(
            "a price off the catalogue",
            Some(Code::PriceMismatch),
            price,
        ),
        sealed(
            "a total that does not add up",
            Some(Code::TotalMismatch),
            with(total, &[("/total", json!("25.40"))]),
        ),
        sealed(
            "a quantity of zero",
            Some(Code::ZeroQuantity),
            order("W200109", REYES, &[("TOOL-1003", 0), ("TOOL-1010", 1)]),
        ),
        sealed(
            "an article that is no longer made",
            Some(Code::DiscontinuedSku),
            order("W200110", FOSTER, &[("LITE-1009", 1)]),
        ),
    ]
}

fn wrong_customer(draft: &Draft) -> Vec<DemoOrder> {
    let order = |number, person, goods: &[_]| draft.order(number, 4, person, goods);
    let zip = order("W200111", OBRIEN, &[("KITC-1003", 1)]);
    let po_box = order("W200112", LINDGREN, &[("CAMP-1010", 2)]);
    let comment = order("W200114", HART, &[("LITE-1006", 2)]);
    let card = order("W200115", REYES, &[("KITC-1012", 1)]);
    let no_email = order("W200116", FOSTER, &[("TOOL-1012", 1)]);
    let please = "Please leave it with the neighbour at 803, and no later than Friday.";
    // a test number of the card networks: it passes the check and belongs to nobody
    let number = "The payment page hung. My card is 4111 1111 1111 1111, exp 09/27.";
    vec![
        sealed(
            "a ZIP of another state",
            Some(Code::BadZip),
            with(zip, &[("/ship_to/zip", json!("90210"))]),
        ),
        sealed(
            "a PO box, by UPS",
            Some(Code::PoBox),
            with(po_box, &[("/ship_to/street1", json!("PO Box 1184"))]),
        ),
        sealed(
            "six weeks old",
            Some(Code::StaleOrder),
            draft.order("W200113", 42 * 24, PRICE, &[("GARD-1004", 1)]),
        ),
        sealed(
            "a comment that someone must read",
            Some(Code::CustomerComment),
            with(comment, &[("/comments", json!(please))]),
        ),
        sealed(
            "a card number in the comment",
            Some(Code::CardNumber),
            with(card, &[("/comments", json!(number))]),
        ),
        sealed(
            "no e-mail address",
            Some(Code::MissingEmail),
            with(no_email, &[("/customer/email", json!(""))]),
        ),
    ]
}

fn wrong_mail(draft: &Draft) -> Vec<DemoOrder> {
    let order = |number, person, goods: &[_]| draft.order(number, 2, person, goods);
    let mail = |about, expect, order, envelope| DemoOrder {
        about,
        expect,
        order,
        envelope,
    };
    vec![
        sealed(
            "the number of an earlier order, other goods",
            Some(Code::DuplicateOrderNumber),
            order("W200101", BUSTOS, &[("KITC-1002", 1)]),
        ),
        mail(
            "not signed",
            Some(Code::Unsigned),
            order("W200117", KOWALSKI, &[("TOOL-1002", 1)]),
            Envelope::Unsigned,
        ),
        mail(
            "signed by a stranger",
            Some(Code::UntrustedSigner),
            order("W200118", LINDGREN, &[("LITE-1004", 2)]),
            Envelope::Forged,
        ),
        mail(
            "damaged on the way",
            Some(Code::UnreadableMessage),
            order("W200119", OBRIEN, &[("CAMP-1001", 1)]),
            Envelope::Garbled,
        ),
        mail(
            "the same mail twice",
            None,
            order("W200120", FOSTER, &[("CAMP-1006", 1), ("KITC-1011", 1)]),
            Envelope::Twice,
        ),
    ]
}
