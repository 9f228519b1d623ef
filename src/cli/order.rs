//! `poms order`: support's desk.

mod route;

use super::args::{Order, OrderChange, OrderList, OrderRefund};
use super::output::Usage;
use super::returns::money;
use super::{Context, exit, source};
use crate::clock::Moment;
use crate::desk;
use crate::desk::cancel_line::Off;
use crate::desk::change::Change;
use crate::desk::returns::{Paid, Sum};
use crate::domain::lifecycle::OrderState;
use crate::domain::spelling::nearest;
use crate::files;
use crate::ledger::orders::OrderRow;
use crate::ledger::search::OrderFilter;
use crate::reports::layout::{View, count, table};
use crate::reports::order_story::{self, Story};
use crate::reports::orders_found;
use crate::run::waiting;
use anyhow::Context as _;
use chrono::TimeDelta;
use serde_json::{Value, json};

/// The largest file of orders that are taken over, in bytes.
const LARGEST_ADOPTED: u64 = 256 << 20;

/// Runs the command.
pub fn run(context: &Context, command: &Order) -> anyhow::Result<u8> {
    match command {
        Order::Show { order } => show(context, order),
        Order::Route(args) => route::route(context, args),
        Order::List(args) => list(context, args),
        Order::Search { text } => search(context, &text.join(" ")),
        Order::Note { order, text } => note(context, order, text),
        Order::Add(args) => {
            let document = super::format::document(&args.file)?;
            let source = source::known(context, args.source.as_deref())?;
            context.act(|tx, site| desk::add_order::add(tx, site, document, source, &args.note))
        }
        Order::Adopt(args) => {
            let shown = args.file.display();
            let bytes = files::read(&args.file, LARGEST_ADOPTED)
                .with_context(|| format!("{shown} cannot be read"))?;
            let source = source::known(context, args.source.as_deref())?;
            context.act(|tx, site| desk::adopt::adopt(tx, site, &bytes, source, &args.note))
        }
        Order::Hold(args) => context.act(|tx, _| {
            let order = tx.find_order(&args.order)?;
            desk::orders::hold(tx, &order, &args.note)
        }),
        Order::Release(args) => context.act(|tx, site| {
            let order = tx.find_order(&args.order)?;
            desk::orders::release(tx, site, &order, &args.note)
        }),
        Order::Cancel(args) => context.act(|tx, site| {
            let order = tx.find_order(&args.order)?;
            let Some(line) = args.line else {
                return desk::cancel::cancel(tx, site, &order, &args.note);
            };
            let off = Off {
                line,
                pieces: args.pieces,
                po: args.po.as_deref(),
            };
            desk::cancel_line::cancel_line(tx, site, &order, &off, &args.note)
        }),
        Order::Change(args) => change(context, args),
        Order::Refund(args) => refund(context, args),
    }
}

fn change(context: &Context, args: &OrderChange) -> anyhow::Result<u8> {
    let change = Change {
        words: &args.changes,
        anyway: args.anyway,
        show: context.args.dry_run,
        note: &args.note,
    };
    context.act(|tx, site| desk::change::change(tx, site, &tx.find_order(&args.order)?, &change))
}

fn refund(context: &Context, args: &OrderRefund) -> anyhow::Result<u8> {
    let paid = Paid {
        sum: match &args.amount {
            Some(text) => Sum::Exactly(money("--amount", text)?),
            None => Sum::Whole,
        },
        method: args.method.as_deref(),
        reference: args.reference.as_deref(),
        last: args.r#final,
        note: args.note.as_deref(),
    };
    context.act(|tx, _| desk::refund::refund(tx, &tx.find_order(&args.order)?, &paid))
}

