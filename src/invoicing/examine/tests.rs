use super::*;
use crate::domain::codes::Code;
use crate::invoicing::formats;

#[path = "../../../tests/support/invoice_year/mod.rs"]
mod invoice_year;
use invoice_year::layouts::{LAYOUTS, Layout};
use invoice_year::{Expected, Seed, Year};

/// The year's shop writes the month first; a layout of few rows may prove nothing.
const BOOKS: formats::Books = formats::Books {
    currency: "USD",
    dates: Some(formats::DateOrder::MonthFirst),
};

/// The format that is to read a layout.
fn format(layout: Layout) -> &'static str {
    match layout {
        Layout::Plain => "plain",
        Layout::QboList => "qbo-transaction-list",
        Layout::QboUnpaid => "qb-unpaid-bills",
        Layout::QboVendorBalance => "qb-vendor-balance",
        Layout::QboDetail => "qbo-transaction-detail",
        Layout::QboPurchases => "qb-purchases",
        Layout::QbdList => "qbd-transaction-list",
        Layout::QbdDetail => "qbd-transaction-detail",
        Layout::QbdCheck => "qbd-check-detail",
    }
}

/// Whether a layout tells lines of goods and freight apart.
fn has_lines(layout: Layout) -> bool {
    use Layout::{Plain, QbdCheck, QbdDetail, QboDetail, QboPurchases};
    matches!(
        layout,
        Plain | QboDetail | QboPurchases | QbdDetail | QbdCheck
    )
}

/// What a layout can call a discrepancy: without lines, a price is all there is to be wrong.
fn code(seed: Seed, layout: Layout) -> Code {
    match (seed, has_lines(layout)) {
        (Seed::NotShipped, _) => Code::InvoiceNotShipped,
        (Seed::SameNumber | Seed::Renumbered, _) => Code::InvoiceDuplicate,
        (Seed::UnknownVendor | Seed::UnknownPo | Seed::ForeignPo, _) => Code::InvoiceUnmatched,
        (Seed::Price, _) | (_, false) => Code::InvoicePrice,
        (Seed::Quantity, true) => Code::InvoiceQuantity,
        (Seed::Freight, true) => Code::InvoiceFreight,
    }
}

fn variances(finding: Finding) -> Vec<Variance> {
    match finding {
        Finding::Again { .. } => Vec::new(),
        Finding::UnknownVendor { variance, .. }
        | Finding::Duplicate { variance, .. }
        | Finding::Unmatched { variance, .. } => vec![variance],
        Finding::Matched { matched, .. } => matched.variances,
        Finding::Split { parts, .. } => parts
            .into_iter()
            .flat_map(|(_, matched)| matched.variances)
            .collect(),
    }
}

/// Reads a layout of the year: every bill, every cent, every total.
fn read(year: &Year, layout: Layout) -> Vec<Invoice> {
    let file = formats::read(&layout.write(year), &BOOKS).unwrap();
    assert_eq!(file.format, format(layout));
    assert_eq!(file.errors, [], "{layout:?}");
    assert_eq!(file.invoices.len(), year.bills.len(), "{layout:?}");
    let disagreeing: Vec<_> = file.totals.iter().filter(|total| !total.agrees).collect();
    assert!(disagreeing.is_empty(), "{layout:?}: {disagreeing:?}");
    let signed = |credit: bool, total: i64| if credit { -total } else { total };
    let billed = year
        .bills
        .iter()
        .map(|bill| signed(bill.credit, bill.total()));
    let got = file.invoices.iter().map(|invoice| invoice.signed_total().0);
    assert_eq!(
        got.sum::<i64>(),
        billed.sum::<i64>(),
        "{layout:?}: money is conserved"
    );
    let mut invoices = file.invoices;
    // as a desk would take them
    invoices.sort_by_key(|invoice| (invoice.date, invoice.kind));
    invoices
}

