//! Shipments are told to the shop that their orders came from. A shop can be asked what it knows, so in the end
//! nothing is in doubt, each has it once, and orders of which all has left are closed there.

use super::sweep::{Faults, Struck, Sweep};
use super::*;
use crate::kill::shop::{Kind, Server};
use crate::support::scene::config;

/// When goods have left, and later runs.
pub(super) const LEFT: &str = "2025-06-03T15:00:00Z";
pub(super) const AFTER: [&str; 2] = ["2025-06-03T16:00:00Z", "2025-06-03T20:00:00Z"];

/// A tracking number for each of two orders' two vendors.
pub(super) const NUMBERS: [&str; 4] = [
    "1Z5R89390357567127",
    "794651239885",
    "9400109205568000001233",
    "4731245606",
];
const CARRIERS: [&str; 4] = ["UPS", "FedEx", "USPS", "DHL"];

/// Two orders of the shop that are placed, whose vendors have said what left.
pub(super) fn shipped(kind: Kind) -> (Scene, Vec<Value>) {
    let (desk, server) = (kind.desk(), kind.serve(kind.orders(2)));
    desk.config(&kind.table(&server));
    desk.run(&["process"]).ok();
    desk.now(LEFT);
    let scene = Scene::of(&desk);
    let ledger = scene.ledger();
    let sql = "SELECT p.number, l.sku FROM purchase_order p JOIN po_line l ON l.po_id = p.id ORDER BY p.id";
    let mut rows = ledger.prepare(sql).unwrap();
    let row = |row: &rusqlite::Row<'_>| Ok((row.get(0)?, row.get(1)?));
    let rows = rows.query_map([], row).unwrap();
    let lines: Vec<(String, String)> = rows.map(Result::unwrap).collect();
    assert_eq!(lines.len(), 4);
    let mut csv = "po,sku,qty,carrier,tracking,ship date\n".to_owned();
    for (((po, sku), carrier), number) in lines.iter().zip(CARRIERS).zip(NUMBERS) {
        csv += &format!("{po},{sku},2,{carrier},{number},2025-06-03\n");
    }
    desk.file("advice.csv", csv.as_bytes());
    desk.run(&["import-advices", "advice.csv"]).ok();
    (Scene::of(&desk), server.orders())
}

struct ToldSite {
    scene: Scene,
    server: Server,
}

impl Struck for ToldSite {
    fn scene(&self) -> &Scene {
        &self.scene
    }

    fn judged(&self, at: &str) -> Figures {
        run_again(&self.scene, AFTER, at);
        self.server.was_asked_well(at);
        assert_eq!(self.scene.problems(), Vec::<String>::new(), "{at}");
        let count = |what: &str| {
            let sql =
                format!("SELECT COUNT(*) FROM delivery WHERE kind = 'shop_shipped' AND {what}");
            usize::try_from(self.scene.count(&sql)).unwrap()
        };
        assert_eq!(count("1"), NUMBERS.len(), "{at}");
        let (sent, unknown) = (count("state = 'sent'"), count("state = 'unknown'"));
        assert_eq!(sent + unknown, NUMBERS.len(), "{at}: one was left undone");
        assert_eq!(self.server.closed(), 2, "{at}: an order stays open there");
        let told = self.server.told();
        let times = |number: &str| told.iter().filter(|entry| entry.contains(number)).count();
        let found: Vec<usize> = NUMBERS.iter().map(|number| times(number)).collect();
        assert_eq!(told.len(), found.iter().sum::<usize>(), "{at}: {told:?}");
        Figures {
            points: 1,
            lost: found.iter().filter(|times| **times == 0).count(),
            doubled: found.iter().filter(|times| **times > 1).count(),
            unknown,
            stuck: 0,
        }
    }
}

fn at_every_call(name: &str, kind: Kind) {
    let (before, orders) = shipped(kind);
    let make = || -> Box<dyn Struck> {
        let (scene, server) = (before.again(), kind.serve(orders.clone()));
        let out = "kind = \"maildir\"\npath = \"mail/sent\"";
        scene.configure(&config(out, &kind.table(&server)));
        Box::new(ToldSite { scene, server })
    };
    let sum = Sweep {
        name,
        make: &make,
        trace: Trace {
            now: LEFT,
            ..Trace::of_run(&all_calls())
        },
        every: step(12),
        faults: Faults::fewer(),
    }
    .run();
    assert_eq!(sum.unknown, 0, "a shop can be asked: {sum:?}");
}

#[test]
fn at_every_system_call_with_shipments_told_to_shopify() {
    at_every_call("shipments to Shopify", Kind::Shopify);
}

#[test]
fn at_every_system_call_with_shipments_told_to_woocommerce() {
    let ways = match full() {
        true => &["note", "shipment_tracking", "fulfillments"][..],
        false => &["note"],
    };
    for way in ways {
        let name = format!("shipments to WooCommerce by {way}");
        at_every_call(&name, Kind::WooCommerce(way));
    }
}
