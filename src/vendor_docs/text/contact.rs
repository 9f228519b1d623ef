//! A signature that no courtesy parts from what is said: name, company, street, telephone, mail and web at
//! the end of a mail. It is one only where each of its lines is contact data and nothing else, its names
//! can be told for names ([`signers`]), and what stands above is a whole statement.

use super::signers;
use crate::domain::pattern::fits;
use regex::Regex;
use std::sync::LazyLock;

/// Most lines of one, and most words of a name.
const MOST: (usize, usize) = (10, 6);

/// Telephone numbers, addresses of mail and of the web.
static REACH: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(concat!(
        r"(?i)(?:\+?1[ .-]?)?(?:\([0-9]{3}\) ?|\b[0-9]{3}[ .-])[0-9]{3}[ .-][0-9]{4}\b(?:,? ?(?:x|ext\.?|extension) ?[0-9]{1,5}\b)?|",
        r"\b[\w.+-]+@[\w-]+(?:\.[\w-]+)+\b|\bhttps?://[^\s<>]+|\b(?:[a-z0-9-]+\.)+(?:com|net|org|biz|us|co|shop|store|example)\b(?:/\S*)?"
    ))
    .ok()
});
/// What may stand before them.
static LABELS: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"(?i)\b(?:phone|ph|telephone|tel|fax|cell|mobile|office|direct|main|toll[ -]free|e-?mail|web(?:site)?|url|o|m|t|f|p|c|d|e|w)\b[.:]*").ok()
});
static STREET: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(concat!(
        r"^(?:[0-9]{1,6}[A-Za-z]? (?:[NSEW]{1,2}\.? )?(?:[A-Z0-9][\w.'-]* ){1,4}(?:St|Street|Rd|Road|Ave|Avenue|Blvd|Boulevard|Dr|Drive|Ln|Lane|Ct|Court|Way|Pkwy|Parkway|Hwy|Highway|Pl|Place|Cir|Circle|Ter|Terrace|Trl|Trail|Sq|Square|Loop|Pike|Route)\b\.?(?: (?:[NSEW]{1,2})\b\.?)?|P\.? ?O\.? Box [0-9]{1,6}|(?:Suite|Ste|Unit|Floor|Bldg|Building)\.? #?[A-Z0-9]{1,5}|[0-9]{1,2}(?:st|nd|rd|th) Floor|#[0-9]{1,5})",
        r"(?:,? (?:(?:Suite|Ste|Unit|Apt|Floor|Bldg|Building)\.? #?[A-Z0-9]{1,5}|#[A-Z0-9]{1,5}))?(?P<rest>.*)$"
    ))
    .ok()
});
static CITY: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"^[,\s]*[A-Z][A-Za-z.' -]{1,38},? [A-Z]{2}\.?,? [0-9]{5}(?:-[0-9]{4})?(?:,? (?:USA?|United States))?[.,\s]*$").ok()
});
/// Trades that stand in the names of firms though they say something elsewhere.
static FIRM: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"(?i)\b(?:order (?:desk|department|dept)|shipping (?:department|dept|manager|clerk|coordinator|team)|(?:accounts|order) (?:manager|processing)|(?:director|vp|vice president|head|manager) of \w+|call cent(?:er|re))\b").ok()
});
/// What cannot be the end of a statement.
static UNFINISHED: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"(?i)(?:[:,;(/-]|\b(?:to|for|from|by|via|with|and|or|at|attn|attention|the|address|recipient|consignee|customer|contact|call|name|is|are))\W*$").ok()
});

/// The text without such a signature at its end.
pub(super) fn unsigned(text: &str) -> &str {
    let lines: Vec<&str> = text.lines().collect();
    let mut at = lines.len();
    let (mut begin, mut reached, mut count) = (None, false, 0);
    while at > 0 {
        at -= 1;
        let line = lines[at].trim();
        if line.is_empty() {
            // the name stands first, below a line without words
            if let Some(first) = lines.get(at + 1)
                && is_name(first.split('|').next().unwrap_or_default().trim())
                && !first.trim().is_empty()
            {
                begin = Some(at);
            }
            continue;
        }
        if count == MOST.0 || !is_contact(line) || !is_signers(line) {
            break;
        }
        count += 1;
        reached |= fits(&REACH, line);
    }
    let Some(begin) = begin.filter(|_| reached && count > 1) else {
        return text;
    };
    let above = lines[..begin].iter().rev();
    let Some(last) = above.map(|line| line.trim()).find(|line| !line.is_empty()) else {
        return text;
    };
    if fits(&UNFINISHED, last) {
        return text;
    }
    let end = lines[begin].as_ptr() as usize - text.as_ptr() as usize;
    text[..end].trim_end()
}

/// The text without the lines of contact data at its end, whatever parts them from the rest: for comparing
/// two forms of one mail.
pub(super) fn without_contacts(text: &str) -> &str {
    let mut rest = text.trim_end();
    while let Some((before, last)) = rest.rsplit_once('\n') {
        if !is_contact(last) {
            break;
        }
        rest = before.trim_end();
    }
    rest
}

/// Whether a line is contact data from its beginning to its end.
fn is_contact(line: &str) -> bool {
    let parts = line.split(['|', '\u{2022}', '\u{b7}', '\t']);
    let mut parts = parts.map(str::trim).filter(|part| !part.is_empty());
    parts.all(|part| is_reach(part) || is_address(part) || is_name(part))
}

