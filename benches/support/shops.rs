//! Shops that have as many orders as wanted and answer as quickly as they can: what poms asks of Shopify and of
//! WooCommerce, and nothing else. How these shops are tried as published is in `tests/shops`.

use crate::shop::order;
use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Value, json};
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// The secret by which they let poms in.
pub const SECRET: &str = "bench";

/// Which of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Shopify,
    WooCommerce,
}

/// One that listens, until it is dropped.
pub struct Server {
    port: u16,
    closed: Arc<AtomicBool>,
}

impl Server {
    pub fn start(kind: Kind, orders: usize) -> Server {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let closed = Arc::new(AtomicBool::new(false));
        let ends = closed.clone();
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                if ends.load(Ordering::SeqCst) {
                    return;
                }
                std::thread::spawn(move || serve(kind, orders, &stream));
            }
        });
        Server { port, closed }
    }

    /// The shop as a source.
    pub fn table(&self, kind: Kind) -> String {
        let url = format!("http://127.0.0.1:{}", self.port);
        let own = match kind {
            Kind::Shopify => format!(
                "kind = \"shopify\"\nshop = \"bench.myshopify.com\"\nbase_url = \"{url}\"\n\
                 client_id = \"bench\"\nclient_secret_file = \"keys/shop.secret\""
            ),
            Kind::WooCommerce => format!(
                "kind = \"woocommerce\"\nurl = \"{url}\"\nconsumer_key = \"ck_bench\"\n\
                 consumer_secret_file = \"keys/shop.secret\""
            ),
        };
        format!("[[source]]\nname = \"webshop\"\nsince = \"2025-06-01\"\n{own}\n")
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.closed.store(true, Ordering::SeqCst);
        // wakes the thread that waits for connections
        let _ = TcpStream::connect(("127.0.0.1", self.port));
    }
}

/// Answers until the other side is at its end.
fn serve(kind: Kind, orders: usize, stream: &TcpStream) -> Option<()> {
    let mut reader = BufReader::new(stream);
    loop {
        let (mut first, mut length) = (String::new(), 0);
        if reader.read_line(&mut first).ok()? == 0 {
            return None;
        }
        loop {
            let mut line = String::new();
            reader.read_line(&mut line).ok()?;
            match line.trim_end().to_lowercase().split_once(": ") {
                Some(("content-length", bytes)) => length = bytes.parse().ok()?,
                Some(_) => {}
                None => break,
            }
        }
        let mut body = vec![0; length];
        reader.read_exact(&mut body).ok()?;
        let target = first.split(' ').nth(1)?;
        let (headers, answer) = match kind {
            Kind::Shopify => (String::new(), shopify(orders, target, &body)),
            Kind::WooCommerce => woocommerce(orders, target),
        };
        let head = format!(
            "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {}\r\n{headers}\r\n",
            answer.len()
        );
        let mut out = stream;
        out.write_all(head.as_bytes()).ok()?;
        out.write_all(answer.as_bytes()).ok()?;
    }
}

/// When an order changed: a second after the one before it.
fn changed(number: usize) -> DateTime<Utc> {
    let first: DateTime<Utc> = "2025-06-02T06:00:00Z".parse().unwrap();
    first + TimeDelta::seconds(number as i64)
}

fn shopify(orders: usize, target: &str, body: &[u8]) -> String {
    if target.ends_with("/access_token") {
        let token = json!({"access_token": "t", "scope": "read_orders", "expires_in": 86399});
        return token.to_string();
    }
    let asked: Value = serde_json::from_slice(body).unwrap();
    let variables = &asked["variables"];
    let after = variables["after"].as_str();
    let start = after.map_or(0, |place| place.parse::<usize>().unwrap() + 1);
    let end = orders.min(start + variables["first"].as_u64().unwrap() as usize);
    let edges: Vec<Value> = (start..end)
        .map(|number| json!({"cursor": number.to_string(), "node": shopify_node(number)}))
        .collect();
    let info = json!({"hasNextPage": end < orders, "endCursor": (end.max(1) - 1).to_string()});
    json!({"data": {"orders": {"edges": edges, "pageInfo": info}}}).to_string()
}

