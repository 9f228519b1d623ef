//! A pile of US Letter pages that is written from the top down.

use super::fonts::{Fonts, Phrase, Setting, Weight};
use super::library::FontLibrary;
use crate::domain::text;
use pdf_writer::{Content, Name, Str};

/// US Letter, in points.
pub const PAGE: (f32, f32) = (612.0, 792.0);
/// Left and right edge of what is printed; fax machines cut off up to a quarter inch.
pub const LEFT: f32 = 45.0;
/// See [`LEFT`].
pub const RIGHT: f32 = PAGE.0 - 45.0;
/// First line below the top edge.
const TOP: f32 = 42.0;
/// Where the text ends and the foot begins.
const BOTTOM: f32 = PAGE.1 - 56.0;
/// Height of a line in proportion to its size.
pub const LEADING: f32 = 1.25;

/// Where a line stands in its column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Align {
    /// From the left edge on.
    Left,
    /// Up to the right edge.
    Right,
}

/// What every page says about the document.
#[derive(Clone, Debug, Default)]
pub struct Running {
    /// Head of the pages after the first: on the left, bold.
    pub head: String,
    /// Head of the pages after the first: on the right.
    pub aside: String,
    /// Foot of every page: on the left.
    pub foot: String,
    /// For a fax, two lines at the top of every page, the page's number beside the second; then
    /// there is neither head nor foot.
    pub banner: Option<[String; 2]>,
}

/// First line of a fax below its banner.
const BELOW_BANNER: f32 = 78.0;

/// The pages so far and the place on the last of them.
pub struct PdfSheet<'a> {
    /// The document's fonts.
    pub fonts: Fonts<'a>,
    /// Distance from the top edge to the next free place, in points.
    pub y: f32,
    pages: Vec<Content>,
    running: Running,
}

