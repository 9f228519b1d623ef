//! What somebody else wrote and a vendor passes on, below "FYI", below words of its own or below none: a customer
//! who cancels may write to the vendor. It is nobody's word for the vendor, and the vendor's words above it are
//! about it, so a person reads both. What the vendor's own people wrote is its word: it is read like the words
//! above it, and what is not understood of it goes to a person. What carriers write is read where parcels are.

use super::{asked_lines, enclosed, heard, quoted, remit};
use crate::domain::foreign::cut;
use crate::domain::mail_domain::open_to_all;
use crate::domain::spelling::folded;
use crate::domain::text::one_line;
use crate::ledger::purchase_orders::PoRow;
use crate::ledger::{Result, Tx};
use crate::shipping::mail::VendorMail;
use crate::vendor_docs::advice::{self, Document, Mail};
use crate::vendor_docs::reply::{self, AskedPo};
use crate::vendor_docs::text::{html, quote};
use chrono::NaiveDate;
use regex::Regex;
use std::collections::BTreeSet;
use std::sync::LazyLock;

/// Longest text of another's that is shown.
const SHOWN: usize = 600;

/// What is asked of an order that somebody wants no more, or otherwise.
static WITHDRAWS: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(concat!(
        r"(?i)\b(?:cancel\w*|(?:do not|don['’]?t|no longer) (?:want|need|ship|send)|refund\w*|return (?:it|this|the)|",
        r"wrong (?:address|colou?r|size|item|one)|changed? (?:my|the|our) (?:mind|address|order)|(?:have|has|['’]ve) moved|new address|stop (?:the|this|my))\b"
    ))
    .ok()
});

/// What stands above the text of a mail that is passed on.
static HEAD: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"(?i)^[*_ ]*(?:from|sent|date|to|cc|bcc|importance|attachments?)[*_ ]*:").ok()
});
static SUBJECT: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"(?i)^[*_ ]*subject[*_ ]*:[*_ ]*(?P<of>.*)$").ok());
/// What people of a house ask each other about an order, and how they say yes to it.
static AMONG_US: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(concat!(
        r"(?i)^\W*(?:(?:hi |hey |hello )?[a-z]{2,15}[,:]\s*)?(?:(?:can|could|will) (?:you|we) (?:please )?(?:do|ship|handle|fill|take(?: care of)?|process|confirm|enter) (?:this|it|that)(?: one| order| po)?|",
        r"do (?:we|you) have (?:this|it|these|that)(?: in stock)?|(?:please )?(?:see|handle|enter|process|confirm|take care of) (?:this|it|below)(?: one)?|(?:yes,? |sure,? |ok,? )*(?:we can(?: do (?:this|it|that))?|we do|go ahead|no problem|will do|sure|yes|ok))\W*$"
    ))
    .ok()
});

/// What people of the shop write to vendors beside poms that asks for nothing else than poms does.
static OF_US: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(concat!(
        r"(?i)^\W*(?:(?:hi|hey|hello|dear|good (?:morning|afternoon))(?: [a-z]{2,15}){0,3}[,!.]?|",
        r"(?:(?:hi|hello)(?: [a-z]{2,15})?[,:]? )?(?:just )?(?:checking in|following up|any (?:update|news)|do you have an? (?:update|eta))(?: (?:on|about|for) (?:this|it|the (?:order|po)|(?:this|our) (?:order|po)))?|",
        r"(?:(?:can|could|would) you )?(?:please )?(?:confirm|acknowledge)(?: (?:receipt(?: of this)?|this|it|the order|this (?:order|po)))?(?: within (?:one|two|1|2) (?:business )?days?|,? or cancel (?:it|this) if you cannot)?|please find (?:attached )?(?:it|this|(?:our |the )?(?:purchase order|order|po)(?: this)?)(?: attached| below)?|do you have this in stock|did you (?:get|receive) (?:this|it|this (?:order|po)|our (?:order|po))|",
        r"when (?:will|does|do you expect) (?:this|it|the order|this order) (?:to )?(?:ship|leave|go out))\W*$"
    ))
    .ok()
});

