//! Answers in a vendor's own words.

use super::arrival::other_address;
use super::letter::{may_nod, person};
use super::{Hold, ProvedPaper, agrees, answer, asked_lines, enclosed, named, remit, titles};
use crate::domain::codes::Code;
use crate::domain::foreign::cut;
use crate::domain::lifecycle::PoState;
use crate::domain::rule_settings::RuleSettings;
use crate::domain::text::one_line;
use crate::ledger::po_lines::LineState;
use crate::ledger::purchase_orders::PoRow;
use crate::ledger::{Result, Tx};
use crate::shipping::mail::{Handled, VendorMail};
use crate::vendor_docs::advice::ship_tos;
use crate::vendor_docs::reply::plain::{marked, only_signed};
use crate::vendor_docs::reply::{self, Ack, AskedPo, Reply, Scope};
use chrono::NaiveDate;
use regex::Regex;
use std::sync::LazyLock;

/// Acts on an answer in the vendor's own words.
pub(super) fn read(
    tx: &Tx,
    paper: &ProvedPaper,
    mail: &VendorMail,
    po: &PoRow,
    today: NaiveDate,
) -> Result<Handled> {
    let states = tx.line_states(po.id)?;
    let lines = asked_lines(po, &states);
    let asked = AskedPo {
        po_number: &po.number,
        lines: &lines,
        vendor: Some(&po.vendor_name),
    };
    let text = mail.text.as_deref();
    let text = text.map(|text| remit::without_footers(tx, paper.vendor, text));
    let text = text.transpose()?;
    let reply = reply::read(text.as_deref(), mail.html.as_deref(), asked, today);
    let settings = paper.settings;
    let own = reply::own_words(mail.text.as_deref(), mail.html.as_deref());
    if let Some(text) = named::doubt(tx, po, &[&mail.subject, &own], &own)? {
        return person(tx, settings, mail, Some(po), Code::VendorMail, &text);
    }
    let receipt = receipt(po, &own);
    if (receipt.is_some_and(|of| of != Courtesy::Bill) || reply.receipt)
        && let Some(name) = enclosed::unseen(tx, mail, po, today)?
    {
        let text = format!("poms does not read the attached {}", cut(&name, 120));
        let text = enclosed::stops(mail, Some(po), &text);
        return person(tx, settings, mail, Some(po), Code::VendorMail, &text);
    }
    if let Some(of) = receipt {
        return thanked(tx, mail, po, &own, of);
    }
    if reply.receipt {
        return noted(tx, settings, mail, po, &own);
    }
    if let Some(text) = unfit(po, &reply, &states, &own).map_or_else(
        || doubted(tx, mail, po, &reply, today),
        |text| Ok(Some(text)),
    )? {
        return person(tx, settings, mail, Some(po), Code::VendorMail, &text);
    }
    if let Some(text) = unclear(po, &reply) {
        return person(tx, settings, mail, Some(po), Code::VendorMail, &text);
    }
    if let Err(Hold { code, message, .. }) = answer::answer(tx, paper, po, &reply.per_line)? {
        return person(tx, settings, mail, Some(po), code, &message);
    }
    Ok(Handled {
        accepted: true,
        summary: format!("the answer to purchase order {} is acted on", po.number),
    })
}

/// What a person is told of an answer that is not clear, with its words.
fn unclear(po: &PoRow, reply: &Reply) -> Option<String> {
    let text = reply.unclear.as_ref()?;
    let why = match reply.strange.is_empty() {
        // each sentence is understood, and not what they say together
        true => {
            ", which does not say for certain what is meant, so nothing is taken as answered by it"
        }
        false => ", and nothing is taken as answered by it",
    };
    Some(format!(
        "{} writes about {}{why}: {}",
        po.vendor_name,
        po.number,
        one_line(&marked(text, &reply.strange))
    ))
}