impl<'a> PdfSheet<'a> {
    /// One empty page.
    pub fn new(running: Running, library: &'a FontLibrary) -> PdfSheet<'a> {
        let y = match running.banner {
            Some(_) => BELOW_BANNER,
            None => TOP,
        };
        PdfSheet {
            fonts: Fonts::new(library),
            y,
            pages: vec![Content::new()],
            running,
        }
    }

    fn page(&mut self) -> &mut Content {
        if self.pages.is_empty() {
            self.pages.push(Content::new());
        }
        let last = self.pages.len() - 1;
        &mut self.pages[last]
    }

    /// Whether `height` points fit on this page.
    pub fn fits(&self, height: f32) -> bool {
        self.y + height <= BOTTOM
    }

    /// Goes to a new page unless `height` points fit on this one; true when it did.
    pub fn need(&mut self, height: f32) -> bool {
        if self.fits(height) {
            return false;
        }
        self.pages.push(Content::new());
        if self.running.banner.is_some() {
            self.y = BELOW_BANNER;
            return true;
        }
        self.y = TOP;
        let (head, aside) = (self.running.head.clone(), self.running.aside.clone());
        let half = (RIGHT - LEFT) / 2.0 - 6.0;
        self.one_line(&head, Weight::Bold, 10.0, (LEFT, half), Align::Left);
        self.one_line(
            &aside,
            Weight::Regular,
            9.0,
            (RIGHT - half, half),
            Align::Right,
        );
        self.y += 22.0;
        true
    }

    /// A phrase for showing. Control characters and the like must be out of the text by now.
    pub fn phrase(&mut self, text: &str, weight: Weight) -> Phrase {
        self.fonts.phrase(text, weight)
    }

    /// The text in lines no wider than `limit`, at most `most` of them: what is cut off ends in an
    /// ellipsis and marks the document as incomplete.
    pub fn lines(
        &mut self,
        text: &str,
        style: (Weight, f32),
        limit: f32,
        most: usize,
    ) -> Vec<Phrase> {
        let phrase = self.phrase(&text::block(text), style.0);
        let mut lines = self.fonts.wrap(&phrase, style.1, limit);
        if lines.len() > most {
            self.fonts.incomplete = true;
            lines.truncate(most);
            if let Some(last) = lines.last_mut() {
                let keep = last.text.chars().count().saturating_sub(2);
                last.text = last.text.chars().take(keep).chain(['\u{2026}']).collect();
            }
        }
        lines
    }

    /// Shows a phrase with its base line `y` points below the top edge.
    pub fn show(&mut self, phrase: &Phrase, size: f32, x: f32, y: f32) {
        if phrase.text.is_empty() {
            return;
        }
        if phrase.setting == Setting::Shaped {
            return self.show_shaped(phrase, size, x, y);
        }
        let codes = self.fonts.encode(phrase);
        let font = match phrase.setting {
            Setting::Standard => standard_name(phrase.weight).to_vec(),
            _ => font_name(phrase.weight as usize).into_bytes(),
        };
        let size = round(self.fonts.set_size(phrase, size));
        let page = self.page();
        page.begin_text().set_font(Name(&font), size);
        page.next_line(round(x), round(PAGE.1 - y));
        page.show(Str(&codes));
        page.end_text();
    }

    /// Shows a shaped line, each glyph in its own place.
    fn show_shaped(&mut self, phrase: &Phrase, size: f32, x: f32, y: f32) {
        let (mut pen, mut font) = (x, usize::MAX);
        let glyphs = self.fonts.glyphs(phrase);
        let scales: Vec<f32> = glyphs
            .iter()
            .map(|one| self.fonts.scale(one.font))
            .collect();
        let codes: Vec<[u8; 2]> = glyphs
            .iter()
            .map(|one| self.fonts.encode_glyph(one))
            .collect();
        let page = self.page();
        page.begin_text();
        for ((glyph, scale), code) in glyphs.iter().zip(scales).zip(codes) {
            if glyph.font != font {
                font = glyph.font;
                page.set_font(Name(font_name(font).as_bytes()), round(size * scale));
            }
            let right = pen + glyph.right * size / 1000.0;
            let up = PAGE.1 - y + glyph.up * size / 1000.0;
            page.set_text_matrix([1.0, 0.0, 0.0, 1.0, round(right), round(up)]);
            page.show(Str(&code));
            pen += glyph.advance * size / 1000.0;
        }
        page.end_text();
    }

    /// Shows phrases below each other from [`PdfSheet::y`] plus `down` on; gives their height.
    pub fn stack(
        &mut self,
        lines: &[Phrase],
        size: f32,
        column: (f32, f32),
        align: Align,
        down: f32,
    ) -> f32 {
        let leading = size * LEADING;
        for (place, phrase) in lines.iter().enumerate() {
            let x = match align {
                Align::Left => column.0,
                Align::Right => column.0 + column.1 - self.fonts.width(phrase, size),
            };
            let base = self.y + down + size * 0.93 + leading * place as f32;
            self.show(phrase, size, x, base);
        }
        leading * lines.len() as f32
    }

    /// One line at [`PdfSheet::y`] in a column (left edge, width), set smaller if it is too wide.
    pub fn one_line(
        &mut self,
        text: &str,
        weight: Weight,
        size: f32,
        column: (f32, f32),
        align: Align,
    ) {
        let phrase = self.phrase(&text::line(text), weight);
        let wide = self.fonts.width(&phrase, size);
        let fitted = if wide > column.1 {
            size * column.1 / wide
        } else {
            size
        };
        self.stack(&[phrase], fitted, column, align, (size - fitted) * 0.93);
    }

    /// A line across, `y` points below the top edge.
    pub fn rule(&mut self, from: f32, to: f32, y: f32, weight: f32) {
        let page = self.page();
        page.set_line_width(weight);
        page.move_to(round(from), round(PAGE.1 - y));
        page.line_to(round(to), round(PAGE.1 - y));
        page.stroke();
    }

    /// A frame from (x, y) to the right and down.
    pub fn frame(&mut self, x: f32, y: f32, wide: f32, high: f32, weight: f32) {
        let page = self.page();
        page.set_line_width(weight);
        page.rect(round(x), round(PAGE.1 - y - high), round(wide), round(high));
        page.stroke();
    }

    fn draw_banner(&mut self, [first, second]: &[String; 2], page: &str) {
        let wide = RIGHT - LEFT;
        self.y = 36.0;
        self.one_line(first, Weight::Bold, 11.0, (LEFT, wide), Align::Left);
        self.y += 15.0;
        let column = (LEFT, wide - 100.0);
        self.one_line(second, Weight::Bold, 11.0, column, Align::Left);
        let column = (RIGHT - 95.0, 95.0);
        self.one_line(page, Weight::Bold, 11.0, column, Align::Right);
        self.rule(LEFT, RIGHT, self.y + 17.0, 1.5);
    }

    /// Numbers the pages and gives them up for writing.
    pub fn finish(mut self) -> (Vec<Vec<u8>>, Fonts<'a>) {
        let all = self.pages.len();
        let foot = self.phrase(&self.running.foot.clone(), Weight::Regular);
        let contents = std::mem::take(&mut self.pages);
        let mut done = Vec::with_capacity(all);
        for (place, content) in contents.into_iter().enumerate() {
            self.pages.push(content);
            if let Some(banner) = self.running.banner.clone() {
                self.draw_banner(&banner, &format!("Page {} of {all}", place + 1));
                done.extend(self.pages.pop().map(|content| content.finish().to_vec()));
                continue;
            }
            self.y = BOTTOM + 12.0;
            self.rule(LEFT, RIGHT, self.y, 0.6);
            self.y += 5.0;
            let number = format!("Page {} of {all}", place + 1);
            self.one_line(&foot.text, Weight::Regular, 8.5, (LEFT, 400.0), Align::Left);
            self.one_line(
                &number,
                Weight::Regular,
                8.5,
                (RIGHT - 100.0, 100.0),
                Align::Right,
            );
            done.extend(self.pages.pop().map(|content| content.finish().to_vec()));
        }
        (done, self.fonts)
    }
}

/// The name of Helvetica in the pages' resources.
pub fn standard_name(weight: Weight) -> &'static [u8] {
    match weight {
        Weight::Regular => b"R",
        Weight::Bold => b"B",
    }
}

/// The name of an embedded font in the pages' resources, by its number in the library.
pub fn font_name(font: usize) -> String {
    match font {
        0 => "ER".to_owned(),
        1 => "EB".to_owned(),
        other => format!("E{other}"),
    }
}

/// To a hundredth of a point: finer than any printer, and short in the file.
fn round(points: f32) -> f32 {
    (points * 100.0).round() / 100.0
}
