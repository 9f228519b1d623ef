//! A shop for measuring: keys, catalogue, vendors, and as many sealed orders as wanted. Every order
//! is good, so that the figures are those of the longest way: one to three lines, two purchase
//! orders on average, one customer mail.

use chrono::{DateTime, TimeZone, Utc};
use poms::intake::openpgp::make::{KeyKind, KeyPair, json_entity, pgp_mime, seal, sign_inside};
use rayon::prelude::*;
use serde_json::{Value, json};
use std::fs;
use std::os::unix::fs::{DirBuilderExt, PermissionsExt};
use std::path::{Path, PathBuf};

/// The moment at which everything happens.
pub fn now() -> DateTime<Utc> {
    Utc.with_ymd_and_hms(2025, 6, 2, 12, 0, 0).single().unwrap()
}

/// A site in a folder of its own, removed in the end.
pub struct Shop {
    folder: tempfile::TempDir,
    shop: KeyPair,
    webshop: KeyPair,
}

/// Where a site's mail waits.
const INBOX: &str = "mail/orders/new";

impl Shop {
    /// Makes the site; its mail goes to an SMTP server on `port` of this machine.
    pub fn new(kind: KeyKind, port: u16) -> Shop {
        let folder = empty_site();
        let key = |name: &str| {
            KeyPair::generate(&format!("{name} <{name}@shop.example>"), kind, now()).unwrap()
        };
        let shop = Shop {
            folder,
            shop: key("shop"),
            webshop: key("webshop"),
        };
        shop.private(
            "keys/shop.sec.asc",
            &shop.shop.secret_armoured(None).unwrap(),
        );
        shop.private(
            "keys/webshop.pub.asc",
            &shop.webshop.public_armoured().unwrap(),
        );
        shop.private("poms.toml", config(port).as_bytes());
        shop.private("catalogue.csv", catalogue().as_bytes());
        shop.private("vendors.csv", vendors().as_bytes());
        shop
    }

    /// A second site with the same keys, mails and ledger, whose mail goes to another port: what
    /// costs time to make is made once for many measurements. All is on the disk when it returns.
    pub fn copy(&self, port: u16) -> Shop {
        let copy = Shop {
            folder: empty_site(),
            shop: self.shop.clone(),
            webshop: self.webshop.clone(),
        };
        for folder in ["", "keys"] {
            for file in files(&self.path(folder)) {
                let name = file.file_name().unwrap();
                fs::copy(&file, copy.path(folder).join(name)).unwrap();
            }
        }
        // poms moves mails and never changes one
        files(&self.path(INBOX)).par_iter().for_each(|mail| {
            let name = mail.file_name().unwrap();
            fs::hard_link(mail, copy.path(INBOX).join(name)).unwrap();
        });
        copy.private("poms.toml", config(port).as_bytes());
        nix::unistd::sync();
        copy
    }

    /// Leaves the site where it is, for measuring by hand; returns its folder.
    pub fn keep(self) -> PathBuf {
        self.folder.keep()
    }

    /// A file's path in the site.
    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// A file of the site that nobody else reads.
    pub fn put(&self, name: &str, bytes: &[u8]) {
        self.private(name, bytes);
    }

    /// Writes the configuration anew, with more at its end.
    pub fn configure(&self, port: u16, more: &str) {
        self.private("poms.toml", (config(port) + more).as_bytes());
    }

    /// An order's document signed by the web shop, and not encrypted.
    pub fn sign(&self, document: &[u8]) -> Vec<u8> {
        sign_inside(document, &self.webshop, now()).unwrap()
    }

    fn private(&self, name: &str, bytes: &[u8]) {
        write_private(&self.path(name), bytes);
    }

