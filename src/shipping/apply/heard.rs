//! Whether the words of a mail let its tracking numbers act: only when all of them are understood,
//! and they say that goods left.

use super::asked_lines;
use crate::domain::text::one_line;
use crate::ledger::purchase_orders::PoRow;
use crate::ledger::{Result, Tx};
use crate::shipping::advice::{self, Advice, AdviceRow};
use crate::shipping::mail::VendorMail;
use crate::shipping::reply::Asked;
use crate::shipping::reply::plain::{self, Known, Plain, payment};
use crate::shipping::text::{html, quote};
use chrono::NaiveDate;

/// Longest text that is shown to a person, in characters.
const SHOWN: usize = 2_000;

/// The advice as the words of its mail mean it, and why it must not act, in a sentence with the words
/// marked that are not understood.
///
/// # Errors
/// The ledger's.
pub(super) fn of(
    tx: &Tx,
    mail: &VendorMail,
    po: Option<&PoRow>,
    found: Advice,
    today: NaiveDate,
) -> Result<(Advice, Option<String>)> {
    let own = matches!(found.format.as_str(), "csv" | "key-value");
    let Some(text) = words(mail, &found, own) else {
        return Ok((found, None));
    };
    let states = po.map(|po| tx.line_states(po.id)).transpose()?;
    let states = states.unwrap_or_default();
    let lines = po.map_or_else(Vec::new, |po| asked_lines(po, &states));
    let asked = Asked {
        po_number: po.map_or("", |po| po.number.as_str()),
        lines: &lines,
    };
    let plain = plain::read(&text, asked, today, &known(tx, po, &found)?);
    if let Some(doubts) = doubts(mail, &found, &plain, own, &text) {
        let who = po.map_or_else(
            || "a vendor writes".to_owned(),
            |po| format!("{} writes about {}", po.vendor_name, po.number),
        );
        let shown: String = plain::marked(&text, &doubts).chars().take(SHOWN).collect();
        let text = format!(
            "{who}, and nothing is taken as shipped by it: {}",
            one_line(&shown)
        );
        return Ok((found, Some(text)));
    }
    let mut found = found;
    if plain.whole
        && let [row] = found.rows.as_slice()
        && row.sku.is_none()
        && row.po_line.is_none()
        && row.qty.is_none()
    {
        // "shipped complete": all that is open, line by line
        let open = states.iter().filter(|line| line.pieces.open() > 0);
        let rows: Vec<AdviceRow> = open
            .map(|line| AdviceRow {
                po_line: Some(line.line),
                qty: Some(line.pieces.open()),
                ..row.clone()
            })
            .collect();
        if rows.len() > 1 || states.len() == 1 && !rows.is_empty() {
            found.rows = rows;
        }
    }
    Ok((found, None))
}

/// The words to be understood; `None` for a mail that is a carrier's own.
fn words(mail: &VendorMail, found: &Advice, own: bool) -> Option<String> {
    let written = quote::own_words(mail.text.as_deref(), mail.html.as_deref());
    if !own {
        return written.filter(|_| forwards(mail));
    }
    let written = written.unwrap_or_default();
    let has = |text: &str| {
        let text: String = text.split_whitespace().collect::<String>().to_uppercase();
        let mut numbers = found
            .rows
            .iter()
            .filter_map(|row| row.tracking_number.as_deref());
        numbers.all(|number| text.contains(number))
    };
    if has(&written) {
        return Some(written);
    }
    // what was passed on, below
    let all = [mail.text.clone(), mail.html.as_deref().map(html::to_text)];
    let unmarked = |text: String| {
        let lines = text.lines().map(|line| line.trim_start_matches(['>', ' ']));
        lines.collect::<Vec<_>>().join("\n")
    };
    let mut texts = all.into_iter().flatten().map(unmarked);
    Some(texts.find(|text| has(text)).unwrap_or(written))
}

/// What the rows say already.
fn known(tx: &Tx, po: Option<&PoRow>, found: &Advice) -> Result<Known> {
    let mut known = Known {
        table: found.format == "csv",
        ..Known::default()
    };
    for row in &found.rows {
        known.tracking.extend(row.tracking_number.clone());
        known.tracking.extend(row.further_tracking.clone());
        known.numbers.extend(row.sku.clone());
        // a number that looks like ours and is not is a riddle, not the vendor's own
        for number in [&row.po_number, &row.reference, &row.vendor_order_number]
            .into_iter()
            .flatten()
        {
            let other = tx.po_numbered(number)?;
            let same = |other: &PoRow| po.is_none_or(|po| po.vendor_id == other.vendor_id);
            let ours = po.is_some_and(|po| plain::looks_like(number, &po.number));
            if other.as_ref().map_or(!ours, same) {
                known.numbers.push(number.clone());
            }
        }
    }
    Ok(known)
}

/// The sentences because of which the rows must not act; `None` when they may.
fn doubts(
    mail: &VendorMail,
    found: &Advice,
    plain: &Plain,
    own: bool,
    text: &str,
) -> Option<Vec<String>> {
    let mut doubts = plain.doubts();
    // rows that name their goods say nothing of the others
    let named = found
        .rows
        .iter()
        .all(|row| row.sku.is_some() || row.po_line.is_some());
    if own && !named {
        doubts.extend(plain.never.iter().cloned());
    }
    let parcels = found
        .rows
        .iter()
        .any(|row| !row.further_tracking.is_empty());
    let silent = own && !plain.left && found.format != "csv";
    let which = own && parcels && !plain.several && found.format != "csv";
    if !doubts.is_empty() {
        return Some(doubts);
    }
    let doubtful = silent || which || plain::doubtful_subject(&mail.subject);
    doubtful.then(|| vec![text.trim().to_owned()])
}

/// Whether a vendor passes a carrier's mail on, below words of its own.
pub(super) fn forwards(mail: &VendorMail) -> bool {
    let rich = || mail.html.as_deref().map(html::to_text);
    let text = mail.text.clone().filter(|text| !text.trim().is_empty());
    let quoted = |text: String| quote::parts(&text).quoted;
    advice::carrier_of(&mail.from).is_none() && text.or_else(rich).is_some_and(quoted)
}

/// What the mail says of where money goes, in all that its sender wrote: signature and footers, too.
pub(super) fn money(mail: &VendorMail) -> Option<String> {
    let rich = mail.html.as_deref().map(html::to_text);
    let texts = [mail.text.clone(), rich];
    let mut texts = texts.into_iter().flatten();
    texts.find_map(|text| payment::moved(&quote::unquoted(&text)))
}
