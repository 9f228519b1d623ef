//! A whole site in a temporary folder: keys, configuration, a Maildir in and one out, a clock that
//! stands still, and the real binary.

use chrono::{DateTime, Utc};
use poms::intake::openpgp::make::{self, KeyKind, KeyPair};
use serde_json::{Value, json};
use std::cell::{Cell, RefCell};
use std::io::Write;
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// A small believable catalogue, by the vendors of [`VENDORS`].
pub const CATALOGUE: &str = "\
sku,description,category,vendor_id,vendor_sku,cost,retail_price,weight,status,priority
BF63-12163,Brass Floor Lamp,Lighting,ACME,AC-12163,61.50,108.23,9.5,active,1
KT10-00010,Kettle 1.7 l,Kitchen,ACME,AC-00010,14.00,29.90,1.4,active,1
GD20-00020,Garden Hose 25 m,Garden,BLUE,B-77,19.25,39.00,3.2,active,1
GD20-00021,Hose Reel,Garden,BLUE,B-78,30.00,59.00,5.0,discontinued,1
";

/// Two vendors who take mail.
pub const VENDORS: &str = "\
id,name,email,fax,channel,zip
ACME,Acme Home Goods,orders@acme.example,,email,04101
BLUE,Blue Ridge Garden Supply,po@blueridge.example,,email,28801
";

/// What a command answered.
#[derive(Debug)]
pub struct Output {
    /// Exit code; -1 when it was killed.
    pub code: i32,
    /// As text.
    pub stdout: String,
    /// As text.
    pub stderr: String,
    /// Standard output as it came.
    pub bytes: Vec<u8>,
}

impl Output {
    /// The one JSON document on stdout.
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.stdout)
            .unwrap_or_else(|fault| panic!("no JSON ({fault}): {}{}", self.stdout, self.stderr))
    }

    /// Asserts exit 0 and nothing on stderr.
    pub fn ok(self) -> Output {
        assert_eq!(self.code, 0, "{}{}", self.stdout, self.stderr);
        assert_eq!(self.stderr, "");
        self
    }

    /// Asserts that the run did all it could: exit 0 and silence, or exit 1 and nothing on stderr
    /// but lines about documents that failed, each with the command that shows its exception.
    pub fn done(self) -> Output {
        if self.code != 0 {
            assert_eq!(self.code, 1, "{}{}", self.stdout, self.stderr);
            assert_ne!(self.stderr, "");
        }
        for line in self.stderr.lines() {
            assert!(
                self.code == 1 && line.contains(" exceptions show "),
                "{}",
                self.stderr
            );
        }
        self
    }

    /// Asserts this exit code, nothing on stdout, and that every word stands on stderr.
    pub fn fails(self, code: i32, words: &[&str]) -> Output {
        assert_eq!(self.code, code, "{}{}", self.stdout, self.stderr);
        assert_eq!(self.stdout, "");
        for word in words {
            let there = self.stderr.contains(word);
            assert!(there, "no '{word}' in: {}", self.stderr);
        }
        self
    }
}

/// One mail of the outgoing Maildir.
pub struct SentMail {
    /// As it was written.
    pub raw: Vec<u8>,
}

impl SentMail {
    /// The mail, taken apart.
    pub fn parsed(&self) -> mail_parser::Message<'_> {
        let parser = mail_parser::MessageParser::default();
        parser.parse(&self.raw).expect("a mail")
    }

    /// The first recipient's address.
    pub fn to(&self) -> String {
        let mail = self.parsed();
        let first = mail.to().and_then(|to| to.first());
        let address = first.and_then(|to| to.address());
        address.unwrap_or_default().to_owned()
    }

    /// The subject.
    pub fn subject(&self) -> String {
        self.parsed().subject().unwrap_or_default().to_owned()
    }

    /// The first text part.
    pub fn text(&self) -> String {
        self.parsed().body_text(0).unwrap_or_default().into_owned()
    }
}

/// The site. Everything goes with it when it is dropped.
pub struct TestDesk {
    temp: tempfile::TempDir,
    shop: KeyPair,
    webshop: KeyPair,
    now: RefCell<String>,
    mails: Cell<u32>,
    program: RefCell<PathBuf>,
}

