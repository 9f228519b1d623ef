//! Choosing vendors: the solver against one that tries everything, and what people see of it.

mod brute;
mod choice;
mod missing;

use crate::support::desk::TestDesk;
use serde_json::{Value, json};

/// Three vendors: each has its agreement about freight and fees.
pub const VENDORS: &str = "\
id,name,email,fax,channel,zip,handling_days,cutoff,timezone,freight_per_order,fee_per_order,takes_backorders
NORTH,North Wholesale,po@north.example,,email,04101,1,15:00,America/New_York,9.00,2.00,yes
SOUTH,South Supply,po@south.example,,email,33101,1,15:00,America/New_York,,,no
WEST,West Trading,po@west.example,,email,97201,3,14:00,America/Los_Angeles,4.00,,yes
";

/// What they offer.
pub const CATALOGUE: &str = "\
sku,description,category,vendor_id,vendor_sku,cost,retail_price,weight,status,priority
RUG-1,Wool Rug,Rugs,NORTH,N-1,50.00,99.00,9.5,active,1
RUG-1,Wool Rug,Rugs,SOUTH,S-1,58.00,99.00,9.5,active,2
RUG-1,Wool Rug,Rugs,WEST,W-1,55.00,99.00,9.5,active,3
RUG-2,Jute Rug,Rugs,NORTH,N-2,20.00,49.00,4.0,active,2
RUG-2,Jute Rug,Rugs,WEST,W-2,21.00,49.00,4.0,active,1
PAD-1,Rug Pad,Pads,SOUTH,S-9,5.00,12.00,1.0,active,1
";

/// A site with strategies.
pub struct Shop {
    pub desk: TestDesk,
}

impl Shop {
    pub fn new(strategies: &str) -> Shop {
        let desk = TestDesk::new().vendors(VENDORS).catalogue(CATALOGUE);
        desk.config(strategies);
        Shop { desk }
    }

    /// What a vendor has.
    pub fn list(&self, vendor: &str, rows: &str) {
        self.desk.file("list.csv", rows.as_bytes());
        self.desk
            .run(&["stock", "import", "list.csv", "--vendor", vendor])
            .ok();
    }

    /// An order of these, through a run.
    pub fn order(&self, number: &str, goods: &[(&str, i64)]) -> Value {
        let mut order = TestDesk::plain_order(number);
        let cents = |sku: &str| match sku {
            "RUG-1" => 9_900,
            "RUG-2" => 4_900,
            _ => 1_200,
        };
        let money = |cents: i64| format!("{}.{:02}", cents / 100, cents % 100);
        let lines = goods
            .iter()
            .map(|(sku, qty)| json!({"sku": sku, "qty": qty, "unit_price": money(cents(sku))}));
        order["lines"] = lines.collect();
        order["total"] = json!(money(goods.iter().map(|(sku, qty)| cents(sku) * qty).sum()));
        order["customer"]["email"] = json!(format!("{number}@mail.example"));
        order["ship_to"]["name"] = json!(format!("Customer {number}"));
        self.desk.order(&order);
        self.desk.run(&["process"]).ok();
        self.show(number)
    }

    pub fn show(&self, number: &str) -> Value {
        self.desk
            .run(&["order", "show", number, "--json"])
            .ok()
            .json()
    }

    pub fn route(&self, number: &str, more: &[&str]) -> Value {
        let args = [&["order", "route", number, "--json"], more].concat();
        self.desk.run(&args).ok().json()
    }
}

/// State, and pieces of each line by vendor: `RUG-1 2 NORTH`.
pub fn went(story: &Value) -> (String, Vec<String>) {
    let lines = story["lines"].as_array().expect("lines").iter();
    let from = lines.flat_map(|line| {
        let pos = line["purchase_orders"].as_array().expect("a list").iter();
        pos.map(|po| {
            format!(
                "{} {} {}",
                line["sku"].as_str().unwrap_or_default(),
                po["qty"],
                po["vendor_id"].as_str().unwrap_or_default()
            )
        })
        .collect::<Vec<_>>()
    });
    (
        story["state"].as_str().unwrap_or_default().to_owned(),
        from.collect(),
    )
}

pub fn placed(from: &[&str]) -> (String, Vec<String>) {
    let from = from.iter().map(|one| (*one).to_owned()).collect();
    ("placed".to_owned(), from)
}

pub fn held() -> (String, Vec<String>) {
    ("held".to_owned(), Vec::new())
}
