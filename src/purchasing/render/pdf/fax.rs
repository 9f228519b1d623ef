//! The purchase order for a fax machine: one column, no letter below 11 points and no line thinner
//! than one, so that it reads at 204 × 98 dots to the inch; no grey; who, to whom and the page on
//! every page, because pages of several faxes lie in one tray.

use super::fonts::Weight;
use super::library::FontLibrary;
use super::sheet::{Align, LEADING, LEFT, PdfSheet, RIGHT, Running};
use super::{COMMENT, EdgeAndWidth, PdfError, PdfRendering, WHOLE, replaces, written};
use crate::domain::po_document::{Letterhead, PoDocument, PoDocumentLine, figures};
use crate::domain::text;

/// Running text.
const SIZE: f32 = 12.0;
/// The smallest letters there are.
const SMALL: f32 = 11.0;

/// To whom a fax goes.
#[derive(Clone, Copy, Debug)]
pub struct FaxTo<'a> {
    /// The vendor's number, as it is printed.
    pub number: &'a str,
    /// Whether a page with nothing but from, to and what it is goes first.
    pub cover_sheet: bool,
}

/// Renders a purchase order as a PDF to be faxed.
///
/// # Errors
/// As [`super::pdf`].
pub fn fax(doc: &PoDocument, to: &FaxTo, library: &FontLibrary) -> Result<PdfRendering, PdfError> {
    let (number, buyer) = (text::line(&doc.shown_number()), text::line(&doc.buyer.name));
    let title = format!("Purchase order {number}");
    let mark = doc.mark();
    let vendor = text::line(&doc.vendor_name);
    let mut sheet = PdfSheet::new(
        Running {
            banner: Some([
                format!("From {buyer} to {vendor}, fax {}", text::line(to.number)),
                format!("{title}{mark}"),
            ]),
            ..Running::default()
        },
        library,
    );
    if to.cover_sheet {
        cover(&mut sheet, doc, to);
        // no page is that high: the order begins on the next one
        sheet.need(10_000.0);
    }
    head(&mut sheet, doc, &number);
    ship_to(&mut sheet, doc);
    facts(&mut sheet, doc);
    lines(&mut sheet, doc);
    closing(&mut sheet, doc);
    written(sheet, &title, &buyer)
}

/// Text from here on, over pages where it must be.
pub(super) fn write(sheet: &mut PdfSheet, words: &str, style: (Weight, f32), column: EdgeAndWidth) {
    if words.is_empty() {
        return;
    }
    for line in sheet.lines(words, style, column.1, 400) {
        sheet.need(style.1 * LEADING);
        sheet.y += sheet.stack(&[line], style.1, column, Align::Left, 0.0);
    }
}

/// A name and what it is, in two columns.
pub(super) fn pair(sheet: &mut PdfSheet, name: &str, value: &str, size: f32) {
    if value.is_empty() {
        return;
    }
    sheet.need(2.0 * size * LEADING);
    sheet.one_line(name, Weight::Bold, size, (LEFT, 120.0), Align::Left);
    let column = (LEFT + 130.0, WHOLE.1 - 130.0);
    write(sheet, value, (Weight::Regular, size), column);
    sheet.y += 4.0;
}

/// The shop's lines: address, telephone, mail.
pub(super) fn buyer_lines(buyer: &Letterhead) -> Vec<String> {
    let phone = match text::line(&buyer.phone) {
        empty if empty.is_empty() => empty,
        phone => format!("Phone {phone}"),
    };
    let all = buyer.address.iter().map(|line| text::line(line)).take(8);
    all.chain([phone, text::line(&buyer.email)])
        .filter(|line| !line.is_empty())
        .collect()
}

fn cover(sheet: &mut PdfSheet, doc: &PoDocument, to: &FaxTo) {
    sheet.y += 40.0;
    write(sheet, "FAX", (Weight::Bold, 40.0), WHOLE);
    sheet.y += 24.0;
    let from = [vec![text::line(&doc.buyer.name)], buyer_lines(&doc.buyer)].concat();
    pair(sheet, "TO", &text::line(&doc.vendor_name), 15.0);
    pair(sheet, "FAX", &text::line(to.number), 15.0);
    pair(sheet, "FROM", &from.join("\n"), 15.0);
    pair(sheet, "DATE", &doc.long_date(), 15.0);
    let what = format!("Purchase order {}", text::line(&doc.number));
    pair(sheet, "WHAT", &what, 15.0);
    sheet.y += 24.0;
    let call = match text::line(&doc.buyer.phone) {
        empty if empty.is_empty() => text::line(&doc.buyer.email),
        phone => phone,
    };
    let missing = "The number of pages stands at the top of this one. If a page is missing or cannot be read, tell us";
    let missing = match call.is_empty() {
        true => format!("{missing}."),
        false => format!("{missing}: {call}."),
    };
    write(sheet, &missing, (Weight::Regular, 13.0), WHOLE);
}

