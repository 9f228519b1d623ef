//! Money at risk on a screen.

use super::{KINDS, RiskItem, by_age, by_vendor, total};
use crate::domain::money::Money;
use crate::reports::layout::{TextSheet, count};
use crate::reports::money::{AGES, Scope};

/// Items that the screen shows; all stand in the CSV and JSON.
const SHOWN: usize = 25;

pub(super) fn text(scope: &Scope, items: &[RiskItem], unbilled: &[RiskItem]) -> String {
    let mut sheet = TextSheet::new(scope.width);
    sheet.line(&format!("Money at risk, {}", scope.words()));
    if items.is_empty() {
        sheet.line("Nothing is at risk: every bill fits what was ordered and shipped.");
    } else {
        let all = total(items);
        sheet.line(&format!(
            "{} in {}",
            scope.money(all),
            count(items.len(), "amount")
        ));
        vendors(&mut sheet, scope, items);
        ages(&mut sheet, scope, items);
        largest(&mut sheet, scope, items);
    }
    if !unbilled.is_empty() {
        sheet.heading(&format!(
            "Not at risk: {} were shipped and not billed yet ({})",
            scope.money(total(unbilled)),
            count(unbilled.len(), "line")
        ));
    }
    sheet.finish()
}

fn vendors(sheet: &mut TextSheet, scope: &Scope, items: &[RiskItem]) {
    let sums = by_vendor(items);
    let used: Vec<usize> = (0..KINDS.len())
        .filter(|place| sums.values().any(|(kinds, _)| kinds[*place] != Money::ZERO))
        .collect();
    let mut head = vec!["Vendor"];
    head.extend(used.iter().map(|place| KINDS[*place].1));
    head.push("All");
    let mut rows: Vec<Vec<String>> = Vec::new();
    for ((name, _), (kinds, all)) in &sums {
        let mut row = vec![name.clone()];
        row.extend(used.iter().map(|place| scope.money(kinds[*place])));
        row.push(scope.money(*all));
        rows.push(row);
    }
    sheet.heading("By vendor");
    sheet.columns(&head, &rows);
}

fn ages(sheet: &mut TextSheet, scope: &Scope, items: &[RiskItem]) {
    let rows: Vec<Vec<String>> = AGES
        .iter()
        .zip(by_age(items))
        .map(|((word, _), (count, sum))| {
            vec![format!("{word} days"), count.to_string(), scope.money(sum)]
        })
        .collect();
    sheet.heading("By age of the bill");
    sheet.columns(&["Age", "Amounts", "Money"], &rows);
}

fn largest(sheet: &mut TextSheet, scope: &Scope, items: &[RiskItem]) {
    let head = [
        "Money",
        "What",
        "Vendor",
        "PO",
        "Invoice",
        "Since",
        "Exception",
    ];
    let rows: Vec<Vec<String>> = items
        .iter()
        .take(SHOWN)
        .map(|item| {
            let word = KINDS.iter().find(|(kind, _)| *kind == item.kind);
            let disputed = if item.state == "disputed" {
                ", disputed"
            } else {
                ""
            };
            vec![
                scope.money(item.amount),
                format!("{}{disputed}", word.map_or(item.kind, |(_, word)| word)),
                item.vendor_name.clone(),
                item.po.clone().unwrap_or_else(|| "-".to_owned()),
                invoice_cell(item),
                item.since.to_string(),
                item.exception.map_or("-".to_owned(), |id| id.to_string()),
            ]
        })
        .collect();
    sheet.heading("The largest");
    sheet.columns(&head, &rows);
    if items.len() > SHOWN {
        sheet.line(&format!(
            "… and {} more: --format csv has all",
            items.len() - SHOWN
        ));
    }
    sheet.line("What each is and what to do: poms exceptions show ID; the bill with its lines: poms invoice show ID");
}

fn invoice_cell(item: &RiskItem) -> String {
    match (&item.invoice, item.invoice_id) {
        (Some(number), Some(id)) if number.is_empty() => format!("#{id}"),
        (Some(number), Some(id)) => format!("{number} (#{id})"),
        _ => "-".to_owned(),
    }
}
