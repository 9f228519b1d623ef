//! [1] Intake: from a mailbox to an order that can be trusted.
//!
//! [`mime`] finds the one OpenPGP object that is the whole message, [`openpgp`] opens it, and
//! [`mime::document`] takes the order's text out of what was inside. Every step that will not go on
//! says why with a [`Refusal`].

mod guard;
pub mod mime;
pub mod openpgp;
pub mod refusal;

pub use refusal::Refusal;
