//! What a gateway from mail to fax writes back about a fax. It is tied to its fax by the address
//! that it came to or by our Message-ID; else by the purchase order's number, and only when our own
//! mail server saw the gateway's signature. What it says counts only by patterns that the site set.

use super::{Ended, delivery, end};
use crate::app::App;
use crate::clock;
use crate::config::{FaxWay, GatewayConfig};
use crate::delivery::bounce::{self, Returned};
use crate::domain::codes::Code;
use crate::domain::delivery::DeliveryChannel;
use crate::domain::lifecycle::MessageState;
use crate::domain::mail_domain::{aligned, open_to_all};
use crate::domain::text::one_line;
use crate::intake::classify::Class;
use crate::intake::dkim::Signed;
use crate::intake::inbound::Inbound;
use crate::ledger::fax::FaxNews;
use crate::ledger::outbox::DeliveryRow;
use crate::ledger::{LedgerError, Tx};
use chrono::TimeDelta;
use mail_parser::decoders::html::html_to_text;
use regex::Regex;

/// So far back a report that names its fax by the purchase order's number may reach.
const RECENT: TimeDelta = TimeDelta::days(7);

/// What a report says of its fax.
#[derive(Clone, Copy, PartialEq, Eq)]
enum FaxVerdict {
    Arrived,
    Failed,
    /// Neither, or both.
    Unclear,
}

/// Acts on a gateway's report. `None`: the mail is none, as far as is proved.
pub fn report(tx: &Tx, site: &App, id: i64, mail: &Inbound) -> Result<Option<Ended>, LedgerError> {
    let Some(FaxWay::Gateway(settings)) = site.config.delivery.fax.as_ref().map(|fax| &fax.way)
    else {
        return Ok(None);
    };
    // a bounce of the mail to the gateway is a bounce
    if matches!(mail.class, Class::Report(_)) {
        return Ok(None);
    }
    let tied = delivery(tx, site, mail, &mail.answers)?;
    if let Some(row) = tied.filter(|row| row.channel == DeliveryChannel::Fax) {
        return tell(tx, site, id, mail, settings, &row).map(Some);
    }
    if !signed(settings, mail) {
        return Ok(None);
    }
    if let Some(row) = named(tx, mail)? {
        return tell(tx, site, id, mail, settings, &row).map(Some);
    }
    let reason = "a mail of the fax gateway that names none of our faxes, or more than one";
    finish(tx, id, MessageState::Ignored, None, reason).map(Some)
}

/// Whether our own mail server saw the gateway's signature.
fn signed(settings: &GatewayConfig, mail: &Inbound) -> bool {
    let ours = |signed: &Signed| {
        let domain = &signed.domain;
        let mut known = settings.reports_from.iter();
        let theirs = !open_to_all(domain) && known.any(|known| aligned(domain, known));
        theirs && signed.covers("subject")
    };
    mail.dkim.iter().any(ours)
}

/// Subject and text, line by line.
fn lines(mail: &Inbound) -> Vec<String> {
    let text = match (&mail.text, &mail.html) {
        (Some(text), _) => text.clone(),
        (None, Some(html)) => html_to_text(html),
        (None, None) => String::new(),
    };
    let body = text.lines().take(400).map(|line| line.trim().to_owned());
    std::iter::once(mail.subject.clone()).chain(body).collect()
}

/// The one fax whose purchase order's number stands in the mail as a word of its own.
fn named(tx: &Tx, mail: &Inbound) -> Result<Option<DeliveryRow>, LedgerError> {
    let text = lines(mail).join("\n");
    let since = clock::text(tx.now() - RECENT);
    let mut rows = tx.untold_faxes(&since)?;
    rows.retain(|(_, number)| has_word(&text, number.trim_start_matches('#')));
    match rows.as_slice() {
        [(only, _)] => tx.delivery(*only).map(Some),
        _ => Ok(None),
    }
}

/// Whether `word` stands in `text` with nothing beside it that could belong to a longer number.
fn has_word(text: &str, word: &str) -> bool {
    let inside = |c: char| c.is_alphanumeric() || c == '-';
    text.match_indices(word).any(|(at, _)| {
        let before = text[..at].chars().next_back();
        let after = text[at + word.len()..].chars().next();
        !before.is_some_and(inside) && !after.is_some_and(inside)
    })
}

fn verdict(settings: &GatewayConfig, mail: &Inbound) -> FaxVerdict {
    let lines = lines(mail);
    let fits = |patterns: &[Regex]| {
        let one = |pattern: &Regex| lines.iter().any(|line| pattern.is_match(line));
        patterns.iter().any(one)
    };
    match (
        fits(&settings.report_success),
        fits(&settings.report_failure),
    ) {
        (true, false) => FaxVerdict::Arrived,
        (false, true) => FaxVerdict::Failed,
        _ => FaxVerdict::Unclear,
    }
}

/// Writes down what became of a fax, and what follows from it.
fn tell(
    tx: &Tx,
    site: &App,
    id: i64,
    mail: &Inbound,
    settings: &GatewayConfig,
    row: &DeliveryRow,
) -> Result<Ended, LedgerError> {
    let said = one_line(&format!("{}: {}", mail.subject, mail.excerpt()));
    let note = format!("the fax gateway writes about \"{}\": {said}", row.subject);
    let (state, word) = match verdict(settings, mail) {
        FaxVerdict::Unclear => {
            tx.note_delivery(row, id, &note)?;
            let reason = format!(
                "a mail of the fax gateway about delivery {}: it fits neither report_success nor report_failure, or both",
                row.id
            );
            return finish(tx, id, MessageState::Ignored, row.order_id, &reason);
        }
        FaxVerdict::Arrived => ("delivered", "it arrived"),
        FaxVerdict::Failed => ("failed", "it did not arrive"),
    };
    if let Some(job) = tx.untold_fax(row.id)? {
        let news = FaxNews {
            state,
            status: "told by mail".to_owned(),
            detail: said.clone(),
            ..FaxNews::default()
        };
        tx.note_fax(job, row, &news)?;
    }
    let opened = match state {
        "failed" => {
            let why = Returned {
                message: id,
                recipients: &[],
                diagnostic: &said,
                severity: site.config.rules.severity(Code::Bounced),
            };
            bounce::returned(tx, row, &why)?
        }
        _ => {
            bounce::proved(tx, row, "the fax gateway reports that it arrived")?;
            tx.note_delivery(row, id, &note)?;
            false
        }
    };
    let reason = format!("the fax gateway about delivery {}: {word}", row.id);
    let done = finish(tx, id, MessageState::Accepted, row.order_id, &reason)?;
    Ok(Ended {
        opened: usize::from(opened),
        ..done
    })
}

fn finish(
    tx: &Tx,
    id: i64,
    state: MessageState,
    order: Option<i64>,
    reason: &str,
) -> Result<Ended, LedgerError> {
    end(tx, id, state, order, reason)?;
    Ok(Ended {
        state,
        opened: 0,
        failure: None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_a_word_of_its_own() {
        for (text, there) in [
            ("Re: Purchase order W1-1", true),
            ("W1-1", true),
            ("(W1-1).", true),
            ("W1-10", false),
            ("W1-1-2", false),
            ("XW1-1", false),
            ("9-W1-1", false),
            ("W1-12 and W1-1,", true),
        ] {
            assert_eq!(has_word(text, "W1-1"), there, "{text}");
        }
    }
}
