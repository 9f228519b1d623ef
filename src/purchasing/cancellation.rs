//! Taking back what a purchase order asked for: a document with a number of its own, which goes to
//! the vendor by its own ways, once, and is open until the vendor answers it. A purchase order that
//! has not left is mended where it lies instead.

use super::place::Buyer;
use super::unmade::Unmade;
use super::{render, revision, wanted};
use crate::domain::business_refusal::BusinessRefusal;
use crate::domain::codes::{Code, Severity};
use crate::domain::delivery::{DeliveryChannel, DeliveryKind};
use crate::domain::email;
use crate::domain::lifecycle::DeliveryState;
use crate::domain::text::typed;
use crate::domain::vendor::Vendor;
use crate::ledger::cancellations::{CancellationRow, NewCancellation};
use crate::ledger::exceptions::Subject;
use crate::ledger::outbox::DeliveryRow;
use crate::ledger::po_lines::LineState;
use crate::ledger::purchase_orders::PoRow;
use crate::ledger::{LedgerError, Result, Tx};
use crate::mail::compose::Letter;
use crate::mail::outbox::{self, OutboxDocument, Purpose};
use crate::notices::cancellation::{CancellationContext, CancellationLine};
use serde_json::json;

/// What was taken off a purchase order just now.
#[derive(Clone, Copy)]
pub struct TakenBack<'a> {
    /// The purchase order, by its number in the ledger.
    pub po: i64,
    /// Whether its vendor knew of it, or may have, before.
    pub known: bool,
    /// The lines and pieces of which the vendor must be told; not those that it refused itself.
    pub pieces: &'a [(LineState, i64)],
    /// The return that it is for.
    pub rma: Option<&'a str>,
    /// Whether they were ordered from another vendor; else the customer does not get them.
    pub moved: bool,
    /// Why, in a person's words.
    pub why: &'a str,
}

/// Tells the vendor, after the pieces were cancelled in the ledger and the purchase order's state
/// follows. Returns what to say to the person who did it.
///
/// # Errors
/// The ledger's, or when a paper that waits cannot be made anew.
pub fn tell(tx: &Tx, buyer: &Buyer, taken: &TakenBack) -> Result<Vec<String>> {
    let po = tx.po(taken.po)?;
    let states = tx.line_states(po.id)?;
    let open = states.iter().any(|line| line.pieces.open() > 0);
    if open {
        wanted::follow(tx, buyer, &po, taken.known)?;
    }
    revision::follow(tx, buyer, &po)?;
    let mut said = Vec::new();
    match (taken.known, open) {
        (false, false) => said.push(format!(
            "  It had not left: it is out of the outbox, and {} never hears of it.",
            po.vendor_name
        )),
        (false, true) => said.push(format!(
            "  Purchase order {} had not left: it goes to {} without that.",
            po.number, po.vendor_name
        )),
        (true, _) if taken.pieces.is_empty() => {}
        (true, _) => said.extend(make(tx, buyer, &po, &states, taken)?),
    }
    Ok(said)
}

fn make(
    tx: &Tx,
    buyer: &Buyer,
    po: &PoRow,
    states: &[LineState],
    taken: &TakenBack,
) -> Result<Vec<String>> {
    let number = tx.next_cancellation(po)?;
    let context = context(tx, buyer, po, states, (taken, &number))?;
    let row = tx.open_cancellation(&NewCancellation {
        number: &number,
        po,
        rma: taken.rma,
        moved: taken.moved,
        why: taken.why,
        document: &json!(context),
    })?;
    let mut said = Vec::new();
    for way in buyer.ways_of_words(&wanted::vendor(tx, po)?) {
        let sent = called(way);
        match send(tx, buyer, &row, (po, way), &context)? {
            Ok(to) => said.push(format!(
                "  The next `poms process` tells the vendor ({to})."
            )),
            Err(fault) => {
                said.push(format!(
                    "  The {sent} to {} cannot be made ({fault}): tell them by telephone.",
                    po.vendor_name
                ));
                unmade(
                    tx,
                    po,
                    &format!(
                        "{sent} {number} to {} cannot be made: {fault}",
                        po.vendor_name
                    ),
                )?;
            }
        }
    }
    said.push(format!(
        "  Cancellation {number} stays open until {} answers; what they say on the telephone: \
         poms po cancel-agreed {1} --note \"…\", or poms po cancel-refused {1} --note \"…\"",
        po.vendor_name,
        typed(&po.number)
    ));
    Ok(said)
}

fn unmade(tx: &Tx, po: &PoRow, text: &str) -> Result<()> {
    let about = Subject {
        order: Some(po.order_id),
        po: Some(po.id),
        ..Subject::default()
    };
    tx.open_exception(
        Code::DeliveryFailed,
        Severity::Hold,
        &po.entity(),
        about,
        text,
    )?;
    Ok(())
}

/// What goes by a channel, for people.
fn called(way: &DeliveryChannel) -> &'static str {
    match way {
        DeliveryChannel::Fax => "cancellation by fax",
        _ => "cancellation by mail",
    }
}