/// What is said when all is done, and asks for nothing.
static COURTESY: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(concat!(
        r"(?i)^(?:(?:many |with )?(?:thanks|thank you|thx|cheers)(?: (?:again|so much|very much|a lot))?(?: for (?:the|your) (?:orders?|business))?|",
        r"you(?:'re|’re| are) (?:very |most )?welcome|(?:any ?time|my pleasure|no problem|no worries|welcome)|(?:have a|enjoy your) (?:(?:great|nice|good|wonderful|lovely|pleasant) )?(?:day|night|evening|afternoon|week|weekend|one)(?: ahead)?)$"
    ))
    .ok()
});
/// A line of thanks alone.
static THANKED: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"(?i)^\W*(?:many )?(?:thanks|thank you|thx|cheers)\b").ok());
/// What is said of a bill beside them.
static BILL: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(concat!(
        r"(?i)^(?:(?:the |our |your )?(?:invoice|bill)(?: (?:no\.? ?|#)?\S*\d\S*)?(?: is)? (?:attached|enclosed)|",
        r"(?:please (?:see|find)|attached is|here is|see)(?: the| our| your)?(?: attached| enclosed)?(?: the| our| your)? (?:invoice|bill)(?: attached)?)$"
    ))
    .ok()
});

/// What asks for nothing.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Courtesy {
    Thanks,
    /// Of the bill that is attached.
    Bill,
}

/// A courtesy, or "Invoice attached.", after an answer; `None` for everything else.
fn receipt(po: &PoRow, own: &str) -> Option<Courtesy> {
    let unanswered = matches!(
        po.state,
        PoState::Draft | PoState::Queued | PoState::Failed | PoState::Sent
    );
    let is = |pattern: &LazyLock<Option<Regex>>, said: &str| {
        pattern.as_ref().is_some_and(|one| one.is_match(said))
    };
    let said: Vec<&str> = own
        .split(['.', '!', ',', '\n'])
        .map(str::trim)
        .filter(|said| !said.is_empty())
        .collect();
    let bill = said.iter().any(|said| is(&BILL, said));
    let all = said
        .iter()
        .all(|said| is(&COURTESY, said) || is(&BILL, said));
    // "Thanks!", and a name below
    let all = all
        || own.lines().next().is_some_and(|first| is(&THANKED, first))
            && only_signed(own, Some(&po.vendor_name));
    if unanswered || said.is_empty() || !all {
        return None;
    }
    Some(match bill {
        true => Courtesy::Bill,
        false => Courtesy::Thanks,
    })
}

/// Notes it with the order, for nobody has to do anything.
fn thanked(tx: &Tx, mail: &VendorMail, po: &PoRow, own: &str, of: Courtesy) -> Result<Handled> {
    let what = match of {
        Courtesy::Bill => "of its bill; bills come in by `poms import-invoices`",
        Courtesy::Thanks => "a courtesy and nothing else",
    };
    let text = format!(
        "{} writes about {}, {what}: {}",
        po.vendor_name,
        po.number,
        one_line(own)
    );
    tx.note_order(&tx.order(po.order_id)?, &cut(&text, 500))?;
    Ok(Handled {
        accepted: true,
        summary: format!("{}: {what}", mail.from),
    })
}

/// Whether a purchase order waits for its vendor or its goods, and nothing was taken back since it was sent.
fn is_plain(tx: &Tx, po: &PoRow) -> Result<bool> {
    let open = matches!(
        po.state,
        PoState::Sent | PoState::Acknowledged | PoState::PartlyShipped | PoState::Shipped
    );
    Ok(open && tx.cancellations_of_po(po.id)?.is_empty())
}

/// What is no more than a receipt is noted, but where more was said of the order since it was sent.
fn noted(
    tx: &Tx,
    settings: &RuleSettings,
    mail: &VendorMail,
    po: &PoRow,
    own: &str,
) -> Result<Handled> {
    if is_plain(tx, po)? {
        return came(tx, mail, po, own);
    }
    let text = format!(
        "{} writes about {}, of which more was said since it was sent: {}",
        po.vendor_name,
        po.number,
        one_line(own)
    );
    person(tx, settings, mail, Some(po), Code::VendorMail, &text)
}

