//! Stage 5. Shipping: what becomes of purchase orders at their vendors, and the promise.
//!
//! [`mail`] and [`apply`] act by what [`crate::vendor_docs`] has read; [`promise`] says when the
//! customer has the goods, [`watch`] by when a vendor should have answered or shipped.

pub mod apply;
pub mod mail;
pub mod promise;
pub mod watch;

use crate::domain::shipment::VendorEvent;
use crate::ledger::Tx;

/// What happened at vendors in this transaction, or since this was last asked in it: each once, in
/// its order. Whoever tells the customer asks before the transaction ends.
pub fn events(tx: &Tx) -> Vec<VendorEvent> {
    tx.take_events()
}
