//! The shop that an order came from, told of shipments. Before each hand-over it is asked whether it knows of the
//! shipment: then nothing is handed over. After a hand-over without an answer it is asked again.

pub mod watch;

use super::channel::{Channel, DeliveryOutcome, OutgoingMessage, one_line};
use crate::shops::told::{ShopStanding, ToldShipment, ToldShop};
use crate::shops::{ShopFault, ShopFaultKind};
use std::collections::BTreeMap;

/// Shops by their sources' names.
pub type Shops = BTreeMap<String, Box<dyn ToldShop>>;

/// All shops of the site, one after another.
pub struct ShopChannel {
    shops: Shops,
    prepared: Option<PreparedShop>,
}

/// A shipment between the look and the telling.
struct PreparedShop {
    message: i64,
    shipment: ToldShipment,
    /// The shop knows of it: there is nothing to be told.
    known: bool,
}

impl ShopChannel {
    /// Asks nothing yet.
    pub fn new(shops: Shops) -> ShopChannel {
        ShopChannel {
            shops,
            prepared: None,
        }
    }
}

/// What a delivery tells.
///
/// # Errors
/// `Refused`: of another poms.
fn shipment(content: &[u8]) -> Result<ToldShipment, DeliveryOutcome> {
    serde_json::from_slice(content).map_err(|_| {
        DeliveryOutcome::refused(
            "what the shop shall be told cannot be read: another poms wrote it",
        )
    })
}

fn not_set_up(shop: &str) -> DeliveryOutcome {
    DeliveryOutcome::deferred(format!(
        "no source {shop} is told of shipments: add it to the configuration again, with tracking"
    ))
}

/// A shop that could not be asked.
fn not_asked(fault: &ShopFault) -> DeliveryOutcome {
    let detail = one_line(&fault.to_string());
    match fault.kind {
        ShopFaultKind::Busy(rest) => DeliveryOutcome::Deferred {
            detail,
            retry_after: Some(rest),
        },
        ShopFaultKind::Passing | ShopFaultKind::Unknown | ShopFaultKind::Lasting => {
            DeliveryOutcome::Unreachable { detail }
        }
    }
}

impl Channel for ShopChannel {
    fn prepare(&mut self, message: &OutgoingMessage) -> Result<(), DeliveryOutcome> {
        self.prepared = None;
        let shipment = shipment(&message.content)?;
        let Some(shop) = self.shops.get_mut(&shipment.shop) else {
            return Err(not_set_up(&shipment.shop));
        };
        let known = match shop.look(&shipment).map_err(|fault| not_asked(&fault))? {
            ShopStanding::Has => true,
            ShopStanding::HasNot => false,
            ShopStanding::Unclear(why) | ShopStanding::NotNow(why) => {
                return Err(DeliveryOutcome::deferred(why));
            }
            ShopStanding::Never(why) => return Err(DeliveryOutcome::refused(why)),
        };
        self.prepared = Some(PreparedShop {
            message: message.id,
            shipment,
            known,
        });
        Ok(())
    }

    fn complete(&mut self, message: &OutgoingMessage) -> DeliveryOutcome {
        let prepared = self.prepared.take();
        let Some(prepared) = prepared.filter(|prepared| prepared.message == message.id) else {
            return DeliveryOutcome::deferred("it was not prepared; the shop was told nothing");
        };
        let shipment = &prepared.shipment;
        let Some(shop) = self.shops.get_mut(&shipment.shop) else {
            return not_set_up(&shipment.shop);
        };
        if prepared.known {
            let finished = shop.finish(shipment);
            return DeliveryOutcome::accepted(format!("the shop knows of it already{finished}"));
        }
        let fault = match shop.tell(shipment) {
            Ok(said) => return DeliveryOutcome::accepted(said),
            Err(fault) => fault,
        };
        match fault.kind {
            ShopFaultKind::Unknown => match shop.look(shipment) {
                Ok(ShopStanding::Has) => DeliveryOutcome::accepted(format!(
                    "asked again, the shop knows of it{}",
                    shop.finish(shipment)
                )),
                _ => {
                    DeliveryOutcome::unknown(format!("{fault}; the next run asks the shop for it"))
                }
            },
            ShopFaultKind::Lasting => DeliveryOutcome::refused(fault.to_string()),
            ShopFaultKind::Passing | ShopFaultKind::Busy(_) => not_asked(&fault),
        }
    }

    fn abandon(&mut self) {
        self.prepared = None;
    }

    fn close(&mut self) {
        self.abandon();
    }
}
