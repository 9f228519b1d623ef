//! What proves that a mail is a vendor's: the address that only the vendor knows, the vendor's own
//! OpenPGP key, or our own mail server's word that the vendor's domain signed it. Never From, To or
//! the words.

use crate::domain::token::{Kind, Named, TokenKeys};
use crate::domain::vendor::Vendor;
use crate::intake::authentication::{aligned, open_to_all};
use crate::intake::inbound::{Inbound, Marks};
use crate::ledger::purchase_orders::PoRow;
use crate::ledger::questions::QuestionRow;
use crate::ledger::returns::ReturnRow;
use crate::ledger::{LedgerError, Tx};
use crate::notices::returns::Party;
use crate::shipping::mail::Trust;

/// A sender that is proved.
pub struct Proved {
    /// By what.
    pub trust: Trust,
    /// Whose mail it is.
    pub vendor: Option<String>,
    /// The purchase order that it counts for.
    pub po: Option<PoRow>,
}

/// Whose mail it is, or a sentence why that is not proved.
pub type Judged = Result<Proved, String>;

/// Whose mail it is, or a sentence why that is not proved.
///
/// # Errors
/// The ledger's.
pub fn judge(tx: &Tx, marks: &Marks, mail: &Inbound) -> Result<Judged, LedgerError> {
    if let Some(po) = addressed(tx, &marks.tokens, mail)? {
        return Ok(Ok(Proved {
            trust: Trust::Token { po: po.id },
            vendor: Some(po.vendor_id.clone()),
            po: Some(po),
        }));
    }
    if let Some(fingerprint) = &mail.signed_by {
        return signed(tx, mail, fingerprint);
    }
    if let Some(chase) = super::asked::addressed(tx, &marks.tokens, mail)? {
        let vendor = chase.vendor_id;
        return Ok(Ok(Proved {
            trust: Trust::Asked {
                vendor: vendor.clone(),
            },
            vendor: Some(vendor),
            po: None,
        }));
    }
    if mail.dkim.is_empty() {
        return Ok(Err(unproved(marks, mail)));
    }
    let vendors = tx.vendors()?;
    let vendors: Vec<&Vendor> = vendors.iter().map(|(vendor, _)| vendor).collect();
    match signed_by(&vendors, mail) {
        Ok((vendor, domain)) => {
            let po = meant(tx, mail)?.filter(|po| po.vendor_id == vendor);
            Ok(Ok(Proved {
                trust: Trust::Dkim {
                    vendor: vendor.clone(),
                    domain,
                },
                vendor: Some(vendor),
                po,
            }))
        }
        Err(why) => Ok(Err(why)),
    }
}

/// A mail that a vendor's key signed. Its subject and what it answers are not signed: the purchase
/// order is the one that the signed words name, if they name one.
fn signed(tx: &Tx, mail: &Inbound, fingerprint: &str) -> Result<Judged, LedgerError> {
    let theirs = |extra: &serde_json::Map<String, serde_json::Value>| {
        let value = extra.get("openpgp_fingerprint").and_then(|v| v.as_str());
        value.is_some_and(|value| {
            let bare: String = value.split_whitespace().collect();
            bare.eq_ignore_ascii_case(fingerprint)
        })
    };
    let vendors = tx.vendors()?;
    let mut found = vendors.iter().filter(|(_, extra)| theirs(extra));
    let (Some((vendor, _)), None) = (found.next(), found.next()) else {
        return Ok(Err(format!(
            "its sender is not proved: signed by the key {fingerprint}, which is not the openpgp_fingerprint of exactly \
             one vendor on file"
        )));
    };
    let po = named_in(tx, mail.text.as_deref().unwrap_or_default())?;
    Ok(Ok(Proved {
        trust: Trust::VendorKey {
            vendor: vendor.id.clone(),
        },
        vendor: Some(vendor.id.clone()),
        po: po.filter(|po| po.vendor_id == vendor.id),
    }))
}

fn unproved(marks: &Marks, mail: &Inbound) -> String {
    let server = match &marks.authserv_id {
        Some(_) => "our mail server saw no valid signature of its domain",
        None => "intake.authserv_id is not set, so no signature of its domain is believed",
    };
    let address = match mail.tokens.is_empty() {
        true => "it was not sent to the address of a purchase order",
        false => "the purchase order to whose address it was sent is not ours any more",
    };
    format!("its sender is not proved: {address}, and {server}")
}

/// The purchase order to whose own address the mail was sent.
///
/// # Errors
/// The ledger's.
pub fn addressed(
    tx: &Tx,
    tokens: &TokenKeys,
    mail: &Inbound,
) -> Result<Option<PoRow>, LedgerError> {
    let Some(token) = mail.token(Kind::PurchaseOrder) else {
        return Ok(None);
    };
    let po = tx.po_if_any(token.id)?;
    Ok(po.filter(|po| {
        let named = Named::PurchaseOrder {
            id: po.id,
            number: &po.number,
            vendor: &po.vendor_id,
        };
        tokens.fits(token, &named)
    }))
}

