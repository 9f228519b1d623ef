//! Cells of carriers: a carrier's name and words of its services. With any other word nobody knows whether
//! that carrier has the goods ("UPS (label)", "UPS or FedEx"), and a customer carries nothing.

use super::AdviceRow;
use super::headers::AdviceField;
use super::row::Cells;
use crate::carriers::{CARRIERS, Check, carrier_by_name, recognise};
use crate::vendor_docs::columns;
use std::collections::HashSet;
use std::sync::LazyLock;

/// Words of services, and what stands beside them.
const SERVICES: &str = "ground grnd grd gnd gr air next nda nd day days da am pm saver express exp expr expedited exped standard std overnight ovn ovnt priority pri home hd del delivery residential resid resi res commercial comm com smartpost surepost mail innovations mi mailinnovations parcel parcels package pkg select economy eco econ freight frt ltl truckload worldwide international intl domestic dom early first second third nth st class media retail service services svc inc corp co llc ltd of america united federal postal states us usa canada courier collect prepaid prepay party billing bill account acct third drop ship shipping shipped shipment dropship guaranteed gtd saturday sat sunday plus flat rate box envelope signature sig basic light lightweight heavy weight medium pound pounds lb lbs over under business weekday noon end advantage workshare bound printed matter via by the a method carrier best way cheapest lowest cost line lines system systems network networks global logistics transport transportation trucking ecommerce ecom small large pak letter tube one two three sender recipient receiver shipper consignee zone zones threshold inside white glove curbside liftgate lift gate shipstation shippo worldship easypost stamps shopify pirateship ship manager east west north south eastern western northern southern same regional local messenger dedicated van truck";
/// Who carries nothing for others.
const NOBODY: &[&str] = &[
    "customer",
    "client",
    "buyer",
    "consignee",
    "recipient",
    "self",
    "unknown",
    "label",
    "labels",
    "test",
    "sample",
    "various",
    "n",
    "no",
    "na",
    "x",
    "not",
    "multiple",
];

static WORDS: LazyLock<HashSet<String>> = LazyLock::new(|| {
    let spellings = CARRIERS.iter().flat_map(|carrier| carrier.spellings.iter());
    let spellings = spellings.flat_map(|one| one.split(|c: char| !c.is_alphanumeric()));
    let services = SERVICES.split(' ');
    spellings.chain(services).map(str::to_owned).collect()
});

/// Clauses about the cells of carriers that are not understood.
pub(super) fn doubts(cells: &Cells) -> Vec<String> {
    let all = cells.get(&AdviceField::Carrier).into_iter().flatten();
    // drop shipments are collected by carriers alone
    let odd = all.filter(|cell| columns::collected(cell) || strange(cell));
    odd.map(|cell| columns::marked("carrier", cell)).collect()
}

fn strange(cell: &str) -> bool {
    let text = cell.to_lowercase().replace(['.', '\'', '’', '®', '™'], "");
    let words = text.split(|c: char| !c.is_alphanumeric());
    let words: Vec<&str> = words.filter(|word| !word.is_empty()).collect();
    if cell.contains('?') {
        return true;
    }
    if carrier_by_name(cell).is_none() {
        return words.len() == 1 && words.iter().all(|word| NOBODY.contains(word));
    }
    let known = |word: &&str| {
        let glued = || carrier_by_name(word).is_some();
        let code = word.bytes().any(|b| b.is_ascii_digit()) || word.len() == 1;
        code || WORDS.contains(*word) || glued()
    };
    !words.iter().all(known)
}

/// A second column of carriers that names another; the post delivers for others, which their numbers say or
/// the names of their services.
pub(super) fn two(cells: &Cells, row: &mut AdviceRow) {
    let all = || cells.get(&AdviceField::Carrier).into_iter().flatten();
    let mut known = all().filter_map(|cell| Some((cell, carrier_by_name(cell)?.code)));
    let Some((_, first)) = known.next() else {
        return;
    };
    let service = cells.get(&AdviceField::Service).into_iter().flatten();
    let shared = |cell: &String| {
        let cell = cell.to_lowercase().replace([' ', '-'], "");
        [
            "surepost",
            "smartpost",
            "innovations",
            "ecommerce",
            "economy",
            "globalmail",
        ]
        .iter()
        .any(|name| cell.contains(name))
    };
    let shared = all().chain(service).any(shared);
    let number = row.tracking_number.as_deref().unwrap_or_default();
    let postal = recognise(number)
        .iter()
        .any(|found| found.carrier.code == "usps" && found.check != Check::Wrong);
    let post = |other: &str| [other, first].contains(&"usps") && (shared || postal);
    let other = known.find(|(_, code)| *code != first && !post(code));
    let doubt = other.map(|(cell, _)| columns::marked("carrier", cell));
    row.beside.doubts.extend(doubt);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_carrier_and_its_services() {
        for cell in [
            "UPS",
            "UPS Ground",
            "UPS 2nd Day Air A.M.",
            "ups_ground",
            "UPSGround",
            "FedEx Home Delivery",
            "FEDEX 2DAY",
            "USPS Priority Mail",
            "U.S. Mail",
            "United Parcel Service, Inc.",
            "UPS - Ground (Residential)",
            "UPSN",
            "UPS SurePost",
            "DHL eCommerce",
            "Local Courier",
            "R+L Carriers",
            "Bob's Trucking",
            "G02",
        ] {
            assert!(!strange(cell), "{cell}");
        }
        for cell in [
            "UPS?",
            "UPS (label)",
            "Customer",
            "Not UPS",
            "UPS or FedEx",
            "UPS tomorrow",
            "to be picked up by UPS",
            "unknown",
            "will go UPS",
        ] {
            assert!(strange(cell), "{cell}");
        }
    }
}
