//! [4] Delivery: the outbox, its attempts and outcomes, and the channels that carry documents.

pub mod letter;
