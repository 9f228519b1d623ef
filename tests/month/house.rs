//! The shop under trial: a whole site whose clock the month moves. Runs and acts are the library's own,
//! in this process; what people type is read by poms' own command line.

use super::days;
use super::post::{Letter, Sent};
use crate::support::desk::TestDesk;
use chrono::{DateTime, Utc};
use clap::Parser;
use poms::app::App;
use poms::cli::args::{
    Args, Command, Exceptions, Message, Order, OrderRefund, Outbox, Po, Resolve,
};
use poms::clock::Clock;
use poms::config::Config;
use poms::desk::{self, Said};
use poms::ledger::exceptions::Filter;
use poms::ledger::{Ledger, LedgerError, Mode, Tx};
use poms::reports::exception_case::{Case, CaseLimits};
use poms::reports::exceptions;
use poms::reports::layout::View;
use poms::rules::{spending_limit, suspected_duplicate};
use poms::run::{self, Options};
use serde_json::Value;
use std::sync::atomic::AtomicBool;

/// What poms calls itself in commands to be copied.
const POMS: &str = "poms";

/// One mailbox that takes everything, addresses to answer to, and a folder of bills.
const MORE: &str = "[invoicing]\nfolder = \"invoices\"\ndates = \"mdy\"\n";

pub struct House {
    pub desk: TestDesk,
    site: App,
    /// Answers that were typed and refused, with what poms said.
    pub refused: Vec<(String, String)>,
}

impl House {
    pub fn new(vendors: &str, catalogue: &str, now: DateTime<Utc>) -> House {
        let desk = TestDesk::new();
        desk.now(&days::text(now));
        desk.config(MORE);
        let file = desk.path("poms.toml");
        let text = std::fs::read_to_string(&file).unwrap();
        let text = text
            .replacen(
                "[[mailbox]]",
                "token_keys = [\"keys/tokens.key\"]\n[[mailbox]]",
                1,
            )
            .replace("name = \"orders\"", "name = \"orders\"\npurpose = \"any\"");
        desk.file("poms.toml", text.as_bytes());
        desk.file("keys/tokens.key", &[b'm'; 64]);
        std::fs::create_dir(desk.path("invoices")).unwrap();
        let desk = desk.vendors(vendors).catalogue(catalogue);
        let config = Config::load(Some(&file)).unwrap();
        let site = App::open(config, Clock::Frozen(now), "month".to_owned()).unwrap();
        House {
            desk,
            site,
            refused: Vec::new(),
        }
    }

    /// Moves the clock.
    pub fn at(&mut self, now: DateTime<Utc>) {
        self.desk.now(&days::text(now));
        self.site.clock = Clock::Frozen(now);
    }

    pub fn now(&self) -> DateTime<Utc> {
        self.site.clock.now()
    }

    /// One run of cron; what failed beside documents that need a person.
    pub fn run(&self) {
        let options = Options {
            dry_run: false,
            after_order: true,
        };
        let report = run::process(&self.site, options, &AtomicBool::new(false)).unwrap();
        let real = report
            .failures
            .iter()
            .find(|line| !line.contains(" exceptions show "));
        assert_eq!(real, None, "{:?}", report.failures);
    }

    /// Brings a mail.
    pub fn deliver(&self, letter: &Letter) {
        self.desk.raw_mail(&letter.mail(self.now()));
    }