    /// Puts `count` sealed orders into the mailbox, with numbers from `first` on.
    pub fn deliver(&self, first: usize, count: usize) {
        (first..first + count).into_par_iter().for_each(|number| {
            let sealed = seal(
                &json_entity(&order(number).to_string()),
                &self.webshop,
                &[&self.shop],
                now(),
            )
            .unwrap();
            let id = format!("<{number}@webshop.example>");
            let mail = pgp_mime(
                "webshop@shop.example",
                "orders@shop.example",
                "New order",
                now(),
                &id,
                &sealed,
            )
            .unwrap();
            write_private(
                &self.path(&format!("{INBOX}/1748858400.{number:08}.bench")),
                &mail,
            );
        });
    }

    /// The raw mails that wait.
    pub fn waiting(&self) -> Vec<Vec<u8>> {
        let mails = files(&self.path(INBOX));
        mails.iter().map(|mail| fs::read(mail).unwrap()).collect()
    }
}

/// The folders of a site, with nothing in them.
fn empty_site() -> tempfile::TempDir {
    let folder = tempfile::Builder::new()
        .prefix("poms-bench")
        .tempdir()
        .unwrap();
    for name in [
        "keys",
        "mail",
        "mail/orders",
        INBOX,
        "mail/orders/cur",
        "mail/orders/tmp",
    ] {
        fs::DirBuilder::new()
            .mode(0o700)
            .create(folder.path().join(name))
            .unwrap();
    }
    folder
}

/// The files of a folder.
fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap());
    let files = entries.filter(|entry| entry.file_type().unwrap().is_file());
    files.map(|entry| entry.path()).collect()
}

fn write_private(path: &Path, bytes: &[u8]) {
    fs::write(path, bytes).unwrap();
    fs::set_permissions(path, fs::Permissions::from_mode(0o600)).unwrap();
}

/// One order as poms JSON.
pub fn order(number: usize) -> Value {
    let count = 1 + number % 3;
    let lines: Vec<Value> = (0..count)
        .map(|line| json!({"sku": format!("SK-{:05}", (number * 7 + line * 331) % 1000), "qty": 1 + line, "unit_price": "19.99"}))
        .collect();
    let goods: usize = (0..count).map(|line| 1999 * (1 + line)).sum();
    let total = goods + 500;
    json!({
        "order_number": format!("W{:07}", 1_000_000 + number),
        "date": "2025-06-02T06:01:52-04:00",
        "currency": "USD",
        "customer": {"name": format!("César Bustos {number}"), "email": format!("c{number}@mail.example"), "phone": "859-589-9227"},
        "ship_to": {"name": "César Bustos", "street1": format!("{number} Gary Forks Apt. 388"), "street2": "",
                    "city": "South Willie", "state": "MO", "zip": "65367", "country": "US"},
        "lines": lines, "shipping": "5.00", "tax": "0.00", "total": format!("{}.{:02}", total / 100, total % 100)
    })
}

fn catalogue() -> String {
    let mut csv =
        String::from("sku,description,category,vendor_id,vendor_sku,cost,retail_price,weight\n");
    for number in 0..1000 {
        csv.push_str(&format!(
            "SK-{number:05},Thing number {number},Stuff,V{:02},VS{number},10.00,19.99,1.2\n",
            number % 20
        ));
    }
    csv
}

fn vendors() -> String {
    let mut csv = String::from("id,name,email,fax,channel,zip\n");
    for number in 0..20 {
        csv.push_str(&format!(
            "V{number:02},Vendor {number},po{number}@vendor.example,,email,10001\n"
        ));
    }
    csv
}

fn config(port: u16) -> String {
    format!(
        r#"[site]
name = "Bench Shop"
email = "orders@shop.example"
admin_email = []
timezone = "America/New_York"
ledger = "poms.db"
[[mailbox]]
name = "orders"
kind = "maildir"
path = "mail/orders"
[openpgp]
secret_keys = ["keys/shop.sec.asc"]
trusted_signers = ["keys/webshop.pub.asc"]
[delivery.email]
kind = "smtp"
host = "127.0.0.1"
port = {port}
security = "none"
connections = 4
"#
    )
}
