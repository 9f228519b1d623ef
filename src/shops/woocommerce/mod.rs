//! WooCommerce by its REST API v3 (<https://woocommerce.github.io/woocommerce-rest-api-docs/>): orders by the
//! moment of their last change.

mod api;
mod compare;
mod split;
mod tell;
mod walk;

pub use compare::WooCommerceCompared;
pub use tell::{WooCommerceTold, WooCommerceWay};

use super::{ShopFault, ShopFaultKind, ShopOrders, document, identity_of};
use crate::clock;
use crate::http::{Endpoint, Secret};
use crate::intake::source::{Budget, Cursor, Page, SourceChecked, SourceDocument};
use api::{WooCommerceAnswer, WooCommerceApi};
use chrono::{DateTime, TimeDelta, Utc};
use serde_json::Value;
use std::time::{Duration, Instant};
use walk::{MOST_OF_A_SECOND, WooCommerceWalk};

/// Orders that are asked for at once; the shop's most is 100.
const ORDERS_AT_ONCE: usize = 50;

/// A shop of WooCommerce, and as whom we come. No `Debug`: it leads to a secret.
#[derive(Clone)]
pub struct WooCommerceSettings {
    /// The shop's host, for messages.
    pub shop: String,
    /// The shop's address, below which `wp-json` lies.
    pub endpoint: Endpoint,
    /// The key of the REST API.
    pub consumer_key: String,
    /// Its secret.
    pub consumer_secret: Secret,
    /// Orders that were placed before are not poms'.
    pub since: DateTime<Utc>,
    /// How long one request may take.
    pub timeout: Duration,
    /// When all requests end; never where `None`.
    pub deadline: Option<Instant>,
}

/// The orders of one shop, for one run.
pub struct WooCommerceOrders {
    name: String,
    settings: WooCommerceSettings,
    api: Option<WooCommerceApi>,
}

/// An order of the list.
struct ListedOrder<'a> {
    id: u64,
    changed: DateTime<Utc>,
    json: &'a [u8],
    /// How many refunds it names.
    refunds: usize,
    /// Nobody has paid it, and nobody will later: a basket that came as far as the till.
    is_basket: bool,
}

impl WooCommerceOrders {
    /// Asks nothing yet.
    pub fn new(name: &str, settings: WooCommerceSettings) -> WooCommerceOrders {
        WooCommerceOrders {
            name: name.to_owned(),
            settings,
            api: None,
        }
    }

    fn read_page(&mut self, words: Option<&str>, budget: &Budget) -> Result<Page, ShopFault> {
        let mut walk = WooCommerceWalk::read(words, self.settings.since, budget.now);
        let at_once = ORDERS_AT_ONCE.min(budget.documents.max(1));
        // what is in the trash is in no list but its own
        let (others, trash) = (
            self.list(&walk, at_once, None)?,
            self.list(&walk, at_once, Some("trash"))?,
        );
        let lists = [self.listed(&others, &walk)?, self.listed(&trash, &walk)?];
        let (orders, mut whole) = merged(lists, at_once);
        let mut page = Page::default();
        let mut bytes = 0;
        for order in &orders {
            if bytes >= budget.bytes && !page.documents.is_empty() {
                whole = false;
                break;
            }
            let json = match self.with_refunds(order) {
                Ok(json) => json,
                // the others are as good as they were
                Err(_) if !page.documents.is_empty() => {
                    whole = false;
                    break;
                }
                Err(fault) => return Err(fault),
            };
            walk.meet(order.id, order.changed);
            bytes += json.len() as u64;
            let (id, changed) = (order.id.to_string(), clock::text(order.changed));
            page.documents.push(SourceDocument {
                // who had it as an order, as while it waited for its payment, must know what became of it
                follows: order.is_basket.then(|| identity_of(&id)),
                ..document(&id, &changed, json, budget.largest)
            });
        }
        // a page that is not full may be the shop's own limit: only an empty one is the end
        page.more = !whole || !orders.is_empty();
        let after = match page.more {
            true => walk,
            false => walk.next(budget.now),
        };
        page.after = Some(Cursor::new(after.words()));
        Ok(page)
    }

