//! What proves that a mail is a vendor's: the address that only the vendor knows, the vendor's own
//! OpenPGP key, or our own mail server's word that the vendor's domain signed it. Never From, To or
//! the words; and of what is proved only what the signature covers.

mod domain;
mod named;

pub use named::named_in_subject;

use crate::domain::token::{TokenKeys, TokenKind, TokenSubject};
use crate::intake::dkim::{Cover, Signed};
use crate::intake::inbound::{Inbound, Marks, Signer};
use crate::ledger::purchase_orders::PoRow;
use crate::ledger::questions::QuestionRow;
use crate::ledger::returns::ReturnRow;
use crate::ledger::{LedgerError, Tx};
use crate::notices::returns::Party;
use crate::shipping::mail::Trust;
use chrono::{DateTime, Utc};
use openssl::sha::Sha256;

/// A sender that is proved.
pub struct Proved {
    /// By what.
    pub trust: Trust,
    /// Whose mail it is.
    pub vendor: Option<String>,
    /// The purchase order that it counts for.
    pub po: Option<PoRow>,
    /// What the mail is known again by: the values of its signatures, and the Message-ID where they
    /// cover it. Empty where nothing is signed.
    pub marks: Vec<[u8; 32]>,
    /// Whether its subject counts.
    pub subject: bool,
    /// When it was written, as far as that is proved.
    pub date: Option<DateTime<Utc>>,
}

impl Proved {
    /// A mail that counts for nobody, or on a person's word.
    pub fn by(trust: Trust, po: Option<PoRow>, mail: &Inbound) -> Proved {
        Proved {
            trust,
            vendor: po.as_ref().map(|po| po.vendor_id.clone()),
            po,
            marks: Vec::new(),
            subject: true,
            date: mail.date,
        }
    }
}

/// Why it is not proved whose mail it is: a sentence for whoever must judge it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("its sender is not proved: {0}")]
pub struct Unproved(String);

/// Whose mail it is, or why that is not proved.
pub type Judged = Result<Proved, Unproved>;

/// Whose mail it is, or why that is not proved.
pub fn judge(tx: &Tx, marks: &Marks, mail: &Inbound) -> Result<Judged, LedgerError> {
    let mut all = addressed_all(tx, &marks.tokens, mail)?;
    if all.len() > 1 {
        let vendor = all.swap_remove(0).vendor_id;
        let trust = Trust::Addresses {
            vendor: vendor.clone(),
        };
        return Ok(Ok(Proved {
            vendor: Some(vendor),
            ..Proved::by(trust, None, mail)
        }));
    }
    if let Some(po) = all.pop() {
        let known = match mail.dkim.is_empty() {
            true => Vec::new(),
            false => match domain::signed_by(&tx.vendors()?, mail) {
                Ok((vendor, signed)) if vendor == po.vendor_id => known_by(mail, signed, &vendor),
                _ => Vec::new(),
            },
        };
        return Ok(Ok(Proved {
            marks: known,
            ..Proved::by(Trust::Token { po: po.id }, Some(po), mail)
        }));
    }
    if let Some(signer) = &mail.signed_by {
        return signed(tx, mail, signer);
    }
    if let Some(chase) = super::asked::addressed(tx, &marks.tokens, mail)? {
        let vendor = chase.vendor_id;
        let trust = Trust::Asked {
            vendor: vendor.clone(),
        };
        return Ok(Ok(Proved {
            vendor: Some(vendor),
            ..Proved::by(trust, None, mail)
        }));
    }
    if mail.dkim.is_empty() {
        return Ok(Err(unproved(tx, marks, mail)?));
    }
    match domain::signed_by(&tx.vendors()?, mail) {
        Ok((vendor, signed)) => {
            let po = named::meant(tx, mail, signed)?.filter(|po| po.vendor_id == vendor);
            let dated = mail.date.filter(|_| signed.covers("date"));
            Ok(Ok(Proved {
                trust: Trust::Dkim {
                    vendor: vendor.clone(),
                    domain: signed.domain.clone(),
                },
                po,
                marks: known_by(mail, signed, &vendor),
                subject: signed.covers("subject"),
                date: dated.or(signed.at),
                vendor: Some(vendor),
            }))
        }
        Err(why) => Ok(Err(why)),
    }
}

