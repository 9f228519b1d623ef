//! What a vendor quotes of our own mails, held against what was sent: a price, a number of pieces, an article or an
//! address that was changed inside the quote, or words that were put there, are the vendor's, although they look
//! like ours. How lines are broken and marked does not matter, and what is left out does not either.

use super::{asked_lines, enclosed, files, heard, letter, named, passed_on, remit};
use crate::domain::delivery::{DeliveryChannel, Receiver};
use crate::domain::mail_domain::open_to_all;
use crate::domain::money::Money;
use crate::domain::text::one_line;
use crate::ledger::po_lines::LineState;
use crate::ledger::purchase_orders::PoRow;
use crate::ledger::{Result, Tx};
use crate::shipping::mail::VendorMail;
use crate::vendor_docs::advice::Advice;
use crate::vendor_docs::reply::{self, AskedPo};
use crate::vendor_docs::text::{alternatives, html, quote};
use mail_parser::MessageParser;
use regex::Regex;
use std::collections::BTreeSet;
use std::sync::LazyLock;

/// So many lines and words of a quoted mail stand in one of ours, at least, where it is ours.
const OURS: (usize, usize) = (3, 12);
/// Quoted lines that are compared, each with every word of what was sent.
const MOST: usize = 4_000;
/// A line of so many words may be a part of a longer one.
const LONG: usize = 6;
/// Earlier mails that are looked at.
const EARLIER: usize = 20;
/// Most lines that are shown.
const SHOWN: usize = 3;

/// Addresses that mail programs put beside words.
static LINKS: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"(?i)[<(\[](?:tel|mailto|https?):[^>)\]]*[>)\]]").ok());
static AMOUNTS: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"\b[0-9][0-9,]*\.[0-9]{2}\b").ok());

/// What a person is told of a mail that says one thing to some readers and another to others, or quotes us wrongly.
pub(super) fn doubt(tx: &Tx, po: Option<&PoRow>, mail: &VendorMail) -> Result<Option<String>> {
    match (
        alternatives::differ(mail.text.as_deref(), mail.html.as_deref()),
        po,
    ) {
        (Some(both), _) => Ok(Some(letter::two_tongues(po, &both))),
        (None, Some(po)) => match changed(tx, po, mail)? {
            None => passed_on::doubt(tx, po, mail),
            changed => Ok(changed),
        },
        (None, None) => {
            for number in &mail.asked {
                if let Some(po) = tx.po_numbered(number)?
                    && let Some(text) = passed_on::doubt(tx, &po, mail)?
                {
                    return Ok(Some(text));
                }
            }
            Ok(None)
        }
    }
}

/// What keeps rows of parcels in a mail's own words from acting: another order that is named where rows name none, or
/// this one alone; or what it quotes, where only its rows tell which purchase order it is about.
pub(super) fn beside_rows(
    tx: &Tx,
    po: &PoRow,
    mail: &VendorMail,
    found: &Advice,
) -> Result<Option<String>> {
    if let Some(text) = of_rows(tx, Some(po), mail)? {
        return Ok(Some(text));
    }
    let own = reply::own_words(mail.text.as_deref(), mail.html.as_deref());
    let mut rows = found.rows.iter();
    let several = files::names_one(found).is_none() && rows.any(|row| row.po_number.is_some());
    let texts: &[&str] = match several {
        true => &[&mail.subject],
        false => &[&mail.subject, &own],
    };
    named::doubt(tx, po, texts, &own)
}

/// What is quoted in a mail of which only its rows tell which purchase order it is about.
pub(super) fn of_rows(tx: &Tx, po: Option<&PoRow>, mail: &VendorMail) -> Result<Option<String>> {
    match po.filter(|_| mail.po.is_none() && mail.asked.is_empty()) {
        Some(po) => doubt(tx, Some(po), mail),
        None => Ok(None),
    }
}

