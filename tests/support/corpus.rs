//! Orders as a busy shop has them, made from a seed: a catalogue, vendors, customers with believable
//! US names, addresses and telephone numbers, and what must become of each order. For tests and
//! benches.

use chrono::{DateTime, SecondsFormat, TimeDelta, Utc};
use poms::intake::openpgp::make::{self, KeyPair};
use serde_json::{Value, json};
use std::collections::BTreeSet;

pub mod people;
mod words;

use people::{address, person, phone, reference};
use words::{ADJECTIVES, LAST, MATERIALS, NOUNS, STATES};

/// What is wrong with an order or its mail.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Defect {
    /// A SKU that the catalogue does not have.
    UnknownSku,
    /// A price off the catalogue, in a total that adds up.
    PriceMismatch,
    /// A total that does not add up.
    TotalMismatch,
    /// A ZIP of another state.
    BadZip,
    /// The number of an earlier good order, with other content.
    DuplicateNumber,
    /// Not signed.
    Unsigned,
    /// Signed by nobody whom the shop trusts.
    Forged,
    /// Damaged on its way.
    Garbled,
}

/// All of them, in the order in which they are dealt out.
pub const DEFECTS: [Defect; 8] = [
    Defect::UnknownSku,
    Defect::PriceMismatch,
    Defect::TotalMismatch,
    Defect::BadZip,
    Defect::DuplicateNumber,
    Defect::Unsigned,
    Defect::Garbled,
    Defect::Forged,
];

impl Defect {
    /// The code of the exception that must come of it.
    pub fn code(self) -> &'static str {
        match self {
            Defect::UnknownSku => "unknown_sku",
            Defect::PriceMismatch => "price_mismatch",
            Defect::TotalMismatch => "total_mismatch",
            Defect::BadZip => "bad_zip",
            Defect::DuplicateNumber => "duplicate_order_number",
            Defect::Unsigned => "unsigned",
            Defect::Forged => "untrusted_signer",
            Defect::Garbled => "unreadable_message",
        }
    }

    /// Whether it is the mail that is wrong, so that no order comes of it.
    pub fn of_the_mail(self) -> bool {
        matches!(self, Defect::Unsigned | Defect::Forged | Defect::Garbled)
    }
}

/// One order and what must become of it.
#[derive(Clone, Debug)]
pub struct Sample {
    /// poms JSON.
    pub order: Value,
    /// What is wrong with it, if anything.
    pub defect: Option<Defect>,
    /// The vendors that must get a purchase order; none for a defect.
    pub vendors: BTreeSet<String>,
}

impl Sample {
    /// The order's number.
    pub fn number(&self) -> &str {
        self.order["order_number"].as_str().expect("a number")
    }

    /// The customer's address.
    pub fn email(&self) -> &str {
        self.order["customer"]["email"]
            .as_str()
            .expect("an address")
    }
}

/// Who signs and who reads.
pub struct Keys {
    /// The shop, which receives.
    pub shop: KeyPair,
    /// The web shop, which signs.
    pub webshop: KeyPair,
    /// Whom nobody trusts.
    pub stranger: KeyPair,
}

struct Article {
    sku: String,
    name: String,
    cents: usize,
    /// Index of the vendor who must get the order.
    vendor: usize,
}

/// A shop.
pub struct Corpus {
    /// The catalogue as CSV.
    pub catalogue: String,
    /// The vendors as CSV.
    pub vendors: String,
    articles: Vec<Article>,
    vendor_count: usize,
    random: Random,
}

/// SplitMix64: the same numbers from the same seed on every machine.
pub struct Random(pub u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A number from 0 to below this.
    pub fn below(&mut self, end: usize) -> usize {
        (self.next() % end as u64) as usize
    }

    fn one<'a, T: ?Sized>(&mut self, of: &[&'a T]) -> &'a T {
        of[self.below(of.len())]
    }
}

