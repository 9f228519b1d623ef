//! Mails and text files of `PO Number: … Tracking #: …`, one or many, with the keys that
//! [`super::headers`] knows.

use super::headers::{AdviceField, field_of};
use super::pairs::{Pair, pairs};
use super::row::{self, Cells, Context};
use super::source::AdviceSource;
use super::{AdviceFormat, AdviceRow, RowError, Rows, carrier_mail, ship_to, table};
use crate::vendor_docs::columns::{self, ColumnKind, NamedCell, Of};
use chrono::NaiveDate;

/// The registry's entry.
pub const FORMAT: AdviceFormat = AdviceFormat {
    name: "key-value",
    about: "text with keys and values: PO Number, Tracking #, Carrier, Ship Date, SKU, Qty",
    claims,
    read,
};

/// A tracking number after its key; tables and carriers' own mails are other formats.
fn claims(source: &AdviceSource) -> bool {
    let tracked = |pair: &Pair| {
        pair.field == AdviceField::Tracking
            && pair.value.bytes().filter(u8::is_ascii_digit).count() >= 4
    };
    !(table::FORMAT.claims)(source)
        && !carrier_mail::is_one(source)
        && !carrier_mail::sent_by_one(source)
        && pairs(text(source)).iter().any(tracked)
}

/// The vendor's own words where they say it, else the whole mail: a forwarded one has it below.
fn text(source: &AdviceSource) -> &str {
    let tracked = |text: &str| {
        let pairs = pairs(text).into_iter();
        pairs
            .filter(|pair| pair.field == AdviceField::Tracking)
            .count()
    };
    // a line of dashes ends the own words as a signature would, and another parcel may follow it
    let own = tracked(&source.own);
    if own > 0 && (source.quoted || own == tracked(&source.text)) {
        &source.own
    } else {
        &source.text
    }
}

/// Puts the purchase order before what is said of it. Where a record begins with something else
/// ("Tracking: … PO: …"), it ends before the next of that kind; one without a purchase order of its
/// own gets none.
fn orders_first(pairs: Vec<Pair>) -> Vec<Pair> {
    let order = |pair: &Pair| matches!(pair.field, AdviceField::Po | AdviceField::Order);
    let goods = |pair: &Pair| {
        matches!(
            pair.field,
            AdviceField::Sku | AdviceField::Qty | AdviceField::Tracking
        )
    };
    let first = |test: &dyn Fn(&Pair) -> bool| pairs.iter().position(test);
    let (Some(at), Some(po)) = (first(&goods), first(&order)) else {
        return pairs;
    };
    if po < at {
        return pairs;
    }
    let lead = pairs[at].field;
    let numbers: Vec<&Pair> = pairs.iter().filter(|pair| order(pair)).collect();
    let one = numbers
        .iter()
        .all(|pair| pair.field == numbers[0].field && pair.value == numbers[0].value)
        || numbers
            .iter()
            .filter(|pair| pair.field == numbers[0].field)
            .count()
            == 1;
    let mut records: Vec<Vec<Pair>> = vec![Vec::new()];
    for pair in &pairs {
        let begun = records
            .last()
            .is_some_and(|record| record.iter().any(goods));
        if !one && begun && pair.field == lead {
            records.push(Vec::new());
        }
        if let Some(record) = records.last_mut() {
            record.push(pair.clone());
        }
    }
    for record in &mut records {
        if !record.iter().any(order) {
            let line = record.first().map_or(0, |pair| pair.line);
            let value = String::new();
            record.insert(
                0,
                Pair {
                    line,
                    field: AdviceField::Po,
                    value,
                },
            );
        }
        record.sort_by_key(|pair| !order(pair));
    }
    records.concat()
}

/// The rows as they are put together while reading.
#[derive(Default)]
struct Builder {
    /// What was said before any purchase order, for all of them.
    common: Cells,
    /// What was said of the present purchase order, for all its rows.
    order: Cells,
    /// The present row.
    row: Cells,
    /// Fields of the present row that it took over from the row before.
    taken: Vec<AdviceField>,
    /// Whether the last that was read is a tracking number: one right below it is of the same goods.
    tracked: bool,
    line: usize,
    rows: Vec<(usize, Cells)>,
    seen_order: bool,
}

