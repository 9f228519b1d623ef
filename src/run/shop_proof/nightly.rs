//! The comparison of each shop once a night: what differs is one exception, which ends by itself when nothing does
//! any more. What a person dismissed is not listed again; what is new is. A run spends so much time on it, and the
//! next ones go on where it came to; what it comes to is said when everything was seen.

use super::going::UnderWay;
use super::kept::{Compared, keep, read, setting_of, under_way_of};
use super::{CompareEnd, Comparison, Going, PERIOD, go_on};
use crate::app::App;
use crate::clock;
use crate::config::{ComparesShop, SourceConfig};
use crate::domain::codes::{Code, Severity};
use crate::domain::foreign::cut;
use crate::ledger::exceptions::{ExceptionRow, Subject};
use crate::ledger::{LedgerError, Tx};
use crate::reports::layout::count;
use crate::reports::shop::{ShopDifference, ShopProof};
use crate::run::Run;
use crate::shops::compared::CompareEffort;
use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use chrono_tz::Tz;
use serde_json::json;
use std::time::{Duration, Instant};

/// A night's comparison begins so long before the last one: what came about while that went on.
const AGAIN: TimeDelta = TimeDelta::days(2);
/// One that was not to be had is tried again after so long.
const LATER: TimeDelta = TimeDelta::hours(1);
/// One that came no further for so long begins anew: the place in the shop's list may be none any more.
const STUCK: TimeDelta = TimeDelta::hours(6);
/// All that a run waits for a shop that has enough of us.
const PATIENCE: Duration = Duration::from_secs(30);
/// Characters of the exception's text.
const LONGEST: usize = 1800;

/// So many things that a person dismissed are kept; beyond, only those that still differ.
const MOST_DISMISSED: usize = 2000;

impl Run<'_> {
    /// Compares each shop whose night has come.
    pub(in crate::run) fn compare_shops(&mut self) -> anyhow::Result<()> {
        let site = self.site;
        for source in &site.config.sources {
            let Some(times) = source.compares() else {
                continue;
            };
            if self.stopping() || self.ledger.is_rehearsal() {
                return Ok(());
            }
            // one that was not to be had just now would give no more now
            if !self.report.has_read(&source.name) {
                continue;
            }
            self.compare_shop(source, times)?;
        }
        Ok(())
    }

    fn compare_shop(&mut self, source: &SourceConfig, times: ComparesShop) -> anyhow::Result<()> {
        let (zone, now) = (self.site.config.site.timezone, self.site.clock.now());
        let (name, place) = (setting_of(source), source.place());
        let kept: Option<Compared> = read(&self.ledger.read(), &name)?;
        let Some(state) = kept.filter(|kept| kept.place == place) else {
            // what came just now needs no proof: the first night does
            let state = Compared {
                place,
                at: clock::text(now),
                ..Compared::default()
            };
            let why = "its shop is compared with the ledger from the next night on";
            return Ok(self
                .ledger
                .write(now, |tx| keep(tx, &name, &json!(state), why))?);
        };
        let last = clock::parse(&state.at).unwrap_or(DateTime::UNIX_EPOCH);
        let tried = state.tried.as_deref().and_then(clock::parse);
        if tried.is_some_and(|tried| now - tried < LATER) {
            return Ok(());
        }
        let under_way: Option<UnderWay> = read(&self.ledger.read(), &under_way_of(source))?;
        let under_way = under_way.and_then(|one| Some((one.times(&place)?, one)));
        let under_way = under_way.filter(|((_, moved), _)| now - *moved < STUCK);
        let is_due = night(last, zone, times.hour) < night(now, zone, times.hour);
        if under_way.is_none() && !is_due {
            return Ok(());
        }
        let begun = under_way.as_ref().map_or(now, |((begun, _), _)| *begun);
        let comparison = Comparison {
            source,
            from: state.begins(last, now),
            until: Some(begun),
            now,
            zone,
            effort: CompareEffort {
                patience: PATIENCE.min(times.budget),
                deadline: Some(Instant::now() + times.budget),
            },
            stop: self.stop,
        };
        let Some(fresh) = Going::begin(&comparison) else {
            return Ok(());
        };
        let (moved, mut going) = match under_way {
            Some(((_, moved), one)) => (moved, one.taken_up(fresh)),
            None => (now, fresh),
        };
        let before = going.place.clone();
        let end = go_on(&self.ledger, &comparison, &mut going)?;
        let moved = if going.place == before { moved } else { now };
        self.compared(source, state, (&going, begun, moved), end)
    }

    /// Keeps what became of a comparison in this run.
    fn compared(
        &mut self,
        source: &SourceConfig,
        mut state: Compared,
        (going, begun, moved): (&Going, DateTime<Utc>, DateTime<Utc>),
        end: CompareEnd,
    ) -> anyhow::Result<()> {
        let (site, now) = (self.site, self.site.clock.now());
        let (name, under_way) = (setting_of(source), under_way_of(source));
        let so_far = json!(going.kept(begun, moved));
        match end {
            CompareEnd::Whole => {
                let opened = self.ledger.write(now, |tx| {
                    let opened = list(tx, site, &going.proof, &mut state)?;
                    (state.at, state.ever) = (clock::text(begun), true);
                    (state.tried, state.why) = (None, None);
                    let why = "its shop was compared with the ledger";
                    keep(tx, &name, &json!(state), why)?;
                    if tx.setting(&under_way)?.is_some() {
                        keep(tx, &under_way, &json!(null), why)?;
                    }
                    Ok::<_, LedgerError>(opened)
                })?;
                self.report.exceptions.opened += opened;
                Ok(())
            }
            CompareEnd::Later => {
                let why = "the comparison with its shop goes on in the next run";
                (state.tried, state.why) = (None, None);
                Ok(self.ledger.write(now, |tx| {
                    keep(tx, &name, &json!(state), why)?;
                    keep(tx, &under_way, &so_far, why)
                })?)
            }
            CompareEnd::Failed(why) => {
                tracing::info!(
                    "source {}: the comparison with its shop ended: {why}",
                    source.name
                );
                let last = clock::parse(&state.at).unwrap_or(DateTime::UNIX_EPOCH);
                (state.tried, state.why) = (Some(clock::text(now)), Some(why.clone()));
                self.ledger.write(now, |tx| {
                    keep(tx, &name, &json!(state), &why)?;
                    keep(tx, &under_way, &so_far, &why)
                })?;
                match now - last > AGAIN {
                    true => self.fail(format!(
                        "source {}: it could not be compared with its shop since {}: {why}",
                        source.name,
                        last.format("%Y-%m-%d %H:%M UTC")
                    )),
                    false => Ok(()),
                }
            }
        }
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
        // a comparison of many runs keeps the words of the first ones only
        if one.says.is_empty() || text.len() + next.len() > LONGEST {
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
