//! Whether the words of a mail let its tracking numbers act: only when all of them are understood,
//! and they say that goods left.

use super::asked_lines;
use super::files::Content;
use super::{agrees, counted, named, titles};
use crate::carriers::carriers_in;
use crate::domain::text::one_line;
use crate::ledger::po_lines::LineState;
use crate::ledger::purchase_orders::PoRow;
use crate::ledger::{Result, Tx};
use crate::vendor_docs::advice::{self, Advice, AdviceRow, Mail};
use crate::vendor_docs::reply::AskedPo;
use crate::vendor_docs::reply::beside::says_otherwise;
use crate::vendor_docs::reply::plain::{self, KnownBeside, Plain};
use crate::vendor_docs::text::{html, quote};
use chrono::NaiveDate;
use std::collections::HashSet;

/// Longest text that is shown to a person, in characters.
const SHOWN: usize = 2_000;

/// The advice as the words of its mail mean it, and why it must not act, in a sentence with the words
/// marked that are not understood.
pub(super) fn of(
    tx: &Tx,
    mail: &Mail,
    po: Option<&PoRow>,
    found: Advice,
    today: NaiveDate,
) -> Result<(Advice, Option<String>)> {
    let own = is_own(&found);
    let Some(text) = words(mail, &found, own) else {
        return Ok((found, None));
    };
    let states = po.map(|po| tx.line_states(po.id)).transpose()?;
    let states = states.unwrap_or_default();
    let lines = po.map_or_else(Vec::new, |po| asked_lines(po, &states));
    let named = found.rows.iter().find_map(|row| row.po_number.as_deref());
    let named = named.filter(|_| po.is_none());
    let named = named.map(|number| tx.po_numbered(number)).transpose()?;
    let named = named.flatten();
    let vendor = po.or(named.as_ref());
    let asked = AskedPo {
        po_number: po.map_or("", |po| po.number.as_str()),
        lines: &lines,
        vendor: vendor.map(|po| po.vendor_name.as_str()),
    };
    let plain = plain::read(&text, asked, today, &known(tx, po, &found)?);
    let mut odd = counted::others(&plain.clear, &found.rows, &states);
    odd.extend(other_carriers(&plain.clear, &found.rows));
    odd.extend(too_early(&plain, po.or(named.as_ref())));
    let doubts = doubts((mail, &text), &found, &plain, own, asked);
    let doubts = doubts.or_else(|| (!odd.is_empty()).then_some(odd));
    let doubts = doubts.map(|doubts| shown(&text, &doubts));
    // of keys and values the rows know
    let table = vendor.filter(|_| found.format == "csv");
    let doubts = match (doubts, table) {
        (None, Some(po)) => agrees::keys(tx, po, &text)?,
        (doubts, _) => doubts,
    };
    let doubts = match doubts {
        None if own => titles::beside_shipment(tx, mail.subject, po, today)?,
        doubts => doubts,
    };
    if let Some(shown) = doubts {
        let text = format!(
            "{}, and nothing is taken as shipped by it: {shown}",
            who(po)
        );
        return Ok((found, Some(text)));
    }
    let mut found = found;
    counted::given(&plain.clear, &mut found.rows, &states);
    if plain.whole {
        all_of_it(&mut found, &states);
    }
    Ok((found, None))
}