/// Whose a mail is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Writer {
    /// The order's own customer.
    Customer,
    /// The shop: poms, or somebody who works there.
    Ours,
    /// A carrier.
    Carrier,
    /// The vendor, or somebody without an address.
    Vendors,
    /// Somebody else.
    Other,
}

/// What tells them.
struct Writers {
    customer: String,
    names: Vec<String>,
    ours: String,
    /// The shop's name.
    shop: String,
    vendors: Vec<String>,
}

impl Writers {
    fn of(tx: &Tx, po: &PoRow, mail: &VendorMail) -> Result<Writers> {
        let order = tx.order(po.order_id)?.order;
        let vendor = tx.vendor(&po.vendor_id)?;
        let small = |text: &str| text.trim().to_lowercase();
        let names = [&order.customer.name, &order.ship_to.name];
        let names = names.map(|name| folded(name.trim())).into_iter();
        let vendors = vendor.map(|vendor| small(&vendor.email)).into_iter();
        Ok(Writers {
            customer: small(&order.customer.email),
            names: names.filter(|name| name.contains(' ')).collect(),
            ours: small(po.document["buyer"]["email"].as_str().unwrap_or_default()),
            shop: folded(
                po.document["buyer"]["name"]
                    .as_str()
                    .unwrap_or_default()
                    .trim(),
            ),
            vendors: vendors.chain([small(&mail.from)]).collect(),
        })
    }

    /// Whose a mail is by what stands before it: `From: Ann <ann@mail.example>`.
    fn of_head(&self, head: &str) -> Writer {
        let head = folded(head);
        let parts = head.split(|c: char| c.is_whitespace() || "<>()[]\"',;".contains(c));
        let parts = parts.map(|part| part.trim_start_matches("mailto:").trim_matches(':'));
        let addresses: Vec<&str> = parts.filter(|part| part.contains('@')).collect();
        let named = self.names.iter().any(|name| head.contains(name.as_str()));
        let is = |own: &str| addresses.contains(&own);
        let house = |own: &str| {
            let domain = own.rsplit_once('@').map_or("", |(_, domain)| domain);
            let same =
                |address: &&str| address.rsplit_once('@').is_some_and(|(_, of)| of == domain);
            !open_to_all(domain) && addresses.iter().any(same)
        };
        let vendors = || self.vendors.iter().any(|own| is(own) || house(own));
        match () {
            () if is(&self.customer) => Writer::Customer,
            () if is(&self.ours) || house(&self.ours) => Writer::Ours,
            () if vendors() => Writer::Vendors,
            () if named => Writer::Customer,
            () if addresses.is_empty() && self.shop.len() > 3 && head.contains(&self.shop) => {
                Writer::Ours
            }
            () if addresses.is_empty() => Writer::Vendors,
            () if addresses
                .iter()
                .all(|one| advice::carrier_of(one).is_some()) =>
            {
                Writer::Carrier
            }
            () => Writer::Other,
        }
    }
}

/// How the words of the vendor's own people are read that stand below a mail.
struct OwnPeople {
    number: String,
    vendor: String,
    lines: Vec<reply::AskedLine>,
    /// What was sent to it, and what it wrote before: it stands in every answer.
    known: quoted::KnownLines,
    /// The words of the purchase order.
    paper: BTreeSet<String>,
    today: NaiveDate,
}

/// Words that name what stands behind them on a paper.
const BESIDE_DATA: [&str; 22] = [
    "purchase", "order", "po", "x", "qty", "quantity", "each", "ea", "pcs", "sku", "item", "ship",
    "to", "at", "for", "total", "line", "number", "no", "cost", "price", "via",
];

