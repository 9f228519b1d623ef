//! What is to be sent: a mail made of values ([`compose`]), and the one way into the outbox ([`outbox`]).

pub mod compose;
pub mod outbox;
