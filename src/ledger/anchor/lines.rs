//! The lines of an anchor file, by themselves: what each says, and whether it stands in its place.
//! `docs/ledger-format.md` has the format byte for byte.

use crate::clock;
use openssl::sha::Sha256;

/// A row of the trail for which one line vouches.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Anchor {
    /// The trail's last row when it was written.
    pub seq: i64,
    /// When it was written.
    pub at: String,
    /// The row's hash, hexadecimal.
    pub hash: String,
}

/// One line of the file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AnchorLine {
    /// As poms wrote it.
    Anchor(Anchor),
    /// An anchor that does not follow the lines before it; why, as the end of a sentence.
    Misplaced(Anchor, &'static str),
    /// What a crash left of a line that was being written: no fault, and nothing is believed of it.
    Fragment,
    /// Nothing that poms writes; why, as the end of a sentence.
    Malformed(&'static str),
}

impl AnchorLine {
    /// The anchor that it has, misplaced or not.
    pub fn anchor(&self) -> Option<&Anchor> {
        match self {
            AnchorLine::Anchor(anchor) | AnchorLine::Misplaced(anchor, _) => Some(anchor),
            AnchorLine::Fragment | AnchorLine::Malformed(_) => None,
        }
    }

    fn fault(&self) -> Option<&'static str> {
        match self {
            AnchorLine::Misplaced(_, why) | AnchorLine::Malformed(why) => Some(why),
            AnchorLine::Anchor(_) | AnchorLine::Fragment => None,
        }
    }
}

/// A whole anchor file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Anchors {
    /// Its lines in their order.
    pub lines: Vec<AnchorLine>,
    /// What comes after them must name this.
    pub(super) link: [u8; 32],
    /// Whether the last line lacks its end.
    pub(super) open: bool,
}

impl Anchors {
    /// The anchor with the highest number, wherever it stands.
    pub fn highest(&self) -> Option<&Anchor> {
        let anchors = self.lines.iter().filter_map(AnchorLine::anchor);
        anchors.max_by_key(|anchor| anchor.seq)
    }

    /// The first line that is not as poms wrote it: its number, and why.
    pub fn fault(&self) -> Option<(usize, &'static str)> {
        let mut lines = self.lines.iter().enumerate();
        lines.find_map(|(place, line)| Some((place + 1, line.fault()?)))
    }

    /// Whether the file ends in what a crash left.
    pub(super) fn ends_in_fragment(&self) -> bool {
        self.lines.last() == Some(&AnchorLine::Fragment)
    }
}

/// The link after a line.
pub(super) fn link(before: &[u8; 32], line: &[u8]) -> [u8; 32] {
    let mut sha = Sha256::new();
    sha.update(before);
    sha.update(line);
    sha.finish()
}

