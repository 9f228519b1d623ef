//! The files in a mail, for a person to look at: all of them, those that poms reads as well.

use super::inbound::File;
use super::mime::{self, parts};
use super::{Refusal, guard};
use crate::domain::codes::Code;
use crate::domain::text::one_line;
use mail_parser::{Message, MessagePart, MimeHeaders, PartType};

/// Most files that are looked for.
const MOST: usize = 200;

/// Every file in a mail, in the order of its parts: whatever is not its own text. A mail in it is one
/// file, and what is in that follows it.
///
/// # Errors
/// When it is no mail, or too deep to be looked into.
pub fn files(raw: &[u8]) -> Result<Vec<File>, Refusal> {
    let mail = mime::parse(raw)?;
    let found = guard::catch(|| {
        let mut found = Vec::new();
        gather(&mail, &mut found);
        let inner = mail.attachments();
        for part in inner.filter_map(|part| whole_mail(&mail, part)) {
            if let Ok(inner) = mime::parse(&part) {
                gather(&inner, &mut found);
            }
        }
        found.truncate(MOST);
        found
    });
    found.ok_or_else(|| Refusal::new(Code::UnreadableMessage, "the mail parser gave up"))
}

/// A mail that is attached whole, decoded: stated as such, or a file with the name of one (RFC 2046,
/// 5.2.1).
pub(super) fn whole_mail(mail: &Message<'_>, part: &MessagePart<'_>) -> Option<Vec<u8>> {
    let is_mail = matches!(part.body, PartType::Message(_))
        || mime::file_name(part).ends_with(".eml")
        || parts::is_type(part, "message", "rfc822");
    is_mail.then(|| parts::content(mail, part).map(|bytes| bytes.into_owned()))?
}

fn gather(mail: &Message<'_>, found: &mut Vec<File>) {
    let files = mail.attachments().filter_map(|part| file(mail, part));
    found.extend(files);
}

/// A part as a file.
pub(super) fn file(mail: &Message<'_>, part: &MessagePart<'_>) -> Option<File> {
    let stated = part.content_type().map(|kind| {
        let sub = kind.subtype().unwrap_or("octet-stream");
        format!("{}/{sub}", kind.ctype()).to_ascii_lowercase()
    });
    let bytes = parts::content(mail, part)?.into_owned();
    Some(File {
        name: one_line(part.attachment_name().unwrap_or_default()),
        mime: one_line(&stated.unwrap_or_else(|| "text/plain".to_owned())),
        bytes,
    })
}
