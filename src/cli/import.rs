//! `poms catalogue`, `poms vendors`: CSV in, all or nothing, with what changed.

use super::args::{TableCommand, VendorsCommand};
use super::output::{REHEARSAL, table};
use super::{Context, exit};
use crate::config::Config;
use crate::desk::{closed, closure};
use crate::domain::closure::Closure;
use crate::domain::vendor::{Fallback, Vendor};
use crate::files;
use crate::ledger::LedgerError;
use crate::ledger::catalogue::Extra;
use crate::reports::vendor_mail;
use crate::site::import::{
    ImportDiff, ImportedRow, OfferRow, RowError, VendorRow, diff, read_catalogue, read_vendors,
};
use anyhow::{Context as _, bail};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::path::Path;

/// `poms catalogue …`.
pub fn catalogue(context: &Context, command: &TableCommand) -> anyhow::Result<u8> {
    match command {
        TableCommand::Import { file } => {
            let rows = read(file, read_catalogue)?;
            take(
                context,
                file,
                rows,
                offers,
                vendors_missing,
                |tx, row: &OfferRow| tx.put_offer(&row.offer, &row.extra),
                "set its status to discontinued to end it",
            )
        }
        TableCommand::List => list_offers(context, None),
        TableCommand::Show { key } => list_offers(context, Some(key.trim())),
    }
}

/// `poms vendors …`.
pub fn vendors(context: &Context, command: &VendorsCommand) -> anyhow::Result<u8> {
    let command = match command {
        VendorsCommand::Table(command) => command,
        VendorsCommand::Close(args) => {
            return context.act(|tx, site| {
                closure::close(tx, site, &args.id, (args.from, args.until), &args.note)
            });
        }
        VendorsCommand::Open { id, note } => {
            return context.act(|tx, site| closure::open(tx, site, id, note));
        }
    };
    match command {
        TableCommand::Import { file } => {
            let rows = read(file, read_vendors)?;
            let config = context.config()?;
            not_ours(file, &rows, &config)?;
            take(
                context,
                file,
                rows,
                vendors_on_file,
                |tx, rows| {
                    let mut said = vendor_mail::elsewhere(tx)?;
                    for row in rows {
                        said.extend(closed::open_with(tx, &config.rules, &row.vendor)?);
                    }
                    Ok(said)
                },
                |tx, row: &VendorRow| tx.put_vendor(&row.vendor, &row.extra),
                "set active to no in its row to end it",
            )
        }
        TableCommand::List => list_vendors(context, None),
        TableCommand::Show { key } => list_vendors(context, Some(key.trim())),
    }
}

/// Reads all rows of a file, or says every fault.
type Parser<R> = fn(&[u8]) -> Result<Vec<R>, Vec<RowError>>;

fn read<R>(file: &Path, parse: Parser<R>) -> anyhow::Result<Vec<R>> {
    let bytes = files::read(file, files::LARGEST_TABLE)
        .with_context(|| format!("cannot read {}", file.display()))?;
    parse(&bytes).map_err(|faults| {
        let shown: Vec<String> = faults
            .iter()
            .take(50)
            .map(|fault| format!("{}: {fault}", file.display()))
            .collect();
        let more = match faults.len().saturating_sub(50) {
            0 => String::new(),
            more => format!("\n… and {more} more"),
        };
        anyhow::anyhow!(
            "{}{more}\nnothing was imported: mend these lines and import the file again",
            shown.join("\n")
        )
    })
}

/// Refuses vendors at an address of our own: their purchase orders would come back to us.
fn not_ours(file: &Path, rows: &[VendorRow], config: &Config) -> anyhow::Result<()> {
    let site = std::iter::once(&config.site.email).chain(&config.site.admin_email);
    let ours: Vec<&String> = site.chain(config.delivery.archive.as_ref()).collect();
    let is_ours = |row: &&VendorRow| {
        ours.iter()
            .any(|own| own.eq_ignore_ascii_case(&row.vendor.email))
    };
    let faults: Vec<String> = rows
        .iter()
        .filter(is_ours)
        .map(|row| {
            format!(
                "{}: line {}, column email: '{}' is an address of this site (site.email, site.admin_email or \
                 delivery.archive): purchase orders would come back to us",
                file.display(),
                row.line,
                row.vendor.email
            )
        })
        .collect();
    match faults.is_empty() {
        true => Ok(()),
        false => bail!(
            "{}\nnothing was imported: mend these lines and import the file again",
            faults.join("\n")
        ),
    }
}

