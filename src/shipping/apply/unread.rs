//! Files in a vendor's mail that nobody reads, beside words that act: named on the order, since what they
//! say may be more than the words do.

use super::files;
use crate::domain::enclosure;
use crate::domain::foreign::cut;
use crate::ledger::purchase_orders::PoRow;
use crate::ledger::{Result, Tx};
use crate::shipping::mail::{Attachment, VendorMail};
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

/// `image001.png`, as mail programs call the pictures of a signature.
fn is_logo(file: &Attachment) -> bool {
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
