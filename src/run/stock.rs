//! Lists of what vendors have: those that sources brought, and those that did not come.

use super::Run;
use crate::app::App;
use crate::app::report::RunReport;
use crate::config::Config;
use crate::correspondence;
use crate::desk::stock;
use crate::domain::business_refusal::{BusinessRefusal, RefusalKind};
use crate::domain::codes::{Code, Severity};
use crate::domain::lifecycle::MessageState;
use crate::domain::stock::{StockFeed, StockList};
use crate::intake::inbound::Inbound;
use crate::intake::read::StockDocument;
use crate::intake::refusal::Refusal;
use crate::intake::settle;
use crate::ledger::exceptions::Subject;
use crate::ledger::messages::MessageOutcome;
use crate::ledger::{LedgerError, Tx};
use crate::rules::out_of_stock;

/// Takes in the list that a vendor's mail brings, or holds the mail; whether it brings one. One at which poms fails
/// is the caller's to hold.
pub(super) fn by_mail(
    tx: &Tx,
    site: &App,
    message: i64,
    mail: &Inbound,
    part: &mut RunReport,
) -> Result<bool, LedgerError> {
    let Some(found) = correspondence::stock_list(tx, site, message, mail)? else {
        return Ok(false);
    };
    match &found.list {
        Ok(document) => list(tx, site, message, document, part)?,
        Err(refusal) => hold(tx, site, message, refusal, part)?,
    }
    let told = correspondence::tell_beside(tx, site, message, mail, &found)?;
    part.exceptions.opened += usize::from(told);
    Ok(true)
}

fn hold(
    tx: &Tx,
    site: &App,
    message: i64,
    refusal: &Refusal,
    part: &mut RunReport,
) -> Result<(), LedgerError> {
    let severity = site.config.rules.severity(refusal.code);
    let state = settle::refuse(tx, message, refusal, severity)?;
    part.messages.count(state);
    part.exceptions.opened += usize::from(severity != Severity::Off);
    Ok(())
}

/// Takes in a list, or holds its message; one at which poms fails is the caller's to hold.
pub(super) fn list(
    tx: &Tx,
    site: &App,
    message: i64,
    list: &StockDocument,
    part: &mut RunReport,
) -> Result<(), LedgerError> {
    let taken = tx.apart(|| stock::take(tx, site, message, list, None))?;
    let (state, why) = match taken {
        Ok(said) => (MessageState::Accepted, said.into_iter().next()),
        Err(LedgerError::Refused(why)) if why.kind() == RefusalKind::Done => {
            (MessageState::Duplicate, Some(why.words().to_owned()))
        }
        Err(LedgerError::Refused(why)) => {
            return hold(tx, site, message, &refusal(list, &why), part);
        }
        Err(fault) => return Err(fault),
    };
    let outcome = MessageOutcome {
        reason: why.as_deref(),
        ..MessageOutcome::default()
    };
    tx.settle_message(message, state, &outcome)?;
    part.messages.count(state);
    Ok(())
}

fn refusal(list: &StockDocument, why: &BusinessRefusal) -> Refusal {
    match why.kind() {
        RefusalKind::Unproved => Refusal::new(Code::StockOdd, why.words()),
        RefusalKind::Unknown => Refusal::new(
            Code::StockUnread,
            format!(
                "{}: stock_of of its [[source]] or [[stock_mail]] names it",
                why.words()
            ),
        ),
        _ => Refusal::new(
            Code::StockUnread,
            format!("of vendor {}: {}", list.feed.vendor_id, why.words()),
        ),
    }
}

/// The newest list of the vendor that a configuration names.
fn of_feed(tx: &Tx, vendor: &str) -> Result<Option<StockList>, LedgerError> {
    let mut all = tx.vendors()?.into_iter();
    match all.find(|(one, _)| one.id.eq_ignore_ascii_case(vendor)) {
        Some((vendor, _)) => tx.stock_list(&vendor.id),
        None => Ok(None),
    }
}

/// What brings lists by itself, in words, and whose.
fn feeds(config: &Config) -> Vec<(String, &StockFeed)> {
    let sources = config.sources.iter().filter_map(|source| {
        let feed = source.stock.as_ref()?;
        Some((format!("the source {}", source.name), feed))
    });
    let mails = config.stock_mails.iter().map(|mail| {
        let what = format!("mails with \"{}\" in their subject", mail.subject);
        (what, &mail.feed)
    });
    sources.chain(mails).collect()
}

impl Run<'_> {
    /// Tells a person of vendors whose lists a source should bring and did not, once for each.
    pub(super) fn watch_stock(&mut self) -> anyhow::Result<()> {
        let (site, now) = (self.site, self.site.clock.now());
        let severity = site.config.rules.severity(Code::StockStale);
        if severity == Severity::Off || self.stopping() {
            return Ok(());
        }
        let patience = out_of_stock::max_age(&site.config.rules);
        let mut late = Vec::new();
        for (what, feed) in feeds(&site.config) {
            let list = of_feed(&self.ledger.read(), &feed.vendor_id)?;
            let stale = list.filter(|list| now - list.as_of > patience);
            late.extend(stale.map(|list| (what.clone(), list)));
        }
        if late.is_empty() {
            return Ok(());
        }
        self.report.exceptions.opened += self.ledger.write(now, |tx| {
            let mut opened = 0;
            for (what, list) in &late {
                let text = format!(
                    "{what} brought no list of what {} has since {}: after {} hours nobody knows what is there",
                    list.vendor_id,
                    list.as_of.format("%Y-%m-%d %H:%M UTC"),
                    patience.num_hours()
                );
                let entity = stock::stale_entity(list.id);
                if !tx.was_opened(Code::StockStale, &entity)? {
                    tx.open_exception(Code::StockStale, severity, &entity, Subject::default(), &text)?;
                    opened += 1;
                }
            }
            Ok::<_, LedgerError>(opened)
        })?;
        Ok(())
    }
}
