//! A row that waits, with what a person knows of it: which purchase order it is about, and what was
//! in the parcel.

use super::judge::{COLUMN, judge};
use super::{Hold, ProvedPaper, RuleSettings, advise, cancellation, held, matching};
use crate::domain::business_refusal::BusinessRefusal;
use crate::domain::codes::Code;
use crate::domain::foreign::cut;
use crate::domain::lifecycle::AdviceRowState;
use crate::domain::text::typed;
use crate::ledger::advices::HeldRow;
use crate::ledger::po_lines::LineState;
use crate::ledger::shipments::Origin;
use crate::ledger::{LedgerError, Result, Tx};
use crate::vendor_docs::advice::AdviceRow;
use crate::vendor_docs::columns::{Beside, Of};

/// What a person says of a row.
#[derive(Debug, Default, PartialEq, Eq)]
struct PersonWords {
    po: Option<String>,
    /// Each SKU with its pieces.
    goods: Vec<(String, i64)>,
}

/// Acts on a held row as a person amends it: `po=NUMBER`, and `SKU=PIECES` for each thing that was
/// in the parcel. All of it, or nothing. Says what came of it.
///
/// # Errors
/// When it cannot be understood or acted on, in a sentence.
pub fn amended(
    tx: &Tx,
    settings: &RuleSettings,
    held: &HeldRow,
    changes: &[String],
) -> Result<String> {
    let words =
        read(changes).map_err(|why| LedgerError::Refused(BusinessRefusal::bad_word(why)))?;
    let row = says_something(held)?;
    let over = seen(held, &words);
    let paper = paper(held, settings, &over);
    let mut done = Vec::new();
    for part in parts(&row, &words) {
        let what = part.sku.as_deref().map_or("the row".to_owned(), |sku| {
            format!("{} of {}", part.qty.unwrap_or_default(), cut(sku, 60))
        });
        match advise::take(tx, &paper, &part, true)? {
            Ok(true) => done.push(what),
            Ok(false) => {}
            Err(hold) => return Err(LedgerError::Refused(refused(tx, &what, &hold)?)),
        }
    }
    let note = format!("amended by a person: {}", changes.join(" "));
    tx.move_advice_row(held, AdviceRowState::Applied, &cut(&note, 400))?;
    Ok(match done.is_empty() {
        true => "The row says what is known already: nothing changed.".to_owned(),
        false => format!("The row is acted on: {} left.", done.join(", ")),
    })
}

/// Why what a person says of a row is not acted on; with what to type first where it left although it was
/// cancelled, and the vendor has not said so.
fn refused(tx: &Tx, what: &str, hold: &Hold) -> Result<BusinessRefusal> {
    let why = BusinessRefusal::wrong_state(format!(
        "{what} cannot be acted on, so nothing is: {} ({})",
        cut(&hold.message, 400),
        hold.code
    ));
    let po = match (hold.code, hold.po) {
        (Code::PoNotOpen, Some(po)) => tx.po(po)?,
        _ => return Ok(why),
    };
    Ok(match cancellation::unsettled(tx, &po)?.is_empty() {
        true => why,
        false => why.with_remedy(format!(
            "; where the cancellation came too late, note that first (`poms po cancel-refused {} --note \"WHY\"`), and \
             type this again",
            typed(&po.number)
        )),
    })
}

/// What a person can say about a row as things stand: `SKU=PIECES` for what it names, with a blank for
/// what the row does not say; else `po=NUMBER`, with what left where the row does not say it, where its
/// vendor has another purchase order that may be meant. Writes nothing.
///
/// # Errors
/// In a sentence, when no amendment of the row helps as things stand.
pub fn amendment(
    tx: &Tx,
    settings: &RuleSettings,
    held: &HeldRow,
    po_id: Option<i64>,
) -> Result<Vec<String>> {
    let row = says_something(held)?;
    let over = seen(held, &PersonWords::default());
    let paper = paper(held, settings, &over);
    let all = po_id.map_or_else(|| Ok(Vec::new()), |id| tx.line_states(id))?;
    if let Some(said) = goods(tx, &paper, &row, &all)? {
        return Ok(said);
    }
    let others = match &held.vendor {
        Some(vendor) => tx.shippable_pos(vendor)?,
        None => Vec::new(),
    };
    // a row that does not fit says too little of what left, or too much
    let whole =
        po_id.is_none() && row.qty.is_some() && (row.sku.is_some() || row.po_line.is_some());
    match held.vendor.is_none() || others.iter().any(|po| Some(po.id) != po_id) {
        true if whole => Ok(vec!["po=NUMBER".to_owned()]),
        true => Ok(vec!["po=NUMBER".to_owned(), "SKU=PIECES".to_owned()]),
        false => Err(LedgerError::Refused(
            BusinessRefusal::nothing("nothing that the row can be about is open with its vendor")
                .with_remedy(": dismiss it, or ask the vendor"),
        )),
    }
}

