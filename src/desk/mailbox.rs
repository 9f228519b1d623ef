//! What a person decides about messages that a mailbox keeps and does not give.

use super::Said;
use super::resolve::Case;
use crate::domain::codes::Remedy;
use crate::ledger::LedgerError;

/// Resolves an exception about the mailbox `name`.
pub(super) fn resolve(case: &Case, name: &str) -> Result<Said, LedgerError> {
    let again = case.act.remedy == Remedy::Retry;
    case.tx.withheld_seen(name, again, case.note)?;
    case.end()?;
    Ok(vec![match again {
        true => format!("The next `poms process` asks mailbox {name} for them again."),
        false => format!(
            "Exception {} is dismissed; poms still asks for them once a day, and takes what comes.",
            case.row.id
        ),
    }])
}
