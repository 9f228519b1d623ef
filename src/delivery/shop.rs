//! The shop that an order came from, told of shipments, and that nothing more follows. Before each hand-over it is asked whether it knows of the
//! shipment: then nothing is handed over. After a hand-over without an answer it is asked again.

pub mod closing;
pub mod watch;

use super::channel::{Channel, DeliveryOutcome, OutgoingMessage, one_line};
use crate::shops::told::{ShopStanding, ToldClosing, ToldShipment, ToldShop};
use crate::shops::{ShopFault, ShopFaultKind};
use std::collections::BTreeMap;

/// Shops by their sources' names.
pub type Shops = BTreeMap<String, Box<dyn ToldShop>>;

/// All shops of the site, one after another.
pub struct ShopChannel {
    shops: Shops,
    /// What keeps everything from a shop in this run, by shop.
    barred: BTreeMap<String, DeliveryOutcome>,
    prepared: Option<PreparedShop>,
}

/// What a shop is told, between the look and the telling.
struct PreparedShop {
    message: i64,
    what: PreparedTold,
}

enum PreparedTold {
    /// A shipment; whether the shop knows of it, so that there is nothing to be told.
    Shipment(ToldShipment, bool),
    /// That an order is to be closed.
    Closing(ToldClosing),
    /// An order that is not to be closed, and why.
    NotClosed(String),
}

impl ShopChannel {
    /// Asks nothing yet.
    pub fn new(shops: Shops) -> ShopChannel {
        ShopChannel {
            shops,
            barred: BTreeMap::new(),
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

/// A shop that could not be asked, or was told nothing.
fn not_asked(shop: &str, fault: &ShopFault) -> DeliveryOutcome {
    let detail = one_line(&format!("source {shop}: {fault}"));
    match fault.kind {
        ShopFaultKind::Refused => DeliveryOutcome::refused(fault.to_string()),
        ShopFaultKind::Lasting => DeliveryOutcome::Barred { detail },
        ShopFaultKind::Busy(rest) => DeliveryOutcome::Deferred {
            detail,
            retry_after: Some(rest),
        },
        ShopFaultKind::Passing | ShopFaultKind::Unknown => DeliveryOutcome::Unreachable { detail },
    }
}

impl ShopChannel {
    /// The shop, if it lets us in as far as we know.
    fn shop(&mut self, name: &str) -> Result<&mut dyn ToldShop, DeliveryOutcome> {
        if let Some(barred) = self.barred.get(name) {
            return Err(barred.clone());
        }
        match self.shops.get_mut(name) {
            Some(shop) => Ok(shop.as_mut()),
            None => Err(not_set_up(name)),
        }
    }

    /// Keeps in mind that a shop lets nothing in.
    fn noted(&mut self, message: &OutgoingMessage, outcome: DeliveryOutcome) -> DeliveryOutcome {
        if let (DeliveryOutcome::Barred { .. }, [shop]) = (&outcome, message.to.as_slice()) {
            self.barred.insert(shop.clone(), outcome.clone());
        }
        outcome
    }

    fn look(&mut self, content: &[u8]) -> Result<PreparedTold, DeliveryOutcome> {
        if let Some(closing) = closing::read(content) {
            let shop = self.shop(&closing.shop)?;
            return closing::look(shop, closing);
        }
        let shipment = shipment(content)?;
        let looked = self.shop(&shipment.shop)?.look(&shipment);
        let known = match looked.map_err(|fault| not_asked(&shipment.shop, &fault))? {
            ShopStanding::Has => true,
            ShopStanding::HasNot => false,
            ShopStanding::Unclear(why) | ShopStanding::NotNow(why) => {
                return Err(DeliveryOutcome::deferred(why));
            }
            ShopStanding::Never(why) => return Err(DeliveryOutcome::refused(why)),
        };
        Ok(PreparedTold::Shipment(shipment, known))
    }

    fn tell(&mut self, shipment: &ToldShipment) -> DeliveryOutcome {
        let Some(shop) = self.shops.get_mut(&shipment.shop) else {
            return not_set_up(&shipment.shop);
        };
        let fault = match shop.tell(shipment) {
            Ok(said) => return DeliveryOutcome::accepted(said),
            Err(fault) => fault,
        };
        match fault.kind {
            ShopFaultKind::Unknown => match shop.look(shipment) {
                Ok(ShopStanding::Has) => {
                    DeliveryOutcome::accepted("asked again, the shop knows of it")
                }
                _ => {
                    DeliveryOutcome::unknown(format!("{fault}; the next run asks the shop for it"))
                }
            },
            _ => not_asked(&shipment.shop, &fault),
        }
    }
}

impl Channel for ShopChannel {
    fn prepare(&mut self, message: &OutgoingMessage) -> Result<(), DeliveryOutcome> {
        self.prepared = None;
        let looked = self.look(&message.content);
        let what = looked.map_err(|outcome| self.noted(message, outcome))?;
        self.prepared = Some(PreparedShop {
            message: message.id,
            what,
        });
        Ok(())
    }

    fn complete(&mut self, message: &OutgoingMessage) -> DeliveryOutcome {
        let prepared = self.prepared.take();
        let Some(prepared) = prepared.filter(|prepared| prepared.message == message.id) else {
            return DeliveryOutcome::deferred("it was not prepared; the shop was told nothing");
        };
        let outcome = match prepared.what {
            PreparedTold::Shipment(_, true) => {
                DeliveryOutcome::accepted("the shop knows of it already")
            }
            PreparedTold::Shipment(shipment, false) => self.tell(&shipment),
            PreparedTold::NotClosed(why) => DeliveryOutcome::accepted(why),
            PreparedTold::Closing(closing) => match self.shops.get_mut(&closing.shop) {
                Some(shop) => closing::close(shop.as_mut(), &closing),
                None => not_set_up(&closing.shop),
            },
        };
        self.noted(message, outcome)
    }

    fn abandon(&mut self) {
        self.prepared = None;
    }

    fn close(&mut self) {
        self.abandon();
    }
}
