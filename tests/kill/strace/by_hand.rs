//! A person takes over what is under way elsewhere, and is struck: the same command again finishes it, once.

use super::sweep::{Faults, Struck, Sweep};
use super::*;
use crate::support::scene::config;

const ADOPT: [&str; 5] = ["order", "adopt", "under-way.json", "--note", "old system"];

/// Three orders under way, of which one has left in part and one whole.
fn under_way() -> Value {
    let number = |at: usize| format!("W90{at}");
    let shipment = |qty: usize, tracking: &str| {
        json!([{"date": "2025-05-30", "carrier": "UPS", "tracking": [tracking],
            "lines": [{"line": 1, "qty": qty}]}])
    };
    let shipments = [
        json!([]),
        shipment(1, "1Z5R89390357567127"),
        shipment(3, "1ZA1B2C30312345673"),
    ];
    let one = |(at, shipments): (usize, Value)| {
        let mut order = TestDesk::plain_order(&number(at));
        order["date"] = json!("2025-05-27T09:00:00-04:00");
        order["customer"]["email"] = json!(format!("{}@mail.example", number(at)));
        json!({"order": order, "purchase_orders": [{"number": format!("47{at}"), "vendor": "ACME",
            "sent": "2025-05-28", "acknowledged": true, "promised": "2025-06-06",
            "lines": [{"line": 1}], "shipments": shipments}]})
    };
    let orders: Vec<Value> = shipments.into_iter().enumerate().map(one).collect();
    json!({"orders": orders})
}

struct AdoptedSite {
    scene: Scene,
}

impl Struck for AdoptedSite {
    fn scene(&self) -> &Scene {
        &self.scene
    }

    fn judged(&self, at: &str) -> Figures {
        let there = self.scene.count("SELECT COUNT(*) FROM orders");
        assert!(there == 0 || there == 3, "{at}: {there} orders of a file");
        let again = self.scene.run(&ADOPT, NOW);
        assert_eq!(again.code, 0, "{at}: {}", again.stderr);
        run_again(&self.scene, LATER, at);
        assert_eq!(self.scene.problems(), Vec::<String>::new(), "{at}");
        let count = |rows: &str| {
            let rows = self.scene.count(&format!("SELECT COUNT(*) FROM {rows}"));
            usize::try_from(rows).unwrap()
        };
        assert_eq!(count("delivery"), 0, "{at}: something was sent");
        let states = ["placed", "partly_shipped", "shipped"];
        for state in states {
            let found = count(&format!("orders WHERE state = '{state}'"));
            assert_eq!(found, 1, "{at}: {state}");
        }
        let sums = [
            count("orders"),
            count("purchase_order"),
            count("shipment") + 1,
        ];
        Figures {
            points: 1,
            lost: sums.iter().map(|sum| 3_usize.saturating_sub(*sum)).sum(),
            doubled: sums.iter().map(|sum| sum.saturating_sub(3)).sum(),
            ..Figures::default()
        }
    }
}

#[test]
fn at_every_system_call_of_taking_over_what_is_under_way() {
    let desk = TestDesk::stocked();
    desk.file("under-way.json", under_way().to_string().as_bytes());
    let before = Scene::of(&desk);
    before.configure(&config("kind = \"maildir\"\npath = \"mail/sent\"", ""));
    let make = || -> Box<dyn Struck> {
        let scene = before.again();
        Box::new(AdoptedSite { scene })
    };
    Sweep {
        name: "order adopt",
        make: &make,
        trace: Trace {
            args: &ADOPT,
            ..Trace::of_run(&all_calls())
        },
        every: step(6),
        faults: Faults::fewer(),
    }
    .run();
}
