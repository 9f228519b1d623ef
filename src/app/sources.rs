//! Opens the sources that a configuration has: a shop's interface stands above intake, so no part below
//! this one knows all kinds.

use crate::config::{SourceConfig, SourceKind};
use crate::domain::business_refusal::BusinessRefusal;
use crate::intake::source::{Source, SourceFailure, folder, https, sftp};
use crate::ledger::{LedgerError, Tx};
use crate::shops::shopify::ShopifyOrders;
use crate::shops::woocommerce::WooCommerceOrders;
use crate::shops::{OVERLAP, cursor_at, read_until, settings};
use chrono::{DateTime, Utc};

/// Opens a source.
///
/// # Errors
/// When it cannot be opened, in a sentence that says what to do.
pub fn open(config: &SourceConfig) -> Result<Box<dyn Source>, SourceFailure> {
    let name = &config.name;
    match &config.kind {
        SourceKind::Folder(folder) => Ok(Box::new(folder::Folder::open(name, folder)?)),
        SourceKind::Sftp(sftp) => Ok(Box::new(sftp::Sftp::open(name, sftp)?)),
        SourceKind::Https(list) => Ok(Box::new(https::HttpsList::open(name, list))),
        SourceKind::Shopify(shop) => {
            Ok(Box::new(ShopifyOrders::new(name, settings::shopify(shop))))
        }
        SourceKind::WooCommerce(shop) => Ok(Box::new(WooCommerceOrders::new(
            name,
            settings::woocommerce(shop),
        ))),
    }
}

/// Has the next run read a shop again from an earlier moment on; in a sentence what that means.
///
/// # Errors
/// Where the source has no such place, or was not read that far: what lies between would be passed over.
pub fn reread(
    tx: &Tx,
    config: &SourceConfig,
    from: DateTime<Utc>,
    note: &str,
) -> Result<String, LedgerError> {
    let refused = |why: String| Err(LedgerError::Refused(BusinessRefusal::not_for_this(why)));
    let name = &config.name;
    let since = match &config.kind {
        SourceKind::Shopify(shop) => shop.since,
        SourceKind::WooCommerce(shop) => shop.since,
        SourceKind::Folder(_) | SourceKind::Sftp(_) | SourceKind::Https(_) => {
            return refused(format!(
                "the source {name} gives files: put a file there again, under another name, to have it read again"
            ));
        }
    };
    let place = config.place();
    let row = tx.source(name, &place)?;
    let cursor = row.and_then(|row| row.cursor);
    let Some(until) = cursor.as_deref().and_then(read_until) else {
        return refused(format!(
            "the source {name} was not read yet: the next run reads it from its beginning"
        ));
    };
    let until = until + OVERLAP;
    if from > until {
        return refused(format!(
            "the source {name} was read up to {} only: from a later day on, what lies between would be passed over",
            until.format("%Y-%m-%d %H:%M UTC")
        ));
    }
    let from = from.max(since);
    tx.reread_source(name, &place, &cursor_at(from, tx.now()), note)?;
    Ok(format!(
        "The next `poms process` reads {name} again: what changed there from {} on. What came before is known again.",
        from.format("%Y-%m-%d %H:%M UTC")
    ))
}
