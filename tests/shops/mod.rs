//! Shops by their own interfaces, before shops that answer by what is published of them: nothing is lost, nothing
//! comes twice, and the cursor never stands past what was not had.

mod closing;
mod cut;
mod days;
mod given_back;
mod may_not;
mod prefix;
mod run;
mod shopify;
mod shopify_faults;
mod told;
mod woocommerce;

use chrono::{DateTime, Utc};
use poms::formats::{self, OrderDocument};
use poms::http::{Endpoint, Hosts, Secret, SettingNames};
use poms::intake::source::{
    Budget, Cursor, DocumentContent, Source, SourceDocument, SourceFailure,
};
use serde_json::Value;
use std::sync::Arc;

/// Noon of a Monday; the shops' orders are of that month.
const NOW: &str = "2026-11-30T12:00:00Z";

fn at(text: &str) -> DateTime<Utc> {
    poms::clock::parse(text).expect("a moment")
}

fn secret(text: &'static str) -> Secret {
    Arc::new(move || Ok(text.to_owned().into()))
}

fn endpoint(url: &str) -> Endpoint {
    Endpoint {
        base: url.parse().expect("an address"),
        hosts: Hosts::Public,
        allow_plaintext: false,
        ca_file: None,
        settings: SettingNames {
            base: "source.url",
            hosts: "source.allow_private",
        },
    }
}

/// What a run keeps of a source: documents, and behind them the cursor.
struct Kept {
    documents: Vec<SourceDocument>,
    cursor: Option<Cursor>,
    now: DateTime<Utc>,
    /// Documents on a page, at most.
    page: usize,
}

impl Kept {
    fn new() -> Kept {
        Kept {
            documents: Vec::new(),
            cursor: None,
            now: at(NOW),
            page: 100,
        }
    }

    fn budget(&self) -> Budget {
        Budget {
            documents: self.page,
            bytes: 64 << 20,
            largest: 10 << 20,
            now: self.now,
        }
    }

    /// One page, stored with its cursor; whether there is more.
    fn page(&mut self, source: &mut dyn Source) -> Result<bool, SourceFailure> {
        let page = source.poll(self.cursor.as_ref(), &self.budget())?;
        assert!(
            page.documents.len() <= self.page,
            "more than were asked for"
        );
        for document in page.documents {
            // as the ledger does
            let begins = |before: &String| {
                let mut kept = self.documents.iter();
                kept.any(|one| one.name.identity.starts_with(before.as_str()))
            };
            if !document.follows.as_ref().is_none_or(begins) {
                continue;
            }
            if !self.documents.contains(&document) {
                self.documents.push(document);
            }
        }
        self.cursor = page.after.or(self.cursor.take());
        Ok(page.more)
    }

    /// All pages of a run.
    fn run(&mut self, source: &mut dyn Source) -> Result<usize, SourceFailure> {
        let before = self.documents.len();
        for _ in 0..500 {
            if !self.page(source)? {
                return Ok(self.documents.len() - before);
            }
        }
        panic!("a source without an end");
    }

    fn json(&self, place: usize) -> Value {
        let DocumentContent::Whole(bytes) = &self.documents[place].content else {
            panic!("too large");
        };
        serde_json::from_slice(bytes).expect("JSON")
    }

    fn all(&self) -> Vec<Value> {
        (0..self.documents.len())
            .map(|place| self.json(place))
            .collect()
    }

    /// Fails when the present state of an order of the shop never came.
    fn has_all(&self, orders: &[Value], key: &str) {
        let all = self.all();
        for order in orders {
            let came = all
                .iter()
                .any(|one| one["id"] == order["id"] && one[key] == order[key]);
            assert!(came, "{} as of {} is lost", order["id"], order[key]);
        }
    }

    /// The order of a document in poms' own form.
    fn read(&self, place: usize, format: &str) -> Value {
        let DocumentContent::Whole(bytes) = &self.documents[place].content else {
            panic!("too large");
        };
        let name = &self.documents[place].name;
        let document = OrderDocument::new(bytes.clone())
            .of_type(&name.media_type, None)
            .named(&name.file_name);
        let mut found = formats::find(&document).expect("an order");
        assert_eq!((found.format.as_str(), found.orders.len()), (format, 1));
        found.orders.remove(0).expect("an order")
    }
}

/// Every how many bytes an answer is cut.
fn every() -> usize {
    match std::env::var_os("POMS_SWEEP") {
        Some(_) => 1,
        None => 7,
    }
}

/// What a failure says, and that nothing of the page was kept.
fn fails(kept: &mut Kept, source: &mut dyn Source) -> SourceFailure {
    let (before, cursor) = (kept.documents.len(), kept.cursor.clone());
    let failure = kept.page(source).expect_err("a failure");
    assert_eq!((kept.documents.len(), &kept.cursor), (before, &cursor));
    failure
}
