//! The commands for each remedy, ready to be copied, with the fields that the reason is about.

mod shipments;

use super::{Case, mail};
use crate::domain::codes::Remedy;
use crate::domain::foreign::is_hidden;
use crate::domain::lifecycle::DeliveryState;
use crate::domain::money::Money;
use crate::domain::order::Order;
use crate::reports::layout::{View, quoted};
use crate::reports::order_story::Story;
use serde_json::Value;

/// One thing that a person can do.
pub struct Choice {
    /// The remedy's word, or `confirm`.
    pub word: &'static str,
    /// What it does here.
    pub what: String,
    /// What to type.
    pub command: String,
}

/// What can be done about an open exception, the usual first; nothing for a resolved one.
pub fn choices(case: &Case, view: &View) -> Vec<Choice> {
    if !case.row.open {
        return Vec::new();
    }
    if !case.silent.is_empty() {
        return super::silent::choices(case, view);
    }
    let (id, poms) = (case.row.id, &view.poms);
    let mut choices: Vec<Choice> = Vec::new();
    if let Some((delivery, _)) = &case.delivery
        && matches!(
            delivery.state,
            DeliveryState::Unknown | DeliveryState::Failed
        )
    {
        choices.push(Choice {
            word: "confirm",
            what: "it did arrive: close it as sent".to_owned(),
            command: format!(
                "{poms} outbox confirm {} --note \"WHO SAID SO\"",
                delivery.id
            ),
        });
    }
    choices.extend(mail::choices(case, view));
    let fits = |remedy: &&Remedy| mail::allows(case, **remedy);
    choices.extend(
        case.row
            .definition()
            .remedies
            .iter()
            .filter(fits)
            .map(|remedy| {
                let flag = match remedy {
                    Remedy::Amend => format!("--amend {}", amendment(case)),
                    other => format!("--{}", other.as_str()),
                };
                Choice {
                    word: remedy.as_str(),
                    what: what(case, *remedy),
                    command: format!("{poms} exceptions resolve {id} {flag} --note \"WHY\""),
                }
            }),
    );
    choices.extend(shipments::choices(case, poms));
    choices
}

pub(super) fn what(case: &Case, remedy: Remedy) -> String {
    if case.row.entity.starts_with("mailbox:") {
        return match remedy {
            Remedy::Retry => "ask the server for it again, three times",
            _ => "take note of it: it is asked for once a day, and taken when it comes",
        }
        .to_owned();
    }
    if case.row.entity.starts_with("advice:")
        && let Some(what) = of_a_row(case, remedy)
    {
        return what.to_owned();
    }
    if let Some((row, _)) = &case.delivery
        && let Some(what) = of_a_document(row.state, remedy)
    {
        return what.to_owned();
    }
    let order = case.row.order_reference().unwrap_or_default();
    if let Some(what) = mail::what(case, remedy).or_else(|| of_a_bill(case, remedy)) {
        return what.to_owned();
    }
    match remedy {
        Remedy::Dispute => "draft the mail to the vendor, and show it".to_owned(),
        Remedy::ExpectCredit => "the vendor promised a credit: wait for it".to_owned(),
        Remedy::Release => format!(
            "let it go on as it is: overrides {} and nothing else",
            case.row.code
        ),
        Remedy::Cancel if order.is_empty() => "it shall not be sent".to_owned(),
        Remedy::Cancel => format!("take order {order} back"),
        Remedy::Amend => "change the order and check it anew".to_owned(),
        Remedy::Retry if case.message.is_some() => {
            "read the mail again after the cause was mended".to_owned()
        }
        Remedy::Retry => {
            "check it again after catalogue, vendors or settings were mended".to_owned()
        }
        Remedy::CancelLine => "take these lines off the order".to_owned(),
        Remedy::OtherVendor => {
            "order these lines from another vendor (name it after the flag to choose)".to_owned()
        }
        Remedy::AskCustomer => {
            "ask the customer by mail: wait, take it off, or cancel; it stays on the list"
                .to_owned()
        }
        Remedy::Dismiss if case.row.entity.starts_with("question:") => {
            "the customer waits: close it, and what was asked about".to_owned()
        }
        Remedy::Dismiss if case.row.entity.starts_with("po:") => "wait for the vendor".to_owned(),
        Remedy::Dismiss if case.message.is_some() => {
            "nothing shall come of the mail; its bytes are kept".to_owned()
        }
        Remedy::Dismiss => "take note and close it".to_owned(),
    }
}

