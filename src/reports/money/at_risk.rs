//! Money at risk: what is lost unless someone acts, and what is still to be billed; per line
//! ordered × shipped × billed × returned × credited. Every figure names its rows.

mod text;

use super::{AGES, MoneyReport, ReportForms, Scope, add, bucket, header};
use crate::domain::codes::{Code, ExceptionCode};
use crate::domain::money::Money;
use crate::ledger::invoices::{ExpectedRow, InvoiceRow, LineFigure, PoBilling, VarianceRow};
use crate::ledger::{Result, Tx};
use chrono::NaiveDate;
use serde::Serialize;
use serde_json::{Value, json};
use std::collections::{BTreeMap, HashMap};

/// The kinds of money at risk, as they stand side by side.
pub const KINDS: [(&str, &str); 7] = [
    ("not_shipped", "Not shipped"),
    ("over_price", "Price"),
    ("over_quantity", "Quantity"),
    ("over_freight", "Freight"),
    ("duplicate", "Duplicate"),
    ("unmatched", "Unmatched"),
    ("credit_owed", "Credit owed"),
];

/// One amount at risk.
#[derive(Clone, Debug, Serialize)]
pub struct RiskItem {
    /// One of [`KINDS`], or `unbilled`.
    pub kind: &'static str,
    /// `open`, `disputed`, or `owed`.
    pub state: String,
    /// The vendor's id; empty while it is unknown.
    pub vendor: String,
    /// Its name.
    pub vendor_name: String,
    /// The purchase order.
    pub po: Option<String>,
    /// The vendor's number of the bill.
    pub invoice: Option<String>,
    /// The bill's row in the ledger.
    pub invoice_id: Option<i64>,
    /// The finding's row.
    pub variance_id: Option<i64>,
    /// The expected credit's row.
    pub credit_id: Option<i64>,
    /// The exception.
    pub exception: Option<i64>,
    /// The purchase order line's row.
    pub po_line_id: Option<i64>,
    /// The shop's SKU.
    pub sku: Option<String>,
    /// Since when.
    pub since: NaiveDate,
    /// Days since then.
    pub age_days: i64,
    /// How much.
    pub amount: Money,
    /// File and line of the evidence.
    pub source: Option<String>,
    /// For people.
    pub evidence: String,
}

/// The registry's entry.
pub const REPORT: MoneyReport = MoneyReport {
    name: "money-at-risk",
    about: "Money that is lost unless someone acts: billed and not shipped, over price, duplicates, credits owed",
    make: report,
};

/// Makes the report.
pub fn report(tx: &Tx, scope: &Scope) -> Result<ReportForms> {
    let figures = tx.open_line_figures(scope.vendor, scope.since_moment().as_deref())?;
    let lines: HashMap<i64, &LineFigure> = figures.iter().map(|f| (f.po_line_id, f)).collect();
    let names: HashMap<String, String> = tx
        .vendors()?
        .into_iter()
        .map(|(vendor, _)| (vendor.id, vendor.name))
        .collect();
    let mut items = Vec::new();
    let since = scope.since.map(|day| day.to_string());
    for (variance, invoice) in tx.open_variances(scope.vendor, since.as_deref())? {
        items.push(of_variance(tx, scope, &variance, &invoice, &lines)?);
    }
    for credit in tx.open_credits(scope.vendor)? {
        if let Some(item) = of_credit(tx, scope, credit, &names)? {
            items.push(item);
        }
    }
    items.sort_by_key(|item| (std::cmp::Reverse(item.amount), item.since));
    let unbilled = unbilled(&tx.open_billing()?, &figures, scope);
    Ok(ReportForms {
        text: text::text(scope, &items, &unbilled),
        json: document(scope, &items, &unbilled, &lines),
        csv: rows(&items, &unbilled, &lines),
    })
}

fn kind(code: &ExceptionCode) -> &'static str {
    match code.known() {
        Some(Code::InvoiceNotShipped) => "not_shipped",
        Some(Code::InvoicePrice) => "over_price",
        Some(Code::InvoiceQuantity) => "over_quantity",
        Some(Code::InvoiceFreight) => "over_freight",
        Some(Code::InvoiceDuplicate) => "duplicate",
        Some(Code::InvoiceDate) => "date",
        _ => "unmatched",
    }
}

