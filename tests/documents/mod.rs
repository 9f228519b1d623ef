//! What poms shows a vendor or a customer, read back by other people's programs: poppler for the
//! PDF, an HTML tokenizer for the customer's mail.

mod mails;
mod paper;
mod scripts;

use poms::domain::po_document::PoDocument;

/// Three lines, all fields given.
fn short() -> PoDocument {
    serde_json::from_str(include_str!("../../fixtures/documents/short.json")).unwrap()
}