/// A line as it is written, without its end; `after_fragment` where the line before it is one.
pub(super) fn write(anchor: &Anchor, before: &[u8; 32], after_fragment: bool) -> String {
    let Anchor { seq, at, hash } = anchor;
    let prev = clock::hex(before);
    let fragment = if after_fragment {
        r#","fragment":true"#
    } else {
        ""
    };
    format!(r#"{{"seq":{seq},"at":"{at}","hash":"{hash}","prev":"{prev}"{fragment}}}"#)
}

/// Reads a file's bytes.
pub(super) fn parse(bytes: &[u8]) -> Anchors {
    let open = bytes.last().is_some_and(|last| *last != b'\n');
    let whole = bytes.strip_suffix(b"\n").unwrap_or(bytes);
    let mut found = Anchors {
        open,
        ..Anchors::default()
    };
    if bytes.is_empty() {
        return found;
    }
    let (mut highest, mut linked) = (0, false);
    for text in whole.split(|byte| *byte == b'\n') {
        let line = match read(text) {
            None => AnchorLine::Malformed("is no anchor"),
            Some((anchor, None)) if linked => {
                AnchorLine::Misplaced(anchor, "has no link to the line before it")
            }
            Some((anchor, None)) => AnchorLine::Anchor(anchor),
            Some((anchor, Some(said))) => {
                linked = true;
                if said.prev != clock::hex(&found.link) {
                    AnchorLine::Misplaced(anchor, "does not follow the line before it")
                } else if anchor.seq <= highest {
                    AnchorLine::Misplaced(anchor, "is no newer than a line before it")
                } else {
                    if let Some(before @ AnchorLine::Malformed(_)) = found.lines.last_mut()
                        && said.fragment
                    {
                        *before = AnchorLine::Fragment;
                    }
                    AnchorLine::Anchor(anchor)
                }
            }
        };
        highest = highest.max(line.anchor().map_or(0, |anchor| anchor.seq));
        found.link = link(&found.link, text);
        found.lines.push(line);
    }
    if let Some(last @ AnchorLine::Malformed(_)) = found.lines.last_mut()
        && open
    {
        *last = AnchorLine::Fragment;
    }
    found
}

/// What a linked line says of the one before it.
struct AnchorLink<'a> {
    prev: &'a str,
    fragment: bool,
}

