//! Shopify by its GraphQL Admin API: orders as nodes of `orders`, by the moment of their last change.

mod api;
mod compare;
mod cost;
mod fulfil;
pub mod query;
mod walk;

pub use compare::ShopifyCompared;
pub use fulfil::ShopifyTold;

use super::{ShopFault, ShopOrders, document};
use crate::clock;
use crate::http::{Endpoint, Secret};
use crate::intake::source::{Budget, Cursor, Page, SourceChecked};
use api::{AskFault, ShopifyApi};
use chrono::{DateTime, TimeDelta, Utc};
use query::{MORE_LINES, ORDERS, WHO};
use serde_json::{Value, json};
use std::path::PathBuf;
use std::time::{Duration, Instant};
use walk::ShopifyWalk;

/// The version of the API that the queries are written for; Shopify serves it until October 2027.
pub const API_VERSION: &str = "2026-10";

/// Orders that are asked for at once.
const ORDERS_AT_ONCE: usize = 10;
/// Lines of an order that come with it; the others are asked for.
const LINES_AT_ONCE: usize = 10;
/// Lines that are asked for at once of an order that has more.
const MORE_AT_ONCE: usize = 50;
/// Pages of lines of one order that are read before it counts as endless.
const PAGES_OF_LINES: usize = 40;
/// Orders that are older than so many days are shown only to apps that may read all.
const WITHOUT_ALL_ORDERS: i64 = 60;

/// A shop at Shopify, and as whom we come. No `Debug`: it leads to a secret.
#[derive(Clone)]
pub struct ShopifySettings {
    /// `NAME.myshopify.com`.
    pub shop: String,
    /// Where it is asked.
    pub endpoint: Endpoint,
    /// The app's client id.
    pub client_id: String,
    /// The app's client secret.
    pub client_secret: Secret,
    /// The version of the API.
    pub api_version: String,
    /// Orders that were placed before are not poms'.
    pub since: DateTime<Utc>,
    /// Where the token is kept between runs.
    pub token_file: PathBuf,
    /// How long one request may take.
    pub timeout: Duration,
    /// When all requests end; never where `None`.
    pub deadline: Option<Instant>,
    /// Whether it is told of shipments.
    pub fulfils: bool,
    /// Whether orders are closed there.
    pub closes: bool,
}

/// The orders of one shop, for one run.
pub struct ShopifyOrders {
    name: String,
    settings: ShopifySettings,
    api: Option<ShopifyApi>,
    /// Orders that are asked for at once; less where the shop finds it too dear.
    at_once: usize,
}

impl ShopifyOrders {
    /// Asks nothing yet.
    pub fn new(name: &str, settings: ShopifySettings) -> ShopifyOrders {
        ShopifyOrders {
            name: name.to_owned(),
            settings,
            api: None,
            at_once: ORDERS_AT_ONCE,
        }
    }

    fn api(&mut self, now: DateTime<Utc>) -> Result<&mut ShopifyApi, ShopFault> {
        let api = match self.api.take() {
            Some(api) => api,
            None => ShopifyApi::open(&self.settings, now)?,
        };
        Ok(self.api.insert(api))
    }

    fn read_page(&mut self, words: Option<&str>, budget: &Budget) -> Result<Page, ShopFault> {
        let mut walk = ShopifyWalk::read(words, self.settings.since, budget.now);
        let list = self.list(&mut walk, budget)?;
        let Some(edges) = list["edges"].as_array() else {
            return Err(self.senseless("a list without edges"));
        };
        let mut page = Page::default();
        let (mut bytes, mut whole) = (0, true);
        for edge in edges {
            let full = bytes >= budget.bytes || page.documents.len() >= budget.documents;
            if full && !page.documents.is_empty() {
                whole = false;
                break;
            }
            let Some(place) = edge["cursor"].as_str().filter(|place| !place.is_empty()) else {
                return Err(self.senseless("an order without its place in the list"));
            };
            let order = match self.order(edge["node"].clone(), budget.now) {
                Ok(order) => order,
                // the others are as good as they were
                Err(_) if !page.documents.is_empty() => {
                    whole = false;
                    break;
                }
                Err(fault) => return Err(fault),
            };
            walk.meet(order.changed);
            walk.page = Some(place.to_owned());
            bytes += order.json.len() as u64;
            let (id, changed) = (&order.id, clock::text(order.changed));
            page.documents
                .push(document(id, &changed, order.json, budget.largest));
        }
        let next = match (&list["pageInfo"]["hasNextPage"], edges.is_empty()) {
            (Value::Bool(true), true) => {
                return Err(self.senseless("an empty page with another behind it"));
            }
            (Value::Bool(next), _) => *next,
            _ => return Err(self.senseless("a page that does not say whether it is the last")),
        };
        page.more = next || !whole;
        let after = match page.more {
            true => walk,
            false => walk.next(budget.now),
        };
        page.after = Some(Cursor::new(after.words()));
        Ok(page)
    }

