//! What of a purchase order is the order's and no line's: where it goes, and how.

use super::order::Order;
use super::po_document::PoDocument;
use serde::{Deserialize, Serialize};

/// What of a purchase order is the order's and no line's.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PoHead {
    /// The label.
    pub ship_to: Vec<String>,
    /// The receiver's telephone.
    pub phone: String,
    /// The service wanted.
    pub shipping_method: Option<String>,
    /// The day by which the customer needs it.
    pub required_by: Option<String>,
    /// For the packing slip.
    pub gift_message: Option<String>,
}

impl PoHead {
    /// As an order has it.
    pub fn of(order: &Order) -> PoHead {
        PoHead {
            ship_to: order.ship_to.label(),
            phone: order.customer.phone.clone(),
            shipping_method: order.shipping_method.clone(),
            required_by: order.required_by.clone(),
            gift_message: order.gift_message.clone(),
        }
    }

    /// As a document has it.
    pub fn on(document: &PoDocument) -> PoHead {
        PoHead {
            ship_to: document.ship_to.clone(),
            phone: document.ship_to_phone.clone(),
            shipping_method: document.shipping_method.clone(),
            required_by: document.required_by.clone(),
            gift_message: document.gift_message.clone(),
        }
    }

    /// Writes it into a document.
    pub fn put(&self, document: &mut PoDocument) {
        document.ship_to.clone_from(&self.ship_to);
        document.ship_to_phone.clone_from(&self.phone);
        document.shipping_method.clone_from(&self.shipping_method);
        document.required_by.clone_from(&self.required_by);
        document.gift_message.clone_from(&self.gift_message);
    }

    /// How another one differs, in sentences for the vendor.
    pub fn differences(&self, now: &PoHead) -> Vec<String> {
        let label = |lines: &[String]| lines.join(", ");
        let given = |text: &Option<String>| text.clone().unwrap_or_default();
        let all = [
            ("SHIP TO", label(&self.ship_to), label(&now.ship_to)),
            ("telephone", self.phone.clone(), now.phone.clone()),
            (
                "ship via",
                given(&self.shipping_method),
                given(&now.shipping_method),
            ),
            (
                "required by",
                given(&self.required_by),
                given(&now.required_by),
            ),
            (
                "gift message",
                given(&self.gift_message),
                given(&now.gift_message),
            ),
        ];
        let told = all.into_iter().filter(|(_, before, now)| before != now);
        told.map(|(what, before, now)| {
            let shown = |text: &str| match text {
                "" => "none".to_owned(),
                text => text.to_owned(),
            };
            format!("{what} is now: {} (was: {})", shown(&now), shown(&before))
        })
        .collect()
    }
}
