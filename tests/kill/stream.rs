//! Orders come in portions and are fetched by IMAP and sent by SMTP, while `poms process` is killed
//! at random moments, its start among them, again and again: in the end every order is placed and
//! every document left once, or is named.

use super::site::{Inbox, Site, Way};
use super::*;
use crate::support::scene::POMS;
use chrono::{DateTime, Duration as Span, Utc};
use poms::intake::openpgp::make::KeyPair;
use rayon::prelude::*;
use std::os::unix::process::ExitStatusExt;
use std::time::{Duration, Instant};

/// SplitMix64: the same moments every time.
pub struct Dice(pub u64);

impl Dice {
    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// Any moment up to this long.
    pub fn within(&mut self, span: Duration) -> Duration {
        Duration::from_micros(self.next() % (span.as_micros() as u64).max(1))
    }
}

/// The n-th order: every second one has the goods of two vendors.
fn order_of(number: usize) -> Value {
    let mut order = order(1 + number % 3);
    order["order_number"] = json!(format!("W{}", 300_000 + number));
    let name = format!("Customer {number}");
    order["customer"]["name"] = json!(name);
    order["customer"]["email"] = json!(format!("customer{number}@mail.example"));
    order["ship_to"]["name"] = json!(name);
    order["ship_to"]["street1"] = json!(format!("{number} Gary Forks"));
    if number % 2 == 1 {
        order["lines"].as_array_mut().unwrap().pop();
        let cents = 2990 * (1 + number % 3);
        order["total"] = json!(format!("{}.{:02}", cents / 100, cents % 100));
    }
    order
}

fn sealed(order: &Value, shop: &KeyPair, webshop: &KeyPair, now: DateTime<Utc>) -> Vec<u8> {
    let number = order["order_number"].as_str().unwrap();
    let entity = make::json_entity(&order.to_string());
    let sealed = make::seal(&entity, webshop, &[shop], now).unwrap();
    let (from, to) = ("web@shop.example", "orders@shop.example");
    make::pgp_mime(
        from,
        to,
        "New order",
        now,
        &format!("<{number}@web>"),
        &sealed,
    )
    .unwrap()
}

/// Mails of so many orders, and the site that they come to.
pub fn stream(count: usize) -> (Scene, Vec<Vec<u8>>) {
    let desk = TestDesk::stocked();
    let (shop, webshop, now) = (desk.shop_key(), desk.webshop_key(), desk.moment());
    let mails = (0..count).into_par_iter();
    let mails = mails.map(|n| sealed(&order_of(n), shop, webshop, now));
    let mails = mails.collect();
    (Scene::of(&desk), mails)
}

/// What the orders of [`stream`] must come to.
pub(super) fn expected(count: usize) -> Expected {
    let placed = i64::try_from(count).unwrap();
    Expected {
        accepted: placed,
        quarantined: 0,
        placed,
        held: 0,
        purchase_orders: placed + (placed + 1) / 2,
        letters: placed,
    }
}

/// The storm: the site, and what has struck it so far.
struct Storm {
    site: Site,
    dice: Dice,
    now: DateTime<Utc>,
    /// How long a run takes that nobody disturbs.
    usual: Duration,
    kills: usize,
    /// Killed before the run had its number.
    early: usize,
    ended: usize,
    poisoned: usize,
}

impl Storm {
    fn over(site: Site) -> Storm {
        Storm {
            site,
            dice: Dice(20_250_602),
            now: NOW.parse().unwrap(),
            usual: Duration::from_millis(100),
            kills: 0,
            early: 0,
            ended: 0,
            poisoned: 0,
        }
    }

    fn runs(&self) -> i64 {
        self.site.scene.count("SELECT COUNT(*) FROM run")
    }

