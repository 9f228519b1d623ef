//! One simulated house: a site in working order on a disk of memory, its clock, and what came to it.

use super::anchors;
use super::chance::{self, Chance};
use super::disk::{Disk, End, Shared};
use super::outside::{Door, Line, Mood, Outside, Postbox};
use super::vfs;
use chrono::{DateTime, TimeDelta, Utc};
use openssl::sha::Sha256;
use poms::app::App;
use poms::clock::Clock;
use poms::config::Config;
use poms::desk::Said;
use poms::intake::openpgp::make::{KeyKind, KeyPair};
use poms::ledger::{Ledger, LedgerError, Mode, Tx};
use poms::run::{self, Options, time};
use poms::site::import::{read_catalogue, read_vendors};
use std::io::Write;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicBool;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

const VENDORS: &str = "\
id,name,email,fax,channel,zip,handling_days,cutoff,timezone,mail_domain
ACME,Acme Home Goods,orders@acme.example,,email,04101,1,15:00,America/New_York,yes
BLUE,Blue Ridge Garden Supply,po@blueridge.example,,email,97201,2,14:00,America/Los_Angeles,yes
";

const CATALOGUE: &str = "\
sku,description,category,vendor_id,vendor_sku,cost,retail_price,weight,status,priority
BF63-12163,Brass Floor Lamp,Lighting,ACME,AC-12163,61.50,108.23,9.5,active,1
BF63-12163,Brass Floor Lamp,Lighting,BLUE,B-12163,64.00,108.23,9.5,active,2
KT10-00010,Kettle 1.7 l,Kitchen,ACME,AC-00010,14.00,29.90,1.4,active,1
GD20-00020,Garden Hose 25 m,Garden,BLUE,B-77,19.25,39.00,3.2,active,1
";

const CONFIG: &str = r#"[site]
name = "Example Shop"
email = "orders@shop.example"
admin_email = ["ops@shop.example"]
timezone = "America/New_York"
token_keys = ["token.key"]
ledger = "poms.db"
[[mailbox]]
name = "orders"
kind = "maildir"
path = "orders"
[[mailbox]]
name = "vendors"
purpose = "vendors"
kind = "maildir"
path = "vendors"
[intake]
authserv_id = "mx.shop.example"
[openpgp]
secret_keys = ["shop.sec.asc"]
trusted_signers = ["webshop.pub.asc"]
[limits]
free_disk_mib = 1
[invoicing]
folder = "bills"
[delivery.email]
"#;

/// The keys of every world: made once.
pub struct Keys {
    pub shop: KeyPair,
    pub webshop: KeyPair,
}

pub fn keys() -> &'static Keys {
    static KEYS: OnceLock<Keys> = OnceLock::new();
    KEYS.get_or_init(|| {
        // the same in every process
        chance::govern(0);
        let made = "2025-01-01T00:00:00Z".parse().expect("a time");
        let key = |user| KeyPair::generate(user, KeyKind::Cv25519, made).expect("a key");
        Keys {
            shop: key("Example Shop <orders@shop.example>"),
            webshop: key("Web Shop <web@shop.example>"),
        }
    })
}

/// What came of an act or a run.
#[derive(Debug)]
pub enum Came {
    Done,
    Refused(String),
    Failed(String),
}

impl Came {
    /// In the house's words.
    pub fn why(&self) -> &str {
        match self {
            Came::Done => "done",
            Came::Refused(why) | Came::Failed(why) => why,
        }
    }
}

pub struct World {
    pub chance: Chance,
    pub site: Arc<App>,
    pub door: Door,
    pub now: DateTime<Utc>,
    pub after_order: bool,
    pub trace: Sha256,
    /// What was done, for those who look into a failure.
    pub story: Vec<String>,
    folder: tempfile::TempDir,
}

impl Drop for World {
    fn drop(&mut self) {
        anchors::release();
        vfs::forget(&prefix(self.folder.path()));
    }
}

fn prefix(folder: &Path) -> String {
    folder.join("poms.db").display().to_string()
}

fn file(folder: &Path, name: &str, bytes: &[u8]) {
    let mut options = std::fs::OpenOptions::new();
    let options = options.write(true).create(true).truncate(true).mode(0o600);
    let mut file = options.open(folder.join(name)).expect("a file");
    file.write_all(bytes).expect("written");
}