/// What a mail that a domain signed is known again by.
fn known_by(mail: &Inbound, signed: &Signed, vendor: &str) -> Vec<[u8; 32]> {
    let mark = |parts: &[&[u8]]| {
        let mut digest = Sha256::new();
        for part in parts {
            digest.update(&(part.len() as u64).to_be_bytes());
            digest.update(part);
        }
        digest.finish()
    };
    let mut marks: Vec<[u8; 32]> = signed
        .values
        .iter()
        .map(|value| mark(&[b"dkim", value]))
        .collect();
    if let Some(id) = mail.message_id.as_ref()
        && signed.covers("message-id")
    {
        marks.push(mark(&[b"message-id", vendor.as_bytes(), id.as_bytes()]));
    }
    if signed.cover == Cover::Hidden {
        let date = mail.date.map_or(0, |date| date.timestamp()).to_be_bytes();
        let from = mail.from.as_deref().unwrap_or_default();
        marks.push(mark(&[
            b"words",
            vendor.as_bytes(),
            from.as_bytes(),
            mail.subject.as_bytes(),
            &date,
            &mail.digest,
        ]));
    }
    marks
}

/// A mail that a vendor's key signed. Its subject and what it answers are not signed: the purchase
/// order is the one that the signed words name, if they name one.
fn signed(tx: &Tx, mail: &Inbound, signer: &Signer) -> Result<Judged, LedgerError> {
    let fingerprint = &signer.fingerprint;
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
        return Ok(Err(Unproved(format!(
            "signed by the key {fingerprint}, which is not the openpgp_fingerprint of exactly \
             one vendor on file"
        ))));
    };
    let po = named::named_in(tx, &mail.words())?;
    Ok(Ok(Proved {
        trust: Trust::VendorKey {
            vendor: vendor.id.clone(),
        },
        vendor: Some(vendor.id.clone()),
        po: po.filter(|po| po.vendor_id == vendor.id),
        marks: vec![signer.mark],
        subject: false,
        date: Some(signer.at),
    }))
}

fn unproved(tx: &Tx, marks: &Marks, mail: &Inbound) -> Result<Unproved, LedgerError> {
    let server = match &marks.authserv_id {
        Some(_) => "our mail server saw no valid signature of its domain",
        None => "intake.authserv_id is not set, so no signature of its domain is believed",
    };
    let address = match mail.tokens.is_empty() {
        true => "it was not sent to the address of a purchase order".to_owned(),
        false => match mail.token(TokenKind::PurchaseOrder) {
            Some(token) => match tx.po_if_any(token.id)? {
                Some(po) => format!(
                    "the address that it was sent to is that of purchase order {} in all but its secret part: mistyped, \
                     forged, or made with a key that is not among token_keys any more",
                    po.number
                ),
                None => {
                    "it was sent to the address of a purchase order that this ledger does not have"
                        .to_owned()
                }
            },
            None => "the address that it was sent to is none of a purchase order".to_owned(),
        },
    };
    Ok(Unproved(format!("{address}, and {server}")))
}

/// The purchase order to whose own address the mail was sent.
pub fn addressed(
    tx: &Tx,
    tokens: &TokenKeys,
    mail: &Inbound,
) -> Result<Option<PoRow>, LedgerError> {
    Ok(addressed_all(tx, tokens, mail)?.into_iter().next())
}

/// Most addresses of purchase orders that one mail is looked at for.
const MOST: usize = 50;

/// The purchase orders to whose own addresses the mail was sent, in their order.
pub fn addressed_all(
    tx: &Tx,
    tokens: &TokenKeys,
    mail: &Inbound,
) -> Result<Vec<PoRow>, LedgerError> {
    let mut all: Vec<PoRow> = Vec::new();
    let of_pos = mail
        .tokens
        .iter()
        .filter(|one| one.kind == TokenKind::PurchaseOrder);
    for token in of_pos.take(MOST) {
        let po = tx.po_if_any(token.id)?.filter(|po| {
            let named = TokenSubject::PurchaseOrder {
                id: po.id,
                number: &po.number,
                vendor: &po.vendor_id,
            };
            tokens.fits(token, &named)
        });
        all.extend(po.filter(|po| all.iter().all(|known| known.id != po.id)));
    }
    Ok(all)
}

/// The return to whose address the mail was sent, and who was told that address.
pub fn about_return(
    tx: &Tx,
    tokens: &TokenKeys,
    mail: &Inbound,
) -> Result<Option<(ReturnRow, Party)>, LedgerError> {
    let Some(token) = mail.token(TokenKind::Return) else {
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
pub fn about_question(
    tx: &Tx,
    tokens: &TokenKeys,
    mail: &Inbound,
) -> Result<Option<QuestionRow>, LedgerError> {
    let Some(token) = mail.token(TokenKind::Question) else {
        return Ok(None);
    };
    let Some(row) = tx.question_if_any(token.id)? else {
        return Ok(None);
    };
    let order = tx.order(row.order_id)?.reference();
    let named = TokenSubject::Question {
        id: row.id,
        order: &order,
    };
    Ok(Some(row).filter(|_| tokens.fits(token, &named)))
}