/// What a person is told of a mail in whose quote stands what was not sent; `None` where nothing does.
fn changed(tx: &Tx, po: &PoRow, mail: &VendorMail) -> Result<Option<String>> {
    let text = mail.text.clone().filter(|text| !text.trim().is_empty());
    let text = text.or_else(|| mail.html.as_deref().map(html::to_text));
    let mails = quote::quoted_mails(text.as_deref().unwrap_or_default());
    if mails.is_empty() {
        return Ok(None);
    }
    if mails.iter().map(Vec::len).sum::<usize>() > MOST {
        return Ok(Some(format!(
            "{}, and quotes more than {MOST} lines, which are not compared with what was sent: nothing is taken from it",
            heard::who(Some(po))
        )));
    }
    let sent = sent(tx, po)?;
    let lines = tx.line_states(po.id)?;
    let mut strange: Vec<&str> = Vec::new();
    let all = asked_lines(po, &lines);
    let asked = AskedPo {
        po_number: &po.number,
        lines: &all,
        vendor: Some(&po.vendor_name),
    };
    let today = tx.now().date_naive();
    for quoted in &mails {
        let found = sent.iter().map(|sent| odd(quoted, sent));
        // the mail of ours that it is most like
        let nearest = found
            .flatten()
            .min_by_key(|(odd, below)| (odd.len(), below.len()));
        let Some((odd, below)) = nearest else {
            strange.extend(repriced(quoted, &lines));
            continue;
        };
        strange.extend(odd);
        let rest = remit::without_footers(tx, Some(&po.vendor_id), &below.join("\n"))?;
        if !enclosed::says_nothing(&rest, asked, today) {
            strange.extend(below);
        }
    }
    if strange.is_empty() {
        return Ok(None);
    }
    let own = reply::own_words(mail.text.as_deref(), mail.html.as_deref());
    let shown: Vec<String> = strange
        .iter()
        .take(SHOWN)
        .map(|line| format!(">>{}<<", one_line(line.trim())))
        .collect();
    Ok(Some(format!(
        "{}, and where it quotes us stands {}, which is not what was sent to it: nothing is taken from it; its own words: {}",
        heard::who(Some(po)),
        shown.join(", "),
        one_line(&own)
    )))
}

/// Whether a text is that of a mail of ours about the purchase order, and nothing stands in it that was not sent.
pub(super) fn is_sent(tx: &Tx, po: &PoRow, text: &str) -> Result<bool> {
    let lines: Vec<String> = text.lines().map(str::to_owned).collect();
    if lines.len() > MOST {
        return Ok(false);
    }
    let sent = sent(tx, po)?;
    let mut found = sent.iter().filter_map(|sent| odd(&lines, sent));
    Ok(found.any(|(odd, below)| odd.is_empty() && below.is_empty()))
}

/// Lines that are known already.
pub(super) struct KnownLines {
    lines: BTreeSet<String>,
    texts: Vec<String>,
    /// The words of each mail of ours.
    sent: Vec<Vec<String>>,
}

impl KnownLines {
    /// What stands above a mail of ours in a text, however that was changed below: how is looked at apart. `None`
    /// where it has none.
    pub(super) fn above_one(&self, text: &str) -> Option<String> {
        let lines: Vec<String> = text.lines().map(str::to_owned).collect();
        let sent = self.sent.iter().find(|sent| odd(&lines, sent).is_some())?;
        let ours = |line: &&String| {
            let words = words(line);
            !words.is_empty() && sent.windows(words.len()).any(|there| *there == *words)
        };
        let above = lines.iter().take_while(|line| !ours(line));
        Some(above.cloned().collect::<Vec<_>>().join("\n"))
    }

    /// Whether a line is one of them; a long one may be a part of one.
    pub(super) fn has(&self, line: &str) -> bool {
        let words = words(line);
        let joined = words.join(" ");
        let part = || {
            let padded = format!(" {joined} ");
            words.len() >= LONG && self.texts.iter().any(|text| text.contains(&padded))
        };
        words.is_empty() || self.lines.contains(&joined) || part()
    }
}

