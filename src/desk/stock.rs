//! What a vendor says that it has, brought by a person: shown before it counts where it is hardly the vendor's.

mod feed;
mod odd;

pub use feed::{stale_entity, take};

use super::closure::vendor;
use super::{Said, reason, refused, resolve};
use crate::app::App;
use crate::domain::business_refusal::BusinessRefusal;
use crate::domain::codes::Code;
use crate::domain::lifecycle::OrderState;
use crate::domain::stock::{StockHeadings, StockItem, StockList};
use crate::domain::vendor::{Offer, Vendor};
use crate::ledger::catalogue::Extra;
use crate::ledger::exceptions::Filter;
use crate::ledger::stock::{NewStockList, StockRow};
use crate::ledger::{LedgerError, Tx};
use crate::vendor_docs::stock::{StockLine, StockSheet, read_stock};
use chrono::{DateTime, Utc};
use std::collections::{BTreeMap, HashMap};

/// Most lines of a kind that are named one by one.
const NAMED: usize = 20;

/// A list as it is brought.
pub struct GivenStock<'a> {
    /// The file's name.
    pub file: &'a str,
    /// What it holds.
    pub bytes: &'a [u8],
    /// It counts although it is hardly one, by a person's word.
    pub anyway: bool,
    /// Why; may be empty where nothing is odd.
    pub note: &'a str,
    /// What its columns are called, where their usual names do not say it.
    pub headings: &'a StockHeadings,
    /// When the vendor wrote it, where that is known.
    pub as_of: Option<DateTime<Utc>>,
    /// The message that brought it.
    pub message: Option<i64>,
}

/// The articles of a list that are ours, and how many rows are not.
#[derive(Default)]
struct Ours {
    items: BTreeMap<String, (u64, StockItem)>,
    /// Which of two rows counts nobody knows.
    twice: BTreeMap<String, String>,
    foreign: usize,
}

/// Takes in what a vendor has: costs change with it, orders that waited for it are looked at again.
///
/// # Errors
/// When there is no such vendor, nothing of the list is ours, it is older than the one that counts, or it is odd
/// and nobody says that it counts ([`RefusalKind::Unproved`](crate::domain::business_refusal::RefusalKind)).
pub fn import(tx: &Tx, site: &App, id: &str, given: &GivenStock) -> Result<Said, LedgerError> {
    let vendor = vendor(tx, id)?;
    let sheet = read_stock(given.bytes, given.headings).map_err(|faults| {
        let told: Vec<String> = faults.iter().map(ToString::to_string).collect();
        unread(given.file, &told)
    })?;
    let last = tx.stock_list(&vendor.id)?;
    not_older(&vendor, given, last.as_ref())?;
    let offers = offers(tx, &vendor)?;
    let ours = ours(&offers, &sheet.rows);
    if ours.items.is_empty() {
        return Err(refused(
            BusinessRefusal::nothing(format!(
                "none of the {} rows of {} is of an article that the catalogue has from {}",
                sheet.rows.len(),
                given.file,
                vendor.name
            ))
            .with_remedy(": is it its list? Numbers are the vendor's (vendor_sku) or ours (sku)"),
        ));
    }
    let before = tx.stock(Some(&vendor.id))?;
    let odd = odd::odd(&before, &ours, &offers);
    let note = match (odd.is_empty(), given.anyway) {
        (true, _) => given.note.trim(),
        (false, true) => reason(given.note)?,
        (false, false) => return Err(hardly(&vendor, given.file, &odd)),
    };
    let items: Vec<(String, StockItem)> = ours
        .items
        .iter()
        .map(|(sku, (_, item))| (sku.clone(), item.clone()))
        .collect();
    tx.put_stock_list(&NewStockList {
        vendor_id: &vendor.id,
        file: given.file,
        items: &items,
        note,
        as_of: given.as_of,
        message: given.message,
    })?;
    let mut said = counted(&vendor, (given.file, &sheet), &ours, &before);
    said.extend(costs(tx, &offers, &ours)?);
    feed::overtaken(tx, site, &vendor.id)?;
    feed::arrived(tx, last.map(|list| list.id))?;
    said.extend(waiting(tx, site)?);
    Ok(said)
}

/// What the vendor wrote before the list that counts is taken in by nobody.
fn not_older(
    vendor: &Vendor,
    given: &GivenStock,
    last: Option<&StockList>,
) -> Result<(), LedgerError> {
    match (given.as_of, last.map(|list| list.as_of)) {
        (Some(written), Some(newest)) if written < newest => {
            Err(refused(BusinessRefusal::done(format!(
                "{} was written before the list of {} that counts",
                given.file, vendor.name
            ))))
        }
        _ => Ok(()),
    }
}

/// Why nothing of a file was taken in.
fn unread(file: &str, faults: &[String]) -> LedgerError {
    let told: Vec<String> = faults
        .iter()
        .take(NAMED)
        .map(|fault| format!("{file}: {fault}"))
        .collect();
    let more = match faults.len().saturating_sub(NAMED) {
        0 => String::new(),
        more => format!("; and {more} more"),
    };
    refused(
        BusinessRefusal::unreadable(format!("{}{more}", told.join("; "))).with_remedy(
            ": nothing was taken in; ask the vendor for its list as CSV or as a workbook",
        ),
    )
}

