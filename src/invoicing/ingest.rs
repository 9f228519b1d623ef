//! The stage that takes invoices in: a file that was read, into the ledger, in one transaction.

mod file;

use super::credit_settlement;
use super::formats::{Skipped, TotalCheck};
use super::match_context::{MatchContext, MatchOutcome};
use crate::domain::codes::{Code, Severity};
use crate::domain::invoice::{Invoice, InvoiceKind};
use crate::domain::lifecycle::{InvoiceState, VarianceState};
use crate::domain::money::Money;
use crate::domain::variance::Variance;
use crate::ledger::exceptions::Subject;
use crate::ledger::invoices::{NewVariance, title};
use crate::ledger::{LedgerError, Tx};
use crate::tabular::RowError;
pub use file::take;
use serde::Serialize;
use std::collections::BTreeMap;

/// What came of one file.
#[derive(Clone, Debug, Default, Serialize)]
pub struct TakenFile {
    /// Its name as it was given.
    pub file: String,
    /// SHA-256 of its bytes.
    pub sha256: String,
    /// Its format.
    pub format: String,
    /// Bills and credits in it.
    pub invoices: usize,
    /// Bills in it.
    pub bills: usize,
    /// Credits in it.
    pub credits: usize,
    /// Invoices on file before: nothing was changed for them.
    pub again: usize,
    /// Of those on file before: that found their purchase order by what this file says more of them.
    pub found: usize,
    /// New ones that were tied to a purchase order, those with something wrong too.
    pub matched: usize,
    /// New ones that were not.
    pub unmatched: usize,
    /// New ones that were billed before.
    pub duplicates: usize,
    /// What is wrong with the new ones.
    pub variances: Vec<Wrong>,
    /// Money at stake in these, without what the same file settles.
    pub money_at_risk: Money,
    /// Rows that could not be read.
    pub errors: Vec<RowError>,
    /// The file's own totals, and whether they are the sums of its rows.
    pub totals: Vec<TotalCheck>,
    /// Rows that are no part of an invoice, and why.
    pub skipped: Vec<Skipped>,
    /// When a file of the same bytes was imported before.
    pub imported_before: Option<String>,
    /// Bills and credits that were not taken in, for poms itself failed at them.
    pub not_taken: usize,
    /// What poms itself failed at, one sentence each; nothing of it was done, and the rest was.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub failed: Vec<String>,
    /// The exception that lists bills that were not taken in, if it is new.
    #[serde(skip)]
    pub failed_exception: Option<i64>,
}

/// One thing that is wrong with an invoice.
#[derive(Clone, Debug, Serialize)]
pub struct Wrong {
    /// An `invoice_` code.
    pub code: Code,
    /// The vendor's id, or its name where that is unknown.
    pub vendor: String,
    /// The vendor's number of the invoice.
    pub invoice: String,
    /// The invoice's number in the ledger.
    pub invoice_id: i64,
    /// The purchase order, if it is known.
    pub po: Option<String>,
    /// What paying as billed would lose.
    pub at_stake: Money,
    /// For people.
    pub message: String,
    /// Line of the file.
    pub line: u64,
    /// The exception that lists it; none where the site switched the code off.
    pub exception: Option<i64>,
    /// What settled it since in the same file, such as the vendor's credit: how its exception ended.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub settled: Option<String>,
}

/// What is wrong, and the purchase orders on which something counts now.
type SettledFile = (Vec<Wrong>, Vec<i64>);

/// Lists what is wrong with an invoice that is on record, and counts a credit against what is owed.
pub fn settle(
    tx: &Tx,
    context: &MatchContext,
    id: i64,
    invoice: &Invoice,
    outcome: &MatchOutcome,
    file: &str,
) -> Result<SettledFile, LedgerError> {
    let wrong = list(tx, context, id, invoice, outcome, file)?;
    let po = outcome.at.po_id.filter(|_| outcome.state.counts());
    if let Some(po) = po.filter(|_| invoice.kind == InvoiceKind::Credit)
        && let Some(candidates) = credit_settlement::settle(tx, id, invoice, po)?
    {
        unclear(tx, context, id, &candidates, file)?;
    }
    Ok((wrong, po.into_iter().collect()))
}

/// The code of a credit that could be for several things.
pub const CREDIT_UNCLEAR: Code = Code::CreditUnclear;

