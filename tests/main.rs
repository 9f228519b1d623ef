//! The integration tests: one binary, so that poms is linked once. Each module is one subject;
//! what they share stands in `support/`.

mod corpus;
mod delivery_smtp;
mod desk;
mod documents;
mod edge;
mod imap;
mod intake_pgp;
mod journey;
mod kill;
mod licences;
mod mailboxes;
mod returns;
mod shipments;
mod support;
mod tidy;
