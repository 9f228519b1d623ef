//! Names of files that nobody reads: a paper beside "Confirmed." may refuse the order, and its name says so often
//! enough. Names of documents consist of known words, or a person looks at them.

use super::doubtful_subject;
use super::title::{strange_words, words_of};
use crate::domain::pattern::fits;
use regex::Regex;
use std::sync::LazyLock;

/// What the name of a file says of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PaperName {
    /// An invoice, an acknowledgement, a packing slip.
    Usual,
    /// Known words and numbers, which say nothing.
    Plain,
    /// A word for trouble, or one that is not known.
    Strange,
}

/// Words of usual papers: what they are called.
const USUAL: &[&str] = &[
    "invoice",
    "invoices",
    "inv",
    "bill",
    "ack",
    "acks",
    "acknowledgement",
    "acknowledgment",
    "acknowledgements",
    "confirmation",
    "confirmations",
    "conf",
    "packing",
    "slip",
    "po",
    "so",
    "order",
    "purchase",
    "receipt",
    "vcf",
    "pgp",
    "asc",
    "smime",
];
/// Further words of names of papers.
const PAPERS: &[&str] = &[
    "scan",
    "scans",
    "scanned",
    "scanner",
    "img",
    "image",
    "images",
    "pic",
    "signature",
    "sig",
    "logo",
    "icon",
    "banner",
    "pack",
    "packing",
    "slip",
    "slips",
    "inv",
    "conf",
    "oc",
    "oa",
    "pdf",
    "docx",
    "rtf",
    "odt",
    "tif",
    "tiff",
    "png",
    "jpg",
    "jpeg",
    "gif",
    "bmp",
    "heic",
    "webp",
    "xml",
    "zip",
    "signed",
    "original",
    "outlook",
    "winmail",
    "smime",
    "pgp",
    "asc",
    "vcf",
    "ics",
    "facebook",
    "twitter",
    "linkedin",
    "instagram",
    "youtube",
    "mobile",
    "phone",
    "camscanner",
    "adobe",
    "print",
    "printed",
    "receipt",
    "form",
    "mime",
    "attachments",
    "doc",
    "re",
    "fw",
    "fwd",
    "md",
    "html",
    "receive",
    "received",
    "card",
    "contact",
    "footer",
    "header",
    "disclaimer",
];
/// Words for trouble that a subject may have.
static TROUBLE: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"(?i)\b(?:out of stock|oos|bo|b o|price|prices|pricing|increase|proforma|pro forma|short|shortage|shortages|discontinued?|obsolete|declin\w*|denied|dispute|overdue|past due|final notice|prepay\w*|prepaid|deposit|bank|wire|remit\w*|recall|damages?|broken|defect\w*|complaint|change|changes|changed|revised|revision|amended|amendment|substitut\w*|delays?|late|closed?|closing|closure|holidays?|vacation|estimate|statement|collections?|legal|terms|policy|surcharge|freight|fees?|tariffs?)\b").ok()
});

/// Whether a name has a word for trouble.
pub fn has_trouble(name: &str) -> bool {
    let words = words_of(name).join(" ");
    doubtful_subject(&words) || doubtful_subject(name) || fits(&TROUBLE, &words)
}

/// What a name says; `names` are of the vendor, the shop, the customer and the purchase order.
pub fn paper_name(name: &str, names: &[String]) -> PaperName {
    let without = names.iter().fold(name.to_owned(), |text, own| {
        let own = own.trim();
        match own.len() > 2 {
            true => text.replace(own, " "),
            false => text,
        }
    });
    if has_trouble(&without) {
        return PaperName::Strange;
    }
    let known = |word: &String| word.len() <= 2 || PAPERS.contains(&word.as_str());
    if !strange_words(name, names).iter().all(known) {
        return PaperName::Strange;
    }
    let usual = |word: &String| USUAL.contains(&word.as_str());
    match words_of(name).iter().any(usual) {
        true => PaperName::Usual,
        false => PaperName::Plain,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_papers() {
        let names = ["Acme Home Goods".to_owned(), "Dana Whitfield".to_owned()];
        let of = |name: &str| paper_name(name, &names);
        for name in [
            "Invoice 71681.pdf",
            "ack_875524.pdf",
            "SalesOrder-88123.pdf",
            "Order Confirmation 301460 Acme.pdf",
            "PO W1-1 signed.pdf",
            "Packing Slip 12.pdf",
            "SO88123 Dana Whitfield.pdf",
            "smime.p7s",
        ] {
            assert_eq!(of(name), PaperName::Usual, "{name}");
        }
        for name in [
            "scan0001.pdf",
            "20261118_0930.pdf",
            "image001.png",
            "winmail.dat",
            "",
        ] {
            assert_eq!(of(name), PaperName::Plain, "{name}");
        }
        for name in [
            "Order cancelled C1-1.pdf",
            "REJECTED_D1-1.pdf",
            "Backorder notice.pdf",
            "credit_hold.pdf",
            "CreditHold.pdf",
            "Out of stock list.xlsx.pdf",
            "proforma 658027.pdf",
            "Quote 507950.pdf",
            "price increase letter.pdf",
            "return authorization.pdf",
            "void labels.pdf",
            "damage report.pdf",
            "Letter.pdf",
            "Invoice 12 past due.pdf",
            "new account form.pdf",
        ] {
            assert_eq!(of(name), PaperName::Strange, "{name}");
        }
        assert!(TROUBLE.is_some());
    }
}