/// Puts a credit that could be for several things onto the exceptions list: it counts, and waits to be
/// told what for.
pub fn unclear(
    tx: &Tx,
    context: &MatchContext,
    id: i64,
    candidates: &[String],
    file: &str,
) -> Result<(), LedgerError> {
    let severity = context.rules.severity(CREDIT_UNCLEAR);
    let row = tx.invoice(id)?;
    if severity == Severity::Off {
        return Ok(());
    }
    let (title, po) = (row.title(), row.po.as_deref().unwrap_or("?"));
    let evidence = format!(
        "{title} over {} for {po} could be for any of these: {}",
        row.invoice.total,
        candidates.join("; ")
    );
    let text = format!(
        "{}, {evidence} ({file}:{})",
        row.vendor(),
        row.invoice.source_line
    );
    let about = Subject {
        order: row.order_id,
        po: row.po_id,
        ..Subject::default()
    };
    let exception = tx.open_exception(CREDIT_UNCLEAR, severity, &row.entity(), about, &text)?;
    tx.insert_variance(&NewVariance {
        invoice_id: id,
        exception_id: Some(exception),
        code: CREDIT_UNCLEAR,
        at_stake: Money::ZERO,
        evidence: &evidence,
        source_line: row.invoice.source_line,
        state: VarianceState::Open,
    })?;
    match (severity, row.state) {
        (Severity::Hold, InvoiceState::Matched) => tx.move_invoice(
            &row,
            InvoiceState::Variance,
            "it is not clear what it is for",
        ),
        _ => Ok(()),
    }
}

/// Records the parts of a paper (its file and its number in the ledger) over several purchase orders.
pub fn parts(
    tx: &Tx,
    context: &MatchContext,
    (file_id, paper): (i64, i64),
    outcome: &MatchOutcome,
    file: &str,
) -> Result<SettledFile, LedgerError> {
    let (mut wrong, mut pos) = (Vec::new(), Vec::new());
    for (part, outcome) in &outcome.parts {
        let mut at = outcome.at.clone();
        at.part_of = Some(paper);
        let id = tx.insert_invoice(file_id, part, &at, outcome.state)?;
        let (more, touched) = settle(tx, context, id, part, outcome, file)?;
        wrong.extend(more);
        pos.extend(touched);
    }
    Ok((wrong, pos))
}

/// Puts what is wrong with an invoice on the exceptions list: one exception for each code. Returns
/// it for people.
pub fn list(
    tx: &Tx,
    context: &MatchContext,
    id: i64,
    invoice: &Invoice,
    outcome: &MatchOutcome,
    file: &str,
) -> Result<Vec<Wrong>, LedgerError> {
    let po = outcome.at.po_id.map(|id| tx.po(id)).transpose()?;
    let about = Subject {
        order: po.as_ref().map(|po| po.order_id),
        po: po.as_ref().map(|po| po.id),
        ..Subject::default()
    };
    let mut by_code: BTreeMap<Code, Vec<&Variance>> = BTreeMap::new();
    for variance in &outcome.variances {
        by_code.entry(variance.code).or_default().push(variance);
    }
    let mut wrong = Vec::new();
    for (code, variances) in by_code {
        let severity = context.rules.severity(code);
        let exception = match severity {
            Severity::Off => None,
            severity => {
                let message = message(invoice, &variances, &outcome.candidates, file);
                let entity = format!("invoice:{id}");
                Some(tx.open_exception(code, severity, &entity, about, &message)?)
            }
        };
        for variance in variances {
            tx.insert_variance(&NewVariance {
                invoice_id: id,
                exception_id: exception,
                code,
                at_stake: variance.at_stake,
                evidence: &variance.evidence,
                source_line: variance.line,
                state: match exception {
                    Some(_) => VarianceState::Open,
                    None => VarianceState::Accepted,
                },
            })?;
            wrong.push(Wrong {
                code,
                vendor: (outcome.at.vendor_id.clone())
                    .unwrap_or_else(|| invoice.vendor_name.clone()),
                invoice: invoice.number.clone(),
                invoice_id: id,
                po: po.as_ref().map(|po| po.number.clone()),
                at_stake: variance.at_stake,
                message: variance.evidence.clone(),
                line: variance.line,
                exception,
                settled: None,
            });
        }
    }
    Ok(wrong)
}

/// The exception in plain words: the paper, what is wrong, where it stands.
pub fn message(
    invoice: &Invoice,
    variances: &[&Variance],
    candidates: &[String],
    file: &str,
) -> String {
    let evidence: Vec<&str> = variances.iter().map(|v| v.evidence.as_str()).collect();
    let lines: Vec<String> = variances.iter().map(|v| v.line.to_string()).collect();
    let stakes = variances.iter().map(|v| v.at_stake);
    let stake = Money::sum(stakes).unwrap_or(Money(i64::MAX));
    let (title, evidence) = (title(invoice), evidence.join("; "));
    // what speaks of the whole paper names it itself
    let paper = match evidence.starts_with(invoice.kind.as_str()) {
        true => String::new(),
        false => format!("{title}: "),
    };
    let mut text = format!(
        "{stake} at stake: {}, {paper}{evidence} ({file}:{})",
        invoice.vendor_name,
        lines.join(",")
    );
    if !candidates.is_empty() {
        text.push_str(&format!(". Candidates: {}", candidates.join(", ")));
    }
    text
}
