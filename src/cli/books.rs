//! `poms import-invoices`, `poms export`: bills in, books out.

mod export;
mod text;

pub use export::export;

use super::args::ImportInvoices;
use super::{Context, exit};
use crate::domain::money::Money;
use crate::files;
use crate::invoicing::formats::{self, Books, InvoiceFile};
use crate::invoicing::ingest::take;
use crate::invoicing::rematch;
use crate::ledger::LedgerError;
use crate::run::invoices::{books, problems};
use anyhow::{Context as _, bail};
use indicatif::{ProgressBar, ProgressStyle};
use serde_json::json;
use std::io::{ErrorKind, IsTerminal};
use std::path::Path;

/// Invoices from which a file is so large that its import shows how far it is.
const LARGE: usize = 2_000;

/// Takes files in, each in one transaction. Exit 1 when one could not be read at all, a row of it could
/// not, or a total of it is not the sum of its rows.
pub fn import(context: &Context, args: &ImportInvoices) -> anyhow::Result<u8> {
    let config = context.config()?;
    let now = context.clock()?.now();
    let (dry_run, mut ledger) = (context.args.dry_run, context.write_ledger(&config)?);
    let desk = context.match_context(&config);
    ledger.write(now, |tx| rematch::goods(tx, &desk))?;
    let (mut taken, mut failed) = (Vec::new(), Vec::new());
    for path in &args.files {
        let name = path.display().to_string();
        match read(path, &books(&config)) {
            Ok(file) => {
                let bar = bar(&file, &name);
                let one = ledger.write(now, |tx| {
                    take(tx, &desk, &name, &file, &|done| {
                        bar.set_position(done as u64)
                    })
                });
                bar.finish_and_clear();
                match one {
                    Err(fault) if !LedgerError::ends_all(&fault) => {
                        failed.push((name, fault.to_string()));
                    }
                    one => taken.push(one?),
                }
            }
            Err(fault) => failed.push((name, format!("{fault:#}"))),
        }
    }
    ledger.anchor(&config.site.anchor, now)?;
    let at_risk = Money::sum(taken.iter().map(|file| file.money_at_risk)).unwrap_or_default();
    let currency = &config.site.currency;
    let view = context.view(&config)?;
    context.out.answer(
        || {
            let mut files: Vec<serde_json::Value> = taken.iter().map(|file| json!(file)).collect();
            files.extend(failed.iter().map(|(file, fault)| json!({"file": file, "failed": fault})));
            json!({"dry_run": dry_run, "currency": currency, "files": files, "money_at_risk": at_risk})
        },
        || text::import(&taken, currency, dry_run, &view),
    );
    for (name, fault) in &failed {
        context.out.error(&format!("{name}: {fault}"));
    }
    let wrong: Vec<String> = taken.iter().flat_map(|file| problems(file, true)).collect();
    for line in &wrong {
        context.out.error(line);
    }
    Ok(match failed.is_empty() && wrong.is_empty() {
        true => exit::DONE,
        false => exit::FAILED,
    })
}

fn read(path: &Path, books: &Books) -> anyhow::Result<InvoiceFile> {
    let bytes = match files::read(path, formats::MAX_BYTES as u64) {
        Err(fault) if fault.kind() == ErrorKind::FileTooLarge => {
            bail!("cannot be read: {fault}; export a shorter period")
        }
        other => other.context("cannot be read")?,
    };
    Ok(formats::read(&bytes, books)?)
}

fn bar(file: &InvoiceFile, name: &str) -> ProgressBar {
    if file.invoices.len() < LARGE || !std::io::stderr().is_terminal() {
        return ProgressBar::hidden();
    }
    let bar = ProgressBar::new(file.invoices.len() as u64);
    let style = ProgressStyle::with_template("{msg} {bar:30} {pos}/{len} invoices, {eta} left");
    if let Ok(style) = style {
        bar.set_style(style);
    }
    bar.set_message(name.to_owned());
    bar
}
