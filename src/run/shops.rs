//! The part of a run that tells shops of shipments: each once, by the outbox; of what changed since a person is
//! told.

use super::Run;
use crate::app::App;
use crate::carriers::{carrier_by_code, links};
use crate::config::TellsShop;
use crate::delivery::channels;
use crate::delivery::shop::watch;
use crate::domain::codes::{Code, Severity};
use crate::domain::delivery::{DeliveryChannel, DeliveryKind};
use crate::domain::lifecycle::{DeliveryState, OrderState};
use crate::ledger::exceptions::Subject;
use crate::ledger::orders::OrderRow;
use crate::ledger::outbox::NewDelivery;
use crate::ledger::shipments::{Parcel, ShipmentRow, ShippedLine};
use crate::ledger::shop_notices::ShopNotice;
use crate::ledger::{LedgerError, Tx};
use crate::shops::told::{ToldLine, ToldParcel, ToldShipment};
use chrono::TimeDelta;
use serde_json::Value;

/// Formats of orders that shops are told about, each with the key under which its lines have the shop's own.
const FORMATS: [&str; 2] = ["shopify-graphql", "woocommerce"];
/// A shipment without tracking number is told after so long: as a rule the number follows.
const PATIENCE: TimeDelta = TimeDelta::hours(24);

impl Run<'_> {
    /// Whether shops know of what they may have been told.
    pub(super) fn ask_shops(&mut self) -> anyhow::Result<()> {
        let site = self.site;
        if self.ledger.is_rehearsal() || self.stopping() {
            return Ok(());
        }
        if self.ledger.read().doubtful_shop_deliveries()?.is_empty() {
            return Ok(());
        }
        let mut shops = channels::shops(&site.config, site.clock.now());
        let sums = watch::ask(&mut self.ledger, &site.clock, &mut shops, self.stop)?;
        self.report.add_deliveries(&sums);
        self.report.add_failures(sums.unreachable);
        Ok(())
    }

    /// Puts into the outbox what shops are to be told.
    pub(super) fn tell_shops(&mut self) -> anyhow::Result<()> {
        let (site, now) = (self.site, self.site.clock.now());
        let tells = site.config.sources.iter().any(|one| one.tells().is_some());
        if !tells || self.stopping() {
            return Ok(());
        }
        let tx = self.ledger.read();
        let (untold, differ) = (
            tx.shop_shipments_untold(FORMATS)?,
            tx.shop_notices_that_differ()?,
        );
        if untold.is_empty() && differ.is_empty() {
            return Ok(());
        }
        let opened = self.ledger.write(now, |tx| {
            let mut opened = 0;
            for (shipment, order) in &untold {
                let entity = format!("shop_notice:{shipment}");
                let what =
                    format!("tell the shop of the shipment with the ledger's number {shipment}");
                let (_, listed) = tx.item(&entity, &what, || tell(tx, site, *shipment, *order))?;
                opened += usize::from(listed);
            }
            for notice in &differ {
                let entity = format!("shop_notice:{}", notice.shipment);
                let what = format!(
                    "compare the shipment with the ledger's number {} with what its shop knows",
                    notice.shipment
                );
                let (told, listed) = tx.item(&entity, &what, || differs(tx, notice))?;
                opened += usize::from(listed) + usize::from(told.unwrap_or_default());
            }
            Ok::<_, LedgerError>(opened)
        })?;
        self.report.exceptions.opened += opened;
        Ok(())
    }
}

/// The source that an order came by, if it is told of shipments.
pub(super) fn shop_of(
    tx: &Tx,
    site: &App,
    order: &OrderRow,
) -> Result<Option<(String, TellsShop)>, LedgerError> {
    if !FORMATS.contains(&order.format.as_str()) {
        return Ok(None);
    }
    let Some(message) = tx.message_of_order(order.id)? else {
        return Ok(None);
    };
    let mut sources = site.config.sources.iter();
    let source = sources.find(|source| source.name == message.mailbox);
    Ok(source.and_then(|source| Some((source.name.clone(), source.tells()?))))
}

