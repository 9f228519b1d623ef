//! One rule: what a row names a second time must be what its purchase order says. Article, order, line,
//! recipient, vendor and packages are compared; what agrees passes, and what contradicts is told, the
//! cell marked. Where vendors write freely (names, descriptions) only what clearly is another thing
//! contradicts.

mod carried;
mod charged;
mod looks;
mod own;
mod parties;

use super::{asked_lines, matching, named};
use crate::ledger::po_lines::LineState;
use crate::ledger::purchase_orders::PoRow;
use crate::ledger::{Result, Tx};
use crate::vendor_docs::advice::ShipTo;
use crate::vendor_docs::columns::{
    NamedCell, Of, is_of_other_paper, marked, nothing, of_packages, takes_back,
};
use crate::vendor_docs::reply::plain;
pub(super) use charged::charge;
use own::{NOBODY, Own, alike, shortened, tokens};

/// What a row is about.
#[derive(Clone, Copy)]
pub(super) struct RowSubject<'a> {
    /// Its purchase order.
    pub po: &'a PoRow,
    /// The lines of it that the row means.
    pub lines: &'a [&'a LineState],
    /// All of its lines.
    pub all: &'a [LineState],
    /// Pieces, where the row says them.
    pub qty: Option<i64>,
    /// Parcels of which it gives a number.
    pub parcels: i64,
}

/// The clauses about what contradicts the purchase order.
pub(super) fn others(
    tx: &Tx,
    about: &RowSubject,
    names: &[NamedCell],
    to: &ShipTo,
) -> Result<Vec<String>> {
    let mut found = Vec::new();
    let own = Own::of(about);
    let zips = names.iter().filter(|one| one.of == Of::Zip);
    let zips: Vec<&str> = zips
        .map(|one| one.cell.as_str())
        .chain(Some(to.zip.as_str()).filter(|zip| !nothing(zip)))
        .collect();
    // cities of one ZIP have more than one name
    let placed = !zips.is_empty() && zips.iter().all(|zip| own.has_zip(zip));
    let fields = [
        ("ship to", &to.name, Of::Recipient),
        ("address", &to.street, Of::Recipient),
        ("city", &to.city, Of::City),
        ("state", &to.state, Of::Region),
        ("ZIP", &to.zip, Of::Zip),
    ];
    let fields = fields.into_iter().filter(|(_, cell, _)| !nothing(cell));
    let fields = fields.map(|(heading, cell, of)| NamedCell {
        heading: heading.to_owned(),
        cell: cell.clone(),
        of,
    });
    for one in fields.collect::<Vec<_>>().iter().chain(names) {
        if one.of == Of::City && placed {
            continue;
        }
        if let Some(why) = contradicts(tx, about, &own, one)? {
            let marked = marked(&one.heading, &one.cell);
            found.push(match why.is_empty() {
                true => marked,
                false => format!("{marked}, {why}"),
            });
        }
    }
    Ok(found)
}

/// What in the lines of keys of a mail's own words contradicts its purchase order, as a clause; how many
/// packages left is looked at where their rows are.
pub(super) fn keys(tx: &Tx, po: &PoRow, own: &str) -> Result<Option<String>> {
    let names = plain::named_keys(own).into_iter();
    let names: Vec<NamedCell> = names.filter(|one| one.of != Of::Packages).collect();
    if names.is_empty() {
        return Ok(None);
    }
    let all = tx.line_states(po.id)?;
    let lines: Vec<&LineState> = all.iter().collect();
    let about = RowSubject {
        po,
        lines: &lines,
        all: &all,
        qty: None,
        parcels: 0,
    };
    let found = others(tx, &about, &names, &ShipTo::default())?;
    // a mail has no columns
    let found = found.join("; ").replace("column '", "'");
    Ok((!found.is_empty()).then_some(found))
}

