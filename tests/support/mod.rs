//! What the tests share.

pub mod desk;
pub mod gpg;
pub mod hylafax;
pub mod lab;
pub mod sinch;
