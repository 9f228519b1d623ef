//! Returns as people look at them.

use super::exceptions;
use super::layout::{TextSheet, View, count, quoted, table};
use super::plain_words;
use crate::domain::lifecycle::{CreditState, ReturnState};
use crate::domain::money::Money;
use crate::domain::rma::ReturnKind;
use crate::domain::text::line;
use crate::ledger::audit::AuditEntry;
use crate::ledger::exceptions::ExceptionRow;
use crate::ledger::invoices::ExpectedRow;
use crate::ledger::returns::{RefundRow, ReturnLineRow, ReturnRow};
use crate::ledger::{Result, Tx};
use crate::returns::watch::credit_due;
use crate::returns::{ReturnSettings, Worth, worth};
use chrono::NaiveDate;
use chrono_tz::Tz;
use serde_json::{Value, json};

/// A return with its money: what an order's story tells of it.
pub struct ReturnMoney {
    /// The return.
    pub row: ReturnRow,
    /// Its lines.
    pub lines: Vec<ReturnLineRow>,
    /// What the customer got, oldest first.
    pub refunds: Vec<RefundRow>,
    /// What the vendor owes or owed.
    pub credits: Vec<ExpectedRow>,
}

impl ReturnMoney {
    /// Gathers what belongs to a return.
    pub fn of(tx: &Tx, row: ReturnRow) -> Result<ReturnMoney> {
        Ok(ReturnMoney {
            lines: tx.return_lines(row.id)?,
            refunds: tx.refunds_of_return(row.id)?,
            credits: tx.credits_of_return(&row.number)?,
            row,
        })
    }

    /// What the customer got in all, with tax.
    pub fn refunded(&self) -> Money {
        Money::sum(self.refunds.iter().map(|refund| refund.amount)).unwrap_or_default()
    }

    /// What of the customer's money is gone: refunds without the tax in them.
    pub fn given(&self) -> Money {
        let of = |refund: &RefundRow| refund.amount.minus(refund.tax);
        Money::sum(self.refunds.iter().filter_map(of)).unwrap_or_default()
    }

    /// All refunds as one: sums, and the last way and number.
    fn refund(&self) -> Option<RefundRow> {
        let mut all = self.refunds.last()?.clone();
        all.amount = self.refunded();
        all.tax = Money::sum(self.refunds.iter().map(|one| one.tax)).unwrap_or_default();
        Some(all)
    }

    /// What the vendor gives back, or shall.
    pub fn credited(&self) -> Money {
        let of = |credit: &ExpectedRow| match credit.state {
            CreditState::Open => credit.amount,
            CreditState::Settled | CreditState::Withdrawn => credit.received,
        };
        Money::sum(self.credits.iter().map(of)).unwrap_or_default()
    }

    /// As one entry of a list.
    pub fn json(&self) -> Value {
        let mut told = json(&self.row);
        told["lines"] = json!(self.lines);
        told["refund"] = json!(self.refund());
        told["refunds"] = json!(self.refunds);
        told["credits"] = self.credits.iter().map(credit_json).collect();
        told
    }

    /// What it waits for, and what a person can type about it; `None` when it is over.
    pub fn waits(&self) -> Option<(String, String)> {
        let row = &self.row;
        let number = &row.number;
        let what = match row.state {
            ReturnState::Requested => format!("a person says yes or no to return {number}"),
            ReturnState::Authorised if row.kind.goods_come_back() => {
                let by = row.deadline.map(|day| day.format(", by %B %-d, %Y"));
                let by = by.map_or_else(String::new, |by| by.to_string());
                format!("the goods of return {number} come{by}")
            }
            ReturnState::Received => format!("somebody looks at the goods of return {number}"),
            ReturnState::Authorised | ReturnState::Inspected => match self.refunds.is_empty() {
                true => format!("the customer is paid back for return {number}, or it is rejected"),
                false => format!("the customer is paid the rest for return {number}"),
            },
            ReturnState::Refunded | ReturnState::Rejected | ReturnState::Cancelled => {
                let open = self.credits.iter();
                let mut open = open.filter(|credit| credit.state == CreditState::Open);
                let owed = open.next()?.owed().display(&row.currency);
                format!("{} credits {owed} for return {number}", row.vendor_name)
            }
        };
        Some((what, format!("return show {}", quoted(number))))
    }

