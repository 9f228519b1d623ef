//! What vendors owe, and the credits that they send.

use super::credits::{Claim, CreditMatch, settle as matching};
use super::rematch;
use crate::domain::business_refusal::BusinessRefusal;
use crate::domain::foreign::cut;
use crate::domain::invoice::Invoice;
use crate::domain::lifecycle::{CreditState, InvoiceState, VarianceState};
use crate::domain::money::Money;
use crate::domain::pattern::fits;
use crate::domain::text::one_line;
use crate::domain::variance::{Terms, Tolerance};
use crate::ledger::invoices::{ExpectedRow, InvoiceRow, VarianceRow};
use crate::ledger::{LedgerError, Tx};
use regex::Regex;
use std::sync::LazyLock;

/// What a credit can be for on its purchase order.
enum CreditTarget {
    Expected(ExpectedRow),
    Finding(VarianceRow),
}

impl CreditTarget {
    fn claim(&self) -> Claim {
        match self {
            CreditTarget::Expected(owed) => Claim {
                name: owed.name(),
                amount: owed.owed(),
            },
            CreditTarget::Finding(found) => Claim {
                name: format!("finding {}", found.id),
                amount: found.at_stake,
            },
        }
    }

    /// For people: `RMA100 (5.00: return RMA100 (damaged))`.
    fn words(&self) -> String {
        let claim = self.claim();
        let why = match self {
            CreditTarget::Expected(owed) => owed.note.clone(),
            CreditTarget::Finding(found) => {
                format!("{} of invoice {}", found.code, found.invoice_id)
            }
        };
        format!("{} ({}: {why})", claim.name, claim.amount)
    }
}

/// Everything that a credit for a purchase order can be for: first what is expected, then what is
/// wrong with its bills and no credit was asked for.
fn targets(tx: &Tx, po_id: i64) -> Result<(Vec<CreditTarget>, Vec<CreditTarget>), LedgerError> {
    let expected = tx.open_credits_of_po(po_id)?;
    let asked: Vec<i64> = expected
        .iter()
        .filter_map(|owed| owed.exception_id)
        .collect();
    let mut found = tx.open_variances_of_po(po_id)?;
    found.retain(|one| {
        let unasked = one.exception_id.is_none_or(|id| !asked.contains(&id));
        unasked && one.at_stake > Money::ZERO
    });
    Ok((
        expected.into_iter().map(CreditTarget::Expected).collect(),
        found.into_iter().map(CreditTarget::Finding).collect(),
    ))
}

/// Counts a credit that was tied to a purchase order against what its vendor owes: a return, a
/// promise or a dispute; else against what is wrong with the purchase order's bills and comes to it.
/// Returns what it could be for where that is not certain, for people.
pub fn settle(
    tx: &Tx,
    id: i64,
    credit: &Invoice,
    po_id: i64,
) -> Result<Option<Vec<String>>, LedgerError> {
    settle_as(tx, id, credit, po_id, Fits::Expected)
}

/// How much must speak for it that a credit is for what is expected.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fits {
    /// It came after it was expected: that nothing else is.
    Expected,
    /// It came before: its words or its amount.
    Surely,
    /// It came before, and a person said once that it is for nothing: a person decides.
    Asked,
}

/// As [`settle`]; of a credit that came before anything was expected, only what is expected now is
/// asked.
pub fn settle_as(
    tx: &Tx,
    id: i64,
    credit: &Invoice,
    po_id: i64,
    fits: Fits,
) -> Result<Option<Vec<String>>, LedgerError> {
    judge(tx, (id, credit, po_id), fits, true)
}

/// What [`settle`] would say now; writes nothing.
pub fn could_settle(
    tx: &Tx,
    id: i64,
    credit: &Invoice,
    po_id: i64,
) -> Result<Option<Vec<String>>, LedgerError> {
    judge(tx, (id, credit, po_id), Fits::Expected, false)
}

