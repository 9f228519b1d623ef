//! Messages that a person lets in for what they are.

use super::refused;
use crate::domain::business_refusal::BusinessRefusal;
use crate::domain::codes::{Code, ExceptionCode};
use crate::domain::lifecycle::MessageState;
use crate::intake::mime;
use crate::ledger::{Result, Tx};

/// Codes whose release takes in the message that waits.
const BY_MESSAGE: &[Code] = &[Code::UntrustedSender, Code::MixedContent, Code::StockOdd];

/// Whether a release of this code takes in the message that waits.
pub(super) fn is_by_message(code: &ExceptionCode) -> bool {
    code.is_one_of(BY_MESSAGE)
}

/// Whether it can be taken in.
pub(super) fn possible(tx: &Tx, code: &ExceptionCode, id: i64, state: MessageState) -> Result<()> {
    let no = |words: String| Err(refused(BusinessRefusal::unreadable(words)));
    match code.known() {
        Some(Code::MixedContent) if state != MessageState::Held => {
            no(format!("message {id} is {state}: it could not be read"))
        }
        Some(Code::MixedContent) => match mime::only_object(&tx.message_raw(id)?) {
            Ok(Some(_)) => Ok(()),
            Ok(None) => no(format!(
                "message {id} cannot be let in: it has no encrypted part"
            )),
            Err(why) => no(format!(
                "message {id} cannot be let in: {} ({})",
                why.reason, why.code
            )),
        },
        Some(Code::StockOdd) if !tx.is_vendor_word(id)? && tx.message_document(id)?.is_none() => {
            no(format!(
                "message {id} was brought by no source and no mail of a vendor"
            ))
        }
        _ => Ok(()),
    }
}
