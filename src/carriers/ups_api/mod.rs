//! UPS' web services: tokens (OAuth client credentials), Time in Transit, Tracking.
//!
//! The specifications are UPS' own (github.com/UPS-API/api-documentation). Everything happens under
//! one deadline: [`batch::ask`] works on threads of its own, and what has not answered by then is
//! left behind.

pub mod batch;
pub mod client;
pub mod tracking;
pub mod transit;

pub use client::{UpsFault, UpsSettings};
