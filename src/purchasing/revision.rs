//! A purchase order that its vendor has, changed: one document with all that counts now, under the
//! number and the next revision, once by each of the vendor's ways. One that has not left is written anew
//! where it lies; so is a revision that is overtaken before it left: no vendor reads what counts no more.

use super::place::Buyer;
use super::unmade::Unmade;
use super::{cancellation, mail, render, wanted};
use crate::domain::business_refusal::BusinessRefusal;
use crate::domain::codes::{Code, Severity};
use crate::domain::delivery::{DeliveryChannel, DeliveryKind};
use crate::domain::lifecycle::{DeliveryState, RevisionState};
use crate::domain::money::Money;
use crate::domain::order::Order;
use crate::domain::po_document::{PoDocument, PoDocumentLine};
use crate::domain::text::typed;
use crate::ledger::cancellations::NewCancellation;
use crate::ledger::exceptions::Subject;
use crate::ledger::outbox::DeliveryRow;
use crate::ledger::po_lines::LineState;
use crate::ledger::purchase_orders::{NewPoLine, PoRow};
use crate::ledger::revisions::RevisionRow;
use crate::ledger::{LedgerError, Result, Tx};
use crate::mail::outbox::{self, OutboxDocument, Purpose};
use serde::{Deserialize, Serialize};
use serde_json::json;

/// What of a purchase order is the order's and no line's.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PoHead {
    /// The label.
    pub ship_to: Vec<String>,
    /// The receiver's telephone.
    pub phone: String,
    /// The service wanted.
    pub shipping_method: Option<String>,
    /// The day by which the customer needs it.
    pub required_by: Option<String>,
    /// For the packing slip.
    pub gift_message: Option<String>,
}

impl PoHead {
    /// As an order has it.
    pub fn of(order: &Order) -> PoHead {
        PoHead {
            ship_to: order.ship_to.label(),
            phone: order.customer.phone.clone(),
            shipping_method: order.shipping_method.clone(),
            required_by: order.required_by.clone(),
            gift_message: order.gift_message.clone(),
        }
    }

    /// As a document has it.
    pub fn on(document: &PoDocument) -> PoHead {
        PoHead {
            ship_to: document.ship_to.clone(),
            phone: document.ship_to_phone.clone(),
            shipping_method: document.shipping_method.clone(),
            required_by: document.required_by.clone(),
            gift_message: document.gift_message.clone(),
        }
    }

    fn put(&self, document: &mut PoDocument) {
        document.ship_to.clone_from(&self.ship_to);
        document.ship_to_phone.clone_from(&self.phone);
        document.shipping_method.clone_from(&self.shipping_method);
        document.required_by.clone_from(&self.required_by);
        document.gift_message.clone_from(&self.gift_message);
    }

    /// How another one differs, in sentences for the vendor.
    fn differences(&self, now: &PoHead) -> Vec<String> {
        let label = |lines: &[String]| lines.join(", ");
        let given = |text: &Option<String>| text.clone().unwrap_or_default();
        let all = [
            ("SHIP TO", label(&self.ship_to), label(&now.ship_to)),
            ("telephone", self.phone.clone(), now.phone.clone()),
            (
                "ship via",
                given(&self.shipping_method),
                given(&now.shipping_method),
            ),
            (
                "required by",
                given(&self.required_by),
                given(&now.required_by),
            ),
            (
                "gift message",
                given(&self.gift_message),
                given(&now.gift_message),
            ),
        ];
        let told = all.into_iter().filter(|(_, before, now)| before != now);
        told.map(|(what, before, now)| {
            let shown = |text: &str| match text {
                "" => "none".to_owned(),
                text => text.to_owned(),
            };
            format!("{what} is now: {} (was: {})", shown(&now), shown(&before))
        })
        .collect()
    }
}

/// Pieces of a line that a vendor agreed to, sent ones among them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AgreedLine {
    /// The line's number on the purchase order.
    pub line: i64,
    /// Pieces.
    pub qty: i64,
}

/// A purchase order as its vendor last agreed to it, or was sent it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Agreed {
    /// What is no line's.
    pub head: PoHead,
    /// Its lines.
    pub lines: Vec<AgreedLine>,
}

impl Agreed {
    /// As it stands now.
    ///
    /// # Errors
    /// The ledger's.
    pub fn now(tx: &Tx, po: &PoRow) -> Result<Agreed> {
        let states = tx.line_states(po.id)?;
        Ok(Agreed {
            head: PoHead::on(&wanted::as_made(po)?),
            lines: states.iter().map(in_all).collect(),
        })
    }

