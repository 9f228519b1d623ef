//! Purchase orders as people look at them.

use super::exceptions;
use super::layout::{TextSheet, View, count, quoted, table};
use super::order_story::next;
use super::order_story::{delivery_json, outcome, revised, taken_back};
use super::plain_words;
use super::supply::Supply;
use crate::domain::lifecycle::RevisionState;
use crate::domain::text::line;
use crate::domain::vendor::Vendor;
use crate::ledger::audit::AuditEntry;
use crate::ledger::cancellations::CancellationRow;
use crate::ledger::exceptions::ExceptionRow;
use crate::ledger::outbox::DeliveryRow;
use crate::ledger::promises::PromiseRow;
use crate::ledger::purchase_orders::{PoLineRow, PoRow};
use crate::ledger::revisions::SentRevision;
use crate::ledger::{Result, Tx};
use chrono::{DateTime, Utc};
use serde_json::{Value, json};

/// One purchase order with what belongs to it.
pub struct PoSheet {
    row: PoRow,
    lines: Vec<PoLineRow>,
    vendor: Option<Vendor>,
    promise: Option<PromiseRow>,
    supply: Supply,
    /// What it waits for as the watchers see it; filled in by who knows the configuration.
    pub watched: Option<next::NextStep>,
    deliveries: Vec<DeliveryRow>,
    cancellations: Vec<CancellationRow>,
    revisions: Vec<SentRevision>,
    /// What is open about it, those that hold first.
    exceptions: Vec<ExceptionRow>,
    facts: Vec<AuditEntry>,
}

/// One purchase order of a list as JSON.
pub fn json(row: &PoRow) -> Value {
    json!({
        "number": row.number, "order": row.order.0, "reference": row.order_reference(), "vendor_id": row.vendor_id,
        "vendor": row.vendor_name, "state": row.state, "revision": row.revision, "created": row.created, "sent": row.sent,
        "currency": row.currency, "total": row.total,
    })
}

/// A list, newest first, of which at most `limit` are shown.
pub fn list(rows: &[PoRow], limit: usize, view: &View) -> String {
    let cells: Vec<Vec<String>> = rows
        .iter()
        .take(limit)
        .map(|row| {
            vec![
                row.number.clone(),
                row.state.to_string(),
                format!("{} ({})", line(&row.vendor_name), row.vendor_id),
                row.order_reference(),
                view.moment(&row.created),
                row.sent
                    .as_ref()
                    .map_or_else(|| "-".to_owned(), |sent| view.moment(sent)),
                row.total.display(&row.currency),
            ]
        })
        .collect();
    let header = ["Number", "State", "Vendor", "Order", "Made", "Sent", "Cost"];
    let more = match rows.len() > limit {
        true => format!("\nThe newest {limit}; there are more: --limit N\n"),
        false => format!("\n{}\n", count(rows.len(), "purchase order")),
    };
    format!("{}{more}", table(&header, &cells, view.width))
}

/// What happened to a purchase order, its deliveries and its shipments, also to those that did not happen
/// after all.
fn facts(tx: &Tx, row: &PoRow, deliveries: &[DeliveryRow]) -> Result<Vec<AuditEntry>> {
    let mut facts = tx.audit_of(&row.entity())?;
    for delivery in deliveries {
        facts.extend(tx.audit_of(&delivery.entity())?);
    }
    let mut shipments = tx.shipments_of_po(row.id)?;
    shipments.extend(tx.undone_of_po(row.id)?);
    for shipment in shipments {
        facts.extend(tx.audit_of(&format!("shipment:{}", shipment.id))?);
    }
    facts.sort_by_key(|fact| fact.seq);
    Ok(facts)
}

/// What is open about a purchase order: its own, of its deliveries, and what lists it among others.
fn open_exceptions(tx: &Tx, row: &PoRow, deliveries: &[DeliveryRow]) -> Result<Vec<ExceptionRow>> {
    let mut open = tx.open_exceptions_of_order(row.order_id)?;
    open.retain(|one| {
        let subject = &one.subject;
        let of_delivery = |id| deliveries.iter().any(|delivery| delivery.id == id);
        subject.po == Some(row.id) || subject.delivery.is_some_and(of_delivery)
    });
    open.extend(tx.silent_exceptions_of_po(row.id)?);
    open.extend(tx.answers_waiting_of_po(row)?);
    open.sort_by_key(|one| (one.severity.as_str(), one.id));
    open.dedup_by_key(|one| one.id);
    Ok(open)
}

