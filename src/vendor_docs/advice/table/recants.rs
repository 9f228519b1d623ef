//! Rows that take back other rows of the same table: goods that are counted as -1, a label that is void,
//! "Voided above". What they take back does not act either, and a person sees both.

use super::Header;
use crate::domain::pattern::fits;
use crate::vendor_docs::advice::AdviceRow;
use crate::vendor_docs::advice::headers::AdviceField;
use crate::vendor_docs::columns::{ColumnKind, Of, Recant, denies, nothing, takes_back};
use regex::Regex;
use std::collections::{BTreeSet, HashMap};
use std::sync::LazyLock;

/// Most rows by which one row is taken back that are kept with it.
const MOST: usize = 12;

/// What may be of the rest of an order, of which a part left.
static OF_THE_REST: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"(?i)\b(?:back[ -]?order\w*|b/o|pending|hold|holding|await\w*|cancel\w*|cancl\w*|cxl\w*|out[ -]of[ -]stock|oos|discontinued|not (?:yet )?(?:been )?(?:shipped|sent|available|picked|packed|left)|unship\w*|unfulfil\w*|delayed|to follow|waiting|tb[acd])\b").ok()
});
/// What can be of no rest.
static CERTAIN: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"(?i)\b(?:void\w*|return\w*|rts|rma|rga|lost|missing|stolen|damaged?|error|wrong|disregard|reversed|recalled|refus\w+|refunded|never)\b").ok()
});
/// Words of a line that is no row of goods, about those beside it.
static OF_OTHERS: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"(?i)\b(?:ignore|mistakes?|mistaken|incorrect|wrong|error|removed?|delet\w+|strike|struck|not valid|invalid|typo|oops|test|draft|revers\w*|do not (?:count|use|process|import|read|ship)|corrected|correction)\b").ok()
});
/// Words of a vendor's conditions, as they stand below a table.
static CONDITIONS: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"(?i)\b(?:returns|rma|rga|damages?|damaged goods|refunds?|lost or damaged|missing or damaged)\b").ok()
});
static ALL: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"(?i)\b(?:all|every\w*|entire|whole|both|these|those|none|nothing|file|batch|list|report|rows|lines|items|orders|shipments|labels|parcels|packages)\b").ok()
});
static BELOW: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"(?i)\b(?:below|following|next|under)\b").ok());
static LINE: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"(?i)\b(?:line|row)s?\s*#?\s*(?P<line>\d{1,6})\b").ok());

/// Which rows it takes back.
enum Reach {
    /// Those that it names.
    Named,
    /// The one above it, and that of the number that it gives.
    Above(Option<usize>),
    /// All above it.
    AllAbove,
    /// All below it.
    AllBelow,
}

/// A row that takes others back.
pub(super) struct Found {
    recant: Recant,
    /// Its cells in capitals, in which a purchase order may be named.
    cells: Vec<String>,
    po: String,
    sku: String,
    tracking: String,
    reach: Reach,
}

/// Looks at one record, whether it makes a row or not.
pub(super) fn look(record: &[String], header: &Header, line: usize) -> Option<Found> {
    let of = |field: AdviceField| {
        let columns = header.columns.iter().zip(record);
        let mut cells = columns.filter(|(column, cell)| {
            column.is_some_and(|(known, _)| known == field) && !nothing(cell)
        });
        cells.next().map_or("", |(_, cell)| cell.trim())
    };
    let po = match of(AdviceField::Po) {
        "" => of(AdviceField::Order),
        po => po,
    };
    let counted = count(of(AdviceField::Qty));
    let words = words(record, header);
    let negative = counted.is_some_and(|qty| qty < 0);
    let filled: Vec<&str> = record
        .iter()
        .map(|cell| cell.trim())
        .filter(|cell| !cell.is_empty())
        .collect();
    let digits = |cell: &&str| cell.bytes().any(|b| b.is_ascii_digit());
    // no row of goods: words, or one cell
    let aside = filled.len() == 1 && header.columns.len() > 2 || !filled.iter().any(digits);
    let text = filled.join(" ");
    // a line of its own that nobody knows may be about all of them
    let alone = filled.len() == 1 && header.columns.len() > 2 && !fits(&CONDITIONS, &text);
    let speaks = aside && (fits(&OF_OTHERS, &text) || curt(&text)) || alone;
    if aside && !speaks && !takes_back(&without_conditions(&text)) {
        return None;
    }
    if !(negative || counted == Some(0) || !words.is_empty() || speaks) {
        return None;
    }
    let certain = negative || speaks || fits(&CERTAIN, &text);
    let rest =
        !certain && (counted == Some(0) || words.iter().all(|cell| fits(&OF_THE_REST, cell)));
    let reach = match (reach(aside, &text), alone && !curt(&text)) {
        (Reach::Above(None), true) => Reach::AllAbove,
        (reach, _) => reach,
    };
    let shown: String = filled.join(", ").chars().take(120).collect();
    Some(Found {
        recant: Recant {
            line,
            said: shown,
            rest: counted.filter(|_| rest).map(|qty| qty.max(1)),
            sku: Some(of(AdviceField::Sku).to_owned()).filter(|sku| !sku.is_empty()),
        },
        cells: filled.iter().map(|cell| cell.to_uppercase()).collect(),
        po: po.to_uppercase(),
        sku: of(AdviceField::Sku).to_uppercase(),
        tracking: bare(of(AdviceField::Tracking)),
        reach,
    })
}

