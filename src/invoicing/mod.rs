//! Stage 6. Invoicing: imports, three-way match, variances.
//!
//! [`formats`] reads a file into invoices; [`examine`] takes each through [`vendors`] (whose is it),
//! [`matching`] (for which purchase order; [`consolidated`] for which several; `against` holds what the bill names once more against it, `understood` asks whether all its words are), [`duplicates`] (was it billed before) and [`three_way`]
//! (billed against ordered and shipped), to findings as [`crate::domain::variance`] has them. [`credits`] ties
//! credits to what a return expects, and [`export`] writes books out. All of that is pure: facts in,
//! findings out. [`match_context`] reads the facts from the ledger, [`ingest`] writes a file's findings into
//! it, [`rematch`] looks at invoices again, [`reduced_claims`] when goods did not leave or were cancelled, [`credit_settlement`] settles credits, [`close`] ends what is done.

mod against;
pub mod close;
pub mod consolidated;
pub mod credit_settlement;
pub mod credits;
pub mod dated;
pub mod duplicates;
pub mod early_credits;
pub mod enrich;
pub mod examine;
pub mod export;
pub mod formats;
pub mod ingest;
pub mod match_context;
pub mod matching;
pub mod proof;
pub mod reduced_claims;
pub mod rematch;
mod remit;
pub mod three_way;
mod understood;
pub mod vendors;
