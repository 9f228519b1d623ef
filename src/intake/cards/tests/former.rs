//! How card numbers were found before that was made faster, as it was: what the faster way is held against.

use super::super::card::Card;
use crate::domain::foreign::decimal;

/// Digits of the shortest and the longest card number.
const SHORTEST: usize = 13;
const LONGEST: usize = 19;

/// Visible separators that may stand between two digits of one number.
const GAP: usize = 3;

/// A range of first digits and the lengths in which its numbers are issued. Source: the schemes'
/// ranges as published in Wikipedia's "Payment card number" (ISO/IEC 7812 numbers).
struct Issued {
    /// Lowest and highest first digits, both of as many digits as written.
    low: u32,
    high: u32,
    /// Lengths of its numbers.
    lengths: &'static [usize],
}

const fn r(low: u32, high: u32, lengths: &'static [usize]) -> Issued {
    Issued { low, high, lengths }
}

const MAESTRO: &[usize] = &[13, 14, 15, 16, 17, 18, 19];

#[rustfmt::skip]
const RANGES: &[Issued] = &[
    r(4, 4, &[13, 16, 19]),                                        // Visa
    r(51, 55, &[16]), r(2221, 2720, &[16]),                        // Mastercard
    r(34, 34, &[15]), r(37, 37, &[15]),                            // American Express
    r(6011, 6011, &[16, 17, 18, 19]), r(644, 649, &[16, 17, 18, 19]),
    r(65, 65, &[16, 17, 18, 19]),                                  // Discover
    r(300, 305, &[14, 15, 16, 17, 18, 19]), r(3095, 3095, &[14, 15, 16, 17, 18, 19]),
    r(36, 36, &[14, 15, 16, 17, 18, 19]), r(38, 39, &[14, 15, 16, 17, 18, 19]), // Diners Club
    r(3528, 3589, &[16, 17, 18, 19]),                              // JCB
    r(62, 62, &[16, 17, 18, 19]), r(81, 81, &[16, 17, 18, 19]),    // UnionPay
    r(5018, 5018, MAESTRO), r(5020, 5020, MAESTRO), r(5038, 5038, MAESTRO),
    r(5612, 5612, MAESTRO), r(5893, 5893, MAESTRO), r(6304, 6304, MAESTRO),
    r(6759, 6759, MAESTRO), r(6761, 6763, MAESTRO), r(676770, 676770, MAESTRO),
    r(676774, 676774, MAESTRO), r(6390, 6390, MAESTRO),            // Maestro
];

/// One run of digits without anything visible between them.
struct Group {
    /// Where in the text it begins and ends, in bytes.
    start: usize,
    end: usize,
    digits: Vec<u8>,
    /// Whether a `+` stands before it, as before international telephone numbers.
    plus: bool,
    /// Whether `1Z` stands before it, as in tracking numbers of UPS.
    parcel: bool,
    /// Whether it is a piece of a machine's word, which has letters and further digits, such as
    /// `ch_30463161606573d7`.
    machine: bool,
    /// What stands between it and the group before; `None` when that is too far or too foreign.
    gap: Option<String>,
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
    let groups = groups(text);
    let (mut found, mut from) = (Vec::new(), 0);
    while from < groups.len() {
        let Some(to) = card_at(&groups, from).or_else(|| grouped_at(text, &groups, from)) else {
            from += 1;
            continue;
        };
        found.push(card(text, &groups[from..=to]));
        from = to + 1;
    }
    found
}

fn card(text: &str, groups: &[Group]) -> Card {
    let digits: Vec<u8> = groups
        .iter()
        .flat_map(|g| g.digits.iter().copied())
        .collect();
    let start = groups.first().map_or(0, |group| group.start);
    let end = groups.last().map_or(start, |group| group.end);
    let of_group = |group: &Group| {
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
        digits,
        hidden,
    }
}

/// The last group of a number that is written as on cards (4-4-4-4, 4-6-5, 4-6-4), with one and the
/// same text between the groups, whatever that is: a comma, a letter, an HTML tag.
fn grouped_at(text: &str, groups: &[Group], from: usize) -> Option<usize> {
    const WRITTEN: [&[usize]; 4] = [&[4, 4, 4, 4, 3], &[4, 4, 4, 4], &[4, 6, 5], &[4, 6, 4]];
    const BETWEEN: usize = 24;
    let fits = |sizes: &&&[usize]| {
        let Some(these) = groups.get(from..from + sizes.len()) else {
            return false;
        };
        let same = these
            .iter()
            .zip(sizes.iter())
            .all(|(g, size)| g.digits.len() == *size);
        let gap = |pair: &[Group]| text[pair[0].end..pair[1].start].to_owned();
        let gaps: Vec<String> = these.windows(2).map(gap).collect();
        let digits: Vec<u8> = these
            .iter()
            .flat_map(|g| g.digits.iter().copied())
            .collect();
        same && gaps
            .iter()
            .all(|gap| gap == &gaps[0] && gap.len() <= BETWEEN)
            && is_card(&digits)
    };
    let sizes = WRITTEN.iter().find(fits)?;
    Some(from + sizes.len() - 1)
}

