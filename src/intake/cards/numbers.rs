//! Which digits of a text are a card's number, however people space them.

use super::card::Card;
use super::schemes::{Check, LONGEST, SHORTEST, is_card, issued};
use crate::domain::foreign::decimal;

/// Visible separators that may stand between two digits of one number.
const GAP: usize = 3;

/// One run of digits without anything visible between them.
struct DigitGroup {
    /// Where in the text it begins and ends, in bytes.
    start: usize,
    end: usize,
    /// Where its digits begin and end among all of the text.
    first: usize,
    last: usize,
    /// Whether a `+` stands before it, as before international telephone numbers.
    plus: bool,
    /// Whether `1Z` stands before it, as in tracking numbers of UPS.
    parcel: bool,
    /// Whether it is a piece of a machine's word, which has letters and further digits, such as
    /// `ch_30463161606573d7`.
    machine: bool,
    /// What stands between it and the group before; `None` when that is too far or too foreign.
    gap: Option<Gap>,
}

impl DigitGroup {
    /// How many digits it has.
    fn size(&self) -> usize {
        self.last - self.first
    }
}

/// The visible separators between two groups; the places behind the last one are all alike.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
struct Gap {
    signs: [char; GAP],
    count: usize,
}

impl Gap {
    /// With one more; `None` when that is one too many.
    fn and(mut self, sign: char) -> Option<Gap> {
        *self.signs.get_mut(self.count)? = sign;
        self.count += 1;
        Some(self)
    }
}

/// A text's digits, ASCII, and its groups of them.
#[derive(Default)]
struct Numbers {
    digits: Vec<u8>,
    groups: Vec<DigitGroup>,
}

impl Numbers {
    /// The digits of the groups from one to another.
    fn digits(&self, groups: &[DigitGroup]) -> &[u8] {
        match groups {
            [first, .., last] => &self.digits[first.first..last.last],
            [only] => &self.digits[only.first..only.last],
            [] => &[],
        }
    }
}

/// The card numbers of a text; most texts prove that they have none by having fewer than 13 digits.
pub(super) fn cards(text: &str) -> Vec<Card> {
    let ascii = text.bytes().filter(u8::is_ascii_digit).count();
    if ascii < SHORTEST {
        let foreign = || text.chars().filter(|c| decimal(*c).is_some()).count();
        if text.is_ascii() || foreign() < SHORTEST {
            return Vec::new();
        }
    }
    let numbers = numbers(text);
    let (mut found, mut from) = (Vec::new(), 0);
    while from < numbers.groups.len() {
        let Some(to) = card_at(&numbers, from).or_else(|| grouped_at(text, &numbers, from)) else {
            from += 1;
            continue;
        };
        let groups = &numbers.groups[from..=to];
        found.push(card(text, groups, numbers.digits(groups)));
        from = to + 1;
    }
    found
}

fn card(text: &str, groups: &[DigitGroup], digits: &[u8]) -> Card {
    let start = groups.first().map_or(0, |group| group.start);
    let end = groups.last().map_or(start, |group| group.end);
    let of_group = |group: &DigitGroup| {
        let start = group.start;
        let inside = text[start..group.end].char_indices();
        let inside = inside.filter(|(_, c)| decimal(*c).is_some());
        inside.map(move |(at, c)| start + at..start + at + c.len_utf8())
    };
    let places = groups.iter().flat_map(of_group);
    let hidden = places
        .enumerate()
        .filter(|(place, _)| *place >= 6 && place + 4 < digits.len())
        .map(|(_, at)| at)
        .collect();
    Card {
        place: start..end,
        digits: digits.to_vec(),
        hidden,
    }
}

/// The last group of a number that is written as on cards (4-4-4-4, 4-6-5, 4-6-4), with one and the
/// same text between the groups, whatever that is: a comma, a letter, an HTML tag.
fn grouped_at(text: &str, numbers: &Numbers, from: usize) -> Option<usize> {
    const WRITTEN: [&[usize]; 4] = [&[4, 4, 4, 4, 3], &[4, 4, 4, 4], &[4, 6, 5], &[4, 6, 4]];
    const BETWEEN: usize = 24;
    let fits = |sizes: &&&[usize]| {
        let Some(these) = numbers.groups.get(from..from + sizes.len()) else {
            return false;
        };
        looked(1);
        let gap = |pair: &[DigitGroup]| &text[pair[0].end..pair[1].start];
        // the lengths first: gaps may be as long as the text
        let same = these.iter().map(DigitGroup::size).eq(sizes.iter().copied())
            && these.windows(2).all(|pair| gap(pair).len() <= BETWEEN)
            && these.windows(2).all(|pair| gap(pair) == gap(these));
        same && is_card(numbers.digits(these))
    };
    let sizes = WRITTEN.iter().find(fits)?;
    Some(from + sizes.len() - 1)
}

