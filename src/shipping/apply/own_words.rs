//! Answers in a vendor's own words.

use super::letter::{may_nod, person};
use super::{Hold, Paper, answer, asked_lines, named, remit, titles};
use crate::domain::text::one_line;
use crate::ledger::po_lines::LineState;
use crate::ledger::purchase_orders::PoRow;
use crate::ledger::{Result, Tx};
use crate::shipping::mail::{Handled, VendorMail};
use crate::vendor_docs::reply::plain::marked;
use crate::vendor_docs::reply::{self, Ack, Asked, Reply, Scope};
use chrono::NaiveDate;

/// Acts on an answer in the vendor's own words.
///
/// # Errors
/// The ledger's.
pub(super) fn read(
    tx: &Tx,
    paper: &Paper,
    mail: &VendorMail,
    po: &PoRow,
    today: NaiveDate,
) -> Result<Handled> {
    let states = tx.line_states(po.id)?;
    let lines = asked_lines(po, &states);
    let asked = Asked {
        po_number: &po.number,
        lines: &lines,
    };
    let text = mail.text.as_deref();
    let text = text.map(|text| remit::without_footers(tx, paper.vendor, text));
    let text = text.transpose()?;
    let reply = reply::read(text.as_deref(), mail.html.as_deref(), asked, today);
    let settings = paper.settings;
    let own = reply::own_words(mail.text.as_deref(), mail.html.as_deref());
    if let Some(text) = named::doubt(tx, po, &[&mail.subject, &own], &own)? {
        return person(tx, settings, mail, Some(po), "vendor_mail", &text);
    }
    if let Some(text) = unfit(po, &reply, &states, &own).map_or_else(
        || doubted(tx, mail, po, &reply, today),
        |text| Ok(Some(text)),
    )? {
        return person(tx, settings, mail, Some(po), "vendor_mail", &text);
    }
    let mut accepted = false;
    if !reply.per_line.is_empty() {
        match answer::answer(tx, paper, po, &reply.per_line)? {
            Ok(_) => accepted = true,
            Err(Hold { code, message, .. }) => {
                return person(tx, settings, mail, Some(po), code, &message);
            }
        }
    }
    if let Some(text) = &reply.unclear {
        let text = format!(
            "{} writes about {}: {}",
            po.vendor_name,
            po.number,
            one_line(&marked(text, &reply.strange))
        );
        let handled = person(tx, settings, mail, Some(po), "vendor_mail", &text)?;
        return Ok(Handled {
            accepted: accepted || handled.accepted,
            ..handled
        });
    }
    Ok(Handled {
        accepted,
        summary: format!("the answer to purchase order {} is acted on", po.number),
    })
}

/// Why a bare yes does not say enough.
fn unfit(po: &PoRow, reply: &Reply, states: &[LineState], own: &str) -> Option<String> {
    (reply.nod && !may_nod(po, states)).then(|| {
        format!(
            "{} writes about {}, of which more was said since it was sent: {}",
            po.vendor_name,
            po.number,
            one_line(own)
        )
    })
}

/// Why an answer that is understood does not act, in a sentence with its words: a day that is past,
/// which is no promise, or a subject that says another thing.
fn doubted(
    tx: &Tx,
    mail: &VendorMail,
    po: &PoRow,
    reply: &Reply,
    today: NaiveDate,
) -> Result<Option<String>> {
    let past = |(_, ack): &(Scope, Ack)| match ack {
        Ack::ShipDate { date } => *date < today,
        Ack::Backordered { until } => until.is_some_and(|day| day < today),
        Ack::Accepted | Ack::Rejected { .. } => false,
    };
    let own = reply::own_words(mail.text.as_deref(), mail.html.as_deref());
    let told = |why: &str| {
        format!(
            "{} writes about {}, and nothing is taken as answered by it, {why}: {}",
            po.vendor_name,
            po.number,
            one_line(&own)
        )
    };
    if reply.per_line.iter().any(past) {
        return Ok(Some(told("for a day in it is past, which is no promise")));
    }
    if reply.per_line.is_empty() || !mail.asked.is_empty() {
        return Ok(None);
    }
    let comes = |(_, ack): &(Scope, Ack)| matches!(ack, Ack::Accepted | Ack::ShipDate { .. });
    let comes = reply.per_line.iter().all(comes);
    let shown = titles::beside_answer(tx, &mail.subject, Some(po), today, comes)?;
    Ok(shown.map(|shown| told(&format!("as {shown}"))))
}