    /// One run, killed at a random moment if it lasts that long.
    fn strike(&mut self) {
        self.now += Span::seconds(10);
        let before = self.runs();
        let now = self.now.format("%Y-%m-%dT%H:%M:%SZ").to_string();
        let mut command = self.site.scene.command(POMS, &["process"], &now);
        let begun = Instant::now();
        let mut child = command.spawn().unwrap();
        // a tenth of the blows fall into the start; a tenth of the runs shows how long one takes
        let span = match self.dice.next() % 10 {
            0 => None,
            1 => Some(self.usual / 10),
            _ => Some(self.usual),
        };
        if let Some(span) = span {
            std::thread::sleep(self.dice.within(span));
            let _ = child.kill();
        }
        let done = child.wait_with_output().unwrap();
        let said = String::from_utf8_lossy(&done.stderr);
        if done.status.signal() == Some(9) {
            self.kills += 1;
            self.early += usize::from(self.runs() == before);
            return;
        }
        // the run after a blow may name what is doubtful, and nothing else
        let named = done.status.code() == Some(1) && said.lines().all(|line| line.contains(DOUBT));
        let silent = done.status.success() && said.is_empty();
        assert!(
            silent || (named && !said.is_empty()),
            "{}: {said}",
            done.status
        );
        self.ended += 1;
        self.usual = (self.usual + begun.elapsed()) / 2;
    }

    /// A message that was met by three blows in its reading is quarantined, and named. A person has
    /// it read again.
    fn release(&mut self) {
        let named = {
            let ledger = self.site.scene.ledger();
            let sql =
                "SELECT id FROM exception WHERE code = 'unreadable_message' AND state = 'open'";
            let mut rows = ledger.prepare(sql).unwrap();
            let rows = rows.query_map([], |row| row.get::<_, i64>(0)).unwrap();
            rows.map(Result::unwrap).collect::<Vec<_>>()
        };
        let quarantined = "SELECT COUNT(*) FROM message WHERE state = 'quarantined'";
        assert_eq!(self.site.scene.count(quarantined), named.len() as i64);
        for id in named {
            self.poisoned += 1;
            let id = id.to_string();
            let args = ["exceptions", "resolve", &id, "--retry", "--note", "again"];
            let now = self.now.format("%Y-%m-%dT%H:%M:%SZ").to_string();
            let done = self.site.scene.run(&args, &now);
            assert_eq!(done.code, 0, "{}", done.stderr);
        }
    }
}

#[test]
fn random_kills_over_a_stream_of_orders() {
    let (orders, kills) = if full() { (2000, 1000) } else { (40, 20) };
    let (scene, mails) = stream(orders);
    let way = Way {
        inbox: Inbox::Imap,
        smtp: Some(3),
        ..Way::SMTP
    };
    let mut storm = Storm::over(Site::new(&scene, way));
    let begun = Instant::now();
    storm.site.scene.run(&["process"], NOW).ok();
    storm.usual = begun.elapsed() * 2;
    let mut mails = mails.into_iter();
    while storm.kills < kills || mails.len() > 0 {
        // as many in each portion as keep pace with the kills, now none and now more
        let behind = (orders - mails.len()) * kills <= (storm.kills + 1) * orders;
        let portion = if behind { storm.dice.next() % 5 } else { 0 };
        for mail in mails.by_ref().take(portion as usize) {
            storm.site.deliver(mail);
        }
        storm.strike();
        storm.release();
    }
    // what three blows have met is found out, and named, by the next run
    let quiet = (storm.now + Span::minutes(5)).to_rfc3339();
    storm.site.scene.run(&["process"], &quiet).done();
    storm.release();
    let later = [1, 5].map(|hours| (storm.now + Span::hours(hours)).to_rfc3339());
    let later = [later[0].as_str(), later[1].as_str()];
    let figures = counted(|| {
        let figures = storm
            .site
            .converges_at(later, expected(orders), "the stream");
        Figures {
            points: storm.kills,
            ..figures
        }
    });
    let Storm {
        kills,
        early,
        ended,
        poisoned,
        ..
    } = storm;
    let title = format!(
        "random kills, {orders} orders ({kills} killed, {early} of them at their start; {ended} ended before \
         the blow; {poisoned} messages taken for poison and read again on request)"
    );
    print(&title, figures);
    assert!(figures.sound(), "{figures:?}");
}
