//! Read receipts (RFC 8098): what became of a mail on its reader's side, and which mail that was.

use crate::intake::head;
use crate::intake::mime::parts;
use mail_parser::Message;

/// The fields of the part that a machine reads.
fn fields(mail: &Message<'_>) -> Option<Vec<head::HeaderField>> {
    let is_it = |part: &&mail_parser::MessagePart<'_>| {
        parts::is_type(part, "message", "disposition-notification")
    };
    let part = mail.parts.iter().find(is_it)?;
    Some(head::fields(&parts::content(mail, part)?))
}

/// What it says, in a few words.
pub(super) fn what(mail: &Message<'_>) -> &'static str {
    let fields = fields(mail).unwrap_or_default();
    let said = head::first(&fields, "disposition").unwrap_or_default();
    let said = said.to_ascii_lowercase();
    let kind = said.rsplit(';').next().unwrap_or_default();
    let kind = kind.split('/').next().unwrap_or_default().trim().to_owned();
    match kind.as_str() {
        "displayed" => "read receipt (displayed)",
        "deleted" => "notice that our mail was deleted, perhaps unread,",
        "denied" | "failed" => "read receipt (denied)",
        _ => "read receipt",
    }
}

/// The Message-ID of the mail that it is about, with its brackets (RFC 8098, 3.2.5).
pub fn original(mail: &Message<'_>) -> Option<String> {
    let fields = fields(mail)?;
    let value = head::first(&fields, "original-message-id")?;
    head::message_ids(value).into_iter().next()
}
