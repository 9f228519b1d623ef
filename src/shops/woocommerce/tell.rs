//! Shipments told to a shop of WooCommerce, in the way that the shop has: fulfilments (WooCommerce 10 and later),
//! the plugin "Shipment Tracking" and those that speak like it, or a note at the order.

use super::WooCommerceSettings;
use super::api::{WooCommerceAnswer, WooCommerceApi};
use crate::domain::text::line;
use crate::shops::told::{
    ClosingStanding, ShopStanding, ToldClosing, ToldParcel, ToldShipment, ToldShop,
};
use crate::shops::{ShopFault, ShopFaultKind};
use serde_json::{Value, json};

/// A route that no shop has.
const NOWHERE: [&str; 3] = ["wc", "v3", "poms-check"];

/// The entry of an order's `meta_data` in which "Shipment Tracking", and what speaks like it, keeps its list.
const KEPT_BY_PLUGIN: &str = "_wc_shipment_tracking_items";

/// The shop's way to keep tracking numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WooCommerceWay {
    /// A note at the order.
    Note,
    /// `wc-shipment-tracking/v3`.
    ShipmentTracking,
    /// `wc/v3/orders/ID/fulfillments`.
    Fulfillments,
}

impl WooCommerceWay {
    /// The list in which the shop keeps what it was told, and where more is added.
    pub(super) fn path<'a>(&self, order: &'a str) -> [&'a str; 5] {
        match self {
            WooCommerceWay::Note => ["wc", "v3", "orders", order, "notes"],
            WooCommerceWay::ShipmentTracking => [
                "wc-shipment-tracking",
                "v3",
                "orders",
                order,
                "shipment-trackings",
            ],
            WooCommerceWay::Fulfillments => ["wc", "v3", "orders", order, "fulfillments"],
        }
    }

    /// The tracking numbers that an order of the shop's list has with it: the plugin keeps its list as an entry of
    /// the order's `meta_data`. `None` where it has to be asked for.
    pub(super) fn of_order(&self, order: &Value) -> Option<Vec<String>> {
        if *self != WooCommerceWay::ShipmentTracking {
            return None;
        }
        let meta = order["meta_data"].as_array()?;
        let own = meta.iter().find(|one| one["key"] == KEPT_BY_PLUGIN)?;
        let list = own["value"].as_array()?.iter();
        Some(list.flat_map(|entry| self.texts(entry)).collect())
    }

    /// What an entry of that list says of tracking numbers.
    pub(super) fn texts(&self, entry: &Value) -> Vec<String> {
        let texts = |values: Vec<&Value>| {
            let texts = values.into_iter().filter_map(Value::as_str);
            texts.map(str::to_owned).collect()
        };
        match self {
            WooCommerceWay::Note => texts(vec![&entry["note"]]),
            WooCommerceWay::ShipmentTracking => texts(vec![&entry["tracking_number"]]),
            WooCommerceWay::Fulfillments if !entry["date_deleted"].is_null() => Vec::new(),
            WooCommerceWay::Fulfillments => {
                let meta = entry["meta_data"].as_array().map(Vec::as_slice);
                let numbers = meta.unwrap_or_default().iter();
                let numbers = numbers.filter(|one| one["key"] == "_tracking_number");
                texts(numbers.map(|one| &one["value"]).collect())
            }
        }
    }
}

/// One shop that is told of shipments.
pub struct WooCommerceTold {
    settings: WooCommerceSettings,
    way: WooCommerceWay,
    api: Option<WooCommerceApi>,
    /// Numbers that the last look did not find.
    missing: Vec<String>,
}

impl WooCommerceTold {
    /// Asks nothing yet.
    pub fn new(settings: WooCommerceSettings, way: WooCommerceWay) -> WooCommerceTold {
        WooCommerceTold {
            settings,
            way,
            api: None,
            missing: Vec::new(),
        }
    }

    fn api(&mut self) -> Result<&WooCommerceApi, ShopFault> {
        let api = match self.api.take() {
            Some(api) => api,
            None => WooCommerceApi::open(&self.settings)?,
        };
        Ok(self.api.insert(api))
    }

    fn get(&mut self, path: &[&str]) -> Result<WooCommerceAnswer, ShopFault> {
        self.api()?.get(path, &[])
    }

    fn post(
        &mut self,
        path: &[&str],
        query: &[(&str, &str)],
        body: &Value,
    ) -> Result<(), ShopFault> {
        self.api()?
            .post(path, query, body.to_string().as_bytes())
            .map(|_| ())
    }
}

