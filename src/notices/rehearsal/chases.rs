//! Questions to vendors, made up.

use super::shop;
use crate::notices::chase::{ChaseContext, ChaseLine, ChasePo, ChasesContext};
use chrono::NaiveDate;

/// A vendor asked about each of the things that can be waited for.
pub(in crate::notices) fn chases(full: bool) -> Vec<ChaseContext> {
    let of = |kind: &str| ChaseContext {
        shop: shop(full),
        vendor_name: "Vendor".to_owned(),
        fax: !full,
        po: ChasePo {
            po_number: "1001-1".to_owned(),
            kind: kind.to_owned(),
            number: 1,
            sent: NaiveDate::default(),
            promised: (kind == "promise").then(NaiveDate::default),
            lines: vec![ChaseLine {
                sku: "S-1".to_owned(),
                vendor_sku: if full { "V-1" } else { "" }.to_owned(),
                qty: 2,
            }],
        },
    };
    ["acknowledgement", "advice", "promise"].map(of).to_vec()
}

/// A vendor asked about all of them at once.
pub(in crate::notices) fn gathered(chases: Vec<ChaseContext>) -> ChasesContext {
    let first = chases.first();
    let full = first.is_some_and(|one| !one.fax);
    ChasesContext {
        shop: shop(full),
        vendor_name: "Vendor".to_owned(),
        fax: !full,
        pos: chases.into_iter().map(|one| one.po).collect(),
    }
}
