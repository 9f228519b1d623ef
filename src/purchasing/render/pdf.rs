//! The purchase order on paper: US Letter, black on white, so that it survives a fax machine.

pub mod fax;
mod file;
mod fonts;
pub mod library;
mod note;
mod shape;
mod sheet;
mod table;
mod widths;

use self::fonts::{Phrase, Weight};
use self::library::FontLibrary;
pub use self::note::fax_note;
use self::sheet::{Align, LEADING, LEFT, PdfSheet, RIGHT, Running};
use crate::domain::po_document::PoDocument;
use crate::domain::text;

/// A purchase order as a PDF file.
#[derive(Clone, PartialEq, Eq)]
pub struct PdfRendering {
    /// The file. Equal documents give equal bytes.
    pub bytes: Vec<u8>,
    /// Whether a character was replaced because no font has it, or an over-long text was cut: the
    /// text rendering has it in full, and the mail must say so.
    pub incomplete: bool,
}

/// Why there is no PDF.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the font for the purchase order's PDF cannot be subset: {0}")]
pub struct PdfError(String);

/// Renders a purchase order as PDF.
///
/// # Errors
/// When the embedded font cannot be subset; no document can cause it with the fonts of this build.
pub fn pdf(doc: &PoDocument, library: &FontLibrary) -> Result<PdfRendering, PdfError> {
    let (number, buyer) = (text::line(&doc.shown_number()), text::line(&doc.buyer.name));
    let title = format!("Purchase order {number}");
    let mark = doc.mark();
    let mut sheet = PdfSheet::new(
        Running {
            head: format!("{title}{mark}"),
            aside: format!("{buyer} to {}", text::line(&doc.vendor_name)),
            foot: format!("{title}, {}", doc.long_date()),
            banner: None,
        },
        library,
    );
    if doc.possible_duplicate {
        banner(&mut sheet, &number);
    }
    if !doc.replaces.is_empty() {
        boxed(&mut sheet, &replaces(doc), &doc.replaces.join("\n"), 1.4);
    }
    letterhead(&mut sheet, doc, &number);
    parties(&mut sheet, doc);
    facts(&mut sheet, doc);
    table::draw(&mut sheet, doc);
    totals(&mut sheet, doc);
    gift(&mut sheet, doc);
    gaps(&mut sheet, doc);
    closing(&mut sheet, doc);
    written(sheet, &title, &buyer)
}

/// The sheet as a file.
fn written(sheet: PdfSheet, title: &str, buyer: &str) -> Result<PdfRendering, PdfError> {
    let (pages, fonts) = sheet.finish();
    let bytes =
        file::write(title, buyer, &pages, &fonts).map_err(|fault| PdfError(fault.to_string()))?;
    Ok(PdfRendering {
        bytes,
        incomplete: fonts.incomplete,
    })
}

/// A column: left edge and width.
type EdgeAndWidth = (f32, f32);

const WHOLE: EdgeAndWidth = (LEFT, RIGHT - LEFT);

fn banner(sheet: &mut PdfSheet, number: &str) {
    let high = 44.0;
    sheet.frame(LEFT, sheet.y, WHOLE.1, high, 2.5);
    let inner = (LEFT + 12.0, WHOLE.1 - 24.0);
    sheet.y += 7.0;
    let text = "POSSIBLE DUPLICATE of a purchase order already sent";
    sheet.one_line(text, Weight::Bold, 14.0, inner, Align::Left);
    sheet.y += 18.0;
    let text = format!(
        "Ship once: if you have purchase order {number} already, do nothing with this one."
    );
    sheet.one_line(&text, Weight::Regular, 9.5, inner, Align::Left);
    sheet.y += high - 25.0 + 16.0;
}

fn letterhead(sheet: &mut PdfSheet, doc: &PoDocument, number: &str) {
    let left = (LEFT, 270.0);
    let right = (LEFT + 285.0, WHOLE.1 - 285.0);
    let top = sheet.y;
    let name = sheet.lines(
        &text::line(&doc.buyer.name),
        (Weight::Bold, 16.0),
        left.1,
        3,
    );
    sheet.y += sheet.stack(&name, 16.0, left, Align::Left, 0.0) + 3.0;
    let buyer = &doc.buyer;
    for (most, line) in buyer
        .address
        .iter()
        .map(|line| (2, line))
        .take(8)
        .chain([(2, &buyer.phone), (2, &buyer.email)])
    {
        let lines = sheet.lines(&text::line(line), (Weight::Regular, 9.5), left.1, most);
        sheet.y += sheet.stack(&lines, 9.5, left, Align::Left, 0.0);
    }
    let left_end = sheet.y;
    sheet.y = top;
    let title = match doc.revision {
        0 => "PURCHASE ORDER",
        _ => "REVISED PURCHASE ORDER",
    };
    sheet.one_line(title, Weight::Bold, 13.0, right, Align::Right);
    sheet.y += 21.0;
    big_number(sheet, number, right);
    sheet.y = sheet.y.max(left_end) + 14.0;
}

