//! What vendors and carriers write, read: a mail, a file or a table becomes [`advice::Advice`] (goods
//! left) or [`reply::Reply`] (the vendor's answer to a purchase order), a list of what a vendor has its rows ([`stock`]).
//!
//! PURE: no ledger, no clock, no network. What a reading does is decided by `shipping`.

pub mod advice;
pub mod columns;
pub mod reply;
pub mod stated;
pub mod stock;
pub mod text;
pub mod yearless;
