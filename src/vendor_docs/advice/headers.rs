//! What the columns and keys of vendors' advices mean, by the words in them: `PO #`, `po_number`,
//! `purchaseOrderNumber`, `Retailer PO`, `Customer P.O. No.` are one field.

mod exact;
mod heading_words;
mod recipient;

use heading_words::HeadingWords;
use serde::{Deserialize, Serialize};

/// What a column or key holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum AdviceField {
    /// Our purchase order's number.
    Po,
    /// An order's number that does not say whose; ours, when there is no [`AdviceField::Po`].
    Order,
    /// A reference or an invoice's number.
    Reference,
    /// The vendor's own order number.
    VendorOrder,
    /// SKU, ours or the vendor's.
    Sku,
    /// Pieces shipped.
    Qty,
    /// Carrier.
    Carrier,
    /// The carrier's service.
    Service,
    /// Tracking number.
    Tracking,
    /// When the goods left.
    ShipDate,
    /// What became of it, in a word.
    Status,
    /// Whether the label was taken back.
    Void,
    /// The place of the goods on the purchase order, 1, 2, 3 …
    PoLine,
    /// Recipient's name.
    Name,
    /// Recipient's street.
    Street,
    /// Recipient's city.
    City,
    /// Recipient's state.
    State,
    /// Recipient's ZIP.
    Zip,
}

/// The rank of a heading that says "shipped" and nothing more: pieces, or a day.
pub(super) const PIECES_OR_DAY: u8 = 7;

/// The words of a heading, in lower case, as they are compared.
pub fn words_of(header: &str) -> Vec<String> {
    HeadingWords::of(header).0
}

/// What a header means, and how well it says so: of two columns with one meaning the lower number
/// wins. `None` for columns that an advice does not need, dates of other things among them, and for
/// headings with any word that could make them another thing.
pub fn field_of(header: &str) -> Option<(AdviceField, u8)> {
    let words = HeadingWords::of(header);
    // alone it is how many they have; "Stock No." is an article
    if words.joined() == "stock" {
        return None;
    }
    likely(&words).filter(|(field, _)| exact::says(*field, &words))
}

/// What a heading with such a word may mean.
fn likely(words: &HeadingWords) -> Option<(AdviceField, u8)> {
    if words.0.is_empty() || words.0.len() > 6 {
        return None;
    }
    if words.begins(&["url", "link", "return", "cost", "price", "weight", "bill"])
        || words.has(&[
            "amount", "total", "full", "from", "fee", "charge", "charges", "path",
        ])
        || (words.has(&["type"]) && !words.has(&["service"]))
    {
        return None;
    }
    // "Customer Service", "Service Terms": of the page, not of the parcel; "Left At: Front Door"
    if words.has(&["service", "services"])
        && words.has(&[
            "customer",
            "terms",
            "guide",
            "center",
            "centre",
            "agreement",
            "desk",
        ])
        || words.joined() == "leftat"
    {
        return None;
    }
    if words.begins(&["void"]) && !words.dated() {
        return Some((AdviceField::Void, 0));
    }
    if words.dated() && !words.has(&["status"]) {
        return date(words);
    }
    parcel(words)
        .or_else(|| recipient::recipient(words))
        .or_else(|| goods(words))
        .or_else(|| (words.joined() == "ordername").then_some((AdviceField::Order, 1)))
        .or_else(|| numbers(words))
}

/// A date: only the one on which goods left.
fn date(words: &HeadingWords) -> Option<(AdviceField, u8)> {
    const LEAVES: &[&str] = &[
        "ship", "shp", "dispatch", "despatch", "sent", "mail", "fulfil", "left", "pickedup",
    ];
    const WISHED: &[&str] = &[
        "deliver",
        "estimat",
        "expect",
        "est",
        "eta",
        "arriv",
        "due",
        "request",
        "cancel",
        "invoice",
        "creat",
        "acknowledg",
        "regist",
        "need",
        "promis",
        "latest",
        "must",
        "schedul",
        "target",
    ];
    let joined = words.joined();
    if words.begins(WISHED) {
        None
    } else if GIVEN.iter().any(|day| joined.ends_with(day)) {
        Some((AdviceField::ShipDate, 1))
    } else if words.begins(LEAVES) || joined.contains("pickedup") || joined.starts_with("dateship")
    {
        Some((AdviceField::ShipDate, 0))
    } else {
        (joined == "date").then_some((AdviceField::ShipDate, 5))
    }
}

/// Days on which goods were given away, as UPS WorldShip and SAP call them.
const GIVEN: &[&str] = &["collectiondate", "goodsissuedate", "actualgidate"];

/// How headings call the company that carries.
const COMPANY: &[&str] = &[
    "carrier",
    "courier",
    "scac",
    "provider",
    "transporter",
    "forwarder",
];

/// Whole headings that mean it too.
const VIA: &[&str] = &[
    "via",
    "shipvia",
    "shippedvia",
    "shippedby",
    "shippingcompany",
    "freightcompany",
    "freightline",
    "deliveryservice",
    "shippingvia",
    "deliverycompany",
    "deliveredby",
    "deliveryvia",
    "sentvia",
    "forwardingagent",
];

/// What tracking numbers are called by carriers of every kind.
const TRACKING: &[&str] = &[
    "pro",
    "waybill",
    "airwaybill",
    "awb",
    "hawb",
    "connote",
    "consignment",
    "parcel",
    "label",
    "freightbill",
    "bol",
    "billoflading",
    "trk",
];