/// The number as large as its column allows; one that would be smaller than 12 points is broken.
fn big_number(sheet: &mut PdfSheet, number: &str, column: EdgeAndWidth) {
    let phrase = sheet.phrase(number, Weight::Bold);
    let fitted = 24.0 * (column.1 / sheet.fonts.width(&phrase, 24.0).max(1.0)).min(1.0);
    if fitted >= 12.0 {
        sheet.stack(&[phrase], fitted, column, Align::Right, 0.0);
        sheet.y += 34.0;
    } else {
        let lines = sheet.lines(number, (Weight::Bold, 12.0), column.1, 8);
        sheet.y += sheet.stack(&lines, 12.0, column, Align::Right, 0.0);
    }
}

/// Vendor on the left; on the right the ship-to block as a label to copy or cut out.
fn parties(sheet: &mut PdfSheet, doc: &PoDocument) {
    let (pad, size) = (10.0, 12.0);
    let vendor = (LEFT, 200.0);
    let label = (LEFT + 222.0, WHOLE.1 - 222.0);
    let inner = (label.0 + pad, label.1 - 2.0 * pad);
    // the tallest that the limits below let it become
    sheet.need(345.0);
    let top = sheet.y;
    caption(sheet, "VENDOR", vendor);
    let mut lines = sheet.lines(
        &text::line(&doc.vendor_name),
        (Weight::Bold, 10.5),
        vendor.1,
        3,
    );
    lines.extend(address(sheet, &doc.vendor_address, 10.5, vendor.1));
    sheet.y += sheet.stack(&lines, 10.5, vendor, Align::Left, 0.0);
    let vendor_end = sheet.y;

    sheet.y = top + pad - 2.0;
    caption(sheet, "SHIP TO", inner);
    let mut lines = Vec::new();
    if let Some((name, rest)) = doc.ship_to.split_first() {
        lines = sheet.lines(&text::line(name), (Weight::Bold, size), inner.1, 6);
        lines.extend(address(sheet, rest, size, inner.1));
    }
    sheet.y += sheet.stack(&lines, size, inner, Align::Left, 0.0);
    if !text::line(&doc.ship_to_phone).is_empty() {
        sheet.y += 4.0;
        let phone = format!("Phone {}", text::line(&doc.ship_to_phone));
        let lines = sheet.lines(&phone, (Weight::Regular, 9.5), inner.1, 2);
        sheet.y += sheet.stack(&lines, 9.5, inner, Align::Left, 0.0);
    }
    sheet.y += pad;
    sheet.frame(label.0, top, label.1, sheet.y - top, 1.4);
    sheet.y = sheet.y.max(vendor_end) + 14.0;
}

/// An address in at most twelve lines; more than that is no label.
fn address(sheet: &mut PdfSheet, lines: &[String], size: f32, wide: f32) -> Vec<Phrase> {
    let whole: Vec<String> = lines.iter().map(|line| text::line(line)).collect();
    sheet.lines(&whole.join("\n"), (Weight::Regular, size), wide, 12)
}

fn caption(sheet: &mut PdfSheet, name: &str, column: EdgeAndWidth) {
    sheet.one_line(name, Weight::Bold, 8.0, column, Align::Left);
    sheet.y += 13.0;
}

/// A framed row: date, order, shipping method, required by; what is not given has no cell.
fn facts(sheet: &mut PdfSheet, doc: &PoDocument) {
    let mut all = vec![
        ("DATE", doc.long_date()),
        ("OUR ORDER", text::line(&doc.order_number)),
    ];
    let given = |value: &Option<String>| value.as_deref().map(text::line).filter(|v| !v.is_empty());
    all.extend(given(&doc.shipping_method).map(|method| ("SHIP VIA", method)));
    all.extend(given(&doc.required_by).map(|day| ("REQUIRED BY", day)));
    let wide = WHOLE.1 / all.len() as f32;
    sheet.need(72.0);
    let top = sheet.y;
    let mut high = 0.0f32;
    for (place, (name, value)) in all.iter().enumerate() {
        let cell = (LEFT + wide * place as f32 + 8.0, wide - 16.0);
        sheet.y = top + 5.0;
        sheet.one_line(name, Weight::Bold, 7.5, cell, Align::Left);
        sheet.y += 11.0;
        let lines = sheet.lines(value, (Weight::Bold, 10.0), cell.1, 4);
        high = high.max(16.0 + sheet.stack(&lines, 10.0, cell, Align::Left, 0.0) + 5.0);
    }
    sheet.y = top;
    for place in 0..all.len() {
        sheet.frame(LEFT + wide * place as f32, top, wide, high, 0.8);
    }
    sheet.y = top + high + 14.0;
}