fn head(sheet: &mut PdfSheet, doc: &PoDocument, number: &str) {
    if doc.possible_duplicate {
        let top = sheet.y;
        let inner = (LEFT + 10.0, WHOLE.1 - 20.0);
        sheet.y += 8.0;
        let words = "POSSIBLE DUPLICATE of a purchase order already sent";
        write(sheet, words, (Weight::Bold, 16.0), inner);
        let words = format!("Ship once: if you have {number} already, do nothing with this one.");
        write(sheet, &words, (Weight::Regular, SIZE), inner);
        sheet.y += 8.0;
        sheet.frame(LEFT, top, WHOLE.1, sheet.y - top, 2.5);
        sheet.y += 12.0;
    }
    if !doc.replaces.is_empty() {
        boxed(sheet, &replaces(doc), &doc.replaces.join("\n"));
    }
    let title = format!("PURCHASE ORDER {number}{}", doc.mark());
    write(sheet, &title, (Weight::Bold, 20.0), WHOLE);
    sheet.y += 6.0;
    let from = [vec![text::line(&doc.buyer.name)], buyer_lines(&doc.buyer)].concat();
    pair(sheet, "FROM", &from.join("\n"), SIZE);
    let mut vendor = vec![text::line(&doc.vendor_name)];
    vendor.extend(
        doc.vendor_address
            .iter()
            .map(|line| text::line(line))
            .take(12),
    );
    pair(sheet, "TO", &vendor.join("\n"), SIZE);
}

/// Words in a frame.
fn boxed(sheet: &mut PdfSheet, title: &str, words: &str) {
    let inner = (LEFT + 10.0, WHOLE.1 - 20.0);
    let mut lines = sheet.lines(title, (Weight::Bold, SIZE), inner.1, 4);
    lines.extend(sheet.lines(words, (Weight::Regular, SIZE), inner.1, 36));
    let high = 16.0 + lines.len() as f32 * SIZE * LEADING;
    sheet.need(high);
    sheet.frame(LEFT, sheet.y, WHOLE.1, high, 2.0);
    let top = sheet.y;
    sheet.y += 8.0;
    sheet.stack(&lines, SIZE, inner, Align::Left, 0.0);
    sheet.y = top + high + 12.0;
}

/// The label, framed and larger than all else.
fn ship_to(sheet: &mut PdfSheet, doc: &PoDocument) {
    let inner = (LEFT + 12.0, WHOLE.1 - 24.0);
    let mut label: Vec<String> = doc.ship_to.iter().map(|line| text::line(line)).collect();
    if !text::line(&doc.ship_to_phone).is_empty() {
        label.push(format!("Phone {}", text::line(&doc.ship_to_phone)));
    }
    let size = 15.0;
    let lines = sheet.lines(&label.join("\n"), (Weight::Bold, size), inner.1, 20);
    let high = 16.0 + SMALL * LEADING + lines.len() as f32 * size * LEADING;
    sheet.need(high + 12.0);
    let top = sheet.y;
    sheet.y += 6.0;
    let caption = "SHIP TO";
    sheet.one_line(caption, Weight::Bold, SMALL, inner, Align::Left);
    sheet.y += SMALL * LEADING + 2.0;
    sheet.stack(&lines, size, inner, Align::Left, 0.0);
    sheet.frame(LEFT, top, WHOLE.1, high, 2.0);
    sheet.y = top + high + 12.0;
}

fn facts(sheet: &mut PdfSheet, doc: &PoDocument) {
    let given = |value: &Option<String>| value.as_deref().map(text::line).unwrap_or_default();
    pair(sheet, "DATE", &doc.long_date(), SIZE);
    pair(sheet, "OUR ORDER", &text::line(&doc.order_number), SIZE);
    pair(sheet, "SHIP VIA", &given(&doc.shipping_method), SIZE);
    pair(sheet, "REQUIRED BY", &given(&doc.required_by), SIZE);
    sheet.y += 6.0;
}

/// Quantity, goods, cost of one, amount.
const COLUMNS: [EdgeAndWidth; 4] = [
    (LEFT, 52.0),
    (LEFT + 64.0, 260.0),
    (LEFT + 334.0, 84.0),
    (LEFT + 428.0, RIGHT - LEFT - 428.0),
];

