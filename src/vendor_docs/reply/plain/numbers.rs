//! Numbers as signs: tracking numbers and other numbers that the document's rows say already,
//! telephone numbers, addresses of mail and of the web.

use super::super::mask;
use super::super::{AskedLine, AskedPo};
use super::KnownBeside;
use super::phrases::{AMOUNT, LINK, NUMBER, PHONE, TRACK, ZERO, is_sign};
use crate::domain::money::Money;
use crate::domain::pattern::fits;
use regex::Regex;
use std::sync::LazyLock;

static LINKS: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"(?i)\b(?:https?://|www\.)[^\s<>]+|[^\s<>:,;]+@[^\s<>:,;]+\.[a-z]{2,}").ok()
});
static PHONES: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(
        r"(?:\+?1[ .-]?)?(?:\([0-9]{3}\) ?|\b[0-9]{3}[ .-]?)[0-9]{3}[ .-]?[0-9]{4}\b(?: ?(?:x|ext\.?) ?[0-9]{1,5})?|\b[0-9]{3}-[0-9]{4}\b",
    )
    .ok()
});

/// The sentence with signs for them; `po_number` is the purchase order's own.
pub(super) fn signs(sentence: &str, known: &KnownBeside, po_number: &str) -> String {
    let mut text = sentence.replace(is_sign, " ");
    let mut numbers: Vec<(&String, char)> = known.tracking.iter().map(|one| (one, TRACK)).collect();
    numbers.extend(known.numbers.iter().map(|one| (one, NUMBER)));
    let own = [
        Some(po_number),
        po_number.rsplit_once('-').map(|(order, _)| order),
    ];
    let own: Vec<String> = own.into_iter().flatten().map(str::to_owned).collect();
    // a short one may be any number
    let long = own
        .iter()
        .filter(|number| number.len() >= 4 || number.starts_with(char::is_alphabetic));
    numbers.extend(long.map(|one| (one, NUMBER)));
    numbers.sort_by_key(|(number, _)| std::cmp::Reverse(number.len()));
    // in links nothing counts
    text = put(&LINKS, &text, LINK);
    for (number, sign) in numbers {
        text = with_sign(&text, number, sign);
    }
    boxes(put(&PHONES, &text, PHONE), known.tracking.len())
}

/// "Box 2: T" as "tracking numbers T", where there are so many parcels and at least two.
fn boxes(text: String, parcels: usize) -> String {
    static BOXES: LazyLock<Option<Regex>> = LazyLock::new(|| {
        Regex::new(&format!(
            r"(?i)\b(?:box|package|parcel|carton|pkg|ctn) #?(?P<at>\d{{1,2}})(?: of (?P<all>\d{{1,2}}))?\s*[:=-]?\s*(?P<number>{TRACK})"
        ))
        .ok()
    });
    let Some(pattern) = BOXES.as_ref().filter(|_| parcels > 1) else {
        return text;
    };
    let sign = |found: &regex::Captures| {
        let number = |name: &str| found.name(name).and_then(|one| one.as_str().parse().ok());
        let at: Option<usize> = number("at");
        let fits = at.is_some_and(|at| (1..=parcels).contains(&at))
            && number("all").is_none_or(|all: usize| all == parcels);
        match fits {
            true => format!("tracking numbers {TRACK}"),
            false => found[0].to_owned(),
        }
    };
    pattern.replace_all(&text, sign).into_owned()
}

static PIECES: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"(?i)^\W*(?:x ?([0-9]{1,4})|([0-9]{1,4}) ?x|(?:qty|quantity):? ?([0-9]{1,4}))(?: *[:,-] *| +|$)").ok()
});

/// An answer without the number of pieces that it begins with, where that is all that was ordered:
/// "x 2: accepted", to an order of two pieces of one article.
pub(super) fn all_pieces(text: &str, lines: &[AskedLine]) -> String {
    let found = PIECES.as_ref().and_then(|pieces| pieces.captures(text));
    let ([line], Some(found)) = (lines, found) else {
        return text.to_owned();
    };
    let number = found.iter().skip(1).flatten().next();
    let number = number.and_then(|number| number.as_str().parse::<i64>().ok());
    let end = found.get(0).map_or(0, |whole| whole.end());
    match number == Some(line.ordered) && line.ordered > 0 {
        true => text[end..].to_owned(),
        false => text.to_owned(),
    }
}

