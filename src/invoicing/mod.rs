//! [6] Invoicing: imports, three-way match, variances.
//!
//! [`formats`] reads a file into invoices, [`matching`] finds vendor and purchase order,
//! [`three_way`] compares billed with ordered and shipped, [`variance`] is what it finds, and
//! [`export`] writes books out. All of it is pure: facts in, findings out.

pub mod formats;