fn tell(tx: &Tx, site: &App, shipment: i64, order: i64) -> Result<(), LedgerError> {
    let (row, order) = (tx.shipment(shipment)?, tx.order(order)?);
    let Some((shop, tells)) = shop_of(tx, site, &order)? else {
        return tx.insert_shop_notice(shipment, None, &[]);
    };
    if row.parcels.is_empty() && tx.now() - row.created.time() < PATIENCE {
        return Ok(());
    }
    let all_left = matches!(
        order.state,
        OrderState::Shipped | OrderState::Delivered | OrderState::Closed
    );
    let told = ToldShipment {
        reference: format!("poms-shipment-{shipment}"),
        order_id: order.order.shop_order.id.clone(),
        order_number: order.order.order_number.clone(),
        left: row.ship_date.map(|day| day.to_string()).unwrap_or_default(),
        parcels: row.parcels.iter().map(|one| parcel(&row, one)).collect(),
        lines: row.lines.iter().map(|one| line(&order, one)).collect(),
        notify: tells.shop_notifies,
        closes: tells.closes && all_left,
        shop,
    };
    let content = serde_json::to_vec(&told).unwrap_or_default();
    let once = format!("shop_shipped:{shipment}");
    let subject = format!("shipment of order {}: {}", order.reference(), told.words());
    let new = NewDelivery {
        kind: DeliveryKind::ShopShipped,
        channel: DeliveryChannel::Shop,
        once: &once,
        reference: &told.reference,
        sender: "",
        recipients: std::slice::from_ref(&told.shop),
        subject: &subject,
        order_id: Some(order.id),
        po_id: None,
        content: &content,
    };
    let delivery = tx.enqueue(&new)?;
    tx.insert_shop_notice(shipment, delivery, &told.numbers())
}

fn parcel(row: &ShipmentRow, parcel: &Parcel) -> ToldParcel {
    let code = parcel.carrier.as_deref().or(row.carrier.as_deref());
    let carrier = code.and_then(carrier_by_code);
    ToldParcel {
        carrier: carrier.map(|one| one.code).unwrap_or_default().to_owned(),
        carrier_name: carrier
            .map_or(row.service.as_str(), |one| one.name)
            .to_owned(),
        number: parcel.tracking.clone(),
        url: carrier
            .and_then(|one| links::tracking_url(one, &parcel.tracking))
            .unwrap_or_default(),
    }
}

fn line(order: &OrderRow, line: &ShippedLine) -> ToldLine {
    let place = usize::try_from(line.order_line - 1).ok();
    let own = place.and_then(|place| order.order.lines.get(place));
    let id = own.and_then(|own| own.extra.get(&order.format)?.get("id"));
    ToldLine {
        id: match id {
            Some(Value::String(id)) => id.clone(),
            Some(Value::Number(id)) => id.to_string(),
            _ => String::new(),
        },
        sku: line.sku.clone(),
        qty: line.qty,
    }
}

/// A shipment that is another now than its shop was told. What has not left is not told; of what has, a person is
/// told. Whether an exception was opened.
fn differs(tx: &Tx, notice: &ShopNotice) -> Result<bool, LedgerError> {
    let delivery = tx.delivery(notice.delivery)?;
    tx.told_that_shop_differs(notice)?;
    let is_undone = notice.now == "undone";
    match delivery.state {
        DeliveryState::Dropped => return Ok(false),
        DeliveryState::Queued | DeliveryState::Failed if is_undone => {
            let why = "the shipment did not happen";
            tx.move_delivery(&delivery, DeliveryState::Dropped, why)?;
            for old in tx.open_exceptions_of_delivery(delivery.id)? {
                tx.resolve_exception(&old, "cleared", why)?;
            }
            return Ok(false);
        }
        _ => {}
    }
    let (row, order) = (tx.shipment(notice.shipment)?, tx.order(notice.order)?);
    let shop = delivery.recipients.join(", ");
    let stands = match is_undone {
        true => "that did not happen: take the fulfilment back there".to_owned(),
        false => {
            let now: Vec<&str> = row
                .parcels
                .iter()
                .map(|one| one.tracking.as_str())
                .collect();
            format!(
                "whose tracking numbers are now {}: write them there",
                now.join(", ")
            )
        }
    };
    let text = format!(
        "the shop {shop} was told \"{}\", a shipment of {} {stands}",
        delivery.subject, row.po_number
    );
    let about = Subject {
        order: Some(order.id),
        po: Some(row.po_id),
        ..Subject::default()
    };
    let entity = format!("shipment:{}", row.id);
    let (_, new) = tx.list_exception(Code::ShopDiffers, Severity::Hold, &entity, about, &text)?;
    Ok(new)
}