static AMOUNTS: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"(?i)(?:(?:us ?)?\$ ?|\busd ?)(?P<marked>[0-9][0-9,]*(?:\.[0-9]{2})?)\b(?: ?(?:usd|us dollars|dollars)\b)?|(?P<bare>\b[0-9][0-9,]*\.[0-9]{2}\b)(?: ?(?:usd|us dollars|dollars)\b)?").ok()
});

static EACH: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"(?i)^ *(?:/ ?(?:ea|pc|unit)\b|each\b|ea\b|apiece\b|a piece\b|per (?:unit|piece|item|pc|each)\b)").ok()
});

/// An answer with signs for the amounts of the purchase order's own: what a piece, a line or all of it was
/// ordered at. Beside a line's name only that line's are.
pub(super) fn own_amounts(text: &str, asked: AskedPo<'_>) -> String {
    let Some(amounts) = AMOUNTS.as_ref().filter(|all| all.is_match(text)) else {
        return text.to_owned();
    };
    let named = mask::skus_in(text, asked);
    let meant = |(at, _): &(usize, &AskedLine)| match named.is_empty() {
        true => asked.lines.len() == 1,
        false => named.contains(at),
    };
    let worth = |line: &AskedLine| line.unit_cost?.times(line.ordered);
    let lines = asked.lines.iter().enumerate().filter(meant);
    let mut own: Vec<Money> = lines
        .flat_map(|(_, line)| [line.unit_cost, worth(line)])
        .flatten()
        .collect();
    let all: Option<Vec<Money>> = asked.lines.iter().map(worth).collect();
    own.extend(all.and_then(Money::sum));
    let costs: Vec<Money> = asked
        .lines
        .iter()
        .filter_map(|line| line.unit_cost)
        .collect();
    let sign = |found: &regex::Captures| -> String {
        let said = found.name("marked").or_else(|| found.name("bare"));
        let said = said.map_or("", |said| said.as_str()).replace(',', "");
        let whole = match said.contains('.') {
            true => said,
            false => format!("{said}.00"),
        };
        match whole.replace('.', "").parse::<i64>() {
            Ok(0) => format!(" {ZERO} "),
            // "at 57.00 each" is the price of one
            Ok(cents) if own.contains(&Money(cents)) => {
                let each = found
                    .get(0)
                    .is_some_and(|one| fits(&EACH, &text[one.end()..]));
                match !each || costs.contains(&Money(cents)) {
                    true => format!(" {AMOUNT} "),
                    false => found[0].to_owned(),
                }
            }
            _ => found[0].to_owned(),
        }
    };
    amounts.replace_all(text, sign).into_owned()
}

/// A sentence with "us" for the vendor's own name where it is thanked for.
pub(super) fn vendor_named(text: &str, vendor: Option<&str>) -> String {
    let Some(vendor) = vendor.filter(|name| name.len() > 2) else {
        return text.to_owned();
    };
    let pattern = format!(
        r"(?i)\b(?P<verb>choosing|contacting|with|shopping at|from) (?:the )?(?:{}|{})\b",
        regex::escape(vendor.trim_end_matches(['.', ' '])),
        regex::escape(vendor.split(' ').next().unwrap_or(vendor))
    );
    match Regex::new(&pattern) {
        Ok(pattern) => pattern.replace_all(text, "${verb} us").into_owned(),
        Err(_) => text.to_owned(),
    }
}

static PRICED: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(&format!(
        r"(?i)(?:@|\bat\b|\bfor\b|\b(?:unit )?(?:price|cost)\b:?)? *{AMOUNT} *(?:/ ?ea\b|\beach\b|\bea\b\.?|\bper (?:unit|piece)\b|\bapiece\b)?"
    ))
    .ok()
});

