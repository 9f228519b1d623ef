//! A short letter for a fax machine: words alone, with who, to whom and the page on every page.

use super::fax::write;
use super::fonts::Weight;
use super::library::FontLibrary;
use super::sheet::{LEFT, PdfSheet, Running};
use super::{PdfError, PdfRendering, WHOLE, written};
use crate::domain::po_document::Letterhead;
use crate::domain::text;

const SIZE: f32 = 12.0;

/// Renders it: `to` is the vendor's name and number, `words` the text with its own line ends.
///
/// # Errors
/// As [`super::pdf`].
pub fn fax_note(
    from: &Letterhead,
    to: (&str, &str),
    title: &str,
    words: &str,
    library: &FontLibrary,
) -> Result<PdfRendering, PdfError> {
    let (buyer, title) = (text::line(&from.name), text::line(title));
    let (vendor, number) = (text::line(to.0), text::line(to.1));
    let mut sheet = PdfSheet::new(
        Running {
            banner: Some([
                format!("From {buyer} to {vendor}, fax {number}"),
                title.clone(),
            ]),
            ..Running::default()
        },
        library,
    );
    write(&mut sheet, &title, (Weight::Bold, 17.0), WHOLE);
    sheet.y += 10.0;
    for line in words.lines() {
        let bare = line.trim_start();
        let indent = (line.len() - bare.len()) as f32 * 6.0;
        match bare.is_empty() {
            true => sheet.y += SIZE * 0.8,
            false => {
                let column = (LEFT + indent, WHOLE.1 - indent);
                write(
                    &mut sheet,
                    &text::line(bare),
                    (Weight::Regular, SIZE),
                    column,
                );
            }
        }
    }
    written(sheet, &title, &buyer)
}
