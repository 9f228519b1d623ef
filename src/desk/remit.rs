//! What a person decides about where a vendor says that its money goes.

use super::Said;
use super::resolve::Case;
use crate::domain::codes::Remedy;
use crate::domain::lifecycle::MessageState;
use crate::domain::text::one_line;
use crate::ledger::LedgerError;

/// Accepts the words as the vendor's own, or leaves them an alarm; the mail that brought them is over
/// when nothing else waits for it.
pub(super) fn resolve(case: &Case) -> Result<Said, LedgerError> {
    let Case {
        tx, row, act, note, ..
    } = *case;
    let said = match act.remedy {
        Remedy::Release => {
            let accepted = tx.accept_remits(row.id, note)?;
            let mut said = vec![format!(
                "Exception {} is closed: these words are the vendor's own from now on, and no alarm when they come again.",
                row.id
            )];
            said.extend(
                accepted
                    .iter()
                    .map(|words| format!("  {}", one_line(words))),
            );
            said
        }
        _ => vec![format!(
            "Exception {} is dismissed: nothing comes of it, and the same words are an alarm again.",
            row.id
        )],
    };
    case.end()?;
    if let Some(message) = row.subject.message
        && tx.message(message)?.state == MessageState::Held
        && tx.open_exceptions_of_message(message)?.is_empty()
    {
        tx.move_message(message, MessageState::Ignored, note)?;
    }
    Ok(said)
}
