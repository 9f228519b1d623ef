//! Tables of answers that have no status: what stands in one says by stock ("In stock"), or by how many of the
//! ordered pieces are allocated and on backorder. Rewritten with a status, they are read as all others.

mod loose;
mod pieces;

use super::advice::{AdviceField, field_of, words_of};
use super::columns::takes_back;
use super::reply::structured::AckRows;
use super::text::decode;
use csv::StringRecord;
use pieces::{PieceColumns, by_pieces};

/// Words of a column of availability that are answers.
const WORDS: &[(&str, &str)] = &[
    ("in stock", "in stock"),
    ("instock", "in stock"),
    ("available", "in stock"),
    ("yes", "in stock"),
    ("out of stock", "out of stock"),
    ("oos", "out of stock"),
    ("unavailable", "unavailable"),
    ("not available", "unavailable"),
    ("backordered", "backordered"),
    ("back ordered", "backordered"),
    ("backorder", "backordered"),
    ("on backorder", "backordered"),
    ("discontinued", "discontinued"),
];
/// A yes in a column of what is accepted; a no may be one that is still to come.
const YES: &[(&str, &str)] = &[
    ("y", "accepted"),
    ("yes", "accepted"),
    ("true", "accepted"),
    ("accepted", "accepted"),
    ("confirmed", "accepted"),
];
const ACCEPTED: &[&str] = &[
    "accepted",
    "confirmed",
    "acknowledged",
    "accept",
    "isaccepted",
    "isconfirmed",
    "lineaccepted",
    "itemaccepted",
];
const AVAILABLE: &[&str] = &[
    "availability",
    "available",
    "stock",
    "instock",
    "stockstatus",
    "itemavailability",
];
const ORDERED: &[&str] = &[
    "ordered",
    "qtyordered",
    "orderedqty",
    "orderqty",
    "quantityordered",
    "orderedquantity",
    "qtyord",
    "ord",
    "qtyorder",
];
/// Pieces, whichever, beside those that come later.
const PIECES: &[&str] = &["qty", "quantity"];
/// Pieces that left, beside those that come later.
const SHIPPED: &[&str] = &[
    "shipped",
    "qtyshipped",
    "shippedqty",
    "quantityshipped",
    "qtyship",
];
const ALLOCATED: &[&str] = &[
    "allocated",
    "qtyallocated",
    "allocatedqty",
    "quantityallocated",
    "reserved",
    "qtyreserved",
    "reservedqty",
    "committed",
    "qtycommitted",
    "committedqty",
];
/// Pieces that they have of those that are ordered.
const THERE: &[&str] = &[
    "qtyavailable",
    "availableqty",
    "quantityavailable",
    "availablequantity",
    "qtyavail",
    "availqty",
];
/// Pieces that they accept of those that are ordered.
const CONFIRMED: &[&str] = &[
    "qtyconfirmed",
    "confirmedqty",
    "quantityconfirmed",
    "confirmedquantity",
    "qtyaccepted",
    "acceptedqty",
    "quantityaccepted",
    "qtyacknowledged",
    "acknowledgedqty",
];
/// The same where the heading says no more: a column of it may also hold words.
const CONFIRMED_SHORT: &[&str] = &[
    "confirmed",
    "conf",
    "qtyconf",
    "confqty",
    "accepted",
    "acknowledged",
    "ack",
    "qtyack",
    "ackqty",
];
/// Pieces that come later.
const LATER: &[&str] = &[
    "backordered",
    "backorder",
    "qtybackordered",
    "backorderedqty",
    "qtybo",
    "boqty",
    "bo",
    "backorderqty",
    "quantitybackordered",
];

/// Most rows of one table that are held against the others.
const MOST: usize = 50;

