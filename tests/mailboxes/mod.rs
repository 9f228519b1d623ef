//! Mailboxes, a Maildir on disk and IMAP against a real Dovecot and against a server that breaks
//! off and lies: one suite for both, and what is particular to IMAP.

mod cut;
mod imap;
mod lies;
mod site;
mod suite;
