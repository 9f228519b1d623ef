//! `[returns]`: where goods go back to, by when, and what vendors credit.

use super::reader::Section;

/// `[returns]`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReturnsConfig {
    /// The label to which all goods go back, line by line; empty for the vendor's own address.
    pub address: Vec<String>,
    /// Days from the authorisation until which goods may come.
    pub deadline_days: u32,
    /// Days from the receipt of goods until which the vendor's credit should have come.
    pub credit_days: u32,
    /// Whether vendors credit goods that come back as new: the customer's reason, not theirs.
    pub credit_restocked: bool,
    /// What vendors keep of such a credit, in percent.
    pub restocking_percent: u32,
}

impl Default for ReturnsConfig {
    fn default() -> Self {
        ReturnsConfig {
            address: Vec::new(),
            deadline_days: 30,
            credit_days: 30,
            credit_restocked: false,
            restocking_percent: 0,
        }
    }
}

/// Reads `[returns]`.
pub fn returns(section: &Section<'_>) -> ReturnsConfig {
    let number = |key, range, default: u32| {
        let read = section.number(key, range, i64::from(default));
        u32::try_from(read).unwrap_or(default)
    };
    let config = ReturnsConfig {
        address: section.texts("address"),
        deadline_days: number("deadline_days", 1..=365, 30),
        credit_days: number("credit_days", 1..=365, 30),
        credit_restocked: section.flag("credit_restocked"),
        restocking_percent: number("restocking_percent", 0..=100, 0),
    };
    if config.restocking_percent > 0 && !config.credit_restocked {
        section.fault(
            "restocking_percent",
            "is of no use without credit_restocked = true",
        );
    }
    config
}
