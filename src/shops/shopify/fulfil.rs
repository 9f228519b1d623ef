//! Shipments told to Shopify: a fulfilment of explicit pieces of the order's open fulfilment orders.
//! <https://shopify.dev/docs/api/admin-graphql/latest/mutations/fulfillmentCreate>

use super::ShopifySettings;
use super::api::ShopifyApi;
use super::query::{CLOSE, FULFIL, FULFILMENTS};
use crate::domain::text::line;
use crate::shops::ShopFault;
use crate::shops::told::{ShopStanding, ToldLine, ToldParcel, ToldShipment, ToldShop};
use chrono::{DateTime, Utc};
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// Fulfilments that are looked at; an order with as many may have more.
const FULFILMENTS_AT_ONCE: usize = 30;

/// One shop that is told of shipments.
pub struct ShopifyTold {
    settings: ShopifySettings,
    now: DateTime<Utc>,
    api: Option<ShopifyApi>,
    /// What the last look would do: the fulfilment orders' part of the input, and whether it takes all that is
    /// open.
    plan: Option<(Value, bool)>,
    /// Whether the last look found an order of which nothing is open, and which is not closed.
    unfinished: bool,
}

impl ShopifyTold {
    /// Asks nothing yet.
    pub fn new(settings: ShopifySettings, now: DateTime<Utc>) -> ShopifyTold {
        ShopifyTold {
            settings,
            now,
            api: None,
            plan: None,
            unfinished: false,
        }
    }

    fn ask(&mut self, what: super::query::Operation, with: &Value) -> Result<Value, ShopFault> {
        let mut api = match self.api.take() {
            Some(api) => api,
            None => ShopifyApi::open(&self.settings, self.now)?,
        };
        let answer = api.ask(what, with);
        self.api = Some(api);
        answer.map_err(|fault| fault.whole(&self.settings.shop))
    }

    /// Closes an order of which nothing is open; that it could not be is only said.
    fn close(&mut self, order: &str) -> String {
        let with = json!({"input": {"id": order}});
        match self.ask(CLOSE, &with) {
            Ok(data) => match refused(&data["orderClose"]["userErrors"]) {
                None => "; the order is closed there".to_owned(),
                Some(why) => format!("; the order could not be closed there: {why}"),
            },
            Err(fault) => format!("; the order could not be closed there: {}", fault.what),
        }
    }
}

impl ToldShop for ShopifyTold {
    fn look(&mut self, shipment: &ToldShipment) -> Result<ShopStanding, ShopFault> {
        (self.plan, self.unfinished) = (None, false);
        let with = json!({"id": gid(shipment), "fulfilments": FULFILMENTS_AT_ONCE});
        let data = self.ask(FULFILMENTS, &with)?;
        let order = &data["order"];
        if order.is_null() {
            let what = format!("{} has no order {}", self.settings.shop, shipment.order_id);
            return Ok(ShopStanding::Never(what));
        }
        if let Some(standing) = known(order, shipment) {
            let all_left = plan(order, &[]).is_ok_and(|(_, is_last)| is_last);
            self.unfinished = all_left && order["closed"] == json!(false);
            return Ok(standing);
        }
        match plan(order, &shipment.lines) {
            Ok(plan) => {
                self.plan = Some(plan);
                Ok(ShopStanding::HasNot)
            }
            Err(standing) => Ok(standing),
        }
    }

