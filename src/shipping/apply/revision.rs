//! What vendors answer to revisions of their purchase orders. Only a plain yes that is certainly to the
//! revision makes it count; a refusal, and all else, goes to a person, and until then nothing that the vendor
//! writes is taken for an answer to one of the two.

use super::cancellation::settled;
use super::judge::RowStep;
use super::letter::person;
use super::{
    Hold, ProvedPaper, RuleSettings, Subject, answer, asked_lines, named, own_words, refused,
    standing,
};
use crate::domain::codes::{Code, Severity};
use crate::domain::lifecycle::{CancellationState, OrderState, RevisionState};
use crate::domain::po_head::PoHead;
use crate::domain::shipment::Answer;
use crate::domain::text::{one_line, typed};
use crate::ledger::agreed::Agreed;
use crate::ledger::po_lines::{Answered, LineState};
use crate::ledger::purchase_orders::PoRow;
use crate::ledger::revisions::RevisionRow;
use crate::ledger::{Result, Tx};
use crate::shipping::mail::{Handled, VendorMail};
use crate::vendor_docs::reply::{self, Ack, AskedPo, Reply, Scope};
use chrono::{DateTime, NaiveDate, Utc};
use serde_json::json;

/// Acts on a mail that answers a purchase order of which a revision is open; `None` where none is.
pub(super) fn answer(
    tx: &Tx,
    paper: &ProvedPaper,
    mail: &VendorMail,
    po: &PoRow,
    today: NaiveDate,
) -> Result<Option<Handled>> {
    let Some(row) = tx.unanswered_revision(po.id)? else {
        return Ok(None);
    };
    let own = reply::own_words(mail.text.as_deref(), mail.html.as_deref());
    let said = heard(tx, mail, po, today)?;
    if said.receipt {
        return Ok(None); // that it came, and no answer
    }
    let all = |(scope, ack): &(Scope, Ack)| {
        *scope == Scope::All && matches!(ack, Ack::Accepted | Ack::ShipDate { .. })
    };
    let plain = said.unclear.is_none() && said.strange.is_empty() && !said.per_line.is_empty();
    let plain = plain && said.per_line.iter().all(all);
    let doubt = match answers_it(tx, mail, &row, &own)? {
        None if !plain => Some("which is no plain yes".to_owned()),
        None => {
            // which revision it is was looked at
            let mail = &VendorMail {
                subject: (mail.subject).replace(&format!(" rev. {}", row.number), ""),
                ..mail.clone()
            };
            named::doubt(tx, po, &[&mail.subject, &own], &own)?
                .or(own_words::doubted(tx, mail, po, &said, today)?)
        }
        other => other,
    };
    if let Some(doubt) = doubt {
        let no = said
            .per_line
            .iter()
            .any(|(_, ack)| matches!(ack, Ack::Rejected { .. }));
        let code = match no {
            true => Code::RevisionRefused,
            false => Code::VendorMail,
        };
        return to_person(tx, paper.settings, mail, (po, &row), code, (&doubt, &own)).map(Some);
    }
    agree(tx, &row, &one_line(&own))?;
    if let Err(hold) = answer::answer(tx, paper, &tx.po(po.id)?, &said.per_line)? {
        return person(tx, paper.settings, mail, Some(po), hold.code, &hold.message).map(Some);
    }
    Ok(Some(Handled {
        accepted: true,
        summary: format!("{} agrees to {}", po.vendor_name, row.shown()),
    }))
}

/// What the mail says in words.
fn heard(tx: &Tx, mail: &VendorMail, po: &PoRow, today: NaiveDate) -> Result<Reply> {
    let states = tx.line_states(po.id)?;
    let lines = asked_lines(po, &states);
    let asked = AskedPo {
        po_number: &po.number,
        lines: &lines,
        vendor: Some(&po.vendor_name),
    };
    let (text, html) = (mail.text.as_deref(), mail.html.as_deref());
    Ok(reply::read(text, html, asked, today))
}

fn to_person(
    tx: &Tx,
    settings: &RuleSettings,
    mail: &VendorMail,
    (po, row): (&PoRow, &RevisionRow),
    code: Code,
    (doubt, own): (&str, &str),
) -> Result<Handled> {
    let text = format!(
        "{} writes about {}, of which revision {} is not answered ({}), {doubt}: {}. What they mean is noted with `poms po \
         revision-agreed {5} --note TEXT` or `poms po revision-refused {5} --note TEXT`",
        po.vendor_name,
        po.number,
        row.number,
        row.changes().join("; "),
        one_line(own),
        typed(&po.number)
    );
    person(tx, settings, mail, Some(po), code, &text)
}

