//! The night's comparison of the ledger with the shop: what it found is told once, however often it was stopped,
//! and nothing is ordered or told to anybody by it.

use super::sweep::{Faults, Struck, Sweep};
use super::told::{AFTER, LEFT, NUMBERS, shipped};
use super::*;
use crate::kill::shop::{Kind, Server};
use crate::support::scene::config;

/// 3:10 in New York, and later runs.
const NIGHT: &str = "2025-06-04T07:10:00Z";
const LATER_RUNS: [&str; 2] = ["2025-06-04T07:20:00Z", "2025-06-04T08:30:00Z"];

struct ComparedSite {
    scene: Scene,
    server: Server,
}

impl Struck for ComparedSite {
    fn scene(&self) -> &Scene {
        &self.scene
    }

    fn judged(&self, at: &str) -> Figures {
        for now in LATER_RUNS {
            let done = self.scene.run(&["process"], now);
            assert_eq!((done.code, done.stderr.as_str()), (0, ""), "{at}");
        }
        self.server.was_asked_well(at);
        assert_eq!(self.scene.problems(), Vec::<String>::new(), "{at}");
        let told = self.server.told();
        assert_eq!(told, Vec::<String>::new(), "{at}: it only compares");
        let count = |sql: &str| usize::try_from(self.scene.count(sql)).unwrap();
        let found = |what: &str| {
            count(&format!(
                "SELECT COUNT(*) FROM exception WHERE code = 'shop_unreconciled' AND {what}"
            ))
        };
        let named = |number: &&&str| found(&format!("message LIKE '%{number}%'")) == 1;
        let mails =
            "SELECT COUNT(*) FROM delivery WHERE kind = 'admin_exceptions' AND state <> 'sent'";
        Figures {
            points: 1,
            lost: NUMBERS.len() - NUMBERS.iter().filter(named).count(),
            doubled: found("1").saturating_sub(1),
            unknown: count("SELECT COUNT(*) FROM delivery WHERE state = 'unknown'"),
            stuck: count(mails),
        }
    }
}

/// Two orders whose four shipments the shop was told, and forgot.
fn forgotten(kind: Kind, before: &Scene, orders: &[Value]) -> ComparedSite {
    let (scene, server) = (before.again(), kind.serve(orders.to_vec()));
    let out = "kind = \"maildir\"\npath = \"mail/sent\"";
    scene.configure(&config(out, &kind.table(&server)));
    for now in [LEFT, AFTER[0]] {
        let done = scene.run(&["process"], now);
        assert_eq!((done.code, done.stderr.as_str()), (0, ""));
    }
    assert_eq!(server.told().len(), NUMBERS.len());
    server.restore(orders.to_vec());
    ComparedSite { scene, server }
}

fn at_every_call(name: &str, kind: Kind) {
    let (before, orders) = shipped(kind);
    let make = || -> Box<dyn Struck> { Box::new(forgotten(kind, &before, &orders)) };
    let sum = Sweep {
        name,
        make: &make,
        trace: Trace {
            now: NIGHT,
            ..Trace::of_run(&all_calls())
        },
        every: step(8),
        faults: Faults::fewer(),
    }
    .run();
    assert_eq!(sum.unknown, 0, "{sum:?}");
}

#[test]
fn at_every_system_call_of_a_night_with_shopify() {
    at_every_call("a night with Shopify", Kind::Shopify);
}

#[test]
fn at_every_system_call_of_a_night_with_woocommerce() {
    at_every_call("a night with WooCommerce", Kind::WooCommerce("note"));
}
