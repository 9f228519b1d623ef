//! What a bill and the purchase orders that it is for know of themselves: numbers, days, amounts, names, and the
//! words of their articles.

use super::tokens::{self, BREAK, day_of, same_number};
use crate::domain::invoice::Invoice;
use crate::domain::money::Money;
use crate::domain::places;
use crate::domain::spelling::folded;
use crate::ledger::purchase_orders::PoRow;
use crate::ledger::{LedgerError, Tx};
use chrono::NaiveDate;
use serde_json::Value;

/// An article of a purchase order, as bills may call it.
#[derive(Clone, Debug, Default)]
pub(super) struct BilledArticle {
    /// Its numbers, the shop's and the vendor's.
    pub numbers: Vec<String>,
    /// Its own words, from the purchase order and the catalogue, one description after the other.
    pub texts: Vec<Vec<String>>,
    /// Pieces of it that are billed or were ordered.
    pub pieces: Vec<i64>,
    /// What one costs.
    pub cost: Money,
}

/// What is known of a bill and of its purchase orders.
#[derive(Clone, Debug, Default)]
pub(super) struct KnownBill {
    /// Numbers of the purchase orders and their orders.
    pub orders: Vec<String>,
    /// The bill's own number.
    pub bill: String,
    /// The vendor's own numbers of the orders.
    pub vendor_orders: Vec<String>,
    /// Tracking numbers of what left.
    pub parcels: Vec<String>,
    /// Days on which goods left.
    pub left: Vec<NaiveDate>,
    /// Days of the bill and the purchase orders.
    pub days: Vec<NaiveDate>,
    /// When the bill is to be paid.
    pub due: Option<NaiveDate>,
    /// Amounts of the bill.
    pub amounts: Vec<Money>,
    /// Words of the recipients' names and addresses, of the shop and of the vendor.
    pub names: Vec<String>,
    /// Their articles.
    pub articles: Vec<BilledArticle>,
    /// Days of payment that were agreed, where a number of days was.
    pub net: Option<String>,
}

impl KnownBill {
    /// Reads it of the ledger: the purchase orders by their numbers there, each with the vendor's own numbers
    /// of it.
    ///
    /// # Errors
    /// The ledger's.
    pub(super) fn of(
        tx: &Tx,
        invoice: &Invoice,
        pos: &[(i64, Vec<String>)],
    ) -> Result<KnownBill, LedgerError> {
        let lines = invoice.lines.iter();
        let parts = lines.flat_map(|line| [Some(line.amount), line.unit_price]);
        let amounts = parts.flatten();
        let mut known = KnownBill {
            bill: invoice.number.clone(),
            vendor_orders: invoice.vendor_order_number.iter().cloned().collect(),
            days: vec![invoice.date],
            due: invoice.due,
            amounts: amounts
                .chain([invoice.total, invoice.freight, invoice.fees])
                .filter(|amount| *amount != Money::ZERO)
                .collect(),
            ..KnownBill::default()
        };
        for (po, vendor_orders) in pos {
            known.vendor_orders.extend(vendor_orders.iter().cloned());
            known.add(tx, &tx.po(*po)?, invoice)?;
        }
        Ok(known)
    }

    fn add(&mut self, tx: &Tx, po: &PoRow, invoice: &Invoice) -> Result<(), LedgerError> {
        self.orders.push(po.number.clone());
        self.orders.push(po.order_reference());
        self.days.push(po.created.time().date_naive());
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let document = &po.document;
        self.days.extend(
            document["date"]
                .as_str()
                .and_then(|day| day.parse::<NaiveDate>().ok()),
        );
        self.net = self.net.take().or_else(|| net(&text(&document["terms"])));
        let buyer = &document["buyer"];
        let label = document["ship_to"].as_array().into_iter().flatten();
        let address = buyer["address"].as_array().into_iter().flatten();
        let mut names: Vec<String> = label.chain(address).map(text).collect();
        names.extend([text(&buyer["name"]), text(&buyer["email"])]);
        names.extend([po.vendor_name.clone(), po.vendor_id.clone()]);
        names.push(text(&document["ship_to_phone"]));
        if let Some(vendor) = tx.vendor(&po.vendor_id)? {
            names.push(vendor.email);
        }
        let customer = tx.order(po.order_id)?.order.customer;
        names.extend([customer.name, customer.email]);
        self.names
            .extend(names.iter().flat_map(|name| name_words(name)));
        for shipment in tx.shipments_of_po(po.id)? {
            self.left.extend(shipment.ship_date);
            self.left.push(shipment.created.time().date_naive());
            let parcels = shipment.parcels.into_iter();
            self.parcels.extend(parcels.map(|parcel| parcel.tracking));
        }
        self.articles_of(tx, po, invoice)
    }

