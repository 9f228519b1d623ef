//! A site, what its screens print, and the rehearsal of it.

use super::fill;
use crate::support::desk::TestDesk;
use clap::Parser;
use poms::app::App;
use poms::cli::args::Args;
use poms::clock::Clock;
use poms::config::Config;
use poms::desk::possible;
use poms::desk::resolve::{self, Act};
use poms::domain::codes::{Code, Remedy, Severity};
use poms::domain::order::Order;
use poms::ledger::exceptions::{Filter, Subject};
use poms::ledger::{Ledger, LedgerError, Mode, Tx};
use poms::reports::exception_case::{Case, CaseLimits, choices, impossible};
use poms::reports::layout::View;
use poms::rules::{spending_limit, suspected_duplicate};
use std::collections::BTreeSet;

/// How the rehearsal of a command ended.
enum Ended {
    Rehearsed,
    Refused(LedgerError),
}

impl From<LedgerError> for Ended {
    fn from(fault: LedgerError) -> Ended {
        Ended::Refused(fault)
    }
}

/// One printed command.
#[derive(Clone, Debug)]
pub struct Printed {
    /// The exception.
    pub id: i64,
    pub code: String,
    /// What it is about, and where that stands.
    pub about: String,
    pub command: String,
    /// What is needed to fill it in.
    pub order: Option<Order>,
    pub message: String,
    pub po: Option<String>,
    /// Another purchase order of the same vendor.
    pub other_po: String,
}

impl Printed {
    /// The order's number; empty where it is about none.
    pub fn number(&self) -> String {
        let order = self.order.as_ref();
        order.map_or_else(String::new, |order| order.order_number.clone())
    }
}

/// A site.
pub struct Bench {
    pub desk: TestDesk,
}

impl Bench {
    /// Writes to the ledger as a run would.
    pub fn write<T>(&self, work: impl FnOnce(&Tx) -> Result<T, LedgerError>) -> T {
        let mut ledger = self.open(Mode::Write);
        ledger.write(self.desk.moment(), work).expect("written")
    }

    fn open(&self, mode: Mode) -> Ledger {
        let ledger = Ledger::open(&self.desk.path("poms.db"), mode, "test").expect("a ledger");
        let clock = Clock::Frozen(self.desk.moment());
        ledger.under(&clock).expect("a clock")
    }

    /// Puts codes on the list about one thing.
    pub fn list(&self, codes: &[Code], entity: &str, about: Subject) {
        self.write(|tx| {
            for &code in codes {
                let message = format!("line 1: {code} was found (ship_to.name 'x')");
                tx.open_exception(code, Severity::Hold, entity, about, &message)?;
            }
            Ok(())
        });
    }

    /// The commands about every open exception.
    pub fn printed(&self) -> Vec<Printed> {
        let config = Config::load(Some(&self.desk.path("poms.toml"))).expect("a configuration");
        let limits = CaseLimits {
            duplicate_hours: suspected_duplicate::hours(&config.rules),
            spending: &|order| spending_limit::of(&config.rules, order),
            offers: &|tx, row, po| possible::offers(tx, &config.rules, row, po),
        };
        let view = View {
            width: 140,
            zone: config.site.timezone,
            now: self.desk.moment(),
            poms: "poms".to_owned(),
        };
        let ledger = self.open(Mode::Read);
        let rows = ledger
            .read()
            .exceptions(&Filter::default())
            .expect("a list");
        let mut printed = Vec::new();
        for row in rows {
            let gathered = ledger.snapshot_at(view.now, |tx| Case::gather(tx, row.id, &limits));
            let case = gathered.expect("a case");
            // everything that can be said is drawn without a fault
            let text = poms::reports::exception_case::text(&case, &view);
            let all = choices(&case, &view);
            assert!(
                !all.is_empty(),
                "{} {}: nothing to type\n{text}",
                row.code,
                about(&case)
            );
            for (word, why) in impossible(&case) {
                assert!(!why.is_empty(), "{} {word}", row.code);
                assert!(text.contains("Not possible as things stand"), "{text}");
            }
            for choice in all {
                assert!(text.contains(&choice.command), "{}\n{text}", choice.command);
                printed.push(one(&ledger.read(), &case, choice.command));
            }
        }
        printed
    }

