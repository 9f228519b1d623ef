//! What of a message SMTP can carry, and the lines and bytes that carry it.

use super::super::channel::{DeliveryOutcome, OutgoingMessage};
use super::session::Offers;

/// RFC 5321, 4.5.3.1.8: a server need not take more.
const MOST_RECIPIENTS: usize = 100;

/// Finds what no server should be asked to take.
pub(super) fn check(message: &OutgoingMessage) -> Result<(), DeliveryOutcome> {
    if message.to.is_empty() {
        return Err(DeliveryOutcome::refused("the document has no recipient"));
    }
    if message.to.len() > MOST_RECIPIENTS {
        return Err(DeliveryOutcome::refused(format!(
            "the document has {} recipients; at most {MOST_RECIPIENTS} can be sent at once",
            message.to.len()
        )));
    }
    if !message.from.is_empty() && !is_address(&message.from) {
        return Err(DeliveryOutcome::refused(format!(
            "the sender '{}' is not an e-mail address",
            message.from
        )));
    }
    if let Some(wrong) = message.to.iter().find(|address| !is_address(address)) {
        return Err(DeliveryOutcome::refused(format!(
            "the recipient '{wrong}' is not an e-mail address"
        )));
    }
    match fault(&message.content) {
        Some(fault) => Err(DeliveryOutcome::refused(fault)),
        None => Ok(()),
    }
}

/// lettre's grammar, and nothing that could end the command or begin another.
fn is_address(text: &str) -> bool {
    text.len() <= 254
        && !text
            .chars()
            .any(|c| c.is_control() || c.is_whitespace() || matches!(c, '<' | '>'))
        && text.parse::<lettre::Address>().is_ok()
}

/// Bare CR, LF and NUL are forbidden (RFC 5321, 2.3.8, 4.5.2), and what servers make of them is how
/// a second message is smuggled behind the first.
fn fault(content: &[u8]) -> Option<String> {
    if content.is_empty() {
        return Some("the document is empty".to_owned());
    }
    for at in memchr::memchr3_iter(b'\n', b'\r', 0, content) {
        let before = at.checked_sub(1).map(|before| content[before]);
        let what = match content[at] {
            b'\n' if before != Some(b'\r') => "a line feed without a carriage return",
            b'\r' if content.get(at + 1) != Some(&b'\n') => "a carriage return without a line feed",
            0 => "a NUL",
            _ => continue,
        };
        return Some(format!(
            "the document has {what} at byte {at}: mail cannot carry it"
        ));
    }
    None
}

/// MAIL, one RCPT for each recipient, DATA; each with its CRLF.
pub(super) fn commands(
    message: &OutgoingMessage,
    offers: &Offers,
) -> Result<Vec<String>, DeliveryOutcome> {
    let mut mail = format!("MAIL FROM:<{}>", message.from);
    if offers.size {
        mail.push_str(&format!(" SIZE={}", message.content.len()));
    }
    if let Some(envelope_id) = envelope_id(&message.reference).filter(|_| offers.dsn) {
        // a report then names the mail even if it gives nothing of it back (RFC 3461, 4.3, 4.4)
        mail.push_str(&format!(" RET=HDRS ENVID={envelope_id}"));
    }
    if !message.content.is_ascii() {
        if !offers.eight_bit {
            return Err(DeliveryOutcome::refused(
                "the document has 8-bit characters and the server does not offer 8BITMIME",
            ));
        }
        mail.push_str(" BODY=8BITMIME");
    }
    if !message.from.is_ascii() || !message.to.iter().all(|address| address.is_ascii()) {
        if !offers.utf8 {
            return Err(DeliveryOutcome::refused(
                "an address has letters beyond ASCII and the server does not offer SMTPUTF8",
            ));
        }
        mail.push_str(" SMTPUTF8");
    }
    let mut lines = vec![mail + "\r\n"];
    lines.extend(message.to.iter().map(|to| format!("RCPT TO:<{to}>\r\n")));
    lines.push("DATA\r\n".to_owned());
    Ok(lines)
}

/// The reference without its brackets as xtext (RFC 3461, 4); `None` when it is too long for it.
fn envelope_id(reference: &str) -> Option<String> {
    let mut text = String::new();
    for byte in reference.trim_matches(['<', '>']).bytes() {
        match byte {
            b'!'..=b'~' if !b"+=".contains(&byte) => text.push(char::from(byte)),
            _ => text.push_str(&format!("+{byte:02X}")),
        }
    }
    (!text.is_empty() && text.len() <= 100).then_some(text)
}

/// The body as it goes over the wire: dots doubled at the start of lines (RFC 5321, 4.5.2) and the
/// final dot, all in one piece so that one write sends it.
pub(super) fn body(content: &[u8]) -> Vec<u8> {
    let mut wire = Vec::with_capacity(content.len() + content.len() / 50 + 5);
    if content.starts_with(b".") {
        wire.push(b'.');
    }
    let mut copied = 0;
    for at in memchr::memmem::find_iter(content, b"\n.") {
        wire.extend_from_slice(&content[copied..=at]);
        wire.push(b'.');
        copied = at + 1;
    }
    wire.extend_from_slice(&content[copied..]);
    if !wire.ends_with(b"\r\n") {
        wire.extend_from_slice(b"\r\n");
    }
    wire.extend_from_slice(b".\r\n");
    wire
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// RFC 5321, 4.5.2, the receiver's side; `None` when the body does not end with its only end.
    fn received(wire: &[u8]) -> Option<Vec<u8>> {
        let text = wire.strip_suffix(b".\r\n")?;
        let mut content = Vec::new();
        for line in text.split_inclusive(|byte| *byte == b'\n') {
            if line == b".\r\n" {
                return None;
            }
            content.extend_from_slice(line.strip_prefix(b".").unwrap_or(line));
        }
        Some(content)
    }

    proptest! {
        #[test]
        fn what_is_sent_is_what_is_received(lines in prop::collection::vec("[.a\t ]{0,4}", 1..8)) {
            let content = lines.join("\r\n") + "\r\n";
            prop_assert_eq!(fault(content.as_bytes()), None);
            prop_assert_eq!(received(&body(content.as_bytes())), Some(content.into_bytes()));
        }

        #[test]
        fn an_address_is_one_word_or_refused(text: String) {
            if is_address(&text) {
                prop_assert!(!text.contains(['\r', '\n', ' ', '<', '>', '\0']));
            }
        }
    }

    #[test]
    fn what_could_smuggle_is_refused() {
        for bad in ["a\n.\nb\r\n", "a\r.\r\n", "a\r\r\n", "a\0\r\n", "", "a\r"] {
            assert!(fault(bad.as_bytes()).is_some(), "{bad:?}");
        }
        for bad in [
            "a@b>\r\nRCPT TO:<c@d",
            "a b@c",
            "<a@b>",
            "a",
            "\"a\nb\"@c.example",
            "",
        ] {
            assert!(!is_address(bad), "{bad:?}");
        }
        assert!(is_address("o'neil+po.1=x@vendor.example"));
    }
}
