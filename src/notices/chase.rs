//! What a vendor is asked when something has not come in its time.

use crate::domain::po_document::Letterhead;
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

/// What a vendor is asked about one purchase order.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub struct ChaseContext {
    /// The shop that asks.
    pub shop: Letterhead,
    /// Who is asked.
    pub vendor_name: String,
    /// Whether it goes by fax.
    pub fax: bool,
    /// What is asked.
    #[serde(flatten)]
    pub po: ChasePo,
}

/// What a vendor is asked about several.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub struct ChasesContext {
    /// The shop that asks.
    pub shop: Letterhead,
    /// Who is asked.
    pub vendor_name: String,
    /// Whether it goes by fax.
    pub fax: bool,
    /// What is asked, the oldest purchase order first.
    pub pos: Vec<ChasePo>,
}

/// One purchase order, and what is asked about it.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub struct ChasePo {
    /// The purchase order.
    pub po_number: String,
    /// What is waited for: `acknowledgement`, `advice` or `promise`.
    pub kind: String,
    /// 1 when it is asked for the first time, 2 for the second.
    pub number: u32,
    /// The day on which the purchase order was sent.
    pub sent: NaiveDate,
    /// The day that the vendor promised; there for `promise`.
    pub promised: Option<NaiveDate>,
    /// What is still to come.
    pub lines: Vec<ChaseLine>,
}

/// One line of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChaseLine {
    /// The shop's number for the goods.
    pub sku: String,
    /// The vendor's number for them; may be empty.
    pub vendor_sku: String,
    /// Pieces.
    pub qty: i64,
}
