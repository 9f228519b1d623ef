//! The purchase order as plain text of at most 76 columns, fit for a mail's body.

use crate::domain::po_document::{PoDocument, PoDocumentLine, figures};
use crate::domain::text::{block, columns, line, wrap};

/// Columns of the page: what mail programs show and quote without breaking lines.
pub const WIDTH: usize = 76;

/// Columns of a line's number, the two SKUs, quantity, unit cost and amount; two blanks between
/// them, one before the last three. Together [`WIDTH`].
const SKU: usize = 19;
const QTY: usize = 6;
const COST: usize = 11;
const AMOUNT: usize = 12;
const NUMBER: usize = 4;

/// Renders a purchase order as text. It says the same as the PDF, in full, and ends with what the
/// vendor should do. Lines end in `\n`.
pub fn text(doc: &PoDocument) -> String {
    let mut page = TextPage::default();
    let revised = if doc.revision > 0 { " - REVISED" } else { "" };
    let title = format!("PURCHASE ORDER {}{revised}", line(&doc.shown_number()));
    page.wrapped(&title, 0);
    page.push(&"=".repeat(columns(&title).min(WIDTH)));
    if doc.possible_duplicate {
        page.gap();
        page.push("*** POSSIBLE DUPLICATE of a purchase order already sent ***");
        page.push("Ship once: if you have it already, do nothing with this one.");
    }
    if !doc.replaces.is_empty() {
        page.gap();
        page.wrapped(&format!("*** {} ***", doc.replaces_title()), 0);
        for change in &doc.replaces {
            page.hanging("  - ", &line(change));
        }
    }
    page.gap();
    head(&mut page, doc);
    page.gap();
    goods(&mut page, doc);
    if let Some(message) = doc
        .gift_message
        .as_deref()
        .map(block)
        .filter(|m| !m.is_empty())
    {
        page.section("GIFT MESSAGE (print it on the packing slip)");
        page.wrapped(&message, 4);
    }
    if let Some(comment) = doc.comment() {
        page.section("NOTE FROM THE CUSTOMER");
        page.wrapped(&comment, 4);
    }
    let terms = block(&doc.terms);
    if !terms.is_empty() {
        page.section("TERMS");
        page.wrapped(&terms, 2);
    }
    page.section("WHAT TO DO");
    for (place, paragraph) in doc.instructions().iter().enumerate() {
        page.hanging(&format!("{:>2}. ", place + 1), paragraph);
    }
    page.0
}

/// Names and addresses, label on the left.
fn head(page: &mut TextPage, doc: &PoDocument) {
    let buyer = &doc.buyer;
    page.labelled("Date", &[doc.long_date()]);
    page.labelled("Our order", std::slice::from_ref(&doc.order_number));
    let mut from = vec![buyer.name.clone()];
    from.extend(buyer.address.iter().cloned());
    from.extend([buyer.phone.clone(), buyer.email.clone()]);
    page.labelled("From", &from);
    let mut vendor = vec![doc.vendor_name.clone()];
    vendor.extend(doc.vendor_address.iter().cloned());
    page.labelled("Vendor", &vendor);
    let mut label = doc.ship_to.clone();
    let phone = line(&doc.ship_to_phone);
    if !phone.is_empty() {
        label.push(format!("Phone {phone}"));
    }
    page.labelled("SHIP TO", &label);
    page.labelled("Ship via", doc.shipping_method.as_slice());
    page.labelled("Required by", doc.required_by.as_slice());
}

/// The table: numbers in the first line of an entry, the description below.
fn goods(page: &mut TextPage, doc: &PoDocument) {
    let currency = line(&doc.currency);
    let amount = format!("Amount {currency}");
    page.row(
        "Line",
        ["Your SKU", "Our SKU"],
        ["Qty", "Unit cost", &amount],
    );
    page.push(&"-".repeat(WIDTH));
    for entry in &doc.lines {
        one(page, entry);
    }
    page.push(&"-".repeat(WIDTH));
    let (extent, total) = (
        doc.extent(),
        format!("Total  {}", doc.total.display(&currency)),
    );
    let room = WIDTH.saturating_sub(columns(&extent) + columns(&total));
    page.push(&format!("{extent}{}{total}", " ".repeat(room)));
}