/// Notes with the answers of a table the rows of it that make no sense and take them back: of the same purchase
/// order, and the same article where they name one; one that names none is about the row above it.
pub fn taken_back(bytes: &[u8], (rows, errors): &mut AckRows) {
    let Ok(text) = decode::text(bytes) else {
        return;
    };
    loose::look(&text, rows);
    let lines: Vec<&str> = text.lines().collect();
    for error in errors.iter().take(MOST) {
        let at = usize::try_from(error.line).unwrap_or(usize::MAX);
        let Some(line) = at.checked_sub(1).and_then(|at| lines.get(at)) else {
            continue;
        };
        let cells: Vec<String> = line
            .split([',', '\t', ';', '|'])
            .map(|cell| cell.trim_matches([' ', '"', '\'']).to_uppercase())
            .collect();
        let below = |cell: &String| cell.starts_with('-') && cell[1..].parse::<f64>().is_ok();
        // a line of its own may be about all above it
        let alone = cells.iter().filter(|cell| !cell.is_empty()).count() == 1;
        if !alone && !cells.iter().any(|cell| takes_back(cell) || below(cell)) {
            continue;
        }
        let has = |name: &Option<String>| {
            let name = name.as_ref().map(|name| name.to_uppercase());
            name.is_some_and(|name| cells.contains(&name))
        };
        let ordered = rows.iter().any(|row| has(&row.po_number));
        let article = rows.iter().any(|row| has(&row.po_number) && has(&row.sku));
        let digits = cells
            .iter()
            .any(|cell| cell.bytes().any(|b| b.is_ascii_digit()));
        let above = rows
            .iter()
            .rposition(|row| row.line < at)
            .filter(|_| !digits);
        let said: String = line.trim().chars().take(120).collect();
        let said = format!(
            "line {at} of the same table says >>{}<<",
            said.escape_debug()
        );
        for (place, row) in rows.iter_mut().enumerate() {
            let same = has(&row.po_number) && (!article || has(&row.sku));
            let unknown = alone && !cells.iter().any(|cell| takes_back(cell));
            let of_all = unknown && !ordered && row.line < at;
            if ordered && same || !ordered && above == Some(place) || of_all {
                row.beside.doubts.push(said.clone());
            }
        }
    }
}

/// The same table with a status; `None` for any other file.
pub fn with_status(bytes: &[u8]) -> Option<Vec<u8>> {
    let text = decode::text(bytes).ok()?;
    b",\t;|".iter().find_map(|comma| of(&text, *comma))
}

fn of(text: &str, comma: u8) -> Option<Vec<u8>> {
    let mut reader = csv::ReaderBuilder::new()
        .delimiter(comma)
        .flexible(true)
        .from_reader(text.as_bytes());
    let headings = reader.headers().ok()?.clone();
    let fields: Vec<_> = headings
        .iter()
        .map(|one| field_of(one).map(|(field, _)| field))
        .collect();
    let has = |field: AdviceField| fields.contains(&Some(field));
    let order = has(AdviceField::Po) || has(AdviceField::Order);
    let left = has(AdviceField::Tracking) || has(AdviceField::Carrier) || has(AdviceField::Status);
    if !order || left {
        return None;
    }
    let place = |names: &[&str]| {
        headings
            .iter()
            .position(|one| names.contains(&words_of(one).concat().as_str()))
    };
    let records: Vec<StringRecord> = reader.records().filter_map(Result::ok).collect();
    if let Some(at) = place(AVAILABLE) {
        return by_words(&headings, &records, (at, WORDS), comma);
    }
    let words = place(ACCEPTED).and_then(|at| by_words(&headings, &records, (at, YES), comma));
    if words.is_some() {
        return words;
    }
    let columns = counted(&place, has(AdviceField::ShipDate))?;
    by_pieces(&headings, &records, &columns, comma)
}

/// The columns in which a table counts pieces; `dated` says that it has days on which goods left.
fn counted(place: &dyn Fn(&[&str]) -> Option<usize>, dated: bool) -> Option<PieceColumns> {
    let later = place(LATER);
    let said = [ALLOCATED, CONFIRMED, THERE]
        .into_iter()
        .any(|list| place(list).is_some());
    let short = place(CONFIRMED_SHORT).filter(|_| !said);
    if let Some((ordered, confirmed)) = place(ORDERED).zip(short) {
        let columns = PieceColumns {
            ordered,
            here: Some(confirmed),
            later,
            beyond: false,
            left: false,
            spent: [short, later].into_iter().flatten().collect(),
        };
        return Some(columns);
    }
    // of what comes later a table may tell alone, but for one of goods that left
    if let Some(waiting) = later.filter(|_| !said && !dated) {
        let shipped = place(SHIPPED);
        let ordered = place(ORDERED).or_else(|| place(PIECES)).unwrap_or(waiting);
        let spent = [shipped, later.filter(|at| *at != ordered)];
        let columns = PieceColumns {
            ordered,
            here: shipped,
            later,
            beyond: false,
            left: true,
            spent: spent.into_iter().flatten().collect(),
        };
        return Some(columns);
    }
    let ordered = place(ORDERED)?;
    let (here, later) = match place(ALLOCATED).zip(place(LATER)) {
        Some((allocated, later)) => (allocated, Some(later)),
        None if place(THERE).is_none() => (place(CONFIRMED)?, place(LATER)),
        None => (place(THERE)?, None),
    };
    let columns = PieceColumns {
        ordered,
        here: Some(here),
        later,
        // what they have beyond it is theirs; what they confirm beyond it is not
        beyond: place(THERE).is_some(),
        left: false,
        spent: Vec::new(),
    };
    Some(columns)
}

