//! A site's beginnings: its folders and configuration, its catalogue and vendors, and the material
//! of the demo.

pub mod demo;
pub mod import;
pub mod init;