type OnFile<R> = fn(&crate::ledger::Tx) -> Result<Vec<R>, LedgerError>;

fn offers(tx: &crate::ledger::Tx) -> Result<Vec<OfferRow>, LedgerError> {
    let rows = tx.catalogue()?;
    Ok(rows
        .into_iter()
        .map(|(offer, extra)| OfferRow {
            offer,
            extra,
            line: 0,
        })
        .collect())
}

fn vendors_on_file(tx: &crate::ledger::Tx) -> Result<Vec<VendorRow>, LedgerError> {
    let rows = tx.vendors()?;
    Ok(rows
        .into_iter()
        .map(|(vendor, extra)| VendorRow {
            vendor,
            extra,
            line: 0,
        })
        .collect())
}

/// Vendors whom a catalogue names and who are not on file: allowed, for either file may come first.
fn vendors_missing(tx: &crate::ledger::Tx, rows: &[OfferRow]) -> Result<Vec<String>, LedgerError> {
    let known: BTreeSet<String> = tx.vendors()?.into_iter().map(|(v, _)| v.id).collect();
    let named: BTreeSet<&String> = rows.iter().map(|row| &row.offer.vendor_id).collect();
    let missing = named.into_iter().filter(|id| !known.contains(*id));
    let said = |id| {
        format!(
            "vendor {id} is not on file: nothing is ordered there until `poms vendors import` brings it"
        )
    };
    Ok(missing.map(said).collect())
}

/// Writes what differs from what is on file, in one transaction, and says what that was.
fn take<R: ImportedRow>(
    context: &Context,
    file: &Path,
    rows: Vec<R>,
    on_file: OnFile<R>,
    doubts: impl Fn(&crate::ledger::Tx, &[R]) -> Result<Vec<String>, LedgerError>,
    put: impl Fn(&crate::ledger::Tx, &R) -> Result<(), LedgerError>,
    how_to_end: &str,
) -> anyhow::Result<u8> {
    let config = context.config()?;
    let now = context.clock()?.now();
    let dry_run = context.args.dry_run;
    let mut ledger = context.write_ledger(&config)?;
    let (changed, doubts) = ledger.write(now, |tx| {
        let old = on_file(tx)?;
        let changed = diff(&old, &rows);
        let differs = changed.differs();
        for row in &rows {
            if differs.contains(row.key().as_str()) {
                put(tx, row)?;
            }
        }
        Ok::<_, LedgerError>((changed, doubts(tx, &rows)?))
    })?;
    ledger.anchor(&config.site.anchor, now)?;
    context.out.answer(
        || as_json(&changed, &doubts, dry_run),
        || as_text(&changed, &doubts, file, (dry_run, how_to_end)),
    );
    Ok(exit::DONE)
}

fn as_json(changed: &ImportDiff, doubts: &[String], dry_run: bool) -> Value {
    let changes: Vec<Value> = changed
        .changed
        .iter()
        .map(|change| json!({"key": change.key, "field": change.field, "from": change.from, "to": change.to}))
        .collect();
    json!({"dry_run": dry_run, "added": changed.added, "changed": changes, "unchanged": changed.unchanged, "gone": changed.gone, "doubts": doubts})
}

