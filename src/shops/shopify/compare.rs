//! A shop at Shopify as it is compared with the ledger.

use super::api::{AskFault, ShopifyApi};
use super::query::{COMPARED, COMPARED_ONE};
use super::{ShopifySettings, ShopifyWalk};
use crate::clock;
use crate::domain::text::line;
use crate::shops::ShopFault;
use crate::shops::compared::{ComparedOrder, ComparedPage, ComparedShop, StandingInShop};
use chrono::{DateTime, Utc};
use serde_json::{Value, json};
use std::time::Duration;

/// Orders that are asked for at once.
const AT_ONCE: usize = 20;
/// Fulfilments that come with an order of a page; one that has as many is asked for all.
const FULFILMENTS_OF_PAGE: usize = 10;
/// Fulfilments of an order that is asked for alone.
const FULFILMENTS: usize = 100;

/// The orders of one shop, for one comparison.
pub struct ShopifyCompared {
    settings: ShopifySettings,
    now: DateTime<Utc>,
    patience: Duration,
    api: Option<ShopifyApi>,
    /// Orders that are asked for at once; less where the shop finds it too dear.
    at_once: usize,
}

impl ShopifyCompared {
    /// Asks nothing yet. It waits so long in all for the shop to do more.
    pub fn new(settings: ShopifySettings, now: DateTime<Utc>, patience: Duration) -> Self {
        ShopifyCompared {
            settings,
            now,
            patience,
            api: None,
            at_once: AT_ONCE,
        }
    }

    fn api(&mut self) -> Result<&mut ShopifyApi, ShopFault> {
        let api = match self.api.take() {
            Some(api) => api,
            None => ShopifyApi::open(&self.settings, self.now)?.patient(self.patience),
        };
        Ok(self.api.insert(api))
    }

    fn list(&mut self, place: Option<&str>, filter: &str) -> Result<Value, ShopFault> {
        loop {
            let variables = json!({
                "first": self.at_once, "after": place, "filter": filter,
                "fulfilments": FULFILMENTS_OF_PAGE,
            });
            match self.api()?.ask(COMPARED, &variables) {
                Ok(mut data) => return Ok(data["orders"].take()),
                Err(AskFault::TooCostly) if self.at_once > 1 => self.at_once /= 2,
                Err(other) => return Err(other.whole(&self.settings.shop)),
            }
        }
    }

    fn one(&mut self, id: &str) -> Result<Value, ShopFault> {
        let gid = format!("gid://shopify/Order/{id}");
        let variables = json!({"id": gid, "fulfilments": FULFILMENTS});
        let data = self.api()?.ask(COMPARED_ONE, &variables);
        let mut data = data.map_err(|fault| fault.whole(&self.settings.shop))?;
        Ok(data["order"].take())
    }

    fn senseless(&self, what: &str) -> ShopFault {
        ShopFault::passing(format!("{} gave {what}", self.settings.shop))
    }

    fn read(&self, node: &Value, most: usize) -> Result<ComparedOrder, ShopFault> {
        let text = |key: &str| node[key].as_str().unwrap_or_default();
        let id = text("id").rsplit('/').next().unwrap_or_default();
        let changed = clock::parse(text("updatedAt")).filter(|_| !id.is_empty());
        let changed = changed
            .ok_or_else(|| self.senseless("an order without id or moment of its last change"))?;
        Ok(ComparedOrder {
            id: id.to_owned(),
            number: line(text("name")),
            changed,
            standing: standing(node),
            shipped: numbers(node, most),
        })
    }
}

