//! What a mail is masked of, and the ledger knows.

use crate::app::App;
use crate::intake::Refusal;
use crate::intake::cards::KnownNumbers;
use crate::intake::inbound::{self, Inbound};
use crate::ledger::{LedgerError, Tx};

/// The mail with what the ledger knows as the number of an article, an order or a parcel, and was
/// masked as a card's; `None` where nothing was, or it is unknown.
pub(super) fn with_known(
    tx: &Tx,
    site: &App,
    id: i64,
    mail: &Inbound,
) -> Result<Option<Inbound>, LedgerError> {
    let Some(raw) = &mail.original else {
        return Ok(None);
    };
    let known: KnownNumbers = tx.known_words(&mail.words.0)?.into_iter().collect();
    if known.is_empty() {
        return Ok(None);
    }
    let received = tx.message(id)?.received.time();
    let marks = &site.reader.marks;
    Ok(inbound::read_known(raw, marks, received, tx.now(), &known).ok())
}

/// A message that is stored, read again.
///
/// # Errors
/// The ledger's; inside, why it cannot be read.
pub(super) fn stored(
    tx: &Tx,
    site: &App,
    id: i64,
) -> Result<Result<Inbound, Refusal>, LedgerError> {
    let received = tx.message(id)?.received.time();
    let raw = tx.message_raw(id)?;
    let mail = match inbound::read(&raw, &site.reader.marks, received, tx.now()) {
        Ok(mail) => mail,
        Err(refusal) => return Ok(Err(refusal)),
    };
    Ok(Ok(with_known(tx, site, id, &mail)?.unwrap_or(mail)))
}
