//! Stage 6. Invoicing: imports, three-way match, variances.
//!
//! [`formats`] reads a file into invoices; [`examine`] takes each through [`vendors`] (whose is it),
//! [`matching`] (for which purchase order; [`consolidated`] for which several), [`duplicates`] (was it billed before) and [`three_way`]
//! (billed against ordered and shipped), to findings as [`variance`] has them. [`credits`] ties
//! credits to what a return expects, and [`export`] writes books out. All of that is pure: facts in,
//! findings out. [`desk`] reads the facts from the ledger, [`take`] writes a file's findings into
//! it, [`again`] looks at invoices again, [`owed_less`] when goods did not leave or were cancelled, [`owed`] settles credits, [`close`] ends what is done.

pub mod again;
pub mod close;
pub mod consolidated;
pub mod credits;
pub mod dated;
pub mod desk;
pub mod duplicates;
pub mod earlier;
pub mod examine;
pub mod export;
pub mod formats;
pub mod matching;
pub mod owed;
pub mod owed_less;
pub mod proof;
mod remit;
pub mod take;
pub mod three_way;
pub mod told_more;
pub mod vendors;
