//! What a person types to change an order, as values.

use crate::desk::refused;
use crate::domain::business_refusal::BusinessRefusal;
use crate::domain::money::Money;
use crate::ledger::LedgerError;
use crate::ledger::orders::OrderRow;
use std::collections::BTreeMap;

/// An article that the order did not have.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NewArticle {
    /// The shop's SKU.
    pub sku: String,
    /// Pieces.
    pub qty: i64,
    /// What the customer pays for one.
    pub price: Option<Money>,
    /// The shop's words for it; the catalogue's without.
    pub description: Option<String>,
}

/// What shall be changed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ChangeWords {
    /// Fields of the order, as `FIELD=VALUE`.
    pub fields: Vec<String>,
    /// So many pieces in all of these lines, from 1.
    pub lines: BTreeMap<usize, i64>,
    /// Articles that come to it.
    pub new: Vec<NewArticle>,
    /// What the customer has paid in all by now.
    pub paid: Option<Money>,
}

/// Fields that can be changed after the order is placed.
const FIELDS: &[&str] = &[
    "customer.name",
    "customer.email",
    "customer.phone",
    "shipping_method",
    "required_by",
    "gift_message",
    "shipping",
    "tax",
];

/// Reads them; `kept` are the pieces of each line that the customer gets.
///
/// # Errors
/// Which of them cannot be made, in a sentence.
pub fn read(
    order: &OrderRow,
    kept: &[i64],
    changes: &[String],
) -> Result<ChangeWords, LedgerError> {
    let mut words = ChangeWords::default();
    let mut articles: BTreeMap<usize, NewArticle> = BTreeMap::new();
    let mut seen: Vec<&str> = Vec::new();
    for change in changes {
        let Some((path, value)) = change.split_once('=') else {
            return Err(bad(format!(
                "'{change}' is no change: write FIELD=VALUE, for example ship_to.zip=65367"
            )));
        };
        let (path, value) = (path.trim(), value.trim());
        if seen.contains(&path) {
            return Err(bad(format!(
                "{path} is given twice: which of the two values counts?"
            )));
        }
        seen.push(path);
        match path.strip_prefix("lines.") {
            Some(line) => of_line(order, (line, value), change, &mut words, &mut articles)?,
            None if path == "paid" => words.paid = Some(amount(path, value)?),
            None if path.starts_with("ship_to.") || FIELDS.contains(&path) => {
                words.fields.push(change.clone());
            }
            None => {
                return Err(bad(format!(
                    "{path} cannot be changed after the order is placed: there are ship_to.*, {}, paid, lines.N.qty, \
                     lines.N.sku, lines.N.unit_price, lines.N=",
                    FIELDS.join(", ")
                )));
            }
        }
    }
    for (place, article) in articles {
        words
            .new
            .push(whole(order, (place, kept), article, &mut words.lines)?);
    }
    Ok(words)
}

fn bad(why: String) -> LedgerError {
    refused(BusinessRefusal::bad_word(why))
}

fn amount(what: &str, value: &str) -> Result<Money, LedgerError> {
    let read = value
        .parse::<Money>()
        .ok()
        .filter(|sum| *sum >= Money::ZERO);
    read.ok_or_else(|| bad(format!("{what}={value}: an amount such as 12.50 is wanted")))
}

/// `2.qty=3`, `2=`, `3.sku=KT-1`.
fn of_line(
    order: &OrderRow,
    (line, value): (&str, &str),
    change: &str,
    words: &mut ChangeWords,
    articles: &mut BTreeMap<usize, NewArticle>,
) -> Result<(), LedgerError> {
    let (place, field) = line.split_once('.').unwrap_or((line, ""));
    let count = order.order.lines.len();
    let place = place.parse::<usize>().ok().filter(|place| *place > 0);
    let Some(place) = place else {
        return Err(bad(format!("'{change}': the order has lines 1 to {count}")));
    };
    let pieces = || {
        let read = value.parse::<i64>().ok();
        let read = read.filter(|qty| (0..=1_000_000).contains(qty));
        read.ok_or_else(|| bad(format!("'{change}': a number of pieces is wanted")))
    };
    let old = place <= count;
    match field {
        "" if old && value.is_empty() => {
            words.lines.insert(place, 0);
        }
        "qty" => {
            let qty = pieces()?;
            match old {
                true => {
                    words.lines.insert(place, qty);
                }
                false => articles.entry(place).or_default().qty = qty,
            }
        }
        "sku" if !value.is_empty() => {
            value.clone_into(&mut articles.entry(place).or_default().sku);
        }
        "unit_price" => {
            articles.entry(place).or_default().price = Some(amount("unit_price", value)?);
        }
        "description" if !value.is_empty() => {
            articles.entry(place).or_default().description = Some(value.to_owned());
        }
        _ => {
            return Err(bad(format!(
                "'{change}' cannot be changed after the order is placed: lines.{place}.qty=N, lines.{place}= to take it \
                 off, or another article by lines.{place}.sku=SKU and lines.{place}.unit_price=PRICE"
            )));
        }
    }
    Ok(())
}

/// A new article with all that it needs; one in the place of another takes that off.
fn whole(
    order: &OrderRow,
    (place, kept): (usize, &[i64]),
    mut article: NewArticle,
    lines: &mut BTreeMap<usize, i64>,
) -> Result<NewArticle, LedgerError> {
    let name = order.reference();
    if article.sku.is_empty() {
        return Err(bad(format!(
            "line {place} of order {name}: the price of what was ordered cannot be changed; for another article say \
             lines.{place}.sku=SKU as well"
        )));
    }
    if let Some(old) = order.order.lines.get(place - 1) {
        if old.sku.trim() == article.sku.trim() {
            return Err(bad(format!(
                "line {place} of order {name} is {} already",
                article.sku
            )));
        }
        // as many as were to come, unless another number is said
        article.qty = lines
            .get(&place)
            .copied()
            .unwrap_or_else(|| kept.get(place - 1).copied().unwrap_or(old.qty));
        lines.insert(place, 0);
    }
    if article.qty < 1 {
        return Err(bad(format!(
            "{}: how many pieces? Say lines.{place}.qty=N",
            article.sku
        )));
    }
    if article.price.is_none() {
        return Err(bad(format!(
            "{}: what does the customer pay for one? Say lines.{place}.unit_price=PRICE",
            article.sku
        )));
    }
    Ok(article)
}