impl TestDesk {
    /// A site without catalogue and vendors at 2025-06-02 10:05 UTC.
    pub fn new() -> TestDesk {
        let made: DateTime<Utc> = "2025-01-01T00:00:00Z".parse().expect("a time");
        let key = |user| KeyPair::generate(user, KeyKind::Cv25519, made).expect("a key");
        let desk = TestDesk {
            temp: tempfile::tempdir().expect("a temporary folder"),
            shop: key("Example Shop <orders@shop.example>"),
            webshop: key("Web Shop <web@shop.example>"),
            now: RefCell::new("2025-06-02T10:05:00Z".to_owned()),
            mails: Cell::new(0),
            program: RefCell::new(env!("CARGO_BIN_EXE_poms").into()),
        };
        for folder in ["keys", "mail/orders", "mail/sent"] {
            desk.folder(folder);
        }
        for place in ["new", "cur", "tmp"] {
            desk.folder(&format!("mail/orders/{place}"));
            desk.folder(&format!("mail/sent/{place}"));
        }
        let secret = desk.shop.secret_armoured(None).expect("a secret key");
        desk.file("keys/shop.sec.asc", &secret);
        let public = desk.webshop.public_armoured().expect("a public key");
        desk.file("keys/webshop.pub.asc", &public);
        desk.config("");
        desk
    }

    /// A site with [`CATALOGUE`] and [`VENDORS`].
    pub fn stocked() -> TestDesk {
        TestDesk::new().vendors(VENDORS).catalogue(CATALOGUE)
    }

    /// Writes the configuration anew, with more of it at its end (such as `[rules]`).
    pub fn config(&self, more: &str) -> &TestDesk {
        let text = format!(
            "[site]\nname = \"Example Shop\"\nemail = \"orders@shop.example\"\n\
             admin_email = [\"ops@shop.example\"]\ntimezone = \"America/New_York\"\nledger = \"poms.db\"\n\
             [[mailbox]]\nname = \"orders\"\nkind = \"maildir\"\npath = \"mail/orders\"\n\
             [openpgp]\nsecret_keys = [\"keys/shop.sec.asc\"]\ntrusted_signers = [\"keys/webshop.pub.asc\"]\n\
             [limits]\nfree_disk_mib = 1\n\
             [delivery.email]\nkind = \"maildir\"\npath = \"mail/sent\"\n{more}\n"
        );
        self.file("poms.toml", text.as_bytes());
        self
    }

    /// Where something of the site is.
    pub fn path(&self, name: &str) -> PathBuf {
        self.temp.path().join(name)
    }

    /// The shop's key, which receives.
    pub fn shop_key(&self) -> &KeyPair {
        &self.shop
    }

    /// The web shop's key, which signs.
    pub fn webshop_key(&self) -> &KeyPair {
        &self.webshop
    }

    /// Has another release's program run the commands that follow.
    pub fn by(&self, program: &Path) -> &TestDesk {
        *self.program.borrow_mut() = program.to_owned();
        self
    }

    /// Sets the clock, RFC 3339.
    pub fn now(&self, moment: &str) -> &TestDesk {
        *self.now.borrow_mut() = moment.to_owned();
        self
    }

    /// The clock.
    pub fn moment(&self) -> DateTime<Utc> {
        self.now.borrow().parse().expect("a time")
    }

    /// Imports a catalogue.
    pub fn catalogue(self, csv: &str) -> TestDesk {
        self.import("catalogue", csv)
    }

    /// Imports vendors.
    pub fn vendors(self, csv: &str) -> TestDesk {
        self.import("vendors", csv)
    }

    fn import(self, what: &str, csv: &str) -> TestDesk {
        let name = format!("{what}.csv");
        self.file(&name, csv.as_bytes());
        self.run(&[what, "import", &name]).ok();
        self
    }

    /// A good order of the web shop; change what the test is about.
    pub fn plain_order(number: &str) -> Value {
        json!({
            "order_number": number, "date": "2025-06-02T06:01:52-04:00", "currency": "USD",
            "customer": {"name": "César Bustos", "email": "c@mail.example", "phone": "859-589-9227"},
            "ship_to": {"name": "César Bustos", "street1": "49996 Gary Forks Apt. 388", "street2": "",
                        "city": "South Willie", "state": "MO", "zip": "65367", "country": "US"},
            "lines": [{"sku": "BF63-12163", "qty": 3, "unit_price": "108.23"}],
            "shipping": "0.00", "tax": "0.00", "total": "324.69"
        })
    }

    /// Puts an order into the Maildir as the web shop sends it: signed, encrypted, PGP/MIME.
    pub fn order(&self, order: &Value) -> &TestDesk {
        let entity = make::json_entity(&order.to_string());
        let sealed = make::seal(&entity, &self.webshop, &[&self.shop], self.moment());
        self.sealed_mail(&sealed.expect("sealed"))
    }

    /// Puts a PGP/MIME mail around a sealed message into the Maildir.
    pub fn sealed_mail(&self, sealed: &[u8]) -> &TestDesk {
        let mail = make::pgp_mime(
            "Web Shop <web@shop.example>",
            "orders@shop.example",
            "New order",
            self.moment(),
            &format!("<{}@shop.example>", self.mails.get() + 1),
            sealed,
        );
        self.raw_mail(&mail.expect("a mail"))
    }

