//! Stage 3. Purchasing: which vendor, which purchase order, and what it looks like.
//!
//! [`place`] is the stage, [`fallback`] the one after a way to a vendor proved dead; [`cancellation`]
//! takes back, [`wanted`] is a purchase order as it counts today;
//! [`routing`] chooses the vendors of an order by the site's strategies ([`crate::domain::route`]); [`crate::domain::po_document`] is what a purchase order says,
//! [`render`] what it looks like, [`mail`] how it travels.

pub mod cancellation;
mod confirmation_mail;
mod dropped;
pub mod fallback;
pub mod mail;
mod outgoing;
pub mod place;
pub mod render;
pub mod reorder;
pub mod revision;
pub mod routing;
pub mod unmade;
pub mod wanted;
