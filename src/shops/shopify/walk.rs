//! How far a walk through the shop's orders came: the words of a cursor.

use crate::clock;
use crate::shops::{OVERLAP, next_from, seconds};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// A walk. Its filter stays the same from page to page, also over several runs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct ShopifyWalk {
    /// All that changed before this moment was seen by earlier walks.
    pub from: DateTime<Utc>,
    /// When it began, by our clock.
    pub begun: DateTime<Utc>,
    /// The latest change that it met.
    #[serde(default)]
    pub seen: Option<DateTime<Utc>>,
    /// The shop's word for the place behind the last order that was taken.
    #[serde(default)]
    pub page: Option<String>,
}

impl ShopifyWalk {
    /// Goes on where a cursor says; words that cannot be read begin at `since`, so that nothing is lost.
    pub(super) fn read(
        words: Option<&str>,
        since: DateTime<Utc>,
        now: DateTime<Utc>,
    ) -> ShopifyWalk {
        let read = words.and_then(|words| serde_json::from_str::<ShopifyWalk>(words).ok());
        match read {
            Some(walk) if walk.page.is_some() => walk,
            Some(walk) => ShopifyWalk::begin(walk.from.max(since), now),
            None => ShopifyWalk::begin(since, now),
        }
    }

    fn begin(from: DateTime<Utc>, now: DateTime<Utc>) -> ShopifyWalk {
        ShopifyWalk {
            from,
            begun: now,
            seen: None,
            page: None,
        }
    }

    /// The same walk from its first page.
    pub(super) fn again(&self) -> ShopifyWalk {
        ShopifyWalk {
            page: None,
            ..self.clone()
        }
    }

    /// Takes an order that changed at this moment.
    pub(super) fn meet(&mut self, changed: DateTime<Utc>) {
        self.seen = Some(self.seen.map_or(changed, |seen| seen.max(changed)));
    }

    /// The walk that follows this one, which came to its end.
    pub(super) fn next(&self, now: DateTime<Utc>) -> ShopifyWalk {
        ShopifyWalk::begin(next_from(self.from, self.begun, self.seen), now)
    }

    /// The filter of the shop's list (<https://shopify.dev/docs/api/usage/search-syntax>).
    pub(super) fn filter(&self, since: DateTime<Utc>) -> String {
        ShopifyWalk::filter_from(self.from - OVERLAP, since)
    }

    /// The filter of what changed at a moment or later.
    pub(super) fn filter_from(from: DateTime<Utc>, since: DateTime<Utc>) -> String {
        format!(
            "updated_at:>='{}' AND created_at:>='{}'",
            seconds(from),
            seconds(since)
        )
    }

    /// Its words.
    pub(super) fn words(&self) -> String {
        let text = |moment: DateTime<Utc>| clock::text(moment);
        serde_json::json!({
            "from": text(self.from),
            "begun": text(self.begun),
            "seen": self.seen.map(text),
            "page": self.page,
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
    fn a_walk_goes_on_where_it_was_and_never_past_what_it_may_have_missed() {
        let (since, now) = (at("2026-11-01T00:00:00Z"), at("2026-11-30T12:00:00Z"));
        let mut walk = ShopifyWalk::read(None, since, now);
        assert_eq!((walk.from, walk.begun), (since, now));
        walk.page = Some("p1".to_owned());
        walk.meet(at("2026-11-29T08:00:00Z"));
        let later = at("2026-11-30T15:00:00Z");
        let resumed = ShopifyWalk::read(Some(&walk.words()), since, later);
        assert_eq!(
            resumed, walk,
            "a walk that is under way keeps its beginning"
        );
        let mut end = resumed;
        assert_eq!(end.next(later).from, at("2026-11-29T08:00:00Z"));
        // it went on for hours and met what changed meanwhile
        end.meet(at("2026-11-30T14:59:00Z"));
        assert_eq!(end.next(later).from, now);
        // nothing came: the point stays
        let idle = ShopifyWalk::read(Some(&end.next(later).words()), since, later);
        assert_eq!(idle.next(later).from, now);
        assert!(
            idle.filter(since)
                .starts_with("updated_at:>='2026-11-30T11:50:00Z' AND")
        );
        // a cursor of another poms
        let lost = ShopifyWalk::read(Some("v9:…"), since, later);
        assert_eq!(lost.from, since);
        // a clock that was an hour behind
        let mut behind = ShopifyWalk::read(None, since, at("2026-10-01T00:00:00Z"));
        behind.meet(at("2026-11-05T00:00:00Z"));
        assert_eq!(behind.next(later).from, since);
    }
}
