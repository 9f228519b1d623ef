//! What a vendor encloses beside its words and is no table: texts and mails, read like the words below which they
//! stand, and the names of files that nobody reads. What is not understood of them stops the mail.

use super::{asked_lines, files, heard, quoted};
use crate::domain::foreign::cut;
use crate::domain::text::one_line;
use crate::ledger::purchase_orders::PoRow;
use crate::ledger::{Result, Tx};
use crate::shipping::mail::{Attachment, Forwarded, VendorMail};
use crate::vendor_docs::reply::plain::{self, KnownBeside, PaperName};
use crate::vendor_docs::reply::{self, AskedPo};
use crate::vendor_docs::text::{decode, html, quote};
use chrono::NaiveDate;

/// Longest text that is read of one, and longest that is shown, in characters.
const LONGEST: usize = 20_000;
const SHOWN: usize = 600;

/// Which attached mails are read as words: a carrier's notice may be what a table is.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Mails {
    /// All: nothing beside the mail's own words was taken.
    All,
    /// None: whoever takes tables reads them.
    Taken,
}

/// What a person is told of what is enclosed; `None` where all of it is understood and says nothing.
pub(super) fn doubt(
    tx: &Tx,
    mail: &VendorMail,
    po: Option<&PoRow>,
    mails: Mails,
    today: NaiveDate,
) -> Result<Option<String>> {
    let states = po.map(|po| tx.line_states(po.id)).transpose()?;
    let lines = po.map_or_else(Vec::new, |po| {
        asked_lines(po, states.as_deref().unwrap_or_default())
    });
    let asked = AskedPo {
        po_number: po.map_or("", |po| po.number.as_str()),
        lines: &lines,
        vendor: po.map(|po| po.vendor_name.as_str()),
    };
    for file in unread(mail, today) {
        let read = text_of(file).filter(|text| !repeats(mail, text));
        if let Some(text) = read.filter(|text| !says_nothing(text, asked, today)) {
            return Ok(Some(told(&file.name, &text)));
        }
    }
    if mails == Mails::All {
        for inner in &mail.forwarded {
            let text = text_in(inner);
            let ours = po.map(|po| quoted::is_sent(tx, po, &text)).transpose()?;
            let titled = plain::has_trouble(&inner.subject);
            if ours != Some(true) && (titled || !says_nothing(&text, asked, today)) {
                let name = format!("mail \"{}\"", inner.subject);
                return Ok(Some(told(&name, &text)));
            }
        }
    }
    let names = names(tx, po)?;
    let strange = unread(mail, today).find(|file| named(file, &names) == PaperName::Strange);
    Ok(strange.map(|file| {
        format!(
            "the attached file, which poms does not read, is called >>{}<<",
            cut(&one_line(&file.name), 120)
        )
    }))
}

/// Why the words of a mail do not act, in a sentence about what is enclosed.
pub(super) fn stops(mail: &VendorMail, po: Option<&PoRow>, doubt: &str) -> String {
    let own = reply::own_words(mail.text.as_deref(), mail.html.as_deref());
    format!(
        "{}, and nothing is taken from it, for {doubt}; its own words: {}",
        heard::who(po),
        one_line(&own)
    )
}

/// The first attached file that may say more than a courtesy beside it: neither an invoice nor an acknowledgement by
/// its name, nor a logo.
pub(super) fn unseen(
    tx: &Tx,
    mail: &VendorMail,
    po: &PoRow,
    today: NaiveDate,
) -> Result<Option<String>> {
    let names = names(tx, Some(po))?;
    let file = unread(mail, today)
        .filter(|file| text_of(file).is_none())
        .find(|file| named(file, &names) != PaperName::Usual);
    Ok(file.map(|file| one_line(&file.name)))
}

/// The files that are no tables, and no pictures of a signature.
fn unread(mail: &VendorMail, today: NaiveDate) -> impl Iterator<Item = &Attachment> {
    let files = mail.attachments.iter();
    files.filter(move |file| {
        !super::unread::is_logo(file) && files::in_mail(&file.name, &file.bytes, today).is_none()
    })
}

/// What the name of a file says. Pictures are called anything.
fn named(file: &Attachment, names: &[String]) -> PaperName {
    match (
        plain::paper_name(&file.name, names),
        file.mime.starts_with("image/"),
    ) {
        (PaperName::Strange, true) if !plain::has_trouble(&file.name) => PaperName::Plain,
        (named, _) => named,
    }
}

/// Names that names of files may have: the vendor's, the shop's, the customer's, the purchase order's number.
fn names(tx: &Tx, po: Option<&PoRow>) -> Result<Vec<String>> {
    let Some(po) = po else { return Ok(Vec::new()) };
    let order = tx.order(po.order_id)?.order;
    let shop = po.document["buyer"]["name"].as_str().unwrap_or_default();
    Ok(vec![
        po.vendor_name.clone(),
        shop.to_owned(),
        po.number.clone(),
        order.customer.name,
        order.ship_to.name,
    ])
}

/// The text of a file that is one; `None` of others.
fn text_of(file: &Attachment) -> Option<String> {
    let name = file.name.to_lowercase();
    let ends = |ends: &[&str]| ends.iter().any(|end| name.ends_with(end));
    let rich = file.mime.starts_with("text/html") || ends(&[".htm", ".html"]);
    let plain = file.mime.starts_with("text/plain") || ends(&[".txt", ".text", ".md", ".eml"]);
    if !rich && !plain || ends(&[".csv", ".tsv", ".vcf", ".ics", ".asc", ".sig"]) {
        return None;
    }
    let text = decode::text(&file.bytes).ok()?;
    Some(match rich {
        true => html::to_text(&text),
        false => text.into_owned(),
    })
}

fn text_in(mail: &Forwarded) -> String {
    let text = mail.text.clone().filter(|text| !text.trim().is_empty());
    let text = text.or_else(|| mail.html.as_deref().map(html::to_text));
    text.unwrap_or_default()
}

/// Whether a text is the mail's own once more, as some programs attach it.
fn repeats(mail: &VendorMail, text: &str) -> bool {
    let words = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    let own = [mail.text.clone(), mail.html.as_deref().map(html::to_text)];
    own.into_iter()
        .flatten()
        .any(|own| words(&own) == words(text))
}

/// Whether every sentence of a text is understood, and none says more than the words above it may: a courtesy, a
/// signature, a yes.
pub(super) fn says_nothing(text: &str, asked: AskedPo<'_>, today: NaiveDate) -> bool {
    if text.chars().count() > LONGEST {
        return false;
    }
    let parts = quote::parts(text);
    let own = parts.own();
    if parts.quoted {
        return false;
    }
    if own.trim().is_empty() || plain::only_signed(&own, asked.vendor) {
        return true;
    }
    let read = plain::read(&own, asked, today, &KnownBeside::default());
    let silent = [&read.strange, &read.never, &read.more];
    silent.iter().all(|said| said.is_empty()) && !read.left && read.leaves.is_empty()
}

fn told(name: &str, text: &str) -> String {
    format!(
        "in the attached {} stands >>{}<<",
        cut(&one_line(name), 120),
        cut(&one_line(text.trim()), SHOWN)
    )
}
