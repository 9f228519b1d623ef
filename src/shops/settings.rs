//! How the shops of a configuration are reached.

use super::compared::{CompareEffort, ComparedShop};
use super::shopify::{API_VERSION, ShopifyCompared, ShopifySettings, ShopifyTold};
use super::told::ToldShop;
use super::woocommerce::{
    WooCommerceCompared, WooCommerceSettings, WooCommerceTold, WooCommerceWay,
};
use crate::config::{
    SecretSource, ShopTracking, ShopifyConfig, SourceConfig, SourceKind, WooCommerceConfig,
};
use crate::http::Secret;
use chrono::{DateTime, Utc};
use std::sync::Arc;

/// A shop at Shopify.
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
        deadline: None,
        fulfils: shop.tells.is_some(),
        closes: shop.tells.is_some_and(|tells| tells.closes),
    }
}

/// A shop of WooCommerce.
pub fn woocommerce(shop: &WooCommerceConfig) -> WooCommerceSettings {
    WooCommerceSettings {
        shop: shop.endpoint.host().to_owned(),
        endpoint: shop.endpoint.clone(),
        consumer_key: shop.consumer_key.clone(),
        consumer_secret: secret(&shop.consumer_secret),
        since: shop.since,
        timeout: shop.timeout,
        deadline: None,
    }
}

/// A source that is told of shipments, as one that can be told; `None` for every other.
pub fn told(source: &SourceConfig, now: DateTime<Utc>) -> Option<Box<dyn ToldShop>> {
    match &source.kind {
        SourceKind::Shopify(shop) => {
            shop.tells?;
            Some(Box::new(ShopifyTold::new(shopify(shop), now)))
        }
        SourceKind::WooCommerce(shop) => {
            let way = way(shop.tells?.way);
            Some(Box::new(WooCommerceTold::new(woocommerce(shop), way)))
        }
        SourceKind::Folder(_) | SourceKind::Sftp(_) | SourceKind::Https(_) => None,
    }
}

fn way(way: ShopTracking) -> WooCommerceWay {
    match way {
        ShopTracking::ShipmentTracking => WooCommerceWay::ShipmentTracking,
        ShopTracking::Fulfillments => WooCommerceWay::Fulfillments,
        ShopTracking::Note => WooCommerceWay::Note,
    }
}

/// A source that can be compared with the ledger, as one that is asked; `None` for folders, which nobody can be
/// asked about.
pub fn compared(
    source: &SourceConfig,
    now: DateTime<Utc>,
    effort: CompareEffort,
) -> Option<Box<dyn ComparedShop>> {
    match &source.kind {
        SourceKind::Shopify(shop) => {
            let settings = ShopifySettings {
                deadline: effort.deadline,
                ..shopify(shop)
            };
            let shop = ShopifyCompared::new(settings, now, effort.patience);
            Some(Box::new(shop))
        }
        SourceKind::WooCommerce(shop) => {
            let way = shop.tells.map(|tells| way(tells.way));
            let settings = WooCommerceSettings {
                deadline: effort.deadline,
                ..woocommerce(shop)
            };
            Some(Box::new(WooCommerceCompared::new(settings, way, now)))
        }
        SourceKind::Folder(_) | SourceKind::Sftp(_) | SourceKind::Https(_) => None,
    }
}

fn secret(source: &SecretSource) -> Secret {
    let source = source.clone();
    Arc::new(move || source.read().map_err(|fault| fault.to_string()))
}
