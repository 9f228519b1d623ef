//! What an amendment says: the fields that the reason is about and all that follows from them, so that
//! the amended order adds up; values that poms knows, and blanks for a person to fill in.

use crate::domain::codes::{Code, Offered, Remedy};
use crate::domain::foreign::is_hidden;
use crate::domain::money::Money;
use crate::domain::order::Order;
use crate::domain::vendor::Offer;
use crate::ledger::invoices::InvoiceRow;
use crate::reports::exception_case::Case;
use crate::reports::layout::quoted;
use crate::reports::order_story::Story;
use serde_json::Value;

/// `FIELD=VALUE` for the fields that the reason is about; what a person must fill in in capitals.
pub(super) fn words(case: &Case, offered: &Offered) -> Vec<String> {
    let one = |word: &str| vec![word.to_owned()];
    if !offered.changes.is_empty() {
        return offered.changes.iter().map(|word| quoted(word)).collect();
    }
    if case.row.entity.starts_with("invoice:") {
        let known = |invoice: &InvoiceRow| invoice.vendor_id.is_some();
        return match case.row.code.known() {
            Some(Code::CreditUnclear) => one("credit=NAME"),
            // a bill is tied to a purchase order of its vendor only
            _ if !case.invoice.as_ref().is_some_and(known) => one("vendor=VENDOR"),
            _ => one("po=NUMBER"),
        };
    }
    let Some(story) = &case.story else {
        return one("FIELD=VALUE");
    };
    if case.delivery.is_some() {
        return one("customer.email=ADDRESS");
    }
    let fields = of_lines_and_total(case, &story.row.order);
    let fields = fields.unwrap_or_else(|| of_the_order(case, story));
    match fields.is_empty() {
        true => one("FIELD=VALUE"),
        false => fields,
    }
}

/// Fields of the order itself.
fn of_the_order(case: &Case, story: &Story) -> Vec<String> {
    let order = &story.row.order;
    match case.row.code.known() {
        Some(Code::BadZip) => vec!["ship_to.zip=ZIP".to_owned()],
        Some(Code::PoBox) if case.row.message.contains("military") => {
            vec!["shipping_method='USPS PRIORITY MAIL'".to_owned()]
        }
        Some(Code::PoBox) => vec!["ship_to.street1='STREET ADDRESS'".to_owned()],
        Some(Code::MissingEmail | Code::BadEmail | Code::WrongEmail) => {
            vec!["customer.email=ADDRESS".to_owned()]
        }
        Some(Code::MissingPhone | Code::BadPhone) => vec!["customer.phone=NUMBER".to_owned()],
        Some(Code::IncompleteAddress) => missing(order),
        Some(Code::UnprintableAddress) => of_the_receiver(&case.row.message),
        Some(Code::OutsideServiceArea) if case.row.message.contains("the site ships to") => vec![
            "ship_to.country=COUNTRY".to_owned(),
            "ship_to.state=STATE".to_owned(),
            "ship_to.zip=ZIP".to_owned(),
        ],
        Some(Code::OutsideServiceArea) => vec![
            "ship_to.state=STATE".to_owned(),
            "ship_to.zip=ZIP".to_owned(),
        ],
        Some(Code::CardNumber) => texts(story.row.masked.iter().map(String::as_str)),
        Some(Code::ControlCharacter) => {
            let mut found = Vec::new();
            hidden(&serde_json::json!(order), String::new(), &mut found);
            texts(found.iter().map(String::as_str))
        }
        Some(Code::TotalMismatch) => total(order).into_iter().collect(),
        Some(Code::DuplicateOrderNumber) => vec!["order_number=NUMBER".to_owned()],
        Some(Code::FutureOrder | Code::StaleOrder) => vec!["date=DATE".to_owned()],
        Some(Code::CustomerComment) => vec!["comments=".to_owned()],
        _ => Vec::new(),
    }
}

/// The fields of the address that the reason names.
fn of_the_receiver(message: &str) -> Vec<String> {
    let fields = ["name", "street1", "street2", "city", "state", "zip"];
    let named = |field: &&str| message.contains(&format!("ship_to.{field} '"));
    let named = fields.into_iter().filter(named);
    named.map(|field| format!("ship_to.{field}=TEXT")).collect()
}