    fn list(
        &mut self,
        walk: &WooCommerceWalk,
        at_once: usize,
        status: Option<&str>,
    ) -> Result<WooCommerceAnswer, ShopFault> {
        let shop = self.settings.shop.clone();
        if walk.came.len() > MOST_OF_A_SECOND {
            let what = format!(
                "{shop} has more than {MOST_OF_A_SECOND} orders that changed in the same second ({})",
                walk.lowest()
            );
            return Err(ShopFault::lasting(
                what,
                "set since to a day after the import that did it, or change some of these orders again",
            ));
        }
        let (at_once, after) = (at_once.to_string(), walk.modified_after());
        // the shop leaves out what was placed at that very second
        let since = self.settings.since - TimeDelta::seconds(1);
        let since = since.format("%Y-%m-%dT%H:%M:%S").to_string();
        let exclude = walk.exclude();
        let mut query = vec![
            ("modified_after", after.as_str()),
            ("after", since.as_str()),
            ("dates_are_gmt", "true"),
            ("orderby", "modified"),
            ("order", "asc"),
            ("per_page", at_once.as_str()),
        ];
        if !exclude.is_empty() {
            query.push(("exclude", exclude.as_str()));
        }
        if let Some(status) = status {
            query.push(("status", status));
        }
        self.api()?.get(&["wc", "v3", "orders"], &query)
    }

    fn api(&mut self) -> Result<&WooCommerceApi, ShopFault> {
        let api = match self.api.take() {
            Some(api) => api,
            None => WooCommerceApi::open(&self.settings)?,
        };
        Ok(self.api.insert(api))
    }

    /// An order as the shop wrote it; one with refunds with their lines, which the order does not name.
    fn with_refunds(&mut self, order: &ListedOrder) -> Result<Vec<u8>, ShopFault> {
        if order.refunds == 0 {
            return Ok(order.json.to_vec());
        }
        let id = order.id.to_string();
        let path = ["wc", "v3", "orders", id.as_str(), "refunds"];
        let refunds = match self.api()?.get(&path, &[("per_page", "100")]) {
            Ok(answer) => answer.value,
            // asking again does not help: the order is held for what it does not say
            Err(fault) if matches!(fault.kind, ShopFaultKind::Lasting | ShopFaultKind::Refused) => {
                Value::Null
            }
            Err(fault) => return Err(fault),
        };
        let mut whole: Value = serde_json::from_slice(order.json).unwrap_or_default();
        match (&refunds, whole.as_object_mut()) {
            (Value::Array(list), Some(own)) if list.len() >= order.refunds => {
                own.insert("refunds".to_owned(), refunds);
                Ok(whole.to_string().into_bytes())
            }
            _ => Ok(order.json.to_vec()),
        }
    }

