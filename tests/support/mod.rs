//! What the tests share.

pub mod corpus;
pub mod desk;
pub mod gpg;
pub mod lab;
pub mod postfix;
pub mod scene;
pub mod smtp;
