//! Mailboxes, a Maildir on disk and IMAP against a real Dovecot and against a server that breaks
//! off and lies: one suite for both, and what is particular to IMAP.

#[path = "support/authority.rs"]
mod authority;
#[path = "mailboxes/cut.rs"]
mod cut;
#[path = "support/dovecot.rs"]
mod dovecot;
#[path = "support/imap_fake.rs"]
mod fake;
#[path = "mailboxes/imap.rs"]
mod imap;
#[path = "mailboxes/lies.rs"]
mod lies;
#[path = "mailboxes/site.rs"]
mod site;
#[path = "mailboxes/suite.rs"]
mod suite;