/// Splits the text into its groups of digits. What cannot be seen does not part digits.
fn numbers(text: &str) -> Numbers {
    let mut all = Numbers::default();
    let mut gap = None;
    let mut open = false;
    let mut before = ' ';
    let mut skip = 0;
    let mut tags = Tags::default();
    for (place, c) in text.char_indices() {
        if place < skip {
            continue;
        }
        looked(1);
        if (open || gap.is_some())
            && let Some(length) = escaped(text, place, &mut tags)
        {
            // a blank as programs write it; a soft line end is none at all
            skip = place + length;
            if !text[place..skip].ends_with('\n') {
                open = false;
                gap = gap.and_then(|gap: Gap| gap.and(' '));
            }
            continue;
        }
        if let Some(digit) = decimal(c) {
            let end = place + c.len_utf8();
            all.digits.push(digit as u8);
            let last = all.digits.len();
            match all.groups.last_mut().filter(|_| open) {
                Some(group) => (group.end, group.last) = (end, last),
                None => all.groups.push(DigitGroup {
                    start: place,
                    end,
                    first: last - 1,
                    last,
                    plus: before == '+',
                    parcel: text[..place].ends_with("1Z") || text[..place].ends_with("1z"),
                    machine: false,
                    gap: gap.take(),
                }),
            }
            open = true;
            gap = Some(Gap::default());
        } else if !is_unseen(c) {
            open = false;
            gap = gap.filter(|_| is_separator(c)).and_then(|gap| gap.and(c));
        }
        before = c;
    }
    for group in &mut all.groups {
        group.machine = is_machine_word(text, group);
    }
    all
}

/// Where the next `>` is. Each is looked for once, however many tags begin before it.
#[derive(Default)]
struct Tags {
    /// The text before here was looked through, and the `>` that was found is here if there is one.
    next: usize,
}

impl Tags {
    /// The first `>` at `from` or behind it; the text's end when there is none.
    fn end(&mut self, text: &str, from: usize) -> usize {
        if self.next < from {
            let found = text[from..].find('>');
            self.next = found.map_or(text.len(), |at| from + at);
            looked(self.next - from);
        }
        self.next
    }
}

/// The length of a blank, hyphen or dot that a URL, HTML or quoted-printable text has as its code, of
/// a tag, or of a soft line end.
fn escaped(all: &str, place: usize, tags: &mut Tags) -> Option<usize> {
    const CODES: [&str; 24] = [
        "%20",
        "%09",
        "%2d",
        "%2e",
        "%c2%a0",
        "%a0",
        "%e2%80%af",
        "%e2%80%89",
        "&nbsp;",
        "&#160;",
        "&#xa0;",
        "&#32;",
        "&#x20;",
        "&thinsp;",
        "&ensp;",
        "&emsp;",
        "&#8239;",
        "&#8209;",
        "&shy;",
        "=20",
        "=09",
        "=c2=a0",
        "=a0",
        "=2e",
    ];
    /// The longest tag, in bytes between its signs.
    const TAG: usize = 200;
    let text = &all[place..];
    let sign = *text.as_bytes().first()?;
    if !matches!(sign, b'%' | b'&' | b'=' | b'<') {
        return None;
    }
    if sign == b'<' {
        let tag = text[1..].starts_with(|c: char| c.is_ascii_alphabetic() || c == '/');
        if !tag {
            return None;
        }
        let end = tags.end(all, place + 1);
        return (end < all.len() && end - place <= TAG).then_some(end - place + 1);
    }
    for end in ["=\n", "=\r\n"] {
        if text.starts_with(end) {
            return Some(end.len());
        }
    }
    looked(CODES.len());
    let is = |code: &&&str| {
        let mut head = text.get(..code.len()).into_iter();
        head.any(|head| head.eq_ignore_ascii_case(code))
    };
    CODES.iter().find(is).map(|code| code.len())
}