/// Notes that the vendor has it, which is no answer: the deadline stays, and the vendor is asked at it.
fn came(tx: &Tx, mail: &VendorMail, po: &PoRow, own: &str) -> Result<Handled> {
    let text = format!(
        "{} writes that it has {}, which is no answer: {}",
        po.vendor_name,
        po.number,
        one_line(own)
    );
    tx.note_order(&tx.order(po.order_id)?, &cut(&text, 500))?;
    Ok(Handled {
        accepted: true,
        summary: format!("{}: it has {}, and no answer", mail.from, po.number),
    })
}

/// Why a bare yes does not say enough.
fn unfit(po: &PoRow, reply: &Reply, states: &[LineState], own: &str) -> Option<String> {
    (reply.nod && !may_nod(po, states)).then(|| {
        format!(
            "{} writes about {}, of which more was said since it was sent: {}",
            po.vendor_name,
            po.number,
            one_line(own)
        )
    })
}

/// Why an answer that is understood does not act, in a sentence with its words: a day that is past,
/// which is no promise, or a subject that says another thing.
pub(super) fn doubted(
    tx: &Tx,
    mail: &VendorMail,
    po: &PoRow,
    reply: &Reply,
    today: NaiveDate,
) -> Result<Option<String>> {
    let past = |(_, ack): &(Scope, Ack)| match ack {
        Ack::ShipDate { date } => *date < today,
        Ack::Backordered { until } => until.is_some_and(|day| day < today),
        Ack::Accepted | Ack::Rejected { .. } => false,
    };
    let own = reply::own_words(mail.text.as_deref(), mail.html.as_deref());
    let told = |why: &str| {
        format!(
            "{} writes about {}, and nothing is taken as answered by it, {why}: {}",
            po.vendor_name,
            po.number,
            one_line(&own)
        )
    };
    if reply.per_line.iter().any(past) {
        return Ok(Some(told("for a day in it is past, which is no promise")));
    }
    if reply.per_line.is_empty() {
        return Ok(None);
    }
    let refused =
        |(_, ack): &(Scope, Ack)| matches!(ack, Ack::Rejected { .. } | Ack::Backordered { .. });
    if reply.per_line.iter().any(refused) && has_it(&own) {
        return Ok(Some(told(
            "for one sentence of it says that the goods are there",
        )));
    }
    if let Some(other) = elsewhere(tx, po, &own)? {
        return Ok(Some(told(&format!("for it names where it goes: {other}"))));
    }
    if let Some(other) = agrees::keys(tx, po, &own)? {
        return Ok(Some(told(&format!("for {other}"))));
    }
    if !mail.asked.is_empty() {
        return Ok(None);
    }
    let comes = |(_, ack): &(Scope, Ack)| matches!(ack, Ack::Accepted | Ack::ShipDate { .. });
    let comes = reply.per_line.iter().all(comes);
    let shown = titles::beside_answer(tx, &mail.subject, Some(po), today, comes)?;
    Ok(shown.map(|shown| told(&format!("as {shown}"))))
}

/// Whether a sentence says that the goods are there, or left, and no more.
fn has_it(own: &str) -> bool {
    static HAS: LazyLock<Option<Regex>> = LazyLock::new(|| {
        Regex::new(r"(?im)(?:^|[.!;])\s*(?:(?:it|this|all|both|everything|yes)(?:'s| is| are|,)? )?(?:in stock|shipped|available)\s*(?:[.!;]|$)").ok()
    });
    HAS.as_ref().is_some_and(|has| has.is_match(own))
}

/// An address in an answer that is another one than the purchase order's.
fn elsewhere(tx: &Tx, po: &PoRow, own: &str) -> Result<Option<String>> {
    for to in ship_tos(own) {
        let other = other_address(tx, po, &[], &to)?;
        if !other.is_empty() {
            return Ok(Some(other.join("; ")));
        }
    }
    Ok(None)
}
