//! Addresses of carriers' tracking pages. Links go to customers: always https, always a page of the
//! registry, never an address from a mail or a file.

use super::Carrier;

/// The carrier's page for a number, the number percent-encoded (RFC 3986 section 2.1: everything
/// but unreserved characters). `None` when the carrier has no such page.
pub fn tracking_url(carrier: &Carrier, number: &str) -> Option<String> {
    Some(carrier.tracking?.replace("{}", &percent_encoded(number)))
}

fn percent_encoded(text: &str) -> String {
    text.bytes()
        .map(|byte| match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => {
                char::from(byte).to_string()
            }
            _ => format!("%{byte:02X}"),
        })
        .collect()
}
