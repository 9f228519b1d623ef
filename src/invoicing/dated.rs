//! Bills whose date cannot be right: before their purchase order was placed, or far ahead of today. Day
//! and month may be mixed up, or the bill is for another order.

use crate::domain::codes::Code;
use crate::domain::invoice::{Invoice, InvoiceKind};
use crate::domain::money::Money;
use crate::domain::rule_settings::{Limit, LimitKey, RuleSettings};
use crate::domain::variance::Variance;
use chrono::NaiveDate;

/// The code of such a bill.
pub const CODE: Code = Code::InvoiceDate;

/// What a site can set of it.
pub static LIMITS: &[LimitKey] = &[BEFORE_DAYS.key, AHEAD_DAYS.key];

const BEFORE_DAYS: Limit<i64> = Limit::whole(
    CODE,
    "before_days",
    (0, 3_650),
    1,
    "a bill dated more than this many days before its purchase order",
);

const AHEAD_DAYS: Limit<i64> = Limit::whole(
    CODE,
    "ahead_days",
    (0, 3_650),
    30,
    "a bill dated more than this many days ahead",
);

/// The limits in days: before the purchase order, and ahead.
pub fn limits(settings: &RuleSettings) -> (i64, i64) {
    (*settings.get(&BEFORE_DAYS), *settings.get(&AHEAD_DAYS))
}

/// What is wrong with a bill's date, for a purchase order placed on a day, looked at on another;
/// the limits as [`limits`] has them.
pub fn look(
    invoice: &Invoice,
    po: &str,
    (placed, today): (NaiveDate, NaiveDate),
    (before, ahead): (i64, i64),
) -> Option<Variance> {
    if invoice.kind != InvoiceKind::Bill {
        return None;
    }
    let early = placed.signed_duration_since(invoice.date).num_days();
    let late = invoice.date.signed_duration_since(today).num_days();
    let what = if early > before {
        format!("{} before {po} was placed on {placed}", days(early))
    } else if late > ahead {
        format!(
            "{} ahead of the day on which it was taken in, {today}",
            days(late)
        )
    } else {
        return None;
    };
    let swapped = swapped(invoice.date, (placed, today));
    let number = match invoice.number.as_str() {
        "" => "without number",
        number => number,
    };
    Some(Variance {
        code: CODE,
        at_stake: Money::ZERO,
        evidence: format!("bill {number} is dated {}, {what}{swapped}", invoice.date),
        line: invoice.source_line,
    })
}

fn days(number: i64) -> String {
    format!("{number} day{}", if number == 1 { "" } else { "s" })
}

/// Whether day and month the other way round would be a likely date.
fn swapped(date: NaiveDate, (placed, today): (NaiveDate, NaiveDate)) -> String {
    use chrono::Datelike;
    let other = NaiveDate::from_ymd_opt(date.year(), date.day(), date.month());
    let likely = other.filter(|other| *other != date && placed <= *other && *other <= today);
    likely.map_or(String::new(), |other| {
        format!("; with day and month the other way round it is {other}")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn says(date: &str, placed: &str, today: &str, kind: InvoiceKind) -> Option<String> {
        let day = |text: &str| text.parse::<NaiveDate>().expect("a date");
        let invoice = Invoice {
            vendor_name: String::new(),
            kind,
            number: "A-1".to_owned(),
            date: day(date),
            due: None,
            po_refs: Vec::new(),
            vendor_order_number: None,
            memo: String::new(),
            total: Money(100),
            open_balance: false,
            open: None,
            says: Vec::new(),
            lines: Vec::new(),
            freight: Money::ZERO,
            fees: Money::ZERO,
            source_line: 2,
            rows: vec![2],
        };
        let found = look(&invoice, "W1-1", (day(placed), day(today)), (1, 30));
        found.map(|one| one.evidence)
    }

    #[test]
    fn the_limits_themselves_pass() {
        let bill = InvoiceKind::Bill;
        let (placed, today) = ("2026-10-02", "2026-11-29");
        for (date, fires) in [
            ("2026-10-02", false),
            ("2026-10-01", false),
            ("2026-09-30", true),
            ("2026-12-29", false),
            ("2026-12-30", true),
        ] {
            assert_eq!(says(date, placed, today, bill).is_some(), fires, "{date}");
        }
        assert_eq!(says("2025-01-01", placed, today, InvoiceKind::Credit), None);
        assert_eq!(
            says("2026-03-10", placed, today, bill).as_deref(),
            Some(
                "bill A-1 is dated 2026-03-10, 206 days before W1-1 was placed on 2026-10-02; \
                 with day and month the other way round it is 2026-10-03"
            )
        );
        let ahead = says("2027-03-10", placed, today, bill).expect("fires");
        assert!(ahead.contains("101 days ahead"), "{ahead}");
    }
}
