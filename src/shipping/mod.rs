//! [5] Shipping: acknowledgements, shipping advices, carriers, the promise.
//!
//! Most of what is here decides and reads only; [`ups`] is the one part that asks the network. A mail or a file becomes
//! [`advice::Advice`] (goods left) or [`reply::Reply`] (the vendor's answer to a purchase order);
//! [`carriers`] says whose a tracking number is; [`calendar`] says when goods leave and arrive.

pub mod advice;
pub mod calendar;
pub mod carriers;
pub mod promise;
pub mod reply;
pub mod text;
pub mod ups;
