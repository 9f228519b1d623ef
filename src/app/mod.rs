//! The application's context: a site in working order, its configuration read, keys unlocked, templates
//! compiled; what the stages are given by it, and the step that runs and people's acts share.

mod around;
mod order_formats;
pub mod orders;
pub mod report;
pub mod sources;
pub mod ways;

use crate::carriers::ups_api;
use crate::clock::Clock;
use crate::config::{Config, EVERYWHERE, Purpose, SourceConfig};
use crate::delivery::outbox::Envelopes;
use crate::domain::po_document::Letterhead;
use crate::domain::token::{SHORTEST_KEY, TokenKeys};
use crate::files::{self, LARGEST_KEY};
use crate::intake::inbound::Marks;
use crate::intake::openpgp::{Keyring, OpenpgpLimits, VendorKeys};
use crate::intake::read::{DocumentSource, MailSource, MessageReader};
use crate::invoicing::match_context::MatchContext;
use crate::notices::queue::Hours;
use crate::notices::{Templates, admin_mail};
use crate::purchasing::place::Buyer;
use crate::purchasing::render::FontLibrary;
use crate::reports::layout::quoted;
use crate::returns::watch::Watch;
use anyhow::{Context, bail};
use nix::sys::statvfs::statvfs;
pub use order_formats::order_formats;
use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use ways::Ways;
use zeroize::Zeroizing;

/// How commands for this site begin, wherever they are typed: `poms`, with `--config` unless it is
/// found from everywhere.
fn command(file: &Path) -> String {
    match file == Path::new(EVERYWHERE) {
        true => "poms".to_owned(),
        false => format!("poms --config {}", quoted(&file.to_string_lossy())),
    }
}

/// A key or template that the configuration names and that cannot be used: exit 2, like any other
/// fault of the configuration.
#[derive(Debug, thiserror::Error)]
#[error("{0:#}")]
pub struct Unusable(anyhow::Error);

impl Unusable {
    /// For this reason.
    pub fn new(fault: anyhow::Error) -> Unusable {
        Unusable(fault)
    }
}

/// All that the stages need beside the ledger.
pub struct App {
    /// The whole configuration.
    pub config: Config,
    /// Where "now" comes from.
    pub clock: Clock,
    /// The actor of this transaction.
    pub actor: String,
    /// What opens messages.
    pub reader: MessageReader,
    /// The mails' words.
    pub templates: Templates,
    /// The fonts of paper.
    pub fonts: FontLibrary,
    /// The ways in and out.
    pub ways: Ways,
}

impl App {
    /// Unlocks the keys and compiles the templates.
    ///
    /// # Errors
    /// [`Unusable`]: the first key or template that cannot be used, with what to do.
    pub fn open(mut config: Config, clock: Clock, actor: String) -> anyhow::Result<App> {
        let templates = Templates::load(config.site.templates.as_deref());
        let templates = templates.map_err(|fault| Unusable(fault.into()))?;
        let fonts = FontLibrary::load(&config.site.fonts);
        let fonts = fonts.map_err(|fault| Unusable(anyhow::Error::msg(fault)))?;
        config.rules.drawable = fonts.coverage();
        let reader = reader(&config, &clock)?;
        Ok(App {
            config,
            clock,
            actor,
            reader,
            templates,
            fonts,
            ways: Ways::default(),
        })
    }

