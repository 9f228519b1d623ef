//! [4] Delivery: the outbox, its attempts and outcomes, and the channels that carry documents.
//!
//! [`outbox`] is the stage; [`engine`] drives several [`channel`]s side by side with few commits;
//! [`smtp`] and [`directory`] are channels; [`backoff`] says when to try again; [`letter`] is a mail
//! before it is bytes.

pub mod backoff;
pub mod bounce;
pub mod channel;
pub mod channels;
pub mod directory;
pub mod engine;
pub mod letter;
pub mod outbox;
pub mod smtp;
