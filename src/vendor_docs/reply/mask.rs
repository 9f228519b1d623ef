//! Makes a reply fit for reading words: SKUs and dates become single signs, so that their letters,
//! digits and dots mean nothing else.

use super::when;
use super::{AskedPo, places};
use chrono::NaiveDate;

/// Signs of SKUs: one for each line of the order.
const SKU: u32 = 0xE100;
/// Signs of dates: one for each date found.
const DATE: u32 = 0xF000;
/// Most lines and dates that have a sign.
const MOST: usize = 0x0700;

/// A text with signs.
#[derive(Clone, Debug)]
pub(super) struct Masked {
    /// The text, in lower case.
    pub text: String,
    /// What the signs of dates mean.
    pub dates: Vec<Option<NaiveDate>>,
}

/// The line of the order that a sign stands for.
pub(super) fn line_of(c: char) -> Option<usize> {
    let at = u32::from(c).checked_sub(SKU)? as usize;
    (at < MOST).then_some(at)
}

/// The sign of a line of the order.
pub(super) fn sign_of(line: usize) -> Option<char> {
    char::from_u32(
        SKU + u32::try_from(line)
            .ok()
            .filter(|at| (*at as usize) < MOST)?,
    )
}

/// The date that a sign stands for.
pub(super) fn date_of(c: char) -> Option<usize> {
    let at = u32::from(c).checked_sub(DATE)? as usize;
    (at < MOST).then_some(at)
}

/// The lines of the order that a text names.
pub(super) fn skus_in(text: &str, asked: AskedPo<'_>) -> Vec<usize> {
    let masked = with_skus(&text.to_lowercase(), asked);
    let mut lines: Vec<usize> = masked.chars().filter_map(line_of).collect();
    lines.sort_unstable();
    lines.dedup();
    lines
}

/// Puts the signs in.
pub(super) fn mask(text: &str, asked: AskedPo<'_>, today: NaiveDate) -> Masked {
    let clean: String = text
        .chars()
        .filter(|c| !matches!(u32::from(*c), 0xE000..=0xF8FF))
        .map(|c| match c {
            '’' | '‘' | '`' | '´' => '\'',
            '–' | '—' => '-',
            '\t' => ' ',
            c => c,
        })
        .collect();
    let text = places::marked(&with_skus(&clean.to_lowercase(), asked), asked);
    let mut out = String::new();
    let mut dates = Vec::new();
    let mut at = 0;
    for found in when::find(&text, today).into_iter().take(MOST) {
        out.push_str(text.get(at..found.span.0).unwrap_or_default());
        out.extend(char::from_u32(DATE + dates.len() as u32));
        dates.push(found.day);
        at = found.span.1;
    }
    out.push_str(text.get(at..).unwrap_or_default());
    Masked { text: out, dates }
}

/// The numbers of the order and its lines as signs, the longest first, so that a number within
/// another is not taken for it.
fn with_skus(text: &str, asked: AskedPo<'_>) -> String {
    let order = asked
        .po_number
        .rsplit_once('-')
        .map_or("", |(order, _)| order);
    let mut names: Vec<(String, Option<usize>)> = [asked.po_number, order]
        .into_iter()
        .map(|name| (name.to_lowercase(), None))
        .collect();
    for (at, line) in asked.lines.iter().enumerate().take(MOST) {
        names.push((line.sku.trim().to_lowercase(), Some(at)));
        names.push((line.vendor_sku.trim().to_lowercase(), Some(at)));
        names.extend(description(at, asked).map(|name| (name, Some(at))));
    }
    names.retain(|(name, _)| !name.is_empty());
    names.sort_by_key(|(name, _)| std::cmp::Reverse(name.len()));
    let mut text = text.to_owned();
    for (name, line) in names {
        let sign = match line {
            Some(at) => sign_of(at).map(String::from),
            None => Some(" ".to_owned()),
        };
        text = replaced(&text, &name, &sign.unwrap_or_default());
    }
    text
}

/// What a line is called on the order, when that is more than a word and no other line's name.
fn description(at: usize, asked: AskedPo<'_>) -> Option<String> {
    let of = |line: &super::AskedLine| line.description.trim().to_lowercase();
    let name = asked.lines.get(at).map(of)?;
    let others = asked.lines.iter().filter(|line| of(line) == name).count();
    (others == 1 && name.contains(' ')).then_some(name)
}

/// Short numbers, and words that are no numbers, count only after `SKU`, `item`, `part` or `#`.
fn needs_label(name: &str) -> bool {
    let word = !name.chars().any(|c| c.is_ascii_digit()) && !name.contains(' ');
    name.chars().count() < 4 || word
}

fn replaced(text: &str, name: &str, sign: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find(name) {
        let (before, after) = (&rest[..at], &rest[at + name.len()..]);
        let glued = |c: char| c.is_alphanumeric() || c == '_';
        let mut next = after.chars();
        let (first, second) = (next.next(), next.next());
        let follows = first.is_some_and(glued)
            || matches!(first, Some('-' | '/' | '.')) && second.is_some_and(glued);
        let mut previous = before.chars().rev().chain(out.chars().rev());
        let (last, one_before) = (previous.next(), previous.next());
        let precedes = last.is_some_and(glued)
            || matches!(last, Some('-' | '/' | '.')) && one_before.is_some_and(glued);
        let labelled = || {
            let before = before.trim_end_matches([' ', ':', '#', '.']);
            let labels = ["sku", "item", "part", "number", "no", "model", "product"];
            labels.iter().any(|label| before.ends_with(label)) || last == Some('#')
        };
        out.push_str(before);
        if follows || precedes || (needs_label(name) && !labelled()) {
            out.push_str(name);
        } else {
            out.push_str(sign);
        }
        rest = after;
    }
    out.push_str(rest);
    out
}
