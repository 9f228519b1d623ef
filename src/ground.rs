//! The ground of the house: values and arithmetic, the ledger, and what reads foreign words. Nothing here acts by
//! itself: the stages in `lib.rs` stand on it.
//!
//! A crate of its own, so that it is compiled beside the rest: `poms` shows its parts under its own name.

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

#[cfg(test)]
extern crate self as poms;
#[cfg(test)]
#[path = "../tests/support/golden.rs"]
mod golden;

pub mod actor;
pub mod carriers;
pub mod clock;
pub mod domain;
pub mod files;
pub mod formats;
pub mod http;
pub mod ledger;
pub mod mail;
pub mod net;
pub mod program;
pub mod rules;
pub mod tabular;
pub mod vendor_docs;
