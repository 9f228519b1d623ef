//! A shop at Shopify: tokens by client credentials, and a GraphQL endpoint that refuses what the published schema
//! does not have, counts points, and answers out of orders that are kept whole.

pub use super::orders::{line, order, order_of};

use super::filter::{bound, ids_of};
use super::graphql::{self, Document, Operation, Selection};
use super::run::{Run, connection};
use super::schema::Schema;
use super::{Answer, Asked, Shop, ShopServer, answer};
use chrono::{DateTime, Utc};
use serde_json::{Map, Value, json};
use std::collections::VecDeque;
use std::sync::Arc;

pub const CLIENT: &str = "client-id-of-poms";
pub const SECRET: &str = "canary-shopify-secret";

/// What happens in the shop between two pages.
pub type Between = Box<dyn FnOnce(&mut FakeShopify) + Send>;

/// The shop.
pub struct FakeShopify {
    schema: Arc<Schema>,
    version: String,
    /// Whole, with lists where Shopify has connections.
    pub orders: Vec<Value>,
    /// Those that are still good.
    pub tokens: Vec<String>,
    /// How many were given.
    pub granted: usize,
    pub scopes: Vec<&'static str>,
    /// Points: in the bucket, its size, those that come back with each request.
    pub available: f64,
    pub most: f64,
    pub restore: f64,
    pub back: f64,
    /// The dearest operation that is done.
    pub dearest: f64,
    /// After each page of orders the next of these.
    pub between: VecDeque<Between>,
    /// Mails to customers.
    pub mailed: usize,
    /// Whether acts are meant for questions after a token as well.
    pub counts_tokens: bool,
    /// What requests had wrong, for a test to fail by.
    pub wrong: Vec<String>,
}

/// Starts one.
pub fn start() -> ShopServer<FakeShopify> {
    let version = poms::shops::shopify::API_VERSION;
    ShopServer::start(FakeShopify {
        schema: Arc::new(Schema::of(version)),
        version: version.to_owned(),
        orders: Vec::new(),
        tokens: Vec::new(),
        granted: 0,
        scopes: vec!["read_orders"],
        available: 2000.0,
        most: 2000.0,
        restore: 100.0,
        back: 2000.0,
        dearest: 1000.0,
        between: VecDeque::new(),
        mailed: 0,
        counts_tokens: false,
        wrong: Vec::new(),
    })
}

impl FakeShopify {
    /// Changes an order as people and apps do: it is dated anew.
    pub fn change(&mut self, id: u64, changed: &str, fields: Value) {
        let gid = format!("gid://shopify/Order/{id}");
        let order = self
            .orders
            .iter_mut()
            .find(|order| order["id"] == gid.as_str());
        let order = order.expect("an order");
        order["updatedAt"] = json!(changed);
        for (key, value) in fields.as_object().expect("fields") {
            order[key] = value.clone();
        }
    }

    fn grant(&mut self, asked: &Asked) -> Answer {
        let form = reqwest::Url::parse(&format!(
            "http://shop/?{}",
            String::from_utf8_lossy(&asked.body)
        ));
        let form: Vec<(String, String)> =
            form.expect("a form").query_pairs().into_owned().collect();
        let wanted = [
            ("grant_type", "client_credentials"),
            ("client_id", CLIENT),
            ("client_secret", SECRET),
        ];
        let has = |(key, value): &(&str, &str)| form.iter().any(|(k, v)| k == key && v == value);
        if asked.header("content-type") != "application/x-www-form-urlencoded" {
            self.wrong.push("the form is none".to_owned());
        }
        if !wanted.iter().all(has) {
            return answer(
                400,
                r#"{"error":"invalid_client","error_description":"no"}"#,
            );
        }
        self.granted += 1;
        let token = format!("shpat_{}", self.granted);
        self.tokens.push(token.clone());
        let body =
            json!({"access_token": token, "scope": self.scopes.join(","), "expires_in": 86399});
        answer(200, body.to_string())
    }

