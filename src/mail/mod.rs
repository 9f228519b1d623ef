//! Mail that is to be sent, before it is anybody's affair how.

pub mod compose;
