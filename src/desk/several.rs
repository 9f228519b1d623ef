//! Several exceptions resolved by one command: all of them or none.

use super::resolve::{Act, resolve};
use super::{Said, reason, refused};
use crate::app::App;
use crate::domain::business_refusal::BusinessRefusal;
use crate::ledger::exceptions::ExceptionRow;
use crate::ledger::{LedgerError, Tx};
use std::collections::{BTreeMap, BTreeSet};

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
    let mut seen = BTreeSet::new();
    for id in ids {
        if seen.insert(*id) {
            wanted.push(*id);
        }
    }
    let of = |id: i64, fault| none_was_done(fault, id, wanted.len());
    // what was resolved before this command is refused, whatever an act of it would do
    let mut rows = Vec::new();
    let note = reason(act.note)?;
    for id in &wanted {
        let row = tx
            .exception(*id)
            .map_err(|fault| unknown(fault, *id, wanted.len()))?;
        if !row.open {
            // says who resolved it and when
            tx.resolve_exception(&row, act.remedy.as_str(), note)
                .map_err(|fault| of(*id, fault))?;
        }
        rows.push(row);
    }
    let mut ended: BTreeMap<i64, i64> = BTreeMap::new();
    let mut done: Vec<Resolved> = Vec::new();
    let same = together(&rows);
    for row in &rows {
        let before = ended.get(&row.id).copied();
        // what an act ended elsewhere counts as ended by the one before
        let ended_with = match (before, done.last()) {
            (None, Some(last)) if !tx.exception(row.id)?.open => Some(last.row.id),
            _ => before,
        };
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
        for other in same.get(&about(row)).into_iter().flatten() {
            if *other != row.id && !ended.contains_key(other) && !tx.exception(*other)?.open {
                ended.insert(*other, row.id);
            }
        }
    }
    Ok(done)
}

/// What an exception is about, as far as an act on another one ends it: its order, else the thing itself.
fn about(row: &ExceptionRow) -> (Option<i64>, &str) {
    match row.subject.order {
        Some(order) => (Some(order), ""),
        None => (None, &row.entity),
    }
}

/// The exceptions by what they are about: asking each about all others would grow with the square.
fn together(rows: &[ExceptionRow]) -> BTreeMap<(Option<i64>, &str), Vec<i64>> {
    let mut same: BTreeMap<_, Vec<i64>> = BTreeMap::new();
    for row in rows {
        same.entry(about(row)).or_default().push(row.id);
    }
    same
}

/// No such exception, whose words name it.
fn unknown(fault: LedgerError, id: i64, count: usize) -> LedgerError {
    match fault {
        LedgerError::NotFound(why) if count > 1 => {
            let why = BusinessRefusal::unknown(why).of_exception(id);
            none_was_done(refused(why), id, count)
        }
        fault => fault,
    }
}

/// A refusal, with the number that it is about and what became of the others.
fn none_was_done(fault: LedgerError, id: i64, count: usize) -> LedgerError {
    let why = match fault {
        fault if count == 1 => return fault,
        LedgerError::Refused(why) => why.open_ended(),
        LedgerError::NotFound(why) => BusinessRefusal::unknown(why).open_ended(),
        fault => return fault,
    };
    let named = match why.exception() == Some(id) {
        true => why,
        false => why.under(&format!("exception {id}")),
    };
    refused(named.with_remedy(format!(
        ". All {count} stay as they were: resolve {id} by itself, or leave it away"
    )))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refusal_says_once_which_exception_it_is_about() {
        let done = |id| {
            let why = BusinessRefusal::done(format!("exception {id} is resolved."));
            refused(why.of_exception(id))
        };
        let rest = "All 2 stay as they were: resolve 1 by itself, or leave it away";
        let own = none_was_done(done(1), 1, 2).to_string();
        assert_eq!(own, format!("exception 1 is resolved. {rest}"));
        // its words begin with the same figure
        let other = none_was_done(done(12), 1, 2).to_string();
        assert_eq!(
            other,
            format!("exception 1: exception 12 is resolved. {rest}")
        );
        let none = LedgerError::NotFound("there is no exception 1: look".to_owned());
        assert_eq!(
            unknown(none, 1, 2).to_string(),
            format!("there is no exception 1: look. {rest}")
        );
        assert_eq!(
            none_was_done(done(1), 1, 1).to_string(),
            "exception 1 is resolved."
        );
    }
}
