//! [4] Delivery: the outbox, its attempts and outcomes, and the channels that carry documents.

pub mod backoff;
pub mod channel;
pub mod directory;
pub mod engine;
pub mod smtp;
