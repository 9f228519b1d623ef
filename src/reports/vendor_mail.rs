//! Vendors whose mails came from another address than the one on file, and whose row does not say
//! that the whole domain is theirs.

use crate::domain::mail_domain::{COLUMN, domain_of, of_row, open_to_all};
use crate::ledger::{LedgerError, Tx};

/// One sentence for each such vendor: which address wrote, when last, and what to do.
pub fn elsewhere(tx: &Tx) -> Result<Vec<String>, LedgerError> {
    let senders = tx.proved_senders()?;
    let mut found = Vec::new();
    for (vendor, extra) in tx.vendors()? {
        let own = domain_of(&vendor.email);
        let whole = of_row(&extra, &vendor.email);
        let theirs = senders.iter().filter(|one| {
            let there = domain_of(&one.address);
            !own.is_empty()
                && there == own
                && !one.address.eq_ignore_ascii_case(vendor.email.trim())
                && !whole.contains(&there)
        });
        let theirs: Vec<String> = theirs
            .map(|one| {
                let day = one.last.time().date_naive();
                format!("{} ({}, the last on {day})", one.address, one.mails)
            })
            .collect();
        if theirs.is_empty() {
            continue;
        }
        let shown = theirs
            .iter()
            .take(3)
            .cloned()
            .collect::<Vec<_>>()
            .join(", ");
        let more = match theirs.len().saturating_sub(3) {
            0 => String::new(),
            more => format!(" and {more} more"),
        };
        let remedy = match open_to_all(&own) {
            true => "change the address on file if another one is right".to_owned(),
            false => format!(
                "if everybody at {own} works for {}, write yes under {COLUMN} in its row and import the vendors",
                vendor.id
            ),
        };
        found.push(format!(
            "vendor {}: mails came from {shown}{more}, not from {}: a signature of {own} counts for that address alone; {remedy}",
            vendor.id,
            vendor.email.trim()
        ));
    }
    Ok(found)
}
