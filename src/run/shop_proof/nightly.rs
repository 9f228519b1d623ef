//! The comparison of each shop once a night: what differs is one exception, which ends by itself when nothing does
//! any more. What a person dismissed is not listed again; what is new is.

use super::{Comparison, PERIOD, compare};
use crate::app::App;
use crate::clock;
use crate::config::SourceConfig;
use crate::domain::codes::{Code, Severity};
use crate::domain::foreign::cut;
use crate::ledger::exceptions::{ExceptionRow, Subject};
use crate::ledger::{LedgerError, Tx};
use crate::reports::layout::count;
use crate::reports::shop::{ShopDifference, ShopProof};
use crate::run::Run;
use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use chrono_tz::Tz;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

/// A night's comparison begins so long before the last one: what came about while that went on.
const AGAIN: TimeDelta = TimeDelta::days(2);
/// One that was not to be had is tried again after so long.
const LATER: TimeDelta = TimeDelta::hours(1);
/// All that a run waits for a shop that has enough of us.
const PATIENCE: Duration = Duration::from_secs(30);
/// Characters of the exception's text.
const LONGEST: usize = 1800;

/// So many things that a person dismissed are kept; beyond, only those that still differ.
const MOST_DISMISSED: usize = 2000;

/// What is kept of a source's comparisons, as a setting of the ledger.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
struct Compared {
    /// The place that was compared.
    place: String,
    /// When the last one was whole; the first time that anybody looked, before there was any.
    at: String,
    /// Whether there was one.
    #[serde(default)]
    ever: bool,
    /// When the last one was tried that was not whole.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    tried: Option<String>,
    /// The exception that lists what differs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    exception: Option<i64>,
    /// What it lists: by what each is known again, and since when it is so.
    #[serde(default)]
    listed: BTreeMap<String, String>,
    /// What a person dismissed.
    #[serde(default)]
    dismissed: BTreeSet<String>,
}

impl Run<'_> {
    /// Compares each shop whose night has come.
    pub(in crate::run) fn compare_shops(&mut self) -> anyhow::Result<()> {
        let site = self.site;
        for source in &site.config.sources {
            let Some(hour) = source.compare_hour() else {
                continue;
            };
            if self.stopping() || self.ledger.is_rehearsal() {
                return Ok(());
            }
            // one that was not to be had just now would give no more now
            if !self.report.has_read(&source.name) {
                continue;
            }
            self.compare_shop(source, hour)?;
        }
        Ok(())
    }

    fn compare_shop(&mut self, source: &SourceConfig, hour: u32) -> anyhow::Result<()> {
        let (site, now) = (self.site, self.site.clock.now());
        let name = setting(source);
        let kept = self.ledger.read().setting(&name)?;
        let kept = kept.and_then(|text| serde_json::from_str::<Compared>(&text).ok());
        let place = source.place();
        let Some(mut state) = kept.filter(|kept| kept.place == place) else {
            // what came just now needs no proof: the first night does
            let state = Compared {
                place,
                at: clock::text(now),
                ..Compared::default()
            };
            let why = "its shop is compared with the ledger from the next night on";
            return Ok(self.ledger.write(now, |tx| keep(tx, &name, &state, why))?);
        };
        let zone = site.config.site.timezone;
        let last = clock::parse(&state.at).unwrap_or(DateTime::UNIX_EPOCH);
        let tried = state.tried.as_deref().and_then(clock::parse);
        let too_soon = tried.is_some_and(|tried| now - tried < LATER);
        if night(last, zone, hour) >= night(now, zone, hour) || too_soon {
            return Ok(());
        }
        let comparison = Comparison {
            source,
            from: state.begins(last, now),
            now,
            patience: PATIENCE,
            stop: self.stop,
        };
        let Some(proof) = compare(&self.ledger, &comparison)? else {
            return Ok(());
        };
        if let Some(why) = &proof.broken_off {
            tracing::info!(
                "source {}: the comparison with its shop ended: {why}",
                source.name
            );
            let overdue = now - last > AGAIN;
            state.tried = Some(clock::text(now));
            self.ledger.write(now, |tx| keep(tx, &name, &state, why))?;
            return match overdue {
                true => self.fail(format!(
                    "source {}: it could not be compared with its shop since {}: {why}",
                    source.name,
                    last.format("%Y-%m-%d %H:%M UTC")
                )),
                false => Ok(()),
            };
        }
        let opened = self.ledger.write(now, |tx| {
            let opened = list(tx, site, &proof, &mut state)?;
            (state.at, state.ever, state.tried) = (clock::text(now), true, None);
            keep(tx, &name, &state, "its shop was compared with the ledger")?;
            Ok::<_, LedgerError>(opened)
        })?;
        self.report.exceptions.opened += opened;
        Ok(())
    }
}

impl Compared {
    /// From when on the next one compares: what is listed stays in sight, however old it is.
    fn begins(&self, last: DateTime<Utc>, now: DateTime<Utc>) -> DateTime<Utc> {
        let first = match self.ever {
            true => last - AGAIN,
            false => now - PERIOD,
        };
        let listed = self.listed.values().filter_map(|at| clock::parse(at));
        listed.fold(first, |first, at| first.min(at))
    }
}

