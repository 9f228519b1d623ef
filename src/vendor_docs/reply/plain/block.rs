//! Lines of keys and values, and of cells: `Carrier: UPS`, `Tracking # | Qty`. A key that is not
//! known, or a value that is more than a value, is strange like a sentence.

use super::phrases::{self, Says};
use crate::vendor_docs::advice::{AdviceField, field_of};

/// Keys that the readers of advices do not need, and that say nothing of whether goods left.
const INERT: &[&str] = &[
    "ship to",
    "shipped to",
    "shipping to",
    "shipping address",
    "deliver to",
    "attn",
    "attention",
    "phone",
    "tel",
    "telephone",
    "fax",
    "email",
    "e-mail",
    "web",
    "website",
    "weight",
    "total weight",
    "gross weight",
    "cartons",
    "boxes",
    "packages",
    "number of packages",
    "no of packages",
    "total packages",
    "our order",
    "our order number",
    "our order no",
    "sales order",
    "sales order number",
    "our reference",
    "our ref",
    "packing slip",
    "description",
    "from",
    "to",
    "sent",
    "date",
    "cc",
    "subject",
    "order date",
    "po date",
    "items shipped",
    "items in this shipment",
    "shipped items",
    "contents",
];
/// Words of keys. A known key with any other word is another key: `Old tracking`, `Return tracking`.
const KEY_WORDS: &[&str] = &[
    "po",
    "p",
    "o",
    "purchase",
    "order",
    "orders",
    "number",
    "numbers",
    "no",
    "nos",
    "num",
    "your",
    "our",
    "the",
    "customer",
    "cust",
    "ref",
    "reference",
    "sku",
    "item",
    "items",
    "part",
    "product",
    "article",
    "code",
    "qty",
    "quantity",
    "shipped",
    "ship",
    "date",
    "carrier",
    "via",
    "service",
    "method",
    "tracking",
    "track",
    "trk",
    "shipping",
    "level",
    "status",
    "shipment",
    "vendor",
    "sales",
    "invoice",
    "line",
    "name",
    "street",
    "address",
    "city",
    "state",
    "zip",
    "id",
    "ids",
    "dispatched",
    "dispatch",
    "units",
    "pieces",
    "pcs",
    "upc",
    "by",
    "on",
    "s",
    "waybill",
    "awb",
    "pro",
    "package",
    "parcel",
    "ups",
    "fedex",
    "usps",
    "dhl",
    "postal",
    "to",
    "day",
    "and",
];
/// Most words of a value that says nothing.
const LONGEST: usize = 10;

/// What stands before a colon or the like, and after it.
fn key_and_value(text: &str) -> Option<(&str, &str)> {
    let text = text.trim().trim_start_matches(['-', '*', '•', '·', ' ']);
    let parted = |separator: char| {
        let (key, value) = text.split_once(separator)?;
        let short = key.split_whitespace().count() <= 4 && key.chars().any(char::is_alphabetic);
        (short && !value.starts_with("//"))
            .then(|| (key.trim(), value.trim_matches(['#', ' ', ':'])))
    };
    parted(':').or_else(|| parted('=')).or_else(|| {
        let (key, value) = parted('#')?;
        let field = field_of(key).map(|(field, _)| field)?;
        // "Item #1 ships June 4" is a sentence
        let line = matches!(field, AdviceField::Sku | AdviceField::PoLine);
        (!line || value.split_whitespace().count() <= 2).then_some((key, value))
    })
}

fn bare(key: &str) -> String {
    let key = key.to_lowercase();
    key.trim_matches([' ', '#', '.', '*', ':']).to_owned()
}

/// What a key means; `None` for one that is not known word for word.
fn field(key: &str) -> Option<AdviceField> {
    let words = key.split(|c: char| !c.is_alphanumeric());
    let mut words = words.filter(|word| !word.is_empty());
    let known = words.all(|word| KEY_WORDS.contains(&word.to_lowercase().as_str()));
    field_of(key).map(|(field, _)| field).filter(|_| known)
}

fn inert(key: &str) -> bool {
    INERT.contains(&bare(key).as_str())
}

/// Whether a cell is a key that is known, with or without its value.
pub(super) fn has_key(cell: &str) -> bool {
    match key_and_value(cell) {
        Some((key, _)) => field_of(key).is_some() || inert(key) || said(key),
        None => field_of(cell.trim()).is_some() && cell.split_whitespace().count() <= 4,
    }
}