    /// As it stood before a revision.
    ///
    /// # Errors
    /// When the ledger's copy is broken.
    pub fn before(row: &RevisionRow) -> Result<Agreed> {
        serde_json::from_value(row.document["before"].clone()).map_err(|fault| {
            LedgerError::Broken(format!(
                "revision {} cannot be read: {fault}; run `poms verify`",
                row.shown()
            ))
        })
    }

    /// Pieces of a line; none of one that came later.
    pub fn of(&self, line: i64) -> i64 {
        let found = self.lines.iter().find(|one| one.line == line);
        found.map_or(0, |one| one.qty)
    }

    /// How it differs from what is wanted now, in sentences for the vendor.
    fn differences(&self, states: &[LineState], now: &PoHead) -> Vec<String> {
        let mut all = self.head.differences(now);
        for state in states {
            let (before, now) = (self.of(state.line), in_all(state).qty);
            let own = match state.vendor_sku.trim() {
                "" => state.sku.as_str(),
                own => own,
            };
            let line = format!("line {}, {own}", state.line);
            all.extend(match (before, now) {
                (before, now) if before == now => None,
                (0, now) => Some(format!("{line}: NEW, {now}")),
                (before, 0) => Some(format!("{line}: NOT WANTED any more (was {before})")),
                (before, now) => Some(format!("{line}: {now} in all (was {before})")),
            });
            let shipped = state.pieces.shipped;
            if shipped > 0 && now > 0 {
                all.push(format!("{line}: {shipped} of them shipped already"));
            }
        }
        all
    }
}

fn in_all(state: &LineState) -> AgreedLine {
    AgreedLine {
        line: state.line,
        qty: state.pieces.ordered - state.pieces.cancelled,
    }
}

/// A line that a purchase order did not have.
#[derive(Clone, Debug)]
pub struct AddedLine {
    /// The place of the line on the order, from 1.
    pub order_line: i64,
    /// The shop's SKU.
    pub sku: String,
    /// The vendor's number for it.
    pub vendor_sku: String,
    /// Plain words.
    pub description: String,
    /// Pieces.
    pub qty: i64,
    /// What the vendor charges for one.
    pub unit_cost: Money,
    /// What the customer pays for one.
    pub unit_price: Money,
}

/// What changes of one purchase order. Pieces that are not wanted any more were taken off before.
#[derive(Clone, Debug)]
pub struct PoChange {
    /// The purchase order, by its number in the ledger.
    pub po: i64,
    /// Whether its vendor knew of it, or may have, before.
    pub known: bool,
    /// As it stood before anything was changed.
    pub before: Agreed,
    /// What is no line's.
    pub head: PoHead,
    /// So many pieces more of these lines.
    pub more: Vec<(LineState, i64)>,
    /// Lines that it did not have.
    pub new: Vec<AddedLine>,
    /// So many pieces were taken off these lines.
    pub off: Vec<(LineState, i64)>,
}

impl PoChange {
    /// Whether anything of it is another than it was.
    pub fn is_none(&self) -> bool {
        self.head == self.before.head
            && self.more.is_empty()
            && self.new.is_empty()
            && self.off.is_empty()
    }
}

/// Writes the change, and tells the vendor. Returns what to say to the person who did it, and with `show` the
/// document as the vendor reads it.
///
/// # Errors
/// The ledger's, or when the amounts are too large.
pub fn revise(
    tx: &Tx,
    buyer: &Buyer,
    change: &PoChange,
    (why, show): (&str, bool),
) -> Result<Vec<String>> {
    write(tx, change)?;
    let po = tx.po(change.po)?;
    if !change.known {
        wanted::follow(tx, buyer, &po, false)?;
        let mut said = vec![format!(
            "  Purchase order {} had not left: it goes to {} as it is now.",
            po.number, po.vendor_name
        )];
        if let Some(document) = wanted::still_wanted(tx, &po, false)?.filter(|_| show) {
            said.extend(shown(&document));
        }
        return Ok(said);
    }
    let row = row(tx, &po, change, why)?;
    take_off(tx, buyer, &po, change, (&row, why))?;
    let mut said = vec![format!(
        "  Revision {} of purchase order {} to {}:",
        row.number, po.number, po.vendor_name
    )];
    said.extend(row.changes().iter().map(|change| format!("    {change}")));
    let document = document(tx, &po, &row)?;
    said.extend(send(tx, buyer, (&po, &row), &document)?);
    said.push(format!(
        "  It counts when {} agrees; what they say on the telephone: poms po revision-agreed {1} --note \"…\", or poms \
         po revision-refused {1} --note \"…\"",
        po.vendor_name,
        typed(&po.number)
    ));
    if show {
        said.extend(shown(&document));
    }
    Ok(said)
}