    /// The list of a page as the shop gives it.
    fn list(&mut self, walk: &mut ShopifyWalk, budget: &Budget) -> Result<Value, ShopFault> {
        let since = self.settings.since;
        loop {
            let variables = json!({
                "first": self.at_once.min(budget.documents.max(1)),
                "after": walk.page,
                "filter": walk.filter(since),
                "lines": LINES_AT_ONCE,
            });
            let answer = self.api(budget.now)?.ask(ORDERS, &variables);
            let fault = match answer {
                Ok(mut data) => return Ok(data["orders"].take()),
                Err(fault) => fault,
            };
            match fault {
                AskFault::TooCostly if self.at_once > 1 => self.at_once /= 2,
                AskFault::BadCursor if walk.page.is_some() => *walk = walk.again(),
                other => return Err(other.whole(&self.settings.shop)),
            }
        }
    }

    /// One order with all its lines.
    fn order(&mut self, mut node: Value, now: DateTime<Utc>) -> Result<WholeOrder, ShopFault> {
        let text = |node: &Value, key: &str| node[key].as_str().unwrap_or_default().to_owned();
        let (gid, changed) = (text(&node, "id"), text(&node, "updatedAt"));
        let id = gid.rsplit('/').next().unwrap_or_default().to_owned();
        let Some(moment) = clock::parse(&changed).filter(|_| !id.is_empty()) else {
            return Err(self.senseless("an order without id or moment of its last change"));
        };
        for list in ["lineItems", "shippingLines"] {
            let says = node[list]["pageInfo"]["hasNextPage"].is_boolean();
            if !says || !node[list]["nodes"].is_array() {
                return Err(self.senseless(&format!("an order whose {list} are no list")));
            }
        }
        self.lines(&mut node, &gid, &changed, now)?;
        Ok(WholeOrder {
            id,
            changed: moment,
            json: node.to_string().into_bytes(),
        })
    }

    /// Fetches the lines that did not come with the order. Where they cannot be had of the same state of it, it
    /// stays as it came: it says that it is not whole, and is held for that; its newer state follows.
    fn lines(
        &mut self,
        node: &mut Value,
        gid: &str,
        changed: &str,
        now: DateTime<Utc>,
    ) -> Result<(), ShopFault> {
        let is_last = |list: &Value| list["pageInfo"]["hasNextPage"] == json!(false);
        let mut gathered: Vec<Value> = Vec::new();
        let mut after = node["lineItems"]["pageInfo"]["endCursor"].clone();
        if is_last(&node["lineItems"]) {
            return Ok(());
        }
        for _ in 0..PAGES_OF_LINES {
            let variables = json!({"id": gid, "after": after, "lines": MORE_AT_ONCE});
            let data = self.api(now)?.ask(MORE_LINES, &variables);
            let data = data.map_err(|fault| fault.whole(&self.settings.shop))?;
            let order = &data["order"];
            let more = order["lineItems"]["nodes"].as_array();
            let Some(more) = more.filter(|more| {
                order["updatedAt"] == changed && !more.is_empty() && after.is_string()
            }) else {
                return Ok(());
            };
            gathered.extend(more.iter().cloned());
            after = order["lineItems"]["pageInfo"]["endCursor"].clone();
            if is_last(&order["lineItems"]) {
                if let Some(lines) = node["lineItems"]["nodes"].as_array_mut() {
                    lines.append(&mut gathered);
                    node["lineItems"]["pageInfo"]["hasNextPage"] = json!(false);
                }
                return Ok(());
            }
        }
        Ok(())
    }

