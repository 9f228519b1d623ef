//! A month of the shop: vendors with habits, customers who answer, an admin and a bookkeeper, all by a
//! clock that the test moves. poms is the real one; everybody else reads what really left it, and
//! writes real mails to it.
//!
//! The whole month: `POMS_MONTH=full cargo test --test main -- month --nocapture`. One seed makes one
//! month; `POMS_MONTH_SEED=7` makes another, `POMS_MONTH_ORDERS=20 POMS_MONTH_DAYS=5` a short one of so
//! many orders a day. A fault names its seed, and `POMS_MONTH_KEEP=DIR` keeps the
//! site as it is in the end, for `poms --config DIR/poms.toml`.

mod admin;
mod books;
mod checks;
mod customers;
mod days;
mod figures;
mod house;
mod post;
mod vendors;
mod world;

use chrono::{NaiveDate, TimeDelta};
use customers::Shopper;
use days::Agenda;
use figures::Tally;
use house::House;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use vendors::{Act, Habit, Style, Vendor, Word};
use world::{Flaw, Size, World};

/// What happens at an instant.
pub enum Event {
    /// The web shop sends an order.
    Order,
    /// A vendor does something.
    Vendor(usize, Act),
    /// The customer of an order writes this.
    Customer(String, String),
    Run,
    Admin,
    Bills,
    Refunds,
    /// The day is over.
    Evening(NaiveDate),
}

/// Everything.
pub struct Town {
    house: House,
    world: World,
    vendors: Vec<Vendor>,
    shoppers: BTreeMap<String, Shopper>,
    /// Bills that a vendor was told are wrong, as exceptions name them.
    disputed: BTreeSet<String>,
    /// Orders whose mail was not signed, to be sent again.
    unsigned: Vec<String>,
    /// What vendors' mails mean, by Message-ID: purchase order, kind, rows.
    meanings: HashMap<String, (String, &'static str, String)>,
    agenda: Agenda<Event>,
    /// Questions that a vendor got on a day of its own.
    chases: BTreeMap<(usize, NaiveDate), usize>,
    tally: Tally,
    seed: u64,
    /// Whether the whole trail is verified each evening.
    thorough: bool,
    last: NaiveDate,
}

/// A Friday; summer time ends two days later, and two holidays follow.
const BEGIN: (i32, u32, u32) = (2025, 10, 31);

impl Town {
    fn new(seed: u64, size: &Size) -> Town {
        let world = World::new(seed, size);
        let (year, month, day) = BEGIN;
        let first = NaiveDate::from_ymd_opt(year, month, day).unwrap();
        let house = House::new(
            &world.vendors,
            &world.catalogue,
            days::at(days::SHOP, first, 5, 0),
        );
        let habits = size.vendors.iter().enumerate();
        let mut town = Town {
            house,
            world,
            vendors: habits
                .map(|(place, habit)| Vendor::new(place, *habit, seed))
                .collect(),
            shoppers: BTreeMap::new(),
            disputed: BTreeSet::new(),
            unsigned: Vec::new(),
            meanings: HashMap::new(),
            agenda: Agenda::new(),
            chases: BTreeMap::new(),
            tally: Tally::default(),
            seed,
            thorough: size.orders < 20,
            last: first + TimeDelta::days((size.days + size.rest) as i64 - 1),
        };
        for day in first.iter_days().take(size.days + size.rest) {
            town.plans(day, size, first);
        }
        town
    }

    /// What is certain to happen on a day.
    fn plans(&mut self, day: NaiveDate, size: &Size, first: NaiveDate) {
        let at = |hour: u32, minute: u32| days::at(days::SHOP, day, hour, minute);
        let working = days::is_working(day);
        if (day - first).num_days() < size.days as i64 {
            for _ in 0..if working {
                size.orders
            } else {
                size.orders / 2
            } {
                let (hour, minute) = (6 + self.world.below(16) as u32, self.world.below(60) as u32);
                self.agenda.put(at(hour, minute), Event::Order);
            }
        }
        let runs: &[u32] = match working {
            true => &[8, 11, 14, 17, 20, 23],
            false => &[10, 18, 23],
        };
        for hour in runs {
            self.agenda.put(at(*hour, 5), Event::Run);
        }
        if working {
            self.agenda.put(at(11, 20), Event::Admin);
            self.agenda.put(at(16, 20), Event::Admin);
            if matches!(day.format("%a").to_string().as_str(), "Mon" | "Thu") {
                self.agenda.put(at(16, 40), Event::Bills);
                self.agenda.put(at(16, 50), Event::Refunds);
            }
        }
        self.agenda.put(at(23, 30), Event::Evening(day));
    }

    fn broken(&mut self, fault: String) {
        if !self.tally.faults.contains(&fault) {
            self.tally.faults.push(fault);
        }
    }

    fn live(&mut self) {
        while let Some((at, event)) = self.agenda.take() {
            if days::day(days::SHOP, at) > self.last {
                break;
            }
            self.house.at(at);
            match event {
                Event::Order => self.orders(),
                Event::Vendor(place, act) => {
                    let words = self.vendors[place].acts(act, at, &mut self.agenda);
                    words.into_iter().for_each(|word| self.says(word));
                }
                Event::Customer(number, words) => {
                    self.tally.letters += 1;
                    let letter = self.shoppers[&number].writes(&words, self.tally.letters);
                    self.house.deliver(&letter);
                }
                Event::Run => self.run(),
                Event::Admin => {
                    self.admin();
                    self.shop_again();
                }
                Event::Bills => self.bills(),
                Event::Refunds => self.refunds(),
                Event::Evening(day) => self.evening(day),
            }
        }
    }

