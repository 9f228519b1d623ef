//! Orders of a shop at Shopify, whole.

use serde_json::{Value, json};

fn money(amount: &str) -> Value {
    let one = json!({"amount": amount, "currencyCode": "USD"});
    json!({"shopMoney": one, "presentmentMoney": one})
}

/// A line of two pieces at 10.00.
pub fn line(id: u64, sku: &str) -> Value {
    json!({
        "id": format!("gid://shopify/LineItem/{id}"), "sku": sku, "title": format!("Article {sku}"),
        "name": format!("Article {sku}"), "variantTitle": null, "vendor": "West", "quantity": 2,
        "currentQuantity": 2, "unfulfilledQuantity": 2, "requiresShipping": true, "isGiftCard": false,
        "customAttributes": [], "originalUnitPriceSet": money("10.00"),
    })
}

/// A paid order with these lines.
pub fn order_of(id: u64, changed: &str, lines: Vec<Value>) -> Value {
    let address = json!({
        "name": "Ada Byron", "firstName": "Ada", "lastName": "Byron", "company": null,
        "address1": "1 Elm St", "address2": null, "city": "Portland", "province": "Maine",
        "provinceCode": "ME", "zip": "04101", "country": "United States", "countryCodeV2": "US",
        "phone": "+12075550142",
    });
    let open = |line: &Value| {
        json!({"id": format!("{}-open", line["id"].as_str().expect("an id")),
        "remainingQuantity": line["quantity"], "lineItem": line})
    };
    let open: Vec<Value> = lines.iter().map(open).collect();
    let total = format!("{}.00", 20 * lines.len());
    let mut order = json!({
        "id": format!("gid://shopify/Order/{id}"), "name": format!("#{id}"),
        "createdAt": "2026-11-20T10:00:00Z", "updatedAt": changed, "cancelledAt": null,
        "cancelReason": null, "closedAt": null, "test": false, "currencyCode": "USD",
        "displayFinancialStatus": "PAID", "displayFulfillmentStatus": "UNFULFILLED",
        "email": "ada@customer.example", "phone": null, "note": null, "poNumber": null,
        "sourceName": "web", "tags": [], "taxesIncluded": false,
        "paymentGatewayNames": ["shopify_payments"], "customAttributes": [],
        "shippingAddress": address, "billingAddress": address,
        "totalPriceSet": money(&total), "totalDiscountsSet": money("0.00"),
        "totalTaxSet": money("0.00"), "totalShippingPriceSet": money("0.00"),
        "confirmed": true, "totalOutstandingSet": money("0.00"), "totalReceivedSet": money(&total), "totalRefundedSet": money("0.00"),
        "totalTipReceivedSet": money("0.00"), "originalTotalDutiesSet": null,
        "originalTotalAdditionalFeesSet": null,
        "totalCashRoundingAdjustment": {"paymentSet": money("0.00"), "refundSet": money("0.00")},
        "shippingLines": [], "lineItems": lines, "closed": false, "fulfillments": [],
    });
    order["fulfillmentOrders"] = json!([{
        "id": format!("gid://shopify/FulfillmentOrder/{id}"), "status": "OPEN",
        "assignedLocation": {"name": "Portland"}, "lineItems": open,
    }]);
    order
}

/// A paid order of one line.
pub fn order(id: u64, changed: &str) -> Value {
    order_of(id, changed, vec![line(id * 100, "MUG-1")])
}
