//! The stage that applies the rules: from `received` or `held` to `ready` or `held`.

use super::{Around, Earlier, Facts, Finding, check, out_of_stock, suspected_duplicate};
use crate::domain::codes::{Code, ExceptionCode, Severity};
use crate::domain::differences::differences;
use crate::domain::lifecycle::OrderState;
use crate::domain::rule_settings::RuleSettings;
use crate::domain::stock::{Stock, StockList};
use crate::domain::strategy::VendorFigures;
use crate::domain::vendor::{Offer, Vendor};
use crate::ledger::exceptions::{ExceptionRow, Subject};
use crate::ledger::orders::OrderRow;
use crate::ledger::{LedgerError, Result, Tx};
use chrono::TimeDelta;
use serde_json::json;
use std::collections::HashMap;
use std::collections::hash_map::Entry;

/// A list, and the pieces that were ordered since, by SKU.
type CountedList = (StockList, HashMap<String, i64>);

/// Offers, vendors and what these have, read once for many orders of one transaction.
pub struct Catalogue {
    offers: HashMap<String, Vec<Offer>>,
    vendors: HashMap<String, Vendor>,
    /// The newest lists of what vendors have, as far as they still count, with what was ordered since.
    lists: HashMap<String, Option<CountedList>>,
    max_age: TimeDelta,
    /// What is known of these vendors beside their rows, as far as it was asked for.
    pub figures: HashMap<String, VendorFigures>,
    /// Whether an order waits for what nobody has.
    pub waits_for_stock: bool,
}

impl Catalogue {
    /// With nothing looked up yet.
    pub fn of(settings: &RuleSettings) -> Catalogue {
        Catalogue {
            offers: HashMap::new(),
            vendors: HashMap::new(),
            lists: HashMap::new(),
            figures: HashMap::new(),
            max_age: out_of_stock::max_age(settings),
            waits_for_stock: settings.severity(Code::OutOfStock) == Severity::Hold,
        }
    }

    /// Every offer that was looked up so far, by SKU.
    pub fn offers(&self) -> &HashMap<String, Vec<Offer>> {
        &self.offers
    }

    /// Every vendor of these offers that is on file, by id.
    pub fn vendors(&self) -> &HashMap<String, Vendor> {
        &self.vendors
    }

    /// Looks up what an order needs.
    pub fn look_up(&mut self, tx: &Tx, row: &OrderRow) -> Result<()> {
        for line in &row.order.lines {
            let sku = line.sku.trim();
            if self.offers.contains_key(sku) {
                continue;
            }
            let mut offers = tx.offers_of(sku)?;
            for offer in &mut offers {
                if !self.vendors.contains_key(&offer.vendor_id)
                    && let Some(vendor) = tx.vendor(&offer.vendor_id)?
                {
                    self.vendors.insert(offer.vendor_id.clone(), vendor);
                }
                offer.stock = self.stock(tx, offer)?;
            }
            self.offers.insert(sku.to_owned(), offers);
        }
        Ok(())
    }

    /// What the vendor of an offer has of it, where a list says so that still counts.
    fn stock(&mut self, tx: &Tx, offer: &Offer) -> Result<Option<Stock>> {
        let list = match self.lists.entry(offer.vendor_id.clone()) {
            Entry::Occupied(known) => known.into_mut(),
            Entry::Vacant(place) => {
                let fresh = |list: &StockList| tx.now() - list.as_of <= self.max_age;
                let list = tx.stock_list(&offer.vendor_id)?.filter(fresh);
                let list = list.map(|list| {
                    let ordered = tx.ordered_since(&list)?;
                    Ok::<_, LedgerError>((list, ordered))
                });
                place.insert(list.transpose()?)
            }
        };
        let Some((list, ordered)) = list else {
            return Ok(None);
        };
        let item = tx.stock_item(list, &offer.sku)?;
        Ok(item.map(|item| Stock {
            item,
            as_of: list.as_of,
            ordered: ordered.get(&offer.sku).copied().unwrap_or(0),
        }))
    }

    /// Notes that pieces are ordered now: the next order of this transaction does not count on them.
    pub fn take(&mut self, sku: &str, vendor: &str, qty: i64) {
        let offers = self.offers.get_mut(sku).into_iter().flatten();
        for offer in offers.filter(|offer| offer.vendor_id == vendor) {
            if let Some(stock) = &mut offer.stock {
                stock.ordered = stock.ordered.saturating_add(qty);
            }
        }
    }
}

/// What a review found, and how many exceptions it opened.
pub struct ReviewVerdict {
    /// The order as it stands now.
    pub row: OrderRow,
    /// Exceptions that are new on the list.
    pub opened: usize,
}

