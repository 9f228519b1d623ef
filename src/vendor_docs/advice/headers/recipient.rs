//! Headings of where a parcel goes.

use super::AdviceField;
use super::heading_words::HeadingWords;

/// Where the parcel goes.
pub(super) fn recipient(words: &HeadingWords) -> Option<(AdviceField, u8)> {
    let joined = words.joined();
    let of_others = [
        "warehouse",
        "whse",
        "vendor",
        "supplier",
        "origin",
        "dc",
        "store",
        "facility",
        "branch",
        "seller",
        "sender",
        "shipper",
        "retailer",
        "remit",
    ];
    if words.has(&of_others) {
        return None;
    }
    let to = joined.contains("shipto")
        || joined.starts_with("deliverto")
        || words.begins(&["recipient", "consignee", "destination", "receiver"]);
    let rank = u8::from(!to);
    if words.has(&["zip", "zipcode", "postal", "postcode"])
        || joined.ends_with("zip")
        || joined.ends_with("postalcode")
    {
        return Some((AdviceField::Zip, rank));
    }
    if words.has(&["city", "town"]) || (to && joined.ends_with("city")) {
        return Some((AdviceField::City, rank));
    }
    if words.has(&["state", "province", "region"]) || (to && joined.ends_with("state")) {
        return Some((AdviceField::State, rank));
    }
    if words.begins(&["street", "address", "addr"]) || (to && joined.contains("address")) {
        let second =
            words.has(&["2", "3"]) || joined.ends_with(['2', '3']) || joined.contains("email");
        return (!second).then_some((AdviceField::Street, rank));
    }
    let name = words.has(&["name"]) && words.begins(&["customer", "cust", "contact"]);
    let bare = matches!(
        joined.as_str(),
        "shipto"
            | "recipient"
            | "consignee"
            | "receiver"
            | "deliverto"
            | "shippedto"
            | "customer"
            | "attention"
            | "attn"
    );
    let named = to && (words.has(&["name", "company"]) || joined.ends_with("name"));
    (name || bare || named).then_some((AdviceField::Name, rank))
}
