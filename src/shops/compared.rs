//! A shop that is compared with the ledger: its orders by the moment of their last change, of each only how it
//! stands and which tracking numbers the shop has. Nothing is changed in the shop.

use super::ShopFault;
use chrono::{DateTime, Utc};
use std::time::{Duration, Instant};

/// How long a comparison may ask.
#[derive(Clone, Copy, Debug)]
pub struct CompareEffort {
    /// All that it waits for a shop that has enough of us.
    pub patience: Duration,
    /// When it ends, also in the midst of an answer; a shop's own time-outs alone count where `None`.
    pub deadline: Option<Instant>,
}

/// How an order stands in its shop, by the shop's own words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum StandingInShop {
    /// Paid, and something of it is to be sent.
    Wanted,
    /// Paid, and a part of the money was given back.
    PartlyRefunded,
    /// Paid, and sent by the shop's word.
    Fulfilled,
    /// Cancelled, with the shop's words for it.
    Cancelled(String),
    /// All of its money was given back.
    Refunded,
    /// Not paid, with the shop's word for it.
    Unpaid(String),
    /// No real order.
    Test,
}

/// An order as its shop shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ComparedOrder {
    /// The shop's own key, as `shop_order.id` has it.
    pub id: String,
    /// The number that people quote.
    pub number: String,
    /// When it was changed last.
    pub changed: DateTime<Utc>,
    /// How it stands.
    pub standing: StandingInShop,
    /// Tracking numbers, or texts that have them in them, that came with it; `None` where the shop must be asked
    /// for them. What is not among them may still be had by asking ([`ComparedShop::shipped`]).
    pub shipped: Option<Vec<String>>,
}

/// A page of orders, those that changed longest ago first.
#[derive(Debug, Default)]
pub struct ComparedPage {
    /// The orders, each with the place behind it, where a page may begin.
    pub orders: Vec<(ComparedOrder, String)>,
    /// Whether another page follows behind the last of them.
    pub more: bool,
}

/// A shop that can be compared with the ledger.
pub trait ComparedShop {
    /// A page of the orders that changed at `from` or later and were placed on the day `since` of the
    /// configuration or later; from its beginning where `place` is `None`.
    ///
    /// # Errors
    /// When the shop cannot be asked, or its answer does not follow from the question.
    fn page(&mut self, place: Option<&str>, from: DateTime<Utc>)
    -> Result<ComparedPage, ShopFault>;

    /// So many orders are asked for by [`ComparedShop::orders`] at once.
    fn at_once(&self) -> usize;

    /// Some orders by the shop's keys, with one question. One that is not among them may be there nevertheless:
    /// it is asked for alone.
    ///
    /// # Errors
    /// When the shop cannot be asked, or its answer does not follow from the question.
    fn orders(&mut self, ids: &[&str]) -> Result<Vec<ComparedOrder>, ShopFault>;

    /// One order by the shop's key; `None` where the shop has none.
    ///
    /// # Errors
    /// When the shop cannot be asked.
    fn order(&mut self, id: &str) -> Result<Option<ComparedOrder>, ShopFault>;

    /// The tracking numbers, or texts that have them in them, that the shop has for an order.
    ///
    /// # Errors
    /// When the shop cannot be asked.
    fn shipped(&mut self, id: &str) -> Result<Vec<String>, ShopFault>;

    /// The page of an order in the shop's own administration.
    fn address(&self, id: &str) -> String;
}

/// Whether a shop's text has a tracking number in it: numbers are written with blanks or without.
pub fn has_number(text: &str, number: &str) -> bool {
    let (text, number) = (bare(text), bare(number));
    !number.is_empty() && text.contains(&number)
}

/// Letters and digits alone, in capitals.
pub fn bare(text: &str) -> String {
    let kept = text.chars().filter(char::is_ascii_alphanumeric);
    kept.map(|c| c.to_ascii_uppercase()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_found_as_people_write_them() {
        assert!(has_number("Shipped: UPS 1Z 5R89 39", "1z5r8939"));
        assert!(!has_number("1Z5R8938", "1Z5R8939"));
        assert!(!has_number("anything", " "));
    }
}
