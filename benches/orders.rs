//! How fast the main job and its answers are, beside the bare limits of what they cannot avoid.
//!
//! - `cargo bench --bench orders` : `poms process` with 1,000 orders (`-- 10000` for another number,
//!   `-- 10000 3` for three rounds of it)
//! - `cargo bench --bench orders -- show` : `poms order show` on a ledger of 200,000 orders
//! - `cargo bench --bench orders -- years` : what commands take on a ledger of 200,000 orders, beside what
//!   they take on one of 10,000 (`-- years 400000` for another number)
//! - `cargo bench --bench orders -- ways` : `poms process` with 1,000 and 10,000 orders by each way in: mail,
//!   folder, sftp, several orders a file, shopify, woocommerce (`-- ways folder sftp 500` for some, and another number)
//! - `cargo bench --bench orders -- site` : a site with 1,000 orders that wait, which stays for measuring by
//!   hand; its mail goes to port 2525 (`-- site 1000 rsa` for RSA)
//!
//! Method: the real binary on a corpus of its own, from a Maildir to `smtp-sink` on loopback, on one
//! core (`taskset -c 0`) and on all; ledger on the disk of the temporary folder, every commit with
//! fsync. Keys, mails and catalogue are made once, on all cores, before anything is measured. The
//! limits are measured on one thread, on the same core, with the same orders and the same library
//! code: *decrypt* opens and reads every mail and writes nothing; *commit* makes every commit of a
//! run, with the rules and documents that go into it, and neither opens nor sends a mail; *SMTP* brings as many mails of the same size to the same sink without a ledger. *All three* is
//! what one core would do that did these and nothing else. Each figure is the best of three rounds
//! (of one, for more than 2,000 orders, unless told otherwise).

#[path = "support/machine.rs"]
mod machine;
#[path = "support/shop.rs"]
mod shop;
#[path = "support/shops.rs"]
mod shops;
#[path = "support/show.rs"]
mod show;
#[path = "support/ways.rs"]
mod ways;
#[path = "support/years.rs"]
mod years;

/// What the tests have: more than is used here.
#[allow(dead_code)]
mod support {
    #[path = "../../tests/support/export.rs"]
    pub mod export;
    #[path = "../../tests/support/ports.rs"]
    pub mod ports;
    #[path = "../../tests/support/sshd.rs"]
    pub mod sshd;
}

use machine::{Cost, Sink, all_cores, on_first_core, poms};
use poms::app::App;
use poms::app::orders::review_and_place;
use poms::app::report::RunReport;
use poms::clock::Clock;
use poms::config::Config;
use poms::delivery::channel::{Channel, DeliveryOutcome, OutgoingMessage};
use poms::delivery::channels;
use poms::delivery::engine::DeliveryStore;
use poms::delivery::outbox::{Outbox, OutboxState};
use poms::domain::delivery::DeliveryChannel;
use poms::intake::mailbox;
use poms::intake::openpgp::make::KeyKind;
use poms::intake::read::MailSource;
use poms::intake::receive;
use poms::ledger::{Ledger, LedgerError, Mode};
use shop::Shop;
use std::time::{Duration, Instant};

/// As many connections as the site has.
const CONNECTIONS: usize = 4;
/// A port for sites that send nothing.
const NOBODY: u16 = 2525;

