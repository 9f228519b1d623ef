//! Shops that orders come from and shipments are told to, for sites that are struck.

use super::*;
use crate::support::shop::ShopServer;
use crate::support::shop::shopify::{self, FakeShopify};
use crate::support::shop::woocommerce::{self, FakeWooCommerce};

/// A kind of shop, and its way to keep tracking numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Shopify,
    WooCommerce(&'static str),
}

/// One shop on this machine.
pub enum Server {
    Shopify(ShopServer<FakeShopify>),
    WooCommerce(ShopServer<FakeWooCommerce>),
}

/// When the n-th order was changed: an hour after another, so that none that was passed over would come again
/// because a walk begins a little early.
fn changed(number: usize) -> String {
    format!("2025-06-01T{:02}:00:00", 10 + number)
}

/// Two kettles of one vendor and two hoses of another; `goods` in place of the kettles.
fn shopify_order(number: usize, goods: &str) -> Value {
    let money = |amount: &str| json!({"shopMoney": {"amount": amount, "currencyCode": "USD"}});
    let id = 1001 + number as u64;
    let mut lines = vec![
        shopify::line(id * 10, goods),
        shopify::line(id * 10 + 1, "GD20-00020"),
    ];
    lines[0]["originalUnitPriceSet"] = money("29.90");
    lines[1]["originalUnitPriceSet"] = money("39.00");
    let mut order = shopify::order_of(id, &format!("{}Z", changed(number)), lines);
    order["createdAt"] = json!("2025-06-01T09:00:00Z");
    order["totalPriceSet"] = money("137.80");
    order["email"] = json!(format!("customer{number}@mail.example"));
    for key in ["shippingAddress", "billingAddress"] {
        order[key]["name"] = json!(format!("Ada Byron {number}"));
        order[key]["address1"] = json!(format!("{number} Elm St"));
    }
    order
}

fn woocommerce_order(number: usize, goods: &str) -> Value {
    let id = 727 + number as u64;
    let mut order = woocommerce::order(id, &changed(number));
    order["date_created_gmt"] = json!("2025-06-01T09:00:00");
    let mut hoses = order["line_items"][0].clone();
    (hoses["id"], hoses["sku"]) = (json!(id * 100 + 1), json!("GD20-00020"));
    order["line_items"][0]["sku"] = json!(goods);
    for key in ["subtotal", "total"] {
        order["line_items"][0][key] = json!("59.80");
        hoses[key] = json!("78.00");
    }
    order["line_items"].as_array_mut().unwrap().push(hoses);
    order["total"] = json!("137.80");
    order["customer_note"] = json!("");
    for key in ["shipping", "billing"] {
        order[key]["first_name"] = json!(format!("Ada {number}"));
        order[key]["address_1"] = json!(format!("{number} Elm St"));
        order[key]["email"] = json!(format!("customer{number}@mail.example"));
    }
    order
}

impl Kind {
    /// So many orders; the third has goods that nobody knows.
    pub fn orders(self, count: usize) -> Vec<Value> {
        let one = |number: usize| {
            let goods = if number == 2 { "NO-SUCH" } else { "KT10-00010" };
            match self {
                Kind::Shopify => shopify_order(number, goods),
                Kind::WooCommerce(_) => woocommerce_order(number, goods),
            }
        };
        (0..count).map(one).collect()
    }

    pub fn serve(self, orders: Vec<Value>) -> Server {
        match self {
            Kind::Shopify => {
                let server = shopify::start();
                server.with(|shop| {
                    shop.orders = orders;
                    let told = ["write_merchant_managed_fulfillment_orders", "write_orders"];
                    shop.scopes.extend(told);
                });
                Server::Shopify(server)
            }
            Kind::WooCommerce(_) => {
                let server = woocommerce::start();
                server.with(|shop| shop.orders = orders);
                Server::WooCommerce(server)
            }
        }
    }

    /// A site that knows the shop's secret.
    pub fn desk(self) -> TestDesk {
        let desk = TestDesk::stocked();
        desk.file("keys/shop.secret", self.secret().as_bytes());
        desk
    }

    fn secret(self) -> &'static str {
        match self {
            Kind::Shopify => shopify::SECRET,
            Kind::WooCommerce(_) => woocommerce::SECRET,
        }
    }

    /// The shop as a source that is told of shipments.
    pub fn table(self, server: &Server) -> String {
        let url = server.url();
        let own = match self {
            Kind::Shopify => format!(
                "kind = \"shopify\"\nshop = \"west-goods.myshopify.com\"\nbase_url = \"{url}\"\n\
                 client_id = \"{}\"\nclient_secret_file = \"keys/shop.secret\"\ntracking = \"fulfillments\"",
                shopify::CLIENT
            ),
            Kind::WooCommerce(way) => format!(
                "kind = \"woocommerce\"\nurl = \"{url}\"\nconsumer_key = \"{}\"\n\
                 consumer_secret_file = \"keys/shop.secret\"\ntracking = \"{way}\"",
                woocommerce::KEY
            ),
        };
        format!("[[source]]\nname = \"webshop\"\nsince = \"2025-06-01\"\n{own}\n")
    }
}

impl Server {
    fn url(&self) -> String {
        match self {
            Server::Shopify(server) => server.url(),
            Server::WooCommerce(server) => server.url(),
        }
    }

    pub fn orders(&self) -> Vec<Value> {
        match self {
            Server::Shopify(server) => server.with(|shop| shop.orders.clone()),
            Server::WooCommerce(server) => server.with(|shop| shop.orders.clone()),
        }
    }

    /// Has these orders, and nothing that it was told since.
    pub fn restore(&self, orders: Vec<Value>) {
        match self {
            Server::Shopify(server) => server.with(|shop| shop.orders = orders),
            Server::WooCommerce(server) => server.with(|shop| {
                shop.orders = orders;
                shop.lists.clear();
            }),
        }
    }

    /// Fails when poms asked for what the shop does not have, or not as it is published.
    pub fn was_asked_well(&self, at: &str) {
        let wrong = match self {
            Server::Shopify(server) => server.with(|shop| shop.wrong.clone()),
            Server::WooCommerce(server) => server.with(|shop| shop.wrong.clone()),
        };
        assert_eq!(wrong, Vec::<String>::new(), "{at}");
    }

    /// What the shop keeps of shipments, an entry each, as text.
    pub fn told(&self) -> Vec<String> {
        match self {
            Server::Shopify(server) => server.with(|shop| {
                let lists = shop.orders.iter().map(|order| &order["fulfillments"]);
                let entries = lists.flat_map(|list| list.as_array().cloned().unwrap_or_default());
                entries.map(|entry| entry.to_string()).collect()
            }),
            Server::WooCommerce(server) => server.with(|shop| {
                let entries = shop.lists.values().flatten();
                entries.map(Value::to_string).collect()
            }),
        }
    }

    /// Orders that are closed in the shop, or completed.
    pub fn closed(&self) -> usize {
        let is = |order: &&Value| order["closed"] == true || order["status"] == "completed";
        self.orders().iter().filter(is).count()
    }
}

/// The moment of an order's last change.
pub fn changed_at(order: &Value) -> chrono::DateTime<chrono::Utc> {
    let keys = ["updatedAt", "date_modified_gmt"];
    let text = keys.iter().find_map(|key| order[key].as_str()).unwrap();
    poms::clock::parse(&format!("{}Z", text.trim_end_matches('Z'))).unwrap()
}