    /// A customer orders.
    fn orders(&mut self) {
        let now = self.house.now();
        let customer = self.world.order(now);
        let number = customer.number.clone();
        let desk = &self.house.desk;
        match customer.flaw {
            Flaw::Unsigned => {
                let plain = poms::intake::openpgp::make::json_entity(&customer.order.to_string());
                let sealed = poms::intake::openpgp::make::encrypt(&plain, &[desk.shop_key()], now);
                desk.sealed_mail(&sealed.expect("sealed"));
                self.unsigned.push(number.clone());
            }
            _ => drop(desk.order(&customer.order)),
        }
        if customer.flaw == Flaw::Twice {
            desk.order(&customer.order);
        }
        if customer.flaw == Flaw::Number {
            let mut other = customer.order.clone();
            other["customer"]["name"] = "Somebody Else".into();
            desk.order(&other);
        }
        if let Some((hours, words)) = customers::wish(customer.wish) {
            let event = Event::Customer(number.clone(), words.to_owned());
            self.agenda.put(now + TimeDelta::hours(hours), event);
        }
        self.tally.orders += 1;
        self.shoppers.insert(number, Shopper::new(customer));
    }

    /// A vendor writes.
    fn says(&mut self, word: Word) {
        *self.tally.words.entry(word.kind).or_default() += 1;
        self.meanings
            .insert(word.letter.id.clone(), (word.po, word.kind, word.table));
        self.house.deliver(&word.letter);
    }

    /// One run, and everybody reads what left.
    fn run(&mut self) {
        self.house.run();
        self.tally.runs += 1;
        for mail in self.house.sent() {
            self.tally.sent(&mail);
            if let Some(number) = mail.to.strip_suffix("@mail.example") {
                let number = number.to_uppercase();
                let chance = self.world.below(1000);
                let answer = self.shoppers.get_mut(&number).unwrap().reads(mail, chance);
                if let Some((hours, words)) = answer {
                    let at = self.house.now() + TimeDelta::hours(hours);
                    self.agenda.put(at, Event::Customer(number, words));
                }
                continue;
            }
            let Some(place) = mail
                .to
                .split_once("@v")
                .and_then(|(_, rest)| rest[..2].parse::<usize>().ok())
            else {
                continue;
            };
            if figures::is_chase(&mail.subject) {
                let day = days::day(self.vendors[place].zone, mail.at);
                *self.chases.entry((place, day)).or_default() += 1;
            }
            if let Some(word) = self.vendors[place].reads(&mail, &mut self.agenda) {
                self.says(word);
            }
        }
    }
}

/// Lives through a month; its figures. Everything that did not hold fails the test.
fn month(seed: u64, size: &Size) {
    let mut town = Town::new(seed, size);
    town.live();
    town.ends();
    let report = town.report();
    println!("{report}");
    let faults = &town.tally.faults;
    town.house.keep();
    let shown = faults
        .iter()
        .take(40)
        .cloned()
        .collect::<Vec<_>>()
        .join("\n");
    assert!(
        faults.is_empty(),
        "{} faults with POMS_MONTH_SEED={seed}:\n{shown}\n{report}",
        faults.len()
    );
}

/// What the environment says, or else this.
fn number<T: std::str::FromStr>(name: &str, other: T) -> T {
    let given = std::env::var(name).ok();
    given.map_or(other, |text| text.parse().ok().expect("a number"))
}

/// Forty vendors as a shop has them.
fn forty() -> Vec<Habit> {
    use Habit::*;
    let twenty = [
        Prompt(Style::Table),
        Prompt(Style::Pairs),
        Prompt(Style::Prose),
        Wrong,
        Prompt(Style::Table),
        Quiet(Style::Prose),
        Late(Style::Table),
        Prompt(Style::Pairs),
        Silent,
        Backorder,
        Prompt(Style::Prose),
        Prompt(Style::Table),
        Mute,
        Prompt(Style::Pairs),
        Stubborn(Style::Table),
        Wrong,
        Stranger,
        Late(Style::Prose),
        Quiet(Style::Table),
        Dead,
    ];
    let mut forty = [twenty, twenty].concat();
    // one of each of these is enough
    (forty[36], forty[39]) = (Prompt(Style::Prose), Quiet(Style::Pairs));
    forty
}

#[test]
fn a_month_keeps_every_promise_or_explains_it() {
    use Habit::*;
    let full = ["POMS_MONTH", "POMS_SWEEP"]
        .iter()
        .any(|name| std::env::var(name).as_deref() == Ok("full"));
    let size = match full {
        true => Size {
            vendors: forty(),
            orders: number("POMS_MONTH_ORDERS", 60),
            days: number("POMS_MONTH_DAYS", 30),
            rest: 21,
        },
        false => Size {
            vendors: vec![
                Prompt(Style::Table),
                Wrong,
                Silent,
                Prompt(Style::Prose),
                Backorder,
                Mute,
                Late(Style::Pairs),
            ],
            orders: 4,
            days: 10,
            rest: 14,
        },
    };
    month(number("POMS_MONTH_SEED", 2025), &size);
}
