//! Purchase orders for the tests of this folder.

use crate::domain::po_document::PoDocument;

/// Three lines, all fields given.
pub fn short() -> PoDocument {
    serde_json::from_str(include_str!("../../../fixtures/documents/short.json")).unwrap()
}
