//! Words that stand beside a table: never acted on; what they add becomes an exception with the text.

use super::files::Content;
use super::{ProvedPaper, asked_lines, cancellation, subject, tied, unnamed};
use crate::domain::codes::{Code, Severity};
use crate::domain::foreign::cut;
use crate::domain::text::one_line;
use crate::ledger::exceptions::Subject;
use crate::ledger::po_lines::LineState;
use crate::ledger::purchase_orders::PoRow;
use crate::ledger::{Result, Tx};
use crate::shipping::mail::VendorMail;
use crate::vendor_docs::advice::field_of;
use crate::vendor_docs::reply::beside::{self, TableWords};
use crate::vendor_docs::reply::{Ack, AskedPo, Scope};
use crate::vendor_docs::text::quote;
use chrono::NaiveDate;

/// The words of a mail whose attached tables were acted on; returns whether a person must read them.
pub(super) fn table(
    tx: &Tx,
    paper: &ProvedPaper,
    mail: &VendorMail,
    po: Option<&PoRow>,
    today: NaiveDate,
    mut said: TableWords,
) -> Result<bool> {
    let states = match po {
        Some(po) => tx.line_states(po.id)?,
        None => Vec::new(),
    };
    let undecided = po.map(|po| cancellation::unsettled(tx, po)).transpose()?;
    said.complete = states.iter().all(|line| line.pieces.open() == 0)
        && undecided.is_none_or(|rows| rows.is_empty());
    let lines = po.map_or_else(Vec::new, |po| asked_lines(po, &states));
    let asked = AskedPo {
        po_number: po.map_or("", |po| po.number.as_str()),
        lines: &lines,
        vendor: po.map(|po| po.vendor_name.as_str()),
    };
    let bodies = (mail.text.as_deref(), mail.html.as_deref());
    let agrees = |scope: &Scope, ack: &Ack| {
        let meant = |line: &&LineState| match scope {
            Scope::All => true,
            Scope::Sku(sku) => line.sku == *sku,
        };
        states
            .iter()
            .filter(meant)
            .all(|line| stands(line, ack, &said))
    };
    match beside::adds(bodies, asked, today, &said, agrees) {
        Some(words) => show(
            tx,
            paper,
            po,
            &format!("beside the table: {}", one_line(&words)),
        ),
        None => Ok(false),
    }
}

/// Whether a line is by now what the words say of it.
fn stands(line: &LineState, ack: &Ack, said: &TableWords) -> bool {
    match ack {
        Ack::Accepted => {
            line.pieces.shipped > 0 || line.shares.backordered + line.shares.rejected == 0
        }
        Ack::ShipDate { date } => line.promised == Some(*date) || said.days.contains(date),
        Ack::Backordered { until } => {
            line.shares.backordered > 0 && (until.is_none() || line.until == *until)
        }
        Ack::Rejected { .. } => line.shares.rejected > 0,
    }
}

/// The words of a mail whose text is itself an advice.
pub(super) fn keys(
    tx: &Tx,
    paper: &ProvedPaper,
    mail: &VendorMail,
    po: Option<&PoRow>,
) -> Result<bool> {
    let own = quote::own_words(mail.text.as_deref(), mail.html.as_deref());
    match warning(own.as_deref().unwrap_or_default()) {
        Some(words) => show(tx, paper, po, &words),
        None => Ok(false),
    }
}

/// A line of a file, none of its rows, that takes them back, marked.
pub(super) fn taken_back(text: &str) -> Option<String> {
    let line = beside::taken_back(text, is_row)?;
    Some(format!("the file itself says >>{}<<", one_line(&line)))
}

/// The title above the rows of a file that says of all of them that they do not come, marked.
pub(super) fn headed(text: &str, content: &Content) -> Option<String> {
    if !content.said().good {
        return None;
    }
    let above = text.lines().take(content.first_line().saturating_sub(1));
    let line = beside::warnings(&above.collect::<Vec<_>>().join("\n"), is_row)?;
    Some(format!("above its rows stands >>{}<<", one_line(&line)))
}

/// The lines of a file that are no rows of its table.
pub(super) fn lines(tx: &Tx, paper: &ProvedPaper, text: &str) -> Result<bool> {
    let Some(words) = warning(text) else {
        return Ok(false);
    };
    // an entry of its own, beside that of the mail's words
    let entity = format!("document:{}", paper.origin.source);
    let source = paper.origin.source.replacen(':', " ", 1);
    let about = tied(tx, paper, None)?;
    put(
        tx,
        paper,
        about,
        &entity,
        &format!("{source} says, {words}"),
    )
}

fn warning(text: &str) -> Option<String> {
    let words = beside::warnings(text, is_row)?;
    Some(format!("beside the rows: {}", one_line(&words)))
}

/// A row of a table, or a known key with its value.
fn is_row(line: &str) -> bool {
    let cells = |delimiter| line.split(delimiter).count() > 2;
    let key = |(key, value): (&str, &str)| {
        let number = !value.trim().is_empty()
            && value
                .trim()
                .bytes()
                .all(|b| b.is_ascii_digit() || b == b'.');
        number || field_of(key.trim()).is_some()
    };
    ['\t', ';', '|', ','].into_iter().any(cells) || line.split_once(':').is_some_and(key)
}

/// Puts the words onto the list, with what they are about.
fn show(tx: &Tx, paper: &ProvedPaper, po: Option<&PoRow>, words: &str) -> Result<bool> {
    let message = paper.origin.message;
    let Some(po) = po else {
        let entity = format!("document:{}", paper.origin.source);
        let source = paper.origin.source.replacen(':', " ", 1);
        let text = format!("{source} says, {words}");
        return put(tx, paper, unnamed(paper), &entity, &text);
    };
    let entity = message.map_or(po.entity(), |id| format!("message:{id}"));
    let text = format!("{} writes about {}, {words}", po.vendor_name, po.number);
    put(tx, paper, subject(po, message), &entity, &text)
}

/// Unless the site has the code off.
fn put(tx: &Tx, paper: &ProvedPaper, about: Subject, entity: &str, text: &str) -> Result<bool> {
    let severity = paper.settings.severity(Code::VendorMail);
    if severity == Severity::Off {
        return Ok(false);
    }
    tx.open_exception(Code::VendorMail, severity, entity, about, &cut(text, 2_500))?;
    Ok(true)
}
