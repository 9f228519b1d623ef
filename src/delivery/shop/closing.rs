//! Orders that are closed in their shop once it was told of all that left. A document of its own in the outbox:
//! tried until it is done, and a person is told where it is not. Doing it twice does no harm.

use super::{PreparedTold, not_asked, shipment};
use crate::delivery::channel::DeliveryOutcome;
use crate::domain::delivery::{DeliveryChannel, DeliveryKind};
use crate::domain::lifecycle::DeliveryState;
use crate::ledger::outbox::{DeliveryRow, NewDelivery};
use crate::ledger::{LedgerError, Tx};
use crate::shops::ShopFaultKind;
use crate::shops::told::{ClosingStanding, ToldClosing, ToldShop};

/// What such a document says; `None` for one about a shipment.
pub(super) fn read(content: &[u8]) -> Option<ToldClosing> {
    match shipment(content) {
        Ok(_) => None,
        Err(_) => serde_json::from_slice(content).ok(),
    }
}

/// Asks the shop whether there is something to close.
pub(super) fn look(
    shop: &mut dyn ToldShop,
    closing: ToldClosing,
) -> Result<PreparedTold, DeliveryOutcome> {
    match shop.look_closed(&closing) {
        Ok(ClosingStanding::Open) => Ok(PreparedTold::Closing(closing)),
        Ok(ClosingStanding::Nothing(why)) => Ok(PreparedTold::NotClosed(why)),
        Ok(ClosingStanding::Never(why)) => Err(DeliveryOutcome::refused(why)),
        Err(fault) => Err(not_asked(&closing.shop, &fault)),
    }
}

/// Closes.
pub(super) fn close(shop: &mut dyn ToldShop, closing: &ToldClosing) -> DeliveryOutcome {
    match shop.close(closing) {
        Ok(said) => DeliveryOutcome::accepted(said),
        Err(fault) => match fault.kind {
            // whether it was done is asked before the next try
            ShopFaultKind::Unknown => DeliveryOutcome::deferred(fault.to_string()),
            _ => not_asked(&closing.shop, &fault),
        },
    }
}

/// Puts it into the outbox once the shop knows of every shipment of an order of which nothing is left to be sent.
///
/// # Errors
/// The ledger's.
pub fn follow(tx: &Tx, told: &DeliveryRow) -> Result<(), LedgerError> {
    let (DeliveryKind::ShopShipped, Some(order)) = (&told.kind, told.order_id) else {
        return Ok(());
    };
    let mut last = None;
    for (id, state) in tx.shop_deliveries_of_order(order)? {
        match state {
            DeliveryState::Sent => {}
            DeliveryState::Dropped => continue,
            _ => return Ok(()),
        }
        if let Ok(shipment) = shipment(&tx.delivery_content(id)?)
            && shipment.closes
        {
            last = Some(shipment);
        }
    }
    let Some(last) = last else {
        return Ok(());
    };
    let closing = ToldClosing {
        shop: last.shop,
        order_id: last.order_id,
        order_number: last.order_number,
    };
    let content = serde_json::to_vec(&closing).unwrap_or_default();
    let subject = format!("order {} closed in the shop", closing.order_number);
    tx.enqueue(&NewDelivery {
        kind: DeliveryKind::ShopClosed,
        channel: DeliveryChannel::Shop,
        once: &format!("shop_closed:{order}"),
        reference: &format!("poms-close-{order}"),
        sender: "",
        recipients: std::slice::from_ref(&closing.shop),
        subject: &subject,
        order_id: Some(order),
        po_id: None,
        content: &content,
    })?;
    Ok(())
}
