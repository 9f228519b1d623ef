//! Who writes to the house: the web shop, and vendors who answer what they really got.

use super::chance::Chance;
use super::outside::Taken;
use super::world::keys;
use chrono::{DateTime, TimeDelta, Utc};
use poms::intake::openpgp::make;
use serde_json::{Value, json};

const GOODS: [(&str, i64); 3] = [
    ("BF63-12163", 10823),
    ("KT10-00010", 2990),
    ("GD20-00020", 3900),
];

/// An order of one to three lines; one in some has something that a person must look at.
pub fn order(number: &str, chance: &mut Chance) -> Value {
    let mut lines = Vec::new();
    let mut total = 0;
    let first = chance.below(3) as usize;
    for place in 0..=chance.below(3) as usize {
        let (sku, price) = GOODS[(first + place) % GOODS.len()];
        let qty = 1 + chance.below(4) as i64;
        total += qty * price;
        lines.push(json!({"sku": sku, "qty": qty, "unit_price": money(price)}));
    }
    let mut order = json!({
        "order_number": number, "date": "2025-06-02T06:01:52-04:00", "currency": "USD",
        "customer": {"name": format!("Customer {number}"), "email": format!("{}@mail.example", number.to_lowercase()), "phone": "859-589-9227"},
        "ship_to": {"name": format!("Customer {number}"), "street1": format!("{number} Gary Forks"), "street2": "",
                    "city": "South Willie", "state": "MO", "zip": "65367", "country": "US"},
        "lines": lines, "shipping": "0.00", "tax": "0.00", "total": money(total)
    });
    match chance.below(14) {
        0 => order["ship_to"]["zip"] = json!("02139"),
        1 => order["lines"][0]["sku"] = json!("NO-SUCH-THING"),
        2 => order["total"] = json!(money(total + 100)),
        3 => order["comments"] = json!("Please leave it with the neighbour"),
        _ => {}
    }
    order
}

fn money(cents: i64) -> String {
    format!("{}.{:02}", cents / 100, cents % 100)
}

/// The mail of the web shop around an order: each time it is sealed it is another.
pub fn sealed(order: &Value, at: DateTime<Utc>, number: u64) -> Vec<u8> {
    let keys = keys();
    let entity = make::json_entity(&order.to_string());
    let sealed = make::seal(&entity, &keys.webshop, &[&keys.shop], at).expect("sealed");
    let mail = make::pgp_mime(
        "Web Shop <web@shop.example>",
        "orders@shop.example",
        "New order",
        at,
        &format!("<{number}@web.shop.example>"),
        &sealed,
    );
    mail.expect("a mail")
}

/// One header of a mail, unfolded.
pub fn header(mail: &[u8], name: &str) -> Option<String> {
    let text = String::from_utf8_lossy(mail);
    let head = text
        .split("\r\n\r\n")
        .next()?
        .replace("\r\n ", " ")
        .replace("\r\n\t", " ");
    let prefix = format!("{}:", name.to_lowercase());
    let line = head
        .lines()
        .find(|line| line.to_lowercase().starts_with(&prefix))?;
    Some(line[prefix.len()..].trim().to_owned())
}

/// A purchase order as its vendor knows it.
#[derive(Clone, Debug)]
pub struct Asked {
    pub number: String,
    pub reply_to: String,
    /// SKU and pieces.
    pub lines: Vec<(String, i64)>,
}

/// A UPS number with the right check digit (1Z, 15 characters, check).
pub fn ups(serial: u64) -> String {
    let body = format!("A1B2C303{:07}", serial % 10_000_000);
    let value = |c: char| match c {
        '0'..='9' => c as u32 - '0' as u32,
        c => (c as u32 - 'A' as u32 + 2) % 10,
    };
    let weighted = |(at, c): (usize, char)| value(c) * if at % 2 == 1 { 2 } else { 1 };
    let sum: u32 = body.chars().enumerate().map(weighted).sum();
    format!("1Z{body}{}", (10 - sum % 10) % 10)
}