fn shown(document: &PoDocument) -> Vec<String> {
    let text = render::text(document);
    text.lines().map(|line| format!("    | {line}")).collect()
}

/// Writes the purchase order as it is from now on.
fn write(tx: &Tx, change: &PoChange) -> Result<()> {
    let po = tx.po(change.po)?;
    let mut document = wanted::as_made(&po)?;
    change.head.put(&mut document);
    let too_large = || {
        LedgerError::Refused(BusinessRefusal::over_limit(format!(
            "the amounts of {} are too large",
            po.number
        )))
    };
    for (state, qty) in &change.more {
        let line = document.lines.iter_mut();
        if let Some(line) = line
            .into_iter()
            .find(|one| i64::from(one.line) == state.line)
        {
            line.qty += qty;
            line.amount = line.unit_cost.times(line.qty).ok_or_else(too_large)?;
        }
    }
    let last = document.lines.iter().map(|line| line.line).max();
    let mut new = Vec::new();
    for (line, number) in change.new.iter().zip(last.unwrap_or(0) + 1..) {
        document.lines.push(PoDocumentLine {
            line: number,
            vendor_sku: line.vendor_sku.clone(),
            sku: line.sku.clone(),
            description: line.description.clone(),
            qty: line.qty,
            unit_cost: line.unit_cost,
            amount: line.unit_cost.times(line.qty).ok_or_else(too_large)?,
        });
        new.push(NewPoLine {
            line: i64::from(number),
            order_line: line.order_line,
            sku: &line.sku,
            vendor_sku: &line.vendor_sku,
            qty: line.qty,
            unit_cost: line.unit_cost,
            unit_price: line.unit_price,
        });
    }
    document.total =
        Money::sum(document.lines.iter().map(|line| line.amount)).ok_or_else(too_large)?;
    // what was agreed since is in the ledger's lines alone
    let more = |line: i64| -> i64 {
        let same = change.more.iter().filter(|(state, _)| state.line == line);
        same.map(|(_, qty)| qty).sum()
    };
    let mut amounts = Vec::new();
    for line in tx.po_lines(po.id)? {
        let qty = line.qty + more(line.line);
        amounts.push(line.unit_cost.times(qty).ok_or_else(too_large)?);
    }
    for line in &change.new {
        amounts.push(line.unit_cost.times(line.qty).ok_or_else(too_large)?);
    }
    let total = Money::sum(amounts).ok_or_else(too_large)?;
    total.plausible().map_err(|_| too_large())?;
    tx.revise_po(&po, (&json!(document), total), &change.more, &new)
}

/// The revision: a new one, or the one that waits in the outbox, changed.
fn row(tx: &Tx, po: &PoRow, change: &PoChange, why: &str) -> Result<RevisionRow> {
    let open = tx.unanswered_revision(po.id)?;
    let before = match &open {
        Some(open) => Agreed::before(open)?,
        None => change.before.clone(),
    };
    let states = tx.line_states(po.id)?;
    let changes = before.differences(&states, &change.head);
    // which one the vendor last agreed to, or was sent first
    let agreed = match &open {
        Some(open) => open.document["agreed"].as_i64().unwrap_or(1),
        None => {
            let known = tx.revisions_of_po(po.id)?;
            let agreed = known
                .iter()
                .rev()
                .find(|row| row.state == RevisionState::Agreed);
            agreed.map_or(1, |row| row.number)
        }
    };
    let document = json!({"before": before, "changes": changes, "agreed": agreed});
    match open {
        Some(open) if !may_be_known(tx, &open)? => tx.change_revision(po, &open, &document, why),
        Some(open) => {
            tx.end_revision(&open, RevisionState::Overtaken, "a later revision")?;
            let row = tx.open_revision(po, &document, why)?;
            tx.move_cancellations(open.id, row.id)?;
            Ok(row)
        }
        None => tx.open_revision(po, &document, why),
    }
}

/// Whether a vendor has a revision, or may have it.
///
/// # Errors
/// The ledger's.
pub fn may_be_known(tx: &Tx, row: &RevisionRow) -> Result<bool> {
    for delivery in tx.deliveries_of_revision(row.id)? {
        let left = matches!(
            delivery.state,
            DeliveryState::Sent | DeliveryState::Unknown | DeliveryState::Sending
        );
        // what came back was taken before, and somebody may have read it
        let mut attempts = tx.attempts(delivery.id)?.into_iter();
        let taken = attempts.any(|(_, outcome, _)| outcome == DeliveryState::Sent.as_str());
        if left || taken || tx.doubt_remains(delivery.id)? {
            return Ok(true);
        }
    }
    Ok(false)
}

