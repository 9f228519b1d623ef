//! Margin: what customers paid for what was shipped, against what vendors charge for it.

use super::{MoneyReport, ReportForms, Scope, add, header};
use crate::domain::money::Money;
use crate::ledger::invoices::{LineFigure, PoBilling};
use crate::ledger::{Result, Tx};
use crate::reports::layout::{TextSheet, count};
use serde::Serialize;
use serde_json::json;
use std::collections::{BTreeMap, HashMap};

/// One purchase order.
#[derive(Clone, Debug, Default, Serialize)]
pub struct MarginRow {
    /// The order.
    pub order: String,
    /// The purchase order.
    pub po: String,
    /// Its row in the ledger.
    pub po_id: i64,
    /// The vendor's id.
    pub vendor: String,
    /// Its name.
    pub vendor_name: String,
    /// What customers paid for the goods that were shipped, less what they got back without tax.
    pub sold: Money,
    /// What they cost: as billed less credits, and as agreed for what is not billed yet.
    pub cost: Money,
    /// Freight and fees billed.
    pub charges: Money,
    /// `sold − cost − charges`.
    pub margin: Money,
    /// In hundredths of a percent of what was sold.
    pub margin_bp: Option<i64>,
    /// `billed`, `agreed`, or `partly billed`.
    pub basis: &'static str,
}

/// The registry's entry.
pub const REPORT: MoneyReport = MoneyReport {
    name: "margin",
    about: "What customers paid against what vendors charge",
    make: report,
};

/// Makes the report. The order's shipping, discount and tax are the order's and stand in no line, so
/// they are not in it.
pub fn report(tx: &Tx, scope: &Scope) -> Result<ReportForms> {
    let figures = tx.line_figures(scope.vendor, scope.since_moment().as_deref())?;
    let billing = tx.all_billing()?;
    let billing: HashMap<i64, &PoBilling> = billing.iter().map(|po| (po.id, po)).collect();
    let given = tx.refunded_by_po()?;
    let rows: Vec<MarginRow> = figures
        .chunk_by(|a, b| a.po_id == b.po_id)
        .filter_map(|lines| {
            let po = lines[0].po_id;
            let given = given.get(&po).copied().unwrap_or_default();
            row(lines, billing.get(&po)?, given)
        })
        .collect();
    let all = sum(&rows);
    Ok(ReportForms {
        text: text(scope, &rows, &all),
        json: json!({"report": "margin", "as_of": scope.today(), "currency": scope.currency, "vendor": scope.vendor, "since": scope.since,
            "sold": all.sold, "cost": all.cost, "charges": all.charges, "margin": all.margin, "margin_bp": all.margin_bp,
            "by_vendor": by_vendor(&rows).into_values().collect::<Vec<_>>(), "items": rows}),
        csv: csv(&rows),
    })
}

fn row(lines: &[LineFigure], po: &PoBilling, given: Money) -> Option<MarginRow> {
    let shipped: i64 = lines.iter().map(|line| line.shipped).sum();
    if shipped == 0 {
        return None;
    }
    let worth = |price: Money, pieces: i64| price.times(pieces.max(0)).unwrap_or_default();
    let all =
        |of: &dyn Fn(&LineFigure) -> Money| Money::sum(lines.iter().map(of)).unwrap_or_default();
    let sold = all(&|line| worth(line.unit_price, line.shipped)).minus(given)?;
    let agreed = all(&|line| worth(line.unit_cost, line.shipped));
    let charges = po.freight_billed.plus(po.fees_billed)?;
    let goods = po.billed.minus(charges)?;
    let loose = lines.iter().all(|line| line.billed == 0);
    let part_shipped = lines.iter().any(|line| line.shipped < line.ordered);
    let open = match loose {
        true => agreed.minus(goods)?.max(Money::ZERO),
        false => all(&|line| worth(line.unit_cost, line.shipped - line.billed)),
    };
    let billed = match loose {
        // what was billed ahead of the goods is no cost of those that left
        true if part_shipped => goods.min(agreed),
        true => goods,
        false => all(&of_shipped).plus(beside(goods, lines)?)?,
    };
    let cost = billed.minus(po.credited)?.plus(open)?;
    let margin = sold.minus(cost)?.minus(charges)?;
    Some(MarginRow {
        order: lines[0].order.clone(),
        po: po.number.clone(),
        po_id: po.id,
        vendor: po.vendor_id.clone(),
        vendor_name: lines[0].vendor_name.clone(),
        sold,
        cost,
        charges,
        margin,
        margin_bp: share(margin, sold),
        basis: match (po.billed > Money::ZERO, open > Money::ZERO) {
            (true, false) => "billed",
            (true, true) => "partly billed",
            (false, _) => "agreed",
        },
    })
}

/// What bills charge for a line's pieces, as far as these were shipped.
fn of_shipped(line: &LineFigure) -> Money {
    let pieces = line.shipped.min(line.billed);
    if line.billed <= 0 || pieces >= line.billed {
        return line.billed_amount;
    }
    let share = i128::from(line.billed_amount.0) * i128::from(pieces) / i128::from(line.billed);
    i64::try_from(share).map_or(line.billed_amount, Money)
}

