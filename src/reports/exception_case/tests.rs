use super::*;
use crate::clock::Moment;
use crate::domain::codes::{Code, Remedy, Severity};
use crate::domain::delivery::{DeliveryChannel, DeliveryKind};
use crate::domain::lifecycle::DeliveryState;
use crate::ledger::exceptions::Subject;
use crate::ledger::orders::NewOrder;
use crate::ledger::outbox::{NewDelivery, SettledAttempt};
use crate::ledger::{Ledger, LedgerError, Mode};
use crate::reports::order_story;
use crate::testing;
use chrono::{DateTime, Utc};

fn now() -> DateTime<Utc> {
    "2025-06-02T10:05:00Z".parse().expect("a time")
}

fn view() -> View {
    View {
        width: 200,
        zone: chrono_tz::America::New_York,
        now: now() + chrono::TimeDelta::hours(1),
        poms: "poms".to_owned(),
    }
}

/// An order whose mail to the customer ended so; the exception about it.
fn delivery_that(ends: &SettledAttempt, tx: &Tx) -> Result<i64> {
    let order = tx
        .insert_order(&NewOrder::new(testing::order(), "poms-json", Vec::new()))?
        .id;
    let new = NewDelivery {
        kind: DeliveryKind::OrderPlaced,
        channel: DeliveryChannel::Email,
        once: "order_placed:1",
        reference: "<1@shop.example>",
        sender: "orders@shop.example",
        recipients: &["c@mail.example".to_owned()],
        subject: "Thank you for your order W200001",
        order_id: Some(order),
        po_id: None,
        content: b"x",
    };
    let id = tx.enqueue(&new)?.expect("new");
    tx.mark_sending(id)?;
    tx.settle_delivery(&tx.delivery(id)?, ends)?;
    let about = Subject {
        order: Some(order),
        delivery: Some(id),
        ..Subject::default()
    };
    let entity = format!("delivery:{id}");
    tx.open_exception(
        Code::DeliveryUnknown,
        Severity::Hold,
        &entity,
        about,
        "no answer came",
    )
}

fn with(ends: &SettledAttempt, look: impl FnOnce(&Tx, i64)) {
    let folder = tempfile::tempdir().expect("a folder");
    let mut ledger =
        Ledger::open(&folder.path().join("l.db"), Mode::Write, "anna").expect("a ledger");
    let id = ledger
        .write::<_, LedgerError>(now(), |tx| delivery_that(ends, tx))
        .expect("written");
    look(&ledger.read(), id);
}

const NO_LIMITS: CaseLimits = CaseLimits {
    duplicate_hours: 24,
    spending: &|_| None,
    offers: &|_, row, _| {
        let all = row.definition().remedies.iter();
        let one = |remedy: &Remedy| Offered {
            remedy: *remedy,
            refused: None,
            changes: Vec::new(),
        };
        Ok(all.map(one).collect())
    },
};

#[test]
fn a_doubtful_delivery_is_shown_with_its_attempts_and_three_ways_out() {
    let unknown = SettledAttempt {
        to: DeliveryState::Unknown,
        detail: "the connection was lost after the last byte",
        next_attempt: None,
    };
    with(&unknown, |tx, id| {
        let case = Case::gather(tx, id, &NO_LIMITS).expect("a case");
        let shown = text(&case, &view());
        for line in [
            "Delivery 1 (Thank you for your order W200001) is unknown: may or may not have arrived",
            "unknown: the connection was lost after the last byte",
            "    poms outbox confirm 1 --note \"WHO SAID SO\"\n",
            "    poms exceptions resolve 1 --retry --note \"WHY\"\n",
            "    poms exceptions resolve 1 --dismiss --note \"WHY\"\n",
        ] {
            assert!(shown.contains(line), "no '{line}' in\n{shown}");
        }
        let story = Story::gather(tx, "W200001").expect("a story");
        let shown = order_story::text(&story, &view());
        assert!(shown.contains("Next       a person decides about the mail to the customer to c@mail.example, which may"), "{shown}");
        assert!(shown.contains("poms exceptions show 1\n"), "{shown}");
    });
}

#[test]
fn a_delivery_that_waits_says_until_when_and_why() {
    let deferred = SettledAttempt {
        to: DeliveryState::Queued,
        detail: "451 4.3.0 try later",
        next_attempt: Moment::parse("2025-06-02T11:25:00.000Z"),
    };
    with(&deferred, |tx, _| {
        let story = Story::gather(tx, "w200001").expect("a story");
        let shown = order_story::text(&story, &view());
        assert!(
            shown.contains("after 2025-06-02 07:25 EDT (in 20 min)"),
            "{shown}"
        );
        assert!(
            shown.contains("(attempt 2; the last answer was: 451 4.3.0 try later)"),
            "{shown}"
        );
        let json = story.json(view().now);
        let steps = json["next"]["steps"].as_array().expect("steps");
        assert!(
            steps
                .iter()
                .any(|step| step["by"] == "2025-06-02T11:25:00.000Z"),
            "{json:#}"
        );
    });
}
