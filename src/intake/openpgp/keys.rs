//! Our secret keys and the list of trusted signers, loaded and unlocked once a run.

mod warnings;

use super::{Opened, OpenpgpLimits, date, document, open, rsa, x25519};
use crate::intake::Refusal;
use chrono::{DateTime, TimeDelta, Utc};
use openssl::pkey::{PKey, Private};
use openssl::rsa::Rsa;
use secrecy::{ExposeSecret, SecretString};
use sequoia_openpgp as pgp;
use std::sync::Arc;

use pgp::cert::amalgamation::ValidateAmalgamation;
use pgp::cert::prelude::*;
use pgp::crypto::{KeyPair, Password, mpi};
use pgp::packet::Key;
use pgp::packet::key::{PublicParts, SecretKeyMaterial, SecretParts, UnspecifiedRole};
use pgp::parse::Parse;
use pgp::policy::StandardPolicy;
use pgp::types::{Curve, PublicKeyAlgorithm, RevocationStatus};

/// The smallest RSA key that counts, in bits.
pub(super) const RSA_BITS: usize = 2048;
/// A key that expires sooner is warned of.
const EXPIRY_WARNING_DAYS: i64 = 30;

/// A key file that cannot be used.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error("{file}: {problem}; {remedy}")]
pub struct KeyError {
    /// The file as the configuration names it.
    pub file: String,
    /// What is wrong with it.
    pub problem: String,
    /// What to do.
    pub remedy: String,
}

/// Our secret keys and the trusted signers. Cloning is cheap, and threads may share it.
#[derive(Clone)]
pub struct Keyring(pub(super) Arc<Keys>);

pub(super) struct Keys {
    pub ours: Vec<OurKey>,
    pub signers: Vec<Cert>,
    warnings: Vec<String>,
}

/// One key of ours that can decrypt.
pub(super) struct OurKey {
    pub public: Key<PublicParts, UnspecifiedRole>,
    /// The certificate it belongs to, without secrets.
    pub cert: Cert,
    pub secret: Secret,
}

pub(super) enum Secret {
    Rsa(Rsa<Private>),
    X25519(PKey<Private>),
    Other(Box<KeyPair>),
}

impl std::fmt::Debug for Keyring {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(
            f,
            "Keyring({} keys, {} signers)",
            self.0.ours.len(),
            self.0.signers.len()
        )
    }
}

impl Keyring {
    /// Reads the key files (name and bytes, armoured or binary), unlocks the secret keys with
    /// whichever passphrase fits (0.2 s for each locked key), and lists what will soon expire in
    /// [`Keyring::warnings`]. An expired or revoked key is a warning: messages for or by it say so.
    ///
    /// # Errors
    /// The first file that is no key of the kind it should be, or cannot be unlocked.
    pub fn load(
        secret_key_files: &[(&str, &[u8])],
        signer_files: &[(&str, &[u8])],
        passphrases: &[SecretString],
        now: DateTime<Utc>,
    ) -> Result<Keyring, KeyError> {
        let mut keys = Keys {
            ours: Vec::new(),
            signers: Vec::new(),
            warnings: Vec::new(),
        };
        for (file, bytes) in secret_key_files {
            for cert in certs(file, bytes)? {
                keys.warn(file, &cert, now);
                keys.add_ours(file, cert, passphrases, now)?;
            }
        }
        for (file, bytes) in signer_files {
            for cert in certs(file, bytes)? {
                keys.warn(file, &cert, now);
                keys.warn_signer(file, &cert, now);
                keys.signers.push(cert.strip_secret_key_material());
            }
        }
        Ok(Keyring(Arc::new(keys)))
    }

    /// One sentence for each key that is expired, revoked, not usable or expires within 30 days.
    pub fn warnings(&self) -> &[String] {
        &self.0.warnings
    }

    /// Fingerprints of the trusted signers' certificates.
    pub fn trusted_signers(&self) -> Vec<String> {
        self.0
            .signers
            .iter()
            .map(|c| c.fingerprint().to_hex())
            .collect()
    }

