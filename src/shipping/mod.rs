//! Stage 5. Shipping: acknowledgements, shipping advices, carriers, the promise.
//!
//! All but [`mail`], [`apply`] and [`watch`], which act, decides and reads only: no ledger, no network;
//! [`promise`] remembers in the ledger, and [`ups`] asks the network. A mail or a file becomes
//! [`advice::Advice`] (goods left) or [`reply::Reply`] (the vendor's answer to a purchase order);
//! [`carriers`] says whose a tracking number is; [`calendar`] says when goods leave and arrive.

pub mod advice;
pub mod apply;
pub mod calendar;
pub mod carriers;
pub mod columns;
pub mod mail;
pub mod promise;
pub mod reply;
pub mod text;
pub mod ups;
pub mod watch;

use crate::domain::shipment::Event;
use crate::ledger::Tx;

/// What happened at vendors in this transaction, or since this was last asked in it: each once, in
/// its order. Whoever tells the customer asks before the transaction ends.
pub fn events(tx: &Tx) -> Vec<Event> {
    tx.take_events()
}
