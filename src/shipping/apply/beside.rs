//! Words that stand beside a table: never acted on; what they add becomes an exception with the text.

use super::{Paper, asked_lines, subject};
use crate::domain::codes::Severity;
use crate::domain::foreign::cut;
use crate::domain::text::one_line;
use crate::ledger::exceptions::Subject;
use crate::ledger::po_lines::LineState;
use crate::ledger::purchase_orders::PoRow;
use crate::ledger::{Result, Tx};
use crate::shipping::advice::field_of;
use crate::shipping::mail::VendorMail;
use crate::shipping::reply::beside::{self, Said};
use crate::shipping::reply::{Ack, Asked, Scope};
use crate::shipping::text::quote;
use chrono::NaiveDate;

/// The words of a mail whose attached tables were acted on; returns whether a person must read them.
///
/// # Errors
/// The ledger's.
pub(super) fn table(
    tx: &Tx,
    paper: &Paper,
    mail: &VendorMail,
    po: Option<&PoRow>,
    today: NaiveDate,
    mut said: Said,
) -> Result<bool> {
    let states = match po {
        Some(po) => tx.line_states(po.id)?,
        None => Vec::new(),
    };
    said.complete = states.iter().all(|line| line.pieces.open() == 0);
    let lines = po.map_or_else(Vec::new, |po| asked_lines(po, &states));
    let asked = Asked {
        po_number: po.map_or("", |po| po.number.as_str()),
        lines: &lines,
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
fn stands(line: &LineState, ack: &Ack, said: &Said) -> bool {
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
///
/// # Errors
/// The ledger's.
pub(super) fn keys(tx: &Tx, paper: &Paper, mail: &VendorMail, po: Option<&PoRow>) -> Result<bool> {
    let own = quote::own_words(mail.text.as_deref(), mail.html.as_deref());
    warn(tx, paper, po, own.as_deref().unwrap_or_default())
}

/// A line of a file, none of its rows, that takes them back, marked.
pub(super) fn taken_back(text: &str) -> Option<String> {
    let line = beside::taken_back(text, is_row)?;
    Some(format!("the file itself says >>{}<<", one_line(&line)))
}

/// The lines of a file that are no rows of its table.
///
/// # Errors
/// The ledger's.
pub(super) fn lines(tx: &Tx, paper: &Paper, text: &str) -> Result<bool> {
    warn(tx, paper, None, text)
}

fn warn(tx: &Tx, paper: &Paper, po: Option<&PoRow>, text: &str) -> Result<bool> {
    match beside::warnings(text, is_row) {
        Some(words) => show(
            tx,
            paper,
            po,
            &format!("beside the rows: {}", one_line(&words)),
        ),
        None => Ok(false),
    }
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

/// Puts the words onto the list, unless the site has the code off.
fn show(tx: &Tx, paper: &Paper, po: Option<&PoRow>, words: &str) -> Result<bool> {
    let severity = paper.settings.severity("vendor_mail");
    if severity == Severity::Off {
        return Ok(false);
    }
    let message = paper.origin.message;
    let (about, entity, text) = match po {
        Some(po) => (
            subject(po, message),
            message.map_or(po.entity(), |id| format!("message:{id}")),
            format!("{} writes about {}, {words}", po.vendor_name, po.number),
        ),
        None => (
            Subject {
                message,
                ..Subject::default()
            },
            format!("document:{}", paper.origin.source),
            format!(
                "{} says, {words}",
                paper.origin.source.replacen(':', " ", 1)
            ),
        ),
    };
    tx.open_exception("vendor_mail", severity, &entity, about, &cut(&text, 2_500))?;
    Ok(true)
}
