//! Who takes part: vendors with habits, goods, customers with wishes, all from one seed.

use super::days;
use super::vendors::Habit;
use crate::support::corpus::people::{address, person, phone, reference};
use crate::support::corpus::{Random, money};
use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use serde_json::{Value, json};

/// How large a month is.
pub struct Size {
    pub vendors: Vec<Habit>,
    /// Orders of an ordinary day.
    pub orders: usize,
    /// Days on which orders come.
    pub days: usize,
    /// Days after that until the last promise is over.
    pub rest: usize,
}

/// Goods.
pub struct Article {
    pub sku: String,
    pub name: String,
    pub cents: usize,
}

/// What a customer does beside ordering.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wish {
    Nothing,
    /// Takes it back by mail, so many hours after the order.
    Cancel(i64),
    /// Asks where it is, so many days after the order.
    Where(i64),
    /// Has moved.
    Moved(i64),
}

/// What is wrong with an order when it comes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Flaw {
    None,
    Zip,
    Price,
    Total,
    Sku,
    Comment,
    Number,
    /// The same mail comes twice.
    Twice,
    Unsigned,
}

/// An order and who gave it.
pub struct Customer {
    pub number: String,
    pub email: String,
    pub order: Value,
    /// SKU, words and pieces of each line.
    pub lines: Vec<(String, String, i64)>,
    pub wish: Wish,
    pub flaw: Flaw,
    /// What it should have been, for the admin who asks: `FIELD=VALUE`.
    pub right: Vec<String>,
}

pub struct World {
    pub articles: Vec<Article>,
    pub vendors: String,
    pub catalogue: String,
    pub random: Random,
    numbers: usize,
}

/// ZIP, zone and handling days of vendors, in turn.
const PLACES: [(&str, Tz, u32); 4] = [
    ("04101", chrono_tz::America::New_York, 1),
    ("60622", chrono_tz::America::Chicago, 2),
    ("97201", chrono_tz::America::Los_Angeles, 1),
    ("28801", chrono_tz::America::New_York, 1),
];

/// A vendor's clock and handling days.
pub fn place(vendor: usize) -> (Tz, usize) {
    let (_, zone, days) = PLACES[vendor % PLACES.len()];
    (zone, days as usize)
}

const THINGS: [&str; 8] = [
    "Brass Lamp",
    "Oak Stool",
    "Garden Hose",
    "Tin Kettle",
    "Wool Rug",
    "Desk Clock",
    "Copper Pan",
    "Linen Sheet",
];

/// Goods of each vendor.
const EACH: usize = 5;

impl World {
    pub fn new(seed: u64, size: &Size) -> World {
        let mut world = World {
            articles: Vec::new(),
            vendors: "id,name,email,fax,channel,zip,handling_days,cutoff,timezone\n".to_owned(),
            catalogue: "sku,description,category,vendor_id,vendor_sku,cost,retail_price,weight,status,priority\n".to_owned(),
            random: Random(seed),
            numbers: 100_000,
        };
        let count = size.vendors.len();
        for vendor in 0..count {
            let (zip, zone, days) = PLACES[vendor % PLACES.len()];
            world.vendors.push_str(&format!(
                "V{vendor:02},Vendor {vendor:02} Goods,po@v{vendor:02}.example,,email,{zip},{days},14:00,{zone}\n"
            ));
            for _ in 0..EACH {
                world.add_article(vendor, count);
            }
        }
        world
    }

    fn add_article(&mut self, vendor: usize, vendors: usize) {
        let place = self.articles.len();
        let cents = 1500 + self.random.below(9000);
        let cost = money(cents * (45 + self.random.below(30)) / 100);
        let (price, thing) = (money(cents), THINGS[self.random.below(THINGS.len())]);
        let (sku, name) = (
            format!("AB{:02}-{place:05}", vendor),
            format!("{thing} {place}"),
        );
        let mut row = |vendor: usize, priority: usize| {
            let line = format!(
                "{sku},{name},Household,V{vendor:02},X{vendor:02}-{place:04},{cost},{price},2.5,active,{priority}\n"
            );
            self.catalogue.push_str(&line);
        };
        row(vendor, 1);
        if place.is_multiple_of(2) {
            row((vendor + 1) % vendors, 2);
        }
        self.articles.push(Article { sku, name, cents });
    }