fn main() {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let mut numbers = words.iter().filter_map(|word| word.parse().ok());
    let number = numbers.next();
    if words.iter().any(|word| word == "show") {
        return show::measure(number.unwrap_or(200_000));
    }
    if words.iter().any(|word| word == "ways") {
        let numbers: Vec<usize> = words.iter().filter_map(|word| word.parse().ok()).collect();
        return ways::measure(&words, &numbers);
    }
    if words.iter().any(|word| word == "years") {
        return years::measure(number.unwrap_or(200_000));
    }
    let orders = number.unwrap_or(1000);
    if words.iter().any(|word| word == "site") {
        let kind = match words.iter().any(|word| word == "rsa") {
            true => KeyKind::Rsa3072,
            false => KeyKind::Cv25519,
        };
        let shop = stocked(kind);
        shop.deliver(0, orders);
        return println!("{}", shop.keep().display());
    }
    println!("{orders} signed and encrypted orders, 2 purchase orders and 1 customer mail each\n");
    println!(
        "{:<10}{:<22}{:>10}{:>12}{:>12}",
        "key", "what", "orders/s", "CPU ms each", "peak MiB"
    );
    // other work on the machine only ever makes a figure worse
    let rounds = numbers.next().unwrap_or(if orders > 2000 { 1 } else { 3 });
    for (name, kind) in [
        ("RSA-3072", KeyKind::Rsa3072),
        ("cv25519", KeyKind::Cv25519),
    ] {
        // on all cores, before anything is measured
        let shop = stocked(kind);
        shop.deliver(0, orders);
        let best = (1..rounds).fold(Round::of(&shop, orders), |best, _| {
            best.or_better(Round::of(&shop, orders))
        });
        best.print(name, orders);
    }
}

/// Every figure once.
struct Round {
    /// Orders a second of one thread that decrypts, commits, or sends, and nothing else.
    limits: [f64; 3],
    /// A run on one core, and one on all.
    runs: [Cost; 2],
}

impl Round {
    fn of(shop: &Shop, orders: usize) -> Round {
        let (reading, writing, sink) = (shop.copy(NOBODY), shop.copy(NOBODY), Sink::start());
        let sending = shop.copy(sink.port);
        Round {
            limits: [
                alone(|| decrypt_only(&reading, orders)),
                alone(|| commit_only(&writing, orders)),
                alone(|| smtp_only(&sending, orders)),
            ],
            runs: ["0".to_owned(), all_cores()].map(|cores| process(shop, orders, &cores)),
        }
    }

    /// The better of two for each figure.
    fn or_better(self, other: Round) -> Round {
        let [a, b, c] = self.limits;
        let [x, y, z] = other.limits;
        let quicker = |one: Cost, two: Cost| if one.wall <= two.wall { one } else { two };
        let ([one, all], [first, every]) = (self.runs, other.runs);
        Round {
            limits: [a.max(x), b.max(y), c.max(z)],
            runs: [quicker(one, first), quicker(all, every)],
        }
    }

    fn print(&self, name: &str, orders: usize) {
        let what = ["limit: decrypt", "limit: commit", "limit: SMTP"];
        for (what, rate) in what.iter().zip(self.limits) {
            println!("{name:<10}{what:<22}{rate:>10.0}");
        }
        let in_a_row = 1.0 / self.limits.iter().map(|rate| 1.0 / rate).sum::<f64>();
        println!("{name:<10}{:<22}{in_a_row:>10.0}", "all three in a row");
        for (what, cost) in ["process, one core", "process, all cores"]
            .iter()
            .zip(&self.runs)
        {
            println!(
                "{name:<10}{what:<22}{:>10.0}{:>12.2}{:>12.0}",
                orders as f64 / cost.wall,
                cost.cpu * 1000.0 / orders as f64,
                cost.peak_mib
            );
            for line in cost.stderr.lines().filter(|line| line.contains("stage")) {
                println!("{:10}  {}", "", line.trim());
            }
        }
        println!();
    }
}

/// A run of the program over a mailbox of its own.
fn process(shop: &Shop, orders: usize, cores: &str) -> Cost {
    let sink = Sink::start();
    let shop = shop.copy(sink.port);
    let cost = poms(&shop.path(""), cores, &["process", "-v"]);
    let all = format!("{orders} placed");
    assert!(
        cost.stdout.contains(&all),
        "not all were placed: {}",
        cost.stdout
    );
    cost
}

/// Does the work on one thread, on the core that a run on one core has.
fn alone(work: impl FnOnce() -> f64 + Send) -> f64 {
    let pool = rayon::ThreadPoolBuilder::new().num_threads(1).build();
    pool.unwrap().install(|| {
        on_first_core();
        work()
    })
}

/// A site with vendors and catalogue, and no mail yet.
fn stocked(kind: KeyKind) -> Shop {
    let shop = Shop::new(kind, NOBODY);
    for (command, file) in [("vendors", "vendors.csv"), ("catalogue", "catalogue.csv")] {
        let file = shop.path(file).display().to_string();
        poms(&shop.path(""), &all_cores(), &[command, "import", &file]);
    }
    shop
}

