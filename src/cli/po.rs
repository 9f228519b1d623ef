//! `poms po`: purchase orders.

use super::args::Po;
use super::order::no_such_state;
use super::output::{Usage, is_stdout};
use super::returns::money;
use super::{Context, exit};
use crate::desk;
use crate::desk::po_cost::AgreedCost;
use crate::desk::vendor_said::Heard;
use crate::domain::lifecycle::PoState;
use crate::domain::money::Money;
use crate::domain::shipment::Answer;
use crate::domain::spelling::nearest;
use crate::purchasing::render::{self, FontLibrary};
use crate::purchasing::wanted;
use crate::reports::po_sheet::{self, PoSheet};
use crate::run::waiting;
use anyhow::{Context as _, bail};
use serde_json::json;
use std::io::Write;
use std::path::{Path, PathBuf};

/// Runs the command.
pub fn run(context: &Context, command: &Po) -> anyhow::Result<u8> {
    match command {
        Po::Show { po, layout: None } => show(context, po),
        Po::Show {
            po,
            layout: Some(name),
        } => in_layout(context, po, name),
        Po::List {
            state,
            vendor,
            limit,
        } => list(context, state.as_deref(), vendor.as_deref(), *limit),
        Po::Pdf { po, output } => pdf(context, po, output.as_deref()),
        Po::Delivered { po, on, note } => {
            context.act(|tx, site| desk::shipments::delivered(tx, site, po, *on, note))
        }
        Po::Resend(args) => {
            context.act(|tx, site| desk::outbox::resend(tx, site, &args.po, &args.note))
        }
        Po::Answer(args) => {
            let heard = Heard {
                answer: Answer::parse(&args.answer).context("an answer that is none")?,
                until: args.until,
                lines: &args.lines,
            };
            context
                .act(|tx, site| desk::vendor_said::answered(tx, site, &args.po, &heard, &args.note))
        }
        Po::Cost(args) => {
            let costs = args.costs.iter().map(|text| priced(text));
            let costs = costs.collect::<Result<Vec<AgreedCost>, Usage>>()?;
            context.act(|tx, site| {
                let agreed = (costs.as_slice(), args.catalogue);
                desk::po_cost::agree(tx, site, &args.po, agreed, &args.note)
            })
        }
        Po::CancelAgreed(args) => context
            .act(|tx, site| desk::cancellation::answered(tx, site, &args.po, true, &args.note)),
        Po::CancelRefused(args) => context
            .act(|tx, site| desk::cancellation::answered(tx, site, &args.po, false, &args.note)),
        Po::RevisionAgreed(args) => {
            context.act(|tx, site| desk::revised::answered(tx, site, &args.po, true, &args.note))
        }
        Po::RevisionRefused(args) => {
            context.act(|tx, site| desk::revised::answered(tx, site, &args.po, false, &args.note))
        }
    }
}

/// `KT10-00010=12.50`.
fn priced(text: &str) -> Result<AgreedCost, Usage> {
    let parts = text
        .rsplit_once('=')
        .map(|(sku, price)| (sku.trim(), price));
    let Some((sku, price)) = parts.filter(|(sku, _)| !sku.is_empty()) else {
        return Err(Usage(format!(
            "{text}: a SKU and its price are wanted, such as KT10-00010=12.50"
        )));
    };
    let price = money(sku, price)?;
    match price < Money::ZERO {
        true => Err(Usage(format!("{text}: a price is not negative"))),
        false => Ok((sku.to_owned(), price)),
    }
}

fn show(context: &Context, number: &str) -> anyhow::Result<u8> {
    let (config, ledger) = context.look()?;
    let view = context.view(&config)?;
    let sheet = ledger.snapshot(|tx| {
        let mut sheet = PoSheet::gather(tx, number)?;
        let (id, order, vendor) = sheet.of();
        let waits = tx.waiting_pos(Some(order))?;
        if let (Some(po), Some(vendor)) = (waits.iter().find(|po| po.id == id), vendor) {
            sheet.watched = waiting::of_po(tx, po, vendor, &config, view.now)?;
        }
        Ok(sheet)
    })?;
    context
        .out
        .answer(|| sheet.json(view.now), || sheet.text(&view));
    Ok(exit::DONE)
}