    /// What a person can type next, each with its word and without the program's name.
    pub fn next(&self) -> Vec<(&'static str, String)> {
        let row = &self.row;
        let can = |to| row.kind.may_become(row.state, to);
        let pieces = |of: fn(&ReturnLineRow) -> i64| {
            let left = self.lines.iter().filter(|line| of(line) > 0);
            left.map(|line| format!(" {}={}", line.order_line, of(line)))
                .collect::<String>()
        };
        let waiting = self.lines.iter().filter(|line| line.to_inspect() > 0);
        let waiting: String = waiting
            .map(|line| format!(" {}=CONDITION", line.order_line))
            .collect();
        let to_come = pieces(ReturnLineRow::to_come);
        let another = row.state == ReturnState::Received || can(ReturnState::Received);
        // its goods are off their purchase order already
        let taken_off =
            row.kind == ReturnKind::CancelledBeforeShipping && row.state == ReturnState::Authorised;
        let ways = [
            (
                can(ReturnState::Authorised),
                "authorise",
                " --note \"WHY\"".to_owned(),
            ),
            (another && !to_come.is_empty(), "receive", to_come),
            (
                can(ReturnState::Inspected) && !waiting.is_empty(),
                "inspect",
                waiting,
            ),
            (
                can(ReturnState::Refunded),
                "refund",
                " --method WAY --reference NUMBER".to_owned(),
            ),
            (
                can(ReturnState::Rejected) && self.refunds.is_empty() && !taken_off,
                "reject",
                " --note \"WHY\"".to_owned(),
            ),
        ];
        let number = quoted(&row.number);
        let possible = ways.into_iter().filter(|(possible, ..)| *possible);
        possible
            .map(|(_, word, rest)| (word, format!("return {word} {number}{rest}")))
            .collect()
    }

    /// Its goods: `2 of BF63-12163 (damaged)`.
    pub fn goods(&self) -> String {
        let one = |line: &ReturnLineRow| format!("{} of {}", line.counts(), line.sku);
        self.lines.iter().map(one).collect::<Vec<_>>().join(", ")
    }
}

/// One return of a list as JSON.
pub fn json(row: &ReturnRow) -> Value {
    json!({
        "number": row.number, "order": row.order, "purchase_order": row.po, "vendor_id": row.vendor_id, "vendor": row.vendor_name,
        "customer": row.customer, "kind": row.kind, "state": row.state, "reason": row.reason, "opened": row.opened,
        "authorised": row.authorised, "deadline": row.deadline, "address": row.address, "received": row.received,
        "inspected": row.inspected, "updated": row.updated, "currency": row.currency,
    })
}

fn credit_json(credit: &ExpectedRow) -> Value {
    json!({"amount": credit.amount, "received": credit.received, "state": credit.state, "since": credit.created})
}

/// A list, newest first, of which at most `limit` are shown.
pub fn list(rows: &[ReturnRow], limit: usize, view: &View) -> String {
    let cells: Vec<Vec<String>> = rows
        .iter()
        .take(limit)
        .map(|row| {
            vec![
                row.number.clone(),
                row.state.to_string(),
                kind(row.kind).to_owned(),
                row.order.clone(),
                line(&row.customer),
                line(&row.vendor_name),
                view.moment(&row.opened),
                row.deadline
                    .map_or_else(|| "-".to_owned(), |day| day.to_string()),
            ]
        })
        .collect();
    let header = [
        "Number", "State", "Kind", "Order", "Customer", "Vendor", "Opened", "Deadline",
    ];
    let more = match rows.len() > limit {
        true => format!("\nThe newest {limit}; there are more: --limit N\n"),
        false => format!("\n{}\n", count(rows.len(), "return")),
    };
    format!("{}{more}", table(&header, &cells, view.width))
}

/// A kind in words.
pub fn kind(kind: ReturnKind) -> &'static str {
    match kind {
        ReturnKind::Customer => "return",
        ReturnKind::RefusedAtDoor => "refused at the door",
        ReturnKind::LostInTransit => "lost in transit",
        ReturnKind::CancelledBeforeShipping => "cancelled before shipping",
    }
}

/// One return with all that belongs to it.
pub struct ReturnSheet {
    money: ReturnMoney,
    computed: Option<Worth>,
    credit_due: Option<NaiveDate>,
    exceptions: Vec<ExceptionRow>,
    facts: Vec<AuditEntry>,
}

impl ReturnSheet {
    /// Gathers everything about a return.
    ///
    /// # Errors
    /// When there is none of that number; SQLite's.
    pub fn gather(
        tx: &Tx,
        settings: &ReturnSettings,
        zone: Tz,
        number: &str,
    ) -> Result<ReturnSheet> {
        let row = tx.find_return(number)?;
        let order = tx.order(row.order_id)?;
        let money = ReturnMoney::of(tx, row)?;
        let row = &money.row;
        Ok(ReturnSheet {
            computed: match row.state {
                ReturnState::Refunded => None,
                _ => worth(tx, row, &order.order, &money.lines).ok(),
            },
            credit_due: credit_due(row, settings, zone),
            exceptions: tx.open_exceptions_of_entity(&row.entity())?,
            facts: tx.audit_of(&row.entity())?,
            money,
        })
    }

