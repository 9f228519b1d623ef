//! Pages and cursors: a source in this process that gives what a test wants, and the real run.

use super::*;
use chrono::{DateTime, TimeDelta, Utc};
use poms::app::App;
use poms::app::report::RunReport;
use poms::clock::Clock;
use poms::config::Config;
use poms::domain::lifecycle::MessageState;
use poms::intake::source::{
    Budget, Cursor, DocumentContent, DocumentName, Page, Source, SourceChecked, SourceDocument,
    SourceFailure, Vouched,
};
use poms::run::{Options, process};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::AtomicBool;
use std::sync::{Arc, Mutex, MutexGuard};

/// What the shop has, and what it was told.
#[derive(Default)]
struct Shop {
    /// Orders in the order of their last change.
    orders: Vec<Value>,
    /// Orders on one page.
    page: usize,
    /// Fails at the n-th poll from now.
    fails: Option<(usize, SourceFailure)>,
    /// Gives so many of those before the cursor again.
    overlap: usize,
    /// The process ends at the n-th call from now.
    dies: Option<usize>,
    polls: Vec<Option<String>>,
    settled: Vec<(String, MessageState)>,
}

struct Api(Arc<Mutex<Shop>>);

impl Api {
    /// The shop, unless the process dies before it comes to it.
    fn shop(&self) -> MutexGuard<'_, Shop> {
        let mut shop = self.0.lock().unwrap();
        let dies = shop.dies == Some(0);
        shop.dies = shop.dies.and_then(|left| left.checked_sub(1));
        if dies {
            drop(shop);
            panic!("killed");
        }
        shop
    }
}

impl Source for Api {
    fn name(&self) -> &str {
        "files"
    }

    fn poll(&mut self, after: Option<&Cursor>, budget: &Budget) -> Result<Page, SourceFailure> {
        let mut shop = self.shop();
        shop.polls
            .push(after.map(|after| after.as_str().to_owned()));
        if let Some((left, failure)) = shop.fails.take() {
            if left == 0 {
                return Err(failure);
            }
            shop.fails = Some((left - 1, failure));
        }
        let start: usize = after.map_or(0, |after| after.as_str().parse().unwrap());
        let end = (start + shop.page.min(budget.documents)).min(shop.orders.len());
        let from = start.saturating_sub(shop.overlap);
        let document = |order: &Value| SourceDocument {
            name: DocumentName {
                identity: format!("{}@1", order["order_number"].as_str().unwrap()),
                by_content: false,
                file_name: String::new(),
                media_type: "application/json".to_owned(),
                vouched: Vouched::Api,
            },
            content: DocumentContent::Whole(order.to_string().into_bytes()),
            follows: None,
        };
        Ok(Page {
            documents: shop.orders[from..end].iter().map(document).collect(),
            after: Some(Cursor::new(end.to_string())),
            more: end < shop.orders.len(),
            left: Vec::new(),
        })
    }

    fn settle(&mut self, name: &DocumentName, to: MessageState) -> Result<(), SourceFailure> {
        let mut shop = self.shop();
        shop.settled.push((name.identity.clone(), to));
        Ok(())
    }

    fn check(&mut self, _now: DateTime<Utc>) -> Result<SourceChecked, SourceFailure> {
        Ok(SourceChecked::default())
    }
}

/// A site whose one source is the shop.
struct World {
    desk: TestDesk,
    shop: Arc<Mutex<Shop>>,
    now: DateTime<Utc>,
}

impl World {
    fn new(orders: usize, page: usize) -> World {
        let desk = desk(TRUSTED);
        let order = |number| TestDesk::plain_order(&format!("W{}", 300_000 + number));
        let shop = Shop {
            orders: (0..orders).map(order).collect(),
            page,
            ..Shop::default()
        };
        let now = desk.moment();
        World {
            desk,
            shop: Arc::new(Mutex::new(shop)),
            now,
        }
    }

