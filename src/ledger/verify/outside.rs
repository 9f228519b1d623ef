//! What stands outside the ledger against it: the anchor file, and heads out of mails.

use super::VerifyReport;
use super::trail::Trail;
use crate::ledger::anchor::{AnchorLine, Anchors, Witness};
use std::convert::Infallible;

/// Every line of the anchor file, in its order.
pub(super) fn anchors(
    anchors: &Anchors,
    trail: &Trail,
    report: &mut VerifyReport,
) -> Result<(), Infallible> {
    if anchors.highest().is_none() && trail.anchored {
        report.problem(
            "anchor",
            "there are no anchors outside, and each run that ended left some: the file was removed or emptied, \
             or this is a copy of a ledger; put the file back, or see `poms recover`"
                .to_owned(),
        );
    }
    for (number, line) in anchors.lines.iter().enumerate() {
        let number = number + 1;
        let place = format!("anchor {number}");
        if let AnchorLine::Anchor(anchor) | AnchorLine::Misplaced(anchor, _) = line {
            report.anchors += 1;
            match trail.named.get(&anchor.seq).and_then(Option::as_deref) {
                Some(hash) if hash == anchor.hash => {
                    report.anchored_to = report.anchored_to.max(anchor.seq);
                }
                Some(_) => report.problem(
                    &place,
                    format!("audit row {} is not the one that line {number} of the anchors has", anchor.seq),
                ),
                None if anchor.seq > trail.end => report.problem(
                    &place,
                    format!(
                        "the audit trail ends at row {}, but it had {} rows on {} (line {number} of the anchors): \
                         rows were removed, or an older copy was restored",
                        trail.end, anchor.seq, anchor.at
                    ),
                ),
                None => report.problem(
                    &place,
                    format!("audit row {} is gone, which line {number} of the anchors has", anchor.seq),
                ),
            }
        }
        if let AnchorLine::Malformed(why) | AnchorLine::Misplaced(_, why) = line {
            let said =
                format!("line {number} of the anchors {why}: the file was changed outside poms");
            report.problem(&place, said);
        }
    }
    Ok(())
}

/// Heads that mails carried out of the house.
pub(super) fn witnesses(
    witnesses: &[Witness],
    trail: &Trail,
    report: &mut VerifyReport,
) -> Result<(), Infallible> {
    for witness in witnesses {
        report.witnesses += 1;
        let seq = witness.seq;
        let said = match trail.named.get(&seq).and_then(Option::as_deref) {
            Some(hash) if hash == witness.hash => continue,
            Some(_) => format!(
                "audit row {seq} is not the one that the mail with head {seq} knew: the trail was rewritten since, or the mail is of another ledger"
            ),
            None => format!(
                "the audit trail ends at row {}, but a mail knew row {seq}: rows were removed, or an older copy was restored",
                trail.end
            ),
        };
        report.problem(&format!("witness {seq}"), said);
    }
    Ok(())
}
