//! `poms import-invoices`, `poms export`: bills in, books out.

mod text;

use super::args::{Export, ExportPeriod, ImportInvoices};
use super::output::{REHEARSAL, Usage};
use super::{Context, exit};
use crate::clock;
use crate::domain::invoice::{Invoice, InvoiceKind};
use crate::domain::money::Money;
use crate::invoicing::again;
use crate::invoicing::export::{self, Options};
use crate::invoicing::formats::{self, InvoiceFile};
use crate::invoicing::take::{Taken, take};
use crate::ledger::invoices::{ExportItem, InvoiceRow, NewExport};
use crate::run::invoices::problems;
use anyhow::{Context as _, bail};
use indicatif::{ProgressBar, ProgressStyle};
use serde_json::json;
use std::io::{IsTerminal, Write};
use std::path::Path;

/// Invoices from which a file is so large that its import shows how far it is.
const LARGE: usize = 2_000;

/// Takes files in, each in one transaction. Exit 1 when one could not be read at all, or when a
/// total of it is not the sum of its rows.
pub fn import(context: &Context, args: &ImportInvoices) -> anyhow::Result<u8> {
    let config = context.config()?;
    let now = context.clock()?.now();
    let (dry_run, mut ledger) = (context.args.dry_run, context.write_ledger(&config)?);
    let desk = context.book_desk(&config);
    ledger.write(now, |tx| again::goods(tx, &desk))?;
    let (mut taken, mut failed) = (Vec::new(), Vec::new());
    for path in &args.files {
        let name = path.display().to_string();
        match read(path) {
            Ok(file) => {
                let bar = bar(&file, &name);
                let one = ledger.write(now, |tx| {
                    take(tx, &desk, &name, &file, &|done| {
                        bar.set_position(done as u64)
                    })
                });
                bar.finish_and_clear();
                taken.push(one?);
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
    let wrong = taken.iter().flat_map(disagreeing).collect::<Vec<_>>();
    for line in &wrong {
        context.out.error(line);
    }
    Ok(match failed.is_empty() && wrong.is_empty() {
        true => exit::DONE,
        false => exit::FAILED,
    })
}

/// Totals of the file that its rows do not come to.
fn disagreeing(file: &Taken) -> Vec<String> {
    problems(file, false)
}

fn read(path: &Path) -> anyhow::Result<InvoiceFile> {
    let size = std::fs::metadata(path).context("cannot be read")?.len();
    if size > formats::MAX_BYTES as u64 {
        bail!(
            "has {size} bytes; {} are the limit: export a shorter period",
            formats::MAX_BYTES
        );
    }
    let bytes = std::fs::read(path).context("cannot be read")?;
    Ok(formats::read(&bytes)?)
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

/// Writes what was not exported yet, and marks it.
pub fn export(context: &Context, command: &Export) -> anyhow::Result<u8> {
    let (kind, period) = match command {
        Export::Bills(period) => (InvoiceKind::Bill, period),
        Export::Credits(period) => (InvoiceKind::Credit, period),
    };
    if period.from > period.to {
        return Err(Usage(format!(
            "the period ends before it begins: --from {} --to {}",
            period.from, period.to
        ))
        .into());
    }
    let config = context.config()?;
    let now = context.clock()?.now();
    let mut ledger = context.write_ledger(&config)?;
    let (from, to) = (period.from.to_string(), period.to.to_string());
    let found = ledger.read().invoices_for_books(kind, &from, &to)?;
    let (out, before): (Vec<_>, Vec<_>) = found
        .into_iter()
        .partition(|(_, exported)| exported.is_none() || period.again);
    if out.is_empty() {
        answer(context, kind, period, None, &before, &[]);
        return Ok(exit::DONE);
    }
    let invoices: Vec<Invoice> = out.iter().map(|(row, _)| for_books(row)).collect();
    let options = Options {
        accounts: config.invoicing.accounts.clone(),
        due_days: config.invoicing.due_days,
        formula_safe: !period.exact,
    };
    let bytes = export::csv(&invoices, kind, &options)?;
    let file = Prepared::write(&period.output, &bytes, context.args.dry_run)?;
    let items: Vec<i64> = out.iter().map(|(row, _)| row.id).collect();
    let total = Money::sum(invoices.iter().map(|invoice| invoice.total)).unwrap_or_default();
    let name = period.output.display().to_string();
    ledger.write(now, |tx| {
        tx.insert_export(&NewExport {
            kind: kind.as_str(),
            from: &from,
            to: &to,
            name: &name,
            sha256: &openssl::sha::sha256(&bytes),
            total,
            items: &items,
        })
    })?;
    ledger.anchor(&config.site.anchor, now)?;
    file.keep()?;
    let money = total.display(&config.site.currency);
    answer(context, kind, period, Some(&money), &before, &items);
    Ok(exit::DONE)
}

/// The invoice as the books know its vendor: by the name on file, not by its spelling on the paper.
fn for_books(row: &InvoiceRow) -> Invoice {
    let mut invoice = row.invoice.clone();
    row.vendor().clone_into(&mut invoice.vendor_name);
    invoice
}

fn answer(
    context: &Context,
    kind: InvoiceKind,
    period: &ExportPeriod,
    total: Option<&str>,
    before: &[(InvoiceRow, Option<ExportItem>)],
    items: &[i64],
) {
    let word = kind.as_str();
    let file = period.output.display();
    let last = before
        .iter()
        .filter_map(|(_, out)| out.as_ref())
        .max_by_key(|out| out.export_id);
    let left = last.map(|last| {
        format!(
            "{} of this period went out before (last on {} to {}) and were left out: --again exports them too.",
            before.len(),
            clock::parse(&last.at).map(|at| at.date_naive().to_string()).unwrap_or_default(),
            last.name
        )
    });
    context.out.answer(
        || json!({"dry_run": context.args.dry_run, "kind": word, "from": period.from, "to": period.to, "file": total.map(|_| file.to_string()),
                  "exported": items, "left_out": before.iter().map(|(row, _)| row.id).collect::<Vec<_>>()}),
        || {
            let first = match total {
                Some(total) => format!("{file}: {} {word}s, {total}.", items.len()),
                None => format!("No matched {word} from {} to {} is left to export; nothing was written.", period.from, period.to),
            };
            let rehearsal = context.args.dry_run.then(|| REHEARSAL.to_owned());
            [Some(first), left, rehearsal].into_iter().flatten().collect::<Vec<_>>().join("\n")
        },
    );
}

/// A file that is complete on the disk before it has its name: a killed export leaves either no file
/// or a whole one that is marked.
struct Prepared<'a> {
    /// None in a rehearsal.
    temporary: Option<std::path::PathBuf>,
    path: &'a Path,
}

impl<'a> Prepared<'a> {
    fn write(path: &'a Path, bytes: &[u8], rehearsal: bool) -> anyhow::Result<Prepared<'a>> {
        if path.exists() {
            bail!(
                "{} exists already: name another file, nothing was exported",
                path.display()
            );
        }
        if rehearsal {
            let temporary = None;
            return Ok(Prepared { temporary, path });
        }
        let mut name = path.as_os_str().to_owned();
        name.push(".part");
        let temporary = std::path::PathBuf::from(name);
        let written = std::fs::File::create(&temporary).and_then(|mut file| {
            file.write_all(bytes)?;
            file.sync_all()
        });
        written.with_context(|| format!("cannot write {}", temporary.display()))?;
        let temporary = Some(temporary);
        Ok(Prepared { temporary, path })
    }

    fn keep(&self) -> anyhow::Result<()> {
        let Some(temporary) = &self.temporary else {
            return Ok(());
        };
        std::fs::rename(temporary, self.path).with_context(|| {
            format!(
                "what was exported is marked, but {} could not be named {}: rename it by hand",
                temporary.display(),
                self.path.display()
            )
        })
    }
}
