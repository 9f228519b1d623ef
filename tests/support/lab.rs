//! A shop that receives, a trader that signs, both with keys of a real GnuPG.

use super::gpg::Gpg;
use chrono::{DateTime, Utc};
use poms::intake::Refusal;
use poms::intake::mime::{self, Content};
use poms::intake::openpgp::{Keyring, Opened, OpenpgpLimits};

pub const CLOCK: &str = "20250602T100000";
pub const ORDER: &[u8] = b"{\"order_number\": \"W200001\", \"comments\": \"canary-7f3a\"}";

pub fn now() -> DateTime<Utc> {
    "2025-06-02T10:05:00Z".parse().expect("a time")
}

/// A shop that receives and a web shop that signs.
pub struct Lab {
    /// Both secret keys.
    pub gpg: Gpg,
    /// The shop's key, with the trader trusted.
    pub ring: Keyring,
    /// The trader's fingerprint.
    pub trader: String,
}

pub fn lab(algorithm: &str) -> Lab {
    let gpg = Gpg::at(CLOCK);
    gpg.key("shop", algorithm, "never", "");
    let trader = gpg.key("trader", algorithm, "never", "");
    let ring = ring_of(&gpg, "shop", &["trader"]);
    Lab { gpg, ring, trader }
}

pub fn ring_of(gpg: &Gpg, shop: &str, signers: &[&str]) -> Keyring {
    let secret = gpg.secret(shop, "");
    let public: Vec<Vec<u8>> = signers.iter().map(|user| gpg.public(user)).collect();
    let public: Vec<(&str, &[u8])> = public
        .iter()
        .map(|key| ("signer", key.as_slice()))
        .collect();
    Keyring::load(&[("shop", &secret)], &public, &[], now()).expect("keys load")
}

/// Signed by the web shop and encrypted to the shop, with more of gpg's options.
pub fn seal(gpg: &Gpg, options: &[&str]) -> Vec<u8> {
    let usual = ["-u", "trader", "-r", "shop", "--sign", "--encrypt"];
    gpg.run(&[options, &usual[..]].concat(), ORDER)
}

pub fn open(ring: &Keyring, message: &[u8]) -> Result<Opened, Refusal> {
    ring.open(message, now(), now(), &OpenpgpLimits::default())
}

/// Refused with this code; the reason tells nothing of the plaintext, and it is not kept.
pub fn assert_refused(ring: &Keyring, message: &[u8], code: &str) -> String {
    let refusal = open(ring, message).expect_err("must be refused");
    assert_eq!(refusal.code.as_str(), code, "{}", refusal.reason);
    assert!(
        !format!("{refusal} {refusal:?}").contains("canary"),
        "{refusal:?}"
    );
    let reason = refusal.reason.clone();
    assert!(
        refusal.into_unsigned().is_none(),
        "{code} keeps no plaintext"
    );
    reason
}

pub fn mail_with(headers: &str, body: &[u8]) -> Vec<u8> {
    let start = format!("From: a@b.example\r\nTo: c@d.example\r\nSubject: order\r\n{headers}\r\n");
    [start.as_bytes(), body].concat()
}

pub fn sealed_in(mail: &[u8]) -> Vec<u8> {
    match mime::find(mail, &Default::default()) {
        Ok(Content::Pgp(sealed)) => sealed,
        other => panic!("no sealed message: {other:?}"),
    }
}

pub fn base64(bytes: &[u8]) -> String {
    let text = openssl::base64::encode_block(bytes);
    let lines: Vec<&str> = (0..text.len())
        .step_by(76)
        .map(|i| &text[i..(i + 76).min(text.len())])
        .collect();
    lines.join("\r\n")
}
