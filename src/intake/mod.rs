//! [1] Intake: from a mailbox to an order that can be trusted.

pub mod cards;
