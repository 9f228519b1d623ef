use super::*;
use crate::domain::testing;
use crate::ledger::orders::NewOrder;
use crate::ledger::search_words::{FIND, FIRST, MORE, OF_ORDER, UNFILLED, UNREADABLE_BEFORE};
use crate::ledger::{Ledger, LedgerError, Mode};
use chrono::{DateTime, Utc};

fn now() -> DateTime<Utc> {
    "2025-06-02T10:05:00Z".parse().expect("a time")
}

/// A ledger with so many orders, W1 first; with `words` or as an older poms left it.
fn with_orders(count: usize, words: bool) -> (tempfile::TempDir, Ledger) {
    let temp = tempfile::tempdir().expect("a folder");
    let mut ledger =
        Ledger::open(&temp.path().join("poms.db"), Mode::Write, "tester").expect("a ledger");
    let all = |tx: &Tx| {
        for number in 1..=count {
            let mut order = testing::order();
            order.order_number = format!("W{number}");
            tx.insert_order(&NewOrder::new(order, "poms-json", Vec::new()))?;
        }
        if !words {
            tx.execute("DELETE FROM search_word", [])?;
        }
        Ok::<_, LedgerError>(())
    };
    ledger.write(now(), all).expect("written");
    (temp, ledger)
}

#[test]
fn no_search_reads_a_table_from_end_to_end() {
    let (_temp, ledger) = with_orders(1, true);
    let tx = ledger.read();
    let of_this_file = BEGINNINGS.iter().chain(&WHOLE).map(|(_, sql)| *sql);
    let of_words = [
        FIND,
        FIRST,
        MORE,
        OF_ORDER,
        UNFILLED,
        UNREADABLE_BEFORE,
        OF_VENDOR,
    ];
    for sql in of_this_file.chain(of_words) {
        let plan = format!("EXPLAIN QUERY PLAN {sql}");
        let steps: Vec<String> = {
            let mut statement = tx.conn.prepare(&plan).expect("a plan");
            let unbound = statement.raw_query();
            let steps = unbound.mapped(|row| row.get(3));
            steps.collect::<rusqlite::Result<_>>().expect("steps")
        };
        let reads_all = |step: &String| step.starts_with("SCAN") || step.contains("TEMP B-TREE");
        assert!(!steps.is_empty(), "{sql}");
        // the first order of an index is its least entry, not all of them
        assert!(
            sql == FIRST || !steps.iter().any(reads_all),
            "{sql}: {steps:?}"
        );
        if sql == FIRST {
            assert_eq!(
                steps,
                ["SEARCH search_word USING COVERING INDEX search_word_by_city"]
            );
        }
    }
}

#[test]
fn an_amendment_before_the_filling_leaves_no_gap() {
    let (_temp, mut ledger) = with_orders(5, false);
    ledger
        .write(now(), |tx| {
            assert!(!tx.search_is_complete()?);
            // the fifth, the fourth
            assert_eq!(tx.fill_search_words(2)?.orders, 2);
            let row = tx.order(2)?;
            let mut amended = row.order.clone();
            amended.ship_to.zip = "10001".to_owned();
            tx.amend_order(&row, &amended, &[], "asked")?;
            assert!(!tx.search_is_complete()?);
            let third = tx.order(3)?.reference();
            assert_eq!(tx.fill_search_words(100)?.orders, 3);
            assert!(tx.search_is_complete()?);
            assert_eq!(tx.fill_search_words(100)?.orders, 0);
            let found = tx.search_orders("65367", 10)?.found;
            let numbers: Vec<String> = found.iter().map(|one| one.row.reference()).collect();
            assert_eq!(numbers, ["W5", "W4", "W3", "W1"], "{third} is among them");
            assert_eq!(tx.search_orders("10001", 10)?.found.len(), 1);
            Ok::<_, LedgerError>(())
        })
        .expect("filled");
}

#[test]
fn an_amendment_writes_what_it_changes_and_no_more() {
    let (_temp, mut ledger) = with_orders(1, true);
    let words = "SELECT string_agg(id || kind || word, ',') FROM search_word";
    ledger
        .write(now(), |tx| {
            let before: String = tx.value(words, [])?;
            let row = tx.order(1)?;
            let mut amended = row.order.clone();
            amended.comments = Some("ring twice".to_owned());
            let row = tx.amend_order(&row, &amended, &[], "asked")?;
            assert_eq!(tx.value::<String>(words, [])?, before);
            amended.ship_to.zip = "10001".to_owned();
            tx.amend_order(&row, &amended, &[], "asked")?;
            let after: String = tx.value(words, [])?;
            let changed = |one: &str, other: &str| {
                let other: Vec<&str> = other.split(',').collect();
                one.split(',').filter(|word| !other.contains(word)).count()
            };
            assert_eq!((changed(&before, &after), changed(&after, &before)), (1, 1));
            Ok::<_, LedgerError>(())
        })
        .expect("amended");
}
