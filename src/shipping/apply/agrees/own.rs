//! What a purchase order says, as cells are compared with it: words of its label, and of its goods.

use super::RowSubject;
use crate::domain::places;
use crate::domain::spelling::folded;
use crate::shipping::apply::asked_lines;
use serde_json::Value;

/// Words that are nobody's name, and no place's.
pub(super) const NOBODY: &[&str] = &[
    "the",
    "and",
    "for",
    "inc",
    "llc",
    "ltd",
    "corp",
    "usa",
    "attn",
    "care",
    "street",
    "avenue",
    "road",
    "drive",
    "lane",
    "court",
    "boulevard",
    "blvd",
    "ave",
    "apt",
    "suite",
    "ste",
    "unit",
    "floor",
    "drop",
    "ship",
    "shipment",
    "dropship",
    "web",
    "customer",
    "consumer",
    "retail",
    "online",
    "store",
    "shop",
    "sale",
    "sales",
    "internet",
    "order",
    "orders",
    "direct",
    "home",
    "house",
    "residence",
    "residential",
    "north",
    "south",
    "east",
    "west",
    "mrs",
    "guest",
    "various",
    "see",
    "above",
    "below",
    "receiving",
    "shipping",
    "department",
    "dept",
    "dock",
    "manager",
    "purchasing",
    "office",
    "desk",
];

/// What the purchase order says, as it is compared.
pub(super) struct Own {
    /// The label, a line each.
    pub(super) label: Vec<String>,
    /// Words of the label, the shop's name and the numbers.
    words: Vec<String>,
    /// Words of the descriptions of the lines that are meant.
    pub(super) goods: Vec<String>,
    /// What of the address has digits.
    digits: Vec<String>,
    /// Its number, and its order's, without signs.
    numbers: [String; 2],
}

impl Own {
    pub(super) fn of(about: &RowSubject) -> Own {
        let document = &about.po.document;
        let lines = document["ship_to"].as_array().into_iter().flatten();
        let label: Vec<String> = lines.filter_map(Value::as_str).map(str::to_owned).collect();
        let buyer = document["buyer"]["name"].as_str().unwrap_or_default();
        let mut words: Vec<String> = label.iter().flat_map(|line| tokens(line)).collect();
        words.extend(tokens(buyer));
        words.extend(tokens(&about.po.number));
        words.extend(tokens(&about.po.order_reference()));
        let meant = |line: i64| about.lines.iter().any(|one| one.line == line);
        let asked = asked_lines(about.po, about.all);
        let asked = asked.iter().filter(|one| meant(one.line));
        let goods = asked.flat_map(|one| tokens(&one.description)).collect();
        let digits = label
            .iter()
            .skip(1)
            .flat_map(|line| line.split(|c: char| !c.is_ascii_alphanumeric()))
            .filter(|part| part.bytes().any(|b| b.is_ascii_digit()))
            .map(str::to_uppercase)
            .collect();
        Own {
            label,
            words,
            goods,
            digits,
            numbers: [
                tokens(&about.po.number).concat(),
                tokens(&about.po.order_reference()).concat(),
            ],
        }
    }

    /// Whether a cell is a number of the purchase order's own, or its order's.
    pub(super) fn is_number(&self, cell: &str) -> bool {
        let said = tokens(cell).concat();
        self.numbers.contains(&said)
    }

    /// A cell without the words that stand on the purchase order itself: a street may be called Return Rd.
    pub(super) fn without(&self, cell: &str) -> String {
        let own = |word: &&str| {
            let word = tokens(word);
            !word.is_empty()
                && word
                    .iter()
                    .all(|one| self.words.contains(one) || self.goods.contains(one))
        };
        let words = cell.split_whitespace();
        let left: Vec<&str> = words.filter(|word| !own(word)).collect();
        left.join(" ")
    }

    /// Whether a name, a street or a city has anything of the label: vendors shorten and misspell.
    pub(super) fn is_recipient(&self, cell: &str) -> bool {
        let words = tokens(cell);
        let telling: Vec<&String> = words
            .iter()
            .filter(|word| {
                // "C10044" is an account
                let name = word.chars().all(char::is_alphabetic) && word.chars().count() > 2;
                name && !NOBODY.contains(&word.as_str())
            })
            .collect();
        telling.is_empty()
            || self.label.is_empty()
            || telling
                .iter()
                .any(|word| self.words.iter().any(|own| alike(word, own)))
    }

