//! What people look at.

pub mod csv_safe;