fn one(page: &mut TextPage, entry: &PoDocumentLine) {
    let skus = [&entry.vendor_sku, &entry.sku].map(|sku| wrap(&line(sku), SKU));
    let figures = [
        entry.qty.to_string(),
        figures(entry.unit_cost),
        figures(entry.amount),
    ];
    for place in 0..skus[0].len().max(skus[1].len()).max(1) {
        let [yours, ours] = [0, 1].map(|side| skus[side].get(place).map_or("", String::as_str));
        let first = place == 0;
        let number = if first {
            entry.line.to_string()
        } else {
            String::new()
        };
        let [qty, cost, amount] = [0, 1, 2].map(|n| if first { figures[n].as_str() } else { "" });
        page.row(&number, [yours, ours], [qty, cost, amount]);
    }
    page.wrapped(&line(&entry.description), NUMBER + 2);
}

/// The text so far.
#[derive(Default)]
struct TextPage(String);

impl TextPage {
    fn push(&mut self, text: &str) {
        self.0.push_str(text.trim_end());
        self.0.push('\n');
    }

    fn gap(&mut self) {
        self.0.push('\n');
    }

    fn section(&mut self, title: &str) {
        self.gap();
        self.push(title);
    }

    /// Text in lines that begin after `indent` blanks.
    fn wrapped(&mut self, text: &str, indent: usize) {
        for part in wrap(text, WIDTH - indent) {
            self.push(&format!("{}{part}", " ".repeat(indent)));
        }
    }

    /// Text whose first line begins with a mark, the others below its text.
    fn hanging(&mut self, mark: &str, text: &str) {
        let indent = columns(mark);
        for (place, part) in wrap(text, WIDTH - indent).iter().enumerate() {
            let blank = " ".repeat(indent);
            self.push(&format!("{}{part}", if place == 0 { mark } else { &blank }));
        }
    }

    /// A label and its lines beside it; nothing when all of them are empty.
    fn labelled(&mut self, label: &str, values: &[String]) {
        let clean: Vec<String> = values.iter().map(|value| line(value)).collect();
        let filled: Vec<&str> = clean
            .iter()
            .map(String::as_str)
            .filter(|v| !v.is_empty())
            .collect();
        self.hanging(&format!("{label:<14}"), &filled.join("\n"));
    }

    /// A row of the table. A figure that is wider than its column takes a line of its own, so that
    /// no two ever run together.
    fn row(&mut self, number: &str, skus: [&str; 2], figures: [&str; 3]) {
        let pad = |text: &str, wide: usize| " ".repeat(wide.saturating_sub(columns(text)));
        let left = format!(
            "{}{number}  {}{}  {}{}",
            pad(number, NUMBER),
            skus[0],
            pad(skus[0], SKU),
            skus[1],
            pad(skus[1], SKU),
        );
        let right: String = figures
            .iter()
            .zip([QTY, COST - 1, AMOUNT - 1])
            .map(|(figure, wide)| format!(" {}{figure}", pad(figure, wide)))
            .collect();
        if columns(&left) + columns(&right) <= WIDTH {
            self.push(&format!("{left}{right}"));
        } else {
            self.push(&left);
            for (name, figure) in ["qty", "unit cost", "amount"].iter().zip(figures) {
                let text = format!("{name} {figure}");
                self.push(&format!("{}{text}", pad(&text, WIDTH)));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::money::Money;
    use crate::purchasing::render::sample;

    #[test]
    fn says_what_it_said() {
        crate::golden::golden(
            "src/purchasing/render/expected/text.txt",
            &text(&sample::short()),
        );
    }

    #[test]
    fn a_duplicate_is_marked() {
        let mut doc = sample::short();
        assert!(!text(&doc).contains("DUPLICATE"));
        doc.possible_duplicate = true;
        assert!(text(&doc).contains("POSSIBLE DUPLICATE of a purchase order already sent"));
    }

    proptest::proptest! {
        #[test]
        fn never_wider_than_a_page(any in "\\PC{0,200}", word in "[A-Z0-9-]{1,120}", cents: i64, qty: i64) {
            let mut doc = sample::short();
            doc.lines[0].description = any.clone();
            doc.lines[0].vendor_sku = word.clone();
            doc.lines[0].amount = Money(cents);
            doc.lines[0].unit_cost = Money(cents);
            doc.lines[0].qty = qty;
            doc.total = Money(cents);
            doc.number = word;
            doc.ship_to = vec![any.clone(), any.clone()];
            doc.buyer.name = any.clone();
            doc.gift_message = Some(any);
            for part in text(&doc).lines() {
                proptest::prop_assert!(columns(part) <= WIDTH, "{part}");
            }
        }
    }
}