/// Why a mail is not certainly an answer to a revision; `None` when it is.
fn answers_it(tx: &Tx, mail: &VendorMail, row: &RevisionRow, own: &str) -> Result<Option<String>> {
    let papers = tx.deliveries_of_revision(row.id)?;
    let why = |text: &str| Ok(Some(text.to_owned()));
    if !tx.revision_may_be_known(row)? {
        return why("and the revision has not left yet");
    }
    let left = tx.revision_left(row.id)?.unwrap_or(row.opened);
    if mail.date.timestamp() < left.timestamp() {
        return why("written before the revision left");
    }
    let bare = |id: &str| id.trim().trim_matches(['<', '>']).to_owned();
    let to_it = papers
        .iter()
        .any(|one| mail.answers.contains(&bare(&one.reference)));
    let mut older = tx.deliveries_of_po(row.po_id)?;
    for other in tx.revisions_of_po(row.po_id)? {
        if other.id != row.id {
            older.extend(tx.deliveries_of_revision(other.id)?);
        }
    }
    let to_older = older
        .iter()
        .any(|one| mail.answers.contains(&bare(&one.reference)));
    let named = |text: &str| names(text, row.number);
    match (to_it, to_older, named(&mail.subject).or(named(own))) {
        (_, _, Some(false)) => why("and names another revision"),
        (_, true, _) if !to_it => why("in answer to what was sent before it"),
        (true, _, _) | (_, _, Some(true)) => Ok(None),
        _ => why("and does not say that it means the revision"),
    }
}

/// Whether a text names this revision alone; `None` where it names none.
fn names(text: &str, number: i64) -> Option<bool> {
    let words: Vec<String> = text
        .split(|c: char| c.is_whitespace() || "()[],;:".contains(c))
        .filter(|word| !word.is_empty())
        .map(str::to_lowercase)
        .collect();
    let is_word = |word: &str| matches!(word.trim_end_matches('.'), "rev" | "revision");
    let mut found = None;
    for pair in words.windows(2) {
        if let [word, after] = pair
            && is_word(word)
            && let Ok(named) = after.trim_end_matches(['.', '!']).parse::<i64>()
        {
            found = Some(found.unwrap_or(true) && named == number);
        }
    }
    found
}

/// Has a revision count, as its vendor agreed.
///
/// # Errors
/// When it was answered before.
pub fn agree(tx: &Tx, row: &RevisionRow, said: &str) -> Result<()> {
    tx.end_revision(row, RevisionState::Agreed, said)?;
    for one in tx.cancellations_of_po(row.po_id)? {
        if one.revision == Some(row.id) && one.state == CancellationState::Open {
            tx.answer_cancellation(&one, CancellationState::Agreed, said)?;
            settled(tx, &one)?;
        }
    }
    clear(tx, row, "the revision is agreed")
}

fn clear(tx: &Tx, row: &RevisionRow, why: &str) -> Result<()> {
    for listed in tx.open_exceptions_of_entity(&row.entity())? {
        tx.resolve_exception(&listed, "cleared", why)?;
    }
    Ok(())
}

/// Keeps that a vendor does not take a revision: what it had agreed to before counts. What was to come more is
/// rejected, what was to come less comes, and a person decides of both. Returns what to say.
///
/// # Errors
/// When it was answered before; the ledger's.
pub fn refuse(
    tx: &Tx,
    settings: &RuleSettings,
    row: &RevisionRow,
    (said, written): (&str, DateTime<Utc>),
) -> Result<Vec<String>> {
    let before = Agreed::before(row)?;
    tx.end_revision(row, RevisionState::Refused, said)?;
    clear(tx, row, "the revision is refused")?;
    let po = tx.po(row.po_id)?;
    let mut document = po.document.clone();
    let head = &before.head;
    document["ship_to"] = json!(head.ship_to);
    document["ship_to_phone"] = json!(head.phone);
    document["shipping_method"] = json!(head.shipping_method);
    document["required_by"] = json!(head.required_by);
    document["gift_message"] = json!(head.gift_message);
    tx.revise_po(&po, (&document, po.total), &[], &[])?;
    let mut told = vec![format!(
        "Revision {} of purchase order {} is refused: what {} had agreed to before counts.",
        row.number, row.po, row.vendor_name
    )];
    for state in tx.line_states(po.id)? {
        let more = state.pieces.ordered - state.pieces.cancelled - before.of(state.line);
        let more = more.min(state.pieces.open() - state.shares.answered());
        if more > 0 {
            let answered = Answered {
                shares: (state.shares).with(Answer::Rejected, state.shares.rejected + more),
                reason: Some(format!("revision {} refused", row.number)),
                ..state.stands()
            };
            let from = json!(format!("revision {} refused", row.shown()));
            tx.put_answer(&po, &state, &answered, written, &from)?;
            told.push(format!("  {more} of {} are not delivered.", state.sku));
        }
    }
    for one in tx.cancellations_of_po(po.id)? {
        if one.revision == Some(row.id) && one.state == CancellationState::Open {
            told.extend(refused::refuse(tx, settings, &one, (said, written))?);
        }
    }
    standing::follow(tx, settings, &tx.po(po.id)?, None)?;
    let po = tx.po(po.id)?;
    standing::tell(tx, settings, &po, &tx.line_states(po.id)?, true)?;
    told.extend(list(tx, settings, row, said)?);
    Ok(told)
}

