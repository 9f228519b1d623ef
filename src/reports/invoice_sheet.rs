//! One invoice: its lines against the order, what is wrong, where each stands in its file, and what
//! became of it.

use super::invoices::{ListedInvoice, is_open, json as listed_json};
use crate::domain::money::Money;
use crate::ledger::audit::AuditEntry;
use crate::ledger::invoices::{ExpectedRow, ExportItem, InvoiceLineRow, InvoiceRow};
use crate::ledger::purchase_orders::PoRow;
use crate::ledger::{Result, Tx};
use crate::reports::layout::{TextSheet, View};
use crate::reports::plain_words;
use serde_json::{Value, json};

/// All about one invoice.
pub struct InvoiceSheet {
    listed: ListedInvoice,
    lines: Vec<InvoiceLineRow>,
    po: Option<PoRow>,
    credits: Vec<ExpectedRow>,
    parts: Vec<InvoiceRow>,
    /// What a credit was counted against.
    uses: Vec<(String, Money)>,
    exported: Option<ExportItem>,
    /// The open exception about where its vendor's money goes.
    remit: Option<i64>,
    story: Vec<AuditEntry>,
}

/// Reads one, by its number in the ledger or the vendor's.
///
/// # Errors
/// When there is none, or more than one.
pub fn gather(tx: &Tx, name: &str) -> Result<InvoiceSheet> {
    let row = tx.find_invoice(name)?;
    let variances = tx.variances_of_invoice(row.id)?;
    let mut exceptions: Vec<i64> = variances
        .iter()
        .filter_map(|one| one.exception_id)
        .collect();
    exceptions.dedup();
    let mut credits = Vec::new();
    for exception in exceptions {
        credits.extend(tx.credits_of_exception(exception)?);
    }
    Ok(InvoiceSheet {
        lines: tx.lines_of_invoice(row.id)?,
        po: row.po_id.map(|id| tx.po(id)).transpose()?,
        credits,
        parts: tx.parts_of_invoice(row.id)?,
        uses: tx.uses_of_credit(row.id)?,
        exported: tx.exported(row.invoice.kind.as_str(), row.part_of.unwrap_or(row.id))?,
        remit: match row.vendor_id.as_deref() {
            Some(vendor) => tx.remit_asked(vendor)?,
            None => None,
        },
        story: tx.audit_of(&row.entity())?,
        listed: ListedInvoice { row, variances },
    })
}

impl InvoiceSheet {
    /// One document, with the row numbers of all that it says.
    pub fn json(&self) -> Value {
        let mut value = listed_json(&self.listed);
        let row = &self.listed.row;
        let line = |line: &InvoiceLineRow| {
            let ordered = line.ordered.as_ref().map(|(sku, ordered, shipped, cost)| {
                json!({"po_line_id": line.po_line_id, "sku": sku, "ordered": ordered, "shipped": shipped, "unit_cost": cost})
            });
            json!({"line": line.line, "sku": line.sku, "qty": line.qty, "amount": line.amount, "source_line": line.source_line, "po_line": ordered})
        };
        value["file_id"] = json!(row.file_id);
        value["matched_by"] = json!(row.matched_by);
        value["terms"] = json!(row.terms);
        value["freight"] = json!(row.invoice.freight);
        value["fees"] = json!(row.invoice.fees);
        value["parts"] = (self.parts.iter())
            .map(|part| json!({"id": part.id, "po": part.po, "total": part.invoice.total, "state": part.state}))
            .collect();
        value["settles"] = (self.uses.iter())
            .map(|(what, amount)| json!({"what": what, "amount": amount}))
            .collect();
        value["memo"] = json!(row.invoice.memo);
        value["rows"] = json!(row.invoice.rows);
        value["lines"] = self.lines.iter().map(line).collect();
        value["variances"] = self
            .listed
            .variances
            .iter()
            .map(|one| {
                json!({"id": one.id, "code": one.code, "state": one.state, "at_stake": one.at_stake, "evidence": one.evidence,
                    "file": row.file, "line": one.source_line, "exception": one.exception_id, "found": one.found})
            })
            .collect();
        value["expected_credits"] = self
            .credits
            .iter()
            .map(|owed| json!({"id": owed.id, "amount": owed.amount, "received": owed.received, "state": owed.state, "note": owed.note}))
            .collect();
        value["exported"] = json!(
            self.exported
                .as_ref()
                .map(|out| json!({"export": out.export_id, "at": out.at, "file": out.name}))
        );
        value["story"] = json!(self.story);
        value
    }

    /// One screen.
    pub fn text(&self, currency: &str, view: &View) -> String {
        let mut sheet = TextSheet::new(view.width);
        let row = &self.listed.row;
        let money = |amount: Money| amount.display(currency);
        let title = row.title();
        sheet.line(&format!(
            "Invoice {}: {title} from {}, {}",
            row.id,
            row.vendor(),
            money(row.invoice.total)
        ));
        self.head(&mut sheet, view);
        self.goods(&mut sheet, &money);
        self.wrong(&mut sheet, &money, view);
        let story: Vec<&AuditEntry> = self
            .story
            .iter()
            .filter(|entry| entry.kind != "seal")
            .collect();
        if !story.is_empty() {
            sheet.heading("History");
        }
        for entry in story {
            let mark = view.as_written(&entry.at);
            sheet.entry(
                &mark,
                &format!(
                    "{} ({})",
                    plain_words::fact(entry),
                    plain_words::login(&entry.actor)
                ),
            );
        }
        sheet.finish()
    }

