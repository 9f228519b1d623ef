//! Answers to a question that a vendor was asked about several purchase orders: which of them the
//! answer means, if it says so.

use super::trust::{Proved, addressed_all, named_in_subject};
use crate::domain::token::{TokenKeys, TokenKind, TokenSubject};
use crate::intake::inbound::Inbound;
use crate::ledger::chases::ChaseRow;
use crate::ledger::purchase_orders::PoRow;
use crate::ledger::{LedgerError, Tx};
use crate::shipping::mail::Trust;
use crate::vendor_docs::text::quote;

/// Words of someone who speaks of more than the one purchase order that is named.
const OTHERS: &[&str] = &[
    "all",
    "another",
    "any",
    "both",
    "each",
    "either",
    "everything",
    "neither",
    "none",
    "nothing",
    "other",
    "others",
    "remainder",
    "remaining",
    "rest",
    "these",
    "they",
    "those",
    "two",
    "three",
    "four",
    "five",
];

/// The question to whose address the mail was sent.
pub(super) fn addressed(
    tx: &Tx,
    tokens: &TokenKeys,
    mail: &Inbound,
) -> Result<Option<ChaseRow>, LedgerError> {
    let Some(token) = mail.token(TokenKind::Chase) else {
        return Ok(None);
    };
    let row = tx.chase_if_any(token.id)?;
    Ok(row.filter(|row| {
        let named = TokenSubject::Chase {
            id: row.id,
            vendor: &row.vendor_id,
        };
        tokens.fits(token, &named)
    }))
}

/// The question that the mail answers by its address, or by our Message-ID.
fn answered(tx: &Tx, tokens: &TokenKeys, mail: &Inbound) -> Result<Option<ChaseRow>, LedgerError> {
    if let Some(row) = addressed(tx, tokens, mail)? {
        return Ok(Some(row));
    }
    for reference in &mail.answers {
        if let Some(row) = tx.delivery_by_reference(reference)?
            && let Some(chase) = tx.chase_of_delivery(row.id)?
        {
            return Ok(Some(chase));
        }
    }
    Ok(None)
}

/// The purchase orders that a mail may mean.
#[derive(Default)]
pub(super) struct PossiblePos {
    /// Their numbers.
    pub numbers: Vec<String>,
    /// Whether they were asked for a confirmation and nothing else.
    pub yes_to_all: bool,
}

/// A proved mail, with the purchase order that it means when it answers a question about several; and
/// the numbers of all of these when it does not say. The quote below it names every one of them, so
/// that only the vendor's own words count.
pub(super) fn about(
    tx: &Tx,
    tokens: &TokenKeys,
    mail: &Inbound,
    proved: Proved,
) -> Result<(Proved, PossiblePos), LedgerError> {
    if matches!(proved.trust, Trust::Addresses { .. }) {
        let all = addressed_all(tx, tokens, mail)?.into_iter();
        let asked = PossiblePos {
            numbers: all.map(|po| po.number).collect(),
            yes_to_all: true,
        };
        return Ok((proved, asked));
    }
    let chase = match proved.trust {
        // an address of its own says which; of a mail that a key signed, only the words are proved
        Trust::Token { .. } | Trust::VendorKey { .. } => None,
        _ => answered(tx, tokens, mail)?,
    };
    let theirs = |chase: &ChaseRow| proved.vendor.as_deref() == Some(chase.vendor_id.as_str());
    let Some(chase) = chase.filter(theirs) else {
        return Ok((proved, PossiblePos::default()));
    };
    let asked = tx.pos_of_chase(chase.id)?;
    if asked.len() < 2 {
        return Ok((proved, PossiblePos::default()));
    }
    let subject = match proved.subject {
        true => named_in_subject(tx, mail)?.filter(|po| po.vendor_id == chase.vendor_id),
        false => None,
    };
    let po = match subject {
        Some(po) => Some(po),
        None => meant(tx, mail, &chase.vendor_id)?,
    };
    let meant = match &po {
        Some(_) => PossiblePos::default(),
        None => PossiblePos {
            numbers: asked.into_iter().map(|po| po.number).collect(),
            yes_to_all: tx.asks_confirmation_alone(chase.id)?,
        },
    };
    Ok((Proved { po, ..proved }, meant))
}

/// The one purchase order that the vendor's own words name, when they speak of no other.
fn meant(tx: &Tx, mail: &Inbound, vendor: &str) -> Result<Option<PoRow>, LedgerError> {
    let own = quote::own_words(mail.text.as_deref(), mail.html.as_deref()).unwrap_or_default();
    let mut found: Option<PoRow> = None;
    for word in own.split_whitespace().take(1_000) {
        let word = word.trim_matches(|c: char| !c.is_ascii_alphanumeric());
        if word.is_empty() {
            continue;
        }
        if OTHERS.contains(&word.to_ascii_lowercase().as_str()) {
            return Ok(None);
        }
        match (tx.po_numbered(word)?, &found) {
            (Some(po), Some(other)) if po.id != other.id => return Ok(None),
            (Some(po), _) if po.vendor_id != vendor => return Ok(None),
            (Some(po), _) => found = Some(po),
            (None, _) => {}
        }
    }
    Ok(found)
}
