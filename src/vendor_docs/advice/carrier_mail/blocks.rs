//! Addresses without a label, as FedEx has them: a name, below it the street or not, and the town. Of two the
//! first is the shipper's and the second the recipient's; of one it is the recipient's.

use super::closed::{Closed, whole};
use super::destination;
use crate::vendor_docs::columns::{NamedCell, Of};

/// Most words of a name, and most lines of a street.
const MOST: (usize, usize) = (6, 2);

/// One of them.
pub(super) struct AddressBlock {
    name: String,
    town: String,
}

/// The block that the lines begin with, and how many lines it has.
pub(super) fn first(closed: &Closed, lines: &[&str]) -> Option<(AddressBlock, usize)> {
    let name = lines.first()?;
    let upper = |word: &str| word.starts_with(|c: char| c.is_uppercase() || c == '&');
    let named = !name.contains([':', '#'])
        && !name.bytes().any(|b| b.is_ascii_digit())
        && (1..=MOST.0).contains(&name.split_whitespace().count())
        && name.split_whitespace().all(upper)
        && !closed.is_label(&name.to_lowercase());
    if !named {
        return None;
    }
    let street = |line: &&&str| line.starts_with(|c: char| c.is_ascii_digit());
    let streets = lines.iter().skip(1).take(MOST.1).take_while(street).count();
    let town = lines.get(streets + 1)?;
    let town = bare(town);
    let place = whole(&closed.town, town) || destination::address(town, false).len() > 1;
    if !place || town.contains(':') {
        return None;
    }
    let land = lines
        .get(streets + 2)
        .is_some_and(|line| matches!(*line, "US" | "USA"));
    let block = AddressBlock {
        name: (*name).to_owned(),
        town: town.to_owned(),
    };
    Some((block, streets + 2 + usize::from(land)))
}

/// Whom or which place a line names by itself: "From ACME SUPPLY", "TO ANN LEE PORTLAND, ME US", a town.
pub(super) fn named(closed: &Closed, line: &str) -> Option<Vec<NamedCell>> {
    let upper = |word: &str| word.starts_with(|c: char| c.is_uppercase() || c == '&');
    let routed = destination::routed(line);
    if !routed.is_empty() {
        return Some(routed);
    }
    let ways = [
        ("From ", Of::Sender),
        ("FROM ", Of::Sender),
        ("Shipped to ", Of::Recipient),
        ("SHIPPED TO ", Of::Recipient),
    ];
    for (way, of) in ways {
        if let Some(name) = line.strip_prefix(way)
            && name.split_whitespace().count() <= MOST.0
            && name.split_whitespace().all(upper)
            && !name.contains([':', '@'])
        {
            return Some(vec![NamedCell {
                heading: way.trim().to_lowercase(),
                cell: name.trim().chars().take(120).collect(),
                of,
            }]);
        }
    }
    let place = destination::address(line, false);
    (whole(&closed.town, line) && !place.is_empty()).then_some(place)
}

/// A town without its country.
fn bare(town: &str) -> &str {
    let cut = ["United States", "USA", "US"].iter();
    let mut cut = cut.filter_map(|land| town.strip_suffix(*land));
    let town = cut.next().unwrap_or(town);
    town.trim_end_matches([',', ' '])
}

/// What the blocks of a notification name; `None` for more than two.
pub(super) fn names(blocks: &[AddressBlock]) -> Option<Vec<NamedCell>> {
    let cell = |heading: &str, block: &AddressBlock, of| NamedCell {
        heading: heading.to_owned(),
        cell: block.name.clone(),
        of,
    };
    let to = |block: &AddressBlock| {
        let mut cells = vec![cell("to", block, Of::Recipient)];
        cells.extend(destination::address(&block.town, false));
        cells
    };
    match blocks {
        [] => Some(Vec::new()),
        [one] => Some(to(one)),
        [from, two] => {
            let mut cells = vec![cell("from", from, Of::Sender)];
            cells.extend(to(two));
            Some(cells)
        }
        _ => None,
    }
}