/// Fields of the lines that the reason is about, with all that follows from them; `None` when it is
/// about none.
fn of_lines_and_total(case: &Case, order: &Order) -> Option<Vec<String>> {
    let code = case.row.code.known()?;
    if code == Code::BelowCost && case.row.message.starts_with("after the discount") {
        return Some(vec!["discount=AMOUNT".to_owned(), "total=TOTAL".to_owned()]);
    }
    let mut new = Amended::of(order);
    for place in (0..order.lines.len()).filter(|place| concerns(case, order, *place)) {
        let retail = offer(case, place).map(|offer| offer.retail_price);
        match code {
            Code::PriceMismatch => new.price(place, retail, false),
            Code::BelowCost => {
                let above = offer(case, place).filter(|offer| offer.retail_price >= offer.cost);
                let retail = above.map(|offer| offer.retail_price);
                let own = order.lines[place].unit_price;
                new.price(place, retail.filter(|price| *price != own), true);
            }
            Code::UnknownSku => {
                let near = case.meant.iter().find(|(line, _)| *line == place + 1);
                new.article(place, near.map(|(_, offer)| offer));
            }
            Code::NoVendor | Code::InactiveVendor | Code::DiscontinuedSku => {
                new.article(place, None)
            }
            Code::OrderValueLimit
            | Code::SpendingLimit
            | Code::ZeroQuantity
            | Code::QuantityLimit => {
                new.quantity(place);
            }
            _ => return None,
        }
    }
    match (code, new.fields.is_empty()) {
        (Code::PriceMismatch, true) => Some(vec!["currency=CURRENCY".to_owned()]),
        (_, true) => None,
        (_, false) => Some(new.whole()),
    }
}

/// The order without the lines that nobody can deliver, where others are left: their removal, the last
/// first so that no number changes, and the total that follows.
pub(super) fn without_the_line(case: &Case) -> Option<Vec<String>> {
    let codes = [
        Code::DiscontinuedSku,
        Code::UnknownSku,
        Code::NoVendor,
        Code::InactiveVendor,
    ];
    let amend = |offered: &&Offered| offered.remedy == Remedy::Amend && offered.refused.is_none();
    case.remedies.iter().find(amend)?;
    let order = &case.story.as_ref()?.row.order;
    if !case.row.code.is_one_of(&codes) {
        return None;
    }
    let gone = |place: &usize| concerns(case, order, *place);
    let places: Vec<usize> = (0..order.lines.len()).filter(gone).rev().collect();
    if places.is_empty() || places.len() == order.lines.len() {
        return None;
    }
    let mut left = order.clone();
    let mut words = Vec::new();
    for place in places {
        left.lines.remove(place);
        words.push(format!("lines.{}=", place + 1));
    }
    words.push(total(&left)?);
    Some(words)
}

/// Whether the reason is about this line.
fn concerns(case: &Case, order: &Order, place: usize) -> bool {
    let offers = case.offers.get(place).map(Vec::as_slice);
    let offers = offers.unwrap_or_default();
    match case.row.code.known() {
        Some(Code::BelowCost | Code::NoVendor | Code::InactiveVendor) => told(case, place),
        Some(Code::UnknownSku) => offers.is_empty(),
        Some(Code::DiscontinuedSku) => offers.iter().all(|offer| offer.discontinued),
        Some(Code::OrderValueLimit | Code::SpendingLimit) => place == 0,
        Some(Code::ZeroQuantity) => order.lines[place].qty <= 0,
        Some(Code::QuantityLimit) => {
            let sku = order.lines[place].sku.trim();
            case.row.message.contains(&format!(" of {sku}, "))
        }
        _ => true,
    }
}

/// The offer that a line is priced by.
fn offer(case: &Case, place: usize) -> Option<&Offer> {
    case.offers.get(place).and_then(|offers| offers.first())
}

/// An order as it would be with what the fields say.
struct Amended {
    order: Order,
    fields: Vec<String>,
    /// Whether every value is known, and so the total.
    known: bool,
}

impl Amended {
    fn of(order: &Order) -> Amended {
        Amended {
            order: order.clone(),
            fields: Vec::new(),
            known: true,
        }
    }

