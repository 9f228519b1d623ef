//! Words about where money goes: a new bank account, another address for payments. Vendors' mail is
//! abused for that more than for anything else, so whatever speaks of it reaches a person by a code
//! of its own, wherever in a paper it stands and whatever else the paper says; but for the footer
//! that a vendor has below every mail.
//!
//! This list only raises an alarm: what is not on it still is a sentence that is not understood.

use crate::domain::codes::Code;
use crate::domain::pattern::fits;
use regex::Regex;
use std::sync::LazyLock;

/// The code of the exception.
pub const CODE: Code = Code::RemitToChanged;

static MONEY: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(concat!(
        r"(?i)\b(?:iban|swift|bic|aba|sort code|routing (?:no\b|number|code|#)?|wire (?:transfers?|instructions?|details|payments?)|(?:please |kindly )?wire (?:to|the|your|payment)|ach\b|e-?checks? to|zelle|venmo|cash ?app|western union|moneygram|bitcoin|crypto\w*|gift cards?)\b|",
        r"\bbank(?:s|ing|ers?)?\b(?: accounts?| details| information| instructions| holiday)?|",
        r"\bremit(?:s|ted|ting|tances?)?\b|\block ?box(?:es)?\b|\b(?:checks|cheques?|funds|settlements?|monies)\b[^.!?\n]{0,30}\b(?:in)?to\b|\bpaypal (?:to|account|address)\b|\bpayoneer\b|\bbeneficiar\w+|\bpayees?\b|\bfactor(?:ing|ed)?\b|",
        r"\bpay(?:ments?|able|ing|s)?\b[^.!?\n]{0,40}\b(?:in)?to\b|\b(?:make|send|mail)\b[^.!?\n]{0,30}\b(?:checks?|cheques?|payments?)\b|",
        r"\b(?:new|different|other|another|changed?|updated?|subsidiary'?s?|parent'?s?|frozen|closed)\b[^.!?\n]{0,30}\baccounts?\b|\baccounts?\b[^.!?\n]{0,30}\b(?:has|have|is|was|been)?\s?(?:changed|new|frozen|closed|moved|updated)\b|",
        r"\bpay(?:ment)? (?:them|us|me|him|her|it)? ?direct(?:ly)?\b|\b(?:payment|remittance) (?:address|details|instructions|information)\b|\bcollects? (?:our|all|on|the) [^.!?\n]{0,20}(?:invoices|behalf)|\bdirect deposit\b|",
        r"\b(?:send|transfer|forward|direct|route)\b[^.!?\n]{0,20}\b(?:money|funds|remittances?)\b|\block ?box\b|\bpaypal\b|\bpay\b[^!?\n]{0,60}\bon (?:our|my|their) behalf\b|\b(?:asks?|asked|wants?|requests?|instruct\w*) (?:that )?you (?:to )?pay\b|",
        r"\b(?:receivables|invoices|accounts)\b[^.!?\n]{0,40}\b(?:sold|assigned|purchased|bought|transferred)\b|\bsettle with\b|\baccount numbers?\b|\baccounts? for (?:\w+ )?payments?\b|",
        r"\b[A-Z]{2}[0-9]{2}(?: ?[A-Z0-9]{4}){3,7}(?: ?[A-Z0-9]{1,3})?\b"
    ))
    .ok()
});
/// What looks like it and is not: days off, a courier's account, goods with such a name.
static HARMLESS: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"(?i)\bbank holidays?\b|\b(?:ups|fed ?ex|dhl|usps|carrier|shipping|freight) account(?: numbers?)?\b|\b(?:price list|address) (?:has )?changed\b|\b(?:power|piggy|coin|money|food|data|river|battery|memory|tool) ?banks?\b|\bswift (?:delivery|shipping|shipment|response|reply|action)\b|\bbic (?:pens?|lighters?|razors?)\b").ok()
});
/// Of a table of goods only what can be nothing else is read: articles are called "Power Bank" and
/// "Swift".
static STRICT: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(concat!(
        r"(?i)\biban\b|\brouting (?:no\b|number|code|#)|\bsort code\b|\baba (?:no\b|number|#|\d)|\b(?:swift|bic)(?: code)?:? [a-z]{6}[a-z0-9]{2}|\bwire (?:transfers?|instructions?|details|payments?|to)\b|\bach (?:details|payments?|transfers?|instructions)\b|",
        r"\bbank(?:ing)? (?:accounts?|details|information|instructions|coordinates)\b|\b(?:new|our|changed|different|another) banks?\b|\b(?:chang|switch|mov)(?:ed|ing|e|es)? (?:our |to another )?banks?\b|\bremit(?:tance)?\b|\bbeneficiary\b|\bpayable to\b|\bpayment (?:address|details|instructions|information)\b[^.!?\n]{0,20}\b(?:changed|updated|new)\b|\bpay(?:ments?)? (?:now )?(?:go(?:es)? |should go |directly |direct )?to\b|\bnew account\b|\baccount (?:has )?changed\b|\bzelle\b|\bwestern union\b|",
        r"\b[A-Z]{2}[0-9]{2}(?: ?[A-Z0-9]{4}){3,7}(?: ?[A-Z0-9]{1,3})?\b"
    ))
    .ok()
});
/// Headings of columns that say where money goes, written as one word.
static HEADING: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"^(?:.*(?:remit|iban|swift|biccode|routing|payee|payto|beneficiar|bank|sortcode).*|.*(?:payment|wire|ach|eft|pay|payable)(?:to|address|details|instructions|account|info|information|routing|number|no)(?:name|number|no)?|ach|wire|aba|bic|eft|zelle|paypal|venmo|factor|accountholder|accountname)$").ok()
});
/// Cells that say nothing: no account stands in them.
const NOTHING: &[&str] = &[
    "",
    "-",
    "--",
    "n/a",
    "na",
    "none",
    "null",
    "no",
    "n",
    "0",
    "same",
    "unchanged",
    "no change",
    "false",
];
/// The same in the languages in which vendors of this trade write beside English: accounts and banks,
/// transfers, and where payments go. Letters with accents are written in more than one way.
static TONGUES: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(concat!(
        // Spanish
        r"(?i)\bcuentas? (?:banc\S{1,3}ri|de banco)|\bdatos banc\S{1,3}ri|\bn(?:u|\S{1,3})mero de cuenta|\bnueva cuenta\b|\bnuestr[oa] (?:nuevo )?(?:banco|cuenta)\b|\btransferencias? banc|\bclabe\b|\bpag(?:ar|o|os|ue|uen)\b[^.!?\n]{0,40}\bcuenta\b|",
        // French
        r"\bcoordonn\S{1,3}es banc|\bcompte (?:bancaire|en banque)|\bnouveau compte\b|\bnotre (?:nouvelle )?banque\b|\bvirements?\b|\bidentit\S{1,3} bancaire|(?-i:\bRIB\b)|\bpaiements?\b[^.!?\n]{0,40}\b(?:compte|banque)\b|",
        // German
        r"\b(?:bank|konto)verbindung|\bbankdaten\b|\bkontonummer|\bneue[nsrm]? (?:bank)?konto\b|\bbankkonto|\bunsere?[nsrm]? (?:neue[nsrm]? )?(?:haus)?bank\b|\b(?:ü|ue|u\x{308})berweis(?:en|ung|t)|\bzahlung(?:en)?\b[^.!?\n]{0,40}\b(?:konto|bank)\b|",
        // Italian
        r"\bcoordinate banc|\bdati banc|\bconto (?:corrente|banc)|\bnuovo conto\b|\bbonific[oi]\b|\bnostra (?:nuova )?banca\b|\bpagament[oi]\b[^.!?\n]{0,40}\b(?:conto|banca)\b|",
        // Portuguese
        r"\bconta banc|\bdados banc|\bnova conta\b|\bnosso (?:novo )?banco\b|\btransfer\S{1,3}ncia banc|(?-i:\bPIX\b)|\bpagamentos?\b[^.!?\n]{0,40}\b(?:conta|banco)\b|",
        // Dutch
        r"\bbankrekening|\brekeningnummer|\bbankgegevens\b|\bnieuwe? rekening\b|\bonze (?:nieuwe )?bank\b|\boverschrijving|\bovermaken\b|\bbetaling(?:en)?\b[^.!?\n]{0,40}\b(?:rekening|bank)\b"
    ))
    .ok()
});
/// What a subject or the name of a file says of it, in few words.
static HEAD: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(concat!(
        r"(?i)\b(?:chang\w*|updat\w*|new|revised|notice|important)\b.{0,25}\b(?:bank\w*|accounts?|payments?|remit\w*|ach|wire)\b|",
        r"\b(?:bank\w*|accounts?|payments?|remit\w*|ach|wire)\b.{0,25}\b(?:chang\w*|updat\w*|details?|info\w*|instructions?|letter|notice|form)\b"
    ))
    .ok()
});
/// Papers that say where money goes, by the names of their files.
static PAPERS: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"(?i)\bw ?[89](?: ?ben\w*)?\b|\bbank\w*|\bach\b|\biban\b|\bwire\b|\bremit\w*|\brib\b|\bvoid(?:ed)? (?:check|cheque)\b|\bdirect deposit\b|\block ?box\b").ok()
});
/// How a footer begins that stands below every mail.
static FOOTER: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"(?i)^\W*(?:(?:please|kindly) )?(?:remit(?:tance)?(?:[ -](?:all|payments?|checks?|cheques?|address|to|by|check|mail|with))*|(?:make )?(?:all )?(?:checks?|cheques?) payable to|make (?:all )?payments? (?:payable )?to|(?:mail|send) (?:all )?(?:payments?|checks?|cheques?) to|payment address|payments? to|pay to)\b[ :,.-]*").ok()
});
/// What says that it was another one before.
static CHANGE: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"(?i)\b(?:new|chang\w*|mov(?:ed|ing)|updat\w*|effective|from now|henceforth|no longer|not (?:use|to)|instead|different|other than|old|previous\w*|former\w*|replac\w*|switch\w*|as of|going forward|future|until further|note that|important|notice|attention|urgent\w*|immediate\w*|starting|beginning|sold|assigned|now|next)\b").ok()
});
/// An account at a bank, or a way to send money that is gone at once.
static ACCOUNT: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"(?i)\b(?:iban|swift|bic|aba|routing|sort code|ach|wire|acct|account|bank\w*|zelle|venmo|paypal|cash ?app|bitcoin|western union)\b|\b[A-Z]{2}[0-9]{2}(?: ?[A-Z0-9]{4}){3,7}").ok()
});

