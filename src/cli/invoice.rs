//! `poms invoice`: what vendors billed and credited.

use super::args::{Invoice, InvoiceList};
use super::output::Usage;
use super::{Context, exit};
use crate::domain::invoice::InvoiceKind;
use crate::domain::lifecycle::InvoiceState;
use crate::ledger::invoices::InvoiceFilter;
use crate::reports::{invoice_sheet, invoices};
use serde_json::json;

/// Runs the command.
pub fn run(context: &Context, command: &Invoice) -> anyhow::Result<u8> {
    match command {
        Invoice::List(args) => list(context, args),
        Invoice::Show { invoice } => show(context, invoice),
    }
}

fn list(context: &Context, args: &InvoiceList) -> anyhow::Result<u8> {
    let state = args.state.as_deref().map(|word| {
        let words: Vec<&str> = InvoiceState::ALL.iter().map(|s| s.as_str()).collect();
        InvoiceState::parse(word).ok_or_else(|| {
            Usage(format!(
                "'{word}' is no state of an invoice: {}",
                words.join(", ")
            ))
        })
    });
    let filter = InvoiceFilter {
        state: state.transpose()?,
        vendor: args.vendor.clone(),
        po: args.po.clone(),
        kind: args.kind.as_deref().and_then(InvoiceKind::parse),
        since: args.since.map(|day| day.to_string()),
        until: None,
        at_most: args.limit,
    };
    let (config, ledger) = context.look()?;
    let view = context.view(&config)?;
    let tx = ledger.read();
    let rows = invoices::gather(&tx, &filter)?;
    context.out.answer(
        || json!({"invoices": rows.iter().map(invoices::json).collect::<Vec<_>>()}),
        || invoices::text(&rows, args.limit, &config.site.currency, &view),
    );
    Ok(exit::DONE)
}

fn show(context: &Context, name: &str) -> anyhow::Result<u8> {
    let (config, ledger) = context.look()?;
    let view = context.view(&config)?;
    let paper = ledger.snapshot(|tx| invoice_sheet::gather(tx, name))?;
    context
        .out
        .answer(|| paper.json(), || paper.text(&config.site.currency, &view));
    Ok(exit::DONE)
}
