//! Bills whose date cannot be right reach a person, with the days.

use super::scenes::{import, open, resolve, ship, site};

#[test]
fn before_the_purchase_order_or_far_ahead() {
    for (date, more, word) in [
        ("2025-06-02", "", ""),
        ("2025-06-01", "", ""),
        (
            "2025-05-28",
            "",
            "5 days before W200001-1 was placed on 2025-06-02",
        ),
        ("2024-06-02", "", "365 days before W200001-1"),
        ("2025-07-02", "", ""),
        ("2025-09-30", "", "120 days ahead"),
        (
            "2025-05-28",
            "[rules]\ninvoice_date = { before_days = 7 }",
            "",
        ),
        (
            "2025-06-20",
            "[rules]\ninvoice_date = { ahead_days = 10 }",
            "18 days ahead",
        ),
        (
            "2024-06-02",
            "[rules]\ninvoice_date = { severity = \"off\" }",
            "",
        ),
    ] {
        let desk = site(more);
        ship(&desk, 3);
        let row = format!("Acme Home Goods,A-1,{date},W200001-1,BF63-12163,3,61.50,,184.50\n");
        import(&desk, "b.csv", &row);
        let found = open(&desk);
        let expected = usize::from(!word.is_empty());
        assert_eq!(found.len(), expected, "{date} {more}: {found:?}");
        for (code, id, message) in found {
            assert_eq!(code, "invoice_date");
            assert!(
                message.contains(word) && message.contains("b.csv:2"),
                "{message}"
            );
            // it waits for a person, whatever comes between
            import(
                &desk,
                "else.csv",
                "Acme Home Goods,77,2025-06-03,,,,,,10.00\n",
            );
            desk.now("2025-06-04T10:00:00Z").run(&["process"]).ok();
            assert!(open(&desk).iter().any(|one| one.1 == id), "{date}");
            resolve(&desk, id, &["--release"]);
            assert!(!open(&desk).iter().any(|one| one.1 == id), "{date}");
        }
        desk.run(&["verify"]).ok();
    }
}

#[test]
fn day_and_month_mixed_up_is_said() {
    let desk = site("");
    ship(&desk, 3);
    desk.now("2025-06-20T10:00:00Z");
    import(
        &desk,
        "b.csv",
        "Acme Home Goods,A-1,2025-03-06,W200001-1,BF63-12163,3,61.50,,184.50\n",
    );
    let (_, id, message) = open(&desk)[0].clone();
    let word = "with day and month the other way round it is 2025-06-03";
    assert!(message.contains(word), "{message}");
    let shown = desk
        .run(&["exceptions", "show", &id.to_string()])
        .ok()
        .stdout;
    assert!(
        shown.contains("--release") && shown.contains("--dismiss"),
        "{shown}"
    );
}
