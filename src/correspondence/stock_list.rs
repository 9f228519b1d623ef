//! A vendor's list of what it has, attached to a mail of its own.

use super::{known, trust};
use crate::app::App;
use crate::domain::codes::{Code, Severity};
use crate::domain::foreign::cut;
use crate::domain::text::one_line;
use crate::intake::Refusal;
use crate::intake::classify::Class;
use crate::intake::inbound::{File, Inbound};
use crate::intake::read::StockDocument;
use crate::ledger::exceptions::Subject;
use crate::ledger::{LedgerError, Tx};
use crate::shipping::mail::Trust;
use openssl::sha::sha256;

/// Ends of the names of files that may be lists.
const TABLES: [&str; 6] = [".csv", ".tsv", ".txt", ".xlsx", ".xlsm", ".ods"];

/// A mail that brings what a vendor has.
pub struct MailedStockList {
    /// Whose it is, as the site names it.
    vendor: String,
    /// What the mail is known again by.
    marks: Vec<[u8; 32]>,
    /// The list, or why nobody can say which of its files that is.
    pub list: Result<StockDocument, Refusal>,
}

impl MailedStockList {
    /// Whether it is this vendor's.
    pub fn is_of(&self, vendor: &str) -> bool {
        self.vendor.eq_ignore_ascii_case(vendor)
    }
}

/// The list that a mail brings: a table is attached, the site says that mails of this subject bring what the
/// vendor has (`[[stock_mail]]`), and the vendor is proved by its domain's signature or its key. `None` for every other mail.
/// The mail is known again from now on.
///
/// # Errors
/// The ledger's.
pub fn stock_list(
    tx: &Tx,
    site: &App,
    id: i64,
    mail: &Inbound,
) -> Result<Option<MailedStockList>, LedgerError> {
    let again = known::with_known(tx, site, id, mail)?;
    let found = brought(tx, site, id, again.as_ref().unwrap_or(mail))?;
    if let Some(found) = &found {
        tx.keep_word(&found.marks, id, &found.vendor)?;
    }
    Ok(found)
}

/// The same of a message that is stored.
///
/// # Errors
/// The ledger's.
pub fn stored_stock_list(
    tx: &Tx,
    site: &App,
    id: i64,
) -> Result<Option<MailedStockList>, LedgerError> {
    if site.config.stock_mails.is_empty() {
        return Ok(None);
    }
    match known::stored(tx, site, id)? {
        Ok(mail) => brought(tx, site, id, &mail),
        Err(_) => Ok(None),
    }
}

fn brought(
    tx: &Tx,
    site: &App,
    id: i64,
    mail: &Inbound,
) -> Result<Option<MailedStockList>, LedgerError> {
    let all = site.config.stock_mails.iter();
    let mut wanted = all.filter(|one| one.has_subject(&mail.subject)).peekable();
    // a vendor's program may say that no person wrote what it sends
    let read = matches!(mail.class, Class::Letter | Class::Automatic { .. });
    if !read || wanted.peek().is_none() {
        return Ok(None);
    }
    let Ok(proved) = trust::judge(tx, &site.reader.marks, mail)? else {
        return Ok(None);
    };
    let vendor = match (&proved.trust, proved.vendor) {
        (Trust::Dkim { .. }, Some(vendor)) if proved.subject => vendor,
        // the key proves the list, and the subject only which of its lists it is
        (Trust::VendorKey { .. }, Some(vendor)) => vendor,
        _ => return Ok(None),
    };
    if tx.word_taken(&proved.marks, id)?.is_some() {
        return Ok(None);
    }
    let Some(wanted) = wanted.find(|one| one.feed.vendor_id.eq_ignore_ascii_case(&vendor)) else {
        return Ok(None);
    };
    let tables: Vec<&File> = mail
        .files
        .iter()
        .filter(|file| is_table(&file.name))
        .filter(|file| file.name.to_lowercase().contains(&wanted.attachment))
        .collect();
    let list = match tables.as_slice() {
        [] => return Ok(None),
        [file] => Ok(StockDocument {
            feed: wanted.feed.clone(),
            file: file.name.clone(),
            bytes: file.bytes.clone(),
            written: proved.date,
        }),
        several => Err(which(&vendor, several)),
    };
    Ok(Some(MailedStockList {
        vendor,
        marks: proved.marks,
        list,
    }))
}

fn is_table(name: &str) -> bool {
    let name = name.to_lowercase();
    TABLES.iter().any(|end| name.ends_with(end))
}

fn which(vendor: &str, files: &[&File]) -> Refusal {
    let names = files.iter().map(|file| cut(&one_line(&file.name), 80));
    let names: Vec<String> = names.collect();
    Refusal::new(
        Code::StockUnread,
        format!(
            "of vendor {vendor}: the mail brings {} tables ({}), and nobody says which is its list: attachment in [[stock_mail]] does",
            names.len(),
            names.join(", ")
        ),
    )
}

/// Shows a person what a vendor writes beside its list, once, until it writes something else; days, numbers and
/// blanks are no news. Whether it was shown.
///
/// # Errors
/// The ledger's.
pub fn tell_beside(
    tx: &Tx,
    site: &App,
    id: i64,
    mail: &Inbound,
    list: &MailedStockList,
) -> Result<bool, LedgerError> {
    let severity = site.config.rules.severity(Code::VendorMail);
    let text = mail.words();
    let words = lasting(&text);
    if words.is_empty() || severity == Severity::Off {
        return Ok(false);
    }
    let entity = format!("stock_text:{}:{}", list.vendor, known_by(&words));
    if tx.was_opened(Code::VendorMail, &entity)? {
        return Ok(false);
    }
    let text = format!(
        "{} writes beside its list of what it has (shown once; dismiss it if it says so each day): {}",
        list.vendor,
        cut(&one_line(&text), 800)
    );
    let about = Subject {
        message: Some(id),
        ..Subject::default()
    };
    tx.open_exception(Code::VendorMail, severity, &entity, about, &text)?;
    Ok(true)
}

/// The words that are the same each day: letters alone, without the names of days and months.
fn lasting(text: &str) -> String {
    const DATES: [&str; 19] = [
        "mon", "tue", "wed", "thu", "fri", "sat", "sun", "jan", "feb", "mar", "apr", "may", "jun",
        "jul", "aug", "sep", "oct", "nov", "dec",
    ];
    let words = text.split(|c: char| !c.is_alphabetic());
    let words = words.map(str::to_lowercase).filter(|word| {
        let is_date = DATES.iter().any(|date| word.starts_with(date)) && word.len() <= 9;
        !word.is_empty() && !is_date && !matches!(word.as_str(), "am" | "pm" | "est" | "utc")
    });
    words.collect::<Vec<_>>().join(" ")
}

fn known_by(words: &str) -> String {
    let digest = sha256(words.as_bytes());
    let bytes = digest.iter().take(8);
    bytes.map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::lasting;

    #[test]
    fn the_same_words_of_another_day_are_no_news_and_others_are() {
        let monday = lasting("Inventory as of Monday, June 2, 2025 06:00 AM: 412 items.");
        let friday = lasting("Inventory as of Friday, July 11, 2025 5:58 AM: 409 items.\n");
        assert_eq!(monday, friday);
        assert_ne!(
            monday,
            lasting("Inventory as of Friday: we close on Monday.")
        );
        assert_eq!(lasting(" 06/02/2025 \n"), "");
    }
}
