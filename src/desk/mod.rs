//! The desk: what a person decides about orders, exceptions, messages and deliveries. Each act is
//! one transaction of a named actor with a reason, and impossible where the state forbids it.

pub mod add_order;
pub mod adopt;
pub mod amend;
pub mod answer;
pub mod cancel;
pub mod cancel_line;
pub mod cancellation;
pub mod change;
pub mod closed;
pub mod closure;
pub mod invoices;
mod mailbox;
pub mod message;
mod of_source;
pub mod orders;
pub mod outbox;
pub mod po_cost;
pub mod possible;
mod question;
pub mod refund;
mod remit;
pub mod resolve;
pub mod returns;
pub mod revised;
pub mod several;
pub mod shipments;
pub mod shipping;
mod silent;
pub mod stock;
pub mod vendor_said;

use crate::domain::business_refusal::BusinessRefusal;
use crate::ledger::LedgerError;

/// What came of an act: sentences for the person who did it, the result first.
pub type Said = Vec<String>;

/// A refusal as the error of an act.
fn refused(refusal: BusinessRefusal) -> LedgerError {
    LedgerError::Refused(refusal)
}

/// The reason that every act needs, trimmed.
///
/// # Errors
/// When it is empty or not one that can be read later.
pub fn reason(text: &str) -> Result<&str, LedgerError> {
    let text = text.trim();
    if text.is_empty() {
        return Err(refused(
            BusinessRefusal::needs_word("the note is empty")
                .with_remedy(": say why, for whoever reads it later"),
        ));
    }
    if text.chars().count() > 2000 {
        return Err(refused(
            BusinessRefusal::over_limit("the note is longer than 2000 characters")
                .with_remedy(": say it shorter"),
        ));
    }
    Ok(text)
}
