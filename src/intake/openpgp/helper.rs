//! What sequoia asks while it takes a message apart: is this packet allowed, which key opens it,
//! whose certificate, is the structure acceptable.

use super::OpenpgpLimits;
use super::keys::{Keys, OurKey, Secret};
use super::reader::Deadline;
use super::rsa::CrtDecryptor;
use super::signature::{self, Signed};
use super::x25519::X25519Decryptor;
use crate::domain::codes::Code;
use crate::intake::Refusal;
use chrono::{DateTime, Utc};
use sequoia_openpgp as pgp;

use pgp::crypto::mpi::Ciphertext;
use pgp::crypto::{KeyPair, SessionKey};
use pgp::packet::{PKESK, SKESK};
use pgp::parse::PacketParser;
use pgp::parse::stream::{DecryptionHelper, MessageLayer, MessageStructure, VerificationHelper};
use pgp::types::{HashAlgorithm, SymmetricAlgorithm};
use pgp::{Cert, KeyHandle, Packet};

/// Recipients that a message may name: each hidden one costs a private-key operation a key.
pub(super) const MAX_RECIPIENTS: usize = 100;

/// The questions' context and what came out of the answers.
pub struct Helper<'a> {
    pub keys: &'a Keys,
    pub policy: &'a pgp::policy::StandardPolicy<'a>,
    pub limits: &'a OpenpgpLimits,
    pub deadline: &'a Deadline,
    pub received_at: DateTime<Utc>,
    pub now: DateTime<Utc>,
    /// Whether it need not be encrypted: a file, which only its signature has to prove.
    pub in_the_clear: bool,
    pub outcome: &'a mut OpenpgpOutcome,
}

/// What is known of a message so far.
#[derive(Default)]
pub struct OpenpgpOutcome {
    /// Set when the message is refused; sequoia's own error is then of no interest.
    pub refusal: Option<Refusal>,
    /// The certificate of ours that opened it.
    pub encrypted_to: Option<String>,
    /// Set when the structure was checked; `Some(None)` when nobody signed.
    pub signed: Option<Option<Signed>>,
    compressed: bool,
    one_pass: bool,
    signature: bool,
}

impl Helper<'_> {
    fn refuse<T>(&mut self, refusal: Refusal) -> pgp::Result<T> {
        let error = pgp::anyhow::anyhow!("{}", refusal.code);
        self.outcome.refusal = Some(refusal);
        Err(error)
    }

    fn look(&mut self, packet: &Packet, depth: isize) -> Result<(), Refusal> {
        if self.deadline.is_over() {
            return Err(out_of_time(self.limits));
        }
        if depth > self.limits.nesting as isize {
            return Err(Refusal::new(
                Code::TooLarge,
                format!("packets nest deeper than {} levels", self.limits.nesting),
            ));
        }
        match packet {
            Packet::CompressedData(_) if std::mem::replace(&mut self.outcome.compressed, true) => {
                return Err(Refusal::new(
                    Code::TooLarge,
                    "it is compressed more than once",
                ));
            }
            Packet::CompressedData(packet) if !packet.algo().is_supported() => {
                return Err(Refusal::new(
                    Code::UnreadableMessage,
                    format!(
                        "compressed with {}; poms reads ZIP, ZLIB and BZip2",
                        packet.algo()
                    ),
                ));
            }
            // each would be a digest of its own over the whole content: a thousand of them make a
            // small mail the work of minutes
            Packet::OnePassSig(_) if std::mem::replace(&mut self.outcome.one_pass, true) => {
                return Err(signature::several());
            }
            Packet::Signature(_) if std::mem::replace(&mut self.outcome.signature, true) => {
                return Err(signature::several());
            }
            Packet::OnePassSig(ops) => check_hash(ops.hash_algo())?,
            Packet::Signature(sig) => check_hash(sig.hash_algo())?,
            _ => {}
        }
        Ok(())
    }

    fn unlock(
        &self,
        pkesks: &[PKESK],
        hint: Option<SymmetricAlgorithm>,
        decrypt: &mut dyn FnMut(Option<SymmetricAlgorithm>, &SessionKey) -> bool,
    ) -> Result<Cert, Refusal> {
        let mut ours_named = false;
        let mut refused = None;
        let hidden = |pkesk: &&PKESK| is_hidden(pkesk);
        let named = pkesks.iter().filter(|pkesk| !is_hidden(pkesk));
        for pkesk in named
            .chain(pkesks.iter().filter(hidden))
            .take(MAX_RECIPIENTS)
        {
            for ours in self.keys.candidates(pkesk) {
                if self.deadline.is_over() {
                    return Err(out_of_time(self.limits));
                }
                ours_named |= !is_hidden(pkesk);
                if !is_canonical(pkesk) {
                    continue;
                }
                let Some((algorithm, session_key)) = session_key(ours, pkesk, hint) else {
                    continue;
                };
                let other = algorithm.or(hint).filter(|a| !is_read(*a));
                if decrypt(algorithm, &session_key) && other.is_none() {
                    return Ok(ours.cert.clone());
                }
                if !is_hidden(pkesk) {
                    refused = refused.or(other);
                }
            }
        }
        Err(match (refused, ours_named) {
            (Some(algorithm), _) => other_cipher(algorithm),
            (None, true) => Refusal::new(
                Code::UnreadableMessage,
                "encrypted to our key, but its session key is damaged",
            ),
            (None, false) => Refusal::new(Code::NotForUs, for_others(self.keys, pkesks)),
        })
    }
}

