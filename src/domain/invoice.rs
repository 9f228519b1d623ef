//! What a vendor bills: bills and credits, with their lines where the paper has them.

use super::money::Money;
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

/// The direction in which money goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum InvoiceKind {
    /// The vendor wants money.
    Bill,
    /// The vendor gives money back; a bill with a negative total is one too.
    Credit,
}

impl InvoiceKind {
    /// The word for it in the ledger, in JSON and to people.
    pub fn as_str(self) -> &'static str {
        match self {
            InvoiceKind::Bill => "bill",
            InvoiceKind::Credit => "credit",
        }
    }

    /// From its word.
    pub fn parse(word: &str) -> Option<InvoiceKind> {
        [InvoiceKind::Bill, InvoiceKind::Credit]
            .into_iter()
            .find(|kind| kind.as_str() == word)
    }
}

/// The place on the paper where a possible purchase order number stood; the order is the order of trust.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PoRefFrom {
    /// In a column of its own.
    Column,
    /// In the invoice number.
    Number,
    /// In the memo or description.
    Memo,
}

/// A text that may be a purchase order number. Whether it is one only the ledger knows.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct PoRef {
    /// As written, without marks such as `PO#` around it.
    pub text: String,
    /// Where it stood.
    pub from: PoRefFrom,
}

/// One bill or credit. All amounts are as the kind has them: a credit of 5.00 has total 5.00.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Invoice {
    /// The vendor's name as written.
    pub vendor_name: String,
    /// Bill or credit.
    pub kind: InvoiceKind,
    /// The vendor's number for it; empty when the paper has none.
    pub number: String,
    /// Its date.
    pub date: NaiveDate,
    /// When it is to be paid.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub due: Option<NaiveDate>,
    /// What may be purchase order numbers, the most trusted first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub po_refs: Vec<PoRef>,
    /// The vendor's own number of the order.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub vendor_order_number: Option<String>,
    /// Free text.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub memo: String,
    /// What it comes to in all.
    pub total: Money,
    /// Whether the paper says only what is open of it: `total` is less where part of it was paid.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub open_balance: bool,
    /// What is open of it, where the paper says that a part was paid already.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub open: Option<Money>,
    /// Goods, line by line; empty when the paper has totals only.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub lines: Vec<InvoiceLine>,
    /// Freight, where the paper tells it apart.
    #[serde(default)]
    pub freight: Money,
    /// Drop-ship, handling and other fees and taxes, where the paper tells them apart.
    #[serde(default)]
    pub fees: Money,
    /// What its other columns, and its memo, name once more.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub says: Vec<BillCell>,
    /// Line of the file where it begins.
    pub source_line: u64,
    /// Every line of the file that it was read from.
    pub rows: Vec<u64>,
}

/// A cell of a bill that names what its purchase order has, to be held against that: goods, who gets them,
/// who pays.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BillCell {
    /// The column's heading.
    pub heading: String,
    /// As it was written.
    pub cell: String,
    /// The article of its row; empty where the row names none.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub sku: String,
}

/// One line of goods.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct InvoiceLine {
    /// The vendor's SKU or ours; empty when the paper has none.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub sku: String,
    /// Plain words.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub description: String,
    /// Pieces, where the paper says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub qty: Option<i64>,
    /// Price of one, where the paper says and it is whole cents. `amount` decides, not this.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unit_price: Option<Money>,
    /// What the line comes to.
    pub amount: Money,
    /// The purchase order of this line, where the paper has one for each.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub po: String,
    /// Its line of the file.
    pub source_line: u64,
}

impl Invoice {
    /// The amount that it adds to the vendor's account: negative for a credit.
    pub fn signed_total(&self) -> Money {
        match self.kind {
            InvoiceKind::Bill => self.total,
            InvoiceKind::Credit => Money(self.total.0.saturating_neg()),
        }
    }

    /// Goods, freight and fees added up; `None` when there are no lines or it does not fit.
    pub fn itemised(&self) -> Option<Money> {
        if self.lines.is_empty() {
            return None;
        }
        let goods = Money::sum(self.lines.iter().map(|line| line.amount))?;
        goods.plus(self.freight)?.plus(self.fees)
    }
}

/// Takes from a text what may be a purchase order number: words with a digit, three characters or
/// more, without `PO`, `P.O.`, `#` and `:` before them; not amounts or dates. Words that a report
/// cut off (`…`) are left out, because half a number is another number. In a column of its own every
/// word may be one.
pub fn po_refs_in(text: &str, from: PoRefFrom) -> Vec<PoRef> {
    // "W200001 - 1" is one number, and "W200001-1 - thanks" has one
    let mut parts = text.split(" - ");
    let mut joined = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let number = part.starts_with(|c: char| c.is_ascii_digit());
        joined.push(if number { '-' } else { ' ' });
        joined.push_str(part);
    }
    let mut found: Vec<PoRef> = Vec::new();
    let edges =
        |c: char| c.is_whitespace() || matches!(c, ',' | ';' | '=' | '(' | ')' | '"' | '[' | ']');
    for word in joined.split(edges) {
        if word.ends_with("...") || word.ends_with('…') {
            continue;
        }
        let bare = strip_marks(word);
        let plain_date = bare.matches('/').count() == 2;
        let numbered = bare.len() >= 3 && bare.bytes().any(|b| b.is_ascii_digit());
        let fits = (1..=40).contains(&bare.len()) && (numbered || from == PoRefFrom::Column);
        let known = found.iter().any(|earlier| earlier.text == bare);
        if fits && !plain_date && !bare.starts_with('$') && !known {
            found.push(PoRef {
                text: bare.to_owned(),
                from,
            });
        }
    }
    found
}

/// `PO#W1-1:` → `W1-1`.
fn strip_marks(word: &str) -> &str {
    let mut bare = word.trim_matches(|c: char| matches!(c, '#' | ':' | '.' | '-' | '*'));
    for mark in ["P.O.", "PO"] {
        let Some((head, rest)) = bare.split_at_checked(mark.len()) else {
            continue;
        };
        let separated = rest.starts_with(['#', ':', '-', '.', '_', '/']);
        let number = rest.starts_with(|c: char| c.is_ascii_digit());
        if head.eq_ignore_ascii_case(mark) && (separated || number) {
            bare = rest.trim_start_matches(['#', ':', '-', '.', '_', '/']);
        }
    }
    bare
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(text: &str) -> Vec<String> {
        po_refs_in(text, PoRefFrom::Memo)
            .into_iter()
            .map(|found| found.text)
            .collect()
    }

    #[test]
    fn numbers_are_found_with_and_without_their_marks() {
        assert_eq!(texts("Your PO# W200001-1, thanks"), ["W200001-1"]);
        assert_eq!(texts("PO:W200001-1"), ["W200001-1"]);
        assert_eq!(texts("P.O.4711 (part 1)"), ["4711"]);
        assert_eq!(texts("order W200001 - 1 of 03/04/2026"), ["W200001-1"]);
        assert_eq!(texts("PO#W200001-1 - thank you"), ["W200001-1"]);
        assert_eq!(texts("POLAR7 PO12345"), ["POLAR7", "12345"]);
        assert_eq!(texts("for W20000..."), Vec::<String>::new());
        assert_eq!(texts("March freight"), Vec::<String>::new());
    }
}
