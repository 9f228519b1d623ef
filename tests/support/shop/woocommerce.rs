//! A shop of WooCommerce: the list of orders of its REST API v3, with the parameters that are documented, and
//! WordPress' ways to refuse (<https://woocommerce.github.io/woocommerce-rest-api-docs/>).

use super::{Answer, Asked, Shop, ShopServer, answer};
use chrono::{DateTime, Utc};
use serde_json::{Value, json};
use std::collections::{BTreeMap, VecDeque};

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
    /// By paths below `/wp-json/`: what the shop keeps in lists.
    pub lists: BTreeMap<String, Vec<Value>>,
    /// Whether the key may only read.
    pub read_only: bool,
    /// Lists that the shop has not.
    pub lacks: Option<&'static str>,
    /// What the path ends with of requests that acts are meant for; all where `None`.
    pub counts: Option<&'static str>,
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
    let mut order = json!({
        "id": id, "parent_id": 0, "number": id.to_string(), "order_key": "wc_order_58d2d042d1d",
        "status": "processing", "currency": "USD", "prices_include_tax": false,
        "date_created": "2026-11-20T05:00:00", "date_created_gmt": "2026-11-20T10:00:00",
        "date_modified": changed, "date_modified_gmt": changed,
        "date_paid": "2026-11-20T05:01:00", "date_paid_gmt": "2026-11-20T10:01:00"
    });
    let more = json!({
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
    });
    for (key, value) in more.as_object().expect("keys") {
        order[key] = value.clone();
    }
    order
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

    /// Only parameters that the documentation of the REST API has.
    fn is_documented(&mut self, asked: &Asked) {
        const KNOWN: [&str; 9] = [
            "status",
            "modified_after",
            "after",
            "dates_are_gmt",
            "orderby",
            "order",
            "per_page",
            "exclude",
            "include",
        ];
        for (name, _) in &asked.query {
            if !KNOWN.contains(&name.as_str()) {
                self.wrong.push(format!("{name} is not documented"));
            }
        }
    }

    /// Some orders by their ids, but those in the trash.
    fn some(&self, include: &str, asked: &Asked) -> Answer {
        let ids: Vec<&str> = include.split(',').collect();
        let most: usize = asked
            .param("per_page")
            .map_or(10, |most| most.parse().expect("a number"));
        let wanted = |order: &&Value| {
            let id = order["id"].to_string();
            ids.contains(&id.as_str()) && order["status"] != "trash"
        };
        let page: Vec<&Value> = self
            .orders
            .iter()
            .filter(wanted)
            .take(most.min(100))
            .collect();
        answer(200, serde_json::to_string_pretty(&page).expect("JSON"))
    }

    fn list(&mut self, asked: &Asked) -> Answer {
        self.is_documented(asked);
        if let Some(include) = asked.param("include") {
            return self.some(include, asked);
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
        // "any", the default, has all but these
        let trash = asked.param("status") == Some("trash");
        list.retain(|order| (order["status"] == "trash") == trash);
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
        if !trash && let Some(between) = self.between.pop_front() {
            between(self);
        }
        answer
    }
}

impl FakeWooCommerce {
    /// One order, or one of its lists.
    fn below(&mut self, method: &str, path: &str, asked: &Asked) -> Answer {
        let error =
            |status, code: &str| answer(status, json!({"code": code, "message": "no"}).to_string());
        let parts: Vec<&str> = path.split('/').collect();
        let [space, "v3", "orders", id, rest @ ..] = parts.as_slice() else {
            return error(404, "rest_no_route");
        };
        let known = match rest {
            [] | ["notes"] | ["fulfillments"] | ["refunds"] => *space == "wc",
            ["shipment-trackings"] => *space == "wc-shipment-tracking",
            _ => false,
        };
        if !known {
            return error(404, "rest_no_route");
        }
        let order = self.orders.iter_mut().find(|order| {
            let own = order["id"].to_string();
            own == *id
        });
        let Some(order) = order else {
            return error(404, "woocommerce_rest_shop_order_invalid_id");
        };
        let body: Value = serde_json::from_slice(&asked.body).unwrap_or_default();
        match (method, rest) {
            ("GET", []) => answer(200, order.to_string()),
            ("POST", []) => {
                order["status"] = body["status"].clone();
                answer(200, order.to_string())
            }
            ("GET", _) => {
                let list = self.lists.get(path).cloned().unwrap_or_default();
                answer(200, Value::Array(list).to_string())
            }
            ("POST", [list]) => {
                let fault = fault(list, &body);
                self.wrong.extend(fault);
                let mut entry = body;
                entry["notify"] = json!(asked.param("notify_customer"));
                let list = self.lists.entry(path.to_owned()).or_default();
                list.push(entry.clone());
                answer(201, entry.to_string())
            }
            _ => error(405, "rest_no_route"),
        }
    }
}

/// What the documentation wants of an entry.
fn fault(list: &str, body: &Value) -> Option<String> {
    let text = |key: &str| body[key].as_str().is_some_and(|text| !text.is_empty());
    let fine = match list {
        "notes" => text("note") && body["customer_note"].is_boolean(),
        "shipment-trackings" => {
            text("tracking_number") && text("tracking_provider") != text("custom_tracking_provider")
        }
        _ => {
            let meta = body["meta_data"].as_array().cloned().unwrap_or_default();
            let items = meta.iter().find(|one| one["key"] == "_items");
            let items = items.and_then(|one| one["value"].as_array());
            body["is_fulfilled"] == true
                && items.is_some_and(|items| {
                    !items.is_empty()
                        && items
                            .iter()
                            .all(|one| one["item_id"].is_u64() && one["qty"].is_i64())
                })
        }
    };
    (!fine).then(|| format!("{list}: {body}"))
}

impl FakeWooCommerce {
    /// What a namespace has, to whoever asks.
    fn index(&self, namespace: &str, list: &str) -> Answer {
        if self.lacks == Some(list) && list == "shipment-trackings" {
            return answer(404, r#"{"code":"rest_no_route","message":"no"}"#);
        }
        let mut routes = json!({format!("/{namespace}"): {}});
        if self.lacks != Some(list) {
            let route = format!("/{namespace}/orders/(?P<order_id>[\\d]+)/{list}");
            routes[route] = json!({"methods": ["GET", "POST"]});
        }
        answer(
            200,
            json!({"namespace": namespace, "routes": routes}).to_string(),
        )
    }
}

impl Shop for FakeWooCommerce {
    fn is_counted(&self, asked: &Asked) -> bool {
        let meant = self.counts.is_none_or(|end| asked.path.ends_with(end));
        meant && asked.path.starts_with("/wp-json/wc")
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
        if self.read_only && asked.method == "POST" {
            let body = r#"{"code":"woocommerce_rest_authentication_error","message":"The API key provided does not have write permissions.","data":{"status":401}}"#;
            return answer(401, body);
        }
        match (asked.method.as_str(), asked.path.as_str()) {
            ("GET", "/wp-json/wc/v3") => self.index("wc/v3", "fulfillments"),
            ("GET", "/wp-json/wc-shipment-tracking/v3") => {
                self.index("wc-shipment-tracking/v3", "shipment-trackings")
            }
            ("GET", "/wp-json/wc/v3/orders") => self.list(asked),
            (method, path) => self.below(method, &path["/wp-json/".len()..], asked),
        }
    }
}
