//! Mailboxes: one list of promises (`promises.rs`) that each way to one keeps (`ways.rs`: a Maildir, real
//! Dovecots, a server in this process); then what is a Maildir's own, what is Dovecot's, and what a server
//! is not believed that breaks off and lies.

mod breaks;
mod cut;
mod dovecot;
mod lies;
mod logins;
mod maildir;
mod promises;
mod ways;
