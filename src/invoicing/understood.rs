//! Whether every word of a bill is understood: what its lines are called, its memo, and the words of its other
//! columns. A bill is matched by itself only then; else a person sees the cell and the word.

mod article;
pub(crate) mod doubtful;
mod known;
mod parties;
mod phrases;
mod reader;
mod tokens;

use super::against;
use crate::domain::invoice::{Invoice, InvoiceLine};
use crate::domain::money::Money;
use crate::ledger::{LedgerError, Tx};
use crate::vendor_docs::columns::{Of, marked, nothing};
use known::{BilledArticle, KnownBill};

/// The articles that a text may name, by their places, and whether goods are named by it alone.
type Scope<'a> = (&'a [usize], bool);

/// What of a bill is not understood, a clause each; `pos` are the purchase orders that it would be for, by their
/// numbers in the ledger, each with the vendor's own numbers of it.
///
/// # Errors
/// The ledger's.
pub(super) fn doubts(
    tx: &Tx,
    invoice: &Invoice,
    pos: &[(i64, Vec<String>)],
) -> Result<Vec<String>, LedgerError> {
    let described = invoice.lines.iter().any(|line| !nothing(&line.description));
    if pos.is_empty() || invoice.memo.trim().is_empty() && invoice.says.is_empty() && !described {
        return Ok(Vec::new());
    }
    let known = KnownBill::of(tx, invoice, pos)?;
    let all: Vec<usize> = (0..known.articles.len()).collect();
    let mut found = Vec::new();
    for line in &invoice.lines {
        found.extend(of_line(line, invoice, &known, &all));
    }
    let mut texts: Vec<(&str, &str, Scope)> = Vec::new();
    // where money goes by a column of its own is another alarm
    let memo = invoice.memo.split("Remit to (").next().unwrap_or_default();
    let memo = memo.trim().trim_end_matches(';');
    if !invoice.says.iter().any(|one| one.cell == memo) {
        texts.push((against::MEMO, memo, (&all, true)));
    }
    let scopes = invoice.says.iter();
    let scopes: Vec<Option<Vec<usize>>> = scopes.map(|one| scope(&one.sku, &known, &all)).collect();
    for (one, scope) in invoice.says.iter().zip(&scopes) {
        let heading = one.heading.as_str();
        match against::names(heading) {
            // whom a memo names is read with it
            _ if heading == against::MEMO => {}
            Some(Of::Text | Of::Look) => {
                let scope = scope.as_deref().map(|scope| (scope, false));
                texts.extend(scope.map(|reading| (heading, one.cell.as_str(), reading)));
            }
            Some(Of::Recipient | Of::Party | Of::City) => {
                let other = parties::strange(&one.cell, &known);
                found.extend(other.map(|word| told(heading, &one.cell, &word)));
            }
            Some(_) => {}
            None if against::is_terms(heading) => texts.push((heading, &one.cell, (&[], false))),
            None => texts.push((heading, &one.cell, (&all, true))),
        }
    }
    for (heading, text, reading) in texts {
        if nothing(text) {
            continue;
        }
        let strange = reader::strange(text, &known, reading);
        found.extend(strange.map(|word| told(heading, text, &word)));
    }
    found.dedup();
    Ok(found)
}

/// The articles that a row may name; `None` where it is of none of the purchase orders, which the match says.
fn scope(sku: &str, known: &KnownBill, all: &[usize]) -> Option<Vec<usize>> {
    match sku {
        "" => Some(all.to_vec()),
        sku => known.article(sku).map(|place| vec![place]),
    }
}

/// What of a line is not understood; and where it names goods by words alone, an amount that is none of theirs.
fn of_line(
    line: &InvoiceLine,
    invoice: &Invoice,
    known: &KnownBill,
    all: &[usize],
) -> Option<String> {
    let text = line.description.as_str();
    if nothing(text) || text == line.sku || text == invoice.memo && line.sku.is_empty() {
        return None;
    }
    let scope = scope(&line.sku, known, all)?;
    let strange = reader::strange(text, known, (&scope, line.sku.is_empty()));
    if let Some(word) = strange {
        return Some(told("description", text, &word));
    }
    let worth = |article: &BilledArticle| {
        let most = article.pieces.iter().copied().max().unwrap_or(0);
        let pieces = line.qty.map_or(1..=most, |qty| qty..=qty);
        let mut worth = pieces.filter_map(|qty| article.cost.times(qty));
        worth.any(|worth| worth == line.amount)
    };
    let meant: Vec<usize> = scope
        .into_iter()
        .filter(|place| reader::names(text, known, *place))
        .collect();
    let fits = meant
        .iter()
        .filter_map(|place| known.articles.get(*place))
        .any(worth);
    // what is named by its number is held against its price and its pieces
    let numbered = meant
        .iter()
        .any(|place| reader::numbered(text, known, *place));
    let by_words =
        line.sku.is_empty() && !meant.is_empty() && line.amount > Money::ZERO && !numbered;
    (by_words && !fits && known.articles.len() > 1).then(|| {
        format!(
            "{}, of which no pieces come to {}",
            marked("description", text),
            line.amount
        )
    })
}

fn told(heading: &str, cell: &str, word: &str) -> String {
    let marked = marked(heading, cell);
    match cell.trim() == word {
        true => format!("{marked}, which poms does not understand of this bill"),
        false => format!(
            "{marked}, of which poms does not understand '{}'",
            word.escape_debug()
        ),
    }
}

#[cfg(test)]
mod tests;
