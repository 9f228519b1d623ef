//! Several exceptions resolved by one command: all of them or none.

use super::resolve::{Act, resolve};
use super::{Said, reason, refused};
use crate::app::App;
use crate::ledger::exceptions::ExceptionRow;
use crate::ledger::{LedgerError, Tx};
use std::collections::BTreeMap;

/// One of them, and what came of it.
pub struct Resolved {
    /// As it was before the command.
    pub row: ExceptionRow,
    /// The one of the same command whose act ended this one too.
    pub ended_with: Option<i64>,
    /// What came of it, for the person.
    pub said: Said,
}

/// Resolves each of `ids` in turn by the same act, in the caller's one transaction. One that an earlier
/// act of this command has ended is reported, and not refused. A number that is typed twice counts once.
///
/// # Errors
/// The first refusal, with the number that it is about; the caller's transaction must then end without
/// a commit, so that nothing was done to any.
pub fn resolve_all(
    tx: &Tx,
    site: &App,
    ids: &[i64],
    act: &Act,
) -> Result<Vec<Resolved>, LedgerError> {
    let mut wanted: Vec<i64> = Vec::new();
    for id in ids {
        if !wanted.contains(id) {
            wanted.push(*id);
        }
    }
    let of = |id: i64, fault| none_was_done(fault, id, wanted.len());
    // what was resolved before this command is refused, whatever an act of it would do
    let mut rows = Vec::new();
    let note = reason(act.note)?;
    for id in &wanted {
        let open = tx.exception(*id).and_then(|row| {
            if !row.open {
                // says who resolved it and when
                tx.resolve_exception(&row, act.remedy.as_str(), note)?;
            }
            Ok(row)
        });
        rows.push(open.map_err(|fault| of(*id, fault))?);
    }
    let mut ended: BTreeMap<i64, i64> = BTreeMap::new();
    let mut done = Vec::new();
    for row in &rows {
        let ended_with = ended.get(&row.id).copied();
        let said = match ended_with {
            Some(by) => vec![format!(
                "Exception {} ({}) ended with exception {by}.",
                row.id, row.code
            )],
            None => resolve(tx, site, row.id, act).map_err(|fault| of(row.id, fault))?,
        };
        done.push(Resolved {
            row: row.clone(),
            ended_with,
            said,
        });
        for other in rows.iter().skip(done.len()) {
            if !ended.contains_key(&other.id) && !tx.exception(other.id)?.open {
                ended.insert(other.id, row.id);
            }
        }
    }
    Ok(done)
}

/// A refusal, with the number that it is about and what became of the others.
fn none_was_done(fault: LedgerError, id: i64, count: usize) -> LedgerError {
    let (LedgerError::Refused(why) | LedgerError::NotFound(why)) = &fault else {
        return fault;
    };
    if count == 1 {
        return fault;
    }
    let why = why.trim_end_matches('.');
    let named = match why.contains(&format!("exception {id}")) {
        true => why.to_owned(),
        false => format!("exception {id}: {why}"),
    };
    refused(format!(
        "{named}. All {count} stay as they were: resolve {id} by itself, or leave it away"
    ))
}