/// As amounts are written.
pub fn money(cents: usize) -> String {
    format!("{}.{:02}", cents / 100, cents % 100)
}

impl Corpus {
    /// A shop with so many articles and vendors.
    pub fn new(seed: u64, articles: usize, vendors: usize) -> Corpus {
        let mut corpus = Corpus {
            catalogue: "sku,description,category,vendor_id,vendor_sku,cost,retail_price,weight,status,priority\n".to_owned(),
            vendors: "id,name,email,fax,channel,zip\n".to_owned(),
            articles: Vec::new(),
            vendor_count: vendors,
            random: Random(seed),
        };
        for number in 0..vendors {
            corpus.add_vendor(number);
        }
        for number in 0..articles {
            corpus.add_article(number);
        }
        corpus
    }

    fn add_vendor(&mut self, number: usize) {
        let name = self.random.one(&LAST);
        let zip = self
            .random
            .one(&["04101", "28801", "60622", "97201", "78701"]);
        let row =
            format!("V{number:03},\"{name} & Sons, Inc.\",po@v{number:03}.example,,email,{zip}\n");
        self.vendors.push_str(&row);
    }

    fn add_article(&mut self, number: usize) {
        let random = &mut self.random;
        let name = format!(
            "{} {} {}",
            random.one(&ADJECTIVES),
            random.one(&MATERIALS),
            random.one(&NOUNS)
        );
        let letter = |random: &mut Random| char::from(b'A' + random.below(26) as u8);
        let (one, two) = (letter(random), letter(random));
        let sku = format!("{one}{two}{:02}-{number:05}", random.below(100));
        let cents = 500 + random.below(20_000);
        let vendor = random.below(self.vendor_count);
        let cost = money(cents * (45 + random.below(30)) / 100);
        let weight = money(20 + random.below(3000));
        let price = money(cents);
        let row = |vendor: usize, priority: usize| {
            format!(
                "{sku},{name},Household,V{vendor:03},{vendor}-{number},{cost},{price},{weight},active,{priority}\n"
            )
        };
        self.catalogue.push_str(&row(vendor, 1));
        if number.is_multiple_of(7) {
            // a second vendor, who must not get it
            self.catalogue
                .push_str(&row((vendor + 1) % self.vendor_count, 2));
        }
        self.articles.push(Article {
            sku,
            name,
            cents,
            vendor,
        });
    }

    /// So many orders placed shortly before `now`, of which `defects` in a hundred are wrong, the
    /// kinds in turn. Numbers begin behind `first`.
    pub fn samples(
        &mut self,
        count: usize,
        first: usize,
        defects: usize,
        now: DateTime<Utc>,
    ) -> Vec<Sample> {
        let mut samples: Vec<Sample> = Vec::with_capacity(count);
        let mut dealt = 0;
        for index in 0..count {
            let mut sample = self.good(first + index, now);
            // spread over the whole, the first ones good
            if index > 10 && index * defects / 100 != (index - 1) * defects / 100 {
                let defect = DEFECTS[dealt % DEFECTS.len()];
                dealt += 1;
                self.spoil(&mut sample, defect, &samples);
            }
            samples.push(sample);
        }
        samples
    }