    /// The whole of it.
    pub fn json(&self) -> Value {
        let mut told = self.money.json();
        told["computed"] = json!(self.computed.map(|worth| worth.amount));
        told["left"] = json!(self.left());
        told["credit_due"] = match self.money.credits.is_empty() {
            true => Value::Null,
            false => json!(self.credit_due),
        };
        let next = self.money.next().into_iter();
        told["next"] = next.map(|(_, command)| command).collect();
        told["exceptions"] = (self.exceptions.iter())
            .map(|row| json!({"id": row.id, "code": row.code, "message": row.message}))
            .collect();
        let facts = self.facts.iter().map(|fact| {
            json!({"at": fact.at, "actor": fact.actor, "kind": fact.kind, "text": plain_words::fact(fact)})
        });
        told["timeline"] = facts.collect();
        told
    }

    /// What of its worth is not paid back yet.
    fn left(&self) -> Option<Money> {
        let left = self.computed?.amount.minus(self.money.refunded())?;
        Some(left.max(Money::ZERO))
    }

    /// On one screen.
    pub fn text(&self, view: &View) -> String {
        let (row, mut sheet) = (&self.money.row, TextSheet::new(view.width));
        let of_kind = match row.kind {
            ReturnKind::Customer => String::new(),
            other => format!(", {},", kind(other)),
        };
        sheet.line(&format!(
            "Return {} {}{of_kind} for order {}",
            row.number,
            row.state.as_str().to_uppercase(),
            row.order
        ));
        sheet.field("Why", &line(&row.reason));
        sheet.field("Customer", &line(&row.customer));
        sheet.field(
            "Vendor",
            &format!(
                "{} ({}), purchase order {}",
                line(&row.vendor_name),
                row.vendor_id,
                row.po
            ),
        );
        sheet.field("Opened", &view.moment(&row.opened));
        let day = |day: NaiveDate| day.format("%B %-d, %Y").to_string();
        if let Some(deadline) = row.deadline {
            let to = row.address.join(", ");
            sheet.field("Deadline", &format!("{}, to {}", day(deadline), line(&to)));
        }
        sheet.gap();
        self.goods(&mut sheet);
        self.money(&mut sheet);
        if !self.exceptions.is_empty() {
            sheet.heading("Open exceptions");
            for open in &self.exceptions {
                sheet.entry(&open.id.to_string(), &exceptions::one_line(open, view));
            }
        }
        plain_words::timeline(&self.facts, view, &mut sheet);
        sheet.heading("What can be done; the whole order");
        for (_, command) in self.money.next() {
            sheet.command(&format!("{} {command}", view.poms));
        }
        sheet.command(&format!("{} order show {}", view.poms, quoted(&row.order)));
        sheet.finish()
    }

    fn goods(&self, sheet: &mut TextSheet) {
        let rows: Vec<Vec<String>> = (self.money.lines.iter())
            .map(|on| {
                let found = on.conditions.iter();
                let found =
                    found.map(|(what, qty)| format!("{qty} {}", what.as_str().replace('_', " ")));
                vec![
                    on.order_line.to_string(),
                    line(&on.sku),
                    on.qty.to_string(),
                    on.received
                        .map_or_else(|| "-".to_owned(), |qty| qty.to_string()),
                    found.collect::<Vec<_>>().join("\n"),
                ]
            })
            .collect();
        sheet.columns(&["#", "SKU", "Asked", "Came", "Found"], &rows);
    }

    fn money(&self, sheet: &mut TextSheet) {
        let show = |amount: Money| amount.display(&self.money.row.currency);
        sheet.gap();
        for paid in &self.money.refunds {
            sheet.field(
                "Refund",
                &format!(
                    "{} by {}, {} ({}; the order's prices make {}){}",
                    show(paid.amount),
                    line(&paid.method),
                    line(&paid.reference),
                    plain_words::login(&paid.actor),
                    show(paid.computed),
                    match paid.note.is_empty() {
                        true => String::new(),
                        false => format!(": {}", line(&paid.note)),
                    }
                ),
            );
        }
        let rejected = self.money.row.state == ReturnState::Rejected;
        match (self.money.refunds.as_slice(), self.left()) {
            ([], Some(left)) if !rejected => sheet.field(
                "Refund",
                &format!("{} by the order's prices, not paid", show(left)),
            ),
            ([], _) => sheet.field("Refund", "none"),
            (_, Some(left)) => sheet.field("Refund", &format!("{} left to pay", show(left))),
            ([_, _, ..], None) => {
                sheet.field("Refund", &format!("{} in all", show(self.money.refunded())))
            }
            _ => {}
        }
        for credit in &self.money.credits {
            let told = match credit.state {
                CreditState::Open => {
                    let by = self
                        .credit_due
                        .map(|due| due.format(", by %B %-d, %Y").to_string());
                    let by = by.unwrap_or_default();
                    format!("{} expected of the vendor{by}", show(credit.owed()))
                }
                CreditState::Settled => format!("{} came from the vendor", show(credit.received)),
                CreditState::Withdrawn => format!("{} no longer expected", show(credit.owed())),
            };
            sheet.field("Credit", &told);
        }
    }
}
