//! How vendors call the columns of their stock lists.

use crate::domain::foreign::cut;
use crate::domain::stock::StockHeadings;
use crate::tabular::rows::Row;

/// What a column holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum StockColumn {
    Number,
    OnHand,
    Next,
    Cost,
    Status,
    Ended,
    Least,
    Pack,
}

/// Headings without blanks and signs, in small letters; of several columns for one thing the first of its list counts.
const HEADINGS: [(StockColumn, &[&str]); 8] = [
    (
        StockColumn::Number,
        &[
            "vendorsku",
            "suppliersku",
            "vendoritem",
            "vendoritemnumber",
            "vendorpartnumber",
            "itemnumber",
            "itemno",
            "itemnum",
            "item",
            "itemcode",
            "itemid",
            "itemsku",
            "partnumber",
            "partno",
            "part",
            "model",
            "modelnumber",
            "modelno",
            "stylenumber",
            "style",
            "productcode",
            "productnumber",
            "productid",
            "productsku",
            "product",
            "articlenumber",
            "article",
            "sku",
            "skunumber",
            "yoursku",
            "customersku",
            "retailersku",
            "oursku",
            "mfgsku",
        ],
    ),
    (
        StockColumn::OnHand,
        &[
            "availabletopromise",
            "atp",
            "qtyavailable",
            "availableqty",
            "quantityavailable",
            "availablequantity",
            "qtyavail",
            "availqty",
            "available",
            "avail",
            "freestock",
            "qtyonhand",
            "quantityonhand",
            "onhandqty",
            "onhand",
            "qoh",
            "qtyinstock",
            "stockqty",
            "stockquantity",
            "stocklevel",
            "stockonhand",
            "inventory",
            "inventoryqty",
            "inventorylevel",
            "instock",
            "stock",
            "quantity",
            "qty",
            "availability",
        ],
    ),
    (
        StockColumn::Next,
        &[
            "nextavailable",
            "nextavailabledate",
            "availabledate",
            "dateavailable",
            "nextdate",
            "nextreceipt",
            "nextarrival",
            "restockdate",
            "restock",
            "backinstock",
            "backinstockdate",
            "instockdate",
            "expecteddate",
            "expectedinstock",
            "expected",
            "eta",
            "etadate",
            "duedate",
            "arrivaldate",
            "replenishmentdate",
        ],
    ),
    (
        StockColumn::Cost,
        &[
            "yourcost",
            "yourprice",
            "netcost",
            "netprice",
            "dropshipcost",
            "dropshipprice",
            "dealercost",
            "dealerprice",
            "wholesalecost",
            "wholesaleprice",
            "wholesale",
            "unitcost",
            "costprice",
            "vendorcost",
            "cost",
        ],
    ),
    (
        StockColumn::Status,
        &["itemstatus", "productstatus", "status", "lifecycle"],
    ),
    (
        StockColumn::Ended,
        &["discontinued", "disc", "isdiscontinued", "obsolete"],
    ),
    (
        StockColumn::Least,
        &[
            "minimumorderquantity",
            "minorderqty",
            "minorderquantity",
            "minorder",
            "minimumqty",
            "minqty",
            "moq",
            "minimum",
        ],
    ),
    (
        StockColumn::Pack,
        &[
            "packsize",
            "packqty",
            "casepack",
            "caseqty",
            "casequantity",
            "ordermultiple",
            "multiple",
            "innerpack",
            "pack",
        ],
    ),
];

pub(super) fn plain(heading: &str) -> String {
    let letters = heading.chars().filter(|c| c.is_alphanumeric());
    letters.flat_map(char::to_lowercase).collect()
}

/// What a site calls a column.
fn named(own: &StockHeadings, column: StockColumn) -> Option<&str> {
    match column {
        StockColumn::Number => own.number.as_deref(),
        StockColumn::OnHand => own.on_hand.as_deref(),
        StockColumn::Next => own.next.as_deref(),
        StockColumn::Cost => own.cost.as_deref(),
        _ => None,
    }
}

/// The columns that a list may be asked for, but the article's number.
fn first_of(wanted: impl Fn(StockColumn) -> bool) -> Option<StockColumn> {
    let columns = [StockColumn::OnHand, StockColumn::Next, StockColumn::Cost];
    columns.into_iter().find(|column| wanted(*column))
}

/// That no row of a file has the headings that it must have.
pub(super) fn lacking(own: &StockHeadings) -> String {
    let all = [&own.number, &own.on_hand, &own.next, &own.cost];
    let all: Vec<String> = all
        .into_iter()
        .flatten()
        .map(|heading| format!("'{}'", cut(heading, 40)))
        .collect();
    match all.is_empty() {
        true => "no row of headings has the number of an article (SKU, item number) and how many there are (on hand, available, qty)".to_owned(),
        false => format!("no row of headings has {}, as the configuration calls its columns, with the number of an article and how many there are", all.join(" and ")),
    }
}

/// The columns of one row of headings: what each holds with its rank; `None` where it is none.
pub(super) struct Heads {
    /// Of the article's numbers, the likeliest first.
    pub numbers: Vec<usize>,
    of: Vec<(StockColumn, usize)>,
    /// Headings of the others.
    pub unused: Vec<String>,
}

impl Heads {
    /// Reads a row as headings, if it has the number of an article and how many there are.
    pub fn of(row: &Row, own: &StockHeadings) -> Option<Heads> {
        let mut found: Vec<(StockColumn, usize, usize)> = Vec::new();
        for (place, cell) in row.cells.iter().enumerate() {
            let key = plain(cell);
            for (column, names) in HEADINGS {
                let rank = match named(own, column) {
                    Some(heading) => (plain(heading) == key).then_some(0),
                    None => names.iter().position(|name| *name == key),
                };
                found.extend(rank.map(|rank| (column, rank, place)));
            }
        }
        found.sort_by_key(|(_, rank, place)| (*rank, *place));
        let of = |wanted: StockColumn| {
            let mine = found.iter().filter(move |(column, ..)| *column == wanted);
            mine.map(|(_, _, place)| *place)
        };
        let numbers: Vec<usize> = of(StockColumn::Number).collect();
        let first: Vec<(StockColumn, usize)> = HEADINGS
            .iter()
            .filter(|(column, _)| *column != StockColumn::Number)
            .filter_map(|(column, _)| Some((*column, of(*column).next()?)))
            .collect();
        let has = |wanted: StockColumn| first.iter().any(|(column, _)| *column == wanted);
        let lacks = |column: StockColumn| named(own, column).is_some() && !has(column);
        if numbers.is_empty() || !has(StockColumn::OnHand) || first_of(lacks).is_some() {
            return None;
        }
        let used =
            |place: usize| numbers.contains(&place) || first.iter().any(|(_, at)| *at == place);
        let rest = row
            .cells
            .iter()
            .enumerate()
            .filter(|(place, cell)| !used(*place) && !cell.is_empty());
        let unused = rest.map(|(_, cell)| cell.clone()).collect();
        Some(Heads {
            numbers,
            of: first,
            unused,
        })
    }

    /// The cell of a column; empty where the list has none.
    pub fn cell<'r>(&self, row: &'r Row, column: StockColumn) -> &'r str {
        let place = self.of.iter().find(|(known, _)| *known == column);
        place.map_or("", |(_, place)| row.cell(*place))
    }
}