/// `Shipped: 06/02/2025`.
fn said(key: &str) -> bool {
    ["shipped", "dispatched", "shipped on", "dispatched on"].contains(&bare(key).as_str())
}

/// Whether the lines below are an address.
pub(super) fn begins_address(line: &str) -> bool {
    let key = line.trim().trim_end_matches(':');
    let alone =
        key.len() < line.trim().len() && key_and_value(line).is_none_or(|(_, v)| v.is_empty());
    let known = [
        "ship to",
        "shipped to",
        "shipping to",
        "shipping address",
        "deliver to",
    ];
    alone && known.contains(&bare(key).as_str())
}

/// A row of a table: cells parted by commas, semicolons, bars or tabs.
pub(super) fn is_row(line: &str) -> bool {
    [',', ';', '|', '\t']
        .iter()
        .any(|mark| line.split(*mark).count() > 2)
}

/// The cells of a line: parted by bars, tabs and wide gaps, and by commas before a key.
pub(super) fn cells(line: &str) -> Vec<String> {
    let wide = line.replace("   ", "\t").replace("  ", "\t");
    let mut cells: Vec<String> = Vec::new();
    for piece in wide.split(['|', '\t']) {
        for (at, part) in piece.split(", ").enumerate() {
            let keyed = key_and_value(part).is_some_and(|(key, _)| field(key).is_some());
            match cells.last_mut() {
                Some(last) if at > 0 && !keyed => {
                    last.push_str(", ");
                    last.push_str(part.trim());
                }
                _ if part.trim().is_empty() => {}
                _ => cells.push(part.trim().to_owned()),
            }
        }
    }
    cells
}

/// What a cell says; `read` reads words.
pub(super) fn cell(cell: &str, read: impl Fn(&str) -> Says) -> Says {
    let whole = read(cell);
    if whole.answer && whole.shipment {
        return whole;
    }
    let number = cell.len() <= 12 && cell.bytes().all(|b| b.is_ascii_digit() || b == b'.');
    let heading = field(cell).is_some_and(|field| field != AdviceField::Void);
    if number || heading || inert(cell) {
        return Says::inert();
    }
    let Some((key, value)) =
        key_and_value(cell).filter(|(key, _)| field(key).is_some() || inert(key) || said(key))
    else {
        return whole;
    };
    if said(key) {
        return dated(&read(value));
    }
    let Some(field) = field(key) else {
        let fits = inert(key)
            && field_of(key).is_none()
            && value.split_whitespace().count() <= LONGEST
            && !value.contains(['$', '€', '£', '?']);
        return if fits { Says::inert() } else { Says::default() };
    };
    of_field(field, value, &read)
}

/// A value by itself: a number, a day, a name.
fn of_field(field: AdviceField, value: &str, read: &impl Fn(&str) -> Says) -> Says {
    let words = value.split_whitespace().count();
    let digits = value.bytes().any(|b| b.is_ascii_digit());
    let neutral = || {
        let says = read(value);
        says.answer && says.shipment && !says.left
    };
    match field {
        _ if value.is_empty() => Says::inert(),
        AdviceField::Tracking => match read(&format!("tracking {value}")) {
            says if says.shipment => says,
            _ => Says::default(),
        },
        AdviceField::Status if phrases::is_left(value) => Says::left(),
        AdviceField::Status | AdviceField::Void => Says::default(),
        AdviceField::ShipDate => dated(&read(value)),
        AdviceField::Carrier | AdviceField::Service
            if neutral() || words <= 2 && !digits && capital(value) =>
        {
            Says::inert()
        }
        AdviceField::Carrier | AdviceField::Service => Says::default(),
        AdviceField::Qty if words <= 2 && digits => Says::inert(),
        AdviceField::Po
        | AdviceField::Order
        | AdviceField::Reference
        | AdviceField::VendorOrder
        | AdviceField::Sku
        | AdviceField::PoLine
            if neutral() || words <= 2 && digits =>
        {
            Says::inert()
        }
        AdviceField::Name
        | AdviceField::Street
        | AdviceField::City
        | AdviceField::State
        | AdviceField::Zip
            if words <= LONGEST =>
        {
            Says::inert()
        }
        _ => Says::default(),
    }
}

fn capital(value: &str) -> bool {
    value
        .split_whitespace()
        .all(|word| word.chars().next().is_some_and(char::is_uppercase))
}

/// A day and nothing else: which one is looked at where the row is.
fn dated(says: &Says) -> Says {
    if says.answer {
        Says::inert()
    } else {
        Says::default()
    }
}
