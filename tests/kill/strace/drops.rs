//! Purchase orders go into a vendor's folder, of this machine or of its SFTP server, or are posted to its server. After the blow none is there twice, none is lost, and of none is said
//! that it is there which is not; what nobody knows is a person's.

use super::sweep::{Faults, Struck, Sweep};
use super::*;
use crate::kill::site::{contents, files};
use crate::support::desk::CATALOGUE;
use crate::support::scene::{config, two_by_two};
use crate::support::shop::{Answer, Asked, Shop, ShopServer, answer};
use crate::support::sshd::Sshd;
use std::path::PathBuf;

const VENDORS: &str = "id,name,email,fax,channel,zip\n\
    ACME,Acme Home Goods,orders@acme.example,,drop,04101\n\
    BLUE,Blue Ridge Garden Supply,po@blueridge.example,,drop,28801\n";

/// A vendor's server, and the keys of what it took.
#[derive(Default)]
struct Orders {
    took: Vec<String>,
}

impl Shop for Orders {
    fn is_counted(&self, _: &Asked) -> bool {
        true
    }

    fn respond(&mut self, asked: &Asked) -> Answer {
        self.took.push(asked.header("idempotency-key").to_owned());
        answer(200, "{}")
    }
}

/// How the vendors take them.
enum Way<'a> {
    Folder,
    /// The n-th folders of a server.
    Sftp(&'a Sshd, usize),
    Posted(ShopServer<Orders>),
}

struct DropSite {
    scene: Scene,
    /// Where they are posted, if they are.
    server: Option<ShopServer<Orders>>,
    /// Else where the files are.
    folders: Vec<PathBuf>,
}

impl DropSite {
    fn new(batch: &Scene, way: Way<'_>) -> DropSite {
        let (scene, mut drops, mut folders) = (batch.again(), String::new(), Vec::new());
        for vendor in ["ACME", "BLUE"] {
            let (folder, table) = match &way {
                Way::Folder => (scene.path(vendor), "kind = \"folder\"".to_owned()),
                Way::Sftp(server, number) => {
                    let table = format!(
                        "kind = \"sftp\"\nhost = \"127.0.0.1\"\nport = {}\nuser = \"{}\"\nhost_key = \"{}\"\nkey_file = \"{}\"",
                        server.port,
                        server.user,
                        server.fingerprint("ed25519"),
                        server.path("user").display()
                    );
                    (server.path(&format!("{vendor}-{number}")), table)
                }
                Way::Posted(server) => {
                    let table = format!("kind = \"https\"\nurl = \"{}\"", server.url());
                    drops += &format!("[[vendor_drop]]\nvendor = \"{vendor}\"\n{table}\n");
                    continue;
                }
            };
            std::fs::create_dir(&folder).unwrap();
            drops += &format!(
                "[[vendor_drop]]\nvendor = \"{vendor}\"\n{table}\npath = \"{}\"\n",
                folder.display()
            );
            folders.push(folder);
        }
        let out = "kind = \"maildir\"\npath = \"mail/sent\"";
        scene.configure(&two_by_two(&config(out, &drops)));
        let server = match way {
            Way::Posted(server) => Some(server),
            Way::Folder | Way::Sftp(..) => None,
        };
        DropSite {
            scene,
            server,
            folders,
        }
    }

    /// References of the purchase orders that their vendors have.
    fn dropped(&self, at: &str) -> Vec<String> {
        if let Some(server) = &self.server {
            return server.with(|orders| orders.took.clone());
        }
        let there: Vec<Vec<PathBuf>> = self.folders.iter().map(|folder| files(folder)).collect();
        let name = |path: &PathBuf| path.file_name().unwrap().to_string_lossy().into_owned();
        let there: Vec<String> = there.concat().iter().map(name).collect();
        let twice = there.iter().any(|name| name.contains("again"));
        assert!(!twice, "{at}: {there:?}");
        let ledger = self.scene.ledger();
        let sql = "SELECT d.reference, d.state, p.number FROM delivery d JOIN purchase_order p ON p.id = d.po_id";
        let mut rows = ledger.prepare(sql).unwrap();
        let row = |row: &rusqlite::Row<'_>| Ok((row.get(0)?, row.get(1)?, row.get(2)?));
        let mut whole = Vec::new();
        for row in rows.query_map([], row).unwrap() {
            let (reference, state, number): (String, String, String) = row.unwrap();
            let has = |end: &&str| there.contains(&format!("PO-{number}.{end}"));
            match ["pdf", "csv"].iter().all(has) {
                true => whole.push(reference),
                false => assert_ne!(state, "sent", "{at}: {number}: {there:?}"),
            }
        }
        whole
    }
}

impl Struck for DropSite {
    fn scene(&self) -> &Scene {
        &self.scene
    }

    fn judged(&self, at: &str) -> Figures {
        run_again(&self.scene, LATER, at);
        let mut taken = references(&contents(&self.scene.path("mail/sent/new")));
        taken.extend(self.dropped(at));
        judge(&self.scene, SMALL, &taken, at)
    }
}

fn batch() -> Scene {
    let desk = TestDesk::new().vendors(VENDORS).catalogue(CATALOGUE);
    for order in [order(1), bad_order(5), order(2)] {
        desk.order(&order);
    }
    Scene::of(&desk)
}

fn at_every_call(name: &str, make: &(dyn Fn() -> Box<dyn Struck> + Sync)) {
    let sum = Sweep {
        name,
        make,
        trace: Trace::of_run(&all_calls()),
        every: step(12),
        faults: Faults::Kills,
    }
    .run();
    assert_eq!((sum.lost, sum.doubled, sum.stuck), (0, 0, 0), "{sum:?}");
}

#[test]
fn at_every_system_call_with_purchase_orders_put_into_folders() {
    let batch = batch();
    let make = || -> Box<dyn Struck> { Box::new(DropSite::new(&batch, Way::Folder)) };
    at_every_call("files into folders", &make);
}

#[test]
fn at_every_system_call_with_purchase_orders_posted() {
    let batch = batch();
    let make = || -> Box<dyn Struck> {
        let server = ShopServer::start(Orders::default());
        Box::new(DropSite::new(&batch, Way::Posted(server)))
    };
    at_every_call("files posted", &make);
}

#[test]
fn at_every_system_call_with_purchase_orders_put_on_a_server() {
    let (batch, server) = (batch(), Sshd::start(&["ed25519"], ""));
    let number = AtomicUsize::new(0);
    let make = || -> Box<dyn Struck> {
        let number = number.fetch_add(1, Ordering::Relaxed);
        Box::new(DropSite::new(&batch, Way::Sftp(&server, number)))
    };
    at_every_call("files on a server", &make);
}
