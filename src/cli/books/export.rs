//! `poms export`: what goes out to the books, each once.

use crate::cli::args::{Export, ExportPeriod};
use crate::cli::output::{REHEARSAL, Usage, is_stdout};
use crate::cli::{Context, exit};
use crate::domain::invoice::{Invoice, InvoiceKind};
use crate::domain::money::Money;
use crate::invoicing::export::{self, NUMBER_LIMIT, Options, Refund};
use crate::ledger::Tx;
use crate::ledger::invoices::{ExportItem, InvoiceRow, NewExport};
use anyhow::{Context as _, bail};
use chrono_tz::Tz;
use serde_json::json;
use std::collections::BTreeMap;
use std::io::Write;
use std::path::{Path, PathBuf};

/// What goes out: bills and credits as bills and credits, refunds as journal entries.
#[derive(Clone, Copy)]
enum ExportSubject {
    Papers(InvoiceKind),
    Refunds,
}

impl ExportSubject {
    fn word(self) -> &'static str {
        match self {
            ExportSubject::Papers(kind) => kind.as_str(),
            ExportSubject::Refunds => "refund",
        }
    }
}

/// One thing of the period: what it comes to, its row in the ledger, and when it went out last.
struct PeriodItem<T> {
    id: i64,
    amount: Money,
    out: Option<ExportItem>,
    what: T,
}

/// What was left out because it went out before, and what went out now.
#[derive(Default)]
struct ExportDone {
    items: Vec<i64>,
    total: Money,
    before: Vec<(i64, Option<ExportItem>)>,
    /// What QuickBooks would not take as it is, for people: it is neither written nor marked.
    refused: Vec<String>,
}

/// Writes what was not exported yet, and marks it: both in one transaction, so that of two who
/// export at once the second finds it marked.
pub fn export(context: &Context, command: &Export) -> anyhow::Result<u8> {
    let (what, period) = match command {
        Export::Bills(period) => (ExportSubject::Papers(InvoiceKind::Bill), period),
        Export::Credits(period) => (ExportSubject::Papers(InvoiceKind::Credit), period),
        Export::Refunds(period) => (ExportSubject::Refunds, period),
    };
    if period.from > period.to {
        return Err(Usage(format!(
            "the period ends before it begins: --from {} --to {}",
            period.from, period.to
        ))
        .into());
    }
    if is_stdout(&period.output) {
        let why = "what goes out is marked as exported, each once, and a screen keeps nothing: name a file with -o FILE";
        return Err(Usage(why.to_owned()).into());
    }
    let config = context.config()?;
    let now = context.clock()?.now();
    let mut ledger = context.write_ledger(&config)?;
    let options = Options {
        accounts: config.invoicing.accounts.clone(),
        due_days: config.invoicing.due_days,
        formula_safe: !period.exact,
    };
    let mut file = None;
    let done = ledger.write(now, |tx| -> anyhow::Result<ExportDone> {
        let (bytes, done) = match what {
            ExportSubject::Papers(kind) => papers(tx, kind, period, &options)?,
            ExportSubject::Refunds => refunds(tx, period, &options, config.site.timezone)?,
        };
        if !done.items.is_empty() {
            file = Some(Prepared::write(
                &period.output,
                &bytes,
                context.args.dry_run,
            )?);
            mark(tx, what, period, &bytes, &done)?;
        }
        Ok(done)
    });
    let done = done.inspect_err(|_| {
        if let Some(file) = &file {
            file.discard();
        }
    })?;
    ledger.anchor(&config.site.anchor, now)?;
    if let Some(file) = file {
        file.keep()?;
    }
    answer(context, what, period, &done, &config.site.currency);
    for line in &done.refused {
        context.out.error(line);
    }
    Ok(match done.refused.is_empty() {
        true => exit::DONE,
        false => exit::FAILED,
    })
}

fn papers(
    tx: &Tx,
    kind: InvoiceKind,
    period: &ExportPeriod,
    options: &Options,
) -> anyhow::Result<(Vec<u8>, ExportDone)> {
    let mut found =
        tx.invoices_for_books(kind, &period.from.to_string(), &period.to.to_string())?;
    let mut refused = Vec::new();
    let mut asked: BTreeMap<String, Option<i64>> = BTreeMap::new();
    for (row, _) in &found {
        if let Some(vendor) = &row.vendor_id
            && !asked.contains_key(vendor)
        {
            asked.insert(vendor.clone(), tx.remit_asked(vendor)?);
        }
    }
    found.retain(|(row, _)| {
        let vendor = row.vendor_id.as_ref();
        if let Some(exception) = vendor.and_then(|vendor| *asked.get(vendor)?) {
            refused.push(format!(
                "invoice {} of {} is left out: a paper of theirs says that their money goes elsewhere, and nobody has decided about it: `poms exceptions show {exception}`",
                row.id,
                row.vendor()
            ));
            return false;
        }
        let fits = row.invoice.number.chars().count() <= NUMBER_LIMIT;
        if !fits {
            refused.push(format!(
                "invoice {} of {} is left out: its number '{}' has more than {NUMBER_LIMIT} characters, which QuickBooks does not keep: enter it by hand",
                row.id,
                row.vendor(),
                row.invoice.number
            ));
        }
        fits
    });
    let items = found.into_iter().map(|(row, out)| PeriodItem {
        id: row.id,
        amount: row.invoice.total,
        out,
        what: for_books(&row),
    });
    let (out, mut done) = due(items, period.again);
    done.refused = refused;
    Ok((export::csv(&out, kind, options)?, done))
}