/// What the vendor writes about it: words or a table.
pub fn answer(asked: &Asked, now: DateTime<Utc>, chance: &mut Chance, serial: u64) -> Vec<u8> {
    let po = &asked.number;
    let day = (now + TimeDelta::days(chance.below(20) as i64)).format("%Y-%m-%d");
    let Some((sku, qty)) = chance.pick(&asked.lines).cloned() else {
        return mail(asked, now, "Confirmed.\n", None, serial);
    };
    let some = 1 + chance.below(qty.max(1) as u64) as i64;
    let all = |status: &str| {
        let mut csv = "po_number,sku,status,qty,date\n".to_owned();
        for (sku, qty) in &asked.lines {
            csv.push_str(&format!("{po},{sku},{status},{qty},\n"));
        }
        csv
    };
    let (text, csv) = match chance.below(11) {
        0 => ("Confirmed, thank you.\n".to_owned(), None),
        1 => (String::new(), Some(all("accepted"))),
        2 => (format!("{sku} is backordered until {day}.\n"), None),
        3 => (
            String::new(),
            Some(format!(
                "po_number,sku,status,qty,date\n{po},{sku},backordered,{some},{day}\n"
            )),
        ),
        4 => (format!("{sku} is discontinued.\n"), None),
        5 => (
            String::new(),
            Some(format!(
                "po_number,sku,status,qty,date\n{po},{sku},rejected,{qty},\n"
            )),
        ),
        6..9 => {
            let mut csv = "po,sku,qty,tracking\n".to_owned();
            for (sku, qty) in &asked.lines {
                csv.push_str(&format!("{po},{sku},{qty},{}\n", ups(serial)));
            }
            (String::new(), Some(csv))
        }
        9 => (
            String::new(),
            Some(format!(
                "po,sku,qty,tracking\n{po},{sku},{some},{}\n",
                ups(serial)
            )),
        ),
        _ => ("Which colour do you want?\n".to_owned(), None),
    };
    mail(asked, now, &text, csv.as_deref(), serial)
}

pub fn mail(
    asked: &Asked,
    now: DateTime<Utc>,
    text: &str,
    csv: Option<&str>,
    serial: u64,
) -> Vec<u8> {
    let head = format!(
        "From: Sales <sales@vendor.example>\r\nTo: {}\r\nSubject: Re: Purchase order {}\r\nDate: {}\r\n\
         Message-ID: <{serial}@vendors.example>\r\nMIME-Version: 1.0\r\n",
        asked.reply_to,
        asked.number,
        now.to_rfc2822()
    );
    let text = text.replace('\n', "\r\n");
    let mail = match csv {
        None => format!("{head}Content-Type: text/plain; charset=utf-8\r\n\r\n{text}\r\n"),
        Some(csv) => format!(
            "{head}Content-Type: multipart/mixed; boundary=\"b\"\r\n\r\n--b\r\nContent-Type: text/plain\r\n\r\n{text}Attached.\r\n\
             --b\r\nContent-Type: text/csv; name=\"a.csv\"\r\nContent-Disposition: attachment; filename=\"a.csv\"\r\n\r\n{}\r\n--b--\r\n",
            csv.replace('\n', "\r\n")
        ),
    };
    mail.into_bytes()
}

/// Whether a subject is that of a question to a vendor about purchase orders that are late.
pub fn asks(subject: &str) -> bool {
    subject.contains("wait for your answer")
        || subject.starts_with("Please confirm purchase order ")
        || subject.starts_with("Has purchase order ")
        || subject.starts_with("Purchase order ") && subject.ends_with(" is late")
}

/// Whether a document says that the vendor may have it already.
pub fn says_duplicate(taken: &Taken) -> bool {
    header(&taken.content, "Subject").is_some_and(|subject| subject.contains("POSSIBLE DUPLICATE"))
}
