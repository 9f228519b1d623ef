//! `poms exceptions`: the admin's desk.

use super::args::{ExceptionList, Exceptions, Resolve};
use super::output::Usage;
use super::{Context, exit};
use crate::clock;
use crate::desk::several::{self, Resolved};
use crate::desk::{possible, reason};
use crate::domain::codes::Severity;
use crate::ledger::LedgerError;
use crate::ledger::exceptions::Filter;
use crate::ledger::orders::OrderRow;
use crate::reports::exception_case::{self, Case, CaseLimits};
use crate::reports::exceptions;
use crate::rules::{spending_limit, suspected_duplicate};
use chrono::TimeDelta;
use serde_json::{Value, json};

/// Runs the command.
pub fn run(context: &Context, command: &Exceptions) -> anyhow::Result<u8> {
    match command {
        Exceptions::List(args) => list(context, args),
        Exceptions::Show { id } => show(context, *id),
        Exceptions::Resolve(args) => resolve(context, args),
        Exceptions::Snooze { id, days, note } => snooze(context, *id, *days, note),
    }
}

fn list(context: &Context, args: &ExceptionList) -> anyhow::Result<u8> {
    let code = args.code.as_deref().map(exceptions::check_code);
    let code = code.transpose().map_err(Usage)?;
    let (config, ledger) = context.look()?;
    let view = context.view(&config)?;
    let tx = ledger.read();
    let order = args
        .order
        .as_deref()
        .map(|name| tx.find_order(name))
        .transpose()?;
    let longest = |hours| view.before(TimeDelta::hours(i64::from(hours)));
    let mut rows = tx.exceptions(&Filter {
        all: args.all,
        code,
        order: order.as_ref().map(|row| row.order.order_number.clone()),
        severity: args.severity.as_deref().and_then(Severity::parse),
        entity: args.about.clone(),
        opened_before: args.older_than.map(|hours| longest(hours).into()),
    })?;
    if let Some(one) = order.filter(|_| args.order.iter().any(|name| name.contains('~'))) {
        rows.retain(|row| row.subject.order == Some(one.id));
    }
    let filtered = code.is_some()
        || args.order.is_some()
        || args.severity.is_some()
        || args.about.is_some()
        || args.older_than.is_some();
    context.out.answer(
        || json!({"exceptions": rows.iter().map(|row| exceptions::json(row, view.now)).collect::<Vec<_>>()}),
        || exceptions::text(&rows, args.all, filtered, &view),
    );
    Ok(exit::DONE)
}

fn show(context: &Context, id: i64) -> anyhow::Result<u8> {
    let (config, ledger) = context.look()?;
    let view = context.view(&config)?;
    let limits = CaseLimits {
        duplicate_hours: suspected_duplicate::hours(&config.rules),
        spending: &|order| spending_limit::of(&config.rules, order),
        offers: &|tx, row, po| possible::offers(tx, &config.rules, row, po),
    };
    let case = ledger.snapshot_at(view.now, |tx| Case::gather(tx, id, &limits))?;
    context
        .out
        .answer(|| case.json(&view), || exception_case::text(&case, &view));
    Ok(exit::DONE)
}

fn snooze(context: &Context, id: i64, days: u32, note: &str) -> anyhow::Result<u8> {
    let (site, mut ledger) = context.site()?;
    let now = site.clock.now();
    let until = now + TimeDelta::days(i64::from(days));
    ledger.write(now, |tx| {
        let note = reason(note)?;
        tx.snooze(&tx.exception(id)?, until, note)
    })?;
    ledger.anchor(&site.config.site.anchor, now)?;
    let day = until.with_timezone(&site.config.site.timezone);
    let said = [format!(
        "Exception {id} stays open; nobody is told of it again before {}.",
        day.format("%A, %B %-d, %Y, %H:%M")
    )];
    context
        .out
        .done(&said, || json!({"snoozed": clock::text(until)}));
    Ok(exit::DONE)
}

fn resolve(context: &Context, args: &Resolve) -> anyhow::Result<u8> {
    let act = args.act();
    let (site, mut ledger) = context.site()?;
    let now = site.clock.now();
    let done = ledger.write(now, |tx| several::resolve_all(tx, &site, &args.ids, &act))?;
    ledger.anchor(&site.config.site.anchor, now)?;
    let tx = ledger.read();
    let orders = done.iter().map(|one| {
        let order = tx.exception(one.row.id)?.subject.order;
        order.map(|id| tx.order(id)).transpose()
    });
    let orders: Vec<Option<OrderRow>> = orders.collect::<Result<_, LedgerError>>()?;
    match (done.as_slice(), orders.as_slice()) {
        // the answer about one, as it was before there could be several
        ([one], [order]) => context
            .out
            .done(&one.said, || json!({"order": order_json(order.as_ref())})),
        _ => say_of_several(context, &done, &orders),
    }
    Ok(exit::DONE)
}

/// What became of each, one under the other.
fn say_of_several(context: &Context, done: &[Resolved], orders: &[Option<OrderRow>]) {
    let mut said = Vec::new();
    for one in done {
        if one.ended_with.is_none() {
            said.push(format!("Exception {} ({}):", one.row.id, one.row.code));
        }
        let indent = if one.ended_with.is_none() { "  " } else { "" };
        said.extend(one.said.iter().map(|line| format!("{indent}{line}")));
    }
    context.out.done(&said, || {
        let each: Vec<Value> = done
            .iter()
            .zip(orders)
            .map(|(one, order)| {
                json!({
                    "id": one.row.id, "code": one.row.code, "ended_with": one.ended_with, "said": one.said,
                    "order": order_json(order.as_ref()),
                })
            })
            .collect();
        json!({"exceptions": each})
    });
}

fn order_json(order: Option<&OrderRow>) -> Value {
    order.map_or(Value::Null, |row| {
        json!({"order": row.order.order_number, "reference": row.reference(), "state": row.state, "revision": row.revision})
    })
}
