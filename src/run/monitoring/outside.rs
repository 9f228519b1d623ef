//! Figures about what lies beside the ledger: the disk, keys and certificates that end.

use super::exposition::FiguresPage;
use crate::app;
use crate::config::{Config, EmailConfig, HookWay, MailboxKind, SourceKind};
use crate::files;
use crate::intake::openpgp::Keyring;
use crate::net;
use chrono::{DateTime, Utc};
use openssl::x509::X509;
use std::path::{Path, PathBuf};

/// Writes it down; what cannot be found out is left out.
pub fn tell(page: &mut FiguresPage, config: &Config, now: DateTime<Utc>) {
    if let Some((free, needed)) = super::disk(config) {
        let bytes = |bytes: u64| i64::try_from(bytes).unwrap_or(i64::MAX);
        page.gauge(
            "poms_disk_free_bytes",
            "Bytes that are free on the disk of the ledger.",
        );
        page.count(&[], bytes(free));
        page.gauge(
            "poms_disk_needed_bytes",
            "Bytes that must be free before a run takes anything in.",
        );
        page.count(&[], bytes(needed));
    }
    keys(page, config, now);
    certificates(page, config);
}

fn keys(page: &mut FiguresPage, config: &Config, now: DateTime<Utc>) {
    let ours = app::read_keys(&config.openpgp.secret_keys).unwrap_or_default();
    let signers = app::read_keys(&config.openpgp.trusted_signers).unwrap_or_default();
    let mut ends = Vec::new();
    for (files, purpose) in [(ours, "decrypt"), (signers, "verify")] {
        for (file, bytes) in files {
            for (key, end) in Keyring::ends_of(&bytes, purpose == "decrypt", now) {
                ends.push((name(Path::new(&file)), key, purpose, end));
            }
        }
    }
    if ends.is_empty() {
        return;
    }
    page.gauge(
        "poms_key_expiry_timestamp_seconds",
        "When an OpenPGP key can no longer be used; keys without an end are not listed.",
    );
    for (file, key, purpose, end) in ends {
        page.moment(&[("file", &file), ("key", &key), ("purpose", purpose)], end);
    }
}

/// The authorities of our own: with them everything that they vouch for ends.
fn certificates(page: &mut FiguresPage, config: &Config) {
    let mut files: Vec<&PathBuf> = Vec::new();
    for mailbox in &config.mailboxes {
        if let MailboxKind::Imap(imap) = &mailbox.kind {
            files.extend(&imap.ca_file);
        }
    }
    if let EmailConfig::Smtp(smtp) = &config.delivery.email {
        files.extend(&smtp.ca_file);
    }
    if let Some(ups) = &config.promise.ups {
        files.extend(&ups.endpoint.ca_file);
    }
    for source in &config.sources {
        files.extend(match &source.kind {
            SourceKind::Shopify(shop) => &shop.endpoint.ca_file,
            SourceKind::WooCommerce(shop) => &shop.endpoint.ca_file,
            SourceKind::Https(list) => &list.endpoint.ca_file,
            SourceKind::Folder(_) | SourceKind::Sftp(_) => &None,
        });
    }
    for hook in &config.hooks {
        if let HookWay::Post(to) = &hook.way {
            files.extend(&to.ca_file);
        }
    }
    files.sort_unstable();
    files.dedup();
    let ends: Vec<(String, DateTime<Utc>)> = files
        .into_iter()
        .filter_map(|file| Some((name(file), first_end(file)?)))
        .collect();
    if ends.is_empty() {
        return;
    }
    page.gauge(
        "poms_ca_file_expiry_timestamp_seconds",
        "When the first certificate in a ca_file ends.",
    );
    for (file, end) in ends {
        page.moment(&[("file", &file)], end);
    }
}

fn first_end(file: &Path) -> Option<DateTime<Utc>> {
    let pem = files::read(file, files::LARGEST_KEY).ok()?;
    let certificates = X509::stack_from_pem(&pem).ok()?;
    let ends = certificates.iter();
    ends.filter_map(|certificate| net::not_after(certificate))
        .min()
}

/// The name alone: where it lies is nobody's business.
fn name(file: &Path) -> String {
    let name = file.file_name().unwrap_or_default();
    name.to_string_lossy().into_owned()
}
