//! A line of any script as glyphs from left to right: the Unicode Bidirectional Algorithm (UAX 9)
//! for the order, OpenType shaping for the forms.

use super::fonts::Weight;
use super::library::FontLibrary;
use rustybuzz::{Direction, UnicodeBuffer};
use std::collections::BTreeSet;
use std::ops::Range;
use unicode_bidi::BidiInfo;

/// A glyph in its place. Lengths are in thousandths of the size of the text.
#[derive(Clone, Debug, PartialEq)]
pub struct Glyph {
    /// The font's number in the library.
    pub font: usize,
    /// Its number in the font.
    pub id: u16,
    /// How far the pen goes on.
    pub advance: f32,
    /// To the right of the pen.
    pub right: f32,
    /// Above the base line.
    pub up: f32,
    /// The characters that it stands for; empty when a glyph beside it has them.
    pub text: String,
}

/// The glyphs of one line, which has no line end in it.
pub fn shape(library: &FontLibrary, line: &str, weight: Weight) -> Vec<Glyph> {
    let mut glyphs = Vec::new();
    let bidi = BidiInfo::new(line, None);
    for paragraph in &bidi.paragraphs {
        let (levels, runs) = bidi.visual_runs(paragraph, paragraph.range.clone());
        for run in runs {
            let backwards = levels.get(run.start).is_some_and(|level| level.is_rtl());
            let mut parts = by_font(library, line, run, weight);
            if backwards {
                parts.reverse();
            }
            for (font, part) in parts {
                let Some(words) = line.get(part) else {
                    continue;
                };
                glyphs.extend(shape_part(library, font, words, backwards));
            }
        }
    }
    glyphs
}

/// A run in parts of one font each. A character that no font has is left out: it was replaced
/// before.
fn by_font(
    library: &FontLibrary,
    line: &str,
    run: Range<usize>,
    weight: Weight,
) -> Vec<(usize, Range<usize>)> {
    let mut parts: Vec<(usize, Range<usize>)> = Vec::new();
    let text = line.get(run.clone()).unwrap_or_default();
    for (at, c) in text.char_indices() {
        let span = run.start + at..run.start + at + c.len_utf8();
        let has = |number: usize| {
            let font = library.font(number);
            font.is_some_and(|font| font.face.glyph_index(c).is_some())
        };
        match parts.last_mut() {
            // a mark stays in the font of its letter
            Some((font, part)) if part.end == span.start && has(*font) => part.end = span.end,
            _ => {
                if let Some(font) = library.that_has(c, weight) {
                    parts.push((font, span));
                }
            }
        }
    }
    parts
}

fn shape_part(library: &FontLibrary, number: usize, words: &str, backwards: bool) -> Vec<Glyph> {
    let Some(font) = library.font(number) else {
        return Vec::new();
    };
    let mut buffer = UnicodeBuffer::new();
    buffer.push_str(words);
    buffer.guess_segment_properties();
    buffer.set_direction(match backwards {
        true => Direction::RightToLeft,
        false => Direction::LeftToRight,
    });
    let shaped = rustybuzz::shape(&font.face, &[], buffer);
    let starts: BTreeSet<usize> = shaped
        .glyph_infos()
        .iter()
        .map(|info| info.cluster as usize)
        .collect();
    let mut told = BTreeSet::new();
    let placed = shaped.glyph_infos().iter().zip(shaped.glyph_positions());
    placed
        .map(|(info, position)| {
            let start = info.cluster as usize;
            let end = starts.range(start + 1..).next().copied();
            let text = match told.insert(start) {
                true => words.get(start..end.unwrap_or(words.len())),
                false => None,
            };
            Glyph {
                font: number,
                id: u16::try_from(info.glyph_id).unwrap_or_default(),
                advance: font.thousandths(position.x_advance),
                right: font.thousandths(position.x_offset),
                up: font.thousandths(position.y_offset),
                text: text.unwrap_or_default().to_owned(),
            }
        })
        .collect()
}