    fn say(&mut self, place: usize, field: &str, value: &str) {
        let line = place + 1;
        self.fields.push(format!("lines.{line}.{field}={value}"));
    }

    /// Another price for a line: this one, else a person says it where it is `wanted`.
    fn price(&mut self, place: usize, price: Option<Money>, wanted: bool) {
        match price {
            Some(price) if wanted || price != self.order.lines[place].unit_price => {
                self.order.lines[place].unit_price = price;
                self.say(place, "unit_price", &price.to_string());
            }
            None if wanted => {
                self.known = false;
                self.say(place, "unit_price", "PRICE");
            }
            _ => {}
        }
    }

    /// Another article for a line, with its price: this one, else a person says which.
    fn article(&mut self, place: usize, offer: Option<&Offer>) {
        self.say(
            place,
            "sku",
            &offer.map_or_else(|| "SKU".to_owned(), |offer| quoted(&offer.sku)),
        );
        self.price(place, offer.map(|offer| offer.retail_price), true);
    }

    /// Another quantity for a line, which a person says.
    fn quantity(&mut self, place: usize) {
        self.known = false;
        self.say(place, "qty", "QUANTITY");
    }

    /// The fields, and the total that follows from them.
    fn whole(mut self) -> Vec<String> {
        if !self.fields.is_empty() {
            let total = total(&self.order).filter(|_| self.known);
            self.fields
                .push(total.unwrap_or_else(|| "total=TOTAL".to_owned()));
        }
        self.fields
    }
}

/// Whether the reason names this line, as "line 2: …".
fn told(case: &Case, place: usize) -> bool {
    let name = format!("line {}: ", place + 1);
    case.row.message.match_indices(&name).any(|(at, _)| {
        let before = &case.row.message[..at];
        before.is_empty() || before.ends_with(' ')
    })
}

/// `FIELD=TEXT` for paths of the document, where lines are counted from 0; keys that poms does not
/// know are left out.
fn texts<'a>(paths: impl Iterator<Item = &'a str>) -> Vec<String> {
    let known = |path: &&str| {
        let last = path.rsplit('.').next().unwrap_or_default();
        last.bytes()
            .all(|b| b.is_ascii_lowercase() || b == b'_' || b.is_ascii_digit())
    };
    paths
        .filter(known)
        .map(|path| format!("{}=TEXT", from_one(path)))
        .collect()
}

/// `lines[0].sku` as `--amend` names it: `lines.1.sku`.
fn from_one(path: &str) -> String {
    let Some((before, rest)) = path.split_once('[') else {
        return path.to_owned();
    };
    match rest
        .split_once(']')
        .map(|(place, after)| (place.parse::<usize>(), after))
    {
        Some((Ok(place), after)) => format!("{before}.{}{after}", place + 1),
        _ => path.to_owned(),
    }
}

/// The paths of texts with characters that cannot be seen.
fn hidden(value: &Value, path: String, found: &mut Vec<String>) {
    let below = |key: &str| match path.is_empty() {
        true => key.to_owned(),
        false => format!("{path}.{key}"),
    };
    match value {
        Value::String(text) if text.chars().any(is_hidden) => found.push(path),
        Value::Array(list) => list.iter().enumerate().for_each(|(place, item)| {
            hidden(item, format!("{path}[{place}]"), found);
        }),
        Value::Object(map) => map.iter().for_each(|(key, item)| {
            hidden(item, below(key), found);
        }),
        _ => {}
    }
}

fn missing(order: &Order) -> Vec<String> {
    let to = &order.ship_to;
    [
        ("name", &to.name),
        ("street1", &to.street1),
        ("city", &to.city),
        ("state", &to.state),
        ("zip", &to.zip),
        ("country", &to.country),
    ]
    .iter()
    .filter(|(_, value)| value.trim().is_empty())
    .map(|(field, _)| format!("ship_to.{field}={}", field.to_uppercase()))
    .collect()
}

/// The total that the amounts make.
fn total(order: &Order) -> Option<String> {
    let goods = order.goods()?.minus(order.discount.unwrap_or_default())?;
    let sum = Money::sum([goods, order.shipping, order.tax])?;
    Some(format!("total={sum}"))
}
