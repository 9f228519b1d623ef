//! Orders whose lines go to several addresses: a purchase order goes to one, and which of their shipping, tax and
//! discount falls on which address shops do not say. So they are not split, but held, with what goes where.

use super::{AddressKeys, At, ShopDraft, address};
use crate::domain::codes::Code;
use crate::formats::FormatError;

/// What goes to one address.
pub struct Part<'a> {
    /// The address; `None` where the order does not say which.
    pub to: Option<At<'a>>,
    /// The lines, as people know them: "2 of SHAWL-1".
    pub lines: Vec<String>,
}

/// Holds an order that goes to several addresses. Whoever releases it has all of it go to the first.
///
/// # Errors
/// A part of an address that is no text.
pub fn hold_parted(
    draft: &mut ShopDraft,
    parts: &[Part],
    keys: &AddressKeys,
) -> Result<(), FormatError> {
    let mut where_to = Vec::new();
    for part in parts {
        let to = address(part.to.as_ref(), keys)?;
        let to = ["name", "street1", "city"].map(|key| to[key].as_str().unwrap_or_default());
        let to: Vec<&str> = to.into_iter().filter(|text| !text.is_empty()).collect();
        let to = match to.is_empty() {
            true => "an address that it does not say".to_owned(),
            false => to.join(", "),
        };
        let lines = match part.lines.is_empty() {
            true => "nothing".to_owned(),
            false => part.lines.join(", "),
        };
        where_to.push(format!("{lines} to {to}"));
    }
    let said = format!(
        "it goes to {} addresses, and a purchase order goes to one ({}): have the shop make an order of it for each \
         address and cancel this one, or amend its lines; released, all of it goes to the first address",
        parts.len(),
        where_to.join("; ")
    );
    draft.hold(Code::UnclearOrder, said);
    Ok(())
}
