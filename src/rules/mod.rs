//! Stage 2. Exception rules: one file each, one registry. They see facts, never query.
//!
//! To add one: a `rule` in the list of `domain/codes.rs`, a file here, named after its code, with its
//! `RULE` and its limits, and its `mod` below.

mod already_fulfilled;
mod bad_email;
mod bad_phone;
mod bad_zip;
mod below_cost;
mod cancelled_in_shop;
mod card_number;
mod control_character;
mod customer_comment;
mod discontinued_sku;
mod duplicate_order_number;
mod future_order;
mod inactive_vendor;
mod incomplete_address;
mod missing_email;
mod missing_phone;
mod no_order;
mod no_vendor;
mod not_paid;
mod nothing_to_ship;
mod order_value_limit;
pub mod out_of_stock;
mod outside_service_area;
mod payment_pending;
mod phrases;
mod po_box;
mod price_mismatch;
mod quantity_limit;
mod refunded_in_shop;
mod required_by;
pub mod review;
mod similar_number;
pub mod spending_limit;
mod stale_order;
pub mod stop_switch;
pub mod suspected_duplicate;
mod test_order;
#[cfg(test)]
mod testing;
mod total_mismatch;
mod unclear_order;
mod unknown_sku;
mod unprintable_address;
mod wrong_email;
mod zero_quantity;

use crate::domain::choose::{Routed, judged};
use crate::domain::codes::{Code, Severity, rules_of_codes};
use crate::domain::foreign::cut;
use crate::domain::money::Money;
use crate::domain::order::{Order, OrderLine};
use crate::domain::rule_settings::{LimitKey, RuleSettings};
use crate::domain::vendor::{Offer, Vendor};
use chrono::{DateTime, FixedOffset, NaiveDate, Utc};
use std::collections::HashMap;

/// All that the rules may know of an order; whoever calls gathers it.
pub struct Facts<'a> {
    /// The order.
    pub order: &'a Order,
    /// The moment of the check.
    pub now: DateTime<Utc>,
    /// The catalogue's offers by SKU, in the catalogue's order; at least those of the order's SKUs
    /// (without blanks around them).
    pub offers: &'a HashMap<String, Vec<Offer>>,
    /// Vendors by id; at least those of the offers, inactive ones too.
    pub vendors: &'a HashMap<String, Vendor>,
    /// What the customer spent in all, without this order.
    pub spent: Money,
    /// The earlier order with this number and other content.
    pub same_number: Option<Earlier>,
    /// The order of the same customer for the same goods that lies nearest in time.
    pub twin: Option<Earlier>,
    /// Reads why the stop switch is on; `None` when it is off.
    pub stopped: Option<String>,
    /// Where card numbers were masked, as `intake::cards::mask` returns it.
    pub masked: &'a [String],
    /// What the order itself cannot say.
    pub around: &'a Around,
}

/// What is known beside an order, by whoever asks for the check.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Around {
    /// The day, in the site's zone.
    pub today: NaiveDate,
    /// The day on which the customer has the goods if they are ordered now, as far as that is known.
    pub expected: Option<NaiveDate>,
    /// Whose the customer's e-mail address is, if it is no customer's: the end of a sentence.
    pub mailbox_of: Option<String>,
    /// Another order whose number differs only by a `#` or capitals.
    pub alike: Option<String>,
    /// Where its articles go, by SKU; empty where the site has no strategies.
    pub routed: HashMap<String, Routed>,
}

/// An order that was there before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Earlier {
    /// How a person finds it: its number.
    pub reference: String,
    /// Its date.
    pub date: DateTime<FixedOffset>,
    /// In what it differs, see `domain::differences`.
    pub differences: Vec<String>,
}

/// A rule that fired.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// Its code in `domain::codes`.
    pub code: Code,
    /// As the site set it; never [`Severity::Off`].
    pub severity: Severity,
    /// What is wrong, with values and limits. Made of one line.
    pub message: String,
}

/// One rule.
pub(crate) struct Rule {
    /// Its code in `domain::codes`.
    code: Code,
    /// What a site can set of it, beside the severity.
    limits: &'static [LimitKey],
    /// The message when it fires.
    check: fn(&Facts, &RuleSettings) -> Option<String>,
}

/// Every rule, in the order of the codes, as their list in `domain/codes.rs` has them.
static RULES: &[Rule] = rules_of_codes!();

/// Every limit of theirs.
pub fn limits() -> impl Iterator<Item = &'static LimitKey> {
    RULES.iter().flat_map(|rule| rule.limits)
}

/// Characters of a message at most; hidden ones in it are escaped whatever a rule let through.
const LONGEST: usize = 2000;

/// Every rule that fires, in the order of the codes, at most one finding for each; rules that are
/// `off` are not looked at.
pub fn check(facts: &Facts, settings: &RuleSettings) -> Vec<Finding> {
    RULES
        .iter()
        .filter_map(|rule| {
            let severity = settings.severity(rule.code);
            if severity == Severity::Off {
                return None;
            }
            // what the shop's own state says counts under any code
            let message = (rule.check)(facts, settings);
            let message = message.or_else(|| phrases::shop_says(facts.order, rule.code))?;
            Some(Finding {
                code: rule.code,
                severity,
                message: cut(&message, LONGEST),
            })
        })
        .collect()
}

impl Facts<'_> {
    /// The catalogue's offers for a line; empty when the SKU is not in the catalogue.
    fn offers_of(&self, line: &OrderLine) -> &[Offer] {
        self.offers.get(line.sku.trim()).map_or(&[], Vec::as_slice)
    }

    /// The pieces of a line's SKU, over all lines of the order.
    fn pieces_of(&self, line: &OrderLine) -> i64 {
        self.order.pieces_of(line)
    }

    /// The offer of a line that is bought, or the dearest of several.
    fn bought(&self, line: &OrderLine) -> Option<&Offer> {
        let routed = self.around.routed.get(line.sku.trim());
        judged(
            self.offers_of(line),
            self.vendors,
            self.pieces_of(line),
            routed,
        )
    }

    /// Those of them that are not discontinued.
    fn current_offers(&self, line: &OrderLine) -> impl Iterator<Item = &Offer> {
        self.offers_of(line)
            .iter()
            .filter(|offer| !offer.discontinued)
    }
}

#[cfg(test)]
mod tests;