/// The return to whose address the mail was sent, and who was told that address.
///
/// # Errors
/// The ledger's.
pub fn about_return(
    tx: &Tx,
    tokens: &TokenKeys,
    mail: &Inbound,
) -> Result<Option<(ReturnRow, Party)>, LedgerError> {
    let Some(token) = mail.token(Kind::Return) else {
        return Ok(None);
    };
    let Some(row) = tx.return_if_any(token.id)? else {
        return Ok(None);
    };
    let mut parties = Party::ALL.into_iter();
    let party = parties.find(|party| tokens.fits(token, &party.named(&row)));
    Ok(party.map(|party| (row, party)))
}

/// The question to whose address the mail was sent.
///
/// # Errors
/// The ledger's.
pub fn about_question(
    tx: &Tx,
    tokens: &TokenKeys,
    mail: &Inbound,
) -> Result<Option<QuestionRow>, LedgerError> {
    let Some(token) = mail.token(Kind::Question) else {
        return Ok(None);
    };
    let Some(row) = tx.question_if_any(token.id)? else {
        return Ok(None);
    };
    let order = tx.order(row.order_id)?.reference();
    let named = Named::Question {
        id: row.id,
        order: &order,
    };
    Ok(Some(row).filter(|_| tokens.fits(token, &named)))
}

/// The vendor on whose behalf a domain signed that fits both the address on file and `From:`. At a
/// mail service for everybody, and where several vendors share a domain, the whole address must.
fn signed_by(vendors: &[&Vendor], mail: &Inbound) -> Result<(String, String), String> {
    let Some(from) = &mail.from else {
        return Err(
            "its sender is not proved: From: does not hold exactly one plain address".into(),
        );
    };
    let domain_of = |address: &str| {
        let parts = address.rsplit_once('@');
        parts.map_or_else(String::new, |(_, domain)| domain.to_ascii_lowercase())
    };
    let theirs = domain_of(from);
    let signers = mail.dkim.iter().filter(|signer| aligned(signer, &theirs));
    let signers: Vec<&String> = signers.collect();
    if signers.is_empty() {
        let all = mail.dkim.join(", ");
        return Err(format!(
            "its sender is not proved: signed by {all}, which is not the domain of From: ({theirs})"
        ));
    }
    let same = |vendor: &Vendor| vendor.email.trim().eq_ignore_ascii_case(from);
    let related = |vendor: &&&Vendor| {
        let domain = domain_of(vendor.email.trim());
        aligned(&domain, &theirs)
            && signers.iter().any(|signer| aligned(signer, &domain))
            && (!open_to_all(&domain) || same(vendor))
    };
    let found: Vec<&&Vendor> = vendors.iter().filter(related).collect();
    let exact = found.iter().find(|vendor| same(vendor));
    match (exact, found.as_slice()) {
        (Some(vendor), _) => Ok((vendor.id.clone(), signers[0].clone())),
        (None, [vendor]) => Ok((vendor.id.clone(), signers[0].clone())),
        (None, []) => Err(format!(
            "its sender is not proved: signed by {}, which is no vendor's domain on file",
            signers[0]
        )),
        (None, several) => Err(format!(
            "its sender is not proved: {} vendors on file have the domain {theirs}, and none this address",
            several.len()
        )),
    }
}

/// The purchase order that the mail answers, that its subject names, or its words.
fn meant(tx: &Tx, mail: &Inbound) -> Result<Option<PoRow>, LedgerError> {
    for reference in &mail.answers {
        if let Some(row) = tx.delivery_by_reference(reference)?
            && let Some(id) = row.po_id
        {
            return tx.po_if_any(id);
        }
    }
    if let Some(po) = named_in_subject(tx, mail)? {
        return Ok(Some(po));
    }
    named_in(tx, &mail.words())
}

/// The one purchase order whose number is a word of the subject; none when there are several.
///
/// # Errors
/// The ledger's.
pub fn named_in_subject(tx: &Tx, mail: &Inbound) -> Result<Option<PoRow>, LedgerError> {
    named_in(tx, &mail.subject)
}

fn named_in(tx: &Tx, text: &str) -> Result<Option<PoRow>, LedgerError> {
    let mut found: Option<PoRow> = None;
    for word in text.split_whitespace().take(1000) {
        let word = word.trim_matches(|c: char| !c.is_ascii_alphanumeric());
        if word.is_empty() {
            continue;
        }
        match (tx.po_numbered(word)?, &found) {
            (Some(po), Some(other)) if po.id != other.id => return Ok(None),
            (Some(po), _) => found = Some(po),
            (None, _) => {}
        }
    }
    Ok(found)
}
