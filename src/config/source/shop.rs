//! Shops' own interfaces.

use crate::config::delivery::is_loopback;
use crate::config::reader::Section;
use crate::config::safety::Need;
use crate::config::secret::SecretSource;
use crate::domain::calendar::day_begins;
use crate::http::{Endpoint, Hosts, SettingNames};
use chrono::{DateTime, NaiveDate, Utc};
use chrono_tz::Tz;
use reqwest::Url;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// The end of every shop's name at Shopify.
const MYSHOPIFY: &str = ".myshopify.com";

/// How a shop is told of shipments.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TellsShop {
    /// Where the shop keeps tracking numbers.
    pub way: ShopTracking,
    /// Whether the shop mails the customer, and poms does not.
    pub shop_notifies: bool,
    /// Whether an order is closed in the shop when all of it has left.
    pub closes: bool,
}

/// Where a shop keeps tracking numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ShopTracking {
    /// In fulfilments, of Shopify or of WooCommerce.
    Fulfillments,
    /// In WooCommerce's plugin "Shipment Tracking", and in those that speak like it.
    ShipmentTracking,
    /// In a note at the order.
    Note,
}

/// When a shop is compared with the ledger.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ComparesShop {
    /// The hour of the site's day from which on that begins, once a day.
    pub hour: u32,
    /// What one run spends on it; the next ones go on.
    pub budget: Duration,
}

/// A shop at Shopify.
#[derive(Clone)]
pub struct ShopifyConfig {
    /// `NAME.myshopify.com`.
    pub shop: String,
    /// Where it is asked: at its name, but for tries.
    pub endpoint: Endpoint,
    /// The app's client id.
    pub client_id: String,
    /// The app's client secret.
    pub client_secret: SecretSource,
    /// Version of the Admin API; the one that this poms knows where empty.
    pub api_version: String,
    /// Orders that were placed before are not poms'.
    pub since: DateTime<Utc>,
    /// How long one request may take.
    pub timeout: Duration,
    /// Where the app's token is kept between runs.
    pub token_file: PathBuf,
    /// How it is told of shipments; not at all where `None`.
    pub tells: Option<TellsShop>,
    /// When it is compared with the ledger; never where `None`.
    pub compares: Option<ComparesShop>,
}

/// A shop of WooCommerce.
#[derive(Clone)]
pub struct WooCommerceConfig {
    /// The shop's address.
    pub url: String,
    /// The same, and what may be believed of it.
    pub endpoint: Endpoint,
    /// The key of the REST API.
    pub consumer_key: String,
    /// Its secret.
    pub consumer_secret: SecretSource,
    /// Orders that were placed before are not poms'.
    pub since: DateTime<Utc>,
    /// How long one request may take.
    pub timeout: Duration,
    /// How it is told of shipments; not at all where `None`.
    pub tells: Option<TellsShop>,
    /// When it is compared with the ledger; never where `None`.
    pub compares: Option<ComparesShop>,
}

impl ShopifyConfig {
    /// Keeps the token beside the ledger, under the source's name.
    pub fn keep_token(&mut self, source: &str, ledger: &Path) {
        let plain = |c: char| if c.is_ascii_alphanumeric() { c } else { '-' };
        let mut file = ledger.as_os_str().to_owned();
        file.push(format!(
            ".{}.token",
            source.chars().map(plain).collect::<String>()
        ));
        self.token_file = file.into();
    }
}

/// Reads a shop at Shopify; its days are those of `zone`.
pub fn shopify(section: &Section<'_>, zone: Tz) -> Option<ShopifyConfig> {
    let shop = section.required("shop", "the shop's name at Shopify, \"NAME.myshopify.com\"");
    let shop = shop.to_ascii_lowercase();
    let name = shop.strip_suffix(MYSHOPIFY).unwrap_or_default();
    let plain = |c: char| c.is_ascii_alphanumeric() || c == '-';
    if !shop.is_empty() && (name.is_empty() || !name.chars().all(plain)) {
        section.fault(
            "shop",
            "must be the name that Shopify gave the shop, such as \"west-goods.myshopify.com\", without https://",
        );
    }
    let client_id = section.required("client_id", "the app's client id");
    let api_version = section.text("api_version").unwrap_or_default();
    let dated = |text: &str| NaiveDate::parse_from_str(&format!("{text}-01"), "%Y-%m-%d").is_ok();
    if !api_version.is_empty() && !dated(&api_version) {
        section.fault(
            "api_version",
            "must be a version such as \"2026-10\"; as a rule it is left out",
        );
    }
    let base = match section.has("base_url") {
        true => address(section, "base_url", "https://west-goods.myshopify.com"),
        false => Url::parse(&format!("https://{shop}")).ok(),
    };
    let client_secret = needed(section, "client_secret");
    let since = since(section, zone);
    Some(ShopifyConfig {
        endpoint: endpoint(section, base?, "source.base_url"),
        shop,
        client_id,
        client_secret: client_secret?,
        api_version,
        since: since?,
        timeout: timeout(section),
        token_file: PathBuf::new(),
        tells: tells(
            section,
            &[("fulfillments", Some(ShopTracking::Fulfillments))],
        ),
        compares: compares(section),
    })
}

