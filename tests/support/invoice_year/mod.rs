//! A year of purchase orders and of the bills for them, with seeded discrepancies, and every report
//! layout that they can be exported in. Shared by unit tests and benches; the same seed gives the
//! same year.

pub mod layouts;

use chrono::{Days, NaiveDate};
use poms::domain::money::Money;
use poms::domain::variance::{Allowance, PoFacts, PoLine, Terms};
use poms::invoicing::vendors::VendorName;

/// What was done to a bill.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Seed {
    Price,
    Quantity,
    NotShipped,
    Freight,
    SameNumber,
    Renumbered,
    UnknownVendor,
    UnknownPo,
    ForeignPo,
}

pub const SEEDS: [Seed; 9] = [
    Seed::Price,
    Seed::Quantity,
    Seed::NotShipped,
    Seed::Freight,
    Seed::SameNumber,
    Seed::Renumbered,
    Seed::UnknownVendor,
    Seed::UnknownPo,
    Seed::ForeignPo,
];

/// One line of a bill; amounts in cents.
#[derive(Clone, Debug)]
pub struct BillLine {
    pub sku: String,
    pub qty: i64,
    pub amount: i64,
}

/// One bill or credit; amounts in cents, positive.
#[derive(Clone, Debug)]
pub struct Bill {
    pub vendor: usize,
    pub name: String,
    pub credit: bool,
    pub number: String,
    pub date: NaiveDate,
    pub memo: String,
    pub lines: Vec<BillLine>,
    pub freight: i64,
}

impl Bill {
    /// Goods and freight.
    pub fn total(&self) -> i64 {
        self.lines.iter().map(|line| line.amount).sum::<i64>() + self.freight
    }
}

/// What must be found: on which bill, what, and the money at stake in cents.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Expected {
    pub number: String,
    pub date: NaiveDate,
    pub seed: Seed,
    pub at_stake: i64,
}

/// The year.
pub struct Year {
    pub vendors: Vec<VendorName>,
    pub pos: Vec<PoFacts>,
    pub bills: Vec<Bill>,
    pub expected: Vec<Expected>,
}

/// splitmix64: small, and the same everywhere.
struct Random(u64);

impl Random {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (z ^ (z >> 31)) % limit
    }

    fn between(&mut self, from: i64, to: i64) -> i64 {
        from + self.below((to - from + 1) as u64) as i64
    }
}

/// Agreed freight per purchase order, in cents.
const FREIGHT: i64 = 795;

/// Makes a year.
pub fn year(seed: u64, orders: usize, vendors: usize) -> Year {
    let mut random = Random(seed);
    let mut year = Year {
        vendors: (0..vendors).map(vendor).collect(),
        pos: Vec::with_capacity(orders),
        bills: Vec::with_capacity(orders + orders / 5),
        expected: Vec::new(),
    };
    for order in 0..orders {
        let vendor = random.below(vendors as u64) as usize;
        let po = po(&mut random, order, vendor);
        year.pos.push(po);
        if order % 50 == 7 {
            seeded(
                &mut random,
                &mut year,
                order,
                SEEDS[order / 50 % SEEDS.len()],
            );
        } else {
            clean(&mut random, &mut year, order);
        }
    }
    let of_vendor = |bill: &Bill| (bill.vendor, bill.name.clone(), bill.date, bill.credit);
    year.bills.sort_by_key(of_vendor);
    year
}

fn vendor(place: usize) -> VendorName {
    const FIRST: [&str; 8] = [
        "Ashgrove",
        "Birch",
        "Corwin",
        "Dunmore",
        "Elmhurst",
        "Fairlie",
        "Granby",
        "Total Quality",
    ];
    const SECOND: [&str; 5] = [
        "Lamps, Inc.",
        "& Sons LLC",
        "Supply Co.",
        "Wares Ltd",
        "Café Goods",
    ];
    VendorName {
        id: format!("V{place:03}"),
        name: format!("{} {}", FIRST[place % 8], SECOND[place / 8 % 5])
            + &if place >= 40 {
                format!(" {place}")
            } else {
                String::new()
            },
        aliases: Vec::new(),
    }
}

fn po(random: &mut Random, order: usize, vendor: usize) -> PoFacts {
    let count = random.between(1, 4);
    let lines: Vec<PoLine> = (0..count)
        .map(|at| {
            let ordered = random.between(2, 12);
            PoLine {
                sku: format!("SK{order:05}-{at}"),
                vendor_sku: format!("V{order:05}{at}"),
                ordered,
                unit_cost: Money(random.between(301, 19_999)),
                shipped: ordered,
                billed: 0,
                returned: 0,
                credited: 0,
            }
        })
        .collect();
    let january = NaiveDate::from_ymd_opt(2026, 1, 1).unwrap();
    PoFacts {
        po: format!("W{}-1", 200_000 + order),
        order: format!("W{}", 200_000 + order),
        vendor: format!("V{vendor:03}"),
        vendor_orders: Vec::new(),
        placed: january + Days::new(random.below(330)),
        lines,
        billed: Money::ZERO,
        credited: Money::ZERO,
        freight_billed: Money::ZERO,
        fees_billed: Money::ZERO,
        terms: Terms {
            freight: Allowance {
                flat: Money(FREIGHT),
                ..Allowance::default()
            },
            ..Terms::default()
        },
    }
}

