//! The ledger: one SQLite file, the only SQL in the house.
