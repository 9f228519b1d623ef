//! Orders followed from the purchase order to the last parcel, on a whole site with a frozen clock.

mod adopted;
mod advices;
mod again;
mod answer_days;
mod answers;
mod apart;
mod arrivals;
mod arrived_elsewhere;
mod asked;
mod asked_by_people;
mod beside;
mod carriers;
mod carriers_say;
mod carriers_who;
mod cells;
mod closed;
mod columns;
mod comes_anyway;
mod counts;
mod covered_words;
mod covers;
mod dates;
mod days_off;
mod delivered;
mod elsewhere;
mod enclosed;
mod figures;
mod forged;
mod given;
mod heard;
mod keyed;
mod learnt;
mod mended;
mod moved_away;
mod neighbours;
mod nods;
mod not_signed;
mod notices;
mod one_box;
mod opendocument;
mod other_senders;
mod overdue;
mod parts;
mod passed_on;
mod plain_enough;
mod proofs;
mod questions;
mod quotes;
mod recanted;
mod refusals;
mod releases;
mod reminders;
mod remit;
mod retracked;
mod revised;
mod rows_taken_back;
mod said_again;
mod several;
mod silent;
mod taken_back;
mod taken_off;
mod told_rightly;
mod twice_said;
mod undated;
mod undone;
mod voices;
mod watching;

use crate::support::desk::TestDesk;
use serde_json::{Value, json};
use std::cell::Cell;

/// Two vendors in two time zones; lamp and kettle are to be had from either.
const VENDORS: &str = "\
id,name,email,fax,channel,zip,handling_days,cutoff,timezone,mail_domain
ACME,Acme Home Goods,orders@acme.example,,email,04101,1,15:00,America/New_York,yes
BLUE,Blue Ridge Garden Supply,po@blueridge.example,,email,97201,2,14:00,America/Los_Angeles,yes
";

const CATALOGUE: &str = "\
sku,description,category,vendor_id,vendor_sku,cost,retail_price,weight,status,priority
BF63-12163,Brass Floor Lamp,Lighting,ACME,AC-12163,61.50,108.23,9.5,active,1
BF63-12163,Brass Floor Lamp,Lighting,BLUE,B-12163,64.00,108.23,9.5,active,2
KT10-00010,Kettle 1.7 l,Kitchen,ACME,AC-00010,14.00,29.90,1.4,active,1
GD20-00020,Garden Hose 25 m,Garden,BLUE,B-77,19.25,39.00,3.2,active,1
";

/// A site whose vendors write to a mailbox of their own, behind our own mail server.
struct Dock {
    desk: TestDesk,
    mails: Cell<u32>,
}

impl Dock {
    fn new() -> Dock {
        Dock::with("")
    }

    fn with(more: &str) -> Dock {
        let desk = TestDesk::new();
        for place in ["new", "cur", "tmp"] {
            std::fs::create_dir_all(desk.path(&format!("mail/vendors/{place}"))).unwrap();
        }
        desk.config(&format!(
            "[[mailbox]]\nname = \"vendors\"\npurpose = \"vendors\"\nkind = \"maildir\"\npath = \"mail/vendors\"\n\
             [intake]\nauthserv_id = \"mx.shop.example\"\n{more}"
        ));
        let desk = desk.vendors(VENDORS).catalogue(CATALOGUE);
        Dock {
            desk,
            mails: Cell::new(0),
        }
    }

    /// An order of lamps and kettles (one purchase order to ACME) or with a hose (two), placed.
    fn order(&self, number: &str, lines: &[(&str, i64)]) {
        let mut order = TestDesk::plain_order(number);
        let price = |sku: &str| match sku {
            "BF63-12163" => 10823,
            "KT10-00010" => 2990,
            _ => 3900,
        };
        let money = |cents: i64| format!("{}.{:02}", cents / 100, cents % 100);
        let total = lines.iter().map(|(sku, qty)| price(sku) * qty).sum();
        let line = |(sku, qty): &(&str, i64)| json!({"sku": sku, "qty": qty, "unit_price": money(price(sku))});
        order["lines"] = lines.iter().map(line).collect();
        order["total"] = json!(money(total));
        order["customer"]["email"] = json!(format!("{number}@mail.example"));
        self.desk.order(&order);
        self.run();
        assert_eq!(
            self.show(number)["state"],
            "placed",
            "{:#}",
            self.show(number)
        );
    }

    fn run(&self) -> Value {
        self.desk.run(&["process", "--json"]).ok().json()
    }

    fn show(&self, order: &str) -> Value {
        self.desk
            .run(&["order", "show", order, "--json"])
            .ok()
            .json()
    }

    fn po_state(&self, po: &str) -> String {
        let (order, _) = po.rsplit_once('-').unwrap();
        let story = self.show(order);
        let all = story["purchase_orders"].as_array().unwrap();
        let found = all.iter().find(|row| row["number"] == po);
        found.unwrap_or_else(|| panic!("no {po} in {story:#}"))["state"]
            .as_str()
            .unwrap()
            .to_owned()
    }