    /// What purchasing needs to know.
    pub fn buyer(&self) -> Buyer<'_> {
        let site = &self.config.site;
        Buyer {
            letterhead: letterhead(&self.config),
            timezone: site.timezone,
            currency: &site.currency,
            po_number: &site.po_number,
            terms: &site.po_terms,
            instructions: &site.po_instructions,
            fax: self.config.delivery.fax.is_some(),
            cover_sheet: self
                .config
                .delivery
                .fax
                .as_ref()
                .is_some_and(|fax| fax.cover_sheet),
            papers: self.config.drops.iter().map(|drop| &drop.papers).collect(),
            templates: &self.templates,
            fonts: &self.fonts,
            promise: &self.config.promise.settings,
            hours: self.hours(),
            route: orders::route_settings(&self.config),
            tokens: &self.reader.marks.tokens,
            reply_address: &site.reply_address,
        }
    }

    /// What the envelopes of mails get.
    pub fn envelopes(&self) -> Envelopes<'_> {
        let delivery = &self.config.delivery;
        let reply_address = self.config.site.reply_address.as_str();
        let tokens = (&self.reader.marks.tokens, reply_address);
        Envelopes {
            verp: delivery.verp.then_some(tokens),
            reports: Some(tokens).filter(|_| !reply_address.is_empty()),
            archive: delivery.archive.as_deref(),
        }
    }

    /// When mail may go to customers.
    pub fn hours(&self) -> Hours {
        hours(&self.config)
    }

    /// How UPS is reached; `None` when the site does not ask it.
    pub fn ups(&self) -> Option<ups_api::UpsSettings> {
        ups(&self.config)
    }

    /// How the books are kept.
    pub fn match_context(&self) -> MatchContext<'_> {
        MatchContext {
            config: &self.config.invoicing.settings,
            rules: &self.config.rules,
            zone: self.config.site.timezone,
        }
    }

    /// When goods and credits of returns are late.
    pub fn return_watch(&self) -> Watch<'_> {
        Watch {
            config: &self.config.returns,
            rules: &self.config.rules,
            zone: self.config.site.timezone,
        }
    }

    /// Who writes to the admins.
    pub fn admin_mailer(&self) -> admin_mail::AdminMailer<'_> {
        let site = &self.config.site;
        admin_mail::AdminMailer {
            name: &site.name,
            email: &site.email,
            admins: &site.admin_email,
            currency: &site.currency,
            poms: command(&self.config.file),
            templates: &self.templates,
            remind_days: self.config.watch.remind_days,
            zone: site.timezone,
        }
    }

    /// Refuses to take anything in when the disk is nearly full.
    ///
    /// # Errors
    /// When fewer bytes are free than `limits.free_disk`.
    pub fn check_free_disk(&self) -> anyhow::Result<()> {
        let (folder, free) = free_disk(&self.config.site.ledger)?;
        let least = self.config.limits.free_disk_bytes;
        if free < least {
            bail!(
                "only {} MiB are free on the disk of {}, and limits.free_disk asks for {}: make room; nothing was fetched",
                free >> 20,
                folder.display(),
                least >> 20
            );
        }
        Ok(())
    }
}

/// How UPS is reached; `None` when the site does not ask it.
pub fn ups(config: &Config) -> Option<ups_api::UpsSettings> {
    let promise = config.promise.ups.as_ref()?;
    let secret = promise.client_secret.clone();
    let mut token_file = config.site.ledger.as_os_str().to_owned();
    token_file.push(".ups-token");
    Some(ups_api::UpsSettings {
        endpoint: promise.endpoint.clone(),
        client_id: promise.client_id.clone(),
        secret: Arc::new(move || secret.read().map_err(|fault| fault.to_string())),
        account: promise.account.clone(),
        token_file: token_file.into(),
    })
}

/// The shop's head of letter.
pub fn letterhead(config: &Config) -> Letterhead {
    let site = &config.site;
    Letterhead {
        name: site.name.clone(),
        address: site.address.clone(),
        email: site.email.clone(),
        phone: site.phone.clone(),
    }
}

/// The folder of the ledger, and the bytes that are free on its disk.
///
/// # Errors
/// When the system does not say.
pub fn free_disk(ledger: &Path) -> anyhow::Result<(&Path, u64)> {
    let folder = ledger.parent().filter(|path| !path.as_os_str().is_empty());
    let folder = folder.unwrap_or(Path::new("."));
    let stat = statvfs(folder)
        .with_context(|| format!("cannot ask how full the disk of {} is", folder.display()))?;
    let free = stat.blocks_available() as u64 * stat.fragment_size() as u64;
    Ok((folder, free))
}

/// What will soon need someone's hand about the key files: one sentence for each key that is
/// expired, revoked, not usable or expires within 30 days. No key is unlocked.
///
/// # Errors
/// The first file that cannot be read or is no key.
pub fn key_warnings(config: &Config, clock: &Clock) -> anyhow::Result<Vec<String>> {
    let secret = read_keys(&config.openpgp.secret_keys)?;
    let signers = read_keys(&config.openpgp.trusted_signers)?;
    Ok(Keyring::warnings_of(
        &borrowed(&secret),
        &borrowed(&signers),
        clock.now(),
    )?)
}

/// Key files by their names.
///
/// # Errors
/// The first that cannot be read.
pub fn read_keys(paths: &[PathBuf]) -> anyhow::Result<Vec<(String, Vec<u8>)>> {
    let read = |path: &PathBuf| {
        let bytes = files::read(path, LARGEST_KEY).map_err(|fault| {
            anyhow::anyhow!(
                "cannot read the key file {}: {fault}; put the key there, or correct its path in [openpgp] (trusted_signers = [] where no signed \
                 orders come: docs/shops.md)",
                path.display()
            )
        })?;
        Ok((path.display().to_string(), bytes))
    };
    paths.iter().map(read).collect()
}