impl Builder {
    fn add(&mut self, pair: Pair) {
        let Pair { line, field, value } = pair;
        let below = std::mem::replace(&mut self.tracked, field == AdviceField::Tracking);
        if below && self.tracked && !self.taken.contains(&field) {
            let numbers = self.row.entry(field).or_default();
            if !numbers.contains(&value) {
                numbers.push(value);
            }
            return;
        }
        match field {
            AdviceField::Po | AdviceField::Order if self.is_new_order(field, &value) => {
                self.flush();
                if self.seen_order {
                    self.order.clear();
                }
                self.seen_order = true;
                self.taken.clear();
                self.line = line;
                self.order.insert(field, vec![value]);
            }
            AdviceField::Sku | AdviceField::Qty | AdviceField::Tracking => {
                self.add_to_row(line, field, value)
            }
            _ if self.seen_order => self.order.entry(field).or_default().push(value),
            _ => self.common.entry(field).or_default().push(value),
        }
    }

    /// A second kind of number for the same order is no new order.
    fn is_new_order(&mut self, field: AdviceField, value: &str) -> bool {
        let other = if field == AdviceField::Po {
            AdviceField::Order
        } else {
            AdviceField::Po
        };
        let beside = self.order.contains_key(&other) && !self.order.contains_key(&field);
        if beside && self.row.is_empty() {
            self.order.insert(field, vec![value.to_owned()]);
            return false;
        }
        let same = self
            .order
            .get(&field)
            .is_some_and(|known| known.first().is_some_and(|k| k == value));
        !same
    }

    /// A field that the row has already begins the next row. The next article keeps the parcel of
    /// the one before, until its own tracking number comes; the next parcel keeps no article.
    fn add_to_row(&mut self, line: usize, field: AdviceField, value: String) {
        let has = self.row.contains_key(&field) && !self.taken.contains(&field);
        if has {
            let parcel = self.row.get(&AdviceField::Tracking).cloned();
            self.flush();
            if field != AdviceField::Tracking
                && let Some(parcel) = parcel
            {
                self.row.insert(AdviceField::Tracking, parcel);
                self.taken.push(AdviceField::Tracking);
            }
        }
        if self.row.is_empty() || self.line == 0 || has {
            self.line = line;
        }
        self.taken.retain(|taken| *taken != field);
        self.row.insert(field, vec![value]);
    }

    fn flush(&mut self) {
        self.taken.clear();
        if self.row.is_empty() {
            return;
        }
        let mut cells = self.common.clone();
        cells.extend(self.order.clone());
        cells.append(&mut self.row);
        self.rows.push((self.line, cells));
    }
}

fn read(source: &AdviceSource, today: NaiveDate) -> Rows {
    let mut builder = Builder::default();
    for mut pair in orders_first(pairs(text(source))) {
        if matches!(pair.field, AdviceField::Tracking | AdviceField::Qty)
            && let Some((value, _)) = pair.value.split_once(" (")
        {
            pair.value = value.to_owned();
        }
        // "Tracking # 1Z… for your PO W1-1": the words are read as words
        if pair.field == AdviceField::Tracking
            && let Some((value, _)) = pair.value.split_once(" for ")
        {
            pair.value = value.to_owned();
        }
        builder.add(pair);
    }
    builder.flush();
    if !builder.seen_order
        && let Some(po) =
            carrier_mail::po_in(&source.subject).or_else(|| carrier_mail::po_in(&source.own))
    {
        for (_, cells) in &mut builder.rows {
            cells
                .entry(AdviceField::Po)
                .or_insert_with(|| vec![po.clone()]);
        }
    }
    let context = Context {
        today,
        first: None,
        needs_order: false,
    };
    let mut rows: (Vec<AdviceRow>, Vec<RowError>) = (Vec::new(), Vec::new());
    for (line, cells) in builder.rows {
        match row::build(&cells, line, context) {
            Ok(mut row) => {
                row.beside.names.extend(once_more(&cells));
                described(&mut row);
                rows.0.push(row);
            }
            Err(message) => rows.1.push(RowError::at(line, message)),
        }
    }
    // One address is that of all; of several it is not said whose.
    if let [to] = ship_to::ship_tos(text(source)).as_slice() {
        for row in rows.0.iter_mut().filter(|row| row.ship_to.zip.is_empty()) {
            row.ship_to = to.clone();
        }
    }
    other_keys(text(source), &mut rows.0);
    rows
}

