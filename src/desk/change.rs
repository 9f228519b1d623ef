//! Changing an order after it was placed: where it goes, how many pieces, which articles. Each vendor whose
//! purchase order is touched is sent its next revision, and no other hears of it.

mod goods;
mod words;

use super::amend;
use super::resolve::amend_order;
use super::{Said, cancel_line, reason, refund, refused};
use crate::app::App;
use crate::app::orders::objections;
use crate::domain::business_refusal::BusinessRefusal;
use crate::domain::delivery::DeliveryKind;
use crate::domain::lifecycle::{DeliveryState, OrderState, PoState};
use crate::domain::money::Money;
use crate::domain::order::Order;
use crate::domain::owed::unpaid;
use crate::domain::po_head::PoHead;
use crate::formats;
use crate::invoicing::reduced_claims;
use crate::ledger::agreed::Agreed;
use crate::ledger::orders::OrderRow;
use crate::ledger::po_lines::LineState;
use crate::ledger::purchase_orders::PoRow;
use crate::ledger::{LedgerError, Tx};
use crate::purchasing::cancellation::{self, TakenBack};
use crate::purchasing::revision::{self, PoChange};
use crate::shipping::apply::standing;
use serde_json::json;
use words::ChangeWords;

/// What a person wants changed.
#[derive(Clone, Copy, Debug)]
pub struct Change<'a> {
    /// `FIELD=VALUE`, as `--amend` takes them; none brings the vendors what the order says by now.
    pub words: &'a [String],
    /// Though a check speaks against it.
    pub anyway: bool,
    /// Whether each document is shown.
    pub show: bool,
    /// Why.
    pub note: &'a str,
}

/// Changes an order: a held one as an amendment does, a placed one with a revision of each purchase order that
/// is touched.
///
/// # Errors
/// When its state forbids it, goods left that would have to be others, or nothing changes; in a sentence.
pub fn change(tx: &Tx, site: &App, order: &OrderRow, change: &Change) -> Result<Said, LedgerError> {
    let note = reason(change.note)?;
    match order.state {
        OrderState::Held => return amend_order(tx, site, order, change.words, note),
        OrderState::Placed | OrderState::PartlyShipped => {}
        state => {
            return Err(refused(BusinessRefusal::wrong_state(format!(
                "order {} is {state}: nothing of it can be changed{}",
                order.reference(),
                match state {
                    OrderState::Received | OrderState::Ready =>
                        " before it is checked: try again after the next `poms process`",
                    _ => "",
                }
            ))));
        }
    }
    let mut act = PlacedChange::of(tx, site, order, note)?;
    let words = words::read(order, &act.kept, change.words)?;
    act.check(&words)?;
    let amended = act.amended(&words)?;
    let mut said = Vec::new();
    if amended != order.order {
        let masked = order.masked.clone();
        let now = tx.amend_order(order, &amended, &masked, note)?;
        let objections = objections(tx, site, order, &now)?;
        if !objections.is_empty() && !change.anyway {
            return Err(refused(
                BusinessRefusal::conflict(format!(
                    "order {} would be held as changed: {}",
                    order.reference(),
                    objections.join("; ")
                ))
                .with_remedy(": change it otherwise, or say --anyway"),
            ));
        }
        said.push(format!(
            "Order {} is changed (revision {}).",
            now.reference(),
            now.revision
        ));
    }
    act.take_off(&words, &mut said)?;
    act.add(&words, &mut said)?;
    act.tell_vendors(change.show, &mut said)?;
    act.money(&words, &mut said)?;
    Ok(said)
}

/// The change of a placed order, as far as it was done.
struct PlacedChange<'a> {
    tx: &'a Tx<'a>,
    site: &'a App,
    /// The order before.
    order: &'a OrderRow,
    note: &'a str,
    /// Pieces of each line that the customer gets.
    kept: Vec<i64>,
    /// Of them those that left.
    shipped: Vec<i64>,
    /// What of each purchase order changes.
    pos: Vec<PoChange>,
    /// Purchase orders that were made.
    made: usize,
}

