//! `[[source]]`: where documents of orders come from beside mail.

mod folder;
mod https;
mod keys;
mod shop;
mod stock;

pub(super) use folder::sftp_server;
pub use folder::{FilesConfig, FolderConfig, SftpConfig, SftpLogin, SftpServer};
pub(super) use https::login;
pub use https::{HttpsConfig, HttpsLogin};
pub(super) use keys::NAMES as SOURCE_KEYS;
pub use shop::{ComparesShop, ShopTracking, ShopifyConfig, TellsShop, WooCommerceConfig};
pub(super) use stock::headings;

use super::mailbox::MailboxConfig;
use super::reader::Section;
use super::site::{OpenPgpConfig, SiteConfig};
use crate::domain::stock::StockFeed;
use chrono_tz::Tz;

/// One source.
#[derive(Clone)]
pub struct SourceConfig {
    /// Its name in the ledger and to people; unique, also among the mailboxes.
    pub name: String,
    /// The order format that its documents must have; any where `None`.
    pub format: Option<String>,
    /// What comes before the numbers of its orders, where two shops count alike; empty where nothing does.
    pub order_prefix: String,
    /// Whose lists of stock it brings; orders where `None`.
    pub stock: Option<StockFeed>,
    /// How it is reached.
    pub kind: SourceKind,
}

/// How a source is reached.
#[derive(Clone)]
pub enum SourceKind {
    /// A folder of this machine.
    Folder(FolderConfig),
    /// A folder of an SFTP server.
    Sftp(Box<SftpConfig>),
    /// A list at an address.
    Https(Box<HttpsConfig>),
    /// A shop at Shopify.
    Shopify(Box<ShopifyConfig>),
    /// A shop of WooCommerce.
    WooCommerce(Box<WooCommerceConfig>),
}

impl SourceConfig {
    /// The place that it reads. A cursor, and what documents are known again by, count for this place alone:
    /// who points the source at another shop begins there anew.
    pub fn place(&self) -> String {
        match &self.kind {
            SourceKind::Folder(folder) => format!("folder {}", folder.path.display()),
            SourceKind::Sftp(sftp) => {
                format!(
                    "sftp {}@{}:{} {}",
                    sftp.server.user, sftp.server.host, sftp.server.port, sftp.path
                )
            }
            SourceKind::Https(list) => list.place(),
            SourceKind::Shopify(shop) => format!("shopify {}", shop.shop),
            SourceKind::WooCommerce(shop) => format!("woocommerce {}", shop.url),
        }
    }

    /// How it is told of shipments; not at all where `None`.
    pub fn tells(&self) -> Option<TellsShop> {
        match &self.kind {
            SourceKind::Shopify(shop) => shop.tells,
            SourceKind::WooCommerce(shop) => shop.tells,
            SourceKind::Folder(_) | SourceKind::Sftp(_) | SourceKind::Https(_) => None,
        }
    }

    /// When a shop is compared with the ledger; never where `None`.
    pub fn compares(&self) -> Option<ComparesShop> {
        match &self.kind {
            SourceKind::Shopify(shop) => shop.compares,
            SourceKind::WooCommerce(shop) => shop.compares,
            SourceKind::Folder(_) | SourceKind::Sftp(_) | SourceKind::Https(_) => None,
        }
    }

    /// Whether what comes is believed without a signature in it.
    pub fn is_trusted(&self) -> bool {
        match &self.kind {
            SourceKind::Folder(folder) => folder.trusted,
            SourceKind::Sftp(sftp) => sftp.trusted,
            SourceKind::Https(_) | SourceKind::Shopify(_) | SourceKind::WooCommerce(_) => true,
        }
    }
}

#[derive(Clone, Copy)]
enum Way {
    Folder,
    Sftp,
    Https,
    Shopify,
    WooCommerce,
}

const WAYS: [(&str, Way); 5] = [
    ("folder", Way::Folder),
    ("sftp", Way::Sftp),
    ("https", Way::Https),
    ("shopify", Way::Shopify),
    ("woocommerce", Way::WooCommerce),
];

