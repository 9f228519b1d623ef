//! Stage 1. Intake: from a mailbox to an order that can be trusted.
//!
//! [`receive`] stores each message of a [`mailbox`] and files it away; [`mime`] finds the one
//! OpenPGP object that is the whole message, [`openpgp`] opens it, and [`mime::document()`] takes the
//! order's text out of what was inside; [`cards`] masks payment card numbers in it; [`mod@read`] is
//! these steps in one. What is no order is told apart by [`classify`], and read as [`inbound`]:
//! bounces, automatic answers, and the mail of vendors, with what proves its sender. Every step that
//! will not go on says why with a [`Refusal`].

pub mod authentication;
mod auto_submitted;
pub mod cards;
pub mod classify;
pub mod contents;
pub mod dkim;
pub mod dsn;
pub mod enclosed;
mod guard;
pub mod head;
pub mod inbound;
pub mod mailbox;
pub mod mime;
pub mod openpgp;
pub mod read;
pub mod receive;
pub mod refusal;
pub mod settle;
pub mod source;

pub use refusal::Refusal;