/// The words of data, in small letters.
fn data(text: &str) -> impl Iterator<Item = String> {
    let words = text.split(|c: char| !(c.is_alphanumeric() || c == '-' || c == '.'));
    let words = words.map(|word| word.trim_matches(['-', '.']).to_lowercase());
    words.filter(|word| !word.is_empty())
}

impl OwnPeople {
    fn of(tx: &Tx, po: &PoRow, mail: &VendorMail, today: NaiveDate) -> Result<OwnPeople> {
        Ok(OwnPeople {
            number: po.number.clone(),
            vendor: po.vendor_name.clone(),
            lines: asked_lines(po, &tx.line_states(po.id)?),
            known: quoted::known(tx, po, mail)?,
            paper: data(&po.document.to_string()).collect(),
            today,
        })
    }

    /// Whether a text of the shop's is a mail of poms, or asks no more than what a vendor is asked anyhow: whether it
    /// has the order, and when that leaves.
    fn asks_nothing(&self, text: &str) -> bool {
        let is = |line: &&str| {
            let bare = line.replace(&self.number, "this");
            OF_US.as_ref().is_some_and(|one| one.is_match(&bare)) || self.is_of_the_paper(line)
        };
        let above = self.known.above_one(text);
        let said = above.as_deref().unwrap_or(text);
        let rest: Vec<&str> = said.lines().filter(|line| !is(line)).collect();
        self.says_nothing(&rest.join("\n"))
    }

    /// Whether a line is numbers, articles, names and amounts of the purchase order, and nothing beside.
    fn is_of_the_paper(&self, line: &str) -> bool {
        let mut words = data(line).peekable();
        words.peek().is_some()
            && line.contains(|c: char| c.is_ascii_digit())
            && words.all(|word| self.paper.contains(&word) || BESIDE_DATA.contains(&word.as_str()))
    }

    /// Whether nothing new stands in a text, but what is understood and says no more than what may stand above it.
    fn says_nothing(&self, text: &str) -> bool {
        let is = |pattern: &LazyLock<Option<Regex>>, line: &str| {
            pattern.as_ref().is_some_and(|one| one.is_match(line))
        };
        let subject = |line: &str| {
            let found = SUBJECT.as_ref().and_then(|one| one.captures(line));
            found.map(|found| found["of"].to_owned())
        };
        let mut fresh = Vec::new();
        for line in text.lines().map(str::trim) {
            match subject(line) {
                Some(of) if reply::plain::doubtful_subject(&of) => return false,
                Some(_) => {}
                None if is(&HEAD, line) || is(&AMONG_US, line) || self.known.has(line) => {}
                None => fresh.push(line),
            }
        }
        let asked = AskedPo {
            po_number: &self.number,
            lines: &self.lines,
            vendor: Some(&self.vendor),
        };
        // a name below stands below something
        let text = format!("Thank you.\n{}", fresh.join("\n"));
        enclosed::says_nothing(&text, asked, self.today)
    }
}

/// What introduces a mail below, its text, and whether it is passed on as a whole.
type BelowMail = (String, String, bool);

/// The mails that stand below the sender's own words as quotes, and those that are attached.
fn passed(tx: &Tx, po: &PoRow, mail: &VendorMail) -> Result<(Vec<BelowMail>, Vec<BelowMail>)> {
    let text = mail.text.clone().filter(|text| !text.trim().is_empty());
    let text = text.or_else(|| mail.html.as_deref().map(html::to_text));
    let quoted = quote::quoted_with_heads(text.as_deref().unwrap_or_default());
    let attached = mail.forwarded.iter().map(|inner| {
        let text = inner.text.clone();
        let text = text.or_else(|| inner.html.as_deref().map(html::to_text));
        (inner.from.clone(), text.unwrap_or_default(), true)
    });
    let below = quoted.into_iter().map(|(head, lines)| {
        let forwarded = !head.trim_end().to_lowercase().ends_with("wrote:");
        // the vendor's own footer says nothing, wherever it stands
        let text = remit::without_footers(tx, Some(&po.vendor_id), &lines.join("\n"))?;
        Ok((head, text, forwarded))
    });
    Ok((below.collect::<Result<_>>()?, attached.collect()))
}

