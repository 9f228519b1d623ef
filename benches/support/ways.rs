//! A run with orders by each way in: rate, processor time, and memory at its highest, which must not grow with
//! their number.
//!
//! Method: the real binary on all cores, mails to `smtp-sink` on loopback, every commit with fsync. Everything
//! that waits is made before anything is measured; shops and the SFTP server run beside it on the same cores.

use crate::machine::{Cost, Sink, all_cores, poms};
use crate::shop::{Shop, order};
use crate::shops::{self, Kind};
use crate::stocked;
use crate::support::sshd::Sshd;
use poms::intake::openpgp::make::KeyKind;
use rayon::prelude::*;
use std::fs;
use std::os::unix::fs::{DirBuilderExt, PermissionsExt};
use std::path::Path;

/// Orders of a file where a file has several.
const A_FILE: usize = 100;

/// All ways, by the words that choose them.
const WAYS: [&str; 6] = [
    "mail",
    "folder",
    "sftp",
    "several",
    "shopify",
    "woocommerce",
];

/// What must live as long as a run goes on.
#[derive(Default)]
struct OtherSide {
    sshd: Option<Sshd>,
    shop: Option<shops::Server>,
}

/// Measures the ways that are named, all where none is, with each number of orders.
pub fn measure(words: &[String], numbers: &[usize]) {
    let numbers = if numbers.is_empty() {
        &[1_000, 10_000]
    } else {
        numbers
    };
    let named = |way: &&&str| words.iter().any(|word| word == **way);
    let mut ways: Vec<&&str> = WAYS.iter().filter(named).collect();
    if ways.is_empty() {
        ways = WAYS.iter().collect();
    }
    println!(
        "{:<14}{:>8}{:>10}{:>13}{:>10}",
        "way", "orders", "orders/s", "CPU ms each", "peak MiB"
    );
    for way in ways {
        for orders in numbers {
            let cost = run(way, *orders);
            println!(
                "{way:<14}{orders:>8}{:>10.0}{:>13.2}{:>10.0}",
                *orders as f64 / cost.wall,
                cost.cpu * 1000.0 / *orders as f64,
                cost.peak_mib
            );
        }
    }
}

fn run(way: &str, orders: usize) -> Cost {
    let (shop, sink) = (stocked(KeyKind::Cv25519), Sink::start());
    let mut other = OtherSide::default();
    let source = match way {
        "mail" => {
            shop.deliver(0, orders);
            String::new()
        }
        "folder" => {
            signed(&shop, &shop.path("in"), orders);
            folder("")
        }
        "several" => {
            exports(&shop, orders);
            folder("trusted = true")
        }
        "sftp" => {
            let server = other.sshd.insert(Sshd::start(&["ed25519"], ""));
            signed(&shop, &server.files(), orders);
            sftp(server)
        }
        "shopify" => shop_table(&shop, &mut other, Kind::Shopify, orders),
        _ => shop_table(&shop, &mut other, Kind::WooCommerce, orders),
    };
    shop.configure(sink.port, &source);
    nix::unistd::sync();
    let cost = poms(&shop.path(""), &all_cores(), &["process", "-v"]);
    let all = format!("{orders} placed");
    assert!(cost.stdout.contains(&all), "{way}: {}", cost.stdout);
    cost
}

fn folder(more: &str) -> String {
    format!(
        "[[source]]\nname = \"files\"\nkind = \"folder\"\npath = \"in\"\nsettle_seconds = 0\n{more}\n"
    )
}

fn sftp(server: &Sshd) -> String {
    format!(
        "[[source]]\nname = \"files\"\nkind = \"sftp\"\nhost = \"127.0.0.1\"\nport = {}\nuser = \"{}\"\n\
         host_key = \"{}\"\nkey_file = \"{}\"\npath = \"{}\"\nsettle_seconds = 0\n",
        server.port,
        server.user,
        server.fingerprint("ed25519"),
        server.path("user").display(),
        server.files().display()
    )
}

fn shop_table(shop: &Shop, other: &mut OtherSide, kind: Kind, orders: usize) -> String {
    shop.put("keys/shop.secret", shops::SECRET.as_bytes());
    let server = other.shop.insert(shops::Server::start(kind, orders));
    server.table(kind)
}

fn write(path: &Path, bytes: &[u8]) {
    fs::write(path, bytes).unwrap();
    fs::set_permissions(path, fs::Permissions::from_mode(0o600)).unwrap();
}

fn private_folder(path: &Path) {
    let mut folder = fs::DirBuilder::new();
    folder.recursive(true).mode(0o700).create(path).unwrap();
}

/// A signed file for each order.
fn signed(shop: &Shop, to: &Path, orders: usize) {
    private_folder(to);
    (0..orders).into_par_iter().for_each(|number| {
        let text = order(number).to_string();
        let file = shop.sign(text.as_bytes());
        write(&to.join(format!("{number:08}.json.asc")), &file);
    });
}

const FORMAT: &str = "\
[document]
kind = \"table\"
headings = [\"Order\", \"SKU\", \"Qty\"]
numbers = \"1,234.56\"
dates = \"MM/DD/YYYY\"
timezone = \"America/New_York\"
[gate]
always = \"place\"
[order]
order_number = \"Order\"
date = \"Placed\"
currency = { constant = \"USD\" }
customer.name = \"Name\"
customer.email = \"E-mail\"
ship_to.name = \"Name\"
ship_to.street1 = \"Street\"
ship_to.city = { constant = \"South Willie\" }
ship_to.state = { constant = \"MO\" }
ship_to.zip = { constant = \"65367\" }
ship_to.country = { constant = \"US\" }
shipping = { constant = \"5.00\" }
tax = { constant = \"0.00\" }
total = \"Total\"
[line]
sku = \"SKU\"
qty = \"Qty\"
unit_price = \"Price\"
";

/// Exports of the shop with several orders each, by a format that the site describes.
fn exports(shop: &Shop, orders: usize) {
    private_folder(&shop.path("formats"));
    shop.put("formats/export.toml", FORMAT.as_bytes());
    private_folder(&shop.path("in"));
    for first in (0..orders).step_by(A_FILE) {
        let mut csv = "Order,Placed,Name,E-mail,Street,SKU,Qty,Price,Total\n".to_owned();
        for number in first..orders.min(first + A_FILE) {
            let order = order(number);
            let text = |value: &serde_json::Value| value.as_str().unwrap_or_default().to_owned();
            let head = format!(
                "{},06/02/2025,{},{},{}",
                text(&order["order_number"]),
                text(&order["customer"]["name"]),
                text(&order["customer"]["email"]),
                text(&order["ship_to"]["street1"])
            );
            for line in order["lines"].as_array().unwrap() {
                let (sku, price) = (text(&line["sku"]), text(&line["unit_price"]));
                let total = text(&order["total"]);
                csv += &format!("{head},{sku},{},{price},{total}\n", line["qty"]);
            }
        }
        write(&shop.path(&format!("in/{first:08}.csv")), csv.as_bytes());
    }
}