/// What a remedy does about a bill or a credit.
fn of_a_bill(case: &Case, remedy: Remedy) -> Option<&'static str> {
    let invoice = case.row.entity.starts_with("invoice:");
    Some(match (remedy, case.row.code.as_str()) {
        (Remedy::Release, "invoice_duplicate") => {
            "it is a bill of its own: compare it like any other"
        }
        (Remedy::Release, _) if invoice => "pay as billed",
        (Remedy::Amend, "credit_unclear") => {
            "say what it is for, by its name above (several: credit=NAME,NAME)"
        }
        (Remedy::Amend, _) if invoice => {
            "say whose name it is (vendor=ID, learnt for good) or what it bills (po=NUMBER; several: po=NUMBER,NUMBER or po=NUMBER:AMOUNT,NUMBER:AMOUNT)"
        }
        (Remedy::Retry, _) if invoice => "look at it again",
        (Remedy::Dismiss, "invoice_duplicate") => "close it: it is not paid",
        _ => return None,
    })
}

/// What a remedy does about a document that did not arrive, or not yet.
fn of_a_document(state: DeliveryState, remedy: Remedy) -> Option<&'static str> {
    let waits = state == DeliveryState::Queued;
    Some(match remedy {
        Remedy::Retry if waits => "have the next run try it, whenever it is due",
        Remedy::Retry => "send it again after the cause was mended",
        Remedy::Dismiss if waits => {
            "take note; poms goes on trying (not to be sent: poms outbox drop)"
        }
        Remedy::Dismiss => "it shall not be sent",
        _ => return None,
    })
}

/// What a remedy does about a row of a shipping advice.
fn of_a_row(case: &Case, remedy: Remedy) -> Option<&'static str> {
    Some(match remedy {
        Remedy::Amend if case.row.code == "unknown_po" => "say which purchase order it is about",
        Remedy::Amend => {
            "say what left, and how many pieces of it (add po=NUMBER if it is about another purchase order)"
        }
        Remedy::Release => "take all that is open as shipped, as far as the row goes",
        Remedy::Retry => "look at it again as things stand now",
        Remedy::Dismiss => "nothing shall come of the row",
        _ => return None,
    })
}

/// `FIELD=VALUE` for the fields that the reason is about; what a person must fill in in capitals.
fn amendment(case: &Case) -> String {
    if case.row.entity.starts_with("invoice:") {
        return match case.row.code.as_str() {
            "credit_unclear" => "credit=NAME".to_owned(),
            _ => "po=NUMBER".to_owned(),
        };
    }
    if case.row.code == "unknown_po" {
        return "po=NUMBER".to_owned();
    }
    if case.row.entity.starts_with("advice:") {
        return contents(case);
    }
    let Some(story) = &case.story else {
        return "FIELD=VALUE".to_owned();
    };
    let fields = of_a_line(case, &story.row.order).unwrap_or_else(|| of_the_order(case, story));
    match fields.is_empty() {
        true => "FIELD=VALUE".to_owned(),
        false => fields.join(" "),
    }
}

/// Fields of the order itself.
fn of_the_order(case: &Case, story: &Story) -> Vec<String> {
    let order = &story.row.order;
    match case.row.code.as_str() {
        "bad_zip" => vec!["ship_to.zip=ZIP".to_owned()],
        "po_box" if case.row.message.contains("military") => {
            vec!["shipping_method='USPS PRIORITY MAIL'".to_owned()]
        }
        "po_box" => vec!["ship_to.street1='STREET ADDRESS'".to_owned()],
        "missing_email" | "bad_email" => vec!["customer.email=ADDRESS".to_owned()],
        "missing_phone" | "bad_phone" => vec!["customer.phone=NUMBER".to_owned()],
        "incomplete_address" => missing(order),
        "outside_service_area" => vec![
            "ship_to.state=STATE".to_owned(),
            "ship_to.zip=ZIP".to_owned(),
        ],
        "card_number" => texts(story.row.masked.iter().map(String::as_str)),
        "control_character" => {
            let mut found = Vec::new();
            hidden(&serde_json::json!(order), String::new(), &mut found);
            texts(found.iter().map(String::as_str))
        }
        "total_mismatch" => total(order).into_iter().collect(),
        "duplicate_order_number" => vec!["order_number=NUMBER".to_owned()],
        "future_order" | "stale_order" => vec!["date=DATE".to_owned()],
        "customer_comment" => vec!["comments=".to_owned()],
        _ => Vec::new(),
    }
}

