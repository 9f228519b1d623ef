//! [5] Shipping: acknowledgements, shipping advices, carriers, the promise.
//!
//! All but [`mail`], which acts, decides and reads only: no ledger, no network. A mail or a file becomes
//! [`advice::Advice`] (goods left) or [`reply::Reply`] (the vendor's answer to a purchase order);
//! [`carriers`] says whose a tracking number is; [`calendar`] says when goods leave and arrive.

pub mod advice;
pub mod calendar;
pub mod carriers;
pub mod mail;
pub mod reply;
pub mod text;
