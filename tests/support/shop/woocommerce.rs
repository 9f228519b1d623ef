//! A shop of WooCommerce: the list of orders of its REST API v3, with the parameters that are documented, and
//! WordPress' ways to refuse (<https://woocommerce.github.io/woocommerce-rest-api-docs/>).

use super::{Answer, Asked, Shop, ShopServer, answer};
use chrono::{DateTime, Utc};
use serde_json::{Value, json};
use std::collections::VecDeque;

pub const KEY: &str = "ck_0123456789";
pub const SECRET: &str = "cs_canary-woocommerce-secret";

/// What happens in the shop between two pages.
pub type Between = Box<dyn FnOnce(&mut FakeWooCommerce) + Send>;

/// The shop.
#[derive(Default)]
pub struct FakeWooCommerce {
    pub orders: Vec<Value>,
    /// After each page of orders the next of these.
    pub between: VecDeque<Between>,
    /// Whether the second after which orders are wanted counts as wanted.
    pub is_inclusive: bool,
    /// A parameter that a plugin takes away.
    pub deaf_to: Option<&'static str>,
    /// The most orders of a page.
    pub most: usize,
    /// What requests had wrong, for a test to fail by.
    pub wrong: Vec<String>,
}

/// Starts one.
pub fn start() -> ShopServer<FakeWooCommerce> {
    ShopServer::start(FakeWooCommerce {
        most: 100,
        ..FakeWooCommerce::default()
    })
}

/// A paid order of two mugs; moments in UTC without saying so, as WooCommerce writes them.
pub fn order(id: u64, changed: &str) -> Value {
    let address = json!({"first_name": "Ada", "last_name": "Byron", "company": "", "address_1": "1 Elm St",
        "address_2": "", "city": "Portland", "state": "ME", "postcode": "04101", "country": "US",
        "email": "ada@customer.example", "phone": "+12075550142"});
    json!({
        "id": id, "parent_id": 0, "number": id.to_string(), "order_key": "wc_order_58d2d042d1d",
        "status": "processing", "currency": "USD", "prices_include_tax": false,
        "date_created": "2026-11-20T05:00:00", "date_created_gmt": "2026-11-20T10:00:00",
        "date_modified": changed, "date_modified_gmt": changed,
        "date_paid": "2026-11-20T05:01:00", "date_paid_gmt": "2026-11-20T10:01:00",
        "discount_total": "0.00", "discount_tax": "0.00", "shipping_total": "0.00",
        "shipping_tax": "0.00", "cart_tax": "0.00", "total": "20.00", "total_tax": "0.00",
        "customer_id": 0, "customer_note": "a \"]\" , {note} \\ ü", "payment_method": "stripe",
        "payment_method_title": "Card", "transaction_id": "pi_1", "billing": address,
        "shipping": address, "meta_data": [], "fee_lines": [], "coupon_lines": [], "refunds": [],
        "shipping_lines": [{"id": 5, "method_title": "Flat rate", "method_id": "flat_rate",
            "total": "0.00", "total_tax": "0.00"}],
        "tax_lines": [],
        "line_items": [{"id": id * 100, "name": "Mug", "product_id": 93, "variation_id": 0,
            "quantity": 2, "subtotal": "20.00", "subtotal_tax": "0.00", "total": "20.00",
            "total_tax": "0.00", "sku": "MUG-1", "price": 10.0, "meta_data": []}],
    })
}

fn moment(text: &str) -> DateTime<Utc> {
    let text = format!("{}Z", text.trim_end_matches('Z'));
    poms::clock::parse(&text).unwrap_or_else(|| panic!("{text} is no moment"))
}

impl FakeWooCommerce {
    /// Changes an order, and dates it anew.
    pub fn change(&mut self, id: u64, changed: &str, fields: Value) {
        let order = self.orders.iter_mut().find(|order| order["id"] == id);
        let order = order.expect("an order");
        order["date_modified_gmt"] = json!(changed);
        for (key, value) in fields.as_object().expect("fields") {
            order[key] = value.clone();
        }
    }

    fn list(&mut self, asked: &Asked) -> Answer {
        const KNOWN: [&str; 7] = [
            "modified_after",
            "after",
            "dates_are_gmt",
            "orderby",
            "order",
            "per_page",
            "exclude",
        ];
        for (name, _) in &asked.query {
            if !KNOWN.contains(&name.as_str()) {
                self.wrong.push(format!("{name} is not documented"));
            }
        }
        let param = |name: &'static str| asked.param(name).filter(|_| self.deaf_to != Some(name));
        let exclude: Vec<u64> = param("exclude")
            .map(|ids| {
                ids.split(',')
                    .map(|id| id.parse().expect("an id"))
                    .collect()
            })
            .unwrap_or_default();
        let changed =
            |order: &Value| moment(order["date_modified_gmt"].as_str().expect("a moment"));
        let born = |order: &Value| moment(order["date_created_gmt"].as_str().expect("a moment"));
        let mut list: Vec<&Value> = self.orders.iter().collect();
        list.retain(|order| !exclude.contains(&order["id"].as_u64().expect("an id")));
        if let Some(after) = param("modified_after").map(moment) {
            let inclusive = self.is_inclusive;
            list.retain(|order| changed(order) > after || inclusive && changed(order) == after);
        }
        if let Some(after) = param("after").map(moment) {
            list.retain(|order| born(order) > after);
        }
        // of one second in no order that anyone states: here the newest first
        list.sort_by_key(|order| std::cmp::Reverse(order["id"].as_u64()));
        match param("orderby") {
            Some("modified") => list.sort_by_key(|order| changed(order)),
            _ => list.sort_by_key(|order| born(order)),
        }
        if asked.param("dates_are_gmt") != Some("true") || asked.param("order") != Some("asc") {
            self.wrong.push("not by GMT, or not ascending".to_owned());
        }
        let first: usize = asked
            .param("per_page")
            .map_or(10, |most| most.parse().expect("a number"));
        let total = list.len();
        let page: Vec<&Value> = list.into_iter().take(first.min(self.most)).collect();
        let pages = total.div_ceil(first.max(1));
        let mut answer = answer(200, serde_json::to_string_pretty(&page).expect("JSON"));
        answer.headers += &format!("X-WP-Total: {total}\r\nX-WP-TotalPages: {pages}\r\n");
        if let Some(between) = self.between.pop_front() {
            between(self);
        }
        answer
    }
}

impl Shop for FakeWooCommerce {
    fn is_counted(&self, asked: &Asked) -> bool {
        asked.path.starts_with("/wp-json/wc/v3/")
    }

    fn respond(&mut self, asked: &Asked) -> Answer {
        let login = openssl::base64::encode_block(format!("{KEY}:{SECRET}").as_bytes());
        if !asked.path.starts_with("/wp-json/") {
            return answer(200, "<!DOCTYPE html><title>West Goods</title>");
        }
        if asked.header("authorization") != format!("Basic {login}") {
            let body = r#"{"code":"woocommerce_rest_cannot_view","message":"Sorry, you cannot list resources.","data":{"status":401}}"#;
            return answer(401, body);
        }
        match (asked.method.as_str(), asked.path.as_str()) {
            ("GET", "/wp-json/wc/v3/orders") => self.list(asked),
            _ => answer(
                404,
                r#"{"code":"rest_no_route","message":"No route was found.","data":{"status":404}}"#,
            ),
        }
    }
}