/// The pieces that the revision leaves out, as a cancellation without a paper of its own.
fn take_off(
    tx: &Tx,
    buyer: &Buyer,
    po: &PoRow,
    change: &PoChange,
    (row, why): (&RevisionRow, &str),
) -> Result<()> {
    if change.off.is_empty() {
        return Ok(());
    }
    let number = tx.next_cancellation(po)?;
    let states = tx.line_states(po.id)?;
    let taken = cancellation::TakenBack {
        po: po.id,
        known: true,
        pieces: &change.off,
        rma: None,
        moved: false,
        why,
    };
    let context = cancellation::context(tx, buyer, po, &states, (&taken, &number))?;
    let cancelled = tx.open_cancellation(&NewCancellation {
        number: &number,
        po,
        rma: None,
        moved: false,
        why,
        document: &json!(context),
    })?;
    tx.tie_cancellation(&cancelled, row.id)
}

/// What a vendor reads of a revision.
fn document(tx: &Tx, po: &PoRow, row: &RevisionRow) -> Result<PoDocument> {
    let Some(mut document) = wanted::still_wanted(tx, po, false)? else {
        return Err(LedgerError::Refused(BusinessRefusal::nothing(format!(
            "nothing of purchase order {} is open any more",
            po.number
        ))));
    };
    let before = Agreed::before(row)?;
    let states = tx.line_states(po.id)?;
    document.replaces = before.differences(&states, &PoHead::on(&document));
    document.revision = row.number;
    Ok(document)
}

/// Puts it into the outbox by each of the vendor's ways, or writes what waits there anew.
fn send(
    tx: &Tx,
    buyer: &Buyer,
    (po, row): (&PoRow, &RevisionRow),
    document: &PoDocument,
) -> Result<Vec<String>> {
    let vendor = wanted::vendor(tx, po)?;
    let waiting = tx.deliveries_of_revision(row.id)?;
    let mut said = Vec::new();
    for way in buyer.ways(&vendor) {
        let there = waiting.iter().find(|one| one.channel == *way);
        let made = made(tx, buyer, (po, way), document, there)?;
        match made {
            Ok(made) => {
                place(tx, buyer, (po, row, way), &made, there)?;
                said.push(format!(
                    "  The next `poms process` sends it ({}).",
                    made.addresses()
                ));
            }
            Err(fault) => {
                said.push(format!(
                    "  The revision by {} to {} cannot be made ({fault}): tell them by telephone.",
                    way.told(),
                    po.vendor_name
                ));
                let text = format!(
                    "revision {} to {} cannot be made: {fault}",
                    row.shown(),
                    po.vendor_name
                );
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
                    &text,
                )?;
            }
        }
    }
    Ok(said)
}

fn made(
    tx: &Tx,
    buyer: &Buyer,
    (po, way): (&PoRow, &DeliveryChannel),
    document: &PoDocument,
    there: Option<&DeliveryRow>,
) -> Result<std::result::Result<OutboxDocument, Unmade>> {
    let vendor = wanted::vendor(tx, po)?;
    let reference = there.map(|row| row.reference.as_str());
    Ok(match way {
        DeliveryChannel::Fax => mail::by_fax(buyer, document, &vendor),
        _ => mail::purchase_order(buyer, po.id, document, &vendor, reference, tx.now()),
    })
}

fn place(
    tx: &Tx,
    buyer: &Buyer,
    (po, row, way): (&PoRow, &RevisionRow, &DeliveryChannel),
    made: &OutboxDocument,
    there: Option<&DeliveryRow>,
) -> Result<()> {
    let Some(there) = there else {
        let purpose = Purpose {
            kind: DeliveryKind::PoRevision,
            once: &format!("{}:{}:{way}", DeliveryKind::PoRevision, row.id),
            order_id: Some(po.order_id),
            po_id: None,
        };
        outbox::put(tx, &buyer.letterhead.email, made, &purpose)?;
        return Ok(());
    };
    let stamped = tx.stamped(&there.kind, &there.channel, &made.content)?;
    tx.replace_content(there.id, &stamped)?;
    if matches!(there.state, DeliveryState::Failed | DeliveryState::Dropped) {
        tx.move_delivery(there, DeliveryState::Queued, "changed before it left")?;
        for open in tx.open_exceptions_of_delivery(there.id)? {
            tx.resolve_exception(&open, "cleared", "changed before it left")?;
        }
    }
    Ok(())
}

