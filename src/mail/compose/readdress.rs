//! A rendered mail for another address: everything stays as it is but the header `To:`.

use super::{LetterError, NamedAddress, mailbox, malformed};
use lettre::message::header::{Headers, To};
use lettre::message::{Mailbox, Mailboxes};

/// The mail with this one recipient in its `To:`.
///
/// # Errors
/// When the name or address cannot stand in a header, or the mail has no `To:`.
pub fn readdress(content: &[u8], to: &NamedAddress) -> Result<Vec<u8>, LetterError> {
    let to: Mailbox = mailbox("to", to)?;
    let mut headers = Headers::new();
    headers.set(To::from(Mailboxes::from(to)));
    let header = headers.to_string();
    let mut again = Vec::with_capacity(content.len() + header.len());
    let (mut inside, mut body, mut done) = (false, false, false);
    for line in content.split_inclusive(|byte| *byte == b'\n') {
        if body {
            again.extend_from_slice(line);
            continue;
        }
        body = line == b"\r\n";
        inside = inside && line.starts_with(b" ");
        if !done
            && line
                .get(..3)
                .is_some_and(|name| name.eq_ignore_ascii_case(b"to:"))
        {
            again.extend_from_slice(header.trim_end().as_bytes());
            again.extend_from_slice(b"\r\n");
            (inside, done) = (true, true);
        } else if !inside {
            again.extend_from_slice(line);
        }
    }
    match done {
        true => Ok(again),
        false => Err(malformed("letter", "has no To: that could be changed")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_recipient_changes() {
        let mail = "Subject: a\r\nTo: =?utf-8?b?QcOp?=\r\n =?utf-8?b?QcOp?= <old@mail.example>\r\nX: y\r\n z\r\n\r\nTo: body\r\n";
        let to = ("C\u{e9}sar B".to_owned(), "new@mail.example".to_owned());
        let again = readdress(mail.as_bytes(), &to).unwrap();
        let text = String::from_utf8(again).unwrap();
        assert!(text.starts_with("Subject: a\r\nTo: "), "{text}");
        assert!(
            text.contains("<new@mail.example>\r\nX: y\r\n z\r\n\r\nTo: body\r\n"),
            "{text}"
        );
        assert!(!text.contains("old@"), "{text}");
        for bad in ["x\r\nBcc: e@evil.example", "no address"] {
            assert!(readdress(mail.as_bytes(), &(String::new(), bad.to_owned())).is_err());
        }
        assert!(readdress(b"Subject: a\r\n\r\nTo: b\r\n", &to).is_err());
    }
}
