use super::*;
use crate::invoicing::formats;

#[path = "../../../tests/support/invoice_year/mod.rs"]
mod invoice_year;
use invoice_year::{Expected, LAYOUTS, Layout, Seed, Year};

/// What a layout can call a discrepancy: without lines, a price is all there is to be wrong.
fn code(seed: Seed, layout: Layout) -> &'static str {
    match (seed, layout.has_lines()) {
        (Seed::NotShipped, _) => "invoice_not_shipped",
        (Seed::SameNumber | Seed::Renumbered, _) => "invoice_duplicate",
        (Seed::UnknownVendor | Seed::UnknownPo, _) => "invoice_unmatched",
        (Seed::Price, _) | (_, false) => "invoice_price",
        (Seed::Quantity, true) => "invoice_quantity",
        (Seed::Freight, true) => "invoice_freight",
    }
}

fn variances(finding: Finding) -> Vec<Variance> {
    match finding {
        Finding::Again { .. } => Vec::new(),
        Finding::UnknownVendor { variance, .. }
        | Finding::Duplicate { variance, .. }
        | Finding::Unmatched { variance, .. } => vec![variance],
        Finding::Matched { matched, .. } => matched.variances,
    }
}

/// Imports a layout of the year twice: all that was seeded is found, nothing else is, and the
/// second time changes nothing.
fn import(year: &Year, layout: Layout) {
    let file = formats::read(&layout.write(year)).unwrap();
    assert_eq!(file.format, layout.format());
    assert_eq!(file.errors, [], "{layout:?}");
    assert_eq!(file.invoices.len(), year.bills.len(), "{layout:?}");
    let disagreeing: Vec<_> = file.totals.iter().filter(|total| !total.agrees).collect();
    assert!(disagreeing.is_empty(), "{layout:?}: {disagreeing:?}");
    let sum = |credit| {
        let of_kind = year.bills.iter().filter(|bill| bill.credit == credit);
        of_kind
            .map(|bill| if credit { -bill.total() } else { bill.total() })
            .sum::<i64>()
    };
    let read: i64 = file
        .invoices
        .iter()
        .map(|invoice| invoice.signed_total().0)
        .sum();
    assert_eq!(
        read,
        sum(false) + sum(true),
        "{layout:?}: money is conserved"
    );

    let vendors = VendorBook::new(year.vendors.clone());
    let mut facts = Facts {
        vendors: &vendors,
        pos: PoIndex::new(year.pos.clone()),
        seen: Seen::default(),
        window_days: WINDOW_DAYS,
    };
    let mut got: Vec<(String, chrono::NaiveDate, &str, i64)> = Vec::new();
    let mut known: Vec<KnownInvoice> = Vec::new();
    // as a desk would take them: by date
    let mut invoices: Vec<&Invoice> = file.invoices.iter().collect();
    invoices.sort_by_key(|invoice| (invoice.date, invoice.kind));
    for invoice in &invoices {
        for variance in variances(examine(invoice, &invoice.number, &mut facts)) {
            let number = invoice.number.clone();
            got.push((number, invoice.date, variance.code, variance.at_stake.0));
        }
        let vendor = match vendors.find(&invoice.vendor_name) {
            VendorMatch::Known { id, .. } => id,
            VendorMatch::Unknown { .. } => unknown_key(&invoice.vendor_name),
        };
        known.push(super::known(invoice, &invoice.number, &vendor, None));
    }
    let want = |e: &Expected| (e.number.clone(), e.date, code(e.seed, layout), e.at_stake);
    let mut want: Vec<_> = year.expected.iter().map(want).collect();
    got.sort();
    want.sort();
    let missed: Vec<_> = want
        .iter()
        .filter(|one| !got.contains(one))
        .take(3)
        .collect();
    let invented: Vec<_> = got
        .iter()
        .filter(|one| !want.contains(one))
        .take(3)
        .collect();
    assert_eq!(
        got, want,
        "{layout:?}: missed {missed:?}, invented {invented:?}"
    );

    facts.seen = Seen::new(known);
    for invoice in &invoices {
        let finding = examine(invoice, "", &mut facts);
        assert!(
            matches!(finding, Finding::Again { .. }),
            "{layout:?}: {finding:?}"
        );
    }
}

#[test]
fn a_year_in_every_layout_all_found_none_invented_and_twice_is_once() {
    let year = invoice_year::year(20_260_301, 10_000, 40);
    assert_eq!(year.expected.len(), 200);
    std::thread::scope(|scope| {
        for layout in LAYOUTS {
            let year = &year;
            scope.spawn(move || import(year, layout));
        }
    });
}