/// Splits the text into its groups of digits. What cannot be seen does not part digits.
fn groups(text: &str) -> Vec<Group> {
    let mut groups: Vec<Group> = Vec::new();
    let mut gap = None;
    let mut open = false;
    let mut before = ' ';
    let mut skip = 0;
    for (place, c) in text.char_indices() {
        if place < skip {
            continue;
        }
        if (open || gap.is_some())
            && let Some(length) = escaped(&text[place..])
        {
            // a blank as programs write it; a soft line end is none at all
            skip = place + length;
            if !text[place..skip].ends_with('\n') {
                open = false;
                gap = gap.filter(|gap: &String| gap.chars().count() < GAP);
                if let Some(gap) = &mut gap {
                    gap.push(' ');
                }
            }
            continue;
        }
        if let Some(digit) = decimal(c) {
            let digit = digit as u8;
            let end = place + c.len_utf8();
            match groups.last_mut().filter(|_| open) {
                Some(group) => {
                    group.digits.push(digit);
                    group.end = end;
                }
                None => groups.push(Group {
                    start: place,
                    end,
                    digits: vec![digit],
                    plus: before == '+',
                    parcel: text[..place].ends_with("1Z") || text[..place].ends_with("1z"),
                    machine: false,
                    gap: gap.take(),
                }),
            }
            open = true;
            gap = Some(String::new());
        } else if !is_unseen(c) {
            open = false;
            gap = gap.filter(|gap: &String| is_separator(c) && gap.chars().count() < GAP);
            if let Some(gap) = &mut gap {
                gap.push(c);
            }
        }
        before = c;
    }
    for group in &mut groups {
        group.machine = is_machine_word(text, group);
    }
    groups
}

/// The length of a blank, hyphen or dot that a URL, HTML or quoted-printable text has as its code, of
/// a tag, or of a soft line end.
fn escaped(text: &str) -> Option<usize> {
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
    if !text.starts_with(['%', '&', '=', '<']) {
        return None;
    }
    if let Some(rest) = text.strip_prefix('<') {
        let tag = rest.starts_with(|c: char| c.is_ascii_alphabetic() || c == '/');
        let end = rest.bytes().take(200).position(|byte| byte == b'>');
        return end.filter(|_| tag).map(|end| end + 2);
    }
    for end in ["=\n", "=\r\n"] {
        if text.starts_with(end) {
            return Some(end.len());
        }
    }
    let is = |code: &&&str| {
        text.get(..code.len())
            .is_some_and(|head| head.eq_ignore_ascii_case(code))
    };
    CODES.iter().find(is).map(|code| code.len())
}

/// Whether letters and more digits stand around the group without a break, within 40 characters.
fn is_machine_word(text: &str, group: &Group) -> bool {
    if group.digits.len() < SHORTEST {
        return false;
    }
    let word = |bytes: &mut dyn Iterator<Item = u8>| {
        let piece: Vec<u8> = bytes
            .take(40)
            .take_while(u8::is_ascii_alphanumeric)
            .collect();
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
fn card_at(groups: &[Group], from: usize) -> Option<usize> {
    if groups[from].machine || groups[from].parcel && groups[from].digits.len() == 16 {
        return None;
    }
    let mut digits: Vec<u8> = Vec::with_capacity(LONGEST);
    let mut found = None;
    for (place, group) in groups.iter().enumerate().skip(from) {
        let joined = place == from || group.gap.is_some();
        if !joined || digits.len() + group.digits.len() > LONGEST {
            break;
        }
        digits.extend(&group.digits);
        if is_card(&digits) && !is_phone(groups, from, place, digits.len()) {
            found = Some(place);
        }
    }
    found
}

/// Whether the groups are telephone numbers rather than a card's: `+` and 13 digits at most, or
/// an American number (3-3-4, as `859-589-9227`) with the beginning of something else behind it.
fn is_phone(groups: &[Group], from: usize, to: usize, length: usize) -> bool {
    if groups[from].plus && length == SHORTEST {
        return true;
    }
    // all that stands together is as long as a card's number and no longer: two telephone numbers
    // have 20 digits, one with a ZIP 15
    let joined = |group: Option<&Group>| group.is_some_and(|group| group.gap.is_some());
    if length >= 16 && !joined(groups.get(from)) && !joined(groups.get(to + 1)) {
        return false;
    }
    // the number may begin before, when this group is the middle of one
    (from.saturating_sub(2)..=to).any(|first| {
        let Some([a, b, c]) = groups.get(first..first + 3) else {
            return false;
        };
        let sizes = [a, b, c].map(|group| group.digits.len());
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

/// Length, first digits and check digit of a card number, in ASCII digits.
fn is_card(digits: &[u8]) -> bool {
    if !(SHORTEST..=LONGEST).contains(&digits.len()) {
        return false;
    }
    let first = |count: u32| {
        let digits = digits.iter().take(count as usize);
        digits.fold(0u32, |number, digit| number * 10 + u32::from(digit - b'0'))
    };
    let issued = RANGES.iter().any(|range| {
        let start = first(range.low.ilog10() + 1);
        range.lengths.contains(&digits.len()) && (range.low..=range.high).contains(&start)
    });
    issued && luhn(digits)
}

/// The check of ISO/IEC 7812-1, annex B.
fn luhn(digits: &[u8]) -> bool {
    let sum: u32 = digits
        .iter()
        .rev()
        .enumerate()
        .map(|(place, digit)| match u32::from(digit - b'0') {
            digit if place % 2 == 0 => digit,
            digit if digit > 4 => digit * 2 - 9,
            digit => digit * 2,
        })
        .sum();
    sum.is_multiple_of(10)
}