/// Whether letters and more digits stand around the group without a break, within 40 characters.
fn is_machine_word(text: &str, group: &DigitGroup) -> bool {
    if group.size() < SHORTEST {
        return false;
    }
    let word = |bytes: &mut dyn Iterator<Item = u8>| {
        let piece: Vec<u8> = bytes
            .take(40)
            .take_while(u8::is_ascii_alphanumeric)
            .collect();
        looked(piece.len());
        let digits = piece.iter().filter(|byte| byte.is_ascii_digit()).count();
        (digits, piece.len() - digits)
    };
    let (left, before) = word(&mut text.as_bytes()[..group.start].iter().rev().copied());
    let (right, behind) = word(&mut text.as_bytes()[group.end..].iter().copied());
    left + right > 0 && before + behind > 0
}

/// Characters of no width, and the combining ones that some keyboards add to digits.
fn is_unseen(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}'
        | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{fe00}'..='\u{fe0f}'
        | '\u{20e3}' | '\u{feff}')
}

fn is_separator(c: char) -> bool {
    c.is_whitespace()
        || matches!(
            c,
            '-' | '.' | '_' | '/' | '·' | '•' | '\u{2010}'
                ..='\u{2015}'
                    | '\u{2027}'
                    | '\u{2212}'
                    | '\u{2e3a}'
                    | '\u{fe58}'
                    | '\u{fe63}'
                    | '\u{ff0d}'
                    | '\u{ff0e}'
                    | '\u{30fb}'
        )
}

/// The last group of the card number that begins with the group `from`, if one does. A number
/// begins and ends with a group; of several lengths the longest counts, so that none of its digits
/// is left over.
fn card_at(numbers: &Numbers, from: usize) -> Option<usize> {
    let groups = &numbers.groups;
    let begin = &groups[from];
    if begin.machine || begin.parcel && begin.size() == 16 || begin.size() > LONGEST {
        return None;
    }
    // most numbers are known by their first digits to be none, before their length is
    looked(1);
    let lengths = issued(&numbers.digits[begin.first..]);
    if lengths == 0 {
        return None;
    }
    let (mut found, mut check) = (None, Check::default());
    for (place, group) in groups.iter().enumerate().skip(from) {
        let joined = place == from || group.gap.is_some();
        let length = group.last - begin.first;
        if !joined || length > LONGEST {
            break;
        }
        looked(group.size());
        check.add(&numbers.digits[group.first..group.last]);
        if lengths & 1 << length != 0 && check.holds() && !is_phone(groups, from, place, length) {
            found = Some(place);
        }
    }
    found
}

/// Whether the groups are telephone numbers rather than a card's: `+` and 13 digits at most, or
/// an American number (3-3-4, as `859-589-9227`) with the beginning of something else behind it.
fn is_phone(groups: &[DigitGroup], from: usize, to: usize, length: usize) -> bool {
    if groups[from].plus && length == SHORTEST {
        return true;
    }
    // all that stands together is as long as a card's number and no longer: two telephone numbers
    // have 20 digits, one with a ZIP 15
    let joined = |group: Option<&DigitGroup>| group.is_some_and(|group| group.gap.is_some());
    if length >= 16 && !joined(groups.get(from)) && !joined(groups.get(to + 1)) {
        return false;
    }
    // the number may begin before, when this group is the middle of one
    (from.saturating_sub(2)..=to).any(|first| {
        looked(1);
        let Some([a, b, c]) = groups.get(first..first + 3) else {
            return false;
        };
        let sizes = [a, b, c].map(DigitGroup::size);
        let apart = groups.get(first + 3).and_then(|next| next.gap.as_ref());
        let whole = from == first && to == first + 2;
        sizes == [3, 3, 4]
            && b.gap.is_some()
            && b.gap == c.gap
            && !whole
            && (first == from || a.gap != b.gap)
            && apart != c.gap.as_ref()
    })
}

/// Counts what was looked at, for the test of what hostile texts cost.
#[cfg(test)]
fn looked(at: usize) {
    LOOKED.with(|count| count.set(count.get() + at));
}

#[cfg(not(test))]
fn looked(_: usize) {}

#[cfg(test)]
thread_local! {
    pub(super) static LOOKED: std::cell::Cell<usize> = const { std::cell::Cell::new(0) };
}
