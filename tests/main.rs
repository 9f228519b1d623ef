//! The integration tests: one binary, so that poms is linked once. Each module is one subject;
//! what they share stands in `support/`.

mod books;
mod corpus;
mod delivery_smtp;
mod desk;
mod docs;
mod documents;
mod edge;
mod fax;
mod growth;
mod http;
mod imap;
mod inbound;
mod intake_pgp;
mod journey;
mod kill;
mod licences;
mod mailboxes;
mod month;
mod parsers;
mod promise;
mod returns;
mod shipments;
mod simulation;
mod support;
mod tidy;
mod verify;