/// A line of an answer without the amounts that are the purchase order's own, and without pieces beside an
/// article that are those that were ordered.
pub(in crate::vendor_docs::reply) fn without_own(line: &str, asked: AskedPo<'_>) -> String {
    let line = own_amounts(line, asked);
    let line = match PRICED.as_ref() {
        Some(priced) => priced.replace_all(&line, " ").into_owned(),
        None => line,
    };
    let mut out = line;
    for one in asked.lines.iter().filter(|one| one.ordered > 0) {
        let names = [&one.vendor_sku, &one.sku, &one.description];
        for name in names.into_iter().filter(|name| name.len() > 3) {
            let name = regex::escape(name.trim());
            let count = one.ordered;
            let unit = r"(?:x|pcs?\.?|pieces?|units?|ea\.?|each)";
            let before = format!(r"(?i)\b(?:qty:? ?)?{count} ?{unit}? +(?P<name>{name})");
            let after = format!(
                r"(?i)(?P<name>{name}) *[,:(x*-]* *(?:qty:? ?)?\b{count}(?: ?{unit})?(?P<end>[ ).,;]|$)"
            );
            for (pattern, put) in [(before, "${name}"), (after, "${name} ${end}")] {
                if let Ok(pattern) = Regex::new(&pattern) {
                    out = pattern.replace_all(&out, put).into_owned();
                }
            }
        }
    }
    out
}

static BESIDE: LazyLock<Option<[Regex; 2]>> = LazyLock::new(|| {
    let unit = r"(?:x|pcs?\.?|pieces?|units?|ea\.?|each|of|of the|of your)";
    let line = r"[\x{E100}-\x{E7FF}]";
    let before =
        format!(r"(?:\b(?:qty|quantity)[: .]*)?\b(?P<count>\d{{1,4}}) ?{unit}? *(?P<line>{line})");
    let after = format!(
        r"(?P<line>{line})[ ,:(x*-]*(?:qty|quantity)?[ :.]*(?P<count>\d{{1,4}})(?: ?{unit})?\b(?P<end>[ ).,;]|$)"
    );
    Some([Regex::new(&before).ok()?, Regex::new(&after).ok()?])
});

/// A masked answer without the pieces that stand beside a line's sign, where these are those that were ordered.
pub(super) fn own_pieces(masked: &str, lines: &[AskedLine]) -> String {
    let Some(patterns) = BESIDE.as_ref() else {
        return masked.to_owned();
    };
    patterns.iter().fold(masked.to_owned(), |text, pattern| {
        let own = |found: &regex::Captures| -> String {
            let sign = found["line"].chars().next();
            let line = sign.and_then(mask::line_of).and_then(|at| lines.get(at));
            let count = found["count"].parse::<i64>().ok();
            match line.is_some_and(|line| line.ordered > 0 && count == Some(line.ordered)) {
                true => format!(
                    "{} {}",
                    &found["line"],
                    found.name("end").map_or(" ", |end| end.as_str())
                ),
                false => found[0].to_owned(),
            }
        };
        pattern.replace_all(&text, own).into_owned()
    })
}

/// The text without telephone numbers and addresses.
pub(super) fn contacts(text: &str) -> String {
    let text = put(&LINKS, text, ' ');
    put(&PHONES, &text, ' ')
}

fn put(pattern: &LazyLock<Option<Regex>>, text: &str, sign: char) -> String {
    match pattern.as_ref() {
        Some(pattern) => pattern.replace_all(text, format!(" {sign} ")).into_owned(),
        None => text.to_owned(),
    }
}

/// A number as a sign wherever it stands, with blanks and dashes inside or without.
fn with_sign(text: &str, number: &str, sign: char) -> String {
    let parts: Vec<String> = number
        .chars()
        .filter(|c| !c.is_whitespace())
        .take(64)
        .map(|c| regex::escape(&c.to_string()))
        .collect();
    if parts.is_empty() {
        return text.to_owned();
    }
    let pattern = format!(
        r"(?i)(?P<before>^|[^0-9a-z])(?:{})(?P<after>[^0-9a-z]|$)",
        parts.join("[ -]?")
    );
    match Regex::new(&pattern) {
        Ok(pattern) => {
            let put = format!("${{before}} {sign} ${{after}}");
            let once = pattern.replace_all(text, put.as_str()).into_owned();
            pattern.replace_all(&once, put.as_str()).into_owned()
        }
        Err(_) => text.to_owned(),
    }
}
