//! A plain good order and what it needs, for unit tests of any module.

use crate::domain::address::Address;
use crate::domain::closure::WorkingDays;
use crate::domain::order::Order;
use crate::domain::vendor::{Offer, Vendor, VendorChannel};
use serde_json::json;

/// The contract's example order.
pub fn order() -> Order {
    serde_json::from_value(json!({
        "order_number": "W200001", "date": "2025-06-02T06:01:52-04:00", "currency": "USD",
        "customer": {"name": "César Bustos", "email": "c@mail.example", "phone": "859-589-9227"},
        "ship_to": {"name": "César Bustos", "street1": "49996 Gary Forks Apt. 388", "street2": "",
                    "city": "South Willie", "state": "MO", "zip": "65367", "country": "US"},
        "lines": [{"sku": "BF63-12163", "qty": 3, "unit_price": "108.23"}],
        "shipping": "0.00", "tax": "0.00", "total": "324.69"
    }))
    .expect("the contract's example is an order")
}

/// An offer of a SKU by a vendor at this cost and retail price, priority 1.
pub fn offer(sku: &str, vendor_id: &str, cost: &str, retail_price: &str) -> Offer {
    Offer {
        sku: sku.to_owned(),
        description: "Thing".to_owned(),
        category: "Things".to_owned(),
        vendor_id: vendor_id.to_owned(),
        vendor_sku: format!("V-{sku}"),
        cost: cost.parse().expect("cost"),
        retail_price: retail_price.parse().expect("retail price"),
        weight: "1.0".to_owned(),
        discontinued: false,
        max_qty: None,
        priority: 1,
        stock: None,
    }
}

/// A vendor who takes mail.
pub fn vendor(id: &str, active: bool) -> Vendor {
    Vendor {
        id: id.to_owned(),
        name: format!("Vendor {id}"),
        email: format!("{}@vendor.example", id.to_lowercase()),
        fax: String::new(),
        channel: VendorChannel::Email,
        fallback: None,
        address: Address::default(),
        handling_days: 1,
        cutoff: None,
        timezone: None,
        active,
        days: WorkingDays::default(),
        habit: Default::default(),
    }
}