impl PoSheet {
    /// Gathers everything about a purchase order.
    ///
    /// # Errors
    /// When there is none of that number; SQLite's.
    pub fn gather(tx: &Tx, number: &str) -> Result<PoSheet> {
        let row = tx.find_po(number)?;
        let mut deliveries = tx.deliveries_of_po(row.id)?;
        for revision in tx.revisions_of_po(row.id)? {
            deliveries.extend(tx.deliveries_of_revision(revision.id)?);
        }
        Ok(PoSheet {
            lines: tx.po_lines(row.id)?,
            vendor: tx.vendor(&row.vendor_id)?,
            promise: tx.promises_of_order(row.order_id)?.remove(&row.id),
            supply: Supply::of_po(tx, row.id)?,
            watched: None,
            facts: facts(tx, &row, &deliveries)?,
            exceptions: open_exceptions(tx, &row, &deliveries)?,
            deliveries,
            cancellations: tx.cancellations_of_po(row.id)?,
            revisions: tx.with_papers(tx.revisions_of_po(row.id)?)?,
            row,
        })
    }

    /// Its number in the ledger, its order's, and its vendor, if that is on file.
    pub fn of(&self) -> (i64, i64, Option<&Vendor>) {
        (self.row.id, self.row.order_id, self.vendor.as_ref())
    }

    /// The whole of it.
    pub fn json(&self, now: DateTime<Utc>) -> Value {
        let mut document = json(&self.row);
        let stands = self.supply.lines_json(self.row.id);
        let lines = self.lines.iter().zip(stands).map(|(on, mut line)| {
            line["qty"] = json!(on.qty);
            line["unit_cost"] = json!(on.unit_cost);
            line["amount"] = json!(on.unit_cost.times(on.qty));
            line
        });
        document["lines"] = lines.collect();
        document["shipments"] = json!(self.supply.shipments_json());
        document["document"] = self.row.document.clone();
        let number = Some(self.row.number.as_str());
        document["deliveries"] = self
            .deliveries
            .iter()
            .map(|row| delivery_json(row, number))
            .collect();
        document["cancellations"] = self
            .cancellations
            .iter()
            .map(CancellationRow::json)
            .collect();
        document["revisions"] = self.revisions.iter().map(|(row, _)| row.json()).collect();
        let exceptions = self.exceptions.iter();
        document["exceptions"] = exceptions.map(|row| exceptions::json(row, now)).collect();
        let facts = self.facts.iter().map(|fact| {
            json!({"at": fact.at, "actor": fact.actor, "kind": fact.kind, "text": plain_words::fact(fact)})
        });
        document["timeline"] = facts.collect();
        document
    }

    /// On one screen.
    pub fn text(&self, view: &View) -> String {
        let (row, mut sheet) = (&self.row, TextSheet::new(view.width));
        sheet.line(&format!(
            "Purchase order {} {}, for order {}",
            row.number,
            row.state.as_str().to_uppercase().replace('_', " "),
            row.order_reference()
        ));
        let beside = self.supply.beside(row.id, row.state);
        let beside = beside.map_or_else(String::new, |beside| format!("; {beside}"));
        sheet.field(
            "Where",
            &format!("{}{beside}", plain_words::po_state(row.state)),
        );
        sheet.field("Vendor", &self.vendor_line());
        sheet.field(
            "Made",
            &format!("{}, revision {}", view.moment(&row.created), row.revision),
        );
        sheet.field(
            "Sent",
            row.sent
                .as_ref()
                .map_or("not yet".to_owned(), |sent| view.moment(sent))
                .as_str(),
        );
        let step = self.watched.clone();
        if let Some(step) = step.or_else(|| next::of_po(row, self.promise.as_ref(), view.now)) {
            let by = step.by.map_or_else(String::new, |by| by.words(view));
            sheet.field("Next", &format!("{}{by}", step.what));
        }
        self.taken_back(view, &mut sheet);
        let ship_to: Vec<&str> = self.row.document["ship_to"]
            .as_array()
            .map(|lines| lines.iter().filter_map(Value::as_str).collect())
            .unwrap_or_default();
        sheet.field("Ship to", &line(&ship_to.join(", ")));
        if !self.exceptions.is_empty() {
            sheet.heading("Open exceptions");
            for row in &self.exceptions {
                sheet.entry(&row.id.to_string(), &exceptions::one_line(row, view));
            }
        }
        sheet.gap();
        self.goods(&mut sheet);
        self.supply.text(view, &mut sheet);
        self.sent(view, &mut sheet);
        plain_words::timeline(&self.facts, view, &mut sheet);
        sheet.heading("The vendor's PDF; the whole order");
        sheet.command(&format!("{} po pdf {}", view.poms, quoted(&row.number)));
        sheet.command(&format!(
            "{} order show {}",
            view.poms,
            quoted(&row.order_reference())
        ));
        sheet.finish()
    }