    /// Rehearses each command; says which were refused, and which exceptions none of them ends.
    pub fn rehearse(&self, printed: &[Printed]) -> Vec<String> {
        let config = Config::load(Some(&self.desk.path("poms.toml"))).expect("a configuration");
        let clock = Clock::Frozen(self.desk.moment());
        let site = App::open(config, clock, "test".to_owned()).expect("a site");
        let (mut faults, mut ended, mut further) = (Vec::new(), BTreeSet::new(), BTreeSet::new());
        let mut ledger = self.open(Mode::Rehearse);
        for one in printed {
            let words = fill::filled(one);
            let parsed = Args::try_parse_from(&words);
            if let Err(fault) = parsed {
                faults.push(format!("{}: {words:?}: {fault}", one.code));
                continue;
            }
            if !one.command.starts_with("poms exceptions resolve ") {
                further.insert(words);
                continue;
            }
            let mut open = true;
            let done = ledger.write::<(), Ended>(self.desk.moment(), |tx| {
                act(tx, &site, &words)?;
                open = tx.exception(one.id)?.open;
                Err(Ended::Rehearsed)
            });
            match done.expect_err("nothing is committed") {
                Ended::Rehearsed if open => {}
                Ended::Rehearsed => {
                    ended.insert(one.id);
                }
                Ended::Refused(why) => {
                    faults.push(format!("{} ({}), {words:?}: {why}", one.code, one.about));
                }
            }
        }
        drop(ledger);
        faults.extend(self.typed(&further));
        let never = printed.iter().filter(|one| !ended.contains(&one.id));
        let never: BTreeSet<String> = never
            .map(|one| format!("nothing ends {} {} ({})", one.id, one.code, one.about))
            .collect();
        faults.extend(never);
        faults
    }

    /// Types what is no `exceptions resolve`, each once.
    fn typed(&self, commands: &BTreeSet<Vec<String>>) -> Vec<String> {
        let mut faults = Vec::new();
        for words in commands {
            let mut words: Vec<&str> = words.iter().skip(1).map(String::as_str).collect();
            words.push("--dry-run");
            let said = self.desk.run(&words);
            if said.code != 0 {
                faults.push(format!("{words:?}: {}", said.stderr));
            }
        }
        faults
    }
}

/// What the program does with `exceptions resolve`.
fn act(tx: &Tx, site: &App, words: &[String]) -> Result<(), LedgerError> {
    let remedies = [
        Remedy::Release,
        Remedy::Cancel,
        Remedy::Amend,
        Remedy::Retry,
        Remedy::CancelLine,
        Remedy::OtherVendor,
        Remedy::AskCustomer,
        Remedy::Dismiss,
        Remedy::Dispute,
        Remedy::ExpectCredit,
    ];
    let place = |flag: &str| words.iter().position(|word| word == flag);
    let found = remedies
        .into_iter()
        .find_map(|remedy| Some((remedy, place(&format!("--{}", remedy.as_str()))?)));
    let (remedy, at) = found.expect("a remedy");
    let after = words[at + 1..]
        .iter()
        .take_while(|word| !word.starts_with("--"));
    let changes: Vec<String> = after.cloned().collect();
    let po = place("--po").map(|at| words[at + 1].as_str());
    let act = Act {
        remedy,
        note: "as agreed",
        changes: &changes,
        po,
        comment: None,
        all: place("--all").is_some(),
    };
    let id = words[3].parse().expect("a number");
    resolve::resolve(tx, site, id, &act).map(|_| ())
}

fn about(case: &Case) -> String {
    let mut told = vec![case.row.entity.clone()];
    if let Some(story) = &case.story {
        told.push(format!(
            "order {} {}",
            story.row.reference(),
            story.row.state
        ));
        let po = story.pos.iter().map(|(po, _)| po);
        let mut po = po.filter(|po| Some(po.id) == case.row.subject.po);
        told.extend(po.next().map(|po| format!("po {}", po.state)));
    }
    if let Some((delivery, _)) = &case.delivery {
        told.push(format!("delivery {} {}", delivery.kind, delivery.state));
    }
    if let Some((message, _)) = &case.message {
        told.push(format!("message {}", message.state));
    }
    told.join(", ")
}

fn one(tx: &Tx, case: &Case, command: String) -> Printed {
    assert!(case.row.code.known().is_some());
    let po = case.row.subject.po.map(|id| tx.po(id).expect("a po"));
    let invoice = case.invoice.as_ref();
    let vendor = match (&po, invoice.and_then(|invoice| invoice.vendor_id.clone())) {
        (Some(po), _) => po.vendor_id.clone(),
        (None, Some(vendor)) => vendor,
        (None, None) => "ACME".to_owned(),
    };
    let others = tx.shippable_pos(&vendor).expect("a list");
    let mut others = others
        .into_iter()
        .filter(|other| Some(other.id) != case.row.subject.po);
    Printed {
        id: case.row.id,
        code: case.row.code.to_string(),
        about: about(case),
        command,
        order: case.story.as_ref().map(|story| story.row.order.clone()),
        message: case.row.message.clone(),
        po: po.map(|po| po.number),
        other_po: others
            .next()
            .map_or_else(|| "S-SENT-1".to_owned(), |po| po.number),
    }
}
