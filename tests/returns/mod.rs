//! Returns of every path, on a whole site with a frozen clock.

mod apart;
mod books;
mod earlier;
mod late;
mod owed;
mod partly;
mod parts;
mod paths;
mod refunds;
mod refusals;
mod told;
mod withdrawn;

use crate::support::desk::{Output, SentMail, TestDesk};
use serde_json::{Value, json};

/// Two vendors with addresses to which goods can go.
const VENDORS: &str = "\
id,name,email,fax,channel,street1,city,state,zip,country
ACME,Acme Home Goods,orders@acme.example,,email,7 Foundry Road,Portland,ME,04101,US
BLUE,Blue Ridge Garden Supply,po@blueridge.example,,email,19 Orchard Lane,Asheville,NC,28801,US
";

const CATALOGUE: &str = "\
sku,description,category,vendor_id,vendor_sku,cost,retail_price,weight,status,priority
BF63-12163,Brass Floor Lamp,Lighting,ACME,AC-12163,61.50,108.23,9.5,active,1
KT10-00010,Kettle 1.7 l,Kitchen,ACME,AC-00010,14.00,29.90,1.4,active,1
GD20-00020,Garden Hose 25 m,Garden,BLUE,B-77,19.25,39.00,3.2,active,1
";

/// A site whose orders can be shipped, returned and billed.
struct Shop {
    desk: TestDesk,
}

impl Shop {
    fn new() -> Shop {
        Shop::with("")
    }

    fn with(more: &str) -> Shop {
        let desk = TestDesk::new();
        desk.config(more);
        Shop {
            desk: desk.vendors(VENDORS).catalogue(CATALOGUE),
        }
    }

    /// W1: three lamps and a kettle from ACME, a hose from BLUE; discount, shipping and tax.
    fn order(&self) {
        self.mail();
        self.process();
        assert_eq!(self.show()["state"], "placed", "{:#}", self.show());
    }

    /// The mail of that order.
    fn mail(&self) {
        let mut order = TestDesk::plain_order("W1");
        order["lines"] = json!([
            {"sku": "BF63-12163", "qty": 3, "unit_price": "108.23"},
            {"sku": "KT10-00010", "qty": 1, "unit_price": "29.90"},
            {"sku": "GD20-00020", "qty": 1, "unit_price": "39.00"}
        ]);
        order["discount"] = json!("10.00");
        order["shipping"] = json!("6.95");
        order["tax"] = json!("20.00");
        order["total"] = json!("410.54");
        self.desk.order(&order);
    }

    /// The same, all of it shipped.
    fn shipped(&self) {
        self.order();
        self.ship("W1-1,AC-12163,3\nW1-1,AC-00010,1\nW1-2,B-77,1\n");
        assert_eq!(self.show()["state"], "shipped", "{:#}", self.show());
    }

    fn ship(&self, rows: &str) {
        let rows: Vec<String> = rows
            .lines()
            .map(|row| format!("{row},UPS,1Z5R89390357567127,2025-06-02"))
            .collect();
        let head = "po_number,sku,qty,carrier,tracking_number,ship_date";
        let csv = format!("{head}\n{}\n", rows.join("\n"));
        self.desk.file("advice.csv", csv.as_bytes());
        // one number for two vendors is asked after, which is not what is tested here
        self.desk.run(&["import-advices", "advice.csv"]);
        for row in self.listed("tracking_reused") {
            let id = row["id"].to_string();
            self.desk
                .run(&[
                    "exceptions",
                    "resolve",
                    &id,
                    "--release",
                    "--note",
                    "one parcel",
                ])
                .ok();
        }
    }

    fn process(&self) -> Value {
        self.desk.run(&["process", "--json"]).ok().json()
    }

    fn show(&self) -> Value {
        self.desk
            .run(&["order", "show", "W1", "--json"])
            .ok()
            .json()
    }

    /// `poms return …`, the words separated by blanks; what follows `more` as it stands.
    fn back(&self, words: &str, more: &[&str]) -> Output {
        let mut args = vec!["return"];
        args.extend(words.split_whitespace());
        args.extend(more);
        self.desk.run(&args)
    }

    fn open(&self, words: &str) -> String {
        let words = format!("open W1 {words}");
        self.back(&words, &["--reason", "does not fit the room"])
            .ok()
            .stdout
    }

    fn authorise(&self, rma: &str) -> String {
        let words = format!("authorise {rma}");
        self.back(&words, &["--note", "as agreed by telephone"])
            .ok()
            .stdout
    }

    fn refund(&self, rma: &str, more: &[&str]) -> Output {
        let words = format!("refund {rma} --method card --reference re_{rma}");
        self.back(&words, more)
    }

    /// The return as it is.
    fn of(&self, rma: &str) -> Value {
        self.back("show", &[rma, "--json"]).ok().json()
    }

    /// The open exceptions of a code.
    fn listed(&self, code: &str) -> Vec<Value> {
        let list = self
            .desk
            .run(&["exceptions", "list", "--code", code, "--json"])
            .ok()
            .json();
        list["exceptions"].as_array().expect("a list").clone()
    }

    /// The mails to an address about a return, as they were sent.
    fn mails(&self, to: &str, about: &str) -> Vec<SentMail> {
        let mut mails = self.desk.mails();
        mails.retain(|mail| mail.to() == to && mail.text().contains(about));
        mails
    }

    fn verify(&self) {
        let done = self.desk.run(&["verify"]);
        assert_eq!(done.code, 0, "{}{}", done.stdout, done.stderr);
    }
}