fn reach(aside: bool, text: &str) -> Reach {
    match (aside, fits(&BELOW, text), fits(&ALL, text)) {
        (false, ..) => Reach::Named,
        (true, true, _) => Reach::AllBelow,
        (true, _, true) => Reach::AllAbove,
        (true, ..) => Reach::Above(numbered(text)),
    }
}

/// One to three words and no sentence: "REVERSAL", "*test data".
fn curt(text: &str) -> bool {
    let words = text
        .split_whitespace()
        .filter(|word| word.contains(char::is_alphabetic));
    (1..=3).contains(&words.count()) && !text.contains(|c: char| c == '@' || c.is_ascii_digit())
}

/// "All returns need an RMA" is of no row.
fn without_conditions(text: &str) -> String {
    let found = CONDITIONS.as_ref();
    found.map_or_else(
        || text.to_owned(),
        |found| found.replace_all(text, " ").into_owned(),
    )
}

fn numbered(text: &str) -> Option<usize> {
    let found = LINE.as_ref()?.captures(text)?;
    found.name("line")?.as_str().parse().ok()
}

/// The cells that take their row back.
fn words<'a>(record: &'a [String], header: &'a Header) -> Vec<&'a str> {
    let cells = header.columns.iter().zip(&header.names).zip(record);
    let back = cells.filter(|((column, (_, kind, of)), cell)| {
        // names of articles and people may have such words
        let name = matches!(of, Some(Of::Text | Of::Recipient | Of::City | Of::Vendor));
        let sku = column.is_some_and(|(field, _)| field == AdviceField::Sku);
        let void = column.is_some_and(|(field, _)| field == AdviceField::Void);
        let denied = (void || column.is_none() && *kind == ColumnKind::Denies) && denies(cell);
        denied || !name && !sku && takes_back(cell)
    });
    back.map(|(_, cell)| cell.trim()).collect()
}

/// Pieces as they are written, below zero as well: `-1`, `(1)`, `1-`, `1 CR`, `minus 1`.
fn count(cell: &str) -> Option<i64> {
    let text = cell.trim().to_lowercase();
    let credit = text.ends_with("cr") || text.ends_with("credit");
    let words = ["minus", "less", "neg", "negative", "credit"];
    let below = words.iter().find_map(|word| text.strip_prefix(word));
    let rest = below.unwrap_or(&text);
    let rest = ["credit", "cr"]
        .iter()
        .fold(rest, |rest, word| rest.trim_end_matches(word))
        .trim();
    let minus = rest.starts_with(['-', '−', '–', '(']) || rest.ends_with('-');
    let digits = rest.trim_matches(['-', '−', '–', '(', ')', '+', ' ', '\'', '.']);
    let whole = digits.split('.').next().unwrap_or_default();
    let count: i64 = whole.parse().ok()?;
    Some(if minus || credit || below.is_some() {
        -count
    } else {
        count
    })
}

fn bare(number: &str) -> String {
    let letters = number.chars().filter(char::is_ascii_alphanumeric);
    letters.collect::<String>().to_uppercase()
}

/// What takes rows back, by how it names them.
#[derive(Default)]
struct Index<'a> {
    /// By the purchase order and the article; without one, all of the purchase order.
    goods: HashMap<(String, String), Vec<&'a Found>>,
    /// By the purchase order, whatever the article.
    orders: HashMap<String, Vec<&'a Found>>,
    /// By the purchase order, where no other row of it writes the article so: another number of it, perhaps.
    strangers: HashMap<String, Vec<&'a Found>>,
    parcels: HashMap<&'a str, Vec<&'a Found>>,
    /// By the line of the row that is meant.
    lines: HashMap<usize, Vec<&'a Found>>,
    /// The last that means all above it, and the first that means all below it.
    above: Option<&'a Found>,
    below: Option<&'a Found>,
}

/// More than these are told of no row.
fn push<'a>(all: &mut Vec<&'a Found>, one: &'a Found) {
    if all.len() < MOST {
        all.push(one);
    }
}