    fn articles_of(&mut self, tx: &Tx, po: &PoRow, invoice: &Invoice) -> Result<(), LedgerError> {
        let printed = po.document["lines"].as_array();
        for line in tx.line_states(po.id)? {
            let mut all = printed.into_iter().flatten();
            let found = all.find(|one| one["line"].as_i64() == Some(line.line));
            let own = found.and_then(|one| one["description"].as_str());
            let own = own.unwrap_or_default().to_owned();
            let offers = tx.offers_of(&line.sku)?;
            let same = offers
                .into_iter()
                .filter(|offer| offer.vendor_id == po.vendor_id)
                .map(|offer| offer.description);
            let texts = std::iter::once(own).chain(same);
            let texts = texts.map(|text| article_words(&text));
            let numbers = vec![line.sku.clone(), line.vendor_sku.clone()];
            let is = |sku: &str| numbers.iter().any(|own| same_number(own, sku));
            let billed = invoice.lines.iter().filter(|one| is(&one.sku));
            let billed: Vec<i64> = billed.filter_map(|one| one.qty).collect();
            let pieces = match billed.is_empty() {
                true => vec![line.pieces.ordered],
                false => billed,
            };
            self.articles.push(BilledArticle {
                texts: texts.filter(|words| !words.is_empty()).collect(),
                cost: line.unit_cost,
                numbers,
                pieces,
            });
        }
        Ok(())
    }

    /// What a word is that is the bill's own, as the phrases have it, and of which article.
    pub(super) fn mark(&self, word: &str) -> Option<(&'static str, Option<usize>)> {
        let is = |all: &[String]| all.iter().any(|own| same_number(own, word));
        let place = self.articles.iter().position(|one| is(&one.numbers));
        let marked = word.get(..2).filter(|head| head.eq_ignore_ascii_case("po"));
        let rest = marked.and_then(|_| word.get(2..)).unwrap_or_default();
        let order = |word: &str| self.orders.iter().any(|own| same_number(own, word));
        match () {
            () if order(word) || !rest.is_empty() && order(rest) => Some(("<po>", None)),
            () if place.is_some() => Some(("<sku>", place)),
            () if same_number(&self.bill, word) => Some(("<inv>", None)),
            () if is(&self.vendor_orders) => Some(("<so>", None)),
            () if is(&self.parcels) => Some(("<trk>", None)),
            () => None,
        }
    }

    /// Which of its days a word is.
    pub(super) fn day(&self, word: &str) -> Option<&'static str> {
        let found = day_of(word)?;
        let is = |day: &NaiveDate| *day == found.date || found.other == Some(*day);
        match () {
            () if self.left.iter().any(is) => Some("<left>"),
            () if self.days.iter().any(is) => Some("<day>"),
            () if self.due.iter().any(is) => Some("<due>"),
            () => None,
        }
    }

    /// The article that a number names, by its place; bookkeeping programs write its category before it.
    pub(super) fn article(&self, sku: &str) -> Option<usize> {
        let bare = sku.rsplit(':').next().unwrap_or(sku);
        let same = |own: &String| same_number(own, sku) || same_number(own, bare);
        self.articles
            .iter()
            .position(|one| one.numbers.iter().any(same))
    }
}

/// The days of `Net 30`.
fn net(terms: &str) -> Option<String> {
    let words = tokens::words(terms, &KnownBill::default());
    let at = words.iter().position(|word| word.is == "net")?;
    let days = &words.get(at + 1)?.is;
    days.bytes()
        .all(|b| b.is_ascii_digit())
        .then(|| days.clone())
}

/// Words of a name or an address as it is written.
pub(super) fn plain_words(name: &str) -> Vec<String> {
    let words = folded(name);
    let words = words.split(|c: char| !c.is_alphanumeric());
    words
        .filter(|word| !word.is_empty())
        .map(str::to_owned)
        .collect()
}

/// The same; of a state its code and its name.
fn name_words(name: &str) -> Vec<String> {
    let mut words = plain_words(name);
    let states = words.iter().filter_map(|word| places::state(word));
    let both = states.map(|state| format!("{} {}", state.code, state.name));
    let both: Vec<String> = both.flat_map(|both| plain_words(&both)).collect();
    words.extend(both);
    words
}

fn article_words(text: &str) -> Vec<String> {
    let words = tokens::words(text, &KnownBill::default()).into_iter();
    let words = words.filter(|word| word.is != BREAK);
    let word = |word: tokens::BillWord| match word.is.as_str() {
        "<code>" | "<odd>" => word.said.to_lowercase(),
        _ => word.is,
    };
    words.map(word).collect()
}
