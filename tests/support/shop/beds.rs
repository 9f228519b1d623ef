//! Sites whose orders come out of a shop: with `poms.toml` alone.

use super::shopify::{CLIENT, FakeShopify, line, order_of};
use super::woocommerce::{self, FakeWooCommerce};
use super::{Shop, ShopServer, shopify};
use crate::support::desk::TestDesk;
use serde_json::{Value, json};

/// A site and its shop.
pub struct ShopBed<S: Shop> {
    pub desk: TestDesk,
    pub server: ShopServer<S>,
}

/// Two kettles, as the catalogue has them, placed on June 2 at 8:00.
pub fn shopify_order(id: u64, changed: &str) -> Value {
    let mut kettles = line(id * 10, "KT10-00010");
    let money = |amount: &str| json!({"shopMoney": {"amount": amount, "currencyCode": "USD"}});
    kettles["originalUnitPriceSet"] = money("29.90");
    let mut order = order_of(id, changed, vec![kettles]);
    order["createdAt"] = json!("2025-06-02T08:00:00Z");
    order["totalPriceSet"] = money("59.80");
    order["totalReceivedSet"] = money("59.80");
    order
}

/// The same at a shop of WooCommerce.
pub fn woocommerce_order(id: u64, changed: &str) -> Value {
    let mut order = woocommerce::order(id, changed);
    order["date_created_gmt"] = json!("2025-06-02T08:00:00");
    order["line_items"][0]["sku"] = json!("KT10-00010");
    for key in ["subtotal", "total"] {
        order["line_items"][0][key] = json!("59.80");
    }
    order["total"] = json!("59.80");
    order["customer_note"] = json!("");
    order
}

impl ShopBed<FakeShopify> {
    /// A shop at Shopify without orders, with more keys of its source.
    pub fn shopify(more: &str) -> ShopBed<FakeShopify> {
        let desk = TestDesk::stocked();
        let server = shopify::start();
        desk.file("keys/shopify.secret", shopify::SECRET.as_bytes());
        desk.config(&format!(
            "[[source]]\nname = \"webshop\"\nkind = \"shopify\"\nshop = \"west-goods.myshopify.com\"\n\
             base_url = \"{}\"\nclient_id = \"{CLIENT}\"\nclient_secret_file = \"keys/shopify.secret\"\n\
             since = \"2025-06-01\"\n{more}\n",
            server.url()
        ));
        server.with(|shop| {
            let more = ["write_merchant_managed_fulfillment_orders", "write_orders"];
            shop.scopes.extend(more);
        });
        ShopBed { desk, server }
    }
}

impl ShopBed<FakeWooCommerce> {
    /// A shop of WooCommerce with one order, 727, with more keys of its source.
    pub fn woocommerce(more: &str) -> ShopBed<FakeWooCommerce> {
        let desk = TestDesk::stocked();
        let server = woocommerce::start();
        server.with(|shop| shop.orders = vec![woocommerce_order(727, "2025-06-02T09:00:00")]);
        desk.file("keys/woocommerce.secret", woocommerce::SECRET.as_bytes());
        desk.config(&format!(
            "[[source]]\nname = \"webshop\"\nkind = \"woocommerce\"\nurl = \"{}\"\nconsumer_key = \"{}\"\n\
             consumer_secret_file = \"keys/woocommerce.secret\"\nsince = \"2025-06-01\"\n{more}\n",
            server.url(),
            woocommerce::KEY
        ));
        ShopBed { desk, server }
    }
}

impl<S: Shop> ShopBed<S> {
    pub fn story(&self, number: &str) -> Value {
        self.desk
            .run(&["order", "show", number, "--json"])
            .ok()
            .json()
    }

    /// The vendor says that the goods of an order of two kettles left today.
    pub fn ship(&self, number: &str, tracking: &str) {
        let story = self.story(number);
        let po = story["purchase_orders"][0]["number"]
            .as_str()
            .expect("a number");
        let day = self.desk.moment().format("%Y-%m-%d");
        let csv = format!(
            "po,sku,qty,carrier,tracking,ship date\n{po},KT10-00010,2,UPS,{tracking},{day}\n"
        );
        self.desk.file("advice.csv", csv.as_bytes());
        self.desk.run(&["import-advices", "advice.csv"]).ok();
        let story = self.story(number);
        assert_eq!(story["state"], "shipped", "{story:#}");
    }

    pub fn verify(&self) {
        let done = self.desk.run(&["verify"]);
        assert_eq!(done.code, 0, "{}{}", done.stdout, done.stderr);
    }
}
