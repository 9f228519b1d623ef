//! `[[source]]`: each is tried as a run will.

use crate::app::{self, sources};
use crate::config::{Config, SourceConfig, SourceKind};
use crate::shops::settings;
use anyhow::ensure;
use chrono::{DateTime, Utc};

/// Tries a source.
pub fn check(config: &Config, source: &SourceConfig, now: DateTime<Utc>) -> anyhow::Result<String> {
    let mut opened = sources::open(source)?;
    let checked = opened.check(now)?;
    if let Some(format) = &source.format {
        format_is(config, source, format)
            .map_err(|why| anyhow::anyhow!("{}; {why:#}", checked.found))?;
    }
    let mut said = vec![checked.found];
    said.extend(checked.warnings);
    if let Some(mut told) = settings::told(source, now) {
        let tracking = told.check().map_err(|fault| {
            anyhow::anyhow!(
                "{}; shipments cannot be told to it: {fault}",
                said.join("; ")
            )
        })?;
        said.extend(tracking);
    }
    Ok(said.join("; "))
}

/// Whether documents of the source can have the format that they must have.
fn format_is(config: &Config, source: &SourceConfig, format: &str) -> anyhow::Result<()> {
    // those of the site have a line of their own, where they are wrong
    let formats = app::order_formats(config).unwrap_or_default();
    let known: Vec<&str> = formats.all().map(|(name, _)| name).collect();
    ensure!(
        known.contains(&format),
        "format = \"{format}\" is none that poms knows ({}): no document of it would be an order",
        known.join(", ")
    );
    let own = match &source.kind {
        SourceKind::Shopify(_) => "shopify-graphql",
        SourceKind::WooCommerce(_) => "woocommerce",
        SourceKind::Folder(_) | SourceKind::Sftp(_) => return Ok(()),
    };
    ensure!(
        format == own,
        "format = \"{format}\" is not what this shop gives, which is {own}: every order of it would be held; leave format out"
    );
    Ok(())
}