fn totals(sheet: &mut PdfSheet, doc: &PoDocument) {
    sheet.need(34.0);
    sheet.y += 9.0;
    sheet.one_line(
        &doc.extent(),
        Weight::Regular,
        9.5,
        (LEFT, 220.0),
        Align::Left,
    );
    let total = format!("Total  {}", doc.total.display(&text::line(&doc.currency)));
    sheet.one_line(
        &total,
        Weight::Bold,
        13.0,
        (LEFT + 230.0, WHOLE.1 - 230.0),
        Align::Right,
    );
    sheet.y += 27.0;
}

fn gift(sheet: &mut PdfSheet, doc: &PoDocument) {
    let message = doc
        .gift_message
        .as_deref()
        .map(text::block)
        .unwrap_or_default();
    let title = "GIFT MESSAGE - print it on the packing slip";
    boxed(sheet, title, &message, 1.0);
    boxed(sheet, COMMENT, &doc.comment().unwrap_or_default(), 1.0);
}

/// What stands above what changed since the vendor was sent it.
fn replaces(doc: &PoDocument) -> String {
    doc.replaces_title().replace(": ", " - ")
}
/// What stands above the customer's own words.
const COMMENT: &str = "NOTE FROM THE CUSTOMER";

/// A text of some lines in a frame, under a title; nothing when there is none.
fn boxed(sheet: &mut PdfSheet, title: &str, words: &str, thick: f32) {
    if words.is_empty() {
        return;
    }
    let (pad, size) = (10.0, 10.5);
    let inner = (LEFT + pad, WHOLE.1 - 2.0 * pad);
    let lines = sheet.lines(words, (Weight::Regular, size), inner.1, 36);
    let high = 13.0 + 2.0 * pad + lines.len() as f32 * size * LEADING;
    sheet.need(high);
    sheet.frame(LEFT, sheet.y, WHOLE.1, high, thick);
    let top = sheet.y;
    sheet.y += pad;
    caption(sheet, title, inner);
    sheet.stack(&lines, size, inner, Align::Left, 0.0);
    sheet.y = top + high + 16.0;
}

/// Says that the paper does not say all, and where it stands in full.
fn gaps(sheet: &mut PdfSheet, doc: &PoDocument) {
    if !sheet.fonts.incomplete {
        return;
    }
    let words = format!(
        "Some letters of this order cannot be printed here (\u{fffd}), or a text was too long (\u{2026}): the mail that \
         brought this has all of it. If you have not got the mail, ask {} before you ship.",
        text::line(&doc.buyer.email)
    );
    let (pad, size) = (8.0, 10.0);
    let inner = (LEFT + pad, WHOLE.1 - 2.0 * pad);
    let lines = sheet.lines(&words, (Weight::Bold, size), inner.1, 8);
    let high = 2.0 * pad + lines.len() as f32 * size * LEADING;
    sheet.need(high);
    sheet.frame(LEFT, sheet.y, WHOLE.1, high, 1.4);
    sheet.y += pad;
    sheet.stack(&lines, size, inner, Align::Left, 0.0);
    sheet.y += high - pad + 16.0;
}

/// Instructions first, for the packer; then terms, for the office.
fn closing(sheet: &mut PdfSheet, doc: &PoDocument) {
    let size = 9.5;
    sheet.need(13.0 + 3.0 * size * LEADING);
    caption(sheet, "DROP-SHIP INSTRUCTIONS", WHOLE);
    for (place, paragraph) in doc.instructions().iter().enumerate() {
        let column = (LEFT + 16.0, WHOLE.1 - 16.0);
        let lines = sheet.lines(paragraph, (Weight::Regular, size), column.1, usize::MAX);
        sheet.need(size * LEADING);
        let number = format!("{}.", place + 1);
        sheet.one_line(&number, Weight::Regular, size, (LEFT, 14.0), Align::Left);
        flow(sheet, &lines, size, column);
        sheet.y += 1.5;
    }
    let terms = text::block(&doc.terms);
    if !terms.is_empty() {
        sheet.y += 9.0;
        sheet.need(13.0 + size * LEADING);
        caption(sheet, "TERMS", WHOLE);
        let lines = sheet.lines(&terms, (Weight::Regular, size), WHOLE.1, usize::MAX);
        flow(sheet, &lines, size, WHOLE);
    }
}

/// Lines that may run over pages.
fn flow(sheet: &mut PdfSheet, lines: &[Phrase], size: f32, column: EdgeAndWidth) {
    for line in lines {
        sheet.need(size * LEADING);
        sheet.y += sheet.stack(std::slice::from_ref(line), size, column, Align::Left, 0.0);
    }
}