/// Why a cell is another thing than the purchase order's; `None` when it is not.
fn contradicts(tx: &Tx, about: &RowSubject, own: &Own, one: &NamedCell) -> Result<Option<String>> {
    let cell = one.cell.trim();
    let po = about.po;
    if takes_back(&own.without(cell)) {
        return Ok(Some(String::new()));
    }
    let said = |differs: bool, what: String| Ok(differs.then_some(what));
    match one.of {
        Of::Article => article(tx, about, own, cell),
        Of::Code => code(tx, about, cell),
        Of::Text => text(tx, about, own, cell),
        Of::Look => Ok(looks::others(cell, &own.goods, true).then(|| own.called(about))),
        Of::Line => Ok(line(about, cell)),
        // "Customer Ref: Dana" names a person
        Of::Order => said(
            cell.bytes().any(|b| b.is_ascii_digit()) && named::is_other(tx, po, cell, true)?,
            format!("and this is {}", po.number),
        ),
        Of::Number => {
            let strange = !own.is_number(cell) && matching::of_sku(about.all, cell).is_empty();
            let alike = strange && named::has_form(&one.heading, cell, &po.number);
            let other = alike || named::is_other(tx, po, cell, false)?;
            match !other && !own.is_number(cell) && is_of_other_paper(&one.heading, cell) {
                true => Ok(Some(String::new())),
                false => said(other, format!("which is not {}", po.number)),
            }
        }
        Of::Recipient => said(
            !own.is_recipient(cell),
            format!("and it goes to {}", own.label.join(", ")),
        ),
        Of::City => said(
            !own.is_recipient(cell),
            format!("and it goes to {}", own.label.join(", ")),
        ),
        Of::Zip => said(
            !own.has_zip(cell),
            format!("and it goes to {}", own.label.join(", ")),
        ),
        Of::Region => said(
            !own.is_state(cell),
            format!("and it goes to {}", own.label.join(", ")),
        ),
        Of::Country => said(
            !own.is_country(cell),
            format!("and it goes to {}", own.label.join(", ")),
        ),
        Of::Email => parties::customers(tx, about, cell),
        Of::Vendor => parties::vendor(tx, about, one),
        Of::Packages => Ok(packages(about, cell)),
        Of::Sender => carried::sender(tx, about, cell),
        Of::Receiver => said(
            !carried::is_receiver(own, po, cell),
            format!("and it goes to {}", own.label.join(", ")),
        ),
        Of::Party => parties::party(tx, about, own, cell),
        Of::Ordered => Ok(ordered(about, cell)),
    }
}

fn article(tx: &Tx, about: &RowSubject, own: &Own, cell: &str) -> Result<Option<String>> {
    let meant: Vec<LineState> = about.lines.iter().map(|line| (*line).clone()).collect();
    if !matching::of_sku(&meant, cell).is_empty() {
        return Ok(None);
    }
    // "Brass Floor Lamp" under "Item"
    let number = cell.chars().any(|c| c.is_ascii_digit()) && cell.split_whitespace().count() < 3;
    if !number && matching::of_sku(about.all, cell).is_empty() {
        return text(tx, about, own, cell);
    }
    Ok(Some(match matching::of_sku(about.all, cell).first() {
        Some(other) => format!("which is line {} of {}", other.line, about.po.number),
        None => super::no_such_sku(cell, &about.po.number, about.all),
    }))
}

/// A number of another register contradicts only where the catalogue has one, or where it is another
/// article's.
fn code(tx: &Tx, about: &RowSubject, cell: &str) -> Result<Option<String>> {
    let meant: Vec<LineState> = about.lines.iter().map(|line| (*line).clone()).collect();
    if !matching::of_sku(&meant, cell).is_empty() {
        return Ok(None);
    }
    if let Some(other) = matching::of_sku(about.all, cell).first() {
        return Ok(Some(format!(
            "which is line {} of {}",
            other.line, about.po.number
        )));
    }
    if let Some(other) = tx.sold_as(&about.po.vendor_id, cell)? {
        return Ok(Some(format!("which is {other}")));
    }
    let digits = |text: &str| -> String {
        let digits: String = text.chars().filter(char::is_ascii_digit).collect();
        digits.trim_start_matches('0').to_owned()
    };
    let said = digits(cell);
    let mut known: Vec<String> = Vec::new();
    for line in about.lines {
        for extra in tx.extras_of(&line.sku)? {
            let codes = extra.iter().filter(|(name, _)| {
                let name = name.to_lowercase();
                ["upc", "ean", "gtin", "barcode"]
                    .iter()
                    .any(|code| name.contains(code))
            });
            known.extend(codes.map(|(_, value)| digits(&value.to_string())));
        }
    }
    known.retain(|code| code.len() > 6);
    let other = said.len() > 6 && !known.is_empty() && !known.contains(&said);
    Ok(other.then(|| format!("the catalogue has {}", known.join(", "))))
}

