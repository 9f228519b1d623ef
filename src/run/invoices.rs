//! The bookkeeper's part of a run: bills whose goods left since are compared again, and every file of
//! the watched folder is taken in once and moved out of the way.

use super::stage::ends_the_run;
use crate::app::App;
use crate::app::report::RunReport;
use crate::config::Config;
use crate::files;
use crate::invoicing::formats;
use crate::invoicing::ingest::{TakenFile, take};
use crate::invoicing::rematch;
use crate::ledger::apart::ADVICE;
use crate::ledger::{Ledger, LedgerError};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, SystemTime};

/// Younger files may still be written to: they are left for the next run.
const SETTLE: Duration = Duration::from_secs(10);

/// Looks at bills again whose goods may have left since, and takes the folder in.
///
/// # Errors
/// The ledger's. What is wrong with a file is a failure of the report.
pub fn stage(
    site: &App,
    ledger: &mut Ledger,
    report: &mut RunReport,
    stop: &AtomicBool,
) -> anyhow::Result<()> {
    let desk = site.match_context();
    let now = site.clock.now();
    let idle = {
        let tx = ledger.read();
        tx.invoices_awaiting_goods()?.is_empty() && tx.pos_to_close()?.is_empty()
    };
    if !idle {
        report.exceptions.opened += ledger.write(now, |tx| rematch::goods(tx, &desk))?;
    }
    let Some(folder) = &site.config.invoicing.folder else {
        return Ok(());
    };
    let files = match waiting(folder, SystemTime::from(now)) {
        Ok(files) => files,
        Err(fault) => {
            let folder = folder.display();
            report.add_failures([format!(
                "the folder of invoices {folder} cannot be read: {fault}"
            )]);
            return Ok(());
        }
    };
    for path in files {
        if stop.load(Ordering::Relaxed) {
            break;
        }
        // a file that fails stays where it is, and keeps no other waiting
        match one(site, ledger, report, &path) {
            Err(fault) if ends_the_run(&fault) => return Err(fault),
            Err(fault) => report.add_failures([format!(
                "{}: could not be taken in, and stays there: {fault:#}; {ADVICE}",
                path.display()
            )]),
            Ok(()) => {}
        }
    }
    Ok(())
}

/// What the books have that vendors' bills do not say of themselves.
pub fn books(config: &Config) -> formats::Books<'_> {
    formats::Books {
        currency: &config.site.currency,
        dates: config.invoicing.settings.dates,
    }
}

/// The files of the folder by name, without those that are hidden or still being written.
fn waiting(folder: &Path, now: SystemTime) -> std::io::Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder)? {
        let entry = entry?;
        let name = entry.file_name();
        let name = name.to_string_lossy();
        let unfinished = name.starts_with('.') || name.ends_with(".part") || name.ends_with(".tmp");
        let written = entry.metadata().and_then(|data| data.modified());
        let fresh = written
            .ok()
            .and_then(|at| now.duration_since(at).ok())
            .is_some_and(|age| age < SETTLE);
        if entry.file_type()?.is_file() && !unfinished && !fresh {
            files.push(entry.path());
        }
    }
    files.sort();
    Ok(files)
}

fn one(site: &App, ledger: &mut Ledger, report: &mut RunReport, path: &Path) -> anyhow::Result<()> {
    let name = path.display().to_string();
    let read = read(path, &books(&site.config));
    let rehearsal = ledger.is_rehearsal();
    match read {
        Ok(file) => {
            let desk = site.match_context();
            let taken = ledger.write(site.clock.now(), |tx| {
                take(tx, &desk, &name, &file, &|_| {})
            });
            let taken: TakenFile = taken.map_err(|fault: LedgerError| fault)?;
            report.invoices.add(&taken);
            report.exceptions.opened += exceptions(&taken);
            report.add_failures(problems(&taken, false));
            ledger.anchor(&site.config.site.anchor, site.clock.now())?;
            away(report, path, "done", rehearsal);
        }
        Err(fault) => {
            report.invoices.failed += 1;
            let to = away(report, path, "failed", rehearsal);
            let kept = to.map_or(String::new(), |to| {
                format!("; it is kept as {}", to.display())
            });
            report.add_failures([format!("{name}: {fault}{kept}")]);
        }
    }
    Ok(())
}

fn read(path: &Path, books: &formats::Books) -> Result<formats::InvoiceFile, String> {
    let bytes = files::read(path, formats::MAX_BYTES as u64)
        .map_err(|fault| format!("cannot be read: {fault}"))?;
    formats::read(&bytes, books).map_err(|fault| fault.to_string())
}

fn exceptions(taken: &TakenFile) -> usize {
    let mut ids: Vec<i64> = taken
        .variances
        .iter()
        .filter_map(|one| one.exception)
        .chain(taken.failed_exception)
        .collect();
    ids.sort_unstable();
    ids.dedup();
    ids.len()
}

/// What a person must know of a file that was taken in: totals that are not the sums of their rows,
/// and rows that could not be read; these of a file that was imported before only if `again`.
pub fn problems(taken: &TakenFile, again: bool) -> Vec<String> {
    let wrong = taken.totals.iter().filter(|total| !total.agrees);
    let mut lines: Vec<String> = wrong
        .map(|total| format!("{}: {}", taken.file, total.message()))
        .collect();
    if again || taken.imported_before.is_none() {
        let broken = taken.errors.iter();
        lines.extend(broken.map(|row| {
            let (file, line, why) = (&taken.file, row.line, &row.message);
            format!("{file}:{line}: not taken: {why}")
        }));
    }
    lines.extend(taken.failed.iter().cloned());
    lines
}

/// Moves a file into a folder beside it, under a name that is free there. Where that fails, the file
/// stays and is taken in again, which changes nothing.
fn away(report: &mut RunReport, path: &Path, to: &str, rehearsal: bool) -> Option<PathBuf> {
    if rehearsal {
        return None;
    }
    let moved = || -> std::io::Result<PathBuf> {
        let folder = path.parent().unwrap_or(Path::new(".")).join(to);
        std::fs::create_dir_all(&folder)?;
        let target = free(&folder, path);
        std::fs::rename(path, &target)?;
        Ok(target)
    };
    match moved() {
        Ok(target) => Some(target),
        Err(fault) => {
            let name = path.display();
            report.add_failures([format!(
                "{name} was read and cannot be moved to {to}/: {fault}"
            )]);
            None
        }
    }
}

/// `bills.csv`, else `bills.2.csv`, `bills.3.csv` …
fn free(folder: &Path, path: &Path) -> PathBuf {
    let part = |part: Option<&std::ffi::OsStr>| {
        part.map(|part| part.to_string_lossy().into_owned())
            .unwrap_or_default()
    };
    let (stem, end) = (part(path.file_stem()), part(path.extension()));
    let dot = if end.is_empty() { "" } else { "." };
    let first = folder.join(path.file_name().unwrap_or_default());
    std::iter::once(first)
        .chain((2..).map(|n: u32| folder.join(format!("{stem}.{n}{dot}{end}"))))
        .find(|target| !target.exists())
        .unwrap_or_else(|| folder.join(stem))
}
