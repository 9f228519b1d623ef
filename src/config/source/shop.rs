//! Shops' own interfaces.

use crate::config::reader::Section;
use crate::config::secret::SecretSource;

/// Keys of `kind = "shopify"` beside name, kind and format.
pub const SHOPIFY_KEYS: &[&str] = &[
    "shop",
    "client_id",
    "client_secret",
    "client_secret_file",
    "client_secret_command",
    "client_secret_credential",
    "api_version",
];

/// Keys of `kind = "woocommerce"`.
pub const WOOCOMMERCE_KEYS: &[&str] = &[
    "url",
    "consumer_key",
    "consumer_secret",
    "consumer_secret_file",
    "consumer_secret_command",
    "consumer_secret_credential",
];

/// A shop at Shopify.
#[derive(Clone)]
pub struct ShopifyConfig {
    /// `NAME.myshopify.com`.
    pub shop: String,
    /// The app's client id.
    pub client_id: String,
    /// The app's client secret.
    pub client_secret: SecretSource,
    /// Version of the Admin API; the one that this poms knows where empty.
    pub api_version: String,
}

/// A shop of WooCommerce.
#[derive(Clone)]
pub struct WooCommerceConfig {
    /// The shop's address.
    pub url: String,
    /// The key of the REST API.
    pub consumer_key: String,
    /// Its secret.
    pub consumer_secret: SecretSource,
}

/// Reads a shop at Shopify.
pub fn shopify(section: &Section<'_>) -> Option<ShopifyConfig> {
    let shop = section.required("shop", "the shop's name at Shopify, \"NAME.myshopify.com\"");
    let client_id = section.required("client_id", "the app's client id");
    Some(ShopifyConfig {
        shop,
        client_id,
        client_secret: needed(section, "client_secret")?,
        api_version: section.text("api_version").unwrap_or_default(),
    })
}

/// Reads a shop of WooCommerce.
pub fn woocommerce(section: &Section<'_>) -> Option<WooCommerceConfig> {
    let url = section.required(
        "url",
        "the shop's address, such as \"https://shop.example\"",
    );
    let consumer_key = section.required("consumer_key", "the key of the REST API, \"ck_…\"");
    Some(WooCommerceConfig {
        url,
        consumer_key,
        consumer_secret: needed(section, "consumer_secret")?,
    })
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
