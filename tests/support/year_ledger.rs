//! The generated year in a ledger: vendors with their agreement, orders placed day by day, purchase
//! orders sent, and what was shipped of them. Shared by tests and benches.

use super::invoice_year::Year;
use chrono::{DateTime, NaiveDate, Utc};
use poms::domain::address::Address;
use poms::domain::delivery::{DeliveryChannel, DeliveryKind};
use poms::domain::lifecycle::{OrderState, PoState};
use poms::domain::money::Money;
use poms::domain::order::Order;
use poms::domain::variance::PoFacts;
use poms::domain::vendor::{Vendor, VendorChannel};
use poms::ledger::orders::NewOrder;
use poms::ledger::outbox::NewDelivery;
use poms::ledger::purchase_orders::{NewPo, NewPoLine};
use poms::ledger::shipments::{NewShipment, Origin};
use poms::ledger::{Ledger, LedgerError, Tx};
use serde_json::{Map, json};
use std::collections::BTreeMap;

/// Puts the year into an empty ledger.
pub fn fill(ledger: &mut Ledger, year: &Year) {
    let start = noon(NaiveDate::from_ymd_opt(2026, 1, 1).unwrap());
    let agreed = Map::from_iter([("freight_per_order".to_owned(), json!("7.95"))]);
    let vendors = |tx: &Tx| {
        for name in &year.vendors {
            tx.put_vendor(&vendor(&name.id, &name.name), &agreed)?;
        }
        Ok::<_, LedgerError>(())
    };
    ledger.write(start, vendors).unwrap();
    let mut days: BTreeMap<NaiveDate, Vec<&PoFacts>> = BTreeMap::new();
    for po in &year.pos {
        days.entry(po.placed).or_default().push(po);
    }
    for (day, pos) in days {
        let work = |tx: &Tx| pos.iter().try_for_each(|po| place(tx, po));
        ledger.write::<_, LedgerError>(noon(day), work).unwrap();
    }
}

fn noon(day: NaiveDate) -> DateTime<Utc> {
    day.and_hms_opt(17, 0, 0).unwrap().and_utc()
}

fn vendor(id: &str, name: &str) -> Vendor {
    Vendor {
        id: id.to_owned(),
        name: name.to_owned(),
        email: format!("{}@vendor.example", id.to_lowercase()),
        fax: String::new(),
        channel: VendorChannel::Email,
        address: Address::default(),
        handling_days: 1,
        cutoff: None,
        timezone: None,
        active: true,
        days: poms::domain::closure::WorkingDays::default(),
        habit: Default::default(),
        fallback: None,
    }
}

fn order(po: &PoFacts) -> Order {
    let lines: Vec<_> = po
        .lines
        .iter()
        .map(|line| json!({"sku": line.sku, "qty": line.ordered, "unit_price": Money(line.unit_cost.0 * 2)}))
        .collect();
    let total: i64 = po
        .lines
        .iter()
        .map(|line| line.ordered * line.unit_cost.0 * 2)
        .sum();
    serde_json::from_value(json!({
        "order_number": po.order, "date": format!("{}T12:00:00-05:00", po.placed), "currency": "USD",
        "customer": {"name": "Jane Doe", "email": "jane@mail.example", "phone": "859-589-9227"},
        "ship_to": {"name": "Jane Doe", "street1": "1 Main Street", "street2": "", "city": "South Willie",
                    "state": "MO", "zip": "65367", "country": "US"},
        "lines": lines, "shipping": "0.00", "tax": "0.00", "total": Money(total)
    }))
    .unwrap()
}

fn place(tx: &Tx, facts: &PoFacts) -> Result<(), LedgerError> {
    let row = tx.insert_order(&NewOrder::new(order(facts), "poms-json", Vec::new()))?;
    tx.move_order(&row, OrderState::Ready, &json!("test"))?;
    tx.move_order(&tx.order(row.id)?, OrderState::Placed, &json!("test"))?;
    let lines: Vec<NewPoLine> = facts
        .lines
        .iter()
        .enumerate()
        .map(|(at, line)| NewPoLine {
            line: at as i64 + 1,
            order_line: at as i64 + 1,
            sku: &line.sku,
            vendor_sku: &line.vendor_sku,
            qty: line.ordered,
            unit_cost: line.unit_cost,
            unit_price: Money(line.unit_cost.0 * 2),
        })
        .collect();
    let id = tx.insert_po(&NewPo {
        number: &facts.po,
        order_id: row.id,
        vendor_id: &facts.vendor,
        revision: 1,
        currency: "USD",
        total: facts.ordered_value().unwrap(),
        document: &json!({}),
        lines: &lines,
    })?;
    tx.enqueue(&NewDelivery {
        kind: DeliveryKind::PurchaseOrder,
        channel: DeliveryChannel::Email,
        once: &format!("purchase_order:{id}"),
        reference: &format!("<{id}@shop.example>"),
        sender: "orders@shop.example",
        recipients: &[],
        subject: &facts.po,
        order_id: Some(row.id),
        po_id: Some(id),
        content: b"x",
    })?;
    tx.move_po(&tx.po(id)?, PoState::Sent, &json!("test"))?;
    let shipped: Vec<(&str, i64)> = facts
        .lines
        .iter()
        .map(|line| (line.sku.as_str(), line.shipped))
        .collect();
    ship(tx, &facts.po, &shipped)
}

/// Ships pieces of a purchase order, by SKU; it and its order move as far as that brings them.
pub fn ship(tx: &Tx, number: &str, pieces: &[(&str, i64)]) -> Result<(), LedgerError> {
    let po = tx.find_po(number)?;
    let origin = Origin {
        source: "test",
        ..Origin::default()
    };
    let shipment = tx.insert_shipment(
        &po,
        &NewShipment {
            carrier: None,
            service: "",
            ship_date: None,
            origin,
        },
    )?;
    for line in tx.line_states(po.id)? {
        for (_, qty) in pieces
            .iter()
            .filter(|(sku, qty)| *sku == line.sku && *qty > 0)
        {
            tx.ship_line(&po, shipment, &line, *qty, &origin)?;
        }
    }
    let whole = tx
        .line_states(po.id)?
        .iter()
        .all(|line| line.pieces.open() == 0);
    let to = if whole {
        PoState::Shipped
    } else {
        PoState::PartlyShipped
    };
    if po.state != to {
        tx.move_po(&po, to, &json!("test"))?;
    }
    let order = tx.order(po.order_id)?;
    let all = tx
        .pos_of_order(order.id)?
        .iter()
        .all(|po| po.state == PoState::Shipped);
    let to = if all {
        OrderState::Shipped
    } else {
        OrderState::PartlyShipped
    };
    if order.state != to {
        tx.move_order(&order, to, &json!("test"))?;
    }
    Ok(())
}
