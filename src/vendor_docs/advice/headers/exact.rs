//! The words of which a heading may consist that means one of the fields by which goods are taken as
//! shipped. Any other word makes it another thing: `qty_backordered` is no quantity that left,
//! `est_ship_date` no day on which goods left, `substitute_sku` no article of the order.

use super::AdviceField;
use super::heading_words::HeadingWords;
use regex::Regex;
use std::sync::LazyLock;

/// What stands beside each of them: whose it is, and that it is a number.
const COMMON: &str = "number|numbers|num|nums|nbr|nbrs|no|nos|nr|id|ids|code|codes|s|the|of|and|your|our|order|orders|ord|line|item|items|lineitem|[0-9]{1,2}";

const QTY: &str = "qty|qtys|quantity|quantities|quant|ship|shipped|shipping|shipment|shp|shpd|dispatch|dispatched|despatch|despatched|sent|fulfil|fulfill|fulfilled|fulfillment|fulfilment|unit|units|pc|pcs|piece|pieces|count|product|products|sku|line|lines|total|ea|each|deliver|delivery|delivered|actual|in|package|parcel";

const SHIP_DATE: &str = "ship|shipped|shipping|shipment|shipments|shp|shpd|date|dates|dt|day|on|at|time|timestamp|datetime|when|utc|local|gmt|dispatch|dispatched|despatch|despatched|sent|mail|mailed|mailing|fulfil|fulfill|fulfilled|fulfillment|fulfilment|pickup|picked|pick|up|left|warehouse|package|parcel|actual|goods|po|vendor|carrier|yyyy|mm|dd|yy|y|m|d|collection|information|issue|gi";

const TRACKING: &str = "pc|pcs|piece|pieces|unit|units|track|tracks|tracking|tracker|trk|trak|trace|tracing|ship|shipment|shipments|shipped|shipping|package|packages|pkg|parcel|parcels|carton|box|carrier|carriers|courier|ups|fedex|fed|ex|usps|dhl|ontrac|lasership|postal|pro|way|waybill|air|airway|airwaybill|bill|billoflading|lading|bol|awb|hawb|mawb|consignment|con|connote|note|label|freight|freightbill|delivery|reference|references|ref|outbound|fulfillment|fulfilment|barcode|customer|master|lead|main|primary|po|vendor|supplier|info";

const SKU: &str = "sku|skus|part|parts|product|products|article|articles|material|materials|model|models|style|styles|mpn|catalog|catalogue|stock|vendor|vendors|supplier|suppliers|seller|mfg|mfr|mfgr|manufacturer|manufacturers|maker|customer|cust|buyer|merchant|retailer|partner|upc|upca|ean|gtin|barcode|asin|isbn|variant|shop|store|internal|reference|ref|unit|web|host|primary|main|lookup|itemno|p|n|pn|po|dsco|marketplace|channel|amazon|walmart|wayfair";

const PO: &str = "check|po|pos|p|o|p0|ponumber|pono|ponum|purchase|purchaseorder|retailer|merchant|customer|customers|cust|client|buyer|dealer|partner|ref|reference|doc|document|web|host|store|channel|external|site|drop|dropship|shop|marketplace|sales|header|buyers|wayfair|amazon|walmart|end|user|trading|master|name";

const STATUS: &str = "status|statuses|shipment|shipments|shipping|ship|logistic|logistics|fulfillment|fulfilment|fulfill|fulfil|tracking|track|delivery|deliver|package|parcel|current|latest|po|purchase|carrier|text|description|desc|name|detail|details|dispatch|despatch|confirmation|acknowledgment|acknowledgement|ack|response|vendor|supplier|overall|header|product|sku|transit";

fn build(words: &str) -> Option<Regex> {
    Regex::new(&format!("^(?:{COMMON}|{words})+$")).ok()
}

static QTYS: LazyLock<Option<Regex>> = LazyLock::new(|| build(QTY));
static SHIP_DATES: LazyLock<Option<Regex>> = LazyLock::new(|| build(SHIP_DATE));
static TRACKINGS: LazyLock<Option<Regex>> = LazyLock::new(|| build(TRACKING));
static SKUS: LazyLock<Option<Regex>> = LazyLock::new(|| build(SKU));
static POS: LazyLock<Option<Regex>> = LazyLock::new(|| build(PO));
static STATUSES: LazyLock<Option<Regex>> = LazyLock::new(|| build(STATUS));

/// Whether a heading says so with these words alone.
pub(super) fn says(field: AdviceField, words: &HeadingWords) -> bool {
    let list = match field {
        AdviceField::Qty => &QTYS,
        AdviceField::ShipDate => &SHIP_DATES,
        AdviceField::Tracking => &TRACKINGS,
        AdviceField::Sku => &SKUS,
        AdviceField::Po | AdviceField::Order => &POS,
        AdviceField::Status => &STATUSES,
        _ => return true,
    };
    // "ship on": a plan
    let joined = words.joined();
    let plan = matches!(joined.as_str(), "shipon" | "shipat" | "dispatchon");
    let each = |list: &Regex| words.0.iter().all(|word| list.is_match(word));
    !plan && list.as_ref().is_some_and(each)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_compile() {
        let all = [&QTYS, &SHIP_DATES, &TRACKINGS, &SKUS, &POS, &STATUSES];
        assert!(all.iter().all(|list| list.is_some()));
    }
}