/// A column as the status, if all its cells are such words.
fn by_words(
    headings: &StringRecord,
    records: &[StringRecord],
    (at, listed): (usize, &[(&str, &'static str)]),
    comma: u8,
) -> Option<Vec<u8>> {
    let word = |record: &StringRecord| {
        let said = record.get(at).unwrap_or_default().to_lowercase();
        let said = said.trim().replace(['-', '_'], " ");
        let found = listed.iter().find(|(word, _)| *word == said);
        found.map(|(_, status)| *status)
    };
    let words: Option<Vec<&str>> = records.iter().map(word).collect();
    let words = words.filter(|words| !words.is_empty())?;
    let with = |record: &StringRecord, status: &str| -> StringRecord {
        let cells = record.iter().enumerate();
        cells
            .map(|(place, cell)| if place == at { status } else { cell })
            .collect()
    };
    let rows = records
        .iter()
        .zip(words)
        .map(|(record, word)| with(record, word));
    written(std::iter::once(with(headings, "Status")).chain(rows), comma)
}

fn written(rows: impl Iterator<Item = StringRecord>, comma: u8) -> Option<Vec<u8>> {
    let mut writer = csv::WriterBuilder::new()
        .delimiter(comma)
        .flexible(true)
        .from_writer(Vec::new());
    for row in rows {
        writer.write_record(&row).ok()?;
    }
    writer.into_inner().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rewritten(table: &str) -> Option<String> {
        with_status(table.as_bytes()).map(|bytes| String::from_utf8(bytes).unwrap())
    }

    #[test]
    fn rows_that_take_answers_back() {
        let today = chrono::NaiveDate::from_ymd_opt(2025, 6, 2).unwrap();
        let held = |second: &str| {
            let table = format!(
                "po_number,sku,qty,status\nW1-1,A,1,accepted\nW1-1,B,1,accepted\n{second}\nW2-1,A,1,accepted\n"
            );
            let mut all = super::super::reply::structured::read(table.as_bytes(), today).unwrap();
            taken_back(table.as_bytes(), &mut all);
            let doubtful = all.0.iter().filter(|row| !row.beside.doubts.is_empty());
            doubtful.map(|row| row.line).collect::<Vec<_>>()
        };
        assert_eq!(held("W1-1,A,-1,accepted"), [2]);
        assert_eq!(held("W1-1,,,voided"), [2, 3]);
        assert_eq!(held("Voided above,,,"), [3]);
        assert_eq!(held("W9-1,A,1,void"), [0; 0]);
        assert_eq!(held("W1-1,A,1,maybe"), [0; 0]);
    }

    #[test]
    fn stock_and_pieces_become_a_status() {
        let stock =
            "PO,SKU,Qty,Availability,ETA\nW1-1,A,1,In stock,06/04/2025\nW1-1,B,2,Back-ordered,\n";
        assert_eq!(
            rewritten(stock).as_deref(),
            Some("PO,SKU,Qty,Status,ETA\nW1-1,A,1,in stock,06/04/2025\nW1-1,B,2,backordered,\n")
        );
        let pieces = "Sales Order,Customer PO,Item,Ordered,Allocated,Backordered\nS1,W1-1,A,2,2,0\nS1,W1-1,B,3,0,3\nS1,W1-1,C,3,1,2\n";
        assert_eq!(
            rewritten(pieces).as_deref(),
            Some(
                "Sales Order,Customer PO,Item,Qty,Allocated,Backordered,Status\nS1,W1-1,A,2,2,0,accepted\nS1,W1-1,B,3,0,3,backordered\nS1,W1-1,C,3,1,2,partly allocated\n"
            )
        );
        assert_eq!(
            rewritten("PO,Item,Qty,Accepted\nW1-1,A,1,Y\n").as_deref(),
            Some("PO,Item,Qty,Status\nW1-1,A,1,accepted\n")
        );
        assert_eq!(
            rewritten("PO,Item,Qty Ordered,Qty Available\nW1-1,A,1,12\nW1-1,B,2,1\n").as_deref(),
            Some(
                "PO,Item,Qty,Qty Available,Status\nW1-1,A,1,12,accepted\nW1-1,B,2,1,partly allocated\n"
            )
        );
        for other in [
            "PO,SKU,Accepted\nW1-1,A,N\n",
            "PO,SKU,Accepted\nW1-1,A,2\n",
            "PO,SKU,Availability\nW1-1,A,soon\n",
            "PO,SKU,Availability,Tracking\nW1-1,A,In stock,1Z\n",
            "SKU,Availability\nA,In stock\n",
            "PO,SKU,Available\nW1-1,A,40\n",
            "PO,Ordered,Allocated,Backordered\nW1-1,x,1,0\n",
        ] {
            assert_eq!(rewritten(other), None, "{other}");
        }
    }
}