    /// Fingerprints of our certificates that can decrypt, each once.
    pub fn our_keys(&self) -> Vec<String> {
        let mut ours: Vec<String> = self
            .0
            .ours
            .iter()
            .map(|k| k.cert.fingerprint().to_hex())
            .collect();
        ours.dedup();
        ours
    }

    /// Opens a message, armoured or binary. `received_at` is when the mail arrived here, `now` is
    /// when it is looked at.
    ///
    /// # Errors
    /// A [`Refusal`] with its code; only `unsigned` still carries the plaintext.
    pub fn open(
        &self,
        ciphertext: &[u8],
        received_at: DateTime<Utc>,
        now: DateTime<Utc>,
        limits: &OpenpgpLimits,
    ) -> Result<Opened, Refusal> {
        open::open(&self.0, ciphertext, (received_at, now), limits)
    }

    /// Opens a document that came by itself, as a file: encrypted and signed like a mail, or signed alone.
    /// `received_at` and `now` as for [`Keyring::open`].
    ///
    /// # Errors
    /// A [`Refusal`] with its code: above all when nobody signed it whom this site trusts.
    pub fn open_document(
        &self,
        document: &[u8],
        received_at: DateTime<Utc>,
        now: DateTime<Utc>,
        limits: &OpenpgpLimits,
    ) -> Result<Opened, Refusal> {
        document::open(self, document, (received_at, now), limits)
    }
}

fn error(file: &str, problem: impl Into<String>, remedy: &str) -> KeyError {
    KeyError {
        file: file.to_string(),
        problem: problem.into(),
        remedy: remedy.to_string(),
    }
}

/// Every certificate in a file.
pub(super) fn certs(file: &str, bytes: &[u8]) -> Result<Vec<Cert>, KeyError> {
    let no_key = |problem: String| {
        error(
            file,
            problem,
            "export the key again with `gpg --armor --export` (or --export-secret-keys)",
        )
    };
    let certs: Vec<Cert> = CertParser::from_bytes(bytes)
        .and_then(|parser| parser.collect())
        .map_err(|e| no_key(format!("not an OpenPGP key ({e})")))?;
    if certs.is_empty() {
        return Err(no_key("holds no OpenPGP key".into()));
    }
    Ok(certs)
}

impl Keys {
    fn add_ours(
        &mut self,
        file: &str,
        cert: Cert,
        passphrases: &[SecretString],
        now: DateTime<Utc>,
    ) -> Result<(), KeyError> {
        if !cert.is_tsk() {
            let problem = format!("key {} is only the public half", cert.fingerprint());
            return Err(error(
                file,
                problem,
                "export it with `gpg --armor --export-secret-keys`",
            ));
        }
        let policy = StandardPolicy::at(now);
        let mut usable = 0;
        for ka in cert.keys().secret() {
            let flags = ka
                .clone()
                .with_policy(&policy, std::time::SystemTime::from(now))
                .ok()
                .and_then(|valid| {
                    valid.key_flags().map(|flags| {
                        flags.for_transport_encryption() || flags.for_storage_encryption()
                    })
                });
            if !ka.key().pk_algo().for_encryption()
                || flags == Some(false)
                || is_elsewhere(ka.key())
            {
                continue;
            }
            let secret = unlock(file, ka.key(), passphrases)?;
            self.ours.push(OurKey {
                public: ka.key().clone().take_secret().0.role_into_unspecified(),
                cert: cert.clone().strip_secret_key_material(),
                secret,
            });
            usable += 1;
        }
        if usable == 0 {
            let problem = format!(
                "key {} has no secret part that can decrypt",
                cert.fingerprint()
            );
            return Err(error(
                file,
                problem,
                "export the whole secret key, its encryption subkey included",
            ));
        }
        Ok(())
    }
}

