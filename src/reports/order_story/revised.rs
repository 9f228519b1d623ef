//! Revisions of purchase orders: which one counts, and what is waited for.

use super::next::NextStep;
use crate::domain::lifecycle::{DeliveryState, RevisionState};
use crate::ledger::outbox::DeliveryRow;
use crate::ledger::revisions::{RevisionRow, SentRevision};
use crate::reports::layout::quoted;

/// How far a revision came, by its deliveries.
fn way(papers: &[DeliveryRow]) -> &'static str {
    let states: Vec<DeliveryState> = papers.iter().map(|one| one.state).collect();
    let any = |state: DeliveryState| states.contains(&state);
    match () {
        () if any(DeliveryState::Sent) => "sent, not acknowledged",
        () if any(DeliveryState::Unknown) || any(DeliveryState::Sending) => {
            "may have arrived or not, not acknowledged"
        }
        () if any(DeliveryState::Queued) => "not sent yet",
        () => "did not arrive",
    }
}

/// What an open revision waits for; `None` when something became of it.
pub fn step(one: &SentRevision) -> Option<NextStep> {
    let row = &one.0;
    (row.state == RevisionState::Open).then(|| NextStep {
        what: format!(
            "{} agrees to what was changed: {}",
            row.vendor_name,
            told(one)
        ),
        by: None,
        command: Some(format!("po show {}", quoted(&row.po))),
    })
}

/// Where a revision stands, in a sentence.
pub fn told((row, papers): &SentRevision) -> String {
    let said = row.said.as_deref().unwrap_or_default();
    let stands = match row.state {
        RevisionState::Open => {
            format!(
                "{}; until the vendor agrees, {} counts",
                way(papers),
                before(row)
            )
        }
        RevisionState::Agreed => format!("agreed: {said}"),
        RevisionState::Refused => format!("refused, so that {} counts: {said}", before(row)),
        RevisionState::Overtaken => format!("does not count any more: {said}"),
    };
    format!(
        "revision {} of {} {stands} ({})",
        row.number,
        row.po,
        row.changes().join("; ")
    )
}

/// What the vendor has beside it.
fn before(row: &RevisionRow) -> String {
    match row.document["agreed"].as_i64() {
        Some(number) => format!("revision {number}"),
        None => "what it had before".to_owned(),
    }
}
