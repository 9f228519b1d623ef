//! A held row, tried again: as things stand now, or with a check overridden by a person. What one
//! release overrides, the other checks still see.

use super::held::{content, relist};
use super::judge::judge;
use super::{Hold, ProvedPaper, RuleSettings, advise};
use crate::domain::business_refusal::BusinessRefusal;
use crate::domain::codes::Code;
use crate::domain::foreign::cut;
use crate::domain::lifecycle::AdviceRowState;
use crate::ledger::advices::HeldRow;
use crate::ledger::exceptions::ExceptionRow;
use crate::ledger::shipments::Origin;
use crate::ledger::{LedgerError, Result, Tx};
use crate::vendor_docs::advice::AdviceRow;

/// Acts on a held row again: as it would be acted on now, or, when a person releases it, without the
/// check that this exception is about. What holds it then is listed in the exception's place. Ends the
/// exception with `how` and the note, and says what came of it.
///
/// # Errors
/// When it still cannot be acted on, with the reason.
pub fn again(
    tx: &Tx,
    settings: &RuleSettings,
    held: &HeldRow,
    (about, released): (&ExceptionRow, bool),
    (how, note): (&str, &str),
) -> Result<String> {
    let row = readable(held)?;
    let over = overridden(tx, settings, held, (about, released))?;
    let found = advise::take(tx, &paper(held, settings, &over), &row, true)?;
    match found {
        Ok(changed) => {
            tx.resolve_exception(about, how, note)?;
            tx.move_advice_row(held, AdviceRowState::Applied, "a person had it acted on")?;
            Ok(match changed {
                true => "The row is acted on.".to_owned(),
                false => "The row says what is known already: nothing changed.".to_owned(),
            })
        }
        Err(hold) if stays(&hold, (about, released), held, &over) => Err(cannot(&hold)),
        Err(hold) => {
            let more = over.len() > held.released.len();
            tx.resolve_exception(about, if more { how } else { "cleared" }, note)?;
            tx.release_advice_row(held, &over, hold.code)?;
            let next = relist(tx, settings, held, &row, &hold)?;
            let text = cut(&hold.message, 400);
            Ok(match more {
                true => format!(
                    "{} is overridden, and nothing else: the row waits, for now {text} ({}: exception {next}).",
                    about.code, hold.code
                ),
                false => format!(
                    "Nothing is overridden: what holds the row now is another thing: {text} ({}: exception {next}).",
                    hold.code
                ),
            })
        }
    }
}

/// What the row says; one that could not be read says nothing, and would take all that is open.
fn readable(held: &HeldRow) -> Result<AdviceRow> {
    let row = content(held)?;
    let empty = AdviceRow {
        line: row.line,
        ..AdviceRow::default()
    };
    match row == empty && held.code == Code::AdviceUnclear {
        true => Err(LedgerError::Refused(
            BusinessRefusal::unreadable("the row could not be read, so there is nothing to act on")
                .with_remedy(
                    ": import one that says what left (`poms import-advices`), and dismiss this",
                ),
        )),
        false => Ok(row),
    }
}

fn cannot(hold: &Hold) -> LedgerError {
    LedgerError::Refused(BusinessRefusal::wrong_state(format!(
        "the row cannot be acted on: {} ({})",
        cut(&hold.message, 400),
        hold.code
    )))
}

/// Says whether [`again`] would be refused now; writes nothing.
///
/// # Errors
/// As [`again`].
pub fn possible(
    tx: &Tx,
    settings: &RuleSettings,
    held: &HeldRow,
    (about, released): (&ExceptionRow, bool),
) -> Result<()> {
    let row = readable(held)?;
    let over = overridden(tx, settings, held, (about, released))?;
    match judge(tx, &paper(held, settings, &over), &row, true)? {
        Err(hold) if stays(&hold, (about, released), held, &over) => Err(cannot(&hold)),
        _ => Ok(()),
    }
}

/// The checks that count as overridden: those of earlier releases, and with one that the exception is
/// about.
fn overridden(
    tx: &Tx,
    settings: &RuleSettings,
    held: &HeldRow,
    (about, released): (&ExceptionRow, bool),
) -> Result<Vec<String>> {
    let mut over = held.released.clone();
    if released
        && let Err(hold) = judge(tx, &paper(held, settings, &over), &content(held)?, true)?
        && hold.code == about.code
    {
        over.push(hold.check.to_owned());
    }
    Ok(over)
}

/// Whether what holds a row now is nothing that this act changes.
fn stays(
    hold: &Hold,
    (about, released): (&ExceptionRow, bool),
    held: &HeldRow,
    over: &[String],
) -> bool {
    let seen = over.get(held.released.len()).map(String::as_str);
    !released || seen == Some(hold.check) || hold.code == about.code && seen.is_none()
}

fn paper<'a>(held: &'a HeldRow, settings: &'a RuleSettings, over: &'a [String]) -> ProvedPaper<'a> {
    // an admin who accepts a row speaks for it, whoever sent it
    let trusts = over
        .iter()
        .any(|check| check == Code::UntrustedSender.as_str());
    ProvedPaper {
        origin: Origin {
            message: held.message,
            file: held.file,
            source: &held.source,
        },
        vendor: held.vendor.as_deref().filter(|_| !trusts),
        // nobody vouched for it: a mail that proves one purchase order still speaks for no other
        only_po: (held.only_po).filter(|_| !trusts && held.proved_for_it),
        about: held.only_po.filter(|_| !trusts),
        // one that was held for another reason had found its purchase order
        sole: held.code != Code::UnknownPo,
        written: None,
        settings,
        released: over,
    }
}
