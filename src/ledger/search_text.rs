//! Orders by what people say or have in hand: every field that is searched, each by a statement of its
//! own that uses an index, so that no search reads a table from end to end.

use super::inbound::hashed;
use super::orders::{OrderRow, digits};
use super::{LedgerError, Result, Tx};
use crate::domain::search_word::{plain, split};
use crate::domain::spelling::folded;
use crate::ledger::sqlite::nocase;
use rusqlite::Params;
use std::collections::{BTreeMap, BTreeSet};

/// More words than this are not looked at.
const WORDS: usize = 12;

/// An order that was found, and by which of its fields: their names for programs, each once.
#[derive(Debug)]
pub struct FoundOrder {
    /// The order.
    pub row: OrderRow,
    /// What of it has what was searched.
    pub by: Vec<&'static str>,
}

/// The results of a search.
#[derive(Debug, Default)]
pub struct Search {
    /// The orders, the newest first.
    pub found: Vec<FoundOrder>,
    /// How many more of them cannot be read from the ledger.
    pub unreadable: usize,
    /// Whether every order has its words: `false` while a ledger of an older poms waits for them.
    pub complete: bool,
}

/// Orders by number in the ledger, by the field that has what was looked for.
type Hits = BTreeMap<&'static str, BTreeSet<i64>>;

/// Statements that take the beginning of a text and what comes after all that begin so.
const BEGINNINGS: [(&str, &str); 6] = [
    (
        "order_number",
        "SELECT id FROM orders WHERE number >= ?1 AND number < ?2",
    ),
    (
        "email",
        concat!(
            "SELECT id FROM orders WHERE email ",
            nocase!(),
            " >= ?1 AND email ",
            nocase!(),
            " < ?2"
        ),
    ),
    (
        "customer",
        concat!(
            "SELECT id FROM orders WHERE customer_name ",
            nocase!(),
            " >= ?1 AND customer_name ",
            nocase!(),
            " < ?2"
        ),
    ),
    (
        "customer",
        concat!(
            "SELECT id FROM orders WHERE customer_last ",
            nocase!(),
            " >= ?1 AND customer_last ",
            nocase!(),
            " < ?2"
        ),
    ),
    (
        "purchase_order",
        "SELECT order_id FROM purchase_order WHERE number >= ?1 AND number < ?2",
    ),
    (
        "return",
        "SELECT order_id FROM rma WHERE number >= ?1 AND number < ?2",
    ),
];

/// Statements that take a whole text.
const WHOLE: [(&str, &str); 6] = [
    ("phone", "SELECT id FROM orders WHERE phone = ?1"),
    // without the area code: the last four digits are a word, the others stand before them
    (
        "phone_end",
        "SELECT w.order_id FROM search_word w JOIN orders o ON o.id = w.order_id \
         WHERE w.word = substr(?1, -4) AND w.kind = 'phone' AND o.phone LIKE '%' || ?1",
    ),
    (
        "vendor_sku",
        concat!(
            "SELECT p.order_id FROM po_line l JOIN purchase_order p ON p.id = l.po_id WHERE l.vendor_sku = ?1 ",
            nocase!()
        ),
    ),
    (
        "bill",
        concat!(
            "SELECT p.order_id FROM invoice i JOIN purchase_order p ON p.id = i.po_id WHERE i.number = ?1 ",
            nocase!()
        ),
    ),
    (
        "vendor_order_number",
        concat!(
            "SELECT order_id FROM purchase_order WHERE vendor_order_number = ?1 ",
            nocase!()
        ),
    ),
    (
        "tracking",
        "SELECT p.order_id FROM parcel t JOIN shipment s ON s.id = t.shipment_id \
         JOIN purchase_order p ON p.id = s.po_id WHERE t.tracking = ?1",
    ),
];

/// The orders of one vendor.
const OF_VENDOR: &str = "SELECT order_id FROM purchase_order WHERE vendor_id = ?1";

