//! Makes keys and sealed mails: for `poms init`, `poms demo`, tests and benches.

use chrono::{DateTime, Utc};
use lettre::message::header::{ContentTransferEncoding, ContentType};
use lettre::message::{Body, MultiPart, MultiPartKind, SinglePart};
use secrecy::{ExposeSecret, SecretString};
use sequoia_openpgp as pgp;
use std::io::Write;
use std::time::SystemTime;

use pgp::cert::prelude::*;
use pgp::crypto::Password;
use pgp::parse::Parse;
use pgp::policy::StandardPolicy;
use pgp::serialize::SerializeInto;
use pgp::serialize::stream::{Armorer, Encryptor, LiteralWriter, Message, Signer};
use pgp::types::{Features, KeyFlags};

/// The kind of a new key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyKind {
    /// Ed25519 and Cv25519: small and fast.
    Cv25519,
    /// RSA with 3072 bits: for correspondents with old software.
    Rsa3072,
}

/// A key pair: a primary key that signs and a subkey that encrypts.
#[derive(Clone)]
pub struct KeyPair(Cert);

impl std::fmt::Debug for KeyPair {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "KeyPair({})", self.fingerprint())
    }
}

impl KeyPair {
    /// A new key that does not expire, as if made at `created`. `user_id` is `Name <address>`.
    ///
    /// # Errors
    /// When OpenSSL cannot make it.
    pub fn generate(
        user_id: &str,
        kind: KeyKind,
        created: DateTime<Utc>,
    ) -> anyhow::Result<KeyPair> {
        let encryption = KeyFlags::empty()
            .set_transport_encryption()
            .set_storage_encryption();
        let (cert, _) = CertBuilder::new()
            .add_userid(user_id)
            // GnuPG 2.2 cannot read what keys with newer features are sent
            .set_features(Features::empty().set_seipdv1())?
            .set_creation_time(SystemTime::from(created))
            .set_cipher_suite(match kind {
                KeyKind::Cv25519 => CipherSuite::Cv25519,
                KeyKind::Rsa3072 => CipherSuite::RSA3k,
            })
            .set_primary_key_flags(KeyFlags::empty().set_certification().set_signing())
            .add_subkey(encryption, None, None)
            .generate()?;
        Ok(KeyPair(cert))
    }

    /// A key from its armoured or binary export, secret or public.
    ///
    /// # Errors
    /// When it is no key.
    pub fn read(bytes: &[u8]) -> anyhow::Result<KeyPair> {
        Ok(KeyPair(Cert::from_bytes(bytes)?))
    }

    /// The certificate's fingerprint in upper-case hexadecimal.
    pub fn fingerprint(&self) -> String {
        self.0.fingerprint().to_hex()
    }

    /// The unlocked key that signs.
    fn signing(&self, at: DateTime<Utc>) -> anyhow::Result<pgp::crypto::KeyPair> {
        let policy = StandardPolicy::at(at);
        let valid = self.0.with_policy(&policy, SystemTime::from(at))?;
        let mut keys = valid.keys().unencrypted_secret().alive().revoked(false);
        let key = keys.find(|key| key.for_signing());
        let name = self.fingerprint();
        let key = key.ok_or_else(|| anyhow::anyhow!("key {name} cannot sign"))?;
        key.key().clone().into_keypair()
    }

    /// The public half, armoured.
    ///
    /// # Errors
    /// When it cannot be written out.
    pub fn public_armoured(&self) -> anyhow::Result<Vec<u8>> {
        self.0.armored().to_vec()
    }

    /// The secret half, armoured, locked with the passphrase if there is one.
    ///
    /// # Errors
    /// When it is a public key only, or locked already.
    pub fn secret_armoured(&self, passphrase: Option<&SecretString>) -> anyhow::Result<Vec<u8>> {
        anyhow::ensure!(
            self.0.is_tsk(),
            "key {} has no secret half",
            self.fingerprint()
        );
        let Some(passphrase) = passphrase else {
            return self.0.as_tsk().armored().to_vec();
        };
        let password = Password::from(passphrase.expose_secret());
        let mut cert = self.0.clone();
        for ka in self.0.keys().secret() {
            let locked = ka.key().clone().encrypt_secret(&password)?;
            let packet: pgp::Packet = match ka.primary() {
                true => locked.role_into_primary().into(),
                false => locked.role_into_subordinate().into(),
            };
            cert = cert.insert_packets(packet)?.0;
        }
        cert.as_tsk().armored().to_vec()
    }
}

/// Signs, and leaves the content as it is; the result is the armoured signature alone.
///
/// # Errors
/// When the signer has no unlocked signing key at `at`.
pub fn sign(content: &[u8], signer: &KeyPair, at: DateTime<Utc>) -> anyhow::Result<Vec<u8>> {
    let mut signature = Vec::new();
    let message = Armorer::new(Message::new(&mut signature)).kind(pgp::armor::Kind::Signature);
    let signer = Signer::new(message.build()?, signer.signing(at)?)?;
    let mut message = signer
        .detached()
        .creation_time(SystemTime::from(at))
        .build()?;
    message.write_all(content)?;
    message.finalize()?;
    Ok(signature)
}

