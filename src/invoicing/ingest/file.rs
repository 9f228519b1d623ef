//! A whole file: each of its bills by itself, so that one at which poms fails keeps no other out.

use super::{SettledFile, TakenFile, parts, settle};
use crate::domain::invoice::{Invoice, InvoiceKind};
use crate::domain::lifecycle::InvoiceState;
use crate::domain::money::Money;
use crate::invoicing::examine::Facts;
use crate::invoicing::formats::{InvoiceFile, TotalCheck};
use crate::invoicing::match_context::{KnownBilling, MatchContext, decide, order_of_taking};
use crate::invoicing::{against, enrich, rematch, remit};
use crate::ledger::apart::ADVICE;
use crate::ledger::invoices::{NewInvoiceFile, title};
use crate::ledger::{LedgerError, Tx};
use serde_json::json;
use std::collections::BTreeSet;

/// So many of them are named in the exception.
const NAMED: usize = 10;

/// Takes a file in. `progress` is told how many invoices are done. A bill at which poms fails is listed,
/// and the others are taken in.
///
/// # Errors
/// The ledger's; then nothing was taken.
pub fn take(
    tx: &Tx,
    context: &MatchContext,
    name: &str,
    file: &InvoiceFile,
    progress: &dyn Fn(usize),
) -> Result<TakenFile, LedgerError> {
    let mut taken = opening(name, file);
    // what came to light since may find its place now, and must not be taken for new
    rematch::unmatched(tx, context)?;
    let sha256 = openssl::sha::sha256;
    let digest = hex_bytes(&file.sha256).unwrap_or_else(|| sha256(file.sha256.as_bytes()).to_vec());
    let before = tx.invoice_file(&digest)?;
    let file_id = match &before {
        Some((id, ..)) => *id,
        None => record(tx, file, name, &digest)?,
    };
    taken.imported_before = before.map(|(_, _, at)| at);
    let mut invoices: Vec<&Invoice> = file.invoices.iter().collect();
    invoices.sort_by_key(|invoice| order_of_taking(invoice));
    let mut done = FileProgress {
        file_id,
        name: base_name(name),
        ..FileProgress::default()
    };
    let mut next = 0;
    while next < invoices.len() {
        next = some(
            tx, context, &invoices, next, &mut done, &mut taken, progress,
        )?;
    }
    match tx.apart(|| enrich::learn(tx, context, file_id, &done.on_file))? {
        Ok(found) => taken.found = found,
        Err(fault) => taken.failed.push(format!(
            "{name}: what it says more of bills on file could not be noted: {fault}; {ADVICE}"
        )),
    }
    for po in &done.touched {
        rematch::close_one(tx, context, *po)?;
    }
    list_failed(tx, &done, &mut taken)?;
    for wrong in &mut taken.variances {
        let row = wrong.exception.map(|id| tx.exception(id)).transpose()?;
        let ended = row.filter(|row| !row.open);
        wrong.settled = ended.map(|row| row.resolution.unwrap_or_default());
    }
    let open = (taken.variances.iter()).filter(|wrong| wrong.settled.is_none());
    let stakes = open.map(|wrong| wrong.at_stake);
    taken.money_at_risk = Money::sum(stakes).unwrap_or(Money(i64::MAX));
    Ok(taken)
}

/// What was done so far.
#[derive(Default)]
struct FileProgress<'a> {
    /// The file's number in the ledger.
    file_id: i64,
    /// Its name without folders.
    name: &'a str,
    /// Purchase orders on which something counts now.
    touched: BTreeSet<i64>,
    /// Those that were there before, by name.
    on_file: Vec<(String, &'a Invoice)>,
    /// Bills that were not taken in, and why.
    failed: Vec<String>,
}

/// Takes bills in from a place on, up to one that fails: what was read of the ledger is not what stands
/// in it then. Returns where to go on.
fn some<'a>(
    tx: &Tx,
    context: &MatchContext,
    invoices: &[&'a Invoice],
    from: usize,
    done: &mut FileProgress<'a>,
    taken: &mut TakenFile,
    progress: &dyn Fn(usize),
) -> Result<usize, LedgerError> {
    let known = KnownBilling::load(tx, context)?;
    let mut facts = known.facts(tx, context, &[])?;
    for (place, invoice) in invoices.iter().enumerate().skip(from) {
        progress(place);
        let file = (done.file_id, done.name);
        match tx.apart(|| one(tx, context, file, invoice, &known, &mut facts))? {
            Ok(One::OnFile(same)) => {
                taken.again += 1;
                done.on_file.push((same, invoice));
            }
            Ok(One::New(state, (wrong, pos))) => {
                count(taken, state);
                taken.variances.extend(wrong);
                done.touched.extend(pos);
            }
            Err(fault) => {
                let (line, vendor) = (invoice.source_line, &invoice.vendor_name);
                let title = title(invoice);
                done.failed
                    .push(format!("line {line}, {vendor}, {title}: {fault}"));
                return Ok(place + 1);
            }
        }
    }
    Ok(invoices.len())
}