/// The vendor's offers, with the catalogue's extra columns.
fn offers(tx: &Tx, vendor: &Vendor) -> Result<Vec<(Offer, Extra)>, LedgerError> {
    let mut offers = tx.catalogue()?;
    offers.retain(|(offer, _)| offer.vendor_id == vendor.id);
    Ok(offers)
}

fn ours(offers: &[(Offer, Extra)], rows: &[StockLine]) -> Ours {
    // of two articles with one number the first, as advices find it
    let mut known: HashMap<&str, &str> = HashMap::new();
    for (offer, _) in offers {
        for number in [&offer.sku, &offer.vendor_sku] {
            known.entry(number).or_insert(&offer.sku);
        }
    }
    let mut ours = Ours::default();
    for row in rows {
        let sku = row
            .numbers
            .iter()
            .find_map(|number| known.get(number.as_str()));
        let Some(sku) = sku.map(|sku| (*sku).to_owned()) else {
            ours.foreign += 1;
            continue;
        };
        let first = ours.items.insert(sku.clone(), (row.line, row.item.clone()));
        if let Some((line, item)) = first
            && item != row.item
        {
            let told = format!(
                "{sku} stands on line {line} and, otherwise, on line {}",
                row.line
            );
            ours.twice.insert(sku, told);
        }
    }
    for sku in ours.twice.keys() {
        ours.items.remove(sku);
    }
    ours
}

fn hardly(vendor: &Vendor, file: &str, odd: &[String]) -> LedgerError {
    refused(
        BusinessRefusal::unproved(format!(
            "{file} is not taken in as what {} has: {}",
            vendor.name,
            odd.join("; ")
        ))
        .with_remedy(": ask the vendor; if it is right, --anyway --note WHY takes it"),
    )
}

/// What the list says, in all.
fn counted(
    vendor: &Vendor,
    (file, sheet): (&str, &StockSheet),
    ours: &Ours,
    before: &[StockRow],
) -> Said {
    let of = |wanted: fn(Option<i64>) -> bool| {
        let all = ours.items.values();
        all.filter(|(_, item)| wanted(item.on_hand)).count()
    };
    let mut said = vec![format!(
        "{}: {} articles of {} are known: {} in stock, {} sold out, {} without a number.",
        file,
        ours.items.len(),
        vendor.name,
        of(|count| count.is_some_and(|count| count > 0)),
        of(|count| count == Some(0)),
        of(|count| count.is_none()),
    )];
    let gone = before
        .iter()
        .filter(|row| !ours.items.contains_key(&row.sku));
    for (count, what) in [
        (
            ours.foreign,
            "rows are of articles that the catalogue does not have from it",
        ),
        (
            gone.count(),
            "articles of the list before are not in it: nobody knows of them now",
        ),
    ] {
        said.extend((count > 0).then(|| format!("  {count} {what}.")));
    }
    if !sheet.unused.is_empty() {
        said.push(format!(
            "  Columns that are not used: {}.",
            sheet.unused.join(", ")
        ));
    }
    let wrong = sheet
        .faults
        .iter()
        .map(|fault| format!("{fault}: the article is not known"));
    let wrong: Vec<String> = wrong.chain(ours.twice.values().cloned()).collect();
    said.extend(wrong.iter().take(NAMED).map(|line| format!("  {line}")));
    let more = wrong.len().saturating_sub(NAMED);
    said.extend((more > 0).then(|| format!("  … and {more} more.")));
    said
}

/// What the vendor charges now is what the next purchase orders have.
fn costs(tx: &Tx, offers: &[(Offer, Extra)], ours: &Ours) -> Result<Said, LedgerError> {
    let mut changed = Vec::new();
    for (offer, extra) in offers {
        let Some(cost) = ours.items.get(&offer.sku).and_then(|(_, item)| item.cost) else {
            continue;
        };
        if cost == offer.cost {
            continue;
        }
        let new = Offer {
            cost,
            ..offer.clone()
        };
        tx.put_offer(&new, extra)?;
        changed.push(format!(
            "  {} costs {cost} now, {} before.",
            offer.sku, offer.cost
        ));
    }
    let more = changed.len().saturating_sub(NAMED);
    changed.truncate(NAMED);
    changed.extend((more > 0).then(|| format!("  {more} other costs changed.")));
    Ok(changed)
}

/// Orders that wait for goods are looked at again.
fn waiting(tx: &Tx, site: &App) -> Result<Said, LedgerError> {
    let rows = tx.exceptions(&Filter {
        code: Some(Code::OutOfStock),
        ..Filter::default()
    })?;
    let mut said = Vec::new();
    for order in rows.iter().filter_map(|row| row.subject.order) {
        if tx.order(order)?.state != OrderState::Held {
            continue;
        }
        let told = resolve::check(tx, site, order, "is still held")?;
        if tx.order(order)?.state != OrderState::Held {
            said.extend(told);
        }
    }
    Ok(said)
}