/// The names of what a credit on a purchase order can be for.
pub fn names(tx: &Tx, po_id: i64) -> Result<Vec<String>, LedgerError> {
    let (expected, found) = targets(tx, po_id)?;
    let all = expected.iter().chain(&found);
    Ok(all.map(|one| one.claim().name).collect())
}

fn judge(
    tx: &Tx,
    (id, credit, po_id): (i64, &Invoice, i64),
    fits: Fits,
    act: bool,
) -> Result<Option<Vec<String>>, LedgerError> {
    let row = tx.invoice(id)?;
    let tolerance = tolerance(&row);
    let (expected, mut found) = targets(tx, po_id)?;
    if fits != Fits::Expected {
        found.clear();
    }
    for (targets, asked) in [(expected, fits == Fits::Expected), (found, false)] {
        let claims: Vec<Claim> = targets.iter().map(CreditTarget::claim).collect();
        let words = |places: &[usize]| places.iter().map(|at| targets[*at].words()).collect();
        let fit = matching(credit, &claims, &tolerance, asked);
        match (fit, fits) {
            (CreditMatch::Unexpected, Fits::Surely) if !claims.is_empty() => {
                return Ok(Some(targets.iter().map(CreditTarget::words).collect()));
            }
            (CreditMatch::Settles(places), Fits::Asked) => return Ok(Some(words(&places))),
            (CreditMatch::Short(at), Fits::Asked) => return Ok(Some(words(&[at]))),
            (CreditMatch::Settles(_) | CreditMatch::Short(_), _) if !act => return Ok(None),
            (CreditMatch::Settles(places), _) => {
                let mut left = credit.total;
                for (nth, at) in places.iter().enumerate() {
                    let last = nth + 1 == places.len();
                    let amount = if last { left } else { claims[*at].amount };
                    left = left.minus(amount).unwrap_or_default();
                    whole(tx, &targets[*at], id, amount)?;
                }
                return Ok(None);
            }
            (CreditMatch::Short(at), _) => {
                part(tx, &targets[at], id, credit.total)?;
                return Ok(None);
            }
            (CreditMatch::Ambiguous(places), _) => return Ok(Some(words(&places))),
            (CreditMatch::Unexpected, _) => {}
        }
    }
    Ok(match fits {
        Fits::Expected => without_goods(credit).map(|said| vec![said]),
        Fits::Surely | Fits::Asked => None,
    })
}

/// What a credit for which nothing is expected says of goods that the customer has not got.
fn without_goods(credit: &Invoice) -> Option<String> {
    static WITHOUT: LazyLock<Option<Regex>> = LazyLock::new(|| {
        Regex::new(concat!(
            r"(?i)\b(?:lost|missing|short(?:s|ed|ages?|fall)?|short[- ]?ship\w*|never (?:arrived|received|delivered|shipped)|",
            r"not (?:shipped|received|delivered)|un(?:delivered|deliverable))\b"
        ))
        .ok()
    });
    let lines = credit.lines.iter().map(|line| line.description.as_str());
    let says = credit.says.iter().map(|cell| cell.cell.as_str());
    let mut texts = std::iter::once(credit.memo.as_str())
        .chain(lines)
        .chain(says);
    let said = texts.find(|text| fits(&WITHOUT, text))?;
    Some(format!(
        "goods that the customer has not got, as it says >>{}<< and no return is on file: ask the customer, and open one where \
         it is so (`poms return open`)",
        cut(&one_line(said), 120)
    ))
}

fn tolerance(row: &InvoiceRow) -> Tolerance {
    let terms: Option<Terms> = (row.terms.clone()).and_then(|t| serde_json::from_value(t).ok());
    terms.unwrap_or_default().goods
}

