//! Refunds as they go to the books.

use super::Shop;

#[test]
fn each_refund_goes_to_the_books_once_as_a_balanced_entry() {
    let shop = Shop::new();
    shop.shipped();
    shop.desk.now("2025-06-10T14:00:00Z");
    shop.open("1=1");
    shop.authorise("R-W1-1");
    // the last day of June in New York, July by UTC
    shop.desk.now("2025-07-01T02:00:00Z");
    shop.back("receive R-W1-1 1=1", &[]).ok();
    shop.back("inspect R-W1-1 1=restock", &[]).ok();
    shop.back("refund R-W1-1 --method card", &["--reference", "=re_77"])
        .ok();
    let export = |from: &str, to: &str, file: &str, more: &[&str]| {
        let mut args = vec!["export", "refunds", "--from", from, "--to", to, "-o", file];
        args.extend(more);
        shop.desk.run(&args).ok().stdout
    };
    let july = export("2025-07-01", "2025-07-31", "july.csv", &[]);
    assert!(july.contains("No refund from 2025-07-01"), "{july}");
    let june = export("2025-06-01", "2025-06-30", "june.csv", &[]);
    assert!(
        june.contains("june.csv: 1 refunds, $111.") || june.contains("1 refunds, $1"),
        "{june}"
    );
    let csv = std::fs::read_to_string(shop.desk.path("june.csv")).expect("the file");
    let mut lines = csv.lines();
    assert_eq!(
        lines.next(),
        Some("*JournalNo,*JournalDate,*AccountName,*Debits,*Credits,Description")
    );
    let rows: Vec<Vec<&str>> = lines.map(|line| line.splitn(6, ',').collect()).collect();
    let cents = |cell: &str| cell.replace('.', "").parse::<i64>().unwrap_or(0);
    let sum = |column: usize| rows.iter().map(|row| cents(row[column])).sum::<i64>();
    assert_eq!((rows.len(), sum(3)), (3, sum(4)), "{csv}");
    assert!(sum(3) > 0, "{csv}");
    for (row, account) in rows.iter().zip([
        "Sales Returns and Allowances",
        "Sales Tax Payable",
        "Undeposited Funds",
    ]) {
        assert_eq!(&row[..3], ["RF-R-W1-1", "06/30/2025", account], "{csv}");
        assert_eq!(row[5], "\"Return R-W1-1, order W1, card =re_77\"", "{csv}");
    }
    let again = export("2025-06-01", "2025-06-30", "june2.csv", &[]);
    assert!(
        again.contains("nothing was written") && again.contains("1 of this period went out before"),
        "{again}"
    );
    assert!(!shop.desk.path("june2.csv").exists());
    export("2025-06-01", "2025-06-30", "all.csv", &["--again"]);
    assert_eq!(
        std::fs::read_to_string(shop.desk.path("all.csv")).expect("the file"),
        csv
    );
    shop.verify();
}
