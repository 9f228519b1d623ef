//! What makes a list hardly the vendor's, or not a whole one.

use super::{NAMED, Ours};
use crate::domain::stock::{MISSING, MOVED, moved};
use crate::domain::vendor::Offer;
use crate::ledger::catalogue::Extra;
use crate::ledger::stock::StockRow;

/// Lists with fewer articles are not compared with the one before: three of four may be sold out.
const FEW: usize = 5;

/// Why a list is hardly the vendor's, or not a whole one.
pub(super) fn odd(before: &[StockRow], ours: &Ours, offers: &[(Offer, Extra)]) -> Vec<String> {
    let mut odd = Vec::new();
    let share = |part: usize, of: usize| of >= FEW && part * 100 > of * MISSING;
    let missing = before
        .iter()
        .filter(|row| !ours.items.contains_key(&row.sku));
    let missing = missing.count();
    if share(missing, before.len()) {
        odd.push(format!(
            "{missing} of the {} articles of the list before are not in it",
            before.len()
        ));
    }
    let had: Vec<&StockRow> = before
        .iter()
        .filter(|row| row.item.on_hand != Some(0))
        .collect();
    let none = |row: &&&StockRow| {
        let now = ours.items.get(&row.sku);
        now.is_some_and(|(_, item)| item.on_hand == Some(0))
    };
    let sold = had.iter().filter(none).count();
    if share(sold, had.len()) {
        odd.push(format!(
            "{sold} of {} articles are sold out at once",
            had.len()
        ));
    }
    let dear: Vec<String> = offers
        .iter()
        .filter_map(|(offer, _)| {
            let (line, item) = ours.items.get(&offer.sku)?;
            let cost = item.cost?;
            let percent = moved(offer.cost, cost).filter(|percent| *percent > MOVED)?;
            Some(format!(
                "{} costs {cost} (line {line}), {} before: {percent} %",
                offer.sku, offer.cost
            ))
        })
        .collect();
    let more = dear.len().saturating_sub(NAMED);
    odd.extend(dear.into_iter().take(NAMED));
    if more > 0 {
        odd.push(format!("{more} other costs move as far"));
    }
    odd
}