impl Tx<'_> {
    /// Orders by what a customer says on the telephone: the beginning of an order, purchase order or
    /// return number, of an e-mail address or of a word of names, street, city, articles or vendors, a ZIP,
    /// an article number or a payment's reference; a telephone number in any spelling, without its area
    /// code, or its last four digits; a whole tracking, bill or vendor's order number, or vendor's SKU. Of several words each must be found, in whichever
    /// field. Newest first.
    pub fn search_orders(&self, text: &str, at_most: usize) -> Result<Search> {
        let text = text.trim();
        let mut search = Search {
            complete: self.search_is_complete()?,
            ..Search::default()
        };
        if text.trim_start_matches('#').is_empty() {
            return Ok(search);
        }
        // some dozens, not a table that grows with the years
        let vendors: Vec<(String, String)> = (self.vendors()?.into_iter())
            .map(|(vendor, _)| (vendor.id, vendor.name))
            .collect();
        let whole = self.hits(text, &vendors)?;
        let mut ids = all(&whole);
        let mut looks = vec![whole];
        let words: Vec<&str> = text.split_whitespace().take(WORDS).collect();
        let mut common: Option<BTreeSet<i64>> = None;
        for word in words.iter().filter(|_| words.len() > 1) {
            // a dash or a # alone says nothing
            if word.chars().any(char::is_alphanumeric) {
                let hits = self.hits(word, &vendors)?;
                let found = all(&hits);
                common = Some(match common {
                    Some(before) => &before & &found,
                    None => found,
                });
                looks.push(hits);
            }
        }
        let common = common.unwrap_or_default();
        ids.extend(&common);
        for id in ids.into_iter().rev().take(at_most) {
            let row = match self.order(id) {
                Ok(row) => row,
                // one that cannot be read keeps no other back
                Err(LedgerError::Sql(rusqlite::Error::FromSqlConversionFailure(..))) => {
                    search.unreadable += 1;
                    continue;
                }
                Err(fault) => return Err(fault),
            };
            // the words count only where all of them do
            let looks = looks
                .iter()
                .take(if common.contains(&id) { usize::MAX } else { 1 });
            let by: BTreeSet<&str> = looks
                .flat_map(|hits| hits.iter().filter(|(_, orders)| orders.contains(&id)))
                .map(|(field, _)| *field)
                .collect();
            search.found.push(FoundOrder {
                row,
                by: by.into_iter().collect(),
            });
        }
        Ok(search)
    }

    /// Every order that has this text in a field.
    fn hits(&self, text: &str, vendors: &[(String, String)]) -> Result<Hits> {
        let mut hits = Hits::new();
        // a number with and without the `#` that some shops write before it
        let bare = text.trim_start_matches('#');
        let numbered = bare.len() < text.len() || bare.starts_with(|c: char| c.is_ascii_digit());
        for text in hashed(text).iter().take(if numbered { 2 } else { 1 }) {
            self.in_columns(text, &mut hits)?;
        }
        if let Some(number) = self.as_number(text)? {
            self.in_columns(&number, &mut hits)?;
        }
        if text.find('@').is_some_and(|place| place > 0) {
            // the beginning of an e-mail address: nobody's name is meant
            return Ok(hits);
        }
        let mut words: BTreeSet<String> = BTreeSet::from([plain(text)]);
        if let [word] = text.split_whitespace().collect::<Vec<_>>().as_slice() {
            // signs around one word are left away, as on file
            words.extend(split(word).into_iter().next());
            words.extend(otherwise(word));
        }
        for (id, name) in vendors {
            if words.iter().any(|word| is_named(id, name, word)) {
                self.collect("vendor", OF_VENDOR, [id], &mut hits)?;
            }
        }
        for word in words {
            for (field, order) in self.orders_with_word(&word)? {
                hits.entry(field.as_str()).or_default().insert(order);
            }
        }
        Ok(hits)
    }

    /// The order number that is meant by one which people write otherwise: `W200101~2` as poms names a
    /// second order of a number, `200101` without the letters that the latest order has before as many
    /// digits.
    fn as_number(&self, text: &str) -> Result<Option<String>> {
        if let Some((number, copy)) = text.split_once('~') {
            let meant = !number.is_empty() && copy.bytes().all(|b| b.is_ascii_digit());
            return Ok(meant.then(|| number.to_owned()));
        }
        if text.len() < 3 || !text.bytes().all(|b| b.is_ascii_digit()) {
            return Ok(None);
        }
        let latest = "SELECT number FROM orders ORDER BY id DESC LIMIT 1";
        let latest: Option<String> = self.first(latest, [], |row| row.get(0))?;
        let latest = latest.unwrap_or_default();
        let digits = latest.trim_start_matches(|c: char| !c.is_ascii_digit());
        let letters = latest.strip_suffix(digits).unwrap_or_default();
        let alike = digits.len() == text.len() && digits.bytes().all(|b| b.is_ascii_digit());
        Ok((alike && !letters.is_empty()).then(|| format!("{letters}{text}")))
    }

    fn in_columns(&self, text: &str, hits: &mut Hits) -> Result<()> {
        let upper = text.to_uppercase();
        let name = folded(text);
        for (field, sql) in BEGINNINGS {
            let spelled = match field {
                "customer" => BTreeSet::from([name.as_str()]),
                "email" => BTreeSet::from([text]),
                "order_number" => BTreeSet::from([text, upper.as_str()]),
                _ => BTreeSet::from([upper.as_str()]),
            };
            for begin in spelled {
                // no text begins with this and stands behind it: it is the last code point
                self.collect(field, sql, (begin, format!("{begin}\u{10FFFF}")), hits)?;
            }
        }
        let tracking: String = text.chars().filter(|c| !c.is_whitespace()).collect();
        let tracking = tracking.to_uppercase();
        let phone = digits(text);
        for (field, sql) in WHOLE {
            let spelled = match field {
                "phone" if phone.len() < 7 => BTreeSet::new(),
                "phone_end" if phone.len() != 7 || text.contains(char::is_alphabetic) => {
                    BTreeSet::new()
                }
                "phone_end" => BTreeSet::from([phone.as_str()]),
                "phone" => BTreeSet::from([phone.as_str()]),
                "tracking" => BTreeSet::from([text, tracking.as_str()]),
                _ => BTreeSet::from([text]),
            };
            let field = if field == "phone_end" { "phone" } else { field };
            for whole in spelled {
                self.collect(field, sql, [whole], hits)?;
            }
        }
        Ok(())
    }

    fn collect(
        &self,
        field: &'static str,
        sql: &str,
        params: impl Params,
        hits: &mut Hits,
    ) -> Result<()> {
        let orders = self.rows(sql, params, |row| row.get::<_, i64>(0))?;
        if !orders.is_empty() {
            hits.entry(field).or_default().extend(orders);
        }
        Ok(())
    }
}

/// A word as it may stand on file: the ZIP of a ZIP+4, `kitc-1001` of `kitc1001`.
fn otherwise(word: &str) -> Option<String> {
    let all_digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    if let Some((zip, more)) = word.split_once('-') {
        let plus_four = zip.len() == 5 && more.len() == 4 && all_digits(zip) && all_digits(more);
        return plus_four.then(|| zip.to_owned());
    }
    let at = word.find(|c: char| c.is_ascii_digit())?;
    let (letters, digits) = word.split_at(at);
    let joined = letters.chars().count() > 1 && letters.chars().all(char::is_alphabetic);
    (joined && all_digits(digits)).then(|| plain(&format!("{letters}-{digits}")))
}

/// Whether a vendor's name, or a word of it, begins so, or its number in the catalogue is this.
fn is_named(id: &str, name: &str, word: &str) -> bool {
    let begins =
        plain(name).starts_with(word) || split(name).iter().any(|one| one.starts_with(word));
    word.chars().count() > 1 && begins || plain(id) == word
}

/// The orders of every field.
fn all(hits: &Hits) -> BTreeSet<i64> {
    hits.values().flatten().copied().collect()
}

#[cfg(test)]
mod tests;