fn shopify_node(number: usize) -> Value {
    let own = order(number);
    let money = |amount: &Value| json!({"shopMoney": {"amount": amount, "currencyCode": "USD"}});
    let line = |(place, line): (usize, &Value)| {
        json!({
            "id": format!("gid://shopify/LineItem/{number}{place}"), "sku": line["sku"],
            "title": "Thing", "name": "Thing", "variantTitle": null, "vendor": "Bench",
            "quantity": line["qty"], "currentQuantity": line["qty"], "unfulfilledQuantity": line["qty"],
            "requiresShipping": true, "isGiftCard": false, "customAttributes": [],
            "originalUnitPriceSet": money(&line["unit_price"]),
        })
    };
    let lines = own["lines"].as_array().unwrap().iter().enumerate();
    let lines: Vec<Value> = lines.map(line).collect();
    let address = json!({
        "name": own["customer"]["name"], "firstName": "César", "lastName": format!("Bustos {number}"),
        "company": null, "address1": own["ship_to"]["street1"], "address2": null, "city": "South Willie",
        "province": "Missouri", "provinceCode": "MO", "zip": "65367", "country": "United States",
        "countryCodeV2": "US", "phone": "+18595899227",
    });
    let (none, shipping) = (money(&json!("0.00")), money(&own["shipping"]));
    let whole = json!({"hasNextPage": false, "endCursor": null});
    json!({
        "id": format!("gid://shopify/Order/{}", 5_000_000 + number), "name": format!("#{number}"),
        "createdAt": "2025-06-02T05:30:00Z", "updatedAt": changed(number).format("%Y-%m-%dT%H:%M:%SZ").to_string(),
        "cancelledAt": null, "cancelReason": null, "closedAt": null, "test": false, "currencyCode": "USD",
        "displayFinancialStatus": "PAID", "displayFulfillmentStatus": "UNFULFILLED",
        "email": own["customer"]["email"], "phone": null, "note": null, "poNumber": null,
        "sourceName": "web", "tags": [], "taxesIncluded": false, "paymentGatewayNames": ["shopify_payments"],
        "customAttributes": [], "shippingAddress": address, "billingAddress": address,
        "totalPriceSet": money(&own["total"]), "totalDiscountsSet": none, "totalTaxSet": none,
        "totalShippingPriceSet": shipping, "totalTipReceivedSet": none, "originalTotalDutiesSet": null,
        "originalTotalAdditionalFeesSet": null,
        "totalCashRoundingAdjustment": {"paymentSet": none},
        "shippingLines": {"nodes": [{"title": "Standard", "code": "Standard",
            "originalPriceSet": shipping, "discountedPriceSet": shipping}], "pageInfo": whole},
        "lineItems": {"nodes": lines, "pageInfo": whole},
    })
}

/// Orders that changed after a moment, but some, the oldest first.
fn woocommerce(orders: usize, target: &str) -> (String, String) {
    let url = reqwest::Url::parse(&format!("http://shop{target}")).unwrap();
    let param = |name: &str| {
        let found = url.query_pairs().find(|(key, _)| key == name);
        found
            .map(|(_, value)| value.into_owned())
            .unwrap_or_default()
    };
    let after: DateTime<Utc> = format!("{}Z", param("modified_after")).parse().unwrap();
    let behind = (after - changed(0)).num_seconds() + 1;
    let start = usize::try_from(behind).unwrap_or(0);
    let excluded: Vec<usize> = param("exclude")
        .split(',')
        .filter_map(|id| id.parse().ok())
        .collect();
    // nothing is in the trash
    let orders = if param("status") == "trash" {
        0
    } else {
        orders
    };
    let wanted = |number: &usize| !excluded.contains(&(1 + number));
    let left = (start..orders).filter(wanted);
    let total = left.clone().count();
    let most: usize = param("per_page").parse().unwrap();
    let page: Vec<Value> = left.take(most).map(woocommerce_order).collect();
    let headers = format!(
        "X-WP-Total: {total}\r\nX-WP-TotalPages: {}\r\n",
        total.div_ceil(most)
    );
    (headers, Value::Array(page).to_string())
}

fn woocommerce_order(number: usize) -> Value {
    let own = order(number);
    let id = 1 + number;
    let moment = changed(number).format("%Y-%m-%dT%H:%M:%S").to_string();
    let address = json!({
        "first_name": "César", "last_name": format!("Bustos {number}"), "company": "",
        "address_1": own["ship_to"]["street1"], "address_2": "", "city": "South Willie", "state": "MO",
        "postcode": "65367", "country": "US", "email": own["customer"]["email"], "phone": "+18595899227",
    });
    let line = |(place, line): (usize, &Value)| {
        let cents = 1999 * line["qty"].as_u64().unwrap();
        let amount = format!("{}.{:02}", cents / 100, cents % 100);
        json!({"id": id * 10 + place, "name": "Thing", "product_id": 93, "variation_id": 0, "quantity": line["qty"],
            "subtotal": amount, "subtotal_tax": "0.00", "total": amount, "total_tax": "0.00",
            "sku": line["sku"], "price": 19.99, "meta_data": []})
    };
    let lines = own["lines"].as_array().unwrap().iter().enumerate();
    let lines: Vec<Value> = lines.map(line).collect();
    let mut order = json!({
        "id": id, "parent_id": 0, "number": id.to_string(), "order_key": "wc_order_58d2d042d1d",
        "status": "processing", "currency": "USD", "prices_include_tax": false,
        "date_created": "2025-06-02T01:30:00", "date_created_gmt": "2025-06-02T05:30:00",
        "date_modified": moment, "date_modified_gmt": moment,
        "date_paid": "2025-06-02T01:31:00", "date_paid_gmt": "2025-06-02T05:31:00",
    });
    let more = json!({
        "discount_total": "0.00", "discount_tax": "0.00", "shipping_total": "5.00", "shipping_tax": "0.00",
        "cart_tax": "0.00", "total": own["total"], "total_tax": "0.00", "customer_id": 0,
        "customer_note": "", "payment_method": "stripe", "payment_method_title": "Card",
        "transaction_id": "pi_1", "billing": address, "shipping": address, "meta_data": [],
        "fee_lines": [], "coupon_lines": [], "refunds": [], "tax_lines": [], "line_items": lines,
        "shipping_lines": [{"id": 5, "method_title": "Flat rate", "method_id": "flat_rate",
            "total": "5.00", "total_tax": "0.00"}],
    });
    for (key, value) in more.as_object().unwrap() {
        order[key] = value.clone();
    }
    order
}
