//! What a bill says of where money goes: its memo, and what it calls its lines.

use super::match_context::{MatchContext, MatchOutcome};
use crate::domain::invoice::Invoice;
use crate::domain::remit;
use crate::ledger::exceptions::Subject;
use crate::ledger::invoices::title;
use crate::ledger::remits::RemitPaper;
use crate::ledger::{LedgerError, Tx};

/// Puts it before a person, unless it was there before or was accepted.
pub(super) fn look(
    tx: &Tx,
    context: &MatchContext,
    id: i64,
    invoice: &Invoice,
    outcome: &MatchOutcome,
) -> Result<(), LedgerError> {
    let lines = invoice.lines.iter().map(|line| line.description.as_str());
    let said: Vec<&str> = std::iter::once(invoice.memo.as_str())
        .chain(lines)
        .collect();
    let mut found = remit::in_cells(&said.join("\n"));
    let vendor = outcome.at.vendor_id.as_deref();
    let vendor = vendor.map(|id| tx.vendor(id)).transpose()?.flatten();
    found.retain(|one| {
        !vendor
            .as_ref()
            .is_some_and(|vendor| is_payee(&one.shown, &vendor.name))
    });
    if found.is_empty() {
        return Ok(());
    }
    let po = outcome.at.po_id.map(|id| tx.po(id)).transpose()?;
    let paper = RemitPaper {
        vendor: outcome.at.vendor_id.as_deref(),
        severity: context.rules.severity(remit::CODE),
        entity: &format!("invoice:{id}"),
        about: Subject {
            order: po.as_ref().map(|po| po.order_id),
            po: po.as_ref().map(|po| po.id),
            ..Subject::default()
        },
        who: &format!("{}: {} speaks", invoice.vendor_name, title(invoice)),
    };
    tx.tell_remits(&paper, &found)?;
    Ok(())
}

/// Whether a passage says no more than that the vendor itself is paid.
fn is_payee(shown: &str, vendor: &str) -> bool {
    let bare = |text: &str| -> String {
        let letters = text.chars().filter(|c| c.is_alphanumeric());
        letters.flat_map(char::to_lowercase).collect()
    };
    let named = shown
        .strip_prefix("Remit to (")
        .and_then(|rest| rest.split_once("): "));
    named.is_some_and(|(heading, cell)| {
        let payee = [
            "payee",
            "payto",
            "remitto",
            "remittoname",
            "payeename",
            "beneficiary",
        ];
        payee.contains(&bare(heading).as_str()) && bare(cell) == bare(vendor)
    })
}
