//! Orders come from shops by their interfaces, two a page, and their documents go into a Maildir. After the
//! blow the cursor stands behind nothing that is not stored.

use super::sweep::{Faults, Struck, Sweep};
use super::*;
use crate::kill::shop::{Kind, Server, changed_at};
use crate::kill::site::contents;
use crate::support::scene::{config, two_by_two};

/// Five orders of the shop, of which one has goods that nobody knows.
const FIVE: Expected = Expected {
    accepted: 5,
    quarantined: 0,
    placed: 4,
    held: 1,
    purchase_orders: 8,
    letters: 4,
};

struct ShopSite {
    scene: Scene,
    server: Server,
}

impl ShopSite {
    /// Every order that the cursor has passed is a message.
    fn no_gap(&self, at: &str) {
        if !self.scene.path("poms.db").exists() {
            return;
        }
        let sql = "SELECT (SELECT cursor FROM source_cursor), (SELECT COUNT(*) FROM message)";
        let row = |row: &rusqlite::Row<'_>| Ok((row.get(0)?, row.get(1)?));
        let (cursor, messages): (Option<String>, i64) =
            self.scene.ledger().query_row(sql, [], row).unwrap();
        let cursor: Value = serde_json::from_str(&cursor.unwrap_or_default()).unwrap_or_default();
        let reached = ["from", "seen", "at"].iter();
        let reached = reached.filter_map(|key| cursor[key].as_str());
        let Some(reached) = reached.filter_map(poms::clock::parse).max() else {
            return;
        };
        let orders = self.server.orders();
        let passed = orders.iter().filter(|order| changed_at(order) <= reached);
        let passed = i64::try_from(passed.count()).unwrap();
        assert!(messages >= passed, "{at}: {messages} of {passed} are there");
    }
}

impl Struck for ShopSite {
    fn scene(&self) -> &Scene {
        &self.scene
    }

    fn judged(&self, at: &str) -> Figures {
        self.no_gap(at);
        run_again(&self.scene, LATER, at);
        self.server.was_asked_well(at);
        let taken = references(&contents(&self.scene.path("mail/sent/new")));
        judge(&self.scene, FIVE, &taken, at)
    }
}

fn at_every_call(name: &str, kind: Kind) {
    let before = Scene::of(&kind.desk());
    let make = || -> Box<dyn Struck> {
        let (scene, server) = (before.again(), kind.serve(kind.orders(5)));
        let out = "kind = \"maildir\"\npath = \"mail/sent\"";
        scene.configure(&two_by_two(&config(out, &kind.table(&server))));
        Box::new(ShopSite { scene, server })
    };
    let sum = Sweep {
        name,
        make: &make,
        trace: Trace::of_run(&all_calls()),
        every: step(12),
        faults: Faults::fewer(),
    }
    .run();
    assert_eq!(sum.unknown, 0, "a Maildir can be asked: {sum:?}");
}

#[test]
fn at_every_system_call_with_orders_of_shopify() {
    at_every_call("Shopify to Maildir", Kind::Shopify);
}

#[test]
fn at_every_system_call_with_orders_of_woocommerce() {
    at_every_call("WooCommerce to Maildir", Kind::WooCommerce("note"));
}