fn refunds(
    tx: &Tx,
    period: &ExportPeriod,
    options: &Options,
    zone: Tz,
) -> anyhow::Result<(Vec<u8>, ExportDone)> {
    let mut items = Vec::new();
    for row in tx.refunds()? {
        let at = row.at.time();
        let date = at.with_timezone(&zone).date_naive();
        if !(period.from..=period.to).contains(&date) {
            continue;
        }
        let by = format!("{} {}", row.method, row.reference);
        items.push(PeriodItem {
            id: row.id,
            amount: row.amount,
            out: tx.exported(ExportSubject::Refunds.word(), row.id)?,
            what: Refund {
                rma: row.rma,
                part: row.part,
                order: row.order,
                date,
                amount: row.amount,
                tax: row.tax,
                by: by.trim().to_owned(),
            },
        });
    }
    let (out, done) = due(items, period.again);
    Ok((export::refunds(&out, options)?, done))
}

/// Divides what is to go out from what went out before.
fn due<T>(items: impl IntoIterator<Item = PeriodItem<T>>, again: bool) -> (Vec<T>, ExportDone) {
    let (mut out, mut done) = (Vec::new(), ExportDone::default());
    for item in items {
        if item.out.is_some() && !again {
            done.before.push((item.id, item.out));
        } else {
            done.items.push(item.id);
            done.total = Money(done.total.0.saturating_add(item.amount.0));
            out.push(item.what);
        }
    }
    (out, done)
}

fn mark(
    tx: &Tx,
    what: ExportSubject,
    period: &ExportPeriod,
    bytes: &[u8],
    done: &ExportDone,
) -> anyhow::Result<()> {
    tx.insert_export(&NewExport {
        kind: what.word(),
        from: &period.from.to_string(),
        to: &period.to.to_string(),
        name: &period.output.display().to_string(),
        sha256: &openssl::sha::sha256(bytes),
        total: done.total,
        items: &done.items,
    })?;
    Ok(())
}

/// The invoice as the books know its vendor: by the name on file, not by its spelling on the paper.
fn for_books(row: &InvoiceRow) -> Invoice {
    let mut invoice = row.invoice.clone();
    row.vendor().clone_into(&mut invoice.vendor_name);
    invoice
}

fn answer(
    context: &Context,
    what: ExportSubject,
    period: &ExportPeriod,
    done: &ExportDone,
    currency: &str,
) {
    let word = what.word();
    let file = period.output.display();
    let last = done
        .before
        .iter()
        .filter_map(|(_, out)| out.as_ref())
        .max_by_key(|out| out.export_id);
    let left = last.map(|last| {
        let day = last.at.time().date_naive();
        format!(
            "{} of this period went out before (last on {} to {}) and were left out: --again exports them too.",
            done.before.len(),
            day,
            last.name
        )
    });
    let wrote = !done.items.is_empty();
    context.out.answer(
        || json!({"dry_run": context.args.dry_run, "kind": word, "from": period.from, "to": period.to, "file": wrote.then(|| file.to_string()), "total": done.total,
                  "exported": done.items, "left_out": done.before.iter().map(|(id, _)| id).collect::<Vec<_>>()}),
        || {
            let none = match what {
                ExportSubject::Papers(_) => format!("No matched {word}"),
                ExportSubject::Refunds => "No refund".to_owned(),
            };
            let first = match wrote {
                true => format!("{file}: {} {word}s, {}.", done.items.len(), done.total.display(currency)),
                false => format!("{none} from {} to {} is left to export; nothing was written.", period.from, period.to),
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
    temporary: Option<PathBuf>,
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
        let temporary = PathBuf::from(name);
        // another export may be writing the same name
        let written = std::fs::File::create_new(&temporary).and_then(|mut file| {
            file.write_all(bytes)?;
            file.sync_all()
        });
        written.with_context(|| {
            format!(
                "cannot write {}: nothing was exported; if an export was killed, remove that file",
                temporary.display()
            )
        })?;
        let temporary = Some(temporary);
        Ok(Prepared { temporary, path })
    }

    /// Takes the file away again, as nothing was marked.
    fn discard(&self) {
        if let Some(temporary) = &self.temporary {
            let _ = std::fs::remove_file(temporary);
        }
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