impl Keys {
    /// Keys worth trying for a recipient: the one that it names, or all when it is hidden.
    pub(super) fn candidates(&self, pkesk: &PKESK) -> impl Iterator<Item = &OurKey> {
        let (kind, recipient) = (pkesk.pk_algo(), pkesk.recipient());
        self.ours
            .iter()
            .filter(move |ours| ours.public.pk_algo() == kind)
            .filter(move |ours| match &recipient {
                None => true,
                Some(KeyHandle::KeyID(id)) if id.is_wildcard() => true,
                Some(handle) => handle.aliases(ours.public.key_handle()),
            })
    }
}

pub(super) fn session_key(
    ours: &OurKey,
    pkesk: &PKESK,
    hint: Option<SymmetricAlgorithm>,
) -> Option<(Option<SymmetricAlgorithm>, SessionKey)> {
    match &ours.secret {
        Secret::Rsa(private) => {
            let mut decryptor = CrtDecryptor {
                public: &ours.public,
                private,
            };
            pkesk.decrypt(&mut decryptor, hint)
        }
        Secret::X25519(private) => {
            let mut decryptor = X25519Decryptor {
                public: &ours.public,
                private,
            };
            pkesk.decrypt(&mut decryptor, hint)
        }
        Secret::Other(pair) => pkesk.decrypt(&mut KeyPair::clone(pair), hint),
    }
}

/// X25519 ignores the top bit of a point (RFC 7748, section 5), so that it could be flipped on the
/// way; no sender sets it.
fn is_canonical(pkesk: &PKESK) -> bool {
    const TOP_BIT: u8 = 0x80;
    let point = match pkesk.esk() {
        Ciphertext::ECDH { e, .. } => match e.value() {
            [0x40, point @ ..] if point.len() == 32 => point,
            _ => return true,
        },
        Ciphertext::X25519 { e, .. } => &e[..],
        _ => return true,
    };
    point.last().is_none_or(|last| last & TOP_BIT == 0)
}

pub(super) fn is_hidden(pkesk: &PKESK) -> bool {
    match pkesk.recipient() {
        None => true,
        Some(KeyHandle::KeyID(id)) => id.is_wildcard(),
        Some(KeyHandle::Fingerprint(_)) => false,
    }
}

pub(super) fn for_others(keys: &Keys, pkesks: &[PKESK]) -> String {
    const SHOWN: usize = 5;
    if pkesks.is_empty() {
        return "encrypted with a passphrase, not to a key".into();
    }
    let mut recipients: Vec<String> = pkesks
        .iter()
        .take(SHOWN)
        .map(|pkesk| match pkesk.recipient() {
            Some(handle) if !is_hidden(pkesk) => format!("{handle:X}"),
            _ => "a hidden recipient".into(),
        })
        .collect();
    if pkesks.len() > SHOWN {
        recipients.push(format!("{} more", pkesks.len() - SHOWN));
    }
    let mut ours: Vec<String> = keys
        .ours
        .iter()
        .map(|k| k.public.keyid().to_hex())
        .collect();
    ours.dedup();
    format!(
        "encrypted to {}, none of which is a key of ours ({})",
        recipients.join(", "),
        ours.join(", ")
    )
}