/// When a source was compared with its shop last, to the end; `None` where it never was.
///
/// # Errors
/// SQLite's.
pub fn compared_at(tx: &Tx, source: &SourceConfig) -> Result<Option<DateTime<Utc>>, LedgerError> {
    let kept = tx.setting(&setting(source))?;
    let kept = kept.and_then(|text| serde_json::from_str::<Compared>(&text).ok());
    let whole = kept.filter(|kept| kept.ever && kept.place == source.place());
    Ok(whole.and_then(|kept| clock::parse(&kept.at)))
}

/// The ledger's setting for a source.
fn setting(source: &SourceConfig) -> String {
    format!("shop_compared:{}", source.name)
}

fn keep(tx: &Tx, name: &str, state: &Compared, why: &str) -> Result<(), LedgerError> {
    let text = serde_json::json!(state).to_string();
    tx.set_setting(name, &text, why)
}

/// The night in which a moment lies: it begins at the hour and lasts until the next day's.
fn night(moment: DateTime<Utc>, zone: Tz, hour: u32) -> NaiveDate {
    let local = moment.with_timezone(&zone).naive_local();
    (local - TimeDelta::hours(i64::from(hour))).date()
}

/// Brings the exception up to date; how many were opened.
fn list(
    tx: &Tx,
    site: &App,
    proof: &ShopProof,
    state: &mut Compared,
) -> Result<usize, LedgerError> {
    let open: Option<ExceptionRow> = match state.exception {
        Some(id) => Some(tx.exception(id)?),
        None => None,
    };
    let by_hand = open
        .as_ref()
        .is_some_and(|row| !row.open && row.resolution.as_deref() != Some("cleared"));
    if by_hand {
        state.dismissed.extend(state.listed.keys().cloned());
    }
    // what a person knows of by another exception is decided there
    let all = proof
        .differences
        .iter()
        .filter(|one| one.exception.is_none());
    let all: Vec<&ShopDifference> = all.collect();
    if state.dismissed.len() > MOST_DISMISSED {
        let stands = |key: &String| all.iter().any(|one| one.key == *key);
        state.dismissed.retain(stands);
    }
    let mut fresh = all;
    fresh.retain(|one| !state.dismissed.contains(&one.key));
    let listed = fresh
        .iter()
        .map(|one| (one.key.clone(), clock::text(one.at)));
    state.listed = listed.collect();
    let open = open.filter(|row| row.open);
    let severity = site.config.rules.severity(Code::ShopUnreconciled);
    if fresh.is_empty() || severity == Severity::Off {
        if let Some(row) = open {
            let note = "shop and ledger were compared again, and nothing of it differs any more";
            tx.resolve_exception(&row, "cleared", note)?;
        }
        state.exception = None;
        return Ok(0);
    }
    let entity = format!("source:{}", proof.source);
    let text = words(proof, &fresh);
    let about = Subject::default();
    let (id, new) = tx.list_exception(Code::ShopUnreconciled, severity, &entity, about, &text)?;
    state.exception = Some(id);
    Ok(usize::from(new))
}

/// The exception's text: what differs, each with its remedy.
fn words(proof: &ShopProof, differences: &[&ShopDifference]) -> String {
    let mut text = format!(
        "{} between the shop ({}) and the ledger, of {}, {} and {} compared from {} on",
        count(differences.len(), "difference"),
        proof.place,
        count(proof.orders, "order"),
        count(proof.shipments, "shipment"),
        count(proof.cancellations, "cancellation"),
        proof.from.format("%Y-%m-%d")
    );
    for (place, one) in differences.iter().enumerate() {
        let remedy = one.remedy.as_ref();
        let remedy = remedy.map_or(String::new(), |remedy| format!(": `poms {remedy}`"));
        let next = format!("; {}: {}{remedy}", one.order, one.words());
        if text.len() + next.len() > LONGEST {
            let more = differences.len() - place;
            text.push_str(&format!("; and {more} more: `poms report shop` has all"));
            break;
        }
        text.push_str(&next);
    }
    cut(&text, LONGEST + 100)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_night_begins_at_its_hour_of_the_site() {
        let at = |text: &str| clock::parse(text).unwrap();
        let zone = chrono_tz::America::New_York;
        let day = |text: &str| night(at(text), zone, 3).to_string();
        assert_eq!(day("2025-06-03T06:59:00Z"), "2025-06-02");
        assert_eq!(day("2025-06-03T07:00:00Z"), "2025-06-03");
        assert_eq!(day("2025-06-04T06:59:00Z"), "2025-06-03");
    }

    #[test]
    fn what_is_listed_stays_in_sight() {
        let at = |text: &str| clock::parse(text).unwrap();
        let (last, now) = (at("2025-06-10T07:00:00Z"), at("2025-06-11T07:00:00Z"));
        let mut state = Compared::default();
        assert_eq!(state.begins(last, now), now - PERIOD);
        state.ever = true;
        assert_eq!(state.begins(last, now), last - AGAIN);
        let old = "2025-04-01T00:00:00.000Z";
        state.listed.insert("order 7".to_owned(), old.to_owned());
        assert_eq!(state.begins(last, now), at(old));
    }
}