/// "Shipped complete": all that is open, line by line, where the one row says no more.
fn all_of_it(found: &mut Advice, states: &[LineState]) {
    let [row] = found.rows.as_slice() else { return };
    let all: i64 = states.iter().map(|line| line.pieces.open()).sum();
    let counted = row.qty.is_some_and(|qty| states.len() == 1 || qty != all);
    if row.sku.is_some() || row.po_line.is_some() || counted {
        return;
    }
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

/// The sentences that name a carrier which is none of the rows'; the post delivers for others.
fn other_carriers(clear: &[String], rows: &[AdviceRow]) -> Vec<String> {
    let own: Vec<&str> = rows
        .iter()
        .filter_map(|row| row.carrier.as_deref())
        .collect();
    if own.is_empty() || own.contains(&"usps") {
        return Vec::new();
    }
    let other = |sentence: &&String| {
        let mut named = carriers_in(sentence).into_iter();
        named.any(|one| one.code != "usps" && !own.contains(&one.code))
    };
    clear.iter().filter(other).cloned().collect()
}

/// Whether an advice is in the vendor's own words, and not a carrier's notification.
pub(super) fn is_own(found: &Advice) -> bool {
    matches!(found.format.as_str(), "csv" | "key-value")
}

/// Who writes, and about what.
pub(super) fn who(po: Option<&PoRow>) -> String {
    po.map_or_else(
        || "a vendor writes".to_owned(),
        |po| format!("{} writes about {}", po.vendor_name, po.number),
    )
}

/// The text as a person sees it, with what is not understood marked.
pub(super) fn shown(text: &str, doubts: &[String]) -> String {
    let marked = plain::marked(text, doubts);
    let shown: String = marked.chars().take(SHOWN).collect();
    one_line(&shown)
}

/// The words to be understood; `None` for a mail that is a carrier's own.
fn words(mail: &Mail, found: &Advice, own: bool) -> Option<String> {
    let written = quote::own_words(mail.text, mail.html);
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
    let all = [mail.text.map(str::to_owned), mail.html.map(html::to_text)];
    let unmarked = |text: String| {
        let lines = text.lines().map(|line| line.trim_start_matches(['>', ' ']));
        lines.collect::<Vec<_>>().join("\n")
    };
    let mut texts = all.into_iter().flatten().map(unmarked);
    Some(texts.find(|text| has(text)).unwrap_or(written))
}

/// What in a covering letter keeps the tables beside it from acting: the text with what is not
/// understood marked; `None` when all of it is, and nothing says that goods have not left.
pub(super) fn cover(
    tx: &Tx,
    letter: &Mail,
    po: Option<&PoRow>,
    tables: &[&Content],
    today: NaiveDate,
) -> Result<Option<String>> {
    let own = quote::own_words(letter.text, letter.html).unwrap_or_default();
    let own = match plain::only_signed(&own, po.map(|po| po.vendor_name.as_str())) {
        true => String::new(),
        false => own,
    };
    let states = po.map(|po| tx.line_states(po.id)).transpose()?;
    let lines = po.map_or_else(Vec::new, |po| {
        asked_lines(po, states.as_deref().unwrap_or_default())
    });
    let asked = AskedPo {
        po_number: po.map_or("", |po| po.number.as_str()),
        lines: &lines,
        vendor: po.map(|po| po.vendor_name.as_str()),
    };
    let known = known_beside(tx, po, tables, &own)?;
    let plain = plain::read(&own, asked, today, &known);
    let goods_left = tables.iter().any(|one| matches!(one, Content::Advice(_)));
    let mut doubts = plain.strange.clone();
    if goods_left {
        doubts.extend(plain.more.iter().cloned());
        let skus: Vec<&str> = tables.iter().flat_map(|one| one.skus()).collect();
        if !plain.never.is_empty()
            && says_otherwise((letter.text, letter.html), asked, today, &skus)
        {
            doubts.extend(plain.never.iter().cloned());
        }
    }
    let states = states.unwrap_or_default();
    doubts.extend(counted::beside(&plain.clear, tables, &states));
    if !doubts.is_empty() {
        return Ok(Some(shown(&own, &doubts)));
    }
    if let Some(po) = po
        && let Some(other) = agrees::keys(tx, po, &own)?
    {
        return Ok(Some(other));
    }
    if let Some(po) = po
        && tables.iter().all(|one| one.names_one().is_none())
        && let [other, ..] = named::others(tx, po, letter.subject)?.as_slice()
    {
        return Ok(Some(format!(
            "its subject names {}, which is another order",
            one_line(other)
        )));
    }
    if goods_left {
        return titles::beside_shipment(tx, letter.subject, po, today);
    }
    let comes = tables.iter().all(|one| one.said().good);
    titles::beside_answer(tx, letter.subject, po, today, comes)
}

/// The numbers of tables as far as they stand in the words beside them.
fn known_beside(
    tx: &Tx,
    po: Option<&PoRow>,
    tables: &[&Content],
    own: &str,
) -> Result<KnownBeside> {
    let mut known = KnownBeside {
        attached: true,
        ..KnownBeside::default()
    };
    let packed = |text: &str| -> String {
        let kept = text.chars().filter(|c| !c.is_whitespace() && *c != '-');
        kept.collect::<String>().to_uppercase()
    };
    let own = packed(own);
    let said = |number: &String| own.contains(&packed(number));
    for table in tables {
        match table {
            Content::Advice(found) => {
                let rows = found.rows.iter();
                let tracking =
                    rows.flat_map(|row| row.tracking_number.iter().chain(&row.further_tracking));
                known.tracking.extend(tracking.filter(|n| said(n)).cloned());
                for row in &found.rows {
                    known
                        .numbers
                        .extend(row.sku.iter().filter(|n| said(n)).cloned());
                    let named = [&row.po_number, &row.reference, &row.vendor_order_number];
                    for number in named.into_iter().flatten().filter(|n| said(n)) {
                        known.numbers.extend(ours(tx, po, number)?);
                    }
                }
            }
            Content::Answers((rows, _)) => {
                for row in rows {
                    known
                        .numbers
                        .extend(row.sku.iter().filter(|n| said(n)).cloned());
                    for number in row.po_number.iter().filter(|n| said(n)) {
                        known.numbers.extend(ours(tx, po, number)?);
                    }
                }
            }
        }
    }
    let orders = tables.iter().flat_map(|table| table.numbers()).flatten();
    known.orders = orders.collect::<HashSet<&str>>().len();
    known.tracking.sort_unstable();
    known.tracking.dedup();
    known.numbers.sort_unstable();
    known.numbers.dedup();
    Ok(known)
}

/// A number that is no riddle: the vendor's own, or of a purchase order of the same vendor. One that
/// looks like ours and is not is a riddle.
fn ours(tx: &Tx, po: Option<&PoRow>, number: &str) -> Result<Option<String>> {
    let other = tx.po_numbered(number)?;
    let same = |other: &PoRow| po.is_none_or(|po| po.vendor_id == other.vendor_id);
    let like = po.is_some_and(|po| plain::looks_like(number, &po.number));
    Ok(other
        .as_ref()
        .map_or(!like, same)
        .then(|| number.to_owned()))
}

/// What the rows say already.
fn known(tx: &Tx, po: Option<&PoRow>, found: &Advice) -> Result<KnownBeside> {
    let mut known = KnownBeside {
        table: found.format == "csv",
        ..KnownBeside::default()
    };
    for row in &found.rows {
        known.tracking.extend(row.tracking_number.clone());
        known.tracking.extend(row.further_tracking.clone());
        known.numbers.extend(row.sku.clone());
        for number in [&row.po_number, &row.reference, &row.vendor_order_number]
            .into_iter()
            .flatten()
        {
            known.numbers.extend(ours(tx, po, number)?);
        }
    }
    let orders = found.rows.iter().filter_map(|row| row.po_number.as_ref());
    known.orders = orders.collect::<HashSet<&String>>().len();
    Ok(known)
}

/// Sentences by which goods left before their purchase order did: they are of another.
fn too_early(plain: &Plain, po: Option<&PoRow>) -> Vec<String> {
    let sent = po
        .and_then(|po| po.sent)
        .map(|sent| sent.time().date_naive());
    // the vendor's own day may be the one before
    let first = sent.and_then(|day| day.pred_opt());
    first.map_or_else(Vec::new, |first| plain.left_before(first))
}

/// The sentences because of which the rows must not act; `None` when they may.
fn doubts(
    (mail, text): (&Mail, &str),
    found: &Advice,
    plain: &Plain,
    own: bool,
    asked: AskedPo<'_>,
) -> Option<Vec<String>> {
    let mut doubts = plain.doubts();
    // rows that name their goods say nothing of the others
    let named = found
        .rows
        .iter()
        .all(|row| row.sku.is_some() || row.po_line.is_some());
    if own && !named {
        doubts.extend(plain.never.iter().cloned());
    } else if found.format == "csv"
        && let Some(title) = title(text, &found.rows, asked)
    {
        // what stands right above a table is said of all its rows
        let said = plain
            .never
            .iter()
            .filter(|never| title.contains(never.trim()));
        doubts.extend(said.cloned());
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
    // that of the vendor's own mails is read word by word
    let doubtful = silent || which || !own && plain::doubtful_subject(mail.subject);
    doubtful.then(|| vec![text.trim().to_owned()])
}

/// The line right above a table in a text, its heading or caption; `None` where it names goods, for it is
/// about these then.
fn title<'t>(text: &'t str, rows: &[AdviceRow], asked: AskedPo<'_>) -> Option<&'t str> {
    let lines: Vec<&str> = text.lines().collect();
    let row = rows.first()?;
    let word = row.tracking_number.as_ref().or(row.sku.as_ref())?;
    let packed = |line: &str| line.replace([' ', '-'], "").to_uppercase();
    let word = packed(word);
    let has_cells = |line: &str| {
        let cells = |sign: char| line.split(sign).count() > 2;
        [',', ';', '\t', '|'].into_iter().any(cells) || line.contains('\t')
    };
    let at = lines
        .iter()
        .position(|line| has_cells(line) && packed(line).contains(&word))?;
    let mut above = lines[..at].iter().rev();
    let title = above.find(|line| !line.trim().is_empty() && !has_cells(line))?;
    let small = title.to_lowercase();
    let names = |name: &str| !name.is_empty() && small.contains(&name.to_lowercase());
    let mut goods = asked.lines.iter();
    (!goods.any(|line| names(&line.sku) || names(&line.vendor_sku))).then_some(*title)
}

/// Whether a vendor passes a carrier's mail on, below words of its own.
pub(super) fn forwards(mail: &Mail) -> bool {
    let rich = || mail.html.map(html::to_text);
    let text = mail.text.map(str::to_owned);
    let text = text.filter(|text| !text.trim().is_empty());
    let quoted = |text: String| quote::parts(&text).quoted;
    advice::carrier_of(mail.from).is_none() && text.or_else(rich).is_some_and(quoted)
}
