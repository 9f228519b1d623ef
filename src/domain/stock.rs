//! What vendors have, as they say, and how far that reaches.

use super::money::Money;
use chrono::{DateTime, NaiveDate, Utc};
use serde::Serialize;

/// What one row of a vendor's list says of an article.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct StockItem {
    /// Pieces on hand; `None` where the list says only that there are some.
    pub on_hand: Option<i64>,
    /// When more comes.
    pub next: Option<NaiveDate>,
    /// What the vendor charges for one.
    pub cost: Option<Money>,
    /// Whether no more comes.
    pub discontinued: bool,
    /// The fewest pieces that the vendor sells at once.
    pub min_qty: Option<i64>,
    /// Pieces of a pack, of which the vendor sells whole ones.
    pub pack: Option<i64>,
}

/// A vendor's list.
#[derive(Clone, Debug)]
pub struct StockList {
    /// Its number in the ledger.
    pub id: i64,
    /// Whose.
    pub vendor_id: String,
    /// The file that it came in.
    pub file: String,
    /// When it was taken in.
    pub as_of: DateTime<Utc>,
    /// The last purchase order that was made before.
    pub last_po: i64,
    /// How many of our articles are in it.
    pub articles: i64,
}

/// What a vendor has of an article now: by its newest list, less what was ordered since.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Stock {
    /// What the list says.
    #[serde(flatten)]
    pub item: StockItem,
    /// When the list was taken in.
    pub as_of: DateTime<Utc>,
    /// Pieces that were ordered since.
    pub ordered: i64,
}

/// Whose lists a source brings, and how its columns are called.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct StockFeed {
    /// The vendor.
    pub vendor_id: String,
    /// What its columns are called, where their usual names do not say it.
    pub headings: StockHeadings,
}

/// Headings of a vendor's list as they stand there.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct StockHeadings {
    /// Of the article's number.
    pub number: Option<String>,
    /// Of the pieces that there are.
    pub on_hand: Option<String>,
    /// Of the day when more comes.
    pub next: Option<String>,
    /// Of what one costs.
    pub cost: Option<String>,
}

/// Why a vendor is known not to have so many pieces.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Shortage {
    /// It has only so many.
    Has(i64),
    /// It sells so many at least.
    Least(i64),
    /// It sells packs of so many.
    Packs(i64),
}

impl Stock {
    /// Pieces that can be promised; `None` where nobody knows how many there are.
    pub fn available(&self) -> Option<i64> {
        let on_hand = self.item.on_hand?;
        Some(on_hand.saturating_sub(self.ordered).max(0))
    }

    /// Why so many pieces cannot be had, if that is known.
    pub fn shortage(&self, qty: i64) -> Option<Shortage> {
        if let Some(available) = self.available().filter(|available| *available < qty) {
            return Some(Shortage::Has(available));
        }
        if let Some(least) = self.item.min_qty.filter(|least| *least > qty) {
            return Some(Shortage::Least(least));
        }
        let pack = self.item.pack.filter(|pack| *pack > 1 && qty % pack != 0);
        pack.map(Shortage::Packs)
    }
}

/// Per cent of the articles of the list before that may be missing, or be sold out at once, before a list is odd.
pub const MISSING: usize = 50;

/// Per cent by which a cost may move before a list is odd.
pub const MOVED: i64 = 25;

/// By how many per cent of the first the second amount differs; `None` where the first is nothing.
pub fn moved(before: Money, after: Money) -> Option<i64> {
    let (before, after) = (i128::from(before.0), i128::from(after.0));
    let percent = (after - before)
        .abs()
        .checked_mul(100)?
        .checked_div(before)?;
    i64::try_from(percent).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stock(on_hand: Option<i64>, ordered: i64) -> Stock {
        Stock {
            item: StockItem {
                on_hand,
                ..StockItem::default()
            },
            as_of: DateTime::UNIX_EPOCH,
            ordered,
        }
    }

    #[test]
    fn what_was_ordered_since_is_not_there_any_more() {
        for (on_hand, ordered, qty, short) in [
            (Some(5), 2, 3, None),
            (Some(5), 2, 4, Some(Shortage::Has(3))),
            (Some(1), 7, 1, Some(Shortage::Has(0))),
            (Some(0), 0, 1, Some(Shortage::Has(0))),
            (None, 9, 100, None),
        ] {
            let stock = stock(on_hand, ordered);
            assert_eq!(stock.shortage(qty), short, "{on_hand:?} {ordered} {qty}");
        }
    }

    #[test]
    fn packs_are_sold_whole_and_few_pieces_not_at_all() {
        let mut many = stock(Some(100), 0);
        many.item.pack = Some(6);
        assert_eq!(many.shortage(12), None);
        assert_eq!(many.shortage(7), Some(Shortage::Packs(6)));
        many.item.min_qty = Some(10);
        assert_eq!(many.shortage(6), Some(Shortage::Least(10)));
        many.item.pack = Some(1);
        assert_eq!(many.shortage(11), None);
    }

    #[test]
    fn costs_move_by_whole_per_cents() {
        for (before, after, percent) in [
            (1000, 1250, Some(25)),
            (1000, 1259, Some(25)),
            (1000, 750, Some(25)),
            (1000, 0, Some(100)),
            (0, 100, None),
            (1, i64::MAX, None),
        ] {
            assert_eq!(
                moved(Money(before), Money(after)),
                percent,
                "{before} {after}"
            );
        }
    }
}
