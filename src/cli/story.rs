//! What came of a batch, an order or message a line.

use crate::clock::Moment;
use crate::ledger::Tx;
use crate::ledger::exceptions::Filter;
use crate::ledger::search::OrderFilter;

/// More orders than this are counted by the summary only.
const AT_MOST: usize = 500;

/// Each order and each message that is none: name, state, what happened. Only those that came
/// since a moment, if it is given.
pub fn story(tx: &Tx, since: Option<Moment>) -> anyhow::Result<Vec<[String; 3]>> {
    let mut story = Vec::new();
    let mut orders = tx.orders(&OrderFilter {
        since,
        at_most: AT_MOST,
        ..Default::default()
    })?;
    orders.sort_by_key(|row| row.id);
    for row in orders {
        let reasons = tx.open_exceptions_of_order(row.id)?;
        let what = match reasons.first() {
            Some(_) => reasons
                .iter()
                .map(|e| format!("{}: {}", e.code, e.message))
                .collect::<Vec<_>>()
                .join("\n"),
            None => {
                let pos = tx.pos_of_order(row.id)?;
                let pos: Vec<String> = pos
                    .iter()
                    .map(|po| format!("{} to {} ({})", po.number, po.vendor_name, po.state))
                    .collect();
                pos.join("\n")
            }
        };
        story.push([
            format!("order {}", row.reference()),
            row.state.to_string(),
            what,
        ]);
    }
    for row in tx.exceptions(&Filter {
        entity: Some("message".to_owned()),
        ..Filter::default()
    })? {
        let old = since.is_some_and(|since| row.opened < since);
        if let Some(id) = row.subject.message.filter(|_| !old) {
            story.push([
                format!("message {id}"),
                tx.message(id)?.state.to_string(),
                format!("{}: {}", row.code, row.message),
            ]);
        }
    }
    Ok(story)
}