/// Puts it into the outbox for one way; returns to where it goes, or why it cannot be made.
fn send(
    tx: &Tx,
    buyer: &Buyer,
    row: &CancellationRow,
    (po, way): (&PoRow, &DeliveryChannel),
    context: &CancellationContext,
) -> Result<std::result::Result<String, Unmade>> {
    let vendor = wanted::vendor(tx, po)?;
    let made = match way {
        DeliveryChannel::Fax => by_fax(buyer, &vendor, context),
        _ => by_mail(tx, buyer, po, &vendor, context),
    };
    let document = match made {
        Ok(made) => made,
        Err(fault) => return Ok(Err(fault)),
    };
    let purpose = Purpose {
        kind: DeliveryKind::PoCancellation,
        once: &format!("{}:{}:{way}", DeliveryKind::PoCancellation, row.id),
        order_id: Some(po.order_id),
        po_id: None,
    };
    outbox::put(tx, &buyer.letterhead.email, &document, &purpose)?;
    Ok(Ok(document.addresses()))
}

/// Puts a cancellation whose first way is dead into the outbox for the vendor's other way, as it was
/// made; returns to where it goes, or why it cannot be made.
pub(super) fn by_other_way(
    tx: &Tx,
    buyer: &Buyer,
    row: &CancellationRow,
    way: &DeliveryChannel,
) -> Result<std::result::Result<String, Unmade>> {
    match serde_json::from_value(row.document.clone()) {
        Ok(context) => send(tx, buyer, row, (&tx.po(row.po_id)?, way), &context),
        Err(fault) => Ok(Err(Unmade::Stored(fault))),
    }
}

fn by_mail(
    tx: &Tx,
    buyer: &Buyer,
    po: &PoRow,
    vendor: &Vendor,
    context: &CancellationContext,
) -> std::result::Result<OutboxDocument, Unmade> {
    let rendered = buyer.templates.po_cancellation(context)?;
    let from = &buyer.letterhead;
    let to = email::wire(&vendor.email)?;
    let letter = Letter {
        reply_to: buyer.reply_to(po.id, &po.number, &po.vendor_id),
        subject: rendered.subject,
        text: rendered.text,
        ..Letter::by_machine(
            (from.name.clone(), from.email.clone()),
            vec![(email::shown_name(&vendor.name), to)],
            tx.now(),
        )
    };
    Ok(OutboxDocument::mail(letter)?)
}

fn by_fax(
    buyer: &Buyer,
    vendor: &Vendor,
    context: &CancellationContext,
) -> std::result::Result<OutboxDocument, Unmade> {
    let on_paper = CancellationContext {
        by_fax: true,
        ..context.clone()
    };
    let rendered = buyer.templates.po_cancellation(&on_paper)?;
    let to = (vendor.name.as_str(), vendor.fax.as_str());
    let (subject, text) = (&rendered.subject, &rendered.text);
    let paper = render::fax_note(&buyer.letterhead, to, subject, text, buyer.fonts)?;
    let number = vendor.fax.clone();
    Ok(OutboxDocument::fax(number, rendered.subject, paper.bytes))
}

/// What the vendor reads.
pub(super) fn context(
    tx: &Tx,
    buyer: &Buyer,
    po: &PoRow,
    states: &[LineState],
    (taken, number): (&TakenBack, &str),
) -> Result<CancellationContext> {
    let document = po.as_made()?;
    let line = |state: &LineState, qty: i64| CancellationLine {
        line: state.line,
        sku: state.sku.clone(),
        vendor_sku: state.vendor_sku.clone(),
        description: document
            .lines
            .iter()
            .find(|one| i64::from(one.line) == state.line)
            .map_or_else(String::new, |one| one.description.clone()),
        qty,
    };
    let stays = states.iter().filter(|state| state.coming() > 0);
    let stays: Vec<_> = stays.map(|state| line(state, state.coming())).collect();
    let shipped = states.iter().any(|state| state.pieces.shipped > 0);
    let mut there = tx.deliveries_of_po(po.id)?.into_iter();
    let sure = there.any(|row| row.state == DeliveryState::Sent);
    Ok(CancellationContext {
        shop: buyer.letterhead.clone(),
        number: number.to_owned(),
        rma: taken.rma.unwrap_or_default().to_owned(),
        po_number: po.number.clone(),
        po_date: document.date,
        date: tx.now().with_timezone(&buyer.timezone).date_naive(),
        vendor_name: document.vendor_name.clone(),
        customer_name: document.ship_to.first().cloned().unwrap_or_default(),
        whole: stays.is_empty() && !shipped,
        unsure: !sure,
        by_fax: false,
        lines: taken
            .pieces
            .iter()
            .map(|(state, qty)| line(state, *qty))
            .collect(),
        stays,
    })
}

/// A refusal while a run hands a paper over: a second hand on it would make two of one.
pub fn handed_over_now(row: &DeliveryRow) -> BusinessRefusal {
    BusinessRefusal::busy(format!(
        "delivery {} ({}) is being handed over right now",
        row.id, row.subject
    ))
    .with_remedy(": try again in a minute; if no run is at work, after the next `poms process`")
}

/// For people: a refusal while a paper of the purchase order is being handed over.
///
/// # Errors
/// When one is.
pub fn not_on_its_way(tx: &Tx, po: &PoRow) -> Result<()> {
    revision::not_on_its_way(tx, po)?;
    let mut papers = tx.deliveries_of_po(po.id)?.into_iter();
    match papers.find(|row| row.state == DeliveryState::Sending) {
        None => Ok(()),
        Some(row) => Err(LedgerError::Refused(handed_over_now(&row))),
    }
}