    /// The orders of an answer. One that does not follow from what was asked is refused whole: a cache or a plugin
    /// that answers something else would have the cursor pass what was never seen.
    fn listed<'a>(
        &self,
        answer: &'a WooCommerceAnswer,
        walk: &WooCommerceWalk,
    ) -> Result<Vec<ListedOrder<'a>>, ShopFault> {
        let parts = split::entries(&answer.body);
        let (Some(values), Some(parts)) = (answer.value.as_array(), parts) else {
            return Err(self.senseless("something that is no list of orders"));
        };
        if values.len() != parts.len() {
            return Err(self.senseless("a list that cannot be read"));
        }
        if values.is_empty() && answer.total.is_some_and(|total| total > 0) {
            return Err(self.senseless("an empty page of a list that is not empty"));
        }
        let mut found: Vec<ListedOrder> = Vec::new();
        let (wanted, mut lowest) = (walk.lowest(), walk.lowest() - TimeDelta::seconds(1));
        for (value, json) in values.iter().zip(parts) {
            let changed = value["date_modified_gmt"].as_str().and_then(moment);
            let (Some(id), Some(changed)) = (value["id"].as_u64(), changed) else {
                return Err(self.senseless("an order without id or moment of its last change"));
            };
            if changed < lowest || walk.came.contains(&id) && Some(changed) == walk.at {
                return Err(self.senseless(
                    "orders that do not follow from what was asked (modified_after, orderby, exclude)",
                ));
            }
            lowest = changed;
            // a shop may count the second after which orders are wanted as theirs
            if changed >= wanted {
                found.push(ListedOrder {
                    id,
                    changed,
                    json,
                    refunds: value["refunds"].as_array().map_or(0, Vec::len),
                    is_basket: is_basket(value),
                });
            }
        }
        match found.is_empty() && !values.is_empty() {
            true => Err(self.senseless("a page with no order that was asked for")),
            false => Ok(found),
        }
    }

    fn senseless(&self, what: &str) -> ShopFault {
        ShopFault {
            remedy: "if it stays so, ask whoever runs the shop which cache or plugin changes answers of the REST API"
                .to_owned(),
            ..ShopFault::passing(format!("{} gave {what}", self.settings.shop))
        }
    }
}

/// Two lists as one, at most so many, the earliest change first; and whether that is all of both. A list goes on
/// behind its last order, so that what the other one has from there on is taken later.
fn merged<'a>(lists: [Vec<ListedOrder<'a>>; 2], at_most: usize) -> (Vec<ListedOrder<'a>>, bool) {
    let ends = lists.iter().filter_map(|list| list.last());
    let end = ends.map(|order| order.changed).min();
    let all = lists.iter().map(Vec::len).sum::<usize>();
    let mut both: Vec<ListedOrder> = lists.into_iter().flatten().collect();
    both.retain(|order| end.is_none_or(|end| order.changed <= end));
    both.sort_by_key(|order| order.changed);
    both.truncate(at_most);
    let whole = both.len() == all;
    (both, whole)
}

/// `2017-03-22T16:28:02`, in UTC without saying so.
fn moment(text: &str) -> Option<DateTime<Utc>> {
    clock::parse(&format!("{}Z", text.trim_end_matches('Z')))
}

/// Whether nobody has paid it nor will: what a customer left at the till, and what came of that. Orders by the
/// ways that are paid later (transfer, cheque, on delivery) are orders at once.
fn is_basket(order: &Value) -> bool {
    let word = |key: &str| order[key].as_str().unwrap_or_default();
    let unpaid = order.get("date_paid_gmt").is_some_and(Value::is_null);
    let later = matches!(word("payment_method"), "bacs" | "cheque" | "cod");
    let status = word("status");
    let status = status.strip_prefix("wc-").unwrap_or(status);
    let left = matches!(
        status,
        "pending" | "failed" | "cancelled" | "checkout-draft" | "auto-draft" | "draft" | "trash"
    );
    unpaid && left && !later
}

impl ShopOrders for WooCommerceOrders {
    fn source_name(&self) -> &str {
        &self.name
    }

    fn page(&mut self, words: Option<&str>, budget: &Budget) -> Result<Page, ShopFault> {
        self.read_page(words, budget)
    }

    fn look(&mut self, now: DateTime<Utc>) -> Result<SourceChecked, ShopFault> {
        let walk = WooCommerceWalk::read(None, self.settings.since, now);
        let looked = self.list(&walk, 1, None).and_then(|answer| {
            self.listed(&answer, &walk)?;
            Ok(answer.total)
        });
        let total = looked?;
        let shop = &self.settings.shop;
        Ok(SourceChecked {
            found: match total {
                Some(total) => {
                    let since = self.settings.since.format("%Y-%m-%d %H:%M UTC");
                    format!("{shop} lets us read its orders ({total} placed since {since})")
                }
                None => format!("{shop} lets us read its orders"),
            },
            warnings: Vec::new(),
        })
    }
}