/// The bill of a whole purchase order, as agreed.
fn full(random: &mut Random, year: &Year, order: usize) -> Bill {
    let po = &year.pos[order];
    let vendor: usize = po.vendor[1..].parse().unwrap();
    let vendors_sku = random.below(2) == 1;
    let memo = match random.below(5) {
        0 => po.po.clone(),
        1 => format!("Your PO# {}, thank you", po.po.to_lowercase()),
        2 => format!("PO:{} dropship order, \"thanks\"", po.po.replace('-', "/")),
        3 => format!("order {}", po.order),
        _ => format!("P.O. {}\nthank you", po.po),
    };
    Bill {
        vendor,
        name: written(random, &year.vendors[vendor].name),
        credit: false,
        number: format!("INV{}", 70_000 + order),
        date: po.placed + Days::new(1 + random.below(20)),
        memo,
        lines: po
            .lines
            .iter()
            .map(|line| BillLine {
                sku: if vendors_sku {
                    line.vendor_sku.clone()
                } else {
                    line.sku.clone()
                },
                qty: line.ordered,
                amount: line.ordered * line.unit_cost.0,
            })
            .collect(),
        freight: FREIGHT,
    }
}

/// A vendor's name as bookkeepers write it.
fn written(random: &mut Random, name: &str) -> String {
    match random.below(8) {
        0 => name.to_uppercase(),
        1 => name.replace(',', "").trim_end_matches('.').to_owned(),
        _ => name.to_owned(),
    }
}

/// Bills with nothing wrong: whole, in two parts, without a reference, with a credit after it.
fn clean(random: &mut Random, year: &mut Year, order: usize) {
    let mut bill = full(random, year, order);
    match random.below(12) {
        0 if bill.lines.len() > 1 => {
            let mut second = bill.clone();
            second.lines = bill.lines.split_off(1);
            second.freight = 0;
            second.number.push('B');
            second.date = bill.date + Days::new(5);
            year.bills.push(second);
        }
        1 => bill.memo = format!("Invoice for PO {}, net 30", year.pos[order].po),
        2 => {
            let line = &year.pos[order].lines[0];
            let credit = Bill {
                credit: true,
                number: format!("CM{order}"),
                date: bill.date + Days::new(9),
                memo: format!("return on {}", year.pos[order].po),
                lines: vec![BillLine {
                    sku: line.sku.clone(),
                    qty: 1,
                    amount: line.unit_cost.0,
                }],
                freight: 0,
                ..bill.clone()
            };
            year.bills.push(credit);
        }
        _ => {}
    }
    year.bills.push(bill);
}

/// A bill with one thing wrong.
fn seeded(random: &mut Random, year: &mut Year, order: usize, seed: Seed) {
    let mut bill = full(random, year, order);
    let cost = year.pos[order].lines[0].unit_cost.0;
    let at_stake = match seed {
        Seed::Price => {
            let over = random.between(1, cost - 1);
            bill.lines[0].amount += over;
            over
        }
        Seed::Quantity => {
            let more = random.between(1, 3);
            bill.lines[0].qty += more;
            bill.lines[0].amount += more * cost;
            more * cost
        }
        Seed::NotShipped => {
            let missing = random.between(1, year.pos[order].lines[0].ordered);
            year.pos[order].lines[0].shipped -= missing;
            missing * cost
        }
        Seed::Freight => {
            let over = random.between(1, 5_000);
            bill.freight += over;
            over
        }
        Seed::SameNumber | Seed::Renumbered => {
            let mut again = bill.clone();
            again.date = bill.date + Days::new(1 + random.below(25));
            if seed == Seed::Renumbered {
                again.number = format!("R{order}");
            }
            year.expected.push(expected(&again, seed, again.total()));
            year.bills.extend([bill, again]);
            return;
        }
        Seed::UnknownVendor => {
            bill.name = format!("Nobody Knows {order}");
            bill.total()
        }
        Seed::ForeignPo => {
            let own = &year.pos[order].vendor;
            let other = year.pos.iter().rev().find(|po| po.vendor != *own);
            bill.memo = format!("PO {}", other.unwrap().po);
            bill.total()
        }
        Seed::UnknownPo => {
            bill.memo = "as discussed".to_owned();
            bill.lines.truncate(1);
            bill.lines[0].amount = 900_000_000 + random.between(0, 999_999);
            bill.total()
        }
    };
    year.expected.push(expected(&bill, seed, at_stake));
    year.bills.push(bill);
}

fn expected(bill: &Bill, seed: Seed, at_stake: i64) -> Expected {
    Expected {
        number: bill.number.clone(),
        date: bill.date,
        seed,
        at_stake,
    }
}
