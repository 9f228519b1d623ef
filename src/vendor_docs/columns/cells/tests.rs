use super::*;

fn told<'a>(table: TableKind, known: &'a KnownBeside) -> RowFields<'a> {
    RowFields {
        table,
        sku: Some("AC-1"),
        qty: Some(2),
        day: NaiveDate::from_ymd_opt(2025, 6, 2),
        comes: true,
        known,
        today: NaiveDate::from_ymd_opt(2025, 6, 2).unwrap(),
    }
}

#[test]
fn lists_compile() {
    assert!(is_left("shipped"));
}

/// How many doubts a cell raises.
fn doubts(table: TableKind, kind: ColumnKind, cell: &str) -> usize {
    let known = KnownBeside::default();
    let cells = [("heading", kind, cell)];
    let beside = look(cells.into_iter(), &told(table, &known));
    beside.doubts.len() + beside.prices.len() + beside.remits.len()
}

/// Cells by bars: those that say nothing, and those that stop the row.
fn check(table: TableKind, cases: &[(ColumnKind, &str, &str)]) {
    for (kind, fine, stop) in cases {
        for cell in fine.split('|') {
            assert_eq!(doubts(table, *kind, cell), 0, "{kind:?} {cell}");
        }
        for cell in stop.split('|') {
            assert_eq!(doubts(table, *kind, cell), 1, "{kind:?} {cell}");
        }
    }
}

#[test]
fn cells_of_shipments() {
    use ColumnKind::*;
    check(
        TableKind::Shipments,
        &[
            (
                Harmless,
                "12 Elm St|N/A|Lamp, brass",
                "CANCELLED|not shipped|Lamp (substituted)",
            ),
            (
                Words,
                "|-|Thank you|Shipped complete|shipped via UPS Ground",
                "wrong colour sent|do not deliver|red instead of blue|hmm|will ship tomorrow|backordered|customer refused",
            ),
            (Denies, "0|no|N|false|0.00|", "1|yes|Y|x|2025-06-02|part"),
            (
                Affirms,
                "yes|Y|2|true|2025-06-02|shipped",
                "no|N|0|1|false|not yet|soon",
            ),
            (
                Direction,
                "Outbound|SHIPMENT|Drop Ship",
                "RETURN|inbound|credit|RMA|test",
            ),
            (Charge, "0|0.00|$0.00||45.00|$8.95", "collect|tbd"),
            (Stock, "40|yes", "low"),
            (UnitPrice, "|0.00", "4.95|tbd"),
            (Goods, "|no|ac-1", "AR-9999"),
            (Planned, "2025-06-05", "soon|TBD"),
            (Unknown, "|-|n/a", "no|0|yes|x"),
            (Pack, "1|no|EA", "12|6.00"),
            (Currency, "USD|us dollars|$", "CAD|EUR|x"),
            (Remit, "|none", "Bank of X"),
        ],
    );
}

#[test]
fn cells_of_answers() {
    use ColumnKind::*;
    check(
        TableKind::Answers,
        &[
            (
                Words,
                "|thanks|confirmed|ships 6/2",
                "price went up to 4.95|red instead of blue|backordered|ships 6/9",
            ),
            (Denies, "0|no", "yes|1"),
            (Affirms, "yes", "no"),
            (Stock, "2|40", "1|0|low"),
            (Charge, "0.00", "45.00"),
        ],
    );
}

#[test]
fn amounts() {
    for (cell, of) in [
        ("$1,234.50", Some("1234.50")),
        ("3.2000", Some("3.2")),
        ("USD 4", Some("4")),
        ("3,20", None),
        ("4.95 each", None),
    ] {
        assert_eq!(amount(cell), of.map(|of| of.parse().unwrap()), "{cell}");
    }
}

proptest::proptest! {
    #[test]
    fn never_panics(cell: String, heading: String) {
        let known = KnownBeside::default();
        let kind = super::super::kind(&heading);
        let _ = look([(heading.as_str(), kind, cell.as_str())].into_iter(), &told(TableKind::Shipments, &known));
    }
}