    fn tell(&mut self, shipment: &ToldShipment) -> Result<String, ShopFault> {
        let Some((pieces, is_last)) = self.plan.take() else {
            return Err(ShopFault::passing("the shop was not looked at before"));
        };
        let mut input = json!({
            "lineItemsByFulfillmentOrder": pieces,
            "notifyCustomer": shipment.notify,
        });
        if let Some(first) = shipment.parcels.first() {
            let mut tracking = json!({"numbers": shipment.numbers()});
            let company = company(first);
            if !company.is_empty() {
                tracking["company"] = json!(company);
            }
            let urls: Vec<&str> = shipment
                .parcels
                .iter()
                .map(|one| one.url.as_str())
                .collect();
            // matched to the numbers by their places: all of them or none
            if urls.iter().all(|url| !url.is_empty()) {
                tracking["urls"] = json!(urls);
            }
            input["trackingInfo"] = tracking;
        }
        let data = self.ask(FULFIL, &json!({"fulfillment": input}))?;
        let made = &data["fulfillmentCreate"];
        if let Some(why) = refused(&made["userErrors"]) {
            return Err(ShopFault::lasting(
                format!("{} refuses the fulfilment: {why}", self.settings.shop),
                "look at the order in the shop, and fulfil it there by hand",
            ));
        }
        let Some(id) = made["fulfillment"]["id"].as_str() else {
            let what = format!("{} answers without the fulfilment", self.settings.shop);
            return Err(ShopFault::unknown(what));
        };
        let id = line(id.rsplit('/').next().unwrap_or_default());
        let closed = match shipment.closes && is_last {
            true => self.close(&gid(shipment)),
            false => String::new(),
        };
        Ok(format!(
            "{} made fulfilment {id}{closed}",
            self.settings.shop
        ))
    }

    fn finish(&mut self, shipment: &ToldShipment) -> String {
        match shipment.closes && std::mem::take(&mut self.unfinished) {
            true => self.close(&gid(shipment)),
            false => String::new(),
        }
    }
}

fn gid(shipment: &ToldShipment) -> String {
    format!("gid://shopify/Order/{}", shipment.order_id)
}

/// The shop's own reasons against an act, in one line.
fn refused(errors: &Value) -> Option<String> {
    let list = errors.as_array()?;
    let said: Vec<String> = list
        .iter()
        .take(3)
        .map(|error| line(error["message"].as_str().unwrap_or("no reason given")))
        .collect();
    (!said.is_empty()).then(|| said.join("; ").chars().take(300).collect())
}

/// Whether the order's fulfilments have the shipment; `None` where they certainly have not.
fn known(order: &Value, shipment: &ToldShipment) -> Option<ShopStanding> {
    let Some(fulfilments) = order["fulfillments"].as_array() else {
        let what = "the shop's list of fulfilments cannot be read".to_owned();
        return Some(ShopStanding::Unclear(what));
    };
    let stands = |one: &&Value| {
        !matches!(
            one["status"].as_str(),
            Some("CANCELLED" | "ERROR" | "FAILURE")
        )
    };
    let has = |number: &str| {
        let numbers = fulfilments.iter().filter(stands).flat_map(|one| {
            let list = one["trackingInfo"].as_array().map(Vec::as_slice);
            list.unwrap_or_default().iter()
        });
        numbers
            .filter_map(|one| one["number"].as_str())
            .any(|known| same(known, number))
    };
    let numbers = shipment.numbers();
    let there = numbers.iter().filter(|number| has(number)).count();
    match there {
        0 if fulfilments.len() < FULFILMENTS_AT_ONCE => None,
        0 => Some(ShopStanding::Never(format!(
            "the order has {FULFILMENTS_AT_ONCE} fulfilments or more in the shop: fulfil it there by hand"
        ))),
        all if all == numbers.len() => Some(ShopStanding::Has),
        _ => Some(ShopStanding::Never(
            "the shop has a fulfilment with a part of these tracking numbers: complete it there by hand".to_owned(),
        )),
    }
}

/// Numbers are written with blanks or without.
fn same(one: &str, other: &str) -> bool {
    let bare = |text: &str| -> String {
        let kept = text.chars().filter(char::is_ascii_alphanumeric);
        kept.map(|c| c.to_ascii_uppercase()).collect()
    };
    bare(one) == bare(other)
}