/// A passage about where money goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Passage {
    /// As it was written, shortened.
    pub shown: String,
    /// Its letters and digits, with the lines of an address below it: what makes it the same passage.
    pub key: String,
    /// Whether it has the form of a footer, names no account, and nothing beside it speaks of a
    /// change.
    pub footer: bool,
    /// The lines of the text that it takes, from 0; none for a cell of a table.
    pub lines: std::ops::Range<usize>,
}

/// Lines that belong to a footer, at most.
const ADDRESS: usize = 6;
/// Longest passage that is kept, in characters.
const LONGEST: usize = 500;

/// The passages about where money goes in all that a sender wrote, signature and footers included.
pub fn passages(text: &str) -> Vec<Passage> {
    let lines: Vec<&str> = text.lines().map(str::trim).collect();
    let mut found: Vec<Passage> = Vec::new();
    let mut at = 0;
    while at < lines.len() {
        let line = lines[at];
        let sentence = sentences(line)
            .into_iter()
            .find(|sentence| speaks(&MONEY, sentence))
            .or_else(|| speaks(&MONEY, line).then_some(line));
        let Some(sentence) = sentence else {
            at += 1;
            continue;
        };
        let block: Vec<&str> = match fits(&FOOTER, line) {
            true => lines[at..]
                .iter()
                .take(ADDRESS)
                .take_while(|line| !line.is_empty())
                .copied()
                .collect(),
            false => vec![line],
        };
        let whole = block.join(", ");
        let above = lines[..at].iter().rev().find(|line| !line.is_empty());
        let footer = fits(&FOOTER, line)
            && !fits(&CHANGE, &whole)
            && !fits(&ACCOUNT, &whole)
            && !above.is_some_and(|above| fits(&CHANGE, above) && above.len() < 200);
        let shown = if block.len() > 1 { &whole } else { sentence };
        let lines = at..at + block.len();
        at = lines.end;
        found.push(Passage {
            lines,
            ..passage(shown, &whole, footer)
        });
    }
    found
}

