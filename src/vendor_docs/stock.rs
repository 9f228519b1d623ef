//! What a vendor has, in the vendor's own columns: known by their headings, in any order, parted by commas,
//! semicolons, tabs or bars, or as a workbook. A row that cannot be read is named and its article is not known; a
//! file that is no such list is refused.

mod headings;

use crate::domain::foreign::cut;
use crate::domain::money::Money;
use crate::domain::spreadsheet::{Holds, damage, too_wide};
use crate::domain::stock::{StockHeadings, StockItem};
use crate::tabular::cells::{date, price, quantity};
use crate::tabular::encoding::Encodings;
use crate::tabular::rows::{self, Row};
use crate::tabular::{self, NoTable, RowError};
use chrono::NaiveDate;
use headings::{Heads, StockColumn, plain};

/// So many rows may stand above the headings.
const ABOVE: usize = 20;

/// One row of the list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StockLine {
    /// The article's numbers, the likeliest first: the vendor's or ours.
    pub numbers: Vec<String>,
    /// What is said of it.
    pub item: StockItem,
    /// The line in the file.
    pub line: u64,
}

/// A list as it was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StockSheet {
    /// Its rows.
    pub rows: Vec<StockLine>,
    /// What cannot be read, by line.
    pub faults: Vec<RowError>,
    /// Headings of columns that are not used.
    pub unused: Vec<String>,
}

/// Reads a list. What is named in `own` is called so in it, and what its headings say otherwise does not count.
///
/// # Errors
/// Why the file is none: it is refused whole.
pub fn read_stock(bytes: &[u8], own: &StockHeadings) -> Result<StockSheet, Vec<RowError>> {
    let whole = |message: String| {
        vec![RowError {
            line: 1,
            column: String::new(),
            message,
        }]
    };
    let table = tabular::text(bytes, Encodings::Guessed);
    let table = table.and_then(|table| table.plainly_named().map(|()| table));
    let text = table
        .map_err(|what: NoTable| {
            whole(format!(
                "this is {}",
                what.or(": save it as CSV or as a workbook of one sheet")
            ))
        })?
        .text;
    if let Some(fault) = too_wide(text.as_bytes()) {
        return Err(whole(fault));
    }
    for comma in *b",;\t|" {
        let (rows, broken) = rows::rows(&text, comma);
        let headed = rows
            .iter()
            .take(ABOVE)
            .position(|row| Heads::of(row, own).is_some());
        if let Some(head) = headed
            && let Some(heads) = rows.get(head).and_then(|row| Heads::of(row, own))
        {
            let below = rows.get(head + 1..).unwrap_or_default();
            return sheet(&heads, below, broken);
        }
    }
    Err(whole(headings::lacking(own)))
}

fn sheet(heads: &Heads, rows: &[Row], broken: Vec<RowError>) -> Result<StockSheet, Vec<RowError>> {
    let mut sheet = StockSheet {
        rows: Vec::new(),
        faults: broken,
        unused: heads.unused.clone(),
    };
    for row in rows.iter().filter(|row| !row.is_blank()) {
        match line(heads, row) {
            Ok(Some(line)) => sheet.rows.push(line),
            Ok(None) => {}
            Err(fault) => sheet.faults.push(fault),
        }
    }
    match sheet.faults.len() > sheet.rows.len() {
        true => Err(sheet.faults),
        false => Ok(sheet),
    }
}

/// One row; `None` where it names no article.
fn line(heads: &Heads, row: &Row) -> Result<Option<StockLine>, RowError> {
    let fault = |column: &str, message: String| RowError {
        line: row.line,
        column: column.to_owned(),
        message,
    };
    let mut numbers: Vec<String> = Vec::new();
    for place in &heads.numbers {
        let number = row.cell(*place);
        if let Some(what) = damage(number, Holds::Key) {
            return Err(fault("item number", what));
        }
        if !number.is_empty() && number.chars().count() <= 64 {
            numbers.push(number.to_owned());
        }
    }
    if numbers.is_empty() {
        return Ok(None);
    }
    let item = item(heads, row).map_err(|(column, why)| fault(column, why))?;
    Ok(Some(StockLine {
        numbers,
        item,
        line: row.line,
    }))
}