/// Whether two addresses are of one house; at a provider's only the very same is.
fn same_house(one: &str, other: &str) -> bool {
    let domain = |address: &str| {
        let domain = address.rsplit_once('@').map_or("", |(_, domain)| domain);
        domain.to_lowercase()
    };
    let (own, theirs) = (domain(one), domain(other));
    one.eq_ignore_ascii_case(other) || own == theirs && !own.is_empty() && !open_to_all(&own)
}

/// The lines of our mails about a purchase order, and of those that the house of its sender wrote about its order
/// before: poms read these when they came.
pub(super) fn known(tx: &Tx, po: &PoRow, mail: &VendorMail) -> Result<KnownLines> {
    let mut texts = texts(tx, po)?;
    let sent = texts.iter().map(|text| words(text)).collect();
    for id in tx.messages_about(po.order_id, mail.message_id, EARLIER)? {
        let row = tx.message(id)?;
        if same_house(&row.sender, &mail.from) {
            let raw = tx.message_raw(id)?;
            let parsed = MessageParser::default().parse(&raw);
            let text = parsed.as_ref().and_then(|mail| mail.body_text(0));
            texts.extend(text.map(|text| text.into_owned()));
        }
    }
    let lines = texts.iter().flat_map(|text| text.lines());
    Ok(KnownLines {
        lines: lines.map(|line| words(line).join(" ")).collect(),
        texts: texts
            .iter()
            .map(|text| format!(" {} ", words(text).join(" ")))
            .collect(),
        sent,
    })
}

/// The words of the mails that brought the purchase order to its vendor, or spoke of it.
fn sent(tx: &Tx, po: &PoRow) -> Result<Vec<Vec<String>>> {
    Ok(texts(tx, po)?.iter().map(|text| words(text)).collect())
}

fn texts(tx: &Tx, po: &PoRow) -> Result<Vec<String>> {
    let mut rows = tx.deliveries_of_po(po.id)?;
    // questions about several purchase orders
    for id in tx.deliveries_that_ask(po.id)? {
        if rows.iter().all(|row| row.id != id) {
            rows.extend(tx.delivery_if_any(id)?);
        }
    }
    let mut all = Vec::new();
    // revisions, cancellations and what else was written to this vendor about the order
    let vendor = tx.vendor(&po.vendor_id)?.map(|vendor| vendor.email);
    let whom: Vec<String> = rows
        .iter()
        .flat_map(|row| row.recipients.clone())
        .chain(vendor)
        .collect();
    for row in tx.deliveries_of_order(po.order_id)? {
        if row.recipients.iter().all(|one| whom.contains(one))
            && rows.iter().all(|one| one.id != row.id)
        {
            rows.push(row);
        }
    }
    for row in rows {
        if row.channel != DeliveryChannel::Email || row.kind.to() != Some(Receiver::Vendor) {
            continue;
        }
        let content = tx.delivery_content(row.id)?;
        let parsed = MessageParser::default().parse(&content);
        let text = parsed.as_ref().and_then(|mail| mail.body_text(0));
        all.extend(text.map(|text| text.into_owned()));
    }
    Ok(all)
}

/// The words of a text, without marks of mail programs.
fn words(text: &str) -> Vec<String> {
    let text = match LINKS.as_ref() {
        Some(links) => links.replace_all(text, " "),
        None => text.into(),
    };
    let bare = |word: &str| {
        let word = word.replace(['\u{200b}', '\u{feff}'], "").replace('’', "'");
        word.trim_matches(['*', '_', '|', '>', '<']).to_lowercase()
    };
    let words = text.split_whitespace().map(bare);
    words
        .filter(|word| word.contains(char::is_alphanumeric))
        .collect()
}