impl WooCommerceTold {
    /// Whether the shop has the list in which it shall keep tracking numbers, by its index of routes.
    fn has_the_way(&mut self) -> Result<(), ShopFault> {
        let (path, route, lacks) = match self.way {
            WooCommerceWay::Note => return Ok(()),
            WooCommerceWay::ShipmentTracking => (
                ["wc-shipment-tracking", "v3"],
                "/shipment-trackings",
                "the plugin Shipment Tracking, or one that speaks like it",
            ),
            WooCommerceWay::Fulfillments => (
                ["wc", "v3"],
                "/fulfillments",
                "fulfilments (WooCommerce 10 or newer, where they are switched on)",
            ),
        };
        let missing = ShopFault::lasting(
            format!("{} has not {lacks}", self.settings.shop),
            "set tracking to what the shop has; \"note\" works in each",
        );
        let index = match self.get(&path) {
            Ok(answer) => answer.value,
            Err(fault) if fault.what.contains("(404") => return Err(missing),
            Err(fault) => return Err(fault),
        };
        let routes = index["routes"].as_object();
        match routes.is_some_and(|routes| routes.keys().any(|one| one.contains(route))) {
            true => Ok(()),
            false => Err(missing),
        }
    }
}

impl ToldShop for WooCommerceTold {
    fn look(&mut self, shipment: &ToldShipment) -> Result<ShopStanding, ShopFault> {
        self.missing.clear();
        let order = match self.get(&["wc", "v3", "orders", &shipment.order_id]) {
            Ok(answer) => answer.value,
            Err(fault) if fault.what.contains("invalid_id") => {
                let what = format!("{} has no order {}", self.settings.shop, shipment.order_id);
                return Ok(ShopStanding::Never(what));
            }
            Err(fault) => return Err(fault),
        };
        let status = order["status"].as_str().unwrap_or_default().to_owned();
        let list = self.get(&self.way.path(&shipment.order_id))?;
        let Some(list) = list.value.as_array() else {
            let what = "the shop's list of what it was told cannot be read".to_owned();
            return Ok(ShopStanding::Unclear(what));
        };
        let there = |key: &str| list.iter().any(|one| is_in(self.way, one, key));
        let (keys, no_number) = match self.way {
            WooCommerceWay::Note => (vec![mark(shipment)], false),
            WooCommerceWay::Fulfillments => (vec![joined(shipment)], shipment.parcels.is_empty()),
            WooCommerceWay::ShipmentTracking => {
                let numbers = shipment.numbers().into_iter().map(str::to_owned);
                (numbers.collect(), shipment.parcels.is_empty())
            }
        };
        if no_number {
            return Ok(ShopStanding::Never(
                "a shipment without tracking number has no place in the shop: note it there by hand".to_owned(),
            ));
        }
        self.missing = keys.into_iter().filter(|key| !there(key)).collect();
        if self.missing.is_empty() {
            return Ok(ShopStanding::Has);
        }
        Ok(match status.as_str() {
            "cancelled" | "refunded" | "failed" | "trash" => ShopStanding::Never(format!(
                "the order is {status} in the shop, and goods have left: decide there"
            )),
            _ => ShopStanding::HasNot,
        })
    }

    fn check(&mut self) -> Result<Option<String>, ShopFault> {
        self.has_the_way()?;
        // by the published source of WooCommerce (class-wc-rest-authentication.php) the key's permission is looked at
        // before the route is: what is posted to where nothing is can change nothing, and a key that may only read
        // is told so first
        match self.post(&NOWHERE, &[], &json!({})) {
            Err(fault) if fault.kind == ShopFaultKind::Lasting && !fault.what.contains("(404") => {
                Err(fault)
            }
            _ => Ok(None),
        }
    }

    fn proves(&self, shipment: &ToldShipment) -> bool {
        self.way == WooCommerceWay::Note || !shipment.parcels.is_empty()
    }

    fn tell(&mut self, shipment: &ToldShipment) -> Result<String, ShopFault> {
        let missing = std::mem::take(&mut self.missing);
        if missing.is_empty() {
            return Err(ShopFault::passing("the shop was not looked at before"));
        }
        let path = self.way.path(&shipment.order_id);
        let notify = if shipment.notify { "true" } else { "false" };
        for (told, key) in missing.iter().enumerate() {
            let parcel = shipment.parcels.iter().find(|one| one.number == *key);
            let done = match (self.way, parcel) {
                (WooCommerceWay::ShipmentTracking, Some(parcel)) => {
                    self.post(&path, &[], &tracking(shipment, parcel))
                }
                (WooCommerceWay::Fulfillments, _) => {
                    let query = [("notify_customer", notify)];
                    self.post(&path, &query, &fulfilment(shipment))
                }
                _ => self.post(&path, &[], &note(shipment)),
            };
            done.map_err(|fault| match fault.kind {
                // the first ones are there: the next look finds them
                ShopFaultKind::Lasting | ShopFaultKind::Refused if told > 0 => {
                    ShopFault::passing(fault.to_string())
                }
                _ => fault,
            })?;
        }
        Ok(format!("{} took it", self.settings.shop))
    }

