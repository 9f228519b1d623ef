//! What will soon need someone's hand about keys.

use super::*;

impl Keyring {
    /// The same warnings without unlocking a key.
    ///
    /// # Errors
    /// The first file that is no key.
    pub fn warnings_of(
        secret_key_files: &[(&str, &[u8])],
        signer_files: &[(&str, &[u8])],
        now: DateTime<Utc>,
    ) -> Result<Vec<String>, KeyError> {
        let mut keys = Keys {
            ours: Vec::new(),
            signers: Vec::new(),
            warnings: Vec::new(),
        };
        for (file, bytes) in secret_key_files {
            for cert in certs(file, bytes)? {
                keys.warn(file, &cert, now);
            }
        }
        for (file, bytes) in signer_files {
            for cert in certs(file, bytes)? {
                keys.warn(file, &cert, now);
                keys.warn_signer(file, &cert, now);
            }
        }
        Ok(keys.warnings)
    }

    /// Of each trusted signer's certificate why no signature of it can be believed now; `None` where
    /// one can.
    pub fn signers_now(&self, now: DateTime<Utc>) -> Vec<(String, Option<String>)> {
        let signers = self.0.signers.iter();
        signers
            .map(|cert| (cert.fingerprint().to_hex(), unbelieved(cert, now)))
            .collect()
    }

    /// When the keys of a file can no longer be used for what poms does with them, by fingerprint:
    /// the last end among those of a key's parts that do it. A key without an end is left out.
    pub fn ends_of(
        bytes: &[u8],
        decrypts: bool,
        now: DateTime<Utc>,
    ) -> Vec<(String, DateTime<Utc>)> {
        let policy = StandardPolicy::at(now);
        let end = |cert: &Cert| {
            let valid = cert
                .with_policy(&policy, std::time::SystemTime::from(now))
                .ok()?;
            let whole = valid.primary_key().key_expiration_time();
            let parts = valid.keys().filter(|part| match decrypts {
                true => part.for_transport_encryption() || part.for_storage_encryption(),
                false => part.for_signing(),
            });
            let mut last = None;
            for part in parts {
                let ends = [whole, part.key_expiration_time()]
                    .into_iter()
                    .flatten()
                    .min()?;
                last = last.max(Some(ends));
            }
            last.map(DateTime::<Utc>::from)
        };
        let all = certs("", bytes).unwrap_or_default();
        let named = |cert: &Cert| Some((cert.fingerprint().to_hex(), end(cert)?));
        all.iter().filter_map(named).collect()
    }
}

/// Says why no signature of a certificate can be believed at a moment: it is weak, bound by what is no
/// longer safe, revoked or expired, or has no part that signs.
fn unbelieved(cert: &Cert, now: DateTime<Utc>) -> Option<String> {
    let policy = StandardPolicy::at(now);
    let moment = std::time::SystemTime::from(now);
    let weak = weakness(cert.primary_key().key()).map(|why| format!("is {why}"));
    let valid = match cert.with_policy(&policy, moment) {
        Ok(valid) => valid,
        Err(fault) => {
            let said = fault.chain().map(ToString::to_string);
            let said = said.collect::<Vec<_>>().join(": ");
            return weak.or(Some(format!("cannot be used: {said}")));
        }
    };
    if let RevocationStatus::Revoked(_) = valid.revocation_status() {
        return Some("is revoked".to_owned());
    }
    if let Some(end) = valid.primary_key().key_expiration_time()
        && end <= moment
    {
        return Some(format!("expired on {}", date(end)));
    }
    let signing: Vec<_> = valid.keys().for_signing().collect();
    if signing.is_empty() {
        return Some("has no part that signs".to_owned());
    }
    let mut why = None;
    for part in signing {
        let name = part.key().fingerprint();
        let fault = if let Some(weak) = weakness(part.key()) {
            format!("is {weak}")
        } else if let RevocationStatus::Revoked(_) = part.revocation_status() {
            "is revoked".to_owned()
        } else if let Some(end) = part.key_expiration_time().filter(|end| *end <= moment) {
            format!("expired on {}", date(end))
        } else {
            return None;
        };
        why = Some(format!(
            "has no part whose signatures count: {name} {fault}"
        ));
    }
    weak.or(why)
}

impl Keys {
    pub(super) fn warn(&mut self, file: &str, cert: &Cert, now: DateTime<Utc>) {
        let policy = StandardPolicy::at(now);
        let name = cert.fingerprint().to_hex();
        let valid = match cert.with_policy(&policy, std::time::SystemTime::from(now)) {
            Ok(valid) => valid,
            Err(e) => {
                let why = weakness(cert.primary_key().key());
                let why = why.map_or_else(|| e.to_string(), |why| format!("it is {why}"));
                self.warnings
                    .push(format!("{file}: key {name} cannot be used: {why}"));
                return;
            }
        };
        if let RevocationStatus::Revoked(_) = valid.revocation_status() {
            self.warnings.push(format!("{file}: key {name} is revoked"));
        }
        let soon = now + TimeDelta::days(EXPIRY_WARNING_DAYS);
        for ka in valid.keys() {
            let Some(end) = ka.key_expiration_time().map(DateTime::<Utc>::from) else {
                continue;
            };
            if end <= soon {
                let tense = if end <= now { "expired" } else { "expires" };
                self.warnings.push(format!(
                    "{file}: key {} {tense} on {}; renew it and exchange the new public key",
                    ka.key().fingerprint(),
                    date(end)
                ));
            }
        }
    }

    pub(super) fn warn_signer(&mut self, file: &str, cert: &Cert, now: DateTime<Utc>) {
        if cert.is_tsk() {
            self.warnings.push(format!(
                "{file}: holds the secret key of a signer; keep only its public half here"
            ));
        }
        let policy = StandardPolicy::at(now);
        let signs = |ka: ValidErasedKeyAmalgamation<'_, PublicParts>| {
            ka.for_signing() && weakness(ka.key()).is_none()
        };
        if let Ok(valid) = cert.with_policy(&policy, std::time::SystemTime::from(now))
            && !valid.keys().any(signs)
        {
            self.warnings.push(format!(
                "{file}: key {} has no part that poms accepts signatures of",
                cert.fingerprint()
            ));
        }
    }
}