/// Opens the ledger and nothing else: no key, no template.
fn show(context: &Context, name: &str) -> anyhow::Result<u8> {
    let (config, ledger) = context.look()?;
    let view = context.view(&config)?;
    let story = ledger.snapshot(|tx| {
        let mut story = Story::gather(tx, name)?;
        waiting::watch(tx, &mut story, &config, view.now)?;
        Ok(story)
    })?;
    context
        .out
        .answer(|| story.json(view.now), || order_story::text(&story, &view));
    Ok(exit::DONE)
}

fn list(context: &Context, args: &OrderList) -> anyhow::Result<u8> {
    let state = args.state.as_deref().map(order_state).transpose()?;
    let (config, ledger) = context.look()?;
    let view = context.view(&config)?;
    let since = args
        .days
        .map(|days| Moment::from(view.before(TimeDelta::days(i64::from(days)))));
    let rows = ledger.read().orders(&OrderFilter {
        state,
        since,
        at_most: args.limit.saturating_add(1),
    })?;
    let filtered = args.state.is_some() || args.days.is_some();
    context.out.answer(
        || listed(&rows, args.limit),
        || match rows.is_empty() {
            true if filtered => format!("No order fits. Every order: {} order list\n", view.poms),
            true => format!(
                "There is no order yet: {} process takes them in.\n",
                view.poms
            ),
            false => text(&rows, args.limit, &view),
        },
    );
    Ok(exit::DONE)
}

fn order_state(word: &str) -> Result<OrderState, Usage> {
    let known = OrderState::ALL.iter().map(|state| state.as_str());
    OrderState::parse(&word.to_lowercase()).ok_or_else(|| no_such_state(word, known))
}

/// The answer to a state that is none.
pub(super) fn no_such_state<'a>(word: &str, known: impl Iterator<Item = &'a str> + Clone) -> Usage {
    let near = nearest(word, known.clone())
        .map_or_else(|| ".".to_owned(), |near| format!(": did you mean {near}?"));
    Usage(format!(
        "there is no state '{word}'{near} There are {}",
        known.collect::<Vec<_>>().join(", ")
    ))
}

/// Most that a search shows.
const FOUND: usize = 50;

fn search(context: &Context, text_wanted: &str) -> anyhow::Result<u8> {
    if text_wanted.trim().is_empty() {
        return Err(Usage("search for what? An order or PO number, a name, street, ZIP or e-mail address, an article, a telephone or tracking number".to_owned()).into());
    }
    let (config, ledger) = context.look()?;
    let view = context.view(&config)?;
    let search = ledger.snapshot(|tx| tx.search_orders(text_wanted, FOUND + 1))?;
    context.out.answer(
        || orders_found::json(&search, FOUND),
        || orders_found::text(&search, FOUND, text_wanted, &view),
    );
    Ok(exit::DONE)
}

fn listed(rows: &[OrderRow], limit: usize) -> Value {
    let orders: Vec<Value> = rows.iter().take(limit).map(orders_found::one).collect();
    json!({"orders": orders, "more": rows.len() > limit})
}

fn text(rows: &[OrderRow], limit: usize, view: &View) -> String {
    let cells: Vec<Vec<String>> = rows
        .iter()
        .take(limit)
        .map(|row| orders_found::cells(row, view))
        .collect();
    let more = match rows.len() > limit {
        true => format!("\nThe newest {limit}; there are more: --limit N\n"),
        false => format!("\n{}\n", count(rows.len(), "order")),
    };
    format!("{}{more}", table(&orders_found::HEADER, &cells, view.width))
}

fn note(context: &Context, order: &str, text: &str) -> anyhow::Result<u8> {
    let config = context.config()?;
    let now = context.clock()?.now();
    let mut ledger = context.write_ledger(&config)?;
    let said = ledger.write(now, |tx| {
        let order = tx.find_order(order)?;
        tx.note_order(&order, desk::reason(text)?)?;
        Ok::<_, crate::ledger::LedgerError>(vec![format!(
            "The note is on order {}.",
            order.reference()
        )])
    })?;
    ledger.anchor(&config.site.anchor, now)?;
    context.out.said(&said);
    Ok(exit::DONE)
}