fn borrowed(files: &[(String, Vec<u8>)]) -> Vec<(&str, &[u8])> {
    files
        .iter()
        .map(|(name, bytes)| (name.as_str(), bytes.as_slice()))
        .collect()
}

/// What opens messages: the keys unlocked.
///
/// # Errors
/// [`Unusable`]: the first key that cannot be used, with what to do.
pub fn reader(config: &Config, clock: &Clock) -> anyhow::Result<MessageReader> {
    let keyring = keyring(config, clock).map_err(Unusable)?;
    let days = u32::try_from(config.openpgp.max_signature_age_days).unwrap_or(u32::MAX);
    let limits = OpenpgpLimits {
        max_signature_age_days: days,
        ..OpenpgpLimits::default()
    };
    Ok(MessageReader {
        keyring,
        limits,
        settings: config.rules.clone(),
        marks: Marks {
            tokens: tokens(config)?,
            authserv_id: config.intake.authserv_id.clone(),
            vendor_keys: vendor_keys(config)?,
        },
        sources: sources(config),
        documents: documents(config),
        footers_from: config.intake.footers_from.clone(),
        formats: order_formats(config).map_err(|fault| Unusable(fault.into()))?,
    })
}

/// Reads every key file and unlocks the secret ones.
///
/// # Errors
/// The first that cannot be used.
pub fn keyring(config: &Config, clock: &Clock) -> anyhow::Result<Keyring> {
    let secret = read_keys(&config.openpgp.secret_keys)?;
    let signers = read_keys(&config.openpgp.trusted_signers)?;
    let passphrase = config
        .openpgp
        .passphrase
        .as_ref()
        .map(|source| source.read())
        .transpose()?;
    Ok(Keyring::load(
        &borrowed(&secret),
        &borrowed(&signers),
        passphrase.as_slice(),
        clock.now(),
    )?)
}

/// Reads the keys of vendors.
///
/// # Errors
/// The first file that cannot be used.
pub fn vendor_keys(config: &Config) -> anyhow::Result<VendorKeys> {
    let files = read_keys(&config.openpgp.vendor_keys)?;
    let days = u32::try_from(config.openpgp.max_signature_age_days).unwrap_or(u32::MAX);
    Ok(VendorKeys::load(&borrowed(&files), days)?)
}

/// What each mailbox may bring.
fn sources(config: &Config) -> HashMap<String, MailSource> {
    let source = |purpose| match purpose {
        Purpose::Orders => MailSource::Orders,
        Purpose::Vendors => MailSource::Vendors,
        Purpose::Any => MailSource::Any,
        Purpose::Archive => MailSource::Archive,
    };
    let mailboxes = config.mailboxes.iter();
    mailboxes
        .map(|mailbox| (mailbox.name.clone(), source(mailbox.purpose)))
        .collect()
}

/// What each source may bring.
fn documents(config: &Config) -> HashMap<String, DocumentSource> {
    let of = |source: &SourceConfig| DocumentSource {
        trusted: source.is_trusted(),
        format: source.format.clone(),
        order_prefix: source.order_prefix.clone(),
        stock: source.stock.clone(),
    };
    let all = config.sources.iter();
    all.map(|one| (one.name.clone(), of(one))).collect()
}

/// When mail may go to customers.
pub fn hours(config: &Config) -> Hours {
    Hours {
        quiet: config.notices.quiet_hours,
        site: config.site.timezone,
    }
}

/// Reads the keys of reply tokens; none when the site has none.
///
/// # Errors
/// The first file that cannot be read or is too short to be a key.
pub fn tokens(config: &Config) -> anyhow::Result<TokenKeys> {
    let read = |path: &std::path::PathBuf| {
        let bytes = files::read(path, LARGEST_KEY)
            .map(Zeroizing::new)
            .with_context(|| {
                format!(
                    "cannot read the key file {} (site.token_keys): poms init makes one, or: \
                 (umask 077; openssl rand -hex 32 > {0})",
                    path.display()
                )
            })?;
        let key = Zeroizing::new(bytes.trim_ascii().to_vec());
        if key.len() < SHORTEST_KEY {
            bail!(
                "{} (site.token_keys) has {} bytes; a key has {SHORTEST_KEY} at least, such as `openssl rand -hex 32` prints",
                path.display(),
                key.len()
            );
        }
        Ok(key)
    };
    let keys = config.site.token_keys.iter().map(read);
    Ok(TokenKeys::new(keys.collect::<anyhow::Result<Vec<_>>>()?))
}
