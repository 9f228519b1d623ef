//! The signatures of vendors: detached ones, over a part of a mail (RFC 3156, 5).

use super::framing;
use super::keys::{KeyError, certs};
use super::open::without_armour;
use super::signature::{self, Signed};
use crate::domain::codes::Code;
use crate::intake::{Refusal, guard};
use chrono::{DateTime, Utc};
use sequoia_openpgp as pgp;
use std::sync::Arc;
use std::time::SystemTime;

use pgp::armor;
use pgp::parse::Parse;
use pgp::parse::stream::{
    DetachedVerifierBuilder, MessageLayer, MessageStructure, VerificationHelper,
};
use pgp::policy::StandardPolicy;
use pgp::{Cert, KeyHandle};

/// Larger signatures are none.
const LONGEST: usize = 64 << 10;

/// The certificates of vendors. Cloning is cheap.
#[derive(Clone, Default)]
pub struct VendorKeys {
    certs: Arc<Vec<Cert>>,
    max_age_days: u32,
}

impl std::fmt::Debug for VendorKeys {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "VendorKeys({})", self.certs.len())
    }
}

impl VendorKeys {
    /// Reads the key files (name and bytes, armoured or binary). A signature counts for so many days.
    ///
    /// # Errors
    /// The first file that is no key.
    pub fn load(files: &[(&str, &[u8])], max_age_days: u32) -> Result<VendorKeys, KeyError> {
        let mut all = Vec::new();
        for (file, bytes) in files {
            let certs = certs(file, bytes)?.into_iter();
            all.extend(certs.map(Cert::strip_secret_key_material));
        }
        Ok(VendorKeys {
            certs: Arc::new(all),
            max_age_days,
        })
    }

    /// Fingerprints in upper-case hexadecimal.
    pub fn fingerprints(&self) -> Vec<String> {
        let certs = self.certs.iter();
        certs.map(|cert| cert.fingerprint().to_hex()).collect()
    }

    /// The certificate by which the content is signed, exactly once and in order, and when.
    ///
    /// # Errors
    /// Why the signature does not count.
    pub fn signer(
        &self,
        content: &[u8],
        signature: &[u8],
        received_at: DateTime<Utc>,
        now: DateTime<Utc>,
    ) -> Result<Signed, Refusal> {
        if self.certs.is_empty() {
            return Err(Refusal::new(
                Code::UntrustedSigner,
                "no vendor's key is known",
            ));
        }
        let times = signature::Times {
            received_at,
            now,
            max_age_days: self.max_age_days,
        };
        verify(&self.certs, content, signature, times)
    }
}

/// The one certificate of these by which the content is signed, and when.
///
/// # Errors
/// Why the signature does not count.
pub(super) fn verify(
    certs: &[Cert],
    content: &[u8],
    signature: &[u8],
    times: signature::Times,
) -> Result<Signed, Refusal> {
    let bad = || Refusal::new(Code::BadSignature, "the signature cannot be verified");
    if signature.len() > LONGEST {
        return Err(bad());
    }
    let signature = &*without_armour(signature, armor::Kind::Signature).map_err(|_| bad())?;
    if !framing::is_one_signature(signature) {
        return Err(signature::several());
    }
    let now = times.now;
    let policy = StandardPolicy::at(now);
    let mut outcome = None;
    let helper = Helper {
        certs,
        policy: &policy,
        times,
        outcome: &mut outcome,
    };
    let clock = SystemTime::from(now + signature::CLOCK_AHEAD);
    let verified = guard::catch(|| {
        DetachedVerifierBuilder::from_bytes(signature)?
            .with_policy(&policy, clock, helper)?
            .verify_bytes(content)
    });
    match (verified, outcome) {
        (Some(Ok(())), Some(Ok(Some(signed)))) => Ok(signed),
        (_, Some(Err(refusal))) => Err(refusal),
        _ => Err(bad()),
    }
}

struct Helper<'a> {
    certs: &'a [Cert],
    policy: &'a StandardPolicy<'a>,
    times: signature::Times,
    outcome: &'a mut Option<Result<Option<Signed>, Refusal>>,
}

impl VerificationHelper for Helper<'_> {
    fn get_certs(&mut self, ids: &[KeyHandle]) -> pgp::Result<Vec<Cert>> {
        let is_meant = |cert: &&Cert| {
            cert.keys()
                .any(|ka| ids.iter().any(|id| id.aliases(ka.key().key_handle())))
        };
        Ok(self.certs.iter().filter(is_meant).cloned().collect())
    }

    fn check(&mut self, structure: MessageStructure<'_>) -> pgp::Result<()> {
        let mut results = Vec::new();
        for layer in structure.iter() {
            if let MessageLayer::SignatureGroup { results: group } = layer {
                results.extend(group);
            }
        }
        let judged = signature::judge(&results, self.policy, &self.times);
        let fine = matches!(judged, Ok(Some(_)));
        *self.outcome = Some(judged);
        match fine {
            true => Ok(()),
            false => Err(pgp::anyhow::anyhow!("the signature does not count")),
        }
    }
}