/// Says why a key does not count: RSA below 2048 bits, DSA and Elgamal of any length (FIPS 186-5), a
/// foreign curve.
pub(super) fn weakness<R: pgp::packet::key::KeyRole>(
    key: &Key<PublicParts, R>,
) -> Option<&'static str> {
    let few_bits = || key.mpis().bits().is_none_or(|bits| bits < RSA_BITS);
    match key.pk_algo() {
        kind if is_rsa(kind) => few_bits().then_some("RSA with less than 2048 bits"),
        kind if is_of_old(kind) => {
            Some("DSA or Elgamal: poms accepts RSA from 2048 bits and elliptic curves")
        }
        _ => match key.mpis() {
            mpi::PublicKey::ECDSA { curve, .. }
            | mpi::PublicKey::EdDSA { curve, .. }
            | mpi::PublicKey::ECDH { curve, .. }
                if matches!(curve, Curve::Unknown(_)) =>
            {
                Some("of an elliptic curve that poms does not know")
            }
            _ => None,
        },
    }
}

#[allow(deprecated)]
fn is_of_old(algorithm: PublicKeyAlgorithm) -> bool {
    use PublicKeyAlgorithm::{DSA, ElGamalEncrypt, ElGamalEncryptSign};
    matches!(algorithm, DSA | ElGamalEncrypt | ElGamalEncryptSign)
}

#[allow(deprecated)]
fn is_rsa(algorithm: PublicKeyAlgorithm) -> bool {
    matches!(
        algorithm,
        PublicKeyAlgorithm::RSAEncryptSign
            | PublicKeyAlgorithm::RSAEncrypt
            | PublicKeyAlgorithm::RSASign
    )
}

/// GnuPG's mark for a secret that is on a smart card or was taken away.
fn is_elsewhere<R: pgp::packet::key::KeyRole>(key: &Key<SecretParts, R>) -> bool {
    match key.secret() {
        SecretKeyMaterial::Encrypted(secret) => !secret.s2k().is_supported(),
        SecretKeyMaterial::Unencrypted(_) => false,
    }
}

/// Kinds of keys that could not decrypt anything, or should not.
fn refuse_unusable(file: &str, key: &Key<SecretParts, UnspecifiedRole>) -> Result<(), KeyError> {
    let name = key.fingerprint();
    if let Some(weakness) = weakness(key.parts_as_public()) {
        let problem = format!("key {name} is {weakness}");
        return Err(error(
            file,
            problem,
            "make a new key and send the shop its public half",
        ));
    }
    if !key.pk_algo().is_supported() {
        let problem = format!(
            "key {name} is of the kind {}, which is not supported",
            key.pk_algo()
        );
        return Err(error(
            file,
            problem,
            "make a new key and send the shop its public half",
        ));
    }
    Ok(())
}

fn unlock<R: pgp::packet::key::KeyRole>(
    file: &str,
    key: &Key<SecretParts, R>,
    passphrases: &[SecretString],
) -> Result<Secret, KeyError> {
    let name = key.fingerprint();
    let key = key.clone().role_into_unspecified();
    refuse_unusable(file, &key)?;
    let open = if key.has_unencrypted_secret() {
        Some(key)
    } else {
        passphrases.iter().find_map(|passphrase| {
            key.clone()
                .decrypt_secret(&Password::from(passphrase.expose_secret()))
                .ok()
        })
    };
    let Some(open) = open else {
        let problem = match passphrases.len() {
            0 => format!("key {name} is protected by a passphrase and none is given"),
            n => format!("key {name} is protected by a passphrase and none of the {n} given fits"),
        };
        return Err(error(
            file,
            problem,
            "set openpgp.passphrase_file to a file that holds it",
        ));
    };
    let refused = |e: pgp::anyhow::Error| {
        error(
            file,
            format!("key {name} cannot be used: {e}"),
            "export it again",
        )
    };
    let SecretKeyMaterial::Unencrypted(secret) = open.secret() else {
        return Err(error(
            file,
            format!("key {name} stays locked"),
            "export it again",
        ));
    };
    let public = open.mpis();
    let known = secret.map(|mpis| {
        let rsa = rsa::private_key(public, mpis).map(|key| key.map(Secret::Rsa));
        rsa.or_else(|| x25519::private_key(public, mpis).map(|key| key.map(Secret::X25519)))
    });
    match known {
        Some(key) => key.map_err(refused),
        None => open
            .into_keypair()
            .map(Box::new)
            .map(Secret::Other)
            .map_err(refused),
    }
}