/// Applies every rule to an order that is `received` or `held`, lists what fires, clears what no
/// longer does, and moves the order to `ready` or `held`.
///
/// A person's release covers exactly the codes that were seen, for the order as it was; any other
/// code holds it again.
///
/// # Errors
/// SQLite's, or when the order is in another state.
pub fn review(
    tx: &Tx,
    row: &OrderRow,
    settings: &RuleSettings,
    catalogue: &mut Catalogue,
    around: &Around,
) -> Result<ReviewVerdict> {
    catalogue.look_up(tx, row)?;
    let findings = find(tx, row, settings, catalogue, around)?;
    let released = tx.released_codes(row)?;
    let standing: Vec<&Finding> = findings
        .iter()
        .filter(|finding| !released.iter().any(|one| covers(one, finding)))
        .collect();
    let released: Vec<&ExceptionCode> = released.iter().map(|(code, _)| code).collect();
    let known = tx.open_exceptions_of_order(row.id)?;
    let manual = clear(tx, &known, &standing)?;
    let about = Subject {
        order: Some(row.id),
        ..Subject::default()
    };
    let mut opened = 0;
    for finding in &standing {
        let listed = known
            .iter()
            .any(|old| old.code == finding.code && old.subject == about);
        tx.open_exception(
            finding.code,
            finding.severity,
            &row.entity(),
            about,
            &finding.message,
        )?;
        opened += usize::from(!listed);
    }
    let held = manual
        || standing
            .iter()
            .any(|finding| finding.severity == Severity::Hold);
    let to = if held {
        OrderState::Held
    } else {
        OrderState::Ready
    };
    if row.state != to {
        let codes: Vec<Code> = standing.iter().map(|finding| finding.code).collect();
        tx.move_order(row, to, &json!({"codes": codes, "released": released}))?;
    }
    Ok(ReviewVerdict {
        row: OrderRow {
            state: to,
            updated: tx.now(),
            ..row.clone()
        },
        opened,
    })
}

/// What would hold an order as it is, in the order of the codes; nothing is written.
pub fn holding(
    tx: &Tx,
    row: &OrderRow,
    settings: &RuleSettings,
    catalogue: &mut Catalogue,
    around: &Around,
) -> Result<Vec<Finding>> {
    catalogue.look_up(tx, row)?;
    let mut found = find(tx, row, settings, catalogue, around)?;
    found.retain(|finding| finding.severity == Severity::Hold);
    Ok(found)
}

/// Codes whose reason may become another one while the order stays as it is, for the catalogue or the
/// customer's other orders change: a release covers the reason that was read.
const BY_REASON: &[Code] = &[
    Code::PriceMismatch,
    Code::BelowCost,
    Code::DiscontinuedSku,
    Code::QuantityLimit,
    Code::SpendingLimit,
];

/// Whether a person's release (its code and the reason that was read) is about this finding.
fn covers((code, read): &(ExceptionCode, Option<String>), finding: &Finding) -> bool {
    let same = read.as_ref().is_none_or(|read| *read == finding.message);
    *code == finding.code && (same || !BY_REASON.contains(&finding.code))
}

/// Takes off the list what the rules no longer find. Returns whether a person's own hold
/// stands, or a customer's mail or a change in the shop that nobody dealt with yet.
fn clear(tx: &Tx, known: &[ExceptionRow], standing: &[&Finding]) -> Result<bool> {
    let mut manual = false;
    for old in known
        .iter()
        .filter(|old| old.subject.delivery.is_none() && old.subject.po.is_none())
    {
        let of_others = [Code::ManualHold, Code::CustomerMail, Code::ChangedInShop];
        if of_others.iter().any(|code| old.code == *code) {
            manual |= old.severity == Severity::Hold;
        } else if !standing.iter().any(|finding| finding.code == old.code) {
            tx.resolve_exception(old, "cleared", "the rules no longer find it")?;
        }
    }
    Ok(manual)
}

/// The same order under the number that it has in its shop, as it was taken over from what poms replaced, or added by
/// hand: its source puts a prefix before it.
fn taken_over(tx: &Tx, row: &OrderRow) -> Result<Option<OrderRow>> {
    let own = &row.order.shop_order;
    if own.order_number.is_empty() || own.id.is_empty() {
        return Ok(None);
    }
    for other in tx.orders_numbered(&own.order_number)? {
        let same = other.id != row.id && other.order.shop_order.id == own.id;
        if same && tx.message_of_order(other.id)?.is_none() {
            return Ok(Some(other));
        }
    }
    Ok(None)
}

fn find(
    tx: &Tx,
    row: &OrderRow,
    settings: &RuleSettings,
    catalogue: &Catalogue,
    around: &Around,
) -> Result<Vec<Finding>> {
    let order = &row.order;
    let same_number = match row.copy {
        1 => None,
        _ => {
            let mut all = tx.orders_numbered(&order.order_number)?.into_iter();
            match all.find(|other| other.copy < row.copy) {
                None => tx.order_once_numbered(&order.order_number, row.id)?,
                earlier => earlier,
            }
        }
    };
    let same_number = match same_number {
        None => taken_over(tx, row)?,
        found => found,
    };
    let twin = match settings.severity(Code::SuspectedDuplicate) {
        Severity::Off => None,
        _ => tx.twin(row, suspected_duplicate::hours(settings))?,
    };
    let earlier = |other: OrderRow| Earlier {
        reference: other.reference(),
        date: other.order.date,
        differences: differences(&other.order, order),
    };
    let facts = Facts {
        order,
        now: tx.now(),
        offers: catalogue.offers(),
        vendors: catalogue.vendors(),
        spent: tx.spent(&order.customer_key(), row.id)?,
        same_number: same_number.map(earlier),
        twin: twin.map(earlier),
        stopped: tx.stopped()?,
        masked: &row.masked,
        around,
    };
    Ok(check(&facts, settings))
}
