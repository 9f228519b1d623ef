//! The table of lines: its columns fit the document, its head stands on every page.

use super::fonts::{Phrase, Weight};
use super::sheet::{Align, LEADING, LEFT, PdfSheet, RIGHT};
use crate::domain::po_document::{PoDocument, PoDocumentLine, figures};

const SIZE: f32 = 9.0;
const HEAD_SIZE: f32 = 8.0;
const GAP: f32 = 8.0;
/// Room above and below the text of a row.
const PAD: f32 = 3.5;
/// Lines of text in one cell; a row so never outgrows a page.
const MOST: usize = 40;

/// The columns in order; left edge and width of each.
struct PdfColumns([(f32, f32); 7]);

const NAMES: [(&str, Align); 7] = [
    ("Line", Align::Right),
    ("Your SKU", Align::Left),
    ("Our SKU", Align::Left),
    ("Description", Align::Left),
    ("Qty", Align::Right),
    ("Unit cost", Align::Right),
    ("Amount", Align::Right),
];
const DESCRIPTION: usize = 3;
const QTY: usize = 4;

/// The texts of a row.
fn cells(line: &PoDocumentLine) -> [String; 7] {
    [
        line.line.to_string(),
        line.vendor_sku.clone(),
        line.sku.clone(),
        line.description.clone(),
        line.qty.to_string(),
        figures(line.unit_cost),
        figures(line.amount),
    ]
}

impl PdfColumns {
    /// Each column as wide as its widest text within limits; the description takes the rest.
    fn of(sheet: &mut PdfSheet, rows: &[[String; 7]]) -> PdfColumns {
        const LIMITS: [(f32, f32); 7] = [
            (18.0, 30.0),
            (50.0, 85.0),
            (50.0, 85.0),
            (0.0, 0.0),
            (22.0, 42.0),
            (46.0, 62.0),
            (58.0, 72.0),
        ];
        let mut widths = [0.0f32; 7];
        for (place, (least, most)) in LIMITS.into_iter().enumerate() {
            if place == DESCRIPTION {
                continue;
            }
            let weight = weight_of(place);
            let mut wide = least;
            for row in rows {
                if wide >= most {
                    break;
                }
                let phrase = sheet.phrase(&row[place], weight);
                wide = wide.max(sheet.fonts.width(&phrase, SIZE) + 0.5);
            }
            widths[place] = wide.min(most);
        }
        let taken: f32 = widths.iter().sum::<f32>() + GAP * 6.0;
        widths[DESCRIPTION] = RIGHT - LEFT - taken;
        let mut x = LEFT;
        PdfColumns(widths.map(|wide| {
            let column = (x, wide);
            x += wide + GAP;
            column
        }))
    }
}

/// What is picked by and counted stands out.
fn weight_of(place: usize) -> Weight {
    match place {
        1 | QTY => Weight::Bold,
        _ => Weight::Regular,
    }
}

/// Draws the table from the sheet's place on.
pub fn draw(sheet: &mut PdfSheet, doc: &PoDocument) {
    let rows: Vec<[String; 7]> = doc
        .lines
        .iter()
        .map(|line| cells(line).map(|cell| crate::domain::text::line(&cell)))
        .collect();
    let columns = PdfColumns::of(sheet, &rows);
    sheet.need(60.0);
    head(sheet, &columns, &doc.currency);
    for row in &rows {
        let texts: [Vec<Phrase>; 7] = std::array::from_fn(|place| {
            let style = (weight_of(place), SIZE);
            match NAMES[place].1 {
                Align::Left => sheet.lines(&row[place], style, columns.0[place].1, MOST),
                Align::Right => Vec::new(),
            }
        });
        let lines = texts.iter().map(Vec::len).max().unwrap_or(0).max(1);
        let high = lines as f32 * SIZE * LEADING + 2.0 * PAD;
        if sheet.need(high) {
            head(sheet, &columns, &doc.currency);
        }
        sheet.y += PAD;
        for (place, text) in texts.iter().enumerate() {
            let column = columns.0[place];
            match NAMES[place].1 {
                Align::Left => {
                    sheet.stack(text, SIZE, column, Align::Left, 0.0);
                }
                Align::Right => figure(sheet, &row[place], weight_of(place), column),
            }
        }
        sheet.y += high - PAD;
        sheet.rule(LEFT, RIGHT, sheet.y, 0.4);
    }
}

/// A figure; one that must be set too small to read counts as not shown.
fn figure(sheet: &mut PdfSheet, text: &str, weight: Weight, column: (f32, f32)) {
    let phrase = sheet.phrase(text, weight);
    sheet.fonts.incomplete |= sheet.fonts.width(&phrase, SIZE) > column.1 * 1.7;
    sheet.one_line(text, weight, SIZE, column, Align::Right);
}

fn head(sheet: &mut PdfSheet, columns: &PdfColumns, currency: &str) {
    sheet.rule(LEFT, RIGHT, sheet.y, 1.2);
    sheet.y += 4.0;
    for ((name, align), column) in NAMES.iter().zip(columns.0) {
        let name = match *name {
            "Amount" => format!("Amount {currency}"),
            other => other.to_owned(),
        };
        // a head may be wider than its figures: it grows into the gap on its left
        let column = match align {
            Align::Right => (column.0 - GAP + 3.0, column.1 + GAP - 3.0),
            Align::Left => column,
        };
        sheet.one_line(&name, Weight::Bold, HEAD_SIZE, column, *align);
    }
    sheet.y += HEAD_SIZE * LEADING + 3.0;
    sheet.rule(LEFT, RIGHT, sheet.y, 0.8);
}
