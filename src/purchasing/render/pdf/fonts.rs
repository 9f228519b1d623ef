//! Which font can say a text, how wide it is, and the codes to show it by.
//!
//! Helvetica in WinAnsi needs no font in the file; every PDF reader has it (ISO 32000-1, 9.6.2.2).
//! A text that it cannot say is set as a whole in a subset of DejaVu Sans; one whose letters join,
//! run from right to left, or stand in none but a font of the site's, is shaped ([`super::shape`]).

use super::library::{Font, FontLibrary};
use super::shape::{Glyph, shape};
use super::widths;
use crate::domain::text::{REPLACEMENT, wrap_by};
use encoding_rs::WINDOWS_1252;
use std::collections::BTreeMap;
use subsetter::GlyphRemapper;

/// How heavy the letters are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Weight {
    /// Running text.
    Regular = 0,
    /// Heads and what must not be missed.
    Bold = 1,
}

/// How a text becomes glyphs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Setting {
    /// Helvetica, a code for each character.
    Standard,
    /// DejaVu Sans, a glyph for each character.
    Plain,
    /// Whatever fonts have the letters, in the forms and the order of their scripts.
    Shaped,
}

/// A text that is ready to be measured, wrapped and shown: every character in it has a glyph.
#[derive(Clone, Debug, PartialEq)]
pub struct Phrase {
    /// The characters, with replacements where no font has a glyph.
    pub text: String,
    /// The weight to set it in.
    pub weight: Weight,
    /// How it is set.
    pub setting: Setting,
}

/// What of a font is used in a document.
#[derive(Default)]
pub struct Used {
    /// Old glyph numbers to those of the subset.
    pub glyphs: GlyphRemapper,
    /// By the subset's glyph number: characters, and width in thousandths.
    pub codes: BTreeMap<u16, (String, f32)>,
}

/// The fonts of one document.
pub struct Fonts<'a> {
    library: &'a FontLibrary,
    used: Vec<Used>,
    /// Whether a character was replaced or cut off: the paper does not say all.
    pub incomplete: bool,
}