/// Parts an article's number from how it is called, `CAMP-1004 Enamel mug, blue`, which is held against the
/// purchase order by itself.
fn described(row: &mut AdviceRow) {
    let Some((number, text)) = row.sku.as_deref().and_then(|sku| sku.split_once(' ')) else {
        return;
    };
    let text = text.trim_start_matches(['-', '\u{2013}', '(', ' ', ',']);
    let digit = number.bytes().any(|b| b.is_ascii_digit()) && number.len() > 2;
    let word = |word: &str| word.chars().filter(|c| c.is_lowercase()).count() > 2;
    if digit && text.split_whitespace().any(word) {
        row.beside.names.push(NamedCell {
            heading: "item".to_owned(),
            cell: text.trim_end_matches(')').chars().take(200).collect(),
            of: Of::Text,
        });
        row.sku = Some(number.trim_end_matches([',', ':']).to_owned());
    }
}

/// What fields say after the first value, which is the row's own.
fn once_more(cells: &Cells) -> Vec<NamedCell> {
    const ALL: &[(AdviceField, &str, Of, usize)] = &[
        (AdviceField::PoLine, "line", Of::Line, 0),
        (AdviceField::Order, "order number", Of::Number, 0),
        (AdviceField::Reference, "reference", Of::Number, 0),
        (
            AdviceField::VendorOrder,
            "vendor order number",
            Of::Number,
            0,
        ),
        (AdviceField::Name, "ship to", Of::Recipient, 1),
        (AdviceField::Street, "address", Of::Recipient, 1),
        (AdviceField::City, "city", Of::City, 1),
        (AdviceField::Zip, "ZIP", Of::Zip, 1),
    ];
    let named = |(field, heading, of, skip): &(AdviceField, &str, Of, usize)| {
        let all = cells.get(field).into_iter().flatten().skip(*skip);
        let one = |cell: &String| NamedCell {
            heading: (*heading).to_owned(),
            cell: cell.clone(),
            of: *of,
        };
        all.map(one).collect::<Vec<_>>()
    };
    let named = ALL.iter().flat_map(named);
    named.filter(|one| !columns::nothing(&one.cell)).collect()
}

/// Most lines that are looked at.
const MOST_LINES: usize = 400;

/// Lines of keys that are no field: what they name, and words that take it back. Each belongs to the row
/// that begins above it, else to the first.
fn other_keys(text: &str, rows: &mut [AdviceRow]) {
    for (at, line) in text.lines().enumerate().take(MOST_LINES) {
        let Some((key, value)) = line.split_once([':', '=']) else {
            continue;
        };
        let key = key.trim().trim_start_matches(['*', '•', '-', '·', ' ']);
        let value = value.trim();
        let short = key.len() <= 40 && key.split_whitespace().count() <= 4;
        if !short || columns::nothing(value) || value.starts_with("//") || field_of(key).is_some() {
            continue;
        }
        let inert = columns::kind(key) == ColumnKind::Harmless;
        let of = columns::names(key);
        let below = rows.iter().rposition(|row| row.line <= at + 1);
        let Some(row) = rows.get_mut(below.unwrap_or(0)) else {
            return;
        };
        match of {
            Some(of) => row.beside.names.push(NamedCell {
                heading: key.to_owned(),
                cell: value.chars().take(200).collect(),
                of,
            }),
            None if inert && columns::takes_back(value) => {
                row.beside.doubts.push(columns::marked(key, value));
            }
            None => {}
        }
    }
}
