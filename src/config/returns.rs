//! `[returns]`: where goods go back to, by when, and what vendors credit.

use super::reader::Section;
use crate::returns::ReturnSettings;

/// Reads `[returns]`.
pub fn returns(section: &Section<'_>) -> ReturnSettings {
    let number = |key, range, default: u32| {
        let read = section.number(key, range, i64::from(default));
        u32::try_from(read).unwrap_or(default)
    };
    let config = ReturnSettings {
        address: section.texts("address"),
        deadline_days: number("deadline_days", 1..=365, 30),
        credit_days: number("credit_days", 1..=365, 30),
        waiting_days: number("waiting_days", 1..=365, 7),
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