/// Ciphers that count; all others are broken, of 64-bit blocks, or not in our OpenSSL.
fn is_read(algorithm: SymmetricAlgorithm) -> bool {
    use SymmetricAlgorithm::{AES128, AES192, AES256};
    matches!(algorithm, AES128 | AES192 | AES256)
}

/// Why a message in such a cipher is not read: Camellia and Twofish are no weaker than AES.
fn other_cipher(algorithm: SymmetricAlgorithm) -> Refusal {
    use SymmetricAlgorithm::{Camellia128, Camellia192, Camellia256, Twofish};
    let code = match algorithm {
        Camellia128 | Camellia192 | Camellia256 | Twofish => Code::UnreadableMessage,
        _ => Code::WeakCrypto,
    };
    Refusal::new(
        code,
        format!("encrypted with {algorithm}; poms accepts AES, which every OpenPGP program has"),
    )
}

fn check_hash(algorithm: HashAlgorithm) -> Result<(), Refusal> {
    use HashAlgorithm::{SHA3_256, SHA3_512, SHA224, SHA256, SHA384, SHA512};
    match algorithm {
        SHA224 | SHA256 | SHA384 | SHA512 | SHA3_256 | SHA3_512 => Ok(()),
        weak => Err(Refusal::new(
            Code::WeakCrypto,
            format!("signed with the digest {weak}; poms accepts SHA-2 and SHA-3"),
        )),
    }
}

pub(super) fn out_of_time(limits: &OpenpgpLimits) -> Refusal {
    Refusal::late(format!(
        "decrypting took longer than {} seconds",
        limits.time.as_secs_f32()
    ))
}

pub(super) fn not_encrypted() -> Refusal {
    Refusal::new(
        Code::NotForUs,
        "signed but not encrypted: poms opens only what is encrypted to its key",
    )
}

impl VerificationHelper for Helper<'_> {
    fn inspect(&mut self, parser: &PacketParser<'_>) -> pgp::Result<()> {
        match self.look(&parser.packet, parser.recursion_depth()) {
            Ok(()) => Ok(()),
            Err(refusal) => self.refuse(refusal),
        }
    }

    fn get_certs(&mut self, ids: &[KeyHandle]) -> pgp::Result<Vec<Cert>> {
        let is_meant = |cert: &&Cert| {
            cert.keys()
                .any(|ka| ids.iter().any(|id| id.aliases(ka.key().key_handle())))
        };
        Ok(self.keys.signers.iter().filter(is_meant).cloned().collect())
    }

    fn check(&mut self, structure: MessageStructure<'_>) -> pgp::Result<()> {
        let mut layers = structure.iter().peekable();
        match layers.peek() {
            Some(MessageLayer::Encryption { .. }) => drop(layers.next()),
            _ if self.in_the_clear => {}
            _ => return self.refuse(not_encrypted()),
        }
        let mut results = Vec::new();
        for layer in layers {
            match layer {
                MessageLayer::Compression { .. } => {}
                MessageLayer::SignatureGroup { results: group } => results.extend(group),
                MessageLayer::Encryption { .. } => {
                    let twice = Refusal::new(Code::MixedContent, "encrypted twice");
                    return self.refuse(twice);
                }
            }
        }
        let times = signature::Times {
            received_at: self.received_at,
            now: self.now,
            max_age_days: self.limits.max_signature_age_days,
        };
        match signature::judge(&results, self.policy, &times) {
            Ok(signed) => {
                self.outcome.signed = Some(signed);
                Ok(())
            }
            Err(refusal) => self.refuse(refusal),
        }
    }
}

impl DecryptionHelper for Helper<'_> {
    fn decrypt(
        &mut self,
        pkesks: &[PKESK],
        _skesks: &[SKESK],
        hint: Option<SymmetricAlgorithm>,
        decrypt: &mut dyn FnMut(Option<SymmetricAlgorithm>, &SessionKey) -> bool,
    ) -> pgp::Result<Option<Cert>> {
        if self.outcome.encrypted_to.is_some() {
            return self.refuse(Refusal::new(Code::MixedContent, "encrypted twice"));
        }
        match self.unlock(pkesks, hint, decrypt) {
            Ok(cert) => {
                self.outcome.encrypted_to = Some(cert.fingerprint().to_hex());
                Ok(Some(cert))
            }
            Err(refusal) => self.refuse(refusal),
        }
    }
}