fn site(shop: &Shop) -> App {
    let config = Config::read(&shop.path("poms.toml")).unwrap();
    App::open(config, Clock::Frozen(shop::now()), "bench".to_owned()).unwrap()
}

fn decrypt_only(shop: &Shop, orders: usize) -> f64 {
    let (site, mails) = (site(shop), shop.waiting());
    let begun = Instant::now();
    for mail in &mails {
        assert!(
            site.reader
                .read(mail, MailSource::Orders, shop::now(), shop::now())
                .is_ok()
        );
    }
    orders as f64 / begun.elapsed().as_secs_f64()
}

/// All that the ledger does for these orders, from the ingest commit to the last result, with rules
/// and documents; the mails are opened between the commits, off the clock, and taken by nobody.
fn commit_only(shop: &Shop, orders: usize) -> f64 {
    let site = site(shop);
    let mut ledger = Ledger::open(&site.config.site.ledger, Mode::Write, "bench").unwrap();
    let mut mailbox = mailbox::open(&site.config.mailboxes[0]).unwrap();
    let handles = mailbox.list().unwrap();
    let limits = &site.config.limits;
    let (mut report, mut spent) = (RunReport::default(), Duration::ZERO);
    for batch in handles.chunks(limits.batch) {
        let (begun, sums, now) = (Instant::now(), &mut report.messages, shop::now());
        let largest = limits.message_bytes;
        let got = receive::ingest(&mut ledger, mailbox.as_mut(), batch, largest, now, sums);
        let waiting = got.unwrap().waiting;
        spent += begun.elapsed();
        let read = receive::read_all(waiting, &site.reader, now);
        let begun = Instant::now();
        let done = ledger.write(now, |tx| {
            let settled = receive::settle(tx, read, &site.config.rules, &mut report.messages)?;
            review_and_place(tx, &site, &settled.orders, &mut report)
        });
        done.map_err(|fault: LedgerError| fault.to_string())
            .unwrap();
        spent += begun.elapsed();
    }
    let begun = Instant::now();
    let backoff = &site.config.delivery.backoff;
    let mut state = OutboxState::new(DeliveryChannel::Email);
    let mut book = Outbox {
        ledger: &mut ledger,
        clock: &site.clock,
        backoff,
        envelopes: site.envelopes(),
        anchor: &site.config.site.anchor,
        state: &mut state,
    };
    let mut taken = Vec::new();
    loop {
        let messages = book.next(CONNECTIONS).unwrap();
        let ids: Vec<i64> = messages.iter().map(|message| message.id).collect();
        book.record(std::mem::take(&mut taken), &ids).unwrap();
        if ids.is_empty() {
            break;
        }
        taken.extend(
            ids.into_iter()
                .map(|id| (id, DeliveryOutcome::accepted("250 2.0.0 Ok"))),
        );
    }
    assert_eq!(report.orders.placed, orders, "not all were placed");
    orders as f64 / (spent + begun.elapsed()).as_secs_f64()
}

/// Three mails an order over one connection after another of the four, each waited for.
fn smtp_only(shop: &Shop, orders: usize) -> f64 {
    let site = site(shop);
    let mut connections: Vec<Box<dyn Channel>> =
        channels::open(&DeliveryChannel::Email, &site.config, site.clock.now()).unwrap();
    let content = format!(
        "Subject: bench\r\n\r\n{}",
        "0123456789abcdef0123456789abcdef\r\n".repeat(300)
    )
    .into_bytes();
    let begun = Instant::now();
    for number in 0..orders * 3 {
        let message = OutgoingMessage {
            id: number as i64,
            reference: format!("<{number}@bench.example>"),
            from: "orders@shop.example".to_owned(),
            to: vec!["po@vendor.example".to_owned()],
            subject: "bench".to_owned(),
            content: content.clone(),
        };
        let count = connections.len();
        let connection = &mut connections[number % count];
        assert!(connection.prepare(&message).is_ok());
        connection.complete(&message);
    }
    orders as f64 / begun.elapsed().as_secs_f64()
}