    fn senseless(&self, what: &str) -> ShopFault {
        ShopFault::passing(format!("{} gave {what}", self.settings.shop))
    }

    fn try_out(&mut self, now: DateTime<Utc>) -> Result<SourceChecked, ShopFault> {
        let since = self.settings.since;
        let (fulfils, closes) = (self.settings.fulfils, self.settings.closes);
        let shop = self.settings.shop.clone();
        let api = self.api(now)?;
        api.log_in()?;
        let data = api.ask(WHO, &json!({}));
        let data = data.map_err(|fault| fault.whole(&shop))?;
        let mut found = SourceChecked::default();
        if let Some(served) = &api.served_by {
            found.warnings.push(format!(
                "Shopify answers by version {served} of its API and no more by the one that is asked: install a newer poms"
            ));
        }
        let scopes = data["currentAppInstallation"]["accessScopes"].as_array();
        let scopes: Vec<&str> = scopes
            .map(Vec::as_slice)
            .unwrap_or_default()
            .iter()
            .filter_map(|scope| scope["handle"].as_str())
            .collect();
        if !scopes.contains(&"read_orders") && !scopes.contains(&"write_orders") {
            return Err(ShopFault::lasting(
                format!("{shop} lets the app in, and it lacks the permission read_orders"),
                "give it in Shopify's Dev Dashboard, release the version, and let the shop accept it",
            ));
        }
        if let Some(lacks) = lacks(&scopes, fulfils, closes) {
            return Err(ShopFault::lasting(
                format!("{shop} lets us read its orders, and {lacks}"),
                "give it in Shopify's Dev Dashboard, release the version, and let the shop accept it",
            ));
        }
        let oldest = now - TimeDelta::days(WITHOUT_ALL_ORDERS);
        if since < oldest && !scopes.contains(&"read_all_orders") {
            found.warnings.push(format!(
                "orders that are older than {WITHOUT_ALL_ORDERS} days are not shown to the app, as it lacks the permission \
                 read_all_orders"
            ));
        }
        let name = data["shop"]["name"].as_str().unwrap_or_default();
        let name = crate::domain::text::line(name);
        // proves that the query is understood
        let budget = Budget {
            documents: 1,
            bytes: 1,
            largest: u64::MAX,
            now,
        };
        self.list(&mut ShopifyWalk::read(None, since, now), &budget)?;
        found.found = format!("{shop} ({name}) lets us read its orders");
        Ok(found)
    }
}

/// What an app lacks that shall tell the shop of shipments, or close its orders.
fn lacks(scopes: &[&str], fulfils: bool, closes: bool) -> Option<String> {
    const FULFIL: [&str; 3] = [
        "write_merchant_managed_fulfillment_orders",
        "write_third_party_fulfillment_orders",
        "write_assigned_fulfillment_orders",
    ];
    if fulfils && !FULFIL.iter().any(|one| scopes.contains(one)) {
        return Some(format!(
            "cannot be told of shipments, as the app lacks the permission {}",
            FULFIL[0]
        ));
    }
    (closes && !scopes.contains(&"write_orders")).then(|| {
        "orders that are shipped cannot be closed there, as the app lacks the permission write_orders (or set \
         close_orders = false)"
            .to_owned()
    })
}

/// An order with all its lines.
struct WholeOrder {
    id: String,
    changed: DateTime<Utc>,
    json: Vec<u8>,
}

impl ShopOrders for ShopifyOrders {
    fn source_name(&self) -> &str {
        &self.name
    }

    fn page(&mut self, words: Option<&str>, budget: &Budget) -> Result<Page, ShopFault> {
        self.read_page(words, budget)
    }

    fn look(&mut self, now: DateTime<Utc>) -> Result<SourceChecked, ShopFault> {
        self.try_out(now)
    }
}