/// What a row says of its article; else what is wrong in which column.
fn item(heads: &Heads, row: &Row) -> Result<StockItem, (&'static str, String)> {
    let said = |column: StockColumn| heads.cell(row, column);
    let is_so = matches!(
        plain(said(StockColumn::Ended)).as_str(),
        "yes" | "y" | "true" | "1" | "x"
    );
    let words = [StockColumn::Status, StockColumn::OnHand, StockColumn::Ended];
    let ended = is_so || words.iter().any(|column| ended(said(*column)));
    let on_hand = on_hand(said(StockColumn::OnHand)).map_err(|why| ("on hand", why))?;
    let count = |column, name| match quantity(said(column)) {
        Ok(count) => Ok(count.filter(|count| *count > 0)),
        Err(why) => Err((name, why)),
    };
    Ok(StockItem {
        on_hand: on_hand.or(ended.then_some(0)),
        next: next(said(StockColumn::Next))?,
        cost: cost(said(StockColumn::Cost))?,
        discontinued: ended,
        min_qty: count(StockColumn::Least, "minimum")?,
        pack: count(StockColumn::Pack, "pack")?,
    })
}

fn cost(cell: &str) -> Result<Option<Money>, (&'static str, String)> {
    let cost = price(&with_point(cell)).map_err(|why| ("cost", why))?;
    match cost {
        Some(cost) if cost <= Money::ZERO || cost.plausible().is_err() => {
            Err(("cost", format!("'{}' is no cost", cut(cell, 40))))
        }
        cost => Ok(cost),
    }
}

/// One or two digits behind the last comma are cents, and points before it part thousands: `1.234,50`.
fn with_point(cell: &str) -> String {
    match cell.trim().rsplit_once(',') {
        Some((whole, cents))
            if matches!(cents.len(), 1 | 2) && cents.bytes().all(|b| b.is_ascii_digit()) =>
        {
            format!("{}.{cents}", whole.replace(['.', ','], ""))
        }
        _ => cell.to_owned(),
    }
}

fn next(cell: &str) -> Result<Option<NaiveDate>, (&'static str, String)> {
    // a word there ("call", "TBD") says as little as nothing
    match cell.contains(|c: char| c.is_ascii_digit()) {
        false => Ok(None),
        true => date(cell).map(Some).map_err(|why| ("next date", why)),
    }
}

/// Whether a cell says that no more comes.
fn ended(cell: &str) -> bool {
    matches!(
        plain(cell).as_str(),
        "discontinued" | "disc" | "obsolete" | "endoflife" | "eol" | "closeout" | "inactive"
    )
}

