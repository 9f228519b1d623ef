//! The vendor whose domain signed a mail.

use super::Unproved;
use crate::domain::mail_domain::{self, aligned, domain_of};
use crate::domain::vendor::Vendor;
use crate::intake::dkim::{Cover, Signed};
use crate::intake::inbound::Inbound;
use serde_json::{Map, Value};

/// The vendor on whose behalf a domain signed, and the signature. It counts for the exact address on
/// file; for any address of a domain only where the vendor's row says that the whole domain is the
/// vendor's. A sub-domain is another domain.
///
/// # Errors
/// Why no vendor is proved.
pub(super) fn signed_by<'m>(
    vendors: &[(Vendor, Map<String, Value>)],
    mail: &'m Inbound,
) -> Result<(String, &'m Signed), Unproved> {
    let not = Unproved;
    let Some(from) = &mail.from else {
        return Err(not("From: does not hold exactly one plain address".into()));
    };
    let theirs = domain_of(from);
    let signers = mail.dkim.iter();
    let signers: Vec<&Signed> = signers
        .filter(|signed| aligned(&signed.domain, &theirs))
        .collect();
    let Some(first) = signers.first() else {
        let all = mail.dkim.iter().map(|signed| signed.domain.as_str());
        let all: Vec<&str> = all.collect();
        return Err(not(format!(
            "signed by {}, which is not the domain of From: ({theirs})",
            all.join(", ")
        )));
    };
    let sound = signers.iter().filter(|signed| signed.covers("from"));
    let sound: Vec<&&Signed> = sound.collect();
    if sound.is_empty() {
        return Err(not(match first.cover {
            Cover::Nothing(why) => why.to_owned(),
            _ => "its DKIM signature does not cover From:".to_owned(),
        }));
    }
    let mut found: Vec<(&Vendor, &Signed)> = Vec::new();
    for (vendor, extra) in vendors {
        let own = domain_of(&vendor.email);
        let whole = mail_domain::of_row(extra, &vendor.email);
        let same = vendor.email.trim().eq_ignore_ascii_case(from);
        let by = sound.iter().find(|signed| {
            let whole_signs = whole.contains(&signed.domain);
            match same {
                true => signed.domain == own || whole_signs,
                false => whole.contains(&theirs) && whole_signs,
            }
        });
        if let Some(by) = by {
            if same {
                return Ok((vendor.id.clone(), by));
            }
            found.push((vendor, by));
        }
    }
    match found.as_slice() {
        [(vendor, by)] => Ok((vendor.id.clone(), by)),
        [] => Err(not(nobody(vendors, from, first))),
        several => Err(not(format!(
            "{} vendors on file have the domain {theirs}, and none this address",
            several.len()
        ))),
    }
}

/// Why a domain's signature is no vendor's, and what would make it one.
fn nobody(vendors: &[(Vendor, Map<String, Value>)], from: &str, signed: &Signed) -> String {
    let near = vendors.iter().find(|(vendor, _)| {
        let own = domain_of(&vendor.email);
        !own.is_empty() && aligned(&own, &signed.domain)
    });
    match near {
        Some((vendor, _)) => format!(
            "it is from {from}, and the address of vendor {} on file is {}: a domain's signature counts for that very \
             address alone, unless mail_domain in the vendor's row says that the domain {} is wholly the vendor's",
            vendor.id,
            vendor.email.trim(),
            signed.domain
        ),
        None => format!(
            "signed by {}, which is no vendor's domain on file",
            signed.domain
        ),
    }
}
