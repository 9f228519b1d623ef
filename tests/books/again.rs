//! Files that come again, and others between: every bill keeps the place that it has.

use super::scenes::{import, open, site};
use crate::support::desk::TestDesk;
use serde_json::Value;

/// Number, date and state of every bill, in the ledger's order.
fn places(desk: &TestDesk) -> Vec<(i64, String, String)> {
    let list = desk.run(&["invoice", "list", "--all", "--json"]);
    let list = match list.code {
        0 => list.json(),
        _ => desk.run(&["invoice", "list", "--json"]).ok().json(),
    };
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let rows = list["invoices"].as_array().expect("a list").iter();
    let mut rows: Vec<_> = rows
        .map(|row| {
            let id = row["id"].as_i64().or(row["invoice"].as_i64());
            (
                id.unwrap_or_default(),
                text(&row["date"]),
                text(&row["state"]),
            )
        })
        .collect();
    rows.sort();
    rows
}

#[test]
fn an_unmatched_bill_and_its_duplicate_keep_their_places() {
    for second in [
        "Acme Home Goods,1042,2025-01-19,,,,,,1200.00\n", // entered again two weeks later
        "Acme Home Goods,1042,2025-01-05,,,,,,1200.00\n", // on the same day
        "Acme Home Goods,1042,2025-01-19,,,,,,900.00\n",  // over less
        "Acme Home Goods,01042,2025-01-19,,,,,,1200.00\n", // with a zero before
    ] {
        let desk = site("");
        let rows = format!("Acme Home Goods,1042,2025-01-05,,,,,,1200.00\n{second}");
        let rows = rows.replace(
            "1042,2025-01-05,,,,,,1200.00\nAcme Home Goods,1042,2025-01-05",
            "1042,2025-01-05,,,,,,1200.00\nOther Name,9,2025-01-05,,,,,,5.00\nAcme Home Goods,1042,2025-01-05",
        );
        import(&desk, "two.csv", &rows);
        let (before, listed) = (places(&desk), open(&desk));
        let of = |state: &str| before.iter().filter(|(.., one)| one == state).count();
        assert_eq!(of("duplicate"), 1, "{second}: {before:?}");
        import(&desk, "two.csv", &rows);
        import(
            &desk,
            "else.csv",
            "Acme Home Goods,77,2025-02-01,,,,,,10.00\n",
        );
        import(&desk, "two-again.csv", &rows);
        desk.run(&["process"]).ok();
        let after = places(&desk);
        assert_eq!(after[..before.len()], before, "{second}");
        let still: Vec<_> = open(&desk)
            .into_iter()
            .filter(|one| listed.contains(one))
            .collect();
        assert_eq!(still, listed, "{second}");
        desk.run(&["verify"]).ok();
    }
}

#[test]
fn the_bill_finds_its_order_and_the_duplicate_stays_one() {
    let desk = site("");
    import(
        &desk,
        "two.csv",
        "Acme Home Gds,500,2025-06-05,W200001-1,BF63-12163,3,61.50,,184.50\n\
         Acme Home Gds,500,2025-06-09,W200001-1,BF63-12163,3,61.50,,184.50\n",
    );
    let (_, first, _) = open(&desk)[0].clone();
    let amend = [
        "exceptions",
        "resolve",
        &first.to_string(),
        "--amend",
        "vendor=ACME",
        "--note",
        "asked",
    ];
    desk.run(&amend).ok();
    let states: Vec<String> = places(&desk).into_iter().map(|(.., state)| state).collect();
    let duplicates = states.iter().filter(|state| *state == "duplicate").count();
    assert_eq!(duplicates, 1, "{states:?}");
    assert!(!states.contains(&"unmatched".to_owned()), "{states:?}");
    import(
        &desk,
        "else.csv",
        "Acme Home Goods,77,2025-06-10,,,,,,10.00\n",
    );
    let after: Vec<String> = places(&desk)
        .into_iter()
        .map(|(.., state)| state)
        .take(2)
        .collect();
    assert_eq!(after, states, "{after:?}");
}
