//! `poms demo`: a whole shop in a folder, its morning's mail, one run, and what came of it.

use super::args::DemoFolder;
use super::output::table;
use super::process::summary;
use super::story::story;
use super::{Context, exit};
use crate::actor;
use crate::app::App;
use crate::app::report::RunReport;
use crate::config::{Config, EmailConfig};
use crate::ledger::{Ledger, LedgerError, Mode, Tx};
use crate::run::lock::RunLock;
use crate::run::{self, Options};
use crate::site::demo::{self, make};
use crate::site::import::{read_catalogue, read_vendors};
use serde_json::json;
use std::path::Path;
use std::sync::atomic::AtomicBool;

/// Runs the demo.
pub fn run(context: &Context, args: &DemoFolder) -> anyhow::Result<u8> {
    let clock = context.clock()?;
    let now = clock.now();
    let made = make::make(&args.dir, now)?;
    let config = Config::read(&made.config)?;
    let _lock = RunLock::take(&config.site.ledger, &crate::clock::text(now))?;
    let mut ledger =
        Ledger::open(&config.site.ledger, Mode::Write, &actor::name())?.under(&clock)?;
    ledger.write(now, import)?;
    let site = App::open(config, clock, actor::name())?;
    let report = run::process(&site, Options::default(), &AtomicBool::new(false))?;
    let tx = ledger.read();
    let story = story(&tx, None)?;
    let sent = sent_mails(&site.config)?;
    context.out.answer(
        || json!({"site": args.dir, "again": made.again, "mails": made.mails, "report": report.json(), "orders": story}),
        || text(&args.dir, &made, &report, &story, sent),
    );
    for failure in report.failures.iter() {
        context.out.error(failure);
    }
    Ok(if report.failures.is_empty() {
        exit::DONE
    } else {
        exit::FAILED
    })
}

/// Catalogue and vendors of the demo, unless they are on file.
fn import(tx: &Tx) -> anyhow::Result<()> {
    if !tx.vendors()?.is_empty() {
        return Ok(());
    }
    let broken = |_| LedgerError::Broken("the demo's own CSV files cannot be read".to_owned());
    for row in read_vendors(demo::VENDORS.as_bytes()).map_err(broken)? {
        tx.put_vendor(&row.vendor, &row.extra)?;
    }
    for row in read_catalogue(demo::CATALOGUE.as_bytes()).map_err(broken)? {
        tx.put_offer(&row.offer, &row.extra)?;
    }
    Ok(())
}

fn sent_mails(config: &Config) -> anyhow::Result<usize> {
    match &config.delivery.email {
        EmailConfig::Maildir { path } if path.join("new").is_dir() => {
            Ok(std::fs::read_dir(path.join("new"))?.count())
        }
        _ => Ok(0),
    }
}

fn text(
    dir: &Path,
    made: &make::Made,
    report: &RunReport,
    story: &[[String; 3]],
    sent: usize,
) -> String {
    let at = dir.display();
    let before = match made.again {
        true => format!(
            "The site in {at} is there from an earlier demo: its {} mails were delivered a second time.\nNothing is placed twice.\n",
            made.mails
        ),
        false => format!(
            "A shop was made in {at}: keys, 60 SKUs, 5 vendors, and {} encrypted order mails, good and bad.\n",
            made.mails
        ),
    };
    let config = format!("--config {at}/poms.toml");
    let rows = story.iter().map(|row| row.to_vec());
    let first = story
        .first()
        .map_or("W…", |row| row[0].trim_start_matches("order "));
    format!(
        "{before}\n`poms process` ran on them:\n\n{}\n{}\n\
         The vendors' and customers' mails ({sent}) lie in {at}/mail/sent/new; any mail program opens them.\n\n\
         What to type next:\n\
         \x20 poms {config} exceptions list          what needs a person, and why\n\
         \x20 poms {config} exceptions show 1        everything needed to decide\n\
         \x20 poms {config} order show {first}       where an order is, and every step that led there\n\
         \x20 poms {config} po pdf {first}-1         the purchase order as its vendor gets it\n\
         \x20 poms {config} process --json           another run: nothing new\n\
         \x20 poms {config} verify                   proof that ledger and audit trail hold\n\
         (with cargo: cargo run --release -- {config} exceptions list)\n",
        summary(report),
        table(&["What came", "State", "What poms did, or why not"], rows),
    )
}
