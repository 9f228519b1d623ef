//! Files in a vendor's mail that nobody reads, beside words that act: named on the order, since what they
//! say may be more than the words do.

use super::files;
use crate::domain::enclosure;
use crate::domain::foreign::cut;
use crate::domain::text::one_line;
use crate::ledger::purchase_orders::PoRow;
use crate::ledger::{Result, Tx};
use crate::shipping::mail::{Attachment, VendorMail};
use crate::vendor_docs::advice::{AdviceField, field_of};
use crate::vendor_docs::text::decode;
use chrono::NaiveDate;

/// Largest picture that may be a logo in a signature, in bytes.
const LOGO: usize = 40_000;

/// Notes them with the order.
pub(super) fn note(tx: &Tx, mail: &VendorMail, po: &PoRow, today: NaiveDate) -> Result<()> {
    let unread = |file: &&Attachment| {
        !is_logo(file) && files::in_mail(&file.name, &file.bytes, today).is_none()
    };
    let files = mail.attachments.iter().filter(unread);
    let files = files.map(|file| (&*file.name, &*file.mime, file.bytes.len()));
    let Some(files) = enclosure::sentence(files) else {
        return Ok(());
    };
    let text = format!(
        "{} wrote about {} with what poms did not read attached: {files} (`poms message show {}`)",
        po.vendor_name, po.number, mail.message_id
    );
    tx.note_order(&tx.order(po.order_id)?, &cut(&text, 1_500))
}

/// Rows among which the headings of a table are looked for.
const HEADED: usize = 10;

/// The attached tables that are none of shipments or answers, with what they lack; `None` where none is.
pub(super) fn tables(mail: &VendorMail, today: NaiveDate) -> Option<String> {
    let told = mail.attachments.iter().filter_map(|file| {
        let name = file.name.to_lowercase();
        let table = [".csv", ".tsv", ".txt", ".xlsx", ".ods"].iter().any(|end| name.ends_with(end));
        if !table || files::in_mail(&file.name, &file.bytes, today).is_some() {
            return None;
        }
        // prose has commas, too
        let headings = headings(&decode::text(&file.bytes).ok()?, !name.ends_with(".txt"))?;
        Some(format!(
            "the table {} is not read: among its headings ({}) is neither a status (accepted, backordered, rejected …) \
             nor a tracking number, nor a carrier or ship date with how many pieces left",
            cut(&one_line(&file.name), 80),
            cut(&one_line(&headings), 300)
        ))
    });
    let told: Vec<String> = told.take(2).collect();
    (!told.is_empty()).then(|| told.join("; "))
}

/// The first row with an order or article and more; `any` says that one with other headings counts as well.
fn headings(text: &str, any: bool) -> Option<String> {
    let named = |known: bool| headed(text, known);
    named(true).or_else(|| named(false).filter(|_| any))
}

fn headed(text: &str, by_name: bool) -> Option<String> {
    text.lines().take(HEADED).find_map(|line| {
        [',', '\t', ';', '|'].into_iter().find_map(|comma| {
            let cells: Vec<&str> = line
                .split(comma)
                .map(|cell| cell.trim_matches(['"', ' ']))
                .collect();
            let known = |cell: &&&str| {
                let of = field_of(cell).map(|(field, _)| field);
                matches!(
                    of,
                    Some(AdviceField::Po | AdviceField::Order | AdviceField::Sku)
                )
            };
            let table = cells.len() > 2 && (!by_name || cells.iter().any(|cell| known(&cell)));
            table.then(|| cells.join(", "))
        })
    })
}

/// `image001.png`, as mail programs call the pictures of a signature.
pub(super) fn is_logo(file: &Attachment) -> bool {
    let name = file.name.to_lowercase();
    let numbered = name.strip_prefix("image").is_some_and(|rest| {
        let (number, end) = rest.split_once('.').unwrap_or((rest, ""));
        !number.is_empty()
            && number.bytes().all(|b| b.is_ascii_digit())
            && ["png", "jpg", "jpeg", "gif"].contains(&end)
    });
    let small = file.mime.starts_with("image/") && file.bytes.len() <= LOGO;
    small && (numbered || name.contains("logo"))
}