    /// Whether a state is the label's, by its code or name; what is neither one of the US nor a province of
    /// Canada contradicts nothing.
    pub(super) fn is_state(&self, cell: &str) -> bool {
        let Some(state) = places::state(cell) else {
            return self.label.is_empty() || !is_canadian(cell) || self.is_there(cell);
        };
        self.label.is_empty() || self.is_there(state.code) || self.is_there(state.name)
    }

    /// Whether all of these words stand on the label.
    fn is_there(&self, text: &str) -> bool {
        tokens(text).iter().all(|word| self.words.contains(word))
    }

    /// Whether a country is the label's, which names none in the US.
    pub(super) fn is_country(&self, cell: &str) -> bool {
        const US: &[&str] = &[
            "us",
            "usa",
            "unitedstates",
            "unitedstatesofamerica",
            "america",
            "840",
        ];
        let said = tokens(cell).concat();
        let code = |line: &&String| line.len() == 2 && line.bytes().all(|b| b.is_ascii_uppercase());
        let own = self
            .label
            .last()
            .filter(code)
            .map(|code| code.to_lowercase());
        match own {
            // names of countries have more than one spelling
            Some(own) => said.len() != 2 || said == own,
            // territories of the US are written as countries too
            None => {
                let here = tokens(cell).iter().all(|word| self.words.contains(word));
                said.is_empty() || self.label.is_empty() || US.contains(&said.as_str()) || here
            }
        }
    }

    /// How the goods are called that are meant, as a clause.
    pub(super) fn called(&self, about: &RowSubject) -> String {
        let skus: Vec<&str> = about.lines.iter().map(|line| line.sku.as_str()).collect();
        format!("and {} is '{}'", skus.join(", "), self.goods.join(" "))
    }

    /// Whether a ZIP is the label's; a spreadsheet may have taken its zeros.
    pub(super) fn has_zip(&self, zip: &str) -> bool {
        let bare: String = zip.to_uppercase().replace(['\'', '’', '"', '=', ' '], "");
        let first = bare.split('-').next().unwrap_or_default();
        let first = first.trim_end_matches(".0");
        let five = match first.len() == 9 && first.bytes().all(|b| b.is_ascii_digit()) {
            true => &first[..5],
            false => first,
        };
        let short = five.trim_start_matches('0');
        let whole = self.label.join(" ").to_uppercase().replace(' ', "");
        let same = |own: &String| own.trim_start_matches('0') == short;
        short.is_empty()
            || self.label.is_empty()
            || self.digits.iter().any(same)
            || five.len() > 5 && whole.contains(five)
    }
}

/// Whether a cell is a province of Canada, by its code or name.
fn is_canadian(cell: &str) -> bool {
    const PROVINCES: &[&str] = &[
        "ab",
        "bc",
        "mb",
        "nb",
        "nl",
        "ns",
        "nt",
        "nu",
        "on",
        "pe",
        "pei",
        "qc",
        "pq",
        "sk",
        "yt",
        "alberta",
        "britishcolumbia",
        "manitoba",
        "newbrunswick",
        "newfoundland",
        "newfoundlandandlabrador",
        "novascotia",
        "northwestterritories",
        "nunavut",
        "ontario",
        "princeedwardisland",
        "quebec",
        "saskatchewan",
        "yukon",
    ];
    PROVINCES.contains(&tokens(cell).concat().as_str())
}

/// Words in small letters without accents.
pub(super) fn tokens(text: &str) -> Vec<String> {
    let text = folded(text);
    let words = text.split(|c: char| !c.is_alphanumeric());
    words
        .filter(|word| !word.is_empty())
        .map(str::to_owned)
        .collect()
}

/// The same word, or one cut short.
pub(super) fn alike(one: &str, other: &str) -> bool {
    let short = one.chars().count().min(other.chars().count());
    one == other || short > 2 && (one.starts_with(other) || other.starts_with(one))
}

/// `brs` for brass, `lmp` for lamp: the same first letter, and its others in their order.
pub(super) fn shortened(short: &str, word: &str) -> bool {
    let mut rest = word.chars();
    let first = short.chars().next() == word.chars().next();
    first && short.chars().count() > 1 && short.chars().all(|c| rest.any(|own| own == c))
}
