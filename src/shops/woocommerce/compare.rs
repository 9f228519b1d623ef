//! A shop of WooCommerce as it is compared with the ledger.

use super::api::WooCommerceApi;
use super::tell::WooCommerceWay;
use super::walk::WooCommerceWalk;
use super::{ORDERS_AT_ONCE, WooCommerceOrders, WooCommerceSettings, moment};
use crate::domain::text::line;
use crate::shops::ShopFault;
use crate::shops::compared::{ComparedOrder, ComparedPage, ComparedShop, StandingInShop};
use chrono::{DateTime, Utc};
use serde_json::Value;

/// Orders that are asked for by their keys at once: the most that the shop gives.
const MOST_AT_ONCE: usize = 100;

/// The orders of one shop, for one comparison.
pub struct WooCommerceCompared {
    orders: WooCommerceOrders,
    /// Where it keeps tracking numbers, if it is told of them.
    way: Option<WooCommerceWay>,
    now: DateTime<Utc>,
}

impl WooCommerceCompared {
    /// Asks nothing yet.
    pub fn new(
        settings: WooCommerceSettings,
        way: Option<WooCommerceWay>,
        now: DateTime<Utc>,
    ) -> Self {
        WooCommerceCompared {
            orders: WooCommerceOrders::new("", settings),
            way,
            now,
        }
    }

    fn api(&mut self) -> Result<&WooCommerceApi, ShopFault> {
        self.orders.api()
    }

    fn senseless(&self, what: &str) -> ShopFault {
        self.orders.senseless(what)
    }

    fn read(&self, value: &Value) -> Result<ComparedOrder, ShopFault> {
        let text = |key: &str| value[key].as_str().unwrap_or_default();
        let changed = moment(text("date_modified_gmt"));
        let (Some(id), Some(changed)) = (value["id"].as_u64(), changed) else {
            return Err(self.senseless("an order without id or moment of its last change"));
        };
        Ok(ComparedOrder {
            id: id.to_string(),
            number: match text("number") {
                "" => id.to_string(),
                number => line(number),
            },
            changed,
            standing: standing(value),
            shipped: self.way.and_then(|way| way.of_order(value)),
        })
    }
}

impl ComparedShop for WooCommerceCompared {
    fn page(
        &mut self,
        place: Option<&str>,
        from: DateTime<Utc>,
    ) -> Result<ComparedPage, ShopFault> {
        let since = self.orders.settings.since;
        let mut walk = match place {
            Some(words) => WooCommerceWalk::read(Some(words), since, self.now),
            None => WooCommerceWalk::begin(from.max(since), self.now),
        };
        let answer = self.orders.list(&walk, ORDERS_AT_ONCE, None)?;
        let mut page = ComparedPage::default();
        for order in self.orders.listed(&answer, &walk)? {
            walk.meet(order.id, order.changed);
            let value: Value = serde_json::from_slice(order.json).unwrap_or_default();
            page.orders.push((self.read(&value)?, walk.words()));
        }
        // a page that is not full may be the shop's own limit: only an empty one is the end
        page.more = !page.orders.is_empty();
        Ok(page)
    }

    fn at_once(&self) -> usize {
        MOST_AT_ONCE
    }

    fn orders(&mut self, ids: &[&str]) -> Result<Vec<ComparedOrder>, ShopFault> {
        let (include, at_most) = (ids.join(","), ids.len().to_string());
        let query = [
            ("include", include.as_str()),
            ("per_page", at_most.as_str()),
        ];
        let answer = self.api()?.get(&["wc", "v3", "orders"], &query)?;
        let Some(list) = answer.value.as_array() else {
            return Err(self.senseless("something that is no list of orders"));
        };
        let mut found = Vec::new();
        for value in list {
            let order = self.read(value)?;
            if !ids.contains(&order.id.as_str()) {
                return Err(self.senseless("orders that were not asked for (include)"));
            }
            found.push(order);
        }
        Ok(found)
    }

    fn order(&mut self, id: &str) -> Result<Option<ComparedOrder>, ShopFault> {
        match self.api()?.get(&["wc", "v3", "orders", id], &[]) {
            Ok(answer) => self.read(&answer.value).map(Some),
            Err(fault) if fault.what.contains("invalid_id") => Ok(None),
            Err(fault) => Err(fault),
        }
    }

    fn shipped(&mut self, id: &str) -> Result<Vec<String>, ShopFault> {
        let Some(way) = self.way else {
            return Ok(Vec::new());
        };
        let answer = self.api()?.get(&way.path(id), &[])?;
        let Some(list) = answer.value.as_array() else {
            return Err(self.senseless("a list of what it was told that is none"));
        };
        Ok(list.iter().flat_map(|entry| way.texts(entry)).collect())
    }

    fn address(&self, id: &str) -> String {
        let base = self.orders.settings.endpoint.base.as_str();
        let base = base.trim_end_matches('/');
        format!("{base}/wp-admin/post.php?post={id}&action=edit")
    }
}

/// How it stands, by the same words as the gate of `formats/woocommerce.rs`.
fn standing(order: &Value) -> StandingInShop {
    let text = |key: &str| order[key].as_str().unwrap_or_default();
    let status = line(text("status"));
    let status = status.strip_prefix("wc-").unwrap_or(&status).to_owned();
    let later = matches!(text("payment_method"), "cod" | "cheque");
    let unpaid = order.get("date_paid").is_some_and(Value::is_null);
    match status.as_str() {
        "completed" => StandingInShop::Fulfilled,
        "refunded" => StandingInShop::Refunded,
        "cancelled" | "trash" => StandingInShop::Cancelled(status),
        "processing" if unpaid && !later => StandingInShop::Unpaid("date_paid is empty".to_owned()),
        "processing" => match order["refunds"].as_array().is_none_or(Vec::is_empty) {
            true => StandingInShop::Wanted,
            false => StandingInShop::PartlyRefunded,
        },
        _ => StandingInShop::Unpaid(status),
    }
}