/// A folder of memory where there is one.
fn folder() -> tempfile::TempDir {
    let mut builder = tempfile::Builder::new();
    let builder = builder.prefix("poms-world-");
    let folder = builder
        .tempdir_in("/dev/shm")
        .or_else(|_| builder.tempdir());
    let folder = folder.expect("a folder");
    let real = folder.path().canonicalize().expect("its name");
    assert_eq!(real, folder.path(), "SQLite names files by their real path");
    folder
}

impl World {
    /// A house with vendors and a catalogue, on a Monday.
    pub fn new(seed: u64) -> World {
        let keys = keys();
        chance::govern(seed);
        let folder = folder();
        let mut chance = Chance::new(seed);
        let knows = chance.one_in(4);
        let email = match knows {
            true => "kind = \"maildir\"\npath = \"sent\"\n",
            false => "kind = \"smtp\"\nhost = \"127.0.0.1\"\nport = 9\nsecurity = \"none\"\n",
        };
        file(
            folder.path(),
            "poms.toml",
            format!("{CONFIG}{email}").as_bytes(),
        );
        std::fs::create_dir(folder.path().join("bills")).expect("a folder");
        file(folder.path(), "token.key", &[b'7'; 64]);
        file(
            folder.path(),
            "shop.sec.asc",
            &keys.shop.secret_armoured(None).expect("a key"),
        );
        file(
            folder.path(),
            "webshop.pub.asc",
            &keys.webshop.public_armoured().expect("a key"),
        );
        let disk: Shared = Arc::new(Mutex::new(Disk::default()));
        vfs::mount(&prefix(folder.path()), Arc::clone(&disk));
        let outside = Outside {
            seed,
            knows,
            ..Outside::default()
        };
        let door = Door {
            outside: Arc::new(Mutex::new(outside)),
            disk,
        };
        let now = "2025-06-02T10:05:00Z".parse().expect("a time");
        let mut world = World {
            chance,
            site: Arc::new(site(folder.path(), &door)),
            door,
            now,
            after_order: false,
            trace: Sha256::new(),
            story: Vec::new(),
            folder,
        };
        let anchors = world.site.config.site.anchor.clone();
        anchors::watch(anchors, Arc::clone(&world.door.disk));
        world.stock();
        world
    }

    fn stock(&mut self) {
        let vendors = read_vendors(VENDORS.as_bytes()).expect("vendors");
        let offers = read_catalogue(CATALOGUE.as_bytes()).expect("offers");
        let came = self.act("stock", move |tx, _| {
            vendors
                .iter()
                .try_for_each(|row| tx.put_vendor(&row.vendor, &row.extra))?;
            offers
                .iter()
                .try_for_each(|row| tx.put_offer(&row.offer, &row.extra))?;
            Ok(Vec::new())
        });
        assert!(matches!(came, Came::Done), "{came:?}");
    }

    pub fn path(&self) -> PathBuf {
        self.folder.path().join("poms.db")
    }

    /// The folder into which bills come.
    pub fn bills(&self) -> PathBuf {
        self.folder.path().join("bills")
    }

    /// The folder's name is not the seed's.
    pub fn without_its_folder(&self, text: &str) -> String {
        text.replace(&self.folder.path().display().to_string(), "…")
    }

    pub fn note(&mut self, what: String) {
        let what = self.without_its_folder(&what);
        self.trace.update(what.as_bytes());
        let line = format!("{} {what}", self.now.format("%m-%d %H:%M"));
        if std::env::var_os("POMS_SIM_TELL").is_some() {
            println!("{line}");
        }
        self.story.push(line);
    }

