//! An order's story as JSON: stable keys, money as decimal strings, times RFC 3339 UTC.

use super::Story;
use super::next::{self, NextStep};
use crate::clock;
use crate::domain::promise::PromiseSource;
use crate::ledger::outbox::DeliveryRow;
use crate::ledger::promises::PromiseRow;
use crate::reports::{exceptions, plain_words};
use chrono::{DateTime, Utc};
use serde_json::{Value, json};

impl Story {
    /// The whole story.
    pub fn json(&self, now: DateTime<Utc>) -> Value {
        let (row, order) = (&self.row, &self.row.order);
        let since = self.since();
        let mut story = json!({
            "order": order.order_number,
            "reference": row.reference(),
            "copy": row.copy,
            "number_for_customer": order.number_for_customer(),
            "state": row.state,
            "since": since.map(|fact| &fact.at),
            "why": since.map(|fact| &fact.payload["why"]),
            "next": self.next_json(now),
            "ordered": clock::text(order.date.to_utc()),
            "received": clock::text(row.received),
            "updated": clock::text(row.updated),
            "format": row.format,
            "revision": row.revision,
            "masked": row.masked,
            "customer": order.customer,
            "ship_to": order.ship_to,
            "bill_to": order.bill_to,
            "shipping_method": order.shipping_method,
            "required_by": order.required_by,
            "payment": order.payment,
            "comments": order.comments,
            "gift_message": order.gift_message,
            "extra": order.extra,
            "lines": self.lines_json(),
            "purchase_orders": self.pos.iter().map(|(po, _)| json!({
                "number": po.number, "vendor_id": po.vendor_id, "vendor": po.vendor_name, "state": po.state,
                "revision": po.revision, "created": po.created, "sent": po.sent, "currency": po.currency, "total": po.total,
                "revisions": self.po_revisions.iter().filter(|(row, _)| row.po_id == po.id).map(|(row, _)| row.json()).collect::<Vec<_>>(),
                "cost": self.cost_of(po),
                "promise": self.promises.get(&po.id).map(promise),
                "vendor_order_number": self.supply.vendor_number(po.id), "lines": self.supply.lines_json(po.id),
            })).collect::<Vec<_>>(),
            "shipments": self.supply.shipments_json(),
            "questions": self.questions.iter().map(|row| row.json()).collect::<Vec<_>>(),
            "cancellations": self.cancellations.iter().map(|row| row.json()).collect::<Vec<_>>(),
            "returns": self.returns.iter().map(|back| back.json()).collect::<Vec<_>>(),
            "deliveries": self.deliveries.iter().map(|row| delivery(row, self.po_number(row.po_id))).collect::<Vec<_>>(),
            "money": self.money_json(),
            "exceptions": self.exceptions.iter().map(|row| exceptions::json(row, now)).collect::<Vec<_>>(),
            "notes": self.notes.iter().map(|(at, actor, text)| json!({"at": at, "actor": actor, "text": text})).collect::<Vec<_>>(),
            "timeline": self.facts.iter().map(|fact| json!({
                "at": fact.at, "actor": fact.actor, "kind": fact.kind, "entity": fact.entity, "text": plain_words::fact(fact),
            })).collect::<Vec<_>>(),
            "revisions": self.revisions.iter().map(|old| json!({
                "revision": old.revision, "replaced": old.at, "actor": old.actor, "reason": old.reason, "order": old.document,
            })).collect::<Vec<_>>(),
            "copies": self.copies.iter().map(|copy| json!({"reference": copy.reference(), "state": copy.state})).collect::<Vec<_>>(),
            "message": self.message_json(),
        });
        let from = self.routed();
        if !from.is_empty() {
            story["from_whom"] = json!(from);
        }
        story
    }

    fn money_json(&self) -> Value {
        let (order, due) = (&self.row.order, self.owed.as_ref());
        json!({
            "currency": order.currency, "goods": order.goods(), "discount": order.discount, "shipping": order.shipping,
            "tax": order.tax, "tax_included": order.shop_order.tax_included, "charges": order.shop_order.charges,
            "not_shipped": order.shop_order.not_shipped, "total": order.total, "cost": self.cost(), "margin": self.margin(),
            "refunded": self.refunded(), "owed": due.map(|due| due.amount), "unpaid": due.map(|due| &due.unpaid),
        "refunds": self.paid_back, "credited": self.credited(),
        })
    }

    fn message_json(&self) -> Value {
        let mail = self.message.as_ref();
        json!(mail.map(|mail| json!({
            "id": mail.id, "received": mail.received, "sender": mail.sender, "subject": mail.subject, "signer": mail.signer,
            "copies": mail.copies,
        })))
    }

    /// The first step, and all of them.
    fn next_json(&self, now: DateTime<Utc>) -> Value {
        let one = |step: &NextStep| json!({"what": step.what, "by": step.by.map(|by| clock::text(by.moment())), "command": step.command});
        let steps: Vec<Value> = next::steps(self, now).iter().map(one).collect();
        match steps.first() {
            Some(first) => {
                let mut next = first.clone();
                next["steps"] = json!(steps);
                next
            }
            None => Value::Null,
        }
    }

    fn lines_json(&self) -> Vec<Value> {
        let lines = self.row.order.lines.iter().zip(1..);
        lines
            .map(|(line, number)| {
                let sources: Vec<Value> = self
                    .sources(number)
                    .map(|(po, on)| {
                        json!({"number": po.number, "vendor_id": po.vendor_id, "vendor": po.vendor_name, "state": po.state,
                               "vendor_sku": on.vendor_sku, "qty": on.qty, "unit_cost": on.unit_cost})
                    })
                    .collect();
                json!({
                    "line": number, "sku": line.sku, "description": self.description(&line.sku, line.description.as_deref()),
                    "qty": line.qty, "unit_price": line.unit_price, "amount": line.unit_price.times(line.qty),
                    "ordered": line.ordered(), "options": line.shop_line.options, "extra": line.extra,
                    "currency": self.row.order.currency, "purchase_orders": sources,
                })
            })
            .collect()
    }
}

/// What is promised for a purchase order.
fn promise(row: &PromiseRow) -> Value {
    let mut value = json!(row.promise);
    value["estimate"] = json!(row.promise.source == PromiseSource::Table);
    value["told"] = json!(row.told);
    value
}

/// A delivery, with the number of the purchase order that it brings.
pub fn delivery(row: &DeliveryRow, po_number: Option<&str>) -> Value {
    json!({
        "id": row.id, "kind": row.kind, "channel": row.channel, "to": row.recipients, "subject": row.subject,
        "purchase_order": po_number, "state": row.state, "attempts": row.attempts, "created": row.created,
        "next_attempt": row.next_attempt, "updated": row.updated, "answer": row.detail, "reference": row.reference,
        "sent_before": row.sent_before,
    })
}
