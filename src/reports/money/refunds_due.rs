//! Money that customers are owed for what never ships.

use super::{MoneyReport, ReportForms, Scope, add, header};
use crate::domain::money::Money;
use crate::ledger::{Result, Tx};
use crate::reports::layout::{count, table};
use crate::returns::owed::owed;
use serde_json::{Value, json};

/// The registry's entry.
pub const REPORT: MoneyReport = MoneyReport {
    name: "refunds-due",
    about: "What customers are owed for orders and lines that were cancelled, until the refund is recorded",
    make: report,
};

/// Makes the report; a vendor in the scope leaves out orders without purchase orders to it.
pub fn report(tx: &Tx, scope: &Scope) -> Result<ReportForms> {
    let names = [
        "order", "state", "since", "customer", "paid", "refunded", "owed", "payment",
    ];
    let (mut csv, mut list, mut total) = (vec![header(&names)], Vec::new(), Money::ZERO);
    for id in tx.orders_with_refund_due()? {
        let row = tx.order(id)?;
        let Some(due) = owed(tx, &row)?.filter(|due| due.is_open()) else {
            continue;
        };
        let day = scope.day(&due.since);
        let pos = tx.pos_of_order(id)?;
        let theirs = scope
            .vendor
            .is_none_or(|id| pos.iter().any(|po| po.vendor_id == id));
        if !theirs || scope.since.is_some_and(|since| day < since) {
            continue;
        }
        add(&mut total, due.amount.unwrap_or_default());
        let payment = row.order.payment.clone().unwrap_or_default();
        let way = [payment.method, payment.reference];
        let way = way.into_iter().flatten().collect::<Vec<_>>().join(" ");
        let owed = due
            .amount
            .map_or_else(|| "?".to_owned(), |owed| owed.to_string());
        csv.push(vec![
            row.reference(),
            row.state.as_str().to_owned(),
            day.to_string(),
            crate::domain::text::line(&row.order.customer.name),
            due.paid.to_string(),
            due.refunded.to_string(),
            owed,
            crate::domain::text::line(&way),
        ]);
        list.push(json!({
            "order": row.reference(), "state": row.state, "since": due.since, "customer": row.order.customer.name,
            "paid": due.paid, "refunded": due.refunded, "owed": due.amount, "currency": row.order.currency, "payment": way,
        }));
    }
    let text = text(scope, &csv, total);
    let json: Value = json!({"refunds_due": list, "total": total, "currency": scope.currency});
    Ok(ReportForms { text, json, csv })
}

fn text(scope: &Scope, csv: &[Vec<String>], total: Money) -> String {
    let first = format!(
        "Owed to customers for what does not ship, {}\n\n",
        scope.words()
    );
    match csv.split_first() {
        Some((head, rows)) if !rows.is_empty() => {
            let head: Vec<&str> = head.iter().map(String::as_str).collect();
            format!(
                "{first}{}\n{}, {} in all. When it is paid: poms order refund ORDER --method WAY --reference NUMBER\n",
                table(&head, rows, scope.width),
                count(rows.len(), "order"),
                scope.money(total)
            )
        }
        _ => format!("{first}Nothing is owed.\n"),
    }
}
