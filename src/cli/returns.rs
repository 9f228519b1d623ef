//! `poms return`: goods that come back.

use super::args::{Return, ReturnOpen};
use super::order::no_such_state;
use super::output::Usage;
use super::{Context, exit};
use crate::app::App;
use crate::config::Config;
use crate::desk::{Said, returns};
use crate::domain::lifecycle::ReturnState;
use crate::domain::money::Money;
use crate::domain::rma::ReturnKind;
use crate::ledger::returns::ReturnFilter;
use crate::ledger::{LedgerError, Tx};
use crate::reports::returns::{self as sheets, ReturnSheet};
use serde_json::{Value, json};

/// What came of an act, and the returns that it was about.
type ReturnAct = (Said, Vec<String>);

/// Runs the command.
pub fn run(context: &Context, command: &Return) -> anyhow::Result<u8> {
    let one = |said: Result<Said, LedgerError>, rma: &str| Ok((said?, vec![rma.to_owned()]));
    match command {
        Return::Open(args) => open(context, args),
        Return::Authorise {
            rma,
            deadline_days,
            note,
        } => act(context, |tx, site| {
            one(returns::authorise(tx, site, rma, *deadline_days, note), rma)
        }),
        Return::Receive { rma, lines, note } => act(context, |tx, site| {
            one(returns::receive(tx, site, rma, lines, note), rma)
        }),
        Return::Inspect { rma, lines, note } => act(context, |tx, site| {
            one(returns::inspect(tx, site, rma, lines, note), rma)
        }),
        Return::Refund {
            rma,
            amount,
            keep,
            method,
            reference,
            r#final,
            note,
        } => {
            let paid = returns::Paid {
                sum: match (amount, keep) {
                    (Some(text), _) => returns::Sum::Exactly(money("--amount", text)?),
                    (None, Some(text)) => returns::Sum::LessBy(money("--keep", text)?),
                    (None, None) => returns::Sum::Whole,
                },
                method: method.as_deref(),
                reference: reference.as_deref(),
                last: *r#final,
                note: note.as_deref(),
            };
            act(context, |tx, site| {
                one(returns::refund(tx, site, rma, &paid), rma)
            })
        }
        Return::Reject { rma, note } => act(context, |tx, site| {
            one(returns::reject(tx, site, rma, note), rma)
        }),
        Return::List { .. } => list(context, command),
        Return::Show { rma } => show(context, rma),
    }
}

pub(super) fn money(key: &str, text: &str) -> Result<Money, Usage> {
    let amount = text.trim().trim_start_matches('$').parse();
    let amount = amount.and_then(Money::plausible);
    amount.map_err(|fault| Usage(format!("{key} {text}: {fault}")))
}

/// Does one act in one transaction, anchors it, and prints what came of it; with --json also the
/// returns as they are now.
fn act(
    context: &Context,
    act: impl FnOnce(&Tx, &App) -> Result<ReturnAct, LedgerError>,
) -> anyhow::Result<u8> {
    let (site, mut ledger) = context.site()?;
    let now = site.clock.now();
    let (said, numbers) = ledger.write(now, |tx| act(tx, &site))?;
    ledger.anchor(&site.config.site.anchor, now)?;
    let tx = ledger.read();
    let mut after: Vec<Value> = Vec::new();
    for number in &numbers {
        after.push(gather(&tx, &site.config, number)?.json());
    }
    context.out.done(&said, || json!({"returns": after}));
    Ok(exit::DONE)
}

fn open(context: &Context, args: &ReturnOpen) -> anyhow::Result<u8> {
    let kind = match args.kind.as_str() {
        "return" => ReturnKind::Customer,
        word => ReturnKind::parse(word)
            .ok_or_else(|| Usage(format!("there is no kind of return '{word}'")))?,
    };
    act(context, |tx, _| {
        let order = tx.find_order(&args.order)?;
        returns::open(tx, &order, kind, &args.lines, &args.reason)
    })
}

fn list(context: &Context, command: &Return) -> anyhow::Result<u8> {
    let Return::List {
        state,
        order,
        vendor,
        limit,
    } = command
    else {
        return Ok(exit::USAGE);
    };
    let state = match state {
        None => None,
        Some(word) => Some(ReturnState::parse(&word.to_lowercase()).ok_or_else(|| {
            no_such_state(word, ReturnState::ALL.iter().map(|state| state.as_str()))
        })?),
    };
    let (config, ledger) = context.look()?;
    let view = context.view(&config)?;
    let tx = ledger.read();
    let filter = ReturnFilter {
        state,
        order: match order {
            Some(name) => Some(tx.find_order(name)?.id),
            None => None,
        },
        vendor: vendor.clone(),
        at_most: limit.saturating_add(1),
    };
    let rows = tx.returns(&filter)?;
    let filtered = state.is_some() || order.is_some() || vendor.is_some();
    context.out.answer(
        || json!({"returns": rows.iter().take(*limit).map(sheets::json).collect::<Vec<_>>(), "more": rows.len() > *limit}),
        || match rows.is_empty() {
            true if filtered => format!("No return fits. Every one: {} return list\n", view.poms),
            true => "There is no return yet.\n".to_owned(),
            false => sheets::list(&rows, *limit, &view),
        },
    );
    Ok(exit::DONE)
}

fn gather(tx: &Tx, config: &Config, number: &str) -> Result<ReturnSheet, LedgerError> {
    ReturnSheet::gather(tx, &config.returns, config.site.timezone, number)
}

fn show(context: &Context, rma: &str) -> anyhow::Result<u8> {
    let (config, ledger) = context.look()?;
    let view = context.view(&config)?;
    let sheet = ledger.snapshot(|tx| gather(tx, &config, rma))?;
    context.out.answer(|| sheet.json(), || sheet.text(&view));
    Ok(exit::DONE)
}