fn list(
    context: &Context,
    state: Option<&str>,
    vendor: Option<&str>,
    limit: usize,
) -> anyhow::Result<u8> {
    let state = state.map(po_state).transpose()?;
    let (config, ledger) = context.look()?;
    let view = context.view(&config)?;
    let tx = ledger.read();
    if let Some(id) = vendor
        && tx.vendor(id)?.is_none()
    {
        let ids: Vec<String> = tx
            .vendors()?
            .into_iter()
            .map(|(vendor, _)| vendor.id)
            .collect();
        let near = nearest(id, ids.iter().map(String::as_str));
        let near = near.map_or_else(|| ".".to_owned(), |near| format!(": did you mean {near}?"));
        bail!(
            "there is no vendor '{id}'{near} See `{} vendors list`",
            view.poms
        );
    }
    let rows = tx.pos(state, vendor, limit.saturating_add(1))?;
    let filtered = state.is_some() || vendor.is_some();
    context.out.answer(
        || json!({"purchase_orders": rows.iter().take(limit).map(po_sheet::json).collect::<Vec<_>>(), "more": rows.len() > limit}),
        || match rows.is_empty() {
            true if filtered => format!("No purchase order fits. Every one: {} po list\n", view.poms),
            true => "There is no purchase order yet.\n".to_owned(),
            false => po_sheet::list(&rows, limit, &view),
        },
    );
    Ok(exit::DONE)
}

fn po_state(word: &str) -> Result<PoState, Usage> {
    let known = PoState::ALL.iter().map(|state| state.as_str());
    PoState::parse(&word.to_lowercase()).ok_or_else(|| no_such_state(word, known))
}

/// The table that a layout makes of a purchase order, as its vendor would get it.
fn in_layout(context: &Context, number: &str, name: &str) -> anyhow::Result<u8> {
    let (config, ledger) = context.look()?;
    let Some(layout) = config.layouts.iter().find(|layout| layout.name == name) else {
        let names = config.layouts.iter().map(|layout| layout.name.as_str());
        let names = names.collect::<Vec<_>>().join(", ");
        let said = format!("there is no [[vendor_layout]] named '{name}'; there are: {names}");
        return Err(Usage(said).into());
    };
    let po = ledger.read().find_po(number)?;
    let document = po.as_made()?;
    let table = render::own_table(&document, layout)?;
    let table = String::from_utf8_lossy(&table).into_owned();
    let left_out = render::left_out(&document, layout);
    context.out.answer(
        || json!({"purchase_order": po.number, "layout": name, "table": table, "left_out": left_out}),
        || match left_out.is_empty() {
            true => table.trim_end().to_owned(),
            false => format!("{}\n\nno column for: {}", table.trim_end(), left_out.join(", ")),
        },
    );
    Ok(exit::DONE)
}

fn pdf(context: &Context, number: &str, output: Option<&Path>) -> anyhow::Result<u8> {
    let (config, ledger) = context.look()?;
    let (tx, po) = (ledger.read(), ledger.read().find_po(number)?);
    let document = match wanted::without_what_was_cancelled(&tx, &po)? {
        Some(document) => document,
        None => po.as_made()?,
    };
    let fonts = FontLibrary::load(&config.site.fonts).map_err(anyhow::Error::msg)?;
    let made = render::pdf(&document, &fonts)
        .with_context(|| format!("purchase order {} cannot be made as PDF", po.number))?;
    if output.is_some_and(is_stdout) {
        if context.out.json {
            return Err(Usage(
                "-o - writes the PDF to stdout, where --json cannot stand beside it".to_owned(),
            )
            .into());
        }
        std::io::stdout()
            .lock()
            .write_all(&made.bytes)
            .context("cannot write the PDF to stdout")?;
        return Ok(exit::DONE);
    }
    let file = match output {
        Some(file) => file.to_owned(),
        None => PathBuf::from(format!("{}.pdf", document.file_stem())),
    };
    context.out.new_file(&file, &made.bytes)?;
    context.out.answer(
        || json!({"purchase_order": po.number, "file": file, "bytes": made.bytes.len()}),
        || format!("{} ({} bytes)", file.display(), made.bytes.len()),
    );
    Ok(exit::DONE)
}