    pub fn disk(&self) -> std::sync::MutexGuard<'_, Disk> {
        self.door
            .disk
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }

    pub fn pass(&mut self, minutes: i64) {
        self.now += TimeDelta::minutes(minutes);
    }

    /// What the house's clock says is what the world's says.
    pub fn set_clock(&mut self) {
        {
            let mut outside = self.door.outside();
            outside.run += 1;
            outside.troubles = 0;
        }
        let now = self.now;
        let site = Arc::get_mut(&mut self.site).expect("nobody else has it between runs");
        site.clock = Clock::Frozen(now);
    }

    /// One run, as cron begins it, by the clock that was set.
    pub fn run(&mut self) -> Came {
        let options = Options {
            dry_run: false,
            after_order: self.after_order,
        };
        let done = run::process(&self.site, options, &AtomicBool::new(false));
        self.door.outside().visitor = None;
        let dead = self.disk().dead;
        self.after_order = !dead;
        match done {
            Ok(report) if report.failures.is_empty() => Came::Done,
            Ok(report) => Came::Refused(report.failures.join("; ")),
            Err(fault) => Came::Failed(format!("{fault:#}")),
        }
    }

    /// What a person types, as the command line does it.
    pub fn act(
        &mut self,
        what: &str,
        act: impl FnOnce(&Tx, &App) -> Result<Said, LedgerError>,
    ) -> Came {
        let came = acted(&self.site, self.now, act);
        self.note(format!("{what}: {came:?}"));
        came
    }

    /// After a crash, or instead of one: the machine starts again.
    pub fn restart(&mut self, end: End) {
        let mut chance = Chance::new(self.chance.next());
        self.disk().restart(end, &mut chance);
        if end == End::PowerCut {
            anchors::cut(&mut chance);
        }
        self.after_order = false;
        self.note(format!("the machine starts again after {end:?}"));
    }

    /// A copy of the ledger for whoever looks into a failure.
    pub fn keep(&mut self) {
        let Ok(name) = std::env::var("POMS_SIM_KEEP") else {
            return;
        };
        self.restart(End::Killed);
        let conn = rusqlite::Connection::open(self.path()).expect("the ledger");
        conn.execute("VACUUM INTO ?1", [name]).expect("a copy");
    }

    pub fn look<T>(&self, look: impl FnOnce(&Ledger) -> T) -> T {
        let ledger = Ledger::open(&self.path(), Mode::Read, "looker").expect("the ledger");
        look(&ledger)
    }
}

/// One act of a person at the command line.
pub fn acted(
    site: &App,
    now: DateTime<Utc>,
    act: impl FnOnce(&Tx, &App) -> Result<Said, LedgerError>,
) -> Came {
    let config = &site.config;
    let work = || {
        poms::ledger::anchor::refuse_if_lost(&config.site.ledger, &config.site.anchor)?;
        let ledger = Ledger::open(&config.site.ledger, Mode::Write, "person")?;
        let mut ledger = ledger.under(&Clock::Frozen(now))?;
        ledger.check_anchor(&config.site.anchor)?;
        time::check(&ledger, now, config.limits.longest_pause)?;
        ledger.write(now, |tx| act(tx, site))?;
        ledger.anchor(&config.site.anchor, now)
    };
    match work() {
        Ok(()) => Came::Done,
        Err(fault @ (LedgerError::Refused(_) | LedgerError::NotFound(_))) => {
            Came::Refused(fault.to_string())
        }
        Err(fault) => Came::Failed(fault.to_string()),
    }
}

fn site(folder: &Path, door: &Door) -> App {
    let config = Config::load(Some(&folder.join("poms.toml")));
    let mut config = config.unwrap_or_else(|fault| panic!("{fault}"));
    // computing time is not the seed's
    config.limits.patience = std::time::Duration::from_secs(3600);
    let clock = Clock::Frozen("2025-06-02T10:05:00Z".parse().expect("a time"));
    let mut site = App::open(config, clock, "cron".to_owned()).expect("a site");
    let way_in = door.clone();
    site.ways.mailbox = Box::new(move |config| {
        Ok(Box::new(Postbox {
            name: config.name.clone(),
            door: way_in.clone(),
        }))
    });
    let way_out = door.clone();
    site.ways.channel = Box::new(move |_, _, _| {
        anyhow::ensure!(
            way_out.outside().mood != Mood::Down,
            "no connection to mail.example"
        );
        Ok(vec![Box::new(Line {
            door: way_out.clone(),
        })])
    });
    site.ways.share = std::time::Duration::from_secs(3600);
    // its power cuts are not the machine's, by which the journal of sending is believed or not
    site.ways.ahead = 0;
    site
}
