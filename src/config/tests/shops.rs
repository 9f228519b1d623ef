//! `[[source]]` of shops: read with its defaults, refused whole.

use super::*;
use crate::config::{ShopTracking, SourceKind};

fn with(source: &str) -> Result<Config, String> {
    parse(&format!("{CONTRACT}\n[[source]]\n{source}")).map_err(|fault| fault.to_string())
}

const SHOPIFY: &str = "name = \"web shop\"\nkind = \"shopify\"\nshop = \"West-Goods.myshopify.com\"\nclient_id = \"id\"\n\
     client_secret_command = [\"pass\", \"show\", \"x\"]\nsince = \"2026-11-30\"\n";
const WOOCOMMERCE: &str = "name = \"web\"\nkind = \"woocommerce\"\nurl = \"https://shop.example/store\"\nconsumer_key = \"ck_1\"\n\
     consumer_secret_command = [\"pass\", \"show\", \"x\"]\nsince = \"2026-11-30T08:00:00-05:00\"\n";

#[test]
fn a_shop_is_one_table() {
    let config = with(SHOPIFY).unwrap();
    let source = &config.sources[0];
    let SourceKind::Shopify(shop) = &source.kind else {
        panic!("a shop at Shopify");
    };
    assert_eq!(
        shop.endpoint.base.as_str(),
        "https://west-goods.myshopify.com/"
    );
    // a day of the shop, which is in New York
    assert_eq!(shop.since.to_rfc3339(), "2026-11-30T05:00:00+00:00");
    assert_eq!(source.format.as_deref(), Some("shopify-graphql"));
    assert!(shop.tells.is_none() && source.is_trusted());
    let compares = |config: &Config| {
        let times = config.sources[0].compares();
        times.map(|times| (times.hour, times.budget.as_secs()))
    };
    assert_eq!(compares(&config), Some((3, 30)));
    for (more, times) in [
        ("compare = \"none\"", None),
        ("compare_hour = 22", Some((22, 30))),
        ("compare_seconds = 5", Some((3, 5))),
    ] {
        let config = with(&format!("{SHOPIFY}{more}")).unwrap();
        assert_eq!(compares(&config), times, "{more}");
    }
    let token = shop.token_file.display().to_string();
    assert!(token.ends_with(".web-shop.token"), "{token}");
    let config = with(&format!(
        "{WOOCOMMERCE}tracking = \"note\"\nnotify_customer = \"shop\""
    ))
    .unwrap();
    let SourceKind::WooCommerce(shop) = &config.sources[0].kind else {
        panic!("a shop of WooCommerce");
    };
    assert_eq!(shop.since.to_rfc3339(), "2026-11-30T13:00:00+00:00");
    let tells = shop.tells.unwrap();
    assert_eq!(tells.way, ShopTracking::Note);
    assert!(tells.shop_notifies && tells.closes);
}

#[test]
fn what_is_wrong_with_a_shop_is_named() {
    for (source, word) in [
        (
            SHOPIFY.replace("since = \"2026-11-30\"\n", ""),
            "the day from which on",
        ),
        (SHOPIFY.replace("2026-11-30", "yesterday"), "must be a day"),
        (
            SHOPIFY.replace(".myshopify.com", ".example"),
            "without https://",
        ),
        (
            SHOPIFY.replace("West-Goods", "https://west"),
            "without https://",
        ),
        (
            format!("{SHOPIFY}api_version = \"newest\""),
            "must be a version",
        ),
        (format!("{SHOPIFY}tracking = \"note\""), "fulfillments"),
        (format!("{SHOPIFY}compare_hour = 24"), "0 to 23"),
        (
            format!("{SHOPIFY}compare = \"none\"\ncompare_hour = 4"),
            "is about compare",
        ),
        (
            format!("{SHOPIFY}close_orders = false"),
            "set tracking as well",
        ),
        (
            format!("{SHOPIFY}url = \"https://x.example\""),
            "is for kind = \"woocommerce\"",
        ),
        (
            WOOCOMMERCE.replace("https://", "http://"),
            "must begin with https",
        ),
        (
            WOOCOMMERCE.replace("shop.example", "me:pw@shop.example"),
            "without user",
        ),
        (
            WOOCOMMERCE.replace("consumer_key = \"ck_1\"\n", ""),
            "source.consumer_key",
        ),
    ] {
        let said = with(&source).err().unwrap_or_default();
        assert!(said.contains(word), "no '{word}' in: {said}");
    }
}
