//! The cells, and the lines of a block, that name once more what the row is about: the article, the order,
//! the recipient, the vendor, how many packages. What they say is held against the purchase order.

use crate::domain::pattern::fits;
use crate::vendor_docs::advice::{AdviceField, field_of, words_of};
use regex::Regex;
use serde::{Deserialize, Serialize};
use std::sync::LazyLock;

/// What a cell names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Of {
    /// The article, by a number that stands on the purchase order: SKU, the vendor's SKU, item, part.
    Article,
    /// The article, by a number of another register: UPC, EAN, model.
    Code,
    /// The article, in words.
    Text,
    /// The place on the purchase order.
    Line,
    /// Our purchase order, or our order.
    Order,
    /// A number that may be the vendor's own.
    Number,
    /// Who gets it, or where that is, in words.
    Recipient,
    /// The city that it goes to.
    City,
    /// The ZIP that it goes to.
    Zip,
    /// The state that it goes to.
    Region,
    /// The country that it goes to.
    Country,
    /// What the goods look like: colour, size.
    Look,
    /// The recipient's address of mail.
    Email,
    /// Who ships.
    Vendor,
    /// Who sent a parcel, as its carrier has it: a name, or a place.
    Sender,
    /// Who took a parcel, as its carrier has it.
    Receiver,
    /// A company or a person, without a word of whose side: recipient, vendor or shop.
    Party,
    /// How many pieces were ordered.
    Ordered,
    /// How many packages it is.
    Packages,
}

/// A cell that names something.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NamedCell {
    /// The column's heading, or the key.
    pub heading: String,
    /// As it was written.
    pub cell: String,
    /// What it names.
    pub of: Of,
}

macro_rules! pattern {
    ($name:ident, $pattern:expr) => {
        static $name: LazyLock<Option<Regex>> =
            LazyLock::new(|| Regex::new(concat!("^(?:", $pattern, ")$")).ok());
    };
}

// Compared with the words of a heading written as one.
pattern!(
    TEXT,
    r"(?:vendor|supplier|customer|retailer|merchant|your|our|full|short|long|web)*(?:(?:item|product|goods|sku|part|line|lineitem|article|style)*(?:description|descriptions|desc|descr)(?:line)?1?|(?:item|product|goods|part|article|line|lineitem)(?:name|title)|title)"
);
pattern!(
    LINE,
    r"(?:your|our|po|order|purchaseorder|customer|cust|customerpo|custpo|item|merchant|retailer|buyer)*line(?:number|no|num|nbr|item|itemnumber|itemno|items)?"
);
pattern!(
    EMAIL,
    r".*(?:customer|cust|shipto|recipient|consignee|buyer|deliver\w*|receiver|shopper).*email(?:address)?"
);
pattern!(
    COUNTRY,
    r"(?:ship|shipto|shipping|deliver|deliverto|delivery|recipient|consignee|dest|destination|customer|receiver)?(?:address)?country(?:code|name|iso)?"
);
pattern!(
    LOOK,
    r"(?:item|product|goods|article|style|sku|variant)*(?:colou?r|size|finish)(?:name|description|desc)?"
);
pattern!(
    VENDOR,
    r"(?:vendor|supplier|seller|shipper|manufacturer)(?:name|id|code)?|soldby|shippedby|fulfilledby"
);
pattern!(
    PACKAGES,
    r"(?:number|no|num|nbr|nr|total|count|qty|quantity|of|the|shipped|shipping|ship|shipment)*(?:cartons|ctns|packages|pkgs|pkg|ctn|boxes|parcels)(?:count|counts|qty|quantity|shipped|total|totals)*|(?:number|no|num|nbr|nr|total|count|qty|quantity|of)+(?:carton|package|box|parcel|pkg|ctn)|(?:carton|package|box|parcel|pkg|ctn|packaging)(?:count|counts|qty|quantity|total|totals|s)+"
);
pattern!(
    PARTY,
    r"(?:company|organi[sz]ation|firm|business)(?:name)?|contact(?:person)?|careof|(?:sold|bill|billed|invoice|invoiced)to(?:name)?|(?:end|final)(?:user|customer|consumer)(?:name)?"
);
pattern!(
    ORDERED,
    r"(?:total|item|line|your|customer|po|cust|original)*(?:qty|quantity|quantities|units|pieces|pcs|unit)(?:on)?(?:the)?(?:ordered|order|ord|requested|req|original|po)|(?:item|line|po)*(?:ordered|order|ord|requested|original|po|customer|cust)(?:line|item)*(?:qty|quantity|quantities|units|pieces|pcs)|ordered"
);
pattern!(
    PO,
    r"(?:[a-z]+ )*(?:po|pono|ponumber|purchase ?order)(?: (?:ref|references?|numbers?|nos?|num|nbr|nr|ids?|code|[0-9]))*"
);
/// Headings of numbers among whose words is one of an order.
static ORDERS: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"order|purchase|^(?:your|customer|cust|client|buyer)?(?:po|ref)|reference|ref$")
        .ok()
});
/// Articles' numbers that other lists give.
const CODES: &[&str] = &[
    "model",
    "style",
    "mpn",
    "material",
    "catalog",
    "catalogue",
    "stock",
    "asin",
    "isbn",
    "variant",
];