/// Imports a layout of the year twice: all that was seeded is found, nothing else is, and the
/// second time changes nothing.
fn import(year: &Year, layout: Layout) {
    let invoices = read(year, layout);
    let vendors = VendorBook::new(year.vendors.clone());
    let mut facts = Facts {
        vendors: &vendors,
        pos: PoIndex::new(year.pos.clone()),
        seen: SeenInvoices::default(),
        window_days: WINDOW_DAYS,
    };
    let mut got: Vec<(String, chrono::NaiveDate, Code, i64)> = Vec::new();
    let mut on_file: Vec<KnownInvoice> = Vec::new();
    for invoice in &invoices {
        for variance in variances(examine(invoice, &invoice.number, &mut facts)) {
            let number = invoice.number.clone();
            got.push((number, invoice.date, variance.code, variance.at_stake.0));
        }
        let vendor = match vendors.find(&invoice.vendor_name) {
            VendorMatch::Known { id, .. } => id,
            VendorMatch::Unknown { .. } => unknown_key(&invoice.vendor_name),
        };
        on_file.push(known(invoice, &invoice.number, &vendor, None));
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
    assert!(
        got == want,
        "{layout:?}: missed {missed:?}, invented {invented:?}"
    );

    facts.seen = SeenInvoices::new(on_file);
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

proptest::proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig::with_cases(40))]
    #[test]
    fn every_row_and_cent_of_any_year_is_read_in_every_layout(seed: u64, orders in 1usize..60) {
        let year = invoice_year::year(seed, orders, 5);
        for layout in LAYOUTS {
            read(&year, layout);
        }
    }
}

fn bill(name: &str, number: &str, day: u32, cents: i64, memo: &str) -> Invoice {
    Invoice {
        vendor_name: name.to_owned(),
        kind: InvoiceKind::Bill,
        number: number.to_owned(),
        date: chrono::NaiveDate::from_ymd_opt(2026, 3, day).unwrap(),
        due: None,
        po_refs: crate::domain::invoice::po_refs_in(memo, crate::domain::invoice::PoRefFrom::Memo),
        vendor_order_number: None,
        memo: memo.to_owned(),
        total: Money(cents),
        open_balance: false,
        open: None,
        says: Vec::new(),
        lines: Vec::new(),
        freight: Money::ZERO,
        fees: Money::ZERO,
        source_line: 7,
        rows: vec![7],
    }
}

#[test]
fn two_equal_parts_of_one_order_are_no_duplicate_but_a_third_is() {
    let mut year = invoice_year::year(1, 1, 1);
    let po = &mut year.pos[0];
    po.placed = chrono::NaiveDate::from_ymd_opt(2026, 3, 1).unwrap();
    po.terms = Default::default();
    po.lines.truncate(1);
    (
        po.lines[0].ordered,
        po.lines[0].shipped,
        po.lines[0].unit_cost,
    ) = (2, 2, Money(500));
    let vendors = VendorBook::new(year.vendors.clone());
    let mut facts = Facts {
        vendors: &vendors,
        pos: PoIndex::new(year.pos.clone()),
        seen: SeenInvoices::default(),
        window_days: WINDOW_DAYS,
    };
    let name = &year.vendors[0].name;
    let codes: Vec<Vec<Code>> = [
        bill(name, "1", 2, 500, "W200000-1"),
        bill(name, "2", 3, 500, "W200000-1"),
        bill(name, "3", 4, 500, "W200000-1"),
        // another amount under an old number, and the same row twice in one file
        bill(name, "1", 5, 400, "W200000-1"),
        bill(name, "1", 2, 500, "W200000-1"),
        bill("Nobody", "1", 2, 500, "W200000-1"),
    ]
    .iter()
    .map(|invoice| variances(examine(invoice, "x", &mut facts)))
    .map(|found| found.iter().map(|variance| variance.code).collect())
    .collect();
    let duplicate = vec![Code::InvoiceDuplicate];
    let unmatched = vec![Code::InvoiceUnmatched];
    assert_eq!(
        codes,
        [
            vec![],
            vec![],
            duplicate.clone(),
            duplicate.clone(),
            duplicate,
            unmatched
        ]
    );
}
