//! What the tests share.

pub mod authority;
pub mod corpus;
pub mod desk;
pub mod dovecot;
pub mod export;
pub mod golden;
pub mod gpg;
pub mod http;
pub mod hylafax;
pub mod imap_fake;
pub mod invoice_year;
pub mod lab;
pub mod parsers;
pub mod ports;
pub mod postfix;
pub mod prism;
pub mod quickbooks;
pub mod scene;
pub mod shop;
pub mod sinch;
pub mod smtp;
pub mod sshd;
pub mod ups;
pub mod year_ledger;
