//! What a vendor says that it has, brought by a person: shown before it counts where it is hardly the vendor's.

use super::closure::vendor;
use super::{Said, reason, refused, resolve};
use crate::app::App;
use crate::domain::business_refusal::BusinessRefusal;
use crate::domain::codes::Code;
use crate::domain::lifecycle::OrderState;
use crate::domain::stock::{MISSING, MOVED, StockItem, moved};
use crate::domain::vendor::{Offer, Vendor};
use crate::ledger::catalogue::Extra;
use crate::ledger::exceptions::Filter;
use crate::ledger::stock::{NewStockList, StockRow};
use crate::ledger::{LedgerError, Tx};
use crate::vendor_docs::stock::{StockLine, StockSheet, read_stock};
use std::collections::{BTreeMap, HashMap};

/// Most lines of a kind that are named one by one.
const NAMED: usize = 20;
/// Lists with fewer articles are not compared with the one before: three of four may be sold out.
const FEW: usize = 5;

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
/// When there is no such vendor, nothing of the list is ours, or it is odd and nobody says that it counts.
pub fn import(tx: &Tx, site: &App, id: &str, given: &GivenStock) -> Result<Said, LedgerError> {
    let vendor = vendor(tx, id)?;
    let sheet = read_stock(given.bytes).map_err(|faults| {
        let told: Vec<String> = faults.iter().map(ToString::to_string).collect();
        unread(given.file, &told)
    })?;
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
    let odd = odd(&before, &ours, &offers);
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
    })?;
    let mut said = counted(&vendor, (given.file, &sheet), &ours, &before);
    said.extend(costs(tx, &offers, &ours)?);
    said.extend(waiting(tx, site)?);
    Ok(said)
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

/// Why a list is hardly the vendor's, or not a whole one.
fn odd(before: &[StockRow], ours: &Ours, offers: &[(Offer, Extra)]) -> Vec<String> {
    let mut odd = Vec::new();
    let share = |part: usize, of: usize| of >= FEW && part * 100 > of * MISSING;
    let missing = before
        .iter()
        .filter(|row| !ours.items.contains_key(&row.sku));
    let missing = missing.count();
    if share(missing, before.len()) {
        odd.push(format!(
            "{missing} of the {} articles of the list before are not in it",
            before.len()
        ));
    }
    let had: Vec<&StockRow> = before
        .iter()
        .filter(|row| row.item.on_hand != Some(0))
        .collect();
    let none = |row: &&&StockRow| {
        let now = ours.items.get(&row.sku);
        now.is_some_and(|(_, item)| item.on_hand == Some(0))
    };
    let sold = had.iter().filter(none).count();
    if share(sold, had.len()) {
        odd.push(format!(
            "{sold} of {} articles are sold out at once",
            had.len()
        ));
    }
    let dear: Vec<String> = offers
        .iter()
        .filter_map(|(offer, _)| {
            let (line, item) = ours.items.get(&offer.sku)?;
            let cost = item.cost?;
            let percent = moved(offer.cost, cost).filter(|percent| *percent > MOVED)?;
            Some(format!(
                "{} costs {cost} (line {line}), {} before: {percent} %",
                offer.sku, offer.cost
            ))
        })
        .collect();
    let more = dear.len().saturating_sub(NAMED);
    odd.extend(dear.into_iter().take(NAMED));
    if more > 0 {
        odd.push(format!("{more} other costs move as far"));
    }
    odd
}

fn hardly(vendor: &Vendor, file: &str, odd: &[String]) -> LedgerError {
    refused(
        BusinessRefusal::conflict(format!(
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