/// Whether what it has of names can be told for one of a person, a firm or a room.
fn is_signers(line: &str) -> bool {
    let parts = line.split(['|', '\u{2022}', '\u{b7}', '\t']).map(str::trim);
    let mut parts = parts.filter(|part| !part.is_empty());
    parts.all(|part| {
        let told = is_reach(part) || is_address(part) || signers::is_firm(part);
        told || signers::is_person(part)
            || signers::is_role(part)
            || part
                .split(',')
                .all(|one| signers::is_person(one) || signers::is_role(one))
    })
}

/// Whether a text is telephone numbers and addresses of mail and of the web.
pub fn is_reach(text: &str) -> bool {
    let (Some(reach), Some(labels)) = (REACH.as_ref(), LABELS.as_ref()) else {
        return false;
    };
    let bare = reach.replace_all(text, " ");
    let found = bare != text;
    let bare = labels.replace_all(&bare, " ");
    found && !bare.chars().any(char::is_alphanumeric)
}

/// Whether a text is a street, a town with its ZIP, or both.
pub fn is_address(text: &str) -> bool {
    let street = STREET.as_ref().and_then(|street| street.captures(text));
    let rest = street
        .as_ref()
        .map(|found| found["rest"].trim_matches([' ', ',', '.']));
    match rest {
        Some("") => true,
        Some(rest) => fits(&CITY, rest),
        None => fits(&CITY, text),
    }
}

/// A person, a firm or what somebody is in it: words with capitals, and none that says anything.
fn is_name(text: &str) -> bool {
    let bare = text.trim_start_matches(['-', '\u{2013}', '\u{2014}', '~', ' ']);
    let plain = match FIRM.as_ref() {
        Some(firm) => firm.replace_all(bare, "Firm"),
        None => bare.into(),
    };
    let words = plain.split_whitespace();
    let capital = |word: &str| {
        let word = word.trim_matches([',', '.', '(', ')']);
        let small = ["of", "and", "the", "&", "de", "van", "von", "la"].contains(&word);
        let letters = word
            .chars()
            .all(|c| c.is_alphabetic() || "'\u{2019}.-&".contains(c));
        letters && (small || word.chars().next().is_some_and(char::is_uppercase))
    };
    let count = words.clone().count();
    (1..=MOST.1).contains(&count)
        && !text.ends_with(['!', '?', ':'])
        && !signers::says(&plain)
        && words.clone().all(capital)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn contact_data_below_a_statement_goes() {
        for signed in [
            "Bob Miller\nAlder Ridge Outfitters\n1200 Ridge Rd, Bend, OR 97701\n(503) 555-0100 ext. 12\nbob@alder.example | www.alder.example",
            "Bob Miller\nSales Manager\nAcme, Inc.\n1200 Ridge Road, Suite 4\nBend, OR 97701-1234 USA\nPhone: 503-555-0100\nFax: (503) 555-0101\n\nalder.example",
            "Bob Miller | Acme Home Goods\nT 503-555-0100 | F 503-555-0101\nbob@acme.example",
            "Bob\nPO Box 12, Bend OR 97701\n503.555.0100",
            "Bob Miller\nShipping Department\nhttps://acme.example/x",
        ] {
            for said in ["Confirmed.", "Shipped today. UPS 1Z5R89390357567127"] {
                let text = format!("{said}\n\n{signed}");
                assert_eq!(unsigned(&text), said, "{signed}");
            }
        }
    }

    #[test]
    fn what_says_anything_stays() {
        for text in [
            "",
            "Confirmed.",
            "Confirmed.\n\nBob Miller\nAcme Home Goods",
            "Bob Miller\n503-555-0100",
            "\n\nBob Miller\n503-555-0100",
            "Confirmed.\nBob Miller\n503-555-0100",
            "Confirmed.\n\nBob Miller\nFreight $45.00\n503-555-0100",
            "Confirmed.\n\nBob Miller\nNot before 12/24\n503-555-0100",
            "Confirmed.\n\nBob Miller\n2 of 3\n503-555-0100",
            "Confirmed.\n\nBob Miller\nNew Account\n503-555-0100",
            "Confirmed.\n\nCall Before Delivery\n503-555-0100",
            "Confirmed. Ship to:\n\nJohn Smith\n12 Main St, Dayton, OH 45402\n503-555-0100",
            "Confirmed for\n\nJohn Smith\n503-555-0100",
            "Confirmed.\n\nQty 2\n503-555-0100",
            "Confirmed.\n\nBob Miller\n12345678\nbob@acme.example",
            "Confirmed.\n\nBob Miller\n503-555-0100\nDiscontinued",
            "Confirmed.\n\nPrepayment Required\nBob Miller\nAlder Ridge Outfitters\n(503) 555-0100",
            "Confirmed.\n\nStorniert\nBob Miller\n(503) 555-0100",
            "Confirmed.\n\nTwo Boxes\n(503) 555-0100",
        ] {
            assert_eq!(unsigned(text), text, "{text}");
        }
        for pattern in [&REACH, &LABELS, &STREET, &CITY, &FIRM, &UNFINISHED] {
            assert!(pattern.is_some());
        }
    }
}
