//! Whether the subject of a vendor's mail and the names of its tables are understood: what takes the
//! mail back may stand there as well.

use super::asked_lines;
use super::files::Content;
use crate::domain::text::one_line;
use crate::ledger::purchase_orders::PoRow;
use crate::ledger::{Result, Tx};
use crate::vendor_docs::advice;
use crate::vendor_docs::reply::AskedPo;
use crate::vendor_docs::reply::plain::{self, Title};
use crate::vendor_docs::text::decode;
use crate::vendor_docs::text::titles::{TitleNames, harmless};
use chrono::NaiveDate;
use std::collections::BTreeSet;

/// What a subject says; the mails of ours about the purchase order give theirs, which answers repeat.
fn said(tx: &Tx, subject: &str, po: Option<&PoRow>, today: NaiveDate) -> Result<Title> {
    let states = po.map(|po| tx.line_states(po.id)).transpose()?;
    let lines = po.map_or_else(Vec::new, |po| {
        asked_lines(po, states.as_deref().unwrap_or_default())
    });
    let asked = AskedPo {
        po_number: po.map_or("", |po| po.number.as_str()),
        lines: &lines,
        vendor: po.map(|po| po.vendor_name.as_str()),
    };
    let mut own: Vec<String> = Vec::new();
    if let Some(po) = po {
        own.extend(
            tx.deliveries_of_po(po.id)?
                .into_iter()
                .map(|row| row.subject),
        );
        own.sort_by_key(|subject| std::cmp::Reverse(subject.len()));
        own.dedup();
    }
    Ok(plain::title(subject, &own, &names(po), asked, today))
}

/// The names of the vendor and of the shop, as the purchase order has them.
fn names(po: Option<&PoRow>) -> Vec<String> {
    let Some(po) = po else { return Vec::new() };
    let shop = po.document["buyer"]["name"].as_str().unwrap_or_default();
    let mut names = vec![po.vendor_name.clone(), shop.to_owned()];
    let short = po.vendor_name.rsplit_once(' ').map(|(first, _)| first);
    names.extend(short.filter(|short| short.len() > 3).map(str::to_owned));
    names
}

/// The subject as a person is shown it, where it puts in doubt that goods left.
pub(super) fn beside_shipment(
    tx: &Tx,
    subject: &str,
    po: Option<&PoRow>,
    today: NaiveDate,
) -> Result<Option<String>> {
    let says = said(tx, subject, po, today)?;
    Ok(shown(subject, !says.shipment || says.trouble))
}

/// The same for an answer; `comes` says that the goods come as ordered by it.
pub(super) fn beside_answer(
    tx: &Tx,
    subject: &str,
    po: Option<&PoRow>,
    today: NaiveDate,
    comes: bool,
) -> Result<Option<String>> {
    let says = said(tx, subject, po, today)?;
    Ok(shown(subject, !says.answer || says.never && comes))
}

fn shown(subject: &str, doubtful: bool) -> Option<String> {
    doubtful.then(|| format!("its subject is >>{}<<", one_line(subject)))
}

/// The name of a file that puts it in doubt: of any by a word for trouble, of a table by any word that
/// is not understood.
pub(super) fn of_files(all: &[&str], tables: &[&str], po: Option<&PoRow>) -> Option<String> {
    let mut names = names(po);
    names.extend(po.map(|po| po.number.clone()));
    let trouble = |name: &&&str| plain::doubtful_subject(&name.replace(['_', '-', '.'], " "));
    let strange =
        |name: &&&str| po.is_some() && plain::strange_in_file_name(name, &names).is_some();
    let name = all
        .iter()
        .find(trouble)
        .or_else(|| tables.iter().find(strange))?;
    Some(format!("the file is called >>{}<<", one_line(name)))
}

/// Most purchase orders of one file whose numbers its titles may name.
const MOST: usize = 200;

/// A line above the heading of a file's table, or the name of a workbook's sheet, that is not known as
/// harmless, marked: it may say of all rows that they are still to leave, or long gone.
pub(super) fn of_table(
    tx: &Tx,
    bytes: &[u8],
    content: &Content,
    about: Option<&PoRow>,
    today: NaiveDate,
) -> Result<Option<String>> {
    let lines = advice::above(bytes);
    let sheet = decode::sheet(bytes);
    if lines.is_empty() && sheet.is_none() {
        return Ok(None);
    }
    let mut known = TitleNames {
        names: names(about),
        numbers: about.map(|po| po.number.clone()).into_iter().collect(),
    };
    let numbers = content.numbers().into_iter().flatten();
    let numbers: BTreeSet<&str> = numbers.take(MOST).collect();
    for number in numbers {
        known.numbers.push(number.to_owned());
        if known.names.is_empty() {
            let po = tx.po_numbered(number)?;
            known.names = names(po.as_ref());
        }
    }
    // "Acme" of "Acme Home Goods"
    let first = known.names.iter().filter_map(|name| name.split_once(' '));
    let first: Vec<String> = first
        .map(|(first, _)| first.to_owned())
        .filter(|first| first.len() > 3 && !plain::doubtful_subject(first))
        .collect();
    known.names.extend(first);
    if let Some(line) = lines.iter().find(|line| !harmless(line, &known, today)) {
        let line: String = line.chars().take(200).collect();
        return Ok(Some(format!(
            "above its rows stands >>{}<<",
            one_line(&line)
        )));
    }
    let sheet = sheet.filter(|name| !harmless(name, &known, today));
    Ok(sheet.map(|name| format!("its sheet is called >>{}<<", one_line(&name))))
}