fn of_variance(
    tx: &Tx,
    scope: &Scope,
    variance: &VarianceRow,
    invoice: &InvoiceRow,
    lines: &HashMap<i64, &LineFigure>,
) -> Result<RiskItem> {
    let on_paper = tx.lines_of_invoice(invoice.id)?;
    let line = on_paper
        .iter()
        .filter(|_| variance.code != Code::InvoiceFreight)
        .find(|line| line.source_line == variance.source_line && line.po_line_id.is_some());
    let po_line_id = line.and_then(|line| line.po_line_id);
    let since = invoice.invoice.date;
    Ok(RiskItem {
        kind: kind(&variance.code),
        state: variance.state.as_str().to_owned(),
        vendor: invoice.vendor_id.clone().unwrap_or_default(),
        vendor_name: invoice.vendor().to_owned(),
        po: invoice.po.clone(),
        invoice: Some(invoice.invoice.number.clone()),
        invoice_id: Some(invoice.id),
        variance_id: Some(variance.id),
        credit_id: None,
        exception: variance.exception_id,
        po_line_id,
        sku: po_line_id
            .and_then(|id| lines.get(&id))
            .map(|line| line.sku.clone()),
        since,
        age_days: (scope.today() - since).num_days(),
        amount: variance.at_stake,
        source: Some(format!("{}:{}", invoice.file, variance.source_line)),
        evidence: variance.evidence.clone(),
    })
}

/// A credit that is owed; `None` while the dispute that asks for it stands in the list itself.
fn of_credit(
    tx: &Tx,
    scope: &Scope,
    credit: ExpectedRow,
    names: &HashMap<String, String>,
) -> Result<Option<RiskItem>> {
    if let Some(exception) = credit.exception_id
        && tx.exception(exception)?.open
    {
        return Ok(None);
    }
    let since = scope.day(&credit.created);
    if scope.since.is_some_and(|first| since < first) {
        return Ok(None);
    }
    let name = names.get(&credit.vendor_id).cloned();
    let received = match credit.received {
        Money::ZERO => String::new(),
        received => format!(", {received} came"),
    };
    Ok(Some(RiskItem {
        kind: "credit_owed",
        state: "owed".to_owned(),
        vendor_name: name.unwrap_or_else(|| credit.vendor_id.clone()),
        po: Some(credit.po.clone()),
        invoice: None,
        invoice_id: None,
        variance_id: None,
        credit_id: Some(credit.id),
        exception: credit.exception_id,
        po_line_id: None,
        sku: None,
        since,
        age_days: (scope.today() - since).num_days(),
        amount: credit.owed(),
        source: None,
        evidence: format!(
            "{}: {} promised on {since}{received}: {}",
            credit.name(),
            credit.amount,
            credit.note
        ),
        vendor: credit.vendor_id,
    }))
}

/// What was shipped and is not billed yet: by line, or by purchase order where bills had no lines.
fn unbilled(pos: &[PoBilling], figures: &[LineFigure], scope: &Scope) -> Vec<RiskItem> {
    let billing: HashMap<i64, &PoBilling> = pos.iter().map(|po| (po.id, po)).collect();
    let mut found = Vec::new();
    for lines in figures.chunk_by(|a, b| a.po_id == b.po_id) {
        let Some(po) = billing.get(&lines[0].po_id) else {
            continue;
        };
        let loose = po.billed > Money::ZERO && lines.iter().all(|line| line.billed == 0);
        if loose {
            let worth = lines.iter().map(|line| worth(line, line.shipped));
            let goods = Money::sum(worth).unwrap_or_default();
            let charges = po.freight_billed.0.saturating_add(po.fees_billed.0);
            let left = goods.0.saturating_sub(po.billed.0.saturating_sub(charges));
            push(&mut found, &lines[0], None, Money(left), scope);
            continue;
        }
        for line in lines {
            let open = line.shipped.min(line.ordered) - line.billed;
            push(&mut found, line, Some(line), worth(line, open), scope);
        }
    }
    found
}

fn worth(line: &LineFigure, pieces: i64) -> Money {
    line.unit_cost.times(pieces.max(0)).unwrap_or_default()
}

fn push(
    found: &mut Vec<RiskItem>,
    po: &LineFigure,
    line: Option<&LineFigure>,
    amount: Money,
    scope: &Scope,
) {
    if amount <= Money::ZERO {
        return;
    }
    let since = scope.day(po.shipped_at.as_ref().unwrap_or(&po.placed));
    found.push(RiskItem {
        kind: "unbilled",
        state: "to come".to_owned(),
        vendor: po.vendor_id.clone(),
        vendor_name: po.vendor_name.clone(),
        po: Some(po.po.clone()),
        invoice: None,
        invoice_id: None,
        variance_id: None,
        credit_id: None,
        exception: None,
        po_line_id: line.map(|line| line.po_line_id),
        sku: line.map(|line| line.sku.clone()),
        since,
        age_days: (scope.today() - since).num_days(),
        amount,
        source: None,
        evidence: match line {
            Some(line) => format!("shipped {}, billed {}", line.shipped, line.billed),
            None => "bills of this purchase order come to less than what was shipped".to_owned(),
        },
    });
}