/// Which pieces of which fulfilment orders are meant, and whether nothing is open then.
fn plan(order: &Value, lines: &[ToldLine]) -> Result<(Value, bool), ShopStanding> {
    let list = &order["fulfillmentOrders"];
    let nodes = list["nodes"].as_array().filter(|_| is_whole(list));
    let mut wanted: BTreeMap<&str, i64> = BTreeMap::new();
    for line in lines {
        *wanted.entry(line.id.as_str()).or_default() += line.qty;
    }
    let (mut taken, mut places, mut left_open, mut waits) = (Vec::new(), Vec::new(), 0, false);
    for node in nodes.ok_or_else(by_hand)? {
        let part = part(node, &mut wanted)?;
        left_open += part.left_open;
        waits |= part.waits;
        if !part.pieces.is_empty() {
            let pieces = part.pieces;
            taken.push(
                json!({"fulfillmentOrderId": node["id"], "fulfillmentOrderLineItems": pieces}),
            );
            places.push(&node["assignedLocation"]["name"]);
        }
    }
    let lacks = wanted.iter().find(|(_, qty)| **qty > 0);
    if let Some((id, qty)) = lacks {
        let sku = lines.iter().find(|line| line.id == **id);
        let sku = sku.map_or("", |line| line.sku.as_str());
        return Err(match waits {
            true => ShopStanding::NotNow(
                "the order is on hold or scheduled for later in the shop: release it there"
                    .to_owned(),
            ),
            false => ShopStanding::Never(format!(
                "{qty} of {sku} are not open any more in the shop (fulfilled, cancelled or taken off there): compare"
            )),
        });
    }
    if places.windows(2).any(|two| two[0] != two[1]) {
        return Err(ShopStanding::Never(
            "its pieces lie at several locations in the shop, which takes a fulfilment each: fulfil it there by hand"
                .to_owned(),
        ));
    }
    Ok((Value::Array(taken), left_open == 0))
}

/// What one fulfilment order gives.
struct FulfilmentPart {
    pieces: Vec<Value>,
    /// Pieces that stay open in it.
    left_open: i64,
    /// Whether wanted pieces are open in it and cannot be sent now.
    waits: bool,
}

/// Takes what is wanted out of one fulfilment order.
fn part(node: &Value, wanted: &mut BTreeMap<&str, i64>) -> Result<FulfilmentPart, ShopStanding> {
    let list = &node["lineItems"];
    let lines = list["nodes"].as_array().filter(|_| is_whole(list));
    let mut part = FulfilmentPart {
        pieces: Vec::new(),
        left_open: 0,
        waits: false,
    };
    for one in lines.ok_or_else(by_hand)? {
        let open = one["remainingQuantity"].as_i64().unwrap_or_default();
        let still = wanted.get_mut(one["lineItem"]["id"].as_str().unwrap_or_default());
        match node["status"].as_str() {
            Some("OPEN" | "IN_PROGRESS") => {
                let take = still.as_ref().map_or(0, |still| open.min(**still)).max(0);
                if let Some(still) = still {
                    *still -= take;
                }
                part.left_open += open - take;
                if take > 0 {
                    part.pieces.push(json!({"id": one["id"], "quantity": take}));
                }
            }
            Some("CLOSED" | "CANCELLED") => {}
            _ => {
                part.left_open += open;
                part.waits |= open > 0 && still.is_some();
            }
        }
    }
    Ok(part)
}

fn is_whole(list: &Value) -> bool {
    list["pageInfo"]["hasNextPage"] == json!(false)
}

fn by_hand() -> ShopStanding {
    ShopStanding::Never(
        "the order has more fulfilment orders or lines in the shop than poms reads: fulfil it there by hand".to_owned(),
    )
}

/// The carrier as Shopify spells it, so that it makes links and follows the parcel itself
/// (`FulfillmentTrackingInfo`, supported companies); else its own name.
fn company(parcel: &ToldParcel) -> &str {
    match parcel.carrier.as_str() {
        "ups" => "UPS",
        "usps" => "USPS",
        "fedex" => "FedEx",
        "dhl" => "DHL Express",
        "dpd" => "DPD",
        "canada_post" => "Canada Post",
        "canpar" => "Canpar",
        "purolator" => "Purolator",
        "lasership" => "LaserShip",
        "ontrac" => "OnTrac",
        "yunexpress" => "YunExpress",
        _ => &parcel.carrier_name,
    }
}
