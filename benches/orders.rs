//! How fast the main job and its answers are, beside the bare limits of what they cannot avoid.
//!
//! - `cargo bench --bench orders` : `poms process` with 1,000 orders (`-- 10000` for another number)
//! - `cargo bench --bench orders -- show` : `poms order show` on a ledger of 200,000 orders
//!
//! Method: the real binary on a corpus of its own, from a Maildir to `smtp-sink` on loopback, on one
//! core (`taskset -c 0`) and on all; ledger on the disk of the temporary folder, every commit with
//! fsync. The limits are measured in the same process run, on one thread, with the same orders and
//! the same library code: *decrypt* opens and reads every mail and writes nothing; *commit* stores
//! the same orders with their purchase orders and documents in groups and neither decrypts nor
//! sends; *SMTP* brings as many mails of the same size to the same sink without a ledger.

#[path = "support/machine.rs"]
mod machine;
#[path = "support/shop.rs"]
mod shop;
#[path = "support/show.rs"]
mod show;

use machine::{Sink, all_cores, poms};
use poms::clock::Clock;
use poms::config::Config;
use poms::delivery::channel::{Channel, Parcel};
use poms::delivery::channels;
use poms::intake::openpgp::make::KeyKind;
use poms::intake::read::Source;
use poms::ledger::{Ledger, LedgerError, Mode};
use poms::run::report::Report;
use poms::run::review_and_place;
use poms::run::site::Site;
use shop::Shop;
use std::time::Instant;

fn main() {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let number = words.iter().find_map(|word| word.parse().ok());
    if words.iter().any(|word| word == "show") {
        return show::measure(number.unwrap_or(200_000));
    }
    let orders = number.unwrap_or(1000);
    println!("{orders} signed and encrypted orders, 2 purchase orders and 1 customer mail each\n");
    println!(
        "{:<10}{:<22}{:>10}{:>12}{:>12}",
        "key", "what", "orders/s", "CPU ms each", "peak MiB"
    );
    for (name, kind) in [
        ("RSA-3072", KeyKind::Rsa3072),
        ("cv25519", KeyKind::Cv25519),
    ] {
        let rates = [
            ("limit: decrypt", decrypt_only(kind, orders)),
            ("limit: rules + commit", commit_only(kind, orders)),
            ("limit: SMTP", smtp_only(kind, orders)),
        ];
        for (what, rate) in &rates {
            println!("{name:<10}{what:<22}{rate:>10.0}");
        }
        for (what, cores) in [
            ("process, one core", "0".to_owned()),
            ("process, all cores", all_cores()),
        ] {
            let sink = Sink::start();
            let shop = stocked(kind, sink.port);
            shop.deliver(0, orders);
            let cost = poms(&shop.path(""), &cores, &["process", "-v"]);
            println!(
                "{name:<10}{what:<22}{:>10.0}{:>12.2}{:>12.0}",
                orders as f64 / cost.wall,
                cost.cpu * 1000.0 / orders as f64,
                cost.peak_mib
            );
            assert!(
                cost.stdout.contains(&format!("{orders} placed")),
                "not all were placed: {}",
                cost.stdout
            );
            for line in cost.stderr.lines().filter(|line| line.contains("stage")) {
                println!("{:10}  {}", "", line.trim());
            }
        }
        println!();
    }
}

fn stocked(kind: KeyKind, port: u16) -> Shop {
    let shop = Shop::new(kind, port);
    poms(
        &shop.path(""),
        &all_cores(),
        &[
            "vendors",
            "import",
            &shop.path("vendors.csv").display().to_string(),
        ],
    );
    poms(
        &shop.path(""),
        &all_cores(),
        &[
            "catalogue",
            "import",
            &shop.path("catalogue.csv").display().to_string(),
        ],
    );
    shop
}

fn site(shop: &Shop) -> Site {
    let config = Config::read(&shop.path("poms.toml")).unwrap();
    Site::open(config, Clock::Frozen(shop::now()), "bench".to_owned()).unwrap()
}

fn decrypt_only(kind: KeyKind, orders: usize) -> f64 {
    let shop = Shop::new(kind, 2525);
    shop.deliver(0, orders);
    let (site, mails) = (site(&shop), shop.waiting());
    let begun = Instant::now();
    for mail in &mails {
        assert!(
            site.reader
                .read(mail, Source::Orders, shop::now(), shop::now())
                .is_ok()
        );
    }
    orders as f64 / begun.elapsed().as_secs_f64()
}

fn commit_only(kind: KeyKind, orders: usize) -> f64 {
    let shop = stocked(kind, 2525);
    let site = site(&shop);
    let mut ledger = Ledger::open(&site.config.site.ledger, Mode::Write, "bench").unwrap();
    let all: Vec<usize> = (0..orders).collect();
    let begun = Instant::now();
    for batch in all.chunks(site.config.limits.batch) {
        let mut report = Report::default();
        let done = ledger.write(shop::now(), |tx| {
            let mut rows = Vec::new();
            for number in batch {
                let (format, order) =
                    poms::formats::read(&shop::order(*number)).expect("a good order");
                rows.push(tx.insert_order(&order, format, &[])?);
            }
            review_and_place(tx, &site, &rows, &mut report)
        });
        done.map_err(|fault: LedgerError| fault.to_string())
            .unwrap();
    }
    orders as f64 / begun.elapsed().as_secs_f64()
}

/// Three mails an order over one connection after another of the four, each waited for.
fn smtp_only(kind: KeyKind, orders: usize) -> f64 {
    let sink = Sink::start();
    let shop = Shop::new(kind, sink.port);
    let site = site(&shop);
    let mut connections: Vec<Box<dyn Channel>> =
        channels::open("email", &site.config, site.clock.now()).unwrap();
    let content = format!(
        "Subject: bench\r\n\r\n{}",
        "0123456789abcdef0123456789abcdef\r\n".repeat(300)
    )
    .into_bytes();
    let begun = Instant::now();
    for number in 0..orders * 3 {
        let parcel = Parcel {
            id: number as i64,
            reference: format!("<{number}@bench.example>"),
            from: "orders@shop.example".to_owned(),
            to: vec!["po@vendor.example".to_owned()],
            subject: "bench".to_owned(),
            content: content.clone(),
        };
        let count = connections.len();
        let connection = &mut connections[number % count];
        assert!(connection.prepare(&parcel).is_ok());
        connection.complete(&parcel);
    }
    orders as f64 / begun.elapsed().as_secs_f64()
}
