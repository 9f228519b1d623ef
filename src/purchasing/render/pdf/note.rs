//! A letter for a fax machine: the words of a mail on paper, with who writes to whom above them.

use super::fax::{buyer_lines, pair, write};
use super::fonts::Weight;
use super::library::FontLibrary;
use super::sheet::{LEADING, LEFT, Running, Sheet};
use super::{PdfError, PdfRendering, WHOLE, written};
use crate::domain::text;
use crate::purchasing::document::Letterhead;

/// What stands on it.
pub struct Note<'a> {
    /// Who writes.
    pub buyer: &'a Letterhead,
    /// To whom.
    pub vendor: &'a str,
    /// The vendor's fax number, as it is printed.
    pub number: &'a str,
    /// The day, in words.
    pub date: &'a str,
    /// What it is about: one line, in large letters and on every page.
    pub subject: &'a str,
    /// The words, their lines kept.
    pub text: &'a str,
}

/// Renders a letter as a PDF to be faxed.
///
/// # Errors
/// As [`super::pdf`].
pub fn note(note: &Note, library: &FontLibrary) -> Result<PdfRendering, PdfError> {
    let (buyer, subject) = (text::line(&note.buyer.name), text::line(note.subject));
    let vendor = text::line(note.vendor);
    let banner = [
        format!("From {buyer} to {vendor}, fax {}", text::line(note.number)),
        subject.clone(),
    ];
    let running = Running {
        banner: Some(banner),
        ..Running::default()
    };
    let mut sheet = Sheet::new(running, library);
    let top = sheet.y;
    let inner = (LEFT + 10.0, WHOLE.1 - 20.0);
    sheet.y += 8.0;
    write(&mut sheet, &subject, (Weight::Bold, 18.0), inner);
    sheet.y += 8.0;
    sheet.frame(LEFT, top, WHOLE.1, sheet.y - top, 2.5);
    sheet.y += 14.0;
    let from = [vec![buyer.clone()], buyer_lines(note.buyer)].concat();
    pair(&mut sheet, "FROM", &from.join("\n"), 12.0);
    pair(&mut sheet, "TO", &vendor, 12.0);
    pair(&mut sheet, "DATE", &text::line(note.date), 12.0);
    sheet.y += 10.0;
    for line in note.text.lines() {
        match line.trim().is_empty() {
            true => sheet.y += 12.0 * LEADING / 2.0,
            false => {
                let indent = (line.len() - line.trim_start().len()) as f32 * 5.0;
                let column = (LEFT + indent, WHOLE.1 - indent);
                write(
                    &mut sheet,
                    &text::line(line),
                    (Weight::Regular, 12.0),
                    column,
                );
            }
        }
    }
    written(sheet, &subject, &buyer)
}
