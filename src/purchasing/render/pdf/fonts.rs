//! Which font can say a text, how wide it is, and the codes to show it by.
//!
//! Helvetica in WinAnsi needs no font in the file; every PDF reader has it (ISO 32000-1, 9.6.2.2).
//! A text that it cannot say is set as a whole in a subset of DejaVu Sans, which is read only then.

use super::widths;
use crate::domain::text::{REPLACEMENT, wrap_by};
use encoding_rs::WINDOWS_1252;
use std::collections::BTreeMap;
use subsetter::GlyphRemapper;
use ttf_parser::Face;

/// DejaVu Sans by weight: the files in `assets/fonts`.
static EMBEDDABLE: [&[u8]; 2] = [
    include_bytes!("../../../../assets/fonts/DejaVuSans.ttf"),
    include_bytes!("../../../../assets/fonts/DejaVuSans-Bold.ttf"),
];

/// DejaVu's letters are larger than Helvetica's of the same size; this makes them even.
const EMBEDDED_SCALE: f32 = 0.9;

/// How heavy the letters are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Weight {
    /// Running text.
    Regular = 0,
    /// Heads and what must not be missed.
    Bold = 1,
}

/// A text that is ready to be measured, wrapped and shown: every character in it has a glyph.
#[derive(Clone, Debug, PartialEq)]
pub struct Phrase {
    /// The characters, with replacements where neither font has a glyph.
    pub text: String,
    /// The weight to set it in.
    pub weight: Weight,
    /// Whether it is set in the embedded font.
    pub embedded: bool,
}

/// A font of the file that is embedded, and what of it is used.
pub struct Embedded {
    /// The whole font.
    pub face: Face<'static>,
    /// The whole font's bytes.
    pub data: &'static [u8],
    /// Old glyph numbers to those of the subset.
    pub glyphs: GlyphRemapper,
    /// By the subset's glyph number: character and width in thousandths.
    pub used: BTreeMap<u16, (char, f32)>,
}

/// The fonts of one document.
#[derive(Default)]
pub struct Fonts {
    embedded: [Option<Embedded>; 2],
    /// Whether a character was replaced or cut off: the paper does not say all.
    pub incomplete: bool,
}

impl Fonts {
    /// Chooses the font for a text, which must be free of control characters but `\n`.
    pub fn phrase(&mut self, text: &str, weight: Weight) -> Phrase {
        if !WINDOWS_1252.encode(text).2 {
            let text = text.to_owned();
            return Phrase {
                text,
                weight,
                embedded: false,
            };
        }
        let Some(font) = self.load(weight) else {
            self.incomplete = true;
            let known = |c: char| !WINDOWS_1252.encode(c.encode_utf8(&mut [0; 4])).2;
            let text = text
                .chars()
                .map(|c| if known(c) { c } else { '?' })
                .collect();
            return Phrase {
                text,
                weight,
                embedded: false,
            };
        };
        let shown = |c| c == '\n' || (!needs_shaping(c) && font.face.glyph_index(c).is_some());
        let clean: String = text
            .chars()
            .map(|c| if shown(c) { c } else { REPLACEMENT })
            .collect();
        self.incomplete |= clean.contains(REPLACEMENT);
        Phrase {
            text: clean,
            weight,
            embedded: true,
        }
    }

    /// The embedded font of a weight, read when first asked for.
    fn load(&mut self, weight: Weight) -> Option<&Embedded> {
        let data = EMBEDDABLE[weight as usize];
        let slot = &mut self.embedded[weight as usize];
        if slot.is_none() {
            *slot = Some(Embedded {
                face: Face::parse(data, 0).ok()?,
                data,
                glyphs: GlyphRemapper::new(),
                used: BTreeMap::new(),
            });
        }
        slot.as_ref()
    }

    /// Width of one character in thousandths of the font size of the phrase.
    fn advance(&self, weight: Weight, embedded: bool, c: char) -> f32 {
        if embedded {
            let font = self.embedded[weight as usize].as_ref();
            let wide = font.and_then(|font| {
                let glyph = font.face.glyph_index(c)?;
                let units = f32::from(font.face.units_per_em()).max(1.0);
                Some(f32::from(font.face.glyph_hor_advance(glyph)?) * 1000.0 / units)
            });
            return wide.unwrap_or(0.0) * EMBEDDED_SCALE;
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
        let advance = |c| self.advance(phrase.weight, phrase.embedded, c);
        phrase.text.chars().map(advance).sum::<f32>() * size / 1000.0
    }

    /// The phrase in lines no wider than `limit` points.
    pub fn wrap(&self, phrase: &Phrase, size: f32, limit: f32) -> Vec<Phrase> {
        let advance = |c| self.advance(phrase.weight, phrase.embedded, c) * size / 1000.0;
        wrap_by(&phrase.text, limit, advance)
            .into_iter()
            .map(|text| Phrase { text, ..*phrase })
            .collect()
    }

    /// The size to set a phrase in: that of the text around it, or less for the embedded font.
    pub fn set_size(phrase: &Phrase, size: f32) -> f32 {
        if phrase.embedded {
            size * EMBEDDED_SCALE
        } else {
            size
        }
    }

    /// The codes that show the phrase: WinAnsi, or the subset's glyph numbers (Identity-H).
    pub fn encode(&mut self, phrase: &Phrase) -> Vec<u8> {
        let font = match &mut self.embedded[phrase.weight as usize] {
            Some(font) if phrase.embedded => font,
            _ => return WINDOWS_1252.encode(&phrase.text).0.into_owned(),
        };
        let units = f32::from(font.face.units_per_em()).max(1.0);
        let mut codes = Vec::with_capacity(phrase.text.len() * 2);
        for c in phrase.text.chars() {
            let Some(glyph) = font.face.glyph_index(c) else {
                continue;
            };
            let code = font.glyphs.remap(glyph.0);
            let wide = f32::from(font.face.glyph_hor_advance(glyph).unwrap_or(0)) * 1000.0 / units;
            font.used.entry(code).or_insert((c, wide));
            codes.extend(code.to_be_bytes());
        }
        codes
    }

    /// The embedded fonts that were used, with their weight.
    pub fn embedded(&self) -> impl Iterator<Item = (Weight, &Embedded)> {
        let [regular, bold] = &self.embedded;
        [(Weight::Regular, regular), (Weight::Bold, bold)]
            .into_iter()
            .filter_map(|(weight, font)| Some((weight, font.as_ref()?)))
            .filter(|(_, font)| !font.used.is_empty())
    }
}

/// Scripts that are wrong when their letters are set one by one from left to right: Hebrew, Arabic
/// and their kin, the Indic scripts, Thai, Tibetan, Burmese, Hangul letters, Khmer, Mongolian. A
/// plain "not shown" serves a packer better than a name spelled backwards.
fn needs_shaping(c: char) -> bool {
    matches!(c, '\u{0590}'..='\u{109f}' | '\u{1100}'..='\u{11ff}' | '\u{1780}'..='\u{18af}'
        | '\u{fb1d}'..='\u{fdff}' | '\u{fe70}'..='\u{fefe}')
}
