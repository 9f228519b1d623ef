//! `[[source]]`: each is tried as a run will.

use crate::app::{self, sources};
use crate::cli::Context;
use crate::config::{Config, SourceConfig, SourceKind, StockMail};
use crate::shops::settings;
use anyhow::ensure;
use chrono::{DateTime, Utc};

/// Tries a source.
pub fn check(
    context: &Context,
    config: &Config,
    source: &SourceConfig,
    now: DateTime<Utc>,
) -> anyhow::Result<String> {
    let mut opened = sources::open(source)?;
    let checked = opened.check(now)?;
    if let Some(feed) = &source.stock {
        vendor_is(context, &feed.vendor_id)
            .map_err(|why| anyhow::anyhow!("{}; {why:#}", checked.found))?;
    }
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

/// Whether mails of the vendor can bring its lists: it is on file, and something can prove it.
pub fn stock_mail(context: &Context, config: &Config, mail: &StockMail) -> anyhow::Result<String> {
    vendor_is(context, &mail.feed.vendor_id)?;
    ensure!(
        config.intake.authserv_id.is_some() || !config.openpgp.vendor_keys.is_empty(),
        "nothing can prove a vendor's mail: intake.authserv_id or openpgp.vendor_keys is needed, else each list is held"
    );
    Ok(format!(
        "tables in proved mails with \"{}\" in their subject",
        mail.subject
    ))
}

/// Whether the vendor whose lists it brings is on file; a ledger that cannot be opened has its own line.
fn vendor_is(context: &Context, id: &str) -> anyhow::Result<()> {
    let Ok(ledger) = context.read_ledger() else {
        return Ok(());
    };
    let all = ledger.read().vendors()?;
    let known = all.iter().any(|(one, _)| one.id.eq_ignore_ascii_case(id));
    let ids: Vec<&str> = all
        .iter()
        .map(|(one, _)| one.id.as_str())
        .take(20)
        .collect();
    ensure!(
        known,
        "stock_of = \"{id}\" is no vendor on file ({}): each of its lists would be held",
        ids.join(", ")
    );
    Ok(())
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
        SourceKind::Folder(_) | SourceKind::Sftp(_) | SourceKind::Https(_) => return Ok(()),
    };
    ensure!(
        format == own,
        "format = \"{format}\" is not what this shop gives, which is {own}: every order of it would be held; leave format out"
    );
    Ok(())
}
