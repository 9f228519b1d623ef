//! Words of a status by which goods left, and nothing else.

use super::cells::bare;
use crate::domain::pattern::fits;
use regex::Regex;
use std::sync::LazyLock;

static LEFT: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"^(?:(?:fully |order |all |line |item |package |parcel )?(?:shipped|dispatched|despatched|fulfilled|sent|picked up|collected|in transit|on the way|completed?|delivered|out for delivery|ship(?:ped)? complete(?:ly)?|shipped in full|closed|ship confirmed|shipment confirmed|confirmed shipped|left warehouse|departed|handed to carrier|tendered|manifested and shipped|shipped out|success)(?: (?:complete|completely|in full|today|to customer|by carrier))?)$").ok()
});
/// Whether a status says that goods left, and nothing else.
pub fn is_left(status: &str) -> bool {
    fits(&LEFT, &bare(status))
}