/// Status, carrier, tracking number, service.
fn parcel(words: &HeadingWords) -> Option<(AdviceField, u8)> {
    let joined = words.joined();
    if words.has(&["status"]) || joined.ends_with("status") {
        return Some((AdviceField::Status, 0));
    }
    let service = words.has(&[
        "service",
        "method",
        "class",
        "level",
        "mode",
        "servicelevel",
    ]) || joined.ends_with("shipmethod");
    let tracking = words.begins(&["track"]) || TRACKING.contains(&words.core().as_str());
    if tracking || words.has(&["waybill"]) {
        let last = words.0.iter().rev().find(|word| *word != "name");
        let company =
            last.is_some_and(|word| COMPANY.contains(&word.as_str()) || word == "company");
        let field = if company {
            AdviceField::Carrier
        } else {
            AdviceField::Tracking
        };
        // beside a tracking number a bill of lading is a reference
        let other = field == AdviceField::Tracking && !words.begins(&["track", "trk"]);
        return Some((field, u8::from(other)));
    }
    if words.begins(COMPANY) {
        let field = if service {
            AdviceField::Service
        } else {
            AdviceField::Carrier
        };
        return Some((field, u8::from(words.has(&["code", "scac"]))));
    }
    if VIA.contains(&joined.as_str()) {
        return Some((AdviceField::Carrier, 2));
    }
    service.then_some((AdviceField::Service, 0))
}

/// SKU and pieces.
fn goods(words: &HeadingWords) -> Option<(AdviceField, u8)> {
    const PLACE: &[&str] = &[
        "poline",
        "polineitem",
        "custpoline",
        "customerpoline",
        "purchaseorderline",
        "purchaseorderlineitem",
        "merchantline",
        "retailerline",
        "buyerline",
    ];
    let joined = words.joined();
    if PLACE.contains(&words.core().as_str()) {
        return Some((AdviceField::PoLine, 0));
    }
    let counts = joined.contains("qty")
        || words.begins(&["quant"])
        || words.has(&["units", "pcs", "pieces", "count"]);
    if counts {
        let other = words.begins(&[
            "order", "back", "bo", "open", "cancel", "remain", "carton", "package", "box", "line",
            "avail", "request",
        ]) || words.has(&["on", "ord"]);
        let shipped = words.begins(&["ship", "shp", "dispatch", "despatch", "sent", "fulfil"]);
        return (shipped || !other).then_some((AdviceField::Qty, u8::from(!shipped)));
    }
    if matches!(
        joined.as_str(),
        "shipped" | "shpd" | "dispatched" | "despatched"
    ) {
        return Some((AdviceField::Qty, PIECES_OR_DAY));
    }
    let other = words.has(&[
        "name",
        "description",
        "desc",
        "title",
        "line",
        "status",
        "order",
    ]);
    if other {
        return None;
    }
    let theirs = u8::from(words.begins(&["vendor", "supplier", "seller", "mfg", "manufacturer"]));
    if joined.contains("sku") {
        return Some((AdviceField::Sku, theirs));
    }
    match words.core().as_str() {
        "item" | "part" | "product" | "article" | "material" | "model" | "style" | "mpn"
        | "catalog" | "stock" | "vendoritem" | "supplieritem" | "vendorpart" | "supplierpart"
        | "mfgpart" | "manufacturerpart" | "customeritem" | "buyeritem" | "itemno"
        | "customerpart" | "buyerpart" | "vendorproduct" | "supplierproduct" | "merchantitem" => {
            Some((AdviceField::Sku, 2 + theirs))
        }
        "upc" | "ean" | "gtin" | "barcode" => Some((AdviceField::Sku, 5)),
        _ => None,
    }
}

/// Numbers of orders.
fn numbers(words: &HeadingWords) -> Option<(AdviceField, u8)> {
    let other = words.has(&[
        "line", "item", "name", "qty", "comment", "note", "notes", "suffix", "release", "org",
    ]);
    if other {
        return None;
    }
    let core = words.core();
    let theirs = words.begins(&[
        "vendor",
        "supplier",
        "seller",
        "sales",
        "our",
        "internal",
        "warehouse",
        "factory",
    ]);
    let po = words.has(&["po", "ponumber", "pono", "ponum", "p0", "custpo"])
        || core.contains("purchaseorder")
        || core.ends_with("po") && core.len() <= 12
        || core == "p" && words.joined() == "pno";
    if po {
        let field = if theirs {
            AdviceField::VendorOrder
        } else {
            AdviceField::Po
        };
        return Some((field, 0));
    }
    if of_the_vendor(&core, theirs) {
        return Some((AdviceField::VendorOrder, u8::from(core.contains("slip"))));
    }
    if core.starts_with("ref") || core.contains("reference") || core.ends_with("ref") {
        return Some((AdviceField::Reference, 0));
    }
    if core == "invoice" {
        return Some((AdviceField::Reference, 1));
    }
    let order = core == "document" || core.ends_with("order") || core == "ord" || core == "order";
    order.then_some((AdviceField::Order, 0))
}

/// Whether it is the vendor's own number of the order; `theirs` says that the heading names a vendor.
fn of_the_vendor(core: &str, theirs: bool) -> bool {
    let number = core.contains("order")
        || core.contains("ref")
        || core.ends_with("so")
        || core.contains("invoice")
        || core == "sales";
    let paper = matches!(
        core,
        "so" | "confirmation"
            | "orderconfirmation"
            | "acknowledgement"
            | "acknowledgment"
            | "salesorder"
            | "packingslip"
            | "packslip"
            | "deliverynote"
    );
    theirs && number || paper
}