    /// Puts any bytes into the Maildir as a mail. Mails are read in the order in which they came.
    pub fn raw_mail(&self, bytes: &[u8]) -> &TestDesk {
        let number = self.mails.get() + 1;
        self.mails.set(number);
        let second = self.moment().timestamp();
        let name = format!("mail/orders/new/{second}.{number:06}.test");
        self.file(&name, bytes);
        self
    }

    /// Runs the real binary on the site, as on a screen of 140 columns.
    pub fn run(&self, args: &[&str]) -> Output {
        self.run_wide(args, 140)
    }

    /// The same on a screen of this width.
    pub fn run_wide(&self, args: &[&str], columns: u16) -> Output {
        output(self.command(args, columns).output().expect("poms runs"))
    }

    /// Commands that run at the same time; their outputs in the order given.
    pub fn run_together(&self, commands: &[&[&str]]) -> Vec<Output> {
        let start = |args: &&[&str]| {
            let mut command = self.command(args, 100);
            command.stdout(Stdio::piped()).stderr(Stdio::piped());
            command.spawn().expect("poms runs")
        };
        let running: Vec<_> = commands.iter().map(start).collect();
        let ended = running.into_iter().map(|one| one.wait_with_output());
        ended.map(|done| output(done.expect("poms ran"))).collect()
    }

    fn command(&self, args: &[&str], columns: u16) -> Command {
        let mut command = Command::new(&*self.program.borrow());
        command
            .current_dir(self.temp.path())
            .env("POMS_CONFIG", self.path("poms.toml"))
            .env("POMS_NOW", self.now.borrow().as_str())
            .env("SHLVL", "1")
            .env("COLUMNS", columns.to_string())
            .env_remove("SUDO_USER")
            .stdin(Stdio::null())
            .args(args);
        command
    }

    /// The mails of the outgoing Maildir, in the order in which they were sent.
    pub fn mails(&self) -> Vec<SentMail> {
        let folder = std::fs::read_dir(self.path("mail/sent/new")).expect("the outgoing Maildir");
        let mut files: Vec<PathBuf> = folder
            .map(|entry| entry.expect("an entry").path())
            .collect();
        files.sort();
        let read = |path: &PathBuf| SentMail {
            raw: std::fs::read(path).expect("a mail"),
        };
        files.iter().map(read).collect()
    }

    /// The mails to one address, in the order in which they were put into the outbox: the clock
    /// stands still, so the Maildir's names do not tell.
    pub fn mails_to(&self, to: &str) -> Vec<SentMail> {
        let list = self.run(&["outbox", "list", "--all", "--limit", "1000", "--json"]);
        let list = list.ok().json();
        let rows = list["deliveries"].as_array().expect("a list").iter();
        let mut mine: Vec<(i64, &str)> = rows
            .filter(|row| row["to"][0] == to)
            .filter_map(|row| Some((row["id"].as_i64()?, row["reference"].as_str()?)))
            .collect();
        mine.sort_unstable();
        let mut sent = self.mails();
        let mut take = |reference: &str| {
            let id = reference.trim_matches(['<', '>']);
            let is = |mail: &SentMail| mail.parsed().message_id() == Some(id);
            Some(sent.remove(sent.iter().position(is)?))
        };
        mine.into_iter().filter_map(|(_, id)| take(id)).collect()
    }

    /// Mails that still wait in the incoming Maildir.
    pub fn waiting(&self) -> usize {
        ["new", "cur"]
            .iter()
            .map(|place| self.path(&format!("mail/orders/{place}")))
            .map(|place| std::fs::read_dir(place).expect("a folder").count())
            .sum()
    }

    pub fn folder(&self, name: &str) {
        let mut folder = std::fs::DirBuilder::new();
        let made = folder.recursive(true).mode(0o700).create(self.path(name));
        made.expect("a folder");
    }

    /// Writes a file that only its owner can read.
    pub fn file(&self, name: &str, bytes: &[u8]) {
        let mut options = std::fs::OpenOptions::new();
        let options = options.write(true).create(true).truncate(true).mode(0o600);
        let mut file = options.open(self.path(name)).expect("a file");
        file.write_all(bytes).expect("written");
    }
}

fn output(done: std::process::Output) -> Output {
    Output {
        code: done.status.code().unwrap_or(-1),
        stdout: String::from_utf8_lossy(&done.stdout).into_owned(),
        stderr: String::from_utf8_lossy(&done.stderr).into_owned(),
        bytes: done.stdout,
    }
}