/// What a person is told of a mail that passes on what somebody else wrote; `None` where it passes on nothing.
pub(super) fn doubt(tx: &Tx, po: &PoRow, mail: &VendorMail) -> Result<Option<String>> {
    let (below, attached) = passed(tx, po, mail)?;
    let count = below.len();
    let all: Vec<BelowMail> = below.into_iter().chain(attached).collect();
    if all.is_empty() {
        return Ok(None);
    }
    let writers = Writers::of(tx, po, mail)?;
    let today = tx.now().date_naive();
    let reader = OwnPeople::of(tx, po, mail, today)?;
    // a warehouse's notice is read where advices are
    let names_parcel = |text: &str| {
        let said = Mail {
            text: Some(text),
            ..Mail::default()
        };
        advice::read(&Document::Mail(said), today)
            .is_ok_and(|found| !found.rows.is_empty() || !found.errors.is_empty())
    };
    let own = reply::own_words(mail.text.as_deref(), mail.html.as_deref());
    // what is passed on below words without a parcel is read with them
    let own_parcel = names_parcel(&own);
    let parcel_below = |text: &str| !own_parcel && names_parcel(text);
    let theirs = all
        .into_iter()
        .enumerate()
        .find(|(at, (head, text, forwarded))| {
            let withdraws = WITHDRAWS.as_ref().is_some_and(|one| one.is_match(text));
            let strange = *at < count && !parcel_below(text) && !reader.says_nothing(text);
            match writers.of_head(head) {
                Writer::Customer => true,
                Writer::Carrier => false,
                // what somebody of the shop asked beside poms is what the vendor's yes is to
                Writer::Ours => *at < count && !parcel_below(text) && !reader.asks_nothing(text),
                Writer::Vendors => withdraws && !head.is_empty() || strange,
                Writer::Other => withdraws || *forwarded && !names_parcel(text) || strange,
            }
        });
    Ok(theirs.map(|(_, (head, text, _))| {
        format!(
            "{}, and passes on what somebody else wrote ({}): >>{}<<: nothing is taken from it; its own words: {}",
            heard::who(Some(po)),
            cut(&one_line(head.trim()), 120),
            cut(&one_line(&text), SHOWN),
            one_line(&own)
        )
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whose_mails_are() {
        let small = str::to_owned;
        let writers = Writers {
            customer: small("cesar@mail.example"),
            names: vec![small("cesar bustos")],
            ours: small("orders@shop.example"),
            shop: small("example shop"),
            vendors: vec![small("orders@acme.example"), small("acme@gmail.com")],
        };
        let of = |head: &str| writers.of_head(head);
        for head in [
            "From: Cesar Bustos <cesar@mail.example>",
            "From: C\u{e9}sar Bustos",
            "On Monday Cesar [mailto:cesar@mail.example] wrote:",
            "From: Cesar Bustos <other@gmail.com>",
        ] {
            assert!(of(head) == Writer::Customer, "{head}");
        }
        for head in [
            "From: Ann <ann@acme.example>",
            "From: acme@gmail.com",
            "From: Jill Ames",
        ] {
            assert!(of(head) == Writer::Vendors, "{head}");
        }
        for head in [
            "From: Shop <jo@shop.example>",
            "On Thu, Jun 5, 2025 at 9:00 AM Example Shop wrote:",
        ] {
            assert!(of(head) == Writer::Ours, "{head}");
        }
        assert!(of("From: UPS <mcinfo@ups.com>") == Writer::Carrier);
        for head in ["From: x@gmail.com", "From: Ann <ann@acme.example.net>"] {
            assert!(of(head) == Writer::Other, "{head}");
        }
        assert!(WITHDRAWS.is_some() && OF_US.is_some());
    }
}