impl<'a> Index<'a> {
    fn of(rows: &[AdviceRow], found: &'a [Found]) -> Index<'a> {
        let known: BTreeSet<String> = rows.iter().map(|row| large(&row.po_number)).collect();
        let back: BTreeSet<usize> = found.iter().map(|one| one.recant.line).collect();
        let known_goods: BTreeSet<(String, String)> = rows
            .iter()
            .filter(|row| !back.contains(&row.line))
            .map(|row| (large(&row.po_number), large(&row.sku)))
            .collect();
        let mut index = Index::default();
        for one in found {
            let pos = pos_of(one, &known);
            for po in &pos {
                let goods = (po.clone(), one.sku.clone());
                if !one.sku.is_empty() && !known_goods.contains(&goods) {
                    push(index.strangers.entry(po.clone()).or_default(), one);
                }
                push(index.goods.entry(goods).or_default(), one);
                push(index.orders.entry(po.clone()).or_default(), one);
            }
            if !one.tracking.is_empty() && one.recant.rest.is_none() {
                push(index.parcels.entry(&one.tracking).or_default(), one);
            }
            if pos.is_empty() {
                index.add_aside(rows, one);
            }
        }
        index
    }

    /// One that names no purchase order of the table.
    fn add_aside(&mut self, rows: &[AdviceRow], one: &'a Found) {
        let place = rows.partition_point(|row| row.line < one.recant.line);
        let last = place.checked_sub(1).and_then(|at| rows.get(at));
        let same = |row: &&AdviceRow| {
            let sku = large(&row.sku);
            one.sku.is_empty() || sku.is_empty() || sku == one.sku
        };
        let lines: Vec<usize> = match one.reach {
            Reach::AllAbove => {
                self.above = Some(one);
                return;
            }
            Reach::AllBelow => {
                self.below.get_or_insert(one);
                return;
            }
            // people count with the heading, and without it
            Reach::Above(Some(line)) => {
                let named = [line, line + 1].into_iter();
                named.chain(last.map(|row| row.line)).collect()
            }
            Reach::Above(None) => last.map(|row| row.line).into_iter().collect(),
            // a row that leaves out the order is of the one above it
            Reach::Named if one.po.is_empty() => {
                last.filter(same).map(|row| row.line).into_iter().collect()
            }
            Reach::Named => return,
        };
        for line in lines {
            push(self.lines.entry(line).or_default(), one);
        }
    }

    fn of_row(&self, row: &AdviceRow) -> Vec<Recant> {
        let (po, sku) = (large(&row.po_number), large(&row.sku));
        let mut all: Vec<&Found> = Vec::new();
        let mut take = |found: Option<&Vec<&'a Found>>| all.extend(found.into_iter().flatten());
        match sku.is_empty() {
            true => take(self.orders.get(&po)),
            false => {
                take(self.goods.get(&(po.clone(), String::new())));
                take(self.strangers.get(&po));
                take(self.goods.get(&(po, sku)));
            }
        }
        for number in row.tracking_number.iter().chain(&row.further_tracking) {
            take(self.parcels.get(number.as_str()));
        }
        take(self.lines.get(&row.line));
        all.extend(self.above.filter(|one| one.recant.line > row.line));
        all.extend(self.below.filter(|one| one.recant.line < row.line));
        let mut recants: Vec<Recant> = Vec::new();
        for one in all {
            let itself = one.recant.line == row.line;
            if !itself && recants.len() < MOST && !recants.contains(&one.recant) {
                recants.push(one.recant.clone());
            }
        }
        recants
    }
}

fn large(text: &Option<String>) -> String {
    text.as_deref().unwrap_or_default().to_uppercase()
}

/// Notes with each row what takes it back; the rows stand in the order of the table.
pub(super) fn apply(rows: &mut [AdviceRow], found: &[Found]) {
    if found.is_empty() {
        return;
    }
    let index = Index::of(rows, found);
    let all: Vec<Vec<Recant>> = rows.iter().map(|row| index.of_row(row)).collect();
    for (row, recants) in rows.iter_mut().zip(all) {
        row.beside.recants = recants;
    }
}

/// The purchase orders of the table that it names, in its own column or in words.
fn pos_of(one: &Found, known: &BTreeSet<String>) -> Vec<String> {
    let parted = |c: char| c.is_whitespace() || ",;:()[]<>\"'=*".contains(c);
    let words = one.cells.iter().flat_map(|cell| cell.split(parted));
    let words = words.map(|word| word.trim_matches(['.', '#', '!']));
    let all = words.chain([one.po.as_str()]);
    let mut pos: Vec<String> = all
        .filter(|word| !word.is_empty() && known.contains(*word))
        .map(str::to_owned)
        .collect();
    pos.sort();
    pos.dedup();
    pos
}
