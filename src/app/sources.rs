//! Opens the sources that a configuration has: a shop's interface stands above intake, so no part below
//! this one knows all kinds.

use crate::config::{SecretSource, ShopifyConfig, SourceConfig, SourceKind, WooCommerceConfig};
use crate::http::Secret;
use crate::intake::source::{Source, SourceFailure, folder, sftp};
use crate::shops::shopify::{API_VERSION, ShopifyOrders, ShopifySettings};
use crate::shops::woocommerce::{WooCommerceOrders, WooCommerceSettings};
use std::sync::Arc;

/// Opens a source.
///
/// # Errors
/// When it cannot be opened, in a sentence that says what to do.
pub fn open(config: &SourceConfig) -> Result<Box<dyn Source>, SourceFailure> {
    let name = &config.name;
    match &config.kind {
        SourceKind::Folder(folder) => Ok(Box::new(folder::Folder::open(name, folder)?)),
        SourceKind::Sftp(sftp) => Ok(Box::new(sftp::Sftp::open(name, sftp)?)),
        SourceKind::Shopify(shop) => Ok(Box::new(ShopifyOrders::new(name, shopify(shop)))),
        SourceKind::WooCommerce(shop) => {
            Ok(Box::new(WooCommerceOrders::new(name, woocommerce(shop))))
        }
    }
}

/// How a shop at Shopify is reached.
pub fn shopify(shop: &ShopifyConfig) -> ShopifySettings {
    ShopifySettings {
        shop: shop.shop.clone(),
        endpoint: shop.endpoint.clone(),
        client_id: shop.client_id.clone(),
        client_secret: secret(&shop.client_secret),
        api_version: match shop.api_version.as_str() {
            "" => API_VERSION.to_owned(),
            stated => stated.to_owned(),
        },
        since: shop.since,
        token_file: shop.token_file.clone(),
        timeout: shop.timeout,
    }
}

/// How a shop of WooCommerce is reached.
pub fn woocommerce(shop: &WooCommerceConfig) -> WooCommerceSettings {
    WooCommerceSettings {
        shop: shop.endpoint.host().to_owned(),
        endpoint: shop.endpoint.clone(),
        consumer_key: shop.consumer_key.clone(),
        consumer_secret: secret(&shop.consumer_secret),
        since: shop.since,
        timeout: shop.timeout,
    }
}

fn secret(source: &SecretSource) -> Secret {
    let source = source.clone();
    Arc::new(move || source.read().map_err(|fault| fault.to_string()))
}