    fn ask(&mut self, asked: &Asked) -> Answer {
        let token = asked.header("x-shopify-access-token");
        if !self.tokens.iter().any(|known| known == token) {
            return answer(401, r#"{"errors":"[API] Invalid API key or access token"}"#);
        }
        let body: Value = serde_json::from_slice(&asked.body).expect("JSON");
        let document = graphql::parse(body["query"].as_str().expect("a query"));
        let variables = &body["variables"];
        if let Some(refused) = self.refused(&document, variables) {
            return refused;
        }
        let schema = Arc::clone(&self.schema);
        let run = Run {
            schema: &schema,
            document: &document,
            variables,
        };
        let operation = &document.operations[0];
        assert_eq!(body["operationName"], operation.name.as_str());
        let cost = run.cost("QueryRoot", &operation.selections);
        self.available = (self.available + self.back).min(self.most);
        if cost > self.dearest {
            let error = json!({"message": "too dear", "extensions": {"code": "MAX_COST_EXCEEDED"}});
            return answer(200, json!({"errors": [error]}).to_string());
        }
        let status = |available: f64| {
            json!({"cost": {"requestedQueryCost": cost, "actualQueryCost": cost / 4.0,
            "throttleStatus": {"maximumAvailable": self.most, "currentlyAvailable": available,
            "restoreRate": self.restore}}})
        };
        if cost > self.available {
            let error = json!({"message": "Throttled", "extensions": {"code": "THROTTLED"}});
            let body = json!({"errors": [error], "extensions": status(self.available)});
            return answer(200, body.to_string());
        }
        let left = self.available - cost / 4.0;
        let extensions = status(left);
        let body = match self.run(&document, operation, variables) {
            Ok(data) => json!({"data": data, "extensions": extensions}),
            Err(errors) => json!({"data": null, "errors": errors, "extensions": extensions}),
        };
        self.available = left;
        let pages = body["data"].get("orders").is_some();
        let between = if pages {
            self.between.pop_front()
        } else {
            None
        };
        if let Some(between) = between {
            between(self);
        }
        let mut answer = answer(200, body.to_string());
        answer.headers += &format!("X-Shopify-API-Version: {}\r\n", self.version);
        answer
    }

    /// What does not fit the schema is not answered.
    fn refused(&mut self, document: &Document, variables: &Value) -> Option<Answer> {
        let faults = self.schema.faults(document, variables);
        let error =
            |fault: &String| json!({"message": fault, "extensions": {"code": "undefinedField"}});
        let errors: Vec<Value> = faults.iter().map(error).collect();
        self.wrong.extend(faults);
        let body = json!({ "errors": errors });
        (!errors.is_empty()).then(|| answer(200, body.to_string()))
    }

    fn run(
        &mut self,
        document: &Document,
        operation: &Operation,
        variables: &Value,
    ) -> Result<Value, Value> {
        let schema = Arc::clone(&self.schema);
        let run = Run {
            schema: &schema,
            document,
            variables,
        };
        let mut data = Map::new();
        for selection in &operation.selections {
            let Selection::Field {
                name,
                arguments,
                selections,
            } = selection
            else {
                panic!("a fragment of the root");
            };
            let given = run.arguments(arguments);
            let needed = match name.as_str() {
                "orders" | "order" => "read_orders",
                "orderClose" => "write_orders",
                "fulfillmentCreate" => "write_merchant_managed_fulfillment_orders",
                _ => "",
            };
            if !needed.is_empty() && !self.scopes.contains(&needed) {
                let needed = format!("`{needed}` access scope.");
                return Err(
                    json!([{"message": format!("Access denied for {name} field. Required access: {needed}"),
                    "path": [name], "extensions": {"code": "ACCESS_DENIED", "requiredAccess": needed}}]),
                );
            }
            let (gives, value) = self.root(name, &given)?;
            data.insert(name.clone(), run.select(gives, &value, selections));
        }
        Ok(Value::Object(data))
    }

    /// A field of the root: its type and value.
    fn root(&mut self, name: &str, given: &Value) -> Result<(&'static str, Value), Value> {
        Ok(match name {
            "orders" => ("OrderConnection", self.list(given)?),
            "order" => {
                let found = self.orders.iter().find(|order| order["id"] == given["id"]);
                ("Order", found.cloned().unwrap_or_default())
            }
            "shop" => (
                "Shop",
                json!({"name": "West Goods", "myshopifyDomain": "west-goods.myshopify.com"}),
            ),
            "currentAppInstallation" => {
                let scopes: Vec<Value> = self
                    .scopes
                    .iter()
                    .map(|one| json!({"handle": one}))
                    .collect();
                ("AppInstallation", json!({"accessScopes": scopes}))
            }
            "fulfillmentCreate" => (
                "FulfillmentCreatePayload",
                self.fulfil(&given["fulfillment"]),
            ),
            "orderClose" => {
                let order = self
                    .orders
                    .iter_mut()
                    .find(|order| order["id"] == given["input"]["id"]);
                let order = order.expect("an order");
                order["closed"] = json!(true);
                (
                    "OrderClosePayload",
                    json!({"order": order.clone(), "userErrors": []}),
                )
            }
            other => panic!("{other} is not answered"),
        })
    }

    /// Makes a fulfilment of open pieces.
    fn fulfil(&mut self, input: &Value) -> Value {
        let refused = |why: &str| json!({"fulfillment": null, "userErrors": [{"field": ["fulfillment"], "message": why}]});
        let parts = input["lineItemsByFulfillmentOrder"]
            .as_array()
            .expect("a list");
        let mut made = Value::Null;
        for part in parts {
            let owner = self.orders.iter_mut().find_map(|order| {
                let open = order["fulfillmentOrders"].as_array()?;
                let place = open
                    .iter()
                    .position(|one| one["id"] == part["fulfillmentOrderId"])?;
                Some((order, place))
            });
            let Some((order, place)) = owner else {
                return refused("Fulfillment order does not exist.");
            };
            let open = &mut order["fulfillmentOrders"][place];
            if open["status"] != "OPEN" {
                return refused("Fulfillment order has an unfulfillable status.");
            }
            for wanted in part["fulfillmentOrderLineItems"]
                .as_array()
                .expect("explicit pieces")
            {
                let lines = open["lineItems"].as_array_mut().expect("lines");
                let line = lines
                    .iter_mut()
                    .find(|one| one["id"] == wanted["id"])
                    .expect("a line");
                let left = line["remainingQuantity"].as_i64().expect("pieces")
                    - wanted["quantity"].as_i64().expect("pieces");
                if left < 0 {
                    return refused("Invalid fulfillment order line item quantity requested.");
                }
                line["remainingQuantity"] = json!(left);
            }
            let lines = open["lineItems"].as_array().expect("lines");
            if lines.iter().all(|one| one["remainingQuantity"] == 0) {
                open["status"] = json!("CLOSED");
            }
            let numbers = input["trackingInfo"]["numbers"]
                .as_array()
                .cloned()
                .unwrap_or_default();
            let tracking: Vec<Value> = numbers
                .iter()
                .map(|number| json!({"number": number}))
                .collect();
            made = json!({"id": "gid://shopify/Fulfillment/77", "status": "SUCCESS", "trackingInfo": tracking,
                "input": input});
            let list = order["fulfillments"].as_array_mut().expect("a list");
            list.push(made.clone());
        }
        self.mailed += usize::from(input["notifyCustomer"] == true);
        json!({"fulfillment": made, "userErrors": []})
    }

    /// The list of orders: filtered, sorted by change and id, cut into a page behind the cursor's place.
    fn list(&self, given: &Value) -> Result<Value, Value> {
        assert_eq!(given["sortKey"], "UPDATED_AT", "sorted as it is filtered");
        let filter = given["query"].as_str().unwrap_or_default();
        let key = |order: &Value| {
            let changed = moment(order["updatedAt"].as_str().expect("a moment"));
            let id = order["id"].as_str().expect("an id");
            let id: u64 = id
                .rsplit('/')
                .next()
                .unwrap_or_default()
                .parse()
                .expect("a number");
            (changed, id)
        };
        let mut list: Vec<&Value> = self.orders.iter().collect();
        match ids_of(filter) {
            Some(ids) => list.retain(|order| ids.contains(&key(order).1)),
            None => {
                let (updated, created) = (
                    moment(bound(filter, "updated_at")),
                    moment(bound(filter, "created_at")),
                );
                let born = |order: &Value| moment(order["createdAt"].as_str().expect("a moment"));
                list.retain(|order| key(order).0 >= updated && born(order) >= created);
            }
        }
        list.sort_by_key(|order| key(order));
        let place = |order: &Value| format!("{}|{}", key(order).0.timestamp(), key(order).1);
        if let Some(after) = given["after"].as_str() {
            let parts = after.split_once('|').and_then(|(time, id)| {
                Some((
                    DateTime::from_timestamp(time.parse().ok()?, 0)?,
                    id.parse().ok()?,
                ))
            });
            let Some(after) = parts else {
                return Err(json!([{"message": "Invalid cursor for current pagination sort."}]));
            };
            list.retain(|order| key(order) > after);
        }
        let first = given["first"].as_u64().expect("first") as usize;
        let page: Vec<Value> = list
            .iter()
            .take(first)
            .map(|order| (*order).clone())
            .collect();
        let places: Vec<String> = page.iter().map(place).collect();
        Ok(connection(&page, &places, list.len() > first))
    }
}

fn moment(text: &str) -> DateTime<Utc> {
    poms::clock::parse(text).unwrap_or_else(|| panic!("{text} is no moment"))
}

impl Shop for FakeShopify {
    fn is_counted(&self, asked: &Asked) -> bool {
        self.counts_tokens || asked.path.ends_with("graphql.json")
    }

    fn respond(&mut self, asked: &Asked) -> Answer {
        let endpoint = format!("/admin/api/{}/graphql.json", self.version);
        match (asked.method.as_str(), asked.path.as_str()) {
            ("POST", "/admin/oauth/access_token") => self.grant(asked),
            ("POST", path) if path == endpoint => self.ask(asked),
            _ => answer(404, r#"{"errors":"Not Found"}"#),
        }
    }
}