fn list(tx: &Tx, settings: &RuleSettings, row: &RevisionRow, said: &str) -> Result<Option<String>> {
    let severity = settings.severity(Code::RevisionRefused);
    if severity == Severity::Off {
        return Ok(None);
    }
    let text = format!(
        "{} does not take revision {} of {}: what it had agreed to before counts, and not: {}. They said: {}",
        row.vendor_name,
        row.number,
        row.po,
        row.changes().join("; "),
        one_line(said)
    );
    let about = Subject {
        order: Some(row.order_id),
        po: Some(row.po_id),
        ..Subject::default()
    };
    let id = tx.open_exception(Code::RevisionRefused, severity, &row.entity(), about, &text)?;
    Ok(Some(format!(
        "  What becomes of it waits for you as exception {id}: poms exceptions show {id}"
    )))
}

/// Why a word of a vendor's changes nothing while a revision is open: it may be about what was sent before.
pub(super) fn open(tx: &Tx, po: &PoRow) -> Result<Option<Hold>> {
    let Some(row) = tx.unanswered_revision(po.id)? else {
        return Ok(None);
    };
    let text = format!(
        "{} writes of purchase order {}, and has not agreed to revision {} of it ({}): which of the two is meant is not \
         certain. Note what they say of the revision first: `poms po revision-agreed {4} --note TEXT` or `poms po \
         revision-refused {4} --note TEXT`",
        po.vendor_name,
        po.number,
        row.number,
        row.changes().join("; "),
        typed(&po.number)
    );
    Ok(Some(Hold::new(Code::VendorMail, text).about(po)))
}

/// What a release of a shipment's row overrides, where it may be of what a vendor had before a revision.
const SUPERSEDED: &str = "superseded";

/// What a row says, unless its goods may be those of the purchase order as it was before.
pub(super) fn by_what(
    tx: &Tx,
    paper: &ProvedPaper,
    po: &PoRow,
    step: std::result::Result<RowStep, Hold>,
) -> Result<std::result::Result<RowStep, Hold>> {
    if !paper.overrides(SUPERSEDED)
        && let Ok(RowStep::Left { lines, qty, .. }) = &step
        && let Some(text) = shipped_as_before(tx, po, lines, *qty)?
    {
        return Ok(Err(Hold::new(Code::AdviceUnclear, text).check(SUPERSEDED)));
    }
    Ok(step)
}

/// Why goods that left may be those of the purchase order as it was before: a revision that the vendor has not
/// agreed to changes where they go, or these articles; or the vendor refused another address.
fn shipped_as_before(tx: &Tx, po: &PoRow, lines: &[LineState], qty: i64) -> Result<Option<String>> {
    if let Some(row) = tx.unanswered_revision(po.id)? {
        let before = Agreed::before(&row)?;
        if before.head != PoHead::on(&po.as_made()?) {
            return Ok(Some(format!(
                "{}: goods left, and {} has not agreed to revision {} ({}): nobody knows by which they went",
                po.number,
                po.vendor_name,
                row.number,
                row.changes().join("; ")
            )));
        }
        let as_before = |line: &&LineState| {
            let (had, now) = (
                before.of(line.line),
                line.pieces.ordered - line.pieces.cancelled,
            );
            // as many as were wanted before, and no more: by the revision more are
            had > 0 && had != now && line.pieces.shipped + qty <= had
        };
        if let Some(line) = lines.iter().find(as_before) {
            return Ok(Some(format!(
                "{}: {} left, and {} has not agreed to revision {} ({}): as many fit what was sent before",
                po.number,
                line.sku,
                po.vendor_name,
                row.number,
                row.changes().join("; ")
            )));
        }
        return Ok(None);
    }
    let refused = tx.revisions_of_po(po.id)?;
    let order = tx.order(po.order_id)?;
    let last = refused
        .last()
        .filter(|row| row.state == RevisionState::Refused);
    let elsewhere = order.order.ship_to.label() != po.as_made()?.ship_to;
    Ok(last
        .filter(|_| elsewhere && order.state != OrderState::Cancelled)
        .map(|row| {
            format!(
                "{}: goods left, and {} refused revision {}, so that they go to another address than the order's",
                po.number, po.vendor_name, row.number
            )
        }))
}
