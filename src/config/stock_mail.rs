//! `[[stock_mail]]`: lists of what vendors have, attached to mails of theirs.

use super::reader::Section;
use super::source::headings;
use crate::domain::stock::StockFeed;

/// Fewest letters of a subject by which mails are known: fewer stand in too many of them.
const LEAST: usize = 4;

/// Its keys.
pub(super) const KEYS: [&str; 7] = [
    "stock_of",
    "subject",
    "attachment",
    "number_column",
    "on_hand_column",
    "next_column",
    "cost_column",
];

/// Which mails of a vendor bring what it has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StockMail {
    /// Whose lists they are, and how their columns are called.
    pub feed: StockFeed,
    /// What stands in their subject, in small letters.
    pub subject: String,
    /// What stands in the name of the file that is the list, in small letters; any table where empty.
    pub attachment: String,
}

impl StockMail {
    /// Whether mails of this subject are such mails, whoever wrote them.
    pub fn has_subject(&self, subject: &str) -> bool {
        subject.to_lowercase().contains(&self.subject)
    }
}

/// Reads every `[[stock_mail]]`.
pub fn stock_mails(sections: &[Section<'_>]) -> Vec<StockMail> {
    let mut found: Vec<StockMail> = Vec::new();
    for section in sections {
        let mail = stock_mail(section);
        let same = |other: &&StockMail| {
            let vendors = [&other.feed.vendor_id, &mail.feed.vendor_id];
            vendors[0].eq_ignore_ascii_case(vendors[1])
                && (other.has_subject(&mail.subject) || mail.has_subject(&other.subject))
        };
        if let Some(other) = found.iter().find(same) {
            section.fault(
                "subject",
                format!(
                    "is for the same mails of {} as another one's (\"{}\"): keep one",
                    mail.feed.vendor_id, other.subject
                ),
            );
        }
        found.push(mail);
    }
    found
}

fn stock_mail(section: &Section<'_>) -> StockMail {
    let words = |key| section.text(key).unwrap_or_default().trim().to_lowercase();
    let subject = words("subject");
    if subject.chars().filter(|c| c.is_alphanumeric()).count() < LEAST {
        section.fault(
            "subject",
            format!("must be words that stand in the subject of these mails and of no others, {LEAST} letters at least"),
        );
    }
    StockMail {
        feed: StockFeed {
            vendor_id: section.required("stock_of", "the ID of a vendor, such as \"ACME\""),
            headings: headings(section),
        },
        subject,
        attachment: words("attachment"),
    }
}