    /// The open exceptions as `code entity`.
    fn open(&self) -> Vec<String> {
        let list = self.desk.run(&["exceptions", "list", "--json"]).ok().json();
        let rows = list["exceptions"].as_array().unwrap();
        let mut open: Vec<String> = rows
            .iter()
            .map(|row| row["code"].as_str().unwrap().to_owned())
            .collect();
        open.sort();
        open
    }

    /// The number of the one open exception of a code.
    fn exception(&self, code: &str) -> String {
        let list = self
            .desk
            .run(&["exceptions", "list", "--code", code, "--json"]);
        let list = list.ok().json();
        let rows = list["exceptions"].as_array().unwrap();
        assert_eq!(rows.len(), 1, "{code}: {list:#}");
        rows[0]["id"].to_string()
    }

    fn resolve(&self, code: &str, how: &[&str]) -> String {
        let id = self.exception(code);
        let mut args = vec!["exceptions", "resolve", id.as_str()];
        args.extend(how);
        args.extend(["--note", "as agreed by telephone"]);
        self.desk.run(&args).ok().stdout
    }

    fn verify(&self) {
        let done = self.desk.run(&["verify"]);
        assert_eq!(done.code, 0, "{}{}", done.stdout, done.stderr);
        // every fact is told in words
        let trail = self.desk.run(&["audit", "show", "--limit", "5000"]);
        let raw = trail.ok().stdout;
        let raw: Vec<&str> = raw.lines().filter(|line| line.contains("{\"")).collect();
        assert_eq!(raw, [""; 0]);
    }

    /// Imports a file; `--vendor` as given.
    fn import(&self, name: &str, content: &str, more: &[&str]) -> Value {
        self.desk.file(name, content.as_bytes());
        let mut args = vec!["import-advices", name, "--json"];
        args.extend(more);
        self.desk.run(&args).ok().json()["files"][0].clone()
    }

    /// A mail of a vendor, signed by `domain` as our own mail server saw.
    fn mail(&self, from: &str, domain: &str, subject: &str, text: &str, csv: Option<&str>) {
        let number = self.mails.get() + 1;
        self.mails.set(number);
        let date = self.desk.moment().to_rfc2822();
        let proof = match domain {
            "" => String::new(),
            domain => {
                format!("Authentication-Results: mx.shop.example; dkim=pass header.d={domain}\r\n")
            }
        };
        let head = format!(
            "{proof}From: {from}\r\nTo: orders@shop.example\r\nSubject: {subject}\r\nDate: {date}\r\n\
             Message-ID: <{number}@vendors.example>\r\nMIME-Version: 1.0\r\n"
        );
        let text = text.replace('\n', "\r\n");
        let mail = match csv {
            None => format!("{head}Content-Type: text/plain; charset=utf-8\r\n\r\n{text}\r\n"),
            Some(csv) => format!(
                "{head}Content-Type: multipart/mixed; boundary=\"b\"\r\n\r\n--b\r\nContent-Type: text/plain\r\n\r\n{text}\r\n\
                 --b\r\nContent-Type: text/csv; name=\"a.csv\"\r\nContent-Disposition: attachment; filename=\"a.csv\"\r\n\r\n{}\r\n--b--\r\n",
                csv.replace('\n', "\r\n")
            ),
        };
        self.desk
            .file(&format!("mail/vendors/new/{number:06}.v"), mail.as_bytes());
    }

    /// A site whose purchase orders have reply addresses of their own.
    fn tokens() -> Dock {
        let dock = Dock::new();
        dock.with_tokens();
        dock
    }

    /// Gives purchase orders and questions reply addresses of their own.
    fn with_tokens(&self) {
        self.desk.file("keys/token.key", &[b'7'; 64]);
        let file = self.desk.path("poms.toml");
        let text = std::fs::read_to_string(&file).unwrap();
        let text = text.replacen("ledger =", "token_keys = [\"keys/token.key\"]\nledger =", 1);
        self.desk.file("poms.toml", text.as_bytes());
    }

    /// Changes the last mail before it is read.
    fn last_mail(&self, change: impl Fn(&str) -> String) {
        let name = format!("mail/vendors/new/{:06}.v", self.mails.get());
        let mail = std::fs::read_to_string(self.desk.path(&name)).unwrap();
        self.desk.file(&name, change(&mail).as_bytes());
    }

    /// Where answers to a purchase order go.
    fn reply_address(&self, po: &str) -> String {
        let mails = self.desk.mails();
        let sent = mails
            .iter()
            .find(|mail| mail.subject().contains(po))
            .unwrap();
        let parsed = sent.parsed();
        let reply = parsed.reply_to().and_then(|to| to.first()).unwrap();
        reply.address().unwrap().to_owned()
    }

    /// A mail to that address which nothing else vouches for.
    fn mail_to(&self, to: &str, subject: &str, text: &str, csv: Option<&str>) {
        self.mail("Somebody <x@mail.example>", "", subject, text, csv);
        self.last_mail(|mail| mail.replace("To: orders@shop.example", &format!("To: {to}")));
    }

    fn acme(&self, subject: &str, text: &str) {
        self.mail(
            "Ann <ann@acme.example>",
            "acme.example",
            subject,
            text,
            None,
        );
    }
}

/// UPS numbers with right check digits.
const T1: &str = "1Z5R89390357567127";
const T2: &str = "1Z879E930346834440";
