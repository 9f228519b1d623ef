//! `poms import-advices`: vendors' files by hand, by the same code as mail.

use super::args::ImportAdvices;
use super::output::{REHEARSAL, Usage};
use super::{Context, exit};
use crate::reports::layout::count;
use crate::run::advices::{self, Read};
use crate::shipping::apply::files::FileReport;
use serde_json::json;

/// Runs the command: 1 when a file could not be read.
pub fn run(context: &Context, args: &ImportAdvices) -> anyhow::Result<u8> {
    let config = context.config()?;
    let now = context.clock()?.now();
    let (dry_run, mut ledger) = (context.args.dry_run, context.write_ledger(&config)?);
    let vendor = match &args.vendor {
        Some(id) => Some(advices::vendor(&ledger.read(), id)?.ok_or_else(|| {
            Usage(format!(
                "vendor {id} is not on file: see `poms vendors list`"
            ))
        })?),
        None => None,
    };
    let mut reports: Vec<FileReport> = Vec::new();
    let mut unreadable: Vec<String> = Vec::new();
    for file in &args.files {
        match advices::import(&mut ledger, &config, file, vendor.as_deref(), now)? {
            Read::Taken(report) => reports.push(report),
            Read::Unreadable(sentence) => unreadable.push(sentence),
        }
    }
    ledger.anchor(&config.site.anchor, now)?;
    context.out.answer(
        || json!({"dry_run": dry_run, "files": reports, "unreadable": unreadable}),
        || text(&reports, dry_run),
    );
    for sentence in &unreadable {
        context.out.error(sentence);
    }
    Ok(match unreadable.is_empty() {
        true => exit::DONE,
        false => exit::FAILED,
    })
}

fn text(reports: &[FileReport], dry_run: bool) -> String {
    let mut text = String::new();
    for report in reports {
        let taken = &report.taken;
        text.push_str(&format!(
            "{}: {}: {} acted on, {} known already, {} held\n",
            report.file,
            count(taken.rows, "row"),
            taken.applied,
            taken.repeated,
            taken.held
        ));
        for noted in &taken.errors {
            text.push_str(&format!(
                "  {}:{}: {} ({})\n",
                report.file, noted.line, noted.message, noted.code
            ));
        }
        if taken.overflow > 0 {
            text.push_str(&format!("  … and {}\n", count(taken.overflow, "more row")));
        }
    }
    if reports.iter().any(|report| report.taken.held > 0) && !dry_run {
        text.push_str("What is held waits for you: poms exceptions list\n");
    }
    if dry_run {
        text.push_str(&format!("{REHEARSAL}\n"));
    }
    text
}
