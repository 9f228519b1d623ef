//! `[invoicing]`: where bills come in, what all vendors may charge, and where they go in the books.

use super::reader::Section;
use super::safety::Need;
use crate::domain::terms;
use crate::domain::variance::Terms;
use crate::invoicing::examine::WINDOW_DAYS;
use crate::invoicing::export::Accounts;
use crate::invoicing::formats::DateOrder;
use crate::invoicing::match_context::BookSettings;
use std::path::PathBuf;

/// `[invoicing]`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InvoicingConfig {
    /// A folder whose files `poms process` takes in.
    pub folder: Option<PathBuf>,
    /// How bills are matched.
    pub settings: BookSettings,
    /// Days after which a bill without due date is due.
    pub due_days: u32,
    /// Where amounts go in the chart of accounts.
    pub accounts: Accounts,
}

const GOODS: &str = "Cost of Goods Sold";
const FREIGHT: &str = "Freight In";
const FEES: &str = "Drop-ship Fees";
const REFUNDS: &str = "Sales Returns and Allowances";
const TAX: &str = "Sales Tax Payable";
const REFUNDED_FROM: &str = "Undeposited Funds";

impl Default for InvoicingConfig {
    fn default() -> Self {
        InvoicingConfig {
            folder: None,
            settings: BookSettings::default(),
            due_days: 30,
            accounts: Accounts {
                goods: GOODS.to_owned(),
                freight: FREIGHT.to_owned(),
                fees: FEES.to_owned(),
                refunds: REFUNDS.to_owned(),
                tax: TAX.to_owned(),
                refunded_from: REFUNDED_FROM.to_owned(),
            },
        }
    }
}

/// What stands first in dates of files that do not prove it themselves.
const DATES: &[(&str, Option<DateOrder>)] = &[
    ("mdy", Some(DateOrder::MonthFirst)),
    ("dmy", Some(DateOrder::DayFirst)),
];

/// Reads `[invoicing]`.
pub fn invoicing(section: &Section<'_>) -> InvoicingConfig {
    let terms = terms::read(&Terms::default(), |key| section.text(key));
    let terms = terms.unwrap_or_else(|faults| {
        for (key, message) in faults {
            section.fault(key, message);
        }
        Terms::default()
    });
    let account = |key, default: &str| section.text(key).unwrap_or_else(|| default.to_owned());
    InvoicingConfig {
        folder: section.path("folder", Need::Open),
        settings: BookSettings {
            window_days: section.number("window_days", 0..=3650, WINDOW_DAYS),
            terms,
            dates: section.choice("dates", DATES, None),
        },
        due_days: u32::try_from(section.number("due_days", 0..=365, 30)).unwrap_or(30),
        accounts: Accounts {
            goods: account("goods_account", GOODS),
            freight: account("freight_account", FREIGHT),
            fees: account("fees_account", FEES),
            refunds: account("refunds_account", REFUNDS),
            tax: account("tax_account", TAX),
            refunded_from: account("refunded_from_account", REFUNDED_FROM),
        },
    }
}