/// The sentences of a line; a dot inside an address of mail ends none.
fn sentences(line: &str) -> Vec<&str> {
    let mut found = Vec::new();
    let mut from = 0;
    for (at, c) in line.char_indices() {
        let next = at + c.len_utf8();
        let inside = line[next..].starts_with(char::is_alphanumeric);
        if matches!(c, '.' | '!' | '?' | ';') && !inside {
            found.push(&line[from..next]);
            from = next;
        }
    }
    found.push(&line[from..]);
    found
}

/// Whether a column's heading says that its cells are of where money goes.
pub fn is_heading(heading: &str) -> bool {
    let bare: String = heading
        .chars()
        .filter(|c| c.is_alphanumeric())
        .flat_map(char::to_lowercase)
        .collect();
    fits(&HEADING, &bare)
}

/// A cell of such a column as a passage; `None` for one that says nothing.
pub fn of_cell(heading: &str, cell: &str) -> Option<Passage> {
    let cell = cell.trim();
    let nothing = NOTHING.contains(&cell.to_lowercase().as_str());
    (!nothing).then(|| {
        let said = format!("{}: {cell}", heading.trim());
        passage(&said, &said, false)
    })
}

/// Most lines above a table's headings that are looked at.
const ABOVE: usize = 30;
/// Most passages of one paper.
const MOST: usize = 20;