/// Puts a revision whose first way is dead into the outbox for the vendor's other way; returns to where it goes, or
/// why it cannot be made.
pub(super) fn by_other_way(
    tx: &Tx,
    buyer: &Buyer,
    row: &RevisionRow,
    way: &DeliveryChannel,
) -> Result<std::result::Result<String, Unmade>> {
    let po = tx.po(row.po_id)?;
    let document = document(tx, &po, row)?;
    Ok(match made(tx, buyer, (&po, way), &document, None)? {
        Ok(made) => {
            place(tx, buyer, (&po, row, way), &made, None)?;
            Ok(made.addresses())
        }
        Err(fault) => Err(fault),
    })
}

/// Brings a revision that has not left up to date, after something else was taken off its purchase order; it ends
/// where nothing of that is wanted any more.
///
/// # Errors
/// The ledger's, or while one is being handed over.
pub fn follow(tx: &Tx, buyer: &Buyer, po: &PoRow) -> Result<()> {
    let Some(row) = tx.unanswered_revision(po.id)? else {
        return Ok(());
    };
    let papers = tx.deliveries_of_revision(row.id)?;
    if let Some(paper) = papers
        .iter()
        .find(|row| row.state == DeliveryState::Sending)
    {
        return Err(LedgerError::Refused(cancellation::handed_over_now(paper)));
    }
    let open = tx.line_states(po.id)?.iter().any(|l| l.pieces.open() > 0);
    if !open {
        let why = "nothing of the purchase order is wanted any more";
        for paper in papers {
            if matches!(paper.state, DeliveryState::Queued | DeliveryState::Failed) {
                tx.move_delivery(&paper, DeliveryState::Dropped, why)?;
                for listed in tx.open_exceptions_of_delivery(paper.id)? {
                    tx.resolve_exception(&listed, "cleared", why)?;
                }
            }
        }
        tx.end_revision(&row, RevisionState::Overtaken, why)?;
        for listed in tx.open_exceptions_of_entity(&row.entity())? {
            tx.resolve_exception(&listed, "cleared", why)?;
        }
        return Ok(());
    }
    let waits =
        |row: &DeliveryRow| matches!(row.state, DeliveryState::Queued | DeliveryState::Failed);
    let document = document(tx, po, &row)?;
    for paper in papers.iter().filter(|row| waits(row)) {
        let way = paper.channel.clone();
        if let Ok(made) = made(tx, buyer, (po, &way), &document, Some(paper))? {
            let stamped = tx.stamped(&paper.kind, &paper.channel, &made.content)?;
            tx.replace_content(paper.id, &stamped)?;
        }
    }
    Ok(())
}

/// Makes the paper of a revision anew that goes out again: what counts today, marked where its vendor may
/// have it.
///
/// # Errors
/// When it was answered or overtaken since, or cannot be made.
pub fn render_again(tx: &Tx, buyer: &Buyer, paper: &DeliveryRow, seen: bool) -> Result<()> {
    let Some(id) = tx.revision_of_delivery(paper.id)? else {
        return Ok(());
    };
    let row = tx.revision(id)?;
    may_be_sent(&row)?;
    let po = tx.po(row.po_id)?;
    let mut document = document(tx, &po, &row)?;
    document.possible_duplicate = seen;
    let way = paper.channel.clone();
    let made = made(tx, buyer, (&po, &way), &document, Some(paper))?.map_err(|fault| {
        LedgerError::Refused(BusinessRefusal::cannot_be_made(format!(
            "revision {} cannot be made again: {fault}",
            row.shown()
        )))
    })?;
    let stamped = tx.stamped(&paper.kind, &paper.channel, &made.content)?;
    tx.replace_content(paper.id, &stamped)
}

/// Refuses what would bring a vendor a revision that does not count any more.
///
/// # Errors
/// When it was answered or overtaken.
pub fn may_be_sent(row: &RevisionRow) -> Result<()> {
    match row.state {
        RevisionState::Open => Ok(()),
        state => Err(LedgerError::Refused(BusinessRefusal::wrong_state(format!(
            "revision {} is {state}: it is not sent again",
            row.shown()
        )))),
    }
}

/// For people: a refusal while a revision of the purchase order is being handed over.
///
/// # Errors
/// When one is.
pub fn not_on_its_way(tx: &Tx, po: &PoRow) -> Result<()> {
    let Some(row) = tx.unanswered_revision(po.id)? else {
        return Ok(());
    };
    let mut papers = tx.deliveries_of_revision(row.id)?.into_iter();
    match papers.find(|row| row.state == DeliveryState::Sending) {
        None => Ok(()),
        Some(row) => Err(LedgerError::Refused(cancellation::handed_over_now(&row))),
    }
}