/// Pieces; `None` where it says only that there are some, or nothing. `50+` and `>50` are fifty at least.
fn on_hand(cell: &str) -> Result<Option<i64>, String> {
    let bare = cell
        .trim_start_matches(['>', '+'])
        .trim_end_matches('+')
        .trim();
    match plain(cell).as_str() {
        "" | "instock" | "yes" | "y" | "available" | "avail" | "instk" => Ok(None),
        "no" | "n" | "outofstock" | "oos" | "soldout" | "none" | "unavailable" | "notavailable"
        | "backorder" | "backordered" | "discontinued" | "disc" | "obsolete" => Ok(Some(0)),
        // a shelf owes nobody
        _ => Ok(quantity(bare)?.map(|count| count.max(0))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> StockSheet {
        read_stock(text.as_bytes(), &StockHeadings::default()).expect("a list")
    }

    fn counts(text: &str) -> Vec<(String, Option<i64>)> {
        let rows = read(text).rows.into_iter();
        rows.map(|row| (row.numbers[0].clone(), row.item.on_hand))
            .collect()
    }

    #[test]
    fn columns_are_known_by_their_headings() {
        let text = "Acme inventory of today\n\nItem #;Description;Qty Available;Your Cost;ETA;Case Pack;Status\n\
                    AC-1;Lamp;1,204;$12.50;;6;Active\nAC-2;Kettle;0;9.99;12/04/2026;;Discontinued\n;;;;;;\n";
        // no decimal comma: the semicolon parts the cells
        let sheet = read(text);
        assert_eq!(sheet.unused, ["Description"]);
        assert_eq!(sheet.rows[0].item.on_hand, Some(1204));
        assert_eq!(sheet.rows[0].item.cost, Some(Money(1250)));
        assert_eq!(sheet.rows[0].item.pack, Some(6));
        let kettle = &sheet.rows[1].item;
        assert_eq!((kettle.on_hand, kettle.discontinued), (Some(0), true));
        assert_eq!(kettle.next, "2026-12-04".parse().ok());
        assert_eq!(sheet.rows.len(), 2);
    }

    #[test]
    fn words_and_marks_for_how_many() {
        let text = "sku,stock\nA,50+\nB,>100\nC,In Stock\nD,Out of Stock\nE,-4\nF,\nG,3.00\nH,NO\nI,Discontinued\n";
        let wanted = [
            Some(50),
            Some(100),
            None,
            Some(0),
            Some(0),
            None,
            Some(3),
            Some(0),
            Some(0),
        ];
        let found: Vec<Option<i64>> = counts(text).into_iter().map(|(_, count)| count).collect();
        assert_eq!(found, wanted);
    }

    #[test]
    fn of_several_columns_the_plainest_counts_and_every_number_is_kept() {
        let sheet = read("SKU\tVendor SKU\tOn Hand\tAvailable\nOURS\tTHEIRS\t9\t7\n");
        assert_eq!(sheet.rows[0].numbers, ["THEIRS", "OURS"]);
        assert_eq!(sheet.rows[0].item.on_hand, Some(7));
        assert_eq!(sheet.unused, ["On Hand"]);
    }

    #[test]
    fn a_row_that_cannot_be_read_is_named_and_the_others_stand() {
        let sheet = read(
            "sku,qty,cost\nA,5,1.00\nB,five,1.00\nC,2,-3.00\nD,4,2.00\n4.00638E+12,3,1.00\nE,1,\n",
        );
        let lines: Vec<u64> = sheet.faults.iter().map(|fault| fault.line).collect();
        assert_eq!((sheet.rows.len(), lines), (3, vec![3, 4, 6]));
    }

    #[test]
    fn costs_are_read_with_a_point_or_a_comma() {
        for (cell, cents) in [
            ("\"12,50\"", Some(1250)),
            ("\"1.234,50\"", Some(123_450)),
            ("\"1,234.50\"", Some(123_450)),
            ("\"1,234\"", Some(123_400)),
            ("\"12,5\"", Some(1250)),
            ("12.505", None),
        ] {
            let sheet = read(&format!("sku,qty,cost\nA,1,{cell}\n"));
            assert_eq!(sheet.rows[0].item.cost.map(|cost| cost.0), cents, "{cell}");
        }
    }

    #[test]
    fn columns_that_a_site_names_count_before_all_others() {
        let text = "Art.-Nr.;Bezeichnung;Lager;Qty;EK\nA;Lampe;7;1;12,50\n";
        let own = |number: &str, on_hand: &str| StockHeadings {
            number: Some(number.to_owned()),
            on_hand: Some(on_hand.to_owned()),
            cost: Some("EK".to_owned()),
            next: None,
        };
        let sheet = read_stock(text.as_bytes(), &own("art.-nr.", "Lager")).expect("a list");
        assert_eq!(sheet.rows[0].numbers, ["A"]);
        assert_eq!(sheet.rows[0].item.on_hand, Some(7));
        assert_eq!(sheet.rows[0].item.cost, Some(Money(1250)));
        // without names nothing says which is the article's number
        assert!(read_stock(text.as_bytes(), &StockHeadings::default()).is_err());
        let faults = read_stock(text.as_bytes(), &own("Artikel", "Lager")).unwrap_err();
        assert!(
            faults[0].message.contains("'Artikel'"),
            "{}",
            faults[0].message
        );
    }

    #[test]
    fn what_is_no_list_is_refused() {
        for text in [
            "",
            "sku,description\nA,Lamp\n",
            "qty,cost\n3,1.00\n",
            "sku,qty\nA,x\nB,z\nC,3\n",
            "%PDF-1.4",
        ] {
            assert!(
                read_stock(text.as_bytes(), &StockHeadings::default()).is_err(),
                "{text}"
            );
        }
    }
}