/// Reads every `[[source]]`.
pub fn sources(
    top: &Section<'_>,
    site: Option<&SiteConfig>,
    mailboxes: &[MailboxConfig],
    openpgp: &OpenPgpConfig,
) -> Vec<SourceConfig> {
    let mut found: Vec<SourceConfig> = Vec::new();
    // without a site the configuration is refused
    let zone = site.map_or(Tz::UTC, |site| site.timezone);
    for section in top.sections("source", "source") {
        let Some(mut source) = source(&section, zone) else {
            continue;
        };
        if let (SourceKind::Shopify(shop), Some(site)) = (&mut source.kind, site) {
            shop.keep_token(&source.name, &site.ledger);
        }
        let same = |name: &str| name == source.name;
        if found.iter().any(|other| same(&other.name)) {
            section.fault("name", "is the name of another source: each needs its own");
        }
        if mailboxes.iter().any(|mailbox| same(&mailbox.name)) {
            section.fault(
                "name",
                "is the name of a mailbox: what came by which could not be told apart",
            );
        }
        found.push(source);
    }
    need_signers(top, &found, openpgp);
    found
}

/// Notes that nobody is trusted to sign what a source brings that only a signature proves.
fn need_signers(top: &Section<'_>, sources: &[SourceConfig], openpgp: &OpenPgpConfig) {
    let unproved = sources.iter().find(|source| !source.is_trusted());
    if let Some(source) = unproved.filter(|_| openpgp.trusted_signers.is_empty()) {
        let name = &source.name;
        top.fault_plain(
            "openpgp",
            format!(
                "trusted_signers is missing or empty: the source '{name}' brings what a signature must prove"
            ),
        );
    }
}

fn source(section: &Section<'_>, zone: Tz) -> Option<SourceConfig> {
    let name = section.required("name", "a short name, such as \"webshop\"");
    let format = section.text("format").filter(|name| !name.is_empty());
    if !section.has("kind") {
        let kinds = "must be \"folder\", \"sftp\", \"https\", \"shopify\" or \"woocommerce\"";
        section.fault("kind", format!("is missing: it {kinds}"));
        return None;
    }
    let words = WAYS.map(|(word, way)| (word, Some((word, way))));
    let (word, way) = section.choice("kind", &words, None)?;
    refuse_others(section, word);
    let own = match way {
        Way::Shopify => Some("shopify-graphql"),
        Way::WooCommerce => Some("woocommerce"),
        Way::Folder | Way::Sftp | Way::Https => None,
    };
    let format = format.or(own.map(str::to_owned));
    let kind = match way {
        Way::Folder => SourceKind::Folder(folder::folder(section)?),
        Way::Sftp => SourceKind::Sftp(Box::new(folder::sftp(section)?)),
        Way::Https => SourceKind::Https(Box::new(https::https(section)?)),
        Way::Shopify => SourceKind::Shopify(Box::new(shop::shopify(section, zone)?)),
        Way::WooCommerce => SourceKind::WooCommerce(Box::new(shop::woocommerce(section, zone)?)),
    };
    Some(SourceConfig {
        name,
        format,
        order_prefix: order_prefix(section),
        stock: stock::feed(section),
        kind,
    })
}

/// A prefix by which numbers stay numbers: with a letter in it, so that no number of another shop is the same, and
/// nothing at which a number in a mail would be torn.
fn order_prefix(section: &Section<'_>) -> String {
    let prefix = section.text("order_prefix").unwrap_or_default();
    let allowed = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
    let begins = prefix.starts_with(|c: char| c.is_ascii_alphanumeric());
    let named = prefix.len() <= 12 && prefix.contains(|c: char| c.is_ascii_alphabetic());
    if section.has("order_prefix") && !(prefix.chars().all(allowed) && begins && named) {
        section.fault(
            "order_prefix",
            "must be up to 12 letters, digits, - _ or ., with a letter in it, such as \"EU-\"",
        );
    }
    prefix
}

/// Notes every key that is written and is another kind's alone.
fn refuse_others(section: &Section<'_>, kind: &str) {
    for (key, kinds) in keys::KEYS {
        if let Some(other) = kinds.first()
            && !kinds.contains(&kind)
            && section.has(key)
        {
            section.fault(
                key,
                format!("is for kind = \"{other}\", and this source is of kind \"{kind}\""),
            );
        }
    }
}
