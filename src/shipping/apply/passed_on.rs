//! What somebody else wrote and a vendor passes on, below "FYI", below words of its own or below none: a customer
//! who cancels may write to the vendor. It is nobody's word for the vendor, and the vendor's words above it are
//! about it, so a person reads both. What carriers write is read where parcels are.

use super::heard;
use crate::domain::foreign::cut;
use crate::domain::mail_domain::open_to_all;
use crate::domain::spelling::folded;
use crate::domain::text::one_line;
use crate::ledger::purchase_orders::PoRow;
use crate::ledger::{Result, Tx};
use crate::shipping::mail::VendorMail;
use crate::vendor_docs::advice::{self, Document, Mail};
use crate::vendor_docs::reply;
use crate::vendor_docs::text::{html, quote};
use regex::Regex;
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

/// Whose a mail is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Writer {
    /// The order's own customer.
    Customer,
    /// The shop, or a carrier.
    Ours,
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
            () if addresses.is_empty() => Writer::Vendors,
            () if addresses
                .iter()
                .all(|one| advice::carrier_of(one).is_some()) =>
            {
                Writer::Ours
            }
            () => Writer::Other,
        }
    }
}

/// What a person is told of a mail that passes on what somebody else wrote; `None` where it passes on nothing.
pub(super) fn doubt(tx: &Tx, po: &PoRow, mail: &VendorMail) -> Result<Option<String>> {
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
        (head, lines.join("\n"), forwarded)
    });
    let all: Vec<(String, String, bool)> = below.chain(attached).collect();
    if all.is_empty() {
        return Ok(None);
    }
    let writers = Writers::of(tx, po, mail)?;
    let today = tx.now().date_naive();
    // a warehouse's notice is read where advices are
    let names_parcel = |text: &str| {
        let said = Mail {
            text: Some(text),
            ..Mail::default()
        };
        advice::read(&Document::Mail(said), today)
            .is_ok_and(|found| !found.rows.is_empty() || !found.errors.is_empty())
    };
    let theirs = all.into_iter().find(|(head, text, forwarded)| {
        let withdraws = WITHDRAWS.as_ref().is_some_and(|one| one.is_match(text));
        match writers.of_head(head) {
            Writer::Customer => true,
            Writer::Ours => false,
            Writer::Vendors => withdraws && !head.is_empty(),
            Writer::Other => withdraws || *forwarded && !names_parcel(text),
        }
    });
    Ok(theirs.map(|(head, text, _)| {
        let own = reply::own_words(mail.text.as_deref(), mail.html.as_deref());
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
        for head in ["From: Shop <jo@shop.example>", "From: UPS <mcinfo@ups.com>"] {
            assert!(of(head) == Writer::Ours, "{head}");
        }
        for head in ["From: x@gmail.com", "From: Ann <ann@acme.example.net>"] {
            assert!(of(head) == Writer::Other, "{head}");
        }
        assert!(WITHDRAWS.is_some());
    }
}
