//! How far a walk through the shop's orders came: the words of a cursor. Pages of WooCommerce's list are counted
//! off from its beginning, and shift when an order moves: so no page but the first is ever asked for. The next
//! orders are those that changed at or after the last one's second, without those of that second that came.

use crate::clock;
use crate::shops::{OVERLAP, next_from};
use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};
use serde_json::json;

/// Orders of one second that can be left out of a question: more would not fit into an address.
pub(super) const MOST_OF_A_SECOND: usize = 500;

/// A walk.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct WooCommerceWalk {
    /// All that changed before this moment was seen by earlier walks.
    pub from: DateTime<Utc>,
    /// When it began, by our clock.
    pub begun: DateTime<Utc>,
    /// The second of the latest change that it met.
    #[serde(default)]
    pub at: Option<DateTime<Utc>>,
    /// The orders of that second that came.
    #[serde(default)]
    pub came: Vec<u64>,
}

impl WooCommerceWalk {
    /// Goes on where a cursor says; words that cannot be read begin at `since`, so that nothing is lost.
    pub(super) fn read(
        words: Option<&str>,
        since: DateTime<Utc>,
        now: DateTime<Utc>,
    ) -> WooCommerceWalk {
        let read = words.and_then(|words| serde_json::from_str::<WooCommerceWalk>(words).ok());
        match read {
            Some(walk) if walk.at.is_some() => walk,
            Some(walk) => WooCommerceWalk::begin(walk.from.max(since), now),
            None => WooCommerceWalk::begin(since, now),
        }
    }

    /// Begins at a moment.
    pub(super) fn begin(from: DateTime<Utc>, now: DateTime<Utc>) -> WooCommerceWalk {
        WooCommerceWalk {
            from,
            begun: now,
            at: None,
            came: Vec::new(),
        }
    }

    /// The second from which on the next orders are wanted.
    pub(super) fn lowest(&self) -> DateTime<Utc> {
        self.at.unwrap_or(self.from - OVERLAP)
    }

    /// What `modified_after` must say: the shop leaves out what changed at that very second.
    pub(super) fn modified_after(&self) -> String {
        let before = self.lowest() - TimeDelta::seconds(1);
        before.format("%Y-%m-%dT%H:%M:%S").to_string()
    }

    /// The ids that are not wanted again.
    pub(super) fn exclude(&self) -> String {
        let ids: Vec<String> = self.came.iter().map(u64::to_string).collect();
        ids.join(",")
    }

    /// Takes an order that changed in this second.
    pub(super) fn meet(&mut self, id: u64, changed: DateTime<Utc>) {
        if self.at != Some(changed) {
            self.at = Some(changed);
            self.came.clear();
        }
        if !self.came.contains(&id) {
            self.came.push(id);
        }
    }

    /// The walk that follows this one, which came to its end.
    pub(super) fn next(&self, now: DateTime<Utc>) -> WooCommerceWalk {
        WooCommerceWalk::begin(next_from(self.from, self.begun, self.at), now)
    }

    /// Its words.
    pub(super) fn words(&self) -> String {
        json!({
            "from": clock::text(self.from),
            "begun": clock::text(self.begun),
            "at": self.at.map(clock::text),
            "came": self.came,
        })
        .to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> DateTime<Utc> {
        clock::parse(text).unwrap()
    }

    #[test]
    fn the_next_page_begins_in_the_last_ones_second_without_what_came() {
        let (since, now) = (at("2026-11-01T00:00:00Z"), at("2026-11-30T12:00:00Z"));
        let mut walk = WooCommerceWalk::read(None, since, now);
        assert_eq!(walk.modified_after(), "2026-10-31T23:49:59");
        walk.meet(7, at("2026-11-03T10:00:00Z"));
        walk.meet(9, at("2026-11-03T10:00:05Z"));
        walk.meet(8, at("2026-11-03T10:00:05Z"));
        let walk = WooCommerceWalk::read(Some(&walk.words()), since, now);
        assert_eq!(walk.modified_after(), "2026-11-03T10:00:04");
        assert_eq!(walk.exclude(), "9,8");
        let next = walk.next(now);
        assert_eq!(
            (next.from, next.at, next.exclude().as_str()),
            (at("2026-11-03T10:00:05Z"), None, "")
        );
    }
}
