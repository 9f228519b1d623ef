use super::*;
use crate::domain::shipment::Pieces;

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn line(shares: Shares) -> LineState {
    LineState {
        id: 1,
        po_id: 1,
        line: 1,
        order_line: 1,
        sku: "A".to_owned(),
        vendor_sku: "V-A".to_owned(),
        pieces: Pieces {
            ordered: 3,
            ..Pieces::default()
        },
        moved: 0,
        unit_cost: crate::domain::money::Money(100),
        answer: shares.worst(),
        answer_qty: None,
        shares,
        until: None,
        reason: None,
        promised: None,
        answered: None,
        told: None,
        written: None,
        told_undated: None,
        to_tell: 0,
        unwanted: 0,
    }
}

fn word(answer: Answer, qty: impl Into<Option<i64>>, on: &str) -> LineWord {
    LineWord {
        answer,
        qty: qty.into(),
        day: on.parse().ok(),
        reason: (answer == Answer::Rejected).then(|| "gone".to_owned()),
    }
}

#[test]
fn the_parts_of_one_answer_stand_beside_each_other() {
    use Answer::*;
    let today = day("2025-06-02");
    let said = merged(
        &line(Shares::default()),
        &[
            word(Accepted, 1, "2025-06-04"),
            word(Backordered, 1, "2025-06-20"),
            word(Rejected, None, ""),
        ],
        today,
    );
    assert_eq!(
        (
            said.shares.accepted,
            said.shares.backordered,
            said.shares.rejected
        ),
        (1, 1, 1)
    );
    assert_eq!(
        (said.promised, said.until, said.reason.as_deref()),
        (
            Some(day("2025-06-04")),
            Some(day("2025-06-20")),
            Some("gone")
        )
    );
}

#[test]
fn a_later_word_about_a_part_leaves_the_rest_as_it_was() {
    use Answer::*;
    let today = day("2025-06-02");
    let mut before = line(Shares::default().with(Accepted, 3));
    before.promised = Some(day("2025-06-04"));
    let said = merged(&before, &[word(Rejected, 1, "")], today);
    assert_eq!((said.shares.accepted, said.shares.rejected), (2, 1));
    assert_eq!(said.promised, Some(day("2025-06-04")));
    // and one about all takes everything
    let said = merged(&before, &[word(Backordered, None, "")], today);
    assert_eq!((said.shares.accepted, said.shares.backordered), (0, 3));
    assert_eq!((said.promised, said.until), (None, None));
}

#[test]
fn bare_words_take_no_day_back() {
    use Answer::*;
    let mut waits = line(Shares::default().with(Backordered, 3));
    waits.until = Some(day("2025-06-20"));
    let still = |today| merged(&waits, &[word(Backordered, None, "")], day(today)).until;
    assert_eq!(still("2025-06-10"), Some(day("2025-06-20")));
    assert_eq!(still("2025-06-21"), None);
    let yes = merged(&waits, &[word(Accepted, None, "")], day("2025-06-10"));
    assert_eq!((yes.promised, yes.until), (waits.until, None));
}
