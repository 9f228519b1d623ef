//! [3] Purchasing: which vendor, which purchase order, and what it looks like.

pub mod choose;
