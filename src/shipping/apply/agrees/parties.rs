//! Companies, people and addresses of mail that a table names. Where it does not say whose they are, the
//! recipient's, the vendor's and the shop's contradict nothing.

use super::RowSubject;
use super::own::{NOBODY, Own, alike, tokens};
use crate::ledger::{Result, Tx};
use crate::vendor_docs::advice::words_of;
use crate::vendor_docs::columns::NamedCell;

/// A name that is none of those that the purchase order has.
pub(super) fn party(tx: &Tx, about: &RowSubject, own: &Own, cell: &str) -> Result<Option<String>> {
    if own.is_recipient(cell) || knows(tx, about, &tokens(cell))? {
        return Ok(None);
    }
    Ok(Some(format!(
        "which is neither who gets it ({}) nor {}",
        own.label.first().map_or("", String::as_str),
        about.po.vendor_name
    )))
}

/// An address that is neither the customer's nor of the shop's domain.
pub(super) fn customers(tx: &Tx, about: &RowSubject, cell: &str) -> Result<Option<String>> {
    let cell = cell.to_lowercase();
    let Some((_, domain)) = cell.rsplit_once('@') else {
        return Ok(None);
    };
    let theirs = tx
        .order(about.po.order_id)?
        .order
        .customer
        .email
        .to_lowercase();
    let shop = about.po.document["buyer"]["email"]
        .as_str()
        .unwrap_or_default();
    let ours = shop
        .rsplit_once('@')
        .is_some_and(|(_, own)| own.eq_ignore_ascii_case(domain));
    let same = theirs.trim().is_empty() || theirs.trim() == cell.trim() || ours;
    Ok((!same).then(|| "which is not the customer's".to_owned()))
}

/// The name of another vendor on file; where a column is of the vendor and no warehouse's or maker's, any
/// name that has no word of the vendor's own.
pub(super) fn vendor(tx: &Tx, about: &RowSubject, one: &NamedCell) -> Result<Option<String>> {
    let cell = one.cell.trim();
    let said = tokens(cell);
    let own = tokens(&about.po.vendor_name);
    let id = about.po.vendor_id.to_lowercase();
    let like = |words: &[String]| {
        words
            .iter()
            .any(|word| said.iter().any(|one| alike(one, word)))
    };
    if said.is_empty()
        || cell.to_lowercase() == id
        || said
            .iter()
            .all(|word| own.iter().any(|one| alike(word, one)))
    {
        return Ok(None);
    }
    for (other, _) in tx.vendors()? {
        let theirs = tokens(&other.name);
        let all = said
            .iter()
            .all(|word| theirs.iter().any(|one| alike(word, one)));
        let is = other.id.to_lowercase() == cell.to_lowercase() || all && like(&theirs);
        if is && other.id != about.po.vendor_id {
            return Ok(Some(format!("and this is {}'s", about.po.vendor_name)));
        }
    }
    let strange = is_of_vendor(&one.heading) && !knows(tx, about, &said)?;
    Ok(strange.then(|| format!("and this is {}'s", about.po.vendor_name)))
}

/// Whether a column names the vendor itself.
fn is_of_vendor(heading: &str) -> bool {
    let words = words_of(heading).concat();
    matches!(
        words.as_str(),
        "vendor" | "vendorname" | "supplier" | "suppliername" | "seller" | "sellername" | "soldby"
    )
}

/// Whether words that can be a name have one that the vendor is known by: its name, its number with us, its
/// addresses of mail, the shop's own name.
fn knows(tx: &Tx, about: &RowSubject, said: &[String]) -> Result<bool> {
    let names = said.iter().filter(|word| {
        let name = word.chars().all(char::is_alphabetic) && word.chars().count() > 2;
        name && !NOBODY.contains(&word.as_str())
    });
    let names: Vec<&String> = names.collect();
    let known = known(tx, about)?;
    let own = |word: &&String| {
        known
            .iter()
            .any(|one| alike(word, one) || one.contains(word.as_str()))
    };
    Ok(names.is_empty() || names.iter().any(own))
}

/// Words that the vendor is known by, and the shop's own name.
pub(super) fn known(tx: &Tx, about: &RowSubject) -> Result<Vec<String>> {
    let buyer = about.po.document["buyer"]["name"]
        .as_str()
        .unwrap_or_default();
    let mut known = tokens(&about.po.vendor_name);
    known.extend(tokens(&about.po.vendor_id));
    known.extend(tokens(buyer));
    if let Some(vendor) = tx.vendor(&about.po.vendor_id)? {
        known.extend(tokens(&vendor.email));
    }
    Ok(known)
}