    /// What was taken back, and how to note what the vendor says to it.
    fn taken_back(&self, view: &View, sheet: &mut TextSheet) {
        for one in &self.revisions {
            sheet.field("Revised", &line(&revised::told(one)));
        }
        if let Some((one, _)) = self
            .revisions
            .iter()
            .find(|(one, _)| one.state == RevisionState::Open)
        {
            for word in ["agreed", "refused"] {
                sheet.command(&format!(
                    "       {} po revision-{word} {} --note \"WHO SAID SO\"",
                    view.poms,
                    quoted(&one.po)
                ));
            }
        }
        for one in &self.cancellations {
            sheet.field("Cancelled", &line(&taken_back::told(one)));
        }
        if self
            .cancellations
            .iter()
            .any(|one| taken_back::step(one, None).is_some())
        {
            for word in ["agreed", "refused"] {
                let number = quoted(&self.row.number);
                sheet.command(&format!(
                    "       {} po cancel-{word} {number} --note \"WHO SAID SO\"",
                    view.poms
                ));
            }
        }
    }

    fn vendor_line(&self) -> String {
        let mut parts = vec![format!(
            "{} ({})",
            line(&self.row.vendor_name),
            self.row.vendor_id
        )];
        if let Some(vendor) = &self.vendor {
            parts.push(vendor.channel.as_str().to_owned());
            parts.extend(
                [&vendor.email, &vendor.fax]
                    .into_iter()
                    .filter(|way| !way.is_empty())
                    .map(|way| line(way)),
            );
        }
        parts.join(" · ")
    }

    fn goods(&self, sheet: &mut TextSheet) {
        let currency = &self.row.currency;
        let rows: Vec<Vec<String>> = self
            .lines
            .iter()
            .map(|on| {
                vec![
                    on.line.to_string(),
                    line(&on.sku),
                    line(&on.vendor_sku),
                    line(
                        self.row.document["lines"]
                            [usize::try_from(on.line - 1).unwrap_or_default()]["description"]
                            .as_str()
                            .unwrap_or_default(),
                    ),
                    on.qty.to_string(),
                    on.unit_cost.display(currency),
                    on.unit_cost
                        .times(on.qty)
                        .map_or_else(|| "?".to_owned(), |sum| sum.display(currency)),
                ]
            })
            .collect();
        sheet.columns(
            &[
                "#",
                "SKU",
                "Vendor's",
                "Description",
                "Qty",
                "Cost",
                "Amount",
            ],
            &rows,
        );
        sheet.field("  Total", &self.row.total.display(currency));
    }

    fn sent(&self, view: &View, sheet: &mut TextSheet) {
        sheet.heading("Deliveries");
        let rows: Vec<Vec<String>> = self
            .deliveries
            .iter()
            .map(|row| {
                vec![
                    row.id.to_string(),
                    format!("{} ({})", row.recipients.join(", "), row.channel),
                    row.state.to_string(),
                    row.attempts.to_string(),
                    outcome(row, view),
                ]
            })
            .collect();
        match rows.is_empty() {
            true => sheet.item("none yet"),
            false => sheet.columns(&["ID", "To", "State", "Tries", "Then"], &rows),
        }
    }
}