impl ComparedShop for ShopifyCompared {
    fn page(
        &mut self,
        place: Option<&str>,
        from: DateTime<Utc>,
    ) -> Result<ComparedPage, ShopFault> {
        let filter = ShopifyWalk::filter_from(from, self.settings.since);
        let list = self.list(place, &filter)?;
        let next = &list["pageInfo"]["hasNextPage"];
        let edges = list["edges"].as_array();
        let (Some(edges), Some(next)) = (edges, next.as_bool()) else {
            return Err(self.senseless("a list that cannot be read"));
        };
        let mut page = ComparedPage {
            orders: Vec::new(),
            more: next,
        };
        for edge in edges {
            let behind = edge["cursor"]
                .as_str()
                .filter(|behind| Some(*behind) != place);
            let behind = behind.ok_or_else(|| self.senseless("an order without its place"))?;
            let order = self.read(&edge["node"], FULFILMENTS_OF_PAGE)?;
            page.orders.push((order, behind.to_owned()));
        }
        match page.more && page.orders.is_empty() {
            true => Err(self.senseless("an empty page with another behind it")),
            false => Ok(page),
        }
    }

    fn at_once(&self) -> usize {
        self.at_once
    }

    fn orders(&mut self, ids: &[&str]) -> Result<Vec<ComparedOrder>, ShopFault> {
        let filter: Vec<String> = ids.iter().map(|id| format!("id:{id}")).collect();
        let list = self.list(None, &filter.join(" OR "))?;
        let Some(edges) = list["edges"].as_array() else {
            return Err(self.senseless("a list that cannot be read"));
        };
        let mut found = Vec::new();
        for edge in edges {
            let order = self.read(&edge["node"], FULFILMENTS_OF_PAGE)?;
            // the search of a shop may give more than was asked for
            if ids.contains(&order.id.as_str()) {
                found.push(order);
            }
        }
        Ok(found)
    }

    fn order(&mut self, id: &str) -> Result<Option<ComparedOrder>, ShopFault> {
        let node = self.one(id)?;
        match node.is_null() {
            true => Ok(None),
            false => self.read(&node, FULFILMENTS + 1).map(Some),
        }
    }

    fn shipped(&mut self, id: &str) -> Result<Vec<String>, ShopFault> {
        let node = self.one(id)?;
        let found = numbers(&node, FULFILMENTS + 1);
        found.ok_or_else(|| self.senseless("an order whose fulfilments are no list"))
    }

    fn address(&self, id: &str) -> String {
        let shop = self.settings.shop.split('.').next().unwrap_or_default();
        format!("https://admin.shopify.com/store/{shop}/orders/{id}")
    }
}

/// How it stands, by the same words as the gate of `formats/shop/shopify.rs`.
fn standing(node: &Value) -> StandingInShop {
    let text = |key: &str| node[key].as_str().unwrap_or_default();
    if node["test"] == true {
        return StandingInShop::Test;
    }
    if !text("cancelledAt").is_empty() {
        let why = line(&text("cancelReason").to_lowercase());
        return StandingInShop::Cancelled(format!("{} ({why})", line(text("cancelledAt"))));
    }
    match text("displayFinancialStatus") {
        "PAID" | "PARTIALLY_REFUNDED" => {}
        "REFUNDED" => return StandingInShop::Refunded,
        other => return StandingInShop::Unpaid(line(&other.to_lowercase())),
    }
    let sent = text("displayFulfillmentStatus") == "FULFILLED" || !text("closedAt").is_empty();
    match (sent, text("displayFinancialStatus")) {
        (true, _) => StandingInShop::Fulfilled,
        (false, "PAID") => StandingInShop::Wanted,
        (false, _) => StandingInShop::PartlyRefunded,
    }
}

/// The tracking numbers of the fulfilments that stand; `None` where there may be more than came.
fn numbers(node: &Value, most: usize) -> Option<Vec<String>> {
    let list = node["fulfillments"].as_array()?;
    let stands = |one: &&Value| {
        !matches!(
            one["status"].as_str(),
            Some("CANCELLED" | "ERROR" | "FAILURE")
        )
    };
    let mut found = Vec::new();
    for one in list.iter().filter(stands) {
        let numbers = one["trackingInfo"].as_array().map(Vec::as_slice);
        let numbers = numbers.unwrap_or_default().iter();
        let before = found.len();
        found.extend(numbers.filter_map(|one| one["number"].as_str().map(str::to_owned)));
        if found.len() == before {
            // sent, and nobody wrote how
            found.push(String::new());
        }
    }
    (list.len() < most).then_some(found)
}