/// What came of a bill.
enum One {
    /// It was there before, under this name.
    OnFile(String),
    /// It is new.
    New(InvoiceState, SettledFile),
}

fn one(
    tx: &Tx,
    context: &MatchContext,
    (file_id, name): (i64, &str),
    invoice: &Invoice,
    known: &KnownBilling,
    facts: &mut Facts,
) -> Result<One, LedgerError> {
    let name_of_new = format!("invoice {}", tx.next_invoice_id()?);
    let told = against::contradiction(tx, invoice, known, facts)?;
    let shares: &[(String, Money)] = &[];
    let told = (shares, told.as_deref());
    let outcome = match decide(invoice, &name_of_new, known, facts, context, told) {
        Ok(outcome) => outcome,
        Err(same) => return Ok(One::OnFile(same)),
    };
    let id = tx.insert_invoice(file_id, invoice, &outcome.at, outcome.state)?;
    remit::look(tx, context, id, invoice, &outcome)?;
    let (mut wrong, mut pos) = settle(tx, context, id, invoice, &outcome, name)?;
    let more = parts(tx, context, (file_id, id), &outcome, name)?;
    wrong.extend(more.0);
    pos.extend(more.1);
    Ok(One::New(outcome.state, (wrong, pos)))
}

/// Bills that were not taken in come onto the list, one exception for the file; it ends when the file is
/// imported again and they are.
fn list_failed(tx: &Tx, done: &FileProgress, taken: &mut TakenFile) -> Result<(), LedgerError> {
    let entity = format!("invoice_file:{}", done.file_id);
    let failed = &done.failed;
    let mut said = Vec::new();
    if !failed.is_empty() {
        let more = match failed.len().saturating_sub(NAMED) {
            0 => String::new(),
            more => format!("; and {more} more"),
        };
        let named = failed[..failed.len().min(NAMED)].join("; ");
        said.push(format!(
            "{} of {} bills and credits of {} were not taken in, for poms failed at them; the others were: {named}{more}; {ADVICE}",
            failed.len(),
            taken.invoices,
            done.name
        ));
    }
    said.extend(not_the_sum(taken, done.name));
    if said.is_empty() {
        return tx.end_failed(&entity);
    }
    let text = said.join("; ");
    let (id, new) = tx.list_failed(&entity, &text)?;
    taken.not_taken = failed.len();
    taken.failed_exception = id.filter(|_| new);
    let sentence = |why: &String| format!("{}: not taken: {why}", taken.file);
    let sentences: Vec<String> = failed.iter().map(sentence).collect();
    taken.failed.extend(sentences);
    Ok(())
}

/// What a person must know of totals that are not the sums of the rows above them: rows are missing, or were
/// changed.
fn not_the_sum(taken: &TakenFile, name: &str) -> Option<String> {
    let wrong = taken
        .totals
        .iter()
        .filter(|total| total.of_rows && !total.agrees);
    let wrong: Vec<String> = wrong.take(NAMED).map(TotalCheck::message).collect();
    (!wrong.is_empty()).then(|| {
        format!(
            "{name}: its totals are not the sums of its rows, so that rows are missing or were changed: {}; export it anew and \
             compare before anything of it is paid, then dismiss this",
            wrong.join("; ")
        )
    })
}

fn opening(name: &str, file: &InvoiceFile) -> TakenFile {
    let credits = file.invoices.iter();
    let credits = credits
        .filter(|invoice| invoice.kind == InvoiceKind::Credit)
        .count();
    TakenFile {
        file: name.to_owned(),
        sha256: file.sha256.clone(),
        format: file.format.to_owned(),
        invoices: file.invoices.len(),
        bills: file.invoices.len() - credits,
        credits,
        errors: file.errors.clone(),
        totals: file.totals.clone(),
        skipped: file.skipped.clone(),
        ..TakenFile::default()
    }
}

fn record(tx: &Tx, file: &InvoiceFile, name: &str, digest: &[u8]) -> Result<i64, LedgerError> {
    let opening = opening(name, file);
    let report = json!({"errors": file.errors, "totals": file.totals, "skipped": file.skipped.len(), "rows": file.rows});
    tx.insert_invoice_file(&NewInvoiceFile {
        sha256: digest,
        name: base_name(name),
        format: file.format,
        bills: opening.bills,
        credits: opening.credits,
        report: &report,
    })
}

fn count(taken: &mut TakenFile, state: InvoiceState) {
    match state {
        InvoiceState::Variance | InvoiceState::Matched | InvoiceState::Split => taken.matched += 1,
        InvoiceState::Duplicate => taken.duplicates += 1,
        InvoiceState::Unmatched | InvoiceState::Ignored => taken.unmatched += 1,
    }
}

/// The name without folders.
fn base_name(name: &str) -> &str {
    name.rsplit('/').next().unwrap_or(name)
}

fn hex_bytes(hex: &str) -> Option<Vec<u8>> {
    let pair = |at: usize| u8::from_str_radix(hex.get(at..at + 2)?, 16).ok();
    (0..hex.len()).step_by(2).map(pair).collect()
}