    fn good(&mut self, number: usize, now: DateTime<Utc>) -> Sample {
        let (mut lines, mut goods, mut vendors) = (Vec::new(), 0, BTreeSet::new());
        let mut chosen = BTreeSet::new();
        for _ in 0..1 + self.random.below(4) {
            let index = self.random.below(self.articles.len());
            if !chosen.insert(index) {
                continue;
            }
            let qty = 1 + self.random.below(4);
            let article = &self.articles[index];
            goods += qty * article.cents;
            vendors.insert(format!("V{:03}", article.vendor));
            lines.push(json!({
                "sku": article.sku, "description": article.name, "qty": qty, "unit_price": money(article.cents),
            }));
        }
        let random = &mut self.random;
        let shipping = random.below(3) * 495;
        let tax = goods * random.below(9) / 100;
        let placed = now - TimeDelta::minutes(10 + random.below(3 * 24 * 60) as i64);
        let placed = placed.with_timezone(&chrono_tz::America::New_York);
        let (name, email) = person(random, number);
        let order = json!({
            "order_number": format!("W{number:06}"),
            "date": placed.to_rfc3339_opts(SecondsFormat::Secs, false),
            "currency": "USD",
            "customer": {"name": name, "email": email, "phone": phone(random)},
            "ship_to": address(random, &name),
            "lines": lines,
            "shipping": money(shipping), "tax": money(tax), "total": money(goods + shipping + tax),
            "payment": {"method": "card", "reference": reference(random)},
        });
        Sample {
            order,
            defect: None,
            vendors,
        }
    }

    fn spoil(&mut self, sample: &mut Sample, defect: Defect, earlier: &[Sample]) {
        let order = &mut sample.order;
        let cents = |text: &Value| -> usize {
            let text = text.as_str().expect("money").replace('.', "");
            text.parse().expect("digits")
        };
        match defect {
            Defect::UnknownSku => order["lines"][0]["sku"] = json!("ZZ99-99999"),
            Defect::PriceMismatch => {
                let qty = order["lines"][0]["qty"].as_u64().expect("a quantity") as usize;
                let price = cents(&order["lines"][0]["unit_price"]);
                order["lines"][0]["unit_price"] = json!(money(price + 100));
                order["total"] = json!(money(cents(&order["total"]) + qty * 100));
            }
            Defect::TotalMismatch => order["total"] = json!(money(cents(&order["total"]) + 1)),
            Defect::BadZip => {
                let state = order["ship_to"]["state"].as_str().expect("a state");
                let other = STATES
                    .iter()
                    .find(|other| other.0 != state)
                    .expect("another");
                order["ship_to"]["zip"] = json!(format!("{:03}01", other.1));
            }
            Defect::DuplicateNumber => {
                let good: Vec<&Sample> = earlier.iter().filter(|s| s.defect.is_none()).collect();
                let number = good[self.random.below(good.len())].number();
                order["order_number"] = json!(number);
            }
            Defect::Unsigned | Defect::Forged | Defect::Garbled => {}
        }
        sample.defect = Some(defect);
        sample.vendors.clear();
    }
}

/// The whole mail of an order, signed and encrypted at `now` as its defect wants it.
pub fn mail(sample: &Sample, keys: &Keys, now: DateTime<Utc>) -> Vec<u8> {
    let entity = make::json_entity(&sample.order.to_string());
    let to = [&keys.shop];
    let sealed = match sample.defect {
        Some(Defect::Unsigned) => make::encrypt(&entity, &to, now),
        Some(Defect::Forged) => make::seal(&entity, &keys.stranger, &to, now),
        _ => make::seal(&entity, &keys.webshop, &to, now),
    };
    let mut sealed = sealed.expect("sealed");
    if sample.defect == Some(Defect::Garbled) {
        sealed = garble(sealed);
    }
    envelope(sample.number(), &sealed, now)
}

/// A sealed message with letters changed in its middle, as a broken gateway does.
pub fn garble(mut sealed: Vec<u8>) -> Vec<u8> {
    let middle = sealed.len() / 2;
    let letters = sealed[middle..]
        .iter_mut()
        .filter(|b| b.is_ascii_alphanumeric());
    letters
        .take(20)
        .for_each(|b| *b = if *b == b'A' { b'B' } else { b'A' });
    sealed
}

/// The mail around a sealed order.
pub fn envelope(number: &str, sealed: &[u8], now: DateTime<Utc>) -> Vec<u8> {
    let id = format!("<{number}.{}@shop.example>", sealed.len());
    let from = "Web Shop <web@shop.example>";
    make::pgp_mime(from, "orders@shop.example", "New order", now, &id, sealed).expect("a mail")
}
