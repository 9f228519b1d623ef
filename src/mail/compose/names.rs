//! Display names that must be quoted.

use lettre::message::Mailbox;

/// Mailboxes with their names quoted, where one has a dot and no blank: lettre leaves such a name as it
/// is, and an atom has no dots (`J. <j@mail.example>`; RFC 5322, 3.2.3). `None` where lettre does well.
pub(super) fn quoted(list: &[&Mailbox]) -> Option<String> {
    let name = |one: &&Mailbox| one.name.clone().unwrap_or_default();
    let plain = |text: &String| {
        let printable = |b| matches!(b, b' '..=b'~') && !b"\"\\".contains(&b);
        // what looks like an encoded word (RFC 2047) is lettre's to encode
        text.bytes().all(printable) && !text.contains("=?")
    };
    let bare = |text: &String| text.contains('.') && !text.contains(' ');
    let names: Vec<String> = list.iter().map(name).collect();
    if !names.iter().any(bare) || !names.iter().all(plain) {
        return None;
    }
    let one = |(one, name): (&&Mailbox, &String)| match name.is_empty() {
        true => one.email.to_string(),
        false => format!("\"{name}\" <{}>", one.email),
    };
    let all: Vec<String> = list.iter().zip(&names).map(one).collect();
    Some(all.join(", "))
}
