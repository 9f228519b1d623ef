//! [6] Invoicing: imports, three-way match, variances.
//!
//! [`formats`] reads a file into invoices; [`examine`] takes each through [`vendors`] (whose is it),
//! [`matching`] (for which purchase order), [`duplicates`] (was it billed before) and [`three_way`]
//! (billed against ordered and shipped), to findings as [`variance`] has them. [`credits`] ties
//! credits to what a return expects, and [`export`] writes books out. All of it is pure: facts in,
//! findings out.

pub mod credits;
pub mod duplicates;
pub mod examine;
pub mod export;
pub mod formats;
pub mod matching;
pub mod three_way;
pub mod variance;
pub mod vendors;