/// Signs, the content inside, and does not encrypt; the result is armoured.
///
/// # Errors
/// When the signer has no unlocked signing key at `at`.
pub fn sign_inside(content: &[u8], signer: &KeyPair, at: DateTime<Utc>) -> anyhow::Result<Vec<u8>> {
    let mut signed = Vec::new();
    let message = Armorer::new(Message::new(&mut signed)).build()?;
    let moment = SystemTime::from(at);
    let message = Signer::new(message, signer.signing(at)?)?
        .creation_time(moment)
        .build()?;
    let mut message = LiteralWriter::new(message).build()?;
    message.write_all(content)?;
    message.finalize()?;
    Ok(signed)
}

/// Signs and encrypts; the result is armoured.
///
/// # Errors
/// When the signer has no unlocked signing key or a recipient no encryption key at `at`.
pub fn seal(
    plaintext: &[u8],
    signer: &KeyPair,
    recipients: &[&KeyPair],
    at: DateTime<Utc>,
) -> anyhow::Result<Vec<u8>> {
    wrap(plaintext, Some(signer), recipients, at)
}

/// Encrypts and does not sign, as no web shop should; the result is armoured.
///
/// # Errors
/// When a recipient has no encryption key at `at`.
pub fn encrypt(
    plaintext: &[u8],
    recipients: &[&KeyPair],
    at: DateTime<Utc>,
) -> anyhow::Result<Vec<u8>> {
    wrap(plaintext, None, recipients, at)
}

/// Encrypts packets as they are, whatever they are; for tests of what is inside. The result is
/// armoured.
///
/// # Errors
/// As [`encrypt`].
pub fn encrypt_packets(
    packets: &[u8],
    recipients: &[&KeyPair],
    at: DateTime<Utc>,
) -> anyhow::Result<Vec<u8>> {
    encrypted(recipients, at, |mut message| {
        message.write_all(packets)?;
        message.finalize()
    })
}

fn wrap(
    plaintext: &[u8],
    signer: Option<&KeyPair>,
    recipients: &[&KeyPair],
    at: DateTime<Utc>,
) -> anyhow::Result<Vec<u8>> {
    encrypted(recipients, at, |mut message| {
        if let Some(signer) = signer {
            let pair = signer.signing(at)?;
            let moment = SystemTime::from(at);
            message = Signer::new(message, pair)?.creation_time(moment).build()?;
        }
        let mut message = LiteralWriter::new(message).build()?;
        message.write_all(plaintext)?;
        message.finalize()
    })
}

/// Encrypts what `fill` writes.
fn encrypted(
    recipients: &[&KeyPair],
    at: DateTime<Utc>,
    fill: impl FnOnce(Message<'_>) -> anyhow::Result<()>,
) -> anyhow::Result<Vec<u8>> {
    let policy = StandardPolicy::at(at);
    let mut keys = Vec::new();
    for recipient in recipients {
        let before = keys.len();
        let valid = recipient.0.with_policy(&policy, SystemTime::from(at))?;
        keys.extend(
            valid
                .keys()
                .alive()
                .revoked(false)
                .for_transport_encryption(),
        );
        let name = recipient.fingerprint();
        anyhow::ensure!(keys.len() > before, "key {name} cannot be encrypted to");
    }
    let mut sealed = Vec::new();
    let message = Armorer::new(Message::new(&mut sealed)).build()?;
    fill(Encryptor::for_recipients(message, keys).build()?)?;
    Ok(sealed)
}

/// A MIME entity of one JSON document, ready to be sealed.
pub fn json_entity(json: &str) -> Vec<u8> {
    let body = Body::new(json.to_string());
    SinglePart::builder()
        .header(
            ContentType::parse("application/json; charset=utf-8")
                .unwrap_or(ContentType::TEXT_PLAIN),
        )
        .body(body)
        .formatted()
}

/// The whole mail around a sealed message: PGP/MIME, RFC 3156, section 4.
///
/// # Errors
/// When an address or header cannot be one.
pub fn pgp_mime(
    from: &str,
    to: &str,
    subject: &str,
    date: DateTime<Utc>,
    message_id: &str,
    sealed: &[u8],
) -> anyhow::Result<Vec<u8>> {
    let part = |kind: &str, text: &[u8]| -> anyhow::Result<SinglePart> {
        let text = String::from_utf8(text.to_vec())?;
        let body = Body::new_with_encoding(text, ContentTransferEncoding::SevenBit);
        let body = body.map_err(|_| anyhow::anyhow!("the sealed message is not armoured"))?;
        Ok(SinglePart::builder()
            .header(ContentType::parse(kind)?)
            .body(body))
    };
    let encrypted = MultiPartKind::Encrypted {
        protocol: "application/pgp-encrypted".into(),
    };
    let parts = MultiPart::builder()
        .kind(encrypted)
        .boundary("=_poms-openpgp")
        .singlepart(part("application/pgp-encrypted", b"Version: 1\r\n")?)
        .singlepart(part(
            "application/octet-stream; name=\"encrypted.asc\"",
            sealed,
        )?);
    let mail = lettre::Message::builder()
        .from(from.parse()?)
        .to(to.parse()?)
        .subject(subject)
        .date(SystemTime::from(date))
        .message_id(Some(message_id.to_string()))
        .multipart(parts)?;
    Ok(mail.formatted())
}