    /// What left since the last look, in the order of the outbox.
    pub fn sent(&self) -> Vec<Sent> {
        let folder = self.desk.path("mail/sent/new");
        let seen = self.desk.path("mail/sent/cur");
        let mut mails = Vec::new();
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            mails.push(Sent::read(&std::fs::read(&path).unwrap(), self.now()));
            let name = format!("{}:2,S", path.file_name().unwrap().to_string_lossy());
            std::fs::rename(&path, seen.join(name)).unwrap();
        }
        let tx = self.ledger();
        let place = |mail: &Sent| -> i64 {
            let sql = "SELECT id FROM delivery WHERE reference = ?1";
            tx.query_row(sql, [format!("<{}>", mail.id)], |row| row.get(0))
                .unwrap()
        };
        mails.sort_by_cached_key(place);
        mails
    }

    /// The ledger, to be looked at.
    pub fn ledger(&self) -> rusqlite::Connection {
        crate::support::scene::open(&self.desk.path("poms.db"))
    }

    fn view(&self) -> View {
        View {
            width: 140,
            zone: self.site.config.site.timezone,
            now: self.now(),
            poms: POMS.to_owned(),
        }
    }

    fn read<T>(&self, look: impl FnOnce(&Tx) -> Result<T, LedgerError>) -> T {
        let ledger = Ledger::open(&self.site.config.site.ledger, Mode::Read, "month").unwrap();
        ledger.snapshot_at(self.now(), look).unwrap()
    }

    /// `poms exceptions list --json`.
    pub fn exceptions(&self) -> Vec<Value> {
        let now = self.now();
        self.read(|tx| {
            let rows = tx.exceptions(&Filter::default())?;
            Ok(rows.iter().map(|row| exceptions::json(row, now)).collect())
        })
    }

    /// `poms exceptions show ID --json`; `None` when it is over already.
    pub fn case(&self, id: i64) -> Option<Value> {
        let (view, rules) = (self.view(), &self.site.config.rules);
        let limits = CaseLimits {
            duplicate_hours: suspected_duplicate::hours(rules),
            spending: &|order| spending_limit::of(rules, order),
            offers: &|tx, row, po| desk::possible::offers(tx, rules, row, po),
        };
        let case = self.read(|tx| Case::gather(tx, id, &limits));
        case.row.open.then(|| case.json(&view))
    }

    fn act(
        &self,
        act: impl FnOnce(&Tx, &App) -> Result<Said, LedgerError>,
    ) -> Result<Said, String> {
        let site = &self.site;
        let ledger = Ledger::open(&site.config.site.ledger, Mode::Write, "month").unwrap();
        let mut ledger = ledger.under(&site.clock).unwrap();
        let now = self.now();
        // the next run anchors it: reading all anchors for each act takes long without optimisation
        let said = ledger.write(now, |tx| act(tx, site));
        said.map_err(|fault| fault.to_string())
    }

    /// Types a command as it was printed, with a reason for "WHY"; says whether it was done.
    pub fn types(&mut self, command: &str) -> bool {
        let done = self.typed(command);
        if let Err(why) = &done {
            let at = self.now();
            self.refused.push((format!("{at} {command}"), why.clone()));
        }
        done.is_ok()
    }

    /// Types what poms did not print for this very moment; it may be done already.
    pub fn tries(&self, command: &str) {
        drop(self.typed(command));
    }

    /// Types a command; what was said, or why it was refused.
    pub fn typed(&self, command: &str) -> Result<Said, String> {
        let command = &command.replace("\"WHY\"", "'the admin of the month'");
        let args = Args::try_parse_from(words(command)).map_err(|fault| fault.to_string())?;
        match args.command {
            Command::Exceptions(Exceptions::Resolve(args)) => self.resolve(&args),
            Command::Order(Order::Cancel(args)) if args.line.is_none() => self.act(|tx, site| {
                desk::cancel::cancel(tx, site, &tx.find_order(&args.order)?, &args.note)
            }),
            Command::Order(Order::Refund(args)) => self.refund(&args),
            Command::Message(Message::Answer(args)) => self.act(|tx, site| {
                let answer = desk::answer::MailAnswer {
                    text: args.text.as_deref().unwrap_or_default(),
                    note: &args.note,
                    to: args.to.as_deref(),
                    again: args.again,
                    unproved: args.unproved,
                };
                desk::answer::answer(tx, site, args.id, &answer)
            }),
            Command::Outbox(Outbox::Retry(args)) => {
                self.act(|tx, site| desk::outbox::retry(tx, site, args.id, &args.note))
            }
            Command::Po(Po::CancelAgreed(args)) => self
                .act(|tx, site| desk::cancellation::answered(tx, site, &args.po, true, &args.note)),
            Command::Po(Po::CancelRefused(args)) => self.act(|tx, site| {
                desk::cancellation::answered(tx, site, &args.po, false, &args.note)
            }),
            _ => self.binary(command),
        }
    }

    fn binary(&self, command: &str) -> Result<Said, String> {
        let words = words(command);
        let args: Vec<&str> = words.iter().skip(1).map(String::as_str).collect();
        let done = self.desk.run(&args);
        match done.code {
            0 => Ok(vec![done.stdout]),
            _ => Err(format!("{}{}", done.stdout, done.stderr)),
        }
    }

    fn resolve(&self, args: &Resolve) -> Result<Said, String> {
        self.act(|tx, site| {
            let done = desk::several::resolve_all(tx, site, &args.ids, &args.act())?;
            Ok(done.into_iter().flat_map(|one| one.said).collect())
        })
    }

    fn refund(&self, args: &OrderRefund) -> Result<Said, String> {
        let paid = desk::returns::Paid {
            sum: desk::returns::Sum::Whole,
            method: args.method.as_deref(),
            reference: args.reference.as_deref(),
            last: args.r#final,
            note: args.note.as_deref(),
        };
        self.act(|tx, _| desk::refund::refund(tx, &tx.find_order(&args.order)?, &paid))
    }

    /// Types rows as a file of advices; what came of it.
    pub fn advices(&self, table: &str) -> poms::shipping::apply::files::FileReport {
        let name = format!("advice-{}.csv", self.now().timestamp_micros());
        self.desk.file(&name, table.as_bytes());
        let site = &self.site;
        let ledger = Ledger::open(&site.config.site.ledger, Mode::Write, "month").unwrap();
        let mut ledger = ledger.under(&site.clock).unwrap();
        let file = self.desk.path(&name);
        let read =
            run::advices::import(&mut ledger, &site.config, &file, None, self.now()).unwrap();
        match read {
            run::advices::Read::Taken(report) => report,
            run::advices::Read::Unreadable(why) => panic!("{why}: {table}"),
        }
    }

    /// What customers are owed by `poms report refunds-due`: order and sum.
    pub fn refunds_due(&self) -> Vec<(String, String)> {
        let site = &self.site.config.site;
        let scope = poms::reports::money::Scope {
            since: None,
            vendor: None,
            now: self.now(),
            currency: &site.currency,
            due_days: 30,
            zone: site.timezone,
            width: 140,
        };
        let found = self.read(|tx| poms::reports::money::refunds_due::report(tx, &scope));
        let rows = found.json["refunds_due"].as_array().unwrap().iter();
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        rows.map(|row| (text(&row["order"]), text(&row["owed"])))
            .collect()
    }

    /// What another verifier says, which was written from the description of the ledger alone, and
    /// `poms verify`; the site is over then.
    pub fn proved(&self) -> Vec<String> {
        let mut faults = Vec::new();
        let done = self.desk.run(&["verify"]);
        if done.code != 0 {
            faults.push(format!("poms verify: {}{}", done.stdout, done.stderr));
        }
        let file = self.desk.path("poms.db");
        let ledger = rusqlite::Connection::open(&file).unwrap();
        let sql = "PRAGMA wal_checkpoint(TRUNCATE); PRAGMA journal_mode = DELETE";
        ledger.execute_batch(sql).unwrap();
        drop(ledger);
        let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
        let mut other = std::process::Command::new("python3");
        other.arg(root.join("tests/verify/independent.py"));
        let said = other
            .arg(root.join("src/ledger/migrations"))
            .arg(&file)
            .output()
            .unwrap();
        if String::from_utf8_lossy(&said.stdout).trim() != "sound" {
            faults.push(format!("independent.py: {said:?}"));
        }
        faults
    }

    /// A copy of the site for whoever looks into it.
    pub fn keep(&self) {
        let Ok(kept) = std::env::var("POMS_MONTH_KEEP") else {
            return;
        };
        let from = self.desk.path("");
        let copied = std::process::Command::new("cp")
            .args(["-a", "--"])
            .arg(from)
            .arg(kept)
            .status();
        assert!(copied.unwrap().success(), "the site could not be copied");
    }

    /// What does not hold in the ledger.
    pub fn problems(&self) -> Vec<String> {
        crate::support::scene::problems(&self.desk.path("poms.db"))
    }
}

/// The words of a command line, as a shell takes them apart: blanks, and two kinds of quotes.
fn words(command: &str) -> Vec<String> {
    let (mut all, mut word, mut quote) = (Vec::new(), None::<String>, None);
    for c in command.chars() {
        match (quote, c) {
            (Some(open), c) if c == open => quote = None,
            (None, '\'' | '"') => {
                quote = Some(c);
                word.get_or_insert_default();
            }
            (None, ' ') => all.extend(word.take()),
            (_, c) => word.get_or_insert_default().push(c),
        }
    }
    all.extend(word);
    all
}
