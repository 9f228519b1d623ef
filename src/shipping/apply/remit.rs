//! What a vendor's mail says of where money goes, in all that its sender wrote: subject, text,
//! signature, footers, pictures' texts, quotes, attached text, names of files, and mails that it passes on.

use super::{RuleSettings, files, subject};
use crate::domain::remit::{self, Passage};
use crate::ledger::exceptions::Subject;
use crate::ledger::purchase_orders::PoRow;
use crate::ledger::remits::RemitPaper;
use crate::ledger::{Result, Tx};
use crate::shipping::mail::{Attachment, VendorMail};
use crate::vendor_docs::advice;
use crate::vendor_docs::text::{decode, html, quote};
use chrono::NaiveDate;

/// Longest attached text that is read, in bytes.
const LONGEST: usize = 1 << 20;

/// Puts it before a person, unless it is the footer that the vendor has below every mail.
pub(super) fn look(
    tx: &Tx,
    settings: &RuleSettings,
    mail: &VendorMail,
    vendor: Option<&str>,
    po: Option<&PoRow>,
    today: NaiveDate,
) -> Result<()> {
    let about = match po {
        Some(po) => subject(po, Some(mail.message_id)),
        None => Subject {
            message: Some(mail.message_id),
            ..Subject::default()
        },
    };
    let who = match po {
        Some(po) => format!("{} writes", po.vendor_name),
        None => format!("{} writes", crate::domain::foreign::cut(&mail.from, 80)),
    };
    let entity = format!("message:{}", mail.message_id);
    let paper = RemitPaper {
        vendor,
        severity: settings.severity(remit::CODE),
        entity: &entity,
        about,
        who: &who,
    };
    let mut found = passages(mail, today);
    found.extend(quoted(mail, po));
    tx.tell_remits(&paper, &found)?;
    Ok(())
}

/// The text of a vendor's mail without the footer that stood in its papers before: it is neither an answer
/// nor in the way of one.
pub(super) fn without_footers(tx: &Tx, vendor: Option<&str>, text: &str) -> Result<String> {
    remit::without_footers(text, |key| match vendor {
        Some(vendor) => tx.remit_stands(vendor, key),
        None => Ok(false),
    })
}

/// What stands below as if it had been written before, and is not on our purchase order.
fn quoted(mail: &VendorMail, po: Option<&PoRow>) -> Vec<Passage> {
    let rich = mail.html.as_deref().map(html::to_text);
    let texts = [mail.text.clone(), rich];
    let texts = texts.into_iter().flatten();
    let said = texts.flat_map(|text| remit::in_quote(&quote::quoted(&text)));
    let ours = po.map_or_else(String::new, |po| words(&po.document.to_string()));
    said.filter(|one| !ours.contains(&one.key)).collect()
}

/// Its letters and digits in small letters, as passages have them.
fn words(text: &str) -> String {
    let words = text.split(|c: char| !c.is_alphanumeric());
    let words: Vec<&str> = words.filter(|word| !word.is_empty()).collect();
    words.join(" ").to_lowercase()
}

fn passages(mail: &VendorMail, today: NaiveDate) -> Vec<Passage> {
    let rich = mail.html.as_deref().map(html::to_text);
    let own = [mail.text.clone(), rich];
    let own = own.into_iter().flatten();
    let mut all: Vec<Passage> = own
        .flat_map(|text| remit::passages(&quote::unquoted(&text)))
        .collect();
    all.extend(remit::in_subject(&mail.subject));
    let told = mail.html.as_deref().map(html::alternatives);
    let told = told.into_iter().flatten();
    all.extend(told.flat_map(|told| remit::passages(&told)));
    let inner = mail.forwarded.iter();
    // what carriers write of payment is of their own charges
    let inner = inner.filter(|inner| advice::carrier_of(&inner.from).is_none());
    for inner in inner {
        let rich = inner.html.as_deref().map(html::to_text);
        let texts = [inner.text.clone(), rich];
        all.extend(remit::in_subject(&inner.subject));
        let found = texts.into_iter().flatten();
        all.extend(found.flat_map(|text| remit::passages(&text)));
    }
    for file in &mail.attachments {
        all.extend(remit::in_name(&file.name));
        all.extend(attached(file, today));
    }
    all
}

fn attached(file: &Attachment, today: NaiveDate) -> Vec<Passage> {
    let name = file.name.to_ascii_lowercase();
    let text = file.mime.starts_with("text/")
        || [".csv", ".txt", ".tsv", ".htm", ".html"]
            .iter()
            .any(|end| name.ends_with(end));
    let (true, true) = (text, file.bytes.len() <= LONGEST) else {
        return Vec::new();
    };
    let Ok(text) = decode::text(&file.bytes) else {
        return Vec::new();
    };
    let table = files::in_mail(&file.name, &file.bytes, today).is_some() || name.ends_with("csv");
    match (table, file.mime == "text/html" || name.contains(".htm")) {
        (true, _) => remit::in_cells(&text),
        (_, true) => remit::passages(&html::to_text(&text)),
        _ => remit::passages(&text),
    }
}