fn total<'a>(items: impl IntoIterator<Item = &'a RiskItem>) -> Money {
    let mut sum = Money::ZERO;
    for item in items {
        add(&mut sum, item.amount);
    }
    sum
}

/// Sums by vendor: name, one for each kind, all.
fn by_vendor(items: &[RiskItem]) -> BTreeMap<(String, String), ([Money; 7], Money)> {
    let mut vendors: BTreeMap<(String, String), ([Money; 7], Money)> = BTreeMap::new();
    for item in items {
        let key = (item.vendor_name.clone(), item.vendor.clone());
        let (kinds, all) = vendors.entry(key).or_default();
        if let Some(place) = KINDS.iter().position(|(kind, _)| *kind == item.kind) {
            add(&mut kinds[place], item.amount);
        }
        add(all, item.amount);
    }
    vendors
}

fn by_age(items: &[RiskItem]) -> [(usize, Money); 4] {
    let mut ages = [(0, Money::ZERO); 4];
    for item in items {
        let age = &mut ages[bucket(item.age_days)];
        age.0 += 1;
        add(&mut age.1, item.amount);
    }
    ages
}

fn document(
    scope: &Scope,
    items: &[RiskItem],
    unbilled: &[RiskItem],
    lines: &HashMap<i64, &LineFigure>,
) -> Value {
    let vendors: Vec<Value> = by_vendor(items)
        .into_iter()
        .map(|((name, id), (kinds, all))| {
            let mut row = json!({"vendor": id, "name": name, "total": all});
            for ((kind, _), sum) in KINDS.iter().zip(kinds) {
                row[*kind] = json!(sum);
            }
            row
        })
        .collect();
    let ages: Vec<Value> = AGES
        .iter()
        .zip(by_age(items))
        .map(|((word, _), (count, sum))| json!({"days": word, "items": count, "total": sum}))
        .collect();
    let with_line = |item: &RiskItem| {
        let mut value = json!(item);
        if let Some(line) = item.po_line_id.and_then(|id| lines.get(&id)) {
            value["line"] = json!({"ordered": line.ordered, "shipped": line.shipped, "billed": line.billed,
                "returned": line.returned, "credited": line.credited, "unit_cost": line.unit_cost});
        }
        value
    };
    json!({
        "report": "money-at-risk", "as_of": scope.today(), "currency": scope.currency, "vendor": scope.vendor, "since": scope.since,
        "total": total(items), "by_vendor": vendors, "by_age": ages,
        "items": items.iter().map(with_line).collect::<Vec<_>>(),
        "unbilled_total": total(unbilled), "unbilled": unbilled.iter().map(with_line).collect::<Vec<_>>(),
    })
}

fn rows(
    items: &[RiskItem],
    unbilled: &[RiskItem],
    lines: &HashMap<i64, &LineFigure>,
) -> Vec<Vec<String>> {
    let mut rows = vec![header(&[
        "kind",
        "state",
        "vendor",
        "vendor_name",
        "po",
        "invoice",
        "sku",
        "ordered",
        "shipped",
        "billed",
        "returned",
        "credited",
        "amount",
        "since",
        "age_days",
        "evidence",
        "source",
        "invoice_id",
        "variance_id",
        "credit_id",
        "exception",
    ])];
    let id = |id: Option<i64>| id.map(|id| id.to_string()).unwrap_or_default();
    for item in items.iter().chain(unbilled) {
        let line = item.po_line_id.and_then(|id| lines.get(&id));
        let piece =
            |of: fn(&LineFigure) -> i64| line.map(|line| of(line).to_string()).unwrap_or_default();
        rows.push(vec![
            item.kind.to_owned(),
            item.state.clone(),
            item.vendor.clone(),
            item.vendor_name.clone(),
            item.po.clone().unwrap_or_default(),
            item.invoice.clone().unwrap_or_default(),
            item.sku.clone().unwrap_or_default(),
            piece(|line| line.ordered),
            piece(|line| line.shipped),
            piece(|line| line.billed),
            piece(|line| line.returned),
            piece(|line| line.credited),
            item.amount.to_string(),
            item.since.to_string(),
            item.age_days.to_string(),
            item.evidence.clone(),
            item.source.clone().unwrap_or_default(),
            id(item.invoice_id),
            id(item.variance_id),
            id(item.credit_id),
            id(item.exception),
        ]);
    }
    rows
}