fn is(pattern: &LazyLock<Option<Regex>>, text: &str) -> bool {
    pattern.as_ref().is_some_and(|found| found.is_match(text))
}

/// What the cells of a column name, by its heading; `None` for most.
pub fn names(heading: &str) -> Option<Of> {
    let words = words_of(heading);
    let joined = words.concat();
    let lower = heading.trim().to_lowercase();
    if lower.starts_with("lineitem") && joined == "name" {
        return Some(Of::Text);
    }
    if let Some((field, rank)) = field_of(heading) {
        let code = words.iter().any(|word| CODES.contains(&word.as_str()));
        let ours = [
            "your", "customer", "cust", "client", "buyer", "retailer", "merchant",
        ];
        let ours = words.iter().any(|word| ours.contains(&word.as_str()));
        return match field {
            AdviceField::Po => Some(Of::Order),
            AdviceField::Order | AdviceField::Reference if ours => Some(Of::Order),
            AdviceField::Order | AdviceField::Reference | AdviceField::VendorOrder => {
                Some(Of::Number)
            }
            AdviceField::Sku if rank >= 5 || code => Some(Of::Code),
            AdviceField::Sku => Some(Of::Article),
            AdviceField::PoLine => Some(Of::Line),
            AdviceField::Name | AdviceField::Street => Some(Of::Recipient),
            AdviceField::City => Some(Of::City),
            AdviceField::Zip => Some(Of::Zip),
            AdviceField::State => Some(Of::Region),
            _ => None,
        };
    }
    let lists = [
        (&TEXT, Of::Text),
        (&LINE, Of::Line),
        (&EMAIL, Of::Email),
        (&COUNTRY, Of::Country),
        (&LOOK, Of::Look),
        (&VENDOR, Of::Vendor),
        (&PARTY, Of::Party),
        (&ORDERED, Of::Ordered),
        (&PACKAGES, Of::Packages),
    ];
    if matches!(
        joined.as_str(),
        "province" | "shiptoprovince" | "provincecode"
    ) {
        return Some(Of::Region);
    }
    let found = lists.iter().find(|(list, _)| is(list, &joined));
    found.map(|(_, of)| *of).or_else(|| number(heading, &words))
}

/// What a column of numbers names that says not plainly whose they are.
fn number(heading: &str, words: &[String]) -> Option<Of> {
    let joined = words.concat();
    let others = [
        "date", "ordered", "qty", "quant", "count", "type", "time", "unit",
    ];
    let other = others.iter().any(|word| joined.contains(word));
    let of_order = fits(&ORDERS, &joined) && !other;
    let kind = super::kind(heading) == super::ColumnKind::Harmless;
    let has = |all: &[&str]| words.iter().any(|word| all.contains(&word.as_str()));
    // "their PO": ours, as everybody's but the vendor's own
    let theirs = has(&[
        "our", "vendor", "supplier", "seller", "sales", "internal", "factory", "line",
    ]);
    let po = fits(&PO, &words.join(" "));
    match kind && !other && (of_order || po) {
        true if po && !theirs => Some(Of::Order),
        true => Some(Of::Number),
        false => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headings_that_name() {
        for (of, all) in [
            (
                Of::Article,
                "vendor_sku|SKU|Item #|Part Number|Product Code",
            ),
            (Of::Code, "UPC|ean|gtin|Model|MPN|Style Number"),
            (
                Of::Text,
                "Description|Item Description|Product Name|Lineitem name|Title|desc",
            ),
            (Of::Line, "line|Line #|Line Number|PO Line|po_line_number"),
            (
                Of::Order,
                "customer_po|PO Number|Your PO|customer_order_number|Your Reference|Retailer Order Number",
            ),
            (
                Of::Country,
                "ship_to_country|Ship-To Country|Shipping Country|Country",
            ),
            (Of::Look, "Color|Size|Item Colour"),
            (
                Of::Number,
                "order_number|Reference|Our Order #|Invoice Number|order_id",
            ),
            (
                Of::Recipient,
                "ship_to_name|Customer Name|Ship To|Ship To Address 1|Recipient",
            ),
            (Of::City, "ship_to_city|Ship-To City"),
            (Of::Zip, "ship_to_zip|Ship To Postal Code"),
            (Of::Email, "customer_email|Ship To Email"),
            (Of::Vendor, "vendor|Vendor Name|Supplier"),
            (
                Of::Party,
                "company|Company Name|Contact|Organization|Sold To|Bill To Name",
            ),
            (Of::Ordered, "Qty Ordered|ordered|Order Qty|Units Ordered"),
            (Of::Order, "their_po|PO Ref"),
            (
                Of::Packages,
                "packages|cartons|# of Packages|Number of Cartons|box_count|Carton Count|boxes",
            ),
        ] {
            for heading in all.split('|') {
                assert_eq!(names(heading), Some(of), "{heading}");
            }
        }
        for heading in "Order Date|Carton ID|Package Type|Weight|Warehouse City|Ship From Zip|Bill To Zip|notes|Warehouse|Vendor Email|Email|Country of Origin|Carton Size|Line Total"
            .split('|')
        {
            assert_eq!(names(heading), None, "{heading}");
        }
    }
}