impl<'a> Fonts<'a> {
    /// Of a site; nothing is used yet.
    pub fn new(library: &'a FontLibrary) -> Fonts<'a> {
        Fonts {
            library,
            used: (0..library.count()).map(|_| Used::default()).collect(),
            incomplete: false,
        }
    }

    /// Chooses how to set a text, which must be free of control characters but `\n`.
    pub fn phrase(&mut self, text: &str, weight: Weight) -> Phrase {
        if !WINDOWS_1252.encode(text).2 {
            return Phrase {
                text: text.to_owned(),
                weight,
                setting: Setting::Standard,
            };
        }
        let font = |c| self.library.that_has(c, weight);
        let clean: String = text
            .chars()
            .filter(|c| !is_silent(*c) || font(*c).is_some())
            .map(|c| match c == '\n' || font(c).is_some() {
                true => c,
                false => REPLACEMENT,
            })
            .collect();
        let plain = |c: char| c == '\n' || (!needs_shaping(c) && font(c) == Some(weight as usize));
        let setting = match clean.chars().all(plain) {
            true => Setting::Plain,
            false => Setting::Shaped,
        };
        self.incomplete |= clean.contains(REPLACEMENT);
        Phrase {
            text: clean,
            weight,
            setting,
        }
    }

    /// Width of one character in thousandths of the font size of the phrase; that of a letter which
    /// joins others may be a little more or less.
    fn advance(&self, weight: Weight, setting: Setting, c: char) -> f32 {
        if setting != Setting::Standard {
            let font = self.library.that_has(c, weight);
            let wide = font
                .and_then(|number| self.library.font(number))
                .and_then(|font| {
                    let glyph = font.face.glyph_index(c)?;
                    let units = font.face.glyph_hor_advance(glyph)?;
                    Some(font.thousandths(i32::from(units)))
                });
            return wide.unwrap_or(0.0);
        }
        let table = match weight {
            Weight::Regular => &widths::REGULAR,
            Weight::Bold => &widths::BOLD,
        };
        let code = match c {
            ' '..='~' => c as usize,
            _ => usize::from(WINDOWS_1252.encode(c.encode_utf8(&mut [0; 4])).0[0]),
        };
        code.checked_sub(32)
            .and_then(|place| table.get(place))
            .map_or(0.0, |wide| f32::from(*wide))
    }

    /// Width of a phrase, in points.
    pub fn width(&self, phrase: &Phrase, size: f32) -> f32 {
        let sum: f32 = match phrase.setting {
            Setting::Shaped => self.glyphs(phrase).iter().map(|glyph| glyph.advance).sum(),
            setting => {
                let advance = |c| self.advance(phrase.weight, setting, c);
                phrase.text.chars().map(advance).sum()
            }
        };
        sum * size / 1000.0
    }

    /// The phrase in lines no wider than `limit` points.
    pub fn wrap(&self, phrase: &Phrase, size: f32, limit: f32) -> Vec<Phrase> {
        let advance = |c| self.advance(phrase.weight, phrase.setting, c) * size / 1000.0;
        wrap_by(&phrase.text, limit, advance)
            .into_iter()
            .map(|text| Phrase { text, ..*phrase })
            .collect()
    }

    /// The size to set a phrase in: that of the text around it, or less for DejaVu Sans.
    pub fn set_size(&self, phrase: &Phrase, size: f32) -> f32 {
        match phrase.setting {
            Setting::Standard => size,
            _ => size * self.scale(phrase.weight as usize),
        }
    }

    /// Size of a font's letters in proportion to Helvetica's.
    pub fn scale(&self, font: usize) -> f32 {
        self.library.font(font).map_or(1.0, |font| font.scale)
    }

    /// The glyphs of a line that is shaped.
    pub fn glyphs(&self, phrase: &Phrase) -> Vec<Glyph> {
        shape(self.library, &phrase.text, phrase.weight)
    }

    /// The codes that show a phrase which is not shaped: WinAnsi, or the subset's glyph numbers
    /// (Identity-H).
    pub fn encode(&mut self, phrase: &Phrase) -> Vec<u8> {
        let number = phrase.weight as usize;
        let (font, used) = match (self.library.font(number), self.used.get_mut(number)) {
            (Some(font), Some(used)) if phrase.setting == Setting::Plain => (font, used),
            _ => return WINDOWS_1252.encode(&phrase.text).0.into_owned(),
        };
        let units = font.face.units_per_em().max(1) as f32;
        let mut codes = Vec::with_capacity(phrase.text.len() * 2);
        for c in phrase.text.chars() {
            let Some(glyph) = font.face.glyph_index(c) else {
                continue;
            };
            let code = used.glyphs.remap(glyph.0);
            let wide = f32::from(font.face.glyph_hor_advance(glyph).unwrap_or(0)) * 1000.0 / units;
            let text = || (c.to_string(), wide);
            used.codes.entry(code).or_insert_with(text);
            codes.extend(code.to_be_bytes());
        }
        codes
    }

    /// The code that shows a glyph of a shaped line.
    pub fn encode_glyph(&mut self, glyph: &Glyph) -> [u8; 2] {
        let Some(used) = self.used.get_mut(glyph.font) else {
            return [0; 2];
        };
        let code = used.glyphs.remap(glyph.id);
        let wide = self.library.font(glyph.font).map_or(0.0, |font| {
            let units = font
                .face
                .glyph_hor_advance(rustybuzz::ttf_parser::GlyphId(glyph.id));
            font.thousandths(i32::from(units.unwrap_or(0))) / font.scale
        });
        let entry = used.codes.entry(code);
        let known = entry.or_insert_with(|| (glyph.text.clone(), wide));
        if known.0.is_empty() {
            known.0.clone_from(&glyph.text);
        }
        code.to_be_bytes()
    }

    /// The fonts that were used, with their numbers.
    pub fn embedded(&self) -> impl Iterator<Item = (usize, &Font, &Used)> {
        let used = self.used.iter().enumerate();
        used.filter(|(_, used)| !used.codes.is_empty())
            .filter_map(|(number, used)| Some((number, self.library.font(number)?, used)))
    }
}

/// What stands for nothing on paper: joiners, and marks of direction.
fn is_silent(c: char) -> bool {
    matches!(c, '\u{200b}'..='\u{200f}' | '\u{feff}')
}

/// Scripts whose letters join, move or run from right to left: Hebrew, Arabic and their kin, the
/// Indic scripts, Thai, Tibetan, Burmese, Hangul letters, Khmer, Mongolian; and marks that sit on
/// the letter before.
fn needs_shaping(c: char) -> bool {
    matches!(c, '\u{0300}'..='\u{036f}' | '\u{0590}'..='\u{109f}' | '\u{1100}'..='\u{11ff}'
        | '\u{1780}'..='\u{18af}' | '\u{fb1d}'..='\u{fdff}' | '\u{fe70}'..='\u{fefe}')
}