impl<'a> PlacedChange<'a> {
    fn of(
        tx: &'a Tx<'a>,
        site: &'a App,
        order: &'a OrderRow,
        note: &'a str,
    ) -> Result<PlacedChange<'a>, LedgerError> {
        let pieces = tx.line_pieces(order.id)?;
        let of = |place: i64| pieces.iter().find(|one| one.line == place);
        let (mut kept, mut shipped) = (Vec::new(), Vec::new());
        for (place, line) in (1..).zip(&order.order.lines) {
            kept.push(line.qty - of(place).map_or(0, |one| one.gone));
            shipped.push(of(place).map_or(0, |one| one.shipped));
        }
        let mut pos = Vec::new();
        for po in tx.pos_of_order(order.id)? {
            let open = tx.line_states(po.id)?.iter().any(|line| line.coming() > 0);
            if open && !matches!(po.state, PoState::Cancelled | PoState::Closed) {
                cancellation::not_on_its_way(tx, &po)?;
                let before = Agreed::now(tx, &po)?;
                pos.push(PoChange {
                    po: po.id,
                    known: standing::may_be_known(tx, &po)?,
                    head: before.head.clone(),
                    before,
                    more: Vec::new(),
                    new: Vec::new(),
                    off: Vec::new(),
                });
            }
        }
        Ok(PlacedChange {
            tx,
            site,
            order,
            note,
            kept,
            shipped,
            pos,
            made: 0,
        })
    }

    /// Refuses what cannot be done, before anything is.
    fn check(&self, words: &ChangeWords) -> Result<(), LedgerError> {
        let name = self.order.reference();
        for (place, qty) in &words.lines {
            let shipped = self.shipped.get(place - 1).copied().unwrap_or(0);
            if *qty < shipped {
                return Err(refused(
                    BusinessRefusal::over_limit(format!(
                        "line {place} of order {name}: {shipped} left already, so it cannot be {qty}"
                    ))
                    .with_remedy(": what left comes back as a return (`poms return open`)"),
                ));
            }
        }
        let heads = words
            .fields
            .iter()
            .any(|field| field.starts_with("ship_to."));
        if heads && self.pos.is_empty() {
            return Err(refused(BusinessRefusal::nothing(format!(
                "nothing of order {name} is still to come: where it goes cannot be changed any more"
            ))));
        }
        let mut waiting = self.tx.deliveries_of_order(self.order.id)?.into_iter();
        let busy = waiting.find(|row| {
            row.state == DeliveryState::Sending && row.kind == DeliveryKind::OrderPlaced
        });
        match busy {
            Some(row) => Err(refused(cancellation::handed_over_now(&row))),
            None => Ok(()),
        }
    }

    /// The order as it is from now on: what is taken off stays on it, as it was ordered and paid.
    fn amended(&self, words: &ChangeWords) -> Result<Order, LedgerError> {
        let before = &self.order.order;
        let mut order = before.clone();
        if !words.fields.is_empty() {
            match amend::amend(&order, &words.fields) {
                Ok((amended, _)) => order = amended,
                // the other changes may be some, and what the vendors have may be another
                Err(why) if why.contains("change nothing") => {}
                Err(why) => return Err(refused(BusinessRefusal::bad_word(why))),
            }
        }
        for (place, qty) in &words.lines {
            goods::grow(&mut order, self.order, (*place, *qty), &self.kept)?;
        }
        let mut document = json!(order);
        for article in &words.new {
            if let Some(lines) = document["lines"].as_array_mut() {
                lines.push(goods::line(article));
            }
        }
        let mut order = formats::order(document).map_err(|fault| {
            refused(BusinessRefusal::bad_word(format!(
                "the changed order would not be valid: {}",
                fault.0
            )))
        })?;
        goods::price(&mut order, before, words)?;
        Ok(order)
    }

    /// Takes pieces off purchase orders: in the ledger, vendors are told afterwards.
    fn take_off(&mut self, words: &ChangeWords, said: &mut Said) -> Result<(), LedgerError> {
        for (place, qty) in &words.lines {
            let fewer = self.kept.get(place - 1).copied().unwrap_or(0) - qty;
            if fewer <= 0 {
                continue;
            }
            let off = cancel_line::Off {
                line: *place as i64,
                pieces: Some(fewer),
                po: None,
            };
            for part in cancel_line::parts(self.tx, self.order, &off)? {
                let Some(change) = self.pos.iter_mut().find(|one| one.po == part.po.id) else {
                    return Err(refused(BusinessRefusal::wrong_state(format!(
                        "purchase order {} is {}: nothing of it can be changed",
                        part.po.number, part.po.state
                    ))));
                };
                goods::one_way(self.tx, &part.po, &part.line, false)?;
                said.extend(cancel_line::take_off(self.tx, self.site, &part, self.note)?);
                let qty = part.qty.min(part.line.coming());
                if qty > 0 {
                    change.off.push((part.line, qty));
                }
            }
        }
        Ok(())
    }

    /// Orders pieces and articles that were not ordered before.
    fn add(&mut self, words: &ChangeWords, said: &mut Said) -> Result<(), LedgerError> {
        let order = self.tx.order(self.order.id)?;
        for (place, qty) in &words.lines {
            let more = qty - self.kept.get(place - 1).copied().unwrap_or(0);
            if more > 0 {
                goods::more(self, &order, (*place, more), said)?;
            }
        }
        let first = self.order.order.lines.len();
        for (place, article) in (first..).zip(&words.new) {
            goods::new(self, &order, (place, article), said)?;
        }
        Ok(())
    }

    /// Sends each vendor what changed for it.
    fn tell_vendors(&mut self, show: bool, said: &mut Said) -> Result<(), LedgerError> {
        let (tx, buyer) = (self.tx, self.site.buyer());
        let order = tx.order(self.order.id)?;
        let mut told = 0;
        for change in &mut self.pos {
            change.head = PoHead::of(&order.order);
            if change.is_none() {
                continue;
            }
            told += 1;
            let open = tx
                .line_states(change.po)?
                .iter()
                .any(|line| line.pieces.open() > 0);
            let stays = open || !change.more.is_empty() || !change.new.is_empty();
            said.extend(match stays {
                true => revision::revise(tx, &buyer, change, (self.note, show))?,
                false => cancellation::tell(tx, &buyer, &taken(change, self.note))?,
            });
            let po = tx.po(change.po)?;
            standing::follow(tx, &self.site.config.rules, &po, None)?;
            said.extend(reduced_claims::look_again(
                tx,
                &self.site.match_context(),
                po.id,
            )?);
        }
        if told + self.made == 0 && order.revision == self.order.revision {
            return Err(refused(BusinessRefusal::nothing(format!(
                "nothing changes: order {} and its purchase orders are so already",
                order.reference()
            ))));
        }
        let left = tx.pos_of_order(order.id)?;
        let gone = |po: &&PoRow| {
            !matches!(po.state, PoState::Cancelled | PoState::Closed)
                && self.pos.iter().all(|one| one.po != po.id)
                && Agreed::now(tx, po)
                    .is_ok_and(|old| old.head.ship_to != order.order.ship_to.label())
        };
        for po in left.iter().filter(gone) {
            said.push(format!(
                "  What purchase order {} brought went to the address before.",
                po.number
            ));
        }
        Ok(())
    }

    /// What becomes of the customer's money, and what the customer is told.
    fn money(&self, words: &ChangeWords, said: &mut Said) -> Result<(), LedgerError> {
        let order = self.tx.order(self.order.id)?;
        let show = |sum: Money| sum.display(&order.order.currency);
        let more = order
            .order
            .total
            .minus(self.order.order.total)
            .unwrap_or_default();
        if more > Money::ZERO {
            said.push(format!(
                "  The order's total is {} ({} more): poms charges nobody. {}",
                show(order.order.total),
                show(more),
                match unpaid(&order.order) {
                    Some(why) => format!("It is still to be collected with the rest ({why})."),
                    None => format!(
                        "Once the customer has paid: poms order change {} paid={} --note \"HOW\"",
                        crate::domain::text::typed(&order.reference()),
                        order.order.total
                    ),
                }
            ));
        }
        if let Some(paid) = words.paid {
            said.push(format!("  The customer has paid {} in all.", show(paid)));
        }
        refund::settle(self.tx, &order)?;
        said.extend(cancel_line::told(self.tx, self.site, &order)?);
        if order.order.ship_to != self.order.order.ship_to || !words.new.is_empty() {
            said.push("  No mail tells the customer of what is changed: tell them.".to_owned());
        }
        let mut waiting = self.tx.deliveries_of_order(order.id)?.into_iter();
        let old = waiting.find(|row| {
            row.kind == DeliveryKind::OrderPlaced && row.state == DeliveryState::Queued
        });
        if let Some(row) = old {
            let why = "the order was changed before it left";
            self.tx.move_delivery(&row, DeliveryState::Dropped, why)?;
            said.push(format!(
                "  The mail that the order is placed (delivery {}) had not left and says what it was: it is not sent.",
                row.id
            ));
        }
        Ok(())
    }
}

/// What is taken off a purchase order of which nothing is left.
fn taken<'a>(change: &'a PoChange, why: &'a str) -> TakenBack<'a> {
    let pieces: &[(LineState, i64)] = &change.off;
    TakenBack {
        po: change.po,
        known: change.known,
        pieces,
        rma: None,
        moved: false,
        why,
    }
}
