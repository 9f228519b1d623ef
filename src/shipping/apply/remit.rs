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
use std::collections::HashSet;

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
    let rich = mail.html.as_deref();
    let texts = [
        mail.text.clone(),
        rich.map(html::to_text),
        rich.map(html::everything),
    ];
    let ours = po.map_or_else(String::new, |po| words(&po.document.to_string()));
    let texts = texts.into_iter().flatten();
    let said = texts.flat_map(|text| remit::in_quote(&quote::quoted(&plain(&text))));
    once(said.filter(|one| !ours.contains(&one.key)))
}

/// Each passage once.
fn once(all: impl IntoIterator<Item = Passage>) -> Vec<Passage> {
    let mut seen = HashSet::new();
    let all = all.into_iter();
    all.filter(|one| seen.insert(one.key.clone())).collect()
}

/// The text without signs that no reader sees, which part words: soft hyphens, joiners, blanks of no width.
fn plain(text: &str) -> String {
    let seen = |c: &char| !matches!(c, '\u{ad}' | '\u{34f}' | '\u{200b}'..='\u{200f}' | '\u{2060}'..='\u{2064}' | '\u{feff}');
    text.chars().filter(seen).collect()
}

/// The passages of HTML: those that its reader sees, and then what else is written in it. `part` takes of a
/// text what is looked at.
fn in_html(rich: &str, part: fn(&str) -> String) -> Vec<Passage> {
    let of = |text: &str| remit::passages(&part(&plain(text)));
    let shown = html::to_text(rich);
    let seen = of(&shown).into_iter();
    let told = html::alternatives(rich);
    let told = told.iter().flat_map(|told| of(told));
    // nobody has a footer that cannot be seen
    let hidden = of(&unseen(&shown, rich)).into_iter().map(|one| Passage {
        footer: false,
        ..one
    });
    once(seen.chain(told).chain(hidden))
}

/// The lines of HTML that its reader does not see.
fn unseen(shown: &str, rich: &str) -> String {
    let bare = |line: &str| words(&plain(line));
    let seen: HashSet<String> = shown.lines().map(bare).collect();
    let all = html::everything(rich);
    let all = all.lines().filter(|line| !seen.contains(&bare(line)));
    all.collect::<Vec<_>>().join("\n")
}

/// Its letters and digits in small letters, as passages have them.
fn words(text: &str) -> String {
    let words = text.split(|c: char| !c.is_alphanumeric());
    let words: Vec<&str> = words.filter(|word| !word.is_empty()).collect();
    words.join(" ").to_lowercase()
}

fn passages(mail: &VendorMail, today: NaiveDate) -> Vec<Passage> {
    let own = mail.text.as_deref().map(plain);
    let mut all = own.map_or_else(Vec::new, |text| remit::passages(&quote::unquoted(&text)));
    let rich = mail.html.as_deref();
    all.extend(rich.map_or_else(Vec::new, |rich| in_html(rich, quote::unquoted)));
    all.extend(remit::in_subject(&mail.subject));
    let inner = mail.forwarded.iter();
    // what carriers write of payment is of their own charges
    let inner = inner.filter(|inner| advice::carrier_of(&inner.from).is_none());
    for inner in inner {
        all.extend(remit::in_subject(&inner.subject));
        let (text, rich) = (inner.text.as_deref(), inner.html.as_deref());
        all.extend(text.map_or_else(Vec::new, |text| remit::passages(&plain(text))));
        all.extend(rich.map_or_else(Vec::new, |rich| in_html(rich, str::to_owned)));
    }
    for file in &mail.attachments {
        all.extend(remit::in_name(&file.name));
        all.extend(attached(file, today));
    }
    once(all)
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
        (_, true) => in_html(&text, str::to_owned),
        _ => remit::passages(&text),
    }
}