/// A description contradicts where it has no word of the article's, not even a shortened one, and has words
/// of another line or of another article of the vendor's.
fn text(tx: &Tx, about: &RowSubject, own: &Own, cell: &str) -> Result<Option<String>> {
    if looks::others(cell, &own.goods, false) {
        return Ok(Some(own.called(about)));
    }
    let words: Vec<String> = tokens(cell)
        .into_iter()
        .filter(|word| word.chars().count() > 1 && word.chars().all(char::is_alphabetic))
        .collect();
    let fits = |word: &String| {
        let near = |own: &String| alike(word, own) || shortened(word, own);
        own.goods.iter().any(near)
    };
    if words.is_empty() || own.goods.is_empty() || words.iter().any(fits) {
        return Ok(None);
    }
    let telling: Vec<&String> = words
        .iter()
        .filter(|word| word.chars().count() > 3 && !NOBODY.contains(&word.as_str()))
        .collect();
    let has = |description: &str| {
        let theirs = tokens(description);
        let found = |word: &&&String| theirs.iter().any(|one| alike(word, one));
        telling.iter().filter(found).count()
    };
    for line in asked_lines(about.po, about.all) {
        let meant = about.lines.iter().any(|one| one.line == line.line);
        if !meant && has(&line.description) > 0 {
            return Ok(Some(format!(
                "which reads like {}, line {}",
                line.sku, line.line
            )));
        }
    }
    for word in &telling {
        for offer in tx.described(&about.po.vendor_id, word)? {
            let meant = about.lines.iter().any(|one| one.sku == offer.sku);
            if !meant && has(&offer.description) * 2 >= telling.len() {
                return Ok(Some(format!("which reads like {}", offer.sku)));
            }
        }
    }
    Ok(None)
}

fn line(about: &RowSubject, cell: &str) -> Option<String> {
    let whole = cell.split('.').next().unwrap_or_default();
    let place: i64 = whole.trim().trim_start_matches('#').parse().ok()?;
    // lines of systems that count by tens; longer ones are names of rows
    let same = |line: &&&LineState| place == line.line || place == line.line * 10;
    let of_order = |line: &&&LineState| place == line.order_line;
    let meant = about.lines.iter();
    let fits = place > 999
        || meant.clone().any(|line| same(&line))
        || meant.clone().any(|line| of_order(&line));
    (!fits).then(|| {
        let lines: Vec<String> = about
            .lines
            .iter()
            .map(|line| line.line.to_string())
            .collect();
        format!(
            "and {} is line {} of {}",
            about.lines[0].sku,
            lines.join(", "),
            about.po.number
        )
    })
}

/// Another number than was ordered, of the lines that are meant or of one of them, or of the whole.
fn ordered(about: &RowSubject, cell: &str) -> Option<String> {
    let figures: String = cell
        .trim()
        .chars()
        .take_while(|c| c.is_ascii_digit() || matches!(c, '.' | ','))
        .filter(|c| *c != ',')
        .collect();
    let sum = |lines: &mut dyn Iterator<Item = &LineState>| -> (i64, i64) {
        let pieces = lines.map(|line| (line.pieces.ordered, line.pieces.cancelled));
        pieces.fold((0, 0), |(all, gone), (ordered, cancelled)| {
            (all + ordered, gone + cancelled)
        })
    };
    let mut known = vec![
        sum(&mut about.lines.iter().copied()),
        sum(&mut about.all.iter()),
    ];
    let each = about.lines.iter().copied();
    known.extend(each.map(|line| sum(&mut std::iter::once(line))));
    let Ok(said) = figures.parse::<f64>() else {
        return Some("which is no number".to_owned());
    };
    let is =
        |(ordered, gone): &(i64, i64)| said == *ordered as f64 || said == (ordered - gone) as f64;
    (!known.iter().any(is)).then(|| format!("and {} were ordered", known[0].0))
}

/// None, no number, or the only count of several pieces.
fn packages(about: &RowSubject, cell: &str) -> Option<String> {
    // "Box 1 of 2": they may have all pieces of the order
    if let Some(boxes) = of_packages(cell) {
        let all: i64 = about.all.iter().map(|line| line.pieces.ordered).sum();
        return (boxes > all).then(|| format!("and {all} were ordered in all"));
    }
    let number: Option<f64> = cell.trim().parse().ok();
    let open: i64 = about.lines.iter().map(|line| line.pieces.open()).sum();
    // one piece under one number is in one of them
    let ordered: i64 = about.lines.iter().map(|line| line.pieces.ordered).sum();
    let most = about.qty.unwrap_or(ordered).max(about.parcels);
    match number {
        None => Some("which is no number".to_owned()),
        Some(number) if number < 1.0 => Some("so that nothing left".to_owned()),
        Some(_) if about.qty.is_none() && open > 1 => Some(format!(
            "and nothing says how many of the {open} pieces are in them"
        )),
        Some(number) if number > most as f64 => {
            Some("and so many pieces are not in the row".to_owned())
        }
        Some(_) => None,
    }
}
