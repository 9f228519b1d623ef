//! Opens the sources that a configuration has: a shop's interface stands above intake, so no part below
//! this one knows all kinds.

use crate::config::{SourceConfig, SourceKind};
use crate::intake::source::{Source, SourceFailure, folder, sftp};

/// Opens a source.
///
/// # Errors
/// When it cannot be opened, in a sentence that says what to do.
pub fn open(config: &SourceConfig) -> Result<Box<dyn Source>, SourceFailure> {
    let name = &config.name;
    match &config.kind {
        SourceKind::Folder(folder) => Ok(Box::new(folder::Folder::open(name, folder)?)),
        SourceKind::Sftp(sftp) => Ok(Box::new(sftp::Sftp::open(name, sftp)?)),
        // branch shop10
        SourceKind::Shopify(_) | SourceKind::WooCommerce(_) => Err(SourceFailure::lasting(
            format!("source {name}: this poms has no client for it"),
            "install one that has",
        )),
    }
}