/// The cells of columns whose headings say so, of a table whose cells stand between these signs.
fn in_columns(text: &str) -> Vec<Passage> {
    let of_line = |line: &str, comma: u8| -> Vec<String> {
        let mut reader = csv::ReaderBuilder::new()
            .delimiter(comma)
            .has_headers(false)
            .flexible(true)
            .from_reader(line.as_bytes());
        let first = reader.records().next().and_then(Result::ok);
        first.map_or_else(Vec::new, |cells| cells.iter().map(str::to_owned).collect())
    };
    let lines: Vec<&str> = text.lines().collect();
    let head = lines.iter().take(ABOVE).enumerate().find_map(|(at, line)| {
        b",\t;|".iter().find_map(|comma| {
            let cells = of_line(line, *comma);
            let value = |cell: &str| cell.bytes().any(|b| b.is_ascii_digit() || b == b':');
            let short = |cell: &String| cell.len() <= 40 && !value(cell) && is_heading(cell);
            (cells.len() > 2 && cells.iter().any(short)).then_some((at, *comma, cells))
        })
    });
    let Some((at, comma, headings)) = head else {
        return Vec::new();
    };
    let mut found: Vec<Passage> = Vec::new();
    for line in lines.iter().skip(at + 1) {
        let cells = of_line(line, comma);
        let paired = headings.iter().zip(&cells);
        let said = paired
            .filter(|(heading, _)| is_heading(heading))
            .filter_map(|(heading, cell)| of_cell(heading, cell));
        for one in said {
            if !found.iter().any(|known| known.key == one.key) && found.len() < MOST {
                found.push(one);
            }
        }
    }
    found
}

/// The text without its footers of which `standing` says, by their keys, that they stood in the sender's
/// papers before. Only lines of names, numbers and places are left out: an order that somebody put
/// among them stays.
///
/// # Errors
/// Those of `standing`.
pub fn without_footers<E>(
    text: &str,
    standing: impl Fn(&str) -> Result<bool, E>,
) -> Result<String, E> {
    let lines: Vec<&str> = text.lines().collect();
    let mut left: Vec<&str> = lines.clone();
    for one in passages(text).iter().filter(|one| one.footer).rev() {
        let block = lines.get(one.lines.clone()).unwrap_or_default();
        let names = block.iter().enumerate().all(|(place, line)| {
            let line = line.trim();
            let head = FOOTER.as_ref().filter(|_| place == 0);
            let head = head.and_then(|head| head.find(line));
            is_address(head.map_or(line, |head| &line[head.end()..]))
        });
        if names && standing(&one.key)? {
            left.drain(one.lines.clone());
        }
    }
    Ok(left.join("\n"))
}