/// Counts a credit against what a person says that it is for, in that order.
///
/// # Errors
/// A sentence, when a name is nothing that is open, or the credit does not reach to it.
pub fn assign(tx: &Tx, row: &InvoiceRow, names: &[&str]) -> Result<(), LedgerError> {
    let Some(po_id) = row.po_id else {
        return Err(LedgerError::Refused(BusinessRefusal::wrong_state(
            "the credit is tied to no purchase order",
        )));
    };
    let (mut targets, found) = targets(tx, po_id)?;
    targets.extend(found);
    let bare = |text: &str| text.replace([' ', ':', '-', '#'], "").to_uppercase();
    let mut left = row.invoice.total;
    for (nth, name) in names.iter().enumerate() {
        let place = targets
            .iter()
            .position(|one| bare(&one.claim().name) == bare(name));
        let Some(target) = place.map(|place| targets.remove(place)) else {
            let open: Vec<String> = targets.iter().map(CreditTarget::words).collect();
            return Err(LedgerError::Refused(BusinessRefusal::unknown(format!(
                "'{name}' is nothing that {} owes on this purchase order: {}",
                row.vendor(),
                if open.is_empty() {
                    "nothing is".to_owned()
                } else {
                    open.join("; ")
                }
            ))));
        };
        let owed = target.claim().amount;
        let last = nth + 1 == names.len();
        let reaches = left >= owed || {
            let short = owed.minus(left).unwrap_or(Money(i64::MAX));
            left > Money::ZERO && tolerance(row).allows(short, owed)
        };
        let amount = if last { left } else { left.min(owed) };
        match (&target, reaches) {
            (target, true) => whole(tx, target, row.id, amount)?,
            (target @ CreditTarget::Expected(_), false) if last && left > Money::ZERO => {
                part(tx, target, row.id, amount)?;
            }
            _ => {
                return Err(LedgerError::Refused(BusinessRefusal::over_limit(format!(
                    "{} is over {owed}, and {left} of the credit is left for it",
                    target.claim().name
                ))));
            }
        }
        left = left.minus(amount).unwrap_or_default();
    }
    Ok(())
}

/// Part of what is expected came.
fn part(tx: &Tx, target: &CreditTarget, id: i64, amount: Money) -> Result<(), LedgerError> {
    match target {
        CreditTarget::Expected(owed) => tx.settle_credit(owed, id, amount, false),
        CreditTarget::Finding(_) => Ok(()),
    }
}

/// All of it came: what it was expected for is settled.
fn whole(tx: &Tx, target: &CreditTarget, id: i64, amount: Money) -> Result<(), LedgerError> {
    let owed = match target {
        CreditTarget::Expected(owed) => owed,
        CreditTarget::Finding(found) => {
            tx.settle_finding(found, id, amount)?;
            return credited(tx, found);
        }
    };
    tx.settle_credit(owed, id, amount, true)?;
    let Some(exception) = owed.exception_id else {
        return Ok(());
    };
    for variance in tx.variances_of_exception(exception)? {
        credited(tx, &variance)?;
    }
    Ok(())
}

fn credited(tx: &Tx, variance: &VarianceRow) -> Result<(), LedgerError> {
    if !variance.state.may_become(VarianceState::Credited) {
        return Ok(());
    }
    let why = "the vendor's credit came";
    tx.move_variance(variance, VarianceState::Credited, why)?;
    rematch::end_exception(tx, variance, "credited", why)?;
    let row = tx.invoice(variance.invoice_id)?;
    if row.state == InvoiceState::Duplicate {
        // the credit counts, so the bill that it takes back must count too
        return tx.move_invoice(&row, InvoiceState::Matched, why);
    }
    rematch::rest(tx, &row)
}

/// Takes back what is expected because of an exception that ended otherwise.
pub fn withdraw(tx: &Tx, exception: i64, why: &str) -> Result<(), LedgerError> {
    for owed in tx.credits_of_exception(exception)? {
        if owed.state == CreditState::Open {
            tx.withdraw_credit(&owed, why)?;
        }
    }
    Ok(())
}