/// What bills charge for goods that are no line of the purchase order.
fn beside(goods: Money, lines: &[LineFigure]) -> Option<Money> {
    goods.minus(Money::sum(lines.iter().map(|line| line.billed_amount))?)
}

fn share(margin: Money, sold: Money) -> Option<i64> {
    let bp =
        i128::from(margin.0) * 10_000 / i128::from(if sold.0 == 0 { return None } else { sold.0 });
    i64::try_from(bp).ok()
}

fn sum<'a>(rows: impl IntoIterator<Item = &'a MarginRow>) -> MarginRow {
    let mut all = MarginRow::default();
    for row in rows {
        (all.vendor, all.vendor_name) = (row.vendor.clone(), row.vendor_name.clone());
        add(&mut all.sold, row.sold);
        add(&mut all.cost, row.cost);
        add(&mut all.charges, row.charges);
        add(&mut all.margin, row.margin);
    }
    all.margin_bp = share(all.margin, all.sold);
    all
}

fn by_vendor(rows: &[MarginRow]) -> BTreeMap<String, serde_json::Value> {
    let mut vendors: BTreeMap<String, Vec<&MarginRow>> = BTreeMap::new();
    for row in rows {
        vendors.entry(row.vendor.clone()).or_default().push(row);
    }
    let each = |rows: Vec<&MarginRow>| {
        let count = rows.len();
        let all = sum(rows);
        json!({"vendor": all.vendor, "name": all.vendor_name, "purchase_orders": count, "sold": all.sold, "cost": all.cost,
            "charges": all.charges, "margin": all.margin, "margin_bp": all.margin_bp})
    };
    vendors
        .into_iter()
        .map(|(vendor, rows)| (vendor, each(rows)))
        .collect()
}

/// `12.34 %`.
fn percent(bp: Option<i64>) -> String {
    bp.map_or("-".to_owned(), |bp| format!("{} %", Money(bp)))
}

/// Purchase orders that the screen shows: those with the smallest margin.
const SHOWN: usize = 15;

fn text(scope: &Scope, rows: &[MarginRow], all: &MarginRow) -> String {
    let mut sheet = TextSheet::new(scope.width);
    sheet.line(&format!("Margin of what was shipped, {}", scope.words()));
    if rows.is_empty() {
        sheet.line("Nothing was shipped or billed.");
        return sheet.finish();
    }
    let money = |row: &MarginRow| {
        [row.sold, row.cost, row.charges, row.margin].map(|amount| scope.money(amount))
    };
    let [sold, cost, charges, margin] = money(all);
    sheet.line(&format!(
        "{margin} ({}) on {sold}: cost {cost}, freight and fees {charges}; {}",
        percent(all.margin_bp),
        count(rows.len(), "purchase order")
    ));
    let mut vendors: BTreeMap<&str, Vec<&MarginRow>> = BTreeMap::new();
    for row in rows {
        vendors.entry(&row.vendor_name).or_default().push(row);
    }
    let cells: Vec<Vec<String>> = vendors
        .into_iter()
        .map(|(name, rows)| {
            let all = sum(rows);
            let mut cells = vec![name.to_owned()];
            cells.extend(money(&all));
            cells.push(percent(all.margin_bp));
            cells
        })
        .collect();
    let head = ["Vendor", "Sold", "Cost", "Charges", "Margin", "Share"];
    sheet.heading("By vendor");
    sheet.columns(&head, &cells);
    let mut worst: Vec<&MarginRow> = rows.iter().collect();
    worst.sort_by_key(|row| (row.margin_bp, row.po_id));
    let cells: Vec<Vec<String>> = worst
        .into_iter()
        .take(SHOWN)
        .map(|row| {
            let mut cells = vec![row.po.clone(), row.vendor_name.clone()];
            cells.extend(money(row));
            cells.extend([percent(row.margin_bp), row.basis.to_owned()]);
            cells
        })
        .collect();
    let head = [
        "PO", "Vendor", "Sold", "Cost", "Charges", "Margin", "Share", "Cost is",
    ];
    sheet.heading("The smallest");
    sheet.columns(&head, &cells);
    sheet.finish()
}

fn csv(rows: &[MarginRow]) -> Vec<Vec<String>> {
    let mut cells = vec![header(&[
        "order",
        "po",
        "vendor",
        "vendor_name",
        "sold",
        "cost",
        "charges",
        "margin",
        "margin_percent",
        "basis",
    ])];
    cells.extend(rows.iter().map(|row| {
        vec![
            row.order.clone(),
            row.po.clone(),
            row.vendor.clone(),
            row.vendor_name.clone(),
            row.sold.to_string(),
            row.cost.to_string(),
            row.charges.to_string(),
            row.margin.to_string(),
            row.margin_bp
                .map(|bp| Money(bp).to_string())
                .unwrap_or_default(),
            row.basis.to_owned(),
        ]
    }));
    cells
}
