use super::*;
use std::path::{Path, PathBuf};

/// The fixtures' shop; what a file proves goes first.
const BOOKS: Books = Books {
    currency: "USD",
    dates: Some(DateOrder::MonthFirst),
};

/// Every `fixtures/invoices/<format>/<case>.csv`, with what it is to be read as beside it.
fn cases() -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/invoices");
    let mut cases: Vec<PathBuf> = std::fs::read_dir(root)
        .unwrap()
        .flat_map(|folder| std::fs::read_dir(folder.unwrap().path()).unwrap())
        .map(|file| file.unwrap().path())
        .filter(|path| path.extension().is_some_and(|e| e == "csv"))
        .collect();
    cases.sort();
    cases
}

/// Every row of a file has exactly one fate, and no row is left out.
fn conserved(file: &InvoiceFile, name: &str) {
    let account = file.account();
    assert_eq!(account.len(), file.rows, "{name}: {account:?}");
    let mut fates: Vec<(u64, &str)> = Vec::new();
    fates.extend(
        file.invoices
            .iter()
            .flat_map(|i| &i.rows)
            .map(|line| (*line, "invoice")),
    );
    fates.extend(file.errors.iter().map(|e| (e.line, "error")));
    fates.extend(file.skipped.iter().map(|s| (s.line, "skipped")));
    fates.sort_unstable();
    for pair in fates.windows(2) {
        assert_ne!(
            pair[0].0, pair[1].0,
            "{name}: two fates for line {}: {pair:?}",
            pair[0].0
        );
    }
}

#[test]
fn every_fixture_is_read_as_expected() {
    let mut formats_seen = std::collections::BTreeSet::new();
    for path in cases() {
        let name = path.display().to_string();
        let bytes = std::fs::read(&path).unwrap();
        let got = match read(&bytes, &BOOKS) {
            Ok(file) => {
                conserved(&file, &name);
                let folder = path.parent().and_then(Path::file_name).unwrap();
                assert_eq!(folder.to_str(), Some(file.format), "{name}");
                formats_seen.insert(file.format);
                serde_json::to_string_pretty(&file).unwrap() + "\n"
            }
            Err(error) => serde_json::to_string_pretty(&error.to_string()).unwrap() + "\n",
        };
        crate::golden::golden(path.with_extension("expected.json"), &got);
    }
    for format in FORMATS {
        assert!(
            formats_seen.contains(format.name),
            "no fixture for {}",
            format.name
        );
        assert!(!format.about.is_empty());
    }
}

#[test]
fn names_of_formats_are_unique() {
    for (place, format) in FORMATS.iter().enumerate() {
        assert!(
            FORMATS[..place]
                .iter()
                .all(|other| other.name != format.name)
        );
    }
}

/// The real layouts in the shared folder, where it is present.
#[test]
fn the_real_layouts_are_read_without_an_error() {
    let shared = std::env::var("POMS_SHARED").unwrap_or_else(|_| "../shared".to_owned());
    let folder = Path::new(&shared).join("specs/quickbooks");
    let expected = [
        ("qbd-check-detail.csv", "qbd-check-detail", 8),
        ("qbo-bill-payment-list.csv", "qbo-bill-payments", 3),
        (
            "qbo-transaction-detail-by-account.csv",
            "qbo-transaction-detail",
            3,
        ),
        (
            "qbo-transaction-list-by-vendor.csv",
            "qbo-transaction-list",
            3,
        ),
    ];
    for (name, format, totals) in expected {
        let Ok(bytes) = std::fs::read(folder.join(name)) else {
            continue;
        };
        let file = read(&bytes, &BOOKS).unwrap();
        conserved(&file, name);
        assert_eq!(file.format, format, "{name}");
        assert_eq!(file.errors, [], "{name}");
        assert_eq!(file.totals.len(), totals, "{name}: {:#?}", file.totals);
        assert!(
            file.totals.iter().all(|total| total.agrees),
            "{name}: {:#?}",
            file.totals
        );
        assert_eq!(file.invoices, [], "{name}: none of them has a bill");
    }
}

mod properties {
    use super::*;
    use proptest::prelude::*;

    /// Bytes that look like a report now and then.
    fn reportish() -> impl Strategy<Value = Vec<u8>> {
        let words = prop::sample::select(vec![
            ",Date,Transaction Type,Num,Name,Amount\n",
            ",Type,Date,Num,Debit,Credit\n",
            "vendor,invoice_number,invoice_date,sku,qty,amount,total\n",
            ",Type,Date,Num,Name,Item,Account,Original Amount,Paid Amount\n",
            ",Date,Transaction Type,Num,Product/Service,Quantity,Rate,Amount,Balance\n",
            "Trans #,Type,Date,Num,Name,Account,Amount\n",
            "Acme",
            "Total for Acme",
            "Total Acme",
            "TOTAL",
            "Bill",
            "Vendor Credit",
            "Check",
            "01/02/2026",
            "03/04/26",
            "$1,200.00",
            "-5.00",
            "(5.00)",
            "5.00-",
            "9999999999999999.99",
            ",",
            ",",
            ",",
            "\n",
            "\n",
            "\"",
            "\"\"",
            "\r\n",
            " ",
            "x",
            "Accounts Payable",
            "Beginning Balance",
            "Accrual Basis",
            "\u{feff}",
            "\0",
        ]);
        prop::collection::vec(words, 0..60).prop_map(|words| words.concat().into_bytes())
    }

    fn holds(bytes: &[u8]) {
        if let Ok(file) = read(bytes, &BOOKS) {
            conserved(&file, &format!("{:?}", String::from_utf8_lossy(bytes)));
            for invoice in &file.invoices {
                assert!(invoice.total > Money::ZERO);
            }
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(2000))]
        #[test]
        fn random_bytes_never_panic(bytes: Vec<u8>) {
            holds(&bytes);
        }

        #[test]
        fn rows_are_conserved(bytes in reportish()) {
            holds(&bytes);
        }
    }
}
