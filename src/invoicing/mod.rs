//! [6] Invoicing: imports, three-way match, variances.