    fn shop(&self) -> MutexGuard<'_, Shop> {
        self.shop.lock().unwrap()
    }

    fn run(&self) -> RunReport {
        self.run_after(true)
    }

    /// A run; whether the one before ended in order.
    fn run_after(&self, after_order: bool) -> RunReport {
        let config =
            Config::load(Some(&self.desk.path("poms.toml"))).unwrap_or_else(|f| panic!("{f}"));
        let mut site = App::open(config, Clock::Frozen(self.now), "cron".to_owned()).unwrap();
        let shop = self.shop.clone();
        site.ways.source = Box::new(move |_| Ok(Box::new(Api(shop.clone()))));
        let options = Options {
            after_order,
            ..Options::default()
        };
        process(&site, options, &AtomicBool::new(false)).unwrap()
    }

    fn cursor(&self) -> Option<String> {
        let ledger = crate::support::scene::open(&self.desk.path("poms.db"));
        let cursor = "SELECT cursor FROM source_cursor WHERE name = 'files'";
        ledger.query_row(cursor, [], |row| row.get(0)).ok()
    }

    /// Each order of the shop is in the ledger once.
    fn judge(&self) {
        let ledger = crate::support::scene::open(&self.desk.path("poms.db"));
        let count = |sql: &str| -> i64 { ledger.query_row(sql, [], |row| row.get(0)).unwrap() };
        let orders = i64::try_from(self.shop().orders.len()).unwrap();
        assert_eq!(count("SELECT count(*) FROM orders"), orders);
        assert_eq!(count("SELECT count(DISTINCT number) FROM orders"), orders);
        let problems = crate::support::scene::problems(&self.desk.path("poms.db"));
        assert_eq!(problems, [""; 0]);
    }
}

#[test]
fn page_after_page_comes_once_and_the_cursor_follows() {
    let mut world = World::new(7, 3);
    let report = world.run();
    assert_eq!(report.failures.len(), 0);
    assert_eq!((report.messages.seen, report.messages.accepted), (7, 7));
    assert_eq!(world.cursor().as_deref(), Some("7"));
    assert_eq!(world.shop().polls.len(), 3);
    assert_eq!(world.shop().settled.len(), 7);
    world.judge();
    // nothing new: the cursor is asked behind, and no row is written
    let facts = |world: &World| {
        let ledger = crate::support::scene::open(&world.desk.path("poms.db"));
        let sql = "SELECT count(*) FROM audit WHERE kind LIKE 'source.%' OR kind LIKE 'message.%'";
        ledger
            .query_row(sql, [], |row| row.get::<_, i64>(0))
            .unwrap()
    };
    let before = facts(&world);
    world.now += TimeDelta::minutes(10);
    assert_eq!(world.run().messages.seen, 0);
    assert_eq!(facts(&world), before);
    let last = world.shop().polls.last().unwrap().clone();
    assert_eq!(last.as_deref(), Some("7"));
    // what the overlap gives again is known
    world.shop().overlap = 3;
    let more = TestDesk::plain_order("W400000");
    world.shop().orders.push(more);
    let report = world.run();
    assert_eq!((report.messages.seen, report.messages.accepted), (1, 1));
    assert_eq!(world.cursor().as_deref(), Some("8"));
    world.judge();
}

#[test]
fn a_page_that_fails_leaves_the_cursor_before_it() {
    for fails_at in 0..3 {
        let mut world = World::new(7, 3);
        let failure = SourceFailure::lasting("the shop says 403", "give the app read_orders");
        world.shop().fails = Some((fails_at, failure));
        let report = world.run();
        assert_eq!(report.failures.len(), 1, "{:?}", report.failures);
        let said = &report.failures[0];
        assert!(
            said.contains("source files: the shop says 403; give"),
            "{said}"
        );
        assert!(report.messages.agree());
        let stands = (fails_at > 0).then(|| (fails_at * 3).to_string());
        assert_eq!(world.cursor(), stands, "{fails_at}");
        assert_eq!(report.messages.accepted, fails_at * 3);
        world.now += TimeDelta::minutes(10);
        assert_eq!(world.run().failures.len(), 0);
        assert_eq!(world.cursor().as_deref(), Some("7"));
        world.judge();
    }
}