/// The lines of a quoted mail that do not stand in one of ours, between those that do, in their order, and those that
/// stand below the last of these; `None` where it is not that one.
fn odd<'q>(quoted: &'q [String], sent: &[String]) -> Option<(Vec<&'q str>, Vec<&'q str>)> {
    let mut at = 0;
    let (mut lines, mut count) = (0, 0);
    let (mut odd, mut waiting) = (Vec::new(), Vec::new());
    for line in quoted {
        let words = words(line);
        if words.is_empty() {
            continue;
        }
        let rest = sent.get(at..).unwrap_or_default();
        match rest.windows(words.len()).position(|there| *there == *words) {
            Some(found) => {
                at += found + words.len();
                lines += 1;
                count += words.len();
                odd.append(&mut waiting);
            }
            // what stands above the first of them is not of it
            None if lines > 0 => waiting.push(line.as_str()),
            None => {}
        }
    }
    (lines >= OURS.0 && count >= OURS.1).then_some((odd, waiting))
}

/// The lines of another mail that name an article of the purchase order beside an amount which is none of its own.
fn repriced<'q>(quoted: &'q [String], lines: &[LineState]) -> Vec<&'q str> {
    let Some(amounts) = AMOUNTS.as_ref() else {
        return Vec::new();
    };
    let worth = |line: &LineState| line.unit_cost.times(line.pieces.ordered);
    let total: Option<Vec<Money>> = lines.iter().map(worth).collect();
    let total = total.and_then(Money::sum);
    let strange = |text: &&str| {
        let small = text.to_lowercase();
        let names = |name: &str| name.len() > 3 && small.contains(&name.to_lowercase());
        let mut named = lines
            .iter()
            .filter(|line| names(&line.sku) || names(&line.vendor_sku))
            .peekable();
        let own: Vec<Money> = match named.peek() {
            None => return false,
            Some(_) => named
                .flat_map(|line| [Some(line.unit_cost), worth(line), total])
                .flatten()
                .collect(),
        };
        amounts.find_iter(text).any(|amount| {
            let digits = amount.as_str().replace([',', '.'], "");
            digits
                .parse()
                .is_ok_and(|cents| !own.contains(&Money(cents)))
        })
    };
    quoted.iter().map(String::as_str).filter(strange).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const SENT: &str = "here is our purchase order W1-1. Please\nconfirm it.\n\nLine  Your SKU   Qty  Unit cost\n   1  61880        1      74.00\n      Cordless Drill 18V\n   2  CV-BS21      2      16.75\nShip to  Priya Raman\n1220 W 6th St Apt 4\nAustin, TX 78703\nThank you";

    fn reads(quoted: &str) -> Option<Vec<String>> {
        let lines: Vec<String> = quoted.lines().map(str::to_owned).collect();
        let odd = odd(&lines, &words(SENT));
        odd.map(|(odd, _)| odd.into_iter().map(|line| line.trim().to_owned()).collect())
    }

    #[test]
    fn wraps_and_marks_change_nothing() {
        let wrapped = SENT
            .replace("Unit cost\n", "Unit\ncost\n")
            .replace("Please\n", "*Please* ");
        let linked = SENT.replace("78703", "78703<tel:78703>");
        let cut: String = SENT.lines().skip(3).collect::<Vec<_>>().join("\n");
        let above = format!("You don't often get mail from us\n{SENT}\nThe shop");
        for text in [SENT, &wrapped, &linked, &cut, &above] {
            assert_eq!(reads(text), Some(Vec::new()), "{text}");
        }
    }

    #[test]
    fn what_was_changed_or_put_in() {
        for (was, put) in [
            (
                "   1  61880        1      74.00",
                "1  61880        1      79.50",
            ),
            (
                "   2  CV-BS21      2      16.75",
                "2  CV-BS21      1      16.75",
            ),
            ("1220 W 6th St Apt 4", "1220 W 6th St Apt 5"),
            (
                "Ship to  Priya Raman",
                "Ship to  Priya Raman\nwe are out of these",
            ),
        ] {
            let told = put.lines().last().map(|line| vec![line.to_owned()]);
            assert_eq!(reads(&SENT.replace(was, put)), told, "{put}");
        }
        // another mail
        assert_eq!(reads("Hello,\nplease ship it soon.\nThe shop"), None);
        assert!(LINKS.is_some() && AMOUNTS.is_some());
    }
}