/// One line, as poms writes it now or wrote it before lines were linked; anything else is none.
fn read(line: &[u8]) -> Option<(Anchor, Option<AnchorLink<'_>>)> {
    let line = std::str::from_utf8(line).ok()?;
    if let Some(rest) = line.strip_prefix(r#"{"at":""#) {
        let (at, rest) = moment(rest)?;
        let (seq, rest) = number(rest.strip_prefix(r#"","seq":"#)?)?;
        let (hash, rest) = digest(rest.strip_prefix(r#","hash":""#)?)?;
        return (rest == "\"}").then(|| (anchor(seq, at, hash), None));
    }
    let (seq, rest) = number(line.strip_prefix(r#"{"seq":"#)?)?;
    let (at, rest) = moment(rest.strip_prefix(r#","at":""#)?)?;
    let (hash, rest) = digest(rest.strip_prefix(r#"","hash":""#)?)?;
    let (prev, rest) = digest(rest.strip_prefix(r#"","prev":""#)?)?;
    let fragment = match rest {
        "\"}" => false,
        r#"","fragment":true}"# => true,
        _ => return None,
    };
    Some((anchor(seq, at, hash), Some(AnchorLink { prev, fragment })))
}

fn anchor(seq: i64, at: &str, hash: &str) -> Anchor {
    Anchor {
        seq,
        at: at.to_owned(),
        hash: hash.to_owned(),
    }
}

/// `2025-06-02T10:05:00.000Z`, by its shape.
fn moment(text: &str) -> Option<(&str, &str)> {
    const SHAPE: &[u8; 24] = b"0000-00-00T00:00:00.000Z";
    let (at, rest) = text.split_at_checked(SHAPE.len())?;
    let fits = |(byte, shape): (u8, &u8)| match shape {
        b'0' => byte.is_ascii_digit(),
        _ => byte == *shape,
    };
    at.bytes().zip(SHAPE).all(fits).then_some((at, rest))
}

/// A whole number from 1, in at most 18 digits and without zeros before it.
fn number(text: &str) -> Option<(i64, &str)> {
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let (number, rest) = text.split_at_checked(digits)?;
    if number.starts_with('0') || digits > 18 {
        return None;
    }
    Some((number.parse().ok()?, rest))
}

/// 32 bytes in lower-case hexadecimal.
pub(super) fn digest(text: &str) -> Option<(&str, &str)> {
    let (digest, rest) = text.split_at_checked(64)?;
    let hexadecimal = |byte: u8| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte);
    digest.bytes().all(hexadecimal).then_some((digest, rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn made(seq: i64) -> Anchor {
        anchor(seq, "2025-06-02T10:05:00.000Z", &format!("{seq:064x}"))
    }

    /// A file of linked lines with these numbers.
    fn file(numbers: &[i64]) -> Vec<u8> {
        let mut bytes = Vec::new();
        for seq in numbers {
            let before = parse(&bytes);
            let line = write(&made(*seq), &before.link, before.ends_in_fragment());
            if before.open {
                bytes.push(b'\n');
            }
            bytes.extend(line.bytes().chain([b'\n']));
        }
        bytes
    }

    fn old(seq: i64) -> String {
        let Anchor { at, hash, .. } = made(seq);
        format!("{{\"at\":\"{at}\",\"seq\":{seq},\"hash\":\"{hash}\"}}\n")
    }

    fn fault(bytes: &[u8]) -> Option<usize> {
        parse(bytes).fault().map(|(line, _)| line)
    }

    #[test]
    fn lines_of_today_and_of_before_are_read_and_the_highest_counts() {
        let anchors = parse(&file(&[3, 7, 12]));
        assert_eq!((anchors.lines.len(), anchors.fault()), (3, None));
        assert_eq!(anchors.highest(), Some(&made(12)));
        // two commands could once write side by side: the order of old lines says nothing
        let bytes = [old(3), old(9), old(7)].concat().into_bytes();
        let anchors = parse(&bytes);
        assert_eq!((anchors.highest(), anchors.fault()), (Some(&made(9)), None));
        let next = write(&made(10), &anchors.link, false) + "\n";
        let both = [&bytes[..], next.as_bytes()].concat();
        assert_eq!(fault(&both), None);
        assert_eq!(fault(&[&both[..], old(11).as_bytes()].concat()), Some(5));
        assert_eq!(parse(b"").highest(), None);
    }

    #[test]
    fn every_line_that_is_taken_out_changed_or_put_in_is_named() {
        let whole = file(&[3, 7, 12, 20]);
        let lines: Vec<&[u8]> = whole.split_inclusive(|byte| *byte == b'\n').collect();
        for place in 0..lines.len() {
            let mut less = lines.clone();
            less.remove(place);
            // without the last one the file is one of earlier: a head out of a mail tells
            let expected = (place + 1 < lines.len()).then_some(place + 1);
            assert_eq!(fault(&less.concat()), expected, "without {place}");
            let mut more = lines.clone();
            more.insert(lines.len(), lines[place]);
            assert_eq!(fault(&more.concat()), Some(5), "{place} again");
            assert_eq!(parse(&more.concat()).highest(), Some(&made(20)));
        }
        // what the last line says, the ledger alone can tell
        for place in 0..whole.len() - lines[3].len() {
            let mut other = whole.clone();
            other[place] ^= 1;
            assert!(fault(&other).is_some(), "byte {place}");
        }
        assert_eq!(fault(&[&whole[..], b"\n"].concat()), Some(5));
        assert_eq!(fault(&[&whole[..], b"x\n"].concat()), Some(5));
    }

    #[test]
    fn what_a_crash_leaves_is_passed_over_and_the_next_line_says_so() {
        let whole = file(&[3, 7]);
        for cut in 0..=whole.len() {
            let torn = &whole[..cut];
            assert_eq!(fault(torn), None, "cut at {cut}");
            let before = parse(torn);
            let mut mended = torn.to_vec();
            if before.open {
                mended.push(b'\n');
            }
            let next = write(&made(9), &before.link, before.ends_in_fragment());
            mended.extend(next.bytes().chain([b'\n']));
            let after = parse(&mended);
            assert_eq!(
                (after.fault(), after.highest()),
                (None, Some(&made(9))),
                "cut at {cut}"
            );
        }
        // nobody else can have a garbled line passed over
        let garbled = [&whole[..], b"{\"seq\":300,\n"].concat();
        let before = parse(&garbled);
        let next = write(&made(9), &before.link, false) + "\n";
        assert_eq!(fault(&[&garbled[..], next.as_bytes()].concat()), Some(3));
    }
}