#[test]
fn a_source_that_asks_for_it_is_left_alone_and_told_of_after_an_hour() {
    let mut world = World::new(4, 2);
    let throttle = |world: &World, at: usize| {
        let until = world.now + TimeDelta::minutes(30);
        let failure = SourceFailure::throttled("the shop's budget is spent", until);
        world.shop().fails = Some((at, failure));
    };
    throttle(&world, 1);
    let report = world.run();
    assert_eq!(report.failures.len(), 0);
    assert_eq!(
        (report.messages.accepted, world.cursor().as_deref()),
        (2, Some("2"))
    );
    let asked = world.shop().polls.len();
    world.now += TimeDelta::minutes(10);
    world.run();
    assert_eq!(world.shop().polls.len(), asked, "it is left alone");
    world.now += TimeDelta::minutes(21);
    throttle(&world, 0);
    assert_eq!(world.run().failures.len(), 0);
    assert_eq!(world.shop().polls.len(), asked + 1);
    world.now += TimeDelta::minutes(40);
    throttle(&world, 0);
    let report = world.run();
    assert_eq!(report.failures.len(), 1, "{:?}", report.failures);
    assert!(
        report.failures[0].contains("has given nothing since"),
        "{:?}",
        report.failures
    );
    world.now += TimeDelta::minutes(31);
    assert_eq!(world.run().failures.len(), 0);
    world.judge();
    let trail = world.desk.run(&["audit", "show", "--limit", "500"]).stdout;
    assert!(trail.contains("asked to be left alone"), "{trail}");
}

#[test]
fn a_day_is_not_believed() {
    let mut world = World::new(1, 2);
    let until = world.now + TimeDelta::days(3);
    world.shop().fails = Some((0, SourceFailure::throttled("come back on Thursday", until)));
    world.run();
    world.now += TimeDelta::minutes(61);
    assert_eq!(world.run().messages.accepted, 1);
}

#[test]
fn another_place_begins_anew_and_repeats_no_order() {
    let world = World::new(3, 2);
    world.run();
    let mut folder = std::fs::DirBuilder::new();
    folder.mode(0o700).create(world.desk.path("other")).unwrap();
    world.desk.config(
        "[[source]]\nname = \"files\"\nkind = \"folder\"\npath = \"other\"\ntrusted = true\n",
    );
    let report = world.run();
    assert_eq!((report.messages.seen, report.messages.duplicate), (3, 3));
    let polls = world.shop().polls.clone();
    assert_eq!(polls[2], None, "{polls:?}");
    world.judge();
}

#[test]
fn a_run_that_dies_at_any_call_loses_nothing_and_passes_no_gap() {
    let mut died = 0;
    for call in 0.. {
        let mut world = World::new(7, 3);
        world.shop().dies = Some(call);
        let ended = catch_unwind(AssertUnwindSafe(|| world.run()));
        let stands = world
            .cursor()
            .map_or(0i64, |cursor| cursor.parse().unwrap());
        let ledger = crate::support::scene::open(&world.desk.path("poms.db"));
        let stored = "SELECT count(*) FROM message";
        let stored: i64 = ledger.query_row(stored, [], |row| row.get(0)).unwrap();
        assert_eq!(
            stored, stands,
            "call {call}: the cursor stands behind what is stored"
        );
        drop(ledger);
        if ended.is_ok() {
            break;
        }
        died += 1;
        world.now += TimeDelta::minutes(10);
        assert_eq!(world.run_after(false).failures.len(), 0, "call {call}");
        assert_eq!(world.cursor().as_deref(), Some("7"), "call {call}");
        world.judge();
    }
    assert_eq!(died, 3 + 7, "polls and documents");
}

#[test]
fn behind_a_document_that_cannot_be_stored_the_cursor_never_stands() {
    let mut world = World::new(6, 3);
    let failure = SourceFailure::passing("the shop is down", "");
    world.shop().fails = Some((1, failure));
    world.run();
    assert_eq!(world.cursor().as_deref(), Some("3"));
    // a row in the way of the second document of the next page
    let ledger = rusqlite::Connection::open(world.desk.path("poms.db")).unwrap();
    ledger.pragma_update(None, "foreign_keys", false).unwrap();
    let planted =
        "INSERT INTO message_document (id, message_id, vouched, place, file_name, media_type)
         VALUES (900, 5, 'api', '', '', '')";
    ledger.execute(planted, []).unwrap();
    world.now += TimeDelta::minutes(10);
    let report = world.run();
    let said = &report.failures[0];
    assert!(said.contains("W300004@1 could not be stored"), "{said}");
    assert_eq!(world.cursor().as_deref(), Some("3"));
    assert_eq!(report.messages.accepted, 1, "the first of the page");
    ledger
        .execute("DELETE FROM message_document WHERE id = 900", [])
        .unwrap();
    world.now += TimeDelta::minutes(10);
    let report = world.run();
    assert_eq!(report.failures.len(), 0);
    assert_eq!(
        (report.messages.accepted, world.cursor().as_deref()),
        (2, Some("6"))
    );
    world.judge();
}