/// The goods that a row can be about, of these lines of its purchase order; `None` where they would not
/// be taken now.
fn goods(
    tx: &Tx,
    paper: &ProvedPaper,
    row: &AdviceRow,
    all: &[LineState],
) -> Result<Option<Vec<String>>> {
    let named: Vec<&LineState> = match (&row.sku, row.po_line) {
        (Some(sku), _) => matching::of_sku(all, sku),
        (None, Some(place)) => all.iter().filter(|line| line.line == place).collect(),
        (None, None) => all.iter().collect(),
    };
    let mut open = open_goods(&named);
    // what it names is not there, or all of it left: a person says what was meant
    let unknown = open.is_empty();
    if unknown {
        open = open_goods(&all.iter().collect::<Vec<_>>());
    }
    let said = row
        .qty
        .filter(|qty| *qty > 0 && open.len() == 1 && !unknown);
    if let [(_, most)] = open.as_mut_slice()
        && let Some(qty) = said
    {
        *most = qty.min(*most);
    }
    if open.is_empty() {
        return Ok(None);
    }
    let words = PersonWords {
        po: None,
        goods: open,
    };
    let over = [paper.released, &[COLUMN.to_owned()]].concat();
    let paper = &ProvedPaper {
        released: &over,
        ..*paper
    };
    for part in parts(row, &words) {
        if judge(tx, paper, &part, true)?.is_err() {
            return Ok(None);
        }
    }
    let of = |(sku, open): &(String, i64)| match said {
        Some(qty) if qty == *open => format!("{sku}={qty}"),
        _ => format!("{sku}=PIECES"),
    };
    Ok(Some(match unknown {
        true => vec!["SKU=PIECES".to_owned()],
        false => words.goods.iter().map(of).collect(),
    }))
}

/// What is open of each SKU.
fn open_goods(lines: &[&LineState]) -> Vec<(String, i64)> {
    let mut goods: Vec<(String, i64)> = Vec::new();
    for line in lines {
        let open = line.pieces.open();
        match goods.iter_mut().find(|(sku, _)| *sku == line.sku) {
            _ if open <= 0 => {}
            Some((_, sum)) => *sum += open,
            None => goods.push((line.sku.clone(), open)),
        }
    }
    goods
}

fn says_something(held: &HeldRow) -> Result<AdviceRow> {
    let row = held::content(held)?;
    let empty = AdviceRow {
        line: row.line,
        ..AdviceRow::default()
    };
    match row == empty {
        true => Err(LedgerError::Refused(
            BusinessRefusal::nothing("the row says nothing that could be amended").with_remedy(
                ": import one that says what left (`poms import-advices`), and dismiss this",
            ),
        )),
        false => Ok(row),
    }
}

/// The checks that the person's words are not held against: whoever says what was in the parcel has read
/// the cells that were in doubt.
fn seen(held: &HeldRow, words: &PersonWords) -> Vec<String> {
    let mut over = held.released.clone();
    if !words.goods.is_empty() {
        over.push(COLUMN.to_owned());
    }
    over
}

fn paper<'a>(held: &'a HeldRow, settings: &'a RuleSettings, over: &'a [String]) -> ProvedPaper<'a> {
    ProvedPaper {
        origin: Origin {
            message: held.message,
            file: held.file,
            source: &held.source,
        },
        vendor: held.vendor.as_deref(),
        only_po: None,
        about: held.only_po,
        sole: true,
        written: None,
        settings,
        released: over,
    }
}

fn parts(row: &AdviceRow, words: &PersonWords) -> Vec<AdviceRow> {
    let whole = AdviceRow {
        po_number: words.po.clone().or_else(|| row.po_number.clone()),
        // what other columns say, the person has read
        beside: match (words.goods.is_empty(), &words.po) {
            (true, None) => row.beside.clone(),
            (true, Some(_)) => {
                let mut beside = row.beside.clone();
                beside
                    .names
                    .retain(|one| !matches!(one.of, Of::Order | Of::Number));
                beside
            }
            (false, _) => Beside::default(),
        },
        ..row.clone()
    };
    if words.goods.is_empty() {
        return vec![whole];
    }
    let part = |(sku, qty): &(String, i64)| AdviceRow {
        sku: Some(sku.clone()),
        po_line: None,
        qty: Some(*qty),
        ..whole.clone()
    };
    words.goods.iter().map(part).collect()
}

fn read(changes: &[String]) -> std::result::Result<PersonWords, String> {
    const HOW: &str = "say what left as SKU=PIECES, one for each SKU, or which purchase order is meant as po=NUMBER";
    let mut words = PersonWords::default();
    for change in changes {
        let Some((name, value)) = change.rsplit_once('=') else {
            return Err(format!("'{}' is no NAME=VALUE: {HOW}", cut(change, 80)));
        };
        let (name, value) = (name.trim(), value.trim());
        if name.eq_ignore_ascii_case("po") {
            words.po = Some(value.to_owned());
            continue;
        }
        match value.parse() {
            Ok(qty) if qty > 0 && !name.is_empty() => words.goods.push((name.to_owned(), qty)),
            _ => {
                return Err(format!(
                    "'{}' does not say how many pieces of what left: {HOW}",
                    cut(change, 80)
                ));
            }
        }
    }
    match words == PersonWords::default() {
        true => Err(HOW.to_owned()),
        false => Ok(words),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_person_says() {
        let of = |all: &[&str]| {
            let all: Vec<String> = all.iter().map(|one| (*one).to_owned()).collect();
            read(&all)
        };
        let words = of(&["po=W1-1", "A=B-2=3"]).unwrap();
        assert_eq!(words.po.as_deref(), Some("W1-1"));
        assert_eq!(words.goods, [("A=B-2".to_owned(), 3)]);
        for wrong in [&["A"][..], &["A=0"], &["A=-1"], &["A=x"], &["=2"], &[]] {
            assert!(of(wrong).unwrap_err().contains("SKU=PIECES"), "{wrong:?}");
        }
    }
}
