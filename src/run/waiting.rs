//! What is waited for, for those who look: the watchers' deadlines as steps of an order, and how
//! many are past.

use super::cancellations;
use super::watch::{self, WatchedPo};
use crate::config::Config;
use crate::domain::codes::Code;
use crate::domain::vendor::Vendor;
use crate::ledger::awaiting_vendor::WaitingPo;
use crate::ledger::{LedgerError, Tx};
use crate::reports::order_story::Story;
use crate::reports::order_story::next::{By, NextStep};
use crate::shipping::watch::{AwaitedKind, Move};
use chrono::{DateTime, Utc};
use serde_json::{Value, json};

/// Adds to an order's story what its vendors should do next, by when, and what follows if not.
pub fn watch(
    tx: &Tx,
    story: &mut Story,
    config: &Config,
    now: DateTime<Utc>,
) -> Result<(), LedgerError> {
    for po in tx.waiting_pos(Some(story.row.id))? {
        let Some(vendor) = story.vendors.get(&po.vendor_id) else {
            continue;
        };
        if let Some(step) = of_po(tx, &po, vendor, config, now)? {
            story.watched.insert(po.id, step);
        }
    }
    for row in &story.cancellations {
        if let Some(by) = cancellations::by(tx, config, row)? {
            story.answers_due.insert(row.id, By::Day(by));
        }
    }
    Ok(())
}

/// What one purchase order waits for on its vendor's side, if anything is watched.
pub fn of_po(
    tx: &Tx,
    po: &WaitingPo,
    vendor: &Vendor,
    config: &Config,
    now: DateTime<Utc>,
) -> Result<Option<NextStep>, LedgerError> {
    let watched = watch::of(tx, po, vendor, config, now)?;
    // what a person was told of is on the list; else what is due first
    let next = watched.iter().find(|watched| watched.told.is_none());
    let Some(next) = next.or(watched.first()) else {
        return Ok(None);
    };
    let what = match next.expected.kind {
        AwaitedKind::Acknowledgement => format!("{} acknowledges {}", vendor.name, po.number),
        AwaitedKind::Advice => format!("{} ships {}", vendor.name, po.number),
        AwaitedKind::Promise => format!("{} ships {} as promised", vendor.name, po.number),
    };
    let name = (po.id, po.order_id, po.number.as_str());
    // nobody is asked while what came waits for a person
    let read = match next.next {
        Move::Read => None,
        _ => tx.heard_of(name)?.waits,
    };
    Ok(Some(match read {
        Some(id) => unread(&what, Some(id)),
        None => step(&what, next, config.watch.chases, now),
    }))
}

fn step(what: &str, watched: &WatchedPo, most: u32, now: DateTime<Utc>) -> NextStep {
    let due = watched.expected.due;
    let (then, by) = match watched.next {
        // due, and not asked yet: business is closed, or the vendor was asked about others today
        Move::Wait { until } if watched.asked == 0 && due <= now => {
            ("; it is overdue, and a mail asks".to_owned(), until)
        }
        Move::Wait { until } if watched.asked == 0 => {
            let then = if most > 0 {
                "a mail asks"
            } else {
                "a person is told"
            };
            (
                format!(" (else {then})"),
                if until > due { due } else { until },
            )
        }
        Move::Wait { until } => {
            let more = watched.asked < most as usize;
            let then = if more {
                "a mail asks again"
            } else {
                "a person is told"
            };
            (
                format!(" (asked {}; else {then})", times(watched.asked)),
                until,
            )
        }
        Move::Chase(_) => ("; the next run asks by mail".to_owned(), now),
        Move::Tell => return overdue(what, watched.told),
        Move::Read => {
            return unread(what, watched.told);
        }
    };
    NextStep {
        what: format!("{what}{then}"),
        by: Some(By::Day(by)),
        command: None,
    }
}

/// What came waits for a person, and nothing else is done before.
fn unread(what: &str, exception: Option<i64>) -> NextStep {
    NextStep {
        what: format!("{what}; what it wrote waits for a person"),
        by: None,
        command: exception.map(|id| format!("exceptions show {id}")),
    }
}

/// What is left to a person, or will be: no day that is gone is one to wait for.
fn overdue(what: &str, told: Option<i64>) -> NextStep {
    let then = match told {
        Some(_) => "it is overdue, and a person was told",
        None => "it is overdue, and the next run tells a person",
    };
    NextStep {
        what: format!("{what}; {then}"),
        by: None,
        command: told.map(|id| format!("exceptions show {id}")),
    }
}

/// How many purchase orders wait for their vendors, and how many of them for too long; how many
/// questions wait for their customers, how many cancellations for their vendors.
pub fn counts(tx: &Tx, config: &Config, now: DateTime<Utc>) -> Result<Value, LedgerError> {
    let waiting = tx.waiting_pos(None)?;
    let (mut overdue, mut asked) = (0, 0);
    let mut kinds = std::collections::BTreeMap::<Code, usize>::new();
    for po in &waiting {
        let Some(vendor) = tx.vendor(&po.vendor_id)? else {
            continue;
        };
        let late: Vec<WatchedPo> = watch::of(tx, po, &vendor, config, now)?
            .into_iter()
            .filter(|watched| watched.expected.due <= now)
            .collect();
        overdue += usize::from(!late.is_empty());
        asked += usize::from(late.iter().any(|watched| watched.asked > 0));
        for watched in late {
            *kinds.entry(watched.expected.kind.code()).or_default() += 1;
        }
    }
    Ok(
        json!({"purchase_orders": waiting.len(), "overdue": overdue, "asked": asked, "by_code": kinds,
            "customers": tx.count_questions()?, "cancellations": tx.count_open_cancellations()?}),
    )
}

fn times(count: usize) -> String {
    match count {
        1 => "once".to_owned(),
        2 => "twice".to_owned(),
        many => format!("{many} times"),
    }
}
