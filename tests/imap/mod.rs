//! IMAP against a real Dovecot and against a server that breaks off and lies: one suite with the
//! Maildir, and what is particular to IMAP.

mod breaks;
mod cut;
mod lies;
mod live;
mod logins;
pub mod site;
mod suite;
