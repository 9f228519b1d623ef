//! poms: Purchase Order Management System.
//!
//! The way of an order: encrypted mail → [`intake`] (store, decrypt, verify, parse with
//! [`formats`]) → [`rules`] (ready or held) → [`purchasing`] (choose vendors, make purchase orders)
//! → [`delivery`] (outbox, channels) → [`shipping`] (by what [`vendor_docs`] reads and [`carriers`] say) →
//! [`invoicing`]; [`returns`] branch off after
//! shipping, and [`notices`] go to customers and admins along the way. [`run`] is one pass of cron
//! over all of it; the [`ledger`] holds every step and its audit trail; [`reports`] and [`cli`] show
//! it to people.
//!
//! Direction of dependencies: main → cli → run → stages → {ledger, adapters} → domain.

#![warn(missing_docs)]
// what fails is said and lived with: a panic may take a run, and with it a whole day's orders, only
// where `expect` gives its reason
#![cfg_attr(
    not(test),
    deny(
        clippy::expect_used,
        clippy::panic,
        clippy::unreachable,
        clippy::unwrap_used
    )
)]

// generators under tests/support are used by unit tests and by benches alike
#[cfg(test)]
extern crate self as poms;
#[cfg(test)]
#[path = "../tests/support/golden.rs"]
mod golden;
// the ground's tests use all of it
#[cfg(test)]
#[allow(dead_code)]
#[path = "domain/testing.rs"]
mod testing;

pub use poms_ground::{
    actor, carriers, clock, domain, files, formats, http, ledger, mail, net, program, rules,
    tabular, vendor_docs,
};

pub mod app;
pub mod cli;
pub mod config;
pub mod correspondence;
pub mod delivery;
pub mod desk;
pub mod intake;
pub mod invoicing;
pub mod notices;
pub mod purchasing;
pub mod reports;
pub mod returns;
pub mod run;
pub mod shipping;
pub mod shops;
pub mod site;