/// Fields of the lines that the reason is about; `None` when it is about none.
fn of_a_line(case: &Case, order: &Order) -> Option<Vec<String>> {
    Some(match case.row.code.as_str() {
        "price_mismatch" => or(prices(case, order), &["currency=CURRENCY"]),
        "below_cost" if case.row.message.starts_with("after the discount") => {
            vec!["discount=AMOUNT".to_owned(), "total=TOTAL".to_owned()]
        }
        "below_cost" => {
            let at_cost = of_lines(order, "unit_price=PRICE", |place| told(case, place));
            [at_cost, vec!["total=TOTAL".to_owned()]].concat()
        }
        "no_vendor" | "inactive_vendor" => of_lines(order, "sku=SKU", |place| told(case, place)),
        "order_value_limit" | "spending_limit" => {
            vec!["lines.1.qty=QUANTITY".to_owned(), "total=TOTAL".to_owned()]
        }
        "zero_quantity" => of_lines(order, "qty=QUANTITY", |place| order.lines[place].qty <= 0),
        "quantity_limit" => of_lines(order, "qty=QUANTITY", |_| true),
        "unknown_sku" => unknown(case, order),
        "discontinued_sku" => of_lines(order, "sku=SKU", |place| {
            let offers = case.offers.get(place).map(Vec::as_slice);
            let mut offers = offers.unwrap_or_default().iter();
            offers.all(|offer| offer.discontinued)
        }),
        _ => return None,
    })
}

fn or(fields: Vec<String>, otherwise: &[&str]) -> Vec<String> {
    match fields.is_empty() {
        true => otherwise.iter().map(|field| (*field).to_owned()).collect(),
        false => fields,
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

/// `SKU=PIECES` for what of the purchase order is open.
fn contents(case: &Case) -> String {
    let lines = case.story.iter().flat_map(|story| &story.supply.lines);
    let open =
        lines.filter(|line| Some(line.po_id) == case.row.subject.po && line.pieces.open() > 0);
    let mut parts: Vec<String> = open
        .map(|line| format!("{}={}", quoted(&line.sku), line.pieces.open()))
        .collect();
    parts.dedup();
    match parts.is_empty() {
        true => "SKU=PIECES".to_owned(),
        false => parts.join(" "),
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

fn of_lines(order: &Order, field: &str, concerned: impl Fn(usize) -> bool) -> Vec<String> {
    let places = (0..order.lines.len()).filter(|place| concerned(*place));
    places
        .map(|place| format!("lines.{}.{field}", place + 1))
        .collect()
}

fn unknown(case: &Case, order: &Order) -> Vec<String> {
    let near = |line: usize| case.meant.iter().find(|(of, _)| *of == line);
    (0..order.lines.len())
        .filter(|place| case.offers.get(*place).is_none_or(Vec::is_empty))
        .map(|place| match near(place + 1) {
            Some((line, sku)) => format!("lines.{line}.sku={}", quoted(sku)),
            None => format!("lines.{}.sku=SKU", place + 1),
        })
        .collect()
}

/// The catalogue's prices, and the total that they make.
fn prices(case: &Case, order: &Order) -> Vec<String> {
    let mut amended = order.clone();
    let mut fields = Vec::new();
    for (place, line) in amended.lines.iter_mut().enumerate() {
        if let Some(offer) = case.offers.get(place).and_then(|offers| offers.first())
            && offer.retail_price != line.unit_price
        {
            line.unit_price = offer.retail_price;
            fields.push(format!(
                "lines.{}.unit_price={}",
                place + 1,
                offer.retail_price
            ));
        }
    }
    if !fields.is_empty() {
        fields.extend(total(&amended));
    }
    fields
}

/// The total that the amounts make.
fn total(order: &Order) -> Option<String> {
    let goods = order.goods()?.minus(order.discount.unwrap_or_default())?;
    let sum = Money::sum([goods, order.shipping, order.tax])?;
    Some(format!("total={sum}"))
}