/// Reads a shop of WooCommerce; its days are those of `zone`.
pub fn woocommerce(section: &Section<'_>, zone: Tz) -> Option<WooCommerceConfig> {
    let example = "https://shop.example";
    let url = section.required(
        "url",
        "the shop's address, such as \"https://shop.example\"",
    );
    let base = match url.is_empty() {
        true => None, // noted already
        false => address(section, "url", example),
    };
    let consumer_key = section.required("consumer_key", "the key of the REST API, \"ck_…\"");
    let consumer_secret = needed(section, "consumer_secret");
    let since = since(section, zone);
    Some(WooCommerceConfig {
        url,
        endpoint: endpoint(section, base?, "source.url"),
        consumer_key,
        consumer_secret: consumer_secret?,
        since: since?,
        timeout: timeout(section),
        tells: tells(
            section,
            &[
                ("fulfillments", Some(ShopTracking::Fulfillments)),
                ("shipment_tracking", Some(ShopTracking::ShipmentTracking)),
                ("note", Some(ShopTracking::Note)),
            ],
        ),
        compares: compares(section),
    })
}

/// How the shop is told of shipments.
fn tells(section: &Section<'_>, ways: &[(&str, Option<ShopTracking>)]) -> Option<TellsShop> {
    let mut words = ways.to_vec();
    words.push(("none", None));
    let way = section.choice("tracking", &words, None);
    let shop_notifies =
        section.choice("notify_customer", &[("poms", false), ("shop", true)], false);
    let closes = !section.has("close_orders") || section.flag("close_orders");
    if way.is_none() {
        for key in ["notify_customer", "close_orders"] {
            if section.has(key) {
                section.fault(
                    key,
                    "is about shipments that the shop is told of: set tracking as well",
                );
            }
        }
    }
    Some(TellsShop {
        way: way?,
        shop_notifies,
        closes,
    })
}

/// When shop and ledger are compared.
fn compares(section: &Section<'_>) -> Option<ComparesShop> {
    let nightly = section.choice("compare", &[("nightly", true), ("none", false)], true);
    let hour = section.number("compare_hour", 0..=23, 3);
    let budget = section.number("compare_seconds", 1..=600, 30);
    for key in ["compare_hour", "compare_seconds"] {
        if !nightly && section.has(key) {
            section.fault(
                key,
                "is about compare = \"nightly\": set that, or leave this out",
            );
        }
    }
    let hour = u32::try_from(hour).ok().filter(|_| nightly)?;
    let budget = Duration::from_secs(budget.unsigned_abs());
    Some(ComparesShop { hour, budget })
}

/// The day from which on orders are poms'. It has no default: an order of before is done by what did them before,
/// and would be sent a second time.
fn since(section: &Section<'_>, zone: Tz) -> Option<DateTime<Utc>> {
    let text = section.required(
        "since",
        "the day from which on orders are poms' business, such as \"2026-11-30\"; those that were placed before stay with \
         what did them before",
    );
    if text.is_empty() {
        return None; // noted already
    }
    let day = NaiveDate::parse_from_str(&text, "%Y-%m-%d").ok();
    let day = day.map(|day| day_begins(day, zone));
    let moment = DateTime::parse_from_rfc3339(&text).map(|moment| moment.to_utc());
    let since = day.or(moment.ok());
    if since.is_none() {
        section.fault(
            "since",
            "must be a day of the shop (\"2026-11-30\", by the site's timezone) or a moment \
             (\"2026-11-30T08:00:00-05:00\")",
        );
    }
    since
}

pub(super) fn timeout(section: &Section<'_>) -> Duration {
    Duration::from_secs(
        section
            .number("timeout_seconds", 1..=600, 60)
            .unsigned_abs(),
    )
}

/// An address below which a shop is asked.
fn address(section: &Section<'_>, key: &str, example: &str) -> Option<Url> {
    let url = any_address(section, key, example, "without user or query")?;
    if url.query().is_some() {
        section.fault(
            key,
            format!("must be an address such as {example}, without user or query"),
        );
        return None;
    }
    Some(url)
}

/// An address at which a service may be asked, with a query where it has one; `without` says what it may not have.
pub(super) fn any_address(
    section: &Section<'_>,
    key: &str,
    example: &str,
    without: &str,
) -> Option<Url> {
    let text = section.text(key).unwrap_or_default();
    let url = Url::parse(&text).ok().filter(|url| {
        url.has_host()
            && url.username().is_empty()
            && url.password().is_none()
            && url.fragment().is_none()
    });
    let Some(url) = url else {
        section.fault(
            key,
            format!("must be an address such as {example}, {without}"),
        );
        return None;
    };
    let host = url.host_str().unwrap_or_default();
    let here = is_loopback(host.trim_matches(['[', ']']));
    match url.scheme() {
        "https" => Some(url),
        "http" if here || section.flag("allow_plaintext") => Some(url),
        _ => {
            section.fault(
                key,
                "must begin with https: plain http would show orders and the secret to everyone on the way; write \
                 allow_plaintext = true as well if the way there is protected otherwise",
            );
            None
        }
    }
}

pub(super) fn endpoint(section: &Section<'_>, base: Url, name: &'static str) -> Endpoint {
    Endpoint {
        base,
        hosts: match section.flag("allow_private") {
            true => Hosts::Any,
            false => Hosts::Public,
        },
        allow_plaintext: section.flag("allow_plaintext"),
        ca_file: section.path("ca_file", Need::Guarded),
        settings: SettingNames {
            base: name,
            hosts: "source.allow_private",
        },
    }
}

/// A secret that must be there.
fn needed(section: &Section<'_>, name: &str) -> Option<SecretSource> {
    let secret = section.secret(name);
    if secret.is_none() && !section.has(name) {
        section.fault_plain(
            name,
            format!("is missing: write {name}_file (or _command, _credential)"),
        );
    }
    secret
}
