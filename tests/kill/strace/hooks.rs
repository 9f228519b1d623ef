//! Events are told to a program and to a service. After the blow an event may come again, with its id; none is
//! lost, and none comes that the ledger does not have.

use super::sweep::{Faults, Struck, Sweep};
use super::*;
use crate::kill::site::contents;
use crate::support::scene::{config, two_by_two};
use crate::support::shop::{Answer, Asked, Shop, ShopServer, answer};
use std::collections::BTreeSet;
use std::os::unix::fs::PermissionsExt;

/// A service that keeps what it is told.
#[derive(Default)]
struct Receiver {
    told: Vec<Vec<u8>>,
}

impl Shop for Receiver {
    fn is_counted(&self, _: &Asked) -> bool {
        true
    }

    fn respond(&mut self, asked: &Asked) -> Answer {
        let id = asked.header("webhook-id");
        let event: Value = serde_json::from_slice(&asked.body).expect("JSON");
        assert_eq!(event["id"], id, "the id of the head and of the event");
        self.told.push(asked.body.clone());
        answer(200, "{}")
    }
}

/// Keeps each event in a file of its own. Of a run that was killed as it was about to hand the event over it
/// gets nothing, and says so.
const PROGRAM: &str = "#!/bin/sh
IFS= read -r event
[ -n \"$event\" ] || exit 1
printf %s \"$event\" >\"${0%/*}/seen/$$-$POMS_EVENT_ID\"
";

struct HookSite {
    scene: Scene,
    /// Who is told, where it is no program.
    service: Option<ShopServer<Receiver>>,
}

impl HookSite {
    fn new(batch: &Scene, service: Option<ShopServer<Receiver>>) -> HookSite {
        let scene = batch.again();
        let way = match &service {
            Some(service) => format!(
                "url = \"{}/in\"\nsecret = \"whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw\"",
                service.url()
            ),
            None => {
                let program = scene.path("tell");
                std::fs::write(&program, PROGRAM).unwrap();
                let mode = std::fs::Permissions::from_mode(0o700);
                std::fs::set_permissions(&program, mode).unwrap();
                std::fs::create_dir(scene.path("seen")).unwrap();
                format!("program = [\"{}\"]", program.display())
            }
        };
        let hook = format!(
            "[[hook]]\nname = \"erp\"\non = [\"order.*\", \"po.sent\", \"exception.opened\"]\n{way}\n"
        );
        let out = "kind = \"maildir\"\npath = \"mail/sent\"";
        scene.configure(&two_by_two(&config(out, &hook)));
        HookSite { scene, service }
    }

    /// What was told, in whatever order.
    fn told(&self) -> Vec<Vec<u8>> {
        match &self.service {
            Some(service) => service.with(|service| service.told.clone()),
            // a program that was struck as it wrote has told nobody
            None => {
                let seen = contents(&self.scene.path("seen"));
                seen.into_iter().filter(|text| !text.is_empty()).collect()
            }
        }
    }

    /// The events that the ledger has told, each with its JSON.
    fn events(&self) -> BTreeMap<String, Vec<u8>> {
        let ledger = self.scene.ledger();
        let sql = "SELECT d.reference, c.content FROM delivery d JOIN delivery_content c ON c.delivery_id = d.id
             WHERE d.channel = 'hook'";
        let mut rows = ledger.prepare(sql).unwrap();
        let row = |row: &rusqlite::Row<'_>| Ok((row.get(0)?, row.get(1)?));
        let rows = rows.query_map([], row).unwrap();
        rows.map(Result::unwrap).collect()
    }
}

impl Struck for HookSite {
    fn scene(&self) -> &Scene {
        &self.scene
    }

    fn judged(&self, at: &str) -> Figures {
        run_again(&self.scene, LATER, at);
        let (events, told) = (self.events(), self.told());
        // three orders taken in, two placed and one held with its exception, four purchase orders
        assert_eq!(events.len(), 11, "{at}: {:?}", events.keys());
        let known: BTreeSet<&Vec<u8>> = events.values().collect();
        let strange = told.iter().filter(|one| !known.contains(one));
        assert_eq!(strange.count(), 0, "{at}: an event that nobody has");
        let never = events.values().filter(|event| !told.contains(event));
        let lost = never.count();
        let untold = "SELECT COUNT(*) FROM delivery WHERE channel = 'hook' AND state <> 'sent'";
        assert_eq!(self.scene.count(untold), 0, "{at}: an event waits");
        let taken = references(&contents(&self.scene.path("mail/sent/new")));
        let mut figures = judge(&self.scene, SMALL, &taken, at);
        figures.lost += lost;
        figures
    }
}

fn at_every_call(name: &str, make: &(dyn Fn() -> Box<dyn Struck> + Sync), program: bool) {
    let sum = Sweep {
        name,
        make,
        trace: Trace {
            starts: program,
            ..Trace::of_run(&all_calls())
        },
        every: step(12),
        faults: Faults::Kills,
    }
    .run();
    assert_eq!(sum.unknown, 0, "an event goes again: {sum:?}");
}

#[test]
fn at_every_system_call_with_events_told_to_a_program() {
    let batch = small_batch();
    let make = || -> Box<dyn Struck> { Box::new(HookSite::new(&batch, None)) };
    at_every_call("events to a program", &make, true);
}

#[test]
fn at_every_system_call_with_events_told_to_a_service() {
    let batch = small_batch();
    let make = || -> Box<dyn Struck> {
        let service = ShopServer::start(Receiver::default());
        Box::new(HookSite::new(&batch, Some(service)))
    };
    at_every_call("events to a service", &make, false);
}
