//! A desk for table tests of one rule: a good order in a good world, to be spoilt.

use super::{Around, Earlier, Facts, Finding, check, limits};
use crate::domain::codes::Code;
use crate::domain::money::Money;
use crate::domain::order::Order;
use crate::domain::rule_settings::RuleSettings;
use crate::domain::testing::{offer, order, vendor};
use crate::domain::vendor::{Offer, Vendor};
use chrono::{DateTime, Utc};
use std::collections::HashMap;

/// Facts that own what they point to.
pub struct Desk {
    pub order: Order,
    pub now: DateTime<Utc>,
    pub offers: HashMap<String, Vec<Offer>>,
    pub vendors: HashMap<String, Vendor>,
    pub spent: Money,
    pub same_number: Option<Earlier>,
    pub twin: Option<Earlier>,
    pub stopped: Option<String>,
    pub masked: Vec<String>,
    pub around: Around,
    pub settings: RuleSettings,
}

/// The contract's example, an hour after it was placed; no rule fires.
pub fn desk() -> Desk {
    let order = order();
    let rows = vec![offer("BF63-12163", "V1", "70.00", "108.23")];
    Desk {
        now: order.date.to_utc() + chrono::TimeDelta::hours(1),
        order,
        offers: HashMap::from([("BF63-12163".to_owned(), rows)]),
        vendors: HashMap::from([("V1".to_owned(), vendor("V1", true))]),
        spent: Money::ZERO,
        same_number: None,
        twin: None,
        stopped: None,
        masked: Vec::new(),
        around: Around {
            today: "2025-06-02".parse().expect("a day"),
            ..Around::default()
        },
        settings: RuleSettings::default(),
    }
}

impl Desk {
    /// The settings as the configuration's `[rules]` table has them.
    pub fn set(&mut self, table: &str) {
        let table = table.parse().expect("the test's TOML");
        let keys: Vec<_> = limits().collect();
        self.settings = RuleSettings::from_table(&table, &keys).expect("the test's settings");
    }

    /// All that fires.
    pub fn findings(&self) -> Vec<Finding> {
        let facts = Facts {
            order: &self.order,
            now: self.now,
            offers: &self.offers,
            vendors: &self.vendors,
            spent: self.spent,
            same_number: self.same_number.clone(),
            twin: self.twin.clone(),
            stopped: self.stopped.clone(),
            masked: &self.masked,
            around: &self.around,
        };
        check(&facts, &self.settings)
    }

    /// The message of one code, when it fires.
    pub fn says(&self, code: Code) -> Option<String> {
        let mut found = self.findings().into_iter();
        Some(found.find(|finding| finding.code == code)?.message)
    }

    /// The first offer of the order's SKU.
    pub fn first(&mut self) -> &mut Offer {
        &mut self.offers.get_mut("BF63-12163").expect("the SKU")[0]
    }
}

/// Money in tests.
pub fn money(text: &str) -> Money {
    text.parse().expect("an amount")
}