    /// An order of this moment.
    pub fn order(&mut self, now: DateTime<Utc>) -> Customer {
        self.numbers += 1;
        let number = format!("W{}", self.numbers);
        let (name, _) = person(&mut self.random, self.numbers);
        let mut lines: Vec<(usize, i64)> = Vec::new();
        for _ in 0..1 + self.random.below(3) {
            let article = self.random.below(self.articles.len());
            if lines.iter().all(|(known, _)| *known != article) {
                lines.push((article, 1 + self.random.below(3) as i64));
            }
        }
        let goods: usize = lines
            .iter()
            .map(|(at, qty)| self.articles[*at].cents * *qty as usize)
            .sum();
        let email = format!("{}@mail.example", number.to_lowercase());
        let line = |(at, qty): &(usize, i64)| {
            let article = &self.articles[*at];
            json!({"sku": article.sku, "qty": qty, "unit_price": money(article.cents)})
        };
        let all: Vec<Value> = lines.iter().map(line).collect();
        let random = &mut self.random;
        let order = json!({
            "order_number": number, "date": days::text(now), "currency": "USD",
            "customer": {"name": name, "email": email, "phone": phone(random)},
            "ship_to": address(random, &name), "lines": all,
            "payment": {"method": "card", "reference": reference(random)},
            "shipping": "4.95", "tax": "0.00", "total": money(goods + 495),
        });
        let told = |(at, qty): &(usize, i64)| {
            (
                self.articles[*at].sku.clone(),
                self.articles[*at].name.clone(),
                *qty,
            )
        };
        let mut customer = Customer {
            number,
            email,
            lines: lines.iter().map(told).collect(),
            order,
            wish: wish(&mut self.random),
            flaw: Flaw::None,
            right: Vec::new(),
        };
        self.spoil(&mut customer);
        customer
    }

    /// One order in nine is not as it should be.
    fn spoil(&mut self, customer: &mut Customer) {
        let flaw = match self.random.below(72) {
            0 => Flaw::Zip,
            1 => Flaw::Price,
            2 => Flaw::Total,
            3 => Flaw::Sku,
            4 => Flaw::Comment,
            5 => Flaw::Number,
            6 => Flaw::Twice,
            7 => Flaw::Unsigned,
            _ => return,
        };
        customer.flaw = flaw;
        let order = &mut customer.order;
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        match flaw {
            Flaw::Zip => {
                customer.right = vec![format!("ship_to.zip={}", text(&order["ship_to"]["zip"]))];
                // of the armed forces: no state's
                order["ship_to"]["zip"] = json!("34001");
            }
            Flaw::Price => {
                customer.right = vec![
                    format!(
                        "lines.1.unit_price={}",
                        text(&order["lines"][0]["unit_price"])
                    ),
                    format!("total={}", text(&order["total"])),
                ];
                let cents = |value: &Value| text(value).replace('.', "").parse::<usize>().unwrap();
                let qty = order["lines"][0]["qty"].as_u64().unwrap() as usize;
                order["lines"][0]["unit_price"] =
                    json!(money(cents(&order["lines"][0]["unit_price"]) + 100));
                order["total"] = json!(money(cents(&order["total"]) + 100 * qty));
            }
            Flaw::Total => {
                customer.right = vec![format!("total={}", text(&order["total"]))];
                order["total"] = json!("9.99");
            }
            Flaw::Sku => {
                let sku = text(&order["lines"][0]["sku"]);
                customer.right = vec![format!("lines.1.sku={sku}")];
                order["lines"][0]["sku"] = json!(format!("{sku}X"));
            }
            Flaw::Comment => order["comments"] = json!("Please leave it with the neighbour."),
            _ => {}
        }
    }

    /// An index below this.
    pub fn below(&mut self, end: usize) -> usize {
        self.random.below(end)
    }
}

fn wish(random: &mut Random) -> Wish {
    match random.below(50) {
        0..=2 => Wish::Cancel(1 + random.below(60) as i64),
        3 => Wish::Where(4 + random.below(4) as i64),
        4 => Wish::Moved(1),
        _ => Wish::Nothing,
    }
}
