//! A purchase order as files, for a vendor whose system takes them.

use super::mail::{file_name, words};
use super::place::Buyer;
use super::render as rendering;
use super::unmade::Unmade;
use crate::domain::papers::{DropBundle, PaperFile, PaperKind};
use crate::domain::po_document::PoDocument;
use crate::domain::vendor::Vendor;
use crate::ledger::outbox::DeliveryRow;
use crate::mail::outbox::{OutboxDocument, drop_reference};

/// The purchase order for the vendor's drop.
///
/// # Errors
/// Why it cannot be made.
pub(super) fn by_drop(
    buyer: &Buyer,
    document: &PoDocument,
    vendor: &Vendor,
) -> Result<OutboxDocument, Unmade> {
    let reference = drop_reference(&document.number);
    let bundle = bundle(buyer, document, vendor, (&reference, None))?;
    let subject = words(buyer, document, false)?.subject;
    Ok(OutboxDocument::dropped(
        vendor.id.clone(),
        reference,
        subject,
        bundle,
    ))
}

/// The same once more, in the place of what was tried: under names and a key of its own, so that the vendor's
/// system neither takes it for what it has nor has that overwritten.
///
/// # Errors
/// Why it cannot be made.
pub(super) fn again(
    buyer: &Buyer,
    document: &PoDocument,
    vendor: &Vendor,
    row: &DeliveryRow,
) -> Result<Vec<u8>, Unmade> {
    let nth = (row.attempts > 0).then_some(row.attempts);
    bundle(buyer, document, vendor, (&row.reference, nth))
}

fn bundle(
    buyer: &Buyer,
    document: &PoDocument,
    vendor: &Vendor,
    (reference, again): (&str, Option<i64>),
) -> Result<Vec<u8>, Unmade> {
    let suffix = again.map(|nth| format!("-again{nth}")).unwrap_or_default();
    let stem = format!("PO-{}{suffix}", file_name(&document.number));
    let (kinds, layout) = buyer.papers(vendor);
    if let Some(layout) = layout
        && kinds == [PaperKind::Csv]
    {
        // a mark that nobody sees would have the vendor ship twice
        let left_out = rendering::left_out(document, layout);
        if !left_out.is_empty() {
            return Err(Unmade::LeftOut(left_out.join(", ")));
        }
    }
    let file = |kind: &PaperKind| {
        let bytes = match kind {
            PaperKind::Csv => match layout {
                Some(layout) => rendering::own_table(document, layout)?,
                None => rendering::csv(document, true)?,
            },
            PaperKind::Json => rendering::json(document),
            PaperKind::Pdf => {
                let paper = rendering::pdf(document, buyer.fonts)?;
                // where another file has what it lacks, it says itself that it is incomplete
                if paper.incomplete && kinds == [PaperKind::Pdf] {
                    return Err(Unmade::Undrawable);
                }
                paper.bytes
            }
        };
        let (ending, media_type) = match (kind, layout) {
            (PaperKind::Csv, Some(layout)) => (layout.ending(), layout.media_type()),
            _ => (kind.as_str(), kind.media_type()),
        };
        Ok(PaperFile {
            name: format!("{stem}.{ending}"),
            media_type: media_type.to_owned(),
            bytes,
        })
    };
    let files: Result<Vec<PaperFile>, Unmade> = kinds.iter().map(file).collect();
    let bundle = DropBundle {
        key: format!("{reference}{suffix}"),
        number: document.number.clone(),
        files: files?,
    };
    Ok(bundle.to_bytes())
}
