//! What a purchase order says, as values: the one thing that PDF, text and CSV are made from.

use crate::domain::money::Money;
use crate::domain::text;
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

/// One purchase order as its vendor gets to see it. It has no room for the customer's prices.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub struct PoDocument {
    /// The purchase order's number, such as `W200001-1`.
    pub number: String,
    /// The shop's order that it is for.
    pub order_number: String,
    /// Its day, in the site's time zone.
    pub date: NaiveDate,
    /// Who buys and pays: the shop.
    pub buyer: Letterhead,
    /// Who is to ship.
    pub vendor_name: String,
    /// The vendor's address without the name, a line each.
    pub vendor_address: Vec<String>,
    /// The label: name first, then the address, a line each.
    pub ship_to: Vec<String>,
    /// The receiver's telephone, for the carrier; may be empty.
    pub ship_to_phone: String,
    /// The service wanted.
    pub shipping_method: Option<String>,
    /// The day by which the customer needs it, as the shop wrote it.
    pub required_by: Option<String>,
    /// To be printed on the packing slip.
    pub gift_message: Option<String>,
    /// ISO 4217 code of all amounts.
    pub currency: String,
    /// What is ordered.
    pub lines: Vec<PoDocumentLine>,
    /// Sum of the lines' amounts.
    pub total: Money,
    /// Terms of payment and the like; may be empty.
    pub terms: String,
    /// The site's own instructions, a paragraph a line; empty for poms' ones
    /// ([`PoDocument::instructions`]).
    pub instructions: String,
    /// Whether the vendor may have got this purchase order before.
    pub possible_duplicate: bool,
    /// How it differs from what was sent before, in sentences: it counts in its place.
    #[serde(default)]
    pub replaces: Vec<String>,
    /// What the customer wrote and the vendor shall read, by a person's word.
    #[serde(default)]
    pub comment: Option<String>,
    /// 2, 3 … where the vendor has an earlier one that this replaces; else 0.
    #[serde(default, skip_serializing_if = "is_first")]
    pub revision: i64,
}

/// Whether nothing came before it.
fn is_first(revision: &i64) -> bool {
    *revision == 0
}

/// The shop as it stands at the head of its letters.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Letterhead {
    /// Name of the shop.
    pub name: String,
    /// Postal address without the name, a line each; may be empty.
    pub address: Vec<String>,
    /// For questions and invoices; may be empty.
    pub email: String,
    /// May be empty.
    pub phone: String,
}

/// One line of a purchase order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PoDocumentLine {
    /// Counted from 1 within the purchase order.
    pub line: u32,
    /// The vendor's number for the goods; may be empty.
    pub vendor_sku: String,
    /// The shop's number for the goods.
    pub sku: String,
    /// Plain words for the goods.
    pub description: String,
    /// Pieces.
    pub qty: i64,
    /// What the shop pays for one.
    pub unit_cost: Money,
    /// Quantity times unit cost.
    pub amount: Money,
}

/// Only the number: the rest is a customer's name and address, which logs must not get.
impl std::fmt::Debug for PoDocument {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("PoDocument")
            .field("number", &self.number)
            .finish_non_exhaustive()
    }
}

impl PoDocument {
    /// The drop-ship instructions, a paragraph each: the site's own, else poms' ones.
    pub fn instructions(&self) -> Vec<String> {
        let own: Vec<String> = self
            .instructions
            .lines()
            .map(text::line)
            .filter(|paragraph| !paragraph.is_empty())
            .collect();
        if !own.is_empty() {
            return own;
        }
        let (shop, number) = (text::line(&self.buyer.name), text::line(&self.number));
        let mut all = vec![
            "Ship straight to the customer at the ship-to address.".to_owned(),
            "Put no prices and no invoice in the parcel.".to_owned(),
            format!("Enclose a packing slip in the name of {shop}, not in your own."),
            format!("Quote purchase order {number} on the shipping label and on your invoice."),
        ];
        let email = text::line(&self.buyer.email);
        if !email.is_empty() {
            all.push(format!(
                "Send the invoice and the tracking number to {email}."
            ));
        }
        all.push(
            "If anything is out of stock, late or at another cost, tell us before you ship."
                .to_owned(),
        );
        all
    }

    /// The number as it stands at the head: with the revision, if it is one.
    pub fn shown_number(&self) -> String {
        match self.revision {
            0 => self.number.clone(),
            revision => format!("{} rev. {revision}", self.number),
        }
    }

    /// What a head says of it beside its number: that it is another one than the vendor has, or may be the same.
    pub fn mark(&self) -> &'static str {
        match (self.possible_duplicate, self.revision) {
            (true, _) => " - POSSIBLE DUPLICATE",
            (false, 0) => "",
            (false, _) => " - REVISED",
        }
    }

    /// What stands above the differences from what was sent before.
    pub fn replaces_title(&self) -> String {
        match self.revision {
            0 => "THIS REPLACES WHAT WE SENT BEFORE: ship only what is listed below".to_owned(),
            revision => format!(
                "REVISION {revision} REPLACES WHAT WE SENT BEFORE OF {}: ship as below, and confirm it",
                text::line(&self.number)
            ),
        }
    }

    /// What the customer wrote, if the vendor shall read it.
    pub fn comment(&self) -> Option<String> {
        let comment = self.comment.as_deref().map(text::block)?;
        (!comment.is_empty()).then_some(comment)
    }

    /// The date as vendors read it without doubt about day and month: `June 2, 2025`.
    pub fn long_date(&self) -> String {
        self.date.format("%B %-d, %Y").to_string()
    }

    /// Pieces in all lines; `None` when the sum does not fit.
    pub fn pieces(&self) -> Option<i64> {
        self.lines
            .iter()
            .try_fold(0i64, |sum, line| sum.checked_add(line.qty))
    }

    /// `3 lines, 12 pieces`: what the vendor can check the document against.
    pub fn extent(&self) -> String {
        let count = |n: i64, word: &str| format!("{n} {word}{}", if n == 1 { "" } else { "s" });
        let lines = count(self.lines.len() as i64, "line");
        match self.pieces() {
            Some(pieces) => format!("{lines}, {}", count(pieces, "piece")),
            None => lines,
        }
    }

    /// A name for attached files without the extension: `PO-W200001-1`. Letters, digits, `-`, `_`
    /// and `.` of the number are kept, others become `-`; at most 80 characters.
    pub fn file_stem(&self) -> String {
        let keep = |c: char| match c {
            'a'..='z' | 'A'..='Z' | '0'..='9' | '-' | '_' | '.' => c,
            _ => '-',
        };
        format!(
            "PO-{}",
            self.number.chars().take(77).map(keep).collect::<String>()
        )
    }
}

/// The amount without currency sign, grouped: for columns whose head names the currency.
pub fn figures(amount: Money) -> String {
    amount.display("USD").replacen('$', "", 1)
}