fn as_text(
    changed: &ImportDiff,
    doubts: &[String],
    file: &Path,
    (dry_run, how_to_end): (bool, &str),
) -> String {
    const SHOWN: usize = 20;
    let mut text = format!(
        "{}: {} added, {} fields changed, {} unchanged, {} on file and not in it (kept)\n",
        file.display(),
        changed.added.len(),
        changed.changed.len(),
        changed.unchanged,
        changed.gone.len()
    );
    for change in changed.changed.iter().take(SHOWN) {
        text.push_str(&format!(
            "  {}: {} was {}, is {}\n",
            change.key, change.field, change.from, change.to
        ));
    }
    if changed.changed.len() > SHOWN {
        text.push_str(&format!(
            "  … and {} more: --json lists all\n",
            changed.changed.len() - SHOWN
        ));
    }
    for key in changed.gone.iter().take(SHOWN) {
        text.push_str(&format!("  {key}: not in the file; {how_to_end}\n"));
    }
    if changed.gone.len() > SHOWN {
        text.push_str(&format!(
            "  … and {} more: --json lists all\n",
            changed.gone.len() - SHOWN
        ));
    }
    for doubt in doubts {
        text.push_str(&format!("  {doubt}\n"));
    }
    if dry_run {
        text.push_str(&format!("{REHEARSAL}\n"));
    }
    text
}

fn list_offers(context: &Context, sku: Option<&str>) -> anyhow::Result<u8> {
    let ledger = context.read_ledger()?;
    let rows = ledger.read().catalogue()?;
    let rows: Vec<_> = rows
        .into_iter()
        .filter(|(offer, _)| sku.is_none_or(|sku| offer.sku.eq_ignore_ascii_case(sku)))
        .collect();
    if let (Some(sku), true) = (sku, rows.is_empty()) {
        bail!("SKU {sku} is not in the catalogue: see `poms catalogue list`");
    }
    context.out.answer(
        || json!({"catalogue": rows.iter().map(|(offer, extra)| json!({"offer": offer, "extra": extra})).collect::<Vec<_>>()}),
        || {
            table(
                &["SKU", "Description", "Vendor", "Vendor SKU", "Cost", "Retail", "Status", "Priority"],
                rows.iter().map(|(offer, _)| {
                    vec![
                        offer.sku.clone(),
                        offer.description.clone(),
                        offer.vendor_id.clone(),
                        offer.vendor_sku.clone(),
                        offer.cost.to_string(),
                        offer.retail_price.to_string(),
                        if offer.discontinued { "discontinued" } else { "active" }.to_owned(),
                        offer.priority.to_string(),
                    ]
                }),
            )
        },
    );
    Ok(exit::DONE)
}

fn list_vendors(context: &Context, id: Option<&str>) -> anyhow::Result<u8> {
    let (config, ledger) = context.look()?;
    let today = context.view(&config)?.now.date_naive();
    let tx = ledger.read();
    let mut rows = tx.vendors()?;
    rows.retain(|(vendor, _)| id.is_none_or(|id| vendor.id.eq_ignore_ascii_case(id)));
    if let (Some(id), true) = (id, rows.is_empty()) {
        bail!("vendor {id} is not on file: see `poms vendors list`");
    }
    for (vendor, _) in &mut rows {
        vendor.days = tx.working_days(&vendor.id, today)?;
    }
    context.out.answer(
        || {
            let one = |(vendor, extra): &(Vendor, Extra)| {
                json!({"vendor": vendor, "extra": extra, "closed": vendor.days.closures()})
            };
            json!({"vendors": rows.iter().map(one).collect::<Vec<_>>()})
        },
        || {
            let mut text = table(
                &["Id", "Name", "Channel", "Fallback", "E-mail", "Fax", "ZIP", "Handling", "Active"],
                rows.iter().map(|(vendor, _)| {
                    vec![
                        vendor.id.clone(),
                        vendor.name.clone(),
                        vendor.channel.as_str().to_owned(),
                        vendor.fallback.map_or("-", Fallback::as_str).to_owned(),
                        vendor.email.clone(),
                        vendor.fax.clone(),
                        vendor.address.zip.clone(),
                        format!("{} d", vendor.handling_days),
                        if vendor.active { "yes" } else { "no" }.to_owned(),
                    ]
                }),
            );
            for (vendor, _) in &rows {
                for closed in vendor.days.closures() {
                    let Closure { from, until } = closed;
                    text.push_str(&format!("{} is closed from {from} through {until}.\n", vendor.name));
                }
            }
            text
        },
    );
    Ok(exit::DONE)
}
