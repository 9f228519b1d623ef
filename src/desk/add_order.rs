//! An order that a person brings in a file: taken by telephone, or fetched from the shop by hand.

use super::of_source::{must_be_told, prefix};
use super::{Said, reason, refused, resolve};
use crate::app::App;
use crate::domain::business_refusal::BusinessRefusal;
use crate::domain::foreign::cut;
use crate::formats::OrderDocument;
use crate::intake::cards::KnownNumbers;
use crate::intake::read::{DocumentOrder, orders_in};
use crate::intake::refusal::Refusal;
use crate::intake::settle;
use crate::ledger::{LedgerError, Tx};

/// Takes in every order of a document, as the act of who types it, and checks and places each as a run
/// would. One that is there already, by its content, and is not cancelled is left as it is. `source` is the shop that it is of.
///
/// # Errors
/// When the document, or one of its orders, cannot be read, or may be of several shops: nothing of it is taken in
/// then.
pub fn add(
    tx: &Tx,
    site: &App,
    document: OrderDocument,
    source: Option<&str>,
    note: &str,
) -> Result<Said, LedgerError> {
    let note = reason(note)?;
    let document = &document.prefixed(prefix(site, source)?);
    let unread = |why: Refusal| refused(BusinessRefusal::unreadable(why.reason));
    let masked = orders_in(document, &site.reader.formats, &KnownNumbers::new()).map_err(unread)?;
    // what looks like a card's number and is an article's, by the catalogue
    let known = tx.known_words(&masked.words())?;
    let known = known.into_iter().collect();
    let orders = orders_in(document, &site.reader.formats, &known).map_err(unread)?;
    let mut said = Said::new();
    for (masked, order) in masked.orders.into_iter().zip(orders.orders) {
        let order = match order {
            DocumentOrder::Order(order) => order,
            DocumentOrder::Cancel(word) => {
                return Err(refused(BusinessRefusal::not_for_this(format!(
                    "it is no order: it cancels {}, which is `poms order cancel`",
                    cut(&word.number, 64)
                ))));
            }
            DocumentOrder::LeftOut { number, reason } => {
                said.push(format!("Order {number} is left out: {reason}."));
                continue;
            }
            DocumentOrder::Refused { refusal, .. } => return Err(unread(refusal)),
        };
        must_be_told(site, source, &order.new.order)?;
        let identity = masked.order().unwrap_or(&order).identity;
        match settle::by_hand(tx, &identity, &order.new)? {
            Ok(row) => {
                tx.note_order(&row, &format!("Added by hand: {note}"))?;
                said.extend(resolve::check(tx, site, row.id, "is held")?);
            }
            Err(same) => said.push(format!(
                "Order {} is there already with this content: nothing was done with it.",
                same.reference()
            )),
        }
    }
    Ok(said)
}
