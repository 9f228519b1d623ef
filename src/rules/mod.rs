//! [2] Exception rules: one file each, one registry. They see facts, never query.

pub mod settings;