    /// Why it is not to be paid yet, though it is matched.
    fn payment(&self, sheet: &mut TextSheet, view: &View) {
        if let Some(id) = self.remit {
            let told = format!(
                "first somebody decides where the vendor's money goes: {} exceptions show {id}",
                view.poms
            );
            sheet.field("Payment", &told);
        }
    }

    fn head(&self, sheet: &mut TextSheet, view: &View) {
        let row = &self.listed.row;
        let paper = &row.invoice;
        let state = match row.state.as_str() {
            "matched" if self.remit.is_some() => "matched, and not to be paid yet",
            "matched" => "matched: may be paid",
            "variance" => "waits: something is wrong",
            "unmatched" => "waits: it is not known what it bills",
            "duplicate" => "billed before: not counted, not to be paid",
            "split" => "over several purchase orders: each part is matched on its own",
            other => other,
        };
        sheet.field("State", state);
        if let Some(open) = paper.open {
            let told = format!("{open} open of {}: the rest is paid already", paper.total);
            sheet.field("Open", &told);
        }
        self.payment(sheet, view);
        if let Some(po) = &self.po {
            let by = row
                .matched_by
                .as_deref()
                .map(|by| format!(", found by {by}"));
            sheet.field(
                "PO",
                &format!("{} ({}){}", po.number, po.state, by.unwrap_or_default()),
            );
            sheet.field("Order", &po.order_reference());
        }
        self.family(sheet);
        for (what, amount) in &self.uses {
            sheet.field("Settles", &format!("{amount} of {what}"));
        }
        if let Some(due) = paper.due {
            sheet.field("Due", &due.to_string());
        }
        sheet.field("Memo", &paper.memo);
        if row
            .vendor_name
            .as_deref()
            .is_some_and(|name| name != paper.vendor_name)
        {
            sheet.field("Written", &paper.vendor_name);
        }
        sheet.field(
            "File",
            &format!(
                "{}, line {} on; imported {}",
                row.file,
                paper.source_line,
                view.moment(&row.created)
            ),
        );
        if let Some(out) = &self.exported {
            sheet.field(
                "Books",
                &format!("exported {} to {}", view.moment(&out.at), out.name),
            );
        }
    }

    /// The paper of which it is a part, and its parts.
    fn family(&self, sheet: &mut TextSheet) {
        let row = &self.listed.row;
        if let Some(whole) = row.part_of {
            sheet.field("Part of", &format!("invoice {whole}, with the same number"));
        }
        for part in &self.parts {
            let text = format!(
                "invoice {} over {} for {} ({})",
                part.id,
                part.invoice.total,
                part.po.as_deref().unwrap_or("-"),
                part.state
            );
            sheet.field("Part", &text);
        }
    }

    fn goods(&self, sheet: &mut TextSheet, money: &dyn Fn(Money) -> String) {
        let paper = &self.listed.row.invoice;
        let mut rows: Vec<Vec<String>> = Vec::new();
        for line in &self.lines {
            let mut cells = vec![
                line.source_line.to_string(),
                line.sku.clone(),
                line.qty.map_or("-".to_owned(), |qty| qty.to_string()),
                money(line.amount),
            ];
            match &line.ordered {
                Some((sku, ordered, shipped, cost)) => cells.extend([
                    sku.clone(),
                    ordered.to_string(),
                    shipped.to_string(),
                    money(*cost),
                ]),
                None => cells.extend(std::iter::repeat_n("-".to_owned(), 4)),
            }
            rows.push(cells);
        }
        for (word, amount) in [("freight", paper.freight), ("fees", paper.fees)] {
            if amount != Money::ZERO {
                let mut cells = vec![String::new(), word.to_owned(), String::new(), money(amount)];
                cells.extend(std::iter::repeat_n(String::new(), 4));
                rows.push(cells);
            }
        }
        if rows.is_empty() {
            return;
        }
        sheet.heading("Billed, and ordered");
        let head = [
            "Line",
            "Billed SKU",
            "Pieces",
            "Amount",
            "SKU",
            "Ordered",
            "Shipped",
            "Cost of one",
        ];
        sheet.columns(&head, &rows);
    }

    fn wrong(&self, sheet: &mut TextSheet, money: &dyn Fn(Money) -> String, view: &View) {
        if self.listed.variances.is_empty() {
            return;
        }
        sheet.heading("What is wrong");
        for one in &self.listed.variances {
            let file = &self.listed.row.file;
            sheet.item(&format!(
                "{} ({}), {}: {} ({file}:{})",
                one.code,
                one.state,
                money(one.at_stake),
                one.evidence,
                one.source_line
            ));
            if let Some(exception) = one.exception_id.filter(|_| is_open(one)) {
                sheet.command(&format!("{} exceptions show {exception}", view.poms));
            }
        }
        for owed in &self.credits {
            sheet.item(&format!(
                "Credit {}: {} expected, {} came ({}): {}",
                owed.id,
                money(owed.amount),
                money(owed.received),
                owed.state,
                owed.note
            ));
        }
    }
}