/// Most words of a line of an address.
const WORDS: usize = 12;
/// Words of names and places that are written small.
const SMALL: &[&str] = &["of", "and", "the", "for", "c/o", "at", "attn"];

fn is_address(line: &str) -> bool {
    let words: Vec<&str> = line.split_whitespace().collect();
    let named = |word: &&str| {
        let plain = word.trim_matches(|c: char| !c.is_alphanumeric());
        let first = plain.chars().next();
        SMALL.contains(&plain.to_lowercase().as_str())
            || first.is_none_or(|c| c.is_uppercase() || c.is_ascii_digit())
    };
    words.len() <= WORDS && words.iter().all(named)
}

/// The same in the cells of a table, or of a bill: from the cell that says it to the line's end; and
/// what stands in columns whose headings say so.
pub fn in_cells(text: &str) -> Vec<Passage> {
    let mut columns = in_columns(text);
    let from_cell = |line: &str| {
        let mut at = 0;
        let cells = line.split_inclusive([',', ';', '\t', '|']);
        let found = cells.into_iter().find_map(|cell| {
            let start = at;
            at += cell.len();
            speaks(&STRICT, cell).then_some(start)
        });
        let start = found.or_else(|| speaks(&STRICT, line).then_some(0))?;
        let said = line[start..].trim_matches([' ', '"', ',', ';', '\t', '|']);
        Some(passage(said, said, false))
    };
    let said = text.lines().filter_map(from_cell).take(MOST);
    columns.extend(said);
    columns.truncate(MOST);
    columns
}

/// The same in a subject.
pub fn in_subject(subject: &str) -> Option<Passage> {
    let says = speaks(&STRICT, subject) || speaks(&HEAD, subject);
    says.then(|| passage(subject, subject, false))
}

/// The same in the name of a file.
pub fn in_name(name: &str) -> Option<Passage> {
    let mut words = String::new();
    for c in name.chars().take(200) {
        // "NewBankDetails.pdf"
        if c.is_uppercase() && words.ends_with(char::is_lowercase) {
            words.push(' ');
        }
        words.push(if c.is_alphanumeric() { c } else { ' ' });
    }
    let says = [&STRICT, &HEAD, &PAPERS];
    let says = says.into_iter().any(|of| speaks(of, &words));
    says.then(|| {
        let name: String = name.chars().take(80).collect();
        let shown = format!("a file called {name}");
        passage(&shown, &shown, false)
    })
}

/// The same in what stands below a mail as a quote: only what can be nothing else, since articles and
/// earlier mails stand there too.
pub fn in_quote(text: &str) -> Vec<Passage> {
    let plain = |one: &Passage| one.footer || speaks(&STRICT, &one.shown);
    passages(text).into_iter().filter(plain).collect()
}

fn passage(shown: &str, whole: &str, footer: bool) -> Passage {
    let words = whole.split(|c: char| !c.is_alphanumeric());
    let words: Vec<&str> = words.filter(|word| !word.is_empty()).collect();
    Passage {
        shown: shown.trim().chars().take(LONGEST).collect(),
        key: words.join(" ").to_lowercase(),
        footer,
        lines: 0..0,
    }
}

fn speaks(of: &LazyLock<Option<Regex>>, sentence: &str) -> bool {
    let rest = match HARMLESS.as_ref() {
        Some(harmless) => harmless.replace_all(sentence, " ").into_owned(),
        None => sentence.to_owned(),
    };
    // a long row of digits is a tracking number
    let number = |found: &str| found.bytes().filter(u8::is_ascii_digit).count() < 30;
    let found = of.as_ref().and_then(|pattern| pattern.find(&rest));
    found.is_some_and(|found| number(found.as_str())) || fits(&TONGUES, &rest)
}

#[cfg(test)]
mod tests;
