//! Purchase orders go into a vendor's folder. After the blow none is there twice, none is lost, and of none is said
//! that it is there which is not; what nobody knows is a person's.

use super::sweep::{Faults, Struck, Sweep};
use super::*;
use crate::kill::site::{contents, files};
use crate::support::scene::{config, two_by_two};

const VENDORS: &str = "id,name,email,fax,channel,zip\n\
    ACME,Acme Home Goods,orders@acme.example,,drop,04101\n\
    BLUE,Blue Ridge Garden Supply,po@blueridge.example,,drop,28801\n";

struct DropSite {
    scene: Scene,
}

impl DropSite {
    fn new(batch: &Scene) -> DropSite {
        let scene = batch.again();
        let mut drops = String::new();
        for (vendor, folder) in [("ACME", "acme"), ("BLUE", "blue")] {
            std::fs::create_dir(scene.path(folder)).unwrap();
            drops += &format!(
                "[[vendor_drop]]\nvendor = \"{vendor}\"\nkind = \"folder\"\npath = \"{folder}\"\n"
            );
        }
        let out = "kind = \"maildir\"\npath = \"mail/sent\"";
        scene.configure(&two_by_two(&config(out, &drops)));
        DropSite { scene }
    }
}

impl Struck for DropSite {
    fn scene(&self) -> &Scene {
        &self.scene
    }

    fn judged(&self, at: &str) -> Figures {
        run_again(&self.scene, LATER, at);
        let there = ["acme", "blue"].map(|folder| files(&self.scene.path(folder)));
        let there: Vec<String> = there
            .concat()
            .iter()
            .map(|path| path.file_name().unwrap().to_string_lossy().into_owned())
            .collect();
        assert!(
            there.iter().all(|name| !name.contains("again")),
            "{at}: twice: {there:?}"
        );
        // each purchase order that is sent has its two files; Message-IDs stand for those of mails
        let ledger = self.scene.ledger();
        let sql = "SELECT d.reference, d.state, p.number FROM delivery d JOIN purchase_order p ON p.id = d.po_id";
        let mut rows = ledger.prepare(sql).unwrap();
        let row = |row: &rusqlite::Row<'_>| Ok((row.get(0)?, row.get(1)?, row.get(2)?));
        let mut taken = references(&contents(&self.scene.path("mail/sent/new")));
        for row in rows.query_map([], row).unwrap() {
            let (reference, state, number): (String, String, String) = row.unwrap();
            let whole = ["pdf", "csv"]
                .iter()
                .all(|end| there.contains(&format!("PO-{number}.{end}")));
            assert!(
                whole || state != "sent",
                "{at}: {number} is {state}: {there:?}"
            );
            taken.extend(whole.then_some(reference));
        }
        judge(&self.scene, SMALL, &taken, at)
    }
}

#[test]
fn at_every_system_call_with_purchase_orders_put_into_folders() {
    let desk = TestDesk::new()
        .vendors(VENDORS)
        .catalogue(crate::support::desk::CATALOGUE);
    for order in [order(1), bad_order(5), order(2)] {
        desk.order(&order);
    }
    let batch = Scene::of(&desk);
    let make = || -> Box<dyn Struck> { Box::new(DropSite::new(&batch)) };
    let sum = Sweep {
        name: "files into folders",
        make: &make,
        trace: Trace::of_run(&all_calls()),
        every: step(12),
        faults: Faults::Kills,
    }
    .run();
    assert_eq!((sum.lost, sum.doubled, sum.stuck), (0, 0, 0), "{sum:?}");
}