    fn look_closed(&mut self, order: &ToldClosing) -> Result<ClosingStanding, ShopFault> {
        let answer = match self.get(&["wc", "v3", "orders", &order.order_id]) {
            Ok(answer) => answer,
            Err(fault) if fault.what.contains("invalid_id") => {
                let what = format!("{} has no order {}", self.settings.shop, order.order_id);
                return Ok(ClosingStanding::Never(what));
            }
            Err(fault) => return Err(fault),
        };
        Ok(match answer.value["status"].as_str() {
            Some("processing") => ClosingStanding::Open,
            other => {
                let status = line(other.unwrap_or_default());
                ClosingStanding::Nothing(format!("the order is {status} there"))
            }
        })
    }

    fn close(&mut self, order: &ToldClosing) -> Result<String, ShopFault> {
        let path = ["wc", "v3", "orders", order.order_id.as_str()];
        self.post(&path, &[], &json!({"status": "completed"}))?;
        Ok("the order is completed there".to_owned())
    }
}

/// What a note is known again by.
fn mark(shipment: &ToldShipment) -> String {
    format!("[{}]", shipment.reference)
}

fn note(shipment: &ToldShipment) -> Value {
    let mut text = format!("Shipped: {}", shipment.words());
    for url in shipment
        .parcels
        .iter()
        .map(|one| &one.url)
        .filter(|url| !url.is_empty())
    {
        text.push('\n');
        text.push_str(url);
    }
    text.push('\n');
    text.push_str(&mark(shipment));
    json!({"note": text, "customer_note": shipment.notify})
}

/// The plugin's predefined carriers by their names; others as carriers of one's own.
fn tracking(shipment: &ToldShipment, parcel: &ToldParcel) -> Value {
    let known = match parcel.carrier.as_str() {
        "ups" => Some("UPS"),
        "usps" => Some("USPS"),
        "fedex" => Some("Fedex"),
        _ => None,
    };
    let mut body = json!({"tracking_number": parcel.number});
    match known {
        Some(name) => body["tracking_provider"] = json!(name),
        None => {
            body["custom_tracking_provider"] = json!(parcel.carrier_name);
            body["custom_tracking_link"] = json!(parcel.url);
        }
    }
    if !shipment.left.is_empty() {
        body["date_shipped"] = json!(shipment.left);
    }
    body
}

/// A fulfilment has one place for a number, and must have goods: which piece is in which parcel nobody says.
fn joined(shipment: &ToldShipment) -> String {
    shipment.numbers().join(", ")
}

fn fulfilment(shipment: &ToldShipment) -> Value {
    let first = shipment.parcels.first();
    let items: Vec<Value> = shipment
        .lines
        .iter()
        .filter_map(|line| Some(json!({"item_id": line.id.parse::<u64>().ok()?, "qty": line.qty})))
        .collect();
    let known = ["ups", "usps", "fedex", "dhl"];
    let provider = first
        .map(|one| one.carrier.as_str())
        .filter(|carrier| known.contains(carrier))
        .unwrap_or("other");
    let mut meta = vec![
        json!({"key": "_items", "value": items}),
        json!({"key": "_tracking_number", "value": joined(shipment)}),
        json!({"key": "_shipping_provider", "value": provider}),
    ];
    if let Some(parcel) = first.filter(|_| provider == "other") {
        meta.push(json!({"key": "_provider_name", "value": parcel.carrier_name}));
    }
    if let [only] = shipment.parcels.as_slice()
        && !only.url.is_empty()
    {
        meta.push(json!({"key": "_tracking_url", "value": only.url}));
    }
    json!({"status": "fulfilled", "is_fulfilled": true, "meta_data": meta})
}

/// Whether an entry of the shop's list is about this number, or has this mark.
fn is_in(way: WooCommerceWay, entry: &Value, key: &str) -> bool {
    let is = |text: &String| match way {
        WooCommerceWay::Note => text.contains(key),
        WooCommerceWay::ShipmentTracking | WooCommerceWay::Fulfillments => text == key,
    };
    way.texts(entry).iter().any(is)
}