fn lines(sheet: &mut PdfSheet, doc: &PoDocument) {
    sheet.need(90.0);
    table_head(sheet, &doc.currency);
    for line in &doc.lines {
        row(sheet, line, &doc.currency);
    }
    sheet.need(60.0);
    sheet.y += 8.0;
    let extent = (LEFT, 200.0);
    sheet.one_line(&doc.extent(), Weight::Regular, SIZE, extent, Align::Left);
    let total = format!("TOTAL  {}", doc.total.display(&text::line(&doc.currency)));
    let column = (LEFT + 210.0, WHOLE.1 - 210.0);
    sheet.one_line(&total, Weight::Bold, 17.0, column, Align::Right);
    sheet.y += 34.0;
}

fn table_head(sheet: &mut PdfSheet, currency: &str) {
    sheet.rule(LEFT, RIGHT, sheet.y, 2.0);
    sheet.y += 4.0;
    let amount = format!("Amount {}", text::line(currency));
    let names = [
        ("Qty", Align::Right),
        ("Goods", Align::Left),
        ("Each", Align::Right),
        (amount.as_str(), Align::Right),
    ];
    for ((name, align), column) in names.into_iter().zip(COLUMNS) {
        sheet.one_line(name, Weight::Bold, SMALL, column, align);
    }
    sheet.y += SMALL * LEADING + 2.0;
    sheet.rule(LEFT, RIGHT, sheet.y, 1.0);
    sheet.y += 4.0;
}

fn row(sheet: &mut PdfSheet, line: &PoDocumentLine, currency: &str) {
    let wide = COLUMNS[1].1;
    let (theirs, ours) = (text::line(&line.vendor_sku), text::line(&line.sku));
    let first = match theirs.is_empty() {
        true => format!("our SKU {ours}"),
        false => theirs.clone(),
    };
    let mut texts = sheet.lines(&first, (Weight::Bold, 13.0), wide, 6);
    let plain = (Weight::Regular, SIZE);
    texts.extend(sheet.lines(&text::line(&line.description), plain, wide, 12));
    if !theirs.is_empty() {
        texts.extend(sheet.lines(&format!("our SKU {ours}"), plain, wide, 6));
    }
    let high = texts.len() as f32 * 13.0 * LEADING + 8.0;
    if sheet.need(high) {
        table_head(sheet, currency);
    }
    let top = sheet.y;
    let figure = |sheet: &mut PdfSheet, words: &str, weight, size, column| {
        sheet.one_line(words, weight, size, column, Align::Right);
    };
    figure(sheet, &line.qty.to_string(), Weight::Bold, 15.0, COLUMNS[0]);
    let regular = Weight::Regular;
    figure(sheet, &figures(line.unit_cost), regular, SIZE, COLUMNS[2]);
    figure(sheet, &figures(line.amount), regular, SIZE, COLUMNS[3]);
    for text in texts {
        let size = match text.weight {
            Weight::Bold => 13.0,
            Weight::Regular => SIZE,
        };
        sheet.stack(&[text], size, COLUMNS[1], Align::Left, 0.0);
        sheet.y += 13.0 * LEADING;
    }
    sheet.y = top + high - 3.0;
    sheet.rule(LEFT, RIGHT, sheet.y, 1.0);
    sheet.y += 3.0;
}

fn closing(sheet: &mut PdfSheet, doc: &PoDocument) {
    let gift = doc.gift_message.as_deref().map(text::block);
    if let Some(gift) = gift.filter(|gift| !gift.is_empty()) {
        sheet.need(60.0);
        let caption = "GIFT MESSAGE - print it on the packing slip";
        write(sheet, caption, (Weight::Bold, SMALL), WHOLE);
        let column = (LEFT + 16.0, WHOLE.1 - 16.0);
        write(sheet, &gift, (Weight::Regular, SIZE), column);
        sheet.y += 10.0;
    }
    if let Some(comment) = doc.comment() {
        boxed(sheet, COMMENT, &comment);
    }
    sheet.need(60.0);
    let caption = (Weight::Bold, SMALL);
    write(sheet, "DROP-SHIP INSTRUCTIONS", caption, WHOLE);
    for (place, paragraph) in doc.instructions().iter().enumerate() {
        let words = format!("{}. {paragraph}", place + 1);
        write(sheet, &words, (Weight::Regular, SIZE), WHOLE);
        sheet.y += 2.0;
    }
    let terms = text::block(&doc.terms);
    if !terms.is_empty() {
        sheet.y += 8.0;
        sheet.need(40.0);
        write(sheet, "TERMS", caption, WHOLE);
        write(sheet, &terms, (Weight::Regular, SIZE), WHOLE);
    }
    if sheet.fonts.incomplete {
        sheet.y += 8.0;
        let words = "Some letters of this order cannot be printed here: ask us before you ship.";
        write(sheet, words, (Weight::Bold, SIZE), WHOLE);
    }
}
